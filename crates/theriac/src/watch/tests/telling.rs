//! What must be told becomes a to-do: losses, disputes, rechecks.

use super::*;
use theriac_law::When;
use theriac_prescriber::duties::Ground;
use theriac_prescriber::log::Line;
use theriac_prescriber::notice::{Addressee, Progress};
use theriac_prescriber::token_event::{Loss, LossKind};

fn loss(watched: &Watched, hours: i64) -> Loss {
    let now = watched.house.clock.now();
    Loss {
        kind: LossKind::Lost,
        serial: None,
        discovered: now - SignedDuration::from_hours(hours),
        reported: now,
        channel: "the page".to_owned(),
        by: brook(),
    }
}

/// Requirements: epcs-1311.155-c
#[test]
fn a_lost_token_is_revoked_at_once_and_the_controllers_are_to_be_told() {
    for (hours, timely) in [(11, "in-time"), (12, "in-time"), (13, "late")] {
        let watched = house_at("2026-03-02T20:00[America/Phoenix]");
        let told = watched.house.report_token(&brook(), "brook", loss(&watched, hours)).unwrap();
        assert_eq!(told.timeliness.word(), timely, "{hours}");
        let (signer, _) = watched.house.signer("brook").unwrap();
        assert!(signer.credentials().iter().all(|held| held.revoked.is_some()), "in time or late");
        let book = watched.house.notices().unwrap();
        let open: Vec<Addressee> = book.notices.to_do().iter().map(|item| item.notice.to.clone()).collect();
        assert_eq!(open, [Addressee::AccessControllers], "the provider was told by the act itself");
    }
}

/// Requirements: epcs-1311.155-e
#[test]
fn a_disputed_prescription_brings_the_notice_to_dea_with_the_archived_copy_and_a_clock_of_12_hours() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.sign("R-1");
    let line: Line = watched.house.lines_of("brook").unwrap().remove(0);
    watched.move_to("2026-03-06T21:00:00");
    let discovered = watched.house.clock.now() - SignedDuration::from_hours(1);
    watched.house.dispute(&brook(), "brook", &line, Ground::NotSigned, discovered).unwrap();
    let book = watched.house.notices().unwrap();
    let item = book.notices.to_do().into_iter().find(|item| item.notice.to == Addressee::Administration).unwrap();
    let message = watched.house.signed_message("R-1").unwrap();
    let archived = theriac_journal::hash::sha256(&message).to_hex();
    assert!(item.notice.enclosures.iter().any(|one| one.digest == archived), "{:?}", item.notice.enclosures);
    let Some(When::Instant(due)) = item.notice.deadline.as_ref().map(|deadline| deadline.due) else {
        panic!("{:?}", item.notice.deadline)
    };
    assert_eq!(watched.house.clock.wall(due.timestamp), "2026-03-07 08:00", "elapsed hours, also on a Saturday");
    assert_eq!(item.progress(watched.house.clock.moment()), Progress::Open);
    watched.move_to("2026-03-07T08:00:01");
    assert_eq!(item.progress(watched.house.clock.moment()), Progress::Overdue);
    let (duties, _) = watched.house.duties("brook").unwrap();
    assert_eq!(duties.disputes_of("R-1").count(), 1);
}

/// What the daily recheck of registrations finds is on the list of those who must be told, once a day.
#[test]
fn what_a_recheck_finds_becomes_a_to_do() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    let found = watched.house.recheck(None).unwrap();
    assert!(!found.notices.is_empty(), "there is no registrant data yet");
    let open = || watched.house.notices().unwrap().notices.to_do().len();
    let first = open();
    assert!(first > 0);
    watched.house.recheck(None).unwrap();
    assert_eq!(open(), first, "the same finding of the same day is the same notice");
}
