//! Outside checks of registrations, and the codes of a hospital.

use super::desk::Place;
use super::moving::{goes, refused, seen};
use super::*;
use crate::demo::cast;
use crate::demo::enrol::{Applicant, Held, enrol};
use crate::demo::world::LASTS;
use jiff::SignedDuration;

const CHECK: &str = "step=check&checker=Example+Checks&registration=FT1234563&name=Second+Pharmacy&activity=pharmacy\
    &status=valid&expires=2028-12-31&schedules=II+III+IV+V&reference=answer+17";

/// Requirements: epcs-pre-8-reliance
#[tokio::test]
async fn an_outside_check_counts_only_under_a_dated_decision_of_a_named_person_that_is_reviewed_in_time() {
    let place = Place::new();
    let path = "/pharmacy/checkers";
    let number = theriac_model::DeaNumber::parse("FT1234563").expect("a number");
    assert!(seen(&place, path).await.contains("relies on no outside checker"));
    refused(&place, path, CHECK, "PHARM-CHECKER").await;
    assert!(place.house.registrant_row(number).is_none(), "nothing of it is believed");
    let today = place.house.clock.moment().date();
    let trust =
        |review: jiff::civil::Date, why: &str| format!("step=trust&checker=Example+Checks&why={why}&review={review}");
    refused(&place, path, &trust(today.yesterday().expect("a day"), "DEA+data+daily"), "PHARM-CHECKER").await;
    refused(&place, path, &trust(today, ""), "PHARM-CHECKER").await;
    let technician = place.ask("POST", path, "tess", &trust(today, "DEA+data+daily")).await;
    assert_eq!(technician.status, StatusCode::FORBIDDEN, "{}", technician.text);
    goes(&place, path, "fern", &trust(today, "DEA+data+daily")).await;
    let page = seen(&place, path).await;
    assert!(page.contains("Fern Farmer") && page.contains("DEA data daily"), "{page}");
    refused(&place, path, &CHECK.replace("FT1234563", "FT1234564"), "FORM-FIELD").await;
    refused(&place, path, &CHECK.replace("reference=answer+17", "reference="), "PHARM-CHECKER").await;
    goes(&place, path, "fern", CHECK).await;
    assert_eq!(place.house.registrant_row(number).map(|row| row.status), Some("valid".to_owned()));

    place.house.clock.advance(SignedDuration::from_hours(24));
    refused(&place, path, CHECK, "to be reviewed by").await;
    assert!(seen(&place, path).await.contains("to be reviewed"));
    let tomorrow = today.tomorrow().expect("a day");
    goes(&place, path, "fern", &trust(tomorrow, "reviewed")).await;
    goes(&place, path, "fern", CHECK).await;
    goes(&place, path, "fern", "step=end&checker=Example+Checks&why=contract+over").await;
    refused(&place, path, CHECK, "PHARM-CHECKER").await;
    refused(&place, path, "step=end&checker=Example+Checks&why=again", "PHARM-CHECKER").await;
    let again = place.again();
    assert!(again.registrant_row(number).is_some(), "also after a restart");
}

/// Requirements: law-hosp-list-available
#[tokio::test]
async fn a_hospitals_code_is_verified_by_anybody_without_a_prescription() {
    let place = Place::new();
    let hospital = cast::hospital_number();
    let under = Held::Code("dr. kay 4");
    let applicant =
        Applicant { person: &cast::NEWCOMER, number: hospital, until: LASTS, on: place.house.today(), under };
    enrol(&place.house, applicant).expect("enrolled");
    let asked = |number: &str, code: &str| format!("/hospital-codes?number={number}&code={code}");
    let form = place.nobody("GET", "/hospital-codes", "").await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    let bad = place.nobody("GET", &asked("AB1234560", "012"), "").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
    let none = place.nobody("GET", &asked(hospital.as_str(), "no-such"), "").await;
    assert!(none.text.contains("Nobody holds the code"), "{}", none.text);
    let found = place.nobody("GET", &asked(hospital.as_str(), "DR.+Kay+4"), "").await;
    for words in ["Noa Novak", "may sign", "dr. kay 4", "2026-"] {
        assert!(found.text.contains(words), "{words}: {}", found.text);
    }
    let other = place.nobody("GET", &asked("FT1234563", "dr.+kay+4"), "").await;
    assert!(!other.text.contains("Noa Novak"), "another hospital's code");
}
