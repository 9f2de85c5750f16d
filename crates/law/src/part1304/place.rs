//! 21 CFR 1304.04(a), (b): where records are kept.
//!
//! (a) Shipping and financial records may be kept centrally from 14 days after DEA received the notice, unless it is
//! denied. (b) Executed order forms, inventories and paper prescriptions stay at the registered location; so does every
//! other record. The proposal lets electronic prescriptions be kept elsewhere if they are accessible at once.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Record;
use jiff::civil::Date;
use theriac_model::calendar::days_after;

rule!(PLACE: "1304.04-place", "records", "21 CFR 1304.04(b)", By::ALL,
    "Only shipping and financial records may be kept away from the registered location",
    ["law-rec-central-never", "law-rec-prescriptions-on-site", "law-rec-central-allowed"]);
rule!(NOTICE: "1304.04-notice", "records", "21 CFR 1304.04(a)", By::ALL,
    "Central record keeping begins 14 days after DEA received the notice",
    ["law-rec-central-14-days", "law-rec-central-allowed"]);

parameter!(DAYS: "central.notice.days", "days after the notice was received before records are kept centrally", Max, Domain::Number("days"),
    [Row::of(By::ALL, 14, "21 CFR 1304.04(a)")]);
parameter!(ELECTRONIC_AWAY: "central.electronic-prescriptions", "whether electronic prescriptions may be kept away from the registered location", Permitted,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1304.04(h)(5)"),
    Row::of(By::CFR, 1, "21 CFR 1304.04(h)(5)"),
    Row::of(By::GUIDES, 0, "Cards 2021, Location of Records"),
]);

fn needs_notice(record: Record) -> bool {
    matches!(record, Record::Invoice | Record::FinancialRecord)
}

/// Whether the record may leave the registered location.
pub(crate) fn place(law: &Law<'_>, record: Record) -> Outcome {
    let may = needs_notice(record) || (record == Record::ElectronicPrescription && law.says(&ELECTRONIC_AWAY));
    Outcome::unless(may, || {
        law.deny(
            &PLACE,
            Reason::WrongPlace,
            "LAW-1304.04-PLACE",
            format!("{record} stays at the registered location"),
            "keep it at the registered location",
        )
        .about("request.record")
    })
}

/// The first day on which records may be kept centrally.
pub(crate) fn begins(law: &Law<'_>, received: Date) -> Option<Date> {
    days_after(received, u32::try_from(law.value(&DAYS, 14)).ok()?)
}

/// Whether the notice period is over.
pub(crate) fn notice(law: &Law<'_>, record: Record, received: Option<Date>) -> Outcome {
    if !needs_notice(record) {
        return Outcome::NotApplicable;
    }
    let from = received.and_then(|received| begins(law, received));
    Outcome::unless(from.is_some_and(|from| from <= law.day), || {
        let what =
            from.map_or("DEA has not received a notice".to_owned(), |from| format!("the notice allows it from {from}"));
        law.deny(&NOTICE, Reason::ApprovalMissing, "LAW-1304.04-NOTICE", what, "notify DEA and wait 14 days")
            .about("request.notice_received")
    })
}
