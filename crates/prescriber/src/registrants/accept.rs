//! Whether a file that was read may take the place of the data in use.
//!
//! A file that was cut off, altered or is older leaves the data in use where it is, which serves until its own age ends it.

use jiff::civil::Date;
use theriac_model::{Edition, Refusal};

/// One unreadable line in a thousand is a matter of that line; more is a matter of the file.
const REFUSED_PER_THOUSAND_MAX: u64 = 1;
/// Below this many lines the share says nothing; so many refused lines are always let pass.
const REFUSED_ALWAYS: u64 = 10;
/// A set that holds less than this share of the last one is not taken without being announced by its manifest.
const SHRINKS_TO_PERCENT_MIN: u64 = 90;

/// What is known of a file before it is read: its issue date is needed, the rest is compared when it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The day on which DEA issued the data.
    pub issued: Option<Date>,
    /// How many rows it should hold.
    pub rows: Option<u64>,
    /// The SHA-256 that its bytes should have, in hex.
    pub digest: Option<String>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Rows read.
    pub rows: u64,
    /// Lines that could not be read.
    pub refused: u64,
    /// Whether the file was cut off.
    pub cut_off: bool,
    /// SHA-256 of its bytes, in hex.
    pub digest: String,
}

/// Decides whether to take the file; answers its issue date.
///
/// `former` is the set in use: its issue date and its rows.
///
/// # Errors
/// Everything that speaks against it. The set in use stays.
pub fn accept(
    import: &Import,
    manifest: &Manifest,
    former: Option<(Date, u64)>,
    today: Date,
) -> Result<Date, Vec<Refusal>> {
    let mut found = Vec::new();
    let mut add = |code, field: &'static str, what: String, next: &'static str| {
        let cite = "73 FR 36722, 36742; proposed 21 CFR 1311.135(c)";
        found.push(Refusal::new(code, cite, what, next).under(Edition::Proposed2008).about(field));
    };
    match manifest.issued {
        None => {
            let what = "it is not known on which day DEA issued the data".to_owned();
            add("RX-REGISTRANT-ISSUED", "issued", what, "give the day with --issued YYYY-MM-DD");
        }
        Some(issued) if issued > today => {
            let what = format!("data issued on {issued} cannot be here on {today}");
            add("RX-REGISTRANT-ISSUED", "issued", what, "correct the day of issue");
        }
        Some(issued) => {
            if let Some((last, _)) = former.filter(|(last, _)| issued < *last) {
                let what = format!("it was issued on {issued}, and the data in use on {last}");
                add("RX-REGISTRANT-OLDER", "issued", what, "import a newer file");
            }
        }
    }
    if import.cut_off {
        let what = format!("the last line is cut off after {} rows", import.rows);
        add("RX-REGISTRANT-CUT-OFF", "file", what, "fetch the file again");
    }
    if import.rows == 0 {
        add("RX-REGISTRANT-EMPTY", "file", "no row could be read".to_owned(), "check which file it is");
    }
    if let Some(expected) = manifest.rows.filter(|expected| *expected != import.rows + import.refused) {
        let what = format!("{} lines were read, {expected} were announced", import.rows + import.refused);
        add("RX-REGISTRANT-ROWS", "rows", what, "fetch the file again");
    }
    if manifest.digest.as_ref().is_some_and(|expected| !expected.eq_ignore_ascii_case(&import.digest)) {
        let what = "the bytes are not those that were announced".to_owned();
        add("RX-REGISTRANT-ALTERED", "digest", what, "fetch the file again, and find out who changed it");
    }
    let lines = import.rows + import.refused;
    if import.refused > REFUSED_ALWAYS && import.refused * 1_000 > lines * REFUSED_PER_THOUSAND_MAX {
        let what = format!("{} of {lines} lines cannot be read", import.refused);
        add("RX-REGISTRANT-BAD-LINES", "file", what, "ask DEA for a corrected file");
    }
    if let Some((_, last)) = former
        && manifest.rows.is_none()
        && import.rows * 100 < last * SHRINKS_TO_PERCENT_MIN
    {
        let what = format!("it holds {} rows, and the data in use {last}", import.rows);
        add("RX-REGISTRANT-SHRUNK", "rows", what, "check that it is whole, and announce its rows in a manifest");
    }
    match manifest.issued {
        Some(issued) if found.is_empty() => Ok(issued),
        _ => Err(found),
    }
}
