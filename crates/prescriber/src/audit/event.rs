//! What happens to audits, as records.

use super::report::{Auditor, Part1311, ReportKind, Scope, Security, ThirdPartyReport};
use crate::stored::{actor_json, bad, day, each_word, own, read_actor};
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

/// A step in the life of the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// A report was registered and published; its bytes are archived with this record.
    Registered {
        /// The report.
        report: ThirdPartyReport,
        /// Who registered it.
        by: Actor,
    },
    /// Two people accepted a report of a kind that the profile does not name.
    KindAccepted {
        /// The report.
        report: String,
        /// The first.
        by: Actor,
        /// The second.
        second: Actor,
        /// Why.
        reason: String,
    },
    /// The provider said itself that the system does not meet the rules.
    DeclaredUnfit {
        /// Who said it.
        by: Actor,
        /// The day.
        on: Date,
        /// What was found.
        what: String,
    },
    /// A controlled-substance function changed: another version runs.
    FunctionChanged {
        /// Who put it in operation.
        by: Actor,
        /// The day.
        on: Date,
        /// The version that runs from then on.
        version: String,
        /// What changed.
        what: String,
    },
    /// What was done about a finding. It opens nothing.
    FixNoted {
        /// Who wrote it.
        by: Actor,
        /// The day.
        on: Date,
        /// What was done.
        what: String,
    },
}

impl AuditEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "audit.report-registered",
            Self::KindAccepted { .. } => "audit.kind-accepted",
            Self::DeclaredUnfit { .. } => "audit.declared-unfit",
            Self::FunctionChanged { .. } => "audit.function-changed",
            Self::FixNoted { .. } => "audit.fix-noted",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Registered { report, by } => json!({"by": actor_json(by), "report": report_json(report)}),
            Self::KindAccepted { report, by, second, reason } => json!({
                "by": actor_json(by),
                "reason": reason,
                "report": report,
                "second": actor_json(second),
            }),
            Self::DeclaredUnfit { by, on, what } | Self::FixNoted { by, on, what } => {
                json!({"by": actor_json(by), "on": on.to_string(), "what": what})
            }
            Self::FunctionChanged { by, on, version, what } => {
                json!({"by": actor_json(by), "on": on.to_string(), "version": version, "what": what})
            }
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let by = || read_actor(body, "by");
        let on = || day(body, "on");
        let what = || own(body, "what");
        Ok(match kind {
            "audit.report-registered" => Self::Registered { report: read_report(body.object("report")?)?, by: by()? },
            "audit.kind-accepted" => Self::KindAccepted {
                report: own(body, "report")?,
                by: by()?,
                second: read_actor(body, "second")?,
                reason: own(body, "reason")?,
            },
            "audit.declared-unfit" => Self::DeclaredUnfit { by: by()?, on: on()?, what: what()? },
            "audit.function-changed" => {
                Self::FunctionChanged { by: by()?, on: on()?, version: own(body, "version")?, what: what()? }
            }
            "audit.fix-noted" => Self::FixNoted { by: by()?, on: on()?, what: what()? },
            _ => return bad("kind", "a kind of audit record"),
        })
    }
}

fn report_json(report: &ThirdPartyReport) -> Value {
    let part = match &report.part_1311 {
        Part1311::Meet => json!({"outcome": "meet"}),
        Part1311::DoNotMeet(unmet) => json!({"outcome": "do-not-meet", "unmet": unmet}),
        Part1311::NotDecided => json!({"outcome": "not-decided"}),
    };
    json!({
        "audited": report.audited.to_string(),
        "auditor": {"name": report.auditor.name, "qualification": report.auditor.qualification},
        "digest": report.digest,
        "from": report.from.to_string(),
        "id": report.id,
        "issued": report.issued.to_string(),
        "kind": report.kind.word(),
        "media": report.media,
        "part_1311": part,
        "scope": report.scope.iter().map(|scope| scope.word()).collect::<Vec<_>>(),
        "security": report.security.word(),
        "version": report.version,
    })
}

fn read_report(body: Reader<'_>) -> Result<ThirdPartyReport, BadField> {
    let (auditor, part) = (body.object("auditor")?, body.object("part_1311")?);
    let part_1311 = match part.text("outcome")? {
        "meet" => Part1311::Meet,
        "do-not-meet" => {
            Part1311::DoNotMeet(each_word(part, "unmet", "a list of requirements", |text| Some(text.to_owned()))?)
        }
        "not-decided" => Part1311::NotDecided,
        _ => return bad("outcome", "a conclusion"),
    };
    Ok(ThirdPartyReport {
        id: own(body, "id")?,
        kind: body.parsed("kind", "a kind of report", ReportKind::parse)?,
        auditor: Auditor { name: own(auditor, "name")?, qualification: own(auditor, "qualification")? },
        scope: each_word(body, "scope", "parts of an audit's scope", Scope::parse)?,
        from: day(body, "from")?,
        audited: day(body, "audited")?,
        issued: day(body, "issued")?,
        part_1311,
        security: body.parsed("security", "adequate or inadequate", Security::parse)?,
        version: own(body, "version")?,
        digest: own(body, "digest")?,
        media: own(body, "media")?,
    })
}
