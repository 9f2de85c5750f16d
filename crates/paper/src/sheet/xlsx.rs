//! A sheet as a workbook.
//!
//! The library makes everything of the file but its rows; the rows are written beside it, straight into the compressed
//! part, because it would keep each cell of a large table as a value of its own and write it a second time.

use super::{Cell, Heading, Kind, Sheet, WORKBOOK_CHARACTERS_MAX, WORKBOOK_COLUMNS_MAX, WORKBOOK_ROWS_MAX};
use crate::refusals;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook as Library, XlsxError};
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use theriac_model::Refusal;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The whole numbers a spreadsheet keeps exactly; others are written as text.
const EXACT: i64 = 1 << 53;
/// A decimal with more digits would be rounded; it is written as text.
const EXACT_DIGITS: usize = 15;
/// The part of the file that holds the rows.
const WORKSHEET: &str = "xl/worksheets/sheet1.xml";
/// The parts by which other programs see at the file's beginning what it is.
const FIRST: [&str; 2] = ["[Content_Types].xml", "_rels/.rels"];
/// Rows repeat themselves: harder compression takes several times as long for a few percent.
const COMPRESSION: i64 = 2;
const NEXT: &str = "export fewer records at a time, or export as CSV";

/// A workbook that is written while its rows are being read, so that a table need not be in memory as a whole.
#[derive(Debug)]
pub struct Workbook {
    name: String,
    headings: Vec<Heading>,
    /// `A`, `B`, ..., `AA`: one a column.
    letters: Vec<String>,
    /// How the library numbered the format of days.
    day: String,
    file: ZipWriter<Cursor<Vec<u8>>>,
    /// The worksheet's rows so far, its heading included.
    rows: usize,
    buffer: String,
}

impl Workbook {
    /// A workbook with the columns of this sheet, and its rows.
    ///
    /// # Errors
    /// `PAPER-SHEET` for more rows, columns or characters in a cell than a worksheet holds.
    pub fn begin(sheet: &Sheet) -> Result<Self, Box<Refusal>> {
        let (name, headings) = (sheet.name.clone(), sheet.headings.clone());
        if headings.len() > WORKBOOK_COLUMNS_MAX {
            let what = format!("a worksheet holds {WORKBOOK_COLUMNS_MAX} columns");
            return Err(refusals::sheet(name, what, NEXT));
        }
        let frame = Frame::of(&name, &headings, 0).map_err(|fault| fault.refusal(&name))?;
        let mut file = ZipWriter::new(Cursor::new(Vec::new()));
        let options = options().compression_level(Some(COMPRESSION));
        copy(&frame.bytes, &mut file, |part| FIRST.contains(&part)).map_err(|fault| fault.refusal(&name))?;
        file.start_file(WORKSHEET, options).map_err(|fault| FrameFault::from(fault).refusal(&name))?;
        let letters = (0..headings.len()).map(letters).collect();
        let mut book = Self { name, headings, letters, day: frame.day, file, rows: 1, buffer: frame.head };
        book.add(sheet)?;
        Ok(book)
    }

    /// Adds the rows of a sheet with the same columns.
    ///
    /// # Errors
    /// `PAPER-SHEET` for other columns, or for more rows or characters in a cell than a worksheet holds.
    pub fn add(&mut self, sheet: &Sheet) -> Result<(), Box<Refusal>> {
        if sheet.headings != self.headings {
            let what = "the rows have other columns than the workbook".to_owned();
            return Err(refusals::sheet(self.name.clone(), what, "report this as a fault of the program"));
        }
        if self.rows + sheet.rows.len() > WORKBOOK_ROWS_MAX {
            let what = "a worksheet holds 1,048,575 rows".to_owned();
            return Err(refusals::sheet(self.name.clone(), what, NEXT));
        }
        for row in &sheet.rows {
            self.rows += 1;
            self.row(row).map_err(|fault| fault.refusal(&self.name))?;
        }
        self.write().map_err(|fault| fault.refusal(&self.name))
    }

