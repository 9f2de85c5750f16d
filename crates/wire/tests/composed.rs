//! What is made: lengths reject, never cut; every purpose and every answer.

mod support;

use theriac_model::{CanonicalContents, Decimal, DrugUnit, Element, Quantity};
use theriac_wire::script::compose::{Purpose, Signature};
use theriac_wire::script::reply::{
    Accepted, Cancelled, Filled, Rejected, cancel_rx_response, error, error_of, rx_fill, status, verify,
};
use theriac_wire::script::{
    Body, Envelope, FillStatus, Medication, Message, MessageKind, Order, Outcome, Party, Person, Reply, ReplyTo,
    Response, SignedIndication, compose, decode, encode, from_contents, refusals, to_contents,
};

fn refused(contents: &CanonicalContents, envelope: &Envelope) -> Vec<String> {
    let name =
        |refusal: &theriac_model::Refusal| format!("{} {}", refusal.code, refusal.field.as_deref().unwrap_or("-"));
    from_contents(contents, envelope).map_or_else(|refusals| refusals.iter().map(name).collect(), |_| Vec::new())
}

#[test]
fn a_text_that_is_too_long_is_refused_and_never_cut() {
    for (element, most) in [
        (Element::PatientLast, 35),
        (Element::PatientFirst, 35),
        (Element::PatientMiddle, 35),
        (Element::PatientSuffix, 10),
        (Element::PatientLine1, 40),
        (Element::PatientLine2, 40),
        (Element::PatientCity, 35),
        (Element::PractitionerLast, 35),
        (Element::PractitionerLine1, 40),
        (Element::DrugName, 105),
        (Element::DrugStrength, 70),
        (Element::Directions, 1000),
        (Element::Note, 210),
    ] {
        // Characters count, not bytes.
        for letter in ["x", "é", "漢"] {
            for (length, fits) in [(most - 1, true), (most, true), (most + 1, false)] {
                let mut contents = support::travelling(&support::sample());
                contents.clear(element);
                contents.set(element, &letter.repeat(length)).expect("within the canonical bound");
                let expected = if fits { vec![] } else { vec![format!("WIRE-TOO-LONG {element}")] };
                assert_eq!(refused(&contents, &support::envelope()), expected, "{element} {length} {letter}");
                if fits {
                    let message = from_contents(&contents, &support::envelope()).expect("fits");
                    assert_eq!(to_contents(&message).contents, contents);
                }
            }
        }
    }
}

#[test]
fn every_refusal_is_given_at_once() {
    let mut contents = support::travelling(&support::sample());
    for element in [Element::PatientLast, Element::Note] {
        contents.clear(element);
        contents.set(element, &"x".repeat(300)).expect("within the canonical bound");
    }
    let envelope = Envelope { message_id: "m".repeat(36), ..support::envelope() };
    assert_eq!(
        refused(&contents, &envelope),
        ["WIRE-TOO-LONG message-id", "WIRE-TOO-LONG patient.last", "WIRE-TOO-LONG note"]
    );
}

#[test]
fn a_header_that_says_nothing_is_refused() {
    let contents = support::travelling(&support::sample());
    let nobody = Party { id: " ".to_owned(), qualifier: None };
    let check = |envelope: Envelope, expected: &str| assert_eq!(refused(&contents, &envelope), [expected]);
    check(Envelope { message_id: String::new(), ..support::envelope() }, "WIRE-CANNOT-CARRY Message/Header/MessageID");
    check(Envelope { to: nobody.clone(), ..support::envelope() }, "WIRE-CANNOT-CARRY Message/Header/To");
    check(Envelope { from: nobody, ..support::envelope() }, "WIRE-CANNOT-CARRY Message/Header/From");
    let odd = Envelope { message_id: "a\u{1}".to_owned(), ..support::envelope() };
    check(odd, "WIRE-CANNOT-CARRY message-id");
    let odd =
        Envelope { to: Party { id: "1".to_owned(), qualifier: Some("\u{FFFF}".to_owned()) }, ..support::envelope() };
    check(odd, "WIRE-CANNOT-CARRY Message/Header/To");
}

