//! Monthly logs over a house: cut where the month ends at the place, there by themselves, opened, reviewed, proved.

use super::*;
use theriac_prescriber::log::{Ask, Month, SortKey, Standing};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn listed(watched: &Watched, of: &str) -> Vec<String> {
    let (shelf, _) = watched.house.shelf(&brook().id).unwrap();
    let kept = shelf.get(month(of)).unwrap();
    kept.log.lines.iter().map(|line| line.prescription.clone()).collect()
}

/// Signs a second before and a second after a month ends, and finds each in its month.
fn check_month_end(last_second: &str, first_second: &str, zone: &str, of: &str, bounds: (&str, &str)) {
    let watched = house_at(&format!("{last_second}[{zone}]"));
    watched.sign("LAST");
    watched.house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(watched.house.clock.moment().date(), first_second[..10].parse().unwrap(), "{last_second}");
    watched.sign("FIRST");
    assert!(watched.house.watch().unwrap().unwrap().logs.len() == 2, "nobody asked for them: {of}");
    assert_eq!(listed(&watched, of), ["LAST"], "{last_second}");
    let (shelf, _) = watched.house.shelf(&brook().id).unwrap();
    let log = &shelf.get(month(of)).unwrap().log;
    assert_eq!((log.period.from.to_string(), log.period.until.to_string()), (bounds.0.into(), bounds.1.into()));
    assert!(watched.house.prove_log(log).unwrap().holds());
}

/// Requirements: epcs-1311.140-a-1, epcs-1311.140-a-2
#[test]
fn a_month_ends_at_midnight_of_the_place_also_where_the_clocks_have_changed() {
    let check = check_month_end;
    check(
        "2026-03-31T23:59:59",
        "2026-04-01",
        "America/Phoenix",
        "2026-03",
        ("2026-03-01T07:00:00Z", "2026-04-01T07:00:00Z"),
    );
    // The clocks went forward on 8 March: the month is an hour shorter.
    check(
        "2026-03-31T23:59:59",
        "2026-04-01",
        "America/New_York",
        "2026-03",
        ("2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"),
    );
    // And back on 1 November.
    check(
        "2026-11-30T23:59:59",
        "2026-12-01",
        "America/New_York",
        "2026-11",
        ("2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"),
    );
    // A leap day is in February.
    check(
        "2028-02-29T23:59:59",
        "2028-03-01",
        "America/Phoenix",
        "2028-02",
        ("2028-02-01T07:00:00Z", "2028-03-01T07:00:00Z"),
    );
    check(
        "2026-02-28T23:59:59",
        "2026-03-01",
        "America/Phoenix",
        "2026-02",
        ("2026-02-01T07:00:00Z", "2026-03-01T07:00:00Z"),
    );
    check(
        "2026-12-31T23:59:59",
        "2027-01-01",
        "America/Phoenix",
        "2026-12",
        ("2026-12-01T07:00:00Z", "2027-01-01T07:00:00Z"),
    );
}

/// Requirements: epcs-1311.140-a-1
#[test]
fn the_log_is_there_on_the_first_day_without_anybody_asking_and_also_when_it_is_empty() {
    let watched = house_at("2026-03-30T10:00[America/Phoenix]");
    assert!(watched.house.watch().unwrap().is_some(), "the first round begins the watch");
    for (wall, logs) in
        [("2026-03-31T00:04:59", None), ("2026-03-31T00:05:00", Some(0)), ("2026-04-01T00:05:00", Some(2))]
    {
        watched.move_to(wall);
        assert_eq!(watched.house.watch().unwrap().map(|done| done.logs.len()), logs, "{wall}");
    }
    assert!(watched.house.watch().unwrap().is_none(), "once a day");
    assert!(watched.house.make_logs().unwrap().is_empty(), "a month has one log");
    for who in ["brook", "lapham"] {
        let (shelf, _) = watched.house.shelf(who).unwrap();
        assert_eq!(shelf.months(), [month("2026-03")], "{who}");
        assert!(shelf.get(month("2026-03")).unwrap().log.lines.is_empty());
    }
    let (shelf, _) = watched.house.shelf("brook").unwrap();
    assert_eq!(shelf.get(month("2026-03")).unwrap().timeliness.word(), "in-time");
    let waiting = watched.house.shown_at_sign_in(&brook()).unwrap();
    assert!(waiting.iter().any(|(_, notice)| notice.subject.word() == "log-ready"));
}

/// A server that stood still for a week makes the log when it comes back, and says that it is late: the last day in time is
/// the seventh.
///
/// Requirements: epcs-1311.140-a-1
#[test]
fn a_log_made_after_the_seventh_day_is_late() {
    for (wall, word) in [("2026-04-07T23:59:59", "in-time"), ("2026-04-08T00:00:00", "late")] {
        let watched = house_at("2026-03-30T10:00[America/Phoenix]");
        watched.move_to(wall);
        watched.house.make_logs().unwrap();
        let (shelf, _) = watched.house.shelf("brook").unwrap();
        assert_eq!(shelf.get(month("2026-03")).unwrap().timeliness.word(), word, "{wall}");
    }
}

