//! What leaves: checked recipients, whole documents, five percent, and the books reduced by the same quantities.

mod common;
use common::{amount, at, custodian, movement, number, pharmacist};
use jiff::civil::{Date, date};
use jiff::tz::Offset;
use theriac_books::inventory::{Close, Entered, Inventory, LineCount, Occasion, Plan, Tally, places_of};
use theriac_books::outgoing::{
    BusinessTransfer, Destruction, FivePercent, Form41Edition, GoesOn, Listing, Manner, Notified, Origin, OutDocument,
    OutLine, Outgoing, OutgoingEvent, Recipient, Registry, Route, Spill, TransferNotice, Transferee, Wastage, Way,
    form_41_of, sent_between,
};
use theriac_books::{
    Account, Commodity, Document, DocumentKind, Ledger, Movement, MovementKind, Name, Party, Product, StockEvent,
    StockUnit,
};
use theriac_law::vocab::{DayPart, DeaForm, Standing, Writing};
use theriac_law::{Duty, Moment, Profile};
use theriac_model::json::canonical;
use theriac_model::{Address, BusinessActivity, DeaNumber, Ndc, Refusal, Schedule};

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

const AT: &str = "2026-03-02T09:05:00-07:00";

fn party(name: &str, number_text: &str, activity: BusinessActivity) -> Party {
    let address = Address {
        line1: "12 Elm Street".to_owned(),
        line2: None,
        city: "Tucson".to_owned(),
        state: "AZ".to_owned(),
        postal: "85701".to_owned(),
    };
    Party { name: name.to_owned(), address, number: number(number_text), activity }
}

fn pharmacy() -> Party {
    party("Test Pharmacy", "FT1234563", BusinessActivity::Pharmacy)
}

fn product(ndc: &str, schedule: Schedule) -> Product {
    let (registration, unit) = (number("FT1234563"), StockUnit::Piece);
    Product {
        commodity: Commodity { registration, ndc: Ndc::parse(ndc).expect("an NDC"), unit },
        schedule,
        name: "Oxycodone hydrochloride".to_owned(),
        form: "Tablet".to_owned(),
        strength: "10 mg".to_owned(),
        other_strength: None,
        per_container: amount(100),
    }
}

fn two() -> Product {
    product("00406055201", Schedule::II)
}

fn four() -> Product {
    product("00093083201", Schedule::IV)
}

/// Books with 200,000 of each on the shelf, received from `RT1234563`, and 100,000 of schedule IV dispensed in March.
fn books() -> (Ledger, Vec<StockEvent>) {
    let mut books = (Ledger::new(), Vec::new());
    for (product, kind, units) in [
        (two(), MovementKind::Receipt, 200_000),
        (four(), MovementKind::Receipt, 200_000),
        (four(), MovementKind::Fill, 100_000),
        (four(), MovementKind::HandOver, 100_000),
    ] {
        let mut movement = movement(kind, units);
        movement.schedule = product.schedule;
        if kind == MovementKind::Receipt {
            movement.document.kind = DocumentKind::OrderForm;
        }
        movement.commodity = product.commodity;
        post(&mut books, &[movement]).expect("a movement");
    }
    books
}

fn post((ledger, events): &mut (Ledger, Vec<StockEvent>), movements: &[Movement]) -> Result<(), Refusal> {
    for event in ledger.post(movements, at(common::POSTED))? {
        ledger.apply(&event).expect("foldable");
        events.push(event);
    }
    Ok(())
}

fn out(way: Way) -> Outgoing {
    let (name, number_text, activity) = match way {
        Way::SaleToPharmacy => ("Other Pharmacy", "BT1234563", BusinessActivity::Pharmacy),
        Way::SaleToPractitioner => ("Dr Test", "AB1234563", BusinessActivity::Practitioner),
        Way::ReturnToSupplier => ("Test Wholesale", "RT1234563", BusinessActivity::Distributor),
        Way::ReverseDistribution | Way::Elsewhere => {
            ("Test Reverse", "RR1234563", BusinessActivity::ReverseDistributor)
        }
    };
    Outgoing {
        way,
        sender: pharmacy(),
        recipient: Recipient {
            party: party(name, number_text, activity),
            standing: Standing::Valid,
            schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
            checked_by: custodian(),
            checked_at: moment(AT),
            listing: Some(Listing { source: "DEA field office, Phoenix".to_owned(), day: date(2026, 1, 5) }),
            origin: Origin::Supplier,
        },
        lines: vec![OutLine { product: four(), from: Account::Shelf, containers: 1, amount: amount(100) }],
        document: OutDocument { kind: DocumentKind::DistributionRecord, number: "OUT-7".to_owned() },
        manner: "by hand".to_owned(),
        arranged_by: None,
        counts_confirmed_by: None,
        board_notified: None,
        signer: pharmacist(),
        at: moment(AT),
    }
}

