//! The refusals of this codec. Each has a stable code, the place in the message, and the next step.

use std::borrow::Cow;
use theriac_model::{Edition, Refusal};

/// What SCRIPT 2017071 asks of a message; 42 CFR 423.160(b) names that version.
const STANDARD: &str = "42 CFR 423.160(b), SCRIPT 2017071";
/// Well-formed XML, which SCRIPT messages are.
const XML: &str = "42 CFR 423.160(b), SCRIPT 2017071 (XML 1.0)";
/// Nothing required may be altered, truncated or added on the way.
const UNALTERED: &str = "21 CFR 1311.170(e)";
/// What the prescription must bear.
const CONTENTS: &str = "21 CFR 1306.05(a)";

const RESEND: &str = "ask the sender to correct its system and to send the message again under a new message id";
const RESEND_PLAIN: &str =
    "ask the sender to send plain XML 1.0 in UTF-8, without document type, entities or instructions";

/// The bounds of a reader are a deployment's own.
fn bounds() -> Edition {
    Edition::House(Cow::Borrowed("message-limits"))
}

fn bounded(code: &'static str, what: String) -> Refusal {
    Refusal::new(code, STANDARD, what, "ask the sender what it meant to send; raise the limit only if it is right")
        .under(bounds())
}

/// The message is longer than is read.
pub fn too_large(limit: usize) -> Refusal {
    bounded("WIRE-SIZE", format!("the message is longer than {limit} bytes"))
}

/// There is nothing to read.
pub fn empty() -> Refusal {
    Refusal::new("WIRE-EMPTY", XML, "there is no element in the message", RESEND)
}

/// Reading the source itself failed.
pub fn unreadable(kind: std::io::ErrorKind) -> Refusal {
    Refusal::new("WIRE-READ", XML, format!("the message could not be read ({kind})"), "try again to read the message")
}

/// Another encoding than UTF-8, by its marks or its declaration.
pub fn encoding(found: &str) -> Refusal {
    Refusal::new("WIRE-ENCODING", XML, format!("the message is in {found}, not in UTF-8"), RESEND_PLAIN)
}

/// Bytes that are not UTF-8.
pub fn not_utf8(offset: usize) -> Refusal {
    Refusal::new("WIRE-UTF8", XML, format!("the bytes at offset {offset} are not UTF-8"), RESEND_PLAIN)
}

/// XML of another version than 1.0.
pub fn xml_version() -> Refusal {
    Refusal::new("WIRE-XML-VERSION", XML, "the message is not XML version 1.0", RESEND_PLAIN)
}

/// A document type declaration.
pub fn document_type(offset: u64) -> Refusal {
    let what = format!("the message has a document type declaration before offset {offset}");
    Refusal::new("WIRE-XML-DTD", XML, what, RESEND_PLAIN)
}

/// An entity reference other than the five of XML.
pub fn entity(path: String) -> Refusal {
    let what = "an entity other than lt, gt, amp, quot and apos is used";
    Refusal::new("WIRE-XML-ENTITY", XML, what, RESEND_PLAIN).about(path)
}

/// A processing instruction, or an XML declaration that is not the first thing.
pub fn instruction(offset: u64) -> Refusal {
    let what = format!("the message has a processing instruction before offset {offset}");
    Refusal::new("WIRE-XML-INSTRUCTION", XML, what, RESEND_PLAIN)
}

/// XML that is not well formed.
pub fn syntax(path: String, offset: u64, problem: &str) -> Refusal {
    let what = format!("the XML is not well formed at offset {offset}: {problem}");
    Refusal::new("WIRE-XML-SYNTAX", XML, what, RESEND).about(path)
}

/// A character XML 1.0 does not allow.
pub fn character(path: String) -> Refusal {
    let what = "a character that XML 1.0 does not allow";
    Refusal::new("WIRE-XML-CHARACTER", XML, what, RESEND_PLAIN).about(path)
}

/// Too deep.
pub fn depth(path: String, limit: usize) -> Refusal {
    bounded("WIRE-XML-DEPTH", format!("elements stand more than {limit} deep")).about(path)
}

/// Too many elements.
pub fn elements(path: String, limit: usize) -> Refusal {
    bounded("WIRE-XML-ELEMENTS", format!("the message has more than {limit} elements")).about(path)
}

/// Too many attributes on one element.
pub fn attributes(path: String, limit: usize) -> Refusal {
    bounded("WIRE-XML-ATTRIBUTES", format!("an element has more than {limit} attributes")).about(path)
}

/// A name or a text that is too long to be read.
pub fn length(path: String, limit: usize) -> Refusal {
    bounded("WIRE-XML-LENGTH", format!("a name or a text is longer than {limit} bytes")).about(path)
}

/// Text between elements, whose place would be lost.
pub fn mixed(path: String) -> Refusal {
    let what = "text stands beside elements, which no SCRIPT element has";
    Refusal::new("WIRE-XML-MIXED", STANDARD, what, RESEND).about(path)
}

