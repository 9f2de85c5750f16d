//! What is recorded of programs beside their keys: what they drafted, where they are told of it, and that they were told.

use crate::house::record::Recorded;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// A record of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProgramEvent {
    /// A program entered a draft, and will be told what becomes of it.
    Drafted { key: String, prescription: String },
    /// A program said where it wants to be told. An address of before is forgotten.
    HookSet { key: String, hook: String, url: String },
    /// A program does not want to be told any more.
    HookEnded { key: String, hook: String },
    /// A program took a notice.
    Told { key: String, hook: String, prescription: String, version: u64, answer: u64 },
}

impl ProgramEvent {
    /// The stream it belongs to.
    pub(crate) fn stream(&self) -> String {
        let (Self::Drafted { key, .. }
        | Self::HookSet { key, .. }
        | Self::HookEnded { key, .. }
        | Self::Told { key, .. }) = self;
        format!("program/{key}")
    }
}

impl Recorded for ProgramEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "program.drafted",
            Self::HookSet { .. } => "program.webhook-set",
            Self::HookEnded { .. } => "program.webhook-ended",
            Self::Told { .. } => "program.told",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Drafted { key, prescription } => json!({"key": key, "prescription": prescription}),
            Self::HookSet { key, hook, url } => json!({"hook": hook, "key": key, "url": url}),
            Self::HookEnded { key, hook } => json!({"hook": hook, "key": key}),
            Self::Told { key, hook, prescription, version, answer } => {
                json!({"answer": answer, "hook": hook, "key": key, "prescription": prescription, "version": version})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<ProgramEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    let count = |field: &str| {
        u64::try_from(body.whole(field)?).map_err(|_| BadField { field: field.to_owned(), expected: "a count" })
    };
    let key = own("key")?;
    Ok(match kind {
        "program.drafted" => ProgramEvent::Drafted { key, prescription: own("prescription")? },
        "program.webhook-set" => ProgramEvent::HookSet { key, hook: own("hook")?, url: own("url")? },
        "program.webhook-ended" => ProgramEvent::HookEnded { key, hook: own("hook")? },
        "program.told" => ProgramEvent::Told {
            key,
            hook: own("hook")?,
            prescription: own("prescription")?,
            version: count("version")?,
            answer: count("answer")?,
        },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of a program" }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_a_program_is_read_back() {
        let (key, hook, prescription) = ("K1".to_owned(), "W1".to_owned(), "RX1".to_owned());
        for event in [
            ProgramEvent::Drafted { key: key.clone(), prescription: prescription.clone() },
            ProgramEvent::HookSet { key: key.clone(), hook: hook.clone(), url: "https://a.example/".to_owned() },
            ProgramEvent::HookEnded { key: key.clone(), hook: hook.clone() },
            ProgramEvent::Told { key, hook, prescription, version: 7, answer: 204 },
        ] {
            assert_eq!(ProgramEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
