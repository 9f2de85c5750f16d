//! A third party's report: what kind, by whom, of what, with what result.

use super::{Regime, Service, Setting};
use crate::stored::words;
use crate::terms::Terms;
use jiff::civil::Date;
use theriac_model::Refusal;

words! {
    /// The kind of a report, as it names itself.
    ReportKind {
        /// WebTrust.
        WebTrust = "webtrust",
        /// SysTrust.
        SysTrust = "systrust",
        /// SOC 2 or 3: the trust services criteria, successor of WebTrust and SysTrust.
        Soc2 = "soc-2",
        /// SAS 70.
        Sas70 = "sas-70",
        /// SSAE 16 or 18 (SOC 1), successor of SAS 70.
        Ssae = "ssae",
        /// By a certified information systems auditor who audits compliance as a regular part of the work.
        InformationSystemsAuditor = "information-systems-auditor",
        /// Certification by a body whose process the authority approved.
        Certification = "certification",
        /// Any other.
        Other = "other",
    }
}

impl ReportKind {
    /// The names of the rules (`audit.kinds.*` of the rulebook) under which it counts.
    pub const fn counts_as(self) -> &'static [&'static str] {
        match self {
            Self::WebTrust => &["webtrust"],
            Self::SysTrust => &["systrust"],
            Self::Soc2 => &["webtrust", "systrust"],
            Self::Sas70 | Self::Ssae => &["sas-70"],
            Self::InformationSystemsAuditor => &["information-systems-auditor"],
            Self::Certification => &["certification"],
            Self::Other => &[],
        }
    }
}

words! {
    /// What an audit examined.
    Scope {
        /// Security against insiders and outsiders.
        Security = "security",
        /// Processing integrity: what is put in comes out.
        ProcessingIntegrity = "processing-integrity",
        /// Physical security of the place that hosts the application.
        PhysicalSecurity = "physical-security",
    }
}

/// Whether the system and its provider meet the requirements of the regulation's part, as the report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part1311 {
    /// They do.
    Meet,
    /// They do not; the requirements that are not met.
    DoNotMeet(Vec<String>),
    /// The report does not say.
    NotDecided,
}

words! {
    /// Whether the report finds security against insiders and outsiders adequate.
    Security {
        /// It does.
        Adequate = "adequate",
        /// It does not.
        Inadequate = "inadequate",
    }
}

/// Who audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auditor {
    /// Name of the firm or person.
    pub name: String,
    /// What qualifies them, in their words: a licence, a certificate and its number.
    pub qualification: String,
}

/// A third party's audit report, as registered; the report itself is in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThirdPartyReport {
    /// Its name in this deployment.
    pub id: String,
    /// Its kind.
    pub kind: ReportKind,
    /// Who audited.
    pub auditor: Auditor,
    /// What was examined.
    pub scope: Vec<Scope>,
    /// The first day of the audited period.
    pub from: Date,
    /// The last day of the audit: the day from which its age counts.
    pub audited: Date,
    /// The day the report bears.
    pub issued: Date,
    /// Its conclusion on the requirements of the part.
    pub part_1311: Part1311,
    /// Its conclusion on security.
    pub security: Security,
    /// The version of the controlled-substance functions that was audited.
    pub version: String,
    /// SHA-256 of the report's bytes, in hex.
    pub digest: String,
    /// The media type of the bytes.
    pub media: String,
}

impl ThirdPartyReport {
    /// Whether it finds a requirement unmet or security inadequate. Adverse is adverse, whatever kind and scope.
    pub fn is_adverse(&self) -> bool {
        matches!(self.part_1311, Part1311::DoNotMeet(_)) || self.security == Security::Inadequate
    }

    /// Whether it says that the requirements are met and security is adequate.
    pub fn is_favourable(&self) -> bool {
        self.part_1311 == Part1311::Meet && self.security == Security::Adequate
    }