/// Names with and without the root's prefix.
pub fn namespace(path: String) -> Refusal {
    let what = "elements with and without the namespace prefix of the root are mixed";
    Refusal::new("WIRE-XML-NAMESPACE", STANDARD, what, RESEND).about(path)
}

/// The root is not a SCRIPT message.
pub fn root() -> Refusal {
    Refusal::new(
        "WIRE-SCRIPT-ROOT",
        STANDARD,
        "the root element is not Message",
        "find out what this file is; only SCRIPT messages belong here",
    )
}

/// Not exactly one header.
pub fn header() -> Refusal {
    Refusal::new("WIRE-SCRIPT-HEADER", STANDARD, "the message does not have exactly one Header", RESEND).about("Header")
}

/// Not exactly one body with exactly one message in it.
pub fn body(count: usize) -> Refusal {
    let what = format!("Body must hold exactly one message and holds {count}");
    Refusal::new("WIRE-SCRIPT-BODY", STANDARD, what, RESEND).about("Body")
}

/// Not exactly one body.
pub fn bodies() -> Refusal {
    Refusal::new("WIRE-SCRIPT-BODY", STANDARD, "the message does not have exactly one Body", RESEND).about("Body")
}

/// An element that decides what is prescribed stands twice.
pub fn doubled(field: impl Into<Cow<'static, str>>, path: &str) -> Refusal {
    let what = format!("{path} is given more than once, and nothing says which is meant");
    let next = "do not fill; ask the practitioner's system for a prescription that says it once";
    Refusal::new("WIRE-DOUBLED", UNALTERED, what, next).about(field)
}

/// Two that exclude each other.
pub fn choice(field: impl Into<Cow<'static, str>>, path: &str) -> Refusal {
    let what = format!("{path} holds two things of which only one may stand");
    let next = "do not fill; ask the practitioner's system for a prescription that says one of them";
    Refusal::new("WIRE-CHOICE", UNALTERED, what, next).about(field)
}

/// A required element cannot be read.
pub fn malformed(field: impl Into<Cow<'static, str>>, path: &str, problem: &str) -> Refusal {
    let what = format!("{path} cannot be read: {problem}");
    let next = "do not fill; ask the practitioner for a corrected prescription";
    Refusal::new("WIRE-MALFORMED", CONTENTS, what, next).about(field)
}

/// An address outside the United States, which the contents cannot state.
pub fn country(field: impl Into<Cow<'static, str>>, path: &str) -> Refusal {
    let what = format!("{path} names a country other than the United States");
    let next = "have a person read the address; the prescription's contents hold addresses in the United States only";
    Refusal::new("WIRE-COUNTRY", CONTENTS, what, next).about(field)
}

/// The signed indication is neither true nor false.
pub fn indicator(path: &str) -> Refusal {
    let what = format!("{path} is neither true nor false");
    let next = "treat the prescription as not signed; ask the practitioner's system to send it again";
    Refusal::new("WIRE-INDICATOR", "21 CFR 1311.120(b)(17)", what, next).about("signed-indication")
}

/// A signature group that is incomplete or cannot be decoded.
pub fn signature_group(part: &str, problem: &str) -> Refusal {
    let what = format!("Header/DigitalSignature/{part} {problem}");
    let next = "treat the prescription's own signature as absent; ask the practitioner's system to send it again";
    Refusal::new("WIRE-SIGNATURE-GROUP", "21 CFR 1311.210", what, next).about("signature")
}

/// The message cannot be filled from.
pub fn not_a_prescription(kind: &str) -> Refusal {
    Refusal::new(
        "WIRE-NOT-A-PRESCRIPTION",
        STANDARD,
        format!("{kind} is not a message that can be filled from"),
        "handle it as the message it is; only NewRx and approving responses are prescriptions",
    )
}

/// A value is longer than the receiver must accept.
pub fn too_long(field: impl Into<Cow<'static, str>>, path: &str, limit: usize) -> Refusal {
    let what = format!("{path} holds at most {limit} characters in SCRIPT 2017071");
    let next = "shorten the text; it is never cut, because nothing required may be lost on the way";
    Refusal::new("WIRE-TOO-LONG", UNALTERED, what, next).about(field)
}

/// A value SCRIPT cannot carry.
pub fn cannot_carry(field: impl Into<Cow<'static, str>>, path: &str, problem: &str) -> Refusal {
    let what = format!("{path} cannot carry the value: {problem}");
    Refusal::new("WIRE-CANNOT-CARRY", UNALTERED, what, "correct the value before the prescription is signed")
        .about(field)
}

/// A relay or a re-layout changed the contents.
pub fn altered(elements: &str) -> Refusal {
    let what = format!("the contents after re-layout are not those before it: {elements}");
    let next = "forward the message as it was received, or not at all";
    Refusal::new("WIRE-ALTERED", UNALTERED, what, next)
}
