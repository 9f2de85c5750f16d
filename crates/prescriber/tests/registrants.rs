//! Registrant data: which file is taken, how old it may be, and what a change of a registration does to those who sign.

mod common;

use common::{Case, az, controller, data_of, hospital_number, new_token, number, row, today};
use jiff::civil::{Date, date};
use theriac_model::{BusinessActivity, DrugSchedules, RegistrantRow, RegistrantStatus, Registration, Role, Schedule};
use theriac_prescriber::access_event::Standing;
use theriac_prescriber::registrants::{Age, Import, Manifest, Snapshot, Sweep, To, accept, sweep};
use theriac_prescriber::{AccessEvent, Signer};

fn active() -> (Case, Signer) {
    active_in(Case::default())
}

fn active_in(mut case: Case) -> (Case, Signer) {
    let mut signer = case.granted();
    let bound = signer.bind(&new_token("t-1", "S-1"), &controller("ben"), &[], &case.review(&signer)).expect("bound");
    signer.apply(&bound);
    (case, signer)
}

/// Rechecks one person with data in which the practitioner's row is changed, and applies what was decided.
fn recheck(signer: &mut Signer, case: &Case, data: Option<&Snapshot>) -> Sweep {
    let found = sweep([&*signer], data, &case.rules());
    for outcome in &found.people {
        for event in &outcome.events {
            signer.apply(event);
        }
    }
    found
}

fn told(found: &Sweep) -> Vec<&'static str> {
    found.people.iter().flat_map(|outcome| &outcome.notices).map(|notice| notice.what.code.0).collect()
}

/// What becomes of a person who signs when the row is changed so: the refusal at signing, and what is told.
fn check(change: impl FnOnce(&mut RegistrantRow), refusal: Option<&str>, notices: &[&str]) {
    let (case, mut signer) = active();
    let mut changed = row(number(), "BROOK, ALEX MD");
    change(&mut changed);
    let data = data_of(today()).with(changed);
    let found = recheck(&mut signer, &case, Some(&data));
    assert_eq!(told(&found), notices);
    let may = signer.may_sign(&Registration::Own(number()), "t-1", today());
    assert_eq!(may.err().map(|refusal| refusal.code.0), refusal);
    for notice in found.people.iter().flat_map(|outcome| &outcome.notices) {
        assert_eq!(notice.to, [To::Practitioner, To::Provider, To::AccessControllers]);
        assert_eq!(notice.person.as_deref(), Some("brook"));
    }
    // Once decided, the same data decides nothing more.
    assert!(recheck(&mut signer, &case, Some(&data)).people.is_empty());
}

/// Each way in which a registration ends revokes the tokens at once, and practitioner and provider are told.
///
/// Requirements: epcs-1311.135-c-2
#[test]
fn a_registration_that_ended_revokes_its_tokens_at_once() {
    let revoked = Some("RX-TOKEN-REVOKED");
    check(|_| {}, None, &[]);
    for status in [
        RegistrantStatus::Inactive,
        RegistrantStatus::Retired,
        RegistrantStatus::Surrendered,
        RegistrantStatus::Suspended,
        RegistrantStatus::Revoked,
    ] {
        check(|row| row.status = status, revoked, &["RX-REGISTRANT-STATUS"]);
    }
    check(|row| row.activity = BusinessActivity::Pharmacy, revoked, &["RX-REGISTRANT-ACTIVITY"]);
    check(|row| row.activity = BusinessActivity::MidLevel, None, &[]);
    check(|row| row.expires = today(), revoked, &["RX-REGISTRANT-EXPIRED"]);
    check(|row| row.expires = today().yesterday().expect("a day"), revoked, &["RX-REGISTRANT-EXPIRED"]);
    check(|row| row.expires = today().tomorrow().expect("a day"), None, &[]);
    let (case, mut signer) = active();
    let found = recheck(&mut signer, &case, Some(&Snapshot::new(today())));
    assert_eq!(told(&found), ["RX-REGISTRANT-ABSENT"]);
    assert!(signer.may_sign(&Registration::Own(number()), "t-1", today()).is_err());
}

