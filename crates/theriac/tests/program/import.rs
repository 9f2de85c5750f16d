//! `theriac import ndc`, and what can be asked afterwards.

use crate::common::{outside, run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const PRODUCTS: &str = "PRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tROUTENAME\
    \tLABELERNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tDEASCHEDULE";
const PACKAGES: &str = "PRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION";

/// Products in the three layouts: one as it should be, one listed twice, one with an outdated schedule, one uncontrolled.
const PRODUCT_ROWS: [&str; 6] = [
    "99991-123\tHUMAN PRESCRIPTION DRUG\tExamplam\tAlprazolam\tTABLET\tORAL\tExample Labs\tALPRAZOLAM\t.5\tmg/1\tCIV",
    "9993-1234\tHUMAN PRESCRIPTION DRUG\tExampdine\tAcetaminophen and Codeine\tTABLET\tORAL\tExample Labs\
     \tACETAMINOPHEN; CODEINE PHOSPHATE\t300; 30\tmg/1; mg/1\tCIII",
    "9993-1234\tHUMAN PRESCRIPTION DRUG\tExampdine\tAcetaminophen and Codeine\tTABLET\tORAL\tExample Labs\
     \tACETAMINOPHEN; CODEINE PHOSPHATE\t300; 30\tmg/1; mg/1\tCIII",
    "99994-1234\tHUMAN PRESCRIPTION DRUG\tExampcodone\tHydrocodone and Acetaminophen\tTABLET\tORAL\tExample Repack\
     \tHYDROCODONE BITARTRATE; ACETAMINOPHEN\t5; 325\tmg/1; mg/1\tCIII",
    "99994-1235\tHUMAN PRESCRIPTION DRUG\tExampril\tLisinopril\tTABLET\tORAL\tExample Labs\tLISINOPRIL\t10\tmg/1\t",
    "99994-1236\tHUMAN PRESCRIPTION DRUG\tExampone\tUnlistedone\tTABLET\tORAL\tExample Labs\tUNLISTEDONE\t10\tmg/1\tCIV",
];
const PACKAGE_ROWS: [&str; 4] = [
    "99991-123\t99991-123-01\t100 TABLET in 1 BOTTLE (99991-123-01)",
    "9993-1234\t9993-1234-10\t1000 TABLET in 1 BOTTLE (9993-1234-10)",
    "99994-1234\t99994-1234-3\t30 TABLET in 1 BOTTLE (99994-1234-3)",
    "99994-1234\t99994-1234-9\t10 BLISTER PACK in 1 BOX (x) > 9 TABLET in 1 BLISTER PACK",
];

/// A deployment and the directory's files beside it.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        run(&[&"init", &"--dir", &place.deployment()]).expect(0);
        place.write("product.txt", PRODUCTS, &PRODUCT_ROWS);
        place.write("package.txt", PACKAGES, &PACKAGE_ROWS);
        place
    }

    fn deployment(&self) -> PathBuf {
        self.dir.path().join("deployment")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, header: &str, rows: &[&str]) {
        fs::write(self.file(name), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    }

    fn import(&self, code: i32) -> Value {
        let (products, packages) = (self.file("product.txt"), self.file("package.txt"));
        run(&[&"import", &"ndc", &products, &packages, &"--dir", &self.deployment(), &"--disagreements", &"--json"])
            .expect(code)
            .json()
    }

    /// The status of what is asked for, the directory's word and the rulebook's, of the first listing.
    fn schedule(&self, name: &str) -> (String, String, String) {
        let answer = run(&[&"law", &"schedule", &name, &"--dir", &self.deployment(), &"--json"]).expect(0).json();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let listing = &answer["listings"][0];
        (text(&answer["status"]), text(&listing["stated"]), text(&listing["rulebook"]))
    }
}

fn said(status: &str, stated: &str, ours: &str) -> (String, String, String) {
    (status.to_owned(), stated.to_owned(), ours.to_owned())
}

