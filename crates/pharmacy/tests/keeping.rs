//! Layers over the original, notes, the refill record, its daily verification, and downtime.

mod common;
use common::{
    RX, Rx, at, ndc, number, paper_prescription, pharmacist, pick_up, prescription, profile, tablets, technician,
    with_supply,
};
use jiff::civil::{Date, date};
use theriac_books::Account;
use theriac_law::Profile;
use theriac_law::vocab::{Change, RefillDocument, RefillSystem};
use theriac_model::{Actor, Element, Ndc, Refusal, Role, Schedule};
use theriac_pharmacy::{
    Amend, Contact, DayRefills, DayStanding, Downtime, DowntimeEvent, DowntimeKit, Event, Judgment, MethodChosen,
    NoteKind, OralAuthorization, Part, Person, Pharmacist, Prescription, PrescriptionNumber, ProductName, RefillDay,
    RefillDayEvent, RefillMethod, Sheet, Supply, TrailOf, TrailRequest, refill_trail,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };

fn apply(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).unwrap_or_else(|problem| panic!("{}: {problem}", event.kind()));
        assert_eq!(Event::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event), "stored and read back");
    }
    rx
}

fn second_pharmacist() -> Pharmacist {
    Pharmacist::new(Person::new(Actor::new("chen", Role::Pharmacist), "Mei Chen")).expect("a pharmacist")
}

fn filled(rx: &Prescription, when: &str) -> Prescription {
    apply(rx, &with_supply(when, |supply| rx.fill(&profile(), supply)).expect("a filling").events)
}

fn refilled(rx: &Prescription, by: &Pharmacist, when: &str) -> Prescription {
    let (scanned, at) = (common::scanned(), at(when));
    let (judgment, conditions) = (Judgment::new(at), theriac_pharmacy::Conditions::default());
    let supply = Supply { pharmacist: by, at, scanned: &scanned, judgment, conditions };
    apply(rx, &rx.refill(&profile(), &supply, None).expect("a refill").events)
}

fn amend(element: Element, change: Change, to: &str) -> Amend {
    Amend { element, change, to: to.to_owned(), consulted: None, why: "asked about".to_owned() }
}

fn asked(amend: Amend) -> Amend {
    let consulted = Some(Contact { person: "Avery Baker".to_owned(), method: "telephone".to_owned() });
    Amend { consulted, ..amend }
}

const WHEN: &str = "2026-03-02T12:30:00-07:00";

fn amended(rx: &Prescription, amend: &Amend) -> Result<Prescription, String> {
    let found = rx.amend(&profile(), &pharmacist(), at(WHEN), amend);
    found.map(|events| apply(rx, &events)).map_err(|refusal| refusal.code.to_string())
}

/// Requirements: epcs-pre-5-annotator
#[test]
fn a_change_is_a_layer_with_both_values_person_and_time_and_the_original_stays() {
    let rx = prescription(&RX);
    let change = asked(amend(Element::Directions, Change::Replace, "Take one tablet in the morning"));
    let once = amended(&rx, &change).expect("amended");
    let twice = asked(amend(Element::Directions, Change::Replace, "Take two tablets in the morning"));
    let twice = apply(
        &once,
        &once.amend(&profile(), &second_pharmacist(), at("2026-03-02T12:40:00-07:00"), &twice).expect("amended"),
    );
    assert_eq!(twice.received(), rx.received(), "what was archived is untouched");
    let [first, second] = twice.amendments() else { panic!("two layers") };
    assert_eq!(
        (first.from.as_deref(), first.to.as_str()),
        (Some("Take one tablet at bedtime"), "Take one tablet in the morning")
    );
    assert_eq!((second.from.as_deref(), second.no), (Some("Take one tablet in the morning"), 2));
    assert_eq!((first.by.full_name.as_str(), first.at), ("Ana Rivera", at(WHEN)));
    assert_eq!((second.by.full_name.as_str(), second.at), ("Mei Chen", at("2026-03-02T12:40:00-07:00")));
    assert_eq!(twice.current().get(Element::Directions), Some("Take two tablets in the morning"));
    let label =
        with_supply("2026-03-02T13:00:00-07:00", |supply| twice.fill(&profile(), supply)).expect("filled").label;
    assert_eq!(label.directions, "Take two tablets in the morning");
    let Event::Amended(layer) = &once.amend(&profile(), &pharmacist(), at(WHEN), &change).expect("again")[0] else {
        panic!("a layer")
    };
    let mut forged = (**layer).clone();
    forged.no = 2;
    forged.from = Some("something else".to_owned());
    assert!(once.clone().apply(&Event::Amended(Box::new(forged))).is_err(), "a layer that changes what does not stand");
}

