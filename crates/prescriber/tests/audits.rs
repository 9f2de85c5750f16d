//! Third-party audits: what opens the gate, what shuts it, who is told.

mod watching;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use theriac_law::vocab::{Compliance, Form, Schedule, Word};
use theriac_law::{Profile, Question, Request, When, decide, facts};
use theriac_model::{Actor, Role};
use theriac_prescriber::audit::{
    Application, AuditEvent, AuditGate, Auditor, Part1311, Regime, ReportKind, Scope, Security, Service, Setting,
    Standing, ThirdPartyReport, Users,
};
use theriac_prescriber::duties::{Clearance, Duties};
use theriac_prescriber::notice::{Addressee, Notices, Progress, Sender};
use watching::{Rules, at, operator, practitioner, program, refused};

const PRESCRIBING: Setting =
    Setting { application: Application::Prescribing, regime: Regime::Ordinary, service: Service::Hosted };
const DISPENSING: Setting = Setting { application: Application::Dispensing, ..PRESCRIBING };

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

fn adverse(id: &str, audited: Date) -> ThirdPartyReport {
    let unmet = vec!["1311.125(a): two factors are not asked for".to_owned()];
    ThirdPartyReport { part_1311: Part1311::DoNotMeet(unmet), ..report(id, audited) }
}

fn users() -> Users {
    Users {
        practitioners: vec!["brook".to_owned(), "reed".to_owned()],
        pharmacies: vec!["9900001".to_owned(), "9900002".to_owned()],
        customers: vec!["AB1234563".to_owned(), "FB1234563".to_owned()],
    }
}

fn gate(setting: Setting, reports: Vec<ThirdPartyReport>) -> AuditGate {
    let rules = Rules::strictest();
    let mut gate = AuditGate::new(setting);
    for report in reports {
        let now = at("2031-01-01T12:00:00-07:00");
        gate.apply(&gate.register(report, &operator(), &users(), now, rules.terms()).expect("registered").event);
    }
    gate
}

fn shut(gate: &AuditGate, day: Date, code: &str) -> theriac_model::Refusal {
    refused(gate.standing(day, Rules::strictest().terms()).require(), code)
}

fn opens(gate: &AuditGate, day: Date) {
    let standing = gate.standing(day, Rules::strictest().terms());
    assert!(matches!(standing, Standing::Open { .. }), "{day}: {standing:?}");
}

const AUDITED: Date = date(2026, 3, 2);
const AFTER: Date = date(2026, 4, 1);

#[test]
fn without_an_audit_on_file_nothing_is_signed_and_a_favourable_report_opens() {
    let refusal = shut(&gate(PRESCRIBING, vec![]), AFTER, "RX-AUDIT-NONE");
    assert!(refusal.what.contains("signed or sent"), "{refusal}");
    opens(&gate(PRESCRIBING, vec![report("r-1", AUDITED)]), AFTER);
    // A report that is not issued yet on the day asked about opens nothing.
    shut(&gate(PRESCRIBING, vec![report("r-1", AUDITED)]), date(2026, 3, 6), "RX-AUDIT-NONE");
}

/// The rulebook, told what the gate says of the pharmacy's application, refuses to process.
#[test]
fn a_pharmacy_without_an_audit_takes_no_electronic_prescription() {
    let received = |gate: &AuditGate| {
        let mut rx = facts::Prescription::new(Schedule::IV, Form::Electronic, AFTER, 30);
        rx.signed_on = Some(AFTER);
        let compliance = gate.standing(AFTER, Rules::strictest().terms()).compliance();
        let question = Question::new(AFTER, Request::ReceiveElectronic {})
            .about(rx)
            .with(|all| all.electronic.pharmacy_system = compliance);
        decide(&Profile::strictest(), &question).expect("built").into_result().err().map(|refusal| refusal.code.0)
    };
    let none = gate(DISPENSING, vec![]);
    assert_eq!(none.standing(AFTER, Rules::strictest().terms()).compliance(), Compliance::NonCompliant);
    assert_eq!(received(&none), Some("LAW-1311.175-PHARMACY"));
    assert_eq!(received(&gate(DISPENSING, vec![report("r-1", AUDITED)])), None);
    assert_eq!(Compliance::Compliant.word(), "compliant");
}

