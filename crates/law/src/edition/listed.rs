//! Products that an overlay names: put into a schedule by a State, reported to its monitoring programme, or, by a house,
//! recorded as exempted by DEA.

use super::overlay::BadOverlay;
use crate::vocab::{Schedule, Word};
use jiff::civil::Date;
use serde::Deserialize;
use std::borrow::Cow;

/// One `[[product]]` of an overlay file.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    names: Vec<String>,
    /// The schedule into which the State puts it; never looser than the Federal one in effect.
    pub(crate) schedule: Option<Schedule>,
    /// The monitoring programme collects it, whatever its schedule.
    pub(crate) monitored: bool,
    /// DEA has exempted this product: only where the table says that its schedule stands until then.
    pub(crate) exempted: bool,
    pub(crate) cite: Cow<'static, str>,
    since: Option<Date>,
    until: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedForm {
    names: Vec<String>,
    schedule: Option<String>,
    #[serde(default)]
    monitored: bool,
    #[serde(default)]
    exempted: bool,
    cite: String,
    since: Option<String>,
    until: Option<String>,
}

impl Listed {
    /// The names, as the file has them.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it means `name`: letters and digits count, nothing else. Allocates nothing.
    pub(crate) fn means(&self, name: &str) -> bool {
        self.names.iter().any(|own| same_name(own, name))
    }

    pub(crate) fn binds(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Whether two names are one: case, spaces, marks and punctuation do not matter.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

pub(super) fn read(form: ListedForm) -> Result<Listed, BadOverlay> {
    let name = form.names.first().cloned().unwrap_or_default();
    let schedule = match &form.schedule {
        None => None,
        Some(word) => {
            Some(Schedule::from_word(word).filter(|schedule| *schedule != Schedule::None).ok_or_else(|| {
                BadOverlay::Value { parameter: name.clone(), expected: "a schedule from I to V".to_owned() }
            })?)
        }
    };
    if name.is_empty() || (schedule.is_none() && !form.monitored && !form.exempted) {
        let expected = "names, and a schedule, `monitored` or `exempted`".to_owned();
        return Err(BadOverlay::Value { parameter: "product".to_owned(), expected });
    }
    let date = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => crate::when::parse_date(text).map(Some).ok_or_else(|| BadOverlay::Dates(name.clone())),
    };
    let (since, until) = (date(&form.since)?, date(&form.until)?);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        return Err(BadOverlay::Dates(name));
    }
    Ok(Listed {
        names: form.names,
        schedule,
        monitored: form.monitored,
        exempted: form.exempted,
        cite: Cow::Owned(form.cite),
        since,
        until,
    })
}
