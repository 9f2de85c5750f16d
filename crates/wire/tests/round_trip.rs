//! What goes into a message comes out of it.

mod support;

use proptest::prelude::*;
use theriac_model::Element;
use theriac_wire::script::{
    MessageKind, NodeRef, NoticeKind, SignedIndication, decode, encode, encode_indented, from_contents, reform,
    to_contents,
};

/// Decode, encode, decode: the same message; and its notices, if any, are gone once it was printed in order.
fn check_stable(bytes: &[u8]) {
    let message = decode(bytes).expect("the message is well formed");
    for printed in [encode(&message), encode_indented(&message), reform(&message, 1), reform(&message, 2)] {
        let again =
            decode(&printed).unwrap_or_else(|refusal| panic!("{refusal}\n{}", String::from_utf8_lossy(&printed)));
        assert_eq!(again, message, "{}", String::from_utf8_lossy(&printed));
        assert!(again.notices().iter().all(|notice| notice.kind != NoticeKind::OutOfOrder));
        assert_eq!(to_contents(&again).contents, to_contents(&message).contents);
    }
}

#[test]
fn the_sample_travels_whole() {
    let contents = support::travelling(&support::sample());
    assert_eq!(
        contents.iter().count(),
        Element::ALL.len() - 3,
        "all but signed-at, treatment-id and an official's number"
    );
    let message = decode(&encode(&support::sample_message())).expect("our own message");
    assert_eq!(message.kind(), MessageKind::NewRx);
    assert_eq!(message.notices(), [], "our own message is in order and complete");
    let arrived = to_contents(&message);
    assert_eq!(arrived.contents, contents);
    assert_eq!(arrived.problems, []);
    assert_eq!(arrived.notices, []);
    assert_eq!(arrived.indication, SignedIndication::Present);
    assert_eq!(arrived.signature, Some(support::group()));
    assert_eq!(arrived.order_number.as_deref(), Some("order-1"));
    assert_eq!(arrived.sent_time, Some(support::envelope().sent_time));
    assert_eq!(arrived.from, Some(support::envelope().from));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_contents_arrive_as_they_were_signed(contents in support::contents()) {
        let sent = support::travelling(&contents);
        let message = from_contents(&sent, &support::envelope()).expect("generated within the standard's lengths");
        let printed = encode(&message);
        let arrived = decode(&printed).expect("our own message");
        prop_assert_eq!(&arrived, &message);
        // A patient without a date of birth may be prescribed for, and is unusual.
        prop_assert!(arrived.notices().iter().all(|notice| notice.what == "without DateOfBirth"));
        let arrived = to_contents(&arrived);
        prop_assert_eq!(arrived.problems, []);
        prop_assert_eq!(sent.differences(&arrived.contents), []);
    }

    #[test]
    fn any_message_is_stable_from_its_first_reading(contents in support::contents(), seed: u64) {
        let sent = support::travelling(&contents);
        let message = from_contents(&sent, &support::envelope()).expect("generated within the standard's lengths");
        check_stable(&theriac_wire::script::relayout(&message, seed));
    }
}

#[test]
fn every_real_message_is_stable_from_its_first_reading() {
    for (name, bytes) in support::files("ncpdp-script", "xml") {
        println!("{name}");
        check_stable(&bytes);
    }
}

#[test]
fn unknown_elements_and_attributes_are_kept_in_place() {
    let message = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
    let extra = "<x:Extra xmlns:x=\"urn:x\" a=\"1\"><Deep b='&lt;'>t &amp; u</Deep><Deep/></x:Extra>";
    let grown = message.replacen("<Quantity>", &format!("{extra}<Quantity>"), 1);
    let read = decode(grown.as_bytes()).expect("well formed");
    let medication = read.element().child("MedicationPrescribed").expect("there");
    let names: Vec<&str> = medication.children().map(NodeRef::name).take(4).collect();
    assert_eq!(names, ["DrugDescription", "DrugCoded", "x:Extra", "Quantity"]);
    let kinds: Vec<NoticeKind> = read.notices().iter().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [NoticeKind::UnknownElement]);
    let printed = String::from_utf8(encode(&read)).expect("UTF-8");
    assert!(
        printed.contains(
            "<x:Extra xmlns:x=\"urn:x\" a=\"1\"><Deep b=\"&lt;\">t &amp; u</Deep><Deep/></x:Extra><Quantity>"
        )
    );
    check_stable(grown.as_bytes());
}

#[test]
fn elements_out_of_order_are_read_by_name_and_printed_in_order() {
    let message = support::sample_message();
    let printed = String::from_utf8(encode(&message)).expect("UTF-8");
    let note = printed.find("<Note>").expect("there");
    let end = printed.find("</Note>").expect("there") + "</Note>".len();
    let mut moved = printed.clone();
    let note: String = moved.drain(note..end).collect();
    let at = moved.find("<DrugDescription>").expect("there");
    moved.insert_str(at, &note);
    let read = decode(moved.as_bytes()).expect("well formed");
    assert_eq!(read, message);
    assert!(read.notices().iter().any(|notice| notice.kind == NoticeKind::OutOfOrder));
    assert_eq!(encode(&read), encode(&message));
}

#[test]
fn a_prefix_for_the_standards_names_is_read_and_other_vocabularies_are_not_taken_for_them() {
    let message = support::sample_message();
    let printed = String::from_utf8(encode(&message)).expect("UTF-8");
    let prefixed = printed.replace("</", "</s:").replace('<', "<s:").replace("<s:/s:", "</s:").replace("<s:?", "<?");
    let prefixed = prefixed.replacen("<s:Message ", "<s:Message xmlns:s=\"urn:script\" ", 1);
    let read = decode(prefixed.as_bytes()).expect("well formed");
    assert_eq!(to_contents(&read).contents, to_contents(&message).contents);
    check_stable(prefixed.as_bytes());
    // The same name in another namespace is another element.
    let foreign = printed.replacen("<Quantity>", "<Quantity xmlns=\"urn:other\">", 1);
    let arrived = to_contents(&decode(foreign.as_bytes()).expect("well formed"));
    assert_eq!(arrived.contents.get(Element::QuantityValue), None);
    assert!(arrived.contents.missing().contains(&Element::QuantityValue));
}