const DAY: Date = date(2026, 3, 2);
const OFFSET: Offset = Offset::constant(-7);

fn year(events: &[StockEvent]) -> FivePercent {
    FivePercent::of(events, DAY, OFFSET)
}

/// Prepares `out` after `change`; the code, or `ok` once the books have taken its movements.
fn check(way: Way, expected: &str, change: impl FnOnce(&mut Outgoing)) {
    let mut books = books();
    let year = year(&books.1);
    let mut out = out(way);
    change(&mut out);
    let own = ["OWN-222".to_owned()];
    let registry = Registry { ledger: &books.0, year: &year, own_orders: &own, distributor: None };
    let answer = out.prepare(&Profile::strictest(), registry);
    let code = match answer {
        Ok(prepared) => post(&mut books, &prepared.movements).map_or_else(|refusal| refusal.code.0, |()| "ok"),
        Err(refusal) => refusal.code.0,
    };
    assert_eq!(code, expected, "{way}: {out:?}");
}

fn on_form(out: &mut Outgoing, number: &str) {
    out.lines[0].product = two();
    out.document = OutDocument { kind: DocumentKind::OrderForm, number: number.to_owned() };
}

/// Requirements: pharm-move-allowed-destinations, law-dist-receiver-kind, law-disp-two-routes
#[test]
fn stock_leaves_only_to_registrants_of_the_right_activity() {
    for way in [Way::SaleToPharmacy, Way::SaleToPractitioner, Way::ReturnToSupplier, Way::ReverseDistribution] {
        check(way, "ok", |_| {});
        check(way, "LAW-1307.11-ACTIVITY", |out| out.recipient.party.activity = BusinessActivity::Researcher);
    }
    check(Way::Elsewhere, "LAW-1307.11-DESTINATION", |_| {});
}

/// Requirements: pharm-move-recipient-registration-check, pharm-5pct-recipient-registered, law-dist-receiver-registered
#[test]
fn the_recipients_registration_is_checked_for_the_schedule_and_the_check_is_kept() {
    check(Way::SaleToPharmacy, "LAW-1307.11-CHECKED", |out| out.recipient.standing = Standing::Expired);
    check(Way::SaleToPharmacy, "LAW-1307.11-CHECKED", |out| {
        on_form(out, "X1");
        out.recipient.schedules = vec![Schedule::III, Schedule::IV, Schedule::V];
    });
    let books = books();
    let year = year(&books.1);
    let registry = Registry { ledger: &books.0, year: &year, own_orders: &[], distributor: None };
    let sent = out(Way::SaleToPharmacy).prepare(&Profile::strictest(), registry).expect("in order");
    let OutgoingEvent::Sent(kept) = &sent.event else { panic!("sent") };
    let check = &kept.recipient;
    assert_eq!((&check.checked_by, check.checked_at, check.standing), (&custodian(), moment(AT), Standing::Valid));
}

/// Requirements: pharm-move-schedule-ii-form, pharm-5pct-schedule-ii-form, pharm-disposal-ii-form-from-distributor,
/// law-disp-return-cii-form, law-disp-reverse-cii-form, law-dist-cii-form
#[test]
fn schedule_ii_leaves_on_an_order_form_of_the_recipients_own() {
    for way in [Way::SaleToPharmacy, Way::SaleToPractitioner, Way::ReturnToSupplier, Way::ReverseDistribution] {
        check(way, "LAW-1305.03-PAPERS", |out| out.lines[0].product = two());
        check(way, "ok", |out| on_form(out, "THEIR-222"));
        check(way, "LAW-1305.03-PAPERS", |out| on_form(out, "OWN-222"));
        check(way, "ok", |out| {
            on_form(out, "26X000001");
            out.document.kind = DocumentKind::CsosOrder;
        });
    }
}

