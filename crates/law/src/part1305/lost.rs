//! 21 CFR 1305.16, 1305.26: orders and order forms that are lost or stolen.
//!
//! (1305.16(a), 1305.26(a)) The supplier is asked first. An order that never arrived is replaced by a second one with a
//!     statement: number and date of the first, and that the goods were not received because it was lost; for an
//!     electronic order the purchaser signs it. (1305.26(c)) Statement and both orders are kept together.
//! (1305.16(b)) The loss or theft of forms, used or unused, is reported at once with their serial numbers. (c) Whole books
//!     whose numbers are not known: the approximate date of issue instead. (e) An unused form found again: at once, too.
//!     The cards ask a report for unused forms only.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{LostForms, LostOrder};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{FormsEvent, FormsKind, LostEntry, OrderMethod};

rule!(ASKED: "1305.16-asked", "ordering", "Manual 2010, section VIII", By::ALL,
    "Before a lost order is replaced the supplier is asked whether it arrived",
    ["pharm-222-lost-contact-supplier-first"]);
rule!(STATEMENT: "1305.16-statement", "ordering", "21 CFR 1305.16(a), 1305.26(a), (b)", By::ALL,
    "A replacement comes with a statement of the first order's number and date and that the goods were not received",
    ["law-ord-222-lost-resubmit", "law-ord-csos-lost", "pharm-222-lost-replacement-statement", "pharm-csos-lost-statement"]);
rule!(TOGETHER: "1305.16-together", "ordering", "21 CFR 1305.16(a), 1305.26(c)", By::ALL,
    "The statement is kept with both the lost order and its replacement",
    ["law-ord-222-lost-keep", "law-ord-csos-lost-link", "pharm-222-lost-statement-filed", "pharm-csos-lost-replacement-link"]);
rule!(REPORT: "1305.16-report", "ordering", "21 CFR 1305.16(b), (c)", By::ALL,
    "Lost or stolen order forms are reported at once by serial number, whole books without numbers by date of issue",
    ["law-ord-222-lost-report", "law-ord-222-lost-serials-unknown", "law-ord-222-lost-used-too", "pharm-222-lost-report-immediately", "pharm-222-lost-book-approximate-date"]);
rule!(FOUND: "1305.16-found", "ordering", "21 CFR 1305.16(e)", By::ALL,
    "An unused form found again after it was reported is notified at once",
    ["law-ord-222-found", "pharm-222-recovered-form"]);

parameter!(USED_TOO: "order.lost.used-too", "whether the loss of used order forms is reported as well", Required, Domain::YesNo, [
    Row::of(By::M10, 1, "Manual 2010, section VIII"),
    Row::of(By::C21, 0, "Cards 2021, Lost or Stolen DEA Form 222"),
    Row::of(By::CFR, 1, "21 CFR 1305.16(b)"),
]);

/// Whether the supplier was asked.
pub(crate) fn asked(law: &Law<'_>, lost: &LostOrder) -> Outcome {
    Outcome::unless(lost.supplier_asked, || {
        law.deny(
            &ASKED,
            Reason::VerificationRequired,
            "LAW-1305.16-ASKED",
            "the supplier has not been asked whether the order arrived",
            "ask the supplier and keep the answer",
        )
        .about("lost.supplier_asked")
    })
}

/// Whether the statement says everything; the first thing it does not is named.
pub(crate) fn statement(law: &Law<'_>, lost: &LostOrder) -> Outcome {
    let needed = |entry: &LostEntry| *entry != LostEntry::Signature || lost.method == OrderMethod::Csos;
    let Some(entry) = lost.missing.iter().copied().find(|entry| needed(entry)) else { return Outcome::Satisfied };
    let what = match entry {
        LostEntry::FirstNumber if lost.method == OrderMethod::Csos => "the tracking number of the lost order",
        LostEntry::FirstNumber => "the serial number of the lost form",
        LostEntry::FirstDate => "the date of the lost order",
        LostEntry::NotReceived => "that the goods were not received because the order was lost",
        LostEntry::Signature => "the purchaser's signature",
    };
    let denial = law.deny(
        &STATEMENT,
        Reason::ElementMissing,
        "LAW-1305.16-STATEMENT",
        format!("the statement lacks {what}"),
        "complete the statement and send it with the replacement",
    );
    Outcome::Violated(Box::new(denial.about(format!("lost.missing: {entry}"))))
}

/// Whether the three are kept together.
pub(crate) fn together(law: &Law<'_>, lost: &LostOrder) -> Outcome {
    Outcome::unless(lost.kept_together, || {
        law.deny(
            &TOGETHER,
            Reason::WrongFile,
            "LAW-1305.16-TOGETHER",
            "lost order, statement and replacement are not kept together",
            "link each of the three to the other two",
        )
        .about("lost.kept_together")
    })
}

/// Whether these forms are reported at all.
pub(crate) fn is_reported(law: &Law<'_>, forms: &LostForms) -> bool {
    match (forms.event, forms.forms) {
        (FormsEvent::Found, kind) => kind != FormsKind::Used,
        (_, FormsKind::Used) => law.says(&USED_TOO),
        _ => true,
    }
}

/// Whether the report identifies the forms.
pub(crate) fn identified(law: &Law<'_>, forms: &LostForms) -> Outcome {
    let book = forms.forms == FormsKind::WholeBook && forms.issued_about.is_some();
    Outcome::unless(forms.serials_given || book, || {
        let (what, field, next) = if forms.forms == FormsKind::WholeBook {
            (
                "neither the serial numbers nor the approximate date of issue are given",
                "forms.issued_about",
                "give the serial numbers, or the approximate date on which the books were issued",
            )
        } else {
            ("the serial numbers are not given", "forms.serials_given", "give the serial number of each form")
        };
        law.deny(&REPORT, Reason::ElementMissing, "LAW-1305.16-SERIALS", what, next).about(field)
    })
}
