//! The NDC directory's files: rows as they are published, rows that are refused, and any bytes at all.

use proptest::prelude::*;
use std::collections::BTreeMap;
use theriac_model::Schedule;
use theriac_wire::ndc::{Exclusion, Limits, Measure, RowRefusal, Sample, Stated, packages, products};

const PRODUCTS: &str = "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\
    \tDOSAGEFORMNAME\tROUTENAME\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tMARKETINGCATEGORYNAME\tAPPLICATIONNUMBER\tLABELERNAME\
    \tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\tNDC_EXCLUDE_FLAG\
    \tLISTING_RECORD_CERTIFIED_THROUGH";
const PACKAGES: &str = "PRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE";

/// A product row with some fields replaced.
fn row(change: &[(&str, &str)]) -> String {
    let mut fields: Vec<(&str, &str)> = PRODUCTS
        .split('\t')
        .zip([
            "9999-0001_x",
            "9999-0001",
            "HUMAN PRESCRIPTION DRUG",
            "Examplin",
            "XR",
            "oxycodone and acetaminophen",
            "TABLET",
            "ORAL",
            "20190401",
            "20301231",
            "ANDA",
            "ANDA000001",
            "Example Labs",
            "OXYCODONE HYDROCHLORIDE; ACETAMINOPHEN",
            "5; 325",
            "mg/1; mg/1",
            "",
            "CII",
            "N",
            "20191231",
        ])
        .collect();
    for (column, value) in change {
        let field = fields.iter_mut().find(|(name, _)| name == column).expect("a column");
        field.1 = value;
    }
    fields.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join("\t")
}

fn file(header: &str, rows: &[String]) -> Vec<u8> {
    format!("{header}\r\n{}\r\n", rows.join("\r\n")).into_bytes()
}

#[test]
fn a_product_row_is_read_field_by_field() {
    let file = file(PRODUCTS, &[row(&[])]);
    let found = products(&file, Limits::DEFAULT).expect("a header").collect::<Result<Vec<_>, _>>().expect("rows");
    assert_eq!(found.len(), 1);
    let product = &found[0];
    assert_eq!(product.product.as_str(), "099990001");
    assert_eq!((product.brand.as_ref(), product.generic.as_ref()), ("Examplin XR", "oxycodone and acetaminophen"));
    assert_eq!((product.form.as_ref(), product.labeler.as_ref()), ("TABLET", "Example Labs"));
    assert_eq!(product.stated, Stated::Schedule(Schedule::II));
    assert_eq!(product.exclusion, Exclusion::Listed);
    assert_eq!(product.since.map(|day| day.to_string()).as_deref(), Some("2019-04-01"));
    let names: Vec<&str> = product.actives.iter().map(|active| active.name.as_ref()).collect();
    assert_eq!(names, ["OXYCODONE HYDROCHLORIDE", "ACETAMINOPHEN"]);
    let strength = product.actives[0].strength.expect("a strength");
    assert_eq!((strength.nanograms, strength.measure), (5_000_000, Measure::Unit));
}

#[test]
fn columns_are_found_by_name_whatever_their_order_and_number() {
    let mut names: Vec<&str> = PRODUCTS.split('\t').collect();
    let own = row(&[]);
    let mut fields: Vec<&str> = own.split('\t').collect();
    names.reverse();
    fields.reverse();
    let file = file(&names.join("\t"), &[fields.join("\t")]);
    let found = products(&file, Limits::DEFAULT).expect("a header").next().expect("a row").expect("read");
    assert_eq!((found.product.as_str(), found.labeler.as_ref()), ("099990001", "Example Labs"));
}

fn refused(rows: &[String]) -> Vec<(u64, String)> {
    let file = file(PRODUCTS, rows);
    let line = |refused: RowRefusal| (refused.line, refused.refusal.field.unwrap_or_default().into_owned());
    products(&file, Limits::DEFAULT).expect("a header").filter_map(Result::err).map(line).collect()
}

#[test]
fn a_row_that_cannot_be_read_is_refused_by_line_and_column_and_the_next_is_read() {
    let rows = [
        row(&[]),
        row(&[("PRODUCTNDC", "12-34")]),
        row(&[("DEASCHEDULE", "DEA")]),
        row(&[("STARTMARKETINGDATE", "20190231")]),
        row(&[("NDC_EXCLUDE_FLAG", "maybe")]),
        "one\ttwo".to_owned(),
        row(&[("DEASCHEDULE", "")]),
    ];
    let expected = [(3, "PRODUCTNDC"), (4, "DEASCHEDULE"), (5, "STARTMARKETINGDATE"), (6, "NDC_EXCLUDE_FLAG"), (7, "")];
    assert_eq!(refused(&rows), expected.map(|(line, field)| (line, field.to_owned())));
    let file = file(PRODUCTS, &rows);
    let read = products(&file, Limits::DEFAULT).expect("a header").filter_map(Result::ok);
    assert_eq!(read.map(|product| product.stated).collect::<Vec<_>>(), [Stated::Schedule(Schedule::II), Stated::Blank]);
}

