//! Retention over a house: nothing is erased before its term, and what is erased leaves its leaf.

use super::*;
use theriac_prescriber::retention::{RecordKind, Release};

/// The number of a prescription's signing record.
fn signed(watched: &Watched, id: &str) -> u64 {
    let entries = watched.house.store.stream(&format!("prescription/{id}")).unwrap();
    entries.iter().find(|entry| entry.kind == "prescription.signed").unwrap().seq
}

/// Five years from the issue are inside. On the day after, the whole prescription goes, nothing else does, and the journal
/// still proves what it proved.
///
/// Requirements: epcs-1311.130-e, epcs-1311.180-a-1, epcs-1311.160-c
#[test]
fn a_prescription_is_kept_five_years_and_then_erased_body_only() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.sign("R-1");
    watched.send();
    let seq = signed(&watched, "R-1");
    let size = watched.house.store.size().unwrap();
    let note = watched.house.store.export_checkpoint().unwrap();
    let erase = |by: &Actor| watched.house.erase_record(by, seq, "its term is over");
    for (wall, by) in [("2026-03-03T09:00:00", ola()), ("2031-03-01T09:00:00", ola()), ("2031-03-02T23:59:59", brook())]
    {
        watched.move_to(wall);
        assert_eq!(code(erase(&by)), "RX-KEEP-UNTIL", "{wall}");
    }
    assert!(watched.house.releasable(0).unwrap().records.is_empty(), "nothing yet");
    watched.move_to("2031-03-03T00:00:00");
    assert_eq!(code(erase(&brook())), "RX-KEEP-ROLE");
    assert_eq!(code(watched.house.erase_record(&ola(), seq, " ")), "RX-KEEP-ROLE");
    let kept = watched.house.releasable(0).unwrap();
    assert!(kept.records.iter().any(|one| one.held.seq == seq && one.held.kind == RecordKind::SignedPrescription));
    let before = watched.house.store.entry(seq).unwrap();
    let erased = erase(&ola()).unwrap();
    assert!(erased >= 5, "drafted, ready, reviewed, signed, transmitted: {erased}");
    let after = watched.house.store.entry(seq).unwrap();
    assert_eq!((after.body_bytes(), after.leaf()), (None, before.leaf()));
    assert!(watched.house.store.archive(seq).unwrap().is_empty(), "the message is gone with it");
    let report = watched.house.store.check(&[note]).unwrap();
    assert!(report.is_clean(), "{:?}", report.bad);
    watched.house.store.rebuild().unwrap();
    assert!(watched.house.store.check(&[]).unwrap().is_clean());
    assert!(watched.house.store.size().unwrap() > size, "each erasure is on record");
    assert_eq!(code(erase(&ola())), "RX-KEEP-UNKNOWN", "once");
    assert!(matches!(watched.house.prescription_now("R-1"), Err(Fault::Refused(_))));
    let rows = watched.house.store.query("SELECT number FROM received", &[]).unwrap();
    assert_eq!(rows.len(), 1, "the pharmacy's record has its own term");
    watched.house.round(None).unwrap();
}

/// Requirements: epcs-1311.105-d, epcs-1311.150-c-2, epcs-1311.170-g-3
#[test]
fn a_proofing_document_stays_while_access_is_live_and_audit_reports_stay_five_years() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.move_to("2036-03-02T09:00:00");
    let proofing = watched.house.kept_in("signer/brook").unwrap().records;
    let document = proofing.iter().find(|one| one.held.kind == RecordKind::ProofingDocument).unwrap();
    assert!(matches!(document.release, Release::NotYet(_)), "{document:?}");
    assert_eq!(code(watched.house.erase_record(&ola(), document.held.seq, "old")), "RX-KEEP-RUNNING");
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    for stream in ["audits/prescribing", "audits/dispensing"] {
        let reports = watched.house.kept_in(stream).unwrap().records;
        assert_eq!(reports[0].release.first_day(), Some("2031-03-03".parse().unwrap()), "{stream}");
    }
}

/// Requirements: epcs-1311.180-a-1
#[test]
fn what_is_held_for_an_inspection_is_not_erased_whatever_its_age() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    watched.sign("R-1");
    let iris = world::actor(&cast::INSPECTOR, Role::Inspector);
    assert_eq!(code(watched.house.hold_records(&iris, "prescription/NONE", "an inspection")), "RX-HOLD-UNKNOWN");
    watched.house.hold_records(&iris, "prescription/R-1", "an inspection").unwrap();
    watched.move_to("2040-01-02T09:00:00");
    let seq = signed(&watched, "R-1");
    assert_eq!(code(watched.house.erase_record(&ola(), seq, "old")), "RX-KEEP-HELD");
    assert_eq!(code(watched.house.lift_hold(&iris, "prescription/R-1", "over")), "RX-HOLD-ROLE");
    watched.house.lift_hold(&ola(), "prescription/R-1", "the inspection is over").unwrap();
    watched.house.erase_record(&ola(), seq, "old").unwrap();
}

/// Requirements: epcs-pre-8-3-record-list
#[test]
fn the_schedule_names_every_kind_with_owner_beginning_and_term() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    let schedule = watched.house.retention_schedule();
    for kind in RecordKind::ALL {
        assert!(schedule.iter().any(|line| line.kind == *kind), "{kind}");
    }
}

/// Requirements: epcs-1311.180-a-2
#[test]
fn one_question_gives_all_records_of_a_kind_and_no_other() {
    let watched = house_at("2026-03-02T09:00[America/Phoenix]");
    for id in ["R-1", "R-2"] {
        watched.sign(id);
    }
    watched.send();
    watched.house.round(None).unwrap();
    let count = |sql: &str| watched.house.store.query(sql, &[]).unwrap()[0].u64(0).unwrap();
    for kind in RecordKind::ALL.iter().copied() {
        let found = watched.house.kept_of_kind(kind, 0).unwrap().records;
        assert!(found.iter().all(|one| one.held.kind == kind), "{kind}");
    }
    for (kind, sql) in [
        (RecordKind::SignedPrescription, "SELECT COUNT(*) FROM entries WHERE kind = 'prescription.signed'"),
        (RecordKind::ReceivedPrescription, "SELECT COUNT(*) FROM entries WHERE kind = 'rx.received'"),
        (RecordKind::AuditReport, "SELECT COUNT(*) FROM entries WHERE kind = 'audit.report-registered'"),
        (RecordKind::Notice, "SELECT COUNT(*) FROM entries WHERE kind LIKE 'notice.%'"),
        (RecordKind::Incident, "SELECT COUNT(*) FROM entries WHERE kind LIKE 'incident.%'"),
    ] {
        let found = watched.house.kept_of_kind(kind, 0).unwrap();
        assert!(found.next.is_none() && found.records.len() as u64 == count(sql) && count(sql) > 0, "{kind}");
    }
}