/// Requirements: pharm-move-return-to-supplier
#[test]
fn a_return_goes_to_who_supplied_the_product_or_makes_it() {
    check(Way::ReturnToSupplier, "LAW-1317.05-RETURNED", |out| out.recipient.party.number = number("PT1234563"));
    check(Way::ReturnToSupplier, "ok", |out| {
        out.recipient.party.number = number("PT1234563");
        out.recipient.party.activity = BusinessActivity::Manufacturer;
        out.recipient.origin = Origin::Manufacturer;
    });
    check(Way::ReturnToSupplier, "LAW-1307.11-CHECKED", |out| out.recipient.standing = Standing::Surrendered);
    for (emptied, code) in [(0, "LAW-1317.05-RETURN-RECORD"), (1, "LAW-1317.05-RETURN-RECORD")] {
        check(Way::ReturnToSupplier, code, |out| match emptied {
            0 => out.recipient.party.name.clear(),
            _ => out.recipient.party.address.city.clear(),
        });
    }
}

/// Requirements: pharm-move-schedule-iii-v-document, law-dist-ciii-v-invoice, pharm-record-distribution-contents
#[test]
fn a_distribution_that_lacks_an_entry_is_refused_and_names_it() {
    type Empty = fn(&mut Outgoing);
    let cases: [(Empty, &str); 7] = [
        (|out| out.lines[0].product.name.clear(), "drug-name"),
        (|out| out.lines[0].product.form.clear(), "finished-form"),
        (|out| out.lines[0].product.strength.clear(), "strength"),
        (|out| out.sender.name.clear(), "sender-name"),
        (|out| out.sender.address.line1.clear(), "sender-address"),
        (|out| out.recipient.party.name.clear(), "recipient-name"),
        (|out| out.recipient.party.address.postal.clear(), "recipient-address"),
    ];
    let books = books();
    let year = year(&books.1);
    let registry = Registry { ledger: &books.0, year: &year, own_orders: &[], distributor: None };
    for (empty, entry) in cases {
        let mut out = out(Way::SaleToPharmacy);
        empty(&mut out);
        let refusal = out.prepare(&Profile::strictest(), registry).expect_err(entry);
        assert!(refusal.what.contains(entry), "{entry}: {refusal}");
    }
    check(Way::SaleToPharmacy, "LAW-1304.22-DISTRIBUTION", |out| out.manner.clear());
    check(Way::SaleToPharmacy, "LAW-1304.22-DISTRIBUTION", |out| out.lines[0].containers = 0);
    check(Way::SaleToPharmacy, "BOOKS-OUT-EMPTY", |out| out.lines.clear());
    check(Way::SaleToPharmacy, "BOOKS-OTHER-COMMODITY", |out| {
        out.lines[0].product.commodity.registration = number("BT1234563");
    });
}

/// Requirements: pharm-disposal-reverse-distributor, pharm-disposal-distributor-list, law-disp-reverse-registered
#[test]
fn a_reverse_distributor_is_registered_as_one_and_stands_on_a_list_with_source_and_date() {
    check(Way::ReverseDistribution, "BOOKS-REVERSE-LIST", |out| out.recipient.listing = None);
    check(Way::ReverseDistribution, "BOOKS-REVERSE-LIST", |out| {
        out.recipient.listing = Some(Listing { source: " ".to_owned(), day: DAY });
    });
    check(Way::ReverseDistribution, "LAW-1307.11-ACTIVITY", |out| {
        out.recipient.party.activity = BusinessActivity::Pharmacy;
    });
    check(Way::ReverseDistribution, "LAW-1307.11-CHECKED", |out| out.recipient.standing = Standing::Revoked);
    let books = books();
    let year = year(&books.1);
    let registry = Registry { ledger: &books.0, year: &year, own_orders: &[], distributor: None };
    for (day, warned) in [(date(2025, 3, 2), false), (date(2025, 3, 1), true)] {
        let mut out = out(Way::ReverseDistribution);
        out.recipient.listing = Some(Listing { source: "field office".to_owned(), day });
        let prepared = out.prepare(&Profile::strictest(), registry).expect("in order");
        assert_eq!(!prepared.warnings.is_empty(), warned, "a list of {day}");
    }
}

