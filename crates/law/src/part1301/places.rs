//! 21 CFR 1301.11 to 1301.13, 1301.35, 1301.36, 1301.51; manual, section III: where controlled substances may be handled.
//!
//! (1301.11, 1301.12) Each place of business has a registration of its own, for the schedules handled there. (1301.13(e))
//!     It lasts three years; from the day after it has run out, without a renewal received by DEA, everything is without
//!     authority. It is renewed from 60 days before; a form is mailed about 50 days before, and who has none 30 days before
//!     asks for it. (1301.36) While suspended, revoked or surrendered nothing is handled.
//! The State's licence comes first. Where it is revoked or has lapsed, nothing is dispensed and DEA is contacted. A buyer
//!     who was registered early may receive, but not dispense before the State's licence is there.
//! (1301.51) Nothing is ordered to, or handled at, a new address before the modification is approved; across a State line
//!     the new State's licence comes first.
//! (1304.11(b), (d)) Nothing is handled before the initial inventory; nothing of a newly scheduled substance before its
//!     count.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Move, Place, covers};
use crate::part1305::execution::standing;
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{AddressStatus, Handling, Licence, Standing};
use jiff::Span;
use jiff::civil::Date;

rule!(REGISTERED: "1301.11-place", "registration", "21 CFR 1301.11, 1301.12, 1301.36", By::ALL,
    "Each place of business handles controlled substances under a registration of its own that is in force and covers the schedule",
    ["law-reg-every-place", "pharm-reg-required-to-handle", "pharm-reg-adverse-status-blocks", "pharm-ads-registration"]);
rule!(RUNNING: "1301.13-running", "registration", "21 CFR 1301.13(e); Manual 2010, section III", By::ALL,
    "From the day after a registration has run out nothing is handled, unless DEA has received the renewal",
    ["law-reg-three-years", "pharm-reg-expired-blocks-all"]);
rule!(LICENSED: "1301.13-licence", "registration", "Manual 2010, section III; 21 U.S.C. 823(g)", By::ALL,
    "A place is licensed by its State before it dispenses; a licence that lapsed or was revoked stops dispensing",
    ["pharm-reg-state-licence-first", "pharm-reg-state-action-reminder", "pharm-tob-early-registration"]);
rule!(ADDRESS: "1301.51-address", "registration", "21 CFR 1301.51; Manual 2010, section III", By::ALL,
    "Nothing is ordered to or handled at a new address before the modification is approved",
    ["pharm-reg-move-needs-approval"]);
rule!(OTHER_STATE: "1301.51-other-state", "registration", "21 CFR 1301.51; Manual 2010, section III", By::ALL,
    "A move across a State line is approved only after the new State's licence",
    ["pharm-reg-move-out-of-state"]);
rule!(FIRST_COUNT: "1304.11-first-count", "inventory", "21 CFR 1304.11(b), (d)", By::ALL,
    "Nothing is received or dispensed before the initial inventory, nor of a newly scheduled substance before its count",
    ["pharm-inventory-initial-count", "pharm-inventory-newly-scheduled"]);
rule!(CHAIN: "1301.13-chain", "registration", "21 CFR 1301.13(e)(3); Manual 2010, section III", By::ALL,
    "A chain renews with one affidavit only when it answers for each location on its list",
    ["pharm-reg-chain-affidavit-answers"]);
rule!(RENEWAL: "1301.13-renewal", "registration", "21 CFR 1301.13(e)(2); Manual 2010, section III", By::ALL,
    "A registration lasts three years and is renewed from 60 days before its end; the form is mailed 50 days before and missed 30 days before",
    ["law-reg-three-years", "pharm-reg-renewal-three-year-term", "pharm-reg-renewal-opens-60-days", "pharm-reg-renewal-notice-50-days", "pharm-reg-renewal-30-day-chase"]);

parameter!(YEARS: "registration.years", "years that the registration of a pharmacy lasts", Min, Domain::Number("years"),
    [Row::of(By::ALL, 3, "21 CFR 1301.13(e)(1)")]);
parameter!(OPENS: "registration.renewal.days", "days before expiry from which a registration is renewed", Min, Domain::Number("days"),
    [Row::of(By::ALL, 60, "21 CFR 1301.13(e)(2)")]);
parameter!(MAILED: "registration.renewal.mailed-days", "days before expiry at which the renewal form is mailed", Choice, Domain::Number("days"),
    [Row::of(By::ALL, 50, "Manual 2010, section III")]);
parameter!(MISSED: "registration.renewal.missed-days", "days before expiry at which a form that has not come is asked for", Max, Domain::Number("days"),
    [Row::of(By::ALL, 30, "Manual 2010, section III")]);

