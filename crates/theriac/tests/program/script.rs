//! `theriac script ...`: what a message holds and lacks, and printing it again.

use crate::common::{DEMO, Deployment, evidence_file, outside, run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Our own message in a file.
fn own() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("message.xml");
    fs::write(&file, evidence_file("message.xml")).unwrap();
    (place, file)
}

#[test]
fn a_whole_prescription_is_complete() {
    let (_place, file) = own();
    let report = run(&[&"script", &"check", &"--json", &file]).expect(0).json();
    assert_eq!(report["verdict"], "complete", "{report:#}");
    assert_eq!((&report["message"], &report["version"]), (&"NewRx".into(), &"2017071".into()), "{report:#}");
    assert_eq!(report["lacks"], Value::Array(Vec::new()));
    assert_eq!((&report["schedule_claimed"], &report["signed_indication"]), (&"II".into(), &true.into()), "{report:#}");
    assert_eq!(report["round_trip"]["same"], true);
    let text = run(&[&"script", &"check", &file]).expect(0).out;
    for line in ["verdict: complete", "message: NewRx, version 2017071", "round trip: same message"] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line} in {text}");
    }
}

#[test]
fn a_lacking_element_is_named() {
    let place = tempfile::tempdir().unwrap();
    let text = DEMO.signed_message("R-1001");
    for (from, element) in [("<LastName>Sample</LastName>", "patient.last"), ("<Value>30</Value>", "quantity.value")] {
        let lacking = place.path().join("lacking.xml");
        assert!(text.contains(from), "{from} in {text}");
        fs::write(&lacking, text.replacen(from, "", 1)).unwrap();
        let report = run(&[&"script", &"check", &"--json", &lacking]).expect(1).json();
        assert_eq!((&report["verdict"], &report["lacks"]), (&"incomplete".into(), &serde_json::json!([element])));
    }
}

#[test]
fn each_real_message_has_its_verdict_and_survives_a_round_trip() {
    let Some(folder) = outside("ncpdp-script") else { return };
    for (name, verdict, lacking) in [
        ("cosyte-cancelrx-request.xml", "not-a-prescription", 0),
        ("cosyte-cancelrx-response-approved.xml", "not-a-prescription", 0),
        ("cosyte-error-response.xml", "not-a-prescription", 0),
        ("cosyte-newrx-basic.xml", "incomplete", 9),
        ("cosyte-newrx-edge-empties.xml", "incomplete", 16),
        ("cosyte-newrx-structured-sig.xml", "incomplete", 15),
        ("cosyte-rxchange-request.xml", "not-a-prescription", 0),
        ("cosyte-rxchange-response-validated.xml", "not-a-prescription", 0),
        ("cosyte-rxrenewal-request.xml", "not-a-prescription", 0),
        ("cosyte-rxrenewal-response-approved-with-changes.xml", "incomplete", 16),
        ("cosyte-rxrenewal-response-approved.xml", "incomplete", 16),
        ("cosyte-status-response.xml", "not-a-prescription", 0),
        ("cosyte-surescripts-routing.xml", "incomplete", 10),
        ("dgoradia-newrx-2017071-qty-int.xml", "incomplete", 1),
        ("empower-clinical-info-response.xml", "unsupported", 0),
        ("empower-newrx-sample.xml", "incomplete", 8),
    ] {
        let report = run(&[&"script", &"check", &"--json", &folder.join(name)]).expect(1).json();
        let lacks = report["lacks"].as_array().unwrap().len();
        assert_eq!((report["verdict"].as_str().unwrap(), lacks), (verdict, lacking), "{name}: {report:#}");
        assert_eq!(report["round_trip"]["same"], true, "{name}");
        round_trip(&folder.join(name));
    }
}

