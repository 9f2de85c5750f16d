//! The journal: pages of entries, and single entries with their proof verified at the moment of showing.

use crate::house::House;
use crate::views::{EntryRow, EntryView, JournalView, Unavailable};
use theriac_journal::{Entry, Hash, verify_evidence};

/// Entries on a page.
const PAGE: u64 = 100;

impl House {
    fn entry_row(&self, entry: &Entry) -> EntryRow {
        EntryRow {
            seq: entry.seq,
            at: self.at(entry),
            actor: self.full_name(&entry.actor),
            role: entry.role.clone(),
            location: entry.location.clone(),
            kind: entry.kind.clone(),
            stream: entry.stream.clone(),
            leaf: entry.leaf().to_base64(),
        }
    }

    pub(super) fn journal_page(&self, before: Option<u64>) -> Result<JournalView, Unavailable> {
        let size = self.store.size()?;
        let until = before.unwrap_or(size).min(size);
        let from = until.saturating_sub(PAGE);
        let entries = self.store.entries(from..until)?;
        Ok(JournalView {
            rows: entries.iter().rev().map(|entry| self.entry_row(entry)).collect(),
            older: (from > 0).then_some(from),
            checkpoint: self.store.checkpoint()?.unwrap_or_default(),
            verifier_key: self.keys.verifier().to_text(),
        })
    }

    pub(super) fn entry_view(&self, seq: u64) -> Result<Option<EntryView>, Unavailable> {
        if seq >= self.store.size()? {
            return Ok(None);
        }
        let evidence = self.store.prove(seq)?;
        let verifier = self.keys.verifier();
        let verified = verify_evidence(&evidence, verifier.name(), std::slice::from_ref(&verifier));
        let (verdict, tree_size, root) = match &verified {
            Ok(verified) => {
                let checkpoint = &verified.signed.checkpoint;
                ("verified".to_owned(), checkpoint.size, checkpoint.root.to_base64())
            }
            Err(error) => (error.to_string(), 0, String::new()),
        };
        let bytes = evidence.entry.body_bytes().unwrap_or(b"null");
        let body: serde_json::Value = serde_json::from_slice(bytes).unwrap_or(serde_json::Value::Null);
        Ok(Some(EntryView {
            row: self.entry_row(&evidence.entry),
            body: serde_json::to_string_pretty(&body).unwrap_or_default(),
            law: evidence.entry.law.clone(),
            proof: evidence.proof.iter().map(Hash::to_base64).collect(),
            tree_size,
            root,
            verdict,
            evidence: evidence.to_json(),
        }))
    }
}
