//! The practitioner's duties: acknowledged, told in time, determined every year; and the clearance they leave behind.

mod watching;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use theriac_law::{Moment, Profile, When};
use theriac_model::{Actor, CanonicalContents, Element, Registration, Role};
use theriac_prescriber::audit::{
    Application, AuditEvent, AuditGate, Auditor, Part1311, Regime, ReportKind, Scope, Security, Service, Setting,
    ThirdPartyReport,
};
use theriac_prescriber::duties::{
    Acknowledged, Clearance, Dispute, Duties, Duty, DutyEvent, DutyState, Ground, Outcome, TokenReported, page,
    preparation, uses,
};
use theriac_prescriber::event::Routing;
use theriac_prescriber::log::{LogEvent, Month, MonthlyLog, Period, Shelf, gather};
use theriac_prescriber::notice::{Addressee, Channel, Enclosure, NoticeEvent, Notices, Progress, Sent};
use theriac_prescriber::terms::Timeliness;
use theriac_prescriber::token_event::{Loss, LossKind};
use theriac_prescriber::{AccessEvent, Draft, Event, Signer, TokenEvent};
use watching::{
    Journal, RX, Rules, Rx, Until, agent, at, contents, operator, pharmacist, phoenix, practitioner, program, refused,
};

const AUDITED: Date = date(2026, 1, 10);

fn report(id: &str, audited: Date, part_1311: Part1311) -> AuditEvent {
    let report = ThirdPartyReport {
        id: id.to_owned(),
        kind: ReportKind::WebTrust,
        auditor: Auditor { name: "Invented Assurance LLC".to_owned(), qualification: "CPA, licence 1".to_owned() },
        scope: Scope::ALL.to_vec(),
        from: audited - 60.days(),
        audited,
        issued: audited + 5.days(),
        part_1311,
        security: Security::Adequate,
        version: "1.0".to_owned(),
        digest: "ab".repeat(32),
        media: "application/pdf".to_owned(),
    };
    AuditEvent::Registered { report, by: operator() }
}

fn gate() -> AuditGate {
    let setting = Setting { application: Application::Prescribing, regime: Regime::Ordinary, service: Service::Hosted };
    AuditGate::replay(setting, &[report("r-1", AUDITED, Part1311::Meet)])
}

const NOON: &str = "2026-02-02T12:00:00-07:00";

fn ready() -> Duties {
    let mut duties = Duties::new("brook");
    for what in Acknowledged::ALL {
        duties.apply(&duties.acknowledge(&practitioner(), *what, at(NOON)).expect("acknowledged"));
    }
    let determined = duties.determine(&practitioner(), "r-1", Outcome::Meets, &gate(), at(NOON));
    duties.apply(&determined.expect("determined"));
    duties
}

fn clearance(duties: &Duties, gate: &AuditGate, day: Date) -> Result<Clearance, theriac_model::Refusal> {
    Clearance::ask(duties, gate, day, Rules::strictest().terms())
}

/// Requirements: epcs-1311.100-c, epcs-1311.200-d
#[test]
fn before_the_first_signature_the_practitioner_acknowledges_the_responsibility_and_the_dated_record_stays() {
    for missing in Acknowledged::ALL {
        let mut duties = Duties::new("brook");
        for what in Acknowledged::ALL.iter().filter(|what| *what != missing) {
            duties.apply(&duties.acknowledge(&practitioner(), *what, at(NOON)).expect("acknowledged"));
        }
        let determined = duties.determine(&practitioner(), "r-1", Outcome::Meets, &gate(), at(NOON));
        duties.apply(&determined.expect("determined"));
        let refusal = refused(clearance(&duties, &gate(), date(2026, 2, 2)), "RX-DUTY-NOT-ACKNOWLEDGED");
        assert!(refusal.what.contains(missing.word()), "{refusal}");
        let event = duties.acknowledge(&practitioner(), *missing, at(NOON)).expect("acknowledged");
        duties.apply(&event);
        assert!(clearance(&duties, &gate(), date(2026, 2, 2)).is_ok());
        assert_eq!(duties.acknowledged(*missing), Some(at(NOON)));
        assert_eq!(event.body()["version"], missing.version());
        for by in [agent(), operator(), program(), Actor::new("reed", Role::Prescriber)] {
            refused(duties.acknowledge(&by, *missing, at(NOON)), "RX-DUTY-IN-PERSON");
        }
    }
    assert!(Acknowledged::Responsibility.text().contains("I answer for it, also where an agent"));
}

