//! The kinds: auditable events, signs of an incident, and the headings under which incidents are reported.

use crate::audit::{Application, Regime, Setting};
use crate::stored::words;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt;
use theriac_model::{Actor, Refusal, Role};

words! {
    /// Auditable events that every deployment watches: six of the proposal (1311.170(c)) and those of the law in force
    /// (1311.150(a), 1311.215). Each is watched whether it was attempted or succeeded.
    AuditableKind {
        /// Access without authority.
        UnauthorizedAccess = "unauthorized-access",
        /// Use of information without authority.
        UnauthorizedUse = "unauthorized-use",
        /// Disclosure of information without authority.
        UnauthorizedDisclosure = "unauthorized-disclosure",
        /// Modification of information without authority.
        UnauthorizedModification = "unauthorized-modification",
        /// Destruction of information without authority.
        UnauthorizedDestruction = "unauthorized-destruction",
        /// Interference with the operation of the system.
        InterferenceWithOperation = "interference-with-operation",
        /// Interference with the audit trail.
        InterferenceWithTrail = "interference-with-audit-trail",
        /// Any setting of or change to access control.
        AccessControlChange = "access-control-change",
        /// An act of the provider's own staff on prescriptions or access controls.
        ProviderStaffAct = "provider-staff-act",
    }
}

words! {
    /// Whether something was only tried.
    Attempt {
        /// Tried, and prevented.
        Attempted = "attempted",
        /// It succeeded.
        Successful = "successful",
    }
}

/// A kind of event that a deployment watches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Watched {
    /// One that every deployment watches.
    Minimum(AuditableKind),
    /// One that this deployment added, by its name.
    House(String),
}

impl Watched {
    /// The kind with this word: one of the minimum, or `house:NAME`.
    pub fn parse(word: &str) -> Option<Self> {
        match word.strip_prefix("house:") {
            Some(name) if !name.trim().is_empty() => Some(Self::House(name.to_owned())),
            Some(_) => None,
            None => AuditableKind::parse(word).map(Self::Minimum),
        }
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minimum(kind) => f.write_str(kind.word()),
            Self::House(name) => write!(f, "house:{name}"),
        }
    }
}

/// An auditable event, as it was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditableEvent {
    /// Its kind.
    pub kind: Watched,
    /// Whether it succeeded.
    pub attempt: Attempt,
    /// When it was noticed.
    pub at: Timestamp,
    /// Whose act it was, as far as known: a person of the deployment, an address.
    pub person: String,
    /// The record, page or system it touched.
    pub subject: String,
    /// What happened, without any patient's name.
    pub detail: String,
}

/// The list of auditable events of a deployment: the minimum, and what it added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditableList {
    house: BTreeSet<String>,
}

const LIST: &str = "21 CFR 1311.150(a), 1311.215; 73 FR 36722, proposed 21 CFR 1311.170(c)";

impl AuditableList {
    /// All kinds that are watched, the minimum first.
    pub fn kinds(&self) -> Vec<Watched> {
        let minimum = AuditableKind::ALL.iter().copied().map(Watched::Minimum);
        minimum.chain(self.house.iter().cloned().map(Watched::House)).collect()
    }

    /// Whether events of a kind are watched.
    pub fn watches(&self, kind: &Watched) -> bool {
        match kind {
            Watched::Minimum(_) => true,
            Watched::House(name) => self.house.contains(name),
        }
    }

    pub(crate) fn add(&mut self, name: &str) {
        self.house.insert(name.to_owned());
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.house.remove(name);
    }

    /// Whether a person may add a kind of this name.
    ///
    /// # Errors
    /// By anyone who does not keep the list; for a name that is empty, taken, or one of the minimum's.
    pub fn may_add(&self, name: &str, by: &Actor) -> Result<(), Refusal> {
        keeper(by)?;
        if name.trim().is_empty() || self.house.contains(name) || AuditableKind::parse(name).is_some() {
            return Err(Refusal::new(
                "RX-INCIDENT-LISTED",
                LIST,
                format!("\"{name}\" is empty or on the list already"),
                "choose another name",
            ));
        }
        Ok(())
    }

    /// Whether a person may take a kind off the list.
    ///
    /// # Errors
    /// By anyone who does not keep the list; for a kind of the minimum; for a kind that is not on it.
    pub fn may_remove(&self, kind: &Watched, by: &Actor) -> Result<(), Refusal> {
        keeper(by)?;
        match kind {
            Watched::Minimum(kind) => Err(Refusal::new(
                "RX-INCIDENT-MINIMUM",
                LIST,
                format!("{kind} is one of the events that must be watched"),
                "leave it on the list; only what the deployment added can be taken off",
            )),
            Watched::House(name) if self.house.contains(name) => Ok(()),
            Watched::House(name) => Err(Refusal::new(
                "RX-INCIDENT-UNLISTED",
                LIST,
                format!("\"{name}\" is not on the list"),
                "look at the list",
            )),
        }
    }
}

fn keeper(by: &Actor) -> Result<(), Refusal> {
    if matches!(by.role, Role::Operator | Role::AccessController | Role::Pharmacist) {
        return Ok(());
    }
    Err(Refusal::new(
        "RX-INCIDENT-ROLE",
        LIST,
        format!("the role {} does not keep the list of auditable events", by.role),
        "let an operator, or the pharmacist for the pharmacy's list, change it",
    ))
}

