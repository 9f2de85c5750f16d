//! Exports, read back with other programs' readers.

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use jiff::civil::date;
use proptest::prelude::*;
use std::io::Cursor;
use theriac_model::Decimal;
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet, Workbook};

fn sheet(texts: &[&str]) -> Sheet {
    let headings = vec![
        Heading::new("Patient", Kind::Text),
        Heading::new("Date issued", Kind::Date),
        Heading::new("Refills", Kind::Whole),
        Heading::new("Quantity", Kind::Decimal),
    ];
    let mut sheet = Sheet::new("Prescriptions: all/every [2026]", headings).expect("a sheet");
    for (number, text) in texts.iter().enumerate() {
        let quantity = Decimal::parse("7.5").expect("decimal");
        let refills = i64::try_from(number).expect("small");
        let row = vec![
            Cell::Text((*text).to_owned()),
            Cell::Date(date(2026, 3, 2)),
            Cell::Whole(refills),
            Cell::Decimal(quantity),
        ];
        sheet.push(row).expect("fits");
    }
    sheet
}

fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|record| record.expect("record").iter().map(str::to_owned).collect()).collect()
}

fn read_xlsx(bytes: &[u8]) -> calamine::Range<Data> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    workbook.worksheet_range_at(0).expect("a worksheet").expect("readable")
}

#[test]
fn dates_and_numbers_are_dates_and_numbers_in_a_workbook() {
    let sheet = sheet(&["Sample, Ada", "Sample, Bo"]);
    let range = read_xlsx(&sheet.to_xlsx().expect("a workbook"));
    assert_eq!(range.get((0, 1)).and_then(Data::get_string), Some("Date issued"));
    assert_eq!(range.get((1, 0)).and_then(Data::get_string), Some("Sample, Ada"));
    // Day 46083 of a spreadsheet is 2 March 2026.
    let Some(Data::DateTime(at)) = range.get((1, 1)) else { panic!("no date: {:?}", range.get((1, 1))) };
    assert_eq!(at.as_f64().to_string(), "46083");
    assert_eq!(range.get((2, 2)), Some(&Data::Float(1.0)));
    assert_eq!(range.get((2, 3)), Some(&Data::Float(7.5)));
}

#[test]
fn the_same_sheet_is_the_same_bytes() {
    let sheet = sheet(&["a", "b"]);
    assert_eq!(sheet.to_xlsx(), sheet.to_xlsx());
    assert_eq!(sheet.to_csv(), sheet.to_csv());
}

#[test]
fn a_cell_that_looks_like_a_formula_stays_text() {
    let texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "plain", "1-2"];
    let sheet = sheet(&texts);
    let csv = read_csv(&sheet.to_csv());
    for (row, text) in csv.iter().skip(1).zip(texts) {
        let changed = !matches!(text, "plain" | "1-2");
        assert_eq!(row[0], if changed { format!("'{text}") } else { text.to_owned() });
    }
    let range = read_xlsx(&sheet.to_xlsx().expect("a workbook"));
    for (row, text) in texts.iter().enumerate() {
        let cell = range.get((row + 1, 0)).and_then(Data::get_string).expect("text");
        assert_eq!(cell.trim(), text.trim());
    }
    let bytes = sheet.to_xlsx().expect("a workbook");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let formulas = workbook.worksheet_formula("Prescriptions  all every  2026").expect("readable");
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "no formula in the workbook");
}

#[test]
fn json_names_the_columns_and_keeps_decimals_exact() {
    let json = sheet(&["Sample, Ada"]).to_json();
    assert_eq!(json["columns"][3]["kind"], "decimal");
    assert_eq!(json["rows"][0]["Quantity"], "7.5");
    assert_eq!(json["rows"][0]["Date issued"], "2026-03-02");
    assert_eq!(json["rows"][0]["Refills"], 0);
}

#[test]
fn numbers_a_spreadsheet_would_round_are_written_as_text() {
    let headings = vec![Heading::new("n", Kind::Whole), Heading::new("d", Kind::Decimal)];
    let mut sheet = Sheet::new("numbers", headings).expect("a sheet");
    for (number, decimal) in [(1_i64 << 53, "1.5"), ((1 << 53) + 1, "123456789.123456789")] {
        sheet.push(vec![Cell::Whole(number), Cell::Decimal(Decimal::parse(decimal).expect("decimal"))]).expect("fits");
    }
    let range = read_xlsx(&sheet.to_xlsx().expect("a workbook"));
    assert_eq!(range.get((1, 0)), Some(&Data::Float(9_007_199_254_740_992.0)));
    assert_eq!(range.get((2, 0)), Some(&Data::String("9007199254740993".to_owned())));
    assert_eq!(range.get((2, 1)), Some(&Data::String("123456789.123456789".to_owned())));
}

