//! Stored bytes: the same for ever, read back exactly, damaged ones refused by name.

mod common;
use common::{at, custodian, movement, oxycodone, post, stocked};
use serde_json::{Value, json};
use theriac_books::{Account, BadEvent, Count, CountId, CountMethod, MovementKind, Stock, StockEvent};
use theriac_model::json::canonical;

fn receipt() -> StockEvent {
    let mut stock = Stock::new(oxycodone());
    post(&mut stock, &movement(MovementKind::Receipt, 500)).expect("a receipt").remove(0)
}

fn counted() -> StockEvent {
    let count = Count {
        account: Account::Shelf,
        found: 497,
        method: CountMethod::Exact,
        happened: at("2026-03-02T16:00:00Z"),
        counter: custodian(),
    };
    stocked(500).count(count, at(common::POSTED)).expect("a count").remove(0)
}

fn correction() -> StockEvent {
    let mut stock = stocked(500);
    stock.apply(&counted()).expect("foldable");
    let explaining = movement(MovementKind::ClericalOut, 3).explaining(CountId(1), "two bottles entered as three");
    post(&mut stock, &explaining).expect("a correction").remove(0)
}

fn check(event: &StockEvent, kind: &str, golden: &str) {
    let golden = golden.trim_end();
    let bytes = canonical(&event.to_json()).expect("canonical");
    assert_eq!(String::from_utf8(bytes).expect("UTF-8"), golden);
    assert_eq!(event.kind(), kind);
    let value: Value = serde_json::from_str(golden).expect("JSON");
    assert_eq!(StockEvent::from_json(kind, &value).as_ref(), Ok(event));
}

#[test]
fn stored_bytes_are_the_golden_ones_and_are_read_back_exactly() {
    check(&receipt(), "stock.posted", include_str!("golden/receipt.json"));
    check(&counted(), "stock.counted", include_str!("golden/count.json"));
    check(&correction(), "stock.posted", include_str!("golden/correction.json"));
}

fn refused(kind: &str, body: &Value) -> String {
    StockEvent::from_json(kind, body).expect_err("damaged").to_string()
}

#[test]
fn a_damaged_or_unknown_record_is_refused_by_name() {
    assert_eq!(refused("stock.moved", &json!({})), "\"stock.moved\" is not a kind of stock event");
    let whole = correction().to_json();
    assert_eq!(
        StockEvent::from_json("stock.posted", &json!({"format": 2})),
        Err(BadEvent::UnknownFormat(2, "stock.posted"))
    );
    let members: Vec<String> = whole.as_object().expect("an object").keys().cloned().collect();
    for member in members {
        let mut damaged = whole.clone();
        damaged[&member] = json!(-1);
        assert!(refused("stock.posted", &damaged).contains(&member) || member == "format", "{member}");
    }
    for (pointer, field) in [
        ("/commodity/registration", "registration"),
        ("/commodity/ndc", "ndc"),
        ("/commodity/unit", "unit"),
        ("/document/kind", "kind"),
        ("/signers/0/role", "role"),
        ("/lines/0/account", "account"),
        ("/lines/1/change", "change"),
    ] {
        let mut damaged = whole.clone();
        *damaged.pointer_mut(pointer).expect(pointer) = json!("?");
        assert!(refused("stock.posted", &damaged).starts_with(&format!("field {field}:")), "{pointer}");
    }
    let mut zero = whole;
    zero["lines"][0]["change"] = json!(0);
    assert_eq!(refused("stock.posted", &zero), "field change: a whole number up to 2^53, not zero expected");
    for value in [Value::Null, json!([]), json!("x"), json!(7)] {
        assert_eq!(refused("stock.counted", &value), "field format: a whole number expected");
    }
}
