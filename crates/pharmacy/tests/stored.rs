//! Stored bytes: the same for ever, read back exactly, damaged ones refused by name.

mod common;
use common::{
    RX, Rx, accepted, archive, arrived, at, ndc, number, pharmacist, prescription, profile, tablets, technician,
    with_supply,
};
use jiff::civil::date;
use serde_json::{Value, json};
use theriac_law::When;
use theriac_law::facts::{Screen, StaffNote};
use theriac_law::vocab::{
    Between, Change, Delivery, DrugClass, Element as LawElement, File, Flag, FlagDecision, ForgerySign, Form, Grounds,
    Identifier, NumberSource, PickupDocument, ProfileItem, Recipient, Relationship, Resolution as LawResolution,
    Specialty, StaffNoteKind,
};
use theriac_model::json::canonical;
use theriac_model::{DeaNumber, Element, Schedule};
use theriac_pharmacy::*;

const WHEN: &str = "2026-03-02T14:00:00-07:00";

fn received() -> Event {
    accepted(arrived(&RX)).remove(0)
}

fn rejected() -> Event {
    let mut message = arrived(&RX);
    message.twin = Twin::SameOrder(number("RX099999"));
    match receive(&profile(), message) {
        Intake::Rejected { mut events, .. } => events.remove(0),
        Intake::Accepted(_) => panic!("accepted"),
    }
}

/// The rules named in the record grow with the rulebook; golden bytes must not.
fn with_rules(mut event: Event) -> Event {
    let rules = vec!["1306.05-contents".to_owned(), "1306.05-signed".to_owned()];
    match &mut event {
        Event::Received(received) => received.law.rules = rules,
        Event::Filled(filling) => filling.law.rules = rules,
        _ => {}
    }
    event
}

fn filled() -> Event {
    let two = Rx { schedule: Schedule::II, refills: 0, ..RX };
    let part = Part::ltcf(tablets(10));
    let rx = prescription(&two);
    with_supply(WHEN, |supply| rx.partial_fill(&profile(), supply, &part)).expect("a part").events.remove(0)
}

fn events() -> Vec<(&'static str, Event)> {
    let rx = prescription(&RX);
    let (who, when) = (pharmacist().person().clone(), at(WHEN));
    let refusal = rx.remainder_refusal();
    let contact = Some(Contact { person: "Lee, nurse".to_owned(), method: "telephone".to_owned() });
    let annotation = Annotation {
        no: 1,
        kind: AnnotationKind::PrescriberContact,
        text: "dose \"10 mg\" confirmed".to_owned(),
        contact,
        corrects: Some(1),
        by: who.clone(),
        at: when,
    };
    let authorization =
        OralAuthorization { at: when, additional: 2, quantity: tablets(30), practitioner: "Avery Baker".to_owned() };
    let duty = DutyItem {
        id: 1,
        code: "notify-prescriber".to_owned(),
        due: When::parse("2026-03-05T14:00:00-07:00"),
        why: "unless the remainder is dispensed by then".to_owned(),
    };
    let closed = Closed {
        how: Closing::Cancelled,
        at: when,
        by: who.clone(),
        reason: "cancelled by the practitioner's system".to_owned(),
        message: Some("M-9".to_owned()),
    };
    vec![
        ("rx.received", with_rules(received())),
        ("rx.rejected", rejected()),
        ("rx.opened", rx.open(&technician(), when, "queue").remove(0)),
        ("rx.filled", with_rules(filled())),
        (
            "rx.handed-over",
            Event::HandedOver { no: 1, at: when, by: technician(), recipient: "the patient".to_owned(), details: None },
        ),
        ("rx.returned", Event::Returned { no: 1, at: when, by: who.clone(), reason: "not collected".to_owned() }),
        ("rx.annotated", Event::Annotated(annotation)),
        ("rx.refills-added", Event::RefillsAdded(AddedRefills { authorization, by: who.clone() })),
        ("rx.duty-raised", Event::DutyRaised(duty)),
        ("rx.duty-done", Event::DutyDone(DutyDone { id: 1, at: when, by: who.clone(), how: "telephone".to_owned() })),
        ("rx.cancelled", Event::Closed(closed)),
        ("rx.refused", rx.refused("remainder", &who, when, &refusal).remove(0)),
        ("rx.original-presented", Event::OriginalPresented(original())),
        ("rx.doubt-settled", Event::DoubtSettled(settled())),
        ("rx.twin-arrived", Event::TwinArrived(Box::new(twin()))),
        ("rx.followed-up", Event::FollowedUp(Box::new(followed_up()))),
        ("rx.follows-emergency", Event::FollowsEmergency(Box::new(follows()))),
        ("rx.dea-notified", Event::DeaNotified(Box::new(told_dea()))),
        ("rx.screened", Event::Screened(Box::new(screened()))),
        ("rx.flag-decided", Event::FlagDecided(Box::new(flag_decided()))),
        ("rx.label-affixed", Event::LabelAffixed(Box::new(LabelAffixed { no: 1, at: when, by: who.clone() }))),
        ("rx.transferred-out", Event::TransferredOut(Box::new(transferred_out()))),
        ("rx.sent-to-central", Event::SentToCentral(Box::new(sent_to_central()))),
        ("rx.back-from-central", Event::BackFromCentral(Box::new(back_from_central()))),
        (
            "rx.central-unfilled",
            Event::CentralUnfilled(Box::new(CentralUnfilled { no: 2, at: when, by: who.clone(), why: Unfilled::Lost })),
        ),
        ("rx.amended", Event::Amended(Box::new(amendment()))),
        ("rx.downtime-exception", Event::DowntimeException(Box::new(exception()))),
        ("rx.filed", Event::Filed(Box::new(filed()))),
        ("rx.code-verified", Event::CodeVerified(Box::new(code_verified()))),
        ("rx.received", with_rules(by_call())),
        ("rx.received", with_rules(by_fax())),
        ("rx.received", with_rules(by_transfer())),
        ("rx.handed-over", handed_with_identity()),
        ("rx.transfer-sent", Event::TransferSent(Box::new(transferred_out()))),
        (
            "rx.transfer-freed",
            Event::TransferFreed(Box::new(TransferFreed { at: when, by: who.clone(), why: "out of stock".to_owned() })),
        ),
    ]
}

