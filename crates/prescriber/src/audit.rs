//! Third-party audits of the application and its provider, and the gate they hold open or shut.
//!
//! (2008: 1311.150(a), 1311.170(f), 1311.250(a), 1311.270(f)) Before the first controlled substance prescription, and every
//!     year, a qualified third party audits security and processing integrity. (In force: 1311.300(a)) Every two years, and
//!     whenever a controlled-substance function changes; (b) a hosted application's physical security, too. The strictest
//!     profile asks for all of it.
//! (2008: 1311.150(b), 1311.170(g)) The audit says whether system and provider meet the rules.
//! (2008: 1311.150(d), (e), 1311.170(h), (i)) An adverse one stops signing or processing at once; users and DEA are told.
//!     73 FR 36722, 36754: only a later favourable audit opens again.
//!
//! One machine serves both applications: the practitioner's, which signs and sends, and the pharmacy's, which receives and
//! processes; in either, the Federal variant of the proposal's Subpart D asks for no label and has the agency as sender.
//! Chosen readings: twelve months count from the last day of the audit, whose last day is inside; a favourable audit is later
//! when it ended after the adverse report was issued; names of audits that the rules use and the profession gave up stand for
//! their successors ([`ReportKind`]).

mod event;
mod gate;
mod report;

pub use event::AuditEvent;
pub use gate::{AuditGate, REMIND_DAYS, Registered, Reminder, Standing, Users};
pub use report::{Auditor, Part1311, ReportKind, Scope, Security, ThirdPartyReport};

use crate::notice::Sender;
use crate::stored::words;

words! {
    /// Which of the two applications.
    Application {
        /// The practitioner's, which creates, signs and sends.
        Prescribing = "prescribing",
        /// The pharmacy's, which receives and processes.
        Dispensing = "dispensing",
    }
}

words! {
    /// Under which part of the proposal the system runs.
    Regime {
        /// Subpart C: everybody.
        Ordinary = "ordinary",
        /// Subpart D: a Federal agency's system.
        Federal = "federal",
    }
}

words! {
    /// What the provider does.
    Service {
        /// Runs the application and takes part in transmission or processing.
        Hosted = "hosted",
        /// Only installed it on the registrant's computers.
        Installed = "installed",
    }
}

/// Which application, under which regime, provided how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The application.
    pub application: Application,
    /// The regime.
    pub regime: Regime,
    /// The service.
    pub service: Service,
}

impl Setting {
    /// In whose name authorities and users are told.
    pub const fn sender(self) -> Sender {
        match self.regime {
            Regime::Ordinary => Sender::Provider,
            Regime::Federal => Sender::Agency,
        }
    }

    /// Where an audit is asked for.
    pub const fn asks(self) -> &'static str {
        match (self.application, self.regime) {
            (Application::Prescribing, Regime::Ordinary) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.150(a), (b)"
            }
            (Application::Dispensing, Regime::Ordinary) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.170(f), (g)"
            }
            (Application::Prescribing, Regime::Federal) => "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.250(a)",
            (Application::Dispensing, Regime::Federal) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.270(f), (g)"
            }
        }
    }

    /// Where it is said what follows from an adverse one.
    pub const fn stops(self) -> &'static str {
        match (self.application, self.regime, self.service) {
            (Application::Prescribing, Regime::Ordinary, Service::Hosted) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.150(d)"
            }
            (Application::Prescribing, Regime::Ordinary, Service::Installed) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.150(e)"
            }
            (Application::Dispensing, Regime::Ordinary, Service::Hosted) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.170(h)"
            }
            (Application::Dispensing, Regime::Ordinary, Service::Installed) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.170(i)"
            }
            (Application::Prescribing, Regime::Federal, _) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.250(c)"
            }
            (Application::Dispensing, Regime::Federal, _) => {
                "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.270(h)"
            }
        }
    }

    /// What stops, in words.
    pub(crate) const fn act(self) -> &'static str {
        match self.application {
            Application::Prescribing => "no controlled substance prescription is signed or sent electronically",
            Application::Dispensing => "no electronic controlled substance prescription is accepted or processed",
        }
    }
}