#[test]
fn each_purpose_makes_its_message_and_only_prescriptions_bear_the_signature() {
    let contents = support::travelling(&support::sample());
    let answer = Response {
        outcome: Outcome::Approved,
        reason_codes: Vec::new(),
        reference: Some("ref-1".to_owned()),
        note: Some("as asked".to_owned()),
    };
    let change =
        Purpose::RxChangeRequest { code: "U".to_owned(), reason: Some("registration in this State?".to_owned()) };
    for (purpose, kind, signed) in [
        (Purpose::NewRx, MessageKind::NewRx, true),
        (Purpose::CancelRx, MessageKind::CancelRx, false),
        (change, MessageKind::RxChangeRequest, false),
        (Purpose::RxChangeResponse(answer.clone()), MessageKind::RxChangeResponse, true),
        (Purpose::RxRenewalRequest, MessageKind::RxRenewalRequest, false),
        (Purpose::RxRenewalResponse(answer), MessageKind::RxRenewalResponse, true),
    ] {
        let made = compose(&purpose, &contents, &support::envelope()).expect("fits");
        let read = decode(&encode(&made)).expect("our own message");
        assert_eq!((read.kind(), read.notices()), (kind, [].as_slice()), "{purpose:?}");
        let arrived = to_contents(&read);
        assert_eq!(arrived.contents, contents, "{kind:?}");
        assert_eq!(arrived.signature.is_some(), signed, "{kind:?}");
        assert_eq!(arrived.is_sound(), signed, "{kind:?}: only those that bear it can be filled from");
    }
}

/// The indication travels with a signed prescription, and nothing else in a message takes its place.
///
/// Requirements: epcs-1311.125-f
#[test]
fn a_message_says_signed_only_when_it_was() {
    let contents = support::travelling(&support::sample());
    for (signature, indication, group) in [
        (None, SignedIndication::Absent, None),
        (Some(Signature::Indicated), SignedIndication::Present, None),
        (Some(Signature::Attached(support::group())), SignedIndication::Present, Some(support::group())),
    ] {
        let order = Order { signature, ..support::envelope().order };
        let message = from_contents(&contents, &Envelope { order, ..support::envelope() }).expect("fits");
        let printed = encode(&message);
        let arrived = to_contents(&decode(&printed).expect("our own message"));
        assert_eq!((arrived.indication, arrived.signature), (indication, group));
        let says = String::from_utf8(printed).expect("UTF-8").contains("Signature");
        assert_eq!(says, indication == SignedIndication::Present);
    }
}

fn reply() -> Reply {
    Reply {
        message_id: "reply-1".to_owned(),
        sent_time: "2026-03-02T16:00:00Z".parse().expect("an instant"),
        software: support::envelope().software,
        rx_reference: Some("rx-77".to_owned()),
    }
}

/// Reads the answer back and checks that it goes the other way about the same order.
fn check(answer: Result<Message, Vec<theriac_model::Refusal>>, kind: MessageKind) -> Message {
    let answer = decode(&encode(&answer.expect("fits"))).expect("our own message");
    assert_eq!((answer.kind(), answer.notices()), (kind, [].as_slice()));
    let header = answer.header();
    assert_eq!(header.to(), Some(support::envelope().from));
    assert_eq!(header.from(), Some(support::envelope().to));
    assert_eq!(header.message_id(), Some("reply-1"));
    assert_eq!(header.relates_to(), Some("msg-1"));
    assert_eq!(header.prescriber_order_number(), Some("order-1"));
    assert_eq!(header.rx_reference_number(), Some("rx-77"));
    assert_eq!(header.test_message(), Some("1"));
    assert_eq!(header.sent_time(), Some("2026-03-02T16:00:00Z"));
    answer
}

#[test]
fn status_error_and_verify_answer_their_message() {
    let message = support::sample_message();
    let to = ReplyTo::of(&message).expect("it says from whom");
    for (accepted, code) in [(Accepted::ForProcessing, "000"), (Accepted::Final, "010")] {
        let answer = check(status(&to, &reply(), accepted), MessageKind::Status);
        let Body::Status(status) = answer.body() else { panic!("a Status") };
        assert_eq!(status.code(), Some(code));
    }
    for (rejected, code) in [
        (Rejected::Communication, "600"),
        (Rejected::CannotProcess, "601"),
        (Rejected::Receiver, "602"),
        (Rejected::Transaction, "900"),
    ] {
        let answer = check(error(&to, &reply(), rejected, &["220", "001"], "said twice"), MessageKind::Error);
        let Body::Error(error) = answer.body() else { panic!("an Error") };
        assert_eq!((error.code(), error.description()), (Some(code), Some("said twice")));
        assert_eq!(error.description_codes(), ["220", "001"]);
    }
    let answer = check(verify(&to, &reply()), MessageKind::Verify);
    let Body::Verify(verify) = answer.body() else { panic!("a Verify") };
    assert_eq!(verify.code(), Some("010"));
}

