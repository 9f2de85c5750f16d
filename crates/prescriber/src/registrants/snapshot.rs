//! The rows of a data set that concern this deployment, and the age of the set.

use crate::enrolment::Rules;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::edition::Law;
use theriac_law::{Profile, parameter};
use theriac_model::{DeaNumber, Edition, Refusal, RegistrantRow};

/// How many days before data goes stale a warning is given: a working day must lie between, also over a long week-end.
const WARNING_DAYS: u64 = 2;

/// What the data holds of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// Its row.
    Row(&'a RegistrantRow),
    /// A line that is about it and cannot be read.
    Unreadable,
    /// Nothing.
    Absent,
}

/// Whether data may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Young enough.
    Fresh,
    /// Young enough, for so many days more, today among them.
    GoingStale(u64),
    /// Too old, or issued in the future, which no data is.
    Stale,
}

/// Rows of one data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    issued: Date,
    rows: BTreeMap<DeaNumber, Option<RegistrantRow>>,
}

impl Snapshot {
    /// A set issued on a day, with no rows yet.
    pub fn new(issued: Date) -> Self {
        Self { issued, rows: BTreeMap::new() }
    }

    /// The same set with a row.
    #[must_use]
    pub fn with(mut self, row: RegistrantRow) -> Self {
        self.rows.insert(row.number, Some(row));
        self
    }

    /// The same set with a line about this registration that cannot be read.
    #[must_use]
    pub fn unreadable(mut self, number: DeaNumber) -> Self {
        self.rows.insert(number, None);
        self
    }

    /// The day on which DEA issued it.
    pub fn issued(&self) -> Date {
        self.issued
    }

    /// What it holds of a registration.
    pub fn look_up(&self, number: DeaNumber) -> Found<'_> {
        match self.rows.get(&number) {
            Some(Some(row)) => Found::Row(row),
            Some(None) => Found::Unreadable,
            None => Found::Absent,
        }
    }

    /// How old it is by the law of the day.
    pub fn age(&self, rules: &Rules<'_>) -> Age {
        age(rules.profile, self.issued, rules.today)
    }

    /// Whether it may be relied on today.
    ///
    /// # Errors
    /// `RX-REGISTRANT-STALE`.
    pub fn rely(&self, rules: &Rules<'_>) -> Result<(), Refusal> {
        rely_on(rules.profile, self.issued, rules.today)
    }
}

/// The days that data serves after its issue; `None` when no edition of the profile says.
fn days(profile: &Profile, today: Date) -> Option<(u64, Edition)> {
    let bound = Law::on(profile, today, None).bound(parameter("access.registry-check.days")?)?;
    Some((bound.value, bound.edition))
}

/// How old data issued on `issued` is on `today`.
pub(crate) fn age(profile: &Profile, issued: Date, today: Date) -> Age {
    let Ok(age) = u64::try_from((today - issued).get_days()) else { return Age::Stale };
    match days(profile, today) {
        Some((limit, _)) if age > limit => Age::Stale,
        Some((limit, _)) if age + WARNING_DAYS >= limit => Age::GoingStale(limit - age + 1),
        Some(_) | None => Age::Fresh,
    }
}

/// Whether data issued on `issued` may be relied on on `today`.
pub(crate) fn rely_on(profile: &Profile, issued: Date, today: Date) -> Result<(), Refusal> {
    if age(profile, issued, today) != Age::Stale {
        return Ok(());
    }
    let (limit, edition) = days(profile, today).unwrap_or((0, Edition::Proposed2008));
    Err(Refusal::new(
        "RX-REGISTRANT-STALE",
        "73 FR 36722, 36742; proposed 21 CFR 1311.135(c)",
        format!("the registrant data was issued on {issued} and serves for {limit} days"),
        "import the registrant data that DEA issued last",
    )
    .under(edition))
}