    /// Whether what is entered makes sense: names given, days in order and not to come, a digest, and a conclusion on the
    /// requirements of the part, without which it decides nothing.
    ///
    /// # Errors
    /// The first that does not hold, naming the field.
    pub fn check(&self, setting: Setting, today: Date) -> Result<(), Refusal> {
        let refuse = |code, field: &'static str, what: String, next: &'static str| {
            Err(Refusal::new(code, setting.asks(), what, next).about(field))
        };
        let named = [
            ("id", &self.id),
            ("auditor.name", &self.auditor.name),
            ("auditor.qualification", &self.auditor.qualification),
            ("version", &self.version),
            ("media", &self.media),
        ];
        if let Some((field, _)) = named.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return refuse("RX-AUDIT-FIELD", field, format!("{field} is empty"), "enter it from the report");
        }
        if !(self.from <= self.audited && self.audited <= self.issued && self.issued <= today) {
            let what = format!("audited from {} to {}, issued {}", self.from, self.audited, self.issued);
            return refuse(
                "RX-AUDIT-DATES",
                "issued",
                what,
                "enter the days of the report in their order, none to come",
            );
        }
        if theriac_model::hex::decode(&self.digest).is_none_or(|bytes| bytes.len() != 32) {
            let what = "the report's digest is not SHA-256 in hexadecimal".to_owned();
            return refuse("RX-AUDIT-DIGEST", "digest", what, "archive the report's file and use its digest");
        }
        match &self.part_1311 {
            Part1311::NotDecided if self.security == Security::Adequate => {
                let what = "the report does not say whether system and provider meet the requirements of part 1311";
                refuse("RX-AUDIT-OUTCOME", "part-1311", what.to_owned(), "ask the auditor for that conclusion")
            }
            Part1311::DoNotMeet(unmet) if unmet.iter().all(|one| one.trim().is_empty()) => {
                let what = "it is not said which requirements are not met".to_owned();
                refuse("RX-AUDIT-OUTCOME", "part-1311", what, "enter each requirement that the report finds unmet")
            }
            _ => Ok(()),
        }
    }

    /// What the report lacks to open the gate of `setting` on `day`, its conclusion and its age aside; `accepted` when the
    /// deployment took its kind by a decision of its own.
    pub(crate) fn lacks(&self, setting: Setting, day: Date, terms: Terms<'_>, accepted: bool) -> Option<Refusal> {
        let mut needed = vec![Scope::Security, Scope::ProcessingIntegrity];
        if setting.regime == Regime::Federal && setting.application == super::Application::Dispensing {
            // Proposed 1311.270(f) asks for processing integrity alone.
            needed.retain(|scope| *scope == Scope::ProcessingIntegrity);
        }
        if setting.service == Service::Hosted && terms.says("audit.physical-security", day) {
            needed.push(Scope::PhysicalSecurity);
        }
        if let Some(absent) = needed.into_iter().find(|scope| !self.scope.contains(scope)) {
            return Some(
                Refusal::new(
                    "RX-AUDIT-SCOPE",
                    setting.asks(),
                    format!("the audit {} did not examine {absent}", self.id),
                    "have that audited and register the report",
                )
                .about("scope"),
            );
        }
        // Proposed 1311.250(a), 1311.270(f): an agency's audit needs no label.
        if accepted || setting.regime == Regime::Federal {
            return None;
        }
        let kinds = match setting.application {
            super::Application::Prescribing => "audit.kinds.prescriber",
            super::Application::Dispensing => "audit.kinds.pharmacy",
        };
        let (allowed, bound) = terms.words(kinds, day)?;
        let counts = self.kind.counts_as().iter().any(|name| allowed.contains(name));
        (!counts).then(|| {
            let mut refusal = Refusal::new(
                "RX-AUDIT-KIND",
                setting.asks(),
                format!("a report of kind {} does not serve; these do: {}", self.kind, allowed.join(", ")),
                "register a report of one of these kinds, or have two people accept this kind with a reason",
            )
            .about("kind");
            refusal.edition = bound.edition;
            refusal
        })
    }
}
