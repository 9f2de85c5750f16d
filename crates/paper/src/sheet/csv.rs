//! A sheet as comma-separated values.

use super::{Cell, Sheet, plain};

/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn print(sheet: &Sheet) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    let mut write = |record: Vec<String>| {
        // Writing to memory cannot fail, and every record has as many fields as the first: `Sheet` sees to it.
        let _ = out.write_record(record);
    };
    write(sheet.headings.iter().map(|heading| harmless(&heading.name)).collect());
    for row in &sheet.rows {
        write(row.iter().map(|cell| if let Cell::Text(text) = cell { harmless(text) } else { plain(cell) }).collect());
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