#[test]
fn what_may_never_be_changed_is_not_and_what_needs_asking_is_asked() {
    let rx = prescription(&RX);
    let code = |amend: Amend| amended(&rx, &amend).map(|_| ());
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(code(asked(amend(Element::PatientLast, Change::Replace, "Other"))), refused("LAW-AMEND-NEVER"));
    assert_eq!(code(asked(amend(Element::DrugName, Change::Replace, "Otherodrin"))), refused("LAW-AMEND-NEVER"));
    assert_eq!(code(amend(Element::PatientLast, Change::Misspelling, "Samples")), Ok(()));
    assert_eq!(code(amend(Element::DrugStrength, Change::Replace, "20 mg")), refused("LAW-AMEND-CONSULT"));
    assert_eq!(code(asked(amend(Element::DrugStrength, Change::Replace, "20 mg"))), Ok(()));
    assert_eq!(code(asked(amend(Element::Directions, Change::Add, "Take two"))), refused("PHARM-AMEND-VALUE"));
    assert_eq!(code(asked(amend(Element::Directions, Change::Replace, " "))), refused("LAW-AMEND-ADDED"));
    assert_eq!(code(asked(amend(Element::QuantityValue, Change::Replace, "7.5"))), refused("PHARM-AMEND-VALUE"));
    assert_eq!(code(asked(amend(Element::QuantityValue, Change::Replace, "many"))), refused("PHARM-AMEND-VALUE"));
    assert_eq!(code(asked(amend(Element::Refills, Change::Replace, "9"))), refused("PHARM-NOT-AMENDABLE"));
    let wordless = Amend { why: String::new(), ..asked(amend(Element::Directions, Change::Replace, "Take two")) };
    assert_eq!(code(wordless), refused("PHARM-TEXT"));
    let two = prescription(&TWO);
    let major = asked(amend(Element::QuantityValue, Change::Replace, "20"));
    let cards = two.amend(&Profile::cards_2021(), &pharmacist(), at(WHEN), &major);
    assert_eq!(cards.expect_err("a new prescription").code.0, "LAW-AMEND-SCHEDULE-II");
    assert!(two.amend(&Profile::in_force(), &pharmacist(), at(WHEN), &major).is_ok());
    let smaller = amended(&rx, &asked(amend(Element::QuantityValue, Change::Replace, "20"))).expect("amended");
    assert_eq!((smaller.authorised(), smaller.face().quantity.smallest_units()), (120, 20));
    let begun = filled(&rx, "2026-03-02T12:20:00-07:00");
    assert_eq!(
        amended(&begun, &asked(amend(Element::QuantityValue, Change::Replace, "20"))).map(|_| ()),
        refused("PHARM-FILLED")
    );
    // Another strength is another product than the one that was named.
    let other = amended(&rx, &asked(amend(Element::DrugStrength, Change::Replace, "20 mg"))).expect("amended");
    let same = with_supply("2026-03-02T13:00:00-07:00", |supply| other.fill(&profile(), supply)).map(|_| ());
    assert_eq!(same.map_err(|refusal| refusal.code.0), Err("PHARM-PRODUCT"));
}

