//! Electronic orders: signed, validated, received line by line, refused, voided, lost.

use crate::world::*;
use theriac_books::orders::csos::{
    CertificateHolder, Check, ElectronicOrder, Outcome, Validation, digest_of, reopen, validate,
};
use theriac_books::orders::{
    Arrival, LostStatement, Order, OrderEvent, OrderLine, OrderNumber, Supply, SupplyEvent, TrackingNumber, to_report,
};
use theriac_law::Moment;
use theriac_law::vocab::Standing;
use theriac_model::Schedule;
use theriac_pki::{Authority, Certificate, Reason, Revoked, Signer, SystemKey, SystemRole, TrustStore, Validity};
use theriac_testkit::pki::{demo, issue};

fn tracking(text: &str) -> TrackingNumber {
    TrackingNumber::parse(text).expect("a tracking number")
}

fn electronic(tracking_number: &str) -> ElectronicOrder {
    ElectronicOrder {
        tracking: tracking(tracking_number),
        purchaser: pharmacy().number,
        supplier: supplier(),
        signed_on: day("2026-03-02"),
        lines: vec![
            OrderLine { number: 1, product: oxycodone(), packages: 5 },
            OrderLine { number: 2, product: methadone(), packages: 2 },
            OrderLine { number: 3, product: oxycodone(), packages: 1 },
        ],
    }
}

/// An authority for orders, and a signer whose certificate is good in 2026.
struct Pki {
    authority: Authority,
    signer: Signer,
}

fn year(from: &str, until: &str) -> Validity {
    let instant = |text: &str| text.parse().expect("an instant");
    Validity { from: instant(from), until: instant(until) }
}

