//! Prescriptions of Federal officials at the counter: taken in, proved, dispensed, found and taken away as all others are, with the
//! service number in the place of a registration.

use super::super::archive::fern;
use super::super::exempt;
use super::*;
use crate::demo::enrol::Held;
use crate::demo::story::{Prescribed, contents};
use crate::dispensary::{Incoming, Verdict};
use crate::house::record::Fault;
use std::io::Cursor;
use theriac_model::{Branch, CanonicalContents, Element, Role};
use theriac_pharmacy::{PickUp, Signed};
use theriac_pki::SystemRole;
use theriac_pki::trust::Judge;
use theriac_wire::script::{Envelope, Order, Party, Signature, Traffic, encode, from_contents};

/// An Army physician's number.
const NUMBER: &str = "1234567890";

fn army() -> Place {
    exempt::place(Held::Service(Branch::Army), cast::newcomer_number(), NUMBER)
}

/// What the Army physician prescribes, signed and sent; its number at the pharmacy.
async fn prescribed(place: &Place) -> String {
    let id = exempt::ready(place).await;
    exempt::sign(place, &id).await;
    let rows = place.house.store.query("SELECT number FROM received ORDER BY seq DESC LIMIT 1", &[]).unwrap();
    rows[0].text(0).unwrap().to_owned()
}

/// An official's prescription as another application writes it.
fn written(place: &Place, id: &str) -> CanonicalContents {
    let order = Prescribed {
        id,
        patient: &cast::PATIENTS[0],
        product: &cast::OXYCODONE,
        quantity: "30",
        refills: "0",
        directions: "Take 1 tablet daily",
    };
    let at = place.house.clock.moment();
    let mut written = contents(&order, &at.date().to_string(), &cast::NEWCOMER, "exempt-army").unwrap();
    written.set(Element::ServiceId, NUMBER).unwrap();
    written.set(Element::SignedAt, &at.timestamp.to_string()).unwrap();
    written
}

/// Sends what another application wrote, without a signature of its contents.
fn sent(place: &Place, id: &str, written: &CanonicalContents, signature: Option<Signature>) -> Verdict {
    let envelope = Envelope {
        to: Party::pharmacy(cast::PHARMACY_NCPDP),
        from: Party::prescriber("9999000000024"),
        message_id: format!("F-{id}"),
        relates_to: None,
        sent_time: place.house.clock.now(),
        software: crate::practice::software(),
        order_number: Some(id.to_owned()),
        rx_reference: None,
        traffic: Traffic::Test,
        order: Order { signature, ..Order::default() },
    };
    let message = encode(&from_contents(written, &envelope).unwrap());
    place.house.receive(Incoming::whole(&message)).unwrap().verdict
}

/// A piece of the archive and the pharmacy's seal on it.
struct Kept {
    bytes: Vec<u8>,
    seal: Vec<u8>,
}

/// The archived message of a record, and what came with it.
fn archived(place: &Place, number: &str) -> Vec<Kept> {
    let seq = place.house.store.stream(&format!("rx/{number}")).unwrap()[0].seq;
    let pieces = place.house.store.archive(seq).unwrap();
    pieces.into_iter().map(|piece| Kept { bytes: piece.bytes, seal: piece.seal }).collect()
}

/// Who sealed the archived message, by this pharmacy's own trust.
fn sealed_by(place: &Place, seal: &[u8], message: &[u8]) -> Option<SystemRole> {
    let trusted = place.house.keys.partners.verify_detached(seal, message, Judge::WhenSigned).unwrap();
    SystemRole::of(trusted.verified().certificate())
}

/// Requirements: epcs-1311.260-a-1, epcs-1311.260-a-3, epcs-1311.265-b
#[tokio::test]
async fn an_officials_prescription_without_signature_is_sealed_on_receipt_and_one_without_indication_is_refused() {
    let place = army();
    let indicated = sent(&place, "IND-1", &written(&place, "IND-1"), Some(Signature::Indicated));
    let Verdict::Accepted { number } = indicated else { panic!("{indicated:?}") };
    assert_eq!(place.prescription(number.as_str()).received().signed, Signed::Indicated);
    let pieces = archived(&place, number.as_str());
    assert!(String::from_utf8(pieces[0].bytes.clone()).unwrap().contains(NUMBER), "what arrived, as it arrived");
    assert_eq!(sealed_by(&place, &pieces[0].seal, &pieces[0].bytes), Some(SystemRole::Pharmacy));
    let neither = sent(&place, "NON-1", &written(&place, "NON-1"), None);
    let Verdict::Rejected { .. } = &neither else { panic!("{neither:?}") };
    assert!(format!("{neither:?}").contains("UNSIGNED"), "{neither:?}");
}

