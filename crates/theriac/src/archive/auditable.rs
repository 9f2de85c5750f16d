//! The pharmacy's list of auditable events: what must be on it, what the pharmacy added, and events that people report
//! (2008: 1311.170(c); 21 CFR 1311.215).

use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::watch::incidents_stream;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::{Attempt, AuditableEvent, AuditableKind, IncidentEvent, IncidentRegister, Watched};

const CITE: &str = "21 CFR 1311.215; 73 FR 36722, proposed 21 CFR 1311.170(c)";

/// What a person saw and reports as an auditable event.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    pub(crate) kind: Watched,
    pub(crate) attempt: Attempt,
    /// The record, page or system it touched.
    pub(crate) subject: String,
    pub(crate) detail: String,
}

/// What somebody tried who stood before a door that is not theirs, by its address.
pub(crate) fn attempted(door: &str) -> AuditableKind {
    let has = |parts: &[&str]| parts.iter().any(|part| door.contains(part));
    match () {
        () if has(&["/erase"]) => AuditableKind::UnauthorizedDestruction,
        () if has(&["/file", "/package", "/evidence", "report.pdf", "record.pdf"]) => {
            AuditableKind::UnauthorizedDisclosure
        }
        () if has(&["/annotations", "/edit", "/discard", "/ready", "/layers", "/amend"]) => {
            AuditableKind::UnauthorizedModification
        }
        () if has(&["/archive/auditable", "/archive/monitors", "/retention/hold"]) => {
            AuditableKind::InterferenceWithTrail
        }
        // Whoever registers an audit report or another version can stop an application.
        () if door.starts_with("/audits") => AuditableKind::InterferenceWithOperation,
        () if has(&["/sign", "/fill", "/refill", "/hand-over", "/requests", "/cancel"]) => {
            AuditableKind::UnauthorizedUse
        }
        () => AuditableKind::UnauthorizedAccess,
    }
}

impl House {
    /// Records a step of the pharmacy's register that `decide` takes. What is refused is an attempt on the trail, and recorded.
    fn listing(
        &self,
        by: &Actor,
        decide: impl FnOnce(&IncidentRegister) -> Result<IncidentEvent, Refusal>,
    ) -> Result<(), Fault> {
        let watching = self.watching(Application::Dispensing)?;
        let stream = incidents_stream(Application::Dispensing);
        let desk = self.by(by, self.pharmacy.as_str());
        match decide(&watching.register) {
            Ok(event) => {
                Change::default()
                    .decided_on(stream, watching.version)
                    .event(&desk, stream, &event)?
                    .commit(&self.store)?;
                Ok(())
            }
            Err(refusal) => {
                let detail = format!("a change of the list was refused: {}", refusal.code);
                self.note_attempt(by, AuditableKind::InterferenceWithTrail, stream, &detail)?;
                Err(refusal.into())
            }
        }
    }

    /// Puts a kind on the pharmacy's list: a name of one's own, or the kind of a journal's record, such as `rx.returned`, of
    /// which every one is then an auditable event.
    pub(crate) fn watch_also(&self, by: &Actor, name: &str) -> Result<(), Fault> {
        self.listing(by, |register| register.extend_list(name.trim(), by))
    }

    /// Takes a kind off the list; never one of the minimum.
    pub(crate) fn watch_no_more(&self, by: &Actor, kind: &Watched) -> Result<(), Fault> {
        self.listing(by, |register| register.reduce_list(kind, by))
    }

    /// Records an auditable event that a person saw.
    ///
    /// # Errors
    /// `RX-INCIDENT-WHAT` without saying what was seen; `RX-INCIDENT-UNLISTED` for a kind that is not on the list.
    pub(crate) fn report_sighting(&self, by: &Actor, sighting: Sighting) -> Result<(), Fault> {
        let Sighting { kind, attempt, subject, detail } = sighting;
        let detail = detail.trim().to_owned();
        if detail.is_empty() || detail.chars().count() > 500 {
            let next = "say what was seen in 1 to 500 characters, without a patient's name";
            return Err(Refusal::new("RX-INCIDENT-WHAT", CITE, "it is not said what was seen", next)
                .about("what")
                .into());
        }
        let watching = self.watching(Application::Dispensing)?;
        let stream = incidents_stream(Application::Dispensing);
        let at = self.clock.now();
        let unlisted = Refusal::new(
            "RX-INCIDENT-UNLISTED",
            CITE,
            format!("{kind} is not on the list of auditable events"),
            "put it on the list first, or choose another",
        );
        let noticed = AuditableEvent { kind, attempt, at, person: by.id.clone(), subject, detail };
        let Some(event) = watching.register.notice(noticed) else { return Err(unlisted.about("kind").into()) };
        Change::default().event(&self.by(by, self.pharmacy.as_str()), stream, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Records something that somebody tried and was refused.
    pub(crate) fn note_attempt(
        &self,
        by: &Actor,
        kind: AuditableKind,
        subject: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let stream = incidents_stream(Application::Dispensing);
        let event = IncidentEvent::Noticed(AuditableEvent {
            kind: Watched::Minimum(kind),
            attempt: Attempt::Attempted,
            at: self.clock.now(),
            person: by.id.clone(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        });
        Change::default().event(&self.by(by, ""), stream, &event)?.commit(&self.store)?;
        Ok(())
    }
}
