//! What happens to a practitioner's logs, as records.

use super::month::Month;
use super::{MonthlyLog, Period};
use crate::stored::{actor_json, bad, count, day, moment, read_actor};
use crate::terms::Timeliness;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

/// A step of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEvent {
    /// It was made and put where the practitioner finds it.
    Provided {
        /// The whole log, as the practitioner sees it for as long as it is kept.
        log: MonthlyLog,
        /// Whether within the period that the law sets.
        timeliness: Timeliness,
    },
    /// The practitioner opened it.
    Opened {
        /// The month.
        month: Month,
        /// The practitioner.
        by: Actor,
        /// When.
        at: Moment,
    },
    /// The practitioner indicated that it was received and reviewed.
    Reviewed {
        /// The month.
        month: Month,
        /// The practitioner.
        by: Actor,
        /// When.
        at: Moment,
    },
    /// A log on request was given.
    Requested {
        /// The practitioner.
        by: Actor,
        /// When.
        at: Moment,
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
        /// How many lines it had.
        lines: u64,
    },
}

impl LogEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Provided { .. } => "log.provided",
            Self::Opened { .. } => "log.opened",
            Self::Reviewed { .. } => "log.reviewed",
            Self::Requested { .. } => "log.requested",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Provided { log, timeliness } => json!({"log": log.to_json(), "timeliness": timeliness.word()}),
            Self::Opened { month, by, at } | Self::Reviewed { month, by, at } => {
                json!({"at": at.to_string(), "by": actor_json(by), "month": month.to_string()})
            }
            Self::Requested { by, at, from, until, lines } => json!({
                "at": at.to_string(),
                "by": actor_json(by),
                "from": from.to_string(),
                "lines": lines,
                "until": until.to_string(),
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
        let at = || moment(body, "at");
        let month = || body.parsed("month", "a month", Month::parse);
        Ok(match kind {
            "log.provided" => Self::Provided {
                log: MonthlyLog::from_json(body.object("log")?.0)?,
                timeliness: body.parsed("timeliness", "in-time or late", Timeliness::parse)?,
            },
            "log.opened" => Self::Opened { month: month()?, by: by()?, at: at()? },
            "log.reviewed" => Self::Reviewed { month: month()?, by: by()?, at: at()? },
            "log.requested" => Self::Requested {
                by: by()?,
                at: at()?,
                from: day(body, "from")?,
                until: day(body, "until")?,
                lines: count(body, "lines")?,
            },
            _ => return bad("kind", "a kind of log record"),
        })
    }

    /// The period of a log that was provided.
    pub fn period(&self) -> Option<&Period> {
        match self {
            Self::Provided { log, .. } => Some(&log.period),
            _ => None,
        }
    }
}
