//! What happens to a prescription on the practitioner's side, as records.

use crate::access_event::{actor_json, read_actor};
use crate::letters::Letter;
use crate::on_paper::{Replaced, issued_json, read_issued};
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, CanonicalContents};

/// Where a prescription is to go and for whom it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// The patient's identifier in the practice.
    pub patient: String,
    /// The practitioner's identifier in the deployment.
    pub practitioner: String,
    /// The pharmacy's NCPDP identifier.
    pub pharmacy: String,
}

/// What a pharmacy or an intermediary reported of a transmitted prescription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The next system took it over.
    Delivered,
    /// The pharmacy accepted it.
    Accepted,
    /// The pharmacy refused it.
    Rejected,
    /// The pharmacy dispensed all of it.
    Filled,
    /// The pharmacy dispensed a part of it.
    PartlyFilled,
}

impl Report {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::Delivered, "delivered"),
        (Self::Accepted, "accepted"),
        (Self::Rejected, "rejected"),
        (Self::Filled, "filled"),
        (Self::PartlyFilled, "partly-filled"),
    ];

    /// The word used in records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The report with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|row| row.1 == word).map(|row| row.0)
    }
}

/// A step of a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody began a draft.
    Drafted {
        /// Who entered it: the practitioner or an agent.
        by: Actor,
        /// Where it is to go.
        routing: Routing,
        /// The elements entered so far.
        contents: CanonicalContents,
    },
    /// The draft was changed; any ready mark is gone.
    Changed {
        /// Who changed it.
        by: Actor,
        /// All elements after the change.
        contents: CanonicalContents,
    },
    /// It was marked as ready to be signed.
    MarkedReady {
        /// Who marked it.
        by: Actor,
    },
    /// The practitioner saw every required element and the statement, and agreed.
    Reviewed {
        /// The practitioner.
        by: Actor,
        /// SHA-256 of what was shown, in hex.
        shown: String,
        /// The statement that was shown.
        statement: String,
    },
    /// The practitioner signed.
    Signed {
        /// The practitioner.
        by: Actor,
        /// The token used.
        credential: String,
        /// The contents with the instant of signing: exactly what was signed.
        contents: CanonicalContents,
        /// SHA-256 of the canonical bytes, in hex.
        digest: String,
        /// The CMS signature that holds the canonical bytes, base64 DER.
        signature: String,
        /// The signing system's certificate, base64 DER.
        certificate: String,
    },
    /// It left for the pharmacy.
    Transmitted {
        /// The message's identifier.
        message: String,
        /// SHA-256 of the message as sent, in hex; the archive keeps the bytes.
        archived: String,
    },
    /// It was printed to be signed by hand.
    Printed {
        /// Who printed it.
        by: Actor,
    },
    /// The transmission could not be completed; the electronic prescription is void.
    TransmissionFailed {
        /// The reason that was reported.
        reason: String,
    },
    /// The pharmacy or an intermediary answered.
    Reported {
        /// What it said.
        report: Report,
        /// The code and words of the answer.
        answer: String,
        /// SHA-256 of the answer as received, in hex.
        archived: String,
    },
    /// The draft was thrown away before anybody signed it.
    Discarded {
        /// Who.
        by: Actor,
    },
    /// It was withdrawn before it was sent.
    Voided {
        /// Who withdrew it.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// Practice and pharmacy wrote to each other about it.
    Letter(Letter),
    /// A copy that is labelled as one was printed after it was sent.
    CopyPrinted {
        /// Who.
        by: Actor,
    },
    /// It was never delivered, and a paper prescription replaces it.
    ReplacedOnPaper {
        /// The practitioner.
        by: Actor,
        /// The paper prescription's number.
        paper: String,
    },
    /// The practitioner issued it on paper: of their own choice, or in the place of one that was never delivered.
    IssuedOnPaper {
        /// The practitioner.
        by: Actor,
        /// For whom it is kept.
        routing: Routing,
        /// What is prescribed.
        contents: CanonicalContents,
        /// The electronic prescription that was never delivered, where it replaces one.
        replaces: Option<Replaced>,
    },
}

