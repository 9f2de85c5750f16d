//! What was typed at the desk, read with its bounds; a field that cannot be read is refused by its name.

use crate::house::House;
use crate::house::record::Fault;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use theriac_model::{DeaNumber, Ndc, Refusal};

/// The longest text of one field, in characters.
const FIELD_CHARS_MAX: usize = 2_000;

/// The fields of a form, in order; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

/// Something typed that cannot be read.
pub(crate) fn wrong(
    field: impl Into<std::borrow::Cow<'static, str>>,
    what: impl Into<std::borrow::Cow<'static, str>>,
    next: &'static str,
) -> Fault {
    Refusal::new("BOOKS-FORM", "-", what, next).about(field).into()
}

impl Typed {
    /// A field, trimmed; empty when absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field that may be absent.
    pub(crate) fn maybe(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.get(name) == "yes"
    }

    /// A text that must be there.
    pub(crate) fn text(&self, name: &'static str) -> Result<String, Fault> {
        let text = self.get(name);
        if text.is_empty() {
            return Err(wrong(name, format!("{name} is empty"), "enter it"));
        }
        if text.chars().count() > FIELD_CHARS_MAX {
            return Err(wrong(name, format!("{name} is longer than {FIELD_CHARS_MAX} characters"), "say it shorter"));
        }
        Ok(text.to_owned())
    }

    /// A field that is one of a list of words.
    pub(crate) fn word<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        parse(self.get(name))
            .ok_or_else(|| wrong(name, format!("{name} is none of those to choose from"), "choose one"))
    }

    /// A day.
    pub(crate) fn day(&self, name: &'static str) -> Result<Date, Fault> {
        let day = self.get(name).parse();
        day.map_err(|_| wrong(name, format!("{name} is not a day such as 2026-03-31"), "enter the day"))
    }

    /// A day that may be absent.
    pub(crate) fn maybe_day(&self, name: &'static str) -> Result<Option<Date>, Fault> {
        if self.get(name).is_empty() { Ok(None) } else { self.day(name).map(Some) }
    }

    /// A time by the clock of the place, such as `2026-03-31T14:05`, or an instant; now when nothing was typed.
    pub(crate) fn time(&self, name: &'static str, house: &House) -> Result<Timestamp, Fault> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(house.clock.now());
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(instant);
        }
        let wall: Option<DateTime> = text.parse().ok();
        let at = wall.and_then(|wall| wall.to_zoned(house.clock.zone()).ok()).map(|zoned| zoned.timestamp());
        at.ok_or_else(|| wrong(name, format!("{name} is not a time such as 2026-03-31T14:05"), "enter day and time"))
    }

    /// A whole number from 0; `absent` where nothing was typed.
    pub(crate) fn whole(&self, name: &str, absent: Option<u32>) -> Result<u32, Fault> {
        let text = self.get(name);
        match (text.is_empty(), absent) {
            (true, Some(absent)) => Ok(absent),
            _ => text.parse().map_err(|_| {
                wrong(name.to_owned(), format!("{name} is not a whole number from 0"), "enter the number")
            }),
        }
    }

    /// A registration number.
    pub(crate) fn dea(&self, name: &'static str) -> Result<DeaNumber, Fault> {
        let text = self.get(name).to_ascii_uppercase();
        DeaNumber::parse(&text).map_err(|error| wrong(name, format!("{name}: {error}"), "enter the DEA number again"))
    }

    /// A product's code.
    pub(crate) fn ndc(&self, name: &'static str) -> Result<Ndc, Fault> {
        Ndc::parse(self.get(name))
            .map_err(|error| wrong(name, format!("{name}: {error}"), "scan or enter the NDC again"))
    }
}
