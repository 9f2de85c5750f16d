//! 21 CFR 1306.14, 1306.24, 290.5: the label.
//!
//! (1306.14(a), 1306.24(a)) Date of filling, pharmacy's name and address, serial number, names of patient and
//!     practitioner, directions and cautions. (290.5) For schedules II to IV the warning against transfer; V needs none.
//! ((b)) Filled centrally, it names the retail pharmacy and identifies the filler.
//! ((c)) Drugs that an institution administers to its patient need no such label: schedule II for at most 7 days,
//!     schedules III to V for at most 34 days or 100 dosage units, whichever is less; not in the patient's possession before
//!     administration, and with safeguards for distribution.
//! (1306.24(a); cards) The label of a refill also shows the date of the first filling.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Label, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{LabelElement, LabelKind, Schedule, Word};

rule!(COMPLETE: "1306.14-label", "label", "21 CFR 1306.14(a), 1306.24(a), 290.5", By::ALL,
    "A label bears date, pharmacy, serial number, patient, practitioner and directions, and for schedules II to IV the transfer warning",
    ["law-label-date", "law-label-pharmacy", "law-label-serial", "law-label-patient", "law-label-prescriber", "law-label-directions", "law-label-transfer-warning", "law-label-transfer-warning-cv", "law-cf-label", "law-label-both-dates"]);
rule!(EXEMPT: "1306.14-institution", "label", "21 CFR 1306.14(c), 1306.24(c)", By::CFR.and(By::C21),
    "What an institution administers needs no label: 7 days of schedule II, 34 days or 100 units of schedules III to V",
    ["law-label-institution-exempt", "law-label-exempt-cii-7-days", "law-label-exempt-ciii-v-34-or-100", "law-label-exempt-not-in-possession", "law-label-exempt-safeguards"]);

rule!(CAUTIONS: "1306.14-cautions", "label", "21 CFR 1306.14(a), 1306.24(a); Manual 2010, section X", By::ALL,
    "A label shows every caution that the prescription or the law requires",
    ["law-label-cautions"]);

parameter!(FIRST_DATE: "label.first-fill-date", "whether the label of a refill shows the date of the first filling, too", Required, Domain::YesNo, [
    Row::of(By::M10, 0, "Manual 2010, section X"),
    Row::of(By::C21, 1, "Cards 2021, Label Requirements of Controlled Substance Prescriptions"),
    Row::of(By::CFR, 1, "21 CFR 1306.24(a)"),
]);
parameter!(DAYS_II: "label.institution.ii.days", "days' supply of schedule II that an institution may administer without label", Min,
    Domain::Number("days"), [Row::of(By::CFR.and(By::C21), 7, "21 CFR 1306.14(c)")]);
parameter!(DAYS_III_V: "label.institution.iii-v.days", "days' supply of schedules III to V that an institution may administer without label", Min,
    Domain::Number("days"), [Row::of(By::CFR.and(By::C21), 34, "21 CFR 1306.24(c)")]);
parameter!(UNITS_III_V: "label.institution.iii-v.units", "dosage units of schedules III to V that an institution may administer without label", Min,
    Domain::Number("units"), [Row::of(By::CFR.and(By::C21), 100, "21 CFR 1306.24(c)")]);
parameter!(WARNING_V: "label.warning.v", "whether schedule V bears the transfer warning", Required, Domain::YesNo,
    [Row::of(By::ALL, 0, "21 CFR 290.5")]);

/// The words of 21 CFR 290.5.
const TRANSFER_WARNING: &str = "Caution: Federal law prohibits the transfer of this drug to any person other than the patient for whom it was prescribed.";

fn required(law: &Law<'_>, rx: &Prescription, label: &Label, element: LabelElement) -> bool {
    let central = label.kind == LabelKind::CentralFill;
    match element {
        LabelElement::FirstFillDate => label.refill && law.says(&FIRST_DATE),
        LabelElement::TransferWarning => match rx.schedule {
            Schedule::II | Schedule::III | Schedule::IV => true,
            Schedule::V => law.says(&WARNING_V),
            Schedule::I | Schedule::None => false,
        },
        LabelElement::RetailPharmacyNameAddress | LabelElement::CentralFillIdentifier => central,
        LabelElement::PharmacyNameAddress => !central,
        _ => true,
    }
}

/// Whether the label bears what it must.
pub(crate) fn complete(law: &Law<'_>, rx: &Prescription, label: &Label) -> Outcome {
    if label.kind == LabelKind::Institutional {
        return Outcome::NotApplicable;
    }
    match label.missing.iter().copied().find(|element| required(law, rx, label, *element)) {
        None => Outcome::Satisfied,
        Some(element) => Outcome::Violated(Box::new(
            law.deny(
                &COMPLETE,
                Reason::ElementMissing,
                "LAW-1306.14-MISSING",
                format!("{element} is missing on the label"),
                match element {
                    LabelElement::TransferWarning => format!("print on the label: \"{TRANSFER_WARNING}\""),
                    _ => "print a complete label".to_owned(),
                },
            )
            .about(format!("label.missing: {}", element.word())),
        )),
    }
}

/// Whether the label shows every caution.
pub(crate) fn cautions(law: &Law<'_>, label: &Label) -> Outcome {
    if label.kind == LabelKind::Institutional {
        return Outcome::NotApplicable;
    }
    let lacking = label.cautions.iter().filter(|caution| !label.cautions_shown.contains(caution)).count();
    Outcome::unless(lacking == 0, || {
        law.deny(
            &CAUTIONS,
            Reason::ElementMissing,
            "LAW-1306.14-CAUTIONS",
            format!("{lacking} of {} cautions are missing on the label", label.cautions.len()),
            "print every caution of the prescription and of the law",
        )
        .about("label.cautions_shown")
    })
}

/// Whether an institution's drug is within the exemption.
pub(crate) fn exempt(law: &Law<'_>, rx: &Prescription, label: &Label) -> Outcome {
    if label.kind != LabelKind::Institutional {
        return Outcome::NotApplicable;
    }
    if label.in_possession || !label.safeguards {
        let (what, field) = if label.in_possession {
            ("the drug is in the patient's possession before it is administered", "label.in_possession")
        } else {
            ("the institution has no safeguards for distribution", "label.safeguards")
        };
        let next = "label it in full; only what an institution keeps safe until it administers goes without label";
        let denial = law.deny(&EXEMPT, Reason::ElementMissing, "LAW-1306.14-NOT-EXEMPT", what, next).about(field);
        return Outcome::Violated(Box::new(denial));
    }
    let (days, units) = if rx.schedule == Schedule::II { (&DAYS_II, None) } else { (&DAYS_III_V, Some(&UNITS_III_V)) };
    let over = |parameter, found: Option<u64>| {
        let bound = law.bound(parameter)?;
        found.filter(|found| *found > bound.value).map(|found| (found, bound))
    };
    let over = over(days, label.days_supply.map(u64::from)).or_else(|| over(units?, label.units));
    match over {
        None => Outcome::Satisfied,
        Some((found, bound)) => Outcome::Violated(Box::new(
            law.deny(
                &EXEMPT,
                Reason::LimitExceeded,
                "LAW-1306.14-EXEMPTION",
                format!("{found} is more than the {} that may go without label", bound.value),
                "dispense less, or label it in full",
            )
            .by(&bound)
            .about("label"),
        )),
    }
}
