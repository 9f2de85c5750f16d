//! Officials who prescribe without a registration: branch and service number travel in the place of a DEA number.

mod support;

use theriac_model::{Branch, Element, Registration, ServiceId};
use theriac_wire::script::{decode, encode, from_contents, to_contents};

/// What the message of an official of `branch` with `number` says, read back.
fn check(branch: Branch, number: &str, inside: &[&str]) {
    let mut contents = support::sample();
    contents.practitioner.registration = Registration::Exempt(branch);
    contents.practitioner.service_id = Some(ServiceId::of(branch, number).expect("a number"));
    let sent = support::travelling(&contents);
    let bytes = encode(&from_contents(&sent, &support::envelope()).expect("fits"));
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let prescriber = &text[text.find("<Prescriber>").expect("begins")..text.find("</Prescriber>").expect("ends")];
    assert!(!prescriber.contains("DEANumber"), "{prescriber}");
    for part in inside {
        assert!(prescriber.contains(part), "{part}: {prescriber}");
    }
    let found = to_contents(&decode(&bytes).expect("well formed"));
    assert!(found.is_sound(), "{:?}", found.problems);
    assert_eq!(sent.differences(&found.contents), []);
    assert_eq!(found.contents.exempt_branch(), Some(branch));
}

/// Requirements: epcs-1306.05-h-1, epcs-1306.05-h-2, epcs-1311.115-b-2-3
#[test]
fn branch_and_service_number_arrive_as_they_were_sent() {
    for &branch in Branch::ALL {
        if branch == Branch::PublicHealthService {
            let parts = ["<SocialSecurity>123456789<", "<MutuallyDefined>exempt-public-health-service<"];
            check(branch, "123-45-6789", &parts);
        } else {
            check(branch, "1234567890", &[&format!("<MutuallyDefined>exempt-{branch}/1234567890<")]);
        }
    }
}

/// Requirements: epcs-1306.05-h-1
#[test]
fn an_official_without_a_number_or_a_branch_is_incomplete_and_a_dea_number_comes_first() {
    let mut contents = support::sample();
    contents.practitioner.registration = Registration::Exempt(Branch::Army);
    contents.practitioner.service_id = Some(ServiceId::parse("1234567890").expect("a number"));
    let bytes = encode(&from_contents(&support::travelling(&contents), &support::envelope()).expect("fits"));
    let text = String::from_utf8(bytes).expect("UTF-8");
    let read = |from: &str, to: &str| to_contents(&decode(text.replace(from, to).as_bytes()).expect("well formed"));
    assert_eq!(read("exempt-army/1234567890", "exempt-army").contents.missing(), [Element::ServiceId]);
    for other in ["exempt-postal-service/1234567890", "army/1234567890", "1234567890"] {
        let found = read("exempt-army/1234567890", other);
        assert_eq!(found.contents.missing(), [Element::Registration], "{other}");
    }
    let identified = "<Identification><DEANumber>AB1234563</DEANumber>";
    let at = text.find("<Prescriber>").expect("begins");
    let with_number = format!("{}{}", &text[..at], text[at..].replacen("<Identification>", identified, 1));
    let found = to_contents(&decode(with_number.as_bytes()).expect("well formed"));
    assert_eq!(found.contents.get(Element::Registration), Some("AB1234563"));
    assert_eq!(found.contents.get(Element::ServiceId), None);
}
