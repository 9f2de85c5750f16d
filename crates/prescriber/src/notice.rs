//! Notices to people and authorities: what one says, to whom, by when. No program sends them by itself.
//!
//! Lost tokens and prescriptions the practitioner did not sign (21 CFR 1311.102; proposed 1311.155(c), (e)), security
//! incidents (21 CFR 1311.150(c), 1311.215; proposed 1311.145(b), 1311.170(e), 1311.245(b), 1311.270(e)), adverse audits
//! (21 CFR 1311.300; proposed 1311.150(d), (e), 1311.170(h), (i), 1311.250(c), 1311.270(h)), defects (21 CFR 1311.302).
//! Where the editions name different addressees, all of them are told, by the earliest end of the periods.
//!
//! A [`Notice`] is a document's content: addressee, facts, enclosures, deadline, citation. It stays on the [`Notices`] list
//! until a person has recorded how, when and to whom it was given.

mod event;
mod list;

pub use event::{Channel, NoticeEvent};
pub use list::{Item, Notices, Progress, Sent};

use crate::stored::words;
use crate::terms::Deadline;
use std::fmt;
use theriac_law::Moment;
use theriac_model::{Actor, Cite, Role};

/// A notice's name: what it is about, and to whom it goes. The same notice raised twice has the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(String);

impl NoticeId {
    /// The notice about `about` (an incident, a report, a log) to `to`.
    pub fn new(about: &str, to: &Addressee) -> Self {
        Self(format!("{about}/{to}"))
    }

    /// A name as stored.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// To whom a notice goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Addressee {
    /// The Drug Enforcement Administration.
    Administration,
    /// The provider of the application.
    Provider,
    /// The Federal agency that runs the system.
    Agency,
    /// The people who control access to signing.
    AccessControllers,
    /// One practitioner, by identifier.
    Practitioner(String),
    /// One registrant who bought the application or uses it, by registration or identifier.
    Customer(String),
    /// One pharmacy that uses the system, by identifier.
    Pharmacy(String),
}

impl Addressee {
    /// The kind's word and the identifier, if it has one.
    pub fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Administration => ("dea", None),
            Self::Provider => ("provider", None),
            Self::Agency => ("agency", None),
            Self::AccessControllers => ("access-controllers", None),
            Self::Practitioner(id) => ("practitioner", Some(id)),
            Self::Customer(id) => ("customer", Some(id)),
            Self::Pharmacy(id) => ("pharmacy", Some(id)),
        }
    }

    /// The addressee with this word and identifier.
    pub fn from_parts(word: &str, id: Option<&str>) -> Option<Self> {
        Some(match (word, id) {
            ("dea", None) => Self::Administration,
            ("provider", None) => Self::Provider,
            ("agency", None) => Self::Agency,
            ("access-controllers", None) => Self::AccessControllers,
            ("practitioner", Some(id)) => Self::Practitioner(id.to_owned()),
            ("customer", Some(id)) => Self::Customer(id.to_owned()),
            ("pharmacy", Some(id)) => Self::Pharmacy(id.to_owned()),
            _ => return None,
        })
    }

    /// Who it is, as a letter names them.
    pub fn name(&self) -> String {
        match self {
            Self::Administration => "Drug Enforcement Administration".to_owned(),
            Self::Provider => "The provider of the application".to_owned(),
            Self::Agency => "The Federal agency that runs the system".to_owned(),
            Self::AccessControllers => "The persons who control access to signing".to_owned(),
            Self::Practitioner(id) => format!("Practitioner {id}"),
            Self::Customer(id) => format!("Registrant {id}"),
            Self::Pharmacy(id) => format!("Pharmacy {id}"),
        }
    }
}

impl fmt::Display for Addressee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (word, None) => f.write_str(word),
            (word, Some(id)) => write!(f, "{word}:{id}"),
        }
    }
}

words! {
    /// In whose name a notice is given.
    Sender {
        /// A practitioner.
        Practitioner = "practitioner",
        /// The provider of the application.
        Provider = "provider",
        /// A pharmacy.
        Pharmacy = "pharmacy",
        /// The Federal agency that runs the system.
        Agency = "agency",
    }
}

impl Sender {
    /// Whether a person in this role may record that the notice was given. A program never may: a notice is an act of
    /// people.
    pub fn may_be_given_by(self, by: &Actor) -> bool {
        match self {
            Self::Practitioner => matches!(by.role, Role::Prescriber | Role::Operator | Role::AccessController),
            Self::Provider | Self::Agency => matches!(by.role, Role::Operator | Role::AccessController),
            Self::Pharmacy => matches!(by.role, Role::Pharmacist | Role::Custodian),
        }
    }
}

words! {
    /// What a notice is about.
    Subject {
        /// A token or password was lost, stolen or compromised.
        TokenLost = "token-lost",
        /// A prescription was not signed by the practitioner, or is not as signed.
        Disputed = "disputed-prescription",
        /// A security incident.
        Incident = "security-incident",
        /// An outside audit found the system or its provider not to meet the rules.
        AdverseAudit = "adverse-audit",
        /// The provider found a defect that touches controlled substances.
        Defect = "defect",
        /// The month's log is there to be reviewed.
        LogReady = "log-ready",
        /// The right to sign was ended or rests, or the data it rests on is too old.
        AccessEnded = "access-ended",
        /// No good copy of the record was made at the second storage site within the law's hours.
        BackupLate = "backup-late",
        /// A day's refills were not verified by everybody who refilled, within the law's hours.
        RefillsUnverified = "refills-unverified",
    }
}

