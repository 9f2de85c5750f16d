//! Reading the file, line by line.

use super::layout::{DELIMITER, Field, LINE_BYTES_MAX, Layout};
use super::refusals;
use jiff::civil::Date;
use std::io::{self, BufRead};
use theriac_model::{
    BusinessActivity, DeaNumber, DrugSchedules, NotADeaNumber, Refusal, RegistrantRow, RegistrantStatus,
};

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// The registration it is about, when at least that much can be read: it is then known, but not how it stands.
    pub number: Option<DeaNumber>,
    /// Which field does not serve, and why.
    pub refusal: Refusal,
}

/// What a reading found, so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines, without empty ones.
    pub lines: u64,
    /// Rows read.
    pub rows: u64,
    /// Lines that could not be read.
    pub refused: u64,
    /// Handlers of listed chemicals, whose numbers begin with a 0 and who register for no controlled substance: not rows.
    pub chemical: u64,
    /// Bytes.
    pub bytes: u64,
    /// Whether the file was cut off: its last line has no end and cannot be read.
    pub cut_off: bool,
}

/// Reads rows one by one.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    line: Vec<u8>,
    number: u64,
    layout: Option<Layout>,
    at_end: bool,
    tally: Tally,
}

impl<R: BufRead> Reader<R> {
    /// A reader at the start of the file.
    pub fn new(source: R) -> Self {
        Self {
            source,
            line: Vec::with_capacity(LINE_BYTES_MAX),
            number: 0,
            layout: None,
            at_end: false,
            tally: Tally::default(),
        }
    }

    /// What was found so far; of the whole file once `next` has answered `None`.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The layout of the file, once a line told it.
    pub fn layout(&self) -> Option<Layout> {
        self.layout
    }

    /// The next row, or the next line that cannot be read; `None` at the end.
    ///
    /// # Errors
    /// When the source itself cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<Result<RegistrantRow, BadLine>>> {
        loop {
            let Some(fits) = self.next_line()? else { return Ok(None) };
            self.number += 1;
            if self.line.is_empty() && fits {
                continue;
            }
            self.tally.lines += 1;
            let read = if fits {
                self.row()
            } else {
                Err(refusals::shape(format!("the line is longer than {LINE_BYTES_MAX} bytes")))
            };
            return Ok(Some(match read {
                Ok(Some(row)) => {
                    self.tally.rows += 1;
                    Ok(row)
                }
                Ok(None) => {
                    self.tally.chemical += 1;
                    continue;
                }
                Err(refusal) => {
                    self.tally.refused += 1;
                    self.tally.cut_off = self.at_end;
                    let number = self.line.get(..9).and_then(|bytes| std::str::from_utf8(bytes).ok());
                    let number = number.and_then(|text| DeaNumber::parse(text).ok());
                    Err(BadLine { line: self.number, number, refusal })
                }
            }));
        }
    }

    /// Takes the next line into memory, without its end. `Some(false)` for one that is too long, of which the beginning
    /// is kept and the rest passed over.
    fn next_line(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        let mut fits = true;
        let mut any = false;
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                self.at_end = true;
                break;
            }
            any = true;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let taken = end.unwrap_or(buffer.len());
            let room = LINE_BYTES_MAX.saturating_sub(self.line.len());
            // One more than fits, so that a carriage return at the very end does not make a line too long.
            self.line.extend_from_slice(&buffer[..taken.min(room + 1)]);
            fits &= taken <= room + 1;
            let used = end.map_or(taken, |end| end + 1);
            self.tally.bytes += used as u64;
            self.source.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        if self.line.len() > LINE_BYTES_MAX {
            fits = false;
        }
        Ok(Some(fits))
    }

    /// The row in the line; `None` for a handler of listed chemicals.
    fn row(&mut self) -> Result<Option<RegistrantRow>, Refusal> {
        let found = Layout::of(&self.line);
        let expected = *self.layout.get_or_insert(found.ok_or_else(|| other_length(self.line.len(), None))?);
        if found != Some(expected) && expected != Layout::Delimited {
            return Err(other_length(self.line.len(), Some(expected)));
        }
        let fields = fields(&self.line, expected)?;
        let text = |field: Field| fields.get(field as usize).copied().unwrap_or_default().trim_ascii();
        if text(Field::Number).first() == Some(&b'0') {
            return Ok(None);
        }
        Ok(Some(RegistrantRow {
            number: number(text(Field::Number))?,
            activity: activity(text(Field::Activity))?,
            sub_code: sub_code(text(Field::SubCode))?,
            schedules: schedules(text(Field::Schedules))?,
            expires: expires(text(Field::Expires))?,
            status: if expected == Layout::Fixed2009 { RegistrantStatus::Active } else { status(text(Field::Status))? },
            name: required(Field::Name, text(Field::Name))?,
            company: words(Field::Company, text(Field::Company))?,
            line_1: words(Field::Line1, text(Field::Line1))?,
            line_2: words(Field::Line2, text(Field::Line2))?,
            city: words(Field::City, text(Field::City))?,
            state: state(text(Field::State))?,
            zip: zip(text(Field::Zip))?,
        }))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Result<RegistrantRow, BadLine>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

fn other_length(length: usize, expected: Option<Layout>) -> Refusal {
    let expected = expected.map_or("a line has 244 or 236 positions, or fields between |", Layout::words);
    refusals::shape(format!("the line has {length} bytes; expected: {expected}"))
}

fn fields(line: &[u8], layout: Layout) -> Result<Vec<&[u8]>, Refusal> {
    if layout == Layout::Delimited {
        let fields: Vec<&[u8]> = line.split(|&byte| byte == DELIMITER).collect();
        let expected = Field::all().count();
        if fields.len() != expected {
            return Err(refusals::shape(format!("the line has {} fields; expected: {expected}", fields.len())));
        }
        if let Some(long) = Field::all().zip(&fields).find(|(field, text)| text.len() > field.length()) {
            return Err(refusals::field(long.0, format!("longer than its {} positions", long.0.length())));
        }
        return Ok(fields);
    }
    Ok(Field::all()
        .map(|field| line.get(field.first() - 1..field.first() - 1 + field.length()).unwrap_or(&[]))
        .collect())
}

/// Printable text; bytes above ASCII are taken as ISO 8859-1, in which names with accents may come.
fn words(field: Field, bytes: &[u8]) -> Result<String, Refusal> {
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    if text.chars().any(char::is_control) {
        return Err(refusals::field(field, "a control character"));
    }
    Ok(text)
}

fn required(field: Field, bytes: &[u8]) -> Result<String, Refusal> {
    if bytes.is_empty() { Err(refusals::field(field, "nothing stands there")) } else { words(field, bytes) }
}

fn ascii(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())
}

