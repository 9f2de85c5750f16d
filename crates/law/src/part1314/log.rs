//! 21 CFR 1314.30, 1314.45; 21 U.S.C. 830(e)(1); manual, section XIV, Recordkeeping: the logbook of a listed chemical sale.
//!
//! (a) The purchaser enters name, address, date and time, and signs. (b) The seller checks that the name is that of the
//!     identification and that date and time are right, and enters product and amount. (c) The log warns that false
//!     entries are punishable under 18 U.S.C. 1001, before the signature. (d) It is bound or electronic; an entry is never
//!     changed or taken out, a correction is a new entry that points to it. (e) Its data go to law enforcement, into
//!     compliance with Title 21, and into a recall, and nowhere else.
//! (d) holds for the record book of counter sales, too (21 CFR 1306.26(e)). Chosen reading: an electronic book is
//! append-only and prints in order, which is what "bound" protects.

use crate::edition::{By, Law};
use crate::facts::SlcpSale;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Book, BookChange, BookForm, DisclosurePurpose, LogElement, Word};
use jiff::civil::date;

rule!(ENTRY: "1314.30-entry", "cmea", "21 CFR 1314.30(a)", By::ALL,
    "The entry has the purchaser's name, address and signature, date and time, product and amount",
    ["law-cmea-logbook-fields", "law-cmea-signature", "pharm-cmea-logbook-contents", "pharm-cmea-purchaser-duties"],
    Some(date(2006, 9, 30)),
    None
);
rule!(CHECKED: "1314.30-checked", "cmea", "21 CFR 1314.30(a)", By::ALL,
    "The seller compares the name with the identification, checks date and time, and makes an entry of the own",
    ["law-cmea-seller-checks", "pharm-cmea-seller-checks"],
    Some(date(2006, 9, 30)),
    None
);
rule!(NOTICE: "1314.30-notice", "cmea", "21 CFR 1314.30(a); 18 U.S.C. 1001", By::ALL,
    "The purchaser is warned before signing that false entries are punishable",
    ["law-cmea-notice", "pharm-cmea-notice"],
    Some(date(2006, 9, 30)),
    None
);
rule!(FORM: "1314.30-form", "cmea", "21 CFR 1314.30(b), (c)", By::ALL,
    "The logbook is bound or electronic, and its entries stay as they are",
    ["law-cmea-log-bound-or-electronic"],
    Some(date(2006, 9, 30)),
    None
);
rule!(BOUND: "1306.26-bound", "otc-schedule-v", "21 CFR 1306.26(e)", By::ALL,
    "The record book of counter sales is bound: an entry is never changed or taken out",
    ["law-otc-record-bound", "pharm-otc-record-book"]);
rule!(DISCLOSED: "1314.45-disclosed", "cmea", "21 CFR 1314.45", By::ALL,
    "Data of the logbook go to law enforcement, into compliance with Title 21, or into a recall",
    ["law-cmea-privacy", "pharm-cmea-privacy"],
    Some(date(2006, 9, 30)),
    None
);

/// The warning of the log, in our words; the seller shows it before the signature.
pub const WARNING: &str = "False entries or misrepresentations in this logbook may be punished under 18 U.S.C. 1001.";

/// (a): whether the entry is complete.
pub(crate) fn entry(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    let purchaser = |element: &&LogElement| **element != LogElement::SellerEntry;
    let lacks: Vec<&str> = sale.log_missing.iter().filter(purchaser).map(|element| element.word()).collect();
    Outcome::unless(lacks.is_empty(), || {
        let what = format!("the entry in the log lacks {}", lacks.join(", "));
        let next = "complete the entry before the product is handed over";
        law.deny(&ENTRY, Reason::ElementMissing, "LAW-1314.30-ENTRY", what, next).about("slcp.log_missing")
    })
}

/// (b): whether the seller did the seller's part.
pub(crate) fn checked(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    let (field, what) = if !sale.name_matches {
        ("slcp.name_matches", "the name in the log is not the name on the document")
    } else if !sale.time_right {
        ("slcp.time_right", "date or time in the log are not right")
    } else if sale.log_missing.contains(&LogElement::SellerEntry) {
        ("slcp.log_missing", "the seller has not entered product and amount")
    } else {
        return Outcome::Satisfied;
    };
    let next = "let the seller compare name, date and time, then enter product and amount";
    let denial = law.deny(&CHECKED, Reason::VerificationRequired, "LAW-1314.30-CHECK", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

/// (c): whether the purchaser was warned.
pub(crate) fn noticed(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    Outcome::unless(sale.notice_shown, || {
        law.deny(
            &NOTICE,
            Reason::NotReviewed,
            "LAW-1314.30-NOTICE",
            "the purchaser did not see the warning against false entries",
            "show the warning, then take the signature",
        )
        .about("slcp.notice_shown")
    })
}

/// (d): whether the logbook is kept so.
pub(crate) fn form(law: &Law<'_>, form: BookForm) -> Outcome {
    Outcome::unless(form != BookForm::LooseSheets, || {
        law.deny(
            &FORM,
            Reason::FormNotAllowed,
            "LAW-1314.30-FORM",
            "the log is on loose sheets",
            "keep a bound or an electronic log",
        )
    })
}

/// (d): whether the book is kept so, and whether this may be done to an entry.
pub(crate) fn kept(law: &Law<'_>, book: Book, kept: BookForm, change: BookChange) -> Outcome {
    let (rule, form, changed) = match book {
        Book::CounterBook => (&BOUND, "LAW-1306.26-FORM", "LAW-1306.26-CHANGE"),
        Book::SlcpLog => (&FORM, "LAW-1314.30-FORM", "LAW-1314.30-CHANGE"),
    };
    if kept == BookForm::LooseSheets {
        let denial = law.deny(
            rule,
            Reason::FormNotAllowed,
            form,
            "the book is on loose sheets",
            "keep a bound or an electronic book",
        );
        return Outcome::Violated(Box::new(denial.about("request.kept")));
    }
    Outcome::unless(matches!(change, BookChange::Append | BookChange::Correct), || {
        law.deny(
            rule,
            Reason::NotChangeable,
            changed,
            format!("an entry of the book cannot be changed: {change}"),
            "make a new entry that corrects it and points to it",
        )
        .about("request.change")
    })
}

/// (e): whether the data may go there.
pub(crate) fn disclosed(law: &Law<'_>, purpose: DisclosurePurpose) -> Outcome {
    use DisclosurePurpose as For;
    Outcome::unless(matches!(purpose, For::LawEnforcement | For::TitleTwentyOne | For::Recall), || {
        law.deny(
            &DISCLOSED,
            Reason::DisclosureNotAllowed,
            "LAW-1314.45-DISCLOSE",
            format!("the log is not disclosed for this purpose: {purpose}"),
            "disclose it to law enforcement, for compliance with Title 21, or for a recall",
        )
        .about("request.purpose")
    })
}
