//! 21 CFR 1305.13 to 1305.15, 1305.24, 1305.25: a supplier fills, or passes on, an order.
//!
//! (1305.13(b)) The balance follows within 60 days of execution. (c) To the registered address only. (d) DEA hears of it
//!     by the end of the month; of an electronic one within two business days (1305.29).
//! (1305.13(a), triplicate) Copies 1 and 2 are together. Other package sizes may be sent, never more than ordered.
//! (1305.14) The first supplier may endorse a paper form to another, once; an electronic order never.

use super::orders::is_plain;
use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Order;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::OrderMethod;
use theriac_model::calendar::days_after;

rule!(TOGETHER: "1305.13-copies", "ordering", "21 CFR 1305.13(a), triplicate form", By::ALL,
    "The first two copies of a triplicate form stay together",
    ["law-ord-222-triplicate-copies"]);
rule!(ADDRESS: "1305.13-address", "ordering", "21 CFR 1305.13(c)", By::ALL,
    "An order is shipped to the registered address only",
    ["law-ord-222-ship-to-registered"]);
rule!(SIXTY: "1305.13-sixty-days", "ordering", "21 CFR 1305.13(b)", By::ALL,
    "An order, and the balance of one, is filled within 60 days of its execution",
    ["law-ord-222-partial-60-days"]);
rule!(NO_MORE: "1305.13-quantity", "ordering", "Manual 2010, section VIII", By::ALL,
    "Other package sizes may be sent, never more than ordered",
    ["law-ord-222-package-substitution"]);
rule!(ENDORSE: "1305.14-endorse", "ordering", "21 CFR 1305.14", By::ALL,
    "The first supplier may endorse a paper form to another, once; an electronic order is never endorsed",
    ["law-ord-222-endorse", "law-ord-csos-no-endorse"]);

parameter!(DAYS: "order.days", "days after execution in which an order may be filled", Min, Domain::Number("days"),
    [Row::of(By::ALL, 60, "21 CFR 1305.13(b)")]);

/// Whether the copies are together.
pub(crate) fn together(law: &Law<'_>, order: &Order) -> Outcome {
    if order.method != OrderMethod::Form222Triplicate {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.copies_attached, || {
        law.deny(
            &TOGETHER,
            Reason::DefectiveOrder,
            "LAW-1305.13-COPIES",
            "the first two copies have been separated",
            "return the form with the reason",
        )
        .about("order.copies_attached")
    })
}

/// Whether it goes to the registered address.
pub(crate) fn address(law: &Law<'_>, order: &Order) -> Outcome {
    if is_plain(order.method) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.registered_address, || {
        law.deny(
            &ADDRESS,
            Reason::RegistrationInvalid,
            "LAW-1305.13-ADDRESS",
            "the shipment would go to an address that is not registered",
            "ship it to the registered address",
        )
        .about("order.registered_address")
    })
}

/// Whether the 60 days still run, from execution, or the first shipment where that is all that is known.
pub(crate) fn sixty(law: &Law<'_>, order: &Order) -> Outcome {
    let Some(from) = order.executed.or(order.first_shipped) else { return Outcome::NotApplicable };
    let Some(bound) = law.bound(&DAYS).filter(|_| !is_plain(order.method)) else {
        return Outcome::NotApplicable;
    };
    let last = u32::try_from(bound.value).ok().and_then(|days| days_after(from, days));
    let Some(last) = last else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &SIXTY,
            Reason::Expired,
            "LAW-1305.13-EXPIRED",
            format!("it could be filled until {last}"),
            "ask for a new order",
        )
        .by(&bound)
        .about("order.executed")
    })
}

/// Whether no more goes than was ordered.
pub(crate) fn no_more(law: &Law<'_>, order: &Order, units: Option<u64>) -> Outcome {
    let (Some(units), Some(ordered)) = (units, order.ordered_units) else { return Outcome::NotApplicable };
    Outcome::unless(units <= ordered, || {
        law.deny(
            &NO_MORE,
            Reason::QuantityExceeded,
            "LAW-1305.13-QUANTITY",
            format!("{units} units, and {ordered} were ordered"),
            format!("ship at most {ordered}"),
        )
        .about("request.units")
    })
}

/// Whether it may be endorsed.
pub(crate) fn endorse(law: &Law<'_>, order: &Order) -> Outcome {
    let what = match order.method {
        OrderMethod::Csos => "an electronic order is never endorsed",
        method if is_plain(method) => "a purchase order is not endorsed",
        _ if order.endorsed_before => "it has been endorsed once",
        _ => return Outcome::Satisfied,
    };
    let denial = law
        .deny(
            &ENDORSE,
            Reason::EndorsementNotAllowed,
            "LAW-1305.14-ENDORSE",
            what,
            "ask the purchaser for a new order to the other supplier",
        )
        .about("order");
    Outcome::Violated(Box::new(denial))
}
