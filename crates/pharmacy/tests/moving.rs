//! Transfers between pharmacies and central filling: what leaves, what comes along, what both records show.

mod common;
use common::{
    RX, Rx, archive, at, ndc, number, paper_prescription, pharmacist, pick_up, prescription, profile, registrant,
    tablets, technician, with_supply,
};
use jiff::civil::date;
use theriac_books::Account;
use theriac_law::Profile;
use theriac_law::vocab::{Between, Form, Relationship, Status as Standing};
use theriac_model::{DeaNumber, Element, Need, Schedule};
use theriac_pharmacy::{
    ArchiveDigest, Carriage, CentralArrival, CentralDelivered, CentralEvent, CentralOrder, CentralSite, Database,
    Downtime, DrugFile, EarlierFilling, Event, FirstFilled, Leaving, Mark, Narcotic, NoteKind, Pharmacy, Prescription,
    TakingIn, ToCentral, TransferArrival, TransferData, TransferOut, Transmission, Twin, Unfilled, reconcile,
    take_transfer, unmatched,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };
const LEFT: &str = "2026-05-04T09:00:00-07:00";

fn apply(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).unwrap_or_else(|problem| panic!("{}: {problem}", event.kind()));
        assert_eq!(Event::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event), "stored and read back");
    }
    rx
}

fn pharmacy(name: &str, registration: &str) -> Pharmacy {
    Pharmacy {
        name: name.to_owned(),
        address: "9 Main Street, Phoenix, AZ 85003".to_owned(),
        registration: DeaNumber::parse(registration).ok(),
        number: String::new(),
    }
}

fn own() -> Pharmacy {
    pharmacy("Corner Pharmacy", "FT1234563")
}

fn other() -> Pharmacy {
    pharmacy("Valley Pharmacy", "FV7654329")
}

fn out() -> TransferOut {
    TransferOut {
        to: other(),
        standing: Standing::Valid,
        receiver: "Kim Osei".to_owned(),
        between: Between::Pharmacists,
        database: Database::Own,
        void_mark: Mark::Made,
    }
}

/// Filled, refilled once, and everything collected.
fn used(rx: &Prescription) -> Prescription {
    let mut rx = rx.clone();
    for (no, when) in [(1, "2026-03-02T13:00:00-07:00"), (2, "2026-04-02T13:00:00-07:00")] {
        let filled = if no == 1 {
            with_supply(when, |supply| rx.fill(&profile(), supply))
        } else {
            with_supply(when, |supply| rx.refill(&profile(), supply, None))
        };
        rx = apply(&rx, &filled.expect("dispensed").events);
        let handed = rx.hand_over(&profile(), no, &pick_up("the patient"), &technician(), at(when)).expect("collected");
        rx = apply(&rx, &handed.events);
    }
    rx
}

fn leave(profile: &Profile, rx: &Prescription, change: impl FnOnce(&mut TransferOut)) -> Result<Leaving, String> {
    let mut out = out();
    change(&mut out);
    let found = rx.transfer_out(profile, &pharmacist(), at(LEFT), &out, &own());
    found.map_err(|refusal| match refusal.field {
        Some(field) if field.starts_with("entry") => field.into_owned(),
        _ => refusal.code.to_string(),
    })
}

fn arrival(rx: &Rx, data: TransferData) -> TransferArrival {
    TransferArrival {
        number: number("V500001"),
        pharmacy: DeaNumber::parse("FV7654329").expect("a DEA number"),
        archive: ArchiveDigest([9; 32]),
        at: at("2026-05-04T09:10:00-07:00"),
        by: pharmacist(),
        data,
        between: Between::Pharmacists,
        database: Database::Own,
        standing: Standing::Valid,
        mark: Mark::Made,
        registrant: registrant(),
        drug: DrugFile::Scheduled(rx.schedule),
        narcotic: Narcotic::Other,
        twin: Twin::None,
    }
}

