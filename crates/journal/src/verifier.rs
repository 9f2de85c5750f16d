//! Going through a whole journal and naming the first entry that is not what was written.
//!
//! Nothing stored is believed: every leaf is computed again from the entry itself, the tree is grown again, and its root is
//! compared with every checkpoint at that checkpoint's size. Recorded leaf hashes only help to say *what* happened: they are
//! checked like everything else, because a recorded leaf that was changed together with its entry still gives another root.
//!
//! What cannot be seen from inside: the end of the journal cut off together with every stored checkpoint that covered it, or
//! everything rewritten and signed again with today's key. Both are found as soon as one checkpoint that was exported earlier
//! is given to [`Verifier::new`].

use std::collections::{HashMap, VecDeque};

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::note::NoteVerifier;
use crate::tree::{Frontier, TileNode};

/// Most bad places a report lists; the rest are counted.
pub const BAD_LISTED_MAX: usize = 100;
/// Most notices a report lists; the rest are counted.
pub const NOTICES_LISTED_MAX: usize = 20;
/// How far a moved entry is looked for when its recorded leaf fits another position.
const MOVED_BY_MAX: u64 = 64;

/// An entry as it was found, with the leaf hash that was recorded beside it, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry, with the sequence number it claims.
    pub entry: Entry,
    /// The leaf hash recorded when it was written. Not trusted.
    pub stored_leaf: Option<Hash>,
}

/// Where a checkpoint handed to the verifier was kept. It decides what a missing end is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Beside the journal, where whoever changes the journal can reach it.
    Inside,
    /// Elsewhere: exported to a file, held by a witness.
    Outside,
}

/// What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// Its header or body was changed.
    Edited,
    /// It was there and is gone.
    Deleted,
    /// It was not there when it claims to have been written.
    Inserted,
    /// It stands at another position than it was written at.
    Reordered,
    /// The end of the journal is missing; a checkpoint or the head kept beside the journal covers more.
    Truncated,
    /// The end of the journal is missing; a checkpoint kept elsewhere covers more.
    RolledBack,
    /// Entries fit each other but not what was signed: something in this range was changed with care.
    Rewritten,
    /// Its version does not follow the entry before it in its stream.
    StreamVersion,
    /// It, or something stored with it, cannot be read.
    Unreadable,
    /// A stored tree node, or the recorded head, is not what the entries give.
    Tree,
    /// A checkpoint does not verify.
    BadCheckpoint,
    /// An archived piece it points to was changed or is gone.
    Archive,
    /// A job it points to was changed or is gone, or there is a job that no entry wrote down.
    Job,
    /// A table derived from the journal does not say what the journal says.
    Projection,
    /// The database itself is damaged or its tables are not the ones we made.
    Database,
}

impl Wrong {
    /// A stable word for reports.
    pub fn code(self) -> &'static str {
        match self {
            Wrong::Edited => "edited",
            Wrong::Deleted => "deleted",
            Wrong::Inserted => "inserted",
            Wrong::Reordered => "reordered",
            Wrong::Truncated => "truncated",
            Wrong::RolledBack => "rolled-back",
            Wrong::Rewritten => "rewritten",
            Wrong::StreamVersion => "stream-version",
            Wrong::Unreadable => "unreadable",
            Wrong::Tree => "tree",
            Wrong::BadCheckpoint => "bad-checkpoint",
            Wrong::Archive => "archive",
            Wrong::Job => "job",
            Wrong::Projection => "projection",
            Wrong::Database => "database",
        }
    }
}

/// Where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// At this entry.
    Entry(u64),
    /// Somewhere among these entries, both included.
    Between {
        /// The first that may be wrong.
        first: u64,
        /// The last that may be wrong.
        last: u64,
    },
    /// Not at an entry: a checkpoint, a table, the database.
    Beside,
}

impl Where {
    /// The first entry concerned, if an entry is.
    pub fn first(self) -> Option<u64> {
        match self {
            Where::Entry(seq) => Some(seq),
            Where::Between { first, .. } => Some(first),
            Where::Beside => None,
        }
    }
}

