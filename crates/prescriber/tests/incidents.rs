//! The watch: the list of auditable events, the daily audit, what it finds, who judges, who is told by when.

mod watching;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use theriac_law::{Moment, When};
use theriac_model::{Actor, Registration, Role};
use theriac_prescriber::access_event::Standing;
use theriac_prescriber::audit::{Application, Regime, Service, Setting};
use theriac_prescriber::duties::Use;
use theriac_prescriber::incident::{
    AccessFact, Agency, Attempt, AuditRun, AuditableEvent, AuditableKind, ClockReading, Decision, Delivery, Facts,
    FindingId, Heading, Identity, IncidentEvent, IncidentRegister, Integrity, IntegrityProblem, MissingLog, Opening,
    Proofing, Recorded, RegistrationFact, RevokedToken, Signal, TrailEntry, Watched, examine, next_due,
};
use theriac_prescriber::log::Month;
use theriac_prescriber::notice::{Addressee, Channel, NoticeId, Notices, Progress, Sender, Sent};
use watching::{Rules, agent, at, eastern, instant, operator, pharmacist, phoenix, program, refused};

const PRESCRIBING: Setting =
    Setting { application: Application::Prescribing, regime: Regime::Ordinary, service: Service::Hosted };
const DISPENSING: Setting = Setting { application: Application::Dispensing, ..PRESCRIBING };

fn federal(setting: Setting) -> Setting {
    Setting { regime: Regime::Federal, ..setting }
}

/// A Friday evening.
const BEGUN: &str = "2026-03-06T21:00:00-07:00";
const ENDED: &str = "2026-03-06T21:00:30-07:00";

fn audit(setting: Setting, facts: &Facts<'_>) -> AuditRun {
    let until = facts.trail.last().map_or(0, |entry| entry.seq + 1);
    examine(setting, (0, until), (at(BEGUN), at(ENDED)), &[], None, facts)
}

fn person(id: &str) -> AccessFact {
    AccessFact {
        person: id.to_owned(),
        registrations: vec![registration("AB1234563", Standing::Valid)],
        agency: Agency::Authorised,
        granted_by: vec!["ada".to_owned(), "ben".to_owned()],
        proofing: Proofing::Complete,
        identity: Identity::Undisputed,
    }
}

fn registration(number: &str, standing: Standing) -> RegistrationFact {
    RegistrationFact { registration: Registration::parse(number).expect("a registration"), standing }
}

fn signals(run: &AuditRun) -> Vec<Signal> {
    run.findings.iter().map(|finding| finding.signal).collect()
}

/// Records the audit and puts its notices on the list.
fn recorded(setting: Setting, run: AuditRun) -> (IncidentRegister, Notices, Recorded) {
    let rules = Rules::strictest();
    let mut register = IncidentRegister::new(setting);
    let recorded = register.record(run, rules.terms());
    for event in &recorded.events {
        register.apply(event);
    }
    let mut notices = Notices::default();
    for event in notices.raise(recorded.notices.clone()) {
        notices.apply(&event);
    }
    (register, notices, recorded)
}

/// The one incident that follows from an audit of these facts, its heading and who must not sign.
fn opens(setting: Setting, facts: &Facts<'_>) -> (Heading, Vec<String>) {
    let (register, notices, recorded) = recorded(setting, audit(setting, facts));
    let incidents: Vec<_> = register.incidents().collect();
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    let dea = notices.iter().find(|item| item.notice.to == Addressee::Administration).expect("DEA is told");
    assert_eq!(dea.notice.cite.as_str(), incidents[0].heading.cite(setting));
    assert_eq!(dea.notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(date(2026, 3, 9))));
    (incidents[0].heading, recorded.suspend)
}

fn brook() -> Vec<String> {
    vec!["brook".to_owned()]
}

/// Requirements: epcs-1311.145-b-1
#[test]
fn access_of_somebody_without_a_registration_in_force_is_reported_under_its_heading() {
    for registrations in [
        vec![],
        vec![registration("AB1234563", Standing::Expired)],
        vec![registration("AB1234563", Standing::Suspended)],
        vec![registration("AB1234563", Standing::Revoked)],
    ] {
        let access = [person("reed"), AccessFact { registrations, ..person("brook") }];
        let access = [
            AccessFact { registrations: vec![registration("FB1234563", Standing::Valid)], ..access[0].clone() },
            access[1].clone(),
        ];
        let facts = Facts { access: &access, ..Facts::default() };
        assert_eq!(opens(PRESCRIBING, &facts), (Heading::NonRegistrant, brook()));
    }
    let two = vec![registration("AB1234563", Standing::Expired), registration("FB1234563", Standing::Valid)];
    let access = [AccessFact { registrations: two, ..person("brook") }];
    assert!(audit(PRESCRIBING, &Facts { access: &access, ..Facts::default() }).findings.is_empty());
}

