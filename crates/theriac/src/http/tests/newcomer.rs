//! What a newcomer does first: opens the pages that `theriac demo` leaves, and signs.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::commands::{demo, deployment};
use crate::relaying::HouseRelay;

/// Requirements: epcs-1311.125-b-1
#[tokio::test]
async fn whoever_opens_the_demonstration_can_draft_sign_and_see_it_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("world");
    std::fs::create_dir(&place).unwrap();
    let house = demo::told_world(&place, deployment::demonstration(), &mut std::io::sink()).unwrap();
    demo::open_for_work(&house, &place).unwrap();
    let place = Place::of(house, dir);
    let id = place.draft("quill", "").await;
    let page = format!("/practice/prescriptions/{id}");
    place.ask("POST", &format!("{page}/ready"), "quill", "").await;
    place.get(&format!("/practice/sign?ids={id}"), "brook").await;
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={}", crate::demo::world::PIN);
    let signed = place.ask("POST", "/practice/sign", "brook", &form).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    place.house.work(&HouseRelay(&place.house)).unwrap();
    let status = place.get(&page, "brook").await;
    assert!(status.text.contains(">accepted<"), "{}", status.text);
}