impl Event {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "prescription.drafted",
            Self::Changed { .. } => "prescription.changed",
            Self::MarkedReady { .. } => "prescription.marked-ready",
            Self::Reviewed { .. } => "prescription.reviewed",
            Self::Signed { .. } => "prescription.signed",
            Self::Transmitted { .. } => "prescription.transmitted",
            Self::Printed { .. } => "prescription.printed",
            Self::TransmissionFailed { .. } => "prescription.transmission-failed",
            Self::Reported { .. } => "prescription.reported",
            Self::Discarded { .. } => "prescription.discarded",
            Self::Voided { .. } => "prescription.voided",
            Self::Letter(letter) => letter.kind(),
            Self::CopyPrinted { .. } => "prescription.copy-printed",
            Self::ReplacedOnPaper { .. } => "prescription.replaced-on-paper",
            Self::IssuedOnPaper { .. } => "prescription.issued-on-paper",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Drafted { by, routing, contents } => json!({
                "by": actor_json(by),
                "contents": contents.to_json(),
                "patient": routing.patient,
                "pharmacy": routing.pharmacy,
                "practitioner": routing.practitioner,
            }),
            Self::Changed { by, contents } => json!({"by": actor_json(by), "contents": contents.to_json()}),
            Self::MarkedReady { by } | Self::Printed { by } | Self::Discarded { by } | Self::CopyPrinted { by } => {
                json!({"by": actor_json(by)})
            }
            Self::Reviewed { by, shown, statement } => {
                json!({"by": actor_json(by), "shown": shown, "statement": statement})
            }
            Self::Signed { by, credential, contents, digest, signature, certificate } => json!({
                "by": actor_json(by),
                "certificate": certificate,
                "contents": contents.to_json(),
                "credential": credential,
                "digest": digest,
                "signature": signature,
            }),
            Self::Transmitted { message, archived } => json!({"archived": archived, "message": message}),
            Self::TransmissionFailed { reason } => json!({"reason": reason}),
            Self::Reported { report, answer, archived } => {
                json!({"answer": answer, "archived": archived, "report": report.word()})
            }
            Self::Voided { by, reason } => json!({"by": actor_json(by), "reason": reason}),
            Self::Letter(letter) => letter.body(),
            Self::ReplacedOnPaper { by, paper } => json!({"by": actor_json(by), "paper": paper}),
            Self::IssuedOnPaper { by, routing, contents, replaces } => {
                issued_json(by, routing, contents, replaces.as_ref())
            }
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let own = |field: &str| body.text(field).map(str::to_owned);
        let by = || read_actor(body, "by");
        let contents = || CanonicalContents::from_json(body.object("contents")?.0);
        Ok(match kind {
            "prescription.drafted" => Self::Drafted {
                by: by()?,
                routing: Routing {
                    patient: own("patient")?,
                    practitioner: own("practitioner")?,
                    pharmacy: own("pharmacy")?,
                },
                contents: contents()?,
            },
            "prescription.changed" => Self::Changed { by: by()?, contents: contents()? },
            "prescription.marked-ready" => Self::MarkedReady { by: by()? },
            "prescription.reviewed" => Self::Reviewed { by: by()?, shown: own("shown")?, statement: own("statement")? },
            "prescription.signed" => Self::Signed {
                by: by()?,
                credential: own("credential")?,
                contents: contents()?,
                digest: own("digest")?,
                signature: own("signature")?,
                certificate: own("certificate")?,
            },
            "prescription.transmitted" => Self::Transmitted { message: own("message")?, archived: own("archived")? },
            "prescription.printed" => Self::Printed { by: by()? },
            "prescription.transmission-failed" => Self::TransmissionFailed { reason: own("reason")? },
            "prescription.reported" => Self::Reported {
                report: body.parsed("report", "a report", Report::parse)?,
                answer: own("answer")?,
                archived: own("archived")?,
            },
            "prescription.discarded" => Self::Discarded { by: by()? },
            "prescription.voided" => Self::Voided { by: by()?, reason: own("reason")? },
            "prescription.copy-printed" => Self::CopyPrinted { by: by()? },
            "prescription.replaced-on-paper" => Self::ReplacedOnPaper { by: by()?, paper: own("paper")? },
            "prescription.issued-on-paper" => read_issued(body)?,
            _ => match Letter::read(kind, body)? {
                Some(letter) => Self::Letter(letter),
                None => return Err(BadField { field: "kind".to_owned(), expected: "a kind of prescription record" }),
            },
        })
    }
}
