//! How the copies stand: what is not copied yet, since when, and whether the law's hours have passed.

use super::event::BackupEvent;
use super::{CITE, STREAM};
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded as _};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use theriac_law::{Moment, When};
use theriac_model::{Cite, Edition};
use theriac_prescriber::notice::{Addressee, Fact, Notice, NoticeId, Sender, Subject};
use theriac_prescriber::terms::Deadline;
use theriac_store::StoreError;

/// Hours where no edition of the profile says any.
const HOURS: u64 = 24;

/// How the copies stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether a second site is configured.
    pub(crate) configured: bool,
    /// Entries of the journal, and how many of them are at the second site.
    pub(crate) size: u64,
    pub(crate) copied: u64,
    /// When the oldest record that is not at the second site was made. The backup's own records do not count.
    pub(crate) waiting_since: Option<Timestamp>,
    /// When the last good copy was made.
    pub(crate) last_good: Option<Timestamp>,
    /// By when the next good copy has to be made.
    pub(crate) due: Timestamp,
    pub(crate) late: bool,
    /// Hours between copies at most.
    pub(crate) hours: u64,
    /// When a run failed last, and why, if none was good since.
    pub(crate) failed: Option<(Timestamp, String)>,
    /// When a restore was tried last, with its entries and milliseconds.
    pub(crate) drilled: Option<(Timestamp, u64, u64)>,
    /// When copies were read back last: how many, and which were wrong.
    pub(crate) checked: Option<(Timestamp, u64, Vec<String>)>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// How the copies stand now.
    pub(crate) fn backup_standing(&self) -> Result<Standing, Fault> {
        let now = self.clock.moment();
        let instant = |ms: i64| Timestamp::from_millisecond(ms).map_err(broken);
        let size = self.store.size()?;
        let copied = self.copied_until()?;
        let sql = "SELECT at_ms FROM entries WHERE seq >= $1 AND stream <> $2 ORDER BY seq LIMIT 1";
        let rows = self.store.query(sql, &[copied.into(), STREAM.into()])?;
        let waiting_since = rows.first().map(|row| instant(row.int(0)?)).transpose()?;
        let (mut last_good, mut failed, mut drilled, mut checked) = (None, None, None, None);
        for row in self.store.query("SELECT kind, at_ms, body FROM backup_last", &[])? {
            let at = instant(row.int(1)?)?;
            let body = serde_json::from_str(row.text(2)?).map_err(broken)?;
            match BackupEvent::read(row.text(0)?, &body).map_err(broken)? {
                BackupEvent::Copied { .. } => last_good = Some(at),
                BackupEvent::Failed { why } => failed = Some((at, why)),
                BackupEvent::Drilled { entries, took_ms, .. } => drilled = Some((at, entries, took_ms)),
                BackupEvent::Checked { objects, wrong, .. } => checked = Some((at, objects, wrong)),
                _ => {}
            }
        }
        let bound = self.under_terms(|terms| terms.bound("backup.hours", now.date()));
        let hours = bound.map_or(HOURS, |bound| bound.value);
        let first = self.store.entries(0..1)?.first().map(|entry| instant(entry.at_ms)).transpose()?;
        let since = [last_good.or(first), waiting_since].into_iter().flatten().min().unwrap_or(now.timestamp);
        let hours_of = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(24));
        let due = since.saturating_add(hours_of).map_err(broken)?;
        Ok(Standing {
            configured: self.config.backup.is_some(),
            size,
            copied,
            waiting_since,
            last_good,
            due,
            late: now.timestamp > due,
            hours,
            failed: failed.filter(|(at, _)| last_good.is_none_or(|good| good < *at)),
            drilled,
            checked,
        })
    }

    /// Entries from the first on, without a gap, that are at the second site.
    pub(super) fn copied_until(&self) -> Result<u64, Fault> {
        let rows = self.store.query("SELECT first_seq, MAX(end_seq) FROM backup_copies GROUP BY first_seq", &[])?;
        let ends =
            rows.iter().map(|row| Ok((row.u64(0)?, row.u64(1)?))).collect::<Result<HashMap<_, _>, StoreError>>()?;
        let mut next = 0;
        while let Some(end) = ends.get(&next) {
            next = *end;
        }
        Ok(next)
    }

    /// Raises the alarm when the law's hours have passed without a good copy: a notice to the provider and to the pharmacy,
    /// one for each time it becomes late. Answers whether it did.
    pub(crate) fn watch_the_backup(&self) -> Result<bool, Fault> {
        let standing = self.backup_standing()?;
        // A demonstration without a second site has nothing to keep.
        if !standing.late || (!standing.configured && self.deployment.demo().is_some()) {
            return Ok(false);
        }
        let now = self.clock.moment();
        let about = format!("backup/{}", standing.due);
        let zone = self.clock.zone();
        let due = Moment { timestamp: standing.due, offset: zone.to_offset(standing.due) };
        let last = standing.last_good.map_or_else(|| "never".to_owned(), |at| self.clock.wall(at));
        let waiting = standing.waiting_since.map_or_else(|| "none".to_owned(), |at| self.clock.wall(at));
        let why = match (&standing.failed, standing.configured) {
            (_, false) => "no second storage site is configured".to_owned(),
            (Some((at, why)), _) => format!("{}: {why}", self.clock.wall(*at)),
            (None, _) => "no run failed; the server may have stood still".to_owned(),
        };
        let facts = vec![
            Fact::new("last good copy", last),
            Fact::new("oldest record that is not copied", waiting),
            Fact::new("copies are owed every", format!("{} hours", standing.hours)),
            Fact::new("why", why),
            Fact::new(
                "what to do",
                "see theriac backup status, mend the way to the second site, then run theriac backup",
            ),
        ];
        let to = [
            (Sender::Provider, Addressee::Provider),
            (Sender::Pharmacy, Addressee::Pharmacy(self.pharmacy.to_string())),
        ];
        let notices = to.map(|(from, to)| Notice {
            id: NoticeId::new(&about, &to),
            about: about.clone(),
            subject: Subject::BackupLate,
            from,
            to,
            facts: facts.clone(),
            enclosures: Vec::new(),
            raised: now,
            deadline: Some(Deadline {
                due: When::Instant(due),
                cite: Cite::of(CITE),
                edition: Edition::House("second-site".into()),
            }),
            cite: Cite::of(CITE),
        });
        let known = self.notices()?;
        if notices.iter().all(|notice| known.notices.get(&notice.id).is_some()) {
            return Ok(false);
        }
        let actor = crate::house::program();
        let by = self.by(&actor, "");
        self.raising(Change::default(), &by, notices.to_vec())?.commit(&self.store)?;
        Ok(true)
    }
}
