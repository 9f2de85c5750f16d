//! What rechecks found, read back from the record: for the page of the data, and for whoever must tell people of it.

use super::event::RegistryEvent;
use crate::house::House;
use crate::house::record::{Fault, read};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use theriac_model::json::Reader;
use theriac_prescriber::registrants::To;

/// A recheck as it stands on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecheckRecord {
    /// The entry.
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    /// The day on which the data was issued that it was made with; none where none was ever imported.
    pub(crate) issued: Option<Date>,
    /// People checked, and of them those for whom something changed.
    pub(crate) people: u64,
    pub(crate) changed: u64,
    pub(crate) notices: Vec<ToldNotice>,
}

/// A notice of a recheck: who must hear what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToldNotice {
    pub(crate) code: String,
    /// About whom; none for the data as a whole.
    pub(crate) person: Option<String>,
    pub(crate) to: Vec<To>,
    pub(crate) what: String,
    pub(crate) next: String,
    /// The paragraph; empty in records of before it was kept.
    pub(crate) cite: String,
}

fn notice(body: &Value) -> Option<ToldNotice> {
    let body = Reader(body);
    let own = |field: &str| body.text(field).ok().map(str::to_owned);
    let to = body.list("to").ok()?.iter().filter_map(|word| word.as_str().and_then(To::parse)).collect();
    Some(ToldNotice {
        code: own("code")?,
        person: own("person"),
        to,
        what: own("what")?,
        next: own("next")?,
        cite: own("cite").unwrap_or_default(),
    })
}

impl House {
    /// The last rechecks, newest first, at most `most`.
    pub(crate) fn rechecks(&self, most: u32) -> Result<Vec<RecheckRecord>, Fault> {
        let sql =
            format!("SELECT seq FROM entries WHERE kind = 'registrants.rechecked' ORDER BY seq DESC LIMIT {most}");
        let mut found = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let seq = row.u64(0)?;
            let entry = self.store.entry(seq)?;
            let RegistryEvent::Rechecked { issued, people, changed, notices } = read(&entry)? else { continue };
            let notices = notices.as_array().into_iter().flatten().filter_map(notice).collect();
            let at = Timestamp::from_millisecond(entry.at_ms).unwrap_or_default();
            found.push(RecheckRecord { seq, at, issued, people, changed, notices });
        }
        Ok(found)
    }
}
