//! The canonical form of a prescription's contents: the bytes that are signed.
//!
//! A message may be re-laid by intermediaries (1311.130 of 2008 and 21 CFR 1311.170(e) let the format change, never the
//! content), so the signature covers the contents and not the message. Each element has a tag; its value is normalised
//! (white space folded, dates and decimals and codes in one spelling) and written with its length in front, in a fixed
//! order, so that no two different contents share bytes:
//!
//! ```text
//! theriac-prescription/1\n
//! issued 10:2026-03-02\n
//! patient.last 5:Sample\n
//! ...
//! ```
//!
//! The number counts the value's bytes in UTF-8. Absent elements are left out. The layout is version 1 for ever; a change
//! of meaning gets a new first line.

use crate::contents::{Address, Contents, Missing, Patient, PersonName, Practitioner};
use crate::decimal::Decimal;
use crate::drug::{self, Drug, Ndc};
use crate::ids::Registration;
use crate::quantity::{DrugUnit, Quantity};
use crate::schedule::Schedule;
use crate::service::{Branch, ServiceId, masked};
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt;

/// The first line of the bytes.
pub const HEADING: &[u8] = b"theriac-prescription/1\n";

/// The longest value an element may have, in bytes after normalisation.
pub const VALUE_BYTES_MAX: usize = 4096;

/// How an element's text is normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// White space folded to single spaces, ends trimmed; nothing else changes.
    Text,
    /// `yyyy-mm-dd`; the date part of an instant is taken.
    Day,
    /// UTC with whole seconds and `Z`.
    Instant,
    /// Two letters, upper case.
    State,
    /// A ZIP code: five digits, with four more after a hyphen where present.
    Postal,
    /// A registration number with any internal code, or the branch of an exempt official.
    Registration,
    /// A service identification number.
    ServiceId,
    /// An exact decimal.
    Number,
    /// A whole number up to 65,535.
    Count,
    /// A quantity unit's name.
    Unit,
    /// A dosage form's name.
    Form,
    /// An NDC of 11 or 12 digits.
    Ndc,
    /// `I` to `V`.
    Schedule,
}

