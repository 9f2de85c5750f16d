//! A business passes to another registrant over the pages: the notice, the day, the records, and what the other side keeps.

use super::desk::Place;
use super::*;
use crate::commands::deployment::demonstration;
use crate::house::config::Config;
use crate::stockroom::verify_records;
use std::fmt::Write as _;
use theriac_model::{Actor, DeaNumber};

const NOTICE: &str = "what=business-notice&transferee=Second+Pharmacy&line1=4+Other+Road&city=Tucson&state=AZ&postal=85703&activity=pharmacy&place=same&on=2026-03-16";

fn other() -> DeaNumber {
    DeaNumber::compose(*b"FS", 456_456).expect("a number")
}

fn elsewhere() -> Config {
    let mut config = demonstration();
    config.name = "other.theriac.invalid/journal".to_owned();
    config.pharmacy.name = "Second Pharmacy".to_owned();
    config.pharmacy.address = "4 Other Road, Tucson, AZ 85703".to_owned();
    config.pharmacy.registration = other().to_string();
    config
}

async fn done(place: &Place, path: &str, form: &str) -> String {
    let answer = place.ask("POST", path, "fern", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

async fn refused(place: &Place, path: &str, form: &str, code: &str) -> String {
    let answer = place.ask("POST", path, "fern", form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}: {} {}", answer.status, answer.text);
    assert!(answer.text.contains(code), "{code} for {form}: {}", answer.text);
    answer.text
}

async fn seen(place: &Place, path: &str) -> String {
    let answer = place.get(path, "iris").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

/// Counts everything as the books have it, in an inventory for the transfer.
async fn inventory(place: &Place) -> String {
    let at = done(place, "/books/inventories", "occasion=transfer&taken=close").await;
    let id = at.rsplit('/').next().unwrap().to_owned();
    let sheet = place.house.sheet(&id).unwrap();
    let books = place.house.all_books().unwrap();
    let mut form = String::new();
    for line in sheet.inventory.sheet() {
        let commodity = &line.place.product.commodity;
        let units = books.stock(commodity).balance(&line.place.account);
        let _ =
            write!(form, "sealed-{0}=0&loose-{0}={1}&", line.line, crate::stockroom::in_words(units, commodity.unit));
    }
    done(place, &format!("{at}/count"), &form).await;
    done(place, &format!("{at}/close"), "").await;
    id
}

/// Requirements: pharm-tob-records-pass, pharm-tob-inventory-not-sent
#[tokio::test]
async fn a_business_passes_with_its_stock_and_its_records_and_nothing_is_left_out() {
    let place = Place::new();
    let steps = "/books/registration/steps";
    assert!(seen(&place, "/books/transfer").await.contains("No transfer is planned"));
    refused(&place, "/books/transfer", "inventory=x", "BOOKS-TRANSFER-NOTICE").await;
    // The notice lacks the transferee's number: it is not made out.
    refused(&place, steps, &format!("{NOTICE}&number="), "FORM-FIELD").await;
    done(&place, steps, &format!("{NOTICE}&number={}", other())).await;
    let page = seen(&place, "/books/registration").await;
    assert!(page.contains("Notice of the transfer of business on 2026-03-16"), "{page}");
    super::papers::prints(
        &place,
        "P7",
        "",
        &["Second Pharmacy", "4 Other Road, Tucson, AZ 85703", "at the same place", "2026-03-16"],
    )
    .await;
    refused(&place, steps, "what=business-notice-received&on=2026-03-02&how=perhaps&proof=RR-1", "FORM-FIELD").await;
    done(&place, steps, "what=business-notice-received&on=2026-03-02&how=received&proof=RR-1").await;

    // Thirteen days after the notice it is too early, whatever else is in order.
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 13 + 1));
    let early = inventory(&place).await;
    let pass = |id: &str| {
        format!("inventory={id}&order-kind=order-form&order=310000001&document=T-1&registered=licensed&receiver=sam")
    };
    refused(&place, "/books/transfer", &pass(&early), "LAW-1301.52").await;
    place.house.clock.advance(jiff::SignedDuration::from_hours(24));
    refused(&place, "/books/transfer", &pass(&early), "LAW-1301.52-INVENTORY").await;
    let id = inventory(&place).await;
    refused(&place, "/books/transfer", &pass(&id), "LAW-1301.52-PASSED").await;

    // The records pass first: one file that proves itself, and shows nothing of what was made elsewhere.
    let made = place.ask("POST", "/books/transfer/records", "fern", "").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let file = made.text;
    let records = verify_records(&file, None).map(|records| records.says()).unwrap();
    assert!(records.contains("none is left out"), "{records}");
    let strange = theriac_journal::NoteSigner::from_seed(place.house.store.origin(), &[7; 32]).unwrap().verifier();
    assert!(verify_records(&file, Some(&strange)).is_err(), "another key signed nothing of it");
    let first = file.find("\"body\":\"").unwrap() + 8;
    let mut bent = file.clone().into_bytes();
    bent[first] = if bent[first] == b'A' { b'B' } else { b'A' };
    assert!(verify_records(std::str::from_utf8(&bent).unwrap(), None).is_err(), "a changed record");
    let mut value: Value = serde_json::from_str(&file).unwrap();
    let all = value["records"].as_array_mut().unwrap();
    let middle = all.len() / 2;
    all.remove(middle);
    let text = value.to_string();
    let less = file.split_once("\"records\":").unwrap().0.to_owned()
        + "\"records\":"
        + text.split_once("\"records\":").map_or("", |(_, rest)| rest);
    let less = if less.starts_with("{\"theriac\"") { less } else { text };
    assert!(verify_records(&less, None).is_err(), "a record that is left out");
    let elsewhere_bodies = serde_json::from_str::<Value>(&file).unwrap()["records"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["commitment"].is_string() && row["body"].is_string())
        .count();
    assert_eq!(elsewhere_bodies, 0);

    // No order form of the transferee, no schedule II; then the stock passes, once.
    refused(&place, "/books/transfer", &pass(&id).replace("310000001", ""), "BOOKS-TRANSFER-DOCUMENT").await;
    refused(&place, "/books/transfer", &pass(&id).replace("=licensed", "=early-alone"), "LAW-1301.17-EARLY").await;
    done(&place, "/books/transfer", &pass(&id)).await;
    let books = place.house.all_books().unwrap();
    assert!(books.ledger.stocks().all(|stock| stock.on_hand() == 0), "every product stands at zero");
    assert!(seen(&place, "/books/transfer").await.contains("passed 2026-03-16"));

    // DEA has not asked for the inventory: there is nothing to send. It asks: the copy waits until it is sent.
    let sent = format!("what=business-inventory-sent&on=2026-03-20&inventory={id}&how=by+mail");
    refused(&place, steps, &sent, "BOOKS-TRANSFER-NOT-ASKED").await;
    done(&place, steps, &format!("what=business-inventory-asked&on=2026-03-18&by=Agent+Example&inventory={id}")).await;
    let waiting = format!("Agent Example asked for a copy of inventory {id}");
    assert!(seen(&place, "/books").await.contains(&waiting));
    assert!(place.bytes(&format!("/books/papers/P29/pdf?of={id}"), "iris").await.starts_with(b"%PDF-"));
    done(&place, steps, &sent).await;
    assert!(!seen(&place, "/books").await.contains(&waiting));

    // The other side keeps every record with the mark of whoever made it, once.
    let there = Place::begun(elsewhere());
    let by = Actor::new("fern", Role::Pharmacist);
    let (records, new) = there.house.take_records_over(&by, &file, Some(&place.house.keys.verifier())).unwrap();
    assert_eq!((new, records.registrant), (records.count, place.house.pharmacy));
    let (_, again) = there.house.take_records_over(&by, &file, None).unwrap();
    assert_eq!(again, 0, "a second time nothing is new");
    let listed = there.house.predecessors().unwrap();
    assert_eq!(listed, vec![(place.house.pharmacy.to_string(), new as u64)]);
    assert!(seen(&there, "/books/transfer").await.contains(place.house.pharmacy.as_str()));
    assert!(place.house.take_records_over(&by, &file, None).is_err(), "its own records");
    there.house.store.rebuild().unwrap();
    let kept = there.house.predecessors().unwrap();
    assert_eq!(kept, listed);
}

/// Requirements: pharm-staff-for-cause-meaning
#[tokio::test]
async fn the_four_questions_are_asked_apart_each_yes_with_its_day_and_authority() {
    let place = Place::new();
    let page = seen(&place, "/books/registration").await;
    let form = place.get("/books/registration", "fern").await.text;
    assert!(page.contains("Registration"), "{page}");
    for shown in [
        "Convicted of a felony about controlled substances",
        "An application for DEA registration was ever denied",
        "A DEA registration was ever revoked",
        "given up instead of, or because of, a federal or State administrative, civil or criminal action after an investigation",
        "name=\"surrendered-authority\"",
        "name=\"felony-on\"",
    ] {
        assert!(form.contains(shown), "{shown}: {form}");
    }
    let steps = "/books/registration/steps";
    let clear = "what=staff-asked&person=tess&on=2026-03-02&felony=no&denied=no&revoked=no&surrendered=no";
    for (from, to) in [
        ("felony=no", "felony="),
        ("denied=no", "denied=yes"),
        ("revoked=no", "revoked=yes&revoked-on=2011-01-01"),
        ("surrendered=no", "surrendered=yes&surrendered-authority=DEA"),
        ("person=tess", "person=nobody"),
    ] {
        refused(&place, steps, &clear.replace(from, to), "FORM-FIELD").await;
    }
    done(&place, steps, clear).await;
    // A yes bars from every act on the stock until a waiver is approved, and from its day on.
    let yes = clear.replace("surrendered=no", "surrendered=yes&surrendered-on=2011-01-01&surrendered-authority=DEA");
    done(&place, steps, &yes).await;
    let spill = "act=spill&lost=1&circumstances=x";
    let act = |who: &'static str| place.ask("POST", "/books/stock/99999010101/act", who, spill);
    assert!(act("tess").await.text.contains("LAW-1301.76-WAIVER"));
    let request = "what=waiver-requested&person=tess&on=2026-03-02&violations=x&licensure=x&access=x&physical=x&professional=x&registrant-status=x&other=none";
    refused(&place, steps, "what=waiver-approved&person=tess&on=2026-03-02&reference=W-1", "FORM-FIELD").await;
    refused(&place, steps, &request.replace("other=none", "other="), "FORM-FIELD").await;
    done(&place, steps, request).await;
    assert!(act("tess").await.text.contains("only requested"));
    done(&place, steps, "what=waiver-approved&person=tess&on=2026-03-03&reference=W-1").await;
    assert!(act("tess").await.text.contains("LAW-1301.76-WAIVER"), "not before its day");
    place.house.clock.advance(jiff::SignedDuration::from_hours(24));
    assert_eq!(act("tess").await.status, StatusCode::SEE_OTHER);
}
