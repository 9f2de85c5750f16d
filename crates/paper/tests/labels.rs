//! Labels of dispensed drugs: nothing missing, nothing cut off.

use jiff::civil::date;
use theriac_paper::papers::{DispensingLabel, Issue};
use theriac_paper::{PageSize, Standing};

fn issue() -> Issue {
    Issue {
        by: "Example Pharmacy".to_owned(),
        registration: None,
        dated: "2026-03-02T16:00:00Z".parse().expect("instant"),
        standing: Standing::Production,
        digest: None,
    }
}

fn label() -> DispensingLabel {
    DispensingLabel {
        pharmacy: "Example Pharmacy".to_owned(),
        pharmacy_address: "1 Counter Street, Tucson, AZ 85701".to_owned(),
        telephone: "520-555-0100".to_owned(),
        number: "0000001".to_owned(),
        filled: date(2026, 3, 2),
        patient: "Pat Sample".to_owned(),
        practitioner: "Alex Brook".to_owned(),
        directions: "Take 1 tablet every 6 hours".to_owned(),
        cautions: vec!["May make you drowsy.".to_owned()],
        drug: "Oxycodone hydrochloride 10 mg Tablet".to_owned(),
        quantity: "30 tablets".to_owned(),
        left: "no refills".to_owned(),
        filled_at: None,
    }
}

fn pdf_text(label: &DispensingLabel, size: PageSize) -> String {
    let printed = label.paper(size, &issue()).expect("a label").print().expect("printed");
    let pdf = lopdf::Document::load_mem(&printed.pdf).expect("a PDF");
    assert_eq!(printed.pages, 1);
    pdf.extract_text(&[1]).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
}

const ITEMS: [&str; 9] = [
    "Example Pharmacy, 1 Counter Street, Tucson, AZ 85701",
    "Rx 0000001",
    "Pat Sample",
    "Take 1 tablet every 6 hours",
    "Oxycodone hydrochloride 10 mg Tablet",
    "30 tablets",
    "Alex Brook",
    "2026-03-02",
    "May make you drowsy.",
];

#[test]
fn every_item_stands_on_the_label_in_both_forms() {
    let zpl = label().zpl(PageSize::LABEL_4_BY_2, 8).expect("it fits");
    let joined = zpl.split("^FD").skip(1).filter_map(|field| field.split("^FS").next()).collect::<Vec<_>>().join(" ");
    for size in [PageSize::LABEL_4_BY_2, PageSize::LABEL_4_BY_6] {
        let text = pdf_text(&label(), size);
        for item in ITEMS {
            assert!(text.contains(item), "{item}: {text}");
            assert!(
                joined
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .contains(&item.split_whitespace().collect::<Vec<_>>().join(" ")),
                "{item}: {joined}"
            );
        }
    }
    assert!(zpl.starts_with("^XA^CI28^PW812^LL406") && zpl.ends_with("^XZ\n"), "{zpl}");
}

/// Requirements: pharm-label-contents
#[test]
fn a_label_that_lacks_an_item_is_not_printed_and_each_is_named() {
    type Field = fn(&mut DispensingLabel) -> &mut String;
    let fields: [(&str, Field); 8] = [
        ("pharmacy", |label| &mut label.pharmacy),
        ("pharmacy_address", |label| &mut label.pharmacy_address),
        ("number", |label| &mut label.number),
        ("patient", |label| &mut label.patient),
        ("practitioner", |label| &mut label.practitioner),
        ("directions", |label| &mut label.directions),
        ("drug", |label| &mut label.drug),
        ("quantity", |label| &mut label.quantity),
    ];
    assert!(label().missing().is_empty());
    for (name, field) in fields {
        let mut lacking = label();
        *field(&mut lacking) = "  ".to_owned();
        let refusal = lacking.paper(PageSize::LABEL_4_BY_2, &issue()).expect_err(name);
        assert_eq!((refusal.code.0, refusal.field.as_deref()), ("PAPER-LABEL-MISSING", Some(name)));
        assert!(lacking.zpl(PageSize::LABEL_4_BY_2, 8).is_err(), "{name}");
    }
}

/// Requirements: pharm-label-central-fill
#[test]
fn a_centrally_filled_label_shows_the_retail_pharmacy_and_who_filled() {
    let central = DispensingLabel { filled_at: Some("DEA BC1234563".to_owned()), ..label() };
    let text = pdf_text(&central, PageSize::LABEL_4_BY_6);
    assert!(text.contains("Example Pharmacy, 1 Counter Street") && text.contains("Filled at DEA BC1234563"), "{text}");
    let nobody = DispensingLabel { filled_at: Some(String::new()), ..label() };
    assert_eq!(nobody.missing(), ["filled_at"]);
}

#[test]
fn a_label_printer_gets_no_command_from_a_text_and_nothing_beyond_the_edge() {
    let mut label = label();
    label.directions = "Take ^XZ~JA one_tablet\u{7}".to_owned();
    let zpl = label.zpl(PageSize::LABEL_4_BY_2, 8).expect("it fits");
    assert!(zpl.contains("_5EXZ_7EJA one_5Ftablet"), "{zpl}");
    assert_eq!(zpl.matches("^XZ").count(), 1);
    label.directions = "word ".repeat(200);
    assert_eq!(label.zpl(PageSize::LABEL_4_BY_2, 8).expect_err("too long").code.0, "PAPER-LABEL-FULL");
    label.directions = "x".repeat(90);
    let zpl = label.zpl(PageSize::LABEL_4_BY_2, 12).expect("a word longer than a line is broken");
    let letters: usize =
        zpl.split("^FD").filter(|field| field.starts_with('x')).map(|field| field.matches('x').count()).sum();
    assert_eq!(letters, 90, "{zpl}");
}