/// Requirements: epcs-1311.140-b, epcs-1311.155-d-1, epcs-1311.155-d-2
#[test]
fn only_the_practitioner_reviews_and_only_an_opened_log_and_what_is_not_reviewed_becomes_overdue() {
    let watched = house_at("2026-03-31T10:00[America/Phoenix]");
    watched.move_to("2026-04-01T09:00:00");
    watched.house.make_logs().unwrap();
    let march = month("2026-03");
    assert_eq!(code(watched.house.review_log(&brook(), march)), "RX-LOG-NOT-OPEN");
    let agent = world::actor(&cast::AGENT, Role::Agent);
    assert_eq!(code(watched.house.open_log(&agent, march).map(|_| ())), "RX-LOG-NOT-THEIRS");
    watched.house.open_log(&brook(), march).unwrap();
    let agent_as_brook = Actor::new("brook", Role::Agent);
    assert_eq!(code(watched.house.review_log(&agent_as_brook, march)), "RX-LOG-NOT-THEIRS");
    assert_eq!(watched.house.shelf("brook").unwrap().0.standing(march), Some(Standing::Waiting));
    watched.move_to("2026-05-01T00:05:00");
    watched.house.make_logs().unwrap();
    assert_eq!(watched.house.shelf("brook").unwrap().0.standing(march), Some(Standing::Overdue));
    watched.house.review_log(&brook(), march).unwrap();
    let (shelf, _) = watched.house.shelf("brook").unwrap();
    assert_eq!(shelf.standing(march), Some(Standing::Reviewed));
    let review = shelf.get(march).unwrap().review.clone().unwrap();
    assert_eq!((review.by, review.at), (brook(), watched.house.clock.moment()));
    assert_eq!(code(watched.house.review_log(&brook(), march)), "RX-LOG-REVIEWED");
}

/// Requirements: epcs-1311.140-d
#[test]
fn on_request_every_transmitted_prescription_is_listed_sorted_and_exported_in_three_formats() {
    let watched = house_at("2026-03-31T10:00[America/Phoenix]");
    for id in ["B-2", "A-1"] {
        watched.sign(id);
    }
    assert_eq!(watched.send(), 2);
    watched.sign("NOT-SENT");
    watched.move_to("2026-04-02T09:00:00");
    let ask = Ask { sort: SortKey::Drug, ..Ask::default() };
    let listing = watched.house.log_on_request(&brook(), &ask).unwrap();
    assert_eq!((listing.from, listing.until), ("2021-04-02".parse().unwrap(), watched.today()));
    let ids: Vec<&str> = listing.lines.iter().map(|line| line.prescription.as_str()).collect();
    assert_eq!(ids, ["B-2", "A-1"], "what was transmitted, in the order of the journal where the drug is the same");
    let paper = watched.house.listing_paper("brook", &listing);
    let sheet = paper.sheet().unwrap();
    let csv = String::from_utf8(sheet.to_csv()).unwrap();
    assert!(csv.contains("\"Sample, Pat\"") && csv.contains("A-1"), "{csv}");
    assert!(sheet.to_xlsx().unwrap().starts_with(b"PK"));
    let issue = watched.house.issue(watched.house.clock.now(), None);
    assert!(paper.paper(&issue).print().unwrap().pdf.starts_with(b"%PDF"));
    assert_eq!(code(watched.house.log_on_request(&ola(), &ask).map(|_| ())), "RX-LOG-OTHERS");
    let late = Ask { until: Some("2026-03-30".parse().unwrap()), ..Ask::default() };
    assert!(watched.house.log_on_request(&brook(), &late).unwrap().lines.is_empty(), "the day before is outside");
}

/// A signature hidden from the table of signatures is found by the proof, which reads the journal of the month.
///
/// Requirements: epcs-1311.140-a-2
#[test]
fn a_log_that_lacks_a_signature_does_not_agree_with_the_journal() {
    let watched = house_at("2026-03-31T10:00[America/Phoenix]");
    watched.sign("ONE");
    watched.sign("TWO");
    watched.move_to("2026-04-01T00:05:00");
    watched.house.make_logs().unwrap();
    let (shelf, _) = watched.house.shelf("brook").unwrap();
    let mut log = shelf.get(month("2026-03")).unwrap().log.clone();
    assert!(watched.house.prove_log(&log).unwrap().holds());
    let gone = log.lines.pop().unwrap();
    log.extent.signings = 1;
    log.extent.last = log.lines.last().map(|line| line.seq);
    let proof = watched.house.prove_log(&log).unwrap();
    assert!(!proof.holds());
    let words: Vec<String> = proof.differences.iter().map(super::super::logs::in_words).collect();
    assert_eq!(words, [format!("the journal has a signature at entry {} (TWO) that the log lacks", gone.seq)]);
    log.extent.root = "00".repeat(32);
    assert!(watched.house.prove_log(&log).unwrap().begins.is_err(), "another journal's root");
}