impl Pki {
    fn new() -> Self {
        let key = SystemKey::generate().expect("a key");
        let decades = year("2020-01-01T00:00:00Z", "2039-12-31T23:59:59Z");
        let authority = Authority::create("Orders", key, decades, demo()).expect("a root");
        let signer = issue(
            &authority,
            SystemRole::Pharmacy,
            "Corner Pharmacy orders",
            year("2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
        );
        Self { authority, signer }
    }

    /// What the supplier trusts, with a list that names these certificates as revoked since then.
    fn trust(&self, revoked: &[(&Certificate, &str)]) -> TrustStore {
        let lines: Vec<Revoked> = revoked
            .iter()
            .map(|(certificate, at)| Revoked {
                certificate: (*certificate).clone(),
                at: at.parse().expect("an instant"),
                reason: Reason::KeyCompromise,
            })
            .collect();
        let list = self
            .authority
            .revocation_list(&lines, 1, year("2026-01-02T00:00:00Z", "2038-01-01T00:00:00Z"))
            .expect("a list");
        let store = TrustStore::new(&[self.authority.certificate().clone()]).expect("an anchor");
        store.with_revocation_list(&list).expect("readable")
    }

    fn signed(&self, order: &ElectronicOrder) -> Vec<u8> {
        order.sign(&self.signer, nine("2026-03-02")).expect("signed")
    }
}

fn held() -> CertificateHolder {
    CertificateHolder { registration: pharmacy().number, schedules: vec![Schedule::II, Schedule::III] }
}

fn checked(file: &[u8], trust: &TrustStore, holder: Option<&CertificateHolder>, at: Moment) -> Validation {
    validate(&strictest(), file, trust, &|_| holder.cloned(), (Standing::Valid, at)).expect("the rulebook answers")
}

#[track_caller]
fn fails(validation: &Validation, check: Check, code: &str) {
    let failed: Vec<Check> =
        validation.checks.iter().filter(|one| one.outcome == Outcome::Failed).map(|one| one.check).collect();
    assert_eq!(failed, [check], "{:?}", validation.checks);
    assert_eq!(validation.refusal.as_ref().map(|refusal| refusal.code.0), Some(code));
    assert_eq!(validation.checks.len(), Check::ALL.len());
}

/// The purchaser's own record of the signed order.
fn purchased(file: &[u8], order: &ElectronicOrder) -> Vec<OrderEvent> {
    let lines = order.lines.iter().map(|item| line(item.number, item.product.clone(), item.packages)).collect();
    let draft = draft(OrderNumber::Tracking(order.tracking.clone()), lines);
    Order::execute(&strictest(), &draft, (&register(), &powers()), Some(digest_of(file)), nine("2026-03-02"))
        .expect("a good order")
}

/// Requirements: pharm-csos-order-fields
#[test]
fn a_good_order_passes_every_check_and_is_accepted_and_kept_with_them() {
    let pki = Pki::new();
    let file = pki.signed(&electronic("26X000001"));
    let validation = checked(&file, &pki.trust(&[]), Some(&held()), nine("2026-03-03"));
    assert!(validation.refusal.is_none(), "{:?}", validation.refusal);
    assert!(validation.checks.iter().all(|check| check.outcome == Outcome::Passed));
    let events = Supply::take_electronic(&strictest(), &validation, &pharmacy(), pharmacist(), nine("2026-03-03"));
    let state = Supply::replay(&stored_supply(&events)).expect("accepted");
    assert_eq!(state.order().digest.as_deref(), Some(digest_of(&file).as_str()));
    assert!(matches!(events.as_slice(), [SupplyEvent::Accepted { checks, .. }] if checks.len() == Check::ALL.len()));
    let mut other_day = electronic("26X000001");
    other_day.signed_on = day("2026-03-01");
    refused(other_day.sign(&pki.signer, nine("2026-03-02")), "BOOKS-CSOS-DATE");
}

/// Requirements: pharm-csos-reject-signature-fails
#[test]
fn one_changed_byte_refuses_the_order_and_the_failed_check_is_stored() {
    let pki = Pki::new();
    let trust = pki.trust(&[]);
    let file = pki.signed(&electronic("26X000001"));
    let content = file.windows(9).position(|bytes| bytes == b"26X000001").expect("the tracking number");
    let mut changed = file.clone();
    changed[content + 8] = b'2';
    let validation = checked(&changed, &trust, Some(&held()), nine("2026-03-03"));
    fails(&validation, Check::Signature, "LAW-1305.15-DEFECT");
    let events = Supply::take_electronic(&strictest(), &validation, &pharmacy(), pharmacist(), nine("2026-03-03"));
    let stored = stored_supply(&events);
    assert!(Supply::replay(&stored).is_none());
    let [SupplyEvent::Refused { checks, statement, code, .. }] = stored.as_slice() else { panic!("{stored:?}") };
    let failed = checks.iter().find(|check| check.outcome == Outcome::Failed).expect("one failed");
    assert_eq!((failed.check, code.as_str()), (Check::Signature, "LAW-1305.15-DEFECT"));
    assert!(statement.contains("not accepted"), "{statement}");
    for other in [&b""[..], b"no signature", &file[..file.len() / 2]] {
        fails(&checked(other, &trust, Some(&held()), nine("2026-03-03")), Check::Readable, "LAW-1305.15-DEFECT");
    }
    let letter = pki.signer.sign_contents(b"Dear supplier", nine("2026-03-02").timestamp).expect("signed");
    fails(&checked(&letter, &trust, Some(&held()), nine("2026-03-03")), Check::Readable, "LAW-1305.15-DEFECT");
}

/// Requirements: pharm-csos-reject-expired-revoked, law-ord-csos-cert-life
#[test]
fn what_counts_is_whether_the_certificate_was_good_when_the_order_was_signed() {
    let pki = Pki::new();
    let certificate = pki.signer.certificate().clone();
    let file = pki.signed(&electronic("26X000001"));
    let revoked_since = |since| checked(&file, &pki.trust(&[(&certificate, since)]), Some(&held()), nine("2026-03-20"));
    // Signed on 2 March at 14:00 UTC.
    assert!(revoked_since("2026-03-02T14:00:01Z").refusal.is_none());
    fails(&revoked_since("2026-03-02T14:00:00Z"), Check::Revocation, "LAW-1305.25-CERTIFICATE");
    fails(&revoked_since("2026-02-01T00:00:00Z"), Check::Revocation, "LAW-1305.25-CERTIFICATE");

    let expiring = |until: &str| {
        let validity = year("2026-01-01T00:00:00Z", until);
        let signer = issue(&pki.authority, SystemRole::Pharmacy, "Corner Pharmacy orders", validity);
        let file = electronic("26X000001").sign(&signer, nine("2026-03-02")).expect("signed");
        checked(&file, &pki.trust(&[]), Some(&held()), nine("2026-03-20"))
    };
    assert!(expiring("2026-03-02T14:00:00Z").refusal.is_none());
    fails(&expiring("2026-03-02T13:59:59Z"), Check::Expiry, "LAW-1305.25-CERTIFICATE");

    let stranger = Pki::new();
    let file = stranger.signed(&electronic("26X000001"));
    fails(
        &checked(&file, &pki.trust(&[]), Some(&held()), nine("2026-03-03")),
        Check::Issuer,
        "LAW-1305.25-CERTIFICATE",
    );
}

#[test]
fn the_certificate_is_the_purchasers_covers_the_schedules_and_nothing_is_missing() {
    let pki = Pki::new();
    let trust = pki.trust(&[]);
    let file = pki.signed(&electronic("26X000001"));
    let other = CertificateHolder { registration: practitioner().number, schedules: vec![Schedule::II] };
    for holder in [None, Some(&other)] {
        let validation = checked(&file, &trust, holder, nine("2026-03-03"));
        fails(&validation, Check::Purchaser, "LAW-1305.25-CERTIFICATE");
    }
    let narrow = CertificateHolder { registration: pharmacy().number, schedules: vec![Schedule::III] };
    let validation = checked(&file, &trust, Some(&narrow), nine("2026-03-03"));
    fails(&validation, Check::Schedules, "LAW-1305.04-PURCHASER");
    for (spoil, check) in [
        ((|order: &mut ElectronicOrder| order.supplier.name.clear()) as fn(&mut ElectronicOrder), Check::Entries),
        (|order| order.lines[1].packages = 0, Check::Entries),
        (|order| order.lines.clear(), Check::Entries),
    ] {
        let mut order = electronic("26X000001");
        spoil(&mut order);
        let validation = checked(&pki.signed(&order), &trust, Some(&held()), nine("2026-03-03"));
        fails(&validation, check, "LAW-1305.12-ENTRY");
    }
    let validation = validate(&strictest(), &file, &trust, &|_| Some(held()), (Standing::Revoked, nine("2026-03-03")));
    let refusal = validation.expect("asked").refusal.expect("refused");
    assert_eq!(refusal.code.0, "LAW-1305.04-PURCHASER");
    // Sixty days after its signing nothing of it is filled.
    assert!(checked(&file, &trust, Some(&held()), nine("2026-05-01")).refusal.is_none());
    let late = checked(&file, &trust, Some(&held()), nine("2026-05-02")).refusal.expect("refused");
    assert_eq!(late.code.0, "LAW-1305.13-EXPIRED");
}

/// Requirements: pharm-csos-receipt-linked
#[test]
fn two_deliveries_are_two_records_linked_to_the_order_and_the_ledger_agrees() {
    let pki = Pki::new();
    let order = electronic("26X000001");
    let mut events = purchased(&pki.signed(&order), &order);
    let mut stock = theriac_books::Stock::new(oxycodone().commodity);
    for (packages, day) in [(2, "2026-03-05"), (3, "2026-03-12")] {
        let state = Order::replay(&stored(&events)).expect("an order");
        let arrival = Arrival { line: 1, packages, invoice: None };
        let came = state.receive(&strictest(), &arrival, &pharmacist(), nine(day)).expect("received");
        let movement = state.movement(came.first().expect("received")).expect("a movement");
        assert_eq!(movement.document.number, "26X000001");
        for event in stock.post(&movement, nine(day).timestamp).expect("posted") {
            stock.apply(&event).expect("consistent");
        }
        events.extend(came);
    }
    let state = Order::replay(&stored(&events)).expect("an order");
    let first = state.lines().next().expect("line 1");
    assert_eq!(first.deliveries, [(2, day("2026-03-05")), (3, day("2026-03-12"))]);
    assert_eq!(stock.balance(&theriac_books::Account::Shelf), 500);
}

/// Requirements: pharm-csos-link-nonacceptance
#[test]
fn a_statement_of_non_acceptance_opens_from_the_order_and_names_it() {
    let pki = Pki::new();
    let order = electronic("26X000001");
    let file = pki.signed(&order);
    let mut events = purchased(&file, &order);
    // The supplier's refusal carries the number and the digest of the order it speaks of.
    let stranger = checked(&file, &Pki::new().trust(&[]), Some(&held()), nine("2026-03-03"));
    let refused_by = Supply::take_electronic(&strictest(), &stranger, &pharmacy(), pharmacist(), nine("2026-03-03"));
    let [SupplyEvent::Refused { number, digest, statement, .. }] = refused_by.as_slice() else { panic!("refused") };
    let state = Order::replay(&events).expect("an order");
    assert_eq!(number.as_ref(), Some(&state.executed().number));
    assert_eq!(digest, &state.executed().digest);
    events.extend(state.refused(&strictest(), statement, nine("2026-03-04")).expect("kept"));
    let state = Order::replay(&stored(&events)).expect("an order");
    assert_eq!(state.not_accepted(), Some(statement.as_str()));
}

/// Requirements: pharm-csos-void-whole, pharm-csos-void-retained
#[test]
fn a_wholly_voided_order_goes_back_as_a_copy_marked_void_and_receives_nothing() {
    let pki = Pki::new();
    let order = electronic("26X000001");
    let file = pki.signed(&order);
    let validation = checked(&file, &pki.trust(&[]), Some(&held()), nine("2026-03-03"));
    let mut events = Supply::take_electronic(&strictest(), &validation, &pharmacy(), pharmacist(), nine("2026-03-03"));
    let state = Supply::replay(&events).expect("accepted");
    assert_eq!(state.void_copy(), None);
    events.extend(state.void(&strictest(), &[], "The order is void.", pharmacist(), nine("2026-03-04")).expect("void"));
    let copy = Supply::replay(&stored_supply(&events)).expect("accepted").void_copy().expect("a copy");
    assert_eq!(copy["mark"], "Void");
    assert_eq!(copy["order"]["number"], "tracking:26X000001");

    let mut bought = purchased(&file, &order);
    let notice = copy.to_string();
    let state = Order::replay(&bought).expect("an order");
    bought.extend(state.voided(&strictest(), &[], &notice, nine("2026-03-05")).expect("kept"));
    let state = Order::replay(&stored(&bought)).expect("an order");
    let kept = bought.iter().any(|event| matches!(event, OrderEvent::Voided { notice: kept, .. } if *kept == notice));
    assert!(kept);
    for line in 1..=3 {
        let arrival = Arrival { line, packages: 1, invoice: None };
        refused(state.receive(&strictest(), &arrival, &pharmacist(), nine("2026-03-06")), "LAW-1305.19-CANCELLED");
    }
}

/// Requirements: pharm-csos-void-part
#[test]
fn the_linked_record_of_a_partly_voided_order_shows_nothing_shipped_on_the_voided_line() {
    let pki = Pki::new();
    let validation = checked(&pki.signed(&electronic("26X000001")), &pki.trust(&[]), Some(&held()), nine("2026-03-03"));
    let mut events = Supply::take_electronic(&strictest(), &validation, &pharmacy(), pharmacist(), nine("2026-03-03"));
    let state = Supply::replay(&events).expect("accepted");
    events.extend(state.void(&strictest(), &[2], "Line 2 is void.", pharmacist(), nine("2026-03-03")).expect("void"));
    for (line, packages) in [(1, 5), (3, 1)] {
        let state = Supply::replay(&events).expect("accepted");
        let sent = state.ship(&strictest(), line, (&oxycodone(), packages), pharmacist(), nine("2026-03-04"));
        events.extend(sent.expect("sent"));
    }
    let state = Supply::replay(&stored_supply(&events)).expect("accepted");
    let linked: Vec<(u32, u32, Option<&str>)> =
        state.linked().iter().map(|line| (line.line, line.shipped, line.ended)).collect();
    assert_eq!(linked, [(1, 5, None), (2, 0, Some("void")), (3, 1, None)]);
    assert_eq!(state.void_copy(), None);
    refused(state.endorse(&strictest(), second_supplier(), pharmacist(), nine("2026-03-04")), "BOOKS-ORDER-RECEIVED");
}

/// Requirements: law-ord-csos-supplier-report
#[test]
fn what_was_filled_is_reported_within_two_business_days() {
    let pki = Pki::new();
    let validation = checked(&pki.signed(&electronic("26X000001")), &pki.trust(&[]), Some(&held()), nine("2026-03-03"));
    let mut events = Supply::take_electronic(&strictest(), &validation, &pharmacy(), pharmacist(), nine("2026-03-03"));
    for (line, on) in [(1, "2026-03-06"), (3, "2026-03-09")] {
        let state = Supply::replay(&events).expect("accepted");
        events.extend(state.ship(&strictest(), line, (&oxycodone(), 1), pharmacist(), nine(on)).expect("sent"));
    }
    let state = Supply::replay(&events).expect("accepted");
    // Friday 6 March: Tuesday the 10th. Monday the 9th: Wednesday the 11th.
    assert_eq!(state.reports_due(), [day("2026-03-10"), day("2026-03-11")]);
    events.extend(state.report(day("2026-03-06"), "electronic report", pharmacist(), nine("2026-03-07")));
    let state = Supply::replay(&stored_supply(&events)).expect("accepted");
    assert_eq!(state.reports_due(), [day("2026-03-11")]);
    let lines = to_report(&[state]);
    assert_eq!(lines.iter().map(|line| (line.packages, line.shipped)).collect::<Vec<_>>(), [(1, day("2026-03-09"))]);
}

/// Requirements: pharm-csos-lost-replacement-link
#[test]
fn a_lost_electronic_order_leads_to_its_statement_and_its_replacement() {
    let pki = Pki::new();
    let (first, second) = (electronic("26X000001"), electronic("26X000002"));
    let mut lost = purchased(&pki.signed(&first), &first);
    let mut replacing = purchased(&pki.signed(&second), &second);
    let mut statement = LostStatement {
        first: OrderNumber::Tracking(tracking("26X000001")),
        dated: Some(day("2026-03-02")),
        not_received: "The goods were never received because the order was lost.".to_owned(),
        signed_by: None,
        supplier_said: Some("Ms Hall: nothing arrived.".to_owned()),
    };
    let (one, two) = (Order::replay(&lost).expect("one"), Order::replay(&replacing).expect("two"));
    let replace =
        |statement: &LostStatement| one.replace(&strictest(), statement, &two, pharmacist(), nine("2026-03-09"));
    refused(replace(&statement), "LAW-1305.16-STATEMENT");
    statement.signed_by = Some("Olga Owner".to_owned());
    let (at_first, at_second) = replace(&statement).expect("both");
    lost.push(at_first);
    replacing.push(at_second);
    let (one, two) = (Order::replay(&stored(&lost)).expect("one"), Order::replay(&stored(&replacing)).expect("two"));
    assert_eq!(one.lost(), Some(&(statement.clone(), OrderNumber::Tracking(tracking("26X000002")))));
    assert_eq!(two.replaces(), Some(&statement));
}

/// Requirements: pharm-csos-records-two-years
#[test]
fn an_order_of_23_months_ago_opens_and_its_signature_still_verifies() {
    let pki = Pki::new();
    let order = electronic("26X000001");
    let file = pki.signed(&order);
    let mut events = purchased(&file, &order);
    let state = Order::replay(&events).expect("an order");
    let arrival = Arrival { line: 1, packages: 5, invoice: None };
    events.extend(state.receive(&strictest(), &arrival, &pharmacist(), nine("2026-03-05")).expect("received"));
    // The certificate has expired since, and its signing key was revoked later; the archive is judged as of signing.
    let trust = pki.trust(&[(pki.signer.certificate(), "2026-06-01T00:00:00Z")]);
    assert_eq!(reopen(&file), Some(order));
    let validation = checked(&file, &trust, Some(&held()), at("2028-02-02T09:00:00-06:00"));
    assert!(validation.checks.iter().all(|check| check.outcome == Outcome::Passed), "{:?}", validation.checks);
    let state = Order::replay(&stored(&events)).expect("an order");
    assert_eq!(state.executed().digest.as_deref(), Some(digest_of(&file).as_str()));
    assert_eq!(state.lines().next().expect("line 1").deliveries, [(5, day("2026-03-05"))]);
    let mut changed = file.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    assert_eq!(reopen(&changed), None);
}
