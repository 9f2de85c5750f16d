//! A file is imported, and whoever signs is checked against it at once.

use super::{NotTaken, RECHECK};
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use std::path::{Path, PathBuf};
use theriac_model::{BusinessActivity, DrugSchedules, RegistrantRow, RegistrantStatus, Registration};
use theriac_prescriber::registrants::{Age, Manifest};
use theriac_wire::registrants::{Plan, generate, print};

fn world_in(dir: &Path) -> House {
    let config = demonstration();
    let begins = "2026-03-02T16:00:00Z".parse().expect("instant");
    let clock = Clock::told(crate::house::zone(&config).expect("zone"), begins);
    let house = House::found(dir, config, clock).expect("a deployment");
    world::populate(&house).expect("a world");
    house
}

/// A file of invented registrants and the practitioner's row, as `change` leaves it.
fn file(dir: &Path, name: &str, rows: u32, change: impl FnOnce(&mut RegistrantRow)) -> PathBuf {
    let address = cast::practice_address();
    let mut row = RegistrantRow {
        number: cast::practitioner_number(),
        activity: BusinessActivity::Practitioner,
        sub_code: Some('0'),
        schedules: DrugSchedules::II_TO_V,
        expires: date(2028, 6, 30),
        status: RegistrantStatus::Active,
        name: "BROOK, ALEX".into(),
        company: String::new(),
        line_1: address.line1,
        line_2: address.line2.unwrap_or_default(),
        city: address.city,
        state: address.state,
        zip: address.postal,
    };
    change(&mut row);
    let mut bytes = Vec::new();
    generate(Plan { rows, seed: 3, issued: date(2026, 3, 1) }, &mut bytes).expect("made");
    print(&row, &mut bytes);
    let path = dir.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn issued(day: Date) -> Manifest {
    Manifest { issued: Some(day), rows: None, digest: None }
}

fn may_sign(house: &House) -> Result<(), &'static str> {
    let (signer, _) = house.signer(cast::PRACTITIONER.id).expect("a signer");
    let registration = Registration::Own(cast::practitioner_number());
    let credential = signer.credentials()[0].id.clone();
    let on = house.clock.moment().date();
    signer.may_sign(&registration, &credential, on).map(|_| ()).map_err(|refusal| refusal.code.0)
}

/// A registration that the new data shows suspended ends the token in the import's own recheck; the set in use, the rows and
/// the parts can be made again from the journal.
#[test]
fn a_change_of_status_in_the_file_revokes_at_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = world_in(&dir.path().join("world"));
    let good = file(dir.path(), "good", 18_000, |_| {});
    let taken = house.import_registrants(&good, &issued(date(2026, 3, 1))).expect("taken");
    assert_eq!((taken.through.tally.rows, taken.through.tally.refused, taken.parts), (18_001, 0, 2));
    let checked = house.recheck(Some(taken.job)).expect("rechecked");
    assert_eq!((checked.age, checked.people), (Age::Fresh, 2));
    assert_eq!(may_sign(&house), Ok(()));
    let row = house.registrant_row(cast::practitioner_number()).expect("a row");
    assert_eq!((row.issued, row.status.as_str(), row.name.as_str()), (date(2026, 3, 1), "valid", "BROOK, ALEX"));

    let bad = file(dir.path(), "bad", 300, |row| row.status = RegistrantStatus::Suspended);
    let announced = Manifest { rows: Some(301), ..issued(date(2026, 3, 2)) };
    let taken = house.import_registrants(&bad, &announced).expect("taken");
    let due = house.store.due_jobs(house.clock.now().as_millisecond(), 10).expect("jobs");
    assert!(due.iter().any(|job| job.kind == RECHECK && job.id == taken.job), "written down with the import");
    let checked = house.recheck(Some(taken.job)).expect("rechecked");
    assert!(checked.notices.iter().any(|notice| notice.what.code.0 == "RX-REGISTRANT-STATUS"));
    assert_eq!(may_sign(&house), Err("RX-TOKEN-REVOKED"));
    let again = house.recheck(None).expect("rechecked again");
    assert_eq!(again.changed, 0);
    let count = |sql: &str| house.store.query(sql, &[]).expect("rows")[0].u64(0).expect("a count");
    let rows = count("SELECT COUNT(*) FROM registrant_rows");
    assert_eq!(rows, 301, "the former set is gone");
    house.store.rebuild().expect("rebuilt");
    assert_eq!(count("SELECT COUNT(*) FROM registrant_rows"), rows);
    assert!(house.store.check(&[]).expect("checked").is_clean());
}

/// A file that is older, undated or cut off is refused, and the set in use stays.
#[test]
fn a_file_that_does_not_serve_leaves_the_set_in_use() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = world_in(&dir.path().join("world"));
    let good = file(dir.path(), "good", 300, |_| {});
    house.import_registrants(&good, &issued(date(2026, 3, 1))).expect("taken");
    let in_use = house.registrant_set().expect("read");
    let refused = |path: &Path, manifest: &Manifest| match house.import_registrants(path, manifest) {
        Err(NotTaken::Refused(refusals, _)) => refusals[0].code.0,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&good, &issued(date(2026, 2, 28))), "RX-REGISTRANT-OLDER");
    assert_eq!(refused(&good, &Manifest { issued: None, rows: None, digest: None }), "RX-REGISTRANT-ISSUED");
    let bytes = std::fs::read(&good).expect("bytes");
    let cut = dir.path().join("cut");
    std::fs::write(&cut, &bytes[..bytes.len() - 100]).expect("written");
    assert_eq!(refused(&cut, &issued(date(2026, 3, 2))), "RX-REGISTRANT-CUT-OFF");
    assert_eq!(house.registrant_set().expect("read"), in_use);
}

/// The day's recheck is written down a day ahead, and warns as the data ages; what it finds is on record.
#[test]
fn the_recheck_comes_back_every_day() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = world_in(&dir.path().join("world"));
    let good = file(dir.path(), "good", 300, |_| {});
    let taken = house.import_registrants(&good, &issued(date(2026, 3, 1))).expect("taken");
    house.recheck(Some(taken.job)).expect("rechecked");
    let carrier = crate::relaying::HouseRelay(&house);
    let rechecks = || {
        let sql = "SELECT COUNT(*) FROM entries WHERE kind = 'registrants.rechecked'";
        house.store.query(sql, &[]).expect("rows")[0].u64(0).expect("a count")
    };
    house.work(&carrier).expect("worked");
    assert_eq!(rechecks(), 1, "not due yet");
    for day in 2..=4 {
        house.clock.advance(SignedDuration::from_hours(24));
        house.work(&carrier).expect("worked");
        assert_eq!(rechecks(), day);
    }
    house.clock.advance(SignedDuration::from_hours(48));
    let found = house.recheck(None).expect("rechecked");
    assert_eq!(found.age, Age::GoingStale(2));
    assert_eq!(found.notices.last().map(|notice| notice.what.code.0), Some("RX-REGISTRANT-GOING-STALE"));
}