fn take(profile: &Profile, arrival: TransferArrival) -> Result<Prescription, String> {
    match take_transfer(profile, arrival) {
        TakingIn::Accepted(events) => {
            assert_eq!(Event::from_json(events[0].kind(), &events[0].to_json()).as_ref(), Ok(&events[0]));
            Ok(Prescription::replay(&events).expect("consistent"))
        }
        TakingIn::Refused { events, refusals } => {
            assert_eq!(Event::from_json(events[0].kind(), &events[0].to_json()).as_ref(), Ok(&events[0]));
            let said = |refusal: &theriac_model::Refusal| match &refusal.field {
                Some(field) => format!("{} {field}", refusal.code),
                None => refusal.code.to_string(),
            };
            Err(refusals.iter().map(said).collect::<Vec<_>>().join("; "))
        }
    }
}

fn refill(rx: &Prescription, when: &str) -> Result<Prescription, String> {
    let found = with_supply(when, |supply| rx.refill(&profile(), supply, None));
    found.map(|filled| apply(rx, &filled.events)).map_err(|refusal| refusal.code.to_string())
}

/// Requirements: epcs-pre-8-5-transfer-void
#[test]
fn what_left_by_transfer_is_void_here_and_both_records_name_both_pharmacists() {
    let rx = used(&prescription(&RX));
    let left = leave(&profile(), &rx, |_| ()).expect("transferred");
    let after = apply(&rx, &left.events);
    assert_eq!(after.status().word(), "transferred");
    assert_eq!(after.refills_remaining(&profile(), at(LEFT)), Ok(0));
    assert_eq!(after.remaining(&profile(), at(LEFT)), Ok(None));
    assert_eq!(refill(&after, "2026-05-05T09:00:00-07:00").map(|_| ()), Err("PHARM-CLOSED".to_owned()));
    let gone = after.transferred_out().expect("recorded");
    assert_eq!((gone.by.full_name.as_str(), gone.receiver.as_str(), gone.refills), ("Ana Rivera", "Kim Osei", 4));
    assert_eq!(gone.to, other());
    let there = take(&profile(), arrival(&RX, left.data)).expect("taken in");
    let came = there.received().source.transferred_in().expect("by transfer");
    assert_eq!((came.by.full_name.as_str(), came.pharmacist.as_str()), ("Ana Rivera", "Ana Rivera"));
    assert_eq!((came.refills_remaining, came.from.name.as_str()), (4, "Corner Pharmacy"));
    assert_eq!(there.refills_remaining(&profile(), at("2026-05-05T09:00:00-07:00")), Ok(4));
    // Two were dispensed there, so four more can be here, and no fifth.
    let mut rx = there;
    for when in ["2026-05-05", "2026-06-04", "2026-07-04", "2026-08-03"] {
        rx = refill(&rx, &format!("{when}T09:00:00-07:00")).expect(when);
    }
    assert_eq!(refill(&rx, "2026-09-01T09:00:00-07:00").map(|_| ()), Err("LAW-1306.22-COUNT".to_owned()));
    assert_eq!((rx.used(), rx.dispensed(), rx.authorised()), (180, 120, 180));
    assert_eq!(rx.status().word(), "completed");
}

