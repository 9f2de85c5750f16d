//! Bad input at the books and the order desk, one kind a test: each is refused or recorded as the law says, with the reason.

use super::desk::Place;
use super::*;
use crate::house::House;
use crate::house::clock::Clock;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

const CODEINE: &str = "99999020101";
const OXYCODONE: &str = "99999010101";
const METHYLPHENIDATE: &str = "99999010201";
const BY_HAND: &str = "signature=handwritten&condition=good&copy=yes";

fn supplier() -> String {
    let number = crate::demo::cast::supplier_number();
    format!("number={number}&name=Prairie+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001")
}

/// That a page tells one reason, with its code, its paragraph, and what was found.
fn one_reason(page: &str, code: &str, cite: &str, found: &str) {
    let told: std::collections::BTreeSet<&str> = page
        .split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c == '.'))
        .filter(|word| ["LAW-", "BOOKS-", "ORDER-", "FORM-FIELD"].iter().any(|first| word.starts_with(first)))
        .collect();
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [code], "{page}");
    assert!(page.contains(cite) && page.contains(found), "{cite}, {found}: {page}");
}

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

/// The same place on another day.
fn on(day: &str) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let start = format!("{day}T09:00:00-07:00[America/Phoenix]").parse::<jiff::Zoned>().unwrap();
    let clock = Clock::told(TimeZone::get("America/Phoenix").unwrap(), start.timestamp());
    let house = House::found(&dir.path().join("house"), crate::commands::deployment::demonstration(), clock).unwrap();
    crate::demo::world::populate(&house).unwrap();
    Place::of(house, dir)
}

async fn at_work(place: &Place, edition: &str) {
    done(place, "/orders/applicant", "ola", "signer=fern").await;
    let forms = format!("serials=210000001-210000005&edition={edition}&issued=2021-01-15");
    done(place, "/orders/forms/receive", "tess", &forms).await;
}

/// Makes an order out on form 210000001 and tries to sign it; answers the page of the refusal.
async fn refused_at_signing(place: &Place, lines: &str, signing: &str) -> String {
    let draft = format!("number-of-form=210000001&{lines}&{}", supplier());
    let page = done(place, "/orders/drafts", "tess", &draft).await;
    let answer = place.ask("POST", &format!("{page}/sign"), "fern", signing).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(place.get("/orders/forms", "iris").await.text.contains("5 blank"), "no form is used up");
    answer.text
}

fn line(n: u32, ndc: &str) -> String {
    let size = if ndc == METHYLPHENIDATE { 20 } else { 100 };
    format!("ndc-{n}={ndc}&packages-{n}=1&size-{n}={size}")
}

#[tokio::test]
async fn a_form_with_a_gap_is_no_order() {
    let place = Place::new();
    at_work(&place, "single-sheet").await;
    let gap = format!("{}&{}&last=3", line(1, OXYCODONE), line(3, METHYLPHENIDATE));
    let page = refused_at_signing(&place, &gap, BY_HAND).await;
    one_reason(&page, "LAW-1305.12-ONE-A-LINE", "21 CFR 1305.12(a)", "A line of the form is skipped");
}

#[tokio::test]
async fn a_form_with_an_alteration_is_no_order() {
    let place = Place::new();
    at_work(&place, "single-sheet").await;
    let altered = BY_HAND.replace("good", "altered");
    let page = refused_at_signing(&place, &format!("{}&last=1", line(1, OXYCODONE)), &altered).await;
    one_reason(&page, "LAW-1305.15-DEFECT", "21 CFR 1305.15(a)", "The order is altered");
}

#[tokio::test]
async fn eleven_lines_do_not_stand_on_a_form_of_ten_and_ten_do() {
    let place = on("2021-03-02");
    at_work(&place, "triplicate").await;
    let lines = |n: u32| {
        let lines: Vec<String> =
            (1..=n).map(|n| line(n, if n % 2 == 0 { METHYLPHENIDATE } else { OXYCODONE })).collect();
        format!("{}&last={n}", lines.join("&"))
    };
    let page = refused_at_signing(&place, &lines(11), BY_HAND).await;
    one_reason(&page, "LAW-1305.12-LINES", "21 CFR 1305.12", "11");
    let draft = format!("number-of-form=210000001&{}&{}", lines(10), supplier());
    let page = done(&place, "/orders/drafts", "tess", &draft).await;
    assert_eq!(done(&place, &format!("{page}/sign"), "fern", BY_HAND).await, "/orders/form-210000001");
}