#[test]
fn an_error_tells_the_refusal_as_far_as_it_fits() {
    let to = ReplyTo::of(&support::sample_message()).expect("it says from whom");
    let description = |refusal: &theriac_model::Refusal| {
        let answer = check(error_of(&to, &reply(), Rejected::Receiver, refusal), MessageKind::Error);
        let Body::Error(error) = answer.body() else { panic!("an Error") };
        error.description().map(str::to_owned).expect("words")
    };
    let short = refusals::doubled("quantity.value", "NewRx/MedicationPrescribed/Quantity/Value");
    let text = description(&short);
    assert!(text.starts_with("WIRE-DOUBLED: ") && text.contains("21 CFR 1311.170(e)") && text.contains(&*short.next));
    let long = theriac_model::Refusal::new("TEST-LONG", "21 CFR 1306.05", "w".repeat(300), "n".repeat(300));
    assert_eq!(description(&long), format!("TEST-LONG: {}", "w".repeat(300)));
    let longest = theriac_model::Refusal::new("TEST-LONG", "21 CFR 1306.05", "w".repeat(400), "n");
    assert_eq!(description(&longest), "TEST-LONG");
}

#[test]
fn a_withdrawal_is_answered_with_yes_or_with_a_reason() {
    let to = ReplyTo::of(&support::sample_message()).expect("it says from whom");
    let response = |cancelled: &Cancelled| {
        let answer = check(cancel_rx_response(&to, &reply(), cancelled), MessageKind::CancelRxResponse);
        let Body::CancelRxResponse(response) = answer.body() else { panic!("an answer") };
        response.response().expect("one answer")
    };
    let yes = response(&Cancelled::Approved { note: Some("30 not dispensed".to_owned()) });
    assert_eq!((yes.outcome, yes.note.as_deref()), (Outcome::Approved, Some("30 not dispensed")));
    let no = response(&Cancelled::Denied { reason_code: Some("AR".to_owned()), reason: "transferred".to_owned() });
    assert_eq!((no.outcome, no.note.as_deref()), (Outcome::Denied, Some("transferred")));
    assert_eq!(no.reason_codes, ["AR"]);
}

#[test]
fn a_filling_is_told_with_its_status_and_quantity() {
    let message = support::sample_message();
    let contents = to_contents(&message).contents;
    let to = ReplyTo::of(&message).expect("it says from whom");
    let quantity = |count| Quantity::new(Decimal::whole(count), DrugUnit::Tablet).expect("countable");
    for (told, value) in [
        (FillStatus::Dispensed, Some(30)),
        (FillStatus::PartiallyDispensed, Some(12)),
        (FillStatus::NotDispensed, None),
    ] {
        let filled = Filled { status: told, note: Some("note".to_owned()), quantity: value.map(quantity) };
        let answer = check(rx_fill(&message, &contents, &to, &reply(), &filled), MessageKind::RxFill);
        let Body::RxFill(fill) = answer.body() else { panic!("an RxFill") };
        assert_eq!(fill.status(), Some((told, Some("note"))));
        assert_eq!(fill.patient().and_then(Person::last_name), Some("Sample"));
        assert_eq!(fill.prescriber().and_then(|who| who.identification("DEANumber")), Some("AB1234563-012"));
        assert_eq!(fill.medication_prescribed().and_then(Medication::quantity), Some("30"));
        let dispensed = fill.medication_dispensed();
        assert_eq!(dispensed.and_then(Medication::quantity).map(str::to_owned), value.map(|n| n.to_string()));
        assert_eq!(dispensed.and_then(Medication::quantity_qualifier), value.map(|_| "87"));
    }
}

#[test]
fn a_message_without_sender_or_number_cannot_be_answered() {
    let nameless = decode(b"<Message><Header><MessageID>1</MessageID></Header><Body><NewRx/></Body></Message>");
    assert_eq!(ReplyTo::of(&nameless.expect("well formed")), None);
    let numberless = decode(b"<Message><Header><From>1</From></Header><Body><NewRx/></Body></Message>");
    assert_eq!(ReplyTo::of(&numberless.expect("well formed")), None);
}
