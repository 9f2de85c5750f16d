//! The record book of schedule V sold at the counter.

use crate::world::*;
use theriac_books::logbook::{
    Contents, CounterEvent, CounterProduct, CounterRequest, LINES_ON_A_PAGE, Marking, RecordBook, Shown,
};
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, Stock, StockUnit};
use theriac_law::Moment;
use theriac_law::vocab::Placement;
use theriac_model::{Refusal, Schedule};

read_back!(stored, CounterEvent);

fn product(contents: Contents) -> CounterProduct {
    CounterProduct { ndc: ndc("50383008504"), name: "Cough syrup".to_owned(), schedule: Schedule::V, contents }
}

fn asked(name: &str, contents: Contents, quantity: u64) -> CounterRequest {
    CounterRequest {
        buyer: buyer(name, "1980-05-06"),
        shown: Shown::PhotoDocument,
        product: product(contents),
        quantity,
        marking: Marking::WithoutPrescription,
        kept: Placement::BehindCounter,
    }
}

fn sell(book: &mut RecordBook, asked: &CounterRequest, at: Moment) -> Result<(), Refusal> {
    for event in stored(&book.sell(&strictest(), asked, &pharmacist(), at)?) {
        book.apply(&event);
    }
    Ok(())
}

/// Requirements: pharm-otc-record-book
#[test]
fn a_sale_is_one_line_of_a_book_whose_pages_and_lines_are_numbered_and_stay() {
    let mut book = RecordBook::default();
    for n in 0..=LINES_ON_A_PAGE {
        sell(&mut book, &asked(&format!("Buyer {n}"), Contents::OtherByVolume, 120), nine("2026-03-02")).expect("sold");
    }
    let entry = book.entries().first().expect("a line");
    assert_eq!((entry.number, entry.page, entry.line), (1, 1, 1));
    assert_eq!((entry.buyer.name.as_str(), entry.buyer.address.as_str()), ("Buyer 0", "5 Elm Street, Springfield"));
    assert_eq!((entry.product.name.as_str(), entry.quantity), ("Cough syrup", 120));
    assert_eq!((entry.sold.date(), entry.pharmacist.id.as_str()), (day("2026-03-02"), "rivera"));
    let numbers: Vec<u64> = book.entries().iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=LINES_ON_A_PAGE + 1).collect::<Vec<_>>());
    assert_eq!(book.page(2).map(|entry| entry.line).collect::<Vec<_>>(), [1]);

    // Nothing is taken out or written over: a correction is another line.
    let before = book.entries().to_vec();
    refused(book.correct(999, "wrong", pharmacist(), nine("2026-03-03")), "BOOKS-BOOK-LINE");
    refused(book.correct(1, " ", pharmacist(), nine("2026-03-03")), "BOOKS-BOOK-TEXT");
    let correction = book.correct(1, "the address is 6 Elm Street", pharmacist(), nine("2026-03-03")).expect("made");
    for event in stored(&correction) {
        book.apply(&event);
    }
    assert_eq!(book.entries(), before);
    assert!(book.is_corrected(1));
    sell(&mut book, &asked("Later", Contents::OtherByVolume, 120), nine("2026-03-04")).expect("sold");
    assert_eq!(book.entries().last().map(|entry| entry.number), Some(LINES_ON_A_PAGE + 3));
}