/// Whether the registration stands and covers the schedule.
pub(crate) fn registered(law: &Law<'_>, place: &Place) -> Outcome {
    let (what, field) = if place.registration != Standing::Valid {
        (standing(place.registration).to_owned(), "place.registration")
    } else if covers(place.schedules.as_deref(), &[place.schedule]) {
        return Outcome::Satisfied;
    } else {
        (format!("the registration does not cover schedule {}", place.schedule), "place.schedules")
    };
    let next = "do not handle controlled substances here until the place is registered for it";
    let denial = law.deny(&REGISTERED, Reason::RegistrationInvalid, "LAW-1301.11-PLACE", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

/// Whether it has not run out. Its last day counts.
pub(crate) fn running(law: &Law<'_>, place: &Place) -> Outcome {
    let Some(expires) = place.expires else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= expires || place.renewal_received, || {
        law.deny(
            &RUNNING,
            Reason::RegistrationInvalid,
            "LAW-1301.13-EXPIRED",
            format!("the registration ended on {expires} and DEA has received no renewal"),
            "stop handling controlled substances and renew the registration",
        )
        .about("place.expires")
    })
}

/// Whether the State's licence allows it.
pub(crate) fn licensed(law: &Law<'_>, place: &Place, act: Handling) -> Outcome {
    let (what, next) = match (place.licence, act) {
        (Licence::Valid, _) | (Licence::Pending, Handling::Order | Handling::Receive) => return Outcome::Satisfied,
        (Licence::Pending, _) => {
            ("the State has not issued the pharmacy's licence yet", "wait for the State's licence")
        }
        (Licence::None, _) => ("the place has no State licence", "record number, board and dates of the State licence"),
        (Licence::Lapsed, _) => ("the State licence has lapsed", "stop dispensing and contact DEA"),
        (Licence::Revoked, _) => ("the State licence is revoked", "stop dispensing and contact DEA"),
    };
    let denial = law.deny(&LICENSED, Reason::NotAuthorized, "LAW-1301.13-LICENCE", what, next);
    Outcome::Violated(Box::new(denial.about("place.licence")))
}

/// Whether DEA must be contacted about the licence.
pub(crate) const fn licence_lost(place: &Place) -> bool {
    matches!(place.licence, Licence::Lapsed | Licence::Revoked)
}

/// What else keeps substances from being handled at a place.
pub(crate) const AT_THE_PLACE: &[Condition<Place>] = &[
    Condition {
        rule: &ADDRESS,
        holds: |place| place.address != AddressStatus::Requested,
        reason: Reason::WrongPlace,
        code: "LAW-1301.51-ADDRESS",
        what: "the move to this address is not approved",
        next: "wait for the approved modification and its certificate",
        field: "place.address",
    },
    Condition {
        rule: &FIRST_COUNT,
        holds: |place| place.initial_inventory,
        reason: Reason::CountMethod,
        code: "LAW-1304.11-INITIAL",
        what: "the initial inventory has not been taken",
        next: "take the initial inventory, or record that there is no stock",
        field: "place.initial_inventory",
    },
    Condition {
        rule: &FIRST_COUNT,
        holds: |place| !place.uncounted_since_change,
        reason: Reason::CountMethod,
        code: "LAW-1304.11-NEWLY",
        what: "the substance was scheduled or moved and has not been counted since",
        next: "count it as of the day on which the change took effect",
        field: "place.uncounted_since_change",
    },
];

/// Whether a move may be approved.
pub(crate) const MOVING: &[Condition<Move>] = &[Condition {
    rule: &OTHER_STATE,
    holds: |way| !way.other_state || way.licensed_there,
    reason: Reason::NotAuthorized,
    code: "LAW-1301.51-OTHER-STATE",
    what: "the new State has not licensed the pharmacy",
    next: "obtain the new State's licence, and its registration where it has one, first",
    field: "relocation.licensed_there",
}];

/// Whether a renewal may be filed yet.
pub(crate) fn renewal(law: &Law<'_>, expires: Date) -> Outcome {
    let Some(bound) = law.bound(&OPENS) else { return Outcome::NotApplicable };
    let Some(opens) = u32::try_from(bound.value).ok().and_then(|days| days_before(expires, days)) else {
        return Outcome::NotApplicable;
    };
    Outcome::unless(law.day >= opens, || {
        law.deny(
            &RENEWAL,
            Reason::TooEarly,
            "LAW-1301.13-EARLY",
            format!("it can be renewed from {opens}"),
            "renew it from that day on",
        )
        .by(&bound)
        .about("request.expires")
    })
}

/// Whether a chain's affidavit answers for every location; the first that it does not is named.
pub(crate) fn chain(law: &Law<'_>, unanswered: &[String]) -> Outcome {
    let Some(location) = unanswered.first() else { return Outcome::Satisfied };
    let denial = law.deny(
        &CHAIN,
        Reason::ElementMissing,
        "LAW-1301.13-CHAIN",
        format!("the affidavit does not answer for {location}"),
        "answer its questions for each registration on the list",
    );
    Outcome::Violated(Box::new(denial.about("request.unanswered")))
}

/// The day so many days before `expires`; `None` before the calendar's beginning.
pub(crate) fn days_before(expires: Date, days: u32) -> Option<Date> {
    expires.checked_sub(Span::new().try_days(i64::from(days)).ok()?).ok()
}