/// One bad place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEntry {
    /// Where.
    pub at: Where,
    /// What.
    pub wrong: Wrong,
    /// In words, for the person who reads the report; holds no body.
    pub detail: String,
}

impl std::fmt::Display for BadEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.at {
            Where::Entry(seq) => write!(f, "entry {seq}: {}: {}", self.wrong.code(), self.detail),
            Where::Between { first, last } => {
                write!(f, "entries {first} to {last}: {}: {}", self.wrong.code(), self.detail)
            }
            Where::Beside => write!(f, "{}: {}", self.wrong.code(), self.detail),
        }
    }
}

/// Something worth a look that is not wrong by itself: the clock went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The entry whose time is earlier than one before it.
    pub seq: u64,
    /// By how many milliseconds.
    pub back_ms: i64,
}

/// What the verifier found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Root over the leaves as computed again.
    pub root: Hash,
    /// Checkpoints whose signature holds and whose root the journal gives.
    pub checkpoints_met: u64,
    /// Bad places, by position; those that belong to no entry come last.
    pub bad: Vec<BadEntry>,
    /// Bad places beyond those listed.
    pub bad_more: u64,
    /// Where the clock went back, in order.
    pub notices: Vec<Notice>,
    /// Notices beyond those listed.
    pub notices_more: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.bad.is_empty() && self.bad_more == 0
    }

    /// The first bad place: the earliest entry, or what is wrong beside the entries when they are all good.
    pub fn first_bad(&self) -> Option<&BadEntry> {
        self.bad.first()
    }

    /// Adds a bad place found by the caller (a table, an archive) and keeps the order.
    pub fn add(&mut self, bad: BadEntry) {
        if self.bad.len() < BAD_LISTED_MAX {
            self.bad.push(bad);
            self.sort();
        } else {
            self.bad_more += 1;
        }
    }

    fn sort(&mut self) {
        self.bad.sort_by_key(|bad| bad.at.first().unwrap_or(u64::MAX));
    }
}

/// A checkpoint that opened.
struct Signed {
    checkpoint: Checkpoint,
    kept: Kept,
}

/// Goes through a journal, entry by entry, in the order they are stored.
pub struct Verifier {
    tolerance_ms: i64,
    checkpoints: VecDeque<Signed>,
    /// Entries waiting for the one after them, which helps to say what happened.
    waiting: VecDeque<Recorded>,
    frontier: Frontier,
    expected: u64,
    versions: HashMap<String, u64>,
    latest_ms: i64,
    agreed: u64,
    /// By how much recorded leaves say that entries were moved, once something was inserted or dropped with care.
    shift: i64,
    report: Report,
}

impl Verifier {
    /// Starts at the first entry. `checkpoints` are signed notes, each with where it was kept; those that do not verify with
    /// `trusted`, or are of another `origin`, are reported. A clock that goes back by more than `tolerance_ms` is noted.
    pub fn new(origin: &str, trusted: &[NoteVerifier], checkpoints: &[(String, Kept)], tolerance_ms: i64) -> Verifier {
        let mut report = Report::default();
        let mut opened = Vec::new();
        for (note, kept) in checkpoints {
            match Checkpoint::open(note, origin, trusted) {
                Ok(signed) => opened.push(Signed { checkpoint: signed.checkpoint, kept: *kept }),
                Err(error) => report.add(BadEntry {
                    at: Where::Beside,
                    wrong: Wrong::BadCheckpoint,
                    detail: match Checkpoint::parse_unverified(note) {
                        Ok(said) => format!("the checkpoint that says size {}: {error}", said.size),
                        Err(_) => error.to_string(),
                    },
                }),
            }
        }
        opened.sort_by_key(|signed| signed.checkpoint.size);
        let mut verifier = Verifier {
            tolerance_ms,
            checkpoints: opened.into(),
            waiting: VecDeque::new(),
            frontier: Frontier::new(),
            expected: 0,
            versions: HashMap::new(),
            latest_ms: i64::MIN,
            agreed: 0,
            shift: 0,
            report,
        };
        verifier.compare_checkpoints();
        verifier
    }