/// Converting twice gives the same bytes as converting once, and the same report but for the bytes.
fn round_trip(file: &Path) {
    let place = tempfile::tempdir().unwrap();
    let convert = |file: &Path| run(&[&"script", &"convert", &"--to", &"script-2017071", &file]).expect(0).out;
    let once = convert(file);
    let again = place.path().join("again.xml");
    fs::write(&again, &once).unwrap();
    assert_eq!(convert(&again), once, "{}", file.display());
    let report = |file: &Path| {
        let mut report = run(&[&"script", &"check", &"--json", &file]).json();
        for member in ["file", "bytes", "round_trip", "notices"] {
            report.as_object_mut().unwrap().remove(member);
        }
        report
    };
    assert_eq!(report(&again), report(file), "{}", file.display());
}

#[test]
fn hostile_and_absent_files_are_told_apart_and_the_others_are_checked() {
    let (place, file) = own();
    let hostile = place.path().join("hostile.xml");
    fs::write(&hostile, "<!DOCTYPE a [<!ENTITY b \"&b;&b;\">]><a>&b;</a>").unwrap();
    let ran = run(&[&"script", &"check", &"--json", &hostile, &file]).expect(1);
    let lines = ran.lines();
    assert_eq!((&lines[0]["verdict"], &lines[0]["refusal"]["code"]), (&"refused".into(), &"WIRE-XML-DTD".into()));
    assert_eq!(lines[1]["verdict"], "complete");
    let ran = run(&[&"script", &"check", &"--json", &"/nowhere/message.xml", &file]).expect(2);
    assert_eq!(ran.lines().len(), 1);
    assert!(ran.err.starts_with("CLI-FILE: /nowhere/message.xml: "), "{}", ran.err);
    let ran = run(&[&"script", &"convert", &"--to", &"script-2017071", &hostile]).expect(1);
    assert!(ran.err.starts_with("WIRE-XML-DTD: ") && ran.err.contains("\nNext: "), "{}", ran.err);
    assert_eq!(ran.out, "");
}

/// What SCRIPT says of a prescription is said in FHIR, and FHIR printed again is the same.
#[test]
fn a_prescription_is_converted_to_fhir_and_from_fhir_again() {
    let (place, file) = own();
    let ran = run(&[&"script", &"convert", &"--to", &"fhir-r4", &file]).expect(0);
    let printed = &ran.lines()[0];
    assert_eq!(printed["resourceType"], "MedicationRequest");
    assert!(printed["dispenseRequest"]["quantity"]["value"].is_number(), "{printed:#}");
    let again = place.path().join("request.json");
    fs::write(&again, &ran.out).unwrap();
    let twice = run(&[&"script", &"convert", &"--to", &"fhir-r4", &again]).expect(0);
    assert_eq!(twice.lines()[0], *printed);
    fs::write(&again, r#"{"resourceType":"MedicationRequest","status":"stopped"}"#).unwrap();
    let refused = run(&[&"script", &"convert", &"--to", &"fhir-r4", &again]).expect(1);
    assert!(refused.err.starts_with("FHIR-NOT-A-DRAFT: MedicationRequest.status"), "{}", refused.err);
    assert_eq!(refused.out, "");
    fs::write(&again, r#"{"resourceType":"Patient"}"#).unwrap();
    assert!(run(&[&"script", &"convert", &"--to", &"fhir-r4", &again]).expect(1).err.starts_with("FHIR-NO-REQUEST: "));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_of_any_length_is_refused_in_little_memory() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("long.xml");
    let mut text = b"<Message><Header><To>".to_vec();
    text.resize(300_000_000, b'x');
    fs::write(&file, text).unwrap();
    // 200 MB of address space hold the program, and nothing like the file.
    for task in ["check --json", "convert --to script-2017071"] {
        let line = format!("ulimit -v 200000; {} script {task} {}", crate::common::PROGRAM, file.display());
        let ran = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{task}: {said}");
        assert!(said.contains("WIRE-SIZE") || said.contains("WIRE-XML-LENGTH"), "{task}: {said}");
    }
}

#[test]
fn checking_makes_no_deployment() {
    let (_place, file) = own();
    let nowhere = Deployment::none_yet();
    let mut check = crate::common::command(&[&"script", &"check", &file]);
    assert!(check.current_dir(nowhere.dir()).output().unwrap().status.success());
    assert_eq!(fs::read_dir(nowhere.dir()).unwrap().count(), 0);
}
