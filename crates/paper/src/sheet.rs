//! One table as CSV, as a workbook or as JSON: the electronic copy that the law wants people to be able to open, sort and print
//! without a special program (21 CFR 1311.205(b)(12), 2008: 1311.180(k)).
//!
//! Columns have types, so that dates sort as dates and numbers as numbers in a spreadsheet. Identifiers are text, or a
//! spreadsheet drops their leading zeros. A cell that a spreadsheet would take for a formula is written so that it does not.

use crate::refusals;
use jiff::civil::Date;
use theriac_model::{Decimal, Refusal};

mod csv;
mod json;
mod paper;
mod xlsx;

pub use xlsx::Workbook;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words and identifiers.
    Text,
    /// Days.
    Date,
    /// Whole numbers.
    Whole,
    /// Exact decimals that are zero or more.
    Decimal,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its name in plain words; no two of a sheet are the same.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Heading {
    /// A column.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, in a column of any kind.
    Empty,
    /// In a column of texts.
    Text(String),
    /// In a column of days.
    Date(Date),
    /// In a column of whole numbers.
    Whole(i64),
    /// In a column of decimals.
    Decimal(Decimal),
}

impl Cell {
    /// A text; an absent one is an empty cell.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    const fn fits(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Empty, _)
                | (Self::Text(_), Kind::Text)
                | (Self::Date(_), Kind::Date)
                | (Self::Whole(_), Kind::Whole)
                | (Self::Decimal(_), Kind::Decimal)
        )
    }
}

/// A table with typed columns. Made with [`Sheet::new`] and [`Sheet::push`], so every row fits the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    name: String,
    headings: Vec<Heading>,
    rows: Vec<Vec<Cell>>,
}

/// Rows of a worksheet, its heading included.
const WORKBOOK_ROWS_MAX: usize = 1_048_576;
/// Columns of a worksheet.
const WORKBOOK_COLUMNS_MAX: usize = 16_384;
/// Characters of a worksheet's cell.
const WORKBOOK_CHARACTERS_MAX: usize = 32_767;

impl Sheet {
    /// An empty sheet.
    ///
    /// # Errors
    /// `PAPER-SHEET` without columns, or when two have the same name.
    pub fn new(name: impl Into<String>, headings: Vec<Heading>) -> Result<Self, Box<Refusal>> {
        let name = name.into();
        let mut names: Vec<&str> = headings.iter().map(|heading| heading.name.as_str()).collect();
        names.sort_unstable();
        if names.is_empty() || names.windows(2).any(|pair| pair[0] == pair[1]) {
            let what = "the table has no columns, or two of the same name".to_owned();
            return Err(refusals::sheet(name, what, "name each column once"));
        }
        Ok(Self { name, headings, rows: Vec::new() })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `PAPER-SHEET` when the row has more or fewer cells than there are columns, or a cell is not of its column's kind.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<(), Box<Refusal>> {
        let next = "report this as a fault of the program";
        if row.len() != self.headings.len() {
            let what =
                format!("row {} has {} cells for {} columns", self.rows.len() + 1, row.len(), self.headings.len());
            return Err(refusals::sheet(self.name.clone(), what, next));
        }
        if let Some((heading, _)) = self.headings.iter().zip(&row).find(|(heading, cell)| !cell.fits(heading.kind)) {
            let what = format!("row {} has a cell of another kind than its column", self.rows.len() + 1);
            return Err(refusals::sheet(heading.name.clone(), what, next));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The same sheet with more columns of text, the same on every row: what stands above a table on paper. A name that is
    /// there already is numbered.
    #[must_use]
    pub fn beside(mut self, context: impl IntoIterator<Item = (String, String)>) -> Self {
        for (name, value) in context {
            let mut unused = name.clone();
            let mut n = 2_u32;
            while self.headings.iter().any(|heading| heading.name == unused) {
                unused = format!("{name} {n}");
                n += 1;
            }
            self.headings.push(Heading::new(unused, Kind::Text));
            self.rows.iter_mut().for_each(|row| row.push(Cell::Text(value.clone())));
        }
        self
    }

    /// What the sheet is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The sheet as CSV (RFC 4180, UTF-8 with a byte order mark so that spreadsheets read it as such).
    ///
    /// A text that begins with a sign a spreadsheet takes for a formula gets an apostrophe in front.
    pub fn to_csv(&self) -> Vec<u8> {
        csv::print(self)
    }

    /// The rows alone as CSV, to follow those of [`Sheet::to_csv`] of a sheet with the same columns.
    pub fn csv_rows(&self) -> Vec<u8> {
        csv::rows(self)
    }

    /// The sheet as a workbook (OOXML); the same sheet is the same bytes. Texts are texts, never formulas.
    ///
    /// # Errors
    /// `PAPER-SHEET` for more rows, columns or characters in a cell than a worksheet holds.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Box<Refusal>> {
        xlsx::print(self)
    }

    /// The sheet as JSON: name, columns with their kinds, and a list of objects with plain names. Decimals are strings,
    /// because JSON's numbers are not exact.
    pub fn to_json(&self) -> serde_json::Value {
        json::value(self)
    }

    /// The rows alone as JSON: the objects of [`Sheet::to_json`], with a comma and a line's end between them.
    pub fn json_rows(&self) -> String {
        json::rows(self)
    }

    /// The sheet as a table for paper, each column as wide as its kind needs.
    pub fn to_table(&self) -> crate::Table {
        let columns = self.headings.iter().map(|heading| match heading.kind {
            Kind::Text => crate::Column::new(heading.name.clone(), 3),
            Kind::Date => crate::Column::new(heading.name.clone(), 2),
            Kind::Whole | Kind::Decimal => crate::Column::numbers(heading.name.clone(), 2),
        });
        let mut table = crate::Table::new(columns.collect());
        for row in &self.rows {
            table.row(row.iter().map(plain));
        }
        table
    }
}

/// A cell as people read it.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Date(day) => day.to_string(),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
    }
}
