//! Daily audits over a house: every day, missed ones, what they find, and who decides.

use super::*;
use theriac_prescriber::AccessEvent;
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::{Decision, Heading, Signal};
use theriac_prescriber::notice::{Addressee, Channel};

use crate::house::record::Change;
use crate::practice::signer_stream;
use theriac_law::When;

const PRESCRIBING: Application = Application::Prescribing;

fn signals(watched: &Watched) -> Vec<Signal> {
    let audits = watched.house.watching(PRESCRIBING).unwrap().audits();
    audits[0].run.findings.iter().map(|finding| finding.signal).collect()
}

fn headings(watched: &Watched) -> Vec<Heading> {
    let watching = watched.house.watching(PRESCRIBING).unwrap();
    let mut headings: Vec<Heading> = watching.register.incidents().map(|incident| incident.heading).collect();
    headings.sort();
    headings.dedup();
    headings
}

/// Requirements: epcs-1311.145-a
#[test]
fn every_day_has_an_audit_with_a_report_also_when_nothing_happened() {
    let watched = house_at("2026-03-30T10:00[America/Phoenix]");
    watched.house.watch().unwrap().unwrap();
    for day in ["2026-03-31", "2026-04-01", "2026-04-02"] {
        watched.move_to(&format!("{day}T00:05:00"));
        let done = watched.house.watch().unwrap().unwrap();
        assert_eq!(done.audits.len(), 2, "both applications");
        for (application, audited) in &done.audits {
            assert_eq!(audited.run.begun.date().to_string(), day);
            assert!(
                audited.run.findings.iter().all(|one| one.signal == Signal::Auditable),
                "{application}: {:?}",
                audited.run.findings
            );
            assert_eq!(audited.run.scope.len(), 7);
        }
    }
    let audits = watched.house.watching(PRESCRIBING).unwrap().audits();
    assert_eq!(audits.len(), 4);
    for pair in audits.windows(2) {
        assert_eq!(pair[0].run.from, pair[1].run.until, "no entry is between two audits");
    }
    let paper = watched.house.audit_run_paper(PRESCRIBING, &audits[0].run).print().unwrap();
    assert!(paper.pdf.starts_with(b"%PDF"));
}

/// On the day the clocks go back a day has 25 hours: the next round still begins within 24. On the day they go forward no
/// day slips through.
///
/// Requirements: epcs-1311.145-a
#[test]
fn rounds_are_never_more_than_24_hours_apart_and_each_day_has_one() {
    let watched = house_at("2026-10-30T08:00[America/New_York]");
    let wall = |text: &str| text.parse::<Zoned>().unwrap().timestamp();
    let check = |last: &str, next: &str| {
        assert_eq!(watched.house.next_round(wall(last)).unwrap(), wall(next), "{last}");
    };
    check("2026-10-30T08:00[America/New_York]", "2026-10-31T00:05[America/New_York]");
    check("2026-10-31T00:05[America/New_York]", "2026-11-01T00:05[America/New_York]");
    check("2026-11-01T00:05[America/New_York]", "2026-11-01T23:05[America/New_York]");
    check("2026-11-01T23:05[America/New_York]", "2026-11-02T00:05[America/New_York]");
    check("2027-03-13T00:05[America/New_York]", "2027-03-14T00:05[America/New_York]");
    check("2027-03-14T00:05[America/New_York]", "2027-03-15T00:05[America/New_York]");
}