fn who() -> Person {
    pharmacist().person().clone()
}

fn other() -> Pharmacy {
    Pharmacy {
        name: "Valley Pharmacy".to_owned(),
        address: "9 Main Street, Phoenix, AZ 85003".to_owned(),
        registration: DeaNumber::parse("FV7654329").ok(),
        number: "V500001".to_owned(),
    }
}

fn original() -> OriginalPresented {
    let differs = vec![LawElement::Quantity];
    OriginalPresented { at: at(WHEN), by: who(), differs, filed: "II 2026/17".to_owned() }
}

fn settled() -> DoubtSettled {
    DoubtSettled { at: at(WHEN), by: who(), how: LawResolution::Call, words: "Lee, nurse".to_owned() }
}

fn twin() -> TwinArrived {
    TwinArrived { at: at(WHEN), archive: archive(), message: Some("M-2".to_owned()) }
}

fn followed_up() -> FollowedUp {
    let document = FollowUpDocument::Paper { archive: archive(), filed: "II 2026/21".to_owned() };
    let what = FollowUp {
        by: Delivery::Mail,
        received: date(2026, 3, 9),
        postmarked: Some(date(2026, 3, 6)),
        statement: OnFace::Stands,
        oral_date: OnFace::Absent,
        quantity: tablets(30),
        document,
    };
    FollowedUp { what, at: at(WHEN), pharmacist: who() }
}

fn follows() -> FollowsEmergency {
    let authorization = "Dr. Baker by telephone".to_owned();
    let (oral, oral_order) = (number("RX200001"), date(2026, 3, 2));
    FollowsEmergency { oral, oral_order, authorization, by: who(), at: at(WHEN) }
}

fn told_dea() -> DeaNotified {
    DeaNotified { at: at(WHEN), by: who(), office: "Phoenix".to_owned(), how: "telephone".to_owned() }
}

fn screened() -> Screened {
    let note = StaffNote { kind: StaffNoteKind::StreetName, author: "novak".to_owned(), at: at(WHEN).into() };
    let screen = Screen {
        class: DrugClass::Opioid,
        active: vec![DrugClass::Benzodiazepine],
        distance_miles: Some(51),
        specialty: Some(Specialty::Pain),
        notes: vec![note],
        forgery: vec![ForgerySign::Photocopied],
        profile: vec![ProfileItem::Cannabis],
        pending_action: true,
        ..Screen::new()
    };
    let raised = vec![RaisedFlag {
        flag: Flag::Distance,
        code: "LAW-FLAG-DISTANCE".to_owned(),
        what: "51 miles".to_owned(),
        cite: "Cards 2021".to_owned(),
    }];
    Screened { at: at(WHEN), by: technician(), screen, raised }
}

fn flag_decided() -> FlagDecided {
    let about = AboutFlag {
        flag: Flag::Distance,
        decision: FlagDecision::Resolved,
        grounds: Grounds::Contact,
        person: Some("Avery Baker".to_owned()),
        contacted: Some(at(WHEN)),
        number: NumberSource::Independent,
        outcome: "moved".to_owned(),
    };
    FlagDecided { about, at: at(WHEN), by: who() }
}

