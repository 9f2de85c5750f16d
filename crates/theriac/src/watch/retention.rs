//! How long records are kept: when each may be erased, and the erasure itself, which leaves header and leaf.

use crate::house::House;
use crate::house::record::{Change, Fault, read};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use theriac_journal::Entry;
use theriac_model::{Actor, Element, Refusal};
use theriac_prescriber::Event;
use theriac_prescriber::access::GrantStage;
use theriac_prescriber::audit::AuditEvent;
use theriac_prescriber::incident::AuditableKind;
use theriac_prescriber::log::LogEvent;
use theriac_prescriber::retention::{
    Held, Holds, Life, RecordKind, Release, RetentionEvent, Scheduled, Start, erase, release, schedule,
};
use theriac_prescriber::terms::Terms;

/// The stream of erasures and holds.
const RETENTION: &str = "retention";
/// No term of any edition is shorter, in years: younger records are not looked at when something is sought to be erased.
const SHORTEST_YEARS: i32 = 2;
/// Entries looked at for one page.
const PAGE: u32 = 200;
/// Entries whose kind is looked at in one query.
const LOOKED_AT: u32 = 2_000;

/// A record as the page of retention shows it.
#[derive(Clone, Debug)]
pub(crate) struct Keeping {
    pub(crate) held: Held,
    pub(crate) what: String,
    pub(crate) release: Release,
    pub(crate) hold: Option<String>,
}

/// A page of records.
#[derive(Clone, Debug)]
pub(crate) struct KeptPage {
    pub(crate) records: Vec<Keeping>,
    /// From which entry the next page goes on.
    pub(crate) next: Option<u64>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// What kind of record an entry is; `None` for what retention of electronic prescriptions does not speak of: the books, people,
/// registrant data, products, and the erasures themselves.
fn kind_of(word: &str) -> Option<RecordKind> {
    Some(match word {
        "enrolment.document-entered" | "enrolment.document-accepted" => RecordKind::ProofingDocument,
        "prescription.signed" => RecordKind::SignedPrescription,
        "rx.received" | "rx.rejected" => RecordKind::ReceivedPrescription,
        "rx.filled" | "rx.handed-over" | "rx.returned" | "rx.annotated" => RecordKind::DispensingAnnotation,
        "log.provided" | "log.opened" | "log.reviewed" | "log.requested" => RecordKind::MonthlyLog,
        "audit.report-registered" => RecordKind::AuditReport,
        kind if ["access.", "token.", "enrolment."].iter().any(|family| kind.starts_with(family)) => {
            RecordKind::AccessRecord
        }
        kind if kind.starts_with("incident.") => RecordKind::Incident,
        kind if kind.starts_with("notice.") => RecordKind::Notice,
        kind if kind.starts_with("duty.") => RecordKind::Duty,
        // Refill printouts with their signatures, labels, and who looked at or took away what.
        kind if [
            "rx.",
            "refill-day.",
            "refill-method.",
            "refill-entry.",
            "chart.",
            "label.",
            "archive.",
            "pattern.",
            "filing.",
            "central.",
            "transfer.",
            "facility.",
            "downtime.",
            "trail.",
            "mail.",
            "drug.",
            "checker.",
            "supervision.",
        ]
        .iter()
        .any(|family| kind.starts_with(family)) =>
        {
            RecordKind::PharmacyTrail
        }
        kind if ["prescription.", "audit.", "sign-in.", "job."].iter().any(|family| kind.starts_with(family)) => {
            RecordKind::AuditTrail
        }
        _ => return None,
    })
}

/// Records that stand or fall together: all of a prescription, all of a transfer that was asked for.
fn is_one_record(stream: &str) -> bool {
    ["prescription/", "rx/", "transfer-asked/"].iter().any(|family| stream.starts_with(family))
}

impl House {
    fn day_of(&self, entry: &Entry) -> Result<Date, Fault> {
        let at = Timestamp::from_millisecond(entry.at_ms).map_err(broken)?;
        Ok(self.clock.zone().to_datetime(at).date())
    }

