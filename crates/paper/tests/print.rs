//! Printed papers, read back with another program's reader.

use proptest::prelude::*;
use theriac_paper::chart::{Step, Waterfall};
use theriac_paper::{Column, Document, Footer, Length, PageSize, Printed, Standing, Symbol, Table, Tick};

fn paper(size: PageSize) -> Document {
    Document::new(size, "Sample paper", "Theriac", "2026-03-02T10:00:00Z".parse().expect("instant"))
}

fn printed(document: &Document) -> Printed {
    document.print().expect("printed")
}

/// The text of each page, as a reader of the file gets it.
fn pages(printed: &Printed) -> Vec<String> {
    let pdf = lopdf::Document::load_mem(&printed.pdf).expect("a PDF");
    pdf.get_pages().into_keys().map(|page| pdf.extract_text(&[page]).expect("text")).collect()
}

fn everything() -> Document {
    let mut document = paper(PageSize::LETTER).standing(Standing::Demo).footer(Footer {
        registration: Some("AB1234563".to_owned()),
        period: Some("February 2026".to_owned()),
        digest: Some([0xab; 32]),
    });
    document.heading("A section");
    document.paragraph("Take one tablet by mouth every six hours as needed for pain. Ελένη Nguyễn Łódź");
    document.strong("Seen from afar");
    document.notice("Look at this", "It is in a frame.");
    document.fields([("Patient", "Sample, Ada"), ("Address", "1 Main Street, Phoenix, AZ 85001")]);
    document.checkbox(Tick::Ticked, "Seen");
    document.checkbox(Tick::Open, "Not seen");
    let mut table = Table::new(vec![Column::new("Drug", 3), Column::numbers("Quantity", 1)]);
    table.row(["Oxycodone hydrochloride 10 mg tablet", "30"]);
    table.row(["", "7"]);
    table.sum(["Together", "37"]);
    document.table(table);
    document.barcode(Symbol::code_128("RX00123456", Length::points(1), Length::points(30)).expect("fits"));
    document.barcode(Symbol::data_matrix("theriac:RX00123456", Length::points(2)).expect("fits"));
    let statement = Waterfall {
        says: "1,200 tablets are accounted for".to_owned(),
        unit: "tablets".to_owned(),
        steps: vec![Step::Balance("Opening".to_owned(), 1000), Step::Change("Received".to_owned(), 200)],
    };
    document.figure(statement.draw(Length::points(400), Length::points(120)));
    document.space(Length::points(4));
    document.signature("Practitioner", Some("Dr. Grace Sample".to_owned()));
    document
}

#[test]
fn a_paper_with_everything_on_it_reads_back() {
    let printed = printed(&everything());
    assert!(printed.replaced.is_empty());
    let text = pages(&printed).join("\n");
    for expected in [
        "Sample paper",
        "A section",
        "Ελένη Nguyễn Łódź",
        "Seen from afar",
        "It is in a frame.",
        "1 Main Street, Phoenix, AZ 85001",
        "Oxycodone hydrochloride 10 mg tablet",
        "RX00123456",
        "Opening",
        "Dr. Grace Sample",
        "AB1234563 \u{b7} February 2026",
        "page 1 of 1",
        "DEMO. Made by a demonstration",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(text.contains(&"ab".repeat(32)), "the digest of the data");
}

#[test]
fn the_same_paper_is_the_same_bytes_and_another_date_is_not() {
    let first = printed(&everything());
    assert_eq!(first.pdf, printed(&everything()).pdf);
    let mut later = everything();
    later.dated = "2026-03-03T10:00:00Z".parse().expect("instant");
    assert_ne!(first.pdf, printed(&later).pdf);
}

#[test]
fn the_file_says_that_it_is_tagged_and_archivable_and_what_it_is_called() {
    let pdf = lopdf::Document::load_mem(&printed(&everything()).pdf).expect("a PDF");
    let catalog = pdf.catalog().expect("catalog");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Outlines") && catalog.has(b"OutputIntents"));
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("language"), b"en-US");
    let metadata = catalog.get(b"Metadata").and_then(lopdf::Object::as_reference).expect("metadata");
    let stream = pdf.get_object(metadata).and_then(lopdf::Object::as_stream).expect("stream");
    let xmp = String::from_utf8_lossy(&stream.content).into_owned();
    for expected in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "Sample paper", "2026-03-02"] {
        assert!(xmp.contains(expected), "{expected} in {xmp}");
    }
}

fn numbered(rows: usize) -> Table {
    let mut table = Table::new(vec![
        Column::numbers("Row", 1),
        Column::new("Patient", 3),
        Column::new("Drug", 3),
        Column::numbers("Quantity", 1),
    ]);
    for row in 1..=rows {
        table.row([format!("#{row}."), format!("Patient {row}"), "Oxycodone 10 mg tablet".to_owned(), "30".to_owned()]);
    }
    table
}

