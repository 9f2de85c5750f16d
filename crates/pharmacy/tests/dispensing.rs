//! Dispensing, as tables: what was done, and what the next act gets.

mod common;
use common::{RX, Rx, at, ndc, number, pharmacist, prescription, profile, scanned, tablets, technician, with_supply};
use theriac_books::{Account, Commodity, MovementKind, StockUnit};
use theriac_law::Profile;
use theriac_law::vocab::{Basis, Notation, Recipient};
use theriac_model::{DeaNumber, Decimal, DrugUnit, Quantity, Refusal, Role, Schedule};
use theriac_pharmacy::{
    Conditions, Dispensing, Event, FillingKind, Illness, Intern, Interns, Judgment, OralAuthorization, Part, Person,
    Pharmacist, PickUp, Premises, Prescription, Rest, Scanned, Stated, Supply,
};

/// One act on a prescription.
enum Do {
    Fill,
    Refill,
    RefillOf(u32),
    Part(Part),
    Remainder,
    Return(u32),
    Add(u32, u32),
}
use Do::{Add, Fill, Refill, RefillOf, Remainder, Return};

fn general(count: u32) -> Do {
    Do::Part(Part::general(tablets(count)))
}

fn shortage(count: u32) -> Do {
    Do::Part(Part::shortage(tablets(count)))
}

fn ltcf(count: u32) -> Do {
    Do::Part(Part::ltcf(tablets(count)))
}

/// The events of one act at `when`.
fn act(rx: &Prescription, what: &Do, when: &str) -> Result<Vec<Event>, Refusal> {
    let profile = profile();
    let events = |dispensing: Dispensing| dispensing.events;
    match what {
        Fill => with_supply(when, |supply| rx.fill(&profile, supply)).map(events),
        Refill => with_supply(when, |supply| rx.refill(&profile, supply, None)).map(events),
        RefillOf(count) => with_supply(when, |supply| rx.refill(&profile, supply, Some(tablets(*count)))).map(events),
        Do::Part(part) => with_supply(when, |supply| rx.partial_fill(&profile, supply, part)).map(events),
        Remainder => with_supply(when, |supply| rx.remainder(&profile, supply)).map(events),
        Return(no) => rx.return_to_stock(*no, &pharmacist(), at(when), "not collected").map(|moved| moved.events),
        Add(additional, quantity) => {
            let practitioner = "Dr. Avery Baker".to_owned();
            let (additional, quantity) = (*additional, tablets(*quantity));
            let authorization = OralAuthorization { at: at(when), additional, quantity, practitioner };
            rx.add_refills(&profile, &pharmacist(), &authorization)
        }
    }
}

/// Does each act of a row and compares its outcome: the status after it, or the refusal's code.
fn check(rx: &Rx, rows: &[(&str, Do, &str)]) -> Prescription {
    let mut rx = prescription(rx);
    for (when, what, expected) in rows {
        let found = match act(&rx, what, when) {
            Ok(events) => {
                for event in &events {
                    rx.apply(event).unwrap_or_else(|problem| panic!("{when}: {problem}"));
                }
                rx.status().to_string()
            }
            Err(refusal) => refusal.code.to_string(),
        };
        assert_eq!(&found, expected, "at {when}");
    }
    rx
}

const fn two(quantity: &'static str) -> Rx {
    Rx { schedule: Schedule::II, quantity, refills: 0, ..RX }
}

/// Requirements: pharm-refill-iii-iv-five, epcs-1306.22-a-2, pharm-refill-new-prescription-required
#[test]
fn five_refills_and_never_a_sixth() {
    for schedule in [Schedule::III, Schedule::IV] {
        let rx = check(
            &Rx { schedule, refills: 5, ..RX },
            &[
                ("2026-03-02T13:00:00-07:00", Refill, "PHARM-NOT-FILLED"),
                ("2026-03-02T13:00:00-07:00", Fill, "filled"),
                ("2026-03-02T13:01:00-07:00", Fill, "PHARM-FILLED"),
                ("2026-03-30T09:00:00-07:00", Refill, "filled"),
                ("2026-04-28T09:00:00-07:00", Refill, "filled"),
                ("2026-05-27T09:00:00-07:00", Refill, "filled"),
                ("2026-06-25T09:00:00-07:00", Refill, "filled"),
                ("2026-07-24T09:00:00-07:00", Refill, "completed"),
                ("2026-08-22T09:00:00-07:00", Refill, "LAW-1306.22-COUNT"),
                ("2026-08-22T09:00:00-07:00", RefillOf(1), "LAW-1306.22-COUNT"),
                ("2026-08-22T09:00:00-07:00", general(1), "LAW-1306-QUANTITY"),
            ],
        );
        assert_eq!(rx.dispensed(), 180);
    }
    check(
        &Rx { refills: 0, ..RX },
        &[("2026-03-02T13:00:00-07:00", Fill, "completed"), ("2026-03-30T09:00:00-07:00", Refill, "LAW-1306.22-COUNT")],
    );
}