/// Requirements: pharm-disposal-41-not-for-transfer, law-disp-form41-by-destroyer, pharm-disposal-iii-v-record,
/// pharm-disposal-distributor-destruction-follow-up
#[test]
fn a_hand_over_to_a_reverse_distributor_is_no_form_41_and_its_confirmation_leaves_the_books_as_they_are() {
    let out_there = out(Way::ReverseDistribution);
    let refusal = out_there.form_41(&Profile::strictest()).expect_err("the distributor files it");
    assert_eq!(refusal.code.0, "LAW-1301.76-FORM");
    assert!(refusal.next.contains("the reverse distributor files Form 41"), "{refusal}");
    let mut books = books();
    let registry = Registry { ledger: &books.0, year: &year(&books.1), own_orders: &[], distributor: None };
    let prepared = out_there.prepare(&Profile::strictest(), registry).expect("in order");
    post(&mut books, &prepared.movements).expect("there is enough");
    let stock = books.0.stock(&four().commodity).expect("books");
    assert_eq!(stock.balance(&Account::ReverseDistributor(number("RR1234563"))), 100);
    assert_eq!(stock.balance(&Account::Shelf), 99_900);
    let version = stock.version();
    let confirmed = out_there.confirm("41-2026-9".to_owned(), date(2026, 3, 20), custodian(), moment(AT));
    let OutgoingEvent::Confirmed(kept) = confirmed.expect("a disposal") else { panic!("a confirmation") };
    assert_eq!((kept.document.as_str(), kept.destroyed), ("OUT-7", date(2026, 3, 20)));
    assert_eq!(books.0.stock(&four().commodity).expect("books").version(), version);
    let sale = out(Way::SaleToPharmacy).confirm(String::new(), DAY, custodian(), moment(AT));
    assert_eq!(sale.expect_err("not for disposal").code.0, "BOOKS-NOT-DISPOSAL");
}

/// Requirements: pharm-move-outside-firm, law-dist-outside-firm
#[test]
fn an_outside_firm_packs_and_a_pharmacist_confirms_the_counts() {
    let firm = |out: &mut Outgoing| out.arranged_by = Some("Returns Ltd".to_owned());
    check(Way::ReverseDistribution, "LAW-1307.11-CONFIRMED", firm);
    check(Way::ReverseDistribution, "ok", |out| {
        firm(out);
        out.counts_confirmed_by = Some(pharmacist());
    });
}

/// Requirements: pharm-5pct-both-sides-record, law-dist-both-record
#[test]
fn both_sides_book_a_distribution_under_the_same_number() {
    let mut books = books();
    let registry = Registry { ledger: &books.0, year: &year(&books.1), own_orders: &[], distributor: None };
    let sale = out(Way::SaleToPharmacy);
    let prepared = sale.prepare(&Profile::strictest(), registry).expect("in order");
    post(&mut books, &prepared.movements).expect("there is enough");
    post(&mut books, &sale.receipts(&pharmacist(), moment(AT))).expect("the other side");
    let [.., there] = &books.1[..] else { panic!("entries") };
    let StockEvent::Posted { commodity, entry } = there else { panic!("an entry") };
    assert_eq!((commodity.registration, entry.document.number.as_str()), (number("BT1234563"), "OUT-7"));
    let stock = books.0.stock(commodity).expect("books");
    assert_eq!(stock.balance(&Account::Shelf), 100);
    assert_eq!(stock.balance(&Account::Source(number("FT1234563"))), -100);
}

/// 100,000 units were dispensed in the year.
fn share(profile: &Profile, units: i64, distributor: Option<DeaNumber>) -> Result<Vec<Refusal>, Refusal> {
    let books = books();
    let year = year(&books.1);
    let registry = Registry { ledger: &books.0, year: &year, own_orders: &[], distributor };
    let mut sale = out(Way::SaleToPharmacy);
    sale.lines[0].amount = amount(units);
    sale.prepare(profile, registry).map(|prepared| prepared.warnings)
}

/// Requirements: pharm-5pct-calculation, pharm-5pct-distributor-registration, law-dist-five-percent,
/// law-dist-over-register
#[test]
fn the_unit_beyond_five_percent_needs_registration_as_a_distributor() {
    // The manual takes five percent of what was dispensed, the regulation of what was dispensed and distributed.
    for (profile, most) in [(Profile::manual_2010(), 5_000), (Profile::in_force(), 5_263)] {
        assert!(share(&profile, most, None).is_ok());
        assert_eq!(share(&profile, most + 1, None).expect_err("beyond").code.0, "LAW-1307.11-FIVE-PERCENT");
        assert!(share(&profile, most + 1, Some(number("RT1234563"))).is_ok());
    }
}

