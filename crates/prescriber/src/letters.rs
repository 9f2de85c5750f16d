//! What practice and pharmacy write to each other about a prescription that was sent: withdrawal, renewal, change.
//!
//! A renewal or a change of a controlled prescription is a new prescription, which the practitioner signs like any other
//! (21 CFR 1306.04(a), 1306.05(a)): a request is denied, or answered by one that follows; nothing is approved by a message
//! that nobody signed.

use crate::access_event::{actor_json, read_actor};
use crate::words::words;
use serde_json::{Value, json};
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

words! {
    /// What a pharmacy asks for.
    Asking {
        /// The prescription once more, when it has been used up.
        Renewal = "renewal",
        /// Something else than was written.
        Change = "change",
    }
}

words! {
    /// How the practitioner answers a request.
    Answering {
        /// No.
        Denied = "denied",
        /// No, and a new prescription follows.
        NewPrescription = "new-prescription",
    }
}

words! {
    /// How the pharmacy answers a withdrawal.
    Withdrawing {
        /// It will not be dispensed, or not any more.
        Approved = "approved",
        /// It was dispensed or transferred already.
        Denied = "denied",
    }
}

/// A letter, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// The practitioner withdraws a prescription that was sent.
    CancelRequested {
        /// The practitioner.
        by: Actor,
        /// Why, in words.
        reason: String,
        /// The message's identifier.
        message: String,
        /// SHA-256 of the message as written, in hex; the archive keeps the bytes.
        archived: String,
    },
    /// The pharmacy answered the withdrawal.
    CancelAnswered {
        /// Yes or no.
        answer: Withdrawing,
        /// The pharmacy's words.
        words: String,
        /// SHA-256 of the answer as received, in hex.
        archived: String,
    },
    /// The pharmacy asks for a renewal or a change.
    Asked {
        /// For what.
        asking: Asking,
        /// The standard's code of the change asked for; empty for a renewal.
        code: String,
        /// The pharmacy's words.
        words: String,
        /// The message's identifier, which the answer names.
        message: String,
        /// SHA-256 of the request as received, in hex.
        archived: String,
    },
    /// The practitioner answered a request.
    Answered {
        /// The practitioner.
        by: Actor,
        /// The identifier of the request's message.
        message: String,
        /// How.
        answer: Answering,
        /// The practitioner's words.
        words: String,
        /// SHA-256 of the answer as written, in hex.
        archived: String,
    },
    /// A letter of the practice left.
    Sent {
        /// The identifier of its message.
        message: String,
    },
}

impl Letter {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CancelRequested { .. } => "prescription.cancel-requested",
            Self::CancelAnswered { .. } => "prescription.cancel-answered",
            Self::Asked { .. } => "prescription.asked",
            Self::Answered { .. } => "prescription.request-answered",
            Self::Sent { .. } => "prescription.letter-sent",
        }
    }

    pub(crate) fn body(&self) -> Value {
        match self {
            Self::CancelRequested { by, reason, message, archived } => {
                json!({"archived": archived, "by": actor_json(by), "message": message, "reason": reason})
            }
            Self::CancelAnswered { answer, words, archived } => {
                json!({"answer": answer.word(), "archived": archived, "words": words})
            }
            Self::Asked { asking, code, words, message, archived } => json!({
                "archived": archived, "asking": asking.word(), "code": code, "message": message, "words": words,
            }),
            Self::Answered { by, message, answer, words, archived } => json!({
                "answer": answer.word(), "archived": archived, "by": actor_json(by), "message": message, "words": words,
            }),
            Self::Sent { message } => json!({"message": message}),
        }
    }

    /// Reads a letter; none for another kind.
    pub(crate) fn read(kind: &str, body: Reader<'_>) -> Result<Option<Self>, BadField> {
        let own = |field: &str| body.text(field).map(str::to_owned);
        let by = || read_actor(body, "by");
        Ok(Some(match kind {
            "prescription.cancel-requested" => Self::CancelRequested {
                by: by()?,
                reason: own("reason")?,
                message: own("message")?,
                archived: own("archived")?,
            },
            "prescription.cancel-answered" => Self::CancelAnswered {
                answer: body.parsed("answer", "an answer", Withdrawing::parse)?,
                words: own("words")?,
                archived: own("archived")?,
            },
            "prescription.asked" => Self::Asked {
                asking: body.parsed("asking", "renewal or change", Asking::parse)?,
                code: own("code")?,
                words: own("words")?,
                message: own("message")?,
                archived: own("archived")?,
            },
            "prescription.request-answered" => Self::Answered {
                by: by()?,
                message: own("message")?,
                answer: body.parsed("answer", "an answer", Answering::parse)?,
                words: own("words")?,
                archived: own("archived")?,
            },
            "prescription.letter-sent" => Self::Sent { message: own("message")? },
            _ => return Ok(None),
        }))
    }
}

/// A request of a pharmacy that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// For what.
    pub asking: Asking,
    /// The standard's code of the change asked for; empty for a renewal.
    pub code: String,
    /// The pharmacy's words.
    pub words: String,
    /// The identifier of its message.
    pub message: String,
}

/// How a withdrawal stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Withdrawal {
    /// Nobody withdrew it.
    #[default]
    None,
    /// The pharmacy has been asked and has not answered.
    Asked,
    /// The pharmacy could not honour it.
    Denied,
}

/// The letters about a prescription that was sent, as far as they are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correspondence {
    /// The withdrawal.
    pub withdrawal: Withdrawal,
    /// Requests without an answer, oldest first.
    pub requests: Vec<OpenRequest>,
}

impl Correspondence {
    /// Takes a letter into account; `None` for one that does not follow from those before it. A withdrawal that the
    /// pharmacy approved is the caller's affair.
    pub(crate) fn step(mut self, letter: &Letter) -> Option<Self> {
        match letter {
            Letter::CancelRequested { .. } if self.withdrawal != Withdrawal::Asked => {
                self.withdrawal = Withdrawal::Asked;
            }
            Letter::CancelAnswered { answer: Withdrawing::Denied, .. } if self.withdrawal == Withdrawal::Asked => {
                self.withdrawal = Withdrawal::Denied;
            }
            Letter::Asked { asking, code, words, message, .. } => self.requests.push(OpenRequest {
                asking: *asking,
                code: code.clone(),
                words: words.clone(),
                message: message.clone(),
            }),
            Letter::Answered { message, .. } => {
                let place = self.requests.iter().position(|request| request.message == *message)?;
                self.requests.remove(place);
            }
            Letter::Sent { .. } => {}
            Letter::CancelRequested { .. } | Letter::CancelAnswered { .. } => return None,
        }
        Some(self)
    }
}
