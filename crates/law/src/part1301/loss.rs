//! 21 CFR 1301.76(b), 1304.21(e), 1305.16, 1310.05, 1314.15; manual, section V: thefts, losses, spills.
//!
//! A theft or significant loss: DEA is told in writing within one business day of discovery, and DEA Form 106 follows.
//! Not significant: the theft and loss file. Nothing lost after all: a letter. A slip in the books: neither form.
//! Broken or spilled is no loss. Recoverable: Form 41 after disposal. Not recoverable: noted and signed by two witnesses
//! (1304.21(e), cards); the manual's appendix I wants Form 41 for a spill. Wastage in an institution: its log.
//! Order forms: DEA at once. A listed chemical: by telephone at once and in writing within 15 days.
//! On the way the supplier reports until the purchaser has custody, or whoever hired the carrier.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Loss;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{DeaForm, LossKind, Party};

rule!(FORM: "1301.76-form", "theft-loss", "21 CFR 1301.76(b), 1304.21(e), 1317.95", By::ALL,
    "Thefts and significant losses go on Form 106, recovered breakage on Form 41, nothing else on either",
    ["law-loss-form106", "law-loss-none-found", "law-loss-not-significant-file", "law-loss-clerical", "law-disp-breakage-not-loss", "law-disp-breakage-recoverable", "law-disp-wastage", "pharm-106-spillage-refused", "pharm-disposal-breakage-is-not-loss"]);
rule!(WITNESSES: "1304.21-witnesses", "disposal", "21 CFR 1304.21(e)", By::CFR.and(By::C21),
    "A spill that cannot be recovered is noted and signed by two witnesses",
    ["law-disp-breakage-not-recoverable"]);
rule!(REPORTER: "1301.76-reporter", "theft-loss", "21 CFR 1301.74(e), 1301.76(d)", By::ALL,
    "A loss on the way is reported by the supplier until the purchaser has custody, or by whoever hired the carrier",
    ["law-loss-transit-supplier", "law-loss-transit-purchaser", "law-cf-carrier-loss", "law-disp-form41-by-destroyer", "pharm-loss-refused-shipment"]);
rule!(NOTICE: "1301.76-notice", "theft-loss", "21 CFR 1301.76(b)", By::ALL,
    "DEA is told of a theft or significant loss in writing within one business day of discovery",
    ["law-loss-one-business-day", "law-loss-theft-any-size"]);

parameter!(SPILL_FORM: "loss.spill.form-41", "whether a spill that cannot be recovered goes on Form 41", Choice, Domain::YesNo, [
    Row::of(By::M10, 1, "Manual 2010, appendix I"),
    Row::of(By::C21, 0, "Cards 2021, Breakage, Spillage, or Damage"),
    Row::of(By::CFR, 0, "21 CFR 1304.21(e)"),
]);
parameter!(SPILL_WITNESSES: "loss.spill.witnesses", "witnesses who sign for a spill that cannot be recovered", Max, Domain::Number("witnesses"),
    [Row::of(By::CFR.and(By::C21), 2, "21 CFR 1304.21(e)")]);

/// The form for this kind of event.
fn form_for(law: &Law<'_>, kind: LossKind) -> DeaForm {
    match kind {
        LossKind::Theft | LossKind::SignificantLoss | LossKind::InTransit => DeaForm::Form106,
        LossKind::BreakageRecoverable => DeaForm::Form41,
        LossKind::BreakageUnrecoverable if law.says(&SPILL_FORM) => DeaForm::Form41,
        _ => DeaForm::None,
    }
}

/// Whether the form is the right one.
pub(crate) fn form(law: &Law<'_>, loss: &Loss, form: DeaForm) -> Outcome {
    let right = form_for(law, loss.kind);
    Outcome::unless(form == right, || {
        let what = match form {
            DeaForm::None => format!("{} is reported on a DEA form", kind_named(loss.kind)),
            DeaForm::Form106 => {
                format!("Form 106 is for thefts and significant losses, not for {}", kind_named(loss.kind))
            }
            DeaForm::Form41 => {
                format!("Form 41 is for what a registrant destroys, not for {}", kind_named(loss.kind))
            }
        };
        let next = match right {
            DeaForm::Form106 => "report it on Form 106",
            DeaForm::Form41 => "record its destruction on Form 41",
            DeaForm::None => other_way(loss.kind),
        };
        law.deny(&FORM, Reason::WrongForm, "LAW-1301.76-FORM", what, next).about("request.form")
    })
}

/// The event in words.
const fn kind_named(kind: LossKind) -> &'static str {
    match kind {
        LossKind::Theft => "a theft",
        LossKind::SignificantLoss => "a significant loss",
        LossKind::InsignificantLoss => "a loss that is not significant",
        LossKind::ClericalMiscount => "a slip in the books",
        LossKind::Unfounded => "a loss that turned out not to be one",
        LossKind::BreakageRecoverable => "a breakage or spill that can be recovered",
        LossKind::BreakageUnrecoverable => "a breakage or spill that cannot be recovered",
        LossKind::InstitutionalWastage => "what is left over after administration",
        LossKind::InTransit => "a loss on the way",
        LossKind::OrderForms => "lost or stolen order forms",
        LossKind::ListedChemical => "the loss of a listed chemical",
        LossKind::DestructionAfterTransfer => "what a reverse distributor destroys",
        LossKind::RefusedShipment => "a loss from a shipment that was refused",
    }
}

/// What is done about an event that goes on neither form.
const fn other_way(kind: LossKind) -> &'static str {
    match kind {
        LossKind::InsignificantLoss => "use no DEA form; enter it in the theft and loss file",
        LossKind::ClericalMiscount => "use no DEA form; note it in the discrepancy log",
        LossKind::Unfounded => "file no form; tell DEA in writing that nothing was lost",
        LossKind::BreakageUnrecoverable => "use no DEA form; note it in the inventory records, signed by two witnesses",
        LossKind::InstitutionalWastage => "use no DEA form; record the wastage in the institution's log",
        LossKind::OrderForms => "use no form; notify the field office at once with the serial numbers",
        LossKind::ListedChemical => "use no form; telephone at once and write within 15 days",
        LossKind::DestructionAfterTransfer => "file nothing; the reverse distributor files Form 41",
        LossKind::RefusedShipment => "file nothing; the supplier reports it",
        _ => "use no DEA form; record it",
    }
}

/// Whether enough witnesses signed.
pub(crate) fn witnesses(law: &Law<'_>, loss: &Loss) -> Outcome {
    if loss.kind != LossKind::BreakageUnrecoverable {
        return Outcome::NotApplicable;
    }
    let Some(bound) = law.bound(&SPILL_WITNESSES) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(loss.witnesses) >= bound.value, || {
        law.deny(
            &WITNESSES,
            Reason::WitnessMissing,
            "LAW-1304.21-WITNESSES",
            match loss.witnesses {
                0 => format!("no witness has signed, and {} must", bound.value),
                1 => format!("one witness has signed, and {} must", bound.value),
                many => format!("{many} witnesses have signed, and {} must", bound.value),
            },
            "let another person who saw it sign",
        )
        .by(&bound)
        .about("loss.witnesses")
    })
}

/// Who reports.
pub(crate) fn reporter(loss: &Loss) -> Party {
    match loss.kind {
        LossKind::DestructionAfterTransfer => Party::ReverseDistributor,
        LossKind::RefusedShipment => Party::Supplier,
        LossKind::InTransit if !loss.signed_for => loss.carrier_hired_by.unwrap_or(Party::Supplier),
        _ => Party::Pharmacy,
    }
}
