//! A sheet as comma-separated values.

use super::{Cell, Sheet, plain};

/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn print(sheet: &Sheet) -> Vec<u8> {
    let mut out = writer(BYTE_ORDER_MARK.to_vec());
    let _ = out.write_record(sheet.headings.iter().map(|heading| harmless(&heading.name)));
    append(out, sheet)
}

/// The rows without the heading.
pub(super) fn rows(sheet: &Sheet) -> Vec<u8> {
    append(writer(Vec::new()), sheet)
}

fn writer(begun: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(begun)
}

fn append(mut out: csv::Writer<Vec<u8>>, sheet: &Sheet) -> Vec<u8> {
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| if let Cell::Text(text) = cell { harmless(text) } else { plain(cell) });
        // Writing to memory cannot fail, and every record has as many fields as the first: `Sheet` sees to it.
        let _ = out.write_record(cells);
    }
    out.into_inner().unwrap_or_default()
}

/// A text that no spreadsheet computes: those that begin like a formula get an apostrophe, also behind white space.
fn harmless(text: &str) -> String {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let dangerous = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    let clean = text.replace('\0', "\u{fffd}");
    if dangerous { format!("'{clean}") } else { clean }
}