/// Requirements: pharm-drug-schedule-per-product, law-sched-one-schedule-per-product
#[test]
fn after_an_import_the_schedule_is_told_by_ndc_in_each_layout_and_by_name() {
    let place = Place::new();
    let import = place.import(0);
    assert_eq!((&import["products"], &import["product_rows"], &import["packages"]), (&5.into(), &6.into(), &4.into()));
    for ndc in ["99991-123-01", "99991012301", "99991-123", "999910123"] {
        assert_eq!(place.schedule(ndc), said("IV", "IV", "IV"), "{ndc}");
    }
    for ndc in ["9993-1234-10", "09993123410", "9993-1234"] {
        assert_eq!(place.schedule(ndc), said("III", "III", "III"), "{ndc}");
    }
    for ndc in ["99994-1234-3", "99994-1234-9", "99994123403"] {
        assert_eq!(place.schedule(ndc), said("II", "III", "II"), "{ndc}: the stricter one stands");
    }
    assert_eq!(place.schedule("99994-1235"), said("none", "-", "unknown"));
    assert_eq!(place.schedule("99994-1236"), said("IV", "IV", "unknown"));
    let by_brand = run(&[&"law", &"schedule", &"EXAMPLAM", &"--dir", &place.deployment()]).expect(0).out;
    assert!(by_brand.contains("999910123") && by_brand.contains("directory: CIV, rulebook: IV"), "{by_brand}");
    let by_name = run(&[&"law", &"schedule", &"alprazolam", &"--dir", &place.deployment()]).expect(0).out;
    assert!(by_name.starts_with("alprazolam: IV\n") && by_name.contains("Examplam"), "{by_name}");
    let packages =
        run(&[&"law", &"schedule", &"99994-1234-9", &"--dir", &place.deployment(), &"--json"]).expect(0).json();
    assert_eq!(packages["listings"][0]["packages"][1]["thousandths"], 90_000);
    let ran = run(&[&"law", &"schedule", &"99991-123-77", &"--dir", &place.deployment()]).expect(1);
    assert!(ran.err.starts_with("LAW-PACKAGE-UNKNOWN: "), "{}", ran.err);
    let ran = run(&[&"law", &"schedule", &"55555-555-55", &"--dir", &place.deployment()]).expect(1);
    assert!(ran.err.starts_with("LAW-DRUG-UNKNOWN: "), "{}", ran.err);
}

#[test]
fn an_ndc_that_is_none_or_has_no_directory_is_wrong_use() {
    let place = tempfile::tempdir().unwrap();
    let asked = |name: &str| run(&[&"law", &"schedule", &name, &"--dir", &place.path()]);
    for (name, code) in [("1234567890", "LAW-NDC: "), ("12-34", "LAW-NDC: "), ("1-2-3-4", "LAW-NDC: ")] {
        let ran = asked(name).expect(2);
        assert!(ran.err.starts_with(code) && ran.err.contains("\nNext: "), "{}", ran.err);
    }
    let mut command = crate::common::command(&[&"law", &"schedule", &"99991-123-01"]);
    let output = command.current_dir(place.path()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.starts_with("LAW-NDC-DIRECTORY: ") && err.contains("theriac import ndc"), "{err}");
}

#[test]
fn what_differs_is_listed_by_class() {
    let place = Place::new();
    let found = place.import(0)["disagreements"].clone();
    assert_eq!((&found["compared"], &found["differing"]), (&5.into(), &2.into()));
    let class = |n: usize, key: &str| found["classes"][n][key].clone();
    assert_eq!((class(0, "relation"), class(0, "stands")), ("directory-looser".into(), "II".into()));
    assert_eq!(class(0, "substances"), serde_json::json!(["acetaminophen", "hydrocodone"]));
    assert_eq!((class(1, "relation"), class(1, "stands")), ("unknown-here".into(), "IV".into()));
    // On a day before the change the outdated listing was right.
    let before = ["--check", "--on", "2014-10-05", "--profile", "in-force", "--json"];
    let products = place.file("product.txt");
    let mut args: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"import", &"ndc", &products];
    args.extend(before.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>));
    let found = run(&args).expect(0).json();
    assert_eq!((&found["disagreements"]["differing"], &found["entry"]), (&1.into(), &Value::Null));
}