/// Requirements: pharm-refill-iii-iv-six-months, epcs-1306.22-a-1
#[test]
fn six_months_after_issue_is_the_last_day_of_schedules_iii_and_iv() {
    check(&RX, &[("2026-09-02T23:59:59-07:00", Fill, "filled")]);
    check(&RX, &[("2026-09-03T00:00:00-07:00", Fill, "LAW-1306.22-EXPIRED")]);
    check(
        &RX,
        &[
            ("2026-03-02T13:00:00-07:00", Fill, "filled"),
            ("2026-09-02T23:59:59-07:00", Refill, "filled"),
            ("2026-09-03T00:00:00-07:00", Refill, "LAW-1306.22-EXPIRED"),
        ],
    );
}

/// Requirements: pharm-refill-v-as-authorised
#[test]
fn schedule_v_is_refilled_as_authorised() {
    check(
        &Rx { schedule: Schedule::V, refills: 8, ..RX },
        &[
            ("2026-03-02T13:00:00-07:00", Fill, "filled"),
            ("2026-04-02T13:00:00-07:00", Refill, "filled"),
            ("2026-05-02T13:00:00-07:00", Refill, "filled"),
            ("2026-06-02T13:00:00-07:00", Refill, "filled"),
            ("2026-07-02T13:00:00-07:00", Refill, "filled"),
            ("2026-08-02T13:00:00-07:00", Refill, "filled"),
            ("2026-09-02T13:00:00-07:00", Refill, "filled"),
            ("2026-10-02T13:00:00-07:00", Refill, "filled"),
            ("2026-11-02T13:00:00-07:00", Refill, "completed"),
            ("2026-12-02T13:00:00-07:00", Refill, "LAW-1306.22-COUNT"),
        ],
    );
}

/// Requirements: pharm-refill-ii-prohibited
#[test]
fn schedule_ii_is_never_refilled_even_if_it_says_so() {
    check(
        &Rx { refills: 3, ..two("30") },
        &[("2026-03-02T13:00:00-07:00", Fill, "filled"), ("2026-03-03T13:00:00-07:00", Refill, "LAW-1306.12-REFILL")],
    );
}

/// Requirements: pharm-partial-ii-72-hours, epcs-1306.13-a-2, pharm-partial-ii-new-prescription, epcs-1306.13-a-4
#[test]
fn the_rest_of_a_short_schedule_ii_filling_goes_within_72_hours() {
    let first = || ("2026-03-02T13:00:00-07:00", shortage(20), "partly-filled");
    check(&two("60"), &[first(), ("2026-03-05T12:59:59-07:00", Remainder, "completed")]);
    check(&two("60"), &[first(), ("2026-03-05T13:00:00-07:00", Remainder, "completed")]);
    check(&two("60"), &[first(), ("2026-03-05T13:00:01-07:00", Remainder, "LAW-1306.13-WINDOW")]);
    // Another ground would have a longer window; the one chosen at the first part stays.
    let requested = || Do::Part(Part::requested(tablets(40)));
    check(&two("60"), &[first(), ("2026-03-06T13:00:00-07:00", requested(), "PHARM-BASIS-CHANGED")]);
    check(&two("60"), &[first(), ("2026-03-03T13:00:00-07:00", ltcf(1), "PHARM-BASIS-CHANGED")]);
}

