//! Stored bytes of logs, notices, duties, audits, incidents and retention: the same for ever, read back exactly, damaged
//! ones refused by name.

mod watching;

use jiff::civil::date;
use serde_json::Value;
use theriac_model::json::{BadField, canonical};
use theriac_model::{Actor, Cite, Edition, Role};
use theriac_prescriber::audit::{AuditEvent, Auditor, Part1311, ReportKind, Scope, Security, ThirdPartyReport};
use theriac_prescriber::duties::{Acknowledged, DutyEvent, Ground, Outcome};
use theriac_prescriber::incident::{
    Attempt, AuditRun, AuditableEvent, AuditableKind, Decision, Finding, FindingId, Heading, IncidentEvent, Signal,
    Watched,
};
use theriac_prescriber::log::{LogEvent, Month, MonthlyLog, Period, gather};
use theriac_prescriber::notice::{Addressee, Channel, Enclosure, Fact, Notice, NoticeEvent, NoticeId, Sender, Subject};
use theriac_prescriber::retention::{RecordKind, RetentionEvent};
use theriac_prescriber::terms::{Deadline, Timeliness};
use watching::{Journal, RX, Until, at, instant, operator, pharmacist, phoenix, practitioner, program, read_back};

const NOON: &str = "2026-04-01T12:00:00-07:00";

fn logs() -> Vec<LogEvent> {
    let mut journal = Journal::default();
    journal.write(RX, Until::Accepted);
    let month = Month::parse("2026-03").expect("a month");
    let period = Period::of(month, &phoenix(), "America/Phoenix", None).expect("a period");
    let lines = gather("brook", journal.located());
    let log = MonthlyLog::of("brook", period, &lines, journal.size(), &"0a".repeat(32), at(NOON));
    vec![
        LogEvent::Provided { log, timeliness: Timeliness::InTime },
        LogEvent::Opened { month, by: practitioner(), at: at(NOON) },
        LogEvent::Reviewed { month, by: practitioner(), at: at(NOON) },
        LogEvent::Requested {
            by: practitioner(),
            at: at(NOON),
            from: date(2021, 4, 1),
            until: date(2026, 4, 1),
            lines: 12,
        },
    ]
}

fn notices() -> Vec<NoticeEvent> {
    let to = Addressee::Practitioner("brook".to_owned());
    let id = NoticeId::new("audit/prescribing/r-2", &to);
    let deadline = Deadline {
        due: theriac_law::When::parse("2026-04-02").expect("a day"),
        cite: Cite::of("2008: 21 CFR 1311.150(d)"),
        edition: Edition::Proposed2008,
    };
    let notice = Notice {
        id: id.clone(),
        about: "audit/prescribing/r-2".to_owned(),
        subject: Subject::AdverseAudit,
        from: Sender::Provider,
        to,
        facts: vec![Fact::new("requirement not met", "1311.125(a)")],
        enclosures: vec![Enclosure { what: "audit report r-2".to_owned(), digest: "ab".repeat(32) }],
        raised: at(NOON),
        deadline: Some(deadline),
        cite: Cite::of("21 CFR 1311.300"),
    };
    vec![
        NoticeEvent::Raised(notice),
        NoticeEvent::Sent {
            id: id.clone(),
            by: operator(),
            at: at(NOON),
            how: Channel::Courier,
            reached: "front desk".to_owned(),
            proof: Some("cd".repeat(32)),
        },
        NoticeEvent::Reopened { id, by: operator(), reason: "came back".to_owned() },
    ]
}

fn duties() -> Vec<DutyEvent> {
    vec![
        DutyEvent::Acknowledged {
            by: practitioner(),
            what: Acknowledged::Custody,
            version: "custody-1".to_owned(),
            at: at(NOON),
        },
        DutyEvent::Determined { by: practitioner(), report: "r-1".to_owned(), outcome: Outcome::Meets, at: at(NOON) },
        DutyEvent::Disputed {
            by: practitioner(),
            prescription: "1".to_owned(),
            seq: 2,
            ground: Ground::NotAsSigned,
            discovered: at("2026-03-31T09:00:00-07:00"),
            reported: at(NOON),
            timeliness: Timeliness::Late,
        },
    ]
}

fn audits() -> Vec<AuditEvent> {
    let report = ThirdPartyReport {
        id: "r-2".to_owned(),
        kind: ReportKind::Soc2,
        auditor: Auditor { name: "Invented Assurance LLC".to_owned(), qualification: "CPA, licence 1".to_owned() },
        scope: Scope::ALL.to_vec(),
        from: date(2026, 1, 1),
        audited: date(2026, 3, 1),
        issued: date(2026, 3, 6),
        part_1311: Part1311::DoNotMeet(vec!["1311.125(a)".to_owned()]),
        security: Security::Inadequate,
        version: "1.0".to_owned(),
        digest: "ab".repeat(32),
        media: "application/pdf".to_owned(),
    };
    let met = ThirdPartyReport { part_1311: Part1311::Meet, ..report.clone() };
    let undecided = ThirdPartyReport { part_1311: Part1311::NotDecided, ..report.clone() };
    let on = date(2026, 4, 1);
    vec![
        AuditEvent::Registered { report, by: operator() },
        AuditEvent::Registered { report: met, by: operator() },
        AuditEvent::Registered { report: undecided, by: operator() },
        AuditEvent::KindAccepted {
            report: "r-2".to_owned(),
            by: operator(),
            second: Actor::new("ada", Role::AccessController),
            reason: "an approved body".to_owned(),
        },
        AuditEvent::DeclaredUnfit { by: operator(), on, what: "keys leaked".to_owned() },
        AuditEvent::FunctionChanged { by: operator(), on, version: "1.1".to_owned(), what: "review".to_owned() },
        AuditEvent::FixNoted { by: operator(), on, what: "keys replaced".to_owned() },
    ]
}