#[test]
fn a_file_without_the_columns_is_refused_as_a_whole() {
    for text in ["", "\n", "PRODUCTNDC\tPROPRIETARYNAME\n", PACKAGES] {
        let error = products(text.as_bytes(), Limits::DEFAULT).map(|_| ()).expect_err(text);
        assert_eq!(error.code.0, "NDC-HEADER");
        assert!(error.what.contains("DEASCHEDULE"), "{error}");
    }
    let many = "X\t".repeat(Limits::DEFAULT.columns + 1);
    assert_eq!(products(many.as_bytes(), Limits::DEFAULT).map(|_| ()).expect_err("many").code.0, "NDC-HEADER");
}

#[test]
fn each_bound_holds_what_it_says_and_no_more() {
    let file = file(PRODUCTS, &[row(&[]), row(&[])]);
    let outcome = |limits: Limits| match products(&file, limits) {
        Err(refusal) => vec![refusal.code.0],
        Ok(rows) => rows.map(|row| row.map_or_else(|refused| refused.refusal.code.0, |_| "read")).collect(),
    };
    let (all, line) = (file.len(), row(&[]).len());
    let longest = line.max(PRODUCTS.len());
    assert_eq!(outcome(Limits { file_bytes: all, ..Limits::DEFAULT }), ["read", "read"]);
    assert_eq!(outcome(Limits { file_bytes: all - 1, ..Limits::DEFAULT }), ["NDC-SIZE"]);
    assert_eq!(outcome(Limits { line_bytes: longest, ..Limits::DEFAULT }), ["read", "read"]);
    assert_eq!(outcome(Limits { line_bytes: PRODUCTS.len() - 1, ..Limits::DEFAULT }), ["NDC-HEADER"]);
    assert_eq!(outcome(Limits { rows: 2, ..Limits::DEFAULT }), ["read", "read"]);
    assert_eq!(outcome(Limits { rows: 1, ..Limits::DEFAULT }), ["read", "NDC-ROWS"]);
    assert_eq!(outcome(Limits { columns: 20, ..Limits::DEFAULT }), ["read", "read"]);
    assert_eq!(outcome(Limits { columns: 19, ..Limits::DEFAULT }), ["NDC-HEADER"]);
    let long = format!("{PRODUCTS}\n{}\n", row(&[("PROPRIETARYNAME", &"x".repeat(PRODUCTS.len()))]));
    let mut rows =
        products(long.as_bytes(), Limits { line_bytes: PRODUCTS.len(), ..Limits::DEFAULT }).expect("a header");
    assert_eq!(rows.next().expect("a row").expect_err("long").refusal.code.0, "NDC-LINE");
}

#[test]
fn text_in_windows_1252_is_read() {
    let mut bytes = file(PRODUCTS, &[row(&[("PROPRIETARYNAME", "Example?")])]);
    let at = bytes.iter().position(|byte| *byte == b'?').expect("the mark");
    bytes[at] = 0x99;
    let found = products(&bytes, Limits::DEFAULT).expect("a header").next().expect("a row").expect("read");
    assert_eq!(found.brand, "Example\u{2122} XR");
}

#[test]
fn packages_are_read_in_each_layout_with_what_they_hold() {
    let package = |product: &str, package: &str, description: &str| {
        format!("{product}\t{package}\t{description}\t20190101\t\tN\tN")
    };
    let file = file(
        PACKAGES,
        &[
            package("9999-0001", "9999-0001-02", "100 TABLET in 1 BOTTLE (9999-0001-02)"),
            package("99999-001", "99999-001-02", "1 VIAL in 1 CARTON (x)  > 10 mL in 1 VIAL"),
            package("99999-0001", "99999-0001-2", "1 KIT in 1 CARTON"),
            package("99999-0001", "99999-0002-2", "100 TABLET in 1 BOTTLE"),
            package("99999-0001", "9999900012", "100 TABLET in 1 BOTTLE"),
        ],
    );
    let rows: Vec<_> = packages(&file, Limits::DEFAULT).expect("a header").collect();
    let held: Vec<_> = rows
        .iter()
        .flatten()
        .map(|row| (row.package.as_str(), row.contained.as_ref().map(|held| (held.thousandths, held.unit.as_str()))))
        .collect();
    assert_eq!(
        held,
        [("09999000102", Some((100_000, "TABLET"))), ("99999000102", Some((10_000, "mL"))), ("99999000102", None)]
    );
    assert!(rows.iter().flatten().all(|row| row.sample == Sample::Trade));
    let refused: Vec<u64> = rows.iter().filter_map(|row| row.as_ref().err().map(|refused| refused.line)).collect();
    assert_eq!(refused, [5, 6], "another product's package, and ten digits that can mean three packages");
}