/// Requirements: pharm-partial-60-days, pharm-partial-ltcf-terminal-allowed, pharm-partial-notation-required
#[test]
fn a_facilitys_schedule_ii_goes_in_single_units_for_sixty_days_with_the_notation() {
    check(
        &two("30"),
        &[
            ("2026-03-02T13:00:00-07:00", ltcf(1), "partly-filled"),
            ("2026-03-20T13:00:00-07:00", ltcf(1), "partly-filled"),
            ("2026-05-01T23:59:59-07:00", ltcf(1), "partly-filled"),
            ("2026-05-02T00:00:00-07:00", ltcf(1), "LAW-1306.13-WINDOW"),
        ],
    );
    let unmarked = Part { notation: None, ..Part::ltcf(tablets(1)) };
    check(&two("30"), &[("2026-03-02T13:00:00-07:00", Do::Part(unmarked), "LAW-1306.13-NOTATION")]);
    let unmarked = Part { notation: None, ..Part::terminal(tablets(1)) };
    check(&two("30"), &[("2026-03-02T13:00:00-07:00", Do::Part(unmarked), "LAW-1306.13-NOTATION")]);
    let thirty: Vec<_> = (0..30)
        .map(|n| ("2026-03-02T13:00:00-07:00", ltcf(1), if n == 29 { "completed" } else { "partly-filled" }))
        .collect();
    check(&two("30"), &thirty);
}

/// Requirements: pharm-partial-terminal-question
#[test]
fn in_doubt_about_a_terminal_illness_the_practitioner_is_asked_first() {
    let doubtful = || Part { illness: Illness::InDoubt, ..Part::terminal(tablets(1)) };
    check(&two("30"), &[("2026-03-02T13:00:00-07:00", Do::Part(doubtful()), "LAW-1306.13-DOUBT")]);
    let known = Part::terminal(tablets(1));
    check(&two("30"), &[("2026-03-02T13:00:00-07:00", Do::Part(known), "partly-filled")]);
}

/// Requirements: pharm-partial-total-limit
#[test]
fn all_parts_together_stay_within_what_was_prescribed() {
    check(
        &two("30"),
        &[
            ("2026-03-02T13:00:00-07:00", ltcf(28), "partly-filled"),
            ("2026-03-03T13:00:00-07:00", ltcf(3), "LAW-1306-QUANTITY"),
            ("2026-03-03T13:00:00-07:00", ltcf(2), "completed"),
            ("2026-03-03T13:00:00-07:00", ltcf(1), "LAW-1306-QUANTITY"),
        ],
    );
}

/// Requirements: pharm-partial-iii-v-total
#[test]
fn schedules_iii_to_v_go_in_any_number_of_parts_up_to_the_whole() {
    let rx = Rx { refills: 2, ..RX };
    check(
        &rx,
        &[
            ("2026-03-02T13:00:00-07:00", general(10), "partly-filled"),
            ("2026-03-03T13:00:00-07:00", general(50), "filled"),
            ("2026-03-04T13:00:00-07:00", general(29), "partly-filled"),
            ("2026-03-05T13:00:00-07:00", general(2), "LAW-1306-QUANTITY"),
            ("2026-03-05T13:00:00-07:00", Remainder, "completed"),
            ("2026-03-05T13:00:00-07:00", general(1), "LAW-1306-QUANTITY"),
        ],
    );
}

/// Requirements: pharm-partial-not-a-refill-count
#[test]
fn a_part_uses_up_no_refill_until_a_full_quantity_has_gone() {
    let days =
        ["03-02", "03-17", "04-01", "04-16", "05-01", "05-16", "06-01", "06-16", "07-01", "07-16", "08-01", "08-16"];
    let mut rx = prescription(&RX);
    for day in days {
        let when = format!("2026-{day}T13:00:00-07:00");
        for event in act(&rx, &general(15), &when).unwrap_or_else(|refusal| panic!("{day}: {refusal}")) {
            rx.apply(&event).expect("foldable");
        }
        if day == "04-01" {
            assert_eq!(rx.refills_remaining(&profile(), at(&when)), Ok(5));
        }
    }
    let thirteenth = act(&rx, &general(15), "2026-08-30T13:00:00-07:00").expect_err("the thirteenth");
    assert_eq!(thirteenth.code.0, "LAW-1306-QUANTITY");
}

/// Requirements: pharm-partial-iii-v-six-months
#[test]
fn no_part_goes_later_than_six_months_after_issue() {
    let first = || ("2026-03-02T13:00:00-07:00", general(10), "partly-filled");
    check(&RX, &[first(), ("2026-09-02T23:59:59-07:00", Remainder, "filled")]);
    check(&RX, &[first(), ("2026-09-03T00:00:00-07:00", Remainder, "LAW-1306.23-EXPIRED")]);
}

