//! How long copies stay: as long as the records in them, five years at least (1311.170(a)); and how many small ones become one.
//!
//! A copy goes only when another copy holds all that it holds, or when nothing is left that it would have to hold: the record
//! itself decides, by its own retention, what is erased, and the copies follow.

use super::apart::refuse;
use super::event::BackupEvent;
use super::names;
use super::run::SEGMENT_BYTES;
use super::site::Site;
use crate::house::House;
use crate::house::record::Fault;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use std::ops::Range;
use theriac_model::Actor;
use theriac_pki::backup::Recipient;

/// How many copies of less than a whole segment there may be before they become one.
const SMALL_MOST: i64 = 64;
/// Copies younger than this are left alone.
const SETTLED: SignedDuration = SignedDuration::from_hours(24);
/// Years that a copy is kept.
const YEARS: i32 = 5;
/// Entries of one segment at most, as the store cuts them.
const ENTRIES_MOST: u64 = 8_192;

/// What tidying did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tidied {
    /// Copies made anew: of several small ones, or without what was erased.
    pub(crate) made: u64,
    /// Copies that were removed, because others hold what they held.
    pub(crate) removed: u64,
}

struct Copy {
    name: String,
    seqs: Range<u64>,
    bytes: u64,
    bodies: u64,
    newest: Timestamp,
    at: Timestamp,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    fn copies(&self) -> Result<Vec<Copy>, Fault> {
        let sql = "SELECT name, first_seq, end_seq, bytes, bodies, newest_ms, at_ms FROM backup_copies ORDER BY first_seq, end_seq";
        let rows = self.store.query(sql, &[])?;
        let instant = |ms: i64| Timestamp::from_millisecond(ms).map_err(broken);
        let copy = |row: &theriac_store::Row| {
            Ok(Copy {
                name: row.text(0)?.to_owned(),
                seqs: row.u64(1)?..row.u64(2)?,
                bytes: row.u64(3)?,
                bodies: row.u64(4)?,
                newest: instant(row.int(5)?)?,
                at: instant(row.int(6)?)?,
            })
        };
        rows.iter().map(copy).collect()
    }