/// Requirements: epcs-1311.245-b-1
#[test]
fn in_a_federal_system_access_needs_the_agencys_authority_or_its_exemption() {
    let check = |agency, registrations: Vec<RegistrationFact>, is_reported: bool| {
        let access = [AccessFact { agency, registrations, ..person("brook") }];
        let facts = Facts { access: &access, ..Facts::default() };
        if is_reported {
            assert_eq!(opens(federal(PRESCRIBING), &facts), (Heading::NonRegistrant, brook()), "{agency:?}");
        } else {
            assert!(audit(federal(PRESCRIBING), &facts).findings.is_empty(), "{agency:?}");
        }
    };
    let valid = || vec![registration("AB1234563", Standing::Valid)];
    check(Agency::Authorised, valid(), false);
    check(Agency::Silent, valid(), true);
    check(Agency::Authorised, vec![], true);
    check(Agency::Exempt, vec![], false);
}

/// Requirements: epcs-1311.145-b-2
#[test]
fn access_without_proofing_or_with_an_incomplete_document_is_reported_with_what_it_lacks() {
    for proofing in [Proofing::Missing, Proofing::Incomplete(vec!["photographic identification".to_owned()])] {
        let access = [AccessFact { proofing: proofing.clone(), ..person("brook") }];
        let facts = Facts { access: &access, ..Facts::default() };
        assert_eq!(opens(PRESCRIBING, &facts), (Heading::Unproofed, brook()));
        let said = audit(PRESCRIBING, &facts).lines().join("\n");
        assert_eq!(said.contains("photographic identification"), proofing != Proofing::Missing, "{said}");
    }
}

/// Requirements: epcs-1311.145-b-3
#[test]
fn a_stolen_identity_or_one_registration_of_two_persons_is_reported_and_they_are_suspended() {
    let access = [AccessFact { identity: Identity::ReportedStolen, ..person("brook") }];
    assert_eq!(opens(PRESCRIBING, &Facts { access: &access, ..Facts::default() }), (Heading::OtherIdentity, brook()));
    let access = [person("brook"), person("reed")];
    let (register, _, found) =
        recorded(PRESCRIBING, audit(PRESCRIBING, &Facts { access: &access, ..Facts::default() }));
    assert_eq!(found.suspend, ["brook", "reed"]);
    assert!(register.incidents().all(|incident| incident.heading == Heading::OtherIdentity));
    // Two practitioners of one institution have codes of their own.
    let institutional = |id: &str, code: &str| {
        let own = vec![registration(&format!("AB1234563-{code}"), Standing::Valid)];
        AccessFact { registrations: own, ..person(id) }
    };
    let access = [institutional("brook", "012"), institutional("reed", "013")];
    assert!(audit(PRESCRIBING, &Facts { access: &access, ..Facts::default() }).findings.is_empty());
}

/// Requirements: epcs-1311.245-b-2
#[test]
fn a_certificate_that_names_somebody_else_is_reported_and_suspends_access() {
    let access = [AccessFact { identity: Identity::Certificate("CN=Somebody Else".to_owned()), ..person("brook") }];
    let facts = Facts { access: &access, ..Facts::default() };
    assert_eq!(opens(federal(PRESCRIBING), &facts), (Heading::OtherIdentity, brook()));
}

fn entry(seq: u64, kind: &str, role: Role) -> TrailEntry {
    let at = instant("2026-03-06T16:00:00Z") + i64::try_from(seq).expect("small").seconds();
    TrailEntry {
        seq,
        at,
        actor: "somebody".to_owned(),
        role,
        stream: "prescription/7".to_owned(),
        kind: kind.to_owned(),
    }
}

fn trail(kinds: &[(&str, Role)]) -> Vec<TrailEntry> {
    (0..).zip(kinds).map(|(seq, (kind, role))| entry(seq, kind, *role)).collect()
}