/// What is not clear suspends, and resumes by itself once it is clear; what a person suspended, it leaves.
#[test]
fn what_is_not_clear_suspends_until_it_is() {
    let own = Registration::Own(number());
    check(|row| row.state = "NV".into(), Some("RX-TOKEN-SUSPENDED"), &["RX-REGISTRANT-MOVED", "RX-REGISTRANT-STATE"]);
    let (case, mut signer) = active();
    let unreadable = data_of(today()).unreadable(number());
    assert_eq!(told(&recheck(&mut signer, &case, Some(&unreadable))), ["RX-REGISTRANT-UNREADABLE"]);
    assert_eq!(signer.may_sign(&own, "t-1", today()).expect_err("suspended").code.0, "RX-TOKEN-SUSPENDED");
    assert!(recheck(&mut signer, &case, Some(&unreadable)).people.is_empty(), "told once");
    recheck(&mut signer, &case, Some(&data_of(today())));
    assert!(signer.may_sign(&own, "t-1", today()).is_ok());
    let by = theriac_model::Actor::new("ada", Role::AccessController);
    let suspended =
        theriac_prescriber::TokenEvent::Suspended { credential: "t-1".into(), reason: "inquiry".into(), by };
    signer.apply(&suspended.into());
    recheck(&mut signer, &case, Some(&data_of(today())));
    assert!(signer.may_sign(&own, "t-1", today()).is_err());
}

/// A licence whose last day has passed suspends until the State was asked again.
#[test]
fn a_licence_that_ran_out_suspends_until_it_is_checked_again() {
    let (mut case, mut signer) = active();
    let own = Registration::Own(number());
    case.today = date(2026, 12, 31);
    assert!(recheck(&mut signer, &case, Some(&data_of(case.today))).people[0].notices.is_empty());
    assert!(signer.may_sign(&own, "t-1", case.today).is_ok(), "its last day");
    case.today = date(2027, 1, 1);
    assert_eq!(told(&recheck(&mut signer, &case, Some(&data_of(case.today)))), ["RX-CHECK-ENDED"]);
    assert!(signer.may_sign(&own, "t-1", case.today).is_err());
    let renewed = theriac_prescriber::proofing::Check {
        valid_until: Some(date(2028, 12, 31)),
        ..common::check_of(theriac_prescriber::proofing::CheckKind::Licence, az())
    };
    let checked = signer.record_check(renewed).expect("recorded");
    signer.apply(&checked);
    recheck(&mut signer, &case, Some(&data_of(case.today)));
    assert!(signer.may_sign(&own, "t-1", case.today).is_ok());
}

/// Access ends at the start of the expiration date; a renewal in the data carries the token on, and the determination is
/// recorded.
///
/// Requirements: epcs-1311.135-b
#[test]
fn access_ends_on_the_expiration_date_unless_the_data_shows_a_renewal() {
    let own = Registration::Own(number());
    let mut lasting = Case::default();
    lasting.checks[0].valid_until = None;
    let (mut case, signer) = active_in(lasting);
    case.today = date(2027, 6, 29);
    let fresh = |today: Date| data_of(today);
    let mut runs = signer.clone();
    recheck(&mut runs, &case, Some(&fresh(case.today)));
    assert!(runs.may_sign(&own, "t-1", case.today).is_ok());
    case.today = date(2027, 6, 30);
    assert!(runs.may_sign(&own, "t-1", case.today).is_err(), "even before any recheck");
    assert_eq!(told(&recheck(&mut runs.clone(), &case, Some(&fresh(case.today)))), ["RX-REGISTRANT-EXPIRED"]);
    assert_eq!(told(&recheck(&mut runs.clone(), &case, None)), ["RX-REGISTRANT-EXPIRED"], "stale data saves nothing");
    let mut renewed = signer;
    let data = fresh(case.today).with(RegistrantRow { expires: date(2030, 6, 30), ..row(number(), "BROOK, ALEX MD") });
    let found = recheck(&mut renewed, &case, Some(&data));
    assert!(found.people[0].events.iter().any(|event| event.kind() == "token.extended"));
    assert!(renewed.may_sign(&own, "t-1", case.today).is_ok());
    assert!(renewed.may_sign(&own, "t-1", date(2030, 6, 29)).is_ok());
    assert!(renewed.may_sign(&own, "t-1", date(2030, 6, 30)).is_err());
    let mut late = runs;
    recheck(&mut late, &case, Some(&fresh(case.today)));
    recheck(&mut late, &case, Some(&data));
    assert!(late.may_sign(&own, "t-1", case.today).is_err(), "what was revoked stays revoked");
}

