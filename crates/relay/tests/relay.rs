//! The intermediary: what it passes on, what it refuses, and that nothing changes on the way.

use theriac_model::{CanonicalContents, Element, Refusal, Schedule};
use theriac_pki::{Judge, Signer, cms};
use theriac_relay::{Destination, Forwarded, Reached, Relay, digest, undeliverable};
use theriac_testkit::{TestPki, now, sample};
use theriac_wire::script::compose::{Signature, Traffic};
use theriac_wire::script::{
    Change, Envelope, Freedom, Message, MessageKind, Order, Party, Reply, SignatureGroup, Software, change_body,
    change_header, decode, encode, from_contents, relayout, to_contents,
};

fn software(product: &str) -> Software {
    Software { developer: "Theriac".to_owned(), product: product.to_owned(), version: "0.1".to_owned() }
}

fn relay(freedom: Freedom) -> Relay {
    Relay::new(software("Relay"), freedom)
}

/// The canonical bytes that are signed, and the message that bears them with the signature.
fn signed(signer: &Signer) -> (Vec<u8>, Message) {
    let contents = sample(Schedule::II).canonical().expect("well formed");
    let bytes = contents.to_bytes();
    let cms = signer.sign_contents(&bytes, now()).expect("a signature");
    let group = SignatureGroup::new(&digest(&bytes).0, &cms, signer.certificate().der());
    let envelope = Envelope {
        to: Party::pharmacy("9999999"),
        from: Party::prescriber("6000000000001"),
        message_id: "msg-1".to_owned(),
        relates_to: None,
        sent_time: now(),
        software: software("Prescriber"),
        order_number: Some("order-1".to_owned()),
        rx_reference: None,
        traffic: Traffic::Test,
        order: Order { signature: Some(Signature::Attached(group)), ..Order::default() },
    };
    (bytes, from_contents(&contents, &envelope).expect("fits the standard"))
}

fn message() -> Message {
    signed(&TestPki::new().prescriber).1
}

fn forward(relay: &Relay, bytes: &[u8], seed: u64) -> Result<Forwarded, Refusal> {
    relay.forward(bytes, "trace-1", seed, now())
}

fn code(result: Result<Forwarded, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code.0, |_| "forwarded")
}

/// How many layouts are drawn: 2,000, or as many as `THERIAC_RELAYOUTS` says.
#[allow(clippy::disallowed_methods)] // the number comes from whoever runs the test
fn layouts() -> u64 {
    std::env::var("THERIAC_RELAYOUTS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

/// The signature itself is checked, with its certificate's path, in every layout; the contents it holds are those that
/// arrived.
///
/// Requirements: epcs-1311.130-f-2
#[test]
fn the_signature_verifies_in_any_layout() {
    let pki = TestPki::new();
    let (_, message) = signed(&pki.prescriber);
    let trust = pki.trust();
    let check = |seed: u64| {
        let arrived = to_contents(&decode(&relayout(&message, seed)).expect("well formed"));
        let cms = arrived.signature.expect("it travels").signature().expect("base 64");
        let trusted = trust.verify_attached(&cms, Judge::WhenSigned).expect("it verifies");
        let mut held = CanonicalContents::from_bytes(trusted.verified().content()).expect("canonical");
        held.clear(Element::SignedAt);
        assert_eq!(held.differences(&arrived.contents), [], "seed {seed}");
    };
    let (count, check) = (layouts(), &check);
    std::thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || (first..count).step_by(2).for_each(check));
        }
    });
}

