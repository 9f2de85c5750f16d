//! What happens to incidents, as records.

use super::kind::{Attempt, AuditableEvent, Heading, Signal, Watched};
use super::run::{AuditRun, Finding, FindingId};
use crate::stored::{actor_json, bad, count, each, maybe, maybe_count, moment, own, read_actor, words};
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

words! {
    /// What a person decided about an auditable event.
    Decision {
        /// It is a security incident that did or could compromise records.
        Incident = "incident",
        /// It is not.
        NotAnIncident = "not-an-incident",
    }
}

/// A step in the watch over a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentEvent {
    /// An auditable event was noticed.
    Noticed(AuditableEvent),
    /// An audit was made.
    Audited(AuditRun),
    /// An incident was opened: by the audit, by a person's decision on a finding, or freely.
    Opened {
        /// Its number.
        id: String,
        /// The finding it comes from.
        finding: Option<FindingId>,
        /// What makes it the same as a later finding of the same fact.
        key: String,
        /// The heading.
        heading: Heading,
        /// What happened.
        what: String,
        /// When it was discovered or identified: the time runs from here.
        discovered: Moment,
        /// Who opened it.
        by: Actor,
    },
    /// A person decided about a finding.
    Judged {
        /// The finding.
        finding: FindingId,
        /// The decision.
        decision: Decision,
        /// Why.
        reason: String,
        /// Who.
        by: Actor,
        /// When.
        at: Moment,
    },
    /// An incident was dealt with.
    Closed {
        /// Its number.
        id: String,
        /// What was done.
        done: String,
        /// Who.
        by: Actor,
        /// When.
        at: Moment,
    },
    /// A kind was added to the list of auditable events.
    ListExtended {
        /// Its name.
        name: String,
        /// Who.
        by: Actor,
    },
    /// A kind that the deployment had added was taken off the list.
    ListReduced {
        /// Its name.
        name: String,
        /// Who.
        by: Actor,
    },
}

impl IncidentEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Noticed(_) => "incident.noticed",
            Self::Audited(_) => "incident.audited",
            Self::Opened { .. } => "incident.opened",
            Self::Judged { .. } => "incident.judged",
            Self::Closed { .. } => "incident.closed",
            Self::ListExtended { .. } => "incident.list-extended",
            Self::ListReduced { .. } => "incident.list-reduced",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Noticed(event) => json!({
                "at": event.at.to_string(),
                "attempt": event.attempt.word(),
                "detail": event.detail,
                "kind": event.kind.to_string(),
                "person": event.person,
                "subject": event.subject,
            }),
            Self::Audited(run) => run_json(run),
            Self::Opened { id, finding, key, heading, what, discovered, by } => json!({
                "by": actor_json(by),
                "discovered": discovered.to_string(),
                "finding": finding.as_ref().map(FindingId::as_str),
                "heading": heading.word(),
                "id": id,
                "key": key,
                "what": what,
            }),
            Self::Judged { finding, decision, reason, by, at } => json!({
                "at": at.to_string(),
                "by": actor_json(by),
                "decision": decision.word(),
                "finding": finding.as_str(),
                "reason": reason,
            }),
            Self::Closed { id, done, by, at } => {
                json!({"at": at.to_string(), "by": actor_json(by), "done": done, "id": id})
            }
            Self::ListExtended { name, by } | Self::ListReduced { name, by } => {
                json!({"by": actor_json(by), "name": name})
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
        let finding = |text: &str| FindingId::from_stored(text);
        Ok(match kind {
            "incident.noticed" => Self::Noticed(AuditableEvent {
                kind: body.parsed("kind", "a kind of auditable event", Watched::parse)?,
                attempt: body.parsed("attempt", "attempted or successful", Attempt::parse)?,
                at: instant(body, "at")?,
                person: own(body, "person")?,
                subject: own(body, "subject")?,
                detail: own(body, "detail")?,
            }),
            "incident.audited" => Self::Audited(read_run(body)?),
            "incident.opened" => Self::Opened {
                id: own(body, "id")?,
                finding: maybe(body, "finding")?.as_deref().map(finding),
                key: own(body, "key")?,
                heading: body.parsed("heading", "a heading", Heading::parse)?,
                what: own(body, "what")?,
                discovered: moment(body, "discovered")?,
                by: by()?,
            },
            "incident.judged" => Self::Judged {
                finding: finding(body.text("finding")?),
                decision: body.parsed("decision", "a decision", Decision::parse)?,
                reason: own(body, "reason")?,
                by: by()?,
                at: moment(body, "at")?,
            },
            "incident.closed" => {
                Self::Closed { id: own(body, "id")?, done: own(body, "done")?, by: by()?, at: moment(body, "at")? }
            }
            "incident.list-extended" => Self::ListExtended { name: own(body, "name")?, by: by()? },
            "incident.list-reduced" => Self::ListReduced { name: own(body, "name")?, by: by()? },
            _ => return bad("kind", "a kind of incident record"),
        })
    }
}

fn instant(body: Reader<'_>, field: &str) -> Result<jiff::Timestamp, BadField> {
    body.parsed(field, "an instant", |text| text.parse().ok())
}

fn run_json(run: &AuditRun) -> Value {
    let findings: Vec<Value> = run
        .findings
        .iter()
        .map(|one| {
            json!({
                "at": one.at.to_string(),
                "detail": one.detail,
                "id": one.id.as_str(),
                "person": one.person,
                "seq": one.seq,
                "signal": one.signal.word(),
                "subject": one.subject,
            })
        })
        .collect();
    json!({
        "begun": run.begun.to_string(),
        "ended": run.ended.to_string(),
        "findings": findings,
        "from": run.from,
        "root": run.root,
        "scope": run.scope.iter().map(|(what, n)| json!({"count": n, "what": what})).collect::<Vec<_>>(),
        "until": run.until,
    })
}

fn read_run(body: Reader<'_>) -> Result<AuditRun, BadField> {
    Ok(AuditRun {
        begun: moment(body, "begun")?,
        ended: moment(body, "ended")?,
        from: count(body, "from")?,
        until: count(body, "until")?,
        root: own(body, "root")?,
        scope: each(body, "scope", |one| Ok((own(one, "what")?, count(one, "count")?)))?,
        findings: each(body, "findings", |one| {
            Ok(Finding {
                id: FindingId::from_stored(own(one, "id")?),
                signal: one.parsed("signal", "a sign of an incident", Signal::parse)?,
                subject: own(one, "subject")?,
                person: own(one, "person")?,
                at: instant(one, "at")?,
                seq: maybe_count(one, "seq")?,
                detail: own(one, "detail")?,
            })
        })?,
    })
}