/// Requirements: epcs-pre-8-5-transfer-void
#[test]
fn what_was_sent_waits_until_the_other_pharmacy_says_whether_it_took_it_in() {
    let rx = used(&prescription(&RX));
    let send = |rx: &Prescription| {
        let sent = rx.send_by_transfer(&profile(), &pharmacist(), at(LEFT), &out(), &own()).expect("sent");
        apply(rx, &sent.events)
    };
    let code = |refusal: theriac_model::Refusal| refusal.code.to_string();
    assert_eq!(rx.taken_in(at(LEFT), "Kim Osei").map_err(code), Err("PHARM-NOT-ON-ITS-WAY".to_owned()));
    assert_eq!(rx.free(pharmacist().person(), at(LEFT), "x").map_err(code), Err("PHARM-NOT-ON-ITS-WAY".to_owned()));
    let waits = send(&rx);
    assert_eq!((waits.status().word(), waits.transferred_out(), waits.closed()), ("on-its-way", None, None));
    assert_eq!(waits.refills_remaining(&profile(), at(LEFT)), Ok(0));
    assert_eq!(waits.remaining(&profile(), at(LEFT)), Ok(None));
    let held = Err("PHARM-ON-ITS-WAY".to_owned());
    let refilled = refill(&waits, "2026-05-05T09:00:00-07:00");
    assert_eq!(refilled.map(|_| ()), held);
    assert_eq!(leave(&profile(), &waits, |_| ()).map(|_| ()), held);
    assert_eq!(waits.void(&pharmacist(), at(LEFT), "r").map(|_| ()).map_err(code), held);
    assert_eq!(
        waits.lapse(&profile(), at("2027-05-05T09:00:00-07:00")),
        Ok(Vec::new()),
        "its time is the other's matter"
    );
    let mut forced = waits.clone();
    let filled =
        with_supply("2026-05-05T09:00:00-07:00", |supply| rx.refill(&profile(), supply, None)).expect("filled");
    assert!(filled.events.iter().any(|event| forced.apply(event).is_err()), "no record can hold both");

    let later = at("2026-05-06T09:00:00-07:00");
    assert_eq!(waits.taken_in(later, " ").map_err(code), Err("PHARM-TEXT".to_owned()));
    let gone = apply(&waits, &waits.taken_in(later, "Lee Moreno").expect("taken in"));
    assert_eq!(gone.status().word(), "transferred");
    let left = gone.transferred_out().expect("recorded");
    assert_eq!((left.by.full_name.as_str(), left.receiver.as_str(), left.at), ("Ana Rivera", "Lee Moreno", at(LEFT)));
    assert_eq!(gone.free(pharmacist().person(), later, "x").map_err(code), Err("PHARM-NOT-ON-ITS-WAY".to_owned()));
    assert_eq!(refill(&gone, "2026-05-07T09:00:00-07:00").map(|_| ()), Err("PHARM-CLOSED".to_owned()));

    assert_eq!(waits.free(pharmacist().person(), later, " ").map_err(code), Err("PHARM-TEXT".to_owned()));
    let free = apply(&waits, &waits.free(pharmacist().person(), later, "out of stock").expect("freed"));
    assert_eq!((free.status().word(), free.on_its_way()), ("filled", None));
    assert_eq!(free.refills_remaining(&profile(), later), Ok(4));
    assert!(refill(&free, "2026-05-07T09:00:00-07:00").is_ok());
    assert_eq!(send(&free).status().word(), "on-its-way", "it may be sent again");
}

/// Requirements: law-refill-downtime-entry-soon
#[test]
fn what_was_transferred_in_waits_for_the_sheets_of_an_outage_before_it_came() {
    let person = pharmacist().person().clone();
    let begun = Downtime::begin(&person, at("2026-05-03T08:00:00-07:00"), 1, 1).expect("begun");
    let down = Downtime::replay(std::slice::from_ref(&begun)).expect("consistent");
    let ended = down.end(&person, at("2026-05-03T17:00:00-07:00")).expect("ended");
    let over = Downtime::replay(&[begun, ended]).expect("consistent");
    let data = leave(&profile(), &used(&prescription(&RX)), |_| ()).expect("transferred").data;
    let came = take(&profile(), arrival(&RX, data)).expect("taken in");
    assert_eq!(over.sheets_concerning(&came), [1], "nothing of it was filled for the first time here");
    // Its first dispensing here is a refill, and tells nothing of what was dispensed before.
    let later = refill(&came, "2026-05-05T09:00:00-07:00").expect("refilled");
    assert_eq!(over.sheets_concerning(&later), [1]);
}

