//! The gates that outside audits hold, at every way into the system.

use super::*;
use crate::dispensary::{Verdict, Wanted};
use theriac_model::Ndc;
use theriac_pharmacy::PrescriptionNumber;
use theriac_prescriber::audit::{
    Application, AuditEvent, Auditor, Part1311, Registered, ReportKind, Scope, Security, Standing, ThirdPartyReport,
};
use theriac_prescriber::duties::Outcome;
use theriac_prescriber::notice::Addressee;

const FILE: &[u8] = b"%PDF-1.7 an invented report";

fn report(watched: &Watched, id: &str, part_1311: Part1311) -> ThirdPartyReport {
    let today = watched.today();
    ThirdPartyReport {
        id: id.to_owned(),
        kind: ReportKind::SysTrust,
        auditor: Auditor { name: "Invented Assurance".into(), qualification: "CISA 000000".into() },
        scope: Scope::ALL.to_vec(),
        from: today,
        audited: today,
        issued: today,
        part_1311,
        security: Security::Adequate,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        digest: String::new(),
        media: "application/pdf".to_owned(),
    }
}

fn register(watched: &Watched, application: Application, id: &str, part_1311: Part1311) -> Result<(), Fault> {
    watched.house.register_audit(&ola(), application, report(watched, id, part_1311), FILE.to_vec())
}

fn unmet() -> Part1311 {
    Part1311::DoNotMeet(vec!["1311.125(c): what was shown is not recorded".to_owned()])
}

fn gate(watched: &Watched, application: Application) -> Result<(), String> {
    let standing = &watched.house.gate_today(application).unwrap().standing;
    standing.require().map_err(|refusal| refusal.code.to_string())
}

/// Requirements: epcs-1311.150-b, epcs-1311.170-g-1
#[test]
fn a_report_that_does_not_decide_on_part_1311_is_not_registered() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    for application in Application::ALL.iter().copied() {
        assert_eq!(code(register(&watched, application, "undecided", Part1311::NotDecided)), "RX-AUDIT-OUTCOME");
        let empty =
            watched.house.register_audit(&ola(), application, report(&watched, "x", Part1311::Meet), Vec::new());
        assert_eq!(code(empty), "RX-AUDIT-FILE");
        let by_another =
            watched.house.register_audit(&fern(), application, report(&watched, "x", Part1311::Meet), FILE.to_vec());
        assert_eq!(code(by_another), "RX-AUDIT-ROLE");
    }
}