    /// An entry as retention sees it; `None` for what it does not speak of, and for what is erased.
    fn kept(&self, entry: &Entry) -> Result<Option<Held>, Fault> {
        let (Some(kind), true) = (kind_of(&entry.kind), entry.body_bytes().is_some()) else { return Ok(None) };
        let created = self.day_of(entry)?;
        let mut begins = Vec::new();
        let mut life = Life::Over;
        match kind {
            RecordKind::SignedPrescription => {
                if let Event::Signed { contents, .. } = read(entry)? {
                    let issued = contents.get(Element::Issued).and_then(|day| day.parse().ok());
                    begins.extend(issued.map(|day| (Start::Issued, day)));
                }
            }
            RecordKind::ReceivedPrescription => begins.push((Start::Received, created)),
            RecordKind::AuditReport => {
                if let AuditEvent::Registered { report, .. } = read(entry)? {
                    begins.push((Start::Issued, report.issued));
                }
            }
            RecordKind::MonthlyLog => begins.extend(self.reviewed(entry)?.map(|day| (Start::Reviewed, day))),
            RecordKind::ProofingDocument | RecordKind::AccessRecord => {
                let person = entry.stream.strip_prefix("signer/").unwrap_or_default();
                let (signer, _) = self.signer(person)?;
                if matches!(signer.grant_stage(), GrantStage::First | GrantStage::InForce | GrantStage::Suspended) {
                    life = Life::Running("the right to sign has not ended".to_owned());
                }
                begins.extend(self.last_signed(person)?.map(|day| (Start::LastSigned, day)));
            }
            _ => {}
        }
        if entry.stream.starts_with("rx/") {
            let fillings = self.store.stream(&entry.stream)?;
            let days = fillings.iter().filter(|one| one.kind == "rx.filled").map(|one| self.day_of(one));
            match days.collect::<Result<Vec<_>, _>>()?.into_iter().max() {
                Some(last) => begins.extend([(Start::Dispensed, last), (Start::LastRefill, last)]),
                None => begins.push((Start::Dispensed, created)),
            }
        }
        Ok(Some(Held { seq: entry.seq, stream: entry.stream.clone(), kind, created, begins, life }))
    }

    /// The day on which the log that a record belongs to was reviewed.
    fn reviewed(&self, entry: &Entry) -> Result<Option<Date>, Fault> {
        let month = match read::<LogEvent>(entry)? {
            LogEvent::Provided { log, .. } => log.period.month,
            LogEvent::Opened { month, .. } | LogEvent::Reviewed { month, .. } => month,
            LogEvent::Requested { .. } => return Ok(None),
        };
        let (shelf, _) = self.shelf(entry.stream.strip_prefix("log/").unwrap_or_default())?;
        Ok(shelf.get(month).and_then(|kept| kept.review.as_ref()).map(|review| review.at.date()))
    }

    fn last_signed(&self, person: &str) -> Result<Option<Date>, Fault> {
        let sql = "SELECT MAX(at_ms) FROM signings WHERE practitioner = $1";
        let rows = self.store.query(sql, &[person.into()])?;
        let Some(at) = rows.first().map(|row| row.opt_int(0)).transpose()?.flatten() else { return Ok(None) };
        let at = Timestamp::from_millisecond(at).map_err(broken)?;
        Ok(Some(self.clock.zone().to_datetime(at).date()))
    }

    /// What is held for an inspection or a proceeding.
    fn holds(&self) -> Result<(Holds, u64), Fault> {
        let (records, version) = self.placed::<RetentionEvent>(RETENTION)?;
        let mut holds = Holds::default();
        for placed in &records {
            holds.apply(&placed.record);
        }
        Ok((holds, version))
    }

    fn keeping(&self, entry: &Entry, holds: &Holds, terms: Terms<'_>) -> Result<Option<Keeping>, Fault> {
        let today = self.clock.moment().date();
        Ok(self.kept(entry)?.map(|held| Keeping {
            release: release(&held, today, terms),
            hold: holds.on(&held.stream).map(str::to_owned),
            what: crate::showing::words(&entry.kind),
            held,
        }))
    }

    /// The printed schedule: each kind of record with its clocks.
    pub(crate) fn retention_schedule(&self) -> Vec<Scheduled> {
        let today = self.clock.moment().date();
        self.under_terms(|terms| schedule(today, terms))
    }

    /// Records that may be erased today, from an entry on.
    pub(crate) fn releasable(&self, from: u64) -> Result<KeptPage, Fault> {
        let moment = self.clock.moment();
        let cut = moment.date().saturating_sub(SHORTEST_YEARS.years());
        let cut = cut.to_zoned(self.clock.zone()).map_err(broken)?.timestamp().as_millisecond();
        let sql = format!(
            "SELECT seq FROM entries WHERE seq >= $1 AND at_ms < $2 AND salt IS NOT NULL ORDER BY seq LIMIT {PAGE}"
        );
        let rows = self.store.query(&sql, &[from.into(), cut.into()])?;
        let (holds, _) = self.holds()?;
        let mut records = Vec::new();
        let mut last = None;
        for row in &rows {
            let entry = self.store.entry(row.u64(0)?)?;
            last = Some(entry.seq);
            let kept = self.under_terms(|terms| self.keeping(&entry, &holds, terms))?;
            let may = |kept: &Keeping| kept.release.first_day().is_some_and(|day| day <= moment.date());
            records.extend(kept.filter(may));
        }
        let whole = rows.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
        Ok(KeptPage { records, next: last.filter(|_| whole).map(|last| last + 1) })
    }

