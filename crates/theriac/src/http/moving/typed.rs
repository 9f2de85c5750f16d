//! What was typed into a form of this desk, read with its bounds.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::str::FromStr;
use theriac_law::Moment;
use theriac_law::vocab::Word;
use theriac_model::{DeaNumber, Ndc, Refusal};
use theriac_pharmacy::{Pharmacy, PrescriptionNumber};

/// The fields of a form; a name that comes twice counts once.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Typed(Vec<(String, String)>);

/// Something typed that cannot be read.
pub(in crate::http) fn wrong(field: impl Into<String>, what: impl Into<String>, next: &'static str) -> Fault {
    Refusal::new("PHARM-FORM", "-", what.into(), next).about(field.into()).into()
}

impl Typed {
    pub(in crate::http) async fn of(asked: &Asked) -> Result<Self, Failure> {
        asked.read_form().await.map(Self)
    }

    /// The fields of an address.
    pub(in crate::http) fn in_address(asked: &Asked) -> Self {
        axum::extract::Query::try_from_uri(&asked.head.uri)
            .map(|axum::extract::Query(fields)| Self(fields))
            .unwrap_or_default()
    }

    pub(in crate::http) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The fields as the stock room and the till read them.
    pub(in crate::http) fn pairs(&self) -> Vec<(String, String)> {
        self.0.clone()
    }

    pub(in crate::http) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A field, trimmed; empty when absent.
    pub(in crate::http) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// A field that may be absent.
    pub(in crate::http) fn maybe(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(in crate::http) fn ticked(&self, name: &str) -> bool {
        self.get(name) == "yes"
    }

    /// A field that must be there, at most 2,000 characters.
    pub(in crate::http) fn text(&self, name: &str) -> Result<String, Fault> {
        let text = self.get(name);
        if (1..=2_000).contains(&text.chars().count()) {
            return Ok(text.to_owned());
        }
        Err(wrong(name, format!("{name} is empty or longer than 2,000 characters"), "enter it"))
    }

    /// One of a closed list of words.
    pub(in crate::http) fn word<W: Word>(&self, name: &str) -> Result<W, Fault> {
        self.one(name, W::from_word)
    }

    pub(in crate::http) fn one<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        parse(self.get(name))
            .ok_or_else(|| wrong(name, format!("{name} is none of those to choose from"), "choose one"))
    }

    pub(in crate::http) fn number<T: FromStr>(&self, name: &str) -> Result<T, Fault> {
        let text = self.get(name);
        let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .ok_or_else(|| wrong(name, format!("{name} is not a whole number"), "enter digits only"))
    }

    pub(in crate::http) fn day(&self, name: &str) -> Result<Date, Fault> {
        let day = self.get(name).parse::<Date>().ok().filter(|day| (1900..=2200).contains(&day.year()));
        day.ok_or_else(|| wrong(name, format!("{name} is not a day such as 2026-03-31"), "enter the day"))
    }

    pub(in crate::http) fn maybe_day(&self, name: &str) -> Result<Option<Date>, Fault> {
        if self.get(name).is_empty() { Ok(None) } else { self.day(name).map(Some) }
    }

    /// A time by the clock of the place; it must be there, and not in the future.
    pub(in crate::http) fn past(&self, name: &str, house: &House) -> Result<Moment, Fault> {
        let wall: Option<DateTime> = self.get(name).parse().ok();
        let at: Option<Timestamp> =
            wall.and_then(|wall| wall.to_zoned(house.clock.zone()).ok()).map(|zoned| zoned.timestamp());
        let at = at.ok_or_else(|| {
            wrong(name, format!("{name} is not a time such as 2026-03-31T14:05"), "enter day and time")
        })?;
        if at > house.clock.now() {
            return Err(wrong(name, format!("{name} lies in the future"), "enter when it happened"));
        }
        Ok(Moment { timestamp: at, offset: house.clock.zone().to_offset(at) })
    }

    pub(in crate::http) fn ndc(&self, name: &str) -> Result<Ndc, Fault> {
        Ndc::parse(self.get(name)).map_err(|error| wrong(name, error.to_string(), "scan the package, or type its NDC"))
    }

    /// A registration; none where nothing was typed.
    pub(in crate::http) fn registration(&self, name: &str) -> Result<Option<DeaNumber>, Fault> {
        let text = self.get(name).to_uppercase();
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = DeaNumber::parse(&text).map(Some);
        parsed.map_err(|error| wrong(name, error.to_string(), "compare it with the certificate of registration"))
    }

    /// A pharmacy by its four fields; what is absent is for the rulebook to miss.
    pub(in crate::http) fn pharmacy(&self, prefix: &str) -> Result<Pharmacy, Fault> {
        let get = |name: &str| self.get(&format!("{prefix}.{name}")).to_owned();
        let registration = self.registration(&format!("{prefix}.registration"))?;
        Ok(Pharmacy { name: get("name"), address: get("address"), registration, number: get("number") })
    }
}

/// The prescription that the address names.
pub(in crate::http) fn number_of(asked: &Asked) -> Result<PrescriptionNumber, Failure> {
    let next = "take the number from the queue";
    PrescriptionNumber::parse(&asked.id("number")?).map_err(|_| Failure::no_such("prescription", next))
}