/// Requirements: epcs-1306.22-e-1, epcs-1306.22-e-3
#[test]
fn oral_refills_stay_within_five_and_within_the_original_quantity() {
    let three = Rx { refills: 3, ..RX };
    let fill = || ("2026-03-02T13:00:00-07:00", Fill, "filled");
    let when = "2026-03-10T13:00:00-07:00";
    check(&three, &[fill(), (when, Add(2, 30), "filled"), (when, Add(1, 30), "LAW-1306.22-ADDED")]);
    check(&three, &[fill(), (when, Add(3, 30), "LAW-1306.22-ADDED")]);
    check(&three, &[fill(), (when, Add(1, 31), "LAW-1306.22-ADDED-QUANTITY")]);
    check(&three, &[fill(), ("2026-09-03T00:00:00-07:00", Add(1, 30), "LAW-1306.22-EXPIRED")]);
    check(&Rx { schedule: Schedule::II, refills: 0, ..RX }, &[(when, Add(1, 30), "LAW-1306.12-REFILL")]);
}

/// Requirements: epcs-1306.22-e-2
#[test]
fn an_oral_authorisation_names_the_practitioner_who_issued_the_prescription() {
    let rx = prescription(&Rx { refills: 1, ..RX });
    let check = |practitioner: &str, additional: u32, quantity: Quantity, expected: &str| {
        let (moment, practitioner) = (at("2026-03-10T13:00:00-07:00"), practitioner.to_owned());
        let authorization = OralAuthorization { at: moment, additional, quantity, practitioner };
        let found = match rx.add_refills(&profile(), &pharmacist(), &authorization) {
            Ok(events) => {
                let mut rx = rx.clone();
                rx.apply(&events[0]).expect("foldable");
                assert_eq!(
                    (&rx.added()[0].authorization, rx.added()[0].by.initials().as_str()),
                    (&authorization, "AR")
                );
                "ok".to_owned()
            }
            Err(refusal) => format!("{} {}", refusal.code, refusal.field.unwrap_or_default()),
        };
        assert_eq!(found, expected, "{authorization:?}");
    };
    check("Avery Baker", 1, tablets(30), "ok");
    check("", 1, tablets(30), "PHARM-TEXT practitioner");
    check("Robin Quill", 1, tablets(30), "PHARM-OTHER-PRACTITIONER practitioner");
    check("Avery Baker", 0, tablets(30), "PHARM-TEXT additional");
    let millilitres = Quantity::new(Decimal::whole(30), DrugUnit::Millilitre).expect("a quantity");
    check("Avery Baker", 1, millilitres, "PHARM-UNIT quantity.unit");
}

#[test]
fn what_was_not_collected_can_be_dispensed_again() {
    let rx = check(
        &Rx { refills: 0, ..RX },
        &[
            ("2026-03-02T13:00:00-07:00", Fill, "completed"),
            ("2026-03-20T13:00:00-07:00", Return(1), "accepted"),
            ("2026-03-20T13:01:00-07:00", Return(1), "PHARM-FILLING-STATE"),
            ("2026-03-20T13:02:00-07:00", Return(9), "PHARM-FILLING-STATE"),
            ("2026-03-21T13:00:00-07:00", Fill, "completed"),
        ],
    );
    assert_eq!((rx.dispensed(), rx.fillings().len()), (30, 2));
}

/// Fills with changes to what is supplied; `ok` or the refusal's code.
fn fill_with(rx: &Rx, change: impl FnOnce(&mut Scanned, &mut Judgment, &mut theriac_pharmacy::Moment)) -> String {
    let (pharmacist, mut scanned) = (pharmacist(), scanned());
    let mut moment = at("2026-03-02T13:00:00-07:00");
    let mut judgment = Judgment::new(moment);
    change(&mut scanned, &mut judgment, &mut moment);
    let supply =
        Supply { pharmacist: &pharmacist, at: moment, scanned: &scanned, judgment, conditions: Conditions::default() };
    match prescription(rx).fill(&profile(), &supply) {
        Ok(_) => "ok".to_owned(),
        Err(refusal) => refusal.code.to_string(),
    }
}

#[test]
fn the_product_scanned_is_the_one_prescribed_or_listed_as_the_same_drug() {
    let other = ndc("50111043401");
    assert_eq!(fill_with(&RX, |_, _, _| {}), "ok");
    assert_eq!(fill_with(&RX, |scanned, _, _| scanned.ndc = other.clone()), "PHARM-PRODUCT");
    let listed = |scanned: &mut Scanned| {
        scanned.ndc = other.clone();
        scanned.equivalents = vec![ndc("12345678901"), other.clone()];
    };
    assert_eq!(fill_with(&RX, |scanned, _, _| listed(scanned)), "ok");
}