#[test]
fn a_long_table_has_its_header_on_every_page_and_every_row_once() {
    let mut document = paper(PageSize::LETTER);
    document.table(numbered(200));
    let printed = printed(&document);
    let pages = pages(&printed);
    assert!(pages.len() > 3 && pages.len() == printed.pages);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("Quantity"), "header of page {}", index + 1);
        assert!(page.contains(&format!("page {} of {}", index + 1, pages.len())));
    }
    let all = pages.concat();
    for row in 1..=200 {
        assert_eq!(all.matches(&format!("#{row}.")).count(), 1, "row {row}");
    }
}

/// Structure elements of a file, counted by their type.
fn structure(printed: &Printed, role: &[u8]) -> usize {
    let pdf = lopdf::Document::load_mem(&printed.pdf).expect("a PDF");
    let is = |object: &lopdf::Object| {
        object.as_dict().and_then(|dict| dict.get(b"S")?.as_name()).is_ok_and(|name| name == role)
    };
    pdf.objects.values().filter(|object| is(object)).count()
}

#[test]
fn a_table_is_tagged_by_cells_and_a_very_long_one_by_rows() {
    let tagged = |rows| {
        let mut document = paper(PageSize::LETTER);
        document.table(numbered(rows));
        let printed = printed(&document);
        [b"TD".as_slice(), b"TH", b"TR", b"P"].map(|role| structure(&printed, role))
    };
    assert_eq!(tagged(3), [12, 4, 4, 0]);
    assert_eq!(tagged(5_001), [0, 0, 0, 5_002]);
}

#[test]
fn a_row_longer_than_a_page_goes_on_on_the_next() {
    let mut document = paper(PageSize::LETTER);
    let mut table = Table::new(vec![Column::new("Remark", 1)]);
    table.row([(1..=400).map(|line| format!("line {line};")).collect::<Vec<_>>().join("\n")]);
    document.table(table);
    let pages = pages(&printed(&document));
    assert!(pages.len() > 5);
    let all = pages.concat();
    assert!((1..=400).all(|line| all.matches(&format!("line {line};")).count() == 1));
}

#[test]
fn a_label_holds_its_contents_or_is_refused() {
    let at = "2026-03-02T10:00:00Z".parse().expect("instant");
    for size in [PageSize::LABEL_4_BY_6, PageSize::LABEL_4_BY_2, PageSize::LABEL_SMALL] {
        let mut label = Document::label(size, "Vial label", "Theriac", at).standing(Standing::Demo);
        label.strong("Sample, Ada");
        label.paragraph("Take 1 tablet every 6 hours.");
        let printed = printed(&label);
        assert_eq!(printed.pages, 1);
        let text = pages(&printed).concat();
        assert!(text.contains("DEMO - NOT VALID") && text.contains("Take 1 tablet") && !text.contains("page 1"));
        for _ in 0..100 {
            label.paragraph("and so on");
        }
        let refusal = label.print().expect_err("full");
        assert_eq!(refusal.code.0, "PAPER-LABEL-FULL");
        assert_eq!(refusal.field.as_deref(), Some("Vial label"), "the refusal names no patient");
    }
}

#[test]
fn a_character_without_a_glyph_is_shown_as_replaced_and_listed_on_the_paper() {
    let mut document = paper(PageSize::LETTER);
    document.paragraph("Patient: 山田 太郎");
    let printed = printed(&document);
    assert_eq!(printed.replaced.iter().collect::<String>(), "太山田郎");
    let text = pages(&printed).concat();
    assert!(text.contains("U+592A, U+5C71, U+7530, U+90CE"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_prints(texts in proptest::collection::vec(any::<String>(), 1..6), tall in 10_i32..300) {
        let mut document = paper(PageSize::LETTER);
        let mut table = Table::new(texts.iter().map(|text| Column::new(text.clone(), 1)).collect());
        table.row(texts.clone());
        document.title = texts.concat();
        for text in &texts {
            document.heading(text.clone());
            document.notice(text.clone(), text.clone());
            document.fields([(text.clone(), text.clone())]);
            document.checkbox(Tick::Open, text.clone());
            document.signature(text.clone(), Some(text.clone()));
        }
        document.table(table.clone());
        prop_assert!(document.print().is_ok(), "{:?}", document.print().err());
        let mut label = paper(PageSize::label(tall, tall, 3, 6));
        label.table(table);
        if let Err(refusal) = label.print() {
            prop_assert_eq!(refusal.code.0, "PAPER-LABEL-FULL");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test of outside data reads the file it is about")]
fn naughty_strings_print() {
    let Ok(text) = std::fs::read_to_string("../../../shared/data/real/strings/blns.json") else {
        println!("skipped: no outside list of strings");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    assert!(strings.len() > 100);
    let mut document = paper(PageSize::LETTER);
    for text in &strings {
        document.paragraph(text.clone());
    }
    assert!(!printed(&document).replaced.is_empty());
}