    /// The file.
    ///
    /// # Errors
    /// `PAPER-SHEET` when the library cannot make the file.
    pub fn finish(mut self) -> Result<Vec<u8>, Box<Refusal>> {
        self.end().map_err(|fault| fault.refusal(&self.name))?;
        let bytes = self.file.finish().map_err(|fault| FrameFault::from(fault).refusal(&self.name))?;
        Ok(bytes.into_inner())
    }

    /// What follows the rows, and the file's other parts.
    fn end(&mut self) -> Result<(), FrameFault> {
        let frame = Frame::of(&self.name, &self.headings, self.rows - 1)?;
        self.buffer.push_str(&frame.tail);
        self.write()?;
        copy(&frame.bytes, &mut self.file, |name| !FIRST.contains(&name) && name != WORKSHEET)
    }

    fn write(&mut self) -> Result<(), FrameFault> {
        self.file.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        Ok(())
    }

    fn row(&mut self, row: &[Cell]) -> Result<(), FrameFault> {
        let (out, number) = (&mut self.buffer, self.rows);
        write!(out, "<row r=\"{number}\">")?;
        for (letters, cell) in self.letters.iter().zip(row) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => write_text(out, letters, number, text)?,
                // Spreadsheets count days from 1900.
                Cell::Date(date) if date.year() >= 1900 => {
                    let (year, month, day) = (date.year(), date.month(), date.day());
                    let part = |part: i8| u8::try_from(part).unwrap_or(1);
                    let at = ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900), part(month), part(day))?;
                    let style = &self.day;
                    write!(out, "<c r=\"{letters}{number}\" s=\"{style}\"><v>{}</v></c>", at.to_excel())?;
                }
                Cell::Whole(whole) if (-EXACT..=EXACT).contains(whole) => {
                    write!(out, "<c r=\"{letters}{number}\"><v>{whole}</v></c>")?;
                }
                Cell::Decimal(decimal) => {
                    let text = decimal.to_string();
                    if text.len() <= EXACT_DIGITS {
                        write!(out, "<c r=\"{letters}{number}\"><v>{text}</v></c>")?;
                    } else {
                        write_text(out, letters, number, &text)?;
                    }
                }
                Cell::Date(_) | Cell::Whole(_) => write_text(out, letters, number, &super::plain(cell))?,
            }
        }
        out.push_str("</row>");
        Ok(())
    }
}

/// The whole sheet.
pub(super) fn print(sheet: &Sheet) -> Result<Vec<u8>, Box<Refusal>> {
    Workbook::begin(sheet)?.finish()
}

/// Copies parts of a file as the library made it.
fn copy(
    library: &[u8],
    file: &mut ZipWriter<Cursor<Vec<u8>>>,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), FrameFault> {
    let mut parts = ZipArchive::new(Cursor::new(library))?;
    for index in 0..parts.len() {
        let mut part = parts.by_index(index)?;
        let name = part.name()?.into_owned();
        if wanted(&name) {
            file.start_file(name, options())?;
            std::io::copy(&mut part, file)?;
        }
    }
    Ok(())
}

/// The date of the parts is fixed, or the same sheet would not be the same bytes.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
}

/// The name of a column, counted from zero.
fn letters(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(index % 26).unwrap_or(0)));
        if index < 26 {
            return letters.iter().rev().collect();
        }
        index = index / 26 - 1;
    }
}

fn write_text(out: &mut String, letters: &str, number: usize, text: &str) -> Result<(), FrameFault> {
    if text.is_empty() {
        return Ok(());
    }
    if text.len() > WORKBOOK_CHARACTERS_MAX && text.encode_utf16().count() > WORKBOOK_CHARACTERS_MAX {
        return Err(FrameFault(format!("a cell of a worksheet holds {WORKBOOK_CHARACTERS_MAX} characters")));
    }
    write!(out, "<c r=\"{letters}{number}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")?;
    escape(out, text)?;
    out.push_str("</t></is></c>");
    Ok(())
}