/// Requirements: epcs-1311.175-c
#[test]
fn every_note_of_paper_has_its_electronic_form() {
    let kinds = |rx: &Prescription| rx.notations().iter().map(|note| note.kind).collect::<Vec<_>>();
    let rx = filled(&prescription(&RX), "2026-03-02T13:00:00-07:00");
    let rx = refilled(&rx, &pharmacist(), "2026-04-02T13:00:00-07:00");
    let rx = apply(
        &rx,
        &with_supply("2026-05-02T13:00:00-07:00", |supply| {
            rx.partial_fill(&profile(), supply, &Part::general(tablets(10)))
        })
        .expect("a part")
        .events,
    );
    let rx5 = prescription(&Rx { refills: 2, ..RX });
    let authorization = OralAuthorization {
        at: at("2026-03-03T13:00:00-07:00"),
        additional: 1,
        quantity: tablets(30),
        practitioner: "Avery Baker".to_owned(),
    };
    let added = apply(&rx5, &rx5.add_refills(&profile(), &pharmacist(), &authorization).expect("added"));
    assert_eq!(kinds(&rx), [NoteKind::Refill, NoteKind::PartialFilling]);
    assert_eq!(rx.notations()[1].says, "10 tablet");
    assert_eq!(kinds(&added), [NoteKind::RefillsAdded]);
    assert_eq!(added.notations()[0].says, "1 of 30 tablet by Avery Baker");
    let two = prescription(&TWO);
    for (part, kind) in
        [(Part::ltcf(tablets(5)), NoteKind::LtcfPatient), (Part::terminal(tablets(5)), NoteKind::TerminallyIll)]
    {
        let part = with_supply("2026-03-02T13:00:00-07:00", |supply| two.partial_fill(&profile(), supply, &part));
        assert_eq!(kinds(&apply(&two, &part.expect("a part").events)), [kind, NoteKind::PartialFilling]);
    }
    let changed =
        amended(&prescription(&RX), &amend(Element::PatientLast, Change::Misspelling, "Samples")).expect("amended");
    assert_eq!(
        (kinds(&changed), changed.notations()[0].says.as_str()),
        (vec![NoteKind::Amendment], "patient.last: Sample to Samples")
    );
    // Transfer and central filling are walked in `moving`, the emergency in `emergency`.
    for note in rx.notations().iter().chain(&added.notations()) {
        assert_eq!(note.by.full_name, "Ana Rivera");
    }
}

/// Requirements: epcs-1306.22-f-1, pharm-erec-original-online
#[test]
fn the_original_order_is_shown_with_every_item_while_it_may_be_refilled() {
    let rx = filled(&paper_prescription(&RX), "2026-03-02T13:00:00-07:00");
    assert!(rx.is_refillable(&profile(), date(2026, 9, 2)));
    assert!(!rx.is_refillable(&profile(), date(2026, 9, 3)));
    let order = rx.original_order();
    assert_eq!((order.number, order.issued), (number("RX200001"), date(2026, 3, 2)));
    assert_eq!(
        (order.patient.as_str(), order.patient_address.as_str()),
        ("Pat Sample", "1 Test Street Phoenix AZ 85001")
    );
    assert_eq!(
        (order.practitioner.as_str(), order.practitioner_address.as_str()),
        ("Avery Baker", "2 Clinic Way Phoenix AZ 85002")
    );
    assert_eq!(order.registration, "AB1234563");
    assert_eq!((order.drug.as_str(), order.strength.as_str(), order.form.as_str()), ("Testodrin", "10 mg", "Tablet"));
    assert_eq!((order.quantity, order.dispensed, order.refills), (tablets(30), None, 5));
    let split = paper_prescription(&RX);
    let part = Part::general(tablets(10));
    let split = apply(
        &split,
        &with_supply("2026-03-02T13:00:00-07:00", |supply| split.partial_fill(&profile(), supply, &part))
            .expect("a part")
            .events,
    );
    assert_eq!(split.original_order().dispensed, Some(tablets(10)));
}

/// Requirements: epcs-1306.22-f-2, pharm-erec-refill-history-online, epcs-1306.22-b-2
#[test]
fn the_history_has_one_line_a_refill_and_their_total() {
    let rx = filled(&paper_prescription(&RX), "2026-03-02T13:00:00-07:00");
    let rx = refilled(&rx, &pharmacist(), "2026-04-02T13:00:00-07:00");
    let rx = refilled(&rx, &second_pharmacist(), "2026-05-04T09:00:00-07:00");
    let history = rx.refill_history(None);
    assert_eq!((history.drug.as_str(), history.total), ("Testodrin 10 mg Tablet", 2));
    let lines: Vec<(u32, String, String, &str)> = history
        .lines
        .iter()
        .map(|line| {
            (line.no, line.at.date().to_string(), line.quantity.to_string(), line.pharmacist.full_name.as_str())
        })
        .collect();
    let tablets = || "30 tablet".to_owned();
    assert_eq!(
        lines,
        [(1, "2026-04-02".to_owned(), tablets(), "Ana Rivera"), (2, "2026-05-04".to_owned(), tablets(), "Mei Chen")]
    );
    let recent = rx.refill_history(Some(date(2026, 5, 1)));
    assert_eq!((recent.lines.len(), recent.lines[0].no, recent.total), (1, 2, 2));
    let back =
        rx.return_to_stock(3, &pharmacist(), at("2026-05-20T09:00:00-07:00"), "not collected").expect("put back");
    assert_eq!(apply(&rx, &back.events).refill_history(None).total, 1);
}

