//! Outside audits of both applications: reports, and the gates that they hold open or shut.

use crate::house::House;
use crate::house::record::{Change, Fault};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use theriac_model::{Actor, Refusal, Role};
use theriac_prescriber::access::GrantStage;
use theriac_prescriber::audit::{
    Application, AuditEvent, AuditGate, Auditor, Part1311, Regime, Registered, ReportKind, Scope, Security, Service,
    Setting, Standing, ThirdPartyReport, Users,
};
use theriac_store::NewPiece;

/// The name of the report that a demonstration lists for itself.
pub(crate) const DEMONSTRATION_AUDIT: &str = "demo-audit";
/// What stands for that report.
const DEMONSTRATION_REPORT: &[u8] =
    b"DEMO: this stands for a third party's audit report. Nobody has audited this demonstration.\n";

/// This deployment as the rules on audits see it: it runs both applications for those who use them.
pub(crate) const fn setting(application: Application) -> Setting {
    Setting { application, regime: Regime::Ordinary, service: Service::Hosted }
}

/// The stream of an application's audits.
pub(crate) const fn audits_stream(application: Application) -> &'static str {
    match application {
        Application::Prescribing => "audits/prescribing",
        Application::Dispensing => "audits/dispensing",
    }
}

/// A gate as it stands today, kept so that not every message reads the audits again.
pub(crate) struct Known {
    day: Date,
    pub(crate) version: u64,
    pub(crate) standing: Standing,
}

/// The gates as last seen. Whoever decides on one names its version, so that a record made beside another process' adverse
/// report is refused by the store.
#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<Application, Arc<Known>>>);

impl Gates {
    /// Forgets what was seen.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A report's file.
pub(crate) struct Filed {
    pub(crate) report: ThirdPartyReport,
    pub(crate) bytes: Vec<u8>,
}

impl House {
    /// The audits of an application, and the version of their stream.
    pub(crate) fn audit_gate(&self, application: Application) -> Result<(AuditGate, u64), Fault> {
        let (records, version) = self.placed::<AuditEvent>(audits_stream(application))?;
        Ok((AuditGate::replay(setting(application), records.iter().map(|placed| &placed.record)), version))
    }

    /// Whether an application may be used today.
    pub(crate) fn gate_today(&self, application: Application) -> Result<Arc<Known>, Fault> {
        let day = self.clock.moment().date();
        let seen = self.gates.0.lock().unwrap_or_else(PoisonError::into_inner).get(&application).cloned();
        if let Some(known) = seen.filter(|known| known.day == day) {
            return Ok(known);
        }
        let (gate, version) = self.audit_gate(application)?;
        let standing = self.under_terms(|terms| gate.standing(day, terms));
        let known = Arc::new(Known { day, version, standing });
        self.gates.0.lock().unwrap_or_else(PoisonError::into_inner).insert(application, Arc::clone(&known));
        Ok(known)
    }

    /// Who is told of an adverse finding: everybody who may sign, and the pharmacy.
    fn users(&self) -> Result<Users, Fault> {
        let signers = self.all_signers()?;
        let in_force = signers.iter().filter(|(signer, ..)| signer.grant_stage() == GrantStage::InForce);
        Ok(Users {
            practitioners: in_force.map(|(signer, ..)| signer.person().to_owned()).collect(),
            pharmacies: vec![self.pharmacy.to_string()],
            customers: Vec::new(),
        })
    }

    /// Registers a third party's audit report with its file, which is archived and sealed as it came. An adverse one brings
    /// its notices with it, in the same act.
    pub(crate) fn register_audit(
        &self,
        by: &Actor,
        application: Application,
        report: ThirdPartyReport,
        bytes: Vec<u8>,
    ) -> Result<(), Fault> {
        if bytes.is_empty() {
            return Err(Refusal::new(
                "RX-AUDIT-FILE",
                setting(application).asks(),
                "the report's file is empty",
                "choose the file of the report as the auditor issued it",
            )
            .about("file")
            .into());
        }
        let (gate, version) = self.audit_gate(application)?;
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        let report = ThirdPartyReport { digest, ..report };
        let media = report.media.clone();
        let users = self.users()?;
        let now = self.clock.moment();
        let Registered { event, notices } = self.under_terms(|terms| gate.register(report, by, &users, now, terms))?;
        let seal = self.keys.prescriber.seal(&bytes, now.timestamp);
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        let stream = audits_stream(application);
        let desk = self.by(by, "");
        let change = Change::default().decided_on(stream, version).with_pieces(
            &desk,
            stream,
            &event,
            vec![NewPiece { media, bytes, seal }],
        )?;
        self.raising(change, &desk, notices)?.commit(&self.store)?;
        self.gates.forget();
        Ok(())
    }

    /// Records another step in the life of a gate, with the notices that follow.
    pub(crate) fn audit_step(
        &self,
        by: &Actor,
        application: Application,
        decide: impl FnOnce(&AuditGate, &Users) -> Result<Registered, Refusal>,
    ) -> Result<(), Fault> {
        let (gate, version) = self.audit_gate(application)?;
        let Registered { event, notices } = decide(&gate, &self.users()?)?;
        let (stream, desk) = (audits_stream(application), self.by(by, ""));
        let change = Change::default().decided_on(stream, version).event(&desk, stream, &event)?;
        self.raising(change, &desk, notices)?.commit(&self.store)?;
        self.gates.forget();
        Ok(())
    }

    /// A report with its file, as it was archived.
    pub(crate) fn audit_report(&self, application: Application, id: &str) -> Result<Option<Filed>, Fault> {
        let (records, _) = self.placed::<AuditEvent>(audits_stream(application))?;
        for placed in records {
            if let AuditEvent::Registered { report, .. } = placed.record
                && report.id == id
            {
                let piece = self.store.archive(placed.seq)?.into_iter().next();
                return Ok(piece.map(|piece| Filed { report, bytes: piece.bytes }));
            }
        }
        Ok(None)
    }

    /// A demonstration lists what stands for an audit report of each application, or nothing could be signed or received. The
    /// report says of itself that nobody audited anything.
    pub(crate) fn register_demonstration_audits(&self) -> Result<(), Fault> {
        let founder = Actor::new("theriac", Role::Operator);
        let audited = self.clock.moment().date();
        for application in Application::ALL.iter().copied() {
            let report = ThirdPartyReport {
                id: DEMONSTRATION_AUDIT.to_owned(),
                kind: ReportKind::SysTrust,
                auditor: Auditor {
                    name: "Invented Assurance (DEMO)".to_owned(),
                    qualification: "none: nobody has audited this demonstration".to_owned(),
                },
                scope: Scope::ALL.to_vec(),
                from: audited,
                audited,
                issued: audited,
                part_1311: Part1311::Meet,
                security: Security::Adequate,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                digest: String::new(),
                media: "text/plain".to_owned(),
            };
            self.register_audit(&founder, application, report, DEMONSTRATION_REPORT.to_vec())?;
        }
        Ok(())
    }
}
