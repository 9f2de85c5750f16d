//! A State's programme: what it collects, how soon, in which form, and whether it must be asked first.

use super::refuse;
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};
use theriac_model::{Address, Refusal, Schedule};
use theriac_prescriber::proofing::StateCode;
use theriac_wire::asap::{Element, Purpose, Version};

/// The fields of a programme: name, what it means. Forms, files and records use the same.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("state", "State, two letters"),
    ("title", "The programme's name"),
    ("cite", "Where State law says what is reported and how soon"),
    ("collects", "Schedules it collects, such as II III IV V"),
    ("hours", "Hours in which a dispensing is reported; 24 ends with the next day"),
    ("zero", "Days without a dispensing: reported or not-reported"),
    ("check", "When it must be asked before dispensing: always, new-drug, outside-area; empty if never"),
    ("covers", "Whose dispensings: pharmacy for all, patients for those to patients who live there"),
    ("version", "Version of the format: 4.2, 4.2A, 4.2B or 5.0"),
    ("purpose", "production, or test while the connection is tried"),
    ("sender", "The pharmacy's identifier at the programme"),
    ("sender_name", "The sender's name there"),
    ("npi", "The pharmacy's National Provider Identifier"),
    ("phone", "The pharmacy's telephone, ten digits"),
    ("line1", "The pharmacy's street address"),
    ("city", "City"),
    ("home", "The pharmacy's own State"),
    ("postal", "ZIP code"),
    ("required", "Elements required beside the format's own, such as PAT23 DSP22"),
    ("forbidden", "Elements that must be empty"),
    ("since", "First day of dispensing that is reported"),
];

/// The longest text of a field, in characters.
const TEXT_MOST: usize = 200;
/// The longest time to report, in hours: a month.
const HOURS_MOST: u64 = 31 * 24;

/// Whose dispensings a programme is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Covers {
    /// All that the pharmacy dispenses: the State where it is.
    Pharmacy,
    /// Those to patients who live in the State.
    Patients,
}

/// Whether days without a dispensing are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zero {
    /// Each is.
    Reported,
    /// None is.
    NotReported,
}

/// A programme as it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Programme {
    pub(crate) state: StateCode,
    pub(crate) title: String,
    pub(crate) cite: String,
    pub(crate) collects: Vec<Schedule>,
    pub(crate) hours: u64,
    pub(crate) zero: Zero,
    /// Words of the rulebook's parameter `pdmp.check`.
    pub(crate) check: Vec<String>,
    pub(crate) covers: Covers,
    pub(crate) version: Version,
    pub(crate) purpose: Purpose,
    pub(crate) sender: String,
    pub(crate) sender_name: String,
    pub(crate) npi: String,
    pub(crate) phone: String,
    pub(crate) address: Address,
    pub(crate) required: Vec<Element>,
    pub(crate) forbidden: Vec<Element>,
    pub(crate) since: Date,
}

fn wrong(field: &'static str, what: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    refuse("PDMP-PROGRAMME", what, "correct the field; the State's own guide for dispensers says what belongs there")
        .about(field)
}

fn elements(field: &'static str, text: &str) -> Result<Vec<Element>, Refusal> {
    let bad = |word: &str| wrong(field, format!("{word:?} is no element such as DSP22"));
    text.split_whitespace().map(|word| Element::parse(word).ok_or_else(|| bad(word))).collect()
}