/// Requirements: pharm-rx-legitimate-purpose, epcs-1311.175-d
#[test]
fn the_pharmacists_judgment_comes_before_the_filling_and_is_kept() {
    let later = at("2026-03-02T13:00:01-07:00");
    assert_eq!(fill_with(&RX, |_, judgment, _| judgment.at = later), "PHARM-JUDGMENT");
    let rx = prescription(&RX);
    let (pharmacist, scanned) = (pharmacist(), scanned());
    let note = Some("spoke with the patient".to_owned());
    let judgment = Judgment { note, ..Judgment::new(at("2026-03-02T12:30:00-07:00")) };
    let moment = at("2026-03-02T13:00:00-07:00");
    let supply = Supply {
        pharmacist: &pharmacist,
        at: moment,
        scanned: &scanned,
        judgment: judgment.clone(),
        conditions: Conditions::default(),
    };
    let dispensing = rx.fill(&profile(), &supply).expect("a filling");
    let [Event::Filled(filling)] = &dispensing.events[..] else { panic!("one event") };
    assert_eq!((&filling.judgment, filling.pharmacist.full_name.as_str()), (&judgment, "Ana Rivera"));
}

/// An intern's verification passes where the State lets one verify, and the record names both; elsewhere it is refused, and a
/// technician is no intern.
///
/// Requirements: pharm-staff-pharmacist-role
#[test]
fn an_intern_verifies_under_a_named_pharmacist_where_the_state_allows_it_and_nowhere_else() {
    let rx = prescription(&RX);
    let (pharmacist, scanned) = (pharmacist(), scanned());
    let person = |role| Person::new(theriac_model::Actor::new("i1", role), "Ines Learner");
    let intern = Intern::new(person(Role::Intern)).expect("an intern");
    let filled = |interns, intern: Option<&Intern>| {
        let premises = Premises { interns, ..Premises::default() };
        let conditions = Conditions { premises, intern: intern.cloned(), ..Conditions::default() };
        let judgment = Judgment::new(at("2026-03-02T12:30:00-07:00"));
        let moment = at("2026-03-02T13:00:00-07:00");
        let supply = Supply { pharmacist: &pharmacist, at: moment, scanned: &scanned, judgment, conditions };
        rx.fill(&profile(), &supply)
    };
    let dispensing = filled(Interns::MayVerify, Some(&intern)).expect("the State lets one");
    let [Event::Filled(filling)] = &dispensing.events[..] else { panic!("one event") };
    assert_eq!(filling.pharmacist.full_name.as_str(), "Ana Rivera", "who supervised");
    assert_eq!(filling.intern.as_ref().map(|intern| intern.full_name.as_str()), Some("Ines Learner"));
    let stored = dispensing.events[0].to_json();
    let read = Event::from_json(dispensing.events[0].kind(), &stored).expect("stored and read");
    assert_eq!(read, dispensing.events[0]);
    let refused = filled(Interns::NotAllowed, Some(&intern)).expect_err("nothing lets one");
    assert_eq!((refused.code.0, refused.field.as_deref()), ("LAW-1306.06-FILLER", Some("filling.state_allows_intern")));
    assert!(filled(Interns::NotAllowed, None).is_ok(), "a pharmacist needs no allowance");
    for role in [Role::Technician, Role::Custodian, Role::Agent, Role::Pharmacist] {
        let refused = Intern::new(person(role)).expect_err("no intern");
        assert_eq!(refused.code.0, "PHARM-NOT-A-PHARMACIST", "{role}");
    }
    assert!(Pharmacist::new(person(Role::Intern)).is_err(), "an intern does not supervise");
}

#[test]
fn nothing_is_dispensed_before_the_prescription_arrived_or_before_the_last_filling() {
    let early = at("2026-03-02T12:00:59-07:00");
    assert_eq!(
        fill_with(&RX, |_, judgment, moment| {
            *moment = early;
            judgment.at = early;
        }),
        "PHARM-TIME"
    );
    check(&RX, &[("2026-03-02T13:00:00-07:00", Fill, "filled"), ("2026-03-02T12:59:59-07:00", Refill, "PHARM-TIME")]);
}