/// Requirements: epcs-1311.145-b-4, epcs-1311.245-b-3
#[test]
fn a_prescription_record_made_by_staff_or_changed_underneath_is_found_with_person_and_record() {
    for setting in [PRESCRIBING, federal(PRESCRIBING)] {
        for (kind, role) in [
            ("prescription.drafted", Role::Operator),
            ("prescription.signed", Role::Operator),
            ("prescription.signed", Role::Agent),
            ("prescription.signed", Role::System),
            ("prescription.changed", Role::AccessController),
            ("prescription.transmitted", Role::Operator),
            ("prescription.voided", Role::Operator),
        ] {
            let seeded = trail(&[("prescription.drafted", Role::Agent), (kind, role)]);
            let facts = Facts { trail: &seeded, ..Facts::default() };
            assert_eq!(opens(setting, &facts).0, Heading::StaffAltered, "{kind} by {role}");
            let finding = audit(setting, &facts).findings.remove(0);
            assert_eq!(
                (finding.person.as_str(), finding.subject.as_str(), finding.seq),
                ("somebody", "prescription/7", Some(1))
            );
        }
        let honest = trail(&[
            ("prescription.drafted", Role::Agent),
            ("prescription.changed", Role::Prescriber),
            ("prescription.marked-ready", Role::Agent),
            ("prescription.reviewed", Role::Prescriber),
            ("prescription.signed", Role::Prescriber),
            ("prescription.transmitted", Role::System),
            ("prescription.reported", Role::System),
            ("log.opened", Role::Operator),
        ]);
        assert!(audit(setting, &Facts { trail: &honest, ..Facts::default() }).findings.is_empty());
        for problem in IntegrityProblem::ALL {
            let problems = vec![(41, *problem, "the leaf is not the entry's".to_owned())];
            let facts = Facts { integrity: Integrity { size: 99, root: "00".into(), problems }, ..Facts::default() };
            let expected =
                if *problem == IntegrityProblem::SealFailed { Heading::Integrity } else { Heading::StaffAltered };
            assert_eq!(opens(setting, &facts).0, expected, "{problem}");
        }
    }
    let seeded = trail(&[("rx.filled", Role::Operator)]);
    assert_eq!(opens(DISPENSING, &Facts { trail: &seeded, ..Facts::default() }).0, Heading::StaffAltered);
    let honest =
        trail(&[("rx.received", Role::System), ("rx.filled", Role::Pharmacist), ("rx.opened", Role::Technician)]);
    assert!(audit(DISPENSING, &Facts { trail: &honest, ..Facts::default() }).findings.is_empty());
}

/// Requirements: epcs-1311.145-b-5, epcs-1311.245-b-4
#[test]
fn an_alarm_of_a_successful_intrusion_opens_an_incident_at_once() {
    let rules = Rules::strictest();
    for setting in [PRESCRIBING, federal(PRESCRIBING)] {
        let register = IncidentRegister::new(setting);
        for (heading, by) in [(Heading::Intrusion, program()), (Heading::Integrity, operator())] {
            let opening =
                Opening { id: "alarm-1", heading, what: "a shell on the host", discovered: at(BEGUN), by: &by };
            let found = register.open(opening, at(ENDED), rules.terms()).expect("opened");
            let notice = &found.notices[0];
            assert_eq!((notice.to.clone(), notice.from), (Addressee::Administration, setting.sender()));
            assert_eq!(notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(date(2026, 3, 9))));
            assert_eq!(notice.cite.as_str(), heading.cite(setting));
        }
    }
}

/// Requirements: epcs-1311.145-b-6
#[test]
fn a_free_report_and_a_delivery_that_differs_from_the_archive_go_through_the_same_clock() {
    let (same, other) = ("ab".repeat(32), "cd".repeat(32));
    let delivery = |delivered: &str| Delivery {
        prescription: "7".to_owned(),
        archived: same.clone(),
        delivered: delivered.to_owned(),
    };
    let seeded = [delivery(&same), delivery(&other)];
    let facts = Facts { deliveries: &seeded, ..Facts::default() };
    assert_eq!(opens(PRESCRIBING, &facts).0, Heading::Integrity);
    assert_eq!(signals(&audit(PRESCRIBING, &facts)), [Signal::ArchiveMismatch]);
    let rules = Rules::strictest();
    let register = IncidentRegister::new(PRESCRIBING);
    let by = operator();
    let free =
        Opening { id: "i-1", heading: Heading::Integrity, what: "a key was seen", discovered: at(ENDED), by: &by };
    let found = register.open(free, at(ENDED), rules.terms()).expect("opened");
    assert_eq!(found.notices[0].deadline.as_ref().map(|d| d.due), Some(When::Day(date(2026, 3, 9))));
    let open = |opening: Opening<'_>| register.open(opening, at(ENDED), rules.terms());
    refused(open(Opening { what: " ", ..free }), "RX-INCIDENT-WHAT");
    refused(open(Opening { discovered: at("2026-03-06T21:00:31-07:00"), ..free }), "RX-INCIDENT-FUTURE");
    let inspector = Actor::new("insp", Role::Inspector);
    refused(open(Opening { by: &inspector, ..free }), "RX-INCIDENT-ROLE");
    let mut again = register.clone();
    again.apply(&found.events[0]);
    refused(again.open(free, at(ENDED), rules.terms()), "RX-INCIDENT-TWICE");
}