#[test]
fn a_transfer_out_needs_the_receiver_in_full_and_nothing_that_waits() {
    let rx = used(&prescription(&RX));
    let lacking = |change: fn(&mut TransferOut)| leave(&profile(), &rx, change).map(|_| ());
    let missing = |thing: &str| Err(format!("entry.missing: {thing}"));
    assert_eq!(lacking(|out| out.to.name.clear()), missing("receiver-name"));
    assert_eq!(lacking(|out| out.to.address.clear()), missing("receiver-address"));
    assert_eq!(lacking(|out| out.to.registration = None), missing("receiver-number"));
    assert_eq!(lacking(|out| out.standing = Standing::Revoked), Err("LAW-1306.25-REGISTERED".to_owned()));
    assert_eq!(lacking(|out| out.between = Between::Technicians), Err("LAW-1306.25-WHO".to_owned()));
    let paper = used(&paper_prescription(&RX));
    let lacking = |change: fn(&mut TransferOut)| leave(&profile(), &paper, change).map(|_| ());
    assert_eq!(lacking(|out| out.void_mark = Mark::NotMade), missing("void-mark"));
    assert_eq!(lacking(|out| out.receiver.clear()), missing("receiving-pharmacist"));
    assert_eq!(lacking(|_| ()), Ok(()));
    let waiting = refill(&rx, "2026-05-03T09:00:00-07:00").expect("filled");
    assert_eq!(leave(&profile(), &waiting, |_| ()).map(|_| ()), Err("PHARM-WAITING".to_owned()));
    // Schedule II moves unfilled and electronically under the rule in force, and never under the proposal.
    let proposed = leave(&Profile::proposed_2008(), &prescription(&TWO), |_| ()).map(|_| ());
    assert_eq!(proposed, Err("LAW-1306.25-KIND".to_owned()));
    assert!(leave(&Profile::in_force(), &prescription(&TWO), |_| ()).is_ok());
    let none_left = used(&prescription(&Rx { refills: 1, ..RX }));
    assert_eq!(leave(&profile(), &none_left, |_| ()).map(|_| ()), Err("LAW-1306.25-REFILLS".to_owned()));
}

fn data() -> TransferData {
    leave(&profile(), &used(&prescription(&RX)), |_| ()).expect("transferred").data
}

/// Requirements: epcs-1306.25-c-3-intro
#[test]
fn a_transfer_in_bears_transfer_and_everything_that_a_prescription_must() {
    for element in Element::ALL.iter().filter(|element| element.need() == Need::Required) {
        let mut data = data();
        data.contents.clear(*element);
        let found = take(&profile(), arrival(&RX, data)).expect_err("incomplete");
        assert!(found.contains("MISSING") || found.contains("transfer.missing"), "{element}: {found}");
    }
    let mut paper = data();
    paper.form = Form::Paper;
    let unmarked = TransferArrival { mark: Mark::NotMade, ..arrival(&RX, paper.clone()) };
    assert_eq!(take(&profile(), unmarked).map(|_| ()), Err("LAW-1306.25-IN entry.missing: transfer-mark".to_owned()));
    let taken = take(&profile(), arrival(&RX, paper)).expect("taken in");
    let marks: Vec<(NoteKind, &str)> = taken.notations().iter().map(|note| (note.kind, "")).collect();
    assert_eq!(marks, [(NoteKind::Transfer, "")]);
    let lacking = |change: fn(&mut TransferData)| {
        let mut data = data();
        change(&mut data);
        take(&profile(), arrival(&RX, data)).map(|_| ())
    };
    let missing = |thing: &str| Err(format!("LAW-1306.25-MISSING transfer.missing: {thing}"));
    assert_eq!(lacking(|data| data.first_dispensed = None), missing("first-dispensed"));
    assert_eq!(lacking(|data| data.refills_remaining = None), missing("refills-remaining"));
    assert_eq!(lacking(|data| data.from.number.clear()), missing("pharmacy-identity"));
    assert_eq!(lacking(|data| data.pharmacist.clear()), missing("pharmacist-name"));
    assert_eq!(lacking(|data| data.first_filled = FirstFilled::Unstated), missing("original-pharmacy"));
    let refills = "PHARM-TRANSFER-REFILLS transfer.refills-remaining".to_owned();
    assert_eq!(lacking(|data| data.refills_remaining = Some(5)), Err(refills));
    let much = |data: &mut TransferData| data.earlier[0].quantity = tablets(151);
    assert_eq!(lacking(much), Err("PHARM-EXCEEDS quantity".to_owned()));
    let twin = TransferArrival { twin: Twin::SameBytes(number("V400001")), ..arrival(&RX, data()) };
    assert_eq!(take(&profile(), twin).map(|_| ()), Err("PHARM-TWIN message.order-number".to_owned()));
}

