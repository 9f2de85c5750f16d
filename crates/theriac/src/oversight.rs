//! Oversight at the desk: the audit gate, the practitioner's duties, and the clearance to sign that they leave behind.

use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use theriac_model::holidays::federal_holidays_from;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::audit::{
    Application, AuditEvent, AuditGate, Regime, Registered, Service, Setting, ThirdPartyReport, Users,
};
use theriac_prescriber::duties::{Clearance, Duties, DutyEvent};
use theriac_prescriber::terms::Terms;
use theriac_store::NewPiece;

/// The practitioner's application of this deployment.
const PRESCRIBING: Setting =
    Setting { application: Application::Prescribing, regime: Regime::Ordinary, service: Service::Hosted };
/// The stream of its audits.
const AUDITS: &str = "audits/prescribing";

fn duty_stream(person: &str) -> String {
    format!("duties/{person}")
}

impl House {
    /// Whatever has to be asked under the law and the calendar of today.
    fn under_terms<T>(&self, ask: impl FnOnce(Terms<'_>) -> T) -> T {
        let holidays = federal_holidays_from(self.clock.moment().date(), 1);
        ask(Terms { profile: &self.profile, holidays: &holidays })
    }

    fn audit_gate(&self) -> Result<(AuditGate, u64), Fault> {
        let (events, version) = stream::<AuditEvent>(&self.store, AUDITS)?;
        Ok((AuditGate::replay(PRESCRIBING, &events), version))
    }

    fn duties(&self, person: &str) -> Result<(Duties, u64), Fault> {
        let (events, version) = stream::<DutyEvent>(&self.store, &duty_stream(person))?;
        Ok((Duties::replay(person, &events), version))
    }

    /// Whether a practitioner is cleared to sign today: audits, acknowledgements and determination; and the versions of the
    /// streams on which that rests, so that nothing is signed beside an adverse finding.
    pub(crate) fn clearance(&self, person: &str) -> Result<(Clearance, [(String, u64); 2]), Fault> {
        let (gate, audits) = self.audit_gate()?;
        let (duties, done) = self.duties(person)?;
        let day = self.clock.moment().date();
        let clearance = self.under_terms(|terms| Clearance::ask(&duties, &gate, day, terms))?;
        Ok((clearance, [(AUDITS.to_owned(), audits), (duty_stream(person), done)]))
    }

    /// Registers a third party's audit report with its file, which is archived and sealed as it came.
    pub(crate) fn register_audit(&self, by: &Actor, report: ThirdPartyReport, bytes: Vec<u8>) -> Result<(), Fault> {
        let (gate, version) = self.audit_gate()?;
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        let report = ThirdPartyReport { digest, ..report };
        let media = report.media.clone();
        let now = self.clock.moment();
        let Registered { event, .. } =
            self.under_terms(|terms| gate.register(report, by, &Users::default(), now, terms))?;
        let seal = self.keys.prescriber.seal(&bytes, now.timestamp);
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        Change::default()
            .decided_on(AUDITS, version)
            .with_pieces(&self.by(by, ""), AUDITS, &event, vec![NewPiece { media, bytes, seal }])?
            .commit(&self.store)?;
        Ok(())
    }

    /// Records what a practitioner did for a duty, decided on its present state.
    pub(crate) fn duty(
        &self,
        by: &Actor,
        decide: impl FnOnce(&Duties, &AuditGate) -> Result<Vec<DutyEvent>, Refusal>,
    ) -> Result<(), Fault> {
        let (gate, _) = self.audit_gate()?;
        let (duties, version) = self.duties(&by.id)?;
        let name = duty_stream(&by.id);
        let mut change = Change::default().decided_on(&name, version);
        for event in decide(&duties, &gate)? {
            change = change.event(&self.by(by, ""), &name, &event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }
}
