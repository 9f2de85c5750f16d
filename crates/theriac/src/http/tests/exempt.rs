//! Practitioners without a registration of their own, from the desk to the pharmacy: officials of Federal services, and those
//! who use an institution's registration.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::demo::cast;
use crate::demo::enrol::{Applicant, Held, enrol, take_up_duties};
use crate::demo::world::{LASTS, PIN};
use crate::house::event::{HouseEvent, Registrant};
use crate::practice::cards::{CardEvent, Place as Practice};
use crate::relaying::HouseRelay;
use theriac_model::{Branch, DeaNumber, Schedule};

/// A number that belongs to nobody: social security numbers never begin with 9.
const NUMBER: &str = "987654321";

/// A demonstration in which Noa Novak prescribes under `under`, with `typed` for a service number.
pub(super) fn place(under: Held, number: DeaNumber, typed: &str) -> Place {
    let place = Place::new();
    let house = &place.house;
    let applicant = Applicant { person: &cast::NEWCOMER, number, until: LASTS, on: house.today(), under };
    enrol(house, applicant).unwrap();
    let registration = applicant.registration();
    let service_id = house.sealed_service_id("novak", &registration, typed).unwrap();
    let card = Practice {
        person: "novak".into(),
        registration,
        name: cast::name(&cast::NEWCOMER),
        address: cast::practice_address(),
        treatment_id: None,
        service_id,
    };
    house.write_cards(&crate::house::program(), &[CardEvent::Place(card)]).unwrap();
    place
}

/// Enters a draft for Novak and marks it ready.
pub(super) async fn ready(place: &Place) -> String {
    let form = "patient=p-1&ndc=99999010101&quantity=30&directions=Take+one";
    let entered = place.ask("POST", "/practice/drafts", "novak", form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let id = entered.location().rsplit('/').next().unwrap().to_owned();
    let marked = place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "novak", "").await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.text);
    id
}

pub(super) async fn sign(place: &Place, id: &str) -> String {
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={PIN}");
    let signed = place.ask("POST", "/practice/sign", "novak", &form).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    place.house.work(&HouseRelay(&place.house)).unwrap();
    String::from_utf8(place.house.signed_message(id).unwrap()).unwrap()
}

/// The address of the pharmacy's record of the prescription that was taken in last.
async fn record(place: &Place) -> String {
    let queue = place.get("/pharmacy/queue", "fern").await.text;
    let at = queue.find("/pharmacy/prescriptions/").unwrap();
    queue[at..].split('"').next().unwrap().to_owned()
}

/// Requirements: epcs-1306.05-h-1, epcs-1306.05-h-2, epcs-1311.115-b-2-3, pharm-rx-federal-phs-ssn, law-fed-phs-ssn
#[tokio::test]
async fn a_public_health_service_number_is_on_the_prescription_in_full_and_masked_on_every_screen() {
    let place = place(Held::Service(Branch::PublicHealthService), cast::newcomer_number(), "987-65-4321");
    let id = ready(&place).await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "novak").await;
    assert!(
        review.text.contains("*****4321") && review.text.contains("exempt-public-health-service"),
        "{}",
        review.text
    );
    let message = sign(&place, &id).await;
    assert!(message.contains(&format!("<SocialSecurity>{NUMBER}</SocialSecurity>")), "{message}");
    let own = place.get(&format!("/practice/prescriptions/{id}"), "novak").await;
    assert!(own.text.contains(">accepted<"), "{}", own.text);
    let at_the_pharmacy = record(&place).await;
    let filling = place.get(&at_the_pharmacy, "fern").await;
    assert!(filling.text.contains("*****4321"), "{}", filling.text);
    for page in [&review, &own, &filling] {
        assert!(!page.text.contains(NUMBER) && !page.text.contains("987-65-4321"), "{}", page.text);
    }
    let opened = |place: &Place| {
        let number = at_the_pharmacy.rsplit('/').next().unwrap();
        let entries = place.house.store.stream(&format!("rx/{number}")).unwrap();
        entries.iter().filter(|entry| entry.kind == "rx.opened").count()
    };
    let before = opened(&place);
    let inspecting = place.get(&at_the_pharmacy, "iris").await;
    assert!(inspecting.text.contains(NUMBER), "{}", inspecting.text);
    assert_eq!(opened(&place), before + 1, "the look is on record");
}