/// Each other sign that the system cannot be relied on, just outside and at its limit.
#[test]
fn clocks_gaps_tokens_logs_and_grants_are_looked_at() {
    let found = |facts: &Facts<'_>| signals(&audit(PRESCRIBING, facts));
    for (ahead_ms, expected) in [
        (300_000, vec![]),
        (-300_000, vec![]),
        (300_001, vec![Signal::ClockChanged]),
        (-300_001, vec![Signal::ClockChanged]),
    ] {
        let reading = [ClockReading { at: instant("2026-03-06T16:00:00Z"), ahead_ms }];
        assert_eq!(found(&Facts { clock: &reading, ..Facts::default() }), expected, "{ahead_ms}");
    }
    for (back, expected) in [(10_000, vec![]), (10_001, vec![Signal::ClockChanged])] {
        let mut stepped = trail(&[("log.opened", Role::Prescriber); 2]);
        stepped[1].at = stepped[0].at - back.milliseconds();
        assert_eq!(found(&Facts { trail: &stepped, ..Facts::default() }), expected, "{back}");
    }
    let mut torn = trail(&[("log.opened", Role::Prescriber); 4]);
    torn.remove(2);
    assert_eq!(found(&Facts { trail: &torn, ..Facts::default() }), [Signal::TrailGap]);
    let whole = trail(&[("log.opened", Role::Prescriber); 4]);
    let facts = Facts { trail: &whole, ..Facts::default() };
    let short = examine(PRESCRIBING, (0, 5), (at(BEGUN), at(ENDED)), &[], None, &facts);
    assert_eq!(signals(&short), [Signal::TrailGap]);
    let revoked = [RevokedToken { credential: "t-1".to_owned(), at: instant("2026-03-06T16:00:00Z") }];
    let used = |at: &str, credential: &str| {
        let uses = [Use {
            credential: credential.to_owned(),
            at: instant(at),
            place: String::new(),
            prescription: "7".to_owned(),
            seq: 12,
        }];
        found(&Facts { revoked: &revoked, uses: &uses, ..Facts::default() })
    };
    assert_eq!(used("2026-03-06T16:00:00Z", "t-1"), []);
    assert_eq!(used("2026-03-06T16:00:01Z", "t-1"), [Signal::TokenAfterLoss]);
    assert_eq!(used("2026-03-06T16:00:01Z", "t-2"), []);
    let missing = [MissingLog { practitioner: "brook".to_owned(), month: Month::parse("2026-02").expect("a month") }];
    assert_eq!(found(&Facts { missing_logs: &missing, ..Facts::default() }), [Signal::LogMissing]);
    for granted_by in [vec![], vec!["ada"], vec!["ada", "ada"], vec!["ada", "brook"]] {
        let granted_by = granted_by.into_iter().map(str::to_owned).collect();
        let access = [AccessFact { granted_by, ..person("brook") }];
        assert_eq!(found(&Facts { access: &access, ..Facts::default() }), [Signal::OnePerson]);
    }
    for signal in Signal::ALL.iter().filter(|signal| **signal != Signal::Auditable) {
        assert!(signal.heading().is_some(), "{signal} is reportable");
    }
}

fn noticed(kind: AuditableKind, attempt: Attempt) -> AuditableEvent {
    AuditableEvent {
        kind: Watched::Minimum(kind),
        attempt,
        at: instant("2026-03-06T18:00:00Z"),
        person: "198.51.100.7".to_owned(),
        subject: "/records/7".to_owned(),
        detail: "no such right".to_owned(),
    }
}

/// Requirements: epcs-1311.170-d-2, epcs-1311.270-d
#[test]
fn every_audit_gives_a_report_that_lists_each_auditable_event_once_and_says_so_when_there_was_none() {
    for setting in [DISPENSING, federal(DISPENSING), PRESCRIBING] {
        let quiet = audit(setting, &Facts::default());
        assert!(quiet.findings.is_empty());
        assert!(quiet.lines().join("\n").contains("No auditable event"), "{:?}", quiet.lines());
        let mut events = Vec::new();
        for kind in AuditableKind::ALL {
            for attempt in Attempt::ALL {
                events.push(noticed(*kind, *attempt));
            }
        }
        let run = audit(setting, &Facts { events: &events, ..Facts::default() });
        assert_eq!(run.findings.len(), events.len());
        let lines = run.lines();
        for event in &events {
            let part = format!("{} {}: no such right", event.kind, event.attempt);
            let named: Vec<&String> = lines.iter().filter(|line| line.contains(&part)).collect();
            assert_eq!(named.len(), 1, "{part}");
            assert!(named[0].contains("198.51.100.7") && named[0].contains("2026-03-06T18:00:00Z"), "{}", named[0]);
        }
    }
    let changed = trail(&[
        ("access.approved", Role::AccessController),
        ("token.bound", Role::AccessController),
        ("access.credential-used", Role::Prescriber),
    ]);
    assert_eq!(signals(&audit(PRESCRIBING, &Facts { trail: &changed, ..Facts::default() })), [Signal::Auditable; 2]);
}