#[test]
fn other_words_are_acknowledged_anew() {
    let mut duties = ready();
    let old = DutyEvent::Acknowledged {
        by: practitioner(),
        what: Acknowledged::Custody,
        version: "custody-0".to_owned(),
        at: at(NOON),
    };
    duties.apply(&old);
    refused(clearance(&duties, &gate(), date(2026, 2, 2)), "RX-DUTY-NOT-ACKNOWLEDGED");
}

/// Requirements: epcs-1311.155-f-1
#[test]
fn signing_waits_for_the_determination_from_the_audit_report_and_asks_for_it_again_after_twelve_months() {
    let mut gate = gate();
    let mut duties = Duties::new("brook");
    for what in Acknowledged::ALL {
        duties.apply(&duties.acknowledge(&practitioner(), *what, at(NOON)).expect("acknowledged"));
    }
    refused(clearance(&duties, &gate, date(2026, 2, 2)), "RX-DUTY-NOT-DETERMINED");
    refused(duties.determine(&practitioner(), "r-9", Outcome::Meets, &gate, at(NOON)), "RX-DUTY-REPORT");
    refused(duties.determine(&agent(), "r-1", Outcome::Meets, &gate, at(NOON)), "RX-DUTY-IN-PERSON");
    let determined = duties.determine(&practitioner(), "r-1", Outcome::Meets, &gate, at(NOON)).expect("determined");
    duties.apply(&determined);
    let cleared = clearance(&duties, &gate, date(2026, 2, 2)).expect("cleared");
    assert_eq!((cleared.practitioner(), cleared.report(), cleared.on()), ("brook", "r-1", date(2026, 2, 2)));
    gate.apply(&report("r-2", date(2027, 1, 5), Part1311::Meet));
    assert!(clearance(&duties, &gate, date(2027, 2, 2)).is_ok(), "the last day of the year is inside");
    refused(clearance(&duties, &gate, date(2027, 2, 3)), "RX-DUTY-DETERMINED-LATE");
    // The law in force asks once.
    let in_force = Rules::of(Profile::in_force());
    assert!(Clearance::ask(&duties, &gate, date(2027, 2, 3), in_force.terms()).is_ok());
    let later = at("2027-02-03T12:00:00-07:00");
    duties.apply(&duties.determine(&practitioner(), "r-2", Outcome::Meets, &gate, later).expect("determined"));
    assert!(clearance(&duties, &gate, date(2027, 2, 3)).is_ok());
}

/// Requirements: epcs-1311.155-f-2
#[test]
fn a_determination_that_the_system_does_not_meet_the_rules_or_the_providers_notice_ends_signing_at_once() {
    let mut duties = ready();
    let unfit = duties.determine(&practitioner(), "r-1", Outcome::DoesNotMeet, &gate(), at(NOON)).expect("determined");
    duties.apply(&unfit);
    refused(clearance(&duties, &gate(), date(2026, 2, 2)), "RX-DUTY-UNFIT");
    // Somebody else is not touched by it; the provider's own notice stops everybody.
    assert!(clearance(&ready(), &gate(), date(2026, 2, 2)).is_ok());
    let mut gate = gate();
    let on = date(2026, 2, 5);
    gate.apply(&AuditEvent::DeclaredUnfit { by: operator(), on, what: "keys leaked".to_owned() });
    refused(clearance(&ready(), &gate, on), "RX-AUDIT-ADVERSE");
    gate.apply(&report("r-2", date(2026, 3, 1), Part1311::Meet));
    refused(clearance(&ready(), &gate, date(2026, 3, 10)), "RX-DUTY-DETERMINED-BEFORE");
    let again = at("2026-03-10T12:00:00-07:00");
    let mut duties = ready();
    duties.apply(&duties.determine(&practitioner(), "r-2", Outcome::Meets, &gate, again).expect("determined"));
    assert!(clearance(&duties, &gate, date(2026, 3, 10)).is_ok());
    let adverse = report("r-3", date(2026, 3, 2), Part1311::DoNotMeet(vec!["1311.125(a)".to_owned()]));
    gate.apply(&adverse);
    refused(duties.determine(&practitioner(), "r-3", Outcome::Meets, &gate, again), "RX-DUTY-ADVERSE");
}