/// Requirements: epcs-1311.260-a-1, epcs-1311.260-a-2
#[tokio::test]
async fn what_the_last_intermediary_signed_arrives_with_its_signature() {
    let place = army();
    let number = prescribed(&place).await;
    let pieces = archived(&place, &number);
    let [message, relayed] = &pieces[..] else { panic!("the message and the intermediary's signature") };
    assert_eq!(sealed_by(&place, &relayed.bytes, &message.bytes), Some(SystemRole::Relay));
    assert_eq!(sealed_by(&place, &message.seal, &message.bytes), Some(SystemRole::Pharmacy));
}

/// Requirements: epcs-1311.265-c-1
#[tokio::test]
async fn an_official_without_a_number_and_a_prescription_without_an_item_are_refused_by_name() {
    let place = army();
    let whole = written(&place, "R-0");
    let named = [
        (Element::ServiceId, "practitioner.service-id"),
        (Element::Registration, "practitioner.registration"),
        (Element::PatientLast, "patient.last"),
        (Element::PatientLine1, "patient.address.line1"),
        (Element::PractitionerLine1, "practitioner.address.line1"),
        (Element::Issued, "issued"),
        (Element::DrugStrength, "drug.strength"),
        (Element::DrugForm, "drug.form"),
        (Element::QuantityValue, "quantity.value"),
        (Element::Directions, "directions"),
    ];
    for (element, field) in named {
        let mut without = whole.clone();
        without.clear(element);
        let id = format!("M-{element}");
        let verdict = sent(&place, &id, &without, Some(Signature::Indicated));
        assert!(matches!(verdict, Verdict::Rejected { .. }), "{element}: {verdict:?}");
        assert!(format!("{verdict:?}").contains(field), "{element}: {verdict:?}");
    }
}

/// Requirements: epcs-1311.265-e, epcs-1311.275-c, epcs-1311.275-d, epcs-1311.270-b
#[tokio::test]
async fn an_officials_prescription_is_dispensed_by_a_pharmacist_and_its_signed_original_is_untouched() {
    let place = army();
    let number = prescribed(&place).await;
    let before = archived(&place, &number);
    place.open_signs_decided(&number).await;
    let form = format!("scan={OXYCODONE}&filling=1&counted=170&what=fill&judgment=asked+at+the+clinic");
    let technician = place.ask("POST", &format!("/pharmacy/prescriptions/{number}/fill"), "tess", &form).await;
    assert_eq!(technician.status, StatusCode::FORBIDDEN, "a pharmacist accepts it");
    let filled = place.fill(&number, &form).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    let prescription = place.prescription(&number);
    let filling = prescription.filling(1).unwrap();
    assert_eq!(filling.quantity.smallest_units(), 30);
    assert_eq!(filling.at.date(), place.house.today());
    assert_eq!(filling.pharmacist.full_name.as_str(), "Fern Farmer");
    assert_eq!(filling.judgment.note.as_deref(), Some("asked at the clinic"));
    let parsed = PrescriptionNumber::parse(&number).unwrap();
    place.house.remark(&fern(), &parsed, "the patient was told to return on Friday").unwrap();

    // Every note is a layer: the original and its signature are as they came.
    let after = archived(&place, &number);
    assert_eq!((&after[0].bytes, &after[0].seal), (&before[0].bytes, &before[0].seal));
    assert_eq!(sealed_by(&place, &after[0].seal, &after[0].bytes), Some(SystemRole::Pharmacy));
    assert!(matches!(prescription.received().signed, Signed::Verified { .. }));

    // Opened, annotated, sought to be erased: each with its person.
    place.get(&format!("/pharmacy/prescriptions/{number}"), "tess").await;
    let entries = place.house.store.stream(&parsed.stream()).unwrap();
    let by = |kind: &str| entries.iter().filter(|one| one.kind == kind).map(|one| one.actor.clone()).next_back();
    assert!(by("rx.opened").is_some_and(|actor| actor.contains("tess")), "{:?}", by("rx.opened"));
    assert!(by("rx.annotated").is_some_and(|actor| actor.contains("fern")), "{:?}", by("rx.annotated"));
    let ola = world::actor(&cast::OPERATOR, Role::Operator);
    let erased = place.house.erase_record(&ola, entries[0].seq, "tidy");
    assert!(matches!(&erased, Err(Fault::Refused(refusal)) if refusal.code.0 == "RX-KEEP-UNTIL"), "{erased:?}");
    let trail = place.get("/archive/trail?kind=incident.noticed", "iris").await.text;
    assert!(trail.contains("Ola Operator, operator"), "{trail}");
    assert!(trail.contains("attempted unauthorized destruction: erasing entry"), "{trail}");
    assert!(trail.contains("was refused: RX-KEEP-UNTIL"), "{trail}");
}

