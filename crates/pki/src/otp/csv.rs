//! Seed files as tables: makers deliver them with one device a line and a head of column names, all a little different.
//!
//! Known columns, in any order and case, with blanks or dashes: `serial` (`serial number`), `secret` (`secret key`,
//! `seed`), `maker` (`manufacturer`), `model`, `type` (HOTP or TOTP), `hash` (`algorithm`), `digits`, `period` (`time
//! interval`), `counter`. Other columns are passed over, each named in the refusal of a file that lacks a needed one.
//! What the file does not say comes from the operator ([`Assumed`]).

use super::code::{Digits, Hash, Moving, Scheme, period};
use super::device::{DeviceId, ImportedFile, NewDevice, bad};
use super::seed::Seed;
use std::collections::HashSet;
use theriac_model::Refusal;
use theriac_model::hex;
use zeroize::Zeroizing;

/// The longest file, in bytes, and the most lines.
const LONGEST: usize = 32 * 1024 * 1024;
const LINES_MOST: usize = 200_000;
/// The most columns.
const COLUMNS_MOST: usize = 64;

/// How secrets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Hexadecimal digits.
    Hex,
    /// Base 32 (RFC 4648), with or without padding.
    Base32,
}

/// What the operator says of a file that does not say it itself.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// The maker.
    pub maker: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// How secrets are written. A hexadecimal secret can look like base 32, so it is never guessed.
    pub writing: Writing,
    /// How the devices make codes, where the file has no column for it.
    pub scheme: Scheme,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Serial,
    Secret,
    Maker,
    Model,
    Type,
    Hash,
    Digits,
    Period,
    Counter,
}

impl Column {
    fn named(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        Some(match plain.as_str() {
            "serial" | "serialnumber" | "serialno" => Self::Serial,
            "secret" | "secretkey" | "seed" => Self::Secret,
            "maker" | "manufacturer" => Self::Maker,
            "model" => Self::Model,
            "type" => Self::Type,
            "hash" | "algorithm" => Self::Hash,
            "digits" => Self::Digits,
            "period" | "timeinterval" | "interval" => Self::Period,
            "counter" => Self::Counter,
            _ => return None,
        })
    }
}

/// Reads a file of at most 32 MiB and 200,000 lines. Lines that cannot be taken in are left out, each with its refusal.
///
/// # Errors
/// A refusal of the whole file: not UTF-8, no head, a needed column missing or twice.
pub fn read(file: &[u8], assumed: &Assumed) -> Result<ImportedFile, Refusal> {
    if file.len() > LONGEST {
        return Err(bad("the file is longer than 32 MiB", "file"));
    }
    let text = std::str::from_utf8(file).map_err(|_| bad("the file is not UTF-8 text", "file"))?;
    let mut lines = (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines());
    let (_, head) = lines.next().ok_or_else(|| bad("the file is empty", "file"))?;
    let columns = columns(head)?;
    let mut imported = ImportedFile::default();
    let mut seen = HashSet::new();
    for (place, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        if imported.devices.len() + imported.left_out.len() >= LINES_MOST {
            return Err(bad("the file has more than 200000 lines", "file"));
        }
        imported.add(place, &mut seen, device(&columns, line, assumed));
    }
    Ok(imported)
}

fn columns(head: &str) -> Result<Vec<Option<Column>>, Refusal> {
    let names = cells(head).filter(|names| names.len() <= COLUMNS_MOST);
    let names = names.ok_or_else(|| bad("the first line is not a head of at most 64 columns", "head"))?;
    let columns: Vec<_> = names.iter().map(|name| Column::named(name)).collect();
    let twice = columns.iter().flatten().any(|one| columns.iter().flatten().filter(|other| *other == one).count() > 1);
    if twice {
        return Err(bad("a column stands twice in the head", "head"));
    }
    let (serial, secret) = (columns.contains(&Some(Column::Serial)), columns.contains(&Some(Column::Secret)));
    if !(serial && secret) {
        let what = format!("the head names no column {}", if serial { "secret" } else { "serial" });
        return Err(bad(what, "head"));
    }
    Ok(columns)
}

/// The cells of one line: separated by commas, quoted where they hold one. Line breaks inside quotes are not supported.
fn cells(line: &str) -> Option<Zeroizing<Vec<String>>> {
    let mut cells = Zeroizing::new(Vec::new());
    let mut rest = line;
    loop {
        let mut cell = String::new();
        let trimmed = rest.trim_start();
        if let Some(mut quoted) = trimmed.strip_prefix('"') {
            loop {
                let (part, after) = quoted.split_once('"')?;
                cell.push_str(part);
                let Some(again) = after.strip_prefix('"') else {
                    rest = after.trim_start();
                    break;
                };
                cell.push('"');
                quoted = again;
            }
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (plain, after) = rest.split_at_checked(end)?;
            plain.trim().clone_into(&mut cell);
            rest = after;
        }
        cells.push(cell);
        if rest.is_empty() {
            return Some(cells);
        }
        rest = rest.strip_prefix(',')?;
    }
}