impl Programme {
    /// Reads the fields of [`FIELDS`]; `get` answers an empty text for what is absent.
    ///
    /// # Errors
    /// `PDMP-PROGRAMME`, about the first field that cannot be used.
    pub(crate) fn read(get: impl Fn(&str) -> String) -> Result<Self, Refusal> {
        let text = |field: &'static str| {
            let value = get(field).trim().to_owned();
            let fits = !value.is_empty() && value.chars().count() <= TEXT_MOST && !value.chars().any(char::is_control);
            if fits { Ok(value) } else { Err(wrong(field, format!("{field} has 1 to {TEXT_MOST} characters"))) }
        };
        let maybe = |field: &'static str| if get(field).trim().is_empty() { Ok(String::new()) } else { text(field) };
        let one_of =
            |field: &'static str, words: &'static str| move || wrong(field, format!("{field} is one of {words}"));
        let state = text("state")?;
        let state = StateCode::parse(&state).ok_or_else(|| wrong("state", "there is no such State"))?;
        let read_schedule = |word: &str| {
            let found = Schedule::parse(word).filter(|schedule| *schedule != Schedule::I);
            found.ok_or_else(|| wrong("collects", format!("{word:?} is no schedule of II to V")))
        };
        let list = text("collects")?;
        let collects: Vec<Schedule> =
            list.split([' ', ',']).filter(|word| !word.is_empty()).map(read_schedule).collect::<Result<_, _>>()?;
        let hours = text("hours")?.parse().ok().filter(|hours| *hours <= HOURS_MOST);
        let check = maybe("check")?;
        let check: Vec<String> = check.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if check.iter().any(|word| !matches!(word.as_str(), "always" | "new-drug" | "outside-area")) {
            return Err(one_of("check", "always, new-drug, outside-area")());
        }
        let npi = maybe("npi")?;
        if !npi.is_empty() && (npi.len() != 10 || !npi.bytes().all(|b| b.is_ascii_digit())) {
            return Err(wrong("npi", "a National Provider Identifier has ten digits"));
        }
        let phone: String = get("phone").chars().filter(char::is_ascii_digit).collect();
        if phone.len() != 10 {
            return Err(wrong("phone", "a telephone number has ten digits"));
        }
        let home = text("home")?;
        let home = StateCode::parse(&home).ok_or_else(|| wrong("home", "there is no such State"))?;
        let postal = text("postal")?;
        if !postal.chars().all(|c| c.is_ascii_digit() || c == '-') {
            return Err(wrong("postal", "a ZIP code has digits"));
        }
        let since = text("since")?;
        let programme = Self {
            state,
            title: text("title")?,
            cite: text("cite")?,
            collects,
            hours: hours.ok_or_else(|| wrong("hours", format!("hours are a number from 0 to {HOURS_MOST}")))?,
            zero: match get("zero").trim() {
                "reported" => Zero::Reported,
                "not-reported" => Zero::NotReported,
                _ => return Err(one_of("zero", "reported, not-reported")()),
            },
            check,
            covers: match get("covers").trim() {
                "pharmacy" => Covers::Pharmacy,
                "patients" => Covers::Patients,
                _ => return Err(one_of("covers", "pharmacy, patients")()),
            },
            version: Version::parse(get("version").trim()).ok_or_else(one_of("version", "4.2, 4.2A, 4.2B, 5.0"))?,
            purpose: match get("purpose").trim() {
                "production" => Purpose::Production,
                "test" => Purpose::Test,
                _ => return Err(one_of("purpose", "production, test")()),
            },
            sender: text("sender")?,
            sender_name: text("sender_name")?,
            npi,
            phone,
            address: Address {
                line1: text("line1")?,
                line2: None,
                city: text("city")?,
                state: home.to_string(),
                postal,
            },
            required: elements("required", &get("required"))?,
            forbidden: elements("forbidden", &get("forbidden"))?,
            since: since.parse().map_err(|_| wrong("since", "since is a day such as 2026-03-31"))?,
        };
        programme.overlay().map(|_| programme)
    }

    /// The same fields again.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let words = |list: &[Element]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let value = |field: &str| match field {
            "state" => self.state.to_string(),
            "title" => self.title.clone(),
            "cite" => self.cite.clone(),
            "collects" => self.collects.iter().map(|schedule| schedule.roman()).collect::<Vec<_>>().join(" "),
            "hours" => self.hours.to_string(),
            "zero" => if self.zero == Zero::Reported { "reported" } else { "not-reported" }.to_owned(),
            "check" => self.check.join(" "),
            "covers" => if self.covers == Covers::Pharmacy { "pharmacy" } else { "patients" }.to_owned(),
            "version" => self.version.word().to_owned(),
            "purpose" => if self.purpose == Purpose::Production { "production" } else { "test" }.to_owned(),
            "sender" => self.sender.clone(),
            "sender_name" => self.sender_name.clone(),
            "npi" => self.npi.clone(),
            "phone" => self.phone.clone(),
            "line1" => self.address.line1.clone(),
            "city" => self.address.city.clone(),
            "home" => self.address.state.clone(),
            "postal" => self.address.postal.clone(),
            "required" => words(&self.required),
            "forbidden" => words(&self.forbidden),
            "since" => self.since.to_string(),
            _ => String::new(),
        };
        FIELDS.iter().map(|(field, _)| (*field, value(field))).collect()
    }

    /// As the journal keeps it.
    pub(crate) fn body(&self) -> Value {
        Value::Object(
            self.fields().into_iter().map(|(field, value)| (field.to_owned(), value.into())).collect::<Map<_, _>>(),
        )
    }

    /// Reads [`Programme::body`].
    pub(crate) fn of_body(body: &Value) -> Result<Self, Refusal> {
        Self::read(|field| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// The programme as State law: an overlay that the rulebook lays over the Federal one.
    fn overlay(&self) -> Result<Overlay, Refusal> {
        let quoted = |text: &str| Value::from(text).to_string();
        let cite = quoted(&self.cite);
        let list = |words: Vec<&str>| words.into_iter().map(quoted).collect::<Vec<_>>().join(", ");
        let mut text = format!("edition = \"state.{}\"\n", self.state);
        let mut set = |id: &str, value: &str| {
            text.push_str("[parameter.\"");
            text.push_str(id);
            text.push_str("\"]\nvalue = ");
            text.push_str(value);
            text.push_str("\ncite = ");
            text.push_str(&cite);
            text.push('\n');
        };
        set("pdmp.collected", &format!("[{}]", list(self.collects.iter().map(|one| one.roman()).collect())));
        set("pdmp.report.hours", &self.hours.to_string());
        if !self.check.is_empty() {
            set("pdmp.check", &format!("[{}]", list(self.check.iter().map(String::as_str).collect())));
        }
        Overlay::parse(&text).map_err(|error| wrong("collects", error.to_string()))
    }

    /// The law of the place with this State's programme over it.
    pub(crate) fn law(&self, profile: &Profile) -> Result<Profile, Refusal> {
        Ok(profile.clone().in_state(Arc::new(self.overlay()?)))
    }
}

/// What a State's law says, to begin with; whoever enters a programme compares it with the State's own guide.
pub(crate) struct Suggested {
    pub(crate) state: &'static str,
    pub(crate) title: &'static str,
    pub(crate) cite: &'static str,
    pub(crate) collects: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) zero: &'static str,
    /// What to look at before it is used.
    pub(crate) note: &'static str,
}

