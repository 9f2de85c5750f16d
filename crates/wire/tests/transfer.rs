//! The three messages of a transfer: what is written is read back, and whatever is missing is named.

use proptest::prelude::*;
use theriac_wire::script::transfer::{
    TransferAnswer, TransferDenial, TransferEnd, TransferMessage, TransferParty, TransferPatient, about, confirm, read,
    request, response,
};
use theriac_wire::script::{Envelope, Message, Order, Party, Software, compose::Traffic, decode, encode};

fn envelope(relates_to: Option<&str>) -> Envelope {
    Envelope {
        to: Party::pharmacy("9999999"),
        from: Party::pharmacy("9999998"),
        message_id: "T-1".to_owned(),
        relates_to: relates_to.map(str::to_owned),
        sent_time: "2026-03-02T16:00:00Z".parse().expect("an instant"),
        software: Software { developer: "Theriac".into(), product: "Theriac".into(), version: "1".into() },
        order_number: None,
        rx_reference: Some("RX000001".to_owned()),
        traffic: Traffic::Production,
        order: Order::default(),
    }
}

fn pharmacy() -> TransferParty {
    TransferParty {
        ncpdp_id: "9999998".to_owned(),
        dea: "FS4564567".to_owned(),
        name: "Second Pharmacy".to_owned(),
        address: "4 Other Road, Tucson, AZ 85703".to_owned(),
        pharmacist: "Fern Farmer".to_owned(),
    }
}

fn again(message: &Message) -> Message {
    decode(&encode(message)).expect("read back")
}

fn read_back(message: &Message) -> TransferMessage {
    read(&again(message)).expect("a transfer message").expect("whole")
}

#[test]
fn each_message_of_a_transfer_is_read_back_as_it_was_written() {
    let patient = TransferPatient { last: "Abbott".to_owned(), born: "1980-01-31".to_owned() };
    let asked = request(&envelope(None), &pharmacy(), &patient).expect("made");
    assert_eq!(again(&asked).header().rx_reference_number(), Some("RX000001"));
    assert_eq!(read_back(&asked), TransferMessage::Request(pharmacy(), patient));
    let denials = TransferDenial::ALL.map(|why| TransferAnswer::Denied(why, why.words().to_owned()));
    for answer in denials.into_iter().chain([TransferAnswer::Sent(vec![0, 1, 254, 255])]) {
        let answered = response(&envelope(Some("T-1")), &pharmacy(), &answer).expect("made");
        assert_eq!(about(&again(&answered)), Some("T-1"));
        assert_eq!(read_back(&answered), TransferMessage::Response(pharmacy(), answer));
    }
    for end in [TransferEnd::TakenIn, TransferEnd::NotTakenIn("out of stock".to_owned())] {
        let confirmed = confirm(&envelope(Some("R-1")), "T-1", &pharmacy(), &end).expect("made");
        assert_eq!(about(&again(&confirmed)), Some("T-1"));
        assert_eq!(read_back(&confirmed), TransferMessage::Confirm(pharmacy(), end));
    }
}

#[test]
fn a_transfer_message_without_one_of_its_parts_is_refused_by_name() {
    let text = |message: &Message| String::from_utf8(encode(message)).expect("text");
    let sent = text(&response(&envelope(Some("T-1")), &pharmacy(), &TransferAnswer::Sent(vec![7; 30])).expect("made"));
    for element in ["BusinessName", "DEANumber", "PharmacyAddress", "ActingPharmacist", "SealedTransfer", "Response"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let (from, to) = (sent.find(&open).expect(element), sent.find(&close).expect(element) + close.len());
        let without = format!("{}{}", &sent[..from], &sent[to..]);
        let refusal = read(&decode(without.as_bytes()).expect("XML")).expect("of the kind").expect_err(element);
        assert_eq!(refusal.code.0, "WIRE-TRANSFER");
        assert!(refusal.what.contains(element), "{element}: {refusal}");
    }
    let broken = sent.replace("<SealedTransfer>", "<SealedTransfer>*");
    assert!(read(&decode(broken.as_bytes()).expect("XML")).expect("of the kind").is_err());
    let confirmed = text(&confirm(&envelope(None), "T-1", &pharmacy(), &TransferEnd::TakenIn).expect("made"));
    let unsaid = confirmed.replace("<Approved/>", "").replace("<Approved></Approved>", "");
    assert_ne!(unsaid, confirmed);
    assert!(
        read(&decode(unsaid.as_bytes()).expect("XML")).expect("of the kind").is_err(),
        "silence is no confirmation"
    );
    let nobody = TransferParty { pharmacist: String::new(), ..pharmacy() };
    assert!(confirm(&envelope(None), "T-1", &nobody, &TransferEnd::TakenIn).is_err());
}

proptest! {
    #[test]
    fn any_file_comes_through_and_no_damage_ends_the_reader(
        file in proptest::collection::vec(any::<u8>(), 1..400), at in 0_usize..2000, with in any::<u8>()
    ) {
        let made = response(&envelope(Some("T-1")), &pharmacy(), &TransferAnswer::Sent(file.clone())).expect("made");
        prop_assert_eq!(read_back(&made), TransferMessage::Response(pharmacy(), TransferAnswer::Sent(file)));
        let mut bytes = encode(&made);
        let at = at % bytes.len();
        bytes[at] = with;
        if let Ok(message) = decode(&bytes) {
            let _ = read(&message);
        }
    }
}
