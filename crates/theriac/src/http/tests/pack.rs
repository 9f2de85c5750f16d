//! The inspection pack is whole: whatever is bent, dropped, cut off or taken from an older pack is found by whoever computes it
//! again alone.

use super::desk::Place;
use super::*;
use crate::stockroom::verify_pack;
use serde_json::Value;

const CODEINE: &str = "99999020101";

fn supplier() -> String {
    let number = crate::demo::cast::supplier_number();
    format!(
        "number={number}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001&standing=registered"
    )
}

async fn received(place: &Place, invoice: &str) {
    place.house.clock.advance(jiff::SignedDuration::from_hours(1));
    let form = format!("{}&invoice={invoice}&lines={CODEINE}+1+1&confirmed=yes", supplier());
    let answer = place.ask("POST", "/books/receipts", "fern", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

async fn pack(place: &Place) -> Value {
    serde_json::from_slice(&place.bytes("/books/pack/json", "iris").await).unwrap()
}

/// The pack as a file again, which begins as packs begin.
fn again(mut pack: Value) -> String {
    pack.as_object_mut().unwrap().remove("theriac");
    let rest = pack.to_string();
    format!("{{\"theriac\":\"inspection-pack\",{}", rest.strip_prefix('{').unwrap())
}

fn of_codeine(pack: &mut Value) -> &mut Value {
    let products = pack["products"].as_array_mut().unwrap();
    products.iter_mut().find(|one| one["statement"]["commodity"]["ndc"] == CODEINE).unwrap()
}

/// The instant at which the statements of a pack end.
fn of_manifest(pack: &Value) -> String {
    pack["products"][0]["statement"]["to"].as_str().unwrap().to_owned()
}

/// Requirements: pharm-record-inspection-copying
#[tokio::test]
async fn a_pack_whose_end_is_cut_off_is_found_as_is_one_without_a_product_or_with_an_older_manifest() {
    let place = Place::new();
    received(&place, "INV-1").await;
    let older = pack(&place).await;
    received(&place, "INV-2").await;
    let whole = pack(&place).await;
    let found = verify_pack(&again(whole.clone()), None).unwrap();
    assert!(found.contains("nothing is left out"), "{found}");
    let check = |name: &str, change: &dyn Fn(&mut Value), says: &str| {
        let mut bent = whole.clone();
        change(&mut bent);
        let why = verify_pack(&again(bent), None).expect_err(name);
        assert!(why.contains(says), "{name}: {why}");
    };
    // The last entry goes, and the statement is made to agree: only the manifest knows.
    check(
        "the end of a product is cut off",
        &|pack| {
            let mut shorter = of_codeine(&mut older.clone()).clone();
            shorter["statement"]["to"] = Value::from(of_manifest(&whole));
            *of_codeine(pack) = shorter;
        },
        "1 of its 3 entries are left out at the end",
    );
    check(
        "a product is left out",
        &|pack| pack["products"].as_array_mut().unwrap().retain(|one| one["statement"]["commodity"]["ndc"] != CODEINE),
        "99999020101 are left out",
    );
    check(
        "a product is there twice",
        &|pack| {
            let copy = of_codeine(pack).clone();
            pack["products"].as_array_mut().unwrap().push(copy);
        },
        "twice",
    );
    check(
        "an older manifest with what it names",
        &|pack| {
            pack["manifest"] = older["manifest"].clone();
            *of_codeine(pack) = of_codeine(&mut older.clone()).clone();
        },
        "the manifest was made before",
    );
    check("a bent manifest", &|pack| pack["manifest"]["body"]["books"][0][2] = Value::from(99_999), "the manifest");
    check("no manifest", &|pack| drop(pack.as_object_mut().unwrap().remove("manifest")), "no manifest");
    check("another period", &|pack| pack["from"] = Value::from("2020-01-01"), "another period");
    // A statement of fewer days, which comes out when it is computed again.
    let statement = |from: &str| {
        let period = crate::stockroom::Period { from: Some(from.to_owned()), to: Some(of_manifest(&whole)) };
        let ndc = theriac_model::Ndc::parse(CODEINE).unwrap();
        let books = place.house.product_statement(&ndc, &period).unwrap();
        serde_json::from_str::<Value>(&books.statement.to_json().to_string()).unwrap()
    };
    check(
        "a statement of the last days only",
        &|pack| of_codeine(pack)["statement"] = statement("2026-03-01"),
        "and the pack of 2024-03-02 to 2026-03-02",
    );
    check(
        "a statement that begins a day later than the others",
        &|pack| of_codeine(pack)["statement"] = statement("2024-03-03"),
        "and others are of",
    );
    check("an inventory is added", &|pack| pack["inventories"] = serde_json::json!([{}]), "inventories");
    check(
        "an entry is taken for the manifest",
        &|pack| {
            let event = of_codeine(pack)["events"][0].clone();
            pack["manifest"] = event;
        },
        "the manifest",
    );
}

#[tokio::test]
async fn each_pack_is_recorded_with_who_made_it_and_looking_at_the_page_makes_none() {
    let place = Place::new();
    let page = place.get("/books/pack", "iris").await.text;
    assert!(page.contains("None yet"), "{page}");
    pack(&place).await;
    assert_eq!(place.house.packs_made().unwrap().len(), 1);
    let page = place.get("/books/pack", "fern").await.text;
    assert!(page.contains("Iris Inquest") && !page.contains("None yet"), "{page}");
    assert_eq!(place.house.packs_made().unwrap().len(), 1, "the page makes none");
}

/// While a counter goes on working, the pack holds what its manifest says and still computes.
#[tokio::test]
async fn a_pack_made_while_a_delivery_is_booked_is_whole() {
    let place = Place::new();
    received(&place, "INV-0").await;
    let house = std::sync::Arc::clone(&place.house);
    let by = theriac_model::Actor::new("iris", Role::Inspector);
    let making = std::thread::spawn(move || {
        (0..5).map(|_| house.inspection_pack(&by, None, None).unwrap().bytes).collect::<Vec<_>>()
    });
    for n in 1..12 {
        received(&place, &format!("INV-{n}")).await;
    }
    for bytes in making.join().unwrap() {
        verify_pack(std::str::from_utf8(&bytes).unwrap(), None).unwrap();
    }
}