    /// Every record of one kind and no other, from an entry on (21 CFR 1304.04(h), 1311.305: readily retrievable).
    pub(crate) fn kept_of_kind(&self, kind: RecordKind, from: u64) -> Result<KeptPage, Fault> {
        let sql = format!(
            "SELECT seq, kind FROM entries WHERE seq >= $1 AND salt IS NOT NULL ORDER BY seq LIMIT {LOOKED_AT}"
        );
        let (holds, _) = self.holds()?;
        let (mut records, mut next) = (Vec::new(), from);
        loop {
            let rows = self.store.query(&sql, &[next.into()])?;
            if rows.is_empty() {
                return Ok(KeptPage { records, next: None });
            }
            for row in &rows {
                let seq = row.u64(0)?;
                next = seq + 1;
                if kind_of(row.text(1)?) != Some(kind) {
                    continue;
                }
                let entry = self.store.entry(seq)?;
                records.extend(self.under_terms(|terms| self.keeping(&entry, &holds, terms))?);
                if records.len() >= PAGE as usize {
                    return Ok(KeptPage { records, next: Some(next) });
                }
            }
        }
    }

    /// Every record of a stream with the day from which it may be erased.
    pub(crate) fn kept_in(&self, stream: &str) -> Result<KeptPage, Fault> {
        let (holds, _) = self.holds()?;
        let mut records = Vec::new();
        for entry in self.store.stream(stream)? {
            records.extend(self.under_terms(|terms| self.keeping(&entry, &holds, terms))?);
        }
        Ok(KeptPage { records, next: None })
    }

    /// Erases the body of a record whose term is over, and what was archived with it; of a prescription, all of it together.
    /// Header and leaf stay. Answers how many entries were erased.
    ///
    /// # Errors
    /// Before the term of any part is over; while it is held; by anyone but an operator; without a reason.
    pub(crate) fn erase_record(&self, by: &Actor, seq: u64, reason: &str) -> Result<usize, Fault> {
        let erased = self.erase_if_over(by, seq, reason);
        if let Err(Fault::Refused(refusal)) = &erased {
            // An attempted deletion is an auditable event (1311.170(c) of 2008).
            let detail = format!("erasing entry {seq} was refused: {}", refusal.code);
            self.note_attempt(by, AuditableKind::UnauthorizedDestruction, "retention", &detail)?;
        }
        erased
    }

    fn erase_if_over(&self, by: &Actor, seq: u64, reason: &str) -> Result<usize, Fault> {
        let entry = self.store.entry(seq).map_err(|_| unknown(seq))?;
        let entries = if is_one_record(&entry.stream) { self.store.stream(&entry.stream)? } else { vec![entry] };
        let (holds, version) = self.holds()?;
        let today = self.clock.moment().date();
        let desk = self.by(by, "");
        let mut change = Change::default().decided_on(RETENTION, version);
        let mut seqs = Vec::new();
        for entry in &entries {
            let Some(held) = self.kept(entry)? else { continue };
            let event = self.under_terms(|terms| erase(&held, &holds, reason, by, today, terms))?;
            change = change.event(&desk, RETENTION, &event)?;
            seqs.push(entry.seq);
        }
        if seqs.is_empty() {
            return Err(unknown(seq));
        }
        self.store.append_erasing(change.into_append(), &seqs)?;
        Ok(seqs.len())
    }

    /// Holds a stream for an inspection or a proceeding, whatever its age.
    pub(crate) fn hold_records(&self, by: &Actor, stream: &str, reason: &str) -> Result<(), Fault> {
        if self.store.stream(stream)?.is_empty() {
            return Err(Refusal::new(
                "RX-HOLD-UNKNOWN",
                "21 CFR 1304.04; 73 FR 36722, proposed 21 CFR 1311.180(b), (c)",
                "there is no such record",
                "take its name from the journal, such as prescription/R-1",
            )
            .about("stream")
            .into());
        }
        let (holds, version) = self.holds()?;
        let event = holds.hold(stream, reason, by)?;
        Change::default()
            .decided_on(RETENTION, version)
            .event(&self.by(by, ""), RETENTION, &event)?
            .commit(&self.store)?;
        Ok(())
    }

    /// Lifts a hold.
    pub(crate) fn lift_hold(&self, by: &Actor, stream: &str, reason: &str) -> Result<(), Fault> {
        let (holds, version) = self.holds()?;
        let event = holds.lift(stream, reason, by)?;
        Change::default()
            .decided_on(RETENTION, version)
            .event(&self.by(by, ""), RETENTION, &event)?
            .commit(&self.store)?;
        Ok(())
    }
}

fn unknown(seq: u64) -> Fault {
    Refusal::new(
        "RX-KEEP-UNKNOWN",
        "21 CFR 1304.04(a), 1311.305; 73 FR 36722, proposed 21 CFR 1311.180",
        format!("entry {seq} is not a record that can be erased, or was erased already"),
        "choose a record from the list of those whose term is over",
    )
    .into()
}