fn day(day: Date, prescriptions: &[&Prescription]) -> DayRefills {
    DayRefills::of(day, prescriptions)
}

fn verified(day: &mut RefillDay, events: Result<Vec<RefillDayEvent>, Refusal>) -> Result<(), String> {
    for event in events.map_err(|refusal| refusal.code.to_string())? {
        day.apply(&event).expect("foldable");
        assert_eq!(RefillDayEvent::from_json(event.kind(), &event.to_json()), Ok(event));
    }
    Ok(())
}

/// Two prescriptions, refilled on 2 April by two pharmacists.
fn two_refills() -> [Prescription; 2] {
    let one = filled(&paper_prescription(&RX), "2026-03-02T13:00:00-07:00");
    let other = filled(&prescription(&RX), "2026-03-02T13:00:00-07:00");
    [
        refilled(&one, &pharmacist(), "2026-04-02T13:00:00-07:00"),
        refilled(&other, &second_pharmacist(), "2026-04-02T15:00:00-07:00"),
    ]
}

/// Requirements: epcs-1306.22-f-3-1, epcs-1306.22-f-3-2, pharm-erec-daily-printout, pharm-erec-printout-72-hours
#[test]
fn a_days_printout_is_there_within_72_hours_and_the_day_is_open_until_both_have_signed() {
    let [one, other] = two_refills();
    let refills = day(date(2026, 4, 2), &[&one, &other]);
    assert_eq!(refills.lines.iter().map(|line| line.number.to_string()).collect::<Vec<_>>(), ["RX200001", "RX100001"]);
    let mut record = RefillDay::new(date(2026, 4, 2), RefillDocument::Printout);
    let standing = |record: &RefillDay, when: &str| record.standing(&profile(), &refills, at(when));
    assert_eq!(standing(&record, "2026-04-03T23:59:59-07:00"), DayStanding::Open);
    assert_eq!(standing(&record, "2026-04-04T00:00:00-07:00"), DayStanding::Pressing);
    assert_eq!(standing(&record, "2026-04-05T23:59:59-07:00"), DayStanding::Pressing);
    assert_eq!(standing(&record, "2026-04-06T00:00:00-07:00"), DayStanding::Late);
    let when = at("2026-04-03T08:00:00-07:00");
    let early = record.sign(&refills, &pharmacist(), when);
    assert_eq!(verified(&mut record, early), Err("PHARM-NOT-PRINTED".to_owned()));
    let print = record.print(&refills, when);
    assert_eq!(verified(&mut record, Ok(print)), Ok(()));
    assert_eq!(standing(&record, "2026-04-06T00:00:00-07:00"), DayStanding::Open, "printed in time, not yet signed");
    let signed = record.sign(&refills, &pharmacist(), when);
    assert_eq!(verified(&mut record, signed), Ok(()));
    let again = record.sign(&refills, &pharmacist(), when);
    assert_eq!(verified(&mut record, again), Err("PHARM-SIGNED".to_owned()));
    let missing =
        |record: &RefillDay| record.missing(&refills).iter().map(|one| one.full_name.clone()).collect::<Vec<_>>();
    assert_eq!(missing(&record), ["Mei Chen"]);
    let open = record.close(&profile(), &refills, when).expect_err("one is missing");
    assert_eq!(open.code.0, "LAW-1306.22-VERIFIED");
    let signed = record.sign(&refills, &second_pharmacist(), when);
    assert_eq!(verified(&mut record, signed), Ok(()));
    assert_eq!((record.close(&profile(), &refills, when), missing(&record).len()), (Ok(()), 0));
    assert_eq!(standing(&record, "2026-04-20T00:00:00-07:00"), DayStanding::Complete);
    let statement = &record.signed()[0];
    assert_eq!((statement.by.full_name.as_str(), statement.at, statement.lines), ("Ana Rivera", when, 2));
    let stranger =
        Pharmacist::new(Person::new(Actor::new("lund", Role::Pharmacist), "Ola Lund")).expect("a pharmacist");
    let refused = record.sign(&refills, &stranger, when).expect_err("did not refill");
    assert_eq!(refused.code.0, "PHARM-NOT-INVOLVED");
    // A refill entered afterwards opens the day again.
    let mut third = paper_prescription(&RX);
    third = refilled(&filled(&third, "2026-03-02T13:00:00-07:00"), &pharmacist(), "2026-04-02T18:00:00-07:00");
    let more = day(date(2026, 4, 2), &[&one, &other, &third]);
    assert_eq!(record.standing(&profile(), &more, at("2026-04-03T09:00:00-07:00")), DayStanding::Open);
    assert_eq!(record.sign(&more, &pharmacist(), when).expect_err("print anew").code.0, "PHARM-NOT-PRINTED");
    let none = day(date(2026, 4, 3), &[&one, &other]);
    let quiet = RefillDay::new(date(2026, 4, 3), RefillDocument::Printout);
    assert_eq!(quiet.standing(&profile(), &none, at("2026-04-20T00:00:00-07:00")), DayStanding::Nothing);
}

