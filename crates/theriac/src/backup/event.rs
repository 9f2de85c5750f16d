//! What is recorded of backups.

use crate::house::record::Recorded;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// A record of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BackupEvent {
    /// A segment was put at the second site, read back, and found to be what was sent.
    Copied {
        /// The object's name, which ends with the digest of its bytes.
        name: String,
        /// Bytes as they lie there.
        bytes: u64,
        /// When its newest entry happened, in milliseconds since 1970.
        newest_ms: i64,
        /// How many of its entries had a body.
        bodies: u64,
    },
    /// The deployment's own files were put there and read back.
    HouseCopied {
        name: String,
        bytes: u64,
        /// The digest of what was sealed, by which a change is seen.
        plain: String,
    },
    /// A run came to nothing, or to a part of what was due.
    Failed { why: String },
    /// A copy was removed: others hold what it held, or its term was over.
    Removed { name: String, why: String },
    /// Copies were read back and compared.
    Checked { objects: u64, bytes: u64, wrong: Vec<String> },
    /// The record was restored from the copies alone, for practice, and compared.
    Drilled { entries: u64, root: String, objects: u64, took_ms: u64 },
    /// This store was made again from copies; what came after `newest_ms` at the time of the loss is not in it.
    Restored { entries: u64, root: String, newest_ms: i64, took_ms: u64 },
}

impl Recorded for BackupEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Copied { .. } => "backup.copied",
            Self::HouseCopied { .. } => "backup.house-copied",
            Self::Failed { .. } => "backup.failed",
            Self::Removed { .. } => "backup.removed",
            Self::Checked { .. } => "backup.checked",
            Self::Drilled { .. } => "backup.drilled",
            Self::Restored { .. } => "backup.restored",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Copied { name, bytes, newest_ms, bodies } => {
                json!({"bodies": bodies, "bytes": bytes, "name": name, "newest_ms": newest_ms})
            }
            Self::HouseCopied { name, bytes, plain } => json!({"bytes": bytes, "name": name, "plain": plain}),
            Self::Failed { why } => json!({"why": why}),
            Self::Removed { name, why } => json!({"name": name, "why": why}),
            Self::Checked { objects, bytes, wrong } => json!({"bytes": bytes, "objects": objects, "wrong": wrong}),
            Self::Drilled { entries, root, objects, took_ms } => {
                json!({"entries": entries, "objects": objects, "root": root, "took_ms": took_ms})
            }
            Self::Restored { entries, root, newest_ms, took_ms } => {
                json!({"entries": entries, "newest_ms": newest_ms, "root": root, "took_ms": took_ms})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<BackupEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    let count = |field: &str| {
        u64::try_from(body.whole(field)?).map_err(|_| BadField { field: field.to_owned(), expected: "a count" })
    };
    Ok(match kind {
        "backup.copied" => BackupEvent::Copied {
            name: own("name")?,
            bytes: count("bytes")?,
            newest_ms: body.whole("newest_ms")?,
            bodies: count("bodies")?,
        },
        "backup.house-copied" => {
            BackupEvent::HouseCopied { name: own("name")?, bytes: count("bytes")?, plain: own("plain")? }
        }
        "backup.failed" => BackupEvent::Failed { why: own("why")? },
        "backup.removed" => BackupEvent::Removed { name: own("name")?, why: own("why")? },
        "backup.checked" => BackupEvent::Checked {
            objects: count("objects")?,
            bytes: count("bytes")?,
            wrong: {
                let expected = || BadField { field: "wrong".to_owned(), expected: "a list of texts" };
                let list = body.0.get("wrong").and_then(Value::as_array).ok_or_else(expected)?;
                let texts = list.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(expected));
                texts.collect::<Result<_, _>>()?
            },
        },
        "backup.drilled" => BackupEvent::Drilled {
            entries: count("entries")?,
            root: own("root")?,
            objects: count("objects")?,
            took_ms: count("took_ms")?,
        },
        "backup.restored" => BackupEvent::Restored {
            entries: count("entries")?,
            root: own("root")?,
            newest_ms: body.whole("newest_ms")?,
            took_ms: count("took_ms")?,
        },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of a backup" }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_a_backup_is_read_back() {
        let name = "segments/0-7.00".to_owned();
        for event in [
            BackupEvent::Copied { name: name.clone(), bytes: 9, newest_ms: -1, bodies: 7 },
            BackupEvent::HouseCopied { name: name.clone(), bytes: 9, plain: "00".to_owned() },
            BackupEvent::Failed { why: "the site is not there".to_owned() },
            BackupEvent::Removed { name: name.clone(), why: "a longer copy holds it".to_owned() },
            BackupEvent::Checked { objects: 2, bytes: 18, wrong: vec![name] },
            BackupEvent::Drilled { entries: 7, root: "r".to_owned(), objects: 2, took_ms: 12 },
            BackupEvent::Restored { entries: 7, root: "r".to_owned(), newest_ms: 3, took_ms: 12 },
        ] {
            assert_eq!(BackupEvent::read(event.kind(), &event.body()), Ok(event));
        }
        assert!(BackupEvent::read("backup.unknown", &json!({})).is_err());
    }
}
