//! 21 CFR 1306.11(a), (e), (f), (g), 1306.21(a): when a fax serves as the original.
//!
//! (a) A faxed schedule II prescription lets the pharmacy prepare; the signed original must be there at dispensing.
//! (e) It is the original for a narcotic to be compounded for direct administration by infusion or injection.
//! (f) It is the original for a resident of a long term care facility, whatever the schedule II drug.
//! (g) It is the original for a hospice patient's narcotic, when its face says so.
//! (1306.21(a)) For schedules III to V the fax of a signed prescription serves, if the practitioner or an agent sent it.
//! The cards drop the word narcotic in (e) and (g). A terminal illness outside hospice opens nothing: the manual's
//! appendix A says otherwise than its section IX; `Chosen reading:` the section, which is stricter.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::vocab::{Form, Schedule, Sender, Setting};

rule!(ORIGINAL_II: "1306.11-fax", "fax", "21 CFR 1306.11(a), (e)-(g)", By::ALL,
    "A fax of a schedule II prescription is the original only for compounded infusions, long term care and hospice; else the signed original must be presented",
    ["law-fax-cii-review-only", "law-fax-cii-injection-compound", "law-fax-cii-injection-narcotic-only", "law-fax-cii-ltcf", "law-fax-cii-hospice", "law-fax-cii-hospice-narcotic-only", "law-fax-cii-terminal-not-enough", "law-fax-cii-no-more-paper"]);
rule!(SENT_BY: "1306.21-fax-by", "fax", "21 CFR 1306.21(a)", By::ALL,
    "A fax that serves as the original comes from the practitioner or an agent, never from the patient",
    ["law-fax-not-from-patient"]);

parameter!(INFUSION_NARCOTIC: "fax.infusion-narcotic-only", "whether the infusion exception is for narcotics only", Required,
Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1306.11(e)"),
    Row::of(By::M10, 1, "Manual 2010, section IX, Exceptions 1"),
    Row::of(By::C21, 0, "Cards 2021, Faxed CII Prescriptions"),
]);
parameter!(HOSPICE_NARCOTIC: "fax.hospice-narcotic-only", "whether the hospice exception is for narcotics only", Required,
Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1306.11(g)"),
    Row::of(By::M10, 1, "Manual 2010, section IX, Exceptions 3"),
    Row::of(By::C21, 0, "Cards 2021, Faxed CII Prescriptions"),
]);

/// Whether the fax of a schedule II prescription may be dispensed on.
pub(crate) fn original(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if rx.form != Form::Fax || !matches!(rx.schedule, Schedule::I | Schedule::II) {
        return Outcome::NotApplicable;
    }
    let narcotic_enough = |only: &'static crate::edition::Parameter| rx.narcotic || !law.says(only);
    if rx.original_presented
        || rx.setting == Setting::Ltcf
        || (rx.compounded_infusion && narcotic_enough(&INFUSION_NARCOTIC))
    {
        return Outcome::Satisfied;
    }
    if rx.setting == Setting::Hospice && narcotic_enough(&HOSPICE_NARCOTIC) {
        return Outcome::unless(rx.hospice_noted, || {
            law.deny(
                &ORIGINAL_II,
                Reason::NotationMissing,
                "LAW-1306.11-HOSPICE-NOTE",
                "the fax does not say that the patient is a hospice patient",
                "ask the practitioner to note it on the prescription and send it again",
            )
            .about("prescription.hospice_noted")
        });
    }
    Outcome::Violated(Box::new(not_the_original(law)))
}

fn not_the_original(law: &Law<'_>) -> Denial {
    law.deny(
        &ORIGINAL_II,
        Reason::FormNotAllowed,
        "LAW-1306.11-FAX",
        "only the fax of a schedule II prescription is there",
        "prepare it, and dispense when the signed original has been presented and compared",
    )
    .about("prescription.original_presented")
}

/// Whether the fax came from somebody who may send it.
pub(crate) fn sent_by(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if rx.form != Form::Fax || rx.original_presented {
        return Outcome::NotApplicable;
    }
    Outcome::unless(rx.sender != Sender::Patient, || {
        law.deny(
            &SENT_BY,
            Reason::FormNotAllowed,
            "LAW-1306.21-FAX-PATIENT",
            "the patient sent the fax",
            "ask the practitioner or an agent to send it",
        )
        .about("prescription.sender")
    })
}