/// Requirements: epcs-1306.22-f-3-3, pharm-erec-logbook-alternative
#[test]
fn in_the_log_each_pharmacist_signs_the_days_statement_and_a_missing_one_is_overdue_the_next_day() {
    let [one, other] = two_refills();
    let refills = day(date(2026, 4, 2), &[&one, &other]);
    let mut record = RefillDay::new(date(2026, 4, 2), RefillDocument::Log);
    let signed = record.sign(&refills, &pharmacist(), at("2026-04-02T19:00:00-07:00"));
    assert_eq!(verified(&mut record, signed), Ok(()));
    assert!(record.signed()[0].statement.contains("reviewed by me and is correct"));
    let standing = |when: &str| record.standing(&profile(), &refills, at(when));
    assert_eq!(standing("2026-04-02T23:59:59-07:00"), DayStanding::Open);
    assert_eq!(standing("2026-04-03T00:00:00-07:00"), DayStanding::Late);
    assert_eq!(record.missing(&refills).len(), 1);
    let replayed =
        RefillDay::replay(date(2026, 4, 2), RefillDocument::Log, &[RefillDayEvent::Signed(record.signed()[0].clone())]);
    assert_eq!(replayed, Ok(record));
}

fn product(ndc: &Ndc) -> Option<ProductName> {
    let brand = match ndc.as_str() {
        common::NDC => "Testodrin",
        "00406055301" => "Samplodrin",
        _ => return None,
    };
    let text = |text: &str| text.to_owned();
    Some(ProductName {
        brand: text(brand),
        generic: text("testodrin acetate"),
        strength: text("10 mg"),
        form: text("Tablet"),
    })
}

/// Requirements: epcs-1306.22-f-4-1, pharm-erec-refill-audit-trail
#[test]
fn the_trail_of_a_strength_and_form_by_generic_name_by_brand_and_by_both() {
    let [one, other] = two_refills();
    let equivalent = Supply {
        pharmacist: &pharmacist(),
        at: at("2026-05-04T13:00:00-07:00"),
        scanned: &theriac_pharmacy::Scanned { ndc: ndc("00406055301"), equivalents: vec![ndc("00406055301")] },
        judgment: Judgment::new(at("2026-05-04T13:00:00-07:00")),
        conditions: theriac_pharmacy::Conditions::default(),
    };
    let one = apply(&one, &one.refill(&profile(), &equivalent, None).expect("a refill").events);
    let trail = |brand: Option<&str>, generic: Option<&str>, strength: &str| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let of = TrailOf {
            brand: own(brand),
            generic: own(generic),
            strength: strength.to_owned(),
            form: "tablet".to_owned(),
        };
        refill_trail(&[&one, &other], &of, product)
    };
    let shown = |lines: &[theriac_pharmacy::TrailLine]| {
        lines
            .iter()
            .map(|line| format!("{} {} {}", line.at.date(), line.number, line.product.brand))
            .collect::<Vec<_>>()
    };
    let generic = trail(None, Some("Testodrin Acetate"), "10 mg");
    assert_eq!(
        shown(&generic),
        ["2026-04-02 RX200001 Testodrin", "2026-04-02 RX100001 Testodrin", "2026-05-04 RX200001 Samplodrin"]
    );
    assert_eq!(shown(&trail(Some("Samplodrin"), None, "10 mg")), ["2026-05-04 RX200001 Samplodrin"]);
    assert_eq!(trail(Some("Samplodrin"), Some("testodrin acetate"), "10 mg").len(), 1);
    assert_eq!(trail(None, Some("testodrin acetate"), "20 mg").len(), 0);
    let line = &generic[1];
    assert_eq!((line.practitioner.as_str(), line.patient.as_str()), ("Avery Baker", "Pat Sample"));
    assert_eq!(
        (line.patient_address.as_str(), line.quantity.to_string()),
        ("1 Test Street Phoenix AZ 85001", "30 tablet".to_owned())
    );
    assert_eq!(line.pharmacist.full_name, "Mei Chen");
}