/// Requirements: epcs-1311.150-a-2, epcs-1311.170-f-2
#[test]
fn people_are_reminded_before_the_anniversary_and_twelve_months_after_the_audit_the_gate_shuts() {
    for setting in [PRESCRIBING, DISPENSING] {
        let rules = Rules::strictest();
        let mut gate = gate(setting, vec![report("r-1", AUDITED)]);
        let days = |gate: &AuditGate, day: Date| gate.reminder(day, rules.terms()).map(|reminder| reminder.days);
        assert_eq!(days(&gate, date(2026, 12, 31)), None);
        assert_eq!(days(&gate, date(2027, 1, 1)), Some(60));
        assert_eq!(days(&gate, date(2027, 3, 2)), Some(0));
        opens(&gate, date(2027, 3, 2));
        let refusal = shut(&gate, date(2027, 3, 3), "RX-AUDIT-LATE");
        assert_eq!(refusal.edition.name(), "proposed-2008");
        assert_eq!(days(&gate, date(2027, 3, 3)), None);
        // The law in force leaves two years.
        let in_force = Rules::of(Profile::in_force());
        for (day, open) in [(date(2028, 3, 2), true), (date(2028, 3, 3), false)] {
            let standing = gate.standing(day, in_force.terms());
            assert_eq!(standing.require().is_ok(), open, "{day}");
        }
        let now = at("2027-04-01T12:00:00-07:00");
        let next = report("r-2", date(2027, 3, 20));
        gate.apply(&gate.register(next, &operator(), &users(), now, rules.terms()).expect("registered").event);
        opens(&gate, date(2027, 4, 1));
    }
}

/// Requirements: epcs-1311.170-g-1
#[test]
fn a_report_without_a_conclusion_on_the_part_or_of_another_kind_or_scope_opens_nothing() {
    let rules = Rules::strictest();
    let undecided = ThirdPartyReport { part_1311: Part1311::NotDecided, ..report("r-1", AUDITED) };
    let now = at("2026-05-01T12:00:00-07:00");
    for setting in [PRESCRIBING, DISPENSING, Setting { regime: Regime::Federal, ..DISPENSING }] {
        let gate = gate(setting, vec![]);
        let refusal =
            refused(gate.register(undecided.clone(), &operator(), &users(), now, rules.terms()), "RX-AUDIT-OUTCOME");
        assert_eq!(refusal.field.as_deref(), Some("part-1311"));
    }
    let kinds = |setting: Setting| {
        let serves = |kind: &ReportKind| {
            let gate = gate(setting, vec![ThirdPartyReport { kind: *kind, ..report("r-1", AUDITED) }]);
            gate.standing(AFTER, rules.terms()).require().is_ok()
        };
        ReportKind::ALL.iter().copied().filter(serves).collect::<Vec<_>>()
    };
    assert_eq!(kinds(PRESCRIBING), [ReportKind::WebTrust, ReportKind::SysTrust, ReportKind::Soc2]);
    assert_eq!(kinds(DISPENSING), [ReportKind::SysTrust, ReportKind::Soc2, ReportKind::Sas70, ReportKind::Ssae]);
    let narrow = ThirdPartyReport { kind: ReportKind::Certification, ..report("r-1", AUDITED) };
    assert_eq!(shut(&gate(DISPENSING, vec![narrow]), AFTER, "RX-AUDIT-KIND").edition.name(), "proposed-2008");
    for absent in Scope::ALL {
        let scope = Scope::ALL.iter().copied().filter(|scope| scope != absent).collect();
        let partial = ThirdPartyReport { scope, ..report("r-1", AUDITED) };
        shut(&gate(PRESCRIBING, vec![partial.clone()]), AFTER, "RX-AUDIT-SCOPE");
        let installed = Setting { service: Service::Installed, ..PRESCRIBING };
        let serves = gate(installed, vec![partial]).standing(AFTER, rules.terms()).require().is_ok();
        assert_eq!(serves, *absent == Scope::PhysicalSecurity, "{absent}");
    }
}

