//! The desk after the signature, over a real deployment: status, withdrawal, requests, paper, copies, lists; and sets.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::demo::world::PIN;
use crate::dispensary::Wanted;
use crate::relaying::HouseRelay;
use jiff::SignedDuration;
use theriac_model::{Actor, Ndc};
use theriac_pharmacy::PrescriptionNumber;

impl Place {
    fn work(&self) {
        self.house.work(&HouseRelay(&self.house)).unwrap();
    }

    async fn mark_ready(&self, id: &str) {
        let marked = self.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "brook", "").await;
        assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.text);
    }

    /// Ticks and signs what is ready.
    async fn sign(&self, ids: &[&str], statement: &str) -> Answer {
        let ticked = ids.iter().map(|id| format!("one={id}")).collect::<Vec<_>>().join("&");
        self.ask("POST", "/practice/sign", "brook", &format!("{ticked}&statement={statement}&agreed=yes&pin={PIN}"))
            .await
    }

    /// A prescription that was signed and sent; `more` is typed besides.
    async fn sent(&self, more: &str) -> String {
        let id = self.draft("brook", more).await;
        self.mark_ready(&id).await;
        let signed = self.sign(&[&id], STATEMENT).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        self.work();
        id
    }

    async fn page(&self, id: &str, who: &str) -> String {
        self.get(&format!("/practice/prescriptions/{id}"), who).await.text
    }

    async fn act(&self, id: &str, what: &str, who: &str, body: &str) -> Answer {
        self.ask("POST", &format!("/practice/prescriptions/{id}/{what}"), who, body).await
    }

    fn dispense(&self, wanted: &Wanted) {
        let number = PrescriptionNumber::parse("0000001").unwrap();
        let ndc = Ndc::parse("99999010101").unwrap();
        let fern = Actor::new("fern", Role::Pharmacist);
        self.house.dispense(&fern, &number, &ndc, wanted).unwrap();
        self.work();
    }
}

const NOWHERE: &str = "pharmacy=1234567";

#[tokio::test]
async fn the_practitioner_sees_what_became_of_each_prescription() {
    let place = Place::new();
    let id = place.sent("").await;
    let page = place.page(&id, "brook").await;
    assert!(page.contains(">accepted<") && page.contains("accepted by the pharmacy, as 0000001"), "{page}");
    place.dispense(&Wanted::Fill);
    let page = place.page(&id, "brook").await;
    assert!(page.contains(">filled<") && page.contains("dispensed, 30 tablets"), "{page}");
    let list = place.get("/practice/prescriptions", "brook").await.text;
    assert!(list.contains(">filled<") && list.contains("dispensed, 30 tablets"), "{list}");
}

