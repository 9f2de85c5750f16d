//! Records of what moves and is printed that no core keeps: labels, printouts that were asked for, care facilities and their
//! residents. Who and when stand in the entry's head.

use crate::house::record::Recorded;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::vocab::RefillSystem;
use theriac_model::DeaNumber;
use theriac_model::json::{BadField, Reader};
use theriac_pharmacy::MethodChosen;

/// A label that came out of a printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LabelPrinted {
    /// The prescription's number, or the stream of a transmission that is filled here for another pharmacy.
    pub(crate) of: String,
    /// Which filling.
    pub(crate) no: u32,
    /// 1 for the first print of a filling's label; more for each later one.
    pub(crate) copy: u32,
    /// `pdf` or `zpl`.
    pub(crate) format: String,
    /// Why it was printed again; empty for the first.
    pub(crate) why: String,
}

/// What class a care facility is of (21 CFR 1300.01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A nursing home.
    Nursing,
    /// Retirement care.
    Retirement,
    /// Mental care.
    Mental,
    /// Another institution that gives extended care to residents.
    Other,
}

impl Class {
    pub(crate) const ALL: [Self; 4] = [Self::Nursing, Self::Retirement, Self::Mental, Self::Other];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Nursing => "nursing-home",
            Self::Retirement => "retirement-care",
            Self::Mental => "mental-care",
            Self::Other => "other-extended-care",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }
}

/// A long term care facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facility {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) class: Class,
    pub(crate) address: String,
    /// Its registration; `None` for one that is not registered.
    pub(crate) registration: Option<DeaNumber>,
}

/// A patient, as facilities and prescriptions name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resident {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) born: Date,
}

impl Resident {
    /// By what the same person is found again: names without regard to case, and the date of birth.
    pub(crate) fn key(&self) -> String {
        format!("{}|{}|{}", self.last.trim().to_lowercase(), self.first.trim().to_lowercase(), self.born)
    }
}

/// From when to when a patient lives in a facility; both days count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) id: String,
    pub(crate) facility: String,
    pub(crate) resident: Resident,
    pub(crate) from: Date,
    /// `None` while it lasts.
    pub(crate) until: Option<Date>,
}

/// A facility's question about drugs to be disposed of, and what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DisposalAdvice {
    pub(crate) facility: String,
    pub(crate) question: String,
    /// The field office of DEA that was named.
    pub(crate) office: String,
    /// The State's guidance that was named.
    pub(crate) guidance: String,
    pub(crate) answer: String,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MovedEvent {
    LabelPrinted(LabelPrinted),
    /// A printout of refills was asked for; the entry's time begins the 48 hours.
    TrailAsked {
        id: String,
        by: String,
        what: String,
    },
    /// It was sent.
    TrailSent {
        id: String,
        how: String,
    },
    FacilityListed(Facility),
    /// A stay begins, or its record is replaced by one with its end.
    Stay(Stay),
    DisposalAsked(DisposalAdvice),
}

impl MovedEvent {
    /// The stream it belongs to.
    pub(crate) fn stream(&self) -> String {
        match self {
            Self::LabelPrinted(label) => format!("label/{}", label.of),
            Self::TrailAsked { id, .. } | Self::TrailSent { id, .. } => format!("trail/{id}"),
            Self::FacilityListed(facility) => format!("facility/{}", facility.id),
            Self::Stay(stay) => format!("stay/{}", stay.id),
            Self::DisposalAsked(advice) => format!("facility/{}", advice.facility),
        }
    }
}