/// A registration that lost schedules signs no more for them; the change is told.
///
/// Requirements: epcs-1311.105-c-4
#[test]
fn schedules_that_were_narrowed_bind_at_once() {
    let (case, mut signer) = active();
    let narrowed = RegistrantRow {
        schedules: DrugSchedules::parse("33N 4 5").expect("schedules"),
        ..row(number(), "BROOK, ALEX MD")
    };
    let found = recheck(&mut signer, &case, Some(&data_of(today()).with(narrowed)));
    assert_eq!(told(&found), ["RX-REGISTRANT-NARROWED"]);
    let checked = signer.registration(number()).expect("checked");
    assert_eq!(checked.schedules, [Schedule::III, Schedule::IV, Schedule::V]);
    assert_eq!(checked.standing, Standing::Valid);
}

/// A new address in the same State is recorded and told; it stops nothing.
#[test]
fn a_new_address_is_told() {
    check(|row| row.line_1 = "21 Example Street".into(), None, &["RX-REGISTRANT-MOVED"]);
}

/// The check is repeated at least weekly: a warning comes before the seventh day, and on the eighth nobody signs.
///
/// Requirements: epcs-1311.135-c-1
#[test]
fn data_warns_before_the_seventh_day_and_stops_signing_after_it() {
    let (mut case, mut signer) = active();
    let data = data_of(date(2026, 3, 1));
    for (day, age, notices) in [
        (date(2026, 3, 1), Age::Fresh, &[][..]),
        (date(2026, 3, 5), Age::Fresh, &[]),
        (date(2026, 3, 6), Age::GoingStale(3), &["RX-REGISTRANT-GOING-STALE"]),
        (date(2026, 3, 8), Age::GoingStale(1), &["RX-REGISTRANT-GOING-STALE"]),
        (date(2026, 3, 9), Age::Stale, &["RX-REGISTRANT-STALE"]),
    ] {
        case.today = day;
        let found = recheck(&mut signer, &case, Some(&data));
        assert_eq!(found.age, age, "{day}");
        let codes: Vec<_> = found.notices.iter().map(|notice| notice.what.code.0).collect();
        assert_eq!(codes, notices, "{day}");
        assert!(signer.may_sign(&Registration::Own(number()), "t-1", day).is_ok(), "the token itself is not revoked");
    }
    let never = sweep([&signer], None, &case.rules());
    assert_eq!(never.age, Age::Stale);
    assert!(never.people.is_empty(), "nothing is revoked for want of data");
}

/// Age counts from the day of issue, not from the day of the download; each recheck leaves the data's day with the person.
///
/// Requirements: epcs-pre-8-cache-age
#[test]
fn age_counts_from_the_day_of_issue() {
    let (mut case, mut signer) = active();
    let rely = |issued, case: &Case| data_of(issued).rely(&case.rules()).map_err(|refusal| refusal.code.0);
    assert_eq!(rely(date(2026, 2, 24), &case), Ok(()), "issued six days ago");
    assert_eq!(rely(date(2026, 2, 23), &case), Ok(()), "seven");
    assert_eq!(rely(date(2026, 2, 22), &case), Err("RX-REGISTRANT-STALE"), "eight days ago, though loaded today");
    assert_eq!(rely(date(2026, 3, 3), &case), Err("RX-REGISTRANT-STALE"), "tomorrow is no day of issue");
    case.profile = theriac_law::Profile::named("in-force").expect("a profile");
    assert_eq!(rely(date(2020, 1, 1), &case), Ok(()), "the law in force names no age");
    case.profile = theriac_law::Profile::strictest();
    recheck(&mut signer, &case, Some(&data_of(today())));
    assert_eq!(signer.registration(number()).map(|checked| checked.data_issued), Some(today()));
}

fn import(rows: u64, refused: u64) -> Import {
    Import { rows, refused, cut_off: false, digest: "ab".repeat(32) }
}

fn manifest(issued: Date) -> Manifest {
    Manifest { issued: Some(issued), rows: None, digest: None }
}

fn taken(import: &Import, manifest: &Manifest, former: Option<(Date, u64)>) -> Result<Date, Vec<&'static str>> {
    let answer = accept(import, manifest, former, today());
    answer.map_err(|refusals| refusals.iter().map(|refusal| refusal.code.0).collect())
}