/// Requirements: epcs-1306.22-f-4-2, pharm-erec-central-48-hours
#[test]
fn a_printout_asked_of_a_central_place_is_sent_within_48_hours_with_its_evidence() {
    let asked = TrailRequest::new(at("2026-04-02T13:00:00-07:00"), "Agent Field, DEA", "testodrin 10 mg tablets")
        .expect("asked");
    assert_eq!(asked.due(&profile()).map(|due| due.to_string()).as_deref(), Some("2026-04-04T13:00:00-07:00"));
    assert!(!asked.is_overdue(&profile(), at("2026-04-04T13:00:00-07:00")));
    assert!(asked.is_overdue(&profile(), at("2026-04-04T13:00:01-07:00")));
    let sent = asked.sent(at("2026-04-03T09:00:00-07:00")).expect("sent");
    assert!(!sent.is_overdue(&profile(), at("2026-05-01T00:00:00-07:00")));
    assert_eq!((sent.asked, sent.sent), (asked.asked, Some(at("2026-04-03T09:00:00-07:00"))));
    let late = asked.sent(at("2026-04-04T13:00:01-07:00")).expect("sent");
    assert!(late.is_overdue(&profile(), at("2026-05-01T00:00:00-07:00")), "sent, and late for ever");
    assert_eq!(asked.sent(at("2026-04-02T12:59:59-07:00")).expect_err("before").code.0, "PHARM-TIME");
    assert_eq!(TrailRequest::new(at("2026-04-02T13:00:00-07:00"), " ", "x").expect_err("nobody").code.0, "PHARM-TEXT");
}

/// Requirements: epcs-1306.22-g, pharm-erec-one-system-only
#[test]
fn the_one_system_for_refills_changes_on_a_date_with_person_and_reason() {
    let mut chosen: Vec<MethodChosen> = Vec::new();
    let method = |chosen: &[MethodChosen]| RefillMethod::replay(chosen.to_vec());
    let (first, later) = (at("2026-04-02T13:00:00-07:00"), at("2026-05-02T13:00:00-07:00"));
    assert_eq!(method(&chosen).at(first), RefillSystem::Computer);
    let code = |found: Result<MethodChosen, Refusal>| found.expect_err("refused").code.0;
    assert_eq!(code(method(&chosen).choose(RefillSystem::Computer, &pharmacist(), first, "x")), "PHARM-METHOD");
    assert_eq!(code(method(&chosen).choose(RefillSystem::Part1311, &pharmacist(), first, "x")), "PHARM-METHOD");
    assert_eq!(code(method(&chosen).choose(RefillSystem::Manual, &pharmacist(), first, " ")), "PHARM-TEXT");
    let change = method(&chosen).choose(RefillSystem::Manual, &pharmacist(), later, "printer lost").expect("chosen");
    assert_eq!(MethodChosen::from_json(MethodChosen::KIND, &change.to_json()).as_ref(), Ok(&change));
    chosen.push(change);
    assert_eq!((method(&chosen).at(first), method(&chosen).at(later)), (RefillSystem::Computer, RefillSystem::Manual));
    assert_eq!(code(method(&chosen).choose(RefillSystem::Manual, &pharmacist(), later, "x")), "PHARM-METHOD");
    let logged = &method(&chosen).choices()[0].clone();
    assert_eq!((logged.at, logged.by.full_name.as_str(), logged.why.as_str()), (later, "Ana Rivera", "printer lost"));
}

fn sheet(no: u32, when: &str) -> Sheet {
    Sheet {
        no,
        pharmacist: second_pharmacist(),
        at: at(when),
        ndc: ndc(common::NDC),
        quantity: tablets(30),
        recipient: "the patient".to_owned(),
    }
}