/// Brook's right to sign with three credentials on two devices; t-old was revoked before.
fn signer() -> Signer {
    let mut signer = Signer::new("brook");
    for (credential, serial) in [("t-1", "S-1"), ("t-2", "S-2"), ("t-old", "S-1")] {
        signer.apply(&AccessEvent::Token(TokenEvent::Bound {
            credential: credential.to_owned(),
            registration: Registration::parse("AB1234563").expect("a registration"),
            device: "key".to_owned(),
            serial: serial.to_owned(),
            expires: date(2027, 6, 30),
            public_key: "04".to_owned(),
            by: operator(),
        }));
    }
    let replaced =
        AccessEvent::CredentialRevoked { credential: "t-old".into(), reason: "replaced".into(), by: operator() };
    signer.apply(&replaced);
    signer
}

fn lost(by: Actor, serial: Option<&str>, discovered: &str, reported: Moment) -> Loss {
    Loss {
        kind: LossKind::Lost,
        serial: serial.map(str::to_owned),
        discovered: at(discovered).timestamp,
        reported: reported.timestamp,
        channel: "telephone".to_owned(),
        by,
    }
}

fn report_token(loss: Loss, notices: &Notices) -> Result<TokenReported, theriac_model::Refusal> {
    let rules = Rules::strictest();
    ready().report_token(loss, &signer(), notices, jiff::tz::offset(-7), rules.terms())
}

fn revoked(events: &[AccessEvent]) -> Vec<&str> {
    let credential = |event: &'_ AccessEvent| match event {
        AccessEvent::CredentialRevoked { credential, .. } => Some(credential.clone()),
        _ => None,
    };
    let found: Vec<String> = events.iter().filter_map(credential).collect();
    ["t-1", "t-2", "t-old"].into_iter().filter(|id| found.iter().any(|one| one == id)).collect()
}

/// Requirements: epcs-1311.155-c
#[test]
fn a_token_reported_within_or_after_twelve_hours_is_revoked_at_once_and_told_in_time_or_late() {
    let now = at("2026-03-02T20:00:00-07:00");
    let check = |by: Actor, discovered: &str, expected: Timeliness| {
        let loss = lost(by, Some("S-1"), discovered, now);
        let found = report_token(loss.clone(), &Notices::default()).expect("told without any token");
        assert_eq!(revoked(&found.events), ["t-1"], "{discovered}");
        assert!(found.events.contains(&AccessEvent::Token(TokenEvent::Lost(loss))), "both times are stored");
        assert_eq!(found.timeliness, expected, "{discovered}");
        let mut notices = Notices::default();
        for event in &found.notices {
            notices.apply(event);
        }
        let given: Vec<(Addressee, bool)> =
            notices.iter().map(|item| (item.notice.to.clone(), item.sent.is_some())).collect();
        assert_eq!(given, [(Addressee::AccessControllers, false), (Addressee::Provider, true)]);
        let provider = notices.iter().find(|item| item.sent.is_some()).expect("the provider's");
        assert_eq!(provider.progress(now), Progress::Given(expected));
    };
    check(practitioner(), "2026-03-02T09:00:00-07:00", Timeliness::InTime);
    check(practitioner(), "2026-03-02T08:00:00-07:00", Timeliness::InTime);
    check(practitioner(), "2026-03-02T07:59:59-07:00", Timeliness::Late);
    check(practitioner(), "2026-03-02T07:00:00-07:00", Timeliness::Late);
    check(operator(), "2026-03-02T07:00:00-07:00", Timeliness::Late);
}

#[test]
fn a_report_that_names_no_device_revokes_all_that_serve_and_others_tell_nothing() {
    let now = at("2026-03-02T20:00:00-07:00");
    let discovered = "2026-03-02T19:00:00-07:00";
    let tell = |by: Actor, serial: Option<&str>| report_token(lost(by, serial, discovered, now), &Notices::default());
    let all = tell(practitioner(), None).expect("told");
    assert_eq!(revoked(&all.events), ["t-1", "t-2"], "t-old was revoked before");
    refused(tell(practitioner(), Some("S-9")), "RX-TOKEN-UNKNOWN");
    for by in [agent(), program(), pharmacist(), Actor::new("reed", Role::Prescriber)] {
        refused(tell(by, None), "RX-TOKEN-REPORTER");
    }
    let rules = Rules::strictest();
    let other = Duties::new("reed");
    let loss = lost(operator(), None, discovered, now);
    let told = other.report_token(loss, &signer(), &Notices::default(), jiff::tz::offset(-7), rules.terms());
    refused(told, "RX-DUTY-TELL");
}