/// Requirements: epcs-1306.25-d-2
#[test]
fn the_unaltered_original_goes_along_with_every_earlier_filling_and_the_first_filler() {
    let rx = used(&prescription(&RX));
    let data = leave(&profile(), &rx, |_| ()).expect("transferred").data;
    assert_eq!((&data.contents, data.original), (&rx.received().contents, archive()));
    assert_eq!((data.first_dispensed, data.refills_remaining), (Some(date(2026, 3, 2)), Some(4)));
    let place = "Corner Pharmacy, 9 Main Street, Phoenix, AZ 85003".to_owned();
    let filling = |on| EarlierFilling { on, quantity: tablets(30), place: place.clone() };
    assert_eq!(data.earlier, [filling(date(2026, 3, 2)), filling(date(2026, 4, 2))]);
    let from = Pharmacy { number: "RX100001".to_owned(), ..own() };
    assert_eq!(
        (&data.from, data.pharmacist.as_str(), &data.first_filled),
        (&from, "Ana Rivera", &FirstFilled::BySender)
    );
    // On again, where the edition lets an electronic prescription move twice: the first filler is named.
    let proposed = Profile::proposed_2008();
    let there = take(&proposed, arrival(&RX, data)).expect("taken in");
    let refilled = refill(&there, "2026-05-04T10:00:00-07:00").expect("a refill");
    let handed =
        refilled.hand_over(&profile(), 1, &pick_up("the patient"), &technician(), at("2026-05-04T11:00:00-07:00"));
    let there = apply(&refilled, &handed.expect("collected").events);
    let again = there.transfer_out(&proposed, &pharmacist(), at("2026-05-05T09:00:00-07:00"), &out(), &other());
    let again = again.expect("transferred twice").data;
    assert_eq!(again.first_filled, FirstFilled::At(Box::new(from)));
    assert_eq!((again.earlier.len(), again.refills_remaining, again.original), (3, Some(3), archive()));
    let once =
        there.transfer_out(&Profile::in_force(), &pharmacist(), at("2026-05-05T09:00:00-07:00"), &out(), &other());
    assert_eq!(once.map(|_| ()).map_err(|refusal| refusal.code.0), Err("LAW-1306.25-ONCE"));
}

fn to_central() -> ToCentral {
    ToCentral { to: other(), relationship: Relationship::Contract, mark: Mark::Made }
}

const SENT: &str = "2026-03-02T13:00:00-07:00";

fn send(rx: &Prescription, change: impl FnOnce(&mut ToCentral)) -> Result<(Prescription, Transmission), String> {
    send_at(rx, SENT, change)
}

fn send_at(
    rx: &Prescription,
    when: &str,
    change: impl FnOnce(&mut ToCentral),
) -> Result<(Prescription, Transmission), String> {
    let mut central = to_central();
    change(&mut central);
    let found = rx.send_to_central(&profile(), &pharmacist(), at(when), &central, &own());
    let said = |refusal: theriac_model::Refusal| refusal.field.unwrap_or_default().into_owned();
    found.map(|(events, sent)| (apply(rx, &events), sent)).map_err(said)
}

fn site() -> CentralSite {
    let registration = DeaNumber::parse("FV7654329").expect("a DEA number");
    CentralSite::new(registration, "steel cabinets, dispersed stock", "alarm, cameras").expect("a site")
}

fn order(sent: &Transmission) -> CentralOrder {
    let events = CentralOrder::receive(&profile(), &site(), archive(), at("2026-03-02T13:05:00-07:00"), sent);
    CentralOrder::replay(&events.expect("received")).expect("consistent")
}

fn go(order: &mut CentralOrder, events: &[CentralEvent]) {
    for event in events {
        order.apply(event).unwrap_or_else(|problem| panic!("{}: {problem}", event.kind()));
        assert_eq!(CentralEvent::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event));
    }
}

fn delivery() -> CentralDelivered {
    CentralDelivered {
        at: at("2026-03-02T16:00:00-07:00"),
        by: technician(),
        carriage: Carriage::Contract,
        carrier: "Desert Couriers".to_owned(),
        hired_by: "Valley Pharmacy".to_owned(),
        assessment: "2026-01-05: tracked, bonded, no losses".to_owned(),
    }
}

