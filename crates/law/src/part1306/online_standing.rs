//! 21 U.S.C. 802(51), (52), 831(d), (e); 21 CFR 1300.04(d), (k), 1304.40, 1304.50; manual, section XI: who is an online pharmacy, and where it may deliver.
//!
//! (802(52)(A)) Whoever, anywhere, knowingly delivers, dispenses or offers controlled substances by means of the Internet is
//!     one; the manual gives six examples. (802(52)(B)) Eleven kinds are left out while they do nothing else there.
//! (1300.04(d)) "Filling new prescriptions" of schedules III to V has three conditions: the same drug dispensed before
//!     otherwise, the practitioner contacted at the patient's request, a legitimate purpose found.
//! (1304.50) A practitioner's site lists the affiliated registered practitioners. (1301.27) The automated system in a
//!     facility is registered to the pharmacy. (831(d)) It is licensed in each State from and to which it delivers.
//! (1304.40) The application for the modified registration is the notice to DEA; each State board is told for itself.
//! (829(e)(2)(B)) In person means in the physical presence of the practitioner; one who covers, or telemedicine as
//!     defined, stands in for it.

use super::online::{NOTICE_DAYS, begins};
use crate::edition::{By, Law};
use crate::facts::{Online, Shipment, Website};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Evaluation, ExemptKind, OnlineStanding};
use jiff::civil::date;

rule!(DEFINED: "802-online", "online", "21 U.S.C. 802(52)", By::ALL,
    "Who knowingly deals in controlled substances by means of the Internet is an online pharmacy, but for eleven kinds that do nothing else there",
    ["law-online-definition", "law-online-exemptions", "law-online-exempt-ads", "law-online-nonpharmacy-list", "pharm-online-classification", "pharm-online-exempt-solely", "pharm-online-exempt-ads", "pharm-online-exempt-others"],
    Some(date(2009, 4, 13)),
    None
);
rule!(NEW_FILLS: "1300.04-new", "online", "21 CFR 1300.04(d)", By::ALL,
    "A new prescription is exempt when the drug was dispensed before, the practitioner contacted, and a purpose found",
    ["law-online-exempt-new-fills", "pharm-online-exempt-new-iii-v"],
    Some(date(2009, 4, 13)),
    None
);
rule!(LICENSED: "831-licensed", "online", "21 U.S.C. 831(d)", By::ALL,
    "An online pharmacy is licensed in each State from which and to which it delivers",
    ["law-online-state-licences", "pharm-online-state-licences"],
    Some(date(2009, 4, 13)),
    None
);
rule!(BOARDS: "1304.40-boards", "online", "21 CFR 1304.40(a), (b); 21 U.S.C. 831(b)", By::ALL,
    "The application is the notice to DEA; the board of each State is told for itself, 30 days before",
    ["law-online-application-is-notice", "pharm-online-30-day-notice-boards", "pharm-online-30-day-notice-dea"],
    Some(date(2009, 4, 13)),
    None
);
rule!(PRESENCE: "829-presence", "online", "21 U.S.C. 829(e)(2)(B)", By::ALL,
    "The evaluation was in the practitioner's presence, or another covers for it, or it was telemedicine as defined",
    ["law-online-in-person-definition", "law-online-in-person", "pharm-online-in-person-evaluation"],
    Some(date(2009, 4, 13)),
    None
);

/// Whether an exemption that is claimed holds.
fn holds(website: &Website, kind: ExemptKind) -> bool {
    match kind {
        ExemptKind::NewIiiV => website.dispensed_before && website.practitioner_contacted && website.purpose_found,
        ExemptKind::LtcfAutomatedDispensing => website.system_registered_here,
        ExemptKind::NonpharmacyPractitioner => website.practitioners_listed,
        _ => true,
    }
}

/// What the definition makes of `website`. An exemption counts alone: two of them together are more than "solely" one,
/// except refilling and new filling of schedules III to V.
pub(crate) fn standing(website: &Website) -> OnlineStanding {
    if website.roles.is_empty() && website.exempt_as.is_empty() && !website.other_activity {
        return OnlineStanding::NotOnline;
    }
    let counter = |kind: &ExemptKind| matches!(kind, ExemptKind::RefillsIiiV | ExemptKind::NewIiiV);
    let one = website.exempt_as.len() == 1 || website.exempt_as.iter().all(counter);
    let exempt = !website.exempt_as.is_empty()
        && one
        && website.roles.is_empty()
        && !website.other_activity
        && website.exempt_as.iter().all(|kind| holds(website, *kind));
    if exempt { OnlineStanding::Exempt } else { OnlineStanding::OnlinePharmacy }
}