/// Requirements: epcs-1311.155-e
#[test]
fn disputing_a_line_of_the_log_tells_the_provider_and_writes_the_notice_to_dea_with_the_archived_copy() {
    let rules = Rules::strictest();
    let mut journal = Journal::default();
    journal.write(RX, Until::Accepted);
    let lines = gather("brook", journal.located());
    let now = at("2026-03-05T20:00:00-07:00");
    let dispute = |discovered: &str, by: Actor| Dispute {
        by,
        line: &lines[0],
        ground: Ground::NotSigned,
        discovered: at(discovered),
        archived: vec![Enclosure { what: "the message as sent".to_owned(), digest: "cd".repeat(32) }],
    };
    for (discovered, expected) in
        [("2026-03-05T08:00:00-07:00", Timeliness::InTime), ("2026-03-05T07:59:59-07:00", Timeliness::Late)]
    {
        let mut duties = ready();
        let found = duties.dispute(dispute(discovered, practitioner()), &Notices::default(), now, rules.terms());
        let found = found.expect("disputed");
        let mut notices = Notices::default();
        for event in &found.notices {
            notices.apply(event);
        }
        let by_addressee = |notices: &Notices, to: Addressee| {
            notices.iter().find(|item| item.notice.to == to).cloned().unwrap_or_else(|| panic!("no notice to {to}"))
        };
        assert_eq!(by_addressee(&notices, Addressee::Provider).progress(now), Progress::Given(expected));
        let dea = by_addressee(&notices, Addressee::Administration);
        let due = at(discovered).hours_later(12).expect("an instant");
        assert_eq!(dea.notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Instant(due)));
        let digests: Vec<&str> = dea.notice.enclosures.iter().map(|one| one.digest.as_str()).collect();
        assert_eq!(digests, ["ef".repeat(32), "cd".repeat(32)]);
        let waiting = if expected == Timeliness::Late { Progress::Overdue } else { Progress::Open };
        assert_eq!(dea.progress(now), waiting);
        let sent = Sent { by: practitioner(), at: now, how: Channel::Fax, reached: "field office".into(), proof: None };
        let sent = notices.give(&dea.notice.id, sent, now).expect("given");
        notices.apply(&sent);
        assert!(
            matches!(by_addressee(&notices, Addressee::Administration).progress(now), Progress::Given(found) if found == expected)
        );
        duties.apply(&found.event);
        assert_eq!(duties.disputes_of("1").count(), 1);
        let again = duties.dispute(dispute(discovered, practitioner()), &notices, now, rules.terms()).expect("again");
        assert_eq!(again.notices, [], "what is on the list is not raised twice");
    }
    let report =
        |by: Actor| ready().dispute(dispute("2026-03-05T08:00:00-07:00", by), &Notices::default(), now, rules.terms());
    for by in [agent(), program(), Actor::new("reed", Role::Prescriber)] {
        refused(report(by), "RX-DUTY-TELL");
    }
    assert!(report(operator()).is_ok(), "an operator takes it down by telephone");
}

/// Requirements: epcs-1311.155-b, epcs-1311.255-a
#[test]
fn custody_is_acknowledged_and_each_use_of_a_credential_is_listed_with_time_and_place_and_can_be_disputed() {
    assert!(ready().acknowledged(Acknowledged::Custody).is_some());
    assert!(Acknowledged::Custody.text().contains("sole possession"));
    let mut journal = Journal::default();
    journal.write(RX, Until::Accepted);
    journal.write(Rx { id: "2", signed_at: "2026-03-04T16:00:00Z", ..RX }, Until::Signed);
    journal.write(Rx { id: "3", practitioner: "reed", ..RX }, Until::Signed);
    let lines = gather("brook", journal.located());
    let found = uses(&lines);
    let listed: Vec<(&str, &str, &str)> =
        found.iter().map(|one| (one.prescription.as_str(), one.place.as_str(), one.credential.as_str())).collect();
    assert_eq!(listed, [("2", "AB1234563", "t-1"), ("1", "AB1234563", "t-1")]);
    assert_eq!(found[0].at.to_string(), "2026-03-04T16:00:00Z");
    let line = lines.iter().find(|line| line.seq == found[0].seq).expect("the use's line");
    let dispute = Dispute {
        by: practitioner(),
        line,
        ground: Ground::NotSigned,
        discovered: at("2026-03-05T08:00:00-07:00"),
        archived: vec![],
    };
    let now = at("2026-03-05T09:00:00-07:00");
    let rules = Rules::strictest();
    let disputed = ready().dispute(dispute, &Notices::default(), now, rules.terms()).expect("disputed");
    assert!(matches!(disputed.event, DutyEvent::Disputed { seq, .. } if seq == found[0].seq));
}

