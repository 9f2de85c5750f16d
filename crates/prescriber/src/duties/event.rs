//! What a practitioner did for a duty, as records.

use crate::stored::{actor_json, bad, count, moment, own, read_actor, words};
use crate::terms::Timeliness;
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

words! {
    /// What a practitioner acknowledges before the first signature.
    Acknowledged {
        /// The responsibility for what is issued.
        Responsibility = "responsibility",
        /// Sole possession of the token, secrecy of the password, no use by others, procedures to guard both.
        Custody = "custody",
    }
}

impl Acknowledged {
    /// The words shown, which the record names by their version.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Responsibility => {
                "I am responsible for every controlled substance prescription issued electronically in my name. If one does \
                 not conform in all essential respects to the law and the regulations, I answer for it, also where an agent \
                 entered it for me. That a prescription passes this program's checks says nothing about its legitimate \
                 medical purpose; I issue each one for such a purpose, acting in the usual course of my practice."
            }
            Self::Custody => {
                "I keep the token in my sole possession and share its password or PIN with nobody. I let nobody else use \
                 token, password or any other means of identifying me to sign. I guard them so that an attempt to misuse \
                 them is noticed, and within 12 hours of discovering their loss, theft or compromise I tell the provider, \
                 even if misuse seems unlikely. Until I do, I answer for what is signed with them."
            }
        }
    }

    /// The version of the words.
    pub const fn version(self) -> &'static str {
        match self {
            Self::Responsibility => "responsibility-1",
            Self::Custody => "custody-1",
        }
    }

    /// Where it is asked for.
    pub const fn cite(self) -> &'static str {
        match self {
            Self::Responsibility => "21 CFR 1311.100; 73 FR 36722, proposed 21 CFR 1311.100(c), 1311.200(d)",
            Self::Custody => "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(b), 1311.255(a)",
        }
    }
}

words! {
    /// What the practitioner determined from the audit report.
    Outcome {
        /// System and provider meet the rules.
        Meets = "meets",
        /// They do not.
        DoesNotMeet = "does-not-meet",
    }
}

words! {
    /// Why a practitioner disputes a prescription.
    Ground {
        /// The practitioner did not sign it.
        NotSigned = "not-signed",
        /// It is not what the practitioner signed.
        NotAsSigned = "not-as-signed",
    }
}

/// Something a practitioner did for a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyEvent {
    /// A statement was read and acknowledged.
    Acknowledged {
        /// The practitioner.
        by: Actor,
        /// Which.
        what: Acknowledged,
        /// The version of its words.
        version: String,
        /// When.
        at: Moment,
    },
    /// The yearly look at the audit report.
    Determined {
        /// The practitioner.
        by: Actor,
        /// The report.
        report: String,
        /// The determination.
        outcome: Outcome,
        /// When.
        at: Moment,
    },
    /// A prescription was disputed.
    Disputed {
        /// Who told it: the practitioner, or a person who took it down.
        by: Actor,
        /// The prescription.
        prescription: String,
        /// The journal position of its signing record.
        seq: u64,
        /// Why.
        ground: Ground,
        /// When the practitioner discovered it.
        discovered: Moment,
        /// When it was told.
        reported: Moment,
        /// Whether within the period.
        timeliness: Timeliness,
    },
}

impl DutyEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Acknowledged { .. } => "duty.acknowledged",
            Self::Determined { .. } => "duty.determined",
            Self::Disputed { .. } => "duty.prescription-disputed",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Acknowledged { by, what, version, at } => {
                json!({"at": at.to_string(), "by": actor_json(by), "version": version, "what": what.word()})
            }
            Self::Determined { by, report, outcome, at } => {
                json!({"at": at.to_string(), "by": actor_json(by), "outcome": outcome.word(), "report": report})
            }
            Self::Disputed { by, prescription, seq, ground, discovered, reported, timeliness } => json!({
                "by": actor_json(by),
                "discovered": discovered.to_string(),
                "ground": ground.word(),
                "prescription": prescription,
                "reported": reported.to_string(),
                "seq": seq,
                "timeliness": timeliness.word(),
            }),
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let by = || read_actor(body, "by");
        let timeliness = || body.parsed("timeliness", "in-time or late", Timeliness::parse);
        Ok(match kind {
            "duty.acknowledged" => Self::Acknowledged {
                by: by()?,
                what: body.parsed("what", "a statement", Acknowledged::parse)?,
                version: own(body, "version")?,
                at: moment(body, "at")?,
            },
            "duty.determined" => Self::Determined {
                by: by()?,
                report: own(body, "report")?,
                outcome: body.parsed("outcome", "a determination", Outcome::parse)?,
                at: moment(body, "at")?,
            },
            "duty.prescription-disputed" => Self::Disputed {
                by: by()?,
                prescription: own(body, "prescription")?,
                seq: count(body, "seq")?,
                ground: body.parsed("ground", "a ground", Ground::parse)?,
                discovered: moment(body, "discovered")?,
                reported: moment(body, "reported")?,
                timeliness: timeliness()?,
            },
            _ => return bad("kind", "a kind of duty record"),
        })
    }
}
