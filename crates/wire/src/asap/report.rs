//! Making a report of what was dispensed, or that nothing was.

use super::table::{Segment, Version};
use super::text::{File, Line};
use jiff::civil::{Date, DateTime, Time};
use theriac_model::{Address, DeaNumber, Decimal, Ndc, Schedule};

/// Who sends which file, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The format's version, as the State asks.
    pub version: Version,
    /// A number of the sender's own for this file.
    pub control: String,
    /// When it was made, in the pharmacy's time.
    pub created: DateTime,
    /// The sender's identifier at the programme.
    pub sender: String,
    /// The sender's name.
    pub sender_name: String,
    /// Whether the programme is to keep it.
    pub purpose: Purpose,
}

/// Whether a file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is.
    Production,
    /// It tries the connection.
    Test,
}

/// The pharmacy that dispensed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pharmacy {
    /// National Provider Identifier.
    pub npi: String,
    /// NCPDP number.
    pub ncpdp: String,
    /// DEA registration.
    pub dea: DeaNumber,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// Digits only.
    pub phone: String,
}

/// What a file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These dispensings. Those of one patient that follow each other share the patient's segment.
    Dispensings(Vec<Dispensed>),
    /// Nothing was dispensed from the first day to the last.
    Nothing {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
}

/// Whether a record is told for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// For the first time.
    New,
    /// It takes the place of what was told before.
    Revise,
    /// It never happened, or did not stay so.
    Void,
}

/// The unit of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Tablets, patches and whatever else is counted.
    Each,
    /// Millilitres.
    Millilitre,
    /// Grams.
    Gram,
}

/// How the prescription came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On paper.
    Written,
    /// By telephone.
    Telephone,
    /// By telephone in an emergency (schedule II).
    Emergency,
    /// By fax.
    Fax,
    /// Electronically.
    Electronic,
    /// From another pharmacy; from version 4.2A on.
    Transferred,
}

/// Whose name a thing bears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Family name.
    pub last: String,
    /// Given name.
    pub first: String,
}

/// To whom it was dispensed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Name.
    pub name: Person,
    /// Home.
    pub address: Address,
    /// Born.
    pub born: Date,
}

/// Who prescribed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prescriber {
    /// National Provider Identifier; empty if not known.
    pub npi: String,
    /// DEA registration, of the practitioner or the institution.
    pub dea: DeaNumber,
    /// The institution's internal code; empty for one's own registration.
    pub code: String,
    /// Name.
    pub name: Person,
}

/// An ingredient of a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingredient {
    /// Which product.
    pub ndc: Ndc,
    /// How much of it.
    pub quantity: Decimal,
    /// In which unit.
    pub unit: Unit,
}

/// What was dispensed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    /// A product.
    Packaged(Ndc),
    /// A compound of these controlled ingredients.
    Compound(Vec<Ingredient>),
}

/// One dispensing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispensed {
    /// New, revised or void.
    pub status: Status,
    /// To whom.
    pub patient: Patient,
    /// By whose order.
    pub prescriber: Prescriber,
    /// The prescription's serial number at the pharmacy.
    pub number: String,
    /// When it was written.
    pub written: Date,
    /// Refills it allows.
    pub refills: u16,
    /// When it was filled.
    pub filled: Date,
    /// 0 for the first filling.
    pub fill: u16,
    /// What.
    pub product: Product,
    /// How much.
    pub quantity: Decimal,
    /// In which unit.
    pub unit: Unit,
    /// For how many days.
    pub days: u16,
    /// How it was ordered.
    pub origin: Origin,
    /// 0 for a whole filling, else which part.
    pub part: u8,
    /// When it was handed over.
    pub sold: Option<Date>,
    /// How much was prescribed; from version 4.2A on.
    pub prescribed: Option<Decimal>,
    /// Its schedule; from version 5.0 on.
    pub schedule: Schedule,
    /// The pharmacist; from version 5.0 on in the dispensing.
    pub pharmacist: Person,
    /// The reference number of an electronic prescription; empty for others.
    pub message: String,
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn clock(time: Time) -> String {
    time.strftime("%H%M%S").to_string()
}

impl Status {
    const fn code(self) -> &'static str {
        match self {
            Self::New => "00",
            Self::Revise => "01",
            Self::Void => "02",
        }
    }
}

impl Unit {
    const fn code(self) -> &'static str {
        match self {
            Self::Each => "01",
            Self::Millilitre => "02",
            Self::Gram => "03",
        }
    }
}

impl Origin {
    /// Its code; a version that cannot say "transferred" leaves it open.
    const fn code(self, version: Version) -> &'static str {
        match self {
            Self::Written => "01",
            Self::Telephone => "02",
            Self::Emergency => "03",
            Self::Fax => "04",
            Self::Electronic => "05",
            Self::Transferred if matches!(version, Version::V4_2) => "99",
            Self::Transferred => "06",
        }
    }
}

fn line(segment: Segment, elements: &[(u8, &str)]) -> Line {
    let mut line = Line::new(segment);
    for (place, text) in elements.iter().filter(|(_, text)| !text.is_empty()) {
        line.set(*place, text);
    }
    line
}