impl Subject {
    /// The heading of the document.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::TokenLost => "Loss, theft or compromise of a signing token",
            Self::Disputed => "Prescription not signed, or not as signed, by the practitioner",
            Self::Incident => "Security incident",
            Self::AdverseAudit => "Adverse third-party audit: do not use for controlled substances",
            Self::Defect => "Defect in the application",
            Self::LogReady => "Log of electronic prescriptions for review",
            Self::BackupLate => "The copy of the record at the second storage site is late",
            Self::RefillsUnverified => "A day's refills are not verified in time",
            Self::AccessEnded => "The right to sign electronic prescriptions, as the registrant data shows it",
        }
    }
}

/// One fact a notice states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is: `discovered`.
    pub label: String,
    /// Its value.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A record that goes with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// What it is.
    pub what: String,
    /// SHA-256 of the archived bytes, in hex.
    pub digest: String,
}

/// A notice: the content of a document that a person has to give to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its name.
    pub id: NoticeId,
    /// What it is about in the records: an incident, an audit report, a month's log.
    pub about: String,
    /// The subject.
    pub subject: Subject,
    /// In whose name.
    pub from: Sender,
    /// To whom.
    pub to: Addressee,
    /// What it states, in order.
    pub facts: Vec<Fact>,
    /// What goes with it.
    pub enclosures: Vec<Enclosure>,
    /// When it was written down to be given.
    pub raised: Moment,
    /// By when it must be given; `None` when no edition of the profile sets a period: without delay.
    pub deadline: Option<Deadline>,
    /// The paragraph that asks for it.
    pub cite: Cite,
}

impl Notice {
    /// The notices that follow from a recheck of registrations ([`crate::registrants::sweep`]): one for each addressee, to be
    /// given without delay. The same finding of the same day is the same notice.
    pub fn of_recheck(found: &crate::registrants::Notice, raised: Moment) -> Vec<Self> {
        let person = found.person.as_deref();
        let about = format!("recheck/{}/{}/{}", person.unwrap_or("data"), raised.date(), found.what.code);
        let mut facts = vec![Fact::new("what was found", found.what.what.clone())];
        facts.extend(person.map(|person| Fact::new("practitioner", person)));
        facts.push(Fact::new("what to do", found.what.next.clone()));
        let to = found.to.iter().filter_map(|to| match (to, person) {
            (crate::registrants::To::Practitioner, Some(person)) => Some(Addressee::Practitioner(person.to_owned())),
            (crate::registrants::To::Practitioner, None) => None,
            (crate::registrants::To::Provider, _) => Some(Addressee::Provider),
            (crate::registrants::To::AccessControllers, _) => Some(Addressee::AccessControllers),
        });
        to.map(|to| Self {
            id: NoticeId::new(&about, &to),
            about: about.clone(),
            subject: Subject::AccessEnded,
            from: Sender::Provider,
            to,
            facts: facts.clone(),
            enclosures: Vec::new(),
            raised,
            deadline: None,
            cite: found.what.cite.clone(),
        })
        .collect()
    }
}

/// What several notices about one thing have in common.
#[derive(Clone, Debug)]
pub(crate) struct Occasion<'a> {
    pub(crate) about: &'a str,
    pub(crate) subject: Subject,
    pub(crate) from: Sender,
    pub(crate) facts: Vec<Fact>,
    pub(crate) enclosures: Vec<Enclosure>,
    pub(crate) raised: Moment,
    pub(crate) cite: &'static str,
}

impl Occasion<'_> {
    /// The notice to one addressee.
    pub(crate) fn to(&self, to: Addressee, deadline: Option<Deadline>) -> Notice {
        Notice {
            id: NoticeId::new(self.about, &to),
            about: self.about.to_owned(),
            subject: self.subject,
            from: self.from,
            to,
            facts: self.facts.clone(),
            enclosures: self.enclosures.clone(),
            raised: self.raised,
            deadline,
            cite: Cite::of(self.cite),
        }
    }
}

impl Notice {
    /// The document as lines of plain text, for a screen or a printer that knows no better layout.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("To: {}", self.to.name()),
            format!("From: {}", self.from),
            format!("Reference: {}", self.id),
            self.subject.heading().to_owned(),
        ];
        lines.extend(self.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)));
        lines.extend(
            self.enclosures.iter().map(|enclosed| format!("Enclosed: {} ({})", enclosed.what, enclosed.digest)),
        );
        lines.push(match &self.deadline {
            Some(deadline) => format!("To be given by {} ({}, {})", deadline.due, deadline.cite, deadline.edition),
            None => "To be given without delay".to_owned(),
        });
        lines.push(format!("Under {}", self.cite));
        lines
    }
}
