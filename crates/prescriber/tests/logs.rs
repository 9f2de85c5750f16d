//! The practitioner's monthly log: given, complete, read, kept; and the log on request.

mod watching;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use theriac_law::{Profile, When};
use theriac_model::{Actor, DeaNumber, Element, Role, Schedule};
use theriac_prescriber::log::proof::{Discrepancy, check};
use theriac_prescriber::log::unusual::Mark;
use theriac_prescriber::log::{
    Ask, Fate, LogEvent, Month, MonthlyLog, Period, Shelf, SortKey, Standing, gather, groups, on_request, owed,
};
use theriac_prescriber::notice::{Addressee, Subject};
use theriac_prescriber::terms::Timeliness;
use watching::{
    Journal, RX, Rules, Rx, Until, agent, at, eastern, instant, operator, phoenix, practitioner, program, refused,
};

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

fn period(text: &str, zone: &TimeZone) -> Period {
    Period::of(month(text), zone, "the zone", None).expect("a period")
}

fn log(journal: &Journal, text: &str, zone: &TimeZone) -> MonthlyLog {
    let lines = gather("brook", journal.located());
    MonthlyLog::of(
        "brook",
        period(text, zone),
        &lines,
        journal.size(),
        &"00".repeat(32),
        at("2026-04-01T00:05:00-07:00"),
    )
}

fn ids(log: &MonthlyLog) -> Vec<&str> {
    log.lines.iter().map(|line| line.prescription.as_str()).collect()
}

fn march() -> Journal {
    let mut journal = Journal::default();
    journal.write(Rx { id: "a", signed_at: "2026-03-01T06:59:59Z", ..RX }, Until::Accepted);
    journal.write(Rx { id: "b", signed_at: "2026-03-01T07:00:00Z", ..RX }, Until::Accepted);
    journal.write(Rx { id: "draft", ..RX }, Until::Draft);
    journal.write(Rx { id: "c", registration: "FB1234563", last: "Alder", ..RX }, Until::Failed);
    journal.write(Rx { id: "other", practitioner: "reed", ..RX }, Until::Accepted);
    journal.write(Rx { id: "d", drug: "Alprazolam", schedule: "IV", ..RX }, Until::Printed);
    journal.write(Rx { id: "e", signed_at: "2026-04-01T06:59:59Z", ..RX }, Until::Signed);
    journal.write(Rx { id: "f", signed_at: "2026-04-01T07:00:00Z", ..RX }, Until::Accepted);
    journal
}

/// Requirements: epcs-1311.140-a-2
#[test]
fn the_log_is_the_months_signed_prescriptions_of_all_registrations_cut_in_the_practitioners_time_zone() {
    let journal = march();
    let log = log(&journal, "2026-03", &phoenix());
    assert_eq!(ids(&log), ["b", "c", "d", "e"]);
    assert_eq!(check(&log, journal.located(), journal.size()), []);
    let fates: Vec<Fate> = log.lines.iter().map(|line| line.fate).collect();
    assert_eq!(fates, [Fate::Accepted, Fate::Failed, Fate::Printed, Fate::Signed]);
    let line = log.line("c").expect("a line");
    assert_eq!(line.element(Element::Registration), "FB1234563");
    assert_eq!((line.patient_name().as_str(), line.credential.as_str()), ("Alder, Pat", "t-1"));
    assert_eq!(line.drug(), "Oxycodone hydrochloride 10 mg Tablet");
    assert_eq!(line.prepared_by, Some(agent()));
}

/// Months end at the practitioner's midnight: 23- and 25-hour days, leap years and the end of the year included.
#[test]
fn a_month_is_cut_at_midnight_of_the_practitioners_place() {
    let hours = |text: &str, zone: &TimeZone| {
        let period = period(text, zone);
        (period.until.as_second() - period.from.as_second()) / 3600
    };
    assert_eq!(hours("2026-03", &eastern()), 31 * 24 - 1, "the clocks went forward on the 8th");
    assert_eq!(hours("2026-11", &eastern()), 30 * 24 + 1, "the clocks went back on the 1st");
    assert_eq!(hours("2028-02", &eastern()), 29 * 24, "a leap year");
    assert_eq!(hours("2026-02", &eastern()), 28 * 24);
    assert_eq!(period("2026-12", &phoenix()).until, instant("2027-01-01T07:00:00Z"));
    let march = period("2026-03", &eastern());
    assert!(march.holds(instant("2026-03-01T05:00:00Z")) && !march.holds(instant("2026-03-01T04:59:59Z")));
    assert!(march.holds(instant("2026-04-01T03:59:59Z")) && !march.holds(instant("2026-04-01T04:00:00Z")));
    for text in ["2026-3", "2026-13", "2026-00", "26-03", "2026-03-01", "x"] {
        assert_eq!(Month::parse(text), None, "{text}");
    }
}