/// Requirements: epcs-1306.05-h-2
#[tokio::test]
async fn the_card_of_an_official_holds_the_number_encrypted_and_opens_for_nobody_else() {
    let place = place(Held::Service(Branch::PublicHealthService), cast::newcomer_number(), NUMBER);
    let house = &place.house;
    let card = house.places("novak").unwrap().remove(0);
    assert_eq!(house.service_id(&card).unwrap().unwrap().reveal(), NUMBER);
    let kept = house.store.query("SELECT what FROM places WHERE person = 'novak'", &[]).unwrap();
    let kept = kept[0].text(0).unwrap().to_owned();
    assert!(kept.contains("service-id") && !kept.contains(NUMBER) && !kept.contains("4321"), "{kept}");
    for entry in house.store.stream("place/novak/exempt-public-health-service").unwrap() {
        let body = String::from_utf8_lossy(entry.body_bytes().unwrap()).into_owned();
        assert!(!body.contains(NUMBER), "{body}");
    }
    assert!(house.service_id(&Practice { person: "brook".into(), ..card.clone() }).is_err(), "sealed for another");
    let enrolment = place.get("/operator/enrolments/novak", "ola").await;
    assert!(!enrolment.text.contains(NUMBER), "{}", enrolment.text);
    // With nothing typed the number stays; a number of the wrong length, and one beside a registration, are refused.
    let kept = house.sealed_service_id("novak", &card.registration, "").unwrap();
    assert_eq!(kept, card.service_id);
    let refused = |registration: &theriac_model::Registration, typed: &str| match house.sealed_service_id(
        "nobody",
        registration,
        typed,
    ) {
        Err(crate::house::record::Fault::Refused(refusal)) => refusal.code.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&card.registration, "98765432"), "PRACTICE-SERVICE-ID");
    assert_eq!(refused(&card.registration, ""), "PRACTICE-SERVICE-ID");
    let own = theriac_model::Registration::Own(cast::newcomer_number());
    assert_eq!(refused(&own, NUMBER), "PRACTICE-SERVICE-ID");
}

/// Requirements: epcs-1306.05-g-1
#[tokio::test]
async fn an_institutions_number_and_the_code_it_assigned_are_in_what_is_sent() {
    let hospital = cast::hospital_number();
    let place = place(Held::Code("dr. kay 4"), hospital, "");
    let listed = HouseEvent::RegistrantListed(Registrant {
        number: hospital,
        name: "Example Hospital".into(),
        activity: "institution".into(),
        status: "valid".into(),
        expires: LASTS,
        schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        issued: place.house.today(),
    });
    place.house.note(&crate::house::program(), &[listed]).unwrap();
    let id = ready(&place).await;
    let message = sign(&place, &id).await;
    assert!(message.contains(&format!("<DEANumber>{hospital}-dr. kay 4</DEANumber>")), "{message}");
    let arrived = place.get(&record(&place).await, "fern").await;
    assert!(arrived.text.contains(&format!("{hospital}-dr. kay 4")), "{}", arrived.text);
}

/// Duties are taken up by `enrol`; doing them twice is harmless.
#[test]
fn an_official_takes_up_the_same_duties_as_every_practitioner() {
    let under = Held::Service(Branch::Army);
    let place = place(under, cast::newcomer_number(), "1234567890");
    let on = place.house.today();
    let applicant = Applicant { person: &cast::NEWCOMER, number: cast::newcomer_number(), until: LASTS, on, under };
    assert!(take_up_duties(&place.house, applicant).is_ok());
    assert!(place.house.open_for_signing("novak").is_ok());
}
