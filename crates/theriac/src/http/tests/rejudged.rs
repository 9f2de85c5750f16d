//! Stored decisions asked again, and the law of a State or a house laid over the profile.

use super::desk::Place;
use super::moving::{accepted, dispensed, refused, reopened, seen};
use super::*;
use crate::demo::cast;
use crate::dispensary::Wanted;
use crate::dispensary::rejudged::Differs;
use crate::house::overlay;
use jiff::SignedDuration;

/// A house's newer law: a refill less than Federal law gives, and schedule II for three days.
const NEWER: &str = r#"
edition = "house.newer"
[parameter."expiry.ii.days"]
value = 3
cite = "House rule 7"
"#;

/// The place with this overlay in its configuration.
fn under(place: Place, name: &str, text: &str) -> Place {
    let folder = place.dir.path().join("house");
    std::fs::write(folder.join(name), text).expect("written");
    let file = folder.join(crate::house::config::FILE);
    let config = std::fs::read_to_string(&file).expect("readable");
    std::fs::write(&file, format!("overlays = [\"{name}\"]\n{config}")).expect("written");
    reopened(place)
}

/// Requirements: pharm-rule-dated-law
#[tokio::test]
async fn a_stored_decision_keeps_its_verdict_and_rules_and_a_newer_law_is_shown_apart() {
    let place = Place::new();
    let number = accepted(&place.house, "R-1", &cast::OXYCODONE, "0");
    place.house.clock.advance(SignedDuration::from_hours(24 * 5));
    dispensed(&place.house, &number, &cast::OXYCODONE, &Wanted::Fill);

    let own = place.house.rejudged(&number, &place.house.profile).expect("asked again");
    let told: Vec<(&str, &str, Differs)> =
        own.iter().map(|one| (one.what.as_str(), one.verdict.as_str(), one.differs)).collect();
    assert_eq!(told, [("received", "allowed", Differs::No), ("filling 1", "allowed", Differs::No)]);
    assert!(own.iter().all(|one| one.profile == "strictest" && one.rules == one.again_rules), "{own:?}");

    let newer = overlay(place.house.profile.clone(), "newer", NEWER).expect("an overlay");
    let events = place.house.store.stream(&number.stream()).expect("readable").len();
    let again = place.house.rejudged(&number, &newer).expect("asked again");
    let filling = again.last().expect("the filling");
    assert_eq!((filling.verdict.as_str(), filling.differs), ("allowed", Differs::Yes));
    assert_eq!(filling.rules, own.last().expect("the filling").rules, "what was recorded is unchanged");
    assert!(filling.again.contains("house rule newer"), "{}", filling.again);
    assert_eq!(place.house.store.stream(&number.stream()).expect("readable").len(), events, "asking records nothing");

    let path = format!("/pharmacy/records/{number}/law");
    let page = seen(&place, &path).await;
    assert!(page.contains("nothing that was asked would be decided otherwise"), "{page}");
    assert!(seen(&place, &format!("{path}?profile=in-force")).await.contains("Under in-force"), "{page}");
    let none = place.get(&format!("{path}?profile=none"), "fern").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", none.text);

    // The same law loaded into the deployment decides from now on, and changes no decision of before.
    let place = under(place, "newer.toml", NEWER);
    let again = place.house.rejudged(&number, &place.house.profile).expect("asked again");
    assert_eq!(again.last().map(|one| (one.verdict.clone(), one.differs)), Some(("allowed".to_owned(), Differs::Yes)));
    assert!(seen(&place, &path).await.contains("one decision would be another"));
}

/// Requirements: pharm-files-scheme-choice-audited
#[tokio::test]
async fn a_scheme_that_the_state_forbids_cannot_be_chosen_and_each_choice_names_its_day_and_person() {
    let state = r#"
edition = "state.AZ"
[parameter."files.iii-v-with-others"]
value = false
cite = "A State's rule of files"
"#;
    let place = under(Place::new(), "state.toml", state);
    refused(&place, "/archive/filing/scheme", "scheme=two-files", "LAW-1304.04-FILE").await;
    let page = seen(&place, "/archive/filing").await;
    assert!(!page.contains("with a red C on schedules III to V, chosen"), "{page}");
    let chosen = place.ask("POST", "/archive/filing/scheme", "fern", "scheme=three-files").await;
    assert_eq!(chosen.location(), "/archive/filing", "{}", chosen.text);
    let schemes = place.house.filing_schemes().expect("readable");
    let told: Vec<(String, &str)> =
        schemes.iter().map(|one| (one.at.date().to_string(), one.by.actor.id.as_str())).collect();
    assert_eq!(told, [(place.house.clock.moment().date().to_string(), "fern")]);
    let page = seen(&place, "/archive/filing").await;
    assert!(page.contains("Fern Farmer"), "{page}");
}
