//! The pharmacy's counter: what waits, taking in by hand, filling, handing over, and every other act on a prescription.

pub(super) mod acts;
pub(super) mod api;
pub(super) mod chart;
pub(super) mod desk;
pub(super) mod entry;
pub(super) mod fill;
pub(super) mod intake;
pub(super) mod series;

use super::asked::Asked;
use super::failure::Failure;
use super::multipart::parts;
use crate::dispensary::HandTyped;
use crate::dispensary::counter::Paper;
use crate::dispensary::presented::unknown_number;
use crate::house::House;
use axum::http::{StatusCode, header};
use axum::response::Response;
use theriac_law::When;
use theriac_model::Element;
use theriac_pharmacy::{Prescription, PrescriptionNumber, Status};

type Answer = Result<Response, Failure>;

/// The largest scan of a prescription, in bytes.
pub(super) const SCAN_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The longest text of a field, in characters.
const TEXT_MOST: usize = 2_000;

/// The number in the address.
fn number_of(asked: &Asked) -> Result<PrescriptionNumber, Failure> {
    PrescriptionNumber::parse(&asked.id("number")?).map_err(|_| Failure::refused(&unknown_number()))
}

/// The number of the filling in the address.
fn filling_of(asked: &Asked) -> Result<u32, Failure> {
    asked.id("no")?.parse().map_err(|_| Failure::no_such("filling", "take the filling from the record's list"))
}

/// What was typed, in a form with or without a file.
async fn typed(asked: &Asked) -> Result<HandTyped, Failure> {
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let typed = if media.starts_with("multipart/") {
        let bad = || {
            let next = "open the page again and send its form";
            Failure::new(StatusCode::BAD_REQUEST, "HTTP-FORM", "the form could not be read", next)
        };
        let mut typed = HandTyped::default();
        for part in parts(media, &asked.body).ok_or_else(bad)? {
            if part.name == "file" {
                if !part.bytes.is_empty() {
                    typed.scan = Some(Paper { media: media_of(part.bytes)?.to_owned(), bytes: part.bytes.to_vec() });
                }
                continue;
            }
            let text = std::str::from_utf8(part.bytes).map_err(|_| bad())?;
            typed.fields.push((part.name.to_owned(), text.to_owned()));
        }
        typed
    } else {
        HandTyped { fields: asked.read_form().await?, scan: None }
    };
    let bad = |text: &str| {
        text.chars().count() > TEXT_MOST || text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    };
    if let Some((name, _)) = typed.fields.iter().find(|(name, text)| bad(name) || bad(text)) {
        let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(Failure::refused(&crate::dispensary::wrong(
            &name,
            "a field is longer than 2,000 characters, or holds control characters",
            "shorten it, and type it anew",
        )));
    }
    Ok(typed)
}

/// The kinds of scans that are kept, by how their files begin.
fn media_of(bytes: &[u8]) -> Result<&'static str, Failure> {
    let known: [(&[u8], &str); 5] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
    ];
    known.iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, media)| *media).ok_or_else(|| {
        Failure::refused(&crate::dispensary::wrong(
            "file",
            "the file is no PDF, PNG, JPEG or TIFF",
            "scan the paper into one of these, then choose it",
        ))
    })
}

/// What a page says at its top of a prescription.
struct Head {
    number: String,
    patient: String,
    practitioner: String,
    drug: String,
    quantity: String,
    directions: String,
    schedule: String,
    status: String,
    /// Whether nothing more is dispensed of it.
    over: bool,
    issued: String,
    remaining: String,
    not_before: String,
    note: String,
}

impl Head {
    fn of(house: &House, prescription: &Prescription) -> Self {
        let received = prescription.received();
        let text = |element: Element| received.contents.get(element).unwrap_or_default();
        let joined = |elements: &[Element]| {
            let parts: Vec<&str> =
                elements.iter().map(|&element| text(element)).filter(|part| !part.is_empty()).collect();
            parts.join(" ")
        };
        let at = house.clock.moment();
        let face = prescription.face();
        Self {
            number: received.number.to_string(),
            patient: joined(&[Element::PatientFirst, Element::PatientMiddle, Element::PatientLast]),
            practitioner: joined(&[Element::PractitionerFirst, Element::PractitionerLast]),
            drug: joined(&[Element::DrugName, Element::DrugStrength, Element::DrugForm]),
            quantity: crate::showing::in_words(&face.quantity),
            directions: text(Element::Directions).to_owned(),
            schedule: received.schedule.to_string(),
            status: prescription.status().to_string(),
            over: matches!(prescription.status(), Status::Completed | Status::OnItsWay | Status::Closed(_)),
            issued: face.issued.to_string(),
            remaining: match prescription.remaining(&house.profile, at) {
                Ok(Some(quantity)) => crate::showing::in_words(&quantity),
                Ok(None) => "nothing".to_owned(),
                Err(refusal) => refusal.what.into_owned(),
            },
            not_before: face
                .earliest_fill
                .filter(|day| *day > at.date())
                .map(|day| day.to_string())
                .unwrap_or_default(),
            note: text(Element::Note).to_owned(),
        }
    }
}

/// A deadline in words: a day, or a time by the clock of the place.
fn due_in_words(house: &House, due: Option<When>) -> String {
    match due {
        None => "at once".to_owned(),
        Some(When::Instant(at)) => house.clock.wall(at.timestamp),
        Some(When::Day(day)) => day.to_string(),
    }
}

/// A code of a record in words: `notify-prescriber` as `notify prescriber`.
fn plain(code: &str) -> String {
    code.replace('-', " ")
}
