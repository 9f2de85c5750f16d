//! How long records are kept: every clock, the latest decides, nothing is erased before.

mod watching;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::sync::Arc;
use theriac_law::Profile;
use theriac_law::edition::Overlay;
use theriac_model::{Actor, Edition, Role};
use theriac_prescriber::audit::{
    Application, AuditEvent, AuditGate, Auditor, Part1311, Regime, ReportKind, Scope, Security, Service, Setting,
    ThirdPartyReport, Users,
};
use theriac_prescriber::incident::{Facts, Signal, TrailEntry, examine};
use theriac_prescriber::log::{Month, MonthlyLog, Period, Shelf};
use theriac_prescriber::retention::{
    Held, Holds, Life, Owner, RecordKind, Release, RetentionEvent, Start, clocks, erase, release, schedule,
};
use watching::{Rules, at, instant, operator, phoenix, practitioner, refused};

fn held(kind: RecordKind, created: Date, begins: &[(Start, Date)]) -> Held {
    Held { seq: 7, stream: "prescription/7".to_owned(), kind, created, begins: begins.to_vec(), life: Life::Over }
}

/// A record with every beginning that it could have on one day.
fn all_on(kind: RecordKind, day: Date) -> Held {
    let begins: Vec<(Start, Date)> = Start::ALL.iter().map(|start| (*start, day)).collect();
    held(kind, day, &begins)
}

fn last(held: &Held, rules: &Rules) -> Date {
    match release(held, held.created, rules.terms()) {
        Release::After(clock) => clock.last,
        Release::NotYet(why) => panic!("{why}"),
    }
}

/// Nobody erases it through `last`, and an operator may on the day after.
fn kept_through(held: &Held, last_day: Date, rules: &Rules) {
    assert_eq!(last(held, rules), last_day, "{}", held.kind);
    for &role in Role::ALL {
        for day in [held.created, last_day - 1.day(), last_day] {
            let by = Actor::new("x", role);
            let refusal =
                refused(erase(held, &Holds::default(), "no longer needed", &by, day, rules.terms()), "RX-KEEP-UNTIL");
            assert!(refusal.what.contains(&last_day.to_string()), "{refusal}");
        }
    }
    let after = last_day.tomorrow().expect("a day");
    let erased = erase(held, &Holds::default(), "no longer needed", &operator(), after, rules.terms()).expect("erased");
    assert!(matches!(erased, RetentionEvent::Erased { last, seq: 7, .. } if last == last_day));
    assert_eq!(release(held, held.created, rules.terms()).first_day(), Some(after));
}

const DAY: Date = date(2026, 3, 2);
const FIVE: Date = date(2031, 3, 2);

/// Requirements: epcs-1311.180-a-1
#[test]
fn every_record_that_part_1311_asks_for_is_kept_five_years_whoever_asks() {
    let rules = Rules::strictest();
    for kind in RecordKind::ALL.iter().filter(|kind| kind.is_of_part_1311()) {
        kept_through(&all_on(*kind, DAY), FIVE, &rules);
    }
    let kinds = RecordKind::ALL.iter().filter(|kind| kind.is_of_part_1311()).count();
    assert_eq!(kinds, RecordKind::ALL.len() - 1, "all but the refill printout");
    assert_eq!(last(&all_on(RecordKind::SignedPrescription, date(2024, 2, 29)), &rules), date(2029, 2, 28));
}

/// Requirements: epcs-1311.130-e
#[test]
fn a_signed_prescription_is_kept_five_years_from_its_issue() {
    let rules = Rules::strictest();
    // Issued after it was entered: the later beginning decides.
    kept_through(
        &held(RecordKind::SignedPrescription, DAY, &[(Start::Issued, date(2026, 3, 9))]),
        date(2031, 3, 9),
        &rules,
    );
    kept_through(&held(RecordKind::SignedPrescription, DAY, &[(Start::Issued, DAY)]), FIVE, &rules);
    let unknown = held(RecordKind::SignedPrescription, DAY, &[]);
    refused(erase(&unknown, &Holds::default(), "old", &operator(), date(2099, 1, 1), rules.terms()), "RX-KEEP-RUNNING");
}

/// Requirements: epcs-1311.260-c
#[test]
fn both_parts_of_what_a_pharmacy_received_are_kept_five_years_from_receipt() {
    let rules = Rules::strictest();
    // Made by the practitioner in March, received in April: the archived original and the pharmacy's own signed copy.
    let received = (Start::Received, date(2026, 4, 2));
    kept_through(&held(RecordKind::ReceivedPrescription, DAY, &[received]), date(2031, 4, 2), &rules);
    let annotation = held(RecordKind::DispensingAnnotation, date(2026, 4, 2), &[(Start::Dispensed, date(2026, 4, 2))]);
    kept_through(&annotation, date(2031, 4, 2), &rules);
}