/// The pharmacy finds the contents that were signed, whatever layout the relay gave the message.
///
/// Requirements: epcs-1311.130-f-1, epcs-1311.130-f-2
#[test]
fn the_signature_verifies_against_what_arrives_after_any_relay() {
    let pki = TestPki::new();
    let (bytes, message) = signed(&pki.prescriber);
    let sent = encode(&message);
    for freedom in [Freedom::Form, Freedom::Spelling, Freedom::Parts] {
        for seed in 0..100 {
            let forwarded = forward(&relay(freedom), &sent, seed).expect("passes");
            assert_ne!(forwarded.before, forwarded.after, "another layout is other bytes");
            let arrived = to_contents(&decode(&forwarded.bytes).expect("well formed"));
            let group = arrived.signature.expect("the signature travels");
            let signature = group.signature().expect("base 64");
            let verified = pki.trust().verify_attached(&signature, Judge::WhenSigned).expect("a good signature");
            assert_eq!(verified.content(), bytes);
            let mut signed = CanonicalContents::from_bytes(verified.content()).expect("canonical");
            signed.clear(Element::SignedAt);
            assert_eq!(signed.differences(&arrived.contents), [], "seed {seed}");
            assert_eq!(forwarded.contents, Some(digest(&signed.to_bytes())));
        }
    }
}

#[test]
fn only_the_routing_of_a_message_changes() {
    let message = message();
    let forwarded = forward(&relay(Freedom::Form), &encode(&message), 3).expect("passes");
    assert_eq!((forwarded.kind, forwarded.message_id.as_str()), (MessageKind::NewRx, "msg-1"));
    assert_eq!((forwarded.to, forwarded.from), (Party::pharmacy("9999999"), Party::prescriber("6000000000001")));
    let arrived = decode(&forwarded.bytes).expect("well formed");
    assert_eq!(arrived.header().software_product(), Some("Relay"));
    assert_eq!(arrived.header().sent_time(), message.header().sent_time());
    assert_eq!(arrived.header().prescriber_order_number(), Some("order-1"));
    assert_eq!(arrived.header().digital_signature(), message.header().digital_signature());
    let without_routing = |message: &Message| {
        let plain = change_header(message, &["SenderSoftware"], Change::Remove).expect("there");
        change_header(&plain, &["Mailbox"], Change::Remove).unwrap_or(plain)
    };
    assert_eq!(without_routing(&arrived), without_routing(&message));
}

/// The first intermediary gives a number, later ones keep it, and it reaches the pharmacy.
///
/// Requirements: epcs-pre-4-trace-number
#[test]
fn the_trace_number_of_the_first_intermediary_stays() {
    let first = relay(Freedom::Spelling).forward(&encode(&message()), "first-7", 1, now()).expect("passes");
    assert_eq!(first.trace_number, "first-7");
    let second = relay(Freedom::Spelling).forward(&first.bytes, "second-8", 2, now()).expect("passes");
    assert_eq!(second.trace_number, "first-7");
    let arrived = to_contents(&decode(&second.bytes).expect("well formed"));
    assert_eq!(arrived.trace_number.as_deref(), Some("first-7"));
    assert_eq!(first.contents, second.contents);
}

/// The last intermediary signs exactly what it sends, and sends the signature with it.
///
/// Requirements: epcs-1311.160-a-1
#[test]
fn a_signing_relay_forwards_a_signed_copy_of_what_it_sends() {
    let pki = TestPki::new();
    let (_, message) = signed(&pki.prescriber);
    let signing = relay(Freedom::Spelling).signing(pki.relay.clone());
    let forwarded = forward(&signing, &encode(&message), 5).expect("passes");
    let seal = forwarded.seal.expect("signed");
    let verified = pki.trust().verify_detached(&seal, &forwarded.bytes, Judge::WhenSigned).expect("a good signature");
    assert_eq!(verified.certificate().der(), pki.relay.certificate().der());
    let mut changed = forwarded.bytes.clone();
    changed[200] ^= 1;
    assert!(cms::verify_detached(&seal, &changed, &[]).is_err());
    assert!(forward(&relay(Freedom::Spelling), &encode(&message), 5).expect("passes").seal.is_none());
}

/// An electronic prescription is never turned into a fax on the way.
///
/// Requirements: epcs-1311.130-g-2
#[test]
fn a_pharmacy_that_has_only_a_fax_is_not_reached() {
    let known = [
        Destination { party: Party::pharmacy("1"), reached: Reached::Electronically },
        Destination { party: Party::pharmacy("2"), reached: Reached::ByFaxOnly },
    ];
    let reach = |party: &Party| Destination::of(party, &known).map_or_else(|refusal| refusal.code.0, |_| "reached");
    assert_eq!(reach(&Party::pharmacy("1")), "reached");
    assert_eq!(reach(&Party::pharmacy("2")), "RELAY-NOT-ELECTRONIC");
    assert_eq!(reach(&Party::pharmacy("3")), "RELAY-DESTINATION");
    assert_eq!(reach(&Party::prescriber("1")), "RELAY-DESTINATION");
}