fn transferred_out() -> TransferredOut {
    TransferredOut {
        at: at(WHEN),
        by: who(),
        to: other(),
        receiver: "Kim Osei".to_owned(),
        between: Between::Pharmacists,
        database: Database::Own,
        void_mark: Mark::Made,
        refills: 4,
    }
}

fn sent_to_central() -> SentToCentral {
    SentToCentral {
        no: 1,
        at: at(WHEN),
        by: who(),
        to: other(),
        relationship: Relationship::Contract,
        mark: Mark::Made,
        which: Which::Refill,
        quantity: tablets(30),
        refills_to_date: Some(1),
        refills_remaining: Some(4),
    }
}

fn back_from_central() -> BackFromCentral {
    BackFromCentral {
        no: 1,
        at: at(WHEN),
        received: date(2026, 3, 3),
        carriage: Carriage::Common,
        accepted_by: technician(),
        filled_by: "Kim Osei".to_owned(),
        ndc: ndc(common::NDC),
    }
}

fn amendment() -> Amendment {
    Amendment {
        no: 1,
        element: Element::Directions,
        change: Change::Replace,
        from: Some("Take one".to_owned()),
        to: "Take two".to_owned(),
        consulted: Some(Contact { person: "Avery Baker".to_owned(), method: "telephone".to_owned() }),
        why: "asked".to_owned(),
        by: who(),
        at: at(WHEN),
    }
}

fn exception() -> DowntimeException {
    let refusal = RefusalRecord {
        code: "LAW-1306.22-COUNT".to_owned(),
        cite: "21 CFR 1306.22(a)".to_owned(),
        edition: "cfr".to_owned(),
        field: None,
        what: "all are used".to_owned(),
        next: "ask".to_owned(),
    };
    DowntimeException {
        on: OnSheet { sheet: 102, entered: at(WHEN), by: technician() },
        at: at(WHEN),
        pharmacist: who(),
        ndc: ndc(common::NDC),
        quantity: tablets(30),
        recipient: "the patient".to_owned(),
        refusal,
    }
}

fn filed() -> Filed {
    Filed {
        scheme: FilingScheme::TwoFiles,
        file: File::General,
        location: DeaNumber::parse("FT1234563").expect("a DEA number"),
        position: "2026/117".to_owned(),
        red_c_tenths: 10,
        at: at(WHEN),
        by: who(),
    }
}

fn code_verified() -> CodeVerified {
    CodeVerified { at: at(WHEN), by: who(), asked: "R. Diaz".to_owned(), answer: Answered::No }
}

fn came(source: Source, signed: Signed) -> Event {
    let Event::Received(mut received) = received() else { panic!("a prescription") };
    (received.source, received.signed) = (source, signed);
    Event::Received(received)
}

fn by_call() -> Event {
    let emergency = Some(Emergency {
        circumstances: vec![Circumstance::ImmediateNeed, Circumstance::CalledBack],
        needed: tablets(10),
        why: "acute pain".to_owned(),
    });
    let call = Call { agent: Some("Lee".to_owned()), called: at(WHEN), written: at(WHEN), emergency };
    let taken = TakenIn {
        by: who(),
        came: Came::Call(Box::new(call)),
        narcotic: Narcotic::Narcotic,
        aside: theriac_pharmacy::Aside::default(),
    };
    came(Source::ByHand(Box::new(taken)), Signed::Oral)
}

fn by_fax() -> Event {
    let note = HospiceNote::OnFace;
    let ground = Some(FaxGround::Hospice { programme: "Desert Hospice".to_owned(), note });
    let fax = Fax { ground, ..Fax::from_practitioner() };
    let taken = TakenIn {
        by: who(),
        came: Came::Fax(fax),
        narcotic: Narcotic::Other,
        aside: theriac_pharmacy::Aside::default(),
    };
    came(Source::ByHand(Box::new(taken)), Signed::Seen)
}

fn by_transfer() -> Event {
    let earlier = EarlierFilling { on: date(2026, 2, 2), quantity: tablets(30), place: "Valley".to_owned() };
    let transfer = TransferredIn {
        by: who(),
        between: Between::Pharmacists,
        database: Database::Shared,
        mark: Mark::Made,
        form: Form::Paper,
        original: archive(),
        first_dispensed: Some(date(2026, 2, 2)),
        refills_remaining: 4,
        earlier: vec![earlier],
        from: other(),
        pharmacist: "Kim Osei".to_owned(),
        first_filled: Some(other()),
        narcotic: Narcotic::Other,
    };
    came(Source::Transfer(Box::new(transfer)), Signed::Seen)
}

fn handed_with_identity() -> Event {
    let identity = Identity {
        acquaintance: Acquaintance::Unknown,
        document: Some(PickupDocument::DriversLicence),
        last_digits: Some("4417".to_owned()),
        matching: vec![Identifier::Name],
        differing: vec![Identifier::BirthDate],
    };
    let details =
        Some(Box::new(Handed { to: Recipient::HouseholdMember, by_way: Delivery::Hand, identity: Some(identity) }));
    Event::HandedOver { no: 1, at: at(WHEN), by: technician(), recipient: "Robin".to_owned(), details }
}

