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
    ["law-loss-form106", "law-loss-none-found", "law-loss-not-significant-file", "law-loss-clerical", "law-disp-breakage-not-loss", "law-disp-breakage-recoverable", "law-disp-wastage"]);
rule!(WITNESSES: "1304.21-witnesses", "disposal", "21 CFR 1304.21(e)", By::CFR.and(By::C21),
    "A spill that cannot be recovered is noted and signed by two witnesses",
    ["law-disp-breakage-not-recoverable"]);
rule!(REPORTER: "1301.76-reporter", "theft-loss", "21 CFR 1301.74(e), 1301.76(d)", By::ALL,
    "A loss on the way is reported by the supplier until the purchaser has custody, or by whoever hired the carrier",
    ["law-loss-transit-supplier", "law-loss-transit-purchaser", "law-cf-carrier-loss", "law-disp-form41-by-destroyer"]);
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
        let next = match right {
            DeaForm::None => "use no DEA form; record it".to_owned(),
            form => format!("use {form}"),
        };
        law.deny(&FORM, Reason::WrongForm, "LAW-1301.76-FORM", format!("{form} does not serve for {}", loss.kind), next)
            .about("request.form")
    })
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
            format!("{} witnesses, and {} must sign", loss.witnesses, bound.value),
            "let a second person who saw it sign",
        )
        .by(&bound)
        .about("loss.witnesses")
    })
}

/// Who reports.
pub(crate) fn reporter(loss: &Loss) -> Party {
    match loss.kind {
        LossKind::DestructionAfterTransfer => Party::ReverseDistributor,
        LossKind::InTransit if !loss.signed_for => loss.carrier_hired_by.unwrap_or(Party::Supplier),
        _ => Party::Pharmacy,
    }
}