#[test]
fn a_sale_lacking_an_entry_a_pharmacist_an_age_or_an_identity_is_refused() {
    let book = RecordBook::default();
    let check = |spoil: &dyn Fn(&mut CounterRequest), code: &str| {
        let mut asked = asked("Ann Buyer", Contents::OtherByVolume, 120);
        spoil(&mut asked);
        refused(book.sell(&strictest(), &asked, &pharmacist(), nine("2026-05-05")), code);
    };
    check(&|asked| asked.buyer.name.clear(), "LAW-1306.26-BOOK");
    check(&|asked| asked.buyer.address.clear(), "LAW-1306.26-BOOK");
    check(&|asked| asked.shown = Shown::Nothing, "LAW-1306.26-IDENTITY");
    check(&|asked| asked.buyer.born = day("2008-05-06"), "LAW-1306.26-AGE");
    let mut eighteen = asked("Ann Buyer", Contents::OtherByVolume, 120);
    eighteen.buyer.born = day("2008-05-05");
    eighteen.shown = Shown::Known;
    assert!(book.sell(&strictest(), &eighteen, &pharmacist(), nine("2026-05-05")).is_ok());
    refused(book.sell(&strictest(), &eighteen, &technician(), nine("2026-05-05")), "LAW-1306.26-PHARMACIST");
}

/// The limits hold over 48 hours and over every product; 240 mL, 48 units, 120 mL and 24 units are each the whole of one.
#[test]
fn forty_eight_hours_count_across_products_as_shares_of_their_limits() {
    let limits = [
        (Contents::OpiumByVolume, 240),
        (Contents::OpiumByUnit, 48),
        (Contents::OtherByVolume, 120),
        (Contents::OtherByUnit, 24),
    ];
    for (contents, limit) in limits {
        let mut book = RecordBook::default();
        refused(
            book.sell(&strictest(), &asked("Ann", contents, limit + 1), &pharmacist(), nine("2026-03-02")),
            "LAW-1306.26-LIMIT",
        );
        sell(&mut book, &asked("Ann", contents, limit), nine("2026-03-02")).expect("the limit itself");
        for (other, _) in limits {
            let one_more = asked(" ANN ", other, 1);
            let again = |at| book.sell(&strictest(), &one_more, &pharmacist(), at);
            refused(again(at("2026-03-04T08:59:59")), "LAW-1306.26-LIMIT");
            assert!(again(at("2026-03-04T09:00:00")).is_ok(), "{contents} then {other}");
        }
        // Somebody else is not meant.
        assert!(book.sell(&strictest(), &asked("Bob", contents, limit), &pharmacist(), nine("2026-03-02")).is_ok());
    }
    let mut book = RecordBook::default();
    sell(&mut book, &asked("Ann", Contents::OpiumByVolume, 120), nine("2026-03-02")).expect("half of a limit");
    let half = |quantity| {
        book.sell(&strictest(), &asked("Ann", Contents::OtherByUnit, quantity), &pharmacist(), nine("2026-03-02"))
    };
    assert!(half(12).is_ok());
    refused(half(13), "LAW-1306.26-LIMIT");
}

/// Requirements: pharm-otc-stock-posting
#[test]
fn a_sale_takes_from_the_stock_under_the_number_of_its_line() {
    let mut book = RecordBook::default();
    sell(&mut book, &asked("Ann Buyer", Contents::OtherByVolume, 120), nine("2026-03-02")).expect("sold");
    let commodity = Commodity { registration: dea("FT1234563"), ndc: ndc("50383008504"), unit: StockUnit::Microlitre };
    let amount = |units| Amount::new(units).expect("an amount");
    let received = Movement::new(
        (commodity.clone(), Schedule::V),
        MovementKind::Receipt,
        (Account::Source(dea("RT1234563")), Account::Shelf),
        amount(480_000),
        (nine("2026-03-01").timestamp, Document::new(DocumentKind::Invoice, "INV-1")),
        vec![pharmacist()],
    );
    let sold = book.entries().first().expect("a line").movement(&commodity, amount(120_000));
    assert_eq!(sold.document, Document::new(DocumentKind::SaleRecord, "record-book-1"));
    let mut stock = Stock::new(commodity);
    for movement in [&received, &sold] {
        for event in stock.post(movement, nine("2026-03-02").timestamp).expect("posted") {
            stock.apply(&event).expect("consistent");
        }
    }
    assert_eq!(stock.balance(&Account::Shelf), 360_000);
    assert_eq!(stock.balance(&Account::OverTheCounter), 120_000);
}