/// Requirements: epcs-1311.165-e, epcs-1306.22-c, epcs-1306.22-b-1, pharm-refill-annotation, epcs-1306.28-b, epcs-1306.28-b-7
#[test]
fn each_filling_keeps_quantity_date_full_name_and_refills_and_moves_the_same_amount_in_the_books() {
    let mut rx = prescription(&RX);
    for (n, when) in ["2026-03-02T13:00:00-07:00", "2026-03-30T09:30:00-07:00"].into_iter().enumerate() {
        let supply = |supply: &Supply<'_>| {
            if n == 0 { rx.fill(&profile(), supply) } else { rx.refill(&profile(), supply, Some(tablets(30))) }
        };
        let dispensing = with_supply(when, supply).expect("a filling");
        let Some(Event::Filled(filling)) = dispensing.events.first() else { panic!("a filling") };
        assert_eq!(filling.no as usize, n + 1);
        assert_eq!(filling.kind, if n == 0 { FillingKind::First } else { FillingKind::Refill });
        assert_eq!((filling.quantity.clone(), filling.at), (tablets(30), at(when)));
        assert_eq!(
            (filling.pharmacist.full_name.as_str(), filling.pharmacist.initials().as_str()),
            ("Ana Rivera", "AR")
        );
        assert_eq!(filling.refills_allowed, 5);
        assert_eq!(filling.stated, Stated::Stated);
        assert_eq!(filling.remaining, 180 - 30 * (i64::try_from(n).expect("small") + 1));
        let movement = &dispensing.movement;
        assert_eq!(
            (movement.kind, &movement.from, &movement.to),
            (MovementKind::Fill, &Account::Shelf, &Account::WillCall)
        );
        assert_eq!((movement.amount.units(), movement.schedule), (30, Schedule::IV));
        assert_eq!(movement.document.number, format!("RX100001/{}", n + 1));
        assert_eq!(movement.happened, at(when).timestamp);
        assert_eq!(movement.signers, [pharmacist().person().actor.clone()]);
        let registration = DeaNumber::parse("FT1234563").expect("a DEA number");
        assert_eq!(movement.commodity, Commodity { registration, ndc: ndc(common::NDC), unit: StockUnit::Piece });
        for event in &dispensing.events {
            rx.apply(event).expect("foldable");
        }
    }
    let refills: Vec<(String, i64)> =
        rx.refills().map(|refill| (refill.at.date().to_string(), refill.quantity.smallest_units())).collect();
    assert_eq!(refills, [("2026-03-30".to_owned(), 30)]);
}

/// Requirements: epcs-1306.22-d, pharm-refill-missing-amount-presumed-full
#[test]
fn a_refill_without_a_quantity_is_for_the_full_face_amount_and_marked_so() {
    let rx =
        check(&RX, &[("2026-03-02T13:00:00-07:00", Fill, "filled"), ("2026-03-30T09:00:00-07:00", Refill, "filled")]);
    let refill = rx.filling(2).expect("the refill");
    assert_eq!((refill.quantity.clone(), refill.stated), (tablets(30), Stated::Presumed));
}

/// Requirements: pharm-partial-ii-shortage, epcs-1306.13-a-1, pharm-partial-ltcf-record, pharm-partial-iii-v-like-refill
#[test]
fn a_part_notes_what_was_supplied_what_remains_when_by_whom_and_why() {
    let rx = check(&two("60"), &[("2026-03-02T13:00:00-07:00", shortage(20), "partly-filled")]);
    let part = &rx.fillings()[0];
    assert_eq!((part.quantity.clone(), part.remaining, part.at), (tablets(20), 40, at("2026-03-02T13:00:00-07:00")));
    let details = part.part.as_ref().expect("details");
    assert_eq!((details.basis, details.notation, part.kind), (Basis::Shortage, None, FillingKind::Part));
    assert_eq!(rx.remaining(&profile(), at("2026-03-03T13:00:00-07:00")), Ok(Some(tablets(40))));
    assert_eq!(rx.remaining(&profile(), at("2026-03-05T13:00:01-07:00")), Ok(None));
    let day = "2026-03-02T13:00:00-07:00";
    let three = check(
        &two("10"),
        &[(day, ltcf(3), "partly-filled"), (day, ltcf(3), "partly-filled"), (day, ltcf(3), "partly-filled")],
    );
    let lines: Vec<(i64, i64)> =
        three.fillings().iter().map(|filling| (filling.quantity.smallest_units(), filling.remaining)).collect();
    assert_eq!(lines, [(3, 7), (3, 4), (3, 1)]);
    let notation = three.fillings()[0].part.as_ref().and_then(|part| part.notation);
    assert_eq!(notation, Some(Notation::LtcfPatient));
    let like_refill = check(&RX, &[(day, general(10), "partly-filled")]);
    let part = &like_refill.fillings()[0];
    assert_eq!((part.pharmacist.initials(), part.at, part.quantity.clone()), ("AR".to_owned(), at(day), tablets(10)));
}