/// Requirements: pharm-5pct-running-report, pharm-5pct-what-counts, law-dist-running-year
#[test]
fn the_meter_warns_at_four_percent_adds_up_its_transactions_and_begins_anew_each_year() {
    let manual = Profile::manual_2010();
    assert_eq!(share(&manual, 3_999, None), Ok(Vec::new()));
    let warned = share(&manual, 4_000, None).expect("within the limit");
    assert_eq!(warned.iter().map(|warning| warning.code.0).collect::<Vec<_>>(), ["LAW-1307.11-RUNNING"]);
    let mut books = books();
    for (way, units, document) in [
        (Way::SaleToPharmacy, 700, "OUT-1"),
        (Way::SaleToPractitioner, 300, "OUT-2"),
        (Way::ReturnToSupplier, 2_000, "OUT-3"),
        (Way::ReverseDistribution, 4_000, "OUT-4"),
    ] {
        let registry = Registry { ledger: &books.0, year: &year(&books.1), own_orders: &[], distributor: None };
        let mut sent = out(way);
        sent.lines[0].amount = amount(units);
        sent.document.number = document.to_owned();
        let prepared = sent.prepare(&Profile::strictest(), registry).expect("in order");
        post(&mut books, &prepared.movements).expect("there is enough");
    }
    let meter = year(&books.1);
    let listed: Vec<(&str, u64)> =
        meter.transactions.iter().map(|transaction| (transaction.document.as_str(), transaction.units)).collect();
    assert_eq!(listed, [("OUT-1", 700), ("OUT-2", 300)]);
    assert_eq!(meter.distributed, meter.transactions.iter().map(|transaction| transaction.units).sum::<u64>());
    assert_eq!((meter.dispensed, meter.distributed, meter.percent().as_deref()), (100_000, 1_000, Some("1.00")));
    assert_eq!(meter.headroom(&manual), Ok(4_000));
    let next = FivePercent::of(&books.1, date(2027, 1, 1), OFFSET);
    assert_eq!((next.dispensed, next.distributed, next.percent()), (0, 0, None));
    let before = FivePercent::of(&books.1, date(2026, 3, 1), OFFSET);
    assert_eq!((before.dispensed, before.distributed), (0, 0));
}

/// Requirements: pharm-move-records-two-years
#[test]
fn what_left_is_found_by_day_and_party() {
    let sent = |way, day: &str, number: &str| {
        let mut out = out(way);
        out.at = moment(&format!("{day}T09:00:00-07:00"));
        out.document.number = number.to_owned();
        OutgoingEvent::Sent(Box::new(out))
    };
    let events = [
        sent(Way::SaleToPharmacy, "2024-03-01", "A"),
        sent(Way::SaleToPharmacy, "2024-03-02", "B"),
        sent(Way::ReturnToSupplier, "2025-06-01", "C"),
        sent(Way::SaleToPharmacy, "2026-03-02", "D"),
    ];
    let found = |party| {
        let sent = sent_between(&events, (date(2024, 3, 2), DAY), party);
        sent.iter().map(|out| out.document.number.as_str()).collect::<String>()
    };
    assert_eq!(found(None), "BCD");
    assert_eq!(found(Some(number("BT1234563"))), "BD");
    assert_eq!(found(Some(number("AB1234563"))), "");
}

#[test]
fn events_of_what_left_are_read_back_from_their_canonical_bytes() {
    let mut full = out(Way::ReverseDistribution);
    full.arranged_by = Some("Returns Ltd".to_owned());
    full.counts_confirmed_by = Some(pharmacist());
    full.board_notified = Some(DAY);
    let confirmed = full.confirm("41-9".to_owned(), DAY, custodian(), moment(AT)).expect("a disposal");
    let plain = OutgoingEvent::Sent(Box::new(out(Way::SaleToPharmacy)));
    for event in [OutgoingEvent::Sent(Box::new(full)), plain, confirmed] {
        let bytes = canonical(&event.to_json()).expect("canonical");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(OutgoingEvent::from_json(event.kind(), &value).as_ref(), Ok(&event));
        for member in value.as_object().expect("an object").keys() {
            let mut damaged = value.clone();
            damaged[member] = serde_json::json!(-1);
            assert!(OutgoingEvent::from_json(event.kind(), &damaged).is_err(), "{member}");
        }
    }
}

fn spill(recovered: i64, lost: i64) -> Spill {
    let some = |units: i64| (units > 0).then(|| amount(units));
    Spill {
        number: "S-1".to_owned(),
        product: two(),
        from: Account::Shelf,
        recovered: some(recovered),
        lost: some(lost),
        circumstances: "A bottle fell from the counter".to_owned(),
        witnesses: vec![pharmacist(), custodian()],
        at: moment(AT),
    }
}