#[tokio::test]
async fn an_electronic_order_under_an_expired_certificate_is_refused_and_leaves_nothing() {
    let place = Place::new();
    at_work(&place, "single-sheet").await;
    let draft = format!("{}&{}", line(1, OXYCODONE), supplier());
    let first = done(&place, "/orders/drafts", "tess", &draft).await;
    done(&place, &format!("{first}/sign"), "fern", "").await;
    // The certificate was made for three years.
    place.house.clock.advance(SignedDuration::from_hours(24 * 365 * 3 + 24));
    let late = done(&place, "/orders/drafts", "tess", &draft).await;
    let answer = place.ask("POST", &format!("{late}/sign"), "fern", "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    one_reason(&answer.text, "LAW-1305.25-CERTIFICATE", "21 CFR 1305", "expired");
    assert_eq!(place.house.purchases().unwrap().len(), 1, "there is no second order");
}

#[tokio::test]
async fn a_count_of_a_product_that_never_came_is_recorded_and_changes_no_balance() {
    let place = Place::new();
    place.house.clock.advance(SignedDuration::from_hours(1));
    let at =
        done(&place, "/books/inventories", "fern", &format!("occasion=cycle&taken=close&products={CODEINE}")).await;
    let never = theriac_model::Ndc::parse("99999990101").unwrap();
    let product = crate::house::event::Product {
        ndc: never.clone(),
        name: "Diazepam".to_owned(),
        strength: "5 mg".to_owned(),
        form: "tablet".to_owned(),
        unit: theriac_model::DrugUnit::Tablet,
        schedule: Some(theriac_model::Schedule::IV),
    };
    let listed = crate::house::event::HouseEvent::ProductListed(product);
    place.house.note(&crate::house::program(), &[listed]).unwrap();
    assert!(!place.house.stocked().unwrap().contains(&never));
    done(&place, &format!("/books/stock/{never}/act"), "fern", "act=container&container=100").await;
    done(&place, &format!("{at}/add"), "tess", &format!("product={never}")).await;
    let sheet = place.house.sheet(at.rsplit('/').next().unwrap()).unwrap();
    let line = sheet.inventory.sheet().iter().find(|line| line.place.product.commodity.ndc == never).unwrap().line;
    let form = format!("sealed-1=4&loose-1=0&sealed-{line}=1&loose-{line}=0");
    done(&place, &format!("{at}/count"), "tess", &form).await;
    done(&place, &format!("{at}/close"), "fern", "").await;
    let page = place.get(&at, "iris").await.text;
    assert!(page.contains("Diazepam") && page.contains("to be looked into"), "{page}");
    let books = place.house.books_of(std::slice::from_ref(&never)).unwrap();
    assert!(books.ledger.stocks().all(|stock| stock.on_hand() == 0), "a count is no receipt");
    let unknown = place.ask("POST", &format!("{at}/add"), "tess", "product=12345678901").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    one_reason(&unknown.text, "FORM-FIELD", "", "NDC 12345678901 is not in the drug file");
}

#[tokio::test]
async fn what_comes_beyond_the_order_is_set_apart_and_no_order_covers_it() {
    let place = Place::new();
    at_work(&place, "single-sheet").await;
    let draft = format!("number-of-form=210000001&{}&last=1&{}", line(1, OXYCODONE), supplier());
    let page = done(&place, "/orders/drafts", "tess", &draft).await;
    let order = done(&place, &format!("{page}/sign"), "fern", BY_HAND).await;
    done(&place, &format!("{order}/receive"), "fern", "packages-1=3").await;
    let page = place.get(&order, "iris").await.text;
    assert!(page.contains("2 more than ordered, to go back"), "{page}");
    assert!(place.get("/orders", "fern").await.text.contains("send them back"));
    let stock = place.get(&format!("/api/v1/stock/{OXYCODONE}"), "fern").await;
    assert_eq!(stock.json()["row"]["on_hand"], "400 tablets", "one package is on the shelf");
}
