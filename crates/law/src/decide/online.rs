//! Dispensing by means of the Internet.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::part1304::website;
use crate::part1306::{online, online_standing};
use crate::rule::Outcome;
use crate::vocab::{Approval, Medium, Report, SiteElement, Word};
use jiff::civil::Date;

/// `online-dispense`: registration, notice, licences, evaluation.
pub(crate) fn dispense(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, pharmacy) = (bench.law, bench.prescription()?, &bench.facts.online);
    let (site, shipment) = (bench.facts.website.as_deref(), bench.facts.shipment.as_deref());
    bench.state_permits()?;
    // Where the activities are told in full, they decide whether the pharmacy is left out.
    match site {
        Some(site) => {
            bench.find(&online_standing::NEW_FILLS, online_standing::new_fill(&law, pharmacy, site))?;
            bench.find(&online_standing::DEFINED, online_standing::left_out(&law, pharmacy, site))?;
        }
        None => bench.find(&online::REGISTERED, online::registered(&law, pharmacy))?,
    }
    let told_by_shipment = shipment.is_some_and(|shipment| shipment.to.is_some());
    let left_out = site.is_some() && !pharmacy.modified_registration;
    if !left_out {
        if let (Some(shipment), true) = (shipment, told_by_shipment) {
            bench.find(&online_standing::BOARDS, online_standing::boards(&law, pharmacy, shipment))?;
        } else {
            bench.find(&online::NOTIFIED, online::notified(&law, pharmacy))?;
        }
    }
    if let Some(shipment) = shipment {
        bench.find(&online_standing::LICENSED, online_standing::licensed(&law, shipment))?;
        bench.find(&online_standing::PRESENCE, online_standing::presence(&law, shipment))?;
        if shipment.evaluation.is_some() {
            return Ok(Granted::Permit);
        }
    }
    bench.find(&online::EVALUATED, online::evaluated(&law, rx))?;
    Ok(Granted::Permit)
}

/// `classify-online`.
pub(crate) fn classify(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(site) = bench.facts.website.as_deref() else { return Err(bench.lacks(" without a website")) };
    let standing = online_standing::standing(site);
    bench.note(&online_standing::DEFINED, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(standing.word())))
}

/// `online-site`.
pub(crate) fn site(bench: &mut Bench<'_>, approval: Approval, missing: &[SiteElement]) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&website::PAGE, website::page(&law, missing))?;
    bench.find(&website::STATEMENTS, website::statements(&law, approval, missing))?;
    Ok(Granted::Permit)
}

/// `online-url`.
pub(crate) fn url(bench: &mut Bench<'_>, notified: Option<Date>) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&website::ADDRESS, website::address(&law, notified))?;
    Ok(Granted::Permit)
}

/// `monthly-report`.
pub(crate) fn monthly_report(bench: &mut Bench<'_>) -> Granted {
    let mut counted = bench.facts.online.clone();
    if let Some(month) = bench.facts.month.as_deref() {
        bench.note(&website::OWED, &Outcome::Satisfied);
        if !website::owed(&bench.law, month) {
            return Granted::Value(Answer::Word(Report::None.word()));
        }
        if let Some((prescriptions, units)) = website::totals(month) {
            (counted.prescriptions, counted.units) = (Some(prescriptions), Some(units));
        }
    }
    let report = online::report(&bench.law, &counted);
    bench.note(&online::REPORT, &Outcome::Satisfied);
    Granted::Value(Answer::Word(report.word()))
}

/// `send-monthly-report`.
pub(crate) fn send_monthly_report(bench: &mut Bench<'_>, medium: Medium) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(month) = bench.facts.month.as_deref() else { return Err(bench.lacks(" without a month")) };
    bench.find(&website::SENT, website::sent(&law, medium))?;
    bench.find(&website::LINES, website::lines(&law, month))?;
    Ok(Granted::Permit)
}
