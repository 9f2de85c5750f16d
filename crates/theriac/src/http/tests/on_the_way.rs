//! Losses on the way and losses that repeat, over the pages.

use super::desk::Place;
use super::*;
use jiff::SignedDuration;
use theriac_books::{Account, Amount, Document, DocumentKind, Movement, MovementKind, Name};
use theriac_model::{Actor, Ndc, Schedule};

const CODEINE: &str = "99999020101";

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

fn shipment(custody: &str, more: &str) -> String {
    let number = crate::demo::cast::supplier_number();
    format!(
        "kind=lost-in-transit&circumstances=A+parcel+did+not+come&custody={custody}&carrier=Fast+Freight&number={number}&name=Prairie+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001{more}"
    )
}

/// Requirements: pharm-loss-in-transit-supplier, pharm-loss-in-transit-after-custody, pharm-loss-refused-shipment
#[tokio::test]
async fn a_parcel_that_turns_up_and_is_signed_for_becomes_this_pharmacys_to_report() {
    let place = Place::new();
    let case = done(&place, "/books/losses", "fern", &shipment("not-signed", "")).await;
    let steps = format!("{case}/steps");
    let page = place.get(&case, "fern").await.text;
    assert!(page.contains("<dd>supplier</dd>") && page.contains("notice not-ours"), "{page}");
    let due = place.get("/books", "fern").await.text;
    assert!(due.contains("tell the supplier, and say when it turns up") && !due.contains("Notice to DEA"), "{due}");
    done(&place, &steps, "fern", "act=supplier&channel=telephone").await;
    assert!(!place.get("/books", "fern").await.text.contains("tell the supplier"));
    place.house.clock.advance(SignedDuration::from_hours(72));
    let wrong = place.ask("POST", &steps, "fern", "act=turned-up&custody=not-signed").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    done(&place, &steps, "fern", "act=turned-up&custody=signed").await;
    let page = place.get(&case, "fern").await.text;
    // Thursday 5 March: the notice is due on Friday.
    for shown in ["<dd>pharmacy</dd>", "2026-03-06", "turned up and was signed for", "notice running"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(place.get("/books", "fern").await.text.contains("Notice to DEA of case L-1"));
    let twice = place.ask("POST", &steps, "fern", "act=turned-up&custody=refused").await;
    assert!(twice.text.contains("BOOKS-INCIDENT-FIELD"), "{}", twice.text);
}

/// Requirements: pharm-loss-central-fill-carrier, pharm-loss-retail-carrier
#[tokio::test]
async fn whoever_hired_the_carrier_of_filled_prescriptions_reports_their_loss() {
    let place = Place::new();
    for (hired, reporter) in [("pharmacy", "pharmacy"), ("central-fill-pharmacy", "central fill pharmacy")] {
        let form = shipment("not-signed", &format!("&hired-by={hired}"));
        let case = done(&place, "/books/losses", "fern", &form).await;
        let page = place.get(&case, "fern").await.text;
        assert!(page.contains(&format!("<dd>{reporter}</dd>")), "{page}");
    }
    let other = place.ask("POST", "/books/losses", "fern", &shipment("not-signed", "&hired-by=patient")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn small_losses_that_repeat_are_told_with_a_link_to_each_entry() {
    let place = Place::new();
    let by = Actor::new("fern", Role::Pharmacist);
    let commodity = place.house.commodity(&Ndc::parse(CODEINE).unwrap()).unwrap();
    let lose = |n: u32| {
        place.house.clock.advance(SignedDuration::from_hours(24));
        let way = (Account::Shelf, Account::TheftLoss(Name::parse(&format!("l-{n}")).unwrap()));
        let paper = (place.house.clock.now(), Document::new(DocumentKind::Incident, format!("l-{n}")));
        let what = (commodity.clone(), Schedule::III);
        let kind = MovementKind::TheftOrLoss;
        let movement = Movement::new(what, kind, way, Amount::new(i64::from(n)).unwrap(), paper, vec![by.clone()]);
        place.house.post(&by, &movement).unwrap();
    };
    (1..=3).for_each(lose);
    assert!(!place.get("/books/losses", "iris").await.text.contains("Small losses that repeat"), "three are none");
    lose(4);
    let page = place.get("/books/losses", "iris").await.text;
    assert!(page.contains("Small losses that repeat"), "{page}");
    for (n, says) in [(2, "1 tablet of "), (5, "4 tablets of ")] {
        assert!(page.contains(says), "{says}: {page}");
        let anchor = format!("#entry-{n}\"");
        let at = page.find(&anchor).unwrap_or_else(|| panic!("{anchor}: {page}"));
        let link = page[..at].rsplit("href=\"").next().unwrap().replace("&#38;", "&");
        let there = place.get(&link, "iris").await;
        assert!(there.text.contains(&format!("id=\"entry-{n}\"")), "{link}: {}", there.text);
    }
}

/// What the books refuse is said in the unit in which people count the product.
#[tokio::test]
async fn a_refusal_of_the_books_speaks_of_tablets_and_millilitres() {
    let place = Place::new();
    place.house.clock.advance(SignedDuration::from_hours(1));
    let case = done(&place, "/books/losses", "fern", "kind=other&circumstances=x").await;
    for (product, says) in [
        (CODEINE, "shelf holds 400 tablets, the movement takes 401 tablets"),
        ("99999040101", "shelf holds 946 mL, the movement takes 1000.5 mL"),
    ] {
        let amount = if product == CODEINE { "401" } else { "1000.5" };
        let answer =
            place.ask("POST", &format!("{case}/entries"), "fern", &format!("ndc={product}&amount={amount}")).await;
        assert!(answer.text.contains("BOOKS-NOT-ENOUGH"), "{}", answer.text);
        assert!(answer.text.to_lowercase().contains(&says.to_lowercase()), "{says}: {}", answer.text);
    }
}
