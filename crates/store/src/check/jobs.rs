//! Jobs against the digests that entries hold.

use std::collections::HashMap;

use theriac_journal::{BadEntry, Entry, Hash, LinkKind, Where, Wrong};

use crate::engine::Tx;
use crate::error::StoreError;
use crate::jobs::{COLUMNS, Job};
use crate::read::Head;

/// Collects which jobs an entry wrote down and finished.
pub(super) fn note_links(entry: &Entry, created: &mut HashMap<u64, Vec<Hash>>, finished: &mut HashMap<Hash, u64>) {
    let digests: Vec<Hash> = entry.linked(LinkKind::JobCreated).collect();
    if !digests.is_empty() {
        created.insert(entry.seq, digests);
    }
    for digest in entry.linked(LinkKind::JobFinished) {
        finished.insert(digest, entry.seq);
    }
}

/// Every job must be one that its entry wrote down, finished exactly when an entry finished it, and none may be missing.
pub(super) fn check(
    tx: &mut dyn Tx,
    created: &HashMap<u64, Vec<Hash>>,
    finished: &HashMap<Hash, u64>,
    head: Option<Head>,
    found: &mut Vec<BadEntry>,
) -> Result<(), StoreError> {
    let mut met: HashMap<u64, usize> = HashMap::new();
    let mut highest = 0;
    let sql = format!("SELECT {COLUMNS} FROM jobs ORDER BY id");
    tx.each(&sql, &[], &mut |row| {
        let Ok(job) = Job::read(&row) else {
            found.push(bad(Where::Beside, "a job cannot be read".into()));
            return Ok(());
        };
        highest = highest.max(job.id.0);
        let digest = job.digest();
        let at = Where::Entry(job.seq);
        if created.get(&job.seq).is_some_and(|digests| digests.contains(&digest)) {
            *met.entry(job.seq).or_default() += 1;
        } else {
            found.push(bad(at, format!("job {} is not one that this entry wrote down", job.id)));
        }
        if finished.get(&digest).copied() != job.done_seq {
            let says = if job.done_seq.is_some() { "finished" } else { "open" };
            found.push(bad(at, format!("job {} is marked {says}, the journal says otherwise", job.id)));
        }
        if !job.mark_fits() {
            found.push(bad(at, format!("job {}: its due time, attempts or last error are damaged", job.id)));
        }
        Ok(())
    })?;
    for (seq, digests) in created {
        let missing = digests.len().saturating_sub(met.get(seq).copied().unwrap_or(0));
        if missing > 0 {
            found.push(bad(Where::Entry(*seq), format!("{missing} of the jobs it wrote down are gone or changed")));
        }
    }
    if head.is_some_and(|head| head.next_job != highest + 1) {
        found.push(bad(Where::Beside, "the number of the next job does not follow the last".into()));
    }
    Ok(())
}

fn bad(at: Where, detail: String) -> BadEntry {
    BadEntry { at, wrong: Wrong::Job, detail }
}
