//! A log as stored and as read back.

use super::line::{Fate, Line};
use super::month::{Month, Period};
use super::{Extent, MonthlyLog};
use crate::stored::{actor_json, count, each, maybe_count, moment, own, read_actor};
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::CanonicalContents;
use theriac_model::json::{BadField, Reader};

fn instant(body: Reader<'_>, field: &str) -> Result<Timestamp, BadField> {
    body.parsed(field, "an instant", |text| text.parse().ok())
}

impl MonthlyLog {
    /// The layout version of what is written here.
    pub const FORMAT: u32 = 1;

    /// The log as stored.
    pub fn to_json(&self) -> Value {
        json!({
            "extent": {
                "first": self.extent.first,
                "last": self.extent.last,
                "root": self.extent.root,
                "signings": self.extent.signings,
                "size": self.extent.size,
            },
            "format": Self::FORMAT,
            "lines": self.lines.iter().map(Line::to_json).collect::<Vec<_>>(),
            "made": self.made.to_string(),
            "period": {
                "from": self.period.from.to_string(),
                "month": self.period.month.to_string(),
                "until": self.period.until.to_string(),
                "zone": self.period.zone,
            },
            "practitioner": self.practitioner,
        })
    }

    /// Reads a log back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be.
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let body = Reader(value);
        if body.whole("format")? != i64::from(Self::FORMAT) {
            return crate::stored::bad("format", "1");
        }
        let (extent, period) = (body.object("extent")?, body.object("period")?);
        Ok(Self {
            practitioner: own(body, "practitioner")?,
            period: Period {
                month: period.parsed("month", "a month", Month::parse)?,
                zone: own(period, "zone")?,
                from: instant(period, "from")?,
                until: instant(period, "until")?,
            },
            lines: each(body, "lines", Line::read)?,
            extent: Extent {
                size: count(extent, "size")?,
                root: own(extent, "root")?,
                first: maybe_count(extent, "first")?,
                last: maybe_count(extent, "last")?,
                signings: count(extent, "signings")?,
            },
            made: moment(body, "made")?,
        })
    }
}

impl Line {
    /// The line as stored and exported.
    pub fn to_json(&self) -> Value {
        json!({
            "contents": self.contents.to_json(),
            "credential": self.credential,
            "digest": self.digest,
            "fate": self.fate.word(),
            "patient": self.patient,
            "pharmacy": self.pharmacy,
            "place": self.place,
            "prepared_by": self.prepared_by.as_ref().map(actor_json),
            "prescription": self.prescription,
            "sent_at": self.sent_at.map(|at| at.to_string()),
            "seq": self.seq,
            "signed_at": self.signed_at.to_string(),
        })
    }

    fn read(body: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            prescription: own(body, "prescription")?,
            seq: count(body, "seq")?,
            signed_at: instant(body, "signed_at")?,
            digest: own(body, "digest")?,
            credential: own(body, "credential")?,
            place: own(body, "place")?,
            prepared_by: body.get("prepared_by").map(|_| read_actor(body, "prepared_by")).transpose()?,
            patient: own(body, "patient")?,
            pharmacy: own(body, "pharmacy")?,
            contents: CanonicalContents::from_json(body.object("contents")?.0)?,
            sent_at: body.get("sent_at").map(|_| instant(body, "sent_at")).transpose()?,
            fate: body.parsed("fate", "a fate", Fate::parse)?,
        })
    }
}