/// The Friday before Memorial Day passes without an audit; it is found on Saturday, and DEA is told by the end of Tuesday.
///
/// Requirements: epcs-1311.145-a, epcs-1311.145-b-intro, epcs-1311.145-b-6
#[test]
fn a_missed_day_is_an_incident_and_the_clock_of_one_business_day_knows_week_ends_and_holidays() {
    let watched = house_at("2026-05-21T10:00[America/Phoenix]");
    watched.house.watch().unwrap().unwrap();
    watched.move_to("2026-05-23T09:00:00");
    watched.house.watch().unwrap().unwrap();
    let missed = signals(&watched).into_iter().filter(|signal| *signal == Signal::AuditMissed).count();
    assert_eq!(missed, 1);
    assert!(headings(&watched).contains(&Heading::Integrity));
    let book = watched.house.notices().unwrap();
    let watching = watched.house.watching(PRESCRIBING).unwrap();
    let incident =
        watching.register.incidents().find(|incident| incident.key.contains("audit/2026-05-22")).unwrap().clone();
    let about = format!("incident/prescribing/{}", incident.id);
    let to_give = watched.house.notices_to_give(&ola()).unwrap();
    let (number, item) = to_give.into_iter().find(|(_, item)| item.notice.about == about).unwrap();
    assert_eq!(item.notice.to, Addressee::Administration);
    assert_eq!(item.notice.deadline.as_ref().unwrap().due, When::Day("2026-05-26".parse().unwrap()));
    assert_eq!(book.item(number).unwrap().notice, item.notice);

    let close =
        || watched.house.close_incident(&ola(), PRESCRIBING, &incident.id, "the server was down; it runs again");
    assert_eq!(code(close()), "RX-INCIDENT-UNTOLD");
    let at = watched.house.clock.moment();
    let giving =
        |how, reached: &str| super::super::notices::Giving { how, at, reached: reached.to_owned(), proof: None };
    assert_eq!(
        code(watched.house.give_notice(&fern(), number, giving(Channel::Post, "the field office"))),
        "RX-NOTICE-ROLE"
    );
    assert_eq!(code(watched.house.give_notice(&ola(), number, giving(Channel::Post, " "))), "RX-NOTICE-REACHED");
    watched.house.give_notice(&ola(), number, giving(Channel::Fax, "the field office in Phoenix")).unwrap();
    assert!(!watched.house.notices_to_give(&ola()).unwrap().iter().any(|(other, _)| *other == number));
    close().unwrap();
    watched.move_to("2026-05-24T00:05:00");
    watched.house.watch().unwrap().unwrap();
    assert!(!signals(&watched).contains(&Signal::AuditMissed), "told once");
}

/// Requirements: epcs-1311.145-b-1, epcs-1311.145-b-2
#[test]
fn an_access_without_registration_and_proofing_is_found_reported_and_suspended() {
    let watched = house_at("2026-03-30T10:00[America/Phoenix]");
    watched.house.round(None).unwrap();
    let before = headings(&watched);
    let mallory = Actor::new("mallory", Role::AccessController);
    let stream = signer_stream("intruder");
    let by = watched.house.by(&mallory, "");
    Change::default()
        .event(&by, &stream, &AccessEvent::Nominated { by: mallory.clone() })
        .and_then(|change| {
            let registration = cast::controller_number();
            change.event(&by, &stream, &AccessEvent::Approved { by: mallory.clone(), registration })
        })
        .and_then(|change| change.commit(&watched.house.store))
        .unwrap();
    watched.house.round(None).unwrap();
    let audit = &watched.house.watching(PRESCRIBING).unwrap().audits()[0];
    let of_intruder: Vec<Signal> =
        audit.run.findings.iter().filter(|one| one.person == "intruder").map(|one| one.signal).collect();
    assert_eq!(of_intruder, [Signal::NonRegistrant, Signal::OnePerson, Signal::Unproofed]);
    let after = headings(&watched);
    for heading in [Heading::NonRegistrant, Heading::Unproofed, Heading::Integrity] {
        assert!(after.contains(&heading), "{before:?} {after:?}");
    }
    let (signer, _) = watched.house.signer("intruder").unwrap();
    assert_eq!(signer.grant_stage(), theriac_prescriber::access::GrantStage::Suspended);
    assert_eq!(watched.house.signer("brook").unwrap().0.grant_stage(), theriac_prescriber::access::GrantStage::InForce);
}

