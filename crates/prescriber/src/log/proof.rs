//! Whether a log holds every signing record of its period, and nothing else: compared with the journal itself.
//!
//! Together with the journal's own verification (the root at the log's size) this needs no trust in whoever made the log.

use super::line::{Located, signed_at};
use super::{Line, MonthlyLog};
use crate::event::Event;
use std::collections::BTreeMap;

/// One way in which a log and the journal differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discrepancy {
    /// The journal has a signing record of the period that the log lacks.
    Missing {
        /// Its position.
        seq: u64,
        /// The prescription.
        prescription: String,
    },
    /// The log has a line for which the journal has no signing record of the period at that position.
    Extra {
        /// The position the line claims.
        seq: u64,
        /// The prescription.
        prescription: String,
    },
    /// The line at this position does not show what was signed.
    Altered {
        /// The position.
        seq: u64,
        /// The prescription.
        prescription: String,
    },
    /// A signing record dated into the period was appended after the log was made.
    AppendedLater {
        /// Its position.
        seq: u64,
        /// The prescription.
        prescription: String,
    },
    /// First, last or number of signing records do not fit the lines.
    Extent,
    /// The journal given does not reach as far as the log's.
    JournalTooShort {
        /// Entries that were given.
        given: u64,
    },
}

/// Compares a log with the records of prescriptions in the journal, in order; `size` is the number of the journal's entries.
/// Records of other practitioners may be among them. Nothing differs when the list is empty.
pub fn check<'a>(log: &MonthlyLog, records: impl IntoIterator<Item = Located<'a>>, size: u64) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    if size < log.extent.size {
        found.push(Discrepancy::JournalTooShort { given: size });
    }
    let ends = (log.lines.first().map(|line| line.seq), log.lines.last().map(|line| line.seq));
    let ascending = log.lines.is_sorted_by(|a, b| a.seq < b.seq);
    if (log.extent.first, log.extent.last) != ends || log.extent.signings != log.lines.len() as u64 || !ascending {
        found.push(Discrepancy::Extent);
    }
    let mut lines: BTreeMap<u64, &Line> = log.lines.iter().map(|line| (line.seq, line)).collect();
    for located in records {
        let Event::Signed { by, contents, digest, credential, .. } = located.event else { continue };
        let at = signed_at(contents, located.at);
        if by.id != log.practitioner || !log.period.holds(at) {
            continue;
        }
        let (seq, prescription) = (located.seq, located.prescription.to_owned());
        if seq >= log.extent.size {
            found.push(Discrepancy::AppendedLater { seq, prescription });
            continue;
        }
        match lines.remove(&seq) {
            None => found.push(Discrepancy::Missing { seq, prescription }),
            Some(line) => {
                let same = line.prescription == located.prescription
                    && line.contents == *contents
                    && line.digest == *digest
                    && line.credential == *credential
                    && line.signed_at == at;
                if !same {
                    found.push(Discrepancy::Altered { seq, prescription });
                }
            }
        }
    }
    found.extend(
        lines.values().map(|line| Discrepancy::Extra { seq: line.seq, prescription: line.prescription.clone() }),
    );
    found
}