/// Requirements: pharm-disposal-nonrecoverable-spill, law-disp-breakage-not-recoverable
#[test]
fn what_cannot_be_recovered_is_written_off_before_two_witnesses_by_the_law_in_force_without_a_form() {
    let in_force = Profile::named("in-force").expect("a profile");
    let mut books = books();
    let record = spill(0, 12).record(&in_force).expect("two witnesses");
    assert_eq!((record.form_for_lost, record.routes), (DeaForm::None, &[][..]));
    assert!(record.duties.has(Duty::RecordSpill));
    post(&mut books, &record.movements).expect("two signers");
    assert_eq!(books.0.stock(&two().commodity).expect("books").balance(&Account::Spill), 12);
    for witnesses in [vec![], vec![pharmacist()], vec![pharmacist(), pharmacist()]] {
        let alone = Spill { witnesses, ..spill(0, 12) }.record(&in_force);
        assert_eq!(alone.expect_err("one witness").code.0, "LAW-1304.21-WITNESSES");
    }
    let forms = [Profile::manual_2010(), Profile::cards_2021(), Profile::seed()]
        .map(|profile| spill(0, 12).record(&profile).expect("two witnesses").form_for_lost);
    assert_eq!(
        forms,
        [DeaForm::Form41, DeaForm::None, DeaForm::Form41],
        "the sources differ, and together are stricter"
    );
    let both = spill(0, 12).record(&Profile::seed()).expect("two witnesses").duties;
    assert!(both.has(Duty::RecordSpill) && both.has(Duty::FileForm41), "the record of two witnesses and the form");
    let alone = Spill { witnesses: vec![pharmacist()], ..spill(0, 12) }.record(&Profile::seed());
    assert_eq!(alone.expect_err("one witness").code.0, "LAW-1304.21-WITNESSES");
    let silent = Spill { circumstances: " ".to_owned(), ..spill(0, 12) };
    assert_eq!(silent.record(&in_force).expect_err("says nothing").code.0, "BOOKS-SPILL-RECORD");
    assert_eq!(spill(0, 0).record(&in_force).expect_err("nothing").code.0, "BOOKS-SPILL-AMOUNT");
}

/// Requirements: pharm-disposal-breakage-form-41, law-disp-breakage-recoverable
#[test]
fn what_is_recovered_goes_to_quarantine_and_from_there_three_ways() {
    let mut books = books();
    let record = spill(38, 2).record(&Profile::strictest()).expect("two witnesses");
    assert_eq!(record.routes, [Route::OwnDestruction, Route::ReverseDistributor, Route::ApprovedProcess]);
    assert!(record.duties.has(Duty::FileForm41));
    post(&mut books, &record.movements).expect("two signers");
    let stock = books.0.stock(&two().commodity).expect("books");
    assert_eq!((stock.balance(&Account::Quarantine), stock.balance(&Account::Spill)), (38, 2));
}

/// Requirements: law-disp-wastage
#[test]
fn what_is_left_of_a_dose_is_logged_by_two_people_and_goes_on_no_form_41() {
    let wastage = |signers| Wastage {
        number: "W-12".to_owned(),
        product: two(),
        from: Account::Shelf,
        amount: amount(1),
        signers,
        at: moment(AT),
    };
    let mut books = books();
    let (movement, duties) = wastage(vec![pharmacist(), custodian()]).record(&Profile::strictest()).expect("a log");
    assert!(duties.has(Duty::RecordWastage) && !duties.has(Duty::FileForm41));
    post(&mut books, &[movement]).expect("two people");
    assert_eq!(books.0.stock(&two().commodity).expect("books").balance(&Account::Waste), 1);
    let (alone, _) = wastage(vec![pharmacist()]).record(&Profile::strictest()).expect("a log");
    assert_eq!(post(&mut books, &[alone]).expect_err("one person").code.0, "BOOKS-SIGNERS");
    let refusal = wastage(Vec::new()).form_41(&Profile::strictest()).expect_err("no form");
    assert!(refusal.next.contains("institution's log"), "{refusal}");
}

/// Requirements: pharm-disposal-breakage-is-not-loss, law-disp-breakage-not-loss, pharm-106-spillage-refused
#[test]
fn a_breakage_or_spill_is_never_reported_on_form_106() {
    for spill in [spill(38, 2), spill(0, 2)] {
        let refusal = spill.form_106(&Profile::strictest()).expect_err("not a loss");
        assert_eq!(refusal.code.0, "LAW-1301.76-FORM");
        assert!(refusal.what.contains("not for a breakage or spill"), "{refusal}");
    }
}

