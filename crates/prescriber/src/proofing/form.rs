//! The form that this program prints for the proofing entity (1311.105(a): "the service provider may design a form").

/// A place on the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The paragraph that asks for it: `(a)(1)`.
    pub paragraph: &'static str,
    /// The field it is entered in, as refusals name it.
    pub field: &'static str,
    /// What to write there.
    pub label: &'static str,
}

const fn item(paragraph: &'static str, field: &'static str, label: &'static str) -> Item {
    Item { paragraph, field, label }
}

/// Every item of the document in the order of the paragraphs. Items of (a)(4) to (6) stand once for each State and
/// registration. Completeness is checked against this list whatever the document's format.
pub const PROOFING_FORM: &[Item] = &[
    item("(a)(1)", "entity.kind", "Entity: registered hospital's office, State board or authority, or police"),
    item("(a)(1)", "entity.name", "Name of the entity"),
    item("(a)(1)", "entity.registration", "DEA registration number of the entity, if it has one"),
    item("(b)(1)", "entity.privileges", "Hospital only: the practitioner's privileges are active and in good standing"),
    item("(b)(2)", "entity.state", "Board or authority only: State"),
    item("(a)(2)", "proofer", "Name of the person who saw the practitioner"),
    item("(a)(3)", "practitioner", "Name of the practitioner"),
    item("(a)(3)", "business-address", "Principal place of business of the practitioner"),
    item("(a)(4)", "place.state", "State in which the practitioner wants to prescribe"),
    item("(a)(4)(i)", "place.licence", "State licensing authority and licence number"),
    item(
        "(a)(4)(ii)",
        "place.appointment",
        "Veterans Affairs employee: facility, and that the appointment is confirmed",
    ),
    item(
        "(a)(4)(iii)",
        "place.eligibility",
        "Veterans Affairs contractor: facility, that the criteria for appointment are met",
    ),
    item(
        "(a)(4)(iii)",
        "place.facility-registration",
        "Veterans Affairs contractor: prescribes under the facility's registration",
    ),
    item("(a)(5)", "place.registration", "DEA registration number"),
    item("(a)(5)", "place.expires", "Expiration date of the DEA registration"),
    item("(a)(6)", "place.acknowledged", "Institution only: the practitioner may use our DEA registration"),
    item("(a)(6)", "place.internal-code", "Institution only: internal code assigned to the practitioner"),
    item("(a)(7)", "photo-id", "Kind of government photo identification checked"),
    item("(a)(7)", "photo-matched", "The photo matched the person who presented it"),
    item("(a)(8)", "proofed-on", "Date on which the practitioner was seen in person"),
    item("(a)(9)", "proofer-signed", "Signature of the person who saw the practitioner"),
    item("(a)(10)", "practitioner-signed", "Signature of the practitioner"),
];