#[test]
fn certification_serves_in_force_and_under_the_proposal_only_when_two_people_accept_it_with_a_reason() {
    let certified = ThirdPartyReport { kind: ReportKind::Certification, ..report("r-1", AUDITED) };
    let mut gate = gate(PRESCRIBING, vec![certified]);
    let in_force = Rules::of(Profile::in_force());
    assert!(gate.standing(AFTER, in_force.terms()).require().is_ok());
    shut(&gate, AFTER, "RX-AUDIT-KIND");
    let controller = Actor::new("ada", Role::AccessController);
    refused(gate.accept_kind("r-1", &operator(), &controller, " "), "RX-AUDIT-ACCEPT");
    refused(gate.accept_kind("r-1", &operator(), &operator(), "approved body"), "RX-AUDIT-ACCEPT");
    refused(gate.accept_kind("r-2", &operator(), &controller, "approved body"), "RX-AUDIT-UNKNOWN");
    refused(gate.accept_kind("r-1", &controller, &controller, "approved body"), "RX-AUDIT-ROLE");
    gate.apply(&gate.accept_kind("r-1", &operator(), &controller, "a body the authority approved").expect("accepted"));
    opens(&gate, AFTER);
}

/// Requirements: epcs-1311.250-a, epcs-1311.270-f
#[test]
fn an_agencys_audit_needs_no_label_but_its_scope_and_its_year() {
    for application in Application::ALL {
        let federal = Setting { application: *application, regime: Regime::Federal, service: Service::Installed };
        shut(&gate(federal, vec![]), AFTER, "RX-AUDIT-NONE");
        let unlabelled = ThirdPartyReport { kind: ReportKind::Other, ..report("r-1", AUDITED) };
        let gate_ = gate(federal, vec![unlabelled.clone()]);
        opens(&gate_, AFTER);
        opens(&gate_, date(2027, 3, 2));
        shut(&gate_, date(2027, 3, 3), "RX-AUDIT-LATE");
        let integrity = ThirdPartyReport { scope: vec![Scope::ProcessingIntegrity], ..unlabelled.clone() };
        let serves = gate(federal, vec![integrity]).standing(AFTER, Rules::strictest().terms()).require().is_ok();
        assert_eq!(serves, *application == Application::Dispensing);
        let security = ThirdPartyReport { scope: vec![Scope::Security], ..unlabelled };
        shut(&gate(federal, vec![security]), AFTER, "RX-AUDIT-SCOPE");
    }
}

/// 21 CFR 1311.300(a): an audit whenever a controlled-substance function changes.
#[test]
fn a_changed_function_shuts_the_gate_until_the_change_is_audited() {
    let mut gate = gate(PRESCRIBING, vec![report("r-1", AUDITED)]);
    let change = |version: &str| {
        let gate = AuditGate::new(PRESCRIBING);
        gate.change_function(&operator(), version, "another review screen", AFTER).expect("changed")
    };
    gate.apply(&change("1.1"));
    shut(&gate, AFTER, "RX-AUDIT-CHANGED");
    assert!(
        gate.standing(AFTER, Rules::of(Profile::seed()).terms()).require().is_ok(),
        "the proposal says nothing of it"
    );
    gate.apply(&change("1.0"));
    opens(&gate, AFTER);
    gate.apply(&change("1.1"));
    let rules = Rules::strictest();
    let changed = ThirdPartyReport { version: "1.1".to_owned(), ..report("r-2", date(2026, 3, 20)) };
    let now = at("2026-04-01T12:00:00-07:00");
    gate.apply(&gate.register(changed, &operator(), &users(), now, rules.terms()).expect("registered").event);
    opens(&gate, AFTER);
}

