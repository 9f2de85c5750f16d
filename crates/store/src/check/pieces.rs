//! Archived pieces against the digests that entries hold.

use theriac_journal::{BadEntry, Entry, Hash, LinkKind, Where, Wrong};

use crate::engine::Tx;
use crate::error::StoreError;
use crate::read::{self, PLACES};
use crate::value::Row;

/// Collects where pieces must be and what their digests are, in order. With the body of an entry its pieces were erased, too.
pub(super) fn note_links(entry: &Entry, links: &mut Vec<(u64, Hash)>) {
    if entry.body_bytes().is_none() {
        return;
    }
    for (place, digest) in (0u64..).zip(entry.linked(LinkKind::Archived)) {
        links.push((entry.seq.saturating_mul(PLACES).saturating_add(place), digest));
    }
}

/// Compares the pieces of a group of entries with what they link to.
pub(super) fn check(
    tx: &mut dyn Tx,
    rows: &[Row],
    links: Vec<(u64, Hash)>,
    found: &mut Vec<BadEntry>,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
    let (Ok(first), Ok(last)) = (first.u64(0), last.u64(0)) else { return Ok(()) };
    let (from, to) = (first.saturating_mul(PLACES), last.saturating_add(1).saturating_mul(PLACES));
    let mut wanted = links.into_iter().peekable();
    tx.each(
        "SELECT id, salt, media, bytes, seal FROM archive WHERE id >= $1 AND id < $2 ORDER BY id",
        &[from.into(), to.into()],
        &mut |row| {
            let id = row.u64(0)?;
            while let Some((missing, _)) = wanted.next_if(|(want, _)| *want < id) {
                found.push(bad(missing, "is gone"));
            }
            match wanted.next_if(|(want, _)| *want == id) {
                None => found.push(bad(id, "is not one that the entry points to")),
                Some((_, digest)) => match read::piece(&row) {
                    Ok(piece) if piece.digest() == digest => {}
                    Ok(_) => found.push(bad(id, "was changed: its bytes, type or seal are not those archived")),
                    Err(_) => found.push(bad(id, "cannot be read")),
                },
            }
            Ok(())
        },
    )?;
    found.extend(wanted.map(|(missing, _)| bad(missing, "is gone")));
    Ok(())
}

/// Pieces that lie outside the journal.
pub(super) fn stray(tx: &mut dyn Tx, size: u64, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    let end = size.saturating_mul(PLACES);
    let rows = tx.query("SELECT count(*) FROM archive WHERE id < 0 OR id >= $1", &[end.into()])?;
    let count = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
    if count > 0 {
        let detail = format!("{count} archived pieces belong to no entry");
        found.push(BadEntry { at: Where::Beside, wrong: Wrong::Archive, detail });
    }
    Ok(())
}

fn bad(id: u64, what: &str) -> BadEntry {
    BadEntry {
        at: Where::Entry(id / PLACES),
        wrong: Wrong::Archive,
        detail: format!("its archived piece {} {what}", id % PLACES),
    }
}