fn came_back() -> CentralArrival {
    CentralArrival {
        received: Some(date(2026, 3, 3)),
        carriage: Some(Carriage::Contract),
        accepted_by: technician(),
        filled_by: "Kim Osei".to_owned(),
        ndc: ndc(common::NDC),
    }
}

/// Requirements: epcs-1306.15-a-1-1, pharm-cf-retail-mark
#[test]
fn paper_goes_to_central_filling_with_the_mark_on_its_face_and_five_items_in_the_record() {
    for schedule in [Schedule::II, Schedule::IV] {
        let paper = paper_prescription(&Rx { schedule, refills: 0, ..RX });
        let refused = |change: fn(&mut ToCentral)| send(&paper, change).map(|_| ()).expect_err("lacks");
        assert_eq!(refused(|central| central.mark = Mark::NotMade), "entry.missing: central-fill-mark");
        assert_eq!(refused(|central| central.to.name.clear()), "entry.missing: central-name");
        assert_eq!(refused(|central| central.to.address.clear()), "entry.missing: central-address");
        assert_eq!(refused(|central| central.to.registration = None), "entry.missing: central-number");
        assert_eq!(refused(|central| central.relationship = Relationship::None), "central.relationship");
        let (sent, _) = send(&paper, |_| ()).expect("sent");
        let record = &sent.central()[0].sent;
        assert_eq!((&record.to, record.mark, record.by.full_name.as_str()), (&other(), Mark::Made, "Ana Rivera"));
        assert_eq!(record.at, at(SENT));
        let notes = sent.notations();
        assert_eq!(notes.iter().map(|note| note.kind).collect::<Vec<_>>(), [NoteKind::CentralFill]);
        assert_eq!(notes[0].says, "Valley Pharmacy, 9 Main Street, Phoenix, AZ 85003, FV7654329");
    }
}

/// Requirements: pharm-cf-retail-refill-counts
#[test]
fn the_transmission_states_refills_dispensed_and_remaining_and_none_for_schedule_ii() {
    let (_, sent) = send(&prescription(&TWO), |_| ()).expect("sent");
    assert_eq!(sent.refills, None);
    let rx = used(&prescription(&RX));
    let (_, sent) = send_at(&rx, "2026-05-04T09:00:00-07:00", |_| ()).expect("sent");
    assert_eq!(sent.refills, Some((1, 4)));
    let shown = rx.refill_history(None).total;
    assert_eq!(sent.refills.map(|refills| refills.0), Some(shown));
}

/// Requirements: pharm-cf-central-keeps-copy, pharm-cf-central-fill-record, pharm-cf-central-delivery-record, pharm-cf-carrier-selection
#[test]
fn the_central_pharmacy_keeps_what_was_sent_and_records_receipt_filling_and_delivery() {
    let (_, sent) = send(&prescription(&TWO), |_| ()).expect("sent");
    let mut nameless = sent.clone();
    nameless.retail.registration = None;
    let refused = CentralOrder::receive(&profile(), &site(), archive(), at(SENT), &nameless).expect_err("lacks");
    assert_eq!(refused.field.as_deref(), Some("entry.missing: retail-number"));
    let mut order = order(&sent);
    let kept = order.received();
    assert_eq!((&kept.contents, kept.archive), (&sent.contents, archive()));
    assert_eq!(kept.retail, Pharmacy { number: "RX100001".to_owned(), ..own() });
    assert_eq!(order.stream(), "central/FT1234563/RX100001/1");
    let early = order.deliver(&delivery()).expect_err("not filled");
    assert_eq!(early.code.0, "PHARM-CENTRAL-STATE");
    let filled =
        order.fill(&profile(), &pharmacist(), &ndc(common::NDC), at("2026-03-02T15:00:00-07:00")).expect("filled");
    assert_eq!((&filled.movement.from, &filled.movement.to), (&Account::Shelf, &Account::WillCall));
    assert_eq!(filled.movement.commodity.registration, site().registration(), "stock falls at the central pharmacy");
    go(&mut order, &filled.events);
    let record = order.filled().expect("filled");
    assert_eq!((record.by.full_name.as_str(), record.at), ("Ana Rivera", at("2026-03-02T15:00:00-07:00")));
    assert_eq!(order.received().at, at("2026-03-02T13:05:00-07:00"));
    for (change, field) in [
        ((|gone: &mut CentralDelivered| gone.carrier.clear()) as fn(&mut CentralDelivered), "carrier"),
        (|gone| gone.hired_by = " ".to_owned(), "hired-by"),
        (|gone| gone.assessment.clear(), "assessment"),
    ] {
        let mut gone = delivery();
        change(&mut gone);
        assert_eq!(order.deliver(&gone).expect_err("lacks").field.as_deref(), Some(field));
    }
    let gone = order.deliver(&delivery()).expect("delivered");
    assert_eq!((&gone.movement.from, &gone.movement.to), (&Account::WillCall, &Account::Patient));
    go(&mut order, &gone.events);
    let record = order.delivered().expect("delivered");
    assert_eq!((record.carriage, record.at), (Carriage::Contract, at("2026-03-02T16:00:00-07:00")));
    assert_eq!(order.deliver(&delivery()).expect_err("twice").code.0, "PHARM-CENTRAL-STATE");
}