/// Requirements: pharm-disposal-form-41-fields
#[test]
fn form_41_is_filled_from_the_entries_and_its_totals_are_what_the_books_took_out() {
    let mut books = books();
    let step = |manner, number: &str, day: &str| Destruction {
        number: number.to_owned(),
        manner,
        lines: vec![(two(), Account::Shelf, amount(237)), (four(), Account::Shelf, amount(50))],
        signers: vec![pharmacist(), custodian()],
        at: moment(&format!("{day}T09:05:00-07:00")),
    };
    let aside = step(Manner::SetAside, "W-1", "2026-03-02");
    post(&mut books, &aside.movements().expect("two people")).expect("set aside");
    let destroyed = step(Manner::Destroyed, "41-1", "2026-03-02");
    post(&mut books, &destroyed.movements().expect("two people")).expect("destroyed");
    let product = |commodity: &Commodity| [two(), four()].into_iter().find(|product| product.commodity == *commodity);
    let form = |number: &str, telephone: &str, place: &str| {
        let registrant = pharmacy();
        form_41_of(number, (&registrant, telephone), ("incineration", place), &books.1, product, OFFSET)
    };
    let printed = form("41-1", "520-555-0100", "Tucson").expect("whole");
    assert_eq!((printed.edition, printed.day, printed.witnesses.len()), (Form41Edition::Of2014, DAY, 2));
    let lines: Vec<_> =
        printed.lines.iter().map(|line| (line.containers, line.contents, line.partial, line.total)).collect();
    assert_eq!(lines, [(2, 100, 37, 237), (0, 100, 50, 50)]);
    let reduced: i64 = books.0.stocks().map(|stock| stock.balance(&Account::Destroyed)).sum();
    assert_eq!(printed.lines.iter().map(|line| line.total).sum::<i64>(), reduced);
    assert_eq!(form("41-1", "", "Tucson").expect_err("no telephone").code.0, "BOOKS-FORM-41");
    assert_eq!(form("41-1", "520-555-0100", " ").expect_err("no place").code.0, "BOOKS-FORM-41");
    assert_eq!(form("41-2", "520-555-0100", "Tucson").expect_err("no entry").code.0, "BOOKS-FORM-41-ENTRIES");
    let alone = Destruction { signers: vec![pharmacist()], ..destroyed };
    assert_eq!(alone.movements().expect_err("one person").code.0, "BOOKS-FORM-41-WITNESSES");
}

fn notice() -> TransferNotice {
    TransferNotice {
        transferor: pharmacy(),
        transferee: party("New Pharmacy", "BT1234563", BusinessActivity::Pharmacy),
        place: GoesOn::SamePlace,
        day: Some(DAY),
    }
}

/// Requirements: pharm-tob-notice-contents
#[test]
fn the_notice_of_a_transfer_names_both_parties_the_place_and_the_day() {
    let check = |change: fn(&mut TransferNotice), entry: &str| {
        let mut notice = notice();
        change(&mut notice);
        let refusal = notice.whole(&Profile::strictest(), DAY).expect_err(entry);
        assert!(refusal.what.contains(entry), "{refusal}");
    };
    assert_eq!(notice().whole(&Profile::strictest(), DAY), Ok(()));
    check(|notice| notice.transferor.name.clear(), "sender-name");
    check(|notice| notice.transferor.address.city.clear(), "sender-address");
    check(|notice| notice.transferee.name.clear(), "recipient-name");
    check(|notice| notice.transferee.address.line1.clear(), "recipient-address");
    check(|notice| notice.place = GoesOn::Unstated, "place-of-business");
    check(|notice| notice.day = None, "transfer-date");
}

/// An inventory of the transfer, everything counted as the books have it but for `short` of schedule II.
fn inventory(books: &(Ledger, Vec<StockEvent>), occasion: Occasion, short: i64) -> Inventory {
    let plan = Plan {
        id: Name::parse("transfer").expect("a name"),
        registrant: pharmacy(),
        occasion,
        taken: DayPart::Close,
        moment: moment(AT),
        places: places_of(&books.0, &[two(), four()]),
    };
    let opening = Inventory::open(plan, &books.0, custodian(), at(common::POSTED)).expect("a sheet");
    let mut inventory = Inventory::replay(&opening).expect("an opening");
    for line in inventory.sheet() {
        let stock = books.0.stock(&line.place.product.commodity).expect("books");
        let ii = line.place.product.schedule == Schedule::II;
        let book = stock.balance(&line.place.account) - if ii { short } else { 0 };
        let sealed = u32::try_from(book / 100).expect("small");
        let tally = Tally::exact(&line.place.product, sealed, book % 100, Entered::Keyboard);
        let count = LineCount { line: line.line, tally, by: custodian(), at: at(common::POSTED) };
        for event in inventory.count(&Profile::strictest(), count).expect("a count") {
            inventory.apply(&event);
        }
    }
    let signatures = vec![custodian()];
    let close = Close { signatures, writing: Writing::Written, at: moment(AT), ledger: &books.0 };
    let mut closing = inventory.close(&Profile::strictest(), &close).expect("whole");
    closing.events.drain(..).for_each(|event| inventory.apply(&event));
    inventory
}

