//! What a daily audit looks at, gathered from the journal.

use crate::archive::Monitors;
use crate::house::House;
use crate::house::record::{Fault, read};
use crate::practice::prescription_stream;
use jiff::Timestamp;
use std::collections::HashSet;
use theriac_journal::verifier::{BadEntry, Report, Where, Wrong};
use theriac_journal::{Entry, hash};
use theriac_model::Role;
use theriac_prescriber::access_event::AccessEvent;
use theriac_prescriber::audit::Application;
use theriac_prescriber::duties::Use;
use theriac_prescriber::incident::{
    AccessFact, Attempt, AuditableEvent, AuditableKind, AuditableList, Delivery, Facts, IncidentEvent, Integrity,
    IntegrityProblem, MissingLog, RevokedToken, TrailEntry, Watched,
};
use theriac_prescriber::registrants::Snapshot;
use theriac_prescriber::terms::Terms;
use theriac_prescriber::{Event, enrolment};

/// Entries read at a time.
const AT_A_TIME: u64 = 2_000;

/// Facts that own what they say.
#[derive(Default)]
pub(crate) struct Gathered {
    events: Vec<AuditableEvent>,
    trail: Vec<TrailEntry>,
    access: Vec<AccessFact>,
    revoked: Vec<RevokedToken>,
    uses: Vec<Use>,
    integrity: Integrity,
    deliveries: Vec<Delivery>,
    missing_logs: Vec<MissingLog>,
}

impl Gathered {
    /// As the core wants them.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            events: &self.events,
            trail: &self.trail,
            access: &self.access,
            revoked: &self.revoked,
            uses: &self.uses,
            integrity: self.integrity.clone(),
            deliveries: &self.deliveries,
            clock: &[],
            missing_logs: &self.missing_logs,
        }
    }
}

fn instant(entry: &Entry) -> Result<Timestamp, Fault> {
    Timestamp::from_millisecond(entry.at_ms).map_err(|error| Fault::Broken(error.to_string()))
}

/// What the check of the whole store found, as the audit names it.
pub(crate) fn integrity(report: &Report) -> Integrity {
    let problem = |bad: &BadEntry| {
        let seq = match bad.at {
            Where::Entry(seq) | Where::Between { first: seq, .. } => seq,
            Where::Beside => report.entries,
        };
        let problem = match bad.wrong {
            Wrong::Deleted => IntegrityProblem::Deleted,
            Wrong::Inserted => IntegrityProblem::Inserted,
            Wrong::Reordered | Wrong::StreamVersion => IntegrityProblem::Moved,
            Wrong::Truncated | Wrong::RolledBack => IntegrityProblem::Truncated,
            Wrong::BadCheckpoint => IntegrityProblem::SealFailed,
            _ => IntegrityProblem::Altered,
        };
        (seq, problem, format!("{}: {}", bad.wrong.code(), bad.detail))
    };
    Integrity { size: report.entries, root: report.root.to_hex(), problems: report.bad.iter().map(problem).collect() }
}

/// Whose records an application's audit judges. The other application's are passed through unnamed, so that the trail has no
/// gap and nobody judges what is not theirs.
fn belongs(application: Application, kind: &str) -> bool {
    let practice = ["access.", "token.", "enrolment.", "prescription."].iter().any(|family| kind.starts_with(family));
    match application {
        Application::Prescribing => !kind.starts_with("rx."),
        Application::Dispensing => !practice,
    }
}

/// What a refused sign-in is.
fn refused_sign_in(entry: &Entry, at: Timestamp) -> Option<AuditableEvent> {
    let detail = match entry.kind.as_str() {
        "sign-in.code-refused" => "a wrong invitation code was tried",
        "sign-in.refused" => "a passkey's answer was refused",
        _ => return None,
    };
    Some(AuditableEvent {
        kind: Watched::Minimum(AuditableKind::UnauthorizedAccess),
        attempt: Attempt::Attempted,
        at,
        person: entry.actor.clone(),
        subject: entry.stream.clone(),
        detail: detail.to_owned(),
    })
}

/// A record whose kind the pharmacy put on its list of auditable events.
fn on_the_list(list: &AuditableList, entry: &Entry, at: Timestamp) -> Option<AuditableEvent> {
    let kind = Watched::House(entry.kind.clone());
    list.watches(&kind).then(|| AuditableEvent {
        kind,
        attempt: Attempt::Successful,
        at,
        person: entry.actor.clone(),
        subject: entry.stream.clone(),
        detail: format!("entry {}", entry.seq),
    })
}

impl House {
    /// All facts for an audit of the entries from `from` on, up to those that `integrity` covers.
    pub(crate) fn gather_facts(
        &self,
        (application, list): (Application, &AuditableList),
        from: u64,
        integrity: Integrity,
        terms: Terms<'_>,
    ) -> Result<Gathered, Fault> {
        let until = integrity.size;
        let mut gathered = Gathered { integrity, ..Gathered::default() };
        let mut monitors = Monitors::new(self.monitor_settings()?.0, self.clock.zone());
        let mut next = from;
        while next < until {
            let end = until.min(next.saturating_add(AT_A_TIME));
            for entry in self.readable(next, end) {
                self.look_at(application, &entry, &mut gathered)?;
                if application == Application::Dispensing {
                    let at = instant(&entry)?;
                    monitors.see(&entry, at);
                    gathered.events.extend(on_the_list(list, &entry, at));
                }
            }
            next = end;
        }
        match application {
            Application::Prescribing => {
                self.who_may_sign(&mut gathered)?;
                self.logs_missing(&mut gathered, terms)?;
            }
            Application::Dispensing => {
                gathered.events.extend(monitors.found(|record| self.hands_of(record))?);
            }
        }
        Ok(gathered)
    }