/// Requirements: pharm-cf-records-both
#[test]
fn both_records_show_what_became_of_each_and_stock_falls_only_where_it_is_filled() {
    let rx = prescription(&TWO);
    let (mut retail, sent) = send(&rx, |_| ()).expect("sent");
    // What is under way cannot be filled here as well, nor sent twice.
    let here = with_supply("2026-03-02T13:10:00-07:00", |supply| retail.fill(&profile(), supply)).map(|_| ());
    assert_eq!(here.map_err(|refusal| refusal.code.0), Err("PHARM-FILLED"));
    assert!(send_at(&retail, "2026-03-02T13:10:00-07:00", |_| ()).is_err());
    let mut order = order(&sent);
    let open = reconcile(&profile(), date(2026, 3, 2), &[&retail], &[&order]).expect_err("open on both sides");
    assert_eq!(open.code.0, "LAW-1304.05-DISPOSITIONS");
    let filled = order.fill(&profile(), &pharmacist(), &ndc(common::NDC), at("2026-03-02T15:00:00-07:00"));
    go(&mut order, &filled.expect("filled").events);
    let gone = order.deliver(&delivery()).expect("delivered").events;
    go(&mut order, &gone);
    assert_eq!(unmatched(&[&retail], &[&order]), ["central/FT1234563/RX100001/1"]);
    let lacking = |change: fn(&mut CentralArrival)| {
        let mut back = came_back();
        change(&mut back);
        let refused = retail.back_from_central(&profile(), 1, at("2026-03-03T10:00:00-07:00"), &back);
        refused.expect_err("lacks").field.unwrap_or_default().into_owned()
    };
    assert_eq!(lacking(|back| back.received = None), "entry.missing: date-received");
    assert_eq!(lacking(|back| back.carriage = None), "entry.missing: delivery-method");
    assert_eq!(lacking(|back| back.accepted_by.full_name.clear()), "entry.missing: accepting-employee");
    assert_eq!(lacking(|back| back.filled_by.clear()), "filled-by");
    let back = retail.back_from_central(&profile(), 1, at("2026-03-03T10:00:00-07:00"), &came_back()).expect("back");
    retail = apply(&retail, &back);
    assert_eq!(unmatched(&[&retail], &[&order]), Vec::<String>::new());
    let found = reconcile(&profile(), date(2026, 3, 3), &[&retail], &[&order]).expect("both account for it");
    assert_eq!((found.retail.received, found.central.received), (1, 1));
    assert_eq!((retail.dispensed(), retail.status().word()), (30, "completed"));
    let when = at("2026-03-03T12:00:00-07:00");
    let moved = retail.hand_over(&profile(), 1, &pick_up("the patient"), &technician(), when);
    assert_eq!(moved.expect_err("no stock of this pharmacy").code.0, "PHARM-CENTRAL-STATE");
    let released =
        retail.release_central(&profile(), 1, &pick_up("the patient"), &technician(), when).expect("released");
    assert_eq!(released.len(), 1);
    apply(&retail, &released);
}

