//! Sheets of outages: how far back they hold refills, and what happens when one is named while somebody refills.

use super::desk::Place;
use super::moving::{accepted, dispensed, pharmacist};
use crate::demo::{cast, world};
use crate::dispensary::Wanted;
use crate::house::record::{By, Change, Fault};
use jiff::SignedDuration;
use theriac_model::Actor;
use theriac_pharmacy::PrescriptionNumber;

/// A prescription that was filled, and on the refill day of which outages are over.
fn filled(place: &Place) -> PrescriptionNumber {
    let number = accepted(&place.house, "D-1", &cast::ALPRAZOLAM, "2");
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    place.house.clock.advance(SignedDuration::from_hours(24 * 29));
    number
}

/// An outage of a minute with one sheet, of which nobody says what became of it.
fn outage(place: &Place, by: &Actor) -> u64 {
    let next = place.house.next_sheet().expect("a number");
    place.house.begin_downtime(by, next, next).expect("begun");
    place.house.clock.advance(SignedDuration::from_secs(60));
    let seq = place.house.outages().expect("read").first().expect("one").seq;
    place.house.end_downtime(by, seq).expect("ended");
    seq
}

/// Requirements: law-refill-downtime-entry-soon
#[test]
fn a_sheet_that_is_older_than_fifty_outages_still_holds_a_refill_back() {
    let place = Place::new();
    let (number, by) = (filled(&place), pharmacist());
    let first = outage(&place, &by);
    for _ in 0..51 {
        let seq = outage(&place, &by);
        let no = place.house.outage(seq).expect("one").0.begun.first;
        place.house.unused_sheet(&by, seq, no, "nobody came").expect("returned");
    }
    place.house.clock.advance(SignedDuration::from_secs(60));
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    let refill = || place.house.dispense(&by, &number, &ndc, &Wanted::Refill);
    let Err(Fault::Refused(refusal)) = refill() else { panic!("the first outage's sheet is open") };
    assert_eq!(refusal.code.0, "LAW-1306.22-UNENTERED");
    assert!(refusal.what.starts_with("1 sheet of the downtime is not accounted for"), "{refusal}");
    place.house.unused_sheet(&by, first, 1, "found in the drawer").expect("returned");
    refill().expect("refilled");
}

/// A sheet is told to be of this prescription after its refill was looked at and before it is recorded.
#[test]
fn a_refill_is_decided_on_the_sheets_as_they_stand_when_it_is_recorded() {
    let place = Place::new();
    let other = accepted(&place.house, "D-2", &cast::CODEINE_APAP, "2");
    let (number, by) = (filled(&place), pharmacist());
    let seq = outage(&place, &by);
    place.house.name_sheet(&by, seq, 1, &other).expect("named");
    let (prescription, _) = place.house.dispensing_now(&number).expect("read");
    let kept = place.house.refills_kept(&prescription, place.house.clock.moment()).expect("kept");
    assert_eq!((kept.keeping.unentered, kept.decided_on.len()), (0, 1), "the sheet is another's, and still open");
    place.house.name_sheet(&by, seq, 1, &number).expect("named again");
    let mut change = Change::default();
    for (outage, version) in &kept.decided_on {
        change = change.decided_on(outage, *version);
    }
    let record = By { actor: &by, location: "here", law: "strictest", at: place.house.clock.now() };
    let (events, _) =
        crate::house::record::stream::<theriac_pharmacy::Event>(&place.house.store, &number.stream()).expect("read");
    let again = change.event(&record, &number.stream(), events.last().expect("one")).expect("a body");
    assert!(matches!(again.commit(&place.house.store), Err(Fault::Conflict)), "the naming came between");
}
