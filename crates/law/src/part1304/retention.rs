//! 21 CFR 1304.04(a), 1306.22(f)(3), 1306.25, 1311.305, 1314.30: how long records are kept.
//!
//! Two years, as a rule. The proposal keeps electronic prescriptions, the practitioner's log, audit trails, audit reports
//! and identity proofing documents five years (2008: 1311.105(d), 1311.140(c), 1311.160(c), 1311.180). A State may ask
//! for more. The last day of the period is the answer.

use crate::edition::{Bound, By, Domain, Law, Parameter, Row, parameter};
use crate::rule::rule;
use crate::vocab::Record;
use jiff::civil::Date;
use theriac_model::calendar::years_after;

rule!(KEEP: "1304.04-keep", "records", "21 CFR 1304.04(a)", By::ALL,
    "Records are kept two years; the proposal keeps those of electronic prescriptions five; a State may ask for more",
    ["law-rec-two-years", "law-elec-records-two-vs-five", "law-xfer-two-years", "law-cf-retail-keep-original", "law-refill-printout-two-years", "law-cmea-log-two-years", "law-state-az-seven-years", "law-state-az-222-three-years", "law-ord-222-two-years", "law-ord-csos-two-years", "law-inv-two-years", "law-dist-two-years", "law-otc-record-two-years"]);

parameter!(GENERAL: "retain.general.years", "years that a record is kept for which nothing else is said", Max, Domain::Number("years"),
    [Row::of(By::ALL, 2, "21 CFR 1304.04(a)")]);
parameter!(ELECTRONIC: "retain.electronic-prescription.years", "years that an electronic prescription is kept", Max, Domain::Number("years"), [
    Row::of(By::P08, 5, "2008: 21 CFR 1311.160(c), 1311.180"),
    Row::of(By::CFR, 2, "21 CFR 1311.305"),
    Row::of(By::M10, 2, "Manual 2010, section VI"),
    Row::of(By::C21, 2, "Cards 2021, Electronic CS Prescription Recordkeeping"),
]);
parameter!(SYSTEM: "retain.system-record.years", "years that logs, audit trails, audit reports and identity proofing documents are kept", Max, Domain::Number("years"), [
    Row::of(By::P08, 5, "2008: 21 CFR 1311.105(d), 1311.140(c), 1311.180"),
    Row::of(By::CFR, 2, "21 CFR 1311.120(b), 1311.305"),
]);
parameter!(PAPER: "retain.paper-prescription.years", "years that a paper prescription is kept", Max, Domain::Number("years"),
    [Row::of(By::ALL, 2, "21 CFR 1304.04(a), (h)")]);
parameter!(TRANSFERRED: "retain.transferred-prescription.years", "years from the last refill that a transferred prescription is kept", Max, Domain::Number("years"),
    [Row::of(By::ALL, 2, "21 CFR 1306.25")]);
parameter!(ORDER_FORM: "retain.executed-order-form.years", "years that an executed order form is kept", Max, Domain::Number("years"),
    [Row::of(By::ALL, 2, "21 CFR 1305.17(c)")]);

fn parameter_of(record: Record) -> &'static Parameter {
    match record {
        Record::ElectronicPrescription => &ELECTRONIC,
        Record::PrescriberLog
        | Record::AuditTrail
        | Record::ThirdPartyAuditReport
        | Record::IdentityProofingDocument => &SYSTEM,
        Record::PaperPrescription => &PAPER,
        Record::TransferredPrescription => &TRANSFERRED,
        Record::ExecutedOrderForm => &ORDER_FORM,
        _ => &GENERAL,
    }
}

/// The last day of the period that begins on `start`, and who says so.
pub(crate) fn until(law: &Law<'_>, record: Record, start: Date) -> Option<(Date, Bound)> {
    let bound = law.bound(parameter_of(record))?;
    let until = years_after(start, u16::try_from(bound.value).ok()?)?;
    Some((until, bound))
}
