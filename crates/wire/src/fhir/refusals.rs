//! The refusals of this codec. Each names the element as FHIR's own paths do, and the next step; none holds a value.

use std::borrow::Cow;
use theriac_model::{Edition, Refusal};

const STANDARD: &str = "HL7 FHIR R4";
const CONTENTS: &str = "21 CFR 1306.05(a)";
const CORRECT: &str = "ask the sending system for a corrected resource, or draft the prescription by hand";

fn house(name: &'static str, refusal: Refusal) -> Box<Refusal> {
    Box::new(refusal.under(Edition::House(Cow::Borrowed(name))))
}

fn about(code: &'static str, cite: &'static str, path: &str, what: String, next: &'static str) -> Box<Refusal> {
    Box::new(Refusal::new(code, cite, what, next).about(path.to_owned()))
}

/// A bound of the reader is passed.
pub(super) fn bound(code: &'static str, what: String) -> Box<Refusal> {
    house("message-limits", Refusal::new(code, STANDARD, what, "send fewer or smaller resources at a time"))
}

/// Not JSON.
pub(super) fn syntax(offset: usize, problem: &str) -> Box<Refusal> {
    let what = format!("the document cannot be read at offset {offset}: {problem}");
    Box::new(Refusal::new("FHIR-SYNTAX", "HL7 FHIR R4, JSON", what, "send one FHIR resource as JSON in UTF-8"))
}

/// A name twice in an object.
pub(super) fn doubled_member(offset: usize) -> Box<Refusal> {
    let what = format!("an object that ends at offset {offset} has two members of one name");
    Box::new(Refusal::new("FHIR-DOUBLED", "HL7 FHIR R4, JSON", what, CORRECT))
}

/// A document that holds no request.
pub(super) fn nothing() -> Box<Refusal> {
    let what = "the document holds no MedicationRequest".to_owned();
    let next = "send a MedicationRequest, a Bundle with one, or a CDS Hooks request whose draftOrders hold one";
    about("FHIR-NO-REQUEST", STANDARD, "resourceType", what, next)
}

/// A value of another kind than FHIR has there.
pub(super) fn kind(path: &str, expected: &'static str) -> Box<Refusal> {
    about("FHIR-TYPE", STANDARD, path, format!("{path} is not {expected}"), CORRECT)
}

/// A required element is absent.
pub(super) fn required(path: &str) -> Box<Refusal> {
    about("FHIR-REQUIRED", STANDARD, path, format!("{path} is absent, and FHIR requires it"), CORRECT)
}

/// An extension that changes the meaning of what it stands on.
pub(super) fn modifier(path: &str) -> Box<Refusal> {
    let what = format!("{path} changes the meaning of the resource in a way that this program does not know");
    about(
        "FHIR-MODIFIER",
        "HL7 FHIR R4, Extensibility (modifierExtension)",
        path,
        what,
        "draft the prescription by hand",
    )
}

/// A status, intent or mark that says: this is not to be prescribed.
pub(super) fn not_for_drafts(path: &str, problem: &str) -> Box<Refusal> {
    about(
        "FHIR-NOT-A-DRAFT",
        STANDARD,
        path,
        format!("{path} {problem}"),
        "draft from a request that is to be prescribed",
    )
}

/// A contained or bundled resource that a request needs is there twice or is of another type.
pub(super) fn reference(path: &str, problem: &str) -> Box<Refusal> {
    about("FHIR-REFERENCE", STANDARD, path, format!("{path} {problem}"), CORRECT)
}

/// Two that cannot both hold.
pub(super) fn ambiguous(field: impl Into<Cow<'static, str>>, path: &str, problem: &str) -> Refusal {
    let what = format!("{path} {problem}, and nothing says which is meant");
    Refusal::new("FHIR-AMBIGUOUS", CONTENTS, what, "enter the element by hand").about(field)
}

/// A value that a prescription cannot bear.
pub(super) fn malformed(field: impl Into<Cow<'static, str>>, path: &str, problem: &str) -> Refusal {
    let what = format!("{path} cannot be used: {problem}");
    Refusal::new("FHIR-MALFORMED", CONTENTS, what, "enter the element by hand").about(field)
}

/// A value that FHIR's JSON cannot carry exactly.
pub(super) fn cannot_carry(field: impl Into<Cow<'static, str>>, problem: &str) -> Box<Refusal> {
    let what = format!("FHIR cannot carry the value: {problem}");
    Box::new(Refusal::new("FHIR-CANNOT-CARRY", STANDARD, what, "send the prescription as SCRIPT").about(field))
}