macro_rules! elements {
    ($($(#[$doc:meta])* $name:ident $tag:literal $kind:ident $need:ident;)*) => {
        /// One element of a prescription's contents, in the order in which they are written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Element { $($(#[$doc])* $name,)* }

        impl Element {
            /// All elements, in canonical order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The element's name in the signed bytes, in records and in refusals.
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$name => $tag,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            /// Whether every controlled-substance prescription must bear it, or only some.
            pub const fn need(self) -> Need {
                match self { $(Self::$name => Need::$need,)* }
            }
        }
    };
}

/// Whether an element must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// 21 CFR 1306.05(a), 2008: 1311.115(b).
    Required,
    /// Only where the prescription or the practitioner calls for it.
    Conditional,
}

elements! {
    /// Day of issue, 1306.05(a).
    Issued "issued" Day Required;
    /// Instant of signing, 2008: 1311.115(b)(5). Travels in the signature, not in the message.
    SignedAt "signed-at" Instant Conditional;
    /// Patient's last name.
    PatientLast "patient.last" Text Required;
    /// Patient's first name.
    PatientFirst "patient.first" Text Required;
    /// Patient's middle name.
    PatientMiddle "patient.middle" Text Conditional;
    /// Patient's suffix.
    PatientSuffix "patient.suffix" Text Conditional;
    /// Patient's date of birth.
    PatientBorn "patient.born" Day Conditional;
    /// Patient's street address.
    PatientLine1 "patient.address.line1" Text Required;
    /// Patient's address, second line.
    PatientLine2 "patient.address.line2" Text Conditional;
    /// Patient's city.
    PatientCity "patient.address.city" Text Required;
    /// Patient's State.
    PatientState "patient.address.state" State Required;
    /// Patient's ZIP code.
    PatientPostal "patient.address.postal" Postal Required;
    /// Practitioner's last name.
    PractitionerLast "practitioner.last" Text Required;
    /// Practitioner's first name.
    PractitionerFirst "practitioner.first" Text Required;
    /// Practitioner's middle name.
    PractitionerMiddle "practitioner.middle" Text Conditional;
    /// Practitioner's suffix.
    PractitionerSuffix "practitioner.suffix" Text Conditional;
    /// Practitioner's street address.
    PractitionerLine1 "practitioner.address.line1" Text Required;
    /// Practitioner's address, second line.
    PractitionerLine2 "practitioner.address.line2" Text Conditional;
    /// Practitioner's city.
    PractitionerCity "practitioner.address.city" Text Required;
    /// Practitioner's State.
    PractitionerState "practitioner.address.state" State Required;
    /// Practitioner's ZIP code.
    PractitionerPostal "practitioner.address.postal" Postal Required;
    /// DEA registration number, with internal code; for an exempt official `exempt-` and the branch of service or agency.
    Registration "practitioner.registration" Registration Required;
    /// Service identification number of an exempt official, 1306.05(h) of 2008.
    ServiceId "practitioner.service-id" ServiceId Conditional;
    /// Identification number for detoxification or maintenance treatment, 1306.05(b) of 2008.
    TreatmentId "practitioner.treatment-id" Text Conditional;
    /// Drug name.
    DrugName "drug.name" Text Required;
    /// Drug strength.
    DrugStrength "drug.strength" Text Required;
    /// Dosage form.
    DrugForm "drug.form" Form Required;
    /// NDC of the product chosen.
    DrugNdc "drug.ndc" Ndc Conditional;
    /// Schedule.
    DrugSchedule "drug.schedule" Schedule Conditional;
    /// Number of units prescribed.
    QuantityValue "quantity.value" Number Required;
    /// What the number counts.
    QuantityUnit "quantity.unit" Unit Required;
    /// Directions for use.
    Directions "directions" Text Required;
    /// Refills authorised.
    Refills "refills" Count Conditional;
    /// Earliest fill date, 1306.12(b).
    EarliestFill "earliest-fill" Day Conditional;
    /// Days of supply.
    DaysSupply "days-supply" Count Conditional;
    /// Remarks on the face, such as the medical need of 1306.05(c) of 2008.
    Note "note" Text Conditional;
}

impl Element {
    /// The element with this tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|element| element.tag() == tag)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

const ELEMENTS: usize = Element::ALL.len();

/// The elements a prescription bears, each normalised. May be incomplete: what arrives is kept as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalContents {
    values: [Option<Box<str>>; ELEMENTS],
}

impl Default for CanonicalContents {
    fn default() -> Self {
        Self { values: [const { None }; ELEMENTS] }
    }
}

/// Why a value or the signed bytes are not canonical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// The text does not fit the element: no such date, number, code or registration.
    #[error("{element}: {problem}")]
    Value {
        /// Where.
        element: Element,
        /// What is wrong with it.
        problem: String,
    },
    /// The element was given twice.
    #[error("{0} is given more than once")]
    Twice(Element),
    /// The bytes do not begin with the heading of version 1.
    #[error("not the bytes of a prescription of layout version 1")]
    Heading,
    /// The bytes break off, or a length is wrong, at this offset.
    #[error("the bytes are damaged at offset {0}")]
    Damaged(usize),
    /// A tag that version 1 does not have, out of order, or a value not in its normal form.
    #[error("an element is unknown, out of order or not in its normal form at offset {0}")]
    NotNormal(usize),
}

/// One way in which what arrived differs from what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The element.
    pub element: Element,
    /// What happened to it.
    pub kind: DifferenceKind,
}

/// What happened to an element between signing and arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Another value arrived.
    Changed,
    /// Signed, and did not arrive.
    Missing,
    /// Arrived, and was not signed.
    Added,
}

impl DifferenceKind {
    /// `changed`, `missing` or `added`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Added => "added",
        }
    }
}

impl CanonicalContents {
    /// The value of an element, normalised.
    pub fn get(&self, element: Element) -> Option<&str> {
        self.values[element as usize].as_deref()
    }

    /// Sets an element once. White space alone counts as absent and leaves it unset.
    ///
    /// # Errors
    /// [`NotCanonical::Value`] when the text does not fit the element, [`NotCanonical::Twice`] when it is already set.
    pub fn set(&mut self, element: Element, text: &str) -> Result<(), NotCanonical> {
        let value = normalise(element, text)?;
        if value.is_empty() {
            return Ok(());
        }
        let slot = &mut self.values[element as usize];
        if slot.is_some() {
            return Err(NotCanonical::Twice(element));
        }
        *slot = Some(value.into_boxed_str());
        Ok(())
    }