/// Requirements: epcs-1311.265-d, epcs-1311.265-f, epcs-1311.265-g
#[tokio::test]
async fn officials_and_others_are_found_by_the_same_keys_and_taken_away_with_number_and_signature() {
    let place = army();
    let number = prescribed(&place).await;
    let other = super::super::archive::Script { last: "Novak", ..super::super::archive::OXY };
    let others = place.arrived(other).to_string();
    let today = place.house.today();
    for key in [
        "prescriber=novak".to_owned(),
        "patient=sample".into(),
        "drug=oxycodone".into(),
        format!("from={today}&until={today}"),
    ] {
        let found = place.get(&format!("/api/v1/archive?{key}"), "iris").await.json();
        let lines: Vec<&str> =
            found["lines"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap()).collect();
        assert!(lines.contains(&number.as_str()) && lines.contains(&others.as_str()), "{key}: {lines:?}");
    }
    let record = place.get(&format!("/pharmacy/prescriptions/{number}"), "iris").await.text;
    assert!(record.contains(NUMBER), "{record}");
    let list = place.get("/archive?prescriber=novak", "iris").await.text;
    assert!(list.contains(&number) && !list.contains(NUMBER), "a list on a screen does not show it: {list}");
    let csv = place.get("/archive/file/csv?sort=date", "iris").await.text;
    let line = |number: &str| csv.lines().find(|line| line.starts_with(number)).unwrap().to_owned();
    for column in ["Service identification number", "Signature"] {
        assert!(csv.lines().next().unwrap().contains(column), "one set of columns for all: {column}");
    }
    assert!(line(&others).contains("verified on receipt: "), "{}", line(&others));
    assert!(line(&number).contains(&format!("exempt-army,{NUMBER}")), "{}", line(&number));
    assert!(
        line(&number).contains("verified on receipt: ") && line(&number).contains("CN=Prescribing application"),
        "{}",
        line(&number)
    );
    let indicated = sent(&place, "IND-2", &written(&place, "IND-2"), Some(Signature::Indicated));
    let Verdict::Accepted { number: indicated } = indicated else { panic!("{indicated:?}") };
    let json = place.get(&format!("/archive/file/json?number={indicated}"), "iris").await.json();
    assert_eq!(json["rows"][0]["Signature"], "indicated by the sender");
    assert_eq!(json["rows"][0]["Service identification number"], NUMBER);
}

/// Requirements: epcs-1311.280-c
#[tokio::test]
async fn the_authority_is_given_an_officials_records_in_a_form_that_people_read() {
    let place = army();
    let number = prescribed(&place).await;
    let bytes = place.bytes("/archive/package?prescriber=novak&to=DEA+Tucson", "fern").await;
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    assert!(read("records.csv").contains(NUMBER));
    assert!(read(&format!("prescriptions/{number}/contents.txt")).contains(NUMBER));
}

/// Requirements: epcs-1311.275-a
#[tokio::test]
async fn when_the_audit_is_over_a_filled_prescription_of_an_official_is_not_released() {
    let place = army();
    let number = prescribed(&place).await;
    place.open_signs_decided(&number).await;
    let form = format!("scan={OXYCODONE}&filling=1&counted=170&what=fill");
    assert_eq!(place.fill(&number, &form).await.status, StatusCode::SEE_OTHER);
    place.house.clock.advance(SignedDuration::from_hours(24 * 400));
    place.house.list_again_today().unwrap();
    let parsed = PrescriptionNumber::parse(&number).unwrap();
    let pick_up = PickUp::by_hand(theriac_law::vocab::Recipient::Patient, "the patient");
    let released = place.house.hand_over(&fern(), &parsed, 1, &pick_up);
    assert!(
        matches!(&released, Err(Fault::Refused(refusal)) if refusal.code.0.starts_with("RX-AUDIT-")),
        "{released:?}"
    );
}