/// Requirements: epcs-pre-10-reopen-after-audit, epcs-pre-10-pharmacy-reopen, epcs-1311.270-h
#[test]
fn an_adverse_finding_shuts_at_once_and_only_a_later_favourable_audit_opens_again() {
    let rules = Rules::strictest();
    for setting in [
        PRESCRIBING,
        DISPENSING,
        Setting { service: Service::Installed, ..PRESCRIBING },
        Setting { service: Service::Installed, ..DISPENSING },
        Setting { regime: Regime::Federal, ..PRESCRIBING },
        Setting { regime: Regime::Federal, ..DISPENSING },
    ] {
        let mut gate = gate(setting, vec![report("r-1", AUDITED)]);
        opens(&gate, AFTER);
        let now = at("2026-04-10T12:00:00-07:00");
        let unfit = adverse("r-2", date(2026, 4, 1));
        gate.apply(&gate.register(unfit, &operator(), &users(), now, rules.terms()).expect("registered").event);
        shut(&gate, AFTER, "RX-AUDIT-ADVERSE");
        // A note of what was corrected, another version, an older or overlapping favourable report: none of them opens.
        gate.apply(&gate.note_fix(&operator(), "two factors are asked for", AFTER).expect("noted"));
        gate.apply(&gate.change_function(&operator(), "1.0", "corrected", AFTER).expect("changed"));
        let later = at("2026-07-01T12:00:00-07:00");
        for (id, audited) in [("r-3", date(2026, 3, 15)), ("r-4", date(2026, 4, 1)), ("r-5", date(2026, 4, 6))] {
            let old = report(id, audited);
            gate.apply(&gate.register(old, &operator(), &users(), later, rules.terms()).expect("registered").event);
            shut(&gate, date(2026, 7, 1), "RX-AUDIT-ADVERSE");
        }
        // The adverse report was issued on 6 April: an audit that ended after it.
        let new = report("r-6", date(2026, 4, 7));
        gate.apply(&gate.register(new, &operator(), &users(), later, rules.terms()).expect("registered").event);
        opens(&gate, date(2026, 7, 1));
    }
}

/// Without the clearance that the gate gives nothing can be signed, and what waits is not sent.
///
/// Requirements: epcs-1311.250-c-1
#[test]
fn in_a_system_of_federal_agencies_an_adverse_finding_takes_the_clearance_to_sign_away() {
    let rules = Rules::strictest();
    let federal = Setting { regime: Regime::Federal, ..PRESCRIBING };
    let asked = |reports| {
        let gate = gate(federal, reports);
        let clearance = Clearance::ask(&Duties::new("brook"), &gate, AFTER, rules.terms());
        (
            clearance.expect_err("the duties are open, or the gate is shut").code.0,
            gate.standing(AFTER, rules.terms()).require(),
        )
    };
    let (code, sending) = asked(vec![report("r-1", AUDITED)]);
    assert!(code.starts_with("RX-DUTY") && sending.is_ok(), "what is left is the practitioner's own: {code}");
    let (code, sending) = asked(vec![report("r-1", AUDITED), adverse("r-2", date(2026, 3, 20))]);
    assert_eq!(code, "RX-AUDIT-ADVERSE");
    assert!(sending.is_err(), "nothing leaves while the gate is shut");
}

#[test]
fn inadequate_security_is_adverse_whatever_the_report_says_of_the_part_and_whatever_its_kind() {
    for part_1311 in [Part1311::Meet, Part1311::NotDecided] {
        let insecure = ThirdPartyReport {
            part_1311,
            security: Security::Inadequate,
            kind: ReportKind::Other,
            scope: vec![Scope::Security],
            ..report("r-2", date(2026, 3, 20))
        };
        shut(&gate(PRESCRIBING, vec![report("r-1", AUDITED), insecure]), AFTER, "RX-AUDIT-ADVERSE");
    }
}