/// Requirements: epcs-1311.105-d
#[test]
fn a_proofing_document_is_kept_while_access_is_live_and_five_years_from_the_last_prescription_signed_under_it() {
    let rules = Rules::strictest();
    let mut document = held(RecordKind::ProofingDocument, DAY, &[(Start::LastSigned, date(2029, 8, 31))]);
    document.life = Life::Running("access is live".to_owned());
    let live = erase(&document, &Holds::default(), "old", &operator(), date(2099, 1, 1), rules.terms());
    let refusal = refused(live, "RX-KEEP-RUNNING");
    assert!(refusal.what.contains("access is live"), "{refusal}");
    assert_eq!(release(&document, DAY, rules.terms()).first_day(), None);
    document.life = Life::Over;
    kept_through(&document, date(2034, 8, 31), &rules);
    // Nothing was ever signed: five years from the document.
    kept_through(&held(RecordKind::ProofingDocument, DAY, &[]), FIVE, &rules);
}

/// Requirements: epcs-1311.140-c
#[test]
fn a_log_is_kept_as_it_was_shown_with_its_mark_five_years_from_the_review_or_from_its_issue() {
    let rules = Rules::strictest();
    let month = Month::parse("2026-03").expect("a month");
    let period = Period::of(month, &phoenix(), "", None).expect("a period");
    let made = at("2026-04-01T00:05:00-07:00");
    let log = MonthlyLog::of("brook", period, &[], 8, "00", made);
    let mut shelf = Shelf::new("brook");
    shelf.apply(&shelf.provide(log.clone(), made, rules.terms()).expect("provided").0);
    let reviewed = at("2026-04-20T09:00:00-07:00");
    shelf.apply(&shelf.open(month, &practitioner(), reviewed).expect("opened"));
    shelf.apply(&shelf.review(month, &practitioner(), reviewed).expect("reviewed"));
    // A second log of the month changes nothing of what was shown.
    let other = MonthlyLog { made: reviewed, ..log.clone() };
    let other = theriac_prescriber::log::LogEvent::Provided {
        log: other,
        timeliness: theriac_prescriber::terms::Timeliness::Late,
    };
    shelf.apply(&other);
    let kept = shelf.get(month).expect("kept");
    assert_eq!((&kept.log, kept.review.as_ref().map(|review| review.at)), (&log, Some(reviewed)));
    let never = held(RecordKind::MonthlyLog, made.date(), &[]);
    kept_through(&never, date(2031, 4, 1), &rules);
    let with_mark = held(RecordKind::MonthlyLog, made.date(), &[(Start::Reviewed, reviewed.date())]);
    kept_through(&with_mark, date(2031, 4, 20), &rules);
}

fn report(id: &str, audited: Date) -> ThirdPartyReport {
    ThirdPartyReport {
        id: id.to_owned(),
        kind: ReportKind::SysTrust,
        auditor: Auditor { name: "Invented Assurance LLC".to_owned(), qualification: "CPA, licence 1".to_owned() },
        scope: Scope::ALL.to_vec(),
        from: audited - 60.days(),
        audited,
        issued: audited + 5.days(),
        part_1311: Part1311::Meet,
        security: Security::Adequate,
        version: "1.0".to_owned(),
        digest: "ab".repeat(32),
        media: "application/pdf".to_owned(),
    }
}

/// Requirements: epcs-1311.150-c-2, epcs-1311.170-g-3, epcs-1311.250-b, epcs-1311.270-g
#[test]
fn the_audit_reports_of_the_last_five_years_are_all_listed_none_can_be_erased_and_each_has_its_conclusion() {
    let rules = Rules::strictest();
    for application in Application::ALL {
        for regime in Regime::ALL {
            let setting = Setting { application: *application, regime: *regime, service: Service::Hosted };
            let mut gate = AuditGate::new(setting);
            let now = at("2031-06-01T12:00:00-07:00");
            let undecided = ThirdPartyReport { part_1311: Part1311::NotDecided, ..report("r", date(2026, 3, 1)) };
            let told = gate.register(undecided, &operator(), &Users::default(), now, rules.terms());
            refused(told, "RX-AUDIT-OUTCOME");
            for year in 2026..=2031 {
                let report = report(&format!("r-{year}"), date(year, 3, 1));
                let event = gate.register(report, &operator(), &Users::default(), now, rules.terms());
                let AuditEvent::Registered { report, .. } = event.expect("registered").event else {
                    panic!("a report")
                };
                let record = held(RecordKind::AuditReport, report.issued, &[(Start::Issued, report.issued)]);
                kept_through(&record, date(year + 5, 3, 6), &rules);
                gate.apply(&AuditEvent::Registered { report, by: operator() });
            }
            assert_eq!(gate.published().len(), 6);
        }
    }
}