    /// Takes the next stored entry. `nodes` is called for each tree node that the entries so far complete.
    pub fn push(&mut self, recorded: Recorded, nodes: &mut dyn FnMut(TileNode)) {
        self.waiting.push_back(recorded);
        while self.waiting.len() > 1 {
            let Some(front) = self.waiting.pop_front() else { break };
            let next = self.waiting.front().cloned();
            self.take(&front, next.as_ref(), nodes);
        }
    }

    /// Notes an entry that storage holds but that cannot be read. Its place in the tree is left empty, so that no later
    /// checkpoint can be met; the entry itself is the one named.
    pub fn push_unreadable(&mut self, seq: u64, why: &str, nodes: &mut dyn FnMut(TileNode)) {
        self.drain(nodes);
        self.bad(Where::Entry(seq), Wrong::Unreadable, format!("it cannot be read: {why}"));
        self.expected = self.expected.max(seq.saturating_add(1));
        self.frontier.push(Hash::default(), nodes);
        self.report.entries += 1;
    }

    /// Ends. `head` is the size and root that storage says the journal has, if it says so.
    pub fn finish(mut self, head: Option<(u64, Hash)>, nodes: &mut dyn FnMut(TileNode)) -> Report {
        self.drain(nodes);
        let count = self.report.entries;
        if let Some((size, root)) = head {
            if size > count {
                self.bad(range(count, size - 1), Wrong::Truncated, "the recorded head covers these entries".into());
            } else if size < count {
                self.bad(range(size, count - 1), Wrong::Inserted, "they lie after the recorded head".into());
            } else if root != self.frontier.root() && self.none_before(count) {
                self.bad(Where::Beside, Wrong::Tree, "the recorded root is not the root of the entries".into());
            }
        }
        for signed in std::mem::take(&mut self.checkpoints) {
            let size = signed.checkpoint.size;
            let (wrong, place) = match signed.kept {
                Kept::Inside => (Wrong::Truncated, "kept beside the journal"),
                Kept::Outside => (Wrong::RolledBack, "kept elsewhere"),
            };
            self.bad(range(count, size - 1), wrong, format!("a checkpoint {place} covers {size} entries"));
        }
        self.report.root = self.frontier.root();
        self.report.sort();
        self.report
    }

    fn drain(&mut self, nodes: &mut dyn FnMut(TileNode)) {
        while let Some(front) = self.waiting.pop_front() {
            let next = self.waiting.front().cloned();
            self.take(&front, next.as_ref(), nodes);
        }
    }

    fn take(&mut self, found: &Recorded, next: Option<&Recorded>, nodes: &mut dyn FnMut(TileNode)) {
        let entry = &found.entry;
        let in_place = self.check_position(entry.seq);
        let leaf = entry.leaf();
        let unchanged = self.check_leaf(found, leaf, next);
        if in_place && unchanged {
            self.check_version(entry);
            self.check_time(entry);
        } else {
            self.versions.insert(entry.stream.clone(), entry.version);
        }
        self.frontier.push(leaf, nodes);
        self.report.entries += 1;
        self.compare_checkpoints();
    }

    fn check_position(&mut self, seq: u64) -> bool {
        let expected = self.expected;
        if seq == expected {
            self.expected += 1;
            return true;
        }
        if seq > expected {
            self.bad(range(expected, seq - 1), Wrong::Deleted, format!("entry {seq} follows where this should be"));
            self.expected = seq.saturating_add(1);
            return false;
        }
        // A number that was passed already: either it was missed above and stands too late, or it was there before.
        let missed = self.report.bad.iter_mut().find(|bad| {
            matches!(bad.wrong, Wrong::Deleted | Wrong::Reordered)
                && match bad.at {
                    Where::Entry(at) => at == seq,
                    Where::Between { first, last } => (first..=last).contains(&seq),
                    Where::Beside => false,
                }
        });
        if let Some(missed) = missed {
            missed.wrong = Wrong::Reordered;
            missed.detail = format!("entry {seq} stands after entries that were written later");
        } else {
            self.bad(Where::Entry(seq), Wrong::Inserted, "a second entry bears this number".into());
        }
        false
    }