#[test]
fn the_sender_is_told_what_was_not_delivered_and_why() {
    let message = message();
    let refusal = Destination::of(&Party::pharmacy("2"), &[]).expect_err("nobody is known");
    let reply =
        Reply { message_id: "err-1".to_owned(), sent_time: now(), software: software("Relay"), rx_reference: None };
    let told = undeliverable(&message, &reply, &refusal).expect("it says from whom").expect("fits");
    let header = told.header();
    assert_eq!(told.kind(), MessageKind::Error);
    assert_eq!((header.to(), header.relates_to()), (message.header().from(), Some("msg-1")));
    assert_eq!(header.prescriber_order_number(), Some("order-1"));
    let theriac_wire::script::Body::Error(error) = told.body() else { panic!("an Error") };
    assert_eq!(error.code(), Some("600"));
    assert!(error.description().is_some_and(|text| text.starts_with("RELAY-DESTINATION: ")));
}

#[test]
fn what_cannot_be_addressed_or_read_is_refused() {
    let message = message();
    let without = |path: &[&str]| encode(&change_header(&message, path, Change::Remove).expect("there"));
    let relay = relay(Freedom::Spelling);
    assert_eq!(code(forward(&relay, &encode(&message), 1)), "forwarded");
    for path in [["To"], ["From"], ["MessageID"]] {
        assert_eq!(code(forward(&relay, &without(&path), 1)), "RELAY-ADDRESS", "{path:?}");
    }
    assert_eq!(code(forward(&relay, b"<!DOCTYPE a><a/>", 1)), "WIRE-XML-DTD");
    assert_eq!(code(forward(&relay, b"", 1)), "WIRE-EMPTY");
    let long = Relay::new(software(&"x".repeat(36)), Freedom::Form);
    assert_eq!(code(forward(&long, &encode(&message), 1)), "WIRE-TOO-LONG");
}

/// A message the relay does not understand, or one with faults in it, is passed on as it is: the pharmacy judges.
#[test]
fn what_the_relay_does_not_understand_passes_unchanged() {
    let message = message();
    let relay = relay(Freedom::Spelling);
    let check = |bytes: &[u8]| {
        let before = decode(bytes).expect("well formed");
        for seed in 0..50 {
            let forwarded = forward(&relay, bytes, seed).expect("passes");
            let after = decode(&forwarded.bytes).expect("well formed");
            assert_eq!(after.element().children().count(), before.element().children().count());
            let (before, after) = (to_contents(&before), to_contents(&after));
            assert_eq!(before.contents, after.contents);
            assert_eq!(before.problems, after.problems);
        }
    };
    check(b"<Message><Header><To>1</To><From>2</From><MessageID>3</MessageID></Header><Body><Other a='1'><b>c</b></Other></Body></Message>");
    let extra = String::from_utf8(encode(&message)).expect("UTF-8");
    let extra = extra.replacen("<Sig>", "<Unknown x='1'>  kept  <![CDATA[<as>]]> it is </Unknown><Sig>", 1);
    check(extra.as_bytes());
    let forwarded = forward(&relay, extra.as_bytes(), 9).expect("passes");
    let after = decode(&forwarded.bytes).expect("well formed");
    let unknown = after.element().child("MedicationPrescribed").and_then(|medication| {
        medication.children().find(|child| child.name() == "Unknown").map(|child| child.text().to_owned())
    });
    assert_eq!(unknown.as_deref(), Some("  kept  <as> it is "));
    let path = ["MedicationPrescribed", "Quantity"];
    check(&encode(&change_body(&message, &path, Change::Double).expect("there")));
    let path = ["MedicationPrescribed", "Quantity", "Value"];
    check(&encode(&change_body(&message, &path, Change::Text("3O")).expect("there")));
}