#[test]
fn the_list_of_auditable_events_grows_and_never_falls_below_the_minimum() {
    let mut register = IncidentRegister::new(DISPENSING);
    let kinds = register.list().kinds();
    for word in ["access", "use", "disclosure", "modification", "destruction"] {
        assert!(kinds.contains(&Watched::parse(&format!("unauthorized-{word}")).expect("a kind")));
    }
    assert!(kinds.contains(&Watched::parse("interference-with-operation").expect("a kind")));
    for kind in &kinds {
        refused(register.reduce_list(kind, &operator()), "RX-INCIDENT-MINIMUM");
    }
    let house = Watched::House("cabinet-alarm".to_owned());
    let alarm = AuditableEvent { kind: house.clone(), ..noticed(AuditableKind::UnauthorizedUse, Attempt::Attempted) };
    assert_eq!(register.notice(alarm.clone()), None);
    refused(register.extend_list("cabinet-alarm", &agent()), "RX-INCIDENT-ROLE");
    refused(register.extend_list(" ", &pharmacist()), "RX-INCIDENT-LISTED");
    refused(register.extend_list("unauthorized-use", &pharmacist()), "RX-INCIDENT-LISTED");
    register.apply(&register.extend_list("cabinet-alarm", &pharmacist()).expect("added"));
    refused(register.extend_list("cabinet-alarm", &pharmacist()), "RX-INCIDENT-LISTED");
    assert_eq!(register.notice(alarm.clone()), Some(IncidentEvent::Noticed(alarm)));
    register.apply(&register.reduce_list(&house, &pharmacist()).expect("taken off"));
    refused(register.reduce_list(&house, &pharmacist()), "RX-INCIDENT-UNLISTED");
    assert_eq!(register.list().kinds(), kinds);
    assert_eq!(Watched::parse("house: "), None);
    assert_eq!(Watched::parse("lunch"), None);
}

fn waiting(setting: Setting) -> (IncidentRegister, FindingId) {
    let events = [noticed(AuditableKind::UnauthorizedAccess, Attempt::Successful)];
    let run = audit(setting, &Facts { events: &events, ..Facts::default() });
    let id = run.findings[0].id.clone();
    let (register, notices, _) = recorded(setting, run);
    assert_eq!(notices.iter().count(), 0, "nobody is told before a person has decided");
    (register, id)
}

/// Requirements: epcs-1311.170-e-1
#[test]
fn an_auditable_event_waits_for_a_persons_decision_with_a_reason_and_escalates_when_it_is_late() {
    let rules = Rules::strictest();
    let (mut register, id) = waiting(DISPENSING);
    assert_eq!(register.undecided(rules.terms()).len(), 1);
    assert_eq!(register.escalated(at("2026-03-09T23:59:59-07:00"), rules.terms()).len(), 0);
    assert_eq!(register.escalated(at("2026-03-10T00:00:00-07:00"), rules.terms()).len(), 1);
    let now = at("2026-03-10T09:00:00-07:00");
    let judge = |register: &IncidentRegister, by: Actor, reason: &str| {
        register.judge(&id, Decision::NotAnIncident, reason, &by, now, rules.terms())
    };
    for by in [operator(), program(), Actor::new("", Role::Pharmacist), Actor::new("t", Role::Technician)] {
        refused(judge(&register, by, "a wrong password"), "RX-INCIDENT-JUDGE");
    }
    refused(judge(&register, pharmacist(), " "), "RX-INCIDENT-REASON");
    let judged = judge(&register, pharmacist(), "a wrong password, twice").expect("judged");
    let [IncidentEvent::Judged { by, reason, at: when, .. }] = &judged.events[..] else { panic!("one record") };
    assert_eq!((by, reason.as_str(), *when), (&pharmacist(), "a wrong password, twice", now));
    register.apply(&judged.events[0]);
    assert!(register.undecided(rules.terms()).is_empty() && judged.notices.is_empty());
    refused(judge(&register, pharmacist(), "again"), "RX-INCIDENT-NOT-WAITING");
    let unknown = FindingId::from_stored("never");
    let odd = register.judge(&unknown, Decision::Incident, "r", &pharmacist(), now, rules.terms());
    refused(odd, "RX-INCIDENT-NOT-WAITING");
}

