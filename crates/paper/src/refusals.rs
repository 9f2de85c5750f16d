//! The refusals of this crate. They name the paper's title, never what stands on it.

use std::borrow::Cow;
use theriac_model::{Edition, Refusal};

/// What a paper can hold is a rule of the house.
fn house(refusal: Refusal) -> Box<Refusal> {
    Box::new(refusal.under(Edition::House(Cow::Borrowed("paper"))))
}

const READABLE: &str = "21 CFR 1304.04, 1306.24";

/// A label has no room for what it must say.
pub(crate) fn label_full(title: &str) -> Box<Refusal> {
    let what = "the label has no room for its contents, and nothing is cut off";
    let next = "choose a larger label";
    house(Refusal::new("PAPER-LABEL-FULL", READABLE, what, next).about(title.to_owned()))
}

/// A label lacks what must stand on it.
pub(crate) fn label_incomplete(fields: &str) -> Box<Refusal> {
    let cite = "21 CFR 1306.14, 1306.24";
    let what = format!("the label lacks: {fields}");
    Box::new(
        Refusal::new("PAPER-LABEL-MISSING", cite, what, "complete the record, then print").about(fields.to_owned()),
    )
}

/// More pages than anybody reads.
pub(crate) fn pages(title: &str, limit: usize) -> Box<Refusal> {
    let what = format!("the paper has more than {limit} pages");
    let next = "print a shorter period, or export the table as CSV or XLSX";
    house(Refusal::new("PAPER-PAGES", READABLE, what, next).about(title.to_owned()))
}

/// The PDF could not be written.
pub(crate) fn pdf(title: &str, problem: &str) -> Box<Refusal> {
    let what = format!("the paper could not be written: {problem}");
    house(Refusal::new("PAPER-PDF", READABLE, what, "report this as a fault of the program").about(title.to_owned()))
}

/// A text that the barcode cannot hold.
pub(crate) fn barcode(kind: &'static str, problem: &'static str) -> Box<Refusal> {
    let what = format!("the text does not fit a {kind} barcode: {problem}");
    house(Refusal::new("PAPER-BARCODE", READABLE, what, "use a shorter text of plain letters and digits").about(kind))
}

/// A table that a spreadsheet cannot hold, or cells that do not fit their columns.
pub(crate) fn sheet(field: String, problem: String, next: &'static str) -> Box<Refusal> {
    house(Refusal::new("PAPER-SHEET", "21 CFR 1311.205(b)(12)", problem, next).about(field))
}