/// A report as a file. Whether it may be sent is what [`super::check`] says of it.
pub fn report(header: &Header, pharmacy: &Pharmacy, content: &Content) -> File {
    let purpose = if header.purpose == Purpose::Test { "T" } else { "P" };
    let mut lines = vec![line(
        Segment::Th,
        &[
            (1, header.version.word()),
            (2, &header.control),
            (3, "01"),
            (5, &day(header.created.date())),
            (6, &clock(header.created.time())),
            (7, purpose),
        ],
    )];
    if let Some(header) = lines.first_mut() {
        // Written past `set`, which takes the terminator out of texts.
        header.elements.resize(8, String::new());
        header.elements.push("~".to_owned());
    }
    let days = match content {
        Content::Nothing { from, to } => format!("#{}#-#{}#", day(*from), day(*to)),
        Content::Dispensings(_) => String::new(),
    };
    lines.push(line(Segment::Is, &[(1, &header.sender), (2, &header.sender_name), (3, &days)]));
    let opened = lines.len();
    lines.push(of_pharmacy(pharmacy));
    match content {
        Content::Nothing { to, .. } => {
            lines.push(line(Segment::Pat, &[(7, "REPORT"), (8, "ZERO")]));
            lines.push(line(Segment::Dsp, &[(5, &day(*to))]));
            lines.extend([Segment::Pre, Segment::Cdi, Segment::Air].map(Line::new));
        }
        Content::Dispensings(all) => {
            let mut patient = None;
            for one in all {
                if patient != Some(&one.patient) {
                    lines.push(of_patient(&one.patient));
                    patient = Some(&one.patient);
                }
                dispensing(one, header.version, &mut lines);
            }
        }
    }
    let count = (lines.len() + 1 - opened).to_string();
    lines.push(line(Segment::Tp, &[(1, &count)]));
    let count = (lines.len() + 1).to_string();
    lines.push(line(Segment::Tt, &[(1, &header.control), (2, &count)]));
    File { lines }
}

fn of_pharmacy(pharmacy: &Pharmacy) -> Line {
    let Address { line1, line2, city, state, postal, .. } = &pharmacy.address;
    line(
        Segment::Pha,
        &[
            (1, &pharmacy.npi),
            (2, &pharmacy.ncpdp),
            (3, pharmacy.dea.as_str()),
            (4, &pharmacy.name),
            (5, line1),
            (6, line2.as_deref().unwrap_or_default()),
            (7, city),
            (8, state),
            (9, &postal.replace('-', "")),
            (10, &pharmacy.phone),
        ],
    )
}

fn of_patient(patient: &Patient) -> Line {
    let Address { line1, line2, city, state, postal, .. } = &patient.address;
    line(
        Segment::Pat,
        &[
            (7, &patient.name.last),
            (8, &patient.name.first),
            (12, line1),
            (13, line2.as_deref().unwrap_or_default()),
            (14, city),
            (15, state),
            (16, &postal.replace('-', "")),
            (18, &day(patient.born)),
            (20, "01"),
        ],
    )
}

fn dispensing(one: &Dispensed, version: Version, lines: &mut Vec<Line>) {
    let (qualifier, product) = match &one.product {
        Product::Packaged(ndc) => ("01", ndc.as_str()),
        Product::Compound(_) => ("06", "99999999999"),
    };
    let number = |value: u16| value.to_string();
    let mut record = line(
        Segment::Dsp,
        &[
            (1, one.status.code()),
            (2, &one.number),
            (3, &day(one.written)),
            (4, &number(one.refills)),
            (5, &day(one.filled)),
            (6, &number(one.fill)),
            (7, qualifier),
            (8, product),
            (9, &one.quantity.to_string()),
            (10, &number(one.days)),
            (11, one.unit.code()),
            (12, one.origin.code(version)),
            (13, &format!("{:02}", one.part)),
            (17, &one.sold.map(day).unwrap_or_default()),
            (20, &one.message),
        ],
    );
    if version >= Version::V4_2A
        && let Some(prescribed) = one.prescribed.map(|quantity| quantity.to_string())
        // Up to 4.2B the element takes whole numbers only.
        && (version == Version::V5_0 || !prescribed.contains('.'))
    {
        record.set(22, &prescribed);
    }
    if version == Version::V5_0 {
        record.set(34, schedule(one.schedule));
        record.set(35, &one.pharmacist.last);
        record.set(36, &one.pharmacist.first);
    }
    lines.push(record);
    lines.push(line(
        Segment::Pre,
        &[
            (1, &one.prescriber.npi),
            (2, one.prescriber.dea.as_str()),
            (3, &one.prescriber.code),
            (5, &one.prescriber.name.last),
            (6, &one.prescriber.name.first),
        ],
    ));
    if let Product::Compound(ingredients) = &one.product {
        for (at, ingredient) in ingredients.iter().enumerate() {
            lines.push(line(
                Segment::Cdi,
                &[
                    (1, &(at + 1).to_string()),
                    (2, "01"),
                    (3, ingredient.ndc.as_str()),
                    (4, &ingredient.quantity.to_string()),
                    (5, ingredient.unit.code()),
                ],
            ));
        }
    }
    if version < Version::V5_0 && !one.pharmacist.last.is_empty() {
        lines.push(line(Segment::Air, &[(9, &one.pharmacist.last), (10, &one.pharmacist.first)]));
    }
}

/// The schedule in version 5.0.
const fn schedule(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::I => "01",
        Schedule::II => "02",
        Schedule::III => "03",
        Schedule::IV => "04",
        Schedule::V => "05",
    }
}