    /// Entries of a range. One that cannot be read leaves a gap, which the audit names; it must not stop the audit.
    fn readable(&self, from: u64, until: u64) -> Vec<Entry> {
        match self.store.entries(from..until) {
            Ok(entries) => entries,
            Err(_) => (from..until).filter_map(|seq| self.store.entry(seq).ok()).collect(),
        }
    }

    fn look_at(&self, application: Application, entry: &Entry, gathered: &mut Gathered) -> Result<(), Fault> {
        let at = instant(entry)?;
        let own = belongs(application, &entry.kind);
        gathered.trail.push(TrailEntry {
            seq: entry.seq,
            at,
            actor: entry.actor.clone(),
            role: Role::parse(&entry.role).unwrap_or(Role::System),
            stream: entry.stream.clone(),
            kind: if own { entry.kind.clone() } else { "of-the-other-application".to_owned() },
        });
        // A body that was erased is passed over; one that cannot be read is the integrity check's finding.
        if entry.body_bytes().is_none() {
            return Ok(());
        }
        if entry.stream == super::incidents::incidents_stream(application)
            && let Ok(IncidentEvent::Noticed(event)) = read(entry)
        {
            gathered.events.push(event);
        }
        if application == Application::Dispensing {
            return Ok(());
        }
        gathered.events.extend(refused_sign_in(entry, at));
        match entry.kind.as_str() {
            "prescription.signed" => {
                let Ok(Event::Signed { credential, .. }) = read(entry) else { return Ok(()) };
                gathered.uses.push(Use {
                    credential,
                    at,
                    place: entry.location.clone(),
                    prescription: entry.stream.strip_prefix("prescription/").unwrap_or_default().to_owned(),
                    seq: entry.seq,
                });
            }
            "prescription.transmitted" => {
                let Ok(Event::Transmitted { archived: sent, .. }) = read(entry) else { return Ok(()) };
                let id = entry.stream.strip_prefix("prescription/").unwrap_or_default().to_owned();
                gathered.deliveries.push(Delivery {
                    archived: self.archived_digest(&id)?,
                    prescription: id,
                    delivered: sent,
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// SHA-256 of a prescription's message as it lies in the archive now.
    fn archived_digest(&self, id: &str) -> Result<String, Fault> {
        let signed =
            self.store.stream(&prescription_stream(id))?.into_iter().find(|one| one.kind == "prescription.signed");
        let Some(signed) = signed else { return Ok("never signed".to_owned()) };
        let piece = self.store.archive(signed.seq)?.into_iter().next();
        Ok(piece.map_or_else(|| "not in the archive".to_owned(), |piece| hash::sha256(&piece.bytes).to_hex()))
    }

    fn who_may_sign(&self, gathered: &mut Gathered) -> Result<(), Fault> {
        let today = self.clock.moment().date();
        let provider = self.provider();
        let zone = self.clock.zone();
        for person in self.practitioners()? {
            let entries = self.store.stream(&crate::practice::signer_stream(&person))?;
            let mut events = Vec::with_capacity(entries.len());
            let mut granted = today;
            for entry in entries.iter().filter(|entry| entry.body_bytes().is_some()) {
                let event: AccessEvent = read(entry)?;
                let at = instant(entry)?;
                match &event {
                    AccessEvent::CredentialRevoked { credential, .. } => {
                        gathered.revoked.push(RevokedToken { credential: credential.clone(), at });
                    }
                    AccessEvent::Approved { .. } | AccessEvent::Executed { .. } => {
                        granted = zone.to_datetime(at).date();
                    }
                    _ => {}
                }
                events.push(event);
            }
            let rules = enrolment::Rules { today: granted, ..self.rules(&provider) };
            let numbers: HashSet<_> = events
                .iter()
                .filter_map(|event| match event {
                    AccessEvent::RegistrationChecked(checked) => checked.registration.number(),
                    _ => None,
                })
                .collect();
            let data = self.registrant_data(numbers)?.unwrap_or_else(|| Snapshot::new(granted));
            gathered.access.extend(AccessFact::of(&person, &events, &rules, &data, today));
        }
        Ok(())
    }

    fn logs_missing(&self, gathered: &mut Gathered, terms: Terms<'_>) -> Result<(), Fault> {
        let now = self.clock.moment();
        for practitioner in self.practitioners()? {
            let (shelf, _) = self.shelf(&practitioner)?;
            let late = self.logs_owed(&practitioner, &shelf, terms)?.into_iter();
            let late = late.filter(|owed| owed.deadline.as_ref().is_some_and(|deadline| deadline.has_passed(now)));
            gathered
                .missing_logs
                .extend(late.map(|owed| MissingLog { practitioner: practitioner.clone(), month: owed.month }));
        }
        Ok(())
    }
}
