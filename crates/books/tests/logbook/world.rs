//! People, products and a day.

use jiff::civil::Date;
use theriac_books::logbook::Buyer;
use theriac_law::{Moment, Profile};
use theriac_model::{Actor, DeaNumber, Ndc, Refusal, Role};

pub(crate) fn strictest() -> Profile {
    Profile::strictest()
}

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse(&format!("{text}-05:00")).expect("an instant")
}

pub(crate) fn nine(day: &str) -> Moment {
    at(&format!("{day}T09:00:00"))
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub(crate) fn ndc(text: &str) -> Ndc {
    Ndc::parse(text).expect("an NDC")
}

pub(crate) fn dea(text: &str) -> DeaNumber {
    DeaNumber::parse(text).expect("a DEA number")
}

pub(crate) fn buyer(name: &str, born: &str) -> Buyer {
    Buyer { name: name.to_owned(), address: "5 Elm Street, Springfield".to_owned(), born: day(born) }
}

pub(crate) fn pharmacist() -> Actor {
    Actor::new("rivera", Role::Pharmacist)
}

pub(crate) fn technician() -> Actor {
    Actor::new("lee", Role::Technician)
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
pub(crate) use read_back;

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code.0, code, "{refusal}");
    refusal
}