fn transfer<'a>(notice: &'a TransferNotice, inventory: &'a Inventory) -> BusinessTransfer<'a> {
    BusinessTransfer {
        notice,
        notified: Notified::On(date(2026, 2, 16)),
        inventory,
        order: Some(Document::new(DocumentKind::OrderForm, "THEIR-222")),
        document: Some("T-1".to_owned()),
        transferee: Transferee::Licensed,
        records_passed: Some(DAY),
        signer: pharmacist(),
        receiver: custodian(),
        at: moment(AT),
    }
}

/// Requirements: pharm-tob-schedule-iii-v-document, pharm-tob-schedule-ii-order-form
#[test]
fn the_whole_stock_passes_on_the_transferees_order_form_and_a_document_and_both_books_agree() {
    let mut books = books();
    let (notice, inventory) = (notice(), inventory(&books, Occasion::Transfer, 0));
    let passed = transfer(&notice, &inventory).pass(&Profile::strictest(), &books.0).expect("in order");
    for movement in passed.out.iter().chain(&passed.received) {
        let number = if movement.schedule == Schedule::II { "THEIR-222" } else { "T-1" };
        assert_eq!(movement.document.number, number);
    }
    post(&mut books, &passed.out).expect("all of it");
    post(&mut books, &passed.received).expect("at the other side");
    for product in [two(), four()] {
        let mut there = product.commodity.clone();
        there.registration = notice.transferee.number;
        assert_eq!(books.0.stock(&product.commodity).expect("books").on_hand(), 0);
        let (here, there) = (books.0.stock(&product.commodity), books.0.stock(&there));
        let gone = here.expect("books").balance(&Account::Registrant(notice.transferee.number));
        assert_eq!(there.expect("books").on_hand(), gone);
    }
}

/// Requirements: pharm-tob-notice-14-days, pharm-tob-inventory-day, pharm-tob-early-registration-eligibility,
/// law-inv-transfer-notice-14-days
#[test]
fn a_transfer_waits_for_notice_inventory_documents_and_records() {
    let books = books();
    let (notice, taken) = (notice(), inventory(&books, Occasion::Transfer, 0));
    let check = |expected: &str, change: &dyn Fn(&mut BusinessTransfer<'_>)| {
        let mut transfer = transfer(&notice, &taken);
        change(&mut transfer);
        let answer = transfer.pass(&Profile::strictest(), &books.0);
        assert_eq!(answer.map_or_else(|refusal| refusal.code.0, |_| "ok"), expected);
    };
    check("ok", &|_| {});
    check("LAW-1301.52-NOTICE-DAYS", &|transfer| transfer.notified = Notified::On(date(2026, 2, 17)));
    check("LAW-1301.52-NOTICE-DAYS", &|transfer| transfer.notified = Notified::NotYet);
    check("ok", &|transfer| transfer.notified = Notified::Waived);
    check("LAW-1301.52-INVENTORY", &|transfer| transfer.at = moment("2026-03-03T09:05:00-07:00"));
    check("LAW-1301.52-PASSED", &|transfer| transfer.records_passed = None);
    check("LAW-1301.17-EARLY", &|transfer| transfer.transferee = Transferee::EarlyAlone);
    check("ok", &|transfer| transfer.transferee = Transferee::EarlyWithAnother);
    check("BOOKS-TRANSFER-DOCUMENT", &|transfer| transfer.order = None);
    check("BOOKS-TRANSFER-DOCUMENT", &|transfer| {
        transfer.order = Some(Document::new(DocumentKind::DistributionRecord, "T-1"));
    });
    check("BOOKS-TRANSFER-DOCUMENT", &|transfer| transfer.document = Some(" ".to_owned()));
    for (occasion, short, expected) in
        [(Occasion::Biennial, 0, "BOOKS-TRANSFER-INVENTORY"), (Occasion::Transfer, 1, "BOOKS-TRANSFER-VARIANCE")]
    {
        let other = inventory(&books, occasion, short);
        let answer = transfer(&notice, &other).pass(&Profile::strictest(), &books.0);
        assert_eq!(answer.expect_err("refused").code.0, expected);
    }
}
