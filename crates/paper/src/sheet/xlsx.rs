//! A sheet as a workbook.

use super::{Cell, Kind, Sheet, WORKBOOK_CHARACTERS_MAX, WORKBOOK_COLUMNS_MAX, WORKBOOK_ROWS_MAX};
use crate::refusals;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use theriac_model::Refusal;

/// The whole numbers a spreadsheet keeps exactly; others are written as text.
const EXACT: i64 = 1 << 53;
/// A decimal with more digits would be rounded; it is written as text.
const EXACT_DIGITS: usize = 15;

pub(super) fn print(sheet: &Sheet) -> Result<Vec<u8>, Box<Refusal>> {
    let next = "export fewer records at a time, or export as CSV";
    if sheet.rows.len() >= WORKBOOK_ROWS_MAX || sheet.headings.len() > WORKBOOK_COLUMNS_MAX {
        let what = "a worksheet holds 1,048,575 rows of 16,384 columns".to_owned();
        return Err(refusals::sheet(sheet.name.clone(), what, next));
    }
    let long = |cell: &Cell| matches!(cell, Cell::Text(text) if text.chars().count() > WORKBOOK_CHARACTERS_MAX);
    if sheet.rows.iter().flatten().any(long) {
        let what = format!("a cell of a worksheet holds {WORKBOOK_CHARACTERS_MAX} characters");
        return Err(refusals::sheet(sheet.name.clone(), what, next));
    }
    write(sheet).map_err(|problem| refusals::sheet(sheet.name.clone(), problem.to_string(), next))
}

fn write(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The date of the file is fixed, or the same sheet would not be the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&sheet.name).set_creation_datetime(&created));
    let page = workbook.add_worksheet();
    page.set_name(worksheet_name(&sheet.name))?;
    let bold = Format::new().set_bold();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    // `print` has compared the numbers of rows and columns with what a worksheet holds.
    let column = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
    for (index, heading) in sheet.headings.iter().enumerate() {
        page.write_string_with_format(0, column(index), &heading.name, &bold)?;
        page.set_column_width(column(index), if heading.kind == Kind::Text { 24 } else { 13 })?;
    }
    for (number, row) in sheet.rows.iter().enumerate() {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        for (index, cell) in row.iter().enumerate() {
            write_cell(page, number, column(index), cell, &day)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    if let (Ok(last), false) = (u32::try_from(sheet.rows.len()), sheet.rows.is_empty()) {
        page.autofilter(0, 0, last, column(sheet.headings.len() - 1))?;
    }
    workbook.save_to_buffer()
}

fn write_cell(page: &mut Worksheet, row: u32, column: u16, cell: &Cell, day: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            page.write_string(row, column, text)?;
        }
        // Spreadsheets count days from 1900.
        Cell::Date(date) if date.year() >= 1900 => {
            let month = u8::try_from(date.month()).unwrap_or(1);
            let of_month = u8::try_from(date.day()).unwrap_or(1);
            let at = ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), month, of_month)?;
            page.write_datetime_with_format(row, column, &at, day)?;
        }
        Cell::Whole(number) if (-EXACT..=EXACT).contains(number) => {
            #[expect(clippy::cast_precision_loss, reason = "the arm is for numbers that a spreadsheet keeps exactly")]
            page.write_number(row, column, *number as f64)?;
        }
        Cell::Decimal(decimal) => {
            let text = decimal.to_string();
            match text.parse::<f64>() {
                Ok(number) if text.len() <= EXACT_DIGITS => page.write_number(row, column, number)?,
                _ => page.write_string(row, column, &text)?,
            };
        }
        Cell::Date(_) | Cell::Whole(_) => {
            page.write_string(row, column, super::plain(cell))?;
        }
    }
    Ok(())
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
