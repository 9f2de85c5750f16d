//! Taking a file in: read once to decide, then archived part by part.

use super::event::RegistryEvent;
use super::{RECHECK, STREAM};
use crate::house::record::{Change, Fault};
use crate::house::{House, program};
use aws_lc_rs::digest::{Context, SHA256};
use jiff::civil::Date;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use theriac_model::{Refusal, hex};
use theriac_prescriber::registrants::{Import, Manifest, accept};
use theriac_store::{JobId, NewJob, NewPiece};
use theriac_wire::registrants::{BadLine, Reader, Tally};

/// Bytes of a part, a whole number of lines.
const PART_BYTES: usize = 4 * 1024 * 1024;
/// Bad lines kept to be told one by one; more are only counted.
const BAD_LINES_KEPT: usize = 100;

/// What was read of a file.
#[derive(Debug)]
pub(crate) struct Through {
    pub(crate) tally: Tally,
    pub(crate) digest: String,
    pub(crate) bad: Vec<BadLine>,
}

/// What an import came to.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) issued: Date,
    pub(crate) through: Through,
    pub(crate) parts: u64,
    /// The entry that made the set the one in use.
    pub(crate) seq: u64,
    /// The recheck of everybody who signs, which is due at once.
    pub(crate) job: JobId,
}

/// Why an import did not happen.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// The file could not be read.
    Unreadable(io::Error),
    /// The file is not taken; the set in use stays.
    Refused(Vec<Refusal>, Box<Through>),
    /// The store failed.
    Fault(Fault),
}

impl From<io::Error> for NotTaken {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Fault> for NotTaken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Digests what passes through.
struct Digesting<R> {
    source: R,
    context: Context,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.context.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Reads the whole file once, one line in memory at a time.
pub(crate) fn through(path: &Path) -> io::Result<Through> {
    let mut source = Digesting { source: File::open(path)?, context: Context::new(&SHA256) };
    let mut reader = Reader::new(BufReader::with_capacity(1 << 20, &mut source));
    let mut bad = Vec::new();
    while let Some(row) = reader.next_row()? {
        if let Err(line) = row
            && bad.len() < BAD_LINES_KEPT
        {
            bad.push(line);
        }
    }
    let tally = reader.tally();
    Ok(Through { tally, digest: hex::encode(source.context.finish().as_ref()), bad })
}

impl House {
    /// Reads a file, decides whether to take it, and puts it in the place of the set in use.
    pub(crate) fn import_registrants(&self, path: &Path, manifest: &Manifest) -> Result<Taken, NotTaken> {
        let through = through(path)?;
        let import = Import {
            rows: through.tally.rows,
            refused: through.tally.refused,
            cut_off: through.tally.cut_off,
            digest: through.digest.clone(),
        };
        let former = self.registrant_set()?.map(|in_use| (in_use.issued, in_use.rows));
        let issued = match accept(&import, manifest, former, self.clock.moment().date()) {
            Ok(issued) => issued,
            Err(refusals) => return Err(NotTaken::Refused(refusals, Box::new(through))),
        };
        let set: String = through.digest.chars().take(16).collect();
        let parts = self.archive_parts(path, &set, &through.digest)?;
        let actor = program();
        let by = self.by(&actor, "");
        let record = RegistryEvent::Imported {
            set: set.clone(),
            issued,
            rows: through.tally.rows,
            refused: through.tally.refused,
            chemical: through.tally.chemical,
            digest: through.digest.clone(),
            parts,
        };
        let seq = self.store.size().map_err(Fault::from)?;
        let job = NewJob {
            kind: RECHECK.to_owned(),
            key: format!("{RECHECK}/import/{seq}"),
            due_ms: by.at.as_millisecond(),
            payload: b"{}".to_vec(),
        };
        let appended = Change::default().event(&by, STREAM, &record)?.job(job).commit(&self.store)?;
        let job = *appended.jobs.first().ok_or_else(|| Fault::Broken("no job was written down".to_owned()))?;
        Ok(Taken { issued, through, parts, seq: appended.seqs.start, job })
    }

    /// Archives the file in parts of whole lines, one entry each.
    fn archive_parts(&self, path: &Path, set: &str, expected: &str) -> Result<u64, NotTaken> {
        let mut source = Digesting { source: File::open(path)?, context: Context::new(&SHA256) };
        let actor = program();
        let mut part = 0;
        let mut held: Vec<u8> = Vec::with_capacity(PART_BYTES + 1_024);
        loop {
            let room = u64::try_from(PART_BYTES.saturating_sub(held.len())).unwrap_or(0);
            let read = source.by_ref().take(room).read_to_end(&mut held)?;
            if held.is_empty() {
                break;
            }
            // The last line may go on in the next part.
            let whole =
                if read == 0 { held.len() } else { held.iter().rposition(|&byte| byte == b'\n').map_or(0, |n| n + 1) };
            let whole = if whole == 0 { held.len() } else { whole };
            let rest = held.split_off(whole);
            let bytes = std::mem::replace(&mut held, rest);
            let piece = NewPiece { media: "text/plain; charset=iso-8859-1".to_owned(), bytes, seal: Vec::new() };
            let record = RegistryEvent::Part { set: set.to_owned(), part };
            Change::default().with_pieces(&self.by(&actor, ""), STREAM, &record, vec![piece])?.commit(&self.store)?;
            part += 1;
        }
        if hex::encode(source.context.finish().as_ref()) != expected {
            return Err(Fault::Broken("the file changed while it was being imported".to_owned()).into());
        }
        Ok(part)
    }
}