    fn check_leaf(&mut self, found: &Recorded, leaf: Hash, next: Option<&Recorded>) -> bool {
        let Some(stored) = found.stored_leaf else { return true };
        if stored == leaf {
            return true;
        }
        let seq = found.entry.seq;
        let moved = moved_by(&found.entry, stored);
        if moved.is_some_and(|by| by == self.shift) {
            return false;
        }
        let next_moved = next.and_then(|next| moved_by(&next.entry, next.stored_leaf?));
        let (wrong, detail) = match moved {
            None => (Wrong::Edited, "its header or body does not give the leaf recorded for it".to_owned()),
            Some(by) if by > 0 && next_moved == moved => {
                self.shift = by;
                (Wrong::Deleted, format!("the entries from here on were {by} further on when written"))
            }
            Some(by) if by < 0 && self.shift == 0 && next_moved.is_none_or(|next| next != -by) => {
                self.shift = by;
                (Wrong::Inserted, format!("the entries from here on were {} further back when written", -by))
            }
            Some(by) => (Wrong::Reordered, format!("it was written {by:+} positions from here")),
        };
        // Of inserted entries it is the one after them that shows it: the inserted ones stand before it.
        let at = match (wrong, moved) {
            (Wrong::Inserted, Some(by)) => range(seq.saturating_sub(by.unsigned_abs()), seq.saturating_sub(1)),
            _ => Where::Entry(seq),
        };
        self.bad(at, wrong, detail);
        false
    }

    fn check_version(&mut self, entry: &Entry) {
        let before = self.versions.get(&entry.stream).copied().unwrap_or(0);
        if entry.version != before + 1 {
            let detail = format!("version {} of its stream follows version {before}", entry.version);
            self.bad(Where::Entry(entry.seq), Wrong::StreamVersion, detail);
        }
        if let Some(version) = self.versions.get_mut(&entry.stream) {
            *version = entry.version;
        } else {
            self.versions.insert(entry.stream.clone(), entry.version);
        }
    }

    fn check_time(&mut self, entry: &Entry) {
        let back_ms = self.latest_ms.saturating_sub(entry.at_ms);
        if self.latest_ms != i64::MIN && back_ms > self.tolerance_ms {
            if self.report.notices.len() < NOTICES_LISTED_MAX {
                self.report.notices.push(Notice { seq: entry.seq, back_ms });
            } else {
                self.report.notices_more += 1;
            }
        }
        self.latest_ms = self.latest_ms.max(entry.at_ms);
    }

    /// Compares the tree with every checkpoint of exactly its present size.
    fn compare_checkpoints(&mut self) {
        let size = self.frontier.size();
        while let Some(signed) = self.checkpoints.pop_front_if(|signed| signed.checkpoint.size == size) {
            if signed.checkpoint.root == self.frontier.root() {
                self.agreed = size;
                self.report.checkpoints_met += 1;
            } else if self.none_before(size) {
                let detail = format!("the checkpoint of size {size} was signed over other entries");
                self.bad(range(self.agreed, size.saturating_sub(1)), Wrong::Rewritten, detail);
            }
        }
    }

    /// Whether no bad place explains a wrong root at `size`.
    fn none_before(&self, size: u64) -> bool {
        !self.report.bad.iter().any(|bad| bad.at.first().is_some_and(|first| first < size))
    }

    fn bad(&mut self, at: Where, wrong: Wrong, detail: String) {
        self.report.add(BadEntry { at, wrong, detail });
    }
}

fn range(first: u64, last: u64) -> Where {
    if first >= last { Where::Entry(first) } else { Where::Between { first, last } }
}

/// By how many positions the entry was moved, if its recorded leaf fits a position nearby.
fn moved_by(entry: &Entry, stored: Hash) -> Option<i64> {
    let fits = |seq: Option<u64>| seq.is_some_and(|seq| entry.leaf_at(seq) == stored);
    (1..=MOVED_BY_MAX).find_map(|distance| {
        let by = i64::try_from(distance).ok()?;
        if fits(entry.seq.checked_add(distance)) {
            Some(by)
        } else if fits(entry.seq.checked_sub(distance)) {
            Some(-by)
        } else {
            None
        }
    })
}
