//! Overlays: the rules of a State, or a deployment's own stricter choices, as a file.

use super::listed::{self, Listed, ListedForm};
use super::parameter::{Direction, Domain, Parameter};
use super::profile::{Bound, Law, Profile};
use crate::params;
use crate::vocab::{State, Word as _};
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
    products: Vec<Listed>,
}

/// A value of an overlay that changes nothing, because what binds without it is at least as strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The parameter.
    pub parameter: &'static str,
    /// The value of the overlay.
    pub value: u64,
    /// What binds instead, and who says so.
    pub instead: Bound,
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
    #[serde(default)]
    product: Vec<ListedForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowForm {
    value: toml::Value,
    cite: String,
    since: Option<String>,
    until: Option<String>,
}

impl OverlayRow {
    fn binds(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
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
        let products: Vec<Listed> = form.product.into_iter().map(listed::read).collect::<Result<_, _>>()?;
        if let Some(exempted) = products.iter().find(|product| product.exempted)
            && !matches!(edition, Edition::House(_))
        {
            return Err(BadOverlay::Value {
                parameter: exempted.names().join(", "),
                expected: "`exempted` in a house's file, not in a State's,".to_owned(),
            });
        }
        Ok(Self { edition, rows, products })
    }

    /// The values that change nothing under `profile` on `day`: the Federal ones are at least as strict. They are no fault
    /// (a State may say the same as Federal law), but whoever wrote a looser value should know that it is ignored.
    pub fn ignored(&self, profile: &Profile, day: Date) -> Vec<Ignored> {
        let law = Law::on(profile, day, None);
        let looser = |row: &OverlayRow| {
            let bound = law.federal(row.parameter)?;
            let ignored = bound.value != row.value
                && row.parameter.direction.stricter(bound.value, row.value) == Some(bound.value);
            ignored.then_some(Ignored { parameter: row.parameter.id, value: row.value, instead: bound })
        };
        self.rows.iter().filter(|row| row.binds(day)).filter_map(looser).collect()
    }

    /// The product entry that means `name` on `day`.
    pub(crate) fn product(&self, name: &str, day: Date) -> Option<&Listed> {
        self.products.iter().find(|product| product.binds(day) && product.means(name))
    }

    /// The products that it names.
    pub(crate) fn products(&self) -> &[Listed] {
        &self.products
    }

    /// Whether the overlay names products at all.
    pub(crate) fn names_products(&self) -> bool {
        !self.products.is_empty()
    }

    /// The overlay of a State that comes with the program.
    pub fn built_in(state: State) -> &'static Self {
        static READ: [OnceLock<Overlay>; State::LIST.len()] = [const { OnceLock::new() }; State::LIST.len()];
        let text = match state {
            State::Arizona => include_str!("../../overlays/az.toml"),
            State::California => include_str!("../../overlays/ca.toml"),
            State::Florida => include_str!("../../overlays/fl.toml"),
            State::Georgia => include_str!("../../overlays/ga.toml"),
            State::Maryland => include_str!("../../overlays/md.toml"),
            State::NewMexico => include_str!("../../overlays/nm.toml"),
            State::Utah => include_str!("../../overlays/ut.toml"),
        };
        READ[state as usize].get_or_init(|| Self::parse(text).expect("a test reads every built-in overlay"))
    }

    /// Whose rules these are.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    pub(crate) fn row(&self, parameter: &'static Parameter, day: Date) -> Option<&OverlayRow> {
        self.rows.iter().find(|row| std::ptr::eq(row.parameter, parameter) && row.binds(day))
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