fn statuses(duties: &Duties, shelf: &Shelf, notices: &Notices, now: Moment) -> Vec<(Duty, DutyState)> {
    let rules = Rules::strictest();
    page(duties, shelf, notices, now, rules.terms()).iter().map(|one| (one.duty, one.state)).collect()
}

/// Requirements: epcs-1306.08-a-3
#[test]
fn the_page_shows_for_each_duty_when_it_was_done_when_it_is_due_and_whether_it_is_overdue() {
    let rules = Rules::strictest();
    let (mut shelf, mut notices) = (Shelf::new("brook"), Notices::default());
    let start = at("2026-04-01T08:00:00-07:00");
    let fresh = Duties::new("brook");
    let state = |duties: &Duties, shelf: &Shelf, notices: &Notices, now: &str, duty: Duty| {
        let found = statuses(duties, shelf, notices, at(now));
        assert_eq!(found.len(), Duty::ALL.len());
        found.into_iter().find(|(one, _)| *one == duty).map(|(_, state)| state).expect("each duty is listed")
    };
    let now = "2026-04-01T08:00:00-07:00";
    for (duty, expected) in [
        (Duty::Responsibility, DutyState::Due),
        (Duty::Custody, DutyState::Due),
        (Duty::Determine, DutyState::Due),
        (Duty::ReviewLog, DutyState::Done),
        (Duty::TellToken, DutyState::Done),
        (Duty::TellPrescription, DutyState::Done),
    ] {
        assert_eq!(state(&fresh, &shelf, &notices, now, duty), expected, "{duty}");
    }
    let duties = ready();
    for duty in [Duty::Responsibility, Duty::Custody, Duty::Determine] {
        assert_eq!(state(&duties, &shelf, &notices, now, duty), DutyState::Done, "{duty}");
    }
    let determine = |now: &str, duties: &Duties| state(duties, &shelf, &notices, now, Duty::Determine);
    assert_eq!(determine("2027-02-02T23:00:00-07:00", &duties), DutyState::Done);
    assert_eq!(determine("2027-02-03T00:00:00-07:00", &duties), DutyState::Overdue);
    // The log of March comes on 1 April and is reviewed before that of April comes.
    let month = Month::parse("2026-03").expect("a month");
    let period = Period::of(month, &phoenix(), "", None).expect("a period");
    let log = MonthlyLog::of("brook", period, &[], 0, "00", start);
    shelf.apply(&shelf.provide(log, start, rules.terms()).expect("provided").0);
    let review = |now: &str, shelf: &Shelf| state(&duties, shelf, &notices, now, Duty::ReviewLog);
    assert_eq!(review("2026-04-30T23:00:00-07:00", &shelf), DutyState::Due);
    assert_eq!(review("2026-05-01T00:00:00-07:00", &shelf), DutyState::Overdue);
    let opened = at("2026-05-02T08:00:00-07:00");
    shelf.apply(&shelf.open(month, &practitioner(), opened).expect("opened"));
    shelf.apply(&LogEvent::Reviewed { month, by: practitioner(), at: opened });
    assert_eq!(review("2026-05-02T09:00:00-07:00", &shelf), DutyState::Done);
    let page_now = at("2026-05-02T09:00:00-07:00");
    let reviewed = page(&duties, &shelf, &notices, page_now, rules.terms());
    let line = reviewed.iter().find(|one| one.duty == Duty::ReviewLog).expect("listed");
    assert_eq!((line.last_done, line.next_due), (Some(opened), Some(When::Day(date(2026, 5, 31)))));
    // A lost token: due until the access controllers were told, overdue after 12 hours.
    let loss = lost(practitioner(), Some("S-1"), "2026-05-02T08:00:00-07:00", page_now);
    let told = report_token(loss, &notices).expect("told");
    for event in &told.notices {
        notices.apply(event);
    }
    let token = |now: &str, notices: &Notices| state(&duties, &shelf, notices, now, Duty::TellToken);
    assert_eq!(token("2026-05-02T20:00:00-07:00", &notices), DutyState::Due);
    assert_eq!(token("2026-05-02T20:00:01-07:00", &notices), DutyState::Overdue);
    let open = notices.to_do()[0].notice.id.clone();
    let sent = Sent { by: practitioner(), at: page_now, how: Channel::Telephone, reached: "ada".into(), proof: None };
    let sent = notices.give(&open, sent, page_now).expect("given");
    notices.apply(&sent);
    assert_eq!(token("2026-05-02T20:00:01-07:00", &notices), DutyState::Done);
}