/// Requirements: epcs-1306.13-a-3, pharm-partial-ii-notify-prescriber
#[test]
fn a_short_filling_leaves_the_duty_to_notify_the_practitioner_until_the_remainder_or_a_recorded_notice() {
    let first = || ("2026-03-02T13:00:00-07:00", shortage(20), "partly-filled");
    let mut rx = check(&two("60"), &[first()]);
    let open: Vec<(&str, String)> = rx
        .open_duties()
        .map(|duty| (duty.code.as_str(), duty.due.map(|due| due.to_string()).unwrap_or_default()))
        .collect();
    assert_eq!(open, [("notify-prescriber", "2026-03-05T13:00:00-07:00".to_owned())]);
    let in_time = check(&two("60"), &[first(), ("2026-03-03T13:00:00-07:00", Remainder, "completed")]);
    assert_eq!(in_time.open_duties().count(), 0);
    let by = pharmacist().person().clone();
    let when = at("2026-03-06T09:00:00-07:00");
    assert_eq!(rx.duty_done(1, &by, when, " ").expect_err("no method").code.0, "PHARM-TEXT");
    assert_eq!(rx.duty_done(2, &by, when, "telephone").expect_err("no such").code.0, "PHARM-NO-SUCH-DUTY");
    for event in rx.duty_done(1, &by, when, "telephone to the office").expect("done") {
        rx.apply(&event).expect("foldable");
    }
    assert_eq!(rx.open_duties().count(), 0);
    assert_eq!(rx.duty_done(1, &by, when, "telephone").expect_err("done before").code.0, "PHARM-NO-SUCH-DUTY");
    let hopeless = Part { rest: Rest::Unavailable, ..Part::shortage(tablets(20)) };
    let known = check(&two("60"), &[("2026-03-02T13:00:00-07:00", Do::Part(hopeless), "partly-filled")]);
    let duty = known.open_duties().next().expect("a duty");
    assert_eq!((duty.code.as_str(), duty.due), ("notify-prescriber", None));
    assert_eq!(known.open_duties().count(), 1);
}

/// Requirements: pharm-partial-ii-new-prescription, epcs-1306.13-a-4
#[test]
fn what_was_not_dispensed_in_time_lapses_once_and_for_ever() {
    let mut rx = check(&two("60"), &[("2026-03-02T13:00:00-07:00", shortage(20), "partly-filled")]);
    assert_eq!(rx.lapse(&profile(), at("2026-03-05T13:00:00-07:00")), Ok(Vec::new()));
    let events = rx.lapse(&profile(), at("2026-03-05T13:00:01-07:00")).expect("an answer");
    for event in &events {
        rx.apply(event).expect("foldable");
    }
    assert_eq!(rx.status().word(), "lapsed");
    assert_eq!(rx.remaining(&profile(), at("2026-03-03T13:00:00-07:00")), Ok(None));
    assert_eq!(rx.open_duties().count(), 1);
    assert_eq!(rx.lapse(&profile(), at("2026-03-06T13:00:00-07:00")), Ok(Vec::new()));
    let late = act(&rx, &Remainder, "2026-03-05T14:00:00-07:00").expect_err("closed");
    assert_eq!(late.code.0, "PHARM-CLOSED");
    let used_up = check(&two("60"), &[("2026-03-02T13:00:00-07:00", Fill, "completed")]);
    assert_eq!(used_up.lapse(&profile(), at("2026-09-05T13:00:00-07:00")), Ok(Vec::new()));
}