/// Requirements: epcs-1311.170-b-3
#[test]
fn audit_entries_younger_than_five_years_cannot_be_erased_and_a_gap_made_underneath_is_found() {
    let rules = Rules::strictest();
    kept_through(&held(RecordKind::PharmacyTrail, DAY, &[]), FIVE, &rules);
    let shorter = rules_with("state.AZ", "retain.system-record.years", 1);
    kept_through(&held(RecordKind::PharmacyTrail, DAY, &[]), FIVE, &shorter);
    let entry = |seq: u64| TrailEntry {
        seq,
        at: instant("2026-03-02T16:00:00Z"),
        actor: "ash".to_owned(),
        role: Role::Pharmacist,
        stream: "rx/7".to_owned(),
        kind: "rx.opened".to_owned(),
    };
    let setting = Setting { application: Application::Dispensing, regime: Regime::Ordinary, service: Service::Hosted };
    let signals = |trail: &[TrailEntry]| {
        let facts = Facts { trail, ..Facts::default() };
        let when = at("2026-03-02T22:00:00-07:00");
        let run = examine(setting, (0, 4), (when, when), &[], None, &facts);
        run.findings.iter().map(|finding| finding.signal).collect::<Vec<_>>()
    };
    let whole: Vec<TrailEntry> = (0..4).map(entry).collect();
    assert_eq!(signals(&whole), []);
    for gone in 0..4 {
        let mut torn = whole.clone();
        torn.remove(gone);
        assert_eq!(signals(&torn), [Signal::TrailGap], "entry {gone}");
    }
}

/// Requirements: epcs-1306.22-f-3-4
#[test]
fn a_refill_printout_is_kept_at_the_pharmacy_two_years_from_the_dispensing() {
    let rules = Rules::strictest();
    let printout = held(RecordKind::RefillPrintout, DAY, &[(Start::Dispensed, DAY)]);
    assert_eq!(RecordKind::RefillPrintout.owner(), Owner::Pharmacy);
    let early = erase(&printout, &Holds::default(), "old", &operator(), date(2028, 2, 2), rules.terms());
    refused(early, "RX-KEEP-UNTIL");
    kept_through(&printout, date(2028, 3, 2), &rules);
    kept_through(&printout, date(2029, 3, 2), &rules_with("house.chain", "retain.general.years", 3));
}

/// Requirements: epcs-1306.25-g
#[test]
fn a_refill_moves_the_release_to_the_latest_of_two_years_from_it_five_years_and_the_states_term() {
    let received = (Start::Received, DAY);
    for kind in [RecordKind::ReceivedPrescription, RecordKind::TransferredPrescription] {
        let rules = Rules::strictest();
        let with = |refill: Date| held(kind, DAY, &[received, (Start::LastRefill, refill)]);
        kept_through(&with(date(2026, 8, 1)), FIVE, &rules);
        kept_through(&with(date(2029, 8, 1)), date(2031, 8, 1), &rules);
        let arizona = rules_with("state.AZ", "retain.transferred-prescription.years", 7);
        kept_through(&with(date(2026, 8, 1)), date(2033, 8, 1), &arizona);
        let built_in = Rules::of(
            Profile::strictest().in_state(Arc::new(Overlay::built_in(theriac_law::vocab::State::Arizona).clone())),
        );
        kept_through(&with(date(2026, 8, 1)), date(2033, 8, 1), &built_in);
    }
}

fn rules_with(edition: &str, parameter: &str, years: u16) -> Rules {
    let text = format!(
        "edition = \"{edition}\"\n[parameter.\"{parameter}\"]\nvalue = {years}\ncite = \"a test's own term\"\n"
    );
    let overlay = Arc::new(Overlay::parse(&text).expect("an overlay"));
    let profile = Profile::strictest();
    Rules::of(if edition.starts_with("state") { profile.in_state(overlay) } else { profile.with_house(overlay) })
}

/// Requirements: epcs-1311.180-b, epcs-1311.280-b
#[test]
fn a_longer_term_of_a_state_or_agency_moves_every_release_and_a_shorter_one_moves_none() {
    for edition in ["state.AZ", "house.agency"] {
        for (years, expected) in [(7, date(2033, 3, 2)), (5, FIVE), (2, FIVE)] {
            for kind in RecordKind::ALL.iter().filter(|kind| kind.is_of_part_1311()) {
                let longer = rules_with(edition, "retain.system-record.years", years);
                kept_through(&all_on(*kind, DAY), expected, &longer);
                let general = rules_with(edition, "retain.general.years", years);
                kept_through(&all_on(*kind, DAY), expected, &general);
            }
        }
    }
    let record = all_on(RecordKind::Notice, DAY);
    let seven = rules_with("state.AZ", "retain.system-record.years", 7);
    let refusal = refused(
        erase(&record, &Holds::default(), "old", &operator(), date(2032, 1, 1), seven.terms()),
        "RX-KEEP-UNTIL",
    );
    assert_eq!((refusal.edition, refusal.cite.as_str()), (Edition::State(*b"AZ"), "a test's own term"));
}