#[test]
fn what_is_lost_or_comes_back_unfilled_can_be_filled_again() {
    let rx = prescription(&TWO);
    for why in [Unfilled::Lost, Unfilled::Returned] {
        let (retail, sent) = send(&rx, |_| ()).expect("sent");
        let mut order = order(&sent);
        let back = order.send_back(&technician(), at("2026-03-02T14:00:00-07:00"), why).expect("sent back");
        go(&mut order, &back);
        let refused = order.fill(&profile(), &pharmacist(), &ndc(common::NDC), at("2026-03-02T15:00:00-07:00"));
        assert_eq!(refused.expect_err("gone").code.0, "PHARM-CENTRAL-STATE");
        let events = retail.central_unfilled(1, &technician(), at("2026-03-02T14:05:00-07:00"), why).expect("recorded");
        let retail = apply(&retail, &events);
        assert!(reconcile(&profile(), date(2026, 3, 2), &[&retail], &[&order]).is_ok());
        let here = with_supply("2026-03-02T15:00:00-07:00", |supply| retail.fill(&profile(), supply));
        assert!(here.is_ok(), "{why}");
        let twice = retail.central_unfilled(1, &technician(), at("2026-03-02T14:05:00-07:00"), why);
        assert_eq!(twice.expect_err("ended").code.0, "PHARM-CENTRAL-STATE");
    }
}

/// Requirements: epcs-1306.05-f-2
#[test]
fn each_sites_record_shows_the_form_check_and_the_pharmacist_who_accepted_it() {
    let rx = prescription(&TWO);
    let here = with_supply(SENT, |supply| rx.fill(&profile(), supply)).expect("filled");
    let here = &apply(&rx, &here.events).fillings()[0].clone();
    let (_, sent) = send(&rx, |_| ()).expect("sent");
    let mut there = order(&sent);
    let filled = there.fill(&profile(), &pharmacist(), &ndc(common::NDC), at("2026-03-02T15:00:00-07:00"));
    go(&mut there, &filled.expect("filled").events);
    let there = there.filled().expect("filled");
    for (law, by) in [(&here.law, &here.pharmacist), (&there.law, &there.by)] {
        for rule in ["1306.05-contents", "1306.05-signed", "1306.11-written"] {
            assert!(law.rules.iter().any(|held| held == rule), "{rule}: {law:?}");
        }
        assert_eq!(by.full_name, "Ana Rivera");
    }
    let mut unaddressed = sent;
    unaddressed.contents.clear(Element::PatientLine1);
    let refused =
        order(&unaddressed).fill(&profile(), &pharmacist(), &ndc(common::NDC), at("2026-03-02T15:00:00-07:00"));
    assert_eq!(refused.expect_err("not in the prescribed form").code.0, "LAW-1306.05-MISSING");
}

/// Requirements: pharm-label-central-fill
#[test]
fn a_centrally_filled_package_shows_the_retail_pharmacy_and_who_filled_it() {
    let (_, sent) = send(&prescription(&TWO), |_| ()).expect("sent");
    let found = order(&sent);
    let label = found.label(&profile(), at(SENT)).expect("a label");
    assert_eq!(label.retail, "Corner Pharmacy, 9 Main Street, Phoenix, AZ 85003");
    assert_eq!(label.filled_by.as_str(), "FV7654329");
}

/// Requirements: pharm-cf-security
#[test]
fn a_place_that_says_nothing_of_its_storage_and_controls_is_not_activated() {
    let registration = DeaNumber::parse("FV7654329").expect("a DEA number");
    for (storage, controls, field) in [("", "alarm", "storage"), ("steel cabinets", " ", "controls")] {
        let refusal = CentralSite::new(registration, storage, controls).expect_err("no security");
        assert_eq!((refusal.code.0, refusal.field.as_deref()), ("PHARM-TEXT", Some(field)));
    }
    assert_eq!(site().security(), ("steel cabinets, dispersed stock", "alarm, cameras"));
}