fn device(columns: &[Option<Column>], line: &str, assumed: &Assumed) -> Result<NewDevice, Refusal> {
    let cells = cells(line).ok_or_else(|| bad("the line has an open quotation mark", "line"))?;
    if cells.len() != columns.len() {
        return Err(bad(format!("the line has {} cells, the head {}", cells.len(), columns.len()), "line"));
    }
    let cell = |wanted: Column| {
        let found = columns.iter().position(|column| *column == Some(wanted))?;
        cells.get(found).map(String::as_str).filter(|text| !text.is_empty())
    };
    let maker = cell(Column::Maker).or(assumed.maker.as_deref()).unwrap_or_default();
    let model = cell(Column::Model).or(assumed.model.as_deref()).unwrap_or_default();
    let id = DeviceId::new(maker, model, cell(Column::Serial).unwrap_or_default())
        .ok_or_else(|| bad("maker, model or serial number is missing", "serial"))?;
    let number = |column, field| match cell(column) {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| bad("a number is not one", field)),
    };
    let secret = cell(Column::Secret).unwrap_or_default();
    let seed = match assumed.writing {
        Writing::Hex => hex::decode(secret),
        Writing::Base32 => base32(secret),
    };
    let seed = seed.and_then(Seed::new).ok_or_else(|| {
        let what = "the secret is not 16 to 128 bytes in the writing that the operator named";
        bad(what, "secret")
    })?;
    let counter = u64::try_from(number(Column::Counter, "counter")?.unwrap_or(0));
    Ok(NewDevice {
        id,
        scheme: Scheme {
            hash: match cell(Column::Hash) {
                None => assumed.scheme.hash,
                Some(text) => {
                    Hash::parse(text).ok_or_else(|| bad("the hash is none of SHA1, SHA256 and SHA512", "hash"))?
                }
            },
            digits: match number(Column::Digits, "digits")? {
                None => assumed.scheme.digits,
                Some(digits) => Digits::new(digits).ok_or_else(|| bad("codes do not have 6 to 8 digits", "digits"))?,
            },
            moving: moving(cell(Column::Type), number(Column::Period, "period")?, assumed.scheme.moving)?,
        },
        seed,
        counter: counter.map_err(|_| bad("the counter is negative", "counter"))?,
    })
}

fn moving(kind: Option<&str>, seconds: Option<i64>, assumed: Moving) -> Result<Moving, Refusal> {
    let clock = match kind.map(str::to_ascii_uppercase).as_deref() {
        Some("HOTP") => false,
        Some("TOTP") => true,
        Some(_) => return Err(bad("the type is neither HOTP nor TOTP", "type")),
        None => matches!(assumed, Moving::Clock { .. }) || seconds.is_some(),
    };
    if !clock {
        return Ok(Moving::Presses);
    }
    match (seconds, assumed) {
        (Some(seconds), _) => {
            let period = period(seconds).ok_or_else(|| bad("the period is not 10 to 300 seconds", "period"))?;
            Ok(Moving::Clock { period })
        }
        (None, Moving::Clock { period }) => Ok(Moving::Clock { period }),
        (None, Moving::Presses) => Ok(Moving::Clock { period: 30 }),
    }
}

/// RFC 4648, section 6, in either case; padding and blanks are passed over.
fn base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for character in text.trim_end_matches('=').bytes().filter(|b| *b != b' ') {
        let value = match character.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    // Fewer than five bits may be left over, and they are zero.
    (bits < 5 && held & ((1 << bits) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn base32_is_read_as_the_rfc_writes_it() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                base32(text).map(|bytes| String::from_utf8(bytes).expect("text")).as_deref(),
                expected,
                "{text}"
            );
        };
        for (text, expected) in [
            ("", ""),
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("mzxw6yq", "foob"),
            ("MZXW 6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
        ] {
            check(text, Some(expected));
        }
        for wrong in ["M", "M1", "MZ0", "MZ", "\u{fc}"] {
            check(wrong, None);
        }
    }

    #[test]
    fn cells_are_split_at_commas_outside_quotation_marks() {
        let check = |line: &str, expected: Option<&[&str]>| {
            let found = cells(line);
            let found: Option<Vec<&str>> = found.as_ref().map(|cells| cells.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expected, "{line}");
        };
        check("a, b ,c", Some(&["a", "b", "c"]));
        check("\"a, \"\"b\"\"\" ,c", Some(&["a, \"b\"", "c"]));
        check("", Some(&[""]));
        check("a,", Some(&["a", ""]));
        check("\"a", None);
        check("\"a\"b", None);
    }
}
