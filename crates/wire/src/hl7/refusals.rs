//! The refusals of this reader. Each names the place as the standard writes it; none holds a value.

use theriac_model::Refusal;

const STANDARD: &str = "HL7 v2, chapters 2 to 4";
const AGAIN: &str = "ask the sending system for a corrected message, or draft the prescription by hand";

fn about(code: &'static str, place: &str, what: String, next: &'static str) -> Box<Refusal> {
    Box::new(Refusal::new(code, STANDARD, what, next).about(place.to_owned()))
}

pub(super) fn size(what: String) -> Box<Refusal> {
    Box::new(Refusal::new("HL7-SIZE", STANDARD, what, "send fewer orders at a time"))
}

pub(super) fn syntax(place: &str, what: &str) -> Box<Refusal> {
    about("HL7-SYNTAX", place, format!("{place}: {what}"), AGAIN)
}

pub(super) fn not_an_order(what: String) -> Box<Refusal> {
    about("HL7-NOT-AN-ORDER", "MSH-9", what, "send RDE^O11, RDE^O25, OMP^O09 or ORM^O01")
}

pub(super) fn control(place: &str, meaning: &str) -> Box<Refusal> {
    let what = format!("{place} says {meaning}; only a new order becomes a draft");
    about("HL7-CONTROL", place, what, "find the prescription it is about, and withdraw or change it there")
}

pub(super) fn absent(place: &str) -> Box<Refusal> {
    about("HL7-REQUIRED", place, format!("{place} is absent, and the order is nothing without it"), AGAIN)
}

pub(super) fn field(place: &str, problem: &str) -> Refusal {
    *about("HL7-FIELD", place, format!("{place} {problem}"), "enter it by hand")
}