/// The day of issue is mandatory; a file that was cut off, altered or is older is refused, and the former one stays.
///
/// Requirements: epcs-pre-8-registrant-data
#[test]
fn a_file_is_taken_when_it_is_dated_whole_and_newer() {
    let issued = date(2026, 3, 1);
    let good = import(1_000_000, 0);
    assert_eq!(taken(&good, &manifest(issued), None), Ok(issued));
    let undated = Manifest { issued: None, ..manifest(issued) };
    assert_eq!(taken(&good, &undated, None), Err(vec!["RX-REGISTRANT-ISSUED"]));
    assert_eq!(taken(&good, &manifest(date(2026, 3, 3)), None), Err(vec!["RX-REGISTRANT-ISSUED"]));
    assert_eq!(taken(&good, &manifest(today()), None), Ok(today()));
    let cut = Import { cut_off: true, ..good.clone() };
    assert_eq!(taken(&cut, &manifest(issued), None), Err(vec!["RX-REGISTRANT-CUT-OFF"]));
    assert_eq!(taken(&import(0, 0), &manifest(issued), None), Err(vec!["RX-REGISTRANT-EMPTY"]));
    let announced =
        |rows, digest: &str| Manifest { issued: Some(issued), rows: Some(rows), digest: Some(digest.into()) };
    assert_eq!(taken(&good, &announced(1_000_000, &"AB".repeat(32)), None), Ok(issued));
    assert_eq!(taken(&good, &announced(999_999, &"ab".repeat(32)), None), Err(vec!["RX-REGISTRANT-ROWS"]));
    assert_eq!(taken(&good, &announced(1_000_000, &"ac".repeat(32)), None), Err(vec!["RX-REGISTRANT-ALTERED"]));
    assert_eq!(taken(&good, &manifest(issued), Some((issued, 1_000_000))), Ok(issued), "the same day again");
    assert_eq!(taken(&good, &manifest(issued), Some((date(2026, 3, 2), 1_000_000))), Err(vec!["RX-REGISTRANT-OLDER"]));
}

/// Single bad lines cost their rows; many cost the file. A set that shrank is taken only when its manifest says so.
#[test]
fn a_file_with_many_bad_lines_or_much_fewer_rows_is_not_taken() {
    let issued = date(2026, 3, 1);
    let bad = |rows, refused| taken(&import(rows, refused), &manifest(issued), None);
    assert_eq!(bad(50, 10), Ok(issued));
    assert_eq!(bad(50, 11), Err(vec!["RX-REGISTRANT-BAD-LINES"]));
    assert_eq!(bad(99_900, 100), Ok(issued));
    assert_eq!(bad(99_899, 101), Err(vec!["RX-REGISTRANT-BAD-LINES"]));
    let former = Some((date(2026, 2, 22), 1_000));
    assert_eq!(taken(&import(900, 0), &manifest(issued), former), Ok(issued));
    assert_eq!(taken(&import(899, 0), &manifest(issued), former), Err(vec!["RX-REGISTRANT-SHRUNK"]));
    let announced = Manifest { rows: Some(899), ..manifest(issued) };
    assert_eq!(taken(&import(899, 0), &announced, former), Ok(issued));
}

/// Somebody under an institution's registration stands and falls with the institution's.
#[test]
fn an_institutions_registration_carries_those_who_use_it() {
    use theriac_prescriber::enrolment::Intended;
    use theriac_prescriber::proofing::{Said, Under};
    let registration = Registration::Institutional { number: hospital_number(), internal_code: "012".into() };
    let mut case = Case::default();
    case.application.intends = vec![Intended { state: az(), registration: registration.clone() }];
    case.contacts = vec![common::contact_of(hospital_number())];
    case.document.as_mut().expect("a document").places[0].under = Under::Institution {
        number: hospital_number().to_string(),
        internal_code: "012".into(),
        acknowledged: Said::Yes,
    };
    let mut signer = case.granted();
    let token = theriac_prescriber::token::NewToken { registration: registration.clone(), ..new_token("t-1", "S-1") };
    signer.apply(&signer.bind(&token, &controller("ben"), &[], &case.review(&signer)).expect("bound"));
    recheck(&mut signer, &case, Some(&data_of(today())));
    assert!(signer.may_sign(&registration, "t-1", today()).is_ok());
    let ended = RegistrantRow {
        activity: BusinessActivity::Institution,
        status: RegistrantStatus::Revoked,
        ..row(hospital_number(), "EXAMPLE HOSPITAL")
    };
    let found = recheck(&mut signer, &case, Some(&data_of(today()).with(ended)));
    assert_eq!(told(&found), ["RX-REGISTRANT-STATUS"]);
    assert!(signer.may_sign(&registration, "t-1", today()).is_err());
    assert!(
        matches!(found.people[0].events.last(), Some(AccessEvent::CredentialRevoked { by, .. }) if by.role == Role::System)
    );
}