impl Recorded for MovedEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::LabelPrinted(_) => "label.printed",
            Self::TrailAsked { .. } => "trail.asked",
            Self::TrailSent { .. } => "trail.sent",
            Self::FacilityListed(_) => "facility.listed",
            Self::Stay(_) => "facility.stay",
            Self::DisposalAsked(_) => "facility.disposal-asked",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::LabelPrinted(label) => json!({
                "copy": label.copy, "format": label.format, "no": label.no, "of": label.of, "why": label.why,
            }),
            Self::TrailAsked { id, by, what } => json!({"by": by, "id": id, "what": what}),
            Self::TrailSent { id, how } => json!({"how": how, "id": id}),
            Self::FacilityListed(facility) => json!({
                "address": facility.address,
                "class": facility.class.word(),
                "id": facility.id,
                "name": facility.name,
                "registration": facility.registration.map(|number| number.to_string()),
            }),
            Self::Stay(stay) => json!({
                "born": stay.resident.born.to_string(),
                "facility": stay.facility,
                "first": stay.resident.first,
                "from": stay.from.to_string(),
                "id": stay.id,
                "last": stay.resident.last,
                "until": stay.until.map(|day| day.to_string()),
            }),
            Self::DisposalAsked(advice) => json!({
                "answer": advice.answer,
                "facility": advice.facility,
                "guidance": advice.guidance,
                "office": advice.office,
                "question": advice.question,
            }),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<MovedEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    let day = |field: &str| body.parsed(field, "a date", |text| text.parse::<Date>().ok());
    let count = |field: &str| {
        let bad = |_| BadField { field: field.to_owned(), expected: "a count" };
        u32::try_from(body.whole(field)?).map_err(bad)
    };
    Ok(match kind {
        "label.printed" => MovedEvent::LabelPrinted(LabelPrinted {
            of: own("of")?,
            no: count("no")?,
            copy: count("copy")?,
            format: own("format")?,
            why: own("why")?,
        }),
        "trail.asked" => MovedEvent::TrailAsked { id: own("id")?, by: own("by")?, what: own("what")? },
        "trail.sent" => MovedEvent::TrailSent { id: own("id")?, how: own("how")? },
        "facility.listed" => MovedEvent::FacilityListed(Facility {
            id: own("id")?,
            name: own("name")?,
            class: body.parsed("class", "a class of facility", Class::parse)?,
            address: own("address")?,
            registration: match body.maybe_text("registration")? {
                None => None,
                Some(_) => Some(body.parsed("registration", "a DEA number", |text| DeaNumber::parse(text).ok())?),
            },
        }),
        "facility.stay" => MovedEvent::Stay(Stay {
            id: own("id")?,
            facility: own("facility")?,
            resident: Resident { first: own("first")?, last: own("last")?, born: day("born")? },
            from: day("from")?,
            until: match body.maybe_text("until")? {
                None => None,
                Some(_) => Some(day("until")?),
            },
        }),
        "facility.disposal-asked" => MovedEvent::DisposalAsked(DisposalAdvice {
            facility: own("facility")?,
            question: own("question")?,
            office: own("office")?,
            guidance: own("guidance")?,
            answer: own("answer")?,
        }),
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of this desk's records" }),
    })
}

/// The choice of the one system in which refills are kept.
impl Recorded for MethodChosen {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn body(&self) -> Value {
        self.to_json()
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        Self::from_json(kind, body).map_err(|error| error.to_string())
    }
}

/// A system of refills in words.
pub(crate) const fn system_in_words(system: RefillSystem) -> &'static str {
    match system {
        RefillSystem::Manual => "by hand, on the prescription",
        RefillSystem::Computer => "in the computer",
        RefillSystem::Part1311 => "with the electronic prescription",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_record_of_the_desk_is_read_back() {
        let text = |text: &str| text.to_owned();
        let stay = Stay {
            id: text("s"),
            facility: text("f"),
            resident: Resident { first: text("Pat"), last: text("Sample"), born: date(1961, 5, 17) },
            from: date(2026, 3, 1),
            until: None,
        };
        let facility = Facility {
            id: text("f"),
            name: text("n"),
            class: Class::Nursing,
            address: text("a"),
            registration: DeaNumber::parse("AB1234563").ok(),
        };
        for event in [
            MovedEvent::LabelPrinted(LabelPrinted {
                of: text("0000001"),
                no: 1,
                copy: 2,
                format: text("zpl"),
                why: text("torn"),
            }),
            MovedEvent::TrailAsked { id: text("i"), by: text("b"), what: text("w") },
            MovedEvent::TrailSent { id: text("i"), how: text("h") },
            MovedEvent::FacilityListed(Facility { registration: None, ..facility.clone() }),
            MovedEvent::FacilityListed(facility),
            MovedEvent::Stay(Stay { until: Some(date(2026, 4, 1)), ..stay.clone() }),
            MovedEvent::Stay(stay),
            MovedEvent::DisposalAsked(DisposalAdvice {
                facility: text("f"),
                question: text("q"),
                office: text("o"),
                guidance: text("g"),
                answer: text("a"),
            }),
        ] {
            assert_eq!(MovedEvent::read(event.kind(), &event.body()), Ok(event));
        }
        assert!(MovedEvent::read("label.lost", &json!({})).is_err());
    }
}
