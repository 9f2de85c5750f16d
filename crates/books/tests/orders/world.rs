//! A pharmacy, its suppliers, and forms to order on.

use jiff::civil::Date;
use theriac_books::orders::{
    Draft, Edition, FormNumber, FormRegister, FormsEventRecord, Order, OrderEvent, OrderNumber, OwnCopy, PowerEvent,
    Powers, SupplyEvent, WrittenItem, WrittenLine,
};
use theriac_books::{Amount, Commodity, Party, Product, StockUnit};
use theriac_law::vocab::{Condition, SignatureKind, Standing};
use theriac_law::{Moment, Profile};
use theriac_model::{Actor, Address, BusinessActivity, DeaNumber, Ndc, Refusal, Role, Schedule};

pub(crate) fn strictest() -> Profile {
    Profile::strictest()
}

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse(text).expect("an instant with its offset")
}

/// Nine in the morning of a day.
pub(crate) fn nine(day: &str) -> Moment {
    at(&format!("{day}T09:00:00-05:00"))
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub(crate) fn dea(text: &str) -> DeaNumber {
    DeaNumber::parse(text).expect("a DEA number")
}

pub(crate) fn party(name: &str, number: &str, activity: BusinessActivity) -> Party {
    let address = Address {
        line1: "1 Main Street".to_owned(),
        line2: None,
        city: "Springfield".to_owned(),
        state: "IL".to_owned(),
        postal: "62701".to_owned(),
    };
    Party { name: name.to_owned(), address, number: dea(number), activity }
}

pub(crate) fn pharmacy() -> Party {
    party("Corner Pharmacy", "FT1234563", BusinessActivity::Pharmacy)
}

pub(crate) fn supplier() -> Party {
    party("Prairie Wholesale", "RT1234563", BusinessActivity::Distributor)
}

pub(crate) fn second_supplier() -> Party {
    party("Lakes Wholesale", "PT1234563", BusinessActivity::Distributor)
}

pub(crate) fn practitioner() -> Party {
    party("Clinic on the Hill", "BT1234563", BusinessActivity::Practitioner)
}

pub(crate) fn product(ndc: &str, name: &str, schedule: Schedule) -> Product {
    Product {
        commodity: Commodity {
            registration: dea("FT1234563"),
            ndc: Ndc::parse(ndc).expect("an NDC"),
            unit: StockUnit::Piece,
        },
        schedule,
        name: name.to_owned(),
        form: "Tablet".to_owned(),
        strength: "10 mg".to_owned(),
        other_strength: None,
        per_container: Amount::new(100).expect("an amount"),
    }
}

pub(crate) fn oxycodone() -> Product {
    product("00406055201", "Oxycodone hydrochloride", Schedule::II)
}

pub(crate) fn methadone() -> Product {
    product("00406577101", "Methadone hydrochloride", Schedule::II)
}

pub(crate) fn alprazolam() -> Product {
    product("00228202710", "Alprazolam", Schedule::IV)
}

pub(crate) fn pharmacist() -> Actor {
    Actor::new("rivera", Role::Pharmacist)
}

pub(crate) fn technician() -> Actor {
    Actor::new("lee", Role::Technician)
}

pub(crate) fn form(text: &str) -> FormNumber {
    FormNumber::parse(text).expect("a serial number")
}

pub(crate) fn number(text: &str) -> OrderNumber {
    OrderNumber::Form(form(text))
}

/// A register with blank single sheets 210000001 to 210000009 and the triplicate book that begins with 090000001.
pub(crate) fn register() -> FormRegister {
    let empty = FormRegister::new(pharmacy());
    let serials = (1..=9).map(|n| form(&format!("21000000{n}"))).collect();
    let sheets = empty
        .receive(Edition::SingleSheet, serials, day("2021-11-01"), pharmacist(), nine("2021-11-08"))
        .expect("taken in");
    let book =
        empty.receive_book(&form("090000001"), day("2009-12-01"), pharmacist(), nine("2009-12-07")).expect("taken in");
    empty.replay(stored_forms(&sheets).iter().chain(&stored_forms(&book)))
}

/// Powers of a pharmacy whose owner, Olga Owner, signed the latest application.
pub(crate) fn powers() -> Powers {
    Powers::new(pharmacy(), "Olga Owner")
}

pub(crate) fn line(number: u32, product: Product, packages: u32) -> WrittenLine {
    WrittenLine { number, items: vec![WrittenItem { product, packages: Some(packages) }] }
}

/// A well-made order on this form, signed by the owner.
pub(crate) fn draft(number: OrderNumber, lines: Vec<WrittenLine>) -> Draft {
    Draft {
        number,
        purchaser: pharmacy(),
        schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        standing: Standing::Valid,
        supplier: supplier(),
        last_line: u32::try_from(lines.len()).ok(),
        lines,
        condition: Condition::Good,
        signature: Some(SignatureKind::Handwritten),
        signer: "Olga Owner".to_owned(),
        copy: OwnCopy::Kept,
    }
}

pub(crate) fn execute(draft: &Draft, at: Moment) -> Result<Vec<OrderEvent>, Refusal> {
    let digest = matches!(draft.number, OrderNumber::Tracking(_)).then(|| "00".repeat(32));
    Order::execute(&strictest(), draft, (&register(), &powers()), digest, at)
}

/// Oxycodone 5 packages on line 1, methadone 2 packages on line 2.
pub(crate) fn executed() -> Vec<OrderEvent> {
    let lines = vec![line(1, oxycodone(), 5), line(2, methadone(), 2)];
    execute(&draft(number("210000001"), lines), nine("2026-03-02")).expect("a good order")
}

pub(crate) fn order(events: &[OrderEvent]) -> Order {
    Order::replay(&stored(events)).expect("an order")
}

macro_rules! read_back {
    ($name:ident, $event:ty) => {
        /// The events as they come back from the store.
        pub(crate) fn $name(events: &[$event]) -> Vec<$event> {
            let back: Vec<$event> = events
                .iter()
                .map(|event| <$event>::from_json(event.kind(), &event.to_json()).expect("read back"))
                .collect();
            assert_eq!(back, events);
            back
        }
    };
}
read_back!(stored, OrderEvent);
read_back!(stored_forms, FormsEventRecord);
read_back!(stored_powers, PowerEvent);
read_back!(stored_supply, SupplyEvent);

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code.0, code, "{refusal}");
    refusal
}
