//! Reported transactions: the published layout, and every line that is wrong.
#![allow(clippy::disallowed_methods)] // a test may read outside data
#![allow(clippy::expect_used)] // tests

use std::path::Path;
use theriac_wire::arcos::{Action, Kind, Measure, Reader, Transaction};

const HEADER: &str = "REPORTER_DEA_NO\tREPORTER_NAME\tBUYER_DEA_NO\tBUYER_NAME\tTRANSACTION_CODE\tNDC_NO\tQUANTITY\tUNIT\t\
    ACTION_INDICATOR\tORDER_FORM_NO\tTRANSACTION_DATE\tDOSAGE_UNIT\tTRANSACTION_ID\tProduct_Name\tMeasure";
const LINE: &str = "RT1234563\tPRAIRIE\tFT1234563\tCORNER\tS\t00406577101\t8\t\t\t094568639\t12042009\t800.0\t912014361\t\
    METHADONE\tTAB";

fn read(lines: &[&str]) -> Vec<Result<Transaction, String>> {
    let file = format!("{HEADER}\n{}\n", lines.join("\n"));
    let reader = Reader::open(file.as_bytes()).expect("a header");
    reader.map(|line| line.map_err(|bad| format!("{} {}", bad.line, bad.refusal.field.unwrap_or_default()))).collect()
}

#[test]
fn a_line_is_read_by_the_names_of_its_columns() {
    let found = read(&[LINE]);
    let transaction = found.first().expect("a line").as_ref().expect("readable");
    assert_eq!(transaction.reporter.as_str(), "RT1234563");
    assert_eq!(transaction.other.as_str(), "FT1234563");
    assert_eq!((transaction.kind, transaction.action), (Kind::Sale, Action::First));
    assert_eq!((transaction.packages, transaction.dosage_units, transaction.measure), (8, Some(800), Measure::Tablet));
    assert_eq!((transaction.order.as_str(), transaction.on.to_string().as_str()), ("094568639", "2009-12-04"));
}

#[test]
fn a_bad_line_is_named_with_its_column_and_the_next_is_read() {
    for (from, to, column) in [
        ("RT1234563", "RT1234564", "REPORTER_DEA_NO"),
        ("FT1234563", "FT123456", "BUYER_DEA_NO"),
        ("\tS\t", "\tSS\t", "TRANSACTION_CODE"),
        ("00406577101", "004065771", "NDC_NO"),
        ("\t8\t", "\t8.5\t", "QUANTITY"),
        ("\t8\t", "\t-8\t", "QUANTITY"),
        ("094568639", "09456863", "ORDER_FORM_NO"),
        ("12042009", "13042009", "TRANSACTION_DATE"),
        ("12042009", "02302009", "TRANSACTION_DATE"),
        ("800.0", "800.5", "DOSAGE_UNIT"),
        ("TAB", "OZ", "Measure"),
        ("\tMETHADONE\tTAB", "", "Product_Name"),
    ] {
        let found = read(&[&LINE.replacen(from, to, 1), LINE]);
        assert_eq!(found.first(), Some(&Err(format!("2 {column}"))), "{to}");
        assert!(found.get(1).is_some_and(Result::is_ok));
    }
    let file = [HEADER.as_bytes(), b"\n\xff\xfe\n", "x".repeat(20_000).as_bytes()].concat();
    assert_eq!(Reader::open(&file).expect("a header").filter(Result::is_err).count(), 2);
}

#[test]
fn a_file_without_a_column_that_is_needed_is_refused() {
    for file in ["", "\n", "a\tb", &HEADER.replace("QUANTITY", "QTY")] {
        let refusal = Reader::open(file.as_bytes()).map(|_| ()).expect_err("refused");
        assert_eq!((refusal.code.0, refusal.field.as_deref()), ("WIRE-ARCOS", Some("header")));
    }
}

#[test]
fn real_reported_transactions_are_read_without_a_bad_line() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/arcos");
    if !Path::new(folder).is_dir() {
        println!("skipped: no outside data at {folder}");
        return;
    }
    for (name, lines, sales) in
        [("pharmacy_methadone_receipts.tsv", 1776, 1745), ("ntp_clinic_methadone_receipts.tsv", 528, 458)]
    {
        let file = std::fs::read(Path::new(folder).join(name)).expect("readable");
        let found: Vec<_> = Reader::open(&file).expect("a header").collect();
        let bad: Vec<_> = found.iter().filter_map(|line| line.as_ref().err()).take(3).collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
        let sold = found.iter().flatten().filter(|transaction| transaction.kind == Kind::Sale).count();
        assert_eq!((found.len(), sold), (lines, sales), "{name}");
    }
}
