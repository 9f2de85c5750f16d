//! A log on request: five years back, filtered, sorted and counted as the reader likes.

use super::Line;
use super::unusual::{drug_key, patient_key};
use crate::stored::words;
use crate::terms::Terms;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use theriac_law::Moment;
use theriac_model::{Actor, DeaNumber, Element, Refusal, Registration, Role, Schedule};

words! {
    /// By what the lines are ordered.
    SortKey {
        /// The patient's name.
        Patient = "patient",
        /// The drug's name.
        Drug = "drug",
        /// The instant of signing.
        Date = "date",
    }
}

/// What is asked for. Empty fields ask for everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The first day; the beginning of the period that the law lets everybody ask for when absent.
    pub from: Option<Date>,
    /// The last day; today when absent.
    pub until: Option<Date>,
    /// Part of a patient's name, or the practice's identifier of the patient, in any case.
    pub patient: Option<String>,
    /// Part of a drug's name, in any case.
    pub drug: Option<String>,
    /// One registration of the practitioner.
    pub registration: Option<DeaNumber>,
    /// One schedule.
    pub schedule: Option<Schedule>,
    /// The order.
    pub sort: SortKey,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            from: None,
            until: None,
            patient: None,
            drug: None,
            registration: None,
            schedule: None,
            sort: SortKey::Date,
        }
    }
}

/// The log that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The first day looked at.
    pub from: Date,
    /// The last day looked at.
    pub until: Date,
    /// Every prescription transmitted in that time that fits, in the order asked for.
    pub lines: Vec<Line>,
}

/// The prescriptions that the practitioner transmitted, by default those of the years that the law lets a practitioner ask
/// for, in the practitioner's time zone. Older ones are listed as long as they are kept.
///
/// # Errors
/// For anyone but the practitioner; for a last day before the first; when no edition of the profile knows the period and no
/// first day is named.
pub fn on_request(
    practitioner: &str,
    lines: &[Line],
    ask: &Ask,
    by: &Actor,
    now: Moment,
    zone: &TimeZone,
    terms: Terms<'_>,
) -> Result<Listing, Refusal> {
    const CITE: &str = "21 CFR 1311.120(b)(27); 73 FR 36722, proposed 21 CFR 1311.140(d)";
    if by.role != Role::Prescriber || by.id != practitioner {
        return Err(Refusal::new(
            "RX-LOG-OTHERS",
            CITE,
            "the log belongs to another practitioner",
            "ask for your own log",
        ));
    }
    let today = now.timestamp.to_zoned(zone.clone()).date();
    let until = ask.until.unwrap_or(today);
    let years = terms.bound("log.on-request.years", today).and_then(|bound| i32::try_from(bound.value).ok());
    let reach = years.and_then(|years| today.checked_sub(jiff::Span::new().try_years(years).ok()?).ok());
    let from = ask.from.or(reach).ok_or_else(|| {
        Refusal::new("RX-LOG-PERIOD", CITE, "no first day was named", "name the first day").about("from")
    })?;
    if until < from {
        return Err(Refusal::new(
            "RX-LOG-PERIOD",
            CITE,
            format!("the last day {until} is before the first day {from}"),
            "name the earlier day first",
        )
        .about("until"));
    }
    let day = |line: &Line| line.sent_at.map(|at| at.to_zoned(zone.clone()).date());
    let lines = lines.iter().filter(|line| day(line).is_some_and(|day| from <= day && day <= until) && fits(line, ask));
    Ok(Listing { from, until, lines: sorted(lines.cloned().collect(), ask.sort) })
}

fn fits(line: &Line, ask: &Ask) -> bool {
    let within = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
    let patient = ask
        .patient
        .as_deref()
        .is_none_or(|part| line.patient.eq_ignore_ascii_case(part) || within(&line.patient_name(), part));
    let registration = Registration::parse(line.element(Element::Registration)).ok().and_then(|one| one.number());
    patient
        && ask.drug.as_deref().is_none_or(|part| within(&line.drug(), part))
        && ask.registration.is_none_or(|wanted| registration == Some(wanted))
        && ask.schedule.is_none_or(|wanted| Schedule::parse(line.element(Element::DrugSchedule)) == Some(wanted))
}

/// The lines in another order; equal ones stay in the order of the journal.
pub fn sorted(mut lines: Vec<Line>, key: SortKey) -> Vec<Line> {
    lines.sort_by_key(|line| line.seq);
    match key {
        SortKey::Patient => lines.sort_by_cached_key(|line| line.patient_name().to_lowercase()),
        SortKey::Drug => lines.sort_by_cached_key(|line| line.drug().to_lowercase()),
        SortKey::Date => lines.sort_by_key(|line| line.signed_at),
    }
    lines
}

/// Lines of one patient, drug or day, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common, as shown.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// Their journal positions.
    pub lines: Vec<u64>,
}

/// The lines counted by patient, drug or day (of signing, in UTC); groups in the order of their names.
pub fn groups(lines: &[Line], key: SortKey) -> Vec<Group> {
    let mut found: BTreeMap<String, Group> = BTreeMap::new();
    for line in lines {
        let (key, name) = match key {
            SortKey::Patient => {
                (format!("{}|{}", line.patient_name().to_lowercase(), patient_key(line)), line.patient_name())
            }
            SortKey::Drug => (drug_key(line), line.element(Element::DrugName).to_owned()),
            SortKey::Date => {
                let day = jiff::tz::TimeZone::UTC.to_datetime(line.signed_at).date().to_string();
                (day.clone(), day)
            }
        };
        let group = found.entry(key).or_insert_with(|| Group { name, count: 0, lines: Vec::new() });
        group.count += 1;
        group.lines.push(line.seq);
    }
    found.into_values().collect()
}