/// The first condition of "filling new prescriptions" that is not met.
fn lacking(website: &Website) -> Option<(&'static str, &'static str)> {
    if !website.dispensed_before {
        Some((
            "website.dispensed_before",
            "this pharmacy has not dispensed the same drug before, otherwise than online",
        ))
    } else if !website.practitioner_contacted {
        Some((
            "website.practitioner_contacted",
            "the pharmacy has not contacted that practitioner at the patient's request",
        ))
    } else if !website.purpose_found {
        Some(("website.purpose_found", "the practitioner has not found a legitimate medical purpose"))
    } else {
        None
    }
}

/// (1300.04(d)): whether a pharmacy without modified registration may fill a new prescription.
pub(crate) fn new_fill(law: &Law<'_>, online: &Online, website: &Website) -> Outcome {
    if online.modified_registration || !website.exempt_as.contains(&ExemptKind::NewIiiV) {
        return Outcome::NotApplicable;
    }
    let Some((field, what)) = lacking(website) else { return Outcome::Satisfied };
    let next = "supply what is missing, or apply for a modified registration";
    let denial = law.deny(&NEW_FILLS, Reason::RegistrationInvalid, "LAW-1300.04-NEW", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

/// (802(52)): whether a pharmacy without modified registration is left out.
pub(crate) fn left_out(law: &Law<'_>, online: &Online, website: &Website) -> Outcome {
    Outcome::unless(online.modified_registration || standing(website) != OnlineStanding::OnlinePharmacy, || {
        law.deny(
            &DEFINED,
            Reason::RegistrationInvalid,
            "LAW-802-ONLINE",
            "what is done by means of the Internet makes this an online pharmacy",
            "apply for a modified registration, or keep to one exempt activity",
        )
        .about("website")
    })
}

/// (831(d)): whether the pharmacy is licensed where it comes from and where it goes.
pub(crate) fn licensed(law: &Law<'_>, shipment: &Shipment) -> Outcome {
    let places = [("shipment.from", &shipment.from), ("shipment.to", &shipment.to)];
    let without = |(_, state): &(_, &Option<String>)| {
        state.as_ref().is_some_and(|state| !shipment.licensed.iter().any(|licensed| licensed == state))
    };
    let Some((field, Some(state))) = places.into_iter().find(without) else { return Outcome::Satisfied };
    let denial = law.deny(
        &LICENSED,
        Reason::StateProhibits,
        "LAW-831-LICENCE",
        format!("the pharmacy is not licensed in {state}"),
        "do not ship; obtain that State's licence first",
    );
    Outcome::Violated(Box::new(denial.about(field)))
}

/// (1304.40): whether DEA, by the application, and the board of the State of destination were told in time.
pub(crate) fn boards(law: &Law<'_>, online: &Online, shipment: &Shipment) -> Outcome {
    let Some(to) = &shipment.to else { return Outcome::NotApplicable };
    let over = |notified| begins(law, notified).is_some_and(|begins| begins <= law.day);
    let notice = shipment.boards.iter().find(|board| board.state == *to).and_then(|board| board.notified);
    let days = law.value(&NOTICE_DAYS, 30);
    let (field, what) = if !online.notified.or(shipment.applied).is_some_and(over) {
        ("shipment.applied", format!("DEA was not told {days} days before: the application is the notice"))
    } else if online.notified.is_none() && !notice.is_some_and(over) {
        ("shipment.boards", format!("the board of {to} was not told {days} days before"))
    } else {
        return Outcome::Satisfied;
    };
    let next = "give the notice and wait for the period to end";
    let denial = law.deny(&BOARDS, Reason::ApprovalMissing, "LAW-1304.40-BOARD", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

/// (829(e)): whether the evaluation is one that counts.
pub(crate) fn presence(law: &Law<'_>, shipment: &Shipment) -> Outcome {
    let Some(evaluation) = shipment.evaluation else { return Outcome::NotApplicable };
    let counts = matches!(evaluation, Evaluation::InPerson | Evaluation::Covering | Evaluation::Telemedicine);
    Outcome::unless(counts, || {
        law.deny(
            &PRESENCE,
            Reason::Purpose,
            "LAW-829-PRESENCE",
            format!("the patient was not evaluated in the practitioner's presence: {evaluation}"),
            "do not dispense; refer the patient to a practitioner",
        )
        .about("shipment.evaluation")
    })
}
