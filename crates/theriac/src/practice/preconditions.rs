//! What has to work before a controlled substance prescription may be signed electronically (2008: 21 CFR 1306.05(e), and
//! part 1311): the audit trail, the archive, the store of credentials. The operator takes one out of service, with a reason
//! on record, as for maintenance; until it is back nothing is signed electronically. Paper stays open.

use super::broken;
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use serde_json::{Value, json};
use theriac_model::json::Reader;
use theriac_model::{Actor, Edition, Refusal, Role};

/// The stream of the preconditions.
pub(crate) const PRECONDITIONS: &str = "preconditions";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// The trail of auditable events.
    Audit,
    /// The archive of what was signed.
    Archive,
    /// The store of tokens and credentials.
    Credentials,
}

impl Precondition {
    /// Each with its word, and how people call it.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Audit, "audit", "the audit trail"),
        (Self::Archive, "archive", "the archive of signed prescriptions"),
        (Self::Credentials, "credentials", "the credential store"),
    ];

    /// The one with this word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.1 == word).map(|row| row.0)
    }

    /// The word in records and forms.
    pub(crate) fn word(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    fn plain(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    const fn cite(self) -> &'static str {
        match self {
            Self::Audit => "73 FR 36722, proposed 21 CFR 1306.05(e), 1311.150(a)",
            Self::Archive => "73 FR 36722, proposed 21 CFR 1306.05(e), 1311.130(d)",
            Self::Credentials => "73 FR 36722, proposed 21 CFR 1306.05(e), 1311.110",
        }
    }
}

/// Where a precondition is switched to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// It works.
    In,
    /// It does not, or must not be relied on.
    Out,
}

impl Service {
    /// The word in records and forms.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// The one with this word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|one| one.word() == word)
    }
}

/// A precondition was taken out of service, or is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Switched {
    pub(crate) which: Precondition,
    pub(crate) to: Service,
    pub(crate) reason: String,
}

impl Recorded for Switched {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "precondition.switched"
    }

    fn body(&self) -> Value {
        json!({"reason": self.reason, "to": self.to.word(), "which": self.which.word()})
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        if kind != "precondition.switched" {
            return Err("another kind".to_owned());
        }
        let body = Reader(body);
        let read = || {
            Ok::<_, theriac_model::json::BadField>(Self {
                which: body.parsed("which", "a precondition", Precondition::parse)?,
                to: body.parsed("to", "in or out", Service::parse)?,
                reason: body.text("reason")?.to_owned(),
            })
        };
        read().map_err(|error| error.to_string())
    }
}

impl House {
    /// The preconditions that are out of service, each with the reason on record, and the version on which that rests.
    pub(crate) fn out_of_service(&self) -> Result<(Vec<Switched>, u64), Fault> {
        let (records, version) = stream::<Switched>(&self.store, PRECONDITIONS)?;
        let mut out: Vec<Switched> = Vec::new();
        for record in records {
            out.retain(|one| one.which != record.which);
            if record.to == Service::Out {
                out.push(record);
            }
        }
        Ok((out, version))
    }

    /// That everything works which signing rests on, and the version on which that rests.
    ///
    /// # Errors
    /// `RX-PRECONDITION`, naming the first that does not.
    pub(crate) fn preconditions_hold(&self) -> Result<u64, Fault> {
        let (out, version) = self.out_of_service()?;
        let Some(first) = out.first() else { return Ok(version) };
        let what = format!("{} is out of service: {}", first.which.plain(), first.reason);
        let next = "wait until the operator has put it back in service, or issue a paper prescription";
        Err(Refusal::new("RX-PRECONDITION", first.which.cite(), what, next)
            .under(Edition::Proposed2008)
            .about(first.which.word())
            .into())
    }

    /// Takes a precondition out of service, or puts it back.
    ///
    /// # Errors
    /// By anybody but an operator; without a reason; where it is so already.
    pub(crate) fn switch_precondition(
        &self,
        by: &Actor,
        which: Precondition,
        to: Service,
        reason: &str,
    ) -> Result<(), Fault> {
        let refuse = |code, field: &'static str, what: String, next: &'static str| {
            Err(Refusal::new(code, which.cite(), what, next).about(field).into())
        };
        if by.role != Role::Operator {
            let what = format!("a {} does not switch what signing rests on", by.role);
            return refuse("PRECONDITION-ROLE", "which", what, "ask an operator of this deployment");
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 200 || reason.chars().any(char::is_control) {
            let what = "no reason is given, or one of more than 200 characters or one line".to_owned();
            return refuse("PRECONDITION-REASON", "reason", what, "say in a sentence why");
        }
        let (out, version) = self.out_of_service()?;
        let now = if out.iter().any(|one| one.which == which) { Service::Out } else { Service::In };
        if now == to {
            let what =
                format!("{} is {} service already", which.plain(), if to == Service::Out { "out of" } else { "in" });
            return refuse("PRECONDITION-AS-IT-IS", "which", what, "look at the list again");
        }
        let event = Switched { which, to, reason: reason.to_owned() };
        Change::default()
            .decided_on(PRECONDITIONS, version)
            .event(&self.by(by, ""), PRECONDITIONS, &event)?
            .commit(&self.store)
            .map(|_| ())
            .map_err(|fault| match fault {
                Fault::Broken(why) => broken(why),
                other => other,
            })
    }
}