#[test]
fn rows_that_do_not_fit_their_columns_are_refused() {
    let mut sheet = sheet(&[]);
    let code = |refusal: Box<theriac_model::Refusal>| refusal.code.0;
    assert_eq!(sheet.push(vec![Cell::Empty]).map_err(code), Err("PAPER-SHEET"));
    let wrong = vec![Cell::Whole(1), Cell::Empty, Cell::Empty, Cell::Empty];
    assert_eq!(sheet.push(wrong).map_err(code), Err("PAPER-SHEET"));
    assert!(sheet.push(vec![Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]).is_ok());
    assert!(Sheet::new("twice", vec![Heading::new("a", Kind::Text), Heading::new("a", Kind::Date)]).is_err());
    assert!(Sheet::new("none", Vec::new()).is_err());
    let too_long = "x".repeat(32_768);
    let texts = [&too_long[1..], &too_long];
    assert!(self::sheet(&texts[..1]).to_xlsx().is_ok());
    assert_eq!(self::sheet(&texts[1..]).to_xlsx().map_err(code), Err("PAPER-SHEET"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_exported_and_read_back(text in any::<String>()) {
        let sheet = sheet(&[&text]);
        let csv = read_csv(&sheet.to_csv());
        let bare = csv[1][0].strip_prefix('\'').unwrap_or(&csv[1][0]);
        let kept = text.replace('\0', "\u{fffd}");
        prop_assert!(bare == kept.strip_prefix('\'').unwrap_or(&kept), "{bare:?} {kept:?}");
        let range = read_xlsx(&sheet.to_xlsx().expect("a workbook"));
        let read = range.get((1, 0)).and_then(Data::get_string).unwrap_or_default();
        if text.chars().all(|character| !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}')) {
            prop_assert_eq!(read, text);
        }
    }
}

#[test]
fn rows_written_one_by_one_are_the_rows_of_the_whole_document() {
    for texts in [&[][..], &["Sample, Ada"], &["says \"so\"\nand\\more", "=1+1", "", "\u{1}é"]] {
        let sheet = sheet(texts);
        let rows: serde_json::Value = serde_json::from_str(&format!("[{}]", sheet.json_rows())).expect("JSON");
        assert_eq!(rows, sheet.to_json()["rows"]);
    }
}

#[test]
fn a_workbook_written_sheet_by_sheet_is_the_workbook_of_all_rows() {
    let (first, second) = (sheet(&["a & b", "<c>"]), sheet(&["_x0041_", "says \"so\""]));
    let mut book = Workbook::begin(&first).expect("a workbook");
    book.add(&second).expect("the same columns");
    let mut whole = first.clone();
    second.rows().iter().for_each(|row| whole.push(row.clone()).expect("fits"));
    let bytes = book.finish().expect("a file");
    assert_eq!(bytes, whole.to_xlsx().expect("a workbook"));
    let read = read_xlsx(&bytes);
    assert_eq!(read.get_size(), (5, 4));
    for (row, text) in ["a & b", "<c>", "_x0041_", "says \"so\""].iter().enumerate() {
        assert_eq!(read.get((row + 1, 0)).and_then(Data::get_string), Some(*text));
    }
    let other = Sheet::new("other", vec![Heading::new("a", Kind::Text)]).expect("a sheet");
    assert_eq!(
        Workbook::begin(&first).expect("a workbook").add(&other).map_err(|refusal| refusal.code.0),
        Err("PAPER-SHEET")
    );
}

#[test]
fn columns_behind_the_alphabet_have_two_letters() {
    let headings = (0..54).map(|number| Heading::new(format!("n{number}"), Kind::Whole)).collect();
    let mut sheet = Sheet::new("wide", headings).expect("a sheet");
    sheet.push((0..54).map(Cell::Whole).collect()).expect("fits");
    let read = read_xlsx(&sheet.to_xlsx().expect("a workbook"));
    for column in [0, 25, 26, 27, 51, 52, 53] {
        assert_eq!(read.get((1, column)), Some(&Data::Float(f64::from(u32::try_from(column).expect("small")))));
    }
}
