//! The books of a practitioner who treated opioid dependence under the waiver of former law.

use super::desk::Place;
use super::moving::{accepted, dispensed};
use super::papers::{squeezed, text_of};
use crate::commands::deployment::demonstration;
use crate::demo::cast;
use crate::dispensary::Wanted;
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{Config, PharmacyConfig};

fn books(profile: &str, treatment_id: Option<&str>) -> Config {
    let config = demonstration();
    let treatment_id = treatment_id.map(str::to_owned);
    Config {
        profile: profile.to_owned(),
        pharmacy: PharmacyConfig { treatment_id, ..config.pharmacy.clone() },
        ..config
    }
}

/// What the papers of one dispensing say of the registrant: record, parts, lines of the archive.
async fn papers(place: &Place) -> Vec<String> {
    let number = accepted(&place.house, "W-1", &cast::ALPRAZOLAM, "1");
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    let mut found = Vec::new();
    for path in [format!("/archive/records/{number}/record.pdf"), "/archive/file/pdf".to_owned()] {
        found.push(squeezed(&text_of(&place.bytes(&path, "fern").await).1));
    }
    let (prescription, _) = place.house.dispensing_now(&number).unwrap();
    let parts = place.house.partial_sheet(&prescription, place.house.clock.moment()).print().unwrap();
    found.push(squeezed(&text_of(&parts.pdf).1));
    found
}

/// Requirements: pharm-waiver-id-on-records
#[tokio::test]
async fn every_record_of_dispensing_prints_both_numbers_where_the_edition_of_the_day_asks_for_a_waiver() {
    let id = theriac_model::DeaNumber::compose(*b"XB", 314_159).expect("a number").to_string();
    let both = squeezed(&format!("{}, identification number {id}", cast::pharmacy_number()));
    let number = cast::pharmacy_number().to_string();
    for (profile, id, shown) in [
        ("manual-2010", Some(id.as_str()), true),
        ("manual-2010", None, false),
        ("strictest", Some(id.as_str()), false),
        ("in-force", Some(id.as_str()), false),
    ] {
        let place = Place::begun(books(profile, id));
        for paper in papers(&place).await {
            assert_eq!(paper.contains(&both), shown, "{profile}: {paper}");
            assert!(paper.contains(&number), "{profile}: {paper}");
        }
    }
    let place = Place::begun(books("manual-2010", Some(&id)));
    let days = [jiff::civil::date(2022, 12, 28), jiff::civil::date(2022, 12, 29)];
    assert!(days.iter().all(|day| place.house.registered_on([*day]).contains(&id)));
    let place = Place::begun(books("in-force", Some(&id)));
    let shown = days.map(|day| place.house.registered_on([day]).contains(&id));
    assert_eq!(shown, [true, false], "the statute ended the waiver on 29 December 2022");
}

/// Requirements: pharm-waiver-id-on-records
#[test]
fn an_identification_number_begins_with_x_and_has_its_check_digit() {
    let own = cast::practitioner_number().to_string();
    for wrong in ["", "XB3141590", "X", own.as_str()] {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::told(jiff::tz::TimeZone::UTC, "2026-03-02T16:00:00Z".parse().unwrap());
        let refused = House::found(&dir.path().join("house"), books("strictest", Some(wrong)), clock);
        let told = refused.err().map(|problem| problem.to_string()).unwrap_or_default();
        assert!(told.starts_with("CONFIG-PHARMACY"), "{wrong}: {told}");
    }
}