#[test]
fn rows_that_cannot_be_read_are_named_and_the_others_are_taken() {
    let place = Place::new();
    let mut rows = PRODUCT_ROWS.to_vec();
    rows.insert(1, "12-3\tX\tX\tX\tX\tX\tX\tX\t1\tmg/1\tCII");
    rows.insert(3, "99999-123\tX\tX\tX\tX\tX\tX\tX\t1\tmg/1\tDEA");
    rows.push("one field");
    place.write("product.txt", PRODUCTS, &rows);
    let import = place.import(1);
    assert_eq!((&import["products"], &import["refused"]), (&5.into(), &3.into()));
    let refused: Vec<(u64, &str)> = import["refused_products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["field"].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(refused, [(3, "PRODUCTNDC"), (5, "DEASCHEDULE"), (10, "-")]);
    assert_eq!(place.schedule("99991-123-01"), said("IV", "IV", "IV"));
    place.write("product.txt", "NAME\tPRICE", &["x\t1"]);
    let ran = run(&[&"import", &"ndc", &place.file("product.txt"), &"--dir", &place.deployment()]).expect(1);
    assert!(ran.err.starts_with("NDC-HEADER: ") && ran.err.contains("PRODUCTNDC"), "{}", ran.err);
    let ran = run(&[&"import", &"ndc", &place.file("nothing.txt"), &"--dir", &place.deployment()]).expect(2);
    assert!(ran.err.starts_with("CLI-FILE: "), "{}", ran.err);
}

#[test]
fn the_tables_are_made_again_from_the_archived_files_and_a_changed_row_is_found() {
    let place = Place::new();
    place.import(0);
    let later = [
        "99994-1234\tHUMAN PRESCRIPTION DRUG\tExampcodone\tHydrocodone and Acetaminophen\tTABLET\tORAL\tExample Repack\
        \tHYDROCODONE BITARTRATE; ACETAMINOPHEN\t5; 325\tmg/1; mg/1\tCII",
    ];
    place.write("product.txt", PRODUCTS, &later);
    place.import(0);
    assert_eq!(place.schedule("99994-1234"), said("II", "II", "II"), "the later file corrects the row");
    assert_eq!(place.schedule("99991-123"), said("IV", "IV", "IV"), "what is not listed any more is still known");
    let store = place.deployment().join("theriac.db");
    let check = || run(&[&"journal", &"check", &"--dir", &place.deployment()]);
    check().expect(0);
    let tamper = |sql: &str| rusqlite::Connection::open(&store).unwrap().execute_batch(sql).unwrap();
    tamper("UPDATE ndc_products SET stated = 'V' WHERE product = '999941234'");
    assert!(check().expect(1).out.contains("ndc_products"));
    run(&[&"journal", &"rebuild", &"--dir", &place.deployment()]).expect(0);
    check().expect(0);
    assert_eq!(place.schedule("99994-1234"), said("II", "II", "II"));
    tamper("UPDATE archive SET bytes = CAST(replace(CAST(bytes AS TEXT), 'CIV', 'CVI') AS BLOB)");
    assert!(check().expect(1).out.contains("archive"));
}

/// Each class of disagreement with the FDA's directory of 2019 is explained and decided in the documentation.
#[test]
fn every_class_of_disagreement_in_the_directory_of_2019_is_decided_in_writing() {
    let Some(folder) = outside("ndc") else { return };
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ndc-disagreements.md")).unwrap();
    let mut decided: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"))
        .map(|row| row.split(" | ").take(5).collect::<Vec<_>>().join(" | ").replace('`', ""))
        .collect();
    let compare = |file: &str| {
        let file = folder.join(file);
        run(&[&"import", &"ndc", &file, &"--check", &"--profile", &"in-force", &"--on", &"2026-11-22", &"--json"])
            .expect(0)
            .json()["disagreements"]
            .clone()
    };
    let found = compare("ndc_product_controlled.tsv");
    for class in found["classes"].as_array().unwrap() {
        let text = |key: &str| class[key].as_str().unwrap().to_owned();
        let substances: Vec<&str> =
            class["substances"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let row = format!(
            "{} | {} | {} | {} | {}",
            text("relation"),
            text("stated"),
            text("ours"),
            class["products"],
            substances.join(" + ")
        );
        let at = decided.iter().position(|known| *known == row);
        decided.remove(at.unwrap_or_else(|| panic!("docs/ndc-disagreements.md does not decide: {row}")));
    }
    assert!(decided.is_empty(), "docs/ndc-disagreements.md decides what does not differ: {decided:?}");
    assert_eq!(compare("ndc_product_listed_chemicals.tsv")["differing"], 0);
}