/// Signing stops at once, what was signed and not sent is held back, everybody is told, and the practitioner's own sign-in is
/// how the practitioner is told. A note that it is mended opens nothing; a later favourable report does.
///
/// Requirements: epcs-1311.150-d-1, epcs-1311.150-d-2, epcs-1311.150-d-3, epcs-pre-10-reopen-after-audit
#[test]
fn an_adverse_report_stops_signing_and_sending_until_a_later_favourable_one() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.sign("SIGNED");
    watched.review("REVIEWED");
    register(&watched, Application::Prescribing, "bad", unmet()).unwrap();
    assert_eq!(gate(&watched, Application::Prescribing), Err("RX-AUDIT-ADVERSE".to_owned()));
    assert_eq!(gate(&watched, Application::Dispensing), Ok(()), "each application has its own");
    assert_eq!(code(watched.try_to_sign("REVIEWED")), "RX-AUDIT-ADVERSE");
    for _ in 0..25 {
        assert_eq!(watched.send(), 0, "nothing leaves");
        watched.house.clock.advance(jiff::SignedDuration::from_secs(31));
    }
    let sql = "SELECT attempts FROM jobs WHERE kind = $1 AND done_seq IS NULL";
    let waiting = watched.house.store.query(sql, &[crate::practice::TRANSMIT.into()]).unwrap();
    assert_eq!(waiting[0].u64(0).unwrap(), 0, "waiting is no try that failed");
    assert_eq!(watched.house.prescription_now("SIGNED").unwrap().0.stage(), "signed");

    let book = watched.house.notices().unwrap();
    let mut to: Vec<Addressee> = book.notices.iter().map(|item| item.notice.to.clone()).collect();
    to.sort();
    let practitioner = |id: &str| Addressee::Practitioner(id.to_owned());
    assert_eq!(to, [Addressee::Administration, practitioner("brook"), practitioner("lapham")]);
    let digest = theriac_journal::hash::sha256(FILE).to_hex();
    assert!(book.notices.iter().all(|item| item.notice.enclosures[0].digest == digest), "the report goes with it");
    let seen = watched.house.shown_at_sign_in(&brook()).unwrap();
    assert_eq!(seen.len(), 1);
    let book = watched.house.notices().unwrap();
    let open: Vec<Addressee> = book.notices.to_do().iter().map(|item| item.notice.to.clone()).collect();
    assert!(!open.contains(&practitioner("brook")) && open.contains(&Addressee::Administration));

    let today = watched.today();
    let fixed = watched.house.audit_step(&ola(), Application::Prescribing, |gate, _| {
        Ok(Registered { event: gate.note_fix(&ola(), "mended", today)?, notices: Vec::new() })
    });
    fixed.unwrap();
    assert_eq!(gate(&watched, Application::Prescribing), Err("RX-AUDIT-ADVERSE".to_owned()));
    register(&watched, Application::Prescribing, "same-day", Part1311::Meet).unwrap();
    assert_eq!(gate(&watched, Application::Prescribing), Err("RX-AUDIT-ADVERSE".to_owned()), "not later");
    watched.move_to("2026-03-03T09:00:00");
    register(&watched, Application::Prescribing, "good", Part1311::Meet).unwrap();
    assert_eq!(gate(&watched, Application::Prescribing), Ok(()));
    assert_eq!(code(watched.try_to_sign("REVIEWED")), "RX-DUTY-DETERMINED-BEFORE", "the practitioner looks again");
    let now = watched.house.clock.moment();
    watched
        .house
        .duty(&brook(), |duties, gate| Ok(vec![duties.determine(&brook(), "good", Outcome::Meets, gate, now)?]))
        .unwrap();
    watched.house.list_again_today().unwrap();
    watched.sign("NEXT");
    assert_eq!(watched.send(), 2, "what was held back goes, too");
}

/// What arrives is archived and refused back; what waits is not filled; both go on after a later favourable report.
///
/// Requirements: epcs-1311.170-h-1, epcs-1311.170-h-2, epcs-1311.170-h-3, epcs-pre-10-pharmacy-reopen
#[test]
fn an_adverse_report_stops_the_pharmacys_intake_and_filling() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.sign("BEFORE");
    assert_eq!(watched.send(), 1);
    let rows = watched.house.store.query("SELECT number FROM received WHERE verdict = 'accepted'", &[]).unwrap();
    let number = PrescriptionNumber::parse(rows[0].text(0).unwrap()).unwrap();
    register(&watched, Application::Dispensing, "bad", unmet()).unwrap();

    watched.sign("AFTER");
    let carrier = crate::relaying::HouseRelay(&watched.house);
    let worked = watched.house.work(&carrier).unwrap();
    let Verdict::Rejected { refusals } = &worked.delivered[0].1.verdict else { panic!("{:?}", worked.delivered) };
    assert_eq!(refusals[0].code.to_string(), "LAW-1311.175-PHARMACY");
    let archived = watched.house.store.query("SELECT seq FROM received WHERE verdict = 'rejected'", &[]).unwrap();
    assert_eq!(watched.house.store.archive(archived[0].u64(0).unwrap()).unwrap().len(), 2, "archived all the same");
    assert_eq!(watched.house.prescription_now("AFTER").unwrap().0.stage(), "rejected", "the sender is told");

    let ndc = Ndc::parse(cast::ALPRAZOLAM.ndc).unwrap();
    let fill = || watched.house.dispense(&fern(), &number, &ndc, &Wanted::Fill).map(|_| ());
    assert_eq!(code(fill()), "RX-AUDIT-ADVERSE");
    let book = watched.house.notices().unwrap();
    let mut to: Vec<Addressee> = book.notices.iter().map(|item| item.notice.to.clone()).collect();
    to.sort();
    let pharmacy = Addressee::Pharmacy(cast::pharmacy_number().to_string());
    assert_eq!(to, [Addressee::Administration, pharmacy]);

    let open = watched.house.audit_step(&ola(), Application::Dispensing, |gate, _| {
        let event = gate.note_fix(&ola(), "mended", "2026-03-02".parse().unwrap())?;
        Ok(Registered { event, notices: Vec::new() })
    });
    open.unwrap();
    assert_eq!(code(fill()), "RX-AUDIT-ADVERSE");
    watched.move_to("2026-03-03T09:00:00");
    register(&watched, Application::Dispensing, "good", Part1311::Meet).unwrap();
    fill().unwrap();
}

