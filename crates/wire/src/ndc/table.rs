//! Lines and columns of a tab-separated file, within bounds.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use theriac_model::{Edition, Refusal};

/// What the columns of the directory mean is the FDA's to say.
pub(super) const SOURCE: &str = "21 CFR 207.33; FDA NDC Directory";

/// Bounds on a file. Each is inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file.
    pub file_bytes: usize,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Rows below the first line.
    pub rows: u64,
    /// Columns of one line.
    pub columns: usize,
}

impl Limits {
    /// The bounds used unless a caller asks for others: 512 MiB, 64 KiB a line, 2,000,000 rows, 64 columns. The whole
    /// directory of 2019 has about 120,000 products and 230,000 packages, in 40 and 25 MB.
    pub const DEFAULT: Self =
        Self { file_bytes: 512 * 1024 * 1024, line_bytes: 64 * 1024, rows: 2_000_000, columns: 64 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRefusal {
    /// The line in the file, counted from 1; the names of the columns are line 1.
    pub line: u64,
    /// Why not, about which column.
    pub refusal: Refusal,
}

impl fmt::Display for RowRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.refusal)
    }
}

/// What is read of one row.
pub(super) trait Record<'a>: Sized {
    /// Columns without which no row can be read.
    const NEEDED: &'static [&'static str];
    /// What the file is called in refusals.
    const FILE: &'static str;

    /// Reads one row.
    fn read(row: &Fields<'_, 'a>) -> Result<Self, Refusal>;
}

/// The rows of a file, one by one, in order.
#[derive(Debug)]
pub(super) struct Rows<'a, T> {
    rest: &'a [u8],
    columns: Vec<String>,
    limits: Limits,
    line: u64,
    of: PhantomData<T>,
}

/// One line's fields with the names of the columns.
pub(super) struct Fields<'f, 'a> {
    columns: &'f [String],
    fields: &'f [Cow<'a, str>],
}

impl<'a> Fields<'_, 'a> {
    /// The field of a column without surrounding blanks; empty where the file has no such column.
    pub(super) fn text(&self, column: &str) -> Cow<'a, str> {
        let Some(place) = self.columns.iter().position(|name| name == column) else { return Cow::Borrowed("") };
        match self.fields.get(place) {
            None => Cow::Borrowed(""),
            Some(Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            Some(Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// The field of a column, read by `parse`.
    pub(super) fn parsed<T>(
        &self,
        column: &'static str,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let text = self.text(column);
        parse(&text).ok_or_else(|| unreadable(column, &text, wanted))
    }

    /// A day written as eight digits, `20190429`; `None` where the field is empty.
    pub(super) fn day(&self, column: &'static str) -> Result<Option<jiff::civil::Date>, Refusal> {
        self.parsed(column, "a day as YYYYMMDD", |text| {
            if text.is_empty() {
                return Some(None);
            }
            let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            let number: u32 = if digits { text.parse().ok()? } else { return None };
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            let day =
                jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            day.ok().map(Some)
        })
    }
}

/// The field does not say what the column is for.
pub(super) fn unreadable(column: &'static str, text: &str, wanted: &str) -> Refusal {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    Refusal::new(
        "NDC-FIELD",
        SOURCE,
        format!("{column} says \"{shown}\", which is not {wanted}"),
        "look the product up at its labeler and list it by hand; the other rows are read",
    )
    .about(column)
}

fn bounded(code: &'static str, what: String) -> Refusal {
    let next = "take the file as the FDA publishes it, unpacked; raise the limit only if it is right";
    Refusal::new(code, SOURCE, what, next).under(Edition::House(Cow::Borrowed("file-limits")))
}

/// Text of bytes: UTF-8, else Windows-1252.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    /// What Windows-1252 has at 0x80 to 0x9F; the five places it leaves open become the replacement character.
    const HIGH: [char; 32] = [
        '\u{20ac}', '\u{fffd}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
        '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{fffd}', '\u{17d}', '\u{fffd}', '\u{fffd}', '\u{2018}',
        '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
        '\u{203a}', '\u{153}', '\u{fffd}', '\u{17e}', '\u{178}',
    ];
    let one = |byte: &u8| match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(*byte),
    };
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(bytes.iter().map(one).collect()), Cow::Borrowed)
}

/// The next line without its end, and what follows; `None` at the end of the file.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (bytes.get(..end)?, bytes.get(end + 1..)?),
        None => (bytes, &[][..]),
    };
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

impl<'a, T: Record<'a>> Rows<'a, T> {
    /// Reads the names of the columns.
    ///
    /// # Errors
    /// `NDC-SIZE` or `NDC-HEADER`: then nothing of the file can be read.
    pub(super) fn open(file: &'a [u8], limits: Limits) -> Result<Self, Refusal> {
        if file.len() > limits.file_bytes {
            return Err(bounded("NDC-SIZE", format!("the file is longer than {} bytes", limits.file_bytes)));
        }
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let (first, rest) = line(file).unwrap_or_default();
        if first.len() > limits.line_bytes {
            return Err(bounded("NDC-HEADER", format!("the first line is longer than {} bytes", limits.line_bytes)));
        }
        let first = decode(first);
        let columns: Vec<String> =
            first.split('\t').take(limits.columns + 1).map(|name| name.trim().to_ascii_uppercase()).collect();
        if columns.len() > limits.columns {
            return Err(bounded("NDC-HEADER", format!("the first line names more than {} columns", limits.columns)));
        }
        let lacking: Vec<&str> =
            T::NEEDED.iter().copied().filter(|name| !columns.iter().any(|column| column == name)).collect();
        if !lacking.is_empty() {
            return Err(Refusal::new(
                "NDC-HEADER",
                SOURCE,
                format!("the first line does not name the columns of the {}: {}", T::FILE, lacking.join(", ")),
                "give the directory's text file, with its first line and its tabs",
            ));
        }
        Ok(Self { rest, columns, limits, line: 1, of: PhantomData })
    }

    fn row(&self, line: &'a [u8]) -> Result<T, Refusal> {
        if line.len() > self.limits.line_bytes {
            return Err(bounded("NDC-LINE", format!("the line is longer than {} bytes", self.limits.line_bytes)));
        }
        let fields: Vec<Cow<'a, str>> = match decode(line) {
            Cow::Borrowed(text) => text.split('\t').take(self.limits.columns + 1).map(Cow::Borrowed).collect(),
            Cow::Owned(text) => {
                text.split('\t').take(self.limits.columns + 1).map(|field| Cow::Owned(field.to_owned())).collect()
            }
        };
        if fields.len() != self.columns.len() {
            let what = format!("the line has {} fields; the first line names {}", fields.len(), self.columns.len());
            let next = "restore the line's tabs, or list the product by hand; the other rows are read";
            return Err(Refusal::new("NDC-COLUMNS", SOURCE, what, next));
        }
        T::read(&Fields { columns: &self.columns, fields: &fields })
    }
}

impl<'a, T: Record<'a>> Iterator for Rows<'a, T> {
    type Item = Result<T, RowRefusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, rest) = line(self.rest)?;
            self.rest = rest;
            self.line += 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let number = self.line;
            let refuse = |refusal| RowRefusal { line: number, refusal };
            if number > self.limits.rows.saturating_add(1) {
                self.rest = &[];
                let what = format!("the file has more than {} rows; none is read from here on", self.limits.rows);
                return Some(Err(refuse(bounded("NDC-ROWS", what))));
            }
            return Some(self.row(line).map_err(refuse));
        }
    }
}
