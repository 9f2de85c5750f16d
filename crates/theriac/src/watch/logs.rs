//! Practitioners' logs: made on the first day of the month, opened, reviewed, proved, and given on request.

use super::reading::located;
use crate::house::record::{Change, Fault, read};
use crate::house::{House, program};
use crate::practice::signer_stream;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use theriac_journal::{Checkpoint, Hash, verify_consistency};
use theriac_model::Actor;
use theriac_prescriber::access::GrantStage;
use theriac_prescriber::log::proof::{self, Discrepancy};
use theriac_prescriber::log::{
    Ask, Listing, LogEvent, Month, MonthlyLog, Owed, Period, Shelf, gather, on_request, owed,
};
use theriac_prescriber::terms::Terms;
use theriac_prescriber::{AccessEvent, Signer};

/// The time of a record and the instant that was signed lie seconds apart; a day is more than enough.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn log_stream(practitioner: &str) -> String {
    format!("log/{practitioner}")
}

/// A log that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) practitioner: String,
    pub(crate) month: Month,
    pub(crate) lines: usize,
}

/// What a comparison of a log with the journal showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogProof {
    /// How log and journal differ; empty when they do not.
    pub(crate) differences: Vec<Discrepancy>,
    /// Whether the journal that the log rests on is the beginning of today's.
    pub(crate) begins: Result<(), String>,
    /// Entries and root of today's journal, under its newest signed checkpoint.
    pub(crate) size: u64,
    pub(crate) root: String,
}

impl LogProof {
    /// Whether nothing is wrong.
    pub(crate) fn holds(&self) -> bool {
        self.differences.is_empty() && self.begins.is_ok()
    }
}

/// How one difference reads.
pub(crate) fn in_words(one: &Discrepancy) -> String {
    match one {
        Discrepancy::Missing { seq, prescription } => {
            format!("the journal has a signature at entry {seq} ({prescription}) that the log lacks")
        }
        Discrepancy::Extra { seq, prescription } => {
            format!(
                "the log has a line for entry {seq} ({prescription}) where the journal has no signature of this month"
            )
        }
        Discrepancy::Altered { seq, prescription } => {
            format!("the line for entry {seq} ({prescription}) is not what was signed")
        }
        Discrepancy::AppendedLater { seq, prescription } => {
            format!("a signature dated into this month was appended later, at entry {seq} ({prescription})")
        }
        Discrepancy::Extent => "first, last and number of signatures do not fit the lines".to_owned(),
        Discrepancy::JournalTooShort { given } => format!("the journal has only {given} entries"),
    }
}

impl House {
    /// The name of the deployment's time zone, in which months are cut.
    fn zone_name(&self) -> &str {
        &self.config.time_zone
    }

    /// The logs of a practitioner, and the version of their records.
    pub(crate) fn shelf(&self, practitioner: &str) -> Result<(Shelf, u64), Fault> {
        let (records, version) = self.placed::<LogEvent>(&log_stream(practitioner))?;
        Ok((Shelf::replay(practitioner, records.iter().map(|placed| &placed.record)), version))
    }

    /// The days on which a person's right to sign began and, if it was taken away for good, ended; `None` where it never
    /// began. From the time that a record bears, so that an erased body changes nothing.
    pub(crate) fn right_to_sign(&self, person: &str) -> Result<Option<(Date, Option<Date>)>, Fault> {
        let zone = self.clock.zone();
        let mut signer = Signer::new(person);
        let (mut began, mut ended) = (None, None);
        for entry in self.store.stream(&signer_stream(person))? {
            let at = Timestamp::from_millisecond(entry.at_ms).map_err(broken)?;
            let day = zone.to_datetime(at).date();
            match entry.kind.as_str() {
                "access.approved" | "access.executed" => {
                    began = began.or(Some(day));
                    ended = None;
                }
                "access.revoked" => ended = Some(day),
                _ => {}
            }
            if entry.body_bytes().is_some() {
                signer.apply(&read::<AccessEvent>(&entry)?);
            }
        }
        Ok(began.map(|began| (began, ended.filter(|_| signer.grant_stage() == GrantStage::Revoked))))
    }

    /// The logs that a practitioner is owed and has not been given.
    pub(crate) fn logs_owed(&self, practitioner: &str, shelf: &Shelf, terms: Terms<'_>) -> Result<Vec<Owed>, Fault> {
        let Some((began, ended)) = self.right_to_sign(practitioner)? else { return Ok(Vec::new()) };
        Ok(owed(began, ended, &shelf.months(), &self.clock.zone(), self.clock.now(), terms))
    }

    /// Everybody who has or had the right to sign.
    pub(crate) fn practitioners(&self) -> Result<Vec<String>, Fault> {
        let rows = self.store.query("SELECT stream FROM signers ORDER BY stream", &[])?;
        let person = |row: &theriac_store::Row| {
            Ok::<_, Fault>(row.text(0)?.strip_prefix("signer/").unwrap_or_default().to_owned())
        };
        rows.iter().map(person).collect()
    }