#[tokio::test]
async fn a_prescription_is_withdrawn_and_the_pharmacys_answer_is_shown() {
    let place = Place::new();
    let (first, second) = (place.sent("").await, place.sent("note=second").await);
    for (who, status) in [("quill", 403), ("fern", 403), ("iris", 403)] {
        assert_eq!(place.act(&first, "cancel", who, "note=x").await.status.as_u16(), status, "{who}");
    }
    assert!(place.act(&first, "cancel", "lapham", "note=x").await.text.contains("RX-UNKNOWN"));
    let wordless = place.act(&first, "cancel", "brook", "note=").await;
    assert!(wordless.text.contains("RX-LETTER-WORDS"), "{}", wordless.text);
    let long = format!("note=mind+changed+{}", "x".repeat(260));
    let refused = place.act(&first, "cancel", "brook", &long).await;
    assert!(
        refused.text.contains("RX-LETTER-WORDS") && refused.text.contains("mind changed xxx"),
        "nothing typed is lost"
    );
    assert_eq!(place.act(&first, "cancel", "brook", "note=wrong+patient").await.status, StatusCode::SEE_OTHER);
    assert!(place.page(&first, "brook").await.contains(">cancel-requested<"));
    assert!(place.act(&first, "cancel", "brook", "note=again").await.text.contains("RX-CANCEL-ASKED"));
    place.work();
    let page = place.page(&first, "brook").await;
    assert!(page.contains(">cancelled<") && page.contains("withdrawn: wrong patient"), "{page}");

    let number = PrescriptionNumber::parse("0000002").unwrap();
    let fern = Actor::new("fern", Role::Pharmacist);
    place.house.dispense(&fern, &number, &Ndc::parse("99999010101").unwrap(), &Wanted::Fill).unwrap();
    place.act(&second, "cancel", "brook", "note=too+late").await;
    place.work();
    let page = place.page(&second, "brook").await;
    assert!(page.contains(">filled<") && page.contains("The withdrawal was not honoured"), "{page}");
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

#[tokio::test]
async fn the_pharmacy_asks_and_the_practitioner_denies_or_writes_anew() {
    let place = Place::new();
    let id = place.sent("").await;
    let asks = "/pharmacy/prescriptions/0000001/requests";
    assert_eq!(place.ask("POST", asks, "tess", "what=renewal&note=x").await.status, StatusCode::FORBIDDEN);
    for (body, code) in [("what=renewal&note=", "PHARM-REQUEST"), ("what=Z&note=x", "PHARM-REQUEST")] {
        assert!(place.ask("POST", asks, "fern", body).await.text.contains(code), "{body}");
    }
    for body in ["what=renewal&note=used+up", "what=OS&note=none+until+May"] {
        let asked = place.ask("POST", asks, "fern", body).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        place.work();
    }
    let page = place.page(&id, "brook").await;
    assert!(page.contains("The pharmacy asks for a renewal."), "{page}");
    assert!(
        page.contains("The pharmacy asks for a change: the drug is out of stock.") && page.contains("none until May")
    );
    assert!(!place.page(&id, "quill").await.contains("Deny it"), "an agent does not answer");
    let messages: Vec<String> = page
        .split("name=\"message\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let (renewal, change) = (&messages[0], messages.last().unwrap());
    assert_ne!(renewal, change);
    let silent = place.act(&id, "requests", "brook", &format!("message={renewal}&answer=denied&note=")).await;
    assert!(silent.text.contains("RX-LETTER-WORDS"), "{}", silent.text);
    let denied = format!("message={renewal}&answer=denied&note=See+me+first");
    assert_eq!(place.act(&id, "requests", "brook", &denied).await.status, StatusCode::SEE_OTHER);
    let anew = place.act(&id, "requests", "brook", &format!("message={change}&answer=new-prescription")).await;
    assert!(anew.location().starts_with("/practice/drafts/new?patient=p-1&"), "{}", anew.location());
    let form = place.get(anew.location(), "brook").await.text;
    assert!(form.contains("value=\"Take one\"") && form.contains("value=\"99999010101\""), "{form}");
    place.work();
    let page = place.page(&id, "brook").await;
    assert!(!page.contains("The pharmacy asks for") || page.contains("denied: See me first"), "{page}");
    assert!(!page.contains("Deny it"), "nothing waits any more");
    let record = place.get("/pharmacy/prescriptions/0000001", "fern").await.text;
    for noted in ["asked for a renewal: used up", "Denied. See me first", "DeniedNewPrescriptionToFollow"] {
        assert!(record.contains(noted), "{noted}: {record}");
    }
    let again = place.act(&id, "requests", "brook", &denied).await;
    assert!(again.text.contains("RX-REQUEST-CLOSED"), "{}", again.text);
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

/// Requirements: epcs-pre-10-failed-transmission, epcs-1306.05-d-1
#[tokio::test]
async fn what_cannot_be_delivered_is_void_and_replaced_on_paper_with_the_reference() {
    let place = Place::new();
    let id = place.sent(NOWHERE).await;
    let page = place.page(&id, "brook").await;
    for shown in [
        ">failed<",
        "It was not delivered",
        "(RELAY-NO-ROUTE)",
        "Issue it on paper",
        "schedule II it goes to the patient",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    place.work();
    let arrived = place.house.store.query("SELECT number FROM received", &[]).unwrap();
    assert!(arrived.is_empty(), "it cannot arrive later");
    for who in ["quill", "fern"] {
        assert_eq!(place.act(&id, "paper", who, "").await.status, StatusCode::FORBIDDEN, "{who}");
    }
    let issued = place.act(&id, "paper", "brook", "").await;
    let paper = issued.location().rsplit('/').next().unwrap().to_owned();
    assert!(paper.starts_with('P') && paper != id, "{paper}");
    assert!(place.act(&id, "paper", "brook", "").await.text.contains("RX-PAPER-TWICE"));
    let page = place.page(&paper, "brook").await;
    assert!(page.contains(">on-paper<") && page.contains(&id), "{page}");
    assert!(place.page(&id, "brook").await.contains(&paper));
    let printed = place.house.print_paper(&Actor::new("brook", Role::Prescriber), &paper).unwrap();
    assert!(printed.starts_with(b"%PDF-"));
    assert!(place.page(&paper, "brook").await.contains(">printed<"));
    let sent = place.house.prescription_now(&paper).unwrap().0.into_transmittable();
    assert_eq!(sent.unwrap_err().code.0, "RX-STAGE");
    assert!(place.get("/practice/prescriptions", "brook").await.text.contains(&paper));
}

/// Requirements: epcs-1311.130-b, epcs-pre-9-chart-copy
#[tokio::test]
async fn what_was_sent_is_not_printed_and_the_medication_list_is_no_prescription() {
    let place = Place::new();
    let id = place.sent("").await;
    let refused = place.act(&id, "print", "brook", "").await;
    assert!(
        refused.text.contains("RX-PRINT-TRANSMITTED") && refused.text.contains("the law in force"),
        "{}",
        refused.text
    );
    let refused = place.act(&id, "copy", "brook", "").await;
    assert!(
        refused.text.contains("RX-COPY-TRANSMITTED") && refused.text.contains("proposal of 2008"),
        "{}",
        refused.text
    );
    assert!(!place.page(&id, "brook").await.contains("Print a copy"), "what is refused is not offered");
    let before = place.house.store.size().unwrap();
    let quill = Actor::new("quill", Role::Agent);
    assert!(place.house.print_medications(&quill, "p-1").unwrap().starts_with(b"%PDF-"));
    assert_eq!(place.house.store.size().unwrap(), before + 1, "printing the list is on record");
    let card = place.get("/practice/patients/p-1", "brook").await.text;
    assert!(card.contains("not a prescription and cannot be filled") && card.contains(&id), "{card}");
}

/// Prepared three, ticked two: two are signed and leave, the third stays as it is.
///
/// Requirements: epcs-1311.120-c-1, epcs-1311.120-c-2, epcs-pre-8-select-before-auth
#[tokio::test]
async fn only_what_is_ticked_is_signed_and_sent() {
    let place = Place::new();
    let mut ids = Vec::new();
    for ndc in ["99999010101", "99999010201", "99999030101"] {
        let form = format!("patient=p-1&ndc={ndc}&quantity=30&directions=Take+one&days_supply=30");
        let entered = place.ask("POST", "/practice/drafts", "brook", &form).await;
        let id = entered.location().rsplit('/').next().unwrap().to_owned();
        place.mark_ready(&id).await;
        ids.push(id);
    }
    let list = place.get("/practice/prescriptions", "brook").await.text;
    assert!(list.contains("Pat Sample</b>, 3 prescriptions"), "{list}");
    let review = place.get(&format!("/practice/sign?ids={}", ids.join(",")), "brook").await.text;
    assert!(!review.contains(" checked"), "nothing is ticked beforehand");
    let none = place.sign(&[], STATEMENT).await;
    assert!(none.text.contains("RX-SIGN-NONE"), "{}", none.text);
    let signed = place.sign(&[&ids[0], &ids[2]], STATEMENT).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    place.work();
    let stages: Vec<&str> = ids.iter().map(|id| place.house.prescription_now(id).unwrap().0.stage()).collect();
    assert_eq!(stages, ["accepted", "ready", "accepted"]);
    assert_eq!(place.house.store.query("SELECT number FROM received", &[]).unwrap().len(), 2);
    let kinds: Vec<String> =
        place.house.store.stream(&format!("prescription/{}", ids[1])).unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["prescription.drafted", "prescription.marked-ready"]);
}

/// Whatever the act is called on the way, the statement that was shown and its meaning are on record with the signature.
///
/// Requirements: epcs-1311.125-b-2, epcs-1311.125-e
#[tokio::test]
async fn the_statement_shown_is_recorded_and_another_one_signs_nothing() {
    let place = Place::new();
    let id = place.draft("brook", "").await;
    place.mark_ready(&id).await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await.text;
    for shown in [
        "I am indicating my intent to sign and legally authorize the prescription(s)",
        "By completing the two-factor authentication protocol at this time, you are legally signing",
        "Sign with the security key",
        "I have read it and agree",
    ] {
        assert!(review.contains(shown), "{shown}: {review}");
    }
    let other = place.sign(&[&id], "statement-of-another-day").await;
    assert!(other.text.contains("RX-SIGN-STATEMENT"), "{}", other.text);
    assert_eq!(place.house.prescription_now(&id).unwrap().0.stage(), "ready");
    assert_eq!(place.sign(&[&id], STATEMENT).await.status, StatusCode::SEE_OTHER);
    let entries = place.house.store.stream(&format!("prescription/{id}")).unwrap();
    let reviewed = entries.iter().find(|entry| entry.kind == "prescription.reviewed").unwrap();
    let body = String::from_utf8(reviewed.body_bytes().unwrap().to_vec()).unwrap();
    assert!(body.contains(&STATEMENT.replace("%2B", "+")), "{body}");
}

/// 21 CFR 1306.12(b), from one form to three signed prescriptions.
#[tokio::test]
async fn a_set_of_schedule_two_is_written_from_one_form_and_signed_with_the_conclusion_about_its_risk() {
    let place = Place::new();
    let form = "patient=p-1&practitioner=brook&ndc=99999010101&quantity=30&directions=Take+one&days_supply=30";
    for (more, code) in [
        ("count=4", "LAW-1306.12-SUPPLY"),
        ("count=1", "RX-SET-FORM"),
        ("count=13", "RX-SET-FORM"),
        ("count=2&interval=0", "RX-SET-FORM"),
        ("count=2&earliest_fill=tomorrow", "RX-SET-FORM"),
    ] {
        let refused = place.ask("POST", "/practice/drafts/set", "quill", &format!("{form}&{more}")).await;
        assert!(refused.text.contains(code) && refused.text.contains("value=\"Take one\""), "{more}: {}", refused.text);
    }
    let third = form.replace("99999010101", "99999030101");
    let refused = place.ask("POST", "/practice/drafts/set", "quill", &format!("{third}&count=2")).await;
    assert!(refused.text.contains("RX-SET-FORM"), "{}", refused.text);
    assert_eq!(place.house.ready_to_sign("brook").unwrap(), []);
    let entered = place.ask("POST", "/practice/drafts/set", "quill", &format!("{form}&count=3")).await;
    assert_eq!(
        (entered.status, entered.location()),
        (StatusCode::SEE_OTHER, "/practice/patients/p-1"),
        "{}",
        entered.text
    );
    let written = place.house.of_patient(&Actor::new("brook", Role::Prescriber), "p-1").unwrap();
    let date = |now: &theriac_prescriber::Prescription| {
        now.contents().get(theriac_model::Element::EarliestFill).unwrap_or_default().to_owned()
    };
    let mut dates: Vec<String> = written.iter().map(|(_, now)| date(now)).collect();
    dates.sort();
    assert_eq!(dates, ["", "2026-04-01", "2026-05-01"]);
    let ids: Vec<&str> = written.iter().map(|(id, _)| id.as_str()).collect();
    for id in &ids {
        place.mark_ready(id).await;
    }
    let review = place.get(&format!("/practice/sign?ids={}", ids.join(",")), "brook").await.text;
    assert!(review.contains("does not create an undue risk of diversion or abuse"), "{review}");
    let without = place.sign(&ids, STATEMENT).await;
    assert!(
        without.text.contains("LAW-1306.12-RISK") || without.text.contains("RX-SIGN-STATEMENT"),
        "{}",
        without.text
    );
    let with = format!("{STATEMENT}%2Bstatement-1306.12-b-1-iii");
    let signed = place.sign(&ids, &with).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    place.work();
    for id in ids {
        assert_eq!(place.house.prescription_now(id).unwrap().0.stage(), "accepted");
    }
}

/// 21 CFR 1306.12(b)(1): what was signed before counts, so that signing one by one is no way around the 90 days; what was
/// withdrawn does not count.
///
/// Requirements: law-multi-90-days
#[tokio::test]
async fn the_ninety_days_of_a_set_are_not_renewed_by_another_signature() {
    let place = Place::new();
    let single = place.sent("days_supply=30").await;
    let of_set = format!("{STATEMENT}%2Bstatement-1306.12-b-1-iii");
    let signed = async |more: &str| {
        let id = place.draft("brook", more).await;
        place.mark_ready(&id).await;
        let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await.text;
        assert!(review.contains("does not create an undue risk"), "one prescription beside an earlier one: {review}");
        let answer = place.sign(&[&id], &of_set).await;
        place.work();
        (id, answer)
    };
    let (second, answer) = signed("days_supply=30&earliest_fill=2026-04-01").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let (third, answer) = signed("days_supply=31&earliest_fill=2026-05-01").await;
    assert!(
        answer.text.contains("LAW-1306.12-SUPPLY")
            && answer.text.contains("91 days")
            && answer.text.contains("are counted"),
        "{}",
        answer.text
    );
    assert_eq!(place.house.prescription_now(&third).unwrap().0.stage(), "reviewed", "nothing was signed");
    // The next day counts, too, as long as one of them waits for its date.
    place.house.clock.advance(SignedDuration::from_hours(24));
    place.house.list_again_today().unwrap();
    let (_, answer) = signed("days_supply=32&earliest_fill=2026-05-01").await;
    assert!(answer.text.contains("LAW-1306.12-SUPPLY") && answer.text.contains("91 days"), "{}", answer.text);
    // Withdrawn prescriptions leave room.
    place.act(&second, "cancel", "brook", "note=another+plan").await;
    place.work();
    assert_eq!(place.house.prescription_now(&second).unwrap().0.stage(), "cancelled");
    place.act(&single, "cancel", "brook", "note=another+plan").await;
    place.work();
    let id = place.draft("brook", "days_supply=90&earliest_fill=2026-05-01").await;
    place.mark_ready(&id).await;
    let answer = place.sign(&[&id], STATEMENT).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

#[tokio::test]
async fn a_drug_is_found_while_it_is_typed_with_its_schedule() {
    let place = Place::new();
    for (typed, found, not) in [
        ("oxy", "Oxycodone hydrochloride 10 mg Tablet, schedule II", "Alprazolam"),
        ("CODEINE", "Acetaminophen and codeine phosphate 300-30 mg Tablet, schedule III", "Alprazolam"),
        ("9999903", "Alprazolam 0.5 mg Tablet, schedule IV", "Oxycodone"),
        ("99999-0301-01", "Alprazolam", "Oxycodone"),
    ] {
        let options = place.get(&format!("/practice/drugs?part=options&q={typed}"), "quill").await.text;
        assert!(options.contains(found) && !options.contains(not) && !options.contains("<html"), "{typed}: {options}");
    }
    let page = place.get("/practice/drugs?q=alpra&patient=p-1", "quill").await.text;
    assert!(page.contains("/practice/drafts/new?patient=p-1&amp;ndc=99999030101"), "{page}");
    assert!(place.get("/practice/drugs?q=lisinopril", "quill").await.text.contains("No controlled drug"));
    assert_eq!(place.get("/practice/drugs?q=oxy", "fern").await.status, StatusCode::FORBIDDEN);
}

/// The registration is on the screen that is signed, and an agent's and a practitioner's layouts hold every item.
///
/// Requirements: epcs-pre-8-display-layout, epcs-pre-8-no-linked-data
#[tokio::test]
async fn every_item_stands_on_the_review_whatever_the_layout_and_in_the_message_itself() {
    let place = Place::new();
    let id = place.draft("quill", "").await;
    place.mark_ready(&id).await;
    let items = [
        "Pat",
        "Sample",
        "1 Invented Way",
        "Tucson",
        "85701",
        "Oxycodone hydrochloride",
        "10 mg",
        "Tablet",
        "30",
        "Take one",
    ];
    let own = ["Alex", "Brook", "20 Example Street", "FB0047111"];
    for page in [format!("/practice/sign?ids={id}"), format!("/practice/prescriptions/{id}")] {
        let shown = place.get(&page, "brook").await.text;
        for item in items.iter().chain(&own) {
            assert!(shown.contains(item), "{item} on {page}");
        }
    }
    assert_eq!(place.sign(&[&id], STATEMENT).await.status, StatusCode::SEE_OTHER);
    let message = String::from_utf8(place.house.signed_message(&id).unwrap()).unwrap();
    for item in items.iter().chain(&own).filter(|item| **item != "10 mg" && **item != "Tablet") {
        assert!(message.contains(item), "{item}: {message}");
    }
}

/// The proposal sets no limit of patients: there, one act signs for two, and each prescription has its own number,
/// indication, time and archived message.
///
/// Requirements: epcs-1311.125-a-2
#[tokio::test]
async fn under_the_proposal_alone_one_act_signs_for_two_patients_and_each_prescription_stands_alone() {
    let mut config = crate::commands::deployment::demonstration();
    "seed".clone_into(&mut config.profile);
    let place = Place::begun(config);
    let mut ids = Vec::new();
    for patient in ["p-1", "p-2"] {
        let form = format!("patient={patient}&ndc=99999030101&quantity=30&directions=Take+one");
        let entered = place.ask("POST", "/practice/drafts", "brook", &form).await;
        let id = entered.location().rsplit('/').next().unwrap().to_owned();
        place.mark_ready(&id).await;
        ids.push(id);
    }
    let signed = place.sign(&[&ids[0], &ids[1]], "statement-1311.125-b-2-2008").await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    let mut messages = Vec::new();
    for id in &ids {
        let message = String::from_utf8(place.house.signed_message(id).unwrap()).unwrap();
        assert!(message.contains("<DigitalSignatureIndicator>true") && message.contains(id.as_str()), "{message}");
        let now = place.house.prescription_now(id).unwrap().0;
        assert!(now.contents().get(theriac_model::Element::SignedAt).is_some());
        messages.push(message);
    }
    assert_ne!(messages[0], messages[1]);
    let strict = Place::new();
    let mut ids = Vec::new();
    for patient in ["p-1", "p-2"] {
        let form = format!("patient={patient}&ndc=99999030101&quantity=30&directions=Take+one");
        let entered = strict.ask("POST", "/practice/drafts", "brook", &form).await;
        let id = entered.location().rsplit('/').next().unwrap().to_owned();
        strict.mark_ready(&id).await;
        ids.push(id);
    }
    let refused = strict.sign(&[&ids[0], &ids[1]], STATEMENT).await;
    assert!(refused.text.contains("LAW-1311.140-PATIENTS"), "{}", refused.text);
}

/// Every hop from the practice to the pharmacy's answer is a data message; no other medium is on record.
///
/// Requirements: epcs-1311.130-g-1
#[tokio::test]
async fn every_hop_of_a_delivered_prescription_is_a_data_message() {
    let place = Place::new();
    let id = place.sent("").await;
    let mut hops = 0;
    for stream in [format!("prescription/{id}"), "rx/0000001".to_owned()] {
        for entry in place.house.store.stream(&stream).unwrap() {
            for piece in place.house.store.archive(entry.seq).unwrap() {
                assert!(
                    matches!(piece.media.as_str(), "application/xml" | "application/pkcs7-signature"),
                    "{stream} {}: {}",
                    entry.kind,
                    piece.media
                );
                hops += usize::from(piece.media == "application/xml");
            }
        }
    }
    assert_eq!(hops, 3, "what was signed, what arrived, what was answered");
}

/// A practitioner with registrations in two States: the one chosen brings its own address, none is chosen silently, and one
/// that is not theirs does not serve.
///
/// Requirements: epcs-pre-8-1-choose-registration
#[tokio::test]
async fn with_two_registrations_the_practitioner_chooses_and_can_change_the_choice() {
    use crate::practice::cards::{CardEvent, Place as Card};
    let place = Place::new();
    let second = "FB1234563";
    let card = CardEvent::Place(Card {
        person: "brook".to_owned(),
        registration: theriac_model::Registration::parse(second).unwrap(),
        name: crate::demo::cast::name(&crate::demo::cast::PRACTITIONER),
        address: theriac_model::Address {
            line1: "9 Border Road".into(),
            line2: None,
            city: "Gallup".into(),
            state: "NM".into(),
            postal: "87301".into(),
        },
        treatment_id: None,
        service_id: None,
    });
    place.house.write_cards(&crate::house::program(), &[card]).unwrap();
    let form = place.get("/practice/drafts/new?patient=p-1", "brook").await.text;
    assert!(form.contains("Gallup NM") && form.contains("Tucson AZ"), "{form}");
    for (more, code) in [("", "RX-DRAFT-INCOMPLETE"), ("registration=FB0008151", "RX-DRAFT-INCOMPLETE")] {
        let id = place.draft("brook", more).await;
        let marked = place.act(&id, "ready", "brook", "").await;
        assert!(marked.text.contains(code), "{more}: {}", marked.text);
    }
    let id = place.draft("brook", &format!("registration={second}")).await;
    place.mark_ready(&id).await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await.text;
    assert!(review.contains(second) && review.contains("9 Border Road"), "{review}");
    let own = crate::demo::cast::practitioner_number();
    let change = format!("patient=p-1&ndc=99999010101&quantity=30&directions=Take+one&registration={own}");
    assert_eq!(place.act(&id, "edit", "brook", &change).await.status, StatusCode::SEE_OTHER);
    place.mark_ready(&id).await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await.text;
    assert!(review.contains(own.as_str()) && review.contains("20 Example Street") && !review.contains(second));
}