/// Twelve months after the last day of the audit are inside; the day after, signing and intake stop. Reminders come first.
///
/// Requirements: epcs-1311.150-a-2, epcs-1311.170-f-2
#[test]
fn an_audit_serves_for_twelve_months_and_not_a_day_longer() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    let reminder = || {
        let (gate, _) = watched.house.audit_gate(Application::Prescribing).unwrap();
        watched.house.under_terms(|terms| gate.reminder(watched.today(), terms).map(|reminder| reminder.days))
    };
    for (wall, days) in
        [("2026-12-31T09:00:00", None), ("2027-01-01T09:00:00", Some(60)), ("2027-03-02T23:59:59", Some(0))]
    {
        watched.move_to(wall);
        assert_eq!(reminder(), days, "{wall}");
        for application in Application::ALL.iter().copied() {
            assert_eq!(gate(&watched, application), Ok(()), "{wall}");
        }
    }
    watched.move_to("2027-03-03T00:00:00");
    for application in Application::ALL.iter().copied() {
        assert_eq!(gate(&watched, application), Err("RX-AUDIT-LATE".to_owned()));
    }
}

/// A gate with no report at all is shut, in a house from which the demonstration's report was taken away.
///
/// Requirements: epcs-1311.150-a-1, epcs-1311.170-f-1
#[test]
fn without_any_report_nothing_is_signed_and_what_arrives_is_refused() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.review("R-1");
    let seqs: Vec<u64> = Application::ALL
        .iter()
        .flat_map(|application| watched.house.store.stream(crate::watch::audits_stream(*application)).unwrap())
        .map(|entry| entry.seq)
        .collect();
    watched.sign("SENT");
    let note = AuditEvent::FixNoted { by: ola(), on: watched.today(), what: "a test takes the reports away".into() };
    let actor = ola();
    let append = crate::house::record::Change::default().event(&watched.house.by(&actor, ""), "test", &note).unwrap();
    watched.house.store.append_erasing(append.into_append(), &seqs).unwrap();
    watched.house.gates.forget();
    assert_eq!(code(watched.try_to_sign("R-1")), "RX-AUDIT-NONE");
    assert_eq!(watched.send(), 0);
    let message = watched.house.signed_message("SENT").unwrap();
    let arrival = watched.house.receive(crate::dispensary::Incoming::whole(&message)).unwrap();
    let Verdict::Rejected { refusals } = arrival.verdict else { panic!("{arrival:?}") };
    assert_eq!(refusals[0].code.to_string(), "LAW-1311.175-PHARMACY");
    for application in Application::ALL.iter().copied() {
        register(&watched, application, "first", Part1311::Meet).unwrap();
        assert!(matches!(watched.house.gate_today(application).unwrap().standing, Standing::Open { .. }));
    }
    watched.try_to_sign("R-1").unwrap();
}

/// Requirements: epcs-1311.155-f-1, epcs-1311.155-f-2
#[test]
fn a_practitioner_who_determines_that_the_system_does_not_comply_does_not_sign() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.review("R-1");
    let now = watched.house.clock.moment();
    let determine = |outcome| {
        watched.house.duty(&brook(), |duties, gate| {
            Ok(vec![duties.determine(&brook(), crate::watch::DEMONSTRATION_AUDIT, outcome, gate, now)?])
        })
    };
    determine(Outcome::DoesNotMeet).unwrap();
    assert_eq!(code(watched.try_to_sign("R-1")), "RX-DUTY-UNFIT");
    determine(Outcome::Meets).unwrap();
    watched.try_to_sign("R-1").unwrap();
}
