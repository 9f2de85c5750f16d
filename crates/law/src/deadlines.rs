//! When a period ends: the look-up `deadline`, from the same parameters that the rules use.
//!
//! The start is the moment asked about. Business days end with the last one; the last day or instant is inside.

use crate::decision::Answer;
use crate::edition::{By, Domain, Law, Parameter, Row, UNLIMITED, parameter};
use crate::obligations;
use crate::part1301::{loss, places};
use crate::part1304::{inventory, place};
use crate::part1305::certificates;
use crate::part1306::{emergency, expiry, online, partial_ii};
use crate::rule::{Rule, rule};
use crate::vocab::Event;
use crate::when::When;
use jiff::civil::Date;
use theriac_model::calendar::{business_days_after, days_after, months_after, years_after};

rule!(PRINTOUT: "1306.22-printout", "refills", "21 CFR 1306.22(f)(3), (4)", By::ALL,
    "The daily printout reaches the pharmacy within 72 hours; a central place answers a request within 48 hours",
    ["law-refill-printout-72-hours", "law-refill-central-48-hours", "epcs-1306.22-f-3-2", "epcs-1306.22-f-4-2"]);
rule!(CHEMICAL: "1314.15-report", "cmea", "21 CFR 1314.15(c)", By::ALL,
    "The loss of a listed chemical is reported at once by telephone and within 15 days in writing",
    ["law-cmea-loss-written-15-days", "law-cmea-loss-oral"]);
rule!(CENTRAL: "1304.04-on-request", "records", "21 CFR 1304.04(a)(4); Cards 2021, Location of Records", By::ALL,
    "Records kept centrally are at the registered location within 48 hours of a request, two business days by the regulation",
    ["law-rec-central-48-hours", "pharm-record-central-produce-on-request"]);
rule!(SUPPLIER: "1305.13-report", "ordering", "21 CFR 1305.13(d), 1305.29", By::ALL,
    "A supplier reports a paper order by the end of the month, an electronic one within two business days",
    ["law-ord-222-supplier-report-month", "law-ord-csos-supplier-report"]);
rule!(INCIDENT: "1311.145-incident", "electronic", "21 CFR 1311.150(c); 2008: 1311.145(b)", By::P08.and(By::CFR),
    "A security incident is reported to DEA within one business day",
    ["epcs-1311.145-b-intro"]);
rule!(TOKEN: "1311.155-notice", "electronic", "21 CFR 1311.102; 2008: 1311.155(c)", By::P08.and(By::CFR),
    "A lost token, and a prescription the practitioner did not sign, are reported within 12 hours by the proposal, one business day in force",
    ["epcs-1311.155-c"]);
rule!(MONTHLY: "1304.55-due", "online", "21 CFR 1304.55(b)", By::ALL,
    "The monthly report of an online pharmacy is due by the 15th of the next month",
    ["law-online-report-day-15"]);

parameter!(NOTICE_HOURS: "notice.token.hours", "hours after discovery in which a lost token or a forged prescription is reported", Min, Domain::Number("hours"),
    [Row::of(By::P08, 12, "2008: 21 CFR 1311.155(c)")]);
parameter!(NOTICE_BUSINESS: "notice.token.business-days", "business days after discovery in which a lost token or a forged prescription is reported", Min,
    Domain::Number("business days"), [Row::of(By::CFR, 1, "21 CFR 1311.102")]);
parameter!(INCIDENT_BUSINESS: "notice.incident.business-days", "business days in which a security incident is reported", Min, Domain::Number("business days"),
    [Row::of(By::P08.and(By::CFR), 1, "21 CFR 1311.150(c)")]);
parameter!(LOSS_BUSINESS: "notice.loss.business-days", "business days after discovery in which a theft or significant loss is reported", Min,
    Domain::Number("business days"), [Row::of(By::ALL, 1, "21 CFR 1301.76(b)")]);
parameter!(CHEMICAL_DAYS: "notice.chemical.days", "days in which the loss of a listed chemical is reported in writing", Min, Domain::Number("days"),
    [Row::of(By::ALL, 15, "21 CFR 1314.15(c)")]);
parameter!(CSOS_BUSINESS: "order.csos.report.business-days", "business days in which a supplier reports an electronic order", Min, Domain::Number("business days"),
    [Row::of(By::ALL, 2, "21 CFR 1305.29")]);
parameter!(PRINTOUT_HOURS: "refill.printout.hours", "hours in which the daily printout of refills reaches the pharmacy", Min, Domain::Number("hours"),
    [Row::of(By::ALL, 72, "21 CFR 1306.22(f)(3)")]);
parameter!(CENTRAL_HOURS: "refill.central.hours", "hours in which a central record keeper sends a printout", Min, Domain::Number("hours"),
    [Row::of(By::ALL, 48, "21 CFR 1306.22(f)(4)")]);
parameter!(RECORDS_HOURS: "central.request.hours", "hours in which records kept centrally answer a request", Min, Domain::Number("hours"), [
    Row::of(By::M10, UNLIMITED, "Manual 2010, section VI"),
    Row::of(By::C21, 48, "Cards 2021, Location of Records"),
]);
parameter!(RECORDS_BUSINESS: "central.request.business-days", "business days in which records kept centrally answer a request", Min, Domain::Number("business days"),
    [Row::of(By::ALL, 2, "21 CFR 1304.04(a)(4)")]);
