//! What was typed into a form, read with its bounds; a field that cannot be read is refused by its name.

use crate::house::House;
use crate::house::record::Fault;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::borrow::Cow;
use std::str::FromStr;
use theriac_law::Moment;
use theriac_law::vocab::Word;
use theriac_model::{DeaNumber, Ndc, Refusal};
use theriac_pharmacy::Pharmacy;

/// The longest text of one field, in characters.
const FIELD_CHARS_MAX: usize = 2_000;

/// The fields of a form, in order; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

/// Something typed that cannot be read.
pub(crate) fn wrong(
    field: impl Into<Cow<'static, str>>,
    what: impl Into<Cow<'static, str>>,
    next: &'static str,
) -> Fault {
    Refusal::new("FORM-FIELD", "-", what, next).about(field).into()
}

impl Typed {
    /// Whether nothing was sent.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A field, trimmed; empty when absent. The first counts where the name came several times.
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

    /// A text that must be there, of at most 2,000 characters.
    pub(crate) fn text(&self, name: &str) -> Result<String, Fault> {
        let text = self.get(name);
        if text.is_empty() {
            return Err(wrong(name.to_owned(), format!("{name} is empty"), "enter it"));
        }
        if text.chars().count() > FIELD_CHARS_MAX {
            let what = format!("{name} is longer than {FIELD_CHARS_MAX} characters");
            return Err(wrong(name.to_owned(), what, "say it shorter"));
        }
        Ok(text.to_owned())
    }

    /// A field that is one of a list of words.
    pub(crate) fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        parse(self.get(name))
            .ok_or_else(|| wrong(name.to_owned(), format!("{name} is none of those to choose from"), "choose one"))
    }

    /// A field that is a word of the rulebook.
    pub(crate) fn law_word<W: Word>(&self, name: &str) -> Result<W, Fault> {
        self.word(name, W::from_word)
    }

    /// A day of the years 1900 to 2200.
    pub(crate) fn day(&self, name: &str) -> Result<Date, Fault> {
        let day = self.get(name).parse::<Date>().ok().filter(|day| (1900..=2200).contains(&day.year()));
        day.ok_or_else(|| wrong(name.to_owned(), format!("{name} is not a day such as 2026-03-31"), "enter the day"))
    }

    /// A day that may be absent.
    pub(crate) fn maybe_day(&self, name: &str) -> Result<Option<Date>, Fault> {
        if self.get(name).is_empty() { Ok(None) } else { self.day(name).map(Some) }
    }

    /// A time by the clock of the place, such as `2026-03-31T14:05`, or an instant; now when nothing was typed.
    pub(crate) fn time(&self, name: &str, house: &House) -> Result<Timestamp, Fault> {
        if self.get(name).is_empty() { Ok(house.clock.now()) } else { self.instant(name, house) }
    }

    /// A time that must be there, and not in the future.
    pub(crate) fn past(&self, name: &str, house: &House) -> Result<Moment, Fault> {
        let at = self.instant(name, house)?;
        if at > house.clock.now() {
            return Err(wrong(name.to_owned(), format!("{name} lies in the future"), "enter when it happened"));
        }
        Ok(Moment { timestamp: at, offset: house.clock.zone().to_offset(at) })
    }

    fn instant(&self, name: &str, house: &House) -> Result<Timestamp, Fault> {
        let text = self.get(name);
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(instant);
        }
        let wall: Option<DateTime> = text.parse().ok();
        let at = wall.and_then(|wall| wall.to_zoned(house.clock.zone()).ok()).map(|zoned| zoned.timestamp());
        at.ok_or_else(|| {
            wrong(name.to_owned(), format!("{name} is not a time such as 2026-03-31T14:05"), "enter day and time")
        })
    }

    /// A whole number of at most nine digits.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<T, Fault> {
        let text = self.get(name);
        let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number
            .ok_or_else(|| wrong(name.to_owned(), format!("{name} is not a whole number from 0"), "enter digits only"))
    }

    /// A whole number; `absent` where nothing was typed.
    pub(crate) fn number_or<T: FromStr>(&self, name: &str, absent: T) -> Result<T, Fault> {
        if self.get(name).is_empty() { Ok(absent) } else { self.number(name) }
    }

    /// A product's code.
    pub(crate) fn ndc(&self, name: &str) -> Result<Ndc, Fault> {
        Ndc::parse(self.get(name)).map_err(|error| {
            wrong(name.to_owned(), format!("{name}: {error}"), "scan the package, or type its NDC again")
        })
    }

    /// A registration number that must be there.
    pub(crate) fn dea(&self, name: &str) -> Result<DeaNumber, Fault> {
        let text = self.get(name).to_ascii_uppercase();
        DeaNumber::parse(&text).map_err(|error| {
            let next = "compare it with the certificate of registration";
            wrong(name.to_owned(), format!("{name}: {error}"), next)
        })
    }

    /// A registration number that may be absent.
    pub(crate) fn maybe_dea(&self, name: &str) -> Result<Option<DeaNumber>, Fault> {
        if self.get(name).is_empty() { Ok(None) } else { self.dea(name).map(Some) }
    }

    /// A pharmacy by its four fields; what is absent is for the rulebook to miss.
    pub(crate) fn pharmacy(&self, prefix: &str) -> Result<Pharmacy, Fault> {
        let get = |name: &str| self.get(&format!("{prefix}.{name}")).to_owned();
        let registration = self.maybe_dea(&format!("{prefix}.registration"))?;
        Ok(Pharmacy { name: get("name"), address: get("address"), registration, number: get("number") })
    }
}
