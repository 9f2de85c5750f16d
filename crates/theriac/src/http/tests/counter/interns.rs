//! An intern at the counter: what the State, the supervising pharmacist and the doors let one do.

use super::*;
use crate::commands::deployment::demonstration;
use crate::house::config::{Config, PharmacyConfig};
use crate::house::event::{HouseEvent, Person};

const FORM: &str = "scan=99999030101&filling=1&counted=170&what=fill";

/// A pharmacy with an intern, in a State whose text lets one verify, or of which nothing is on record.
fn pharmacy(interns_under: Option<&str>) -> Place {
    let config = demonstration();
    let interns_under = interns_under.map(str::to_owned);
    let pharmacy = PharmacyConfig { interns_under, ..config.pharmacy.clone() };
    let place = Place::begun(Config { pharmacy, ..config });
    let person = |id: &str, name: &str, role| {
        HouseEvent::PersonAdded(Person { id: id.into(), name: name.into(), role, what: "of the pharmacy".into() })
    };
    let new = [
        person("lena", "Lena Learner", theriac_model::Role::Intern),
        person("felix", "Felix Farmer", theriac_model::Role::Pharmacist),
    ];
    place.house.note(&crate::house::program(), &new).unwrap();
    place
}

async fn supervise(place: &Place, who: &str, what: &str, intern: &str) -> Answer {
    place.ask("POST", "/pharmacy/counter/supervision", who, &format!("act={what}&intern={intern}")).await
}

async fn fills(place: &Place, number: &str, who: &str, form: &str) -> Answer {
    place.ask("POST", &format!("/pharmacy/prescriptions/{number}/fill"), who, form).await
}

/// Requirements: pharm-staff-pharmacist-role
#[tokio::test]
async fn an_intern_fills_under_the_pharmacist_who_took_the_supervision_over_and_the_record_names_both() {
    let place = pharmacy(Some("an Arizona rule"));
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let path = format!("/pharmacy/prescriptions/{number}/fill");
    assert!(place.get("/pharmacy/counter", "lena").await.text.contains("nobody: verifies nothing"));
    refused(&fills(&place, &number, "lena", FORM).await, "PHARM-SUPERVISION");
    for (who, what, intern) in
        [("fern", "take", "tess"), ("fern", "take", "nobody"), ("fern", "end", "lena"), ("fern", "", "lena")]
    {
        refused(&supervise(&place, who, what, intern).await, "FORM-FIELD");
    }
    for who in ["lena", "tess"] {
        refused(&supervise(&place, who, "take", "lena").await, "HTTP-ROLE");
    }
    assert_eq!(supervise(&place, "fern", "take", "lena").await.location(), "/pharmacy/counter#interns");
    refused(&supervise(&place, "fern", "take", "lena").await, "FORM-FIELD");
    refused(&fills(&place, &number, "tess", FORM).await, "HTTP-ROLE");
    assert_eq!(place.get(&path, "lena").await.status, StatusCode::OK);
    let filled = fills(&place, &number, "lena", FORM).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    let prescription = place.prescription(&number);
    let filling = prescription.filling(1).unwrap();
    assert_eq!(filling.pharmacist.full_name.as_str(), "Fern Farmer");
    assert_eq!(filling.intern.as_ref().unwrap().full_name.as_str(), "Lena Learner");
    let parsed = PrescriptionNumber::parse(&number).unwrap();
    let entries = place.house.store.stream(&parsed.stream()).unwrap();
    let entry = entries.iter().find(|entry| entry.kind == "rx.filled").unwrap();
    assert_eq!((entry.actor.as_str(), entry.role.as_str()), ("lena", "intern"));
    let both = "Lena Learner (intern), under Fern Farmer";
    for page in [filled.location().to_owned(), format!("/pharmacy/prescriptions/{number}")] {
        let page = place.get(&page, "lena").await.text;
        assert!(page.contains(both), "{page}");
    }
    let label = format!("/pharmacy/records/{number}/label");
    assert_eq!(place.ask("POST", &label, "lena", "no=1&format=zpl").await.status, StatusCode::OK);
}

/// The day after, after its end, and when another pharmacist took it over: the supervision is that of the day and the person.
///
/// Requirements: pharm-staff-pharmacist-role
#[tokio::test]
async fn a_supervision_holds_for_its_day_until_it_is_ended_or_taken_over_by_another() {
    let place = pharmacy(Some("an Arizona rule"));
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let shown = async || place.get("/pharmacy/counter", "iris").await.text;
    supervise(&place, "fern", "take", "lena").await;
    assert!(shown().await.contains("Fern Farmer"));
    assert_eq!(supervise(&place, "fern", "end", "lena").await.status, StatusCode::SEE_OTHER);
    refused(&fills(&place, &number, "lena", FORM).await, "PHARM-SUPERVISION");
    supervise(&place, "fern", "take", "lena").await;
    place.house.clock.advance(SignedDuration::from_hours(24));
    place.house.list_again_today().unwrap();
    refused(&fills(&place, &number, "lena", FORM).await, "PHARM-SUPERVISION");
    supervise(&place, "fern", "take", "lena").await;
    supervise(&place, "felix", "take", "lena").await;
    refused(&supervise(&place, "fern", "end", "lena").await, "FORM-FIELD");
    assert_eq!(fills(&place, &number, "lena", FORM).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.prescription(&number).filling(1).unwrap().pharmacist.full_name.as_str(), "Felix Farmer");
}

/// Requirements: pharm-staff-pharmacist-role
#[tokio::test]
async fn without_a_text_of_the_state_no_intern_verifies_and_the_refusal_says_so() {
    for none in [None, Some(" ")] {
        let place = pharmacy(none);
        let number = place.accepted(ALPRAZOLAM, "30", "1").await;
        place.open_signs_decided(&number).await;
        supervise(&place, "fern", "take", "lena").await;
        let answer = fills(&place, &number, "lena", FORM).await;
        refused(&answer, "LAW-1306.06-FILLER");
        assert!(answer.text.contains("no State allowance is recorded"), "{}", answer.text);
        assert_eq!(place.prescription(&number).dispensed(), 0);
        assert_eq!(fills(&place, &number, "fern", FORM).await.status, StatusCode::SEE_OTHER, "a pharmacist fills it");
    }
}