parameter!(REPORT_DAY: "online.report.day", "day of the next month by which the monthly report is due", Min, Domain::Number("day"),
    [Row::of(By::ALL, 15, "21 CFR 1304.55(b)")]);

/// The last day or instant for `event`, and the rule that sets it; `None` beyond the calendar's range or where no edition
/// of the profile knows the period.
pub(crate) fn last(law: &Law<'_>, event: Event, at: When, holidays: &[Date]) -> Option<(Answer, &'static Rule)> {
    let day = at.date();
    let number = |parameter: &'static Parameter| u32::try_from(law.bound(parameter)?.value).ok();
    let days = |parameter| Some(Answer::Date(days_after(day, number(parameter)?)?));
    let business = |parameter| Some(Answer::Date(business_days_after(day, number(parameter)?, holidays)?));
    let hours = |parameter| hours_after(at, number(parameter)?);
    match event {
        Event::RefillLimit => {
            let months = u16::try_from(law.bound(&expiry::MONTHS_III_IV)?.value).ok()?;
            Some((Answer::Date(months_after(day, months)?), &expiry::LAST_DAY))
        }
        Event::CiiPartialShortage => Some((hours(&partial_ii::SHORTAGE_HOURS)?, &partial_ii::WINDOW)),
        Event::CiiPartialRequested => Some((days(&partial_ii::REQUESTED_DAYS)?, &partial_ii::WINDOW)),
        Event::CiiPartialLtcf => Some((days(&partial_ii::LTCF_DAYS)?, &partial_ii::WINDOW)),
        Event::EmergencyFollowup => Some((days(&emergency::DAYS)?, &emergency::SEVEN_DAYS)),
        Event::TheftOrLoss => Some((business(&LOSS_BUSINESS)?, &loss::NOTICE)),
        Event::ListedChemicalLoss => Some((days(&CHEMICAL_DAYS)?, &CHEMICAL)),
        Event::CsosOrderFilled => Some((business(&CSOS_BUSINESS)?, &SUPPLIER)),
        Event::Form222Filled => Some((Answer::Date(day.last_of_month()), &SUPPLIER)),
        Event::InventoryTaken => {
            let years = u16::try_from(law.bound(&inventory::YEARS)?.value).ok()?;
            Some((Answer::Date(years_after(day, years)?), &inventory::EVERY))
        }
        Event::ScheduleChange => Some((Answer::Date(day), &inventory::EVERY)),
        Event::TokenLossDiscovered | Event::UnsignedPrescriptionDiscovered => {
            Some((hours(&NOTICE_HOURS).or_else(|| business(&NOTICE_BUSINESS))?, &TOKEN))
        }
        Event::SecurityIncident => Some((business(&INCIDENT_BUSINESS)?, &INCIDENT)),
        Event::OnlineMonth => {
            let next = day.first_of_month().checked_add(jiff::Span::new().months(1)).ok()?;
            Some((Answer::Date(days_after(next, number(&REPORT_DAY)?.saturating_sub(1))?), &MONTHLY))
        }
        Event::OnlineNotified => Some((Answer::Date(online::begins(law, day)?), &online::NOTIFIED)),
        Event::CentralNotice => Some((Answer::Date(place::begins(law, day)?), &place::NOTICE)),
        Event::CentralRecordsRequest => {
            let within = number(&RECORDS_HOURS).and_then(|within| hours_after(at, within));
            Some((within.or_else(|| business(&RECORDS_BUSINESS))?, &CENTRAL))
        }
        Event::OrderKeyLost => Some((hours(&certificates::KEY_HOURS)?, &certificates::REVOCATION)),
        Event::RegistrationIssued => {
            let years = u16::try_from(law.bound(&places::YEARS)?.value).ok()?;
            Some((Answer::Date(years_after(day, years)?), &places::RENEWAL))
        }
        Event::RenewalOpens | Event::RenewalMailed | Event::RenewalMissed => {
            let parameter = match event {
                Event::RenewalOpens => &places::OPENS,
                Event::RenewalMailed => &places::MAILED,
                _ => &places::MISSED,
            };
            Some((Answer::Date(places::days_before(day, number(parameter)?)?), &places::RENEWAL))
        }
        Event::Form106Due => Some((days(&obligations::FORM_106_DAYS)?, &loss::FORM)),
        Event::RefillPrintout => Some((hours(&PRINTOUT_HOURS)?, &PRINTOUT)),
        Event::CentralPrintoutRequest => Some((hours(&CENTRAL_HOURS)?, &PRINTOUT)),
    }
}

/// Elapsed hours after an instant; after a day without a time the day on which they end.
fn hours_after(at: When, hours: u32) -> Option<Answer> {
    match at {
        When::Instant(moment) => moment.hours_later(hours).map(Answer::Instant),
        When::Day(day) => days_after(day, hours / 24).map(Answer::Date),
    }
}
