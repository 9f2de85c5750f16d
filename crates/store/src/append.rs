//! What callers append, and the work on it that needs no place in the journal yet: limits, salts, digests. It is done on the
//! caller's thread so that the single writer has less to do.

use std::ops::Range;

use aws_lc_rs::rand;
use theriac_journal::entry::{BODY_BYTES_MAX, LINKS_MAX};
use theriac_journal::{Body, Entry, EntryError, Hash, Piece};

use crate::error::{AppendError, StoreError};
use crate::jobs::{JobId, NewJob};

/// Bytes to archive as they are, with the entry of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPiece {
    /// What the bytes are, as a media type.
    pub media: String,
    /// The bytes, unchanged.
    pub bytes: Vec<u8>,
    /// A detached CMS signature over `bytes`; empty when there is none.
    pub seal: Vec<u8>,
}

/// An event to append. Sequence number, version and salt are given by the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is about. Streams begin with their first event.
    pub stream: String,
    /// When it happened, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    /// Who did it.
    pub actor: String,
    /// In which role; may be empty.
    pub role: String,
    /// At which registered location; may be empty.
    pub location: String,
    /// Law profile and reference of the decision; may be empty.
    pub law: String,
    /// What happened.
    pub kind: String,
    /// Format version of the body.
    pub format: u32,
    /// Canonical JSON.
    pub body: Vec<u8>,
    /// What is archived with it.
    pub archive: Vec<NewPiece>,
}

/// One command's outcome: all of it happens, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Append {
    /// Streams the command was decided on, each with the version it had then (0 for a stream that did not exist). A stream
    /// that is only written to and not decided on may be left out.
    pub expected: Vec<(String, u64)>,
    /// The events, at least one, in order.
    pub events: Vec<NewEvent>,
    /// Jobs to write down. The first event's entry vouches for them.
    pub jobs: Vec<NewJob>,
    /// Jobs that this append finishes.
    pub finished_jobs: Vec<JobId>,
}

/// Where an append went. It is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Sequence numbers of the events, in order.
    pub seqs: Range<u64>,
    /// The version of each event in its stream, in order.
    pub versions: Vec<u64>,
    /// Numbers of the jobs, in order.
    pub jobs: Vec<JobId>,
}

/// An event that is ready for the writer: its entry lacks only seq, version and links to jobs.
pub(crate) struct Prepared {
    pub(crate) entry: Entry,
    pub(crate) commitment: Hash,
    pub(crate) pieces: Vec<Piece>,
}

/// An append that is ready for the writer.
pub(crate) struct PreparedAppend {
    pub(crate) expected: Vec<(String, u64)>,
    pub(crate) events: Vec<Prepared>,
    pub(crate) jobs: Vec<(NewJob, [u8; 32])>,
    pub(crate) finished_jobs: Vec<JobId>,
    /// Roughly how much it adds, in bytes.
    pub(crate) weight: usize,
}

impl PreparedAppend {
    pub(crate) fn new(append: Append) -> Result<PreparedAppend, AppendError> {
        if append.events.is_empty() {
            return Err(AppendError::Empty);
        }
        let pieces: usize = append.events.iter().map(|event| event.archive.len()).sum();
        let mut salts = Salts::new(append.events.len() + pieces + append.jobs.len())?;
        for job in &append.jobs {
            job.check()?;
        }
        let links = append.jobs.len() + append.finished_jobs.len();
        let mut weight = 0;
        let mut events = Vec::with_capacity(append.events.len());
        for (number, event) in append.events.into_iter().enumerate() {
            let others = if number == 0 { links } else { 0 };
            let prepared = prepare(event, others, &mut salts)?;
            weight += prepared.entry.body_bytes().map_or(0, <[u8]>::len)
                + prepared.pieces.iter().map(|piece| piece.bytes.len() + piece.seal.len()).sum::<usize>()
                + 512;
            events.push(prepared);
        }
        let jobs = append.jobs.into_iter().map(|job| (job, salts.next())).collect();
        Ok(PreparedAppend { expected: append.expected, events, jobs, finished_jobs: append.finished_jobs, weight })
    }
}

fn prepare(event: NewEvent, other_links: usize, salts: &mut Salts) -> Result<Prepared, AppendError> {
    if event.archive.len() + other_links > LINKS_MAX {
        return Err(EntryError::TooLong { field: "links", max: LINKS_MAX }.into());
    }
    let mut links = Vec::with_capacity(event.archive.len() + other_links);
    let mut pieces = Vec::with_capacity(event.archive.len());
    for NewPiece { media, bytes, seal } in event.archive {
        if media.chars().any(char::is_control) {
            return Err(EntryError::ControlCharacter("media").into());
        }
        if bytes.len() > BODY_BYTES_MAX || seal.len() > BODY_BYTES_MAX {
            return Err(EntryError::TooLong { field: "archive", max: BODY_BYTES_MAX }.into());
        }
        let piece = Piece { salt: salts.next(), media, bytes, seal };
        links.push(theriac_journal::Link { kind: theriac_journal::LinkKind::Archived, digest: piece.digest() });
        pieces.push(piece);
    }
    let entry = Entry {
        seq: 0,
        stream: event.stream,
        // Replaced by the writer; 1 passes the check that 0 would not.
        version: 1,
        at_ms: event.at_ms,
        actor: event.actor,
        role: event.role,
        location: event.location,
        law: event.law,
        kind: event.kind,
        format: event.format,
        links,
        body: Body::Kept { salt: salts.next(), bytes: event.body },
    };
    entry.check()?;
    let commitment = entry.body.commitment();
    Ok(Prepared { entry, commitment, pieces })
}

/// Random salts, fetched in one call.
struct Salts(std::vec::IntoIter<[u8; 32]>);

impl Salts {
    fn new(count: usize) -> Result<Salts, StoreError> {
        let mut bytes = vec![0u8; count * 32];
        rand::fill(&mut bytes).map_err(|_| StoreError::Random)?;
        let salts: Vec<[u8; 32]> = bytes.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok()).collect();
        Ok(Salts(salts.into_iter()))
    }

    /// INVARIANT: asked at most as often as `new` was told, so there is always one left.
    fn next(&mut self) -> [u8; 32] {
        self.0.next().expect("as many salts were fetched as are used")
    }
}