/// Requirements: epcs-1311.150-d-2, epcs-1311.150-d-3, epcs-1311.170-h-2, epcs-1311.170-h-3, epcs-1311.150-e, epcs-1311.170-i,
/// epcs-1311.250-c-2, epcs-1311.270-h
#[test]
fn an_adverse_report_raises_a_notice_to_every_user_and_to_dea_with_the_report_and_each_stays_until_it_was_given() {
    let rules = Rules::strictest();
    let check = |setting: Setting, from: Sender, to: &[Addressee]| {
        let gate = gate(setting, vec![report("r-1", AUDITED)]);
        // Friday evening before Memorial Day.
        let now = at("2026-05-22T19:00:00-07:00");
        let unfit = adverse("r-2", date(2026, 5, 10));
        let found = gate.register(unfit, &operator(), &users(), now, rules.terms()).expect("registered");
        let addressees: Vec<Addressee> = found.notices.iter().map(|notice| notice.to.clone()).collect();
        assert_eq!(addressees, to, "{setting:?}");
        let mut notices = Notices::default();
        for event in notices.raise(found.notices.clone()) {
            notices.apply(&event);
        }
        for notice in &found.notices {
            assert_eq!(notice.deadline.as_ref().map(|deadline| deadline.due), Some(When::Day(date(2026, 5, 26))));
            assert_eq!((notice.from, notice.enclosures[0].digest.as_str()), (from, "ab".repeat(32).as_str()));
            assert!(notice.lines().join("\n").contains("1311.125(a): two factors are not asked for"));
            let item = notices.get(&notice.id).expect("on the list");
            assert_eq!(item.progress(at("2026-05-26T23:59:59-07:00")), Progress::Open);
            assert_eq!(item.progress(at("2026-05-27T00:00:00-07:00")), Progress::Overdue);
        }
        for to in to.iter().filter(|to| matches!(to, Addressee::Practitioner(_) | Addressee::Pharmacy(_))) {
            assert_eq!(notices.at_sign_in(to).count(), 1);
        }
    };
    let dea = Addressee::Administration;
    let practitioner = |id: &str| Addressee::Practitioner(id.to_owned());
    let pharmacy = |id: &str| Addressee::Pharmacy(id.to_owned());
    let customer = |id: &str| Addressee::Customer(id.to_owned());
    check(PRESCRIBING, Sender::Provider, &[dea.clone(), practitioner("brook"), practitioner("reed")]);
    check(DISPENSING, Sender::Provider, &[dea.clone(), pharmacy("9900001"), pharmacy("9900002")]);
    for application in Application::ALL {
        let installed = Setting { application: *application, service: Service::Installed, ..PRESCRIBING };
        check(installed, Sender::Provider, &[dea.clone(), customer("AB1234563"), customer("FB1234563")]);
        let agency = Setting { regime: Regime::Federal, ..installed };
        check(agency, Sender::Agency, &[dea.clone(), customer("AB1234563"), customer("FB1234563")]);
    }
}

#[test]
fn the_providers_own_finding_shuts_the_gate_and_tells_everybody() {
    let rules = Rules::strictest();
    let mut gate = gate(PRESCRIBING, vec![report("r-1", AUDITED)]);
    let now = at("2026-04-01T12:00:00-07:00");
    refused(gate.declare_unfit(&practitioner(), "keys leaked", &users(), now, rules.terms()), "RX-AUDIT-ROLE");
    refused(gate.declare_unfit(&operator(), " ", &users(), now, rules.terms()), "RX-AUDIT-FIELD");
    let said = gate.declare_unfit(&operator(), "keys leaked", &users(), now, rules.terms()).expect("said");
    assert_eq!(said.notices.len(), 3);
    gate.apply(&said.event);
    shut(&gate, AFTER, "RX-AUDIT-ADVERSE");
    gate.apply(&AuditEvent::Registered { report: report("r-2", AFTER), by: operator() });
    shut(&gate, date(2026, 5, 1), "RX-AUDIT-ADVERSE");
    gate.apply(&AuditEvent::Registered { report: report("r-3", date(2026, 4, 2)), by: operator() });
    opens(&gate, date(2026, 5, 1));
}

#[test]
fn a_report_is_registered_by_an_operator_once_with_all_its_parts_in_order() {
    let rules = Rules::strictest();
    let now = at("2026-05-01T12:00:00-07:00");
    let gate = gate(PRESCRIBING, vec![report("r-1", AUDITED)]);
    let register = |report: ThirdPartyReport, by: Actor| gate.register(report, &by, &users(), now, rules.terms());
    for &role in Role::ALL {
        let found = register(report("r-2", AUDITED), Actor::new("x", role));
        assert_eq!(found.is_ok(), role == Role::Operator, "{role}");
    }
    refused(register(report("r-2", AUDITED), program()), "RX-AUDIT-ROLE");
    refused(register(report("r-1", AUDITED), operator()), "RX-AUDIT-TWICE");
    let good = report("r-2", AUDITED);
    let auditor = |name: &str, qualification: &str| Auditor { name: name.into(), qualification: qualification.into() };
    for (bad, code) in [
        (ThirdPartyReport { id: " ".into(), ..good.clone() }, "RX-AUDIT-FIELD"),
        (ThirdPartyReport { auditor: auditor("", "CPA"), ..good.clone() }, "RX-AUDIT-FIELD"),
        (ThirdPartyReport { auditor: auditor("A", ""), ..good.clone() }, "RX-AUDIT-FIELD"),
        (ThirdPartyReport { version: String::new(), ..good.clone() }, "RX-AUDIT-FIELD"),
        (ThirdPartyReport { from: date(2026, 3, 3), ..good.clone() }, "RX-AUDIT-DATES"),
        (ThirdPartyReport { issued: date(2026, 3, 1), ..good.clone() }, "RX-AUDIT-DATES"),
        (ThirdPartyReport { issued: date(2026, 5, 2), ..good.clone() }, "RX-AUDIT-DATES"),
        (ThirdPartyReport { digest: "ab".into(), ..good.clone() }, "RX-AUDIT-DIGEST"),
        (ThirdPartyReport { part_1311: Part1311::DoNotMeet(vec![" ".into()]), ..good.clone() }, "RX-AUDIT-OUTCOME"),
    ] {
        refused(register(bad, operator()), code);
    }
    assert!(register(ThirdPartyReport { issued: date(2026, 5, 1), ..good }, operator()).is_ok());
}

