//! Papers that are lists: one sheet, and the same sheet as the table of the paper.

use crate::house::record::Fault;
use crate::stockroom::Cover;
use theriac_paper::Document;
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet};

/// A cell of words.
pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A cell of a whole number.
pub(super) fn whole(number: impl TryInto<i64>) -> Cell {
    Cell::Whole(number.try_into().unwrap_or(i64::MAX))
}

/// A list: what stands above it, its columns, its rows.
pub(super) fn listed(mut paper: Document, columns: &[(&str, Kind)], rows: Vec<Vec<Cell>>) -> Result<Cover, Fault> {
    let headings = columns.iter().map(|(name, kind)| Heading::new(*name, *kind)).collect();
    let fault = |refusal: Box<theriac_model::Refusal>| Fault::from(*refusal);
    let mut sheet = Sheet::new(paper.title.clone(), headings).map_err(fault)?;
    if rows.is_empty() {
        paper.paragraph("Nothing is on file.");
    }
    for row in rows {
        sheet.push(row).map_err(fault)?;
    }
    if !sheet.rows().is_empty() {
        paper.table(sheet.to_table());
    }
    Ok(Cover { paper, sheet: Some(sheet) })
}

/// A paper that is no list: its sheet is what stands on it.
pub(super) fn plain(paper: Document) -> Cover {
    Cover::of_paper(paper)
}