/// Requirements: epcs-1311.170-e-2, epcs-1311.270-e
#[test]
fn a_pharmacys_incident_is_told_to_provider_or_agency_and_dea_by_the_next_business_day_after_it_was_identified() {
    let rules = Rules::strictest();
    let check = |setting: Setting, other: Addressee| {
        let (mut register, id) = waiting(setting);
        // Decided on Sunday; the time began on Friday evening.
        let now = at("2026-03-08T09:00:00-07:00");
        let judged = register
            .judge(&id, Decision::Incident, "records were opened", &pharmacist(), now, rules.terms())
            .expect("judged");
        let to: Vec<&Addressee> = judged.notices.iter().map(|notice| &notice.to).collect();
        assert_eq!(to, [&other, &Addressee::Administration]);
        let mut notices = Notices::default();
        for event in notices.raise(judged.notices.clone()) {
            notices.apply(&event);
        }
        for event in &judged.events {
            register.apply(event);
        }
        for notice in &judged.notices {
            assert_eq!(notice.from, Sender::Pharmacy);
            assert_eq!(notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(date(2026, 3, 9))));
            let item = notices.get(&notice.id).expect("on the list");
            assert_eq!(item.progress(at("2026-03-10T00:00:00-07:00")), Progress::Overdue);
        }
        // It cannot be closed before both were told.
        let ids: Vec<NoticeId> = judged.notices.iter().map(|notice| notice.id.clone()).collect();
        for id_ in &ids {
            let closed = register.close(id.as_str(), "locked out", &pharmacist(), &notices, now);
            refused(closed, "RX-INCIDENT-UNTOLD");
            let sent = Sent { by: pharmacist(), at: now, how: Channel::Telephone, reached: "desk".into(), proof: None };
            let given = notices.give(id_, sent, now).expect("given");
            notices.apply(&given);
        }
        refused(register.close(id.as_str(), "locked out", &operator(), &notices, now), "RX-INCIDENT-CLOSE");
        refused(register.close(id.as_str(), " ", &pharmacist(), &notices, now), "RX-INCIDENT-CLOSE");
        let closed = register.close(id.as_str(), "locked out", &pharmacist(), &notices, now).expect("closed");
        register.apply(&closed);
        refused(register.close(id.as_str(), "locked out", &pharmacist(), &notices, now), "RX-INCIDENT-NOT-OPEN");
    };
    check(DISPENSING, Addressee::Provider);
    check(federal(DISPENSING), Addressee::Agency);
}

/// Requirements: epcs-1311.145-b-intro, epcs-1311.245-b-intro
#[test]
fn dea_is_told_by_the_end_of_the_next_business_day_after_discovery_and_the_time_of_telling_is_stored() {
    let rules = Rules::strictest();
    let check = |setting: Setting, discovered: &str, due: jiff::civil::Date| {
        let by = operator();
        let opening =
            Opening { id: "i-1", heading: Heading::Intrusion, what: "a shell", discovered: at(discovered), by: &by };
        let now = at("2026-12-31T12:00:00-07:00");
        let found = IncidentRegister::new(setting).open(opening, now, rules.terms()).expect("opened");
        let mut notices = Notices::default();
        for event in notices.raise(found.notices.clone()) {
            notices.apply(&event);
        }
        let notice = found.notices.last().expect("a notice");
        assert_eq!((notice.to.clone(), notice.from), (Addressee::Administration, setting.sender()));
        assert_eq!(notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(due)), "{discovered}");
        assert!(notice.lines().join("\n").contains(discovered), "ready to be sent");
        let sent = Sent { by: operator(), at: now, how: Channel::Email, reached: "field office".into(), proof: None };
        let given = notices.give(&notice.id, sent, now).expect("given");
        notices.apply(&given);
        assert_eq!(notices.get(&notice.id).and_then(|item| item.sent.as_ref()).map(|sent| sent.at), Some(now));
    };
    for setting in [PRESCRIBING, federal(PRESCRIBING)] {
        check(setting, "2026-03-06T21:00:00-07:00", date(2026, 3, 9));
        // The Friday before Labor Day.
        check(setting, "2026-09-04T21:00:00-07:00", date(2026, 9, 8));
        check(setting, "2026-03-02T00:00:00-07:00", date(2026, 3, 3));
        check(setting, "2026-03-02T23:59:59-07:00", date(2026, 3, 3));
    }
}

