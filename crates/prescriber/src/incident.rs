//! Security incidents: what is watched, the daily audit, what it finds, who judges it, who is told by when.
//!
//! (2008: 1311.145(a), 1311.245(a); in force: 1311.150(b)) Records and system are audited at least once a day, well enough to
//!     find what must be reported. (2008: 1311.170(d); in force: 1311.215) A pharmacy's audit log is analysed at least every
//!     24 hours. Either gives a report, also of a day without events (chosen reading).
//! (2008: 1311.145(b), 1311.245(b)) DEA is told within one business day of anything that may mean one of the listed kinds.
//!     Chosen reading: the time begins at discovery.
//! (2008: 1311.170(e), 1311.270(e); in force: 1311.150(c), 1311.215) A person decides whether an auditable event is a
//!     security incident, with a reason; an incident is told within one business day of the event's being identified.
//!
//! What a rule lists as reportable opens an incident by itself ([`Signal::heading`]); every other auditable event waits for
//! a person's decision. A day without an audit is an incident, too.

mod access;
mod detect;
mod event;
mod kind;
mod register;
mod run;

pub use detect::{
    AccessFact, Agency, CLOCK_STEP_BACK_MS, CLOCK_WITHIN_MS, ClockReading, Delivery, Facts, Identity, Integrity,
    IntegrityProblem, MissingLog, Proofing, RegistrationFact, RevokedToken, TrailEntry,
};
pub use event::{Decision, IncidentEvent};
pub use kind::{Attempt, AuditableEvent, AuditableKind, AuditableList, Heading, Signal, Watched};
pub use register::{Incident, IncidentRegister, OpenFinding, Opening, Recorded};
pub use run::{AuditRun, Finding, FindingId, examine, next_due};