    /// Makes every log that is owed: for everybody who may sign, of every month that is over. It may be repeated.
    pub(crate) fn make_logs(&self) -> Result<Vec<Made>, Fault> {
        let mut made = Vec::new();
        for practitioner in self.practitioners()? {
            self.under_terms(|terms| self.make_logs_of(&practitioner, terms, &mut made))?;
        }
        Ok(made)
    }

    fn make_logs_of(&self, practitioner: &str, terms: Terms<'_>, made: &mut Vec<Made>) -> Result<(), Fault> {
        let actor = program();
        let (mut shelf, mut version) = self.shelf(practitioner)?;
        let stream = log_stream(practitioner);
        for owed in self.logs_owed(practitioner, &shelf, terms)? {
            let before = shelf.ended_before(owed.month);
            let Some(period) = Period::of(owed.month, &self.clock.zone(), self.zone_name(), before) else { break };
            let steps = self.steps_signed_by(practitioner, period.from - SLACK, period.until + SLACK)?;
            let lines = gather(practitioner, located(&steps));
            let checkpoint = Checkpoint::parse_unverified(&self.store.sign_checkpoint()?).map_err(broken)?;
            let now = self.clock.moment();
            let log = MonthlyLog::of(practitioner, period, &lines, checkpoint.size, &checkpoint.root.to_hex(), now);
            let count = log.lines.len();
            let (event, notice) = shelf.provide(log, now, terms)?;
            let by = self.by(&actor, "");
            let change = Change::default().decided_on(&stream, version).event(&by, &stream, &event)?;
            self.raising(change, &by, vec![notice])?.commit(&self.store)?;
            shelf.apply(&event);
            version += 1;
            made.push(Made { practitioner: practitioner.to_owned(), month: owed.month, lines: count });
        }
        Ok(())
    }

    /// The practitioner opens a log; the first time is recorded, since only an opened log can be reviewed.
    pub(crate) fn open_log(&self, by: &Actor, month: Month) -> Result<Shelf, Fault> {
        let (mut shelf, version) = self.shelf(&by.id)?;
        let event = shelf.open(month, by, self.clock.moment())?;
        if shelf.get(month).is_some_and(|kept| kept.opened.is_none()) {
            let stream = log_stream(&by.id);
            let change = Change::default().decided_on(&stream, version).event(&self.by(by, ""), &stream, &event)?;
            change.commit(&self.store)?;
            shelf.apply(&event);
        }
        Ok(shelf)
    }

    /// The practitioner indicates that a log was received and reviewed.
    pub(crate) fn review_log(&self, by: &Actor, month: Month) -> Result<(), Fault> {
        let (shelf, version) = self.shelf(&by.id)?;
        let event = shelf.review(month, by, self.clock.moment())?;
        let stream = log_stream(&by.id);
        Change::default().decided_on(&stream, version).event(&self.by(by, ""), &stream, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Compares a log with the journal, and the journal it rests on with today's.
    pub(crate) fn prove_log(&self, log: &MonthlyLog) -> Result<LogProof, Fault> {
        let steps = self.steps_signed_by(&log.practitioner, log.period.from - SLACK, log.period.until + SLACK)?;
        let note = self.store.checkpoint()?.ok_or_else(|| broken("the journal has no checkpoint"))?;
        let mut now = Checkpoint::parse_unverified(&note).map_err(broken)?;
        if now.size < log.extent.size {
            now = Checkpoint::parse_unverified(&self.store.sign_checkpoint()?).map_err(broken)?;
        }
        let differences = proof::check(log, located(&steps), now.size);
        Ok(LogProof { differences, begins: self.begins_with(log, &now), size: now.size, root: now.root.to_hex() })
    }

    fn begins_with(&self, log: &MonthlyLog, now: &Checkpoint) -> Result<(), String> {
        let bytes = theriac_model::hex::decode(&log.extent.root).and_then(|bytes| Hash::from_slice(&bytes));
        let old = bytes.ok_or("the log's root cannot be read")?;
        let path = self.store.prove_consistency(log.extent.size, now.size).map_err(|error| error.to_string())?;
        verify_consistency(log.extent.size, now.size, old, now.root, &path).map_err(|error| error.to_string())
    }

    /// A log on request: what a practitioner transmitted in the last years, or between two days. That it was given is
    /// recorded.
    pub(crate) fn log_on_request(&self, by: &Actor, ask: &Ask) -> Result<Listing, Fault> {
        let lines = self.lines_of(&by.id)?;
        let now = self.clock.moment();
        let zone = self.clock.zone();
        let listing = self.under_terms(|terms| on_request(&by.id, &lines, ask, by, now, &zone, terms))?;
        let event = LogEvent::Requested {
            by: by.clone(),
            at: now,
            from: listing.from,
            until: listing.until,
            lines: listing.lines.len() as u64,
        };
        Change::default().event(&self.by(by, ""), &log_stream(&by.id), &event)?.commit(&self.store)?;
        Ok(listing)
    }
}