words! {
    /// Under which heading an incident is reported.
    Heading {
        /// Somebody who is not a registrant may issue prescriptions.
        NonRegistrant = "non-registrant",
        /// Somebody may issue prescriptions without the identity proofing that is asked for.
        Unproofed = "unproofed",
        /// Somebody may issue prescriptions in another person's identity.
        OtherIdentity = "other-identity",
        /// Staff created or altered prescription records without being allowed to.
        StaffAltered = "staff-altered",
        /// Somebody came in from outside.
        Intrusion = "intrusion",
        /// Anything else that may mean that the system cannot be relied on for controlled substances.
        Integrity = "integrity",
    }
}

impl Heading {
    /// The paragraph under which it is reported.
    pub const fn cite(self, setting: Setting) -> &'static str {
        match (setting.application, setting.regime) {
            (Application::Dispensing, Regime::Ordinary) => "21 CFR 1311.215; 73 FR 36722, proposed 21 CFR 1311.170(e)",
            (Application::Dispensing, Regime::Federal) => "21 CFR 1311.215; 73 FR 36722, proposed 21 CFR 1311.270(e)",
            (Application::Prescribing, Regime::Ordinary) => match self {
                Self::NonRegistrant => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(1)",
                Self::Unproofed => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(2)",
                Self::OtherIdentity => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(3)",
                Self::StaffAltered => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(4)",
                Self::Intrusion => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(5)",
                Self::Integrity => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.145(b)(6)",
            },
            (Application::Prescribing, Regime::Federal) => match self {
                Self::NonRegistrant => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.245(b)(1)",
                Self::OtherIdentity => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.245(b)(2)",
                Self::StaffAltered => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.245(b)(3)",
                Self::Intrusion => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.245(b)(4)",
                Self::Unproofed | Self::Integrity => "21 CFR 1311.150(c); 73 FR 36722, proposed 21 CFR 1311.245(b)(5)",
            },
        }
    }

    /// The heading in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NonRegistrant => {
                "access to issue prescriptions given to somebody who is not a registrant with authority"
            }
            Self::Unproofed => "access to issue prescriptions given without the identity proofing that is required",
            Self::OtherIdentity => "access to issue prescriptions given to somebody using another person's identity",
            Self::StaffAltered => "prescription records created or altered by somebody who may not",
            Self::Intrusion => "a successful intrusion from outside",
            Self::Integrity => "another sign that the system's integrity may be compromised",
        }
    }
}

words! {
    /// What a finding of the daily audit shows.
    Signal {
        /// A person may sign who has no valid registration, or for an agency no authority.
        NonRegistrant = "access-without-registration",
        /// A person may sign whose proofing is missing or incomplete.
        Unproofed = "access-without-proofing",
        /// An identity was reported as stolen.
        IdentityTheft = "identity-theft",
        /// One registration was enrolled by differing persons.
        SharedRegistration = "registration-of-two-persons",
        /// A certificate names somebody other than the person enrolled.
        OtherSubject = "certificate-of-another",
        /// Somebody recorded a step of a prescription that their role may not.
        StaffAct = "act-beyond-role",
        /// A record is not what was written.
        RecordAltered = "record-altered",
        /// A person's right to sign was not granted by two others.
        OnePerson = "grant-not-by-two",
        /// A token was used after it was revoked.
        TokenAfterLoss = "token-used-after-revocation",
        /// A signature or seal of a stored record does not verify.
        SignatureFailed = "signature-failed",
        /// What was delivered is not what was archived.
        ArchiveMismatch = "delivery-differs-from-archive",
        /// The clock stepped back or is wrong.
        ClockChanged = "clock-changed",
        /// Entries of the audit trail are missing, or were analysed by no audit.
        TrailGap = "audit-trail-gap",
        /// A practitioner's log was not provided in time.
        LogMissing = "log-missing",
        /// A day passed without an audit.
        AuditMissed = "audit-missed",
        /// An auditable event.
        Auditable = "auditable-event",
    }
}

impl Signal {
    /// The heading under which it is reported without anybody's decision; `None` for what waits for one.
    pub const fn heading(self) -> Option<Heading> {
        match self {
            Self::NonRegistrant => Some(Heading::NonRegistrant),
            Self::Unproofed => Some(Heading::Unproofed),
            Self::IdentityTheft | Self::SharedRegistration | Self::OtherSubject => Some(Heading::OtherIdentity),
            Self::StaffAct | Self::RecordAltered => Some(Heading::StaffAltered),
            Self::OnePerson
            | Self::TokenAfterLoss
            | Self::SignatureFailed
            | Self::ArchiveMismatch
            | Self::ClockChanged
            | Self::TrailGap
            | Self::LogMissing
            | Self::AuditMissed => Some(Heading::Integrity),
            Self::Auditable => None,
        }
    }

    /// Whether the person it speaks of must not sign until it is cleared up.
    pub const fn suspends(self) -> bool {
        matches!(
            self,
            Self::NonRegistrant
                | Self::Unproofed
                | Self::IdentityTheft
                | Self::SharedRegistration
                | Self::OtherSubject
                | Self::OnePerson
        )
    }
}