/// Requirements: epcs-1306.22-f-5, pharm-erec-downtime-procedure, pharm-erec-downtime-entry
#[test]
fn in_downtime_the_kit_tells_what_may_be_refilled_and_sheets_are_entered_with_true_times_and_exceptions_listed() {
    let one = filled(&prescription(&Rx { refills: 1, ..RX }), "2026-03-02T13:00:00-07:00");
    let done = filled(&paper_prescription(&Rx { refills: 0, ..RX }), "2026-03-02T13:00:00-07:00");
    let kit = DowntimeKit::of(&profile(), &[&one, &done], at("2026-04-02T07:00:00-07:00"));
    let [line] = &kit.lines[..] else { panic!("one may be refilled") };
    assert_eq!((line.number.as_str(), line.refills_left, line.patient.as_str()), ("RX100001", 1, "Pat Sample"));
    assert_eq!(line.last_day.map(|day| day.to_string()).as_deref(), Some("2026-09-02"));
    let begun = Downtime::begin(pharmacist().person(), at("2026-04-02T08:00:00-07:00"), 101, 104).expect("begun");
    for (first, last) in [(0, 4), (5, 4), (1, 10_001)] {
        let refused = Downtime::begin(pharmacist().person(), at("2026-04-02T08:00:00-07:00"), first, last);
        assert_eq!(refused.expect_err("no numbers").code.0, "PHARM-SHEETS");
    }
    let mut events = vec![begun];
    let outage = |events: &[DowntimeEvent]| Downtime::replay(events).expect("consistent");
    let ended = outage(&events).end(pharmacist().person(), at("2026-04-02T17:00:00-07:00")).expect("ended");
    events.push(ended);
    let entered = at("2026-04-02T17:30:00-07:00");
    let enter = |rx: &Prescription, sheet: &Sheet| rx.enter_sheet(&profile(), sheet, &technician(), entered);
    let first = enter(&one, &sheet(101, "2026-04-02T10:00:00-07:00")).expect("entered");
    assert_eq!(first.exception, None);
    let accounts: Vec<_> = first.movements.iter().map(|moved| (moved.from.clone(), moved.to.clone())).collect();
    assert_eq!(accounts, [(Account::Shelf, Account::WillCall), (Account::WillCall, Account::Patient)]);
    let one = apply(&one, &first.events);
    let refill = one.fillings().last().expect("entered");
    let mark = refill.on_sheet.as_ref().expect("a downtime mark");
    assert_eq!((refill.at, mark.sheet, mark.entered), (at("2026-04-02T10:00:00-07:00"), 101, entered));
    assert_eq!((refill.pharmacist.full_name.as_str(), mark.by.full_name.as_str()), ("Mei Chen", "Jo Novak"));
    // The only refill was used: a second sheet is kept as an exception, its stock is booked out, nothing is left.
    let second = enter(&one, &sheet(102, "2026-04-02T15:00:00-07:00")).expect("never refused");
    assert_eq!(second.exception.as_ref().map(|refusal| refusal.code.0), Some("LAW-1306.22-COUNT"));
    assert_eq!(second.movements.len(), 2);
    let one = apply(&one, &second.events);
    let [exception] = one.exceptions() else { panic!("one exception") };
    assert_eq!((exception.on.sheet, exception.refusal.code.as_str()), (102, "LAW-1306.22-COUNT"));
    assert_eq!((one.dispensed(), one.used(), one.authorised()), (60, 90, 60));
    assert_eq!(one.remaining(&profile(), entered), Ok(None));
    let again = enter(&one, &sheet(102, "2026-04-02T15:00:00-07:00")).expect_err("entered");
    assert_eq!(again.code.0, "PHARM-SHEET");
    let before = enter(&one, &sheet(103, "2026-04-02T17:30:01-07:00")).expect_err("not yet dispensed");
    assert_eq!(before.code.0, "PHARM-TIME");
    for no in [101, 102] {
        let entry = outage(&events).entered(no, &number("RX100001"), &technician(), entered).expect("open");
        assert_eq!(DowntimeEvent::from_json(entry.kind(), &entry.to_json()).as_ref(), Ok(&entry));
        events.push(entry);
    }
    assert_eq!(outage(&events).open_sheets(), [103, 104], "unentered numbers are listed");
    let unused = outage(&events).unused(103, "not used", &technician(), entered).expect("open");
    events.push(unused);
    assert_eq!(outage(&events).open_sheets(), [104]);
    for no in [100, 101, 105] {
        let refused = outage(&events).entered(no, &number("RX100001"), &technician(), entered);
        assert_eq!(refused.expect_err("not open").code.0, "PHARM-SHEET");
    }
    assert_eq!(outage(&events).ended(), Some(at("2026-04-02T17:00:00-07:00")));
}

