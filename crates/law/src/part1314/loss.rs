//! 21 CFR 1314.15(c), (d); manual, section XIV, Loss or Theft: the written report of a lost listed chemical.
//!
//! It holds the DEA number of a registrant, the name, the business address, the date, the kind of loss and its
//! circumstances. A report by word of mouth comes first, the written one within 15 days (`deadlines`).

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Registrant, ReportElement, Word};
use jiff::civil::date;

rule!(CONTENTS: "1314.15-contents", "cmea", "21 CFR 1314.15(d)", By::ALL,
    "The written report has the registrant's number, name, business address, date, kind of loss and circumstances",
    ["law-cmea-loss-contents", "pharm-cmea-loss-written-15-days"],
    Some(date(2006, 9, 30)),
    None
);

/// Whether the report is complete; a seller without registration has no number to give.
pub(crate) fn contents(law: &Law<'_>, seller: Registrant, missing: &[ReportElement]) -> Outcome {
    let needed = |element: &&ReportElement| **element != ReportElement::DeaNumber || seller == Registrant::Registered;
    let lacks: Vec<&str> = missing.iter().filter(needed).map(|element| element.word()).collect();
    Outcome::unless(lacks.is_empty(), || {
        let what = format!("the report lacks {}", lacks.join(", "));
        law.deny(&CONTENTS, Reason::ElementMissing, "LAW-1314.15-REPORT", what, "complete the report, then send it")
            .about("request.missing")
    })
}
