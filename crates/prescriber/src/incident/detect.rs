//! What the daily audit looks at, and what each look finds.

use super::kind::{AuditableEvent, Signal};
use super::run::{Finding, FindingId};
use crate::access_event::Standing;
use crate::audit::{Application, Regime, Setting};
use crate::duties::Use;
use crate::log::Month;
use crate::stored::words;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use theriac_model::{Registration, Role};

/// How far the time of a later entry may lie before that of an earlier one: two threads may be that far apart.
pub const CLOCK_STEP_BACK_MS: i64 = 10_000;
/// How far the clock may be from the reference, either way (21 CFR 1311.120(b)(8), 1311.205(b)(4)).
pub const CLOCK_WITHIN_MS: i64 = 5 * 60 * 1000;

/// One entry of the audit trail: the journal's header, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailEntry {
    /// Its position.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: Role,
    /// About what.
    pub stream: String,
    /// What happened.
    pub kind: String,
}

/// How a registration of a person with access stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationFact {
    /// The registration.
    pub registration: Registration,
    /// How it stood at the last check.
    pub standing: Standing,
}

/// Whether identity proofing is on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proofing {
    /// With all its elements.
    Complete,
    /// With elements missing; these.
    Incomplete(Vec<String>),
    /// Not at all.
    Missing,
}

/// What is known of a person's identity against what was enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nothing speaks against it.
    Undisputed,
    /// Somebody reported it as stolen or used by another.
    ReportedStolen,
    /// The certificate names this other subject.
    Certificate(String),
}

/// A person who may sign at the time of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessFact {
    /// The person.
    pub person: String,
    /// The registrations enrolled.
    pub registrations: Vec<RegistrationFact>,
    /// Whether the agency authorised the person to prescribe in official duties, or exempted them from registration. Asked of
    /// Federal systems only.
    pub agency: Agency,
    /// Who granted the right to sign: two people, neither of them the person.
    pub granted_by: Vec<String>,
    /// Identity proofing.
    pub proofing: Proofing,
    /// Identity.
    pub identity: Identity,
}

/// What an agency recorded of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agency {
    /// Nothing.
    Silent,
    /// Authorised to prescribe in official duties.
    Authorised,
    /// Exempt from registration and authorised.
    Exempt,
}

/// A revoked credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedToken {
    /// The credential.
    pub credential: String,
    /// When it was revoked.
    pub at: Timestamp,
}

words! {
    /// What is wrong with a stored record.
    IntegrityProblem {
        /// It was changed.
        Altered = "altered",
        /// It is gone.
        Deleted = "deleted",
        /// It was put in.
        Inserted = "inserted",
        /// It stands elsewhere.
        Moved = "moved",
        /// The end is missing.
        Truncated = "truncated",
        /// Its signature or seal does not verify.
        SealFailed = "seal-failed",
    }
}

/// What the check of the whole journal and archive found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Integrity {
    /// Entries checked.
    pub size: u64,
    /// The root of the tree, in hex.
    pub root: String,
    /// What is wrong where: position, problem, what is known of it.
    pub problems: Vec<(u64, IntegrityProblem, String)>,
}

/// A prescription that was delivered: what left, and what the other side says it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The prescription.
    pub prescription: String,
    /// SHA-256 of the contents as archived here, in hex.
    pub archived: String,
    /// SHA-256 of the contents as delivered there, in hex.
    pub delivered: String,
}

/// A comparison of the clock with a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// When it was made, by the clock itself.
    pub at: Timestamp,
    /// How far the clock is ahead of the reference, in milliseconds; negative behind it.
    pub ahead_ms: i64,
}

/// A practitioner's log that was not provided in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingLog {
    /// The practitioner.
    pub practitioner: String,
    /// The month.
    pub month: Month,
}

/// All that the audit of a day looks at.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// Auditable events noticed since the last audit.
    pub events: &'a [AuditableEvent],
    /// The audit trail since the last audit, in order.
    pub trail: &'a [TrailEntry],
    /// Everybody who may sign now.
    pub access: &'a [AccessFact],
    /// Credentials that were revoked, at any time.
    pub revoked: &'a [RevokedToken],
    /// Uses of credentials since the last audit.
    pub uses: &'a [Use],
    /// The check of journal and archive.
    pub integrity: Integrity,
    /// Deliveries reported since the last audit.
    pub deliveries: &'a [Delivery],
    /// Comparisons of the clock since the last audit.
    pub clock: &'a [ClockReading],
    /// Logs that should have been provided.
    pub missing_logs: &'a [MissingLog],
}

/// A finding before it has its number.
pub(super) struct Found {
    signal: Signal,
    subject: String,
    person: String,
    at: Option<Timestamp>,
    seq: Option<u64>,
    detail: String,
}