/// A few States, from their own texts as published; business days are read as calendar days, which is never later.
pub(crate) const SUGGESTED: &[Suggested] = &[
    Suggested {
        state: "AZ",
        title: "Controlled Substances Prescription Monitoring Program",
        cite: "A.R.S. 36-2608(A)",
        collects: "II III IV V",
        hours: "24",
        zero: "reported",
        note: "the schedules are the statute's; ask the board of pharmacy for the interval and for days without a dispensing",
    },
    Suggested {
        state: "FL",
        title: "E-FORCSE",
        cite: "Fla. Stat. 893.055(3)(a); Fla. Admin. Code 64K-1.004(3)",
        collects: "II III IV V",
        hours: "24",
        zero: "reported",
        note: "the end of the next business day; errors are corrected within seven business days of the notice",
    },
    Suggested {
        state: "NC",
        title: "Controlled Substances Reporting System",
        cite: "N.C.G.S. 90-113.73(a)",
        collects: "II III IV V",
        hours: "24",
        zero: "not-reported",
        note: "three business days after delivery at the latest; the statute encourages 24 hours",
    },
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// The fields of a programme in Arizona, with changes.
    pub(crate) fn fields(changes: &[(&str, &str)]) -> impl Fn(&str) -> String {
        let changes: Vec<(String, String)> =
            changes.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        move |field| {
            if let Some((_, value)) = changes.iter().find(|(name, _)| name == field) {
                return value.clone();
            }
            let plain = match field {
                "state" | "home" => "AZ",
                "title" => "An invented programme",
                "cite" => "State law, invented",
                "collects" => "II III IV",
                "hours" => "24",
                "zero" => "reported",
                "covers" => "pharmacy",
                "version" => "4.2",
                "purpose" => "test",
                "sender" => "9999999",
                "sender_name" => "Example Pharmacy",
                "npi" => "1234567893",
                "phone" => "(520) 555-0100",
                "line1" => "1 Example Street",
                "city" => "Tucson",
                "postal" => "85701",
                "since" => "2026-03-01",
                _ => "",
            };
            plain.to_owned()
        }
    }

    #[test]
    fn a_programme_is_read_back_as_it_was_entered() {
        let read =
            Programme::read(fields(&[("check", "new-drug, outside-area"), ("required", "PAT23 DSP22")])).unwrap();
        assert_eq!(Programme::of_body(&read.body()), Ok(read.clone()));
        assert_eq!(read.phone, "5205550100");
        assert_eq!(read.check, ["new-drug", "outside-area"]);
    }

    #[test]
    fn a_field_that_cannot_be_used_is_named() {
        let check = |field: &'static str, value: &str| {
            let refusal = Programme::read(fields(&[(field, value)])).unwrap_err();
            assert_eq!((refusal.code.0, refusal.field.as_deref()), ("PDMP-PROGRAMME", Some(field)), "{value}");
        };
        for (field, value) in [
            ("state", "ZZ"),
            ("state", ""),
            ("title", ""),
            ("cite", ""),
            ("cite", "a\nb"),
            ("collects", ""),
            ("collects", "VI"),
            ("collects", "I"),
            ("hours", "-1"),
            ("hours", "745"),
            ("hours", "soon"),
            ("zero", "maybe"),
            ("check", "sometimes"),
            ("covers", "all"),
            ("version", "3.0"),
            ("purpose", "real"),
            ("sender", ""),
            ("npi", "123456789"),
            ("phone", "555-0100"),
            ("home", "Arizona"),
            ("postal", "AB123"),
            ("required", "DSP"),
            ("forbidden", "XYZ01"),
            ("since", "tomorrow"),
        ] {
            check(field, value);
        }
        assert!(Programme::read(fields(&[("hours", "744")])).is_ok());
        assert!(Programme::read(fields(&[("hours", "0")])).is_ok());
    }

    #[test]
    fn every_suggestion_can_be_used_as_it_stands() {
        for one in SUGGESTED {
            let changes = [
                ("state", one.state),
                ("title", one.title),
                ("cite", one.cite),
                ("collects", one.collects),
                ("hours", one.hours),
                ("zero", one.zero),
            ];
            assert!(Programme::read(fields(&changes)).is_ok(), "{}", one.state);
        }
    }
}
