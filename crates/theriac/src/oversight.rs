//! Oversight at the desk: the practitioner's duties, and the clearance to sign that audits and duties leave behind.

use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use jiff::Timestamp;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::audit::{Application, AuditGate};
use theriac_prescriber::duties::{Clearance, Dispute, Disputed, Duties, DutyEvent, Ground, TokenReported};
use theriac_prescriber::log::Line;
use theriac_prescriber::notice::Enclosure;
use theriac_prescriber::token_event::Loss;

fn duty_stream(person: &str) -> String {
    format!("duties/{person}")
}

impl House {
    /// What a practitioner did for their duties, and the version of its records.
    pub(crate) fn duties(&self, person: &str) -> Result<(Duties, u64), Fault> {
        let (events, version) = stream::<DutyEvent>(&self.store, &duty_stream(person))?;
        Ok((Duties::replay(person, &events), version))
    }

    /// Whether a practitioner is cleared to sign today: audits, acknowledgements and determination; and the versions of the
    /// streams on which that rests, so that nothing is signed beside an adverse finding.
    pub(crate) fn clearance(&self, person: &str) -> Result<(Clearance, [(String, u64); 3]), Fault> {
        let works = self.preconditions_hold()?;
        let (gate, audits) = self.audit_gate(Application::Prescribing)?;
        let (duties, done) = self.duties(person)?;
        let day = self.clock.moment().date();
        let clearance = self.under_terms(|terms| Clearance::ask(&duties, &gate, day, terms))?;
        let stream = crate::watch::audits_stream(Application::Prescribing).to_owned();
        let preconditions = crate::practice::preconditions::PRECONDITIONS.to_owned();
        Ok((clearance, [(stream, audits), (duty_stream(person), done), (preconditions, works)]))
    }

    /// Records what a practitioner did for a duty, decided on its present state.
    pub(crate) fn duty(
        &self,
        by: &Actor,
        decide: impl FnOnce(&Duties, &AuditGate) -> Result<Vec<DutyEvent>, Refusal>,
    ) -> Result<(), Fault> {
        let (gate, _) = self.audit_gate(Application::Prescribing)?;
        let (duties, version) = self.duties(&by.id)?;
        let name = duty_stream(&by.id);
        let mut change = Change::default().decided_on(&name, version);
        for event in decide(&duties, &gate)? {
            change = change.event(&self.by(by, ""), &name, &event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// A token is reported lost or the like: its credentials end, the provider is told by this very act, and the controllers
    /// get a notice, all in one.
    pub(crate) fn report_token(&self, by: &Actor, person: &str, loss: Loss) -> Result<TokenReported, Fault> {
        let (duties, _) = self.duties(person)?;
        let (signer, version) = self.signer(person)?;
        let book = self.notices()?;
        let offset = self.clock.moment().offset;
        let told = self.under_terms(|terms| duties.report_token(loss, &signer, &book.notices, offset, terms))?;
        let (name, desk) = (crate::practice::signer_stream(person), self.by(by, ""));
        let mut change = Change::default().decided_on(&name, version);
        for event in &told.events {
            change = change.event(&desk, &name, event)?;
        }
        Self::telling(change, &desk, &told.notices)?.commit(&self.store)?;
        Ok(told)
    }

    /// A practitioner says that a prescription was not signed by them, or is not as they signed it: recorded, the provider
    /// told, and the notices to DEA and the controllers written, with the archived copy.
    pub(crate) fn dispute(
        &self,
        by: &Actor,
        person: &str,
        line: &Line,
        ground: Ground,
        discovered: Timestamp,
    ) -> Result<(), Fault> {
        let (duties, version) = self.duties(person)?;
        let book = self.notices()?;
        let now = self.clock.moment();
        let offset = self.clock.zone().to_offset(discovered);
        let message = self.store.archive(line.seq)?.into_iter().next();
        let archived = message.map(|piece| Enclosure {
            what: "the message as archived when it was signed".to_owned(),
            digest: theriac_journal::hash::sha256(&piece.bytes).to_hex(),
        });
        let dispute = Dispute {
            by: by.clone(),
            line,
            ground,
            discovered: theriac_law::Moment { timestamp: discovered, offset },
            archived: archived.into_iter().collect(),
        };
        let Disputed { event, notices } =
            self.under_terms(|terms| duties.dispute(dispute, &book.notices, now, terms))?;
        let (name, desk) = (duty_stream(person), self.by(by, ""));
        let change = Change::default().decided_on(&name, version).event(&desk, &name, &event)?;
        Self::telling(change, &desk, &notices)?.commit(&self.store)?;
        Ok(())
    }
}
