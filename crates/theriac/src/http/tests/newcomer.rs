//! What a newcomer does first: opens the pages that `theriac demo` leaves, and signs; enrols somebody, who signs with a key.

use super::desk::Place;
use super::operator::{CHECK, RECORD, SCAN, application, contact, encoded, multipart, paper};
use super::virtual_key::{Holder, VirtualKey};
use super::*;
use crate::commands::{demo, deployment};
use crate::demo::cast;
use crate::relaying::HouseRelay;
use theriac_prescriber::duties::Acknowledged;

/// The deployment that `theriac demo` serves.
fn served() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("world");
    std::fs::create_dir(&place).unwrap();
    let house = demo::told_world(&place, deployment::demonstration(), &mut std::io::sink()).unwrap();
    demo::open_for_work(&house, &place).unwrap();
    Place::of(house, dir)
}

/// Whoever sits down as the pharmacist can work at once.
#[tokio::test]
async fn the_demonstration_leaves_three_prescriptions_to_fill_and_one_of_them_shows_a_warning_sign() {
    let place = served();
    let queue = place.get("/pharmacy/counter", "fern").await.text;
    for drug in ["Oxycodone", "Alprazolam", "Acetaminophen and codeine"] {
        assert!(queue.contains(drug), "{drug}: {queue}");
    }
    let sql = "SELECT number FROM presented WHERE over = 0 ORDER BY at_ms DESC, number DESC LIMIT 3";
    let rows = place.house.store.query(sql, &[]).unwrap();
    let numbers: Vec<String> = rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
    let [large, refilled, two] = &numbers[..] else { panic!("{numbers:?}") };
    let fill = |number: &str| format!("/pharmacy/prescriptions/{number}/fill");
    let signs = |number: &str| {
        let number = theriac_pharmacy::PrescriptionNumber::parse(number).unwrap();
        let (prescription, _) = place.house.dispensing_now(&number).unwrap();
        prescription.open_flags().map(|raised| raised.what.clone()).collect::<Vec<_>>()
    };
    let page = place.get(&fill(large), "fern").await.text;
    let shown = signs(large);
    assert!(shown.iter().any(|what| what == "200 units, more than 180"), "{shown:?}");
    assert!(shown.iter().all(|what| page.contains(what)), "{page}");
    for (number, ndc, left) in [(two, cast::OXYCODONE.ndc, "200"), (refilled, cast::ALPRAZOLAM.ndc, "50")] {
        place.get(&fill(number), "fern").await;
        assert!(signs(number).is_empty(), "{:?}", signs(number));
        let form = format!("scan={ndc}&filling=1&counted={left}&what=fill&quantity=&basis=&judgment=&looked=");
        let filled = place.ask("POST", &fill(number), "fern", &form).await;
        assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    }
}

/// Sends what was signed, and looks at the practitioner's page.
async fn is_accepted(place: &Place, id: &str, who: &str) {
    place.house.work(&HouseRelay(&place.house)).unwrap();
    let status = place.get(&format!("/practice/prescriptions/{id}"), who).await;
    assert!(status.text.contains(">accepted<"), "{}", status.text);
}

/// Requirements: epcs-1311.125-b-1
#[tokio::test]
async fn whoever_opens_the_demonstration_can_draft_sign_and_see_it_accepted() {
    let place = served();
    let id = place.draft("quill", "").await;
    let page = format!("/practice/prescriptions/{id}");
    place.ask("POST", &format!("{page}/ready"), "quill", "").await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await;
    let form = encoded(&[
        ("one", &id),
        ("statement", statement(&review.text)),
        ("agreed", "yes"),
        ("pin", crate::demo::world::PIN),
    ]);
    let signed = place.ask("POST", "/practice/sign", "brook", &form).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    is_accepted(&place, &id, "brook").await;
}

/// The statement that a review page asks its reader to agree to.
fn statement(page: &str) -> &str {
    page.split("data-statement=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{page}"))
}

/// The steps of docs/enrol-a-practitioner.md, with the values it names.
#[tokio::test]
async fn a_practitioner_is_enrolled_and_signs_as_the_documentation_says() {
    let place = served();
    let number = cast::newcomer_number().to_string();
    let page = "/operator/enrolments/novak";
    let done = async |who: &str, path: &str, body: String| {
        let answer = place.ask("POST", path, who, &body).await;
        assert!(answer.status == StatusCode::SEE_OTHER, "{who} {path}: {}", answer.text);
    };
    done("novak", "/enrolment", encoded(&application(&number))).await;
    done("novak", "/enrolment/acknowledgement", String::new()).await;
    done("ola", &format!("{page}/document"), encoded(&paper(&number))).await;
    let (media, scan) = multipart(SCAN);
    let uploaded = place.send_file(&format!("{page}/scan"), "ola", &media, scan).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.text);
    done("ola", &format!("{page}/acceptance"), String::new()).await;
    done("ola", &format!("{page}/record"), encoded(&RECORD)).await;
    done("ola", &format!("{page}/checks"), encoded(&CHECK)).await;
    done("ola", &format!("{page}/registrations"), encoded(&[("registration", &number)])).await;
    done("ola", &format!("{page}/contacts"), encoded(&contact(&number))).await;
    let address = [
        ("address.registration", number.as_str()),
        ("address.first", "Noa"),
        ("address.last", "Novak"),
        ("address.line1", "20 Example Street"),
        ("address.city", "Tucson"),
        ("address.state", "AZ"),
        ("address.postal", "85702"),
    ];
    done("ola", &format!("{page}/places"), encoded(&address)).await;
    assert!(place.get(page, "ola").await.text.contains("Nothing is missing or stale today"));

    done("ada", "/access/people/novak/nominate", String::new()).await;
    done("ben", "/access/people/novak/approve", format!("pin={}", crate::demo::world::PIN)).await;
    done("ola", "/operator/tokens/novak/offer", encoded(&[("registration", &number), ("serial", "KEY-1")])).await;
    let mut key = VirtualKey::new();
    let own = place.get("/practice/tokens", "novak").await.text;
    let offer = own.split("name=\"offer\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let asked = place.ask("POST", "/api/v1/tokens", "novak", &format!(r#"{{"offer":"{offer}"}}"#)).await.json();
    let made = key.create(&asked["publicKey"], Holder::EntersPin).to_string();
    let bound = place.ask("POST", "/api/v1/tokens/answer", "novak", &made).await;
    assert_eq!(bound.status, StatusCode::OK, "{}", bound.text);

    for what in Acknowledged::ALL {
        done("novak", "/practice/duties/acknowledge", format!("what={}&agreed=yes", what.word())).await;
    }
    let report = crate::watch::audits::DEMONSTRATION_AUDIT;
    done("novak", "/practice/duties/determine", format!("report={report}&outcome=meets")).await;

    let form = "patient=p-1&practitioner=novak&ndc=99999010101&quantity=30&directions=Take+one";
    let drafted = place.ask("POST", "/practice/drafts", "novak", form).await;
    let id = drafted.location().rsplit('/').next().unwrap().to_owned();
    done("novak", &format!("/practice/prescriptions/{id}/ready"), String::new()).await;
    let review = place.get(&format!("/practice/sign?ids={id}"), "novak").await;
    let begin = format!(r#"{{"ids":"{id}","statement":"{}","agreed":true}}"#, statement(&review.text));
    let asked = place.ask("POST", "/api/v1/signing", "novak", &begin).await.json();
    let answer = key.get(&asked["publicKey"], Holder::EntersPin).to_string();
    let signed = place.ask("POST", "/api/v1/signing/answer", "novak", &answer).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    is_accepted(&place, &id, "novak").await;
}
