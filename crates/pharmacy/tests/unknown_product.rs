//! A product that the drug file does not know, and stored decisions asked again.

mod common;
use common::{RX, accepted, arrived, at, pharmacist, profile, with_supply};
use theriac_law::{Overlay, Profile};
use theriac_model::Element;
use theriac_pharmacy::{Again, DrugFile, Event, IDENTIFY_PRODUCT, Prescription, Recorded, rejudge};

const LATER: &str = "2026-03-02T14:00:00-07:00";

fn replayed(events: &[Event]) -> Prescription {
    Prescription::replay(events).expect("consistent")
}

fn filled(rx: &Prescription, when: &str) -> Result<Vec<Event>, String> {
    let done = with_supply(when, |supply| rx.fill(&profile(), supply));
    done.map(|dispensing| dispensing.events).map_err(|refusal| refusal.code.to_string())
}

#[test]
fn an_ndc_that_the_drug_file_does_not_know_is_held_until_somebody_says_which_product_it_is() {
    let mut message = arrived(&RX);
    message.drug = DrugFile::Unknown;
    let mut events = accepted(message);
    let rx = replayed(&events);
    let held: Vec<_> = rx.open_duties().filter(|duty| duty.code == IDENTIFY_PRODUCT).cloned().collect();
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(held[0].why.contains("import the FDA's directory"), "{}", held[0].why);
    assert_eq!(filled(&rx, LATER), Err("PHARM-PRODUCT-UNKNOWN".to_owned()));
    let how = "found in the directory after the import of today; schedule IV as prescribed";
    events.extend(rx.duty_done(held[0].id, pharmacist().person(), at(LATER), how).expect("done"));
    assert!(filled(&replayed(&events), LATER).is_ok());
}

#[test]
fn a_prescription_by_name_alone_names_no_ndc_and_is_not_held() {
    let mut message = arrived(&RX);
    message.drug = DrugFile::Unknown;
    message.contents.clear(Element::DrugNdc);
    if let theriac_pharmacy::SignatureCheck::Verified { signed, .. } = &mut message.signature {
        signed.clear(Element::DrugNdc);
    }
    let rx = replayed(&accepted(message));
    assert!(rx.open_duties().all(|duty| duty.code != IDENTIFY_PRODUCT));
}

/// Requirements: pharm-rule-dated-law
#[test]
fn asking_again_leaves_what_was_recorded_and_shows_what_a_newer_law_would_say() {
    let mut events = accepted(arrived(&RX));
    events.extend(filled(&replayed(&events), "2026-03-06T14:00:00-07:00").expect("filled"));
    let same = rejudge(&profile(), &events).expect("consistent");
    assert_eq!(same.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["received", "filling 1"]);
    for one in &same {
        let Recorded::Allowed(before) = &one.recorded else { panic!("{one:?}") };
        assert_eq!(one.again, Again::Allowed(before.clone()), "under the same law the same rules decide");
    }
    let newer = "edition = \"house.newer\"\n[parameter.\"expiry.iii-iv.months\"]\nvalue = 0\ncite = \"House rule 1\"\n";
    let newer: Profile = profile().with_house(Overlay::parse(newer).expect("an overlay").into());
    let other = rejudge(&newer, &events).expect("consistent");
    let (was, now) = (&same[1], &other[1]);
    assert_eq!(was.recorded, now.recorded);
    let Again::Refused(refusals) = &now.again else { panic!("{now:?}") };
    assert_eq!(refusals[0].edition.to_string(), "house.newer");
}
