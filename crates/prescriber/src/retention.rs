//! How long records are kept, and the decision that one may be erased.
//!
//! (2008: 1311.180(a), 1311.280(a)) Records of electronic prescriptions are kept five years from their creation; (b) a longer
//!     term of other Federal or State law prevails. (2008: 1311.105(d), 1311.130(e), 1311.140(c), 1311.150(c), 1311.160(c),
//!     1311.170(a), (b), (g)) Each kind has a beginning of its own. (In force: 1311.305, 1304.04(a)) Two years, and a longer
//!     term prevails. 1306.22(f)(3), 1306.25(g): from the dispensing, from the last refill.
//! Chosen reading: every clock that applies runs, and the latest decides; the last day of the longest is inside. What a
//! clock has to begin with must be known: a record whose day of issue or receipt nobody knows is not erased.
//!
//! Nothing is erased before its release, by nobody. Afterwards [`erase`] decides and leaves a record with reason and
//! citation; the shell then erases the body and keeps the leaf, so that the tree still proves.

mod event;
mod kind;

pub use event::{Holds, RetentionEvent};
pub use kind::{Owner, RecordKind, Start};

use crate::terms::Terms;
use jiff::civil::Date;
use kind::CLOCKS;
use theriac_model::calendar::years_after;
use theriac_model::{Actor, Cite, Edition, Refusal, Role};

/// Whether what a record belongs to has ended, so that its clocks can run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// It has, or the record belongs to nothing that lasts.
    Over,
    /// It has not: access that is live, a registration that goes on.
    Running(String),
}

/// A stored record as retention sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its position in the journal.
    pub seq: u64,
    /// Its stream.
    pub stream: String,
    /// Its kind.
    pub kind: RecordKind,
    /// The day on which it was made, at its place.
    pub created: Date,
    /// The days with which its other clocks begin, as far as known.
    pub begins: Vec<(Start, Date)>,
    /// Whether what it belongs to has ended.
    pub life: Life,
}

/// One clock that runs for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What it begins with.
    pub start: Start,
    /// The day with which it begins.
    pub from: Date,
    /// The years it runs.
    pub years: u64,
    /// The last day on which the record must be kept.
    pub last: Date,
    /// Where the term stands.
    pub cite: Cite,
    /// The edition that set it.
    pub edition: Edition,
}

/// Until when a record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// Through the last day of this clock, the latest of all; it may be erased from the day after.
    After(Clock),
    /// The end cannot be told yet.
    NotYet(String),
}

impl Release {
    /// The first day on which the record may be erased, if it can be told.
    pub fn first_day(&self) -> Option<Date> {
        match self {
            Self::After(clock) => clock.last.tomorrow().ok(),
            Self::NotYet(_) => None,
        }
    }
}

/// All clocks that run for a record under the law of `day`.
///
/// # Errors
/// What a clock that must run has to begin with, and nobody knows.
pub fn clocks(held: &Held, day: Date, terms: Terms<'_>) -> Result<Vec<Clock>, Start> {
    let mut running = Vec::new();
    for row in CLOCKS.iter().filter(|row| row.applies_to(held.kind)) {
        let known = held.begins.iter().filter(|(start, _)| *start == row.start).map(|(_, day)| *day).max();
        let from = match (row.start, known) {
            (Start::Created, _) => held.created,
            (_, Some(from)) => from,
            (_, None) if row.needed => return Err(row.start),
            (_, None) => continue,
        };
        let Some(bound) = terms.bound(row.parameter, day) else { continue };
        let years = u16::try_from(bound.value).unwrap_or(u16::MAX);
        // Beyond the calendar nothing ends.
        let last = years_after(from, years).unwrap_or(Date::MAX);
        running.push(Clock {
            start: row.start,
            from,
            years: bound.value,
            last,
            cite: bound.cite,
            edition: bound.edition,
        });
    }
    Ok(running)
}

/// Until when a record is kept under the law of `day`.
pub fn release(held: &Held, day: Date, terms: Terms<'_>) -> Release {
    if let Life::Running(why) = &held.life {
        return Release::NotYet(why.clone());
    }
    match clocks(held, day, terms) {
        Err(start) => Release::NotYet(format!("the day of {start} is not known")),
        // The earliest-written rule stays where two end on the same day.
        Ok(running) => running
            .into_iter()
            .reduce(|latest, clock| if clock.last > latest.last { clock } else { latest })
            .map_or_else(|| Release::NotYet("no edition of the profile sets a term".to_owned()), Release::After),
    }
}

/// Decides that the body of a record may be erased: the record of that decision is appended with the erasure.
///
/// # Errors
/// Before its release, for everybody; while it is held for an inspection or a proceeding; by anyone but an operator; without
/// a reason.
pub fn erase(
    held: &Held,
    holds: &Holds,
    reason: &str,
    by: &Actor,
    day: Date,
    terms: Terms<'_>,
) -> Result<RetentionEvent, Refusal> {
    const CITE: &str = "21 CFR 1304.04(a), 1311.305; 73 FR 36722, proposed 21 CFR 1311.180";
    let clock = match release(held, day, terms) {
        Release::NotYet(why) => {
            return Err(Refusal::new(
                "RX-KEEP-RUNNING",
                CITE,
                format!("the {} must be kept: {why}", held.kind.name()),
                "keep it",
            ));
        }
        Release::After(clock) => clock,
    };
    if day <= clock.last {
        let mut refusal = Refusal::new(
            "RX-KEEP-UNTIL",
            CITE,
            format!(
                "the {} must be kept through {}: {} years from {} ({})",
                held.kind.name(),
                clock.last,
                clock.years,
                clock.from,
                clock.start
            ),
            "keep it; look at its release date again when that day is over",
        );
        refusal.cite = clock.cite;
        refusal.edition = clock.edition;
        return Err(refusal);
    }
    if let Some(why) = holds.on(&held.stream) {
        return Err(Refusal::new(
            "RX-KEEP-HELD",
            CITE,
            format!("the record is held: {why}"),
            "keep it until the hold is lifted",
        ));
    }
    if by.role != Role::Operator || reason.trim().is_empty() {
        return Err(Refusal::new(
            "RX-KEEP-ROLE",
            CITE,
            "a record is erased by an operator who says why",
            "let an operator decide it with a reason",
        ));
    }
    Ok(RetentionEvent::Erased {
        seq: held.seq,
        stream: held.stream.clone(),
        kind: held.kind,
        last: clock.last,
        cite: clock.cite,
        edition: clock.edition,
        reason: reason.to_owned(),
        by: by.clone(),
        on: day,
    })
}

/// One line of the printed schedule: a kind, its owner, and one clock of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The kind.
    pub kind: RecordKind,
    /// Who keeps it.
    pub owner: Owner,
    /// What the term begins with.
    pub start: Start,
    /// The years.
    pub years: u64,
    /// Where the term stands.
    pub cite: Cite,
    /// The edition that set it.
    pub edition: Edition,
}

/// The retention schedule on `day`: every kind with each of its clocks.
pub fn schedule(day: Date, terms: Terms<'_>) -> Vec<Scheduled> {
    let line = |kind: RecordKind, row: &kind::ClockRow| {
        let bound = terms.bound(row.parameter, day)?;
        let (owner, start, years) = (kind.owner(), row.start, bound.value);
        Some(Scheduled { kind, owner, start, years, cite: bound.cite, edition: bound.edition })
    };
    RecordKind::ALL
        .iter()
        .flat_map(|&kind| CLOCKS.iter().filter(move |row| row.applies_to(kind)).filter_map(move |row| line(kind, row)))
        .collect()
}