fn real(name: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../../../shared/data/real/ndc/{name}", env!("CARGO_MANIFEST_DIR"));
    #[allow(clippy::disallowed_methods, reason = "tests read files")]
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        println!("skipped: {name} is not here");
    }
    bytes
}

#[test]
fn every_row_of_the_directory_of_2019_is_read() {
    let Some(file) = real("ndc_product_controlled.tsv") else { return };
    let mut by_schedule: BTreeMap<String, u32> = BTreeMap::new();
    let mut without_strength = 0;
    for row in products(&file, Limits::DEFAULT).expect("a header") {
        let row = row.unwrap_or_else(|refused| panic!("{refused}"));
        assert!(!row.actives.is_empty() && !row.generic.is_empty(), "{row:?}");
        without_strength += u32::from(row.actives.iter().any(|active| active.strength.is_none()));
        *by_schedule.entry(format!("{:?}", row.stated)).or_default() += 1;
    }
    assert_eq!(by_schedule.values().copied().collect::<Vec<_>>(), [2063, 567, 2090, 203]);
    assert!(without_strength < 40, "{without_strength} rows without a strength that is a weight");
    let Some(file) = real("ndc_package_controlled.tsv") else { return };
    let rows: Vec<_> = packages(&file, Limits::DEFAULT)
        .expect("a header")
        .collect::<Result<_, _>>()
        .unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(rows.len(), 12_333);
    let open = rows.iter().filter(|row| row.contained.is_none()).count();
    assert!(open * 50 < rows.len(), "{open} packages in parts");
}

#[test]
fn the_newer_layout_with_its_identifier_column_is_read_and_a_word_that_is_no_schedule_refused() {
    let Some(file) = real("openfda-product_trimmed.txt") else { return };
    let rows: Vec<_> = products(&file, Limits::DEFAULT).expect("a header").collect();
    assert_eq!(rows.iter().flatten().count(), 2);
    let refused = rows[1].as_ref().expect_err("DEA is no schedule");
    assert_eq!((refused.line, refused.refusal.field.as_deref()), (3, Some("DEASCHEDULE")));
    let Some(file) = real("openfda-package_trimmed.txt") else { return };
    let rows: Vec<_> = packages(&file, Limits::DEFAULT).expect("a header").flatten().collect();
    assert_eq!(rows.iter().map(|row| row.sample).collect::<Vec<_>>(), [Sample::Trade, Sample::Sample, Sample::Trade]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_bytes_are_rows_or_refusals(bytes in prop::collection::vec(any::<u8>(), 0..400), tabs in 0..25_usize) {
        let mut file = format!("{PRODUCTS}\n").into_bytes();
        file.extend(&bytes);
        file.extend(b"\n");
        file.extend("\t".repeat(tabs).bytes());
        let lines = u64::try_from(file.split(|byte| *byte == b'\n').count()).expect("few");
        for row in products(&file, Limits::DEFAULT).expect("a header") {
            if let Err(refused) = row {
                prop_assert!(refused.line >= 2 && refused.line <= lines, "{refused}");
            }
        }
        let mut file = format!("{PACKAGES}\n").into_bytes();
        file.extend(&bytes);
        prop_assert!(packages(&file, Limits::DEFAULT).expect("a header").count() <= bytes.len());
        let _ = products(&bytes, Limits::DEFAULT).map(Iterator::count);
    }

    #[test]
    fn any_fields_are_read_or_refused(field in "[ -~]{0,30}", which in 0..20_usize) {
        let column = PRODUCTS.split('\t').nth(which).expect("a column");
        let file = file(PRODUCTS, &[row(&[(column, &field)])]);
        prop_assert_eq!(products(&file, Limits::DEFAULT).expect("a header").count(), 1);
    }
}
