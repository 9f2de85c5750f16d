//! 21 U.S.C. 802(52), 823(g), 829(e), 831; 21 CFR 1304.40, 1304.55; manual, section XI: dispensing by means of the Internet.
//!
//! (802(52)(B)) Who does nothing else there than one of the exempt activities is no online pharmacy: refills and new
//!     prescriptions of schedules III to V, conforming electronic prescriptions, automated dispensing in long term care.
//! (831(b), 1304.40) An online pharmacy has a modified registration and told DEA and the State boards 30 days before.
//! (829(e)) A prescription rests on at least one in-person evaluation.
//! (1304.55) Each month a report: full from 100 prescriptions or 5,000 units on, else negative. The guides say "more than 100".

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Online, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Activity, Report};
use jiff::civil::{Date, date};
use theriac_model::calendar::days_after;

rule!(REGISTERED: "831-registration", "online", "21 U.S.C. 823(g), 841(h)", By::ALL,
    "An online pharmacy has a registration that DEA modified for it; exempt activities alone make none",
    ["law-online-registration", "law-online-exemptions", "law-online-exempt-refills", "law-online-exempt-electronic", "law-online-exempt-ads"],
    Some(date(2009, 4, 13)),
    None
);
rule!(NOTIFIED: "831-notice", "online", "21 U.S.C. 831(b); 21 CFR 1304.40", By::ALL,
    "DEA and the State boards are told 30 days before online dispensing begins",
    ["law-online-notice-30-days"],
    Some(date(2009, 4, 13)),
    None
);
rule!(EVALUATED: "829-evaluation", "online", "21 U.S.C. 829(e)", By::ALL,
    "A prescription dispensed by means of the Internet rests on an in-person evaluation",
    ["law-online-in-person"],
    Some(date(2009, 4, 13)),
    None
);
rule!(REPORT: "1304.55-report", "online", "21 CFR 1304.55", By::ALL,
    "A month with 100 prescriptions or 5,000 dosage units needs a full report, every other a negative one",
    ["law-online-report-threshold", "law-online-report-negative"],
    Some(date(2009, 4, 13)),
    None
);

parameter!(NOTICE_DAYS: "online.notice.days", "days between the notice and online dispensing", Max, Domain::Number("days"),
    [Row::of(By::ALL, 30, "21 U.S.C. 831(b)")]);
parameter!(PRESCRIPTIONS: "online.report.prescriptions", "prescriptions in a month from which a full report is due", Min, Domain::Number("prescriptions"), [
    Row::of(By::GUIDES, 101, "Manual 2010, section XI; Cards 2021, Legit Online Pharmacies"),
    Row::of(By::CFR, 100, "21 CFR 1304.55(a)"),
]);
parameter!(UNITS: "online.report.units", "dosage units in a month from which a full report is due", Min, Domain::Number("units"),
    [Row::of(By::ALL, 5000, "21 CFR 1304.55(a)")]);

/// Whether what the pharmacy does by means of the Internet makes it no online pharmacy. Refills and new prescriptions of
/// schedules III to V are one exemption; the others stand alone.
fn exempt(activities: &[Activity]) -> bool {
    let only = |allowed: &[Activity]| activities.iter().all(|activity| allowed.contains(activity));
    !activities.is_empty()
        && (only(&[Activity::RefillsIiiV, Activity::NewIiiV])
            || only(&[Activity::ElectronicPrescriptions])
            || only(&[Activity::LtcfAutomatedDispensing]))
}

/// Whether the registration serves.
pub(crate) fn registered(law: &Law<'_>, online: &Online) -> Outcome {
    Outcome::unless(online.modified_registration || exempt(&online.activities), || {
        law.deny(
            &REGISTERED,
            Reason::RegistrationInvalid,
            "LAW-831-REGISTRATION",
            "the pharmacy has no modified registration, and what it does is not exempt",
            "apply for a modified registration, or keep to exempt activities",
        )
        .about("online.modified_registration")
    })
}

/// The first day on which online dispensing may begin.
pub(crate) fn begins(law: &Law<'_>, notified: Date) -> Option<Date> {
    days_after(notified, u32::try_from(law.value(&NOTICE_DAYS, 30)).ok()?)
}

/// Whether the notice period is over. A pharmacy with exempt activities gives no notice.
pub(crate) fn notified(law: &Law<'_>, online: &Online) -> Outcome {
    if exempt(&online.activities) {
        return Outcome::NotApplicable;
    }
    let begins = online.notified.and_then(|notified| begins(law, notified));
    Outcome::unless(begins.is_some_and(|begins| begins <= law.day), || {
        let what = begins.map_or("DEA and the State boards were not notified".to_owned(), |begins| {
            format!("the notice allows it from {begins}")
        });
        law.deny(
            &NOTIFIED,
            Reason::ApprovalMissing,
            "LAW-831-NOTICE",
            what,
            "notify DEA and the State boards and wait 30 days",
        )
        .about("online.notified")
    })
}

/// Whether a practitioner saw the patient.
pub(crate) fn evaluated(law: &Law<'_>, rx: &Prescription) -> Outcome {
    Outcome::unless(rx.in_person_evaluation, || {
        law.deny(
            &EVALUATED,
            Reason::Purpose,
            "LAW-829-EVALUATION",
            "no practitioner evaluated the patient in person",
            "do not dispense; refer the patient to a practitioner",
        )
        .about("prescription.in_person_evaluation")
    })
}

/// Which report is due.
pub(crate) fn report(law: &Law<'_>, online: &Online) -> Report {
    let reaches = |found: Option<u64>, parameter| found.is_some_and(|found| found >= law.value(parameter, u64::MAX));
    if reaches(online.prescriptions, &PRESCRIPTIONS) || reaches(online.units, &UNITS) {
        Report::Full
    } else {
        Report::Negative
    }
}