/// Requirements: epcs-1311.145-a, epcs-1311.245-a, epcs-1311.170-d-1
#[test]
fn a_day_without_an_audit_is_an_alarm_and_then_an_incident() {
    let rules = Rules::strictest();
    let run = |begun: Moment, missed: &[jiff::civil::Date]| {
        let ended = begun.hours_later(0).expect("a moment");
        examine(PRESCRIBING, (0, 0), (begun, ended), missed, None, &Facts::default())
    };
    let mut register = IncidentRegister::new(PRESCRIBING);
    let began = date(2026, 3, 2);
    let started = instant("2026-03-02T07:00:00Z");
    let is_overdue =
        |register: &IncidentRegister, now: &str| register.is_overdue(started, instant(now), &phoenix(), rules.terms());
    assert!(!is_overdue(&register, "2026-03-03T07:00:00Z"));
    assert!(is_overdue(&register, "2026-03-03T07:00:01Z"), "24 hours after the beginning of operation");
    let first = run(at("2026-03-02T22:00:00-07:00"), &[]);
    register.apply(&IncidentEvent::Audited(first.clone()));
    assert_eq!((first.begun, first.ended, first.scope.len()), (at("2026-03-02T22:00:00-07:00"), first.ended, 7));
    assert!(!is_overdue(&register, "2026-03-04T05:00:00Z"));
    assert!(is_overdue(&register, "2026-03-04T05:00:01Z"));
    // Nothing on the 3rd and 4th.
    let now = at("2026-03-05T06:00:00-07:00");
    let missed = register.missed(began, now);
    assert_eq!(missed, [date(2026, 3, 3), date(2026, 3, 4)]);
    let found = register.record(run(now, &missed), rules.terms());
    for event in &found.events {
        register.apply(event);
    }
    let told: Vec<(Heading, &str)> = register.incidents().map(|one| (one.heading, one.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (Heading::Integrity, "audit/2026-03-03: 2026-03-03 passed without an audit"),
            (Heading::Integrity, "audit/2026-03-04: 2026-03-04 passed without an audit"),
        ]
    );
    assert_eq!(found.notices.len(), 2);
    assert_eq!(register.missed(began, at("2026-03-05T23:00:00-07:00")), [], "each day is told once");
}

/// The clocks going forward make a day of 23 hours: 24 hours after an audit late on the day before is the day after it.
#[test]
fn the_next_audit_is_due_within_24_hours_and_on_the_next_calendar_day() {
    let rules = Rules::strictest();
    let due = |last: &str| {
        next_due(instant(last), &eastern(), rules.terms()).to_zoned(eastern()).strftime("%F %T").to_string()
    };
    assert_eq!(due("2026-03-03T03:00:00Z"), "2026-03-03 22:00:00");
    assert_eq!(due("2026-03-08T04:30:00Z"), "2026-03-08 23:59:59", "7 March 23:30; the 8th has 23 hours");
    assert_eq!(due("2026-11-01T03:30:00Z"), "2026-11-01 22:30:00", "31 October 23:30; the 1st has 25 hours");
}

#[test]
fn entries_that_no_audit_looked_at_are_a_gap() {
    let mut register = IncidentRegister::new(PRESCRIBING);
    register.apply(&IncidentEvent::Audited(examine(
        PRESCRIBING,
        (0, 10),
        (at(BEGUN), at(ENDED)),
        &[],
        None,
        &Facts::default(),
    )));
    assert_eq!((register.next_from(), register.unseen(10), register.unseen(12)), (10, None, Some((10, 12))));
    let run = examine(PRESCRIBING, (12, 12), (at(BEGUN), at(ENDED)), &[], register.unseen(12), &Facts::default());
    assert_eq!(signals(&run), [Signal::TrailGap]);
}

#[test]
fn a_fact_that_still_stands_is_in_each_report_and_opens_one_incident_until_it_is_closed() {
    let rules = Rules::strictest();
    let access = [AccessFact { proofing: Proofing::Missing, ..person("brook") }];
    let facts = Facts { access: &access, ..Facts::default() };
    let (mut register, mut notices, _) = recorded(PRESCRIBING, audit(PRESCRIBING, &facts));
    let next = (at("2026-03-07T21:00:00-07:00"), at("2026-03-07T21:00:30-07:00"));
    let again = examine(PRESCRIBING, (0, 0), next, &[], None, &facts);
    assert_eq!(signals(&again), [Signal::Unproofed]);
    let second = register.record(again.clone(), rules.terms());
    assert_eq!((second.events.len(), second.notices.len(), second.suspend.as_slice()), (1, 0, brook().as_slice()));
    let id = register.incidents().next().expect("an incident").id.clone();
    let open: Vec<NoticeId> = notices.to_do().iter().map(|item| item.notice.id.clone()).collect();
    for notice in open {
        let sent = Sent { by: operator(), at: next.1, how: Channel::Email, reached: "desk".into(), proof: None };
        let given = notices.give(&notice, sent, next.1).expect("given");
        notices.apply(&given);
    }
    let closed = register.close(&id, "the access was revoked", &operator(), &notices, next.1).expect("closed");
    register.apply(&closed);
    assert_eq!(register.record(again, rules.terms()).notices.len(), 1, "after the closing it is a new incident");
}