trait RefusedRemainder {
    fn remainder_refusal(&self) -> theriac_model::Refusal;
}

impl RefusedRemainder for theriac_pharmacy::Prescription {
    fn remainder_refusal(&self) -> theriac_model::Refusal {
        with_supply(WHEN, |supply| self.remainder(&profile(), supply)).expect_err("nothing was dispensed")
    }
}

#[test]
fn stored_bytes_are_the_golden_ones_and_are_read_back_exactly() {
    let golden = include_str!("golden/events.jsonl");
    let mut lines = golden.lines();
    for (kind, event) in events() {
        let bytes = canonical(&event.to_json()).expect("canonical");
        let found = format!("{kind} {}", String::from_utf8(bytes).expect("UTF-8"));
        assert_eq!(found, lines.next().unwrap_or_default());
        assert_eq!(event.kind(), kind);
        let value: Value = serde_json::from_slice(&canonical(&event.to_json()).expect("canonical")).expect("JSON");
        assert_eq!(Event::from_json(kind, &value), Ok(event));
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn every_way_to_end_has_an_event_of_its_own_that_is_read_back() {
    let (by, when) = (pharmacist().person().clone(), at(WHEN));
    for how in Closing::ALL {
        let closed = Closed { how, at: when, by: by.clone(), reason: "r".to_owned(), message: None };
        let event = Event::Closed(closed);
        assert_eq!(event.kind(), format!("rx.{}", how.word()));
        assert_eq!(Event::from_json(event.kind(), &event.to_json()), Ok(event));
    }
}

#[test]
fn an_unknown_kind_or_format_is_refused_by_name() {
    assert_eq!(
        Event::from_json("rx.changed", &json!({"format": 1})),
        Err(BadEvent::UnknownKind("rx.changed".to_owned()))
    );
    for (kind, event) in events() {
        let mut body = event.to_json();
        body["format"] = json!(2);
        assert_eq!(Event::from_json(kind, &body), Err(BadEvent::UnknownFormat(2, kind.to_owned())));
        for value in [Value::Null, json!([]), json!("x"), json!(7)] {
            let error = Event::from_json(kind, &value).expect_err("damaged");
            assert_eq!(error.to_string(), "field format: a whole number expected", "{kind}");
        }
    }
}

/// Members that may be absent, so that `null` in them is no damage.
const OPTIONAL: [&str; 44] = [
    "last-digits",
    "matching",
    "differing",
    "differs",
    "postmarked",
    "registration",
    "refills-to-date",
    "refills-remaining",
    "from",
    "consulted",
    "person",
    "contacted",
    "raised",
    "active",
    "distance-miles",
    "specialty",
    "notes",
    "forgery",
    "profile",
    "pending-action",
    "agent",
    "emergency",
    "circumstances",
    "ground",
    "earlier",
    "first-dispensed",
    "first-filled",
    "details",
    "identity",
    "document",
    "reply",
    "order-number",
    "sent",
    "found",
    "expires",
    "due",
    "field",
    "twin",
    "notation",
    "note",
    "contact",
    "corrects",
    "message",
    "part",
];

/// Puts `damage` in place of each member in turn, at every depth.
fn damaged(body: &Value, damage: &Value) -> Vec<(String, Value)> {
    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(n, value)| (format!("{at}/{n}"), value)).collect(),
            _ => return,
        };
        for (pointer, child) in children {
            pointers(child, &pointer, found);
            found.push(pointer);
        }
    }
    let mut found = Vec::new();
    pointers(body, "", &mut found);
    let with = |pointer: &String| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).expect("a pointer of this body") = damage.clone();
        body
    };
    found.iter().map(|pointer| (pointer.clone(), with(pointer))).collect()
}

#[test]
fn a_damaged_member_is_named_and_nothing_panics() {
    for (kind, event) in events() {
        for (pointer, body) in damaged(&event.to_json(), &json!({"x": -1})) {
            let error = Event::from_json(kind, &body).expect_err(&pointer).to_string();
            assert!(error.starts_with("field ") || error.starts_with("format "), "{kind}{pointer}: {error}");
        }
        for (pointer, body) in damaged(&event.to_json(), &Value::Null) {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let read = Event::from_json(kind, &body);
            let may_vanish = OPTIONAL.contains(&name)
                || pointer.contains("/contents/")
                || name == "duties"
                || name == "refusals"
                || name == "rules"
                || name == "schedules";
            assert!(read.is_err() || may_vanish, "{kind}{pointer}");
        }
    }
}
