//! The practitioner's own notices, and the form that goes to whoever checks an identity.

use super::desk::Place;
use super::operator::{application, but, encoded, paper};
use super::*;
use crate::demo::cast;
use jiff::SignedDuration;

const PAGE: &str = "/practice/notices";

async fn shown(place: &Place, who: &str) -> String {
    let page = place.get(PAGE, who).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.text
}

/// Each thing that closes signing is read by the practitioner, with its code and what to do, and is gone with its cause.
#[tokio::test]
async fn what_stops_a_signature_is_on_the_practitioners_own_page_until_it_is_over() {
    let place = Place::new();
    let page = shown(&place, "brook").await;
    assert!(page.contains("Nothing stops your signature today"), "{page}");
    for (who, path, begin, end, says) in [
        (
            "ola",
            "/operator/preconditions",
            "which=archive&to=out&reason=disk+replaced",
            "which=archive&to=in&reason=done",
            "<code>RX-PRECONDITION</code>",
        ),
        ("ada", "/access/people/brook/suspend", "reason=under+investigation", "", "<code>RX-ACCESS-SUSPENDED</code>"),
    ] {
        let done = place.ask("POST", path, who, begin).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.text);
        let page = shown(&place, "brook").await;
        assert!(page.contains(says) && page.contains("What to do:"), "{says}: {page}");
        assert!(!page.contains("Nothing stops"), "{page}");
        if end.is_empty() {
            place.ask("POST", "/access/people/brook/nominate", "ada", "").await;
            let pin = format!("pin={}", crate::demo::world::PIN);
            place.ask("POST", "/access/people/brook/approve", "ben", &pin).await;
        } else {
            place.ask("POST", path, who, end).await;
        }
        assert!(shown(&place, "brook").await.contains("Nothing stops your signature today"), "{says} is over");
    }
    // Another's right to sign is nobody else's concern.
    place.ask("POST", "/access/people/brook/suspend", "ada", "reason=again").await;
    assert!(!shown(&place, "novak").await.contains("RX-ACCESS-SUSPENDED"));
}

/// Sixty days before the end a registration is on the page, and on its last day it stops the signature; what was told stays.
#[tokio::test]
async fn a_registration_that_ends_a_lost_token_and_every_notice_stand_on_the_page() {
    let place = Place::new();
    let page = shown(&place, "brook").await;
    assert!(page.contains("and no spare"), "one token: {page}");
    let ends = place.house.signer("brook").unwrap().0.registrations()[0].expires;
    let days = |days: i64| {
        let before = ends.saturating_sub(jiff::ToSpan::days(days));
        let wait = before.since(place.house.today()).unwrap().get_days();
        place.house.clock.advance(SignedDuration::from_hours(24 * i64::from(wait)));
        place.house.list_again_today().unwrap();
    };
    days(61);
    let soon = format!("expires on {ends}; on that day nothing is signed under it any more");
    assert!(!shown(&place, "brook").await.contains(&soon));
    days(60);
    assert!(shown(&place, "brook").await.contains(&soon));
    // The audit report and the practitioner's own determination are a year old by then.
    assert!(shown(&place, "brook").await.contains("RX-AUDIT"), "{}", shown(&place, "brook").await);
    days(0);
    place.house.recheck(None).unwrap();
    let page = shown(&place, "brook").await;
    assert!(page.contains("has run out") || page.contains(&format!("expired on {ends}")), "{page}");
    assert!(page.contains("The right to sign electronic prescriptions, as the registrant data shows it"), "{page}");
    assert!(page.contains("Shown to you"), "{page}");
    let again = shown(&place, "brook").await;
    assert!(again.contains("The right to sign electronic prescriptions"), "what was told stays: {again}");
    assert!(!shown(&place, "novak").await.contains(&soon), "nobody reads another's");
}

/// The form on paper bears what is known, and what does not serve stands at its head.
#[tokio::test]
async fn the_proofing_form_is_printed_with_what_the_application_and_the_document_say() {
    let place = Place::new();
    let number = cast::newcomer_number().to_string();
    let text = async |path: &str, who: &str| {
        let bytes = place.bytes(path, who).await;
        let pdf = lopdf::Document::load_mem(&bytes).expect("a PDF");
        let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
        pdf.extract_text(&pages).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let blank = text("/enrolment/form.pdf", "novak").await;
    for item in ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "Noa Novak"] {
        assert!(blank.contains(item), "{item}: {blank}");
    }
    assert!(!blank.contains("Still missing") && !blank.contains(&number), "{blank}");
    place.ask("POST", "/enrolment", "novak", &encoded(&application(&number))).await;
    assert!(text("/enrolment/form.pdf", "novak").await.contains(&number));
    let (page, form) = ("/operator/enrolments/novak/document", "/operator/enrolments/novak/form.pdf");
    let cut = but(&paper(&number), "photo-id", "");
    assert_eq!(place.ask("POST", page, "ola", &encoded(&cut)).await.status, StatusCode::SEE_OTHER);
    let filled = text(form, "iris").await;
    for item in ["Still missing", "Petra Proofer", "Example State Medical Board", "L-271", "2028-06-30"] {
        assert!(filled.contains(item), "{item}: {filled}");
    }
    place.ask("POST", page, "ola", &encoded(&but(&paper(&number), "proofed-on", "2026-03-01"))).await;
    assert!(text(form, "ola").await.contains("passport"));
    assert_eq!(place.get(form, "brook").await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.get("/operator/enrolments/quill/form.pdf", "ola").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = place.get("/enrolment", "novak").await.text;
    assert!(link.contains("href=\"/enrolment/form.pdf\""), "{link}");
}