/// Requirements: epcs-pre-8-3-record-list
#[test]
fn the_retention_schedule_lists_every_kind_with_owner_beginning_and_five_years_or_more() {
    let rules = Rules::strictest();
    let lines = schedule(DAY, rules.terms());
    for (kind, owner) in [
        (RecordKind::ProofingDocument, Owner::Provider),
        (RecordKind::SignedPrescription, Owner::Provider),
        (RecordKind::ReceivedPrescription, Owner::Pharmacy),
        (RecordKind::DispensingAnnotation, Owner::Pharmacy),
        (RecordKind::Backup, Owner::Pharmacy),
        (RecordKind::PharmacyTrail, Owner::Pharmacy),
        (RecordKind::MonthlyLog, Owner::Provider),
        (RecordKind::AuditReport, Owner::Provider),
    ] {
        let of: Vec<_> = lines.iter().filter(|line| line.kind == kind).collect();
        assert!(of.iter().any(|line| line.years >= 5), "{kind}");
        assert!(of.iter().all(|line| line.owner == owner && !line.cite.as_str().is_empty()), "{kind}");
    }
    assert!(RecordKind::ALL.iter().all(|kind| lines.iter().any(|line| line.kind == *kind)));
    // The law in force alone leaves two years.
    let in_force = Rules::of(Profile::in_force());
    assert!(schedule(DAY, in_force.terms()).iter().all(|line| line.years == 2));
}

#[test]
fn a_held_stream_is_kept_after_its_release_until_the_hold_is_lifted() {
    let rules = Rules::strictest();
    let record = all_on(RecordKind::SignedPrescription, DAY);
    let after = date(2040, 1, 1);
    let mut holds = Holds::default();
    refused(holds.hold("prescription/7", " ", &operator()), "RX-HOLD-ROLE");
    refused(holds.hold("prescription/7", "inspection", &practitioner()), "RX-HOLD-ROLE");
    refused(holds.lift("prescription/7", "over", &operator()), "RX-HOLD-NONE");
    holds.apply(&holds.hold("prescription/7", "inspection 12", &operator()).expect("held"));
    refused(holds.hold("prescription/7", "inspection", &operator()), "RX-HOLD-TWICE");
    refused(erase(&record, &holds, "old", &operator(), after, rules.terms()), "RX-KEEP-HELD");
    holds.apply(&holds.lift("prescription/7", "inspection closed", &operator()).expect("lifted"));
    for &role in Role::ALL {
        let erased = erase(&record, &holds, "old", &Actor::new("x", role), after, rules.terms());
        assert_eq!(erased.is_ok(), role == Role::Operator, "{role}");
    }
    refused(erase(&record, &holds, " ", &operator(), after, rules.terms()), "RX-KEEP-ROLE");
}

proptest! {
    /// Whatever the record, its days and the terms: nothing is erased on a day on which any clock still runs, and a longer
    /// State term never brings a release forward.
    #[test]
    fn nothing_is_erased_while_any_clock_runs(
        kind in prop::sample::select(RecordKind::ALL.to_vec()),
        created in 0i32..4000,
        begins in prop::collection::vec((prop::sample::select(Start::ALL.to_vec()), 0i32..4000), 0..6),
        ask in 0i32..9000,
        years in 1u16..12,
    ) {
        let day = |n: i32| date(2020, 1, 1) + n.days();
        let begins: Vec<(Start, Date)> = begins.into_iter().map(|(start, n)| (start, day(n))).collect();
        let record = held(kind, day(created), &begins);
        let rules = Rules::strictest();
        let longer = rules_with("state.AZ", "retain.system-record.years", years);
        match clocks(&record, day(ask), rules.terms()) {
            Err(_) => prop_assert!(erase(&record, &Holds::default(), "old", &operator(), day(ask), rules.terms()).is_err()),
            Ok(running) => {
                let free = running.iter().all(|clock| day(ask) > clock.last);
                let erased = erase(&record, &Holds::default(), "old", &operator(), day(ask), rules.terms());
                prop_assert_eq!(erased.is_ok(), free);
                if let Ok(event) = erased {
                    prop_assert_eq!(RetentionEvent::read(event.kind(), &event.body()), Ok(event));
                }
                prop_assert!(last(&record, &longer) >= last(&record, &rules));
            }
        }
    }
}