fn random_facts(choices: &[u8]) -> (Vec<AccessFact>, Vec<AuditableEvent>, Vec<TrailEntry>) {
    let (mut access, mut events, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (n, choice) in choices.iter().enumerate() {
        match choice % 6 {
            0 => access.push(AccessFact {
                registrations: vec![registration(&format!("AB1234563-{n}"), Standing::Valid)],
                proofing: Proofing::Missing,
                ..person(&format!("p{n}"))
            }),
            1 => access.push(AccessFact { registrations: vec![], ..person(&format!("p{n}")) }),
            2 => events.push(noticed(AuditableKind::UnauthorizedUse, Attempt::Attempted)),
            3 => kinds.push(("prescription.signed", Role::Operator)),
            4 => kinds.push(("prescription.signed", Role::Prescriber)),
            _ => kinds.push(("access.approved", Role::AccessController)),
        }
    }
    (access, events, trail(&kinds))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Random weeks: every reportable finding belongs to an incident with a notice to DEA, every other one waits or was
    /// judged, and the register made again from its stored records is the same.
    #[test]
    fn no_finding_is_lost(days in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..8), 1..6), judged in any::<u8>()) {
        let rules = Rules::strictest();
        let mut register = IncidentRegister::new(PRESCRIBING);
        let (mut notices, mut journal, mut reports) = (Notices::default(), Vec::new(), Vec::new());
        for (n, choices) in days.iter().enumerate() {
            let begun = at(BEGUN).hours_later(24 * u32::try_from(n).expect("small")).expect("a moment");
            let (access, events, entries) = random_facts(choices);
            let facts = Facts { access: &access, events: &events, trail: &entries, ..Facts::default() };
            let run = examine(PRESCRIBING, (0, entries.len() as u64), (begun, begun), &[], None, &facts);
            reports.extend(run.findings.clone());
            let mut recorded = register.record(run, rules.terms());
            if let Some(open) = register.undecided(rules.terms()).first().filter(|_| judged & 1 == 1) {
                let by = operator();
                let more = register.judge(&open.finding.id, Decision::Incident, "seen", &by, begun, rules.terms()).expect("judged");
                recorded.events.extend(more.events);
                recorded.notices.extend(more.notices);
            }
            for event in recorded.events {
                register.apply(&event);
                journal.push(event);
            }
            for event in notices.raise(recorded.notices) {
                notices.apply(&event);
            }
        }
        for finding in &reports {
            let key = finding.key();
            let incident = register.incidents().find(|incident| incident.key == key);
            if let Some(heading) = finding.signal.heading() {
                prop_assert_eq!(incident.map(|incident| incident.heading), Some(heading));
            } else {
                let waits = register.undecided(rules.terms()).iter().any(|open| open.finding.id == finding.id);
                prop_assert!(waits != incident.is_some());
            }
        }
        for incident in register.incidents() {
            let about = format!("incident/prescribing/{}", incident.id);
            let told = notices.about(&about).any(|item| item.notice.to == Addressee::Administration);
            prop_assert!(told, "{}", about);
        }
        let read: Vec<IncidentEvent> =
            journal.iter().map(|event| IncidentEvent::read(event.kind(), &event.body()).expect("our own")).collect();
        prop_assert_eq!(&read, &journal);
        prop_assert_eq!(IncidentRegister::replay(PRESCRIBING, &read), register);
    }
}

/// A journal whose end is after the epoch: the largest positions do not overflow.
#[test]
fn the_largest_journal_position_is_no_panic() {
    let last = TrailEntry { seq: u64::MAX, at: Timestamp::MAX, ..entry(0, "log.opened", Role::Prescriber) };
    let facts_trail = [TrailEntry { at: Timestamp::MIN, ..last.clone() }, last];
    let facts = Facts { trail: &facts_trail, ..Facts::default() };
    let run = examine(PRESCRIBING, (u64::MAX, u64::MAX), (at(BEGUN), at(ENDED)), &[], None, &facts);
    assert!(!run.lines().is_empty());
}