impl Found {
    fn new(signal: Signal, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { signal, subject: subject.into(), person: String::new(), at: None, seq: None, detail: detail.into() }
    }

    fn by(mut self, person: impl Into<String>) -> Self {
        self.person = person.into();
        self
    }

    fn when(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    fn place(mut self, seq: u64) -> Self {
        self.seq = Some(seq);
        self
    }

    pub(super) fn numbered(self, id: FindingId, ended: Timestamp) -> Finding {
        Finding {
            id,
            signal: self.signal,
            subject: self.subject,
            person: self.person,
            at: self.at.unwrap_or(ended),
            seq: self.seq,
            detail: self.detail,
        }
    }
}

/// Every look of the audit, in the order of the report's sections.
pub(super) fn all(setting: Setting, from: u64, until: u64, facts: &Facts<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    access(setting, facts.access, &mut found);
    trail(setting, from, until, facts.trail, &mut found);
    integrity(&facts.integrity, &mut found);
    tokens(facts.revoked, facts.uses, &mut found);
    for one in facts.deliveries.iter().filter(|one| one.archived != one.delivered) {
        let detail = format!("archived as {}, delivered as {}", one.archived, one.delivered);
        found.push(Found::new(Signal::ArchiveMismatch, format!("prescription/{}", one.prescription), detail));
    }
    for reading in facts.clock.iter().filter(|reading| reading.ahead_ms.saturating_abs() > CLOCK_WITHIN_MS) {
        let detail = format!("the clock is {} ms ahead of the reference", reading.ahead_ms);
        found.push(Found::new(Signal::ClockChanged, "clock", detail).when(reading.at));
    }
    for log in facts.missing_logs {
        let detail = format!("the log of {} was not provided in time", log.month);
        let subject = format!("log/{}/{}", log.practitioner, log.month);
        found.push(Found::new(Signal::LogMissing, subject, detail).by(&log.practitioner));
    }
    for event in facts.events {
        let detail = format!("{} {}: {}", event.kind, event.attempt, event.detail);
        found.push(Found::new(Signal::Auditable, &event.subject, detail).by(&event.person).when(event.at));
    }
    found
}

/// 1311.145(b)(1) to (3), 1311.245(b)(1), (2): whoever has access who should not.
fn access(setting: Setting, people: &[AccessFact], found: &mut Vec<Found>) {
    let mut holders: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for fact in people {
        let subject = format!("access/{}", fact.person);
        let registered = fact.registrations.iter().any(|one| one.standing == Standing::Valid);
        let authorised = match (setting.regime, fact.agency) {
            (Regime::Ordinary, _) | (Regime::Federal, Agency::Authorised) => registered,
            (Regime::Federal, Agency::Exempt) => true,
            (Regime::Federal, Agency::Silent) => false,
        };
        if !authorised {
            let detail = match setting.regime {
                Regime::Federal if registered => "no authority of the agency to prescribe in official duties",
                _ => "no registration in force",
            };
            found.push(Found::new(Signal::NonRegistrant, &subject, detail).by(&fact.person));
        }
        let granters: BTreeSet<&String> = fact.granted_by.iter().collect();
        if granters.len() < 2 || granters.contains(&fact.person) {
            let detail = format!("the right to sign was granted by {}", fact.granted_by.join(", "));
            found.push(Found::new(Signal::OnePerson, &subject, detail).by(&fact.person));
        }
        match &fact.proofing {
            Proofing::Complete => {}
            Proofing::Incomplete(missing) => {
                let detail = format!("the proofing document lacks {}", missing.join(", "));
                found.push(Found::new(Signal::Unproofed, &subject, detail).by(&fact.person));
            }
            Proofing::Missing => {
                let detail = "no identity proofing is on file";
                found.push(Found::new(Signal::Unproofed, &subject, detail).by(&fact.person));
            }
        }
        match &fact.identity {
            Identity::Undisputed => {}
            Identity::ReportedStolen => {
                let detail = "the identity was reported as used by somebody else";
                found.push(Found::new(Signal::IdentityTheft, &subject, detail).by(&fact.person));
            }
            Identity::Certificate(other) => {
                let detail = format!("the certificate names {other}");
                found.push(Found::new(Signal::OtherSubject, &subject, detail).by(&fact.person));
            }
        }
        // A branch of service has many officials; a registration has one practitioner.
        for one in fact.registrations.iter().filter(|one| one.registration.number().is_some()) {
            holders.entry(one.registration.to_string()).or_default().insert(&fact.person);
        }
    }
    for (registration, people) in holders.into_iter().filter(|(_, people)| people.len() > 1) {
        for person in &people {
            let others: Vec<&str> = people.iter().filter(|one| *one != person).copied().collect();
            let detail = format!("{registration} is also enrolled by {}", others.join(", "));
            let subject = format!("registration/{registration}");
            found.push(Found::new(Signal::SharedRegistration, subject, detail).by(*person));
        }
    }
}

/// Records that set or change who may sign and with what: every one is an auditable event (1311.150(a)).
fn changes_access(kind: &str) -> bool {
    let family = ["access.", "token."].iter().any(|family| kind.starts_with(family));
    family && !matches!(kind, "access.credential-used" | "access.registration-checked")
}

/// Which roles may record a step of a prescription. `None` for records that are about something else.
fn may_record(application: Application, kind: &str) -> Option<&'static [Role]> {
    use Role::{Agent, Pharmacist, Prescriber, System, Technician};
    Some(match (application, kind) {
        (Application::Prescribing, "prescription.drafted" | "prescription.changed" | "prescription.marked-ready") => {
            &[Prescriber, Agent]
        }
        (
            Application::Prescribing,
            "prescription.transmitted"
            | "prescription.transmission-failed"
            | "prescription.reported"
            | "prescription.asked"
            | "prescription.letter-sent"
            | "prescription.cancel-answered",
        ) => &[System],
        (
            Application::Prescribing,
            "prescription.reviewed"
            | "prescription.signed"
            | "prescription.cancel-requested"
            | "prescription.request-answered"
            | "prescription.replaced-on-paper"
            | "prescription.issued-on-paper",
        ) => &[Prescriber],
        (Application::Prescribing, kind) if kind.starts_with("prescription.") => &[Prescriber, Agent],
        (Application::Dispensing, "rx.received" | "rx.rejected" | "rx.cancelled") => &[System, Pharmacist, Technician],
        (Application::Dispensing, kind) if kind.starts_with("rx.") => &[Pharmacist, Technician, System],
        _ => return None,
    })
}