    /// Takes an element out, as when it travels elsewhere.
    pub fn clear(&mut self, element: Element) {
        self.values[element as usize] = None;
    }

    /// The elements present, in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (Element, &str)> {
        Element::ALL.iter().filter_map(|&element| self.get(element).map(|value| (element, value)))
    }

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        out.extend_from_slice(HEADING);
        for (element, value) in self.iter() {
            out.extend_from_slice(element.tag().as_bytes());
            out.push(b' ');
            out.extend_from_slice(value.len().to_string().as_bytes());
            out.push(b':');
            out.extend_from_slice(value.as_bytes());
            out.push(b'\n');
        }
        out
    }

    /// Reads canonical bytes. Only the exact bytes [`CanonicalContents::to_bytes`] writes are accepted.
    ///
    /// # Errors
    /// [`NotCanonical::Heading`], [`NotCanonical::Damaged`], [`NotCanonical::NotNormal`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let mut rest = bytes.strip_prefix(HEADING).ok_or(NotCanonical::Heading)?;
        let mut contents = Self::default();
        let mut last: Option<Element> = None;
        while !rest.is_empty() {
            let at = bytes.len() - rest.len();
            let damaged = || NotCanonical::Damaged(at);
            let (tag, after) = split_once(rest, b' ', 40).ok_or_else(damaged)?;
            let (length, after) = split_once(after, b':', 5).ok_or_else(damaged)?;
            let length = plain_length(length).ok_or_else(damaged)?;
            let value = after.get(..length).ok_or_else(damaged)?;
            if after.get(length) != Some(&b'\n') {
                return Err(damaged());
            }
            rest = &after[length + 1..];
            let not_normal = || NotCanonical::NotNormal(at);
            let tag = std::str::from_utf8(tag).map_err(|_| damaged())?;
            let value = std::str::from_utf8(value).map_err(|_| damaged())?;
            let element = Element::from_tag(tag).ok_or_else(not_normal)?;
            let in_order = last.is_none_or(|last| last < element);
            if !in_order || value.is_empty() || normalise(element, value).as_deref() != Ok(value) {
                return Err(not_normal());
            }
            contents.values[element as usize] = Some(value.into());
            last = Some(element);
        }
        Ok(contents)
    }

    /// The elements as one JSON object, tag by tag, for records and interfaces.
    pub fn to_json(&self) -> serde_json::Value {
        self.iter().map(|(element, value)| (element.tag().to_owned(), serde_json::Value::from(value))).collect()
    }

    /// Reads what [`CanonicalContents::to_json`] writes; values are normalised again.
    ///
    /// # Errors
    /// Names the member that is no element, no string, or does not fit its element.
    pub fn from_json(value: &serde_json::Value) -> Result<Self, crate::json::BadField> {
        let bad = |field: &str, expected| crate::json::BadField { field: field.to_owned(), expected };
        let members = value.as_object().ok_or_else(|| bad("contents", "an object"))?;
        let mut contents = Self::default();
        for (tag, value) in members {
            let element = Element::from_tag(tag).ok_or_else(|| bad(tag, "an element of a prescription"))?;
            let text = value.as_str().ok_or_else(|| bad(tag, "a string"))?;
            contents.set(element, text).map_err(|_| bad(tag, "a value that fits the element"))?;
        }
        Ok(contents)
    }

    /// How `arrived` differs from these, element by element, in canonical order. Empty when the contents are the same.
    pub fn differences(&self, arrived: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for &element in Element::ALL {
            let kind = match (self.get(element), arrived.get(element)) {
                (Some(signed), Some(arrived)) if signed != arrived => DifferenceKind::Changed,
                (Some(_), None) => DifferenceKind::Missing,
                (None, Some(_)) => DifferenceKind::Added,
                _ => continue,
            };
            found.push(Difference { element, kind });
        }
        found
    }

    /// The required elements that are absent, in canonical order; of an exempt official also the service identification number.
    pub fn missing(&self) -> Vec<Element> {
        let asked = |element: Element| {
            element.need() == Need::Required || (element == Element::ServiceId && self.exempt_branch().is_some())
        };
        Element::ALL.iter().copied().filter(|&element| asked(element) && self.get(element).is_none()).collect()
    }

    /// The registration that stands there.
    pub fn registration(&self) -> Option<Registration> {
        Registration::parse(self.get(Element::Registration)?).ok()
    }

    /// The branch of an official who prescribes without a registration.
    pub fn exempt_branch(&self) -> Option<Branch> {
        match self.registration()? {
            Registration::Exempt(branch) => Some(branch),
            Registration::Own(_) | Registration::Institutional { .. } => None,
        }
    }

    /// The same elements as whoever does not hold the prescription itself may see them: a service identification number is
    /// masked.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut shown = self.clone();
        let id = &mut shown.values[Element::ServiceId as usize];
        *id = id.take().map(|id| masked(&id).into_boxed_str());
        shown
    }
}