fn number(bytes: &[u8]) -> Result<DeaNumber, Refusal> {
    let shape = || refusals::field(Field::Number, NotADeaNumber::Shape.to_string());
    let text = ascii(bytes).ok_or_else(shape)?;
    DeaNumber::parse(text).map_err(|error| refusals::field(Field::Number, error.to_string()))
}

fn activity(bytes: &[u8]) -> Result<BusinessActivity, Refusal> {
    let unknown = || refusals::field(Field::Activity, "not a business activity code that is in use");
    let [letter] = bytes else { return Err(unknown()) };
    BusinessActivity::of(char::from(*letter)).ok_or_else(unknown)
}

fn sub_code(bytes: &[u8]) -> Result<Option<char>, Refusal> {
    match bytes {
        [] => Ok(None),
        [code] if code.is_ascii_alphanumeric() => Ok(Some(char::from(*code))),
        _ => Err(refusals::field(Field::SubCode, "neither a letter nor a digit")),
    }
}

fn schedules(bytes: &[u8]) -> Result<DrugSchedules, Refusal> {
    let unknown = || refusals::field(Field::Schedules, "other than 1, 2, 2N, 3, 3N, 4, 5 and L1 stands there");
    DrugSchedules::parse(ascii(bytes).ok_or_else(unknown)?).ok_or_else(unknown)
}

fn expires(bytes: &[u8]) -> Result<Date, Refusal> {
    let no_day = || refusals::field(Field::Expires, "not a day as YYYYMMDD");
    let text =
        ascii(bytes).filter(|text| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).ok_or_else(no_day)?;
    let part =
        |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse().ok()).ok_or_else(no_day);
    let small =
        |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse().ok()).ok_or_else(no_day);
    Date::new(part(0..4)?, small(4..6)?, small(6..8)?).map_err(|_| no_day())
}

fn state(bytes: &[u8]) -> Result<String, Refusal> {
    match ascii(bytes) {
        Some(text) if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) => Ok(text.to_owned()),
        _ => Err(refusals::field(Field::State, "not the two letters of a State")),
    }
}

fn zip(bytes: &[u8]) -> Result<String, Refusal> {
    match ascii(bytes) {
        Some(text) if text.is_empty() || (text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())) => {
            Ok(text.to_owned())
        }
        _ => Err(refusals::field(Field::Zip, "not five digits")),
    }
}

/// DEA's layout names `A` for active and `I` for inactive; its field has room for a word, and the words by which a
/// registration ends are read, too.
fn status(bytes: &[u8]) -> Result<RegistrantStatus, Refusal> {
    Ok(match bytes {
        b"A" | b"ACTIVE" => RegistrantStatus::Active,
        b"I" | b"INACTIVE" => RegistrantStatus::Inactive,
        b"RETIRED" => RegistrantStatus::Retired,
        b"SURREND" => RegistrantStatus::Surrendered,
        b"SUSPEND" => RegistrantStatus::Suspended,
        b"REVOKED" => RegistrantStatus::Revoked,
        _ => return Err(refusals::field(Field::Status, "neither active nor a word by which a registration ends")),
    })
}