/// A text as XML of a workbook: what XML cannot hold is written as `_xHHHH_`, and so is the sign that would begin such a word.
fn escape(out: &mut String, text: &str) -> Result<(), FrameFault> {
    let mut kept = 0;
    for (at, character) in text.char_indices() {
        let word = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '_' if is_escaped(&text[at..]) => "_x005F_",
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "",
            _ => continue,
        };
        out.push_str(&text[kept..at]);
        kept = at + character.len_utf8();
        if word.is_empty() {
            write!(out, "_x{:04X}_", u32::from(character))?;
        } else {
            out.push_str(word);
        }
    }
    out.push_str(&text[kept..]);
    Ok(())
}

/// Whether a text begins like `_x000D_`.
fn is_escaped(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

/// Why a workbook could not be made.
struct FrameFault(String);

impl FrameFault {
    fn refusal(self, name: &str) -> Box<Refusal> {
        refusals::sheet(name.to_owned(), self.0, NEXT)
    }
}

impl From<XlsxError> for FrameFault {
    fn from(fault: XlsxError) -> Self {
        Self(fault.to_string())
    }
}

impl From<ZipError> for FrameFault {
    fn from(fault: ZipError) -> Self {
        Self(fault.to_string())
    }
}

impl From<std::io::Error> for FrameFault {
    fn from(fault: std::io::Error) -> Self {
        Self(fault.to_string())
    }
}

impl From<std::fmt::Error> for FrameFault {
    fn from(fault: std::fmt::Error) -> Self {
        Self(fault.to_string())
    }
}

/// The file as the library makes it, with one row that shows how it writes a day.
struct Frame {
    bytes: Vec<u8>,
    /// The worksheet up to its heading's row.
    head: String,
    day: String,
    /// The worksheet from the end of its rows.
    tail: String,
}

impl Frame {
    fn of(name: &str, headings: &[Heading], rows: usize) -> Result<Self, FrameFault> {
        let mut workbook = Library::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title(name).set_creation_datetime(&created));
        let page = workbook.add_worksheet();
        page.set_name(worksheet_name(name))?;
        let bold = Format::new().set_bold();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        // `begin` and `add` have compared the numbers of rows and columns with what a worksheet holds.
        let column = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
        for (index, heading) in headings.iter().enumerate() {
            page.write_string_with_format(0, column(index), &heading.name, &bold)?;
            page.set_column_width(column(index), if heading.kind == Kind::Text { 24 } else { 13 })?;
        }
        page.write_datetime_with_format(1, 0, &created, &day)?;
        page.set_freeze_panes(1, 0)?;
        if let (Ok(last), 1..) = (u32::try_from(rows), rows) {
            page.autofilter(0, 0, last, column(headings.len() - 1))?;
        }
        let bytes = workbook.save_to_buffer()?;
        let mut sheet = String::new();
        ZipArchive::new(Cursor::new(&bytes))?.by_name(WORKSHEET)?.read_to_string(&mut sheet)?;
        let other = || FrameFault("the library writes worksheets otherwise than it did".to_owned());
        let (head, rest) = sheet.split_once("<row r=\"2\"").ok_or_else(other)?;
        let (probe, tail) = rest.split_once("</row>").ok_or_else(other)?;
        let day = probe.split_once(" s=\"").and_then(|(_, rest)| rest.split_once('"')).ok_or_else(other)?.0.to_owned();
        // The dimension counts the row that shows a day; a worksheet need not tell it.
        let (before, rest) = head.split_once("<dimension ").ok_or_else(other)?;
        let (_, after) = rest.split_once("/>").ok_or_else(other)?;
        Ok(Self { head: format!("{before}{after}"), day, tail: tail.to_owned(), bytes })
    }
}

/// A worksheet's name has at most 31 characters and none of seven signs.
fn worksheet_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|character| if "[]:*?/\\'".contains(character) || character.is_control() { ' ' } else { character })
        .take(31)
        .collect();
    let clean = clean.trim();
    if clean.is_empty() || clean.eq_ignore_ascii_case("history") { "Sheet".to_owned() } else { clean.to_owned() }
}