/// An outage of 8 to 17 o'clock with sheets 1 and 2, and what it is after more.
fn outage(more: &[DowntimeEvent]) -> Downtime {
    let person = pharmacist().person().clone();
    let mut events = vec![Downtime::begin(&person, at("2026-04-02T08:00:00-07:00"), 1, 2).expect("begun")];
    let down = Downtime::replay(&events).expect("consistent");
    events.push(down.end(&person, at("2026-04-02T17:00:00-07:00")).expect("ended"));
    events.extend_from_slice(more);
    Downtime::replay(&events).expect("consistent")
}

/// Requirements: law-refill-downtime-entry-soon
#[test]
fn a_sheet_may_hold_a_refill_of_what_was_filled_for_the_first_time_until_the_computer_ran_again() {
    let first_filled = |when: &str| filled(&prescription(&Rx { refills: 1, ..RX }), when);
    for (when, sheets) in [
        ("2026-04-02T16:59:59-07:00", 2),
        ("2026-04-02T17:00:00-07:00", 2),
        ("2026-04-02T17:00:01-07:00", 0),
        ("2026-04-03T00:00:00Z", 2),
        ("2026-04-03T00:00:01Z", 0),
    ] {
        assert_eq!(outage(&[]).sheets_concerning(&first_filled(when)).len(), sheets, "{when}");
    }
    assert_eq!(outage(&[]).sheets_concerning(&prescription(&RX)), [1, 2], "nothing is entered of it yet");
    let down = Downtime::begin(pharmacist().person(), at("2026-04-02T08:00:00-07:00"), 1, 2).expect("begun");
    let down = Downtime::replay(&[down]).expect("consistent");
    assert!(down.sheets_concerning(&first_filled("2026-03-02T13:00:00-07:00")).is_empty(), "while it is down");
}

/// Requirements: law-refill-downtime-entry-soon
#[test]
fn a_sheet_that_was_named_concerns_its_prescription_alone_and_the_naming_is_stored_and_read_back() {
    let (person, when) = (pharmacist().person().clone(), at("2026-04-02T17:30:00-07:00"));
    let ours = filled(&prescription(&Rx { refills: 1, ..RX }), "2026-03-02T13:00:00-07:00");
    let name = |no: u32, number: &str| outage(&[]).name(no, &common::number(number), &person, when);
    let (other, own) = (name(1, "RX900009").expect("named"), name(1, "RX100001").expect("named"));
    for event in [&other, &own] {
        assert_eq!(event.kind(), "downtime.named");
        assert_eq!(DowntimeEvent::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event));
    }
    assert!(DowntimeEvent::from_json("downtime.named", &serde_json::json!({"sheet": 1})).is_err());
    assert_eq!(outage(&[]).sheets_concerning(&ours), [1, 2]);
    assert_eq!(outage(std::slice::from_ref(&other)).sheets_concerning(&ours), [2]);
    let corrected = outage(&[other, own]);
    assert_eq!(corrected.sheets_concerning(&ours), [1, 2], "the last word holds");
    assert_eq!(corrected.named(1).map(PrescriptionNumber::as_str), Some("RX100001"));
    for no in [0, 3] {
        assert_eq!(name(no, "RX100001").expect_err("not given out").code.0, "PHARM-SHEET");
    }
}

/// Closed while the computer was down, or refilled too late: what happened is entered all the same.
#[test]
fn a_sheet_of_a_closed_prescription_is_an_exception_too() {
    let rx = filled(&prescription(&RX), "2026-03-02T13:00:00-07:00");
    let handed = rx.hand_over(&profile(), 1, &pick_up("the patient"), &technician(), at("2026-03-02T14:00:00-07:00"));
    let rx = apply(&rx, &handed.expect("collected").events);
    let late = rx.enter_sheet(
        &profile(),
        &sheet(1, "2026-09-03T09:00:00-07:00"),
        &technician(),
        at("2026-09-03T12:00:00-07:00"),
    );
    assert_eq!(late.expect("entered").exception.map(|refusal| refusal.code.0), Some("LAW-1306.22-EXPIRED"));
    let closed = apply(&rx, &rx.discontinue(&pharmacist(), at("2026-04-01T09:00:00-07:00"), "ended").expect("ended"));
    let entry = closed.enter_sheet(
        &profile(),
        &sheet(1, "2026-04-02T09:00:00-07:00"),
        &technician(),
        at("2026-04-02T12:00:00-07:00"),
    );
    let entry = entry.expect("entered");
    assert_eq!(entry.exception.as_ref().map(|refusal| refusal.code.0), Some("PHARM-CLOSED"));
    assert_eq!(apply(&closed, &entry.events).exceptions().len(), 1);
}
