//! What stands on a paper, as a sheet: one row for each value, with the section, the line and the name that it stands under.
//!
//! Registers and lists make sheets of their own, a column for each thing. Forms, letters and statements have no columns: they
//! become this long form, which every spreadsheet filters, and which leaves nothing out.

use super::{Cell, Heading, Kind, Sheet};
use crate::document::{Block, Document, Tick};
use crate::table::Table;

/// The columns of the long form.
const COLUMNS: [&str; 4] = ["Section", "Line", "Name", "Value"];

/// The names of the columns that a table lacks: a header that comes twice gets a number.
fn header(table: &Table, column: usize) -> String {
    table.columns.get(column).map_or_else(String::new, |one| one.header.clone())
}

impl Document {
    /// Every text of the paper in the order in which it is printed, pictures, barcodes and empty paper left out.
    pub fn to_sheet(&self) -> Sheet {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut section = self.title.clone();
        let mut push = |section: &str, line: String, name: &str, value: &str| {
            rows.push([section, &line, name, value].map(|text| Cell::Text(text.to_owned())).to_vec());
        };
        for block in &self.blocks {
            match block {
                Block::Heading(text) => section.clone_from(text),
                Block::Paragraph(text) | Block::Strong(text) => push(&section, String::new(), "text", text),
                Block::Notice { heading, text } => push(&section, String::new(), heading, text),
                Block::Fields(fields) => {
                    for (name, value) in fields {
                        push(&section, String::new(), name, value);
                    }
                }
                Block::Table(table) => {
                    for (line, row) in (1_u32..).zip(&table.rows) {
                        for (column, cell) in row.cells.iter().enumerate().take(table.columns.len()) {
                            push(&section, line.to_string(), &header(table, column), cell);
                        }
                    }
                }
                Block::Checkbox(tick, text) => {
                    let said = if *tick == Tick::Ticked { "ticked" } else { "not ticked" };
                    push(&section, String::new(), text, said);
                }
                Block::Signature(line) => {
                    push(&section, String::new(), &line.capacity, line.name.as_deref().unwrap_or_default());
                }
                Block::Barcode(_) | Block::Figure(_) | Block::Space(_) | Block::NewPage => {}
            }
        }
        let headings = COLUMNS.map(|name| Heading::new(name, Kind::Text)).to_vec();
        Sheet { name: self.title.clone(), headings, rows }
    }
}