#[test]
fn every_report_stays_published_the_newest_first() {
    let gate = gate(
        PRESCRIBING,
        vec![report("r-1", AUDITED), adverse("r-3", date(2028, 3, 1)), report("r-2", date(2027, 3, 1))],
    );
    let published: Vec<&str> = gate.published().iter().map(|report| report.id.as_str()).collect();
    assert_eq!(published, ["r-3", "r-2", "r-1"]);
}

/// The rule itself, written a second time: of all that was registered, is the gate open on this day?
fn oracle(events: &[AuditEvent], day: Date) -> bool {
    let reports = events.iter().filter_map(|event| match event {
        AuditEvent::Registered { report, .. } => Some(report),
        _ => None,
    });
    let stops = reports.clone().filter(|report| report.is_adverse()).map(|report| report.issued);
    let said = events.iter().filter_map(|event| match event {
        AuditEvent::DeclaredUnfit { on, .. } => Some(*on),
        _ => None,
    });
    let stopped = stops.chain(said).max();
    let year = |report: &&ThirdPartyReport| day <= report.audited + 1.year();
    let best = reports
        .filter(|report| report.is_favourable() && report.issued <= day)
        .filter(|report| stopped.is_none_or(|stopped| stopped < report.audited))
        .max_by_key(|report| (report.audited, report.issued));
    best.as_ref().is_some_and(year)
}

proptest! {
    /// Random histories of reports, findings and notes: the gate is what the rule says, made again from stored records.
    #[test]
    fn the_gate_is_open_exactly_when_a_current_favourable_audit_followed_every_adverse_finding(
        acts in prop::collection::vec((0u8..5, 0i32..1500), 0..12),
        ask in 0i32..2000,
    ) {
        let day = |n: i32| date(2026, 1, 1) + n.days();
        let rules = Rules::strictest();
        let mut gate = AuditGate::new(PRESCRIBING);
        let mut journal = Vec::new();
        for (n, (act, when)) in acts.into_iter().enumerate() {
            let id = format!("r-{n}");
            let now = at("2035-01-01T12:00:00-07:00");
            let event = match act {
                0 | 1 => gate.register(report(&id, day(when)), &operator(), &users(), now, rules.terms()).expect("registered").event,
                2 => gate.register(adverse(&id, day(when)), &operator(), &users(), now, rules.terms()).expect("registered").event,
                3 => AuditEvent::DeclaredUnfit { by: operator(), on: day(when), what: "keys leaked".into() },
                _ => gate.note_fix(&operator(), "corrected", day(when)).expect("noted"),
            };
            gate.apply(&event);
            journal.push(event);
        }
        let read: Vec<AuditEvent> =
            journal.iter().map(|event| AuditEvent::read(event.kind(), &event.body()).expect("our own")).collect();
        prop_assert_eq!(&read, &journal);
        let again = AuditGate::replay(PRESCRIBING, &read);
        prop_assert_eq!(&again, &gate);
        let found = again.standing(day(ask), rules.terms());
        prop_assert_eq!(found.require().is_ok(), oracle(&journal, day(ask)), "{:?}", found);
    }
}