/// 1311.145(b)(4), 1311.245(b)(3): records made by somebody who may not; the trail's own gaps and steps back in time.
fn trail(setting: Setting, from: u64, until: u64, entries: &[TrailEntry], found: &mut Vec<Found>) {
    let mut expected = from;
    let mut latest: Option<Timestamp> = None;
    for entry in entries {
        if entry.seq != expected {
            let detail = format!("entry {} follows where {expected} is expected", entry.seq);
            found.push(Found::new(Signal::TrailGap, "journal", detail).place(expected).when(entry.at));
        }
        expected = entry.seq.saturating_add(1);
        if let Some(before) =
            latest.filter(|before| entry.at.as_millisecond() < before.as_millisecond() - CLOCK_STEP_BACK_MS)
        {
            let detail = format!("the clock stepped back from {before} to {}", entry.at);
            found.push(Found::new(Signal::ClockChanged, "clock", detail).place(entry.seq).when(entry.at));
        }
        latest = latest.max(Some(entry.at));
        if may_record(setting.application, &entry.kind).is_some_and(|roles| !roles.contains(&entry.role)) {
            let detail = format!("{} recorded in the role {}", entry.kind, entry.role);
            let one = Found::new(Signal::StaffAct, &entry.stream, detail).by(&entry.actor);
            found.push(one.place(entry.seq).when(entry.at));
        }
        if changes_access(&entry.kind) {
            let detail = format!("access-control-change successful: {}", entry.kind);
            let one = Found::new(Signal::Auditable, &entry.stream, detail).by(&entry.actor);
            found.push(one.place(entry.seq).when(entry.at));
        }
    }
    if expected != until && from < until {
        let detail = format!("the trail ends at {expected}, the journal at {until}");
        found.push(Found::new(Signal::TrailGap, "journal", detail).place(expected));
    }
}

fn integrity(checked: &Integrity, found: &mut Vec<Found>) {
    for (seq, problem, what) in &checked.problems {
        let signal = match problem {
            IntegrityProblem::SealFailed => Signal::SignatureFailed,
            _ => Signal::RecordAltered,
        };
        found.push(Found::new(signal, format!("journal/{seq}"), format!("{problem}: {what}")).place(*seq));
    }
}

fn tokens(revoked: &[RevokedToken], uses: &[Use], found: &mut Vec<Found>) {
    let since: BTreeMap<&str, Timestamp> = revoked.iter().map(|one| (one.credential.as_str(), one.at)).collect();
    for one in uses {
        if let Some(at) = since.get(one.credential.as_str()).filter(|at| one.at > **at) {
            let detail = format!("revoked at {at}, used at {} for {}", one.at, one.prescription);
            let subject = format!("credential/{}", one.credential);
            found.push(Found::new(Signal::TokenAfterLoss, subject, detail).place(one.seq).when(one.at));
        }
    }
}
