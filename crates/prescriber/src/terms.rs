//! The periods the law sets for notices, logs, audits and records, as the deployment's profile has them.

use jiff::civil::Date;
use theriac_law::edition::{Bound, Domain, Law};
use theriac_law::{Moment, Profile, When, parameter};
use theriac_model::calendar::{business_days_after, months_after};
use theriac_model::{Cite, Edition};

/// The law and the calendar under which periods are counted.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The editions that bind.
    pub profile: &'a Profile,
    /// Days that are no business days beside week-ends: `theriac_model::holidays` and what the deployment adds.
    pub holidays: &'a [Date],
}

/// The last day or instant on which something is done in time, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day (until its end) or the last instant; both are inside.
    pub due: When,
    /// Where the period stands.
    pub cite: Cite,
    /// The edition that set it.
    pub edition: Edition,
}

impl Deadline {
    /// Whether it has passed: the day after the last day, or any time after the last instant.
    pub fn has_passed(&self, now: Moment) -> bool {
        match self.due {
            When::Day(last) => now.date() > last,
            When::Instant(last) => now.timestamp > last.timestamp,
        }
    }
}

/// Whether something was done inside its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// Inside the period, its last moment included.
    InTime,
    /// After it.
    Late,
}

impl Timeliness {
    /// Of something done at `at` with this deadline; without a deadline nothing is late.
    pub fn of(deadline: Option<&Deadline>, at: Moment) -> Self {
        if deadline.is_some_and(|deadline| deadline.has_passed(at)) { Self::Late } else { Self::InTime }
    }

    /// The word used in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InTime => "in-time",
            Self::Late => "late",
        }
    }

    /// The value with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::InTime, Self::Late].into_iter().find(|one| one.word() == word)
    }
}

impl Terms<'_> {
    /// What a parameter of the rulebook comes to on `day`; `None` when no edition of the profile speaks of it.
    pub fn bound(&self, id: &str, day: Date) -> Option<Bound> {
        let parameter = parameter(id);
        debug_assert!(parameter.is_some(), "the rulebook has no parameter {id}");
        Law::on(self.profile, day, None).bound(parameter?)
    }

    /// Whether a duty or permission is "yes" on `day`; silence is "no".
    pub fn says(&self, id: &str, day: Date) -> bool {
        self.bound(id, day).is_some_and(|bound| bound.yes())
    }

    /// The words of a set on `day`, and who says so; `None` when no edition of the profile speaks of it.
    pub fn words(&self, id: &str, day: Date) -> Option<(Vec<&'static str>, Bound)> {
        let bound = self.bound(id, day)?;
        let Domain::Words(all) = parameter(id)?.domain else { return None };
        let within = |n: usize| u32::try_from(n).is_ok_and(|n| bound.value.checked_shr(n).unwrap_or(0) & 1 == 1);
        Some((all.iter().enumerate().filter(|(n, _)| within(*n)).map(|(_, word)| *word).collect(), bound))
    }

    /// The end of a period counted in business days after the day of `from`.
    pub fn business_days(&self, id: &str, from: Moment) -> Option<Deadline> {
        let bound = self.bound(id, from.date())?;
        let last = business_days_after(from.date(), u32::try_from(bound.value).ok()?, self.holidays)?;
        Some(Deadline { due: When::Day(last), cite: bound.cite, edition: bound.edition })
    }

    /// The last day of a period of months after `start`.
    pub fn months(&self, id: &str, start: Date) -> Option<Deadline> {
        let bound = self.bound(id, start)?;
        let last = months_after(start, u16::try_from(bound.value).ok()?)?;
        Some(Deadline { due: When::Day(last), cite: bound.cite, edition: bound.edition })
    }

    /// The end of a period counted in elapsed hours after `from`.
    pub fn hours(&self, id: &str, from: Moment) -> Option<Deadline> {
        let bound = self.bound(id, from.date())?;
        let last = from.hours_later(u32::try_from(bound.value).ok()?)?;
        Some(Deadline { due: When::Instant(last), cite: bound.cite, edition: bound.edition })
    }

    /// By when a lost token, or a prescription that the practitioner did not sign, is reported after its discovery: hours
    /// where an edition of the profile counts hours (always the earlier end), else business days.
    pub fn discovery_notice(&self, discovered: Moment) -> Option<Deadline> {
        self.hours("notice.token.hours", discovered)
            .or_else(|| self.business_days("notice.token.business-days", discovered))
    }

    /// By when a security incident is reported after its discovery.
    pub fn incident_notice(&self, discovered: Moment) -> Option<Deadline> {
        self.business_days("notice.incident.business-days", discovered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use theriac_model::holidays::federal_holidays;

    fn at(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    #[test]
    fn the_last_day_and_the_last_instant_are_inside() {
        let days = federal_holidays(2026);
        let terms = Terms { profile: &Profile::strictest(), holidays: &days };
        let friday = terms.incident_notice(at("2026-03-06T21:00:00-07:00")).expect("a period");
        assert_eq!(friday.due, When::Day(date(2026, 3, 9)));
        assert!(!friday.has_passed(at("2026-03-09T23:59:59-07:00")));
        assert!(friday.has_passed(at("2026-03-10T00:00:00-07:00")));
        let hours = terms.discovery_notice(at("2026-03-06T21:00:00-07:00")).expect("a period");
        assert!(!hours.has_passed(at("2026-03-07T09:00:00-07:00")));
        assert!(hours.has_passed(at("2026-03-07T09:00:01-07:00")));
        assert_eq!(hours.edition, Edition::Proposed2008);
    }

    #[test]
    fn the_law_in_force_counts_a_business_day_where_the_proposal_counts_hours() {
        let days = federal_holidays(2026);
        let terms = Terms { profile: &Profile::in_force(), holidays: &days };
        // Monday 7 September 2026 is Labor Day.
        let due = terms.discovery_notice(at("2026-09-04T21:00:00-07:00")).expect("a period");
        assert_eq!((due.due, due.edition), (When::Day(date(2026, 9, 8)), Edition::Cfr));
    }

    #[test]
    fn what_no_edition_of_the_profile_counts_has_no_end() {
        let terms = Terms { profile: &Profile::in_force(), holidays: &[] };
        assert_eq!(terms.months("audit.report-check.months", date(2026, 1, 1)), None);
    }
}