/// A record changed underneath the program is found by the next audit, which tells DEA.
///
/// Requirements: epcs-1311.145-b-4, epcs-pre-5-insider-prevention
#[test]
fn a_record_changed_in_the_database_is_found_by_the_next_audit() {
    let watched = house_at("2026-03-30T10:00[America/Phoenix]");
    watched.sign("R-1");
    watched.house.round(None).unwrap();
    assert!(!signals(&watched).contains(&Signal::RecordAltered));
    let raw = rusqlite::Connection::open(watched.database()).unwrap();
    let changed = raw
        .execute(
            "UPDATE entries SET body = CAST(replace(CAST(body AS TEXT), 'Take 1 tablet daily', 'Take 9 tablet daily') AS BLOB) WHERE kind = 'prescription.signed'",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    watched.house.round(None).unwrap();
    assert!(signals(&watched).contains(&Signal::RecordAltered));
    assert!(headings(&watched).contains(&Heading::StaffAltered));
    let told = watched.house.notices_to_give(&ola()).unwrap();
    assert!(told.iter().any(|(_, item)| item.notice.to == Addressee::Administration));
}

/// Requirements: epcs-1311.145-b-6
#[test]
fn a_message_that_left_otherwise_than_it_was_archived_is_found() {
    let watched = house_at("2026-03-30T10:00[America/Phoenix]");
    watched.sign("R-1");
    watched.send();
    watched.house.round(None).unwrap();
    assert!(!signals(&watched).contains(&Signal::ArchiveMismatch));
    watched.sign("R-2");
    watched.house.transmitted("R-2", b"another message", None).unwrap();
    watched.house.round(None).unwrap();
    assert!(signals(&watched).contains(&Signal::ArchiveMismatch));
}

/// Requirements: epcs-1311.170-e-1, epcs-1311.170-e-2
#[test]
fn what_is_not_reportable_by_its_kind_waits_for_a_person_who_gives_a_reason() {
    let watched = house_at("2026-03-27T10:00[America/Phoenix]");
    watched.house.round(None).unwrap();
    let quiet: Vec<_> = watched.house.watching(Application::Dispensing).unwrap().audits()[0].run.findings.clone();
    assert!(quiet.is_empty(), "{quiet:?}");
    let tess = world::actor(&cast::TECHNICIAN, Role::Technician);
    for _ in 0..3 {
        watched.house.note_refused_visit(&tess, "/pharmacy/prescriptions/{number}/annotations").unwrap();
    }
    watched.house.round(None).unwrap();
    let watching = watched.house.watching(Application::Dispensing).unwrap();
    let open = watched.house.under_terms(|terms| watching.register.undecided(terms));
    let [finding] = &open[..] else { panic!("knocking three times is one event: {open:?}") };
    assert_eq!(finding.finding.person, "tess");
    assert_eq!(finding.deadline.as_ref().unwrap().due, When::Day("2026-03-30".parse().unwrap()), "Friday to Monday");
    let judge = |by: &Actor, reason: &str| {
        let ids = [finding.finding.id.clone()];
        watched.house.judge_findings(by, Application::Dispensing, &ids, Decision::Incident, reason)
    };
    assert_eq!(code(judge(&tess, "none")), "RX-INCIDENT-JUDGE");
    assert_eq!(code(judge(&fern(), " ")), "RX-INCIDENT-REASON");
    let late = |moment| {
        let watching = watched.house.watching(Application::Dispensing).unwrap();
        watched.house.under_terms(|terms| watching.register.escalated(moment, terms).len())
    };
    assert_eq!(late(watched.house.clock.moment()), 0);
    watched.move_to("2026-03-31T00:00:00");
    assert_eq!(late(watched.house.clock.moment()), 1, "after Monday it escalates");
    judge(&fern(), "tried to write into a record").unwrap();
    let book = watched.house.notices().unwrap();
    let mut to: Vec<Addressee> = book
        .notices
        .iter()
        .filter(|item| item.notice.about.starts_with("incident/dispensing"))
        .map(|item| item.notice.to.clone())
        .collect();
    to.sort();
    assert_eq!(to, [Addressee::Administration, Addressee::Provider]);
    assert!(late(watched.house.clock.moment()) == 0, "decided");
}

/// Requirements: epcs-1311.145-b-5
#[test]
fn an_intrusion_that_people_report_is_an_incident_at_once() {
    let watched = house_at("2026-03-27T21:00[America/Phoenix]");
    let now = watched.house.clock.moment();
    let open = |what: &str| watched.house.open_incident(&ola(), PRESCRIBING, Heading::Intrusion, what, now);
    assert_eq!(code(open(" ")), "RX-INCIDENT-WHAT");
    let id = open("the firewall reports a login from outside").unwrap();
    let watching = watched.house.watching(PRESCRIBING).unwrap();
    let incident = watching.register.incident(&id).unwrap();
    assert_eq!((incident.heading, incident.closed.is_none()), (Heading::Intrusion, true));
    let book = watched.house.notices().unwrap();
    let notice = book.notices.iter().find(|item| item.notice.to == Addressee::Administration).unwrap();
    assert_eq!(notice.notice.deadline.as_ref().unwrap().due, When::Day("2026-03-30".parse().unwrap()));
    let paper = watched.house.incident_paper(PRESCRIBING, &watching, incident, &book);
    assert!(paper.cite.contains("1311.145(b)(5)") && paper.due.contains("2026-03-30"), "{paper:?}");
    let issue = watched.house.issue(now.timestamp, None);
    assert!(paper.paper(&issue).print().unwrap().pdf.starts_with(b"%PDF"));
}
