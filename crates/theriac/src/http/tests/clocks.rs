//! Dates at the desk are those of the practice's own clock: month ends, the last day of a registration, a night in which
//! the clock is put back.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo;
use crate::demo::world::PIN;
use crate::house::House;
use crate::house::clock::Clock;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use theriac_model::Element;

/// A practice in `zone`, begun on the day of the cast's registrant data, which is the last of one practitioner's registration.
fn place(zone: &str) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let start: Timestamp = "2026-02-27T16:00:00Z".parse().unwrap();
    let clock = Clock::told(TimeZone::get(zone).unwrap(), start);
    let mut config = demonstration();
    zone.clone_into(&mut config.time_zone);
    let house = House::found(&dir.path().join("house"), config, clock).unwrap();
    demo::world::populate(&house).unwrap();
    Place::of(house, dir)
}

fn until(place: &Place, instant: &str) {
    let until: Timestamp = instant.parse().unwrap();
    place.house.clock.advance(until.duration_since(place.house.clock.now()));
}

async fn ready(place: &Place) -> String {
    ready_of(place, "brook").await
}

async fn ready_of(place: &Place, who: &str) -> String {
    let id = place.draft(who, "").await;
    let marked = place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), who, "").await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.text);
    id
}

async fn sign(place: &Place, id: &str) -> Answer {
    sign_as(place, "brook", id).await
}

async fn sign_as(place: &Place, who: &str, id: &str) -> Answer {
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={PIN}");
    place.ask("POST", "/practice/sign", who, &form).await
}

fn issued(place: &Place, id: &str) -> String {
    let now = place.house.prescription_now(id).unwrap().0;
    now.contents().get(Element::Issued).unwrap().to_owned()
}

/// The last minute of a month at the practice is the next month in Greenwich: the practice's date counts.
///
/// Requirements: epcs-1306.05-a-1
#[tokio::test]
async fn the_date_of_issue_is_the_practices_own_at_the_end_of_a_month() {
    let place = place("America/Phoenix");
    until(&place, "2026-03-01T06:58:00Z");
    let id = ready(&place).await;
    assert_eq!(issued(&place, &id), "2026-02-28");
    assert_eq!(sign(&place, &id).await.status, StatusCode::SEE_OTHER);
    let late = ready(&place).await;
    until(&place, "2026-03-01T07:00:00Z");
    let refused = sign(&place, &late).await;
    assert!(refused.text.contains("1306.05"), "dated yesterday: {}", refused.text);
    let next = ready(&place).await;
    assert_eq!(issued(&place, &next), "2026-03-01");
    assert_eq!(sign(&place, &next).await.status, StatusCode::SEE_OTHER);
}

/// A night in which one o'clock comes twice: the day stays one day, and both hours are told apart by their offset.
#[tokio::test]
async fn a_night_in_which_the_clock_is_put_back_is_one_day_with_two_hours_of_one_name() {
    let place = place("America/New_York");
    until(&place, "2026-11-01T05:30:00Z");
    demo::morning::import_registrants(&place.house, place.dir.path()).unwrap();
    let first = ready(&place).await;
    assert_eq!(sign(&place, &first).await.status, StatusCode::SEE_OTHER);
    until(&place, "2026-11-01T06:30:00Z");
    let second = ready(&place).await;
    assert_eq!(sign(&place, &second).await.status, StatusCode::SEE_OTHER);
    assert_eq!([issued(&place, &first), issued(&place, &second)], ["2026-11-01", "2026-11-01"]);
    let signed = |id: &str| {
        let now = place.house.prescription_now(id).unwrap().0;
        now.contents().get(Element::SignedAt).unwrap().to_owned()
    };
    assert_eq!([signed(&first), signed(&second)], ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"]);
    until(&place, "2026-11-02T04:59:00Z");
    assert_eq!(issued(&place, &ready(&place).await), "2026-11-01", "the day has 25 hours");
    until(&place, "2026-11-02T05:00:00Z");
    assert_eq!(issued(&place, &ready(&place).await), "2026-11-02");
}

/// Chosen reading of the proposed 1311.135(b): access ends with the first minute of the expiration date.
///
/// Requirements: epcs-1311.135-b
#[tokio::test]
async fn on_the_date_on_which_a_registration_expires_nothing_is_signed_under_it() {
    let place = place("America/Phoenix");
    let id = ready_of(&place, "lapham").await;
    assert_eq!(issued(&place, &id), "2026-02-27");
    let refused = sign_as(&place, "lapham", &id).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("RX-TOKEN-EXPIRED"), "{}", refused.text);
    assert_eq!(place.house.prescription_now(&id).unwrap().0.stage(), "reviewed");
    let other = ready(&place).await;
    assert_eq!(sign(&place, &other).await.status, StatusCode::SEE_OTHER, "another's registration runs on");
}
