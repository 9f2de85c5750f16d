//! What is recorded of messages that partners brought or took.

use crate::house::record::Recorded;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// A record of the transport. It names messages by digest and number, never what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScriptEvent {
    /// A partner brought a message and was answered.
    Brought {
        partner: String,
        /// SHA-256 of the message as it came, in hex.
        digest: String,
        /// The sender and the number that the message itself names.
        sender: String,
        message: String,
        /// `new`, or `twin` for bytes that came before.
        seen: String,
    },
    /// A partner brought a message that was not taken.
    Refused { partner: String, digest: String, code: String },
    /// A partner took a message.
    Took { partner: String, digest: String, answer: String },
}

impl ScriptEvent {
    /// The stream of a partner's records.
    pub(crate) fn stream(&self) -> String {
        let (Self::Brought { partner, .. } | Self::Refused { partner, .. } | Self::Took { partner, .. }) = self;
        format!("script/{partner}")
    }
}

impl Recorded for ScriptEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Brought { .. } => "script.brought",
            Self::Refused { .. } => "script.refused",
            Self::Took { .. } => "script.took",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Brought { partner, digest, sender, message, seen } => {
                json!({"digest": digest, "message": message, "partner": partner, "seen": seen, "sender": sender})
            }
            Self::Refused { partner, digest, code } => json!({"code": code, "digest": digest, "partner": partner}),
            Self::Took { partner, digest, answer } => json!({"answer": answer, "digest": digest, "partner": partner}),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<ScriptEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    let (partner, digest) = (own("partner")?, own("digest")?);
    Ok(match kind {
        "script.brought" => ScriptEvent::Brought {
            partner,
            digest,
            sender: own("sender")?,
            message: own("message")?,
            seen: own("seen")?,
        },
        "script.refused" => ScriptEvent::Refused { partner, digest, code: own("code")? },
        "script.took" => ScriptEvent::Took { partner, digest, answer: own("answer")? },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of the transport" }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_the_transport_is_read_back() {
        let (partner, digest) = ("network".to_owned(), "00".to_owned());
        for event in [
            ScriptEvent::Brought {
                partner: partner.clone(),
                digest: digest.clone(),
                sender: "D1".to_owned(),
                message: "N-1".to_owned(),
                seen: "twin".to_owned(),
            },
            ScriptEvent::Refused { partner: partner.clone(), digest: digest.clone(), code: "SCRIPT-SENDER".to_owned() },
            ScriptEvent::Took { partner, digest, answer: "01".to_owned() },
        ] {
            assert_eq!(ScriptEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