/// Requirements: epcs-1311.155-g-2
#[test]
fn what_an_agent_entered_and_what_the_practitioner_changed_are_told_apart() {
    let routing = Routing { patient: "p-1".into(), practitioner: "brook".into(), pharmacy: "9900001".into() };
    let mut entered: CanonicalContents = contents(RX);
    entered.clear(Element::SignedAt);
    let (draft, drafted) = Draft::begin("rx-1", &agent(), routing, entered.clone()).expect("drafted");
    let mut corrected = entered.clone();
    corrected.clear(Element::QuantityValue);
    corrected.set(Element::QuantityValue, "20").expect("fits");
    let (_, changed) = draft.change(&practitioner(), corrected).expect("changed");
    let found = preparation(&[drafted, changed]).expect("a preparation");
    assert_eq!((found.prepared_by.clone(), found.entered.clone()), (agent(), entered));
    let elements: Vec<Element> = found.changed_by("brook").map(|difference| difference.element).collect();
    assert_eq!(elements, [Element::QuantityValue]);
    assert_eq!(found.changed_by("quill").count(), 0);
    let no_draft: [Event; 0] = [];
    assert_eq!(preparation(&no_draft), None);
}

proptest! {
    /// Random histories: whoever is cleared has acknowledged both statements and determined, within a year and after every
    /// adverse finding, that the system meets the rules; and the stored records say the same.
    #[test]
    fn nobody_is_cleared_without_acknowledgements_and_a_current_determination(
        acts in prop::collection::vec((0u8..6, 0i32..800), 0..14),
        ask in 0i32..1000,
    ) {
        let day = |n: i32| date(2026, 2, 1) + n.days();
        let noon = |n: i32| at(&format!("{}T12:00:00-07:00", day(n)));
        let (mut duties, mut gate) = (Duties::new("brook"), gate());
        let mut journal = Vec::new();
        for (act, when) in acts {
            let made = match act {
                0 => duties.acknowledge(&practitioner(), Acknowledged::Responsibility, noon(when)),
                1 => duties.acknowledge(&practitioner(), Acknowledged::Custody, noon(when)),
                2 => duties.determine(&practitioner(), "r-1", Outcome::Meets, &gate, noon(when)),
                3 => duties.determine(&practitioner(), "r-1", Outcome::DoesNotMeet, &gate, noon(when)),
                4 => {
                    gate.apply(&AuditEvent::DeclaredUnfit { by: operator(), on: day(when), what: "x".into() });
                    gate.apply(&report(&format!("fixed-{when}"), day(when + 1), Part1311::Meet));
                    continue;
                }
                _ => duties.acknowledge(&agent(), Acknowledged::Custody, noon(when)),
            };
            if let Ok(event) = made {
                duties.apply(&event);
                journal.push(event);
            }
        }
        let read: Vec<DutyEvent> =
            journal.iter().map(|event| DutyEvent::read(event.kind(), &event.body()).expect("our own")).collect();
        prop_assert_eq!(Duties::replay("brook", &read), duties.clone());
        if clearance(&duties, &gate, day(ask)).is_ok() {
            let last = read.iter().rev().find_map(|event| match event {
                DutyEvent::Determined { outcome, at, .. } => Some((*outcome, at.date())),
                _ => None,
            });
            let Some((outcome, determined)) = last else { return Err(TestCaseError::fail("no determination")) };
            prop_assert_eq!(outcome, Outcome::Meets);
            prop_assert!(day(ask) <= determined + 1.year());
            prop_assert!(gate.stopped().is_none_or(|stopped| stopped < determined));
            prop_assert!(Acknowledged::ALL.iter().all(|what| duties.acknowledged(*what).is_some()));
        }
    }
}

/// What follows from a report is raised once, whoever repeats the act.
#[test]
fn the_same_token_reported_twice_in_a_second_raises_one_set_of_notices() {
    let now = at("2026-03-02T20:00:00-07:00");
    let mut notices = Notices::default();
    let report = || lost(practitioner(), Some("S-1"), "2026-03-02T19:00:00-07:00", now);
    let first = report_token(report(), &notices).expect("told");
    assert!(matches!(&first.notices[..], [NoticeEvent::Raised(_), NoticeEvent::Raised(_), NoticeEvent::Sent { .. }]));
    for event in &first.notices {
        notices.apply(event);
    }
    let second = report_token(report(), &notices).expect("told");
    assert_eq!(second.notices, []);
}