#[test]
fn a_filling_is_handed_over_once_to_a_recipient_who_is_named() {
    let mut rx = check(&RX, &[("2026-03-02T13:00:00-07:00", Fill, "filled")]);
    let when = at("2026-03-02T17:00:00-07:00");
    let pick_up = |recipient: &str| PickUp::by_hand(Recipient::Patient, recipient);
    let hand = |rx: &Prescription, no: u32, recipient: &str, when| {
        rx.hand_over(&profile(), no, &pick_up(recipient), &technician(), when)
    };
    let code = |result: Result<theriac_pharmacy::Moved, Refusal>| result.expect_err("refused").code.0;
    assert_eq!(code(hand(&rx, 1, " ", when)), "PHARM-TEXT");
    assert_eq!(code(hand(&rx, 2, "the patient", when)), "PHARM-FILLING-STATE");
    assert_eq!(code(hand(&rx, 1, "the patient", at("2026-03-02T12:59:59-07:00"))), "PHARM-TIME");
    let stranger = PickUp { to: Recipient::Other, ..pick_up("somebody else") };
    let refusal = rx.hand_over(&profile(), 1, &stranger, &technician(), when).expect_err("a stranger");
    assert!(refusal.code.0.starts_with("LAW-"), "{refusal}");
    let moved = hand(&rx, 1, "the patient", when).expect("handed over");
    assert_eq!((moved.movement.kind, moved.movement.amount.units()), (MovementKind::HandOver, 30));
    assert_eq!(moved.movement.document.number, "RX100001/1");
    rx.apply(&moved.events[0]).expect("foldable");
    assert_eq!(code(hand(&rx, 1, "the patient", when)), "PHARM-FILLING-STATE");
    let back = rx.return_to_stock(1, &pharmacist(), when, "returned");
    assert_eq!(code(back), "PHARM-FILLING-STATE");
}

#[test]
fn the_label_names_everything_that_the_pharmacy_does_not_print_of_itself() {
    let dispensing = with_supply("2026-03-02T13:00:00-07:00", |supply| prescription(&RX).fill(&profile(), supply))
        .expect("a filling");
    let label = dispensing.label;
    assert_eq!((label.number, label.filled.to_string()), (number("RX100001").to_string(), "2026-03-02".to_owned()));
    assert_eq!((label.patient.as_str(), label.practitioner.as_str()), ("Pat Sample", "Avery Baker"));
    assert_eq!((label.drug.as_str(), label.quantity), ("Testodrin 10 mg Tablet", tablets(30)));
    assert_eq!((label.directions.as_str(), label.refills_left), ("Take one tablet at bedtime", 5));
    let warning = "CAUTION: Federal law prohibits the transfer of this drug to any person other than the patient for whom \
                   it was prescribed.";
    assert_eq!(label.warning, Some(warning));
}

#[test]
fn the_label_shows_the_refills_that_the_law_leaves() {
    for (schedule, refills, left) in
        [(Schedule::IV, 2, 2), (Schedule::IV, 7, 5), (Schedule::V, 7, 7), (Schedule::II, 3, 0)]
    {
        let rx = prescription(&Rx { schedule, refills, ..RX });
        let dispensing = with_supply("2026-03-02T13:00:00-07:00", |supply| rx.fill(&profile(), supply));
        let dispensing = dispensing.expect("a filling");
        assert_eq!(dispensing.label.refills_left, left, "{schedule}");
        let mut recorded = rx;
        recorded.apply(&dispensing.events[0]).expect("foldable");
        let again = recorded.label(&profile(), &recorded.fillings()[0]);
        assert_eq!(again, dispensing.label, "printed again");
    }
}

/// Requirements: pharm-label-transfer-warning
#[test]
fn the_warning_against_transfer_is_on_labels_of_schedules_ii_to_iv() {
    for (schedule, warned) in [(Schedule::II, true), (Schedule::III, true), (Schedule::IV, true), (Schedule::V, false)]
    {
        let rx = prescription(&Rx { schedule, refills: 0, ..RX });
        let dispensing = with_supply("2026-03-02T13:00:00-07:00", |supply| rx.fill(&profile(), supply));
        let warning = dispensing.expect("a filling").label.warning;
        assert_eq!(warning, warned.then_some(theriac_pharmacy::TRANSFER_WARNING), "{schedule}");
    }
}

#[test]
fn the_record_names_the_law_that_let_it_happen() {
    let filled = |profile: &Profile| {
        let found = with_supply("2026-03-02T13:00:00-07:00", |supply| prescription(&RX).fill(profile, supply));
        match &found.expect("a filling").events[..] {
            [Event::Filled(filling)] => filling.law.clone(),
            _ => panic!("one event"),
        }
    };
    assert_eq!(filled(&Profile::strictest()).profile, "strictest");
    let in_force = filled(&Profile::in_force());
    assert_eq!(in_force.profile, "in-force");
    assert!(in_force.rules.iter().any(|rule| rule.starts_with("1306.")), "{in_force:?}");
}