fn incidents() -> Vec<IncidentEvent> {
    let id = FindingId::new(at(NOON), 1);
    let event = |kind| AuditableEvent {
        kind,
        attempt: Attempt::Attempted,
        at: instant("2026-04-01T18:00:00Z"),
        person: "198.51.100.7".to_owned(),
        subject: "/records/7".to_owned(),
        detail: "no such right".to_owned(),
    };
    let finding = |signal, seq| Finding {
        id: id.clone(),
        signal,
        subject: "prescription/7".to_owned(),
        person: "ops".to_owned(),
        at: instant("2026-04-01T18:00:00Z"),
        seq,
        detail: "prescription.signed recorded in the role operator".to_owned(),
    };
    let run = AuditRun {
        begun: at(NOON),
        ended: at("2026-04-01T12:00:30-07:00"),
        from: 4,
        until: 90,
        root: "0a".repeat(32),
        scope: vec![("audit-trail entries".to_owned(), 86)],
        findings: vec![finding(Signal::StaffAct, Some(41)), finding(Signal::Auditable, None)],
    };
    vec![
        IncidentEvent::Noticed(event(Watched::Minimum(AuditableKind::UnauthorizedAccess))),
        IncidentEvent::Noticed(event(Watched::House("cabinet-alarm".to_owned()))),
        IncidentEvent::Audited(run),
        IncidentEvent::Opened {
            id: id.to_string(),
            finding: Some(id.clone()),
            key: "act-beyond-role|prescription/7|ops|41".to_owned(),
            heading: Heading::StaffAltered,
            what: "prescription/7: signed by an operator".to_owned(),
            discovered: at(NOON),
            by: program(),
        },
        IncidentEvent::Judged {
            finding: id.clone(),
            decision: Decision::NotAnIncident,
            reason: "a wrong password".to_owned(),
            by: pharmacist(),
            at: at(NOON),
        },
        IncidentEvent::Closed { id: id.to_string(), done: "locked out".to_owned(), by: operator(), at: at(NOON) },
        IncidentEvent::ListExtended { name: "cabinet-alarm".to_owned(), by: pharmacist() },
        IncidentEvent::ListReduced { name: "cabinet-alarm".to_owned(), by: pharmacist() },
    ]
}

fn retained() -> Vec<RetentionEvent> {
    vec![
        RetentionEvent::Erased {
            seq: 7,
            stream: "prescription/7".to_owned(),
            kind: RecordKind::SignedPrescription,
            last: date(2031, 3, 2),
            cite: Cite::of("2008: 21 CFR 1311.160(c), 1311.180"),
            edition: Edition::Proposed2008,
            reason: "no longer needed".to_owned(),
            by: operator(),
            on: date(2031, 3, 3),
        },
        RetentionEvent::Held {
            stream: "prescription/7".to_owned(),
            reason: "inspection 12".to_owned(),
            by: operator(),
        },
        RetentionEvent::Lifted { stream: "prescription/7".to_owned(), reason: "closed".to_owned(), by: operator() },
    ]
}

/// Members that may be absent, so that `null` in them is no damage.
const OPTIONAL: [&str; 8] = ["deadline", "proof", "finding", "seq", "first", "last", "sent_at", "prepared_by"];

fn check<'a, E: Clone + PartialEq + std::fmt::Debug>(
    golden: &mut impl Iterator<Item = &'a str>,
    events: &[E],
    kind: impl Fn(&E) -> &'static str,
    body: impl Fn(&E) -> Value,
    read: impl Fn(&str, &Value) -> Result<E, BadField>,
) {
    for event in events {
        let (kind, body) = (kind(event), body(event));
        let bytes = String::from_utf8(canonical(&body).expect("canonical")).expect("UTF-8");
        assert_eq!(format!("{kind} {bytes}"), golden.next().unwrap_or_default());
        // The position of a report of an audit that looked at nothing may be absent; everything else is named.
        let optional: &[&str] = if kind == "retention.erased" || kind.starts_with("duty.") { &[] } else { &OPTIONAL };
        read_back(kind, &body, event, &read, optional);
    }
}

#[test]
fn stored_bytes_are_the_golden_ones_are_read_back_exactly_and_damage_is_named() {
    let mut golden = include_str!("golden/watch.jsonl").lines();
    check(&mut golden, &logs(), LogEvent::kind, LogEvent::body, LogEvent::read);
    check(&mut golden, &notices(), NoticeEvent::kind, NoticeEvent::body, NoticeEvent::read);
    check(&mut golden, &duties(), DutyEvent::kind, DutyEvent::body, DutyEvent::read);
    check(&mut golden, &audits(), AuditEvent::kind, AuditEvent::body, AuditEvent::read);
    check(&mut golden, &incidents(), IncidentEvent::kind, IncidentEvent::body, IncidentEvent::read);
    check(&mut golden, &retained(), RetentionEvent::kind, RetentionEvent::body, RetentionEvent::read);
    assert_eq!(golden.next(), None);
}