/// A practitioner who moves loses no hour between two logs, and no prescription stands in both.
#[test]
fn a_log_begins_where_the_one_before_ended_even_in_another_time_zone() {
    let rules = Rules::strictest();
    let mut journal = Journal::default();
    // 23:30 in New York on 31 March is 20:30 in Phoenix.
    journal.write(Rx { id: "late", signed_at: "2026-04-01T05:30:00Z", ..RX }, Until::Accepted);
    let lines = gather("brook", journal.located());
    let mut shelf = Shelf::new("brook");
    let made = at("2026-04-01T06:00:00+00:00");
    let march = MonthlyLog::of("brook", period("2026-03", &eastern()), &lines, journal.size(), "00", made);
    let (provided, _) = shelf.provide(march.clone(), made, rules.terms()).expect("provided");
    shelf.apply(&provided);
    let before = shelf.ended_before(month("2026-04"));
    assert_eq!(before, Some(march.period.until));
    assert_eq!(shelf.ended_before(month("2026-05")), None);
    let april = Period::of(month("2026-04"), &phoenix(), "", before).expect("a period");
    let april = MonthlyLog::of("brook", april, &lines, journal.size(), "00", made);
    assert_eq!((ids(&march), ids(&april)), (vec![], vec!["late"]));
}

/// Requirements: epcs-1311.140-a-1
#[test]
fn on_the_first_day_of_a_month_the_log_of_the_month_before_is_due_without_anybody_asking_even_when_it_is_empty() {
    let rules = Rules::strictest();
    let owes = |now: &str, provided: &[Month]| {
        let months = owed(date(2026, 1, 15), None, provided, &phoenix(), instant(now), rules.terms());
        months.iter().map(|one| one.month.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(owes("2026-02-01T06:59:59Z", &[]), [""; 0], "still January in Phoenix");
    assert_eq!(owes("2026-02-01T07:00:00Z", &[]), ["2026-01"]);
    assert_eq!(owes("2026-03-31T12:00:00Z", &[month("2026-01")]), ["2026-02"]);
    let left = Some(date(2026, 2, 3));
    let months = owed(date(2026, 1, 15), left, &[], &phoenix(), instant("2026-06-01T12:00:00Z"), rules.terms());
    assert_eq!(months.len(), 2, "after the right to sign ended, the month it ended in is the last");
    assert_eq!(months[1].deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(date(2026, 3, 7))));

    let empty = log(&Journal::default(), "2026-02", &phoenix());
    let mut shelf = Shelf::new("brook");
    refused(shelf.provide(empty.clone(), at("2026-02-28T23:59:59-07:00"), rules.terms()), "RX-LOG-EARLY");
    let (event, notice) = shelf.provide(empty, at("2026-03-01T00:00:00-07:00"), rules.terms()).expect("provided");
    shelf.apply(&event);
    assert!(shelf.get(month("2026-02")).is_some_and(|kept| kept.log.lines.is_empty()));
    assert_eq!((notice.subject, notice.to), (Subject::LogReady, Addressee::Practitioner("brook".to_owned())));
}

/// 21 CFR 1311.120(b)(27): within seven days after the month.
#[test]
fn a_log_is_in_time_until_the_seventh_day_after_its_month() {
    let check = |profile: Profile, now: &str, expected: Timeliness| {
        let rules = Rules::of(profile);
        let log = log(&Journal::default(), "2026-03", &phoenix());
        let (event, _) = Shelf::new("brook").provide(log, at(now), rules.terms()).expect("provided");
        let LogEvent::Provided { timeliness, .. } = event else { panic!("provided") };
        assert_eq!(timeliness, expected, "{now}");
    };
    for profile in [Profile::strictest(), Profile::in_force()] {
        check(profile.clone(), "2026-04-01T00:00:00-07:00", Timeliness::InTime);
        check(profile.clone(), "2026-04-07T23:59:59-07:00", Timeliness::InTime);
        check(profile, "2026-04-08T00:00:00-07:00", Timeliness::Late);
    }
    let rules = Rules::strictest();
    let log = log(&Journal::default(), "2026-03", &phoenix());
    let mut shelf = Shelf::new("brook");
    let (event, _) = shelf.provide(log.clone(), at("2026-04-01T01:00:00-07:00"), rules.terms()).expect("provided");
    shelf.apply(&event);
    refused(shelf.provide(log.clone(), at("2026-04-02T01:00:00-07:00"), rules.terms()), "RX-LOG-TWICE");
    refused(Shelf::new("reed").provide(log, at("2026-04-02T01:00:00-07:00"), rules.terms()), "RX-LOG-OTHERS");
}

fn shelf(months: &[&str]) -> Shelf {
    let rules = Rules::strictest();
    let mut shelf = Shelf::new("brook");
    for text in months {
        let made = at("2026-09-01T00:05:00-07:00");
        let log = log(&march(), text, &phoenix());
        shelf.apply(&shelf.provide(log, made, rules.terms()).expect("provided").0);
    }
    shelf
}

/// Requirements: epcs-1311.140-b, epcs-1311.155-d-2
#[test]
fn only_the_practitioner_marks_a_log_as_reviewed_with_the_log_open_and_the_mark_is_on_its_copies() {
    let mut shelf = shelf(&["2026-03"]);
    let march = month("2026-03");
    let now = at("2026-09-02T08:00:00-07:00");
    refused(shelf.review(march, &practitioner(), now), "RX-LOG-NOT-OPEN");
    assert!(shelf.get(march).expect("kept").copy()["review"].is_null());
    let same_name = |role| Actor::new("brook", role);
    for by in [agent(), operator(), program(), same_name(Role::Agent), Actor::new("reed", Role::Prescriber)] {
        refused(shelf.open(march, &by, now), "RX-LOG-NOT-THEIRS");
    }
    shelf.apply(&shelf.open(march, &practitioner(), now).expect("opened"));
    for by in [agent(), operator(), program(), same_name(Role::Agent), Actor::new("reed", Role::Prescriber)] {
        refused(shelf.review(march, &by, now), "RX-LOG-NOT-THEIRS");
    }
    refused(shelf.review(month("2026-04"), &practitioner(), now), "RX-LOG-UNKNOWN");
    let later = at("2026-09-02T08:10:00-07:00");
    shelf.apply(&shelf.review(march, &practitioner(), later).expect("reviewed"));
    let copy = shelf.get(march).expect("kept").copy();
    assert_eq!(copy["review"]["at"], "2026-09-02T08:10:00-07:00");
    assert_eq!(copy["review"]["by"]["id"], "brook");
    assert_eq!(copy["log"]["lines"].as_array().map(Vec::len), Some(4));
    refused(shelf.review(march, &practitioner(), later), "RX-LOG-REVIEWED");
}

/// Requirements: epcs-1311.155-d-1
#[test]
fn an_unreviewed_log_is_named_at_every_sign_in_and_overdue_once_the_next_log_is_there() {
    let mut shelf = shelf(&["2026-03"]);
    assert_eq!(shelf.reminders(), [(month("2026-03"), Standing::Waiting)]);
    let rules = Rules::strictest();
    let now = at("2026-09-02T08:00:00-07:00");
    shelf.apply(&shelf.provide(log(&march(), "2026-04", &phoenix()), now, rules.terms()).expect("provided").0);
    assert_eq!(shelf.reminders(), [(month("2026-03"), Standing::Overdue), (month("2026-04"), Standing::Waiting)]);
    shelf.apply(&shelf.open(month("2026-03"), &practitioner(), now).expect("opened"));
    shelf.apply(&shelf.review(month("2026-03"), &practitioner(), now).expect("reviewed"));
    assert_eq!(shelf.standing(month("2026-03")), Some(Standing::Reviewed));
    assert_eq!(shelf.reminders(), [(month("2026-04"), Standing::Waiting)]);
}

/// Requirements: epcs-1311.140-d
#[test]
fn on_request_every_prescription_transmitted_in_the_previous_five_years_is_listed_filtered_and_sorted() {
    let rules = Rules::strictest();
    let mut journal = Journal::default();
    journal.write(Rx { id: "too old", signed_at: "2021-03-15T18:00:00Z", ..RX }, Until::Accepted);
    journal.write(Rx { id: "five years", signed_at: "2021-03-16T18:00:00Z", last: "Zinnia", ..RX }, Until::Accepted);
    journal.write(Rx { id: "printed", signed_at: "2024-01-01T18:00:00Z", ..RX }, Until::Printed);
    journal.write(
        Rx { id: "iv", signed_at: "2024-01-02T18:00:00Z", drug: "Alprazolam", schedule: "IV", last: "Maple", ..RX },
        Until::Failed,
    );
    journal.write(
        Rx { id: "today", signed_at: "2026-03-16T18:00:00Z", last: "Alder", registration: "FB1234563", ..RX },
        Until::Transmitted,
    );
    let lines = gather("brook", journal.located());
    let now = at("2026-03-16T20:00:00-07:00");
    let ask = |ask: Ask| {
        let listing =
            on_request("brook", &lines, &ask, &practitioner(), now, &phoenix(), rules.terms()).expect("listed");
        listing.lines.into_iter().map(|line| line.prescription).collect::<Vec<_>>()
    };
    let all = Ask::default();
    assert_eq!(ask(all.clone()), ["five years", "iv", "today"]);
    assert_eq!(ask(Ask { sort: SortKey::Patient, ..all.clone() }), ["today", "iv", "five years"]);
    assert_eq!(ask(Ask { sort: SortKey::Drug, ..all.clone() }), ["iv", "five years", "today"]);
    assert_eq!(ask(Ask { from: Some(date(2020, 1, 1)), ..all.clone() }).len(), 4);
    assert_eq!(ask(Ask { until: Some(date(2026, 3, 15)), ..all.clone() }), ["five years", "iv"]);
    assert_eq!(ask(Ask { patient: Some("alder".to_owned()), ..all.clone() }), ["today"]);
    assert_eq!(ask(Ask { drug: Some("ALPRA".to_owned()), ..all.clone() }), ["iv"]);
    assert_eq!(ask(Ask { schedule: Schedule::parse("IV"), ..all.clone() }), ["iv"]);
    assert_eq!(ask(Ask { registration: DeaNumber::parse("FB1234563").ok(), ..all.clone() }), ["today"]);
    let others = on_request("brook", &lines, &all, &agent(), now, &phoenix(), rules.terms());
    refused(others, "RX-LOG-OTHERS");
    let backwards = Ask { from: Some(date(2026, 3, 2)), until: Some(date(2026, 3, 1)), ..all.clone() };
    refused(on_request("brook", &lines, &backwards, &practitioner(), now, &phoenix(), rules.terms()), "RX-LOG-PERIOD");
    let in_force = Rules::of(Profile::in_force());
    let listing =
        on_request("brook", &lines, &all, &practitioner(), now, &phoenix(), in_force.terms()).expect("listed");
    assert_eq!(listing.from, date(2024, 3, 16), "two years in force");
}

/// Requirements: epcs-pre-8-2-log-unusual
#[test]
fn the_log_is_grouped_by_patient_and_drug_with_counts_and_marks_what_is_unusual_without_charts() {
    let rules = Rules::strictest();
    let mut journal = Journal::default();
    let feb = "2026-02-10T18:00:00Z";
    journal.write(Rx { id: "1", signed_at: feb, ..RX }, Until::Accepted);
    journal.write(Rx { id: "2", signed_at: feb, patient: "p-2", last: "Maple", ..RX }, Until::Accepted);
    journal.write(Rx { id: "3", signed_at: feb, patient: "p-2", last: "Maple", ..RX }, Until::Accepted);
    for id in ["4", "5"] {
        journal.write(Rx { id, ..RX }, Until::Accepted);
        journal.write(Rx { id: &format!("{id}b"), patient: "p-2", last: "Maple", ..RX }, Until::Accepted);
    }
    journal.write(Rx { id: "6", patient: "p-3", last: "Alder", drug: "Fentanyl", ..RX }, Until::Accepted);
    let mut shelf = Shelf::new("brook");
    for text in ["2026-02", "2026-03"] {
        let log = log(&journal, text, &phoenix());
        let made = at("2026-04-01T00:05:00-07:00");
        shelf.apply(&shelf.provide(log, made, rules.terms()).expect("provided").0);
    }
    let kept = shelf.get(month("2026-03")).expect("kept");
    let marks = shelf.marks(month("2026-03"));
    let of = |id: &str| {
        let place = kept.log.lines.iter().position(|line| line.prescription == id).expect("a line");
        marks[place].clone()
    };
    assert_eq!(of("4"), [Mark::AboveUsual { count: 2, usual: 1 }]);
    assert_eq!(of("4b"), [], "two in a month are usual for this patient");
    assert_eq!(of("6"), [Mark::FirstTimePatient, Mark::FirstTimeDrug]);
    let counted = |key| groups(&kept.log.lines, key).into_iter().map(|g| (g.name, g.count)).collect::<Vec<_>>();
    let named = |name: &str, count| (name.to_owned(), count);
    assert_eq!(counted(SortKey::Patient), [named("Alder, Pat", 1), named("Maple, Pat", 2), named("Sample, Pat", 2)]);
    assert_eq!(counted(SortKey::Drug), [named("Fentanyl", 1), named("Oxycodone hydrochloride", 4)]);
    assert_eq!(counted(SortKey::Date), [named("2026-03-02", 5)]);
}

#[test]
fn whatever_is_left_out_added_changed_or_appended_later_is_found_against_the_journal() {
    let journal = march();
    let honest = log(&journal, "2026-03", &phoenix());
    let differs = |log: &MonthlyLog| check(log, journal.located(), journal.size());
    let mut short = honest.clone();
    let gone = short.lines.remove(1);
    short.extent.signings -= 1;
    assert_eq!(differs(&short), [Discrepancy::Missing { seq: gone.seq, prescription: gone.prescription.clone() }]);
    let mut long = honest.clone();
    long.lines.push(honest.lines[3].clone());
    long.lines[4].seq += 1;
    long.extent = theriac_prescriber::log::Extent { last: Some(long.lines[4].seq), signings: 5, ..long.extent };
    assert_eq!(differs(&long), [Discrepancy::Extra { seq: long.lines[4].seq, prescription: "e".to_owned() }]);
    let mut altered = honest.clone();
    altered.lines[0].contents.clear(Element::QuantityValue);
    altered.lines[0].contents.set(Element::QuantityValue, "300").expect("fits");
    assert_eq!(differs(&altered), [Discrepancy::Altered { seq: honest.lines[0].seq, prescription: "b".to_owned() }]);
    let mut miscounted = honest.clone();
    miscounted.extent.signings = 3;
    assert_eq!(differs(&miscounted), [Discrepancy::Extent]);
    assert_eq!(check(&honest, journal.located(), 3)[0], Discrepancy::JournalTooShort { given: 3 });
    let mut later = march();
    later.write(Rx { id: "back-dated", ..RX }, Until::Signed);
    let found = check(&honest, later.located(), later.size());
    assert!(matches!(&found[..], [Discrepancy::AppendedLater { prescription, .. }] if prescription == "back-dated"));
}

fn stamp(second: i64) -> String {
    Timestamp::from_second(1_767_000_000 + second).expect("an instant").to_string()
}

fn random_journal(acts: &[(u8, u8, i64)]) -> Journal {
    let mut journal = Journal::default();
    for (n, (who, until, second)) in acts.iter().enumerate() {
        let until = [Until::Draft, Until::Signed, Until::Transmitted, Until::Accepted, Until::Failed, Until::Printed]
            [usize::from(until % 6)];
        let signed_at = stamp(*second);
        let practitioner = if who % 3 == 0 { "reed" } else { "brook" };
        let patient = format!("p-{}", who % 5);
        journal.write(Rx { id: &n.to_string(), practitioner, patient: &patient, signed_at: &signed_at, ..RX }, until);
    }
    journal
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever was signed when: each prescription stands in exactly one month's log, and a log from which any line is
    /// taken is found incomplete.
    #[test]
    fn the_months_logs_together_hold_every_signed_prescription_once(
        acts in prop::collection::vec((any::<u8>(), any::<u8>(), 0i64..20_000_000), 0..40),
        drop in any::<prop::sample::Index>(),
    ) {
        let journal = random_journal(&acts);
        let lines = gather("brook", journal.located());
        let mut seen = Vec::new();
        let mut before = None;
        let mut next = month("2025-12");
        while next <= month("2026-09") {
            let period = Period::of(next, &eastern(), "", before).expect("a period");
            before = Some(period.until);
            let log = MonthlyLog::of("brook", period, &lines, journal.size(), "00", at("2026-10-01T00:05:00-04:00"));
            prop_assert_eq!(check(&log, journal.located(), journal.size()), vec![]);
            prop_assert_eq!(MonthlyLog::from_json(&log.to_json()), Ok(log.clone()));
            seen.extend(log.lines.iter().map(|line| line.seq));
            if !log.lines.is_empty() {
                let mut short = log.clone();
                short.lines.remove(drop.index(log.lines.len()));
                prop_assert!(!check(&short, journal.located(), journal.size()).is_empty());
            }
            next = next.next().expect("a month");
        }
        seen.sort_unstable();
        let mut signed: Vec<u64> = lines.iter().map(|line| line.seq).collect();
        signed.sort_unstable();
        prop_assert_eq!(seen, signed);
    }
}