    /// Whether so many small copies have gathered that they should become one.
    pub(super) fn wants_tidying(&self) -> Result<bool, Fault> {
        let before = self.clock.now().checked_sub(SETTLED).map_err(broken)?.as_millisecond();
        let sql = "SELECT COUNT(*) FROM backup_copies WHERE at_ms < $1 AND bytes < $2";
        let small = i64::try_from(SEGMENT_BYTES / 2).unwrap_or(i64::MAX);
        let rows = self.store.query(sql, &[before.into(), small.into()])?;
        Ok(rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0) > SMALL_MOST)
    }

    /// Makes one copy of several small ones, and makes copies anew that hold what was erased since.
    pub(crate) fn tidy_backup(&self) -> Result<Tidied, Fault> {
        let (site, recipient) = self.second_site()?;
        self.tidy_backup_at(site.as_ref(), &recipient)
    }

    pub(super) fn tidy_backup_at(&self, site: &dyn Site, recipient: &Recipient) -> Result<Tidied, Fault> {
        let mut tidied = Tidied::default();
        let copies = self.copies()?;
        let settled = self.clock.now().checked_sub(SETTLED).map_err(broken)?;
        let names: Vec<String> = copies.iter().map(|copy| copy.name.clone()).collect();
        let chain = names::chain(&names);
        let mut group: Vec<&Copy> = Vec::new();
        for (_, name) in &chain {
            let Some(copy) = copies.iter().find(|copy| copy.name == *name) else { continue };
            let weight: u64 = group.iter().map(|one| one.bytes).sum::<u64>() + copy.bytes;
            let entries = group.first().map_or(copy.seqs.start, |first| first.seqs.start);
            let fits = weight <= SEGMENT_BYTES as u64 && copy.seqs.end - entries <= ENTRIES_MOST;
            if copy.at > settled || !fits {
                self.join_copies(site, recipient, &group, &mut tidied)?;
                group.clear();
            }
            if copy.at <= settled {
                group.push(copy);
            }
        }
        self.join_copies(site, recipient, &group, &mut tidied)?;
        // What the chain does not need any more: shorter copies that begin where a longer one begins, or inside it.
        for copy in &copies {
            let held = chain.iter().any(|(range, name)| {
                *name != copy.name && range.start <= copy.seqs.start && copy.seqs.end <= range.end
            });
            if held && copy.at <= settled && !chain.iter().any(|(_, name)| *name == copy.name) {
                self.drop_copy(site, &copy.name, "a longer copy holds it", &mut tidied)?;
            }
        }
        Ok(tidied)
    }

    fn bodies_now(&self, seqs: &Range<u64>) -> Result<u64, Fault> {
        let sql = "SELECT COUNT(*) FROM entries WHERE seq >= $1 AND seq < $2 AND salt IS NOT NULL";
        let rows = self.store.query(sql, &[seqs.start.into(), seqs.end.into()])?;
        Ok(rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0))
    }

    /// Makes one copy of a group, if that is worth it, and removes those it is made of once it was read back.
    fn join_copies(
        &self,
        site: &dyn Site,
        recipient: &Recipient,
        group: &[&Copy],
        tidied: &mut Tidied,
    ) -> Result<(), Fault> {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return Ok(()) };
        let seqs = first.seqs.start..last.seqs.end;
        let held: u64 = group.iter().map(|copy| copy.bodies).sum();
        let erased = self.bodies_now(&seqs)? < held;
        if group.len() < 2 && !erased {
            return Ok(());
        }
        let Some(segment) = self.store.segment(seqs.start, seqs.end, usize::MAX)? else { return Ok(()) };
        if segment.seqs != seqs {
            return Err(broken("the store cut another segment than was asked"));
        }
        let (name, bytes) = Self::copy_segment(site, recipient, &segment)?;
        let record = BackupEvent::Copied { name, bytes, newest_ms: segment.at_ms.1, bodies: segment.bodies };
        self.note_backup(&record)?;
        tidied.made += 1;
        let why = if erased { "what was erased in the record goes from its copies" } else { "one copy holds several" };
        for copy in group {
            self.drop_copy(site, &copy.name, why, tidied)?;
        }
        Ok(())
    }

    /// Recorded first: a copy that the record does not know may lie there, one that it counts on may not be missing.
    fn drop_copy(&self, site: &dyn Site, name: &str, why: &str, tidied: &mut Tidied) -> Result<(), Fault> {
        self.note_backup(&BackupEvent::Removed { name: name.to_owned(), why: why.to_owned() })?;
        site.remove(name).map_err(Fault::Broken)?;
        tidied.removed += 1;
        Ok(())
    }

    /// Removes a copy, because somebody asks for it.
    ///
    /// # Errors
    /// While it holds a record that no other copy holds: 1311.170(a) of 2008 keeps copies for five years from a record's creation,
    /// and a record whose term is longer keeps its copy longer.
    pub(crate) fn remove_copy(&self, by: &Actor, name: &str) -> Result<(), Fault> {
        let (site, _) = self.second_site()?;
        self.remove_copy_at(site.as_ref(), by, name)
    }

    pub(super) fn remove_copy_at(&self, site: &dyn Site, by: &Actor, name: &str) -> Result<(), Fault> {
        let copies = self.copies()?;
        let Some(copy) = copies.iter().find(|copy| copy.name == name) else {
            return Err(
                refuse("BACKUP-UNKNOWN", "there is no such copy", "take its name from `theriac backup list`").into()
            );
        };
        let others: Vec<String> = copies.iter().map(|one| one.name.clone()).filter(|one| one != name).collect();
        let reach = |names: &[String]| names::chain(names).last().map_or(0, |(range, _)| range.end);
        let all: Vec<String> = copies.iter().map(|one| one.name.clone()).collect();
        if reach(&others) < reach(&all) {
            let zone = self.clock.zone();
            let until = zone.to_datetime(copy.newest).date().saturating_add(YEARS.years());
            return Err(refuse(
                "BACKUP-KEEP",
                &format!(
                    "no other copy holds entries {} to {}; copies are kept for five years from a record's creation, this one \
                     until {until} at least, and as long as the records themselves",
                    copy.seqs.start,
                    copy.seqs.end - 1
                ),
                "erase records whose own term is over; `theriac backup tidy` then makes the copies anew without them",
            )
            .into());
        }
        self.note_removed(by, name, "by hand; others hold what it held")?;
        site.remove(name).map_err(Fault::Broken)
    }
}