fn split_once(bytes: &[u8], at: u8, within: usize) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().take(within).position(|&b| b == at)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// A length without sign or leading zeros, at most [`VALUE_BYTES_MAX`].
fn plain_length(digits: &[u8]) -> Option<usize> {
    let plain = !digits.is_empty() && digits[0] != b'0' && digits.iter().all(u8::is_ascii_digit);
    let length = plain.then(|| digits.iter().fold(0usize, |sum, b| sum * 10 + usize::from(b - b'0')))?;
    (length <= VALUE_BYTES_MAX).then_some(length)
}

/// XML's white space and Unicode's other space separators, so that re-layout cannot change a value.
fn fold_white_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn normalise(element: Element, text: &str) -> Result<String, NotCanonical> {
    let text = fold_white_space(text);
    if text.is_empty() {
        return Ok(text);
    }
    let bad = |problem: String| NotCanonical::Value { element, problem };
    if text.len() > VALUE_BYTES_MAX {
        return Err(bad(format!("longer than {VALUE_BYTES_MAX} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(bad("holds control characters".to_owned()));
    }
    Ok(match element.kind() {
        Kind::Text => text,
        Kind::Day => day(&text).ok_or_else(|| bad("not a calendar date (yyyy-mm-dd)".to_owned()))?.to_string(),
        Kind::Instant => {
            let instant: Timestamp = text.parse().map_err(|_| bad("not an instant with its offset".to_owned()))?;
            if instant.subsec_nanosecond() != 0 {
                return Err(bad("an instant here has whole seconds".to_owned()));
            }
            instant.to_string()
        }
        Kind::State => {
            let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
            fits.then(|| text.to_ascii_uppercase()).ok_or_else(|| bad("not a two-letter State".to_owned()))?
        }
        Kind::Postal => postal(&text).ok_or_else(|| bad("not a ZIP code of five or nine digits".to_owned()))?,
        Kind::Registration => Registration::parse(&text).map_err(|error| bad(error.to_string()))?.to_string(),
        Kind::ServiceId => ServiceId::parse(&text).map_err(|error| bad(error.to_string()))?.reveal().to_owned(),
        Kind::Number => Decimal::parse(&text).map_err(|error| bad(error.to_string()))?.to_string(),
        Kind::Count => {
            let digits = text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
            let count = if digits { text.parse::<u16>().ok() } else { None };
            count.ok_or_else(|| bad("not a whole number up to 65535".to_owned()))?.to_string()
        }
        Kind::Unit => DrugUnit::read(&text).name().into_owned(),
        Kind::Form => drug::form_name(&text).map_or(text, str::to_owned),
        Kind::Ndc => Ndc::parse(&text).map_err(|error| bad(error.to_string()))?.as_str().to_owned(),
        Kind::Schedule => {
            Schedule::parse(&text).ok_or_else(|| bad("not a schedule I to V".to_owned()))?.roman().to_owned()
        }
    })
}

/// The date of `yyyy-mm-dd` or of an instant that begins so; the offset does not move the day the writer wrote.
fn day(text: &str) -> Option<Date> {
    let head = text.get(..10)?;
    let date_only = text.len() == 10;
    let instant = || text.as_bytes().get(10) == Some(&b'T') && text.parse::<jiff::civil::DateTime>().is_ok();
    let with_offset = || text.as_bytes().get(10) == Some(&b'T') && text.parse::<Timestamp>().is_ok();
    let shaped = head.as_bytes()[4] == b'-' && head.as_bytes()[7] == b'-';
    (shaped && (date_only || with_offset() || instant())).then(|| head.parse().ok()).flatten()
}

fn postal(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        5 => Some(digits),
        9 => Some(format!("{}-{}", &digits[..5], &digits[5..])),
        _ => None,
    }
}

impl Contents {
    /// The canonical form.
    ///
    /// # Errors
    /// [`NotCanonical::Value`] when a text is too long or holds control characters, or a State, ZIP code is not one.
    pub fn canonical(&self) -> Result<CanonicalContents, NotCanonical> {
        let mut out = CanonicalContents::default();
        out.set(Element::Issued, &self.issued.to_string())?;
        out.set(Element::SignedAt, &self.signed_at.to_string())?;
        let patient = &self.patient;
        let name = [Element::PatientLast, Element::PatientFirst, Element::PatientMiddle, Element::PatientSuffix];
        set_name(&mut out, &patient.name, name)?;
        if let Some(born) = patient.born {
            out.set(Element::PatientBorn, &born.to_string())?;
        }
        set_address(&mut out, &patient.address, PATIENT_ADDRESS)?;
        let practitioner = &self.practitioner;
        set_name(&mut out, &practitioner.name, PRACTITIONER_NAME)?;
        set_address(&mut out, &practitioner.address, PRACTITIONER_ADDRESS)?;
        out.set(Element::Registration, &practitioner.registration.to_string())?;
        out.set(Element::ServiceId, practitioner.service_id.as_ref().map_or("", ServiceId::reveal))?;
        out.set(Element::DrugName, &self.drug.name)?;
        out.set(Element::DrugStrength, &self.drug.strength)?;
        out.set(Element::DrugForm, &self.drug.form)?;
        if let Some(ndc) = &self.drug.ndc {
            out.set(Element::DrugNdc, ndc.as_str())?;
        }
        if let Some(schedule) = self.drug.schedule {
            out.set(Element::DrugSchedule, schedule.roman())?;
        }
        out.set(Element::QuantityValue, &self.quantity.value().to_string())?;
        out.set(Element::QuantityUnit, &self.quantity.unit().name())?;
        out.set(Element::Directions, &self.directions)?;
        out.set(Element::Refills, &self.refills.to_string())?;
        if let Some(earliest) = self.earliest_fill {
            out.set(Element::EarliestFill, &earliest.to_string())?;
        }
        if let Some(days) = self.days_supply {
            out.set(Element::DaysSupply, &days.to_string())?;
        }
        out.set(Element::Note, self.note.as_deref().unwrap_or_default())?;
        Ok(out)
    }

    /// The complete contents, read from their canonical form.
    ///
    /// # Errors
    /// Every required element that is absent or does not serve, in canonical order; also `signed-at`, and a quantity
    /// that cannot be counted.
    pub fn from_canonical(canonical: &CanonicalContents) -> Result<Self, Vec<Missing>> {
        let mut absent: Vec<Missing> =
            canonical.missing().into_iter().map(|element| Missing { element, problem: None }).collect();
        if canonical.get(Element::SignedAt).is_none() {
            absent.push(Missing { element: Element::SignedAt, problem: None });
        }
        if let (Some(branch), Some(id)) = (canonical.exempt_branch(), canonical.get(Element::ServiceId))
            && let Err(problem) = ServiceId::of(branch, id)
        {
            absent.push(Missing { element: Element::ServiceId, problem: Some(problem.to_string()) });
        }
        let quantity = read_quantity(canonical);
        if let Err(Some(problem)) = &quantity {
            absent.push(Missing { element: Element::QuantityValue, problem: Some(problem.clone()) });
        }
        let read = Reading(canonical);
        let complete = (|| {
            Some(Self {
                issued: read.parsed(Element::Issued)?,
                signed_at: read.parsed(Element::SignedAt)?,
                patient: Patient {
                    name: read.name([
                        Element::PatientLast,
                        Element::PatientFirst,
                        Element::PatientMiddle,
                        Element::PatientSuffix,
                    ])?,
                    address: read.address(PATIENT_ADDRESS)?,
                    born: read.parsed(Element::PatientBorn),
                },
                practitioner: Practitioner {
                    name: read.name(PRACTITIONER_NAME)?,
                    address: read.address(PRACTITIONER_ADDRESS)?,
                    registration: canonical.registration()?,
                    service_id: canonical.get(Element::ServiceId).and_then(|text| ServiceId::parse(text).ok()),
                },
                drug: Drug {
                    name: read.text(Element::DrugName)?,
                    strength: read.text(Element::DrugStrength)?,
                    form: read.text(Element::DrugForm)?,
                    ndc: canonical.get(Element::DrugNdc).and_then(|text| Ndc::parse(text).ok()),
                    schedule: canonical.get(Element::DrugSchedule).and_then(Schedule::parse),
                },
                quantity: quantity.ok()?,
                directions: read.text(Element::Directions)?,
                refills: read.parsed(Element::Refills).unwrap_or(0),
                earliest_fill: read.parsed(Element::EarliestFill),
                days_supply: read.parsed(Element::DaysSupply),
                note: read.text(Element::Note),
            })
        })();
        match complete {
            Some(contents) if absent.is_empty() => Ok(contents),
            _ => {
                absent.sort_by_key(|missing| missing.element);
                absent.dedup_by_key(|missing| missing.element);
                Err(absent)
            }
        }
    }
}

const PRACTITIONER_NAME: [Element; 4] =
    [Element::PractitionerLast, Element::PractitionerFirst, Element::PractitionerMiddle, Element::PractitionerSuffix];
const PATIENT_ADDRESS: [Element; 5] =
    [Element::PatientLine1, Element::PatientLine2, Element::PatientCity, Element::PatientState, Element::PatientPostal];
const PRACTITIONER_ADDRESS: [Element; 5] = [
    Element::PractitionerLine1,
    Element::PractitionerLine2,
    Element::PractitionerCity,
    Element::PractitionerState,
    Element::PractitionerPostal,
];

fn set_name(out: &mut CanonicalContents, name: &PersonName, at: [Element; 4]) -> Result<(), NotCanonical> {
    let parts = [Some(name.last.as_str()), Some(name.first.as_str()), name.middle.as_deref(), name.suffix.as_deref()];
    for (element, part) in at.into_iter().zip(parts) {
        out.set(element, part.unwrap_or_default())?;
    }
    Ok(())
}

fn set_address(out: &mut CanonicalContents, address: &Address, at: [Element; 5]) -> Result<(), NotCanonical> {
    let line2 = address.line2.as_deref().unwrap_or_default();
    for (element, part) in at.into_iter().zip([&*address.line1, line2, &address.city, &address.state, &address.postal])
    {
        out.set(element, part)?;
    }
    Ok(())
}

/// `Err(None)` when number or unit is absent, `Err(Some(problem))` when they do not make a quantity.
fn read_quantity(canonical: &CanonicalContents) -> Result<Quantity, Option<String>> {
    let value = canonical.get(Element::QuantityValue).and_then(|text| Decimal::parse(text).ok());
    let unit = canonical.get(Element::QuantityUnit).map(DrugUnit::read);
    let (Some(value), Some(unit)) = (value, unit) else { return Err(None) };
    Quantity::new(value, unit).map_err(|error| Some(error.to_string()))
}

struct Reading<'a>(&'a CanonicalContents);

impl Reading<'_> {
    fn text(&self, element: Element) -> Option<String> {
        self.0.get(element).map(str::to_owned)
    }

    fn parsed<T: std::str::FromStr>(&self, element: Element) -> Option<T> {
        self.0.get(element)?.parse().ok()
    }

    fn name(&self, [last, first, middle, suffix]: [Element; 4]) -> Option<PersonName> {
        Some(PersonName {
            last: self.text(last)?,
            first: self.text(first)?,
            middle: self.text(middle),
            suffix: self.text(suffix),
        })
    }

    fn address(&self, [line1, line2, city, state, postal]: [Element; 5]) -> Option<Address> {
        Some(Address {
            line1: self.text(line1)?,
            line2: self.text(line2),
            city: self.text(city)?,
            state: self.text(state)?,
            postal: self.text(postal)?,
        })
    }
}
