//! Overlays: the rules of a State, or a deployment's own stricter choices, as a file.

use super::parameter::{Direction, Domain, Parameter};
use super::profile::Bound;
use crate::params;
use crate::vocab::State;
use jiff::civil::Date;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use theriac_model::{Cite, Edition};

/// One value that an overlay gives a parameter.
#[derive(Clone, Debug)]
pub(crate) struct OverlayRow {
    parameter: &'static Parameter,
    since: Option<Date>,
    until: Option<Date>,
    value: u64,
    cite: Cow<'static, str>,
}

/// The rules of a State or a house: values for parameters, never looser than the federal ones in effect, because every
/// combination takes the stricter value.
#[derive(Clone, Debug)]
pub struct Overlay {
    edition: Edition,
    rows: Vec<OverlayRow>,
}

/// Why an overlay file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOverlay {
    /// Not TOML, or not in the documented form.
    #[error("the overlay file cannot be read: {0}")]
    Form(String),
    /// `edition` is neither `state.XX` nor `house.NAME`.
    #[error("\"{0}\" is not state.XX or house.NAME")]
    Edition(String),
    /// No parameter has this identifier.
    #[error("there is no parameter \"{0}\"; `theriac law rules` lists them")]
    Parameter(String),
    /// The value does not fit the parameter.
    #[error("{parameter}: {expected} is expected")]
    Value {
        /// The parameter.
        parameter: String,
        /// What it takes.
        expected: String,
    },
    /// Federal law alone decides this; no value is stricter than another.
    #[error("{0} cannot be set: its values have no order of strictness")]
    Unordered(String),
    /// A date that does not exist, or an end before its beginning.
    #[error("{0}: dates must be YYYY-MM-DD, `until` not before `since`")]
    Dates(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    edition: String,
    #[serde(default)]
    #[allow(dead_code, reason = "for people; shown by nothing yet")]
    about: String,
    #[serde(default)]
    parameter: BTreeMap<String, RowForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowForm {
    value: toml::Value,
    cite: String,
    since: Option<String>,
    until: Option<String>,
}

impl Overlay {
    /// Reads an overlay file (TOML; `overlays/README.md` of this crate describes the form).
    ///
    /// # Errors
    /// [`BadOverlay`] naming the parameter and what it expects.
    pub fn parse(text: &str) -> Result<Self, BadOverlay> {
        let form: FileForm = toml::from_str(text).map_err(|error| BadOverlay::Form(error.message().to_owned()))?;
        let edition = Edition::parse(&form.edition)
            .filter(|edition| matches!(edition, Edition::State(_) | Edition::House(_)))
            .ok_or(BadOverlay::Edition(form.edition))?;
        let rows = form.parameter.into_iter().map(|(id, row)| read_row(&id, row)).collect::<Result<_, _>>()?;
        Ok(Self { edition, rows })
    }

    /// The overlay of a State that comes with the program.
    pub fn built_in(state: State) -> &'static Self {
        static ARIZONA: OnceLock<Overlay> = OnceLock::new();
        match state {
            State::Arizona => ARIZONA.get_or_init(|| {
                Self::parse(include_str!("../../overlays/az.toml")).expect("the built-in overlay is read by a test")
            }),
        }
    }

    /// Whose rules these are.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    pub(crate) fn row(&self, parameter: &'static Parameter, day: Date) -> Option<&OverlayRow> {
        self.rows.iter().find(|row| {
            std::ptr::eq(row.parameter, parameter)
                && row.since.is_none_or(|since| since <= day)
                && row.until.is_none_or(|until| day <= until)
        })
    }

    pub(crate) fn said(&self, row: &OverlayRow) -> Bound {
        Bound { value: row.value, edition: self.edition.clone(), cite: Cite(row.cite.clone()) }
    }
}

fn read_row(id: &str, row: RowForm) -> Result<OverlayRow, BadOverlay> {
    let parameter = params::parameter(id);
    let parameter = parameter.ok_or_else(|| BadOverlay::Parameter(id.to_owned()))?;
    if parameter.direction == Direction::Choice {
        return Err(BadOverlay::Unordered(id.to_owned()));
    }
    let value = read_value(parameter, &row.value).ok_or_else(|| BadOverlay::Value {
        parameter: id.to_owned(),
        expected: match parameter.domain {
            Domain::Number(unit) => format!("a whole number of {unit}"),
            Domain::YesNo => "true or false".to_owned(),
            Domain::Words(words) => format!("some of {}", words.join(" ")),
        },
    })?;
    let date = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => crate::when::parse_date(text).map(Some).ok_or_else(|| BadOverlay::Dates(id.to_owned())),
    };
    let (since, until) = (date(&row.since)?, date(&row.until)?);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        return Err(BadOverlay::Dates(id.to_owned()));
    }
    Ok(OverlayRow { parameter, since, until, value, cite: Cow::Owned(row.cite) })
}

fn read_value(parameter: &Parameter, value: &toml::Value) -> Option<u64> {
    match (parameter.domain, value) {
        (Domain::Number(_), toml::Value::Integer(number)) => u64::try_from(*number).ok(),
        (Domain::YesNo, toml::Value::Boolean(yes)) => Some(u64::from(*yes)),
        (Domain::Words(words), toml::Value::Array(items)) => {
            let position = |item: &toml::Value| words.iter().position(|word| Some(*word) == item.as_str());
            let positions = items.iter().map(position).collect::<Option<Vec<_>>>()?;
            Some(positions.into_iter().fold(0, |set, n| set | 1 << n))
        }
        _ => None,
    }
}
