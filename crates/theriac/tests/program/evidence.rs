//! Exported evidence: checked offline by this program, by openssl, and by a verifier in another language.

use crate::common::{DEMO, EVIDENCE, Ran, evidence_copy, evidence_file, flip, machine_has, run};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What an export holds; the number of files is part of what an inspector is told to expect.
const FILES: [&str; 12] = [
    "CHECK-contents.txt",
    "CHECK.txt",
    "checkpoint.txt",
    "checkpoint.vkey",
    "contents-signer.pem",
    "contents.txt",
    "contents.txt.p7s",
    "evidence.json",
    "message.xml",
    "message.xml.p7s",
    "signer.pem",
    "trust.pem",
];
/// Those that can be verified by themselves.
const VERIFIABLE: [&str; 5] = ["checkpoint.txt", "contents.txt.p7s", "evidence.json", "message.xml", "message.xml.p7s"];

fn verify(file: &Path) -> Ran {
    run(&[&"verify", &"--json", &file])
}

#[test]
fn an_export_holds_everything_that_proves_what_arrived() {
    let mut names: Vec<String> =
        fs::read_dir(&*EVIDENCE).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, FILES);
}

/// Requirements: epcs-1311.160-a-2, epcs-pre-5-self-proving-record
#[test]
fn each_exported_file_verifies_offline_and_says_who_signed() {
    let evidence = evidence_copy();
    for name in VERIFIABLE {
        let line = verify(&evidence.path().join(name)).expect(0).json();
        assert_eq!(line["holds"], true, "{name}");
        let what = line["what"].as_str().unwrap();
        match name {
            "contents.txt.p7s" | "message.xml" => assert!(what.contains("CN=Prescribing application"), "{what}"),
            "message.xml.p7s" | "evidence.json" => assert!(what.contains("CN=Pharmacy application"), "{what}"),
            _ => assert!(what.contains("checkpoint of demo.theriac.invalid/journal"), "{what}"),
        }
    }
    // What was signed and what arrived bear the same contents.
    let signed = String::from_utf8(evidence_file("contents.txt")).unwrap();
    for element in ["Oxycodone hydrochloride", "Sample", "FB0047111", "Take 1 tablet every 6 hours as needed for pain"]
    {
        assert!(signed.contains(element), "{element}");
    }
}

/// Requirements: epcs-1300.03-digital-signature
#[test]
fn any_changed_byte_of_a_sealed_record_or_its_seal_is_found() {
    let length = |name: &str| evidence_file(name).len();
    for (name, content) in [("message.xml.p7s", "message.xml"), ("contents.txt.p7s", "contents.txt.p7s")] {
        for n in 0..12 {
            let evidence = evidence_copy();
            flip(&evidence.path().join(content), n * (length(content) - 1) / 11);
            let ran = verify(&evidence.path().join(name));
            assert_eq!(ran.code, 1, "byte {n} of {content}: {}{}", ran.out, ran.err);
        }
    }
    for n in 0..12 {
        let evidence = evidence_copy();
        flip(&evidence.path().join("message.xml.p7s"), n * (length("message.xml.p7s") - 1) / 11);
        verify(&evidence.path().join("message.xml.p7s")).expect(1);
    }
}

/// Changes what a value of the evidence stands for: text by a letter, binary by a bit.
fn change(evidence: &mut Value, pointer: &str) {
    let value = evidence.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
    let text = value.as_str().unwrap();
    let changed = if let Ok(mut bytes) = BASE64.decode(text) {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        BASE64.encode(bytes)
    } else {
        let digit = text.find(|c: char| c.is_ascii_digit()).expect("a digit to change");
        let other = if text[digit..].starts_with('0') { "1" } else { "0" };
        format!("{}{other}{}", &text[..digit], &text[digit + 1..])
    };
    assert_ne!(changed, text, "{pointer}");
    *value = Value::String(changed);
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn any_changed_part_of_evidence_is_found() {
    let original: Value = serde_json::from_slice(&evidence_file("evidence.json")).unwrap();
    for pointer in [
        "/header",
        "/salt",
        "/body_text",
        "/proof/0",
        "/proof/3",
        "/checkpoint",
        "/pieces/0/bytes",
        "/pieces/0/seal",
        "/pieces/0/salt",
    ] {
        let evidence = evidence_copy();
        let mut changed = original.clone();
        change(&mut changed, pointer);
        let file = evidence.path().join("evidence.json");
        fs::write(&file, changed.to_string()).unwrap();
        let line = verify(&file).expect(1).json();
        assert_eq!(line["holds"], false, "{pointer}: {line}");
    }
}

#[test]
fn an_element_changed_in_a_message_is_named() {
    for (from, to, element) in [
        ("<Value>30</Value>", "<Value>90</Value>", "quantity.value changed"),
        ("Take 1 tablet every 6 hours", "Take 4 tablets every 6 hours", "directions changed"),
        ("<LastName>Sample</LastName>", "<LastName>Simple</LastName>", "patient.last changed"),
    ] {
        let evidence = evidence_copy();
        let file = evidence.path().join("message.xml");
        let text = DEMO.signed_message("R-1001");
        assert!(text.contains(from), "{from} in {text}");
        fs::write(&file, &text).unwrap();
        verify(&file).expect(0);
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let line = verify(&file).expect(1).json();
        assert!(line["what"].as_str().unwrap().contains(element), "{line}");
    }
}

#[test]
fn trust_is_the_readers_own_when_it_is_given() {
    let (evidence, other) = (evidence_copy(), tempfile::tempdir().unwrap());
    run(&[&"init", &"--dir", &other.path().join("other")]).expect(0);
    let certificates = other.path().join("other").join("certificates");
    let (authority, key) = (certificates.join("authority.pem"), certificates.join("checkpoint.vkey"));
    for name in ["message.xml", "message.xml.p7s", "contents.txt.p7s"] {
        let file = evidence.path().join(name);
        run(&[&"verify", &"--ca", &authority, &file]).expect(1);
    }
    for name in ["checkpoint.txt", "evidence.json"] {
        run(&[&"verify", &"--key", &key, &evidence.path().join(name)]).expect(1);
    }
    // Without any key a checkpoint proves nothing, and that is said; it is not a failed verification.
    fs::remove_file(evidence.path().join("checkpoint.vkey")).unwrap();
    let ran = run(&[&"verify", &evidence.path().join("checkpoint.txt")]).expect(2);
    assert!(ran.err.starts_with("VERIFY-KEY: "), "{}", ran.err);
}

#[test]
fn what_is_no_evidence_is_wrong_use_and_the_other_files_are_still_verified() {
    let evidence = evidence_copy();
    let file = |name: &str| evidence.path().join(name);
    let ran = run(&[&"verify", &"--json", &file("CHECK.txt"), &file("none.xml"), &file("message.xml")]).expect(2);
    assert_eq!(ran.lines().len(), 1, "{}", ran.out);
    assert_eq!(ran.lines()[0]["holds"], true);
    assert!(ran.err.contains("VERIFY-FORMAT: ") && ran.err.contains("CLI-FILE: "), "{}", ran.err);
    // A message that says nothing about a signature does not hold; it is not wrong use.
    fs::write(file("bare.xml"), "<Message><Header/><Body><Status><Code>010</Code></Status></Body></Message>").unwrap();
    run(&[&"verify", &file("bare.xml")]).expect(1);
}

/// Runs the commands that a page of the export prints, in its directory. Whether all succeeded.
fn commands_of(page: &str, evidence: &TempDir) -> bool {
    let text = fs::read_to_string(evidence.path().join(page)).unwrap();
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  openssl ")).collect();
    assert_eq!(commands.len(), 2, "{text}");
    commands.iter().all(|command| {
        let ran = Command::new("sh")
            .args(["-c", &format!("openssl {command}")])
            .current_dir(evidence.path())
            .output()
            .unwrap();
        ran.status.success()
    })
}

/// Requirements: epcs-pre-5-self-proving-record, epcs-1300.03-digital-signature
#[test]
fn openssl_alone_accepts_the_record_and_finds_a_changed_byte() {
    if !machine_has("openssl") {
        return;
    }
    for (page, file) in [("CHECK.txt", "message.xml"), ("CHECK-contents.txt", "contents.txt.p7s")] {
        assert!(commands_of(page, &evidence_copy()), "{page}");
        for n in [0, 1, 2] {
            let evidence = evidence_copy();
            flip(&evidence.path().join(file), 200 + n * 300);
            assert!(!commands_of(page, &evidence), "{page}, change {n}");
        }
    }
}

#[test]
fn the_pages_name_the_certificate_of_the_one_who_signed() {
    if !machine_has("openssl") {
        return;
    }
    for (page, subject) in [("CHECK.txt", "Pharmacy application"), ("CHECK-contents.txt", "Prescribing application")] {
        let text = String::from_utf8(evidence_file(page)).unwrap();
        let command = text.lines().find_map(|line| line.strip_prefix("  openssl x509 ")).unwrap();
        let ran = Command::new("sh").args(["-c", &format!("openssl x509 {command}")]).current_dir(&*EVIDENCE).output();
        let said = String::from_utf8(ran.unwrap().stdout).unwrap();
        assert!(said.contains(subject), "{page}: {said}");
    }
}

/// The other verifier on a file: its exit code and what it printed.
fn merkle(file: &Path) -> (Option<i32>, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/merkle.py");
    let ran = Command::new("python3").arg(script).arg(file).output().unwrap();
    (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
}

#[test]
fn a_verifier_in_another_language_computes_the_same_leaf_and_root() {
    if !machine_has("python3") {
        return;
    }
    let evidence = evidence_copy();
    let file = evidence.path().join("evidence.json");
    let ours = verify(&file).expect(0).json();
    let (code, out) = merkle(&file);
    assert_eq!(code, Some(0), "{out}");
    let theirs: Value = serde_json::from_str(&out).unwrap();
    for member in ["entry", "tree_size", "leaf", "root"] {
        assert_eq!(theirs[member], ours["details"][member], "{member}");
    }
    let original: Value = serde_json::from_slice(&evidence_file("evidence.json")).unwrap();
    for pointer in ["/header", "/salt", "/body_text", "/proof/1"] {
        let mut changed = original.clone();
        change(&mut changed, pointer);
        fs::write(&file, changed.to_string()).unwrap();
        assert_eq!(merkle(&file).0, Some(1), "{pointer}");
    }
}

#[test]
fn the_proof_of_any_entry_verifies_with_both() {
    let (world, place) = (DEMO.copy(), tempfile::tempdir().unwrap());
    let key = world.dir().join("certificates").join("checkpoint.vkey");
    let last = world.check(0)["entries"].as_u64().unwrap() - 1;
    for seq in [0, last] {
        let proof = run(&[&"journal", &"prove", &seq.to_string(), &"--dir", &world.dir()]).expect(0).out;
        let file = place.path().join("proof.json");
        fs::write(&file, proof).unwrap();
        let line = run(&[&"verify", &"--json", &"--key", &key, &file]).expect(0).json();
        assert_eq!(line["details"]["entry"], seq);
        if machine_has("python3") {
            assert_eq!(merkle(&file).0, Some(0), "entry {seq}");
        }
    }
}

#[test]
fn an_unknown_number_is_wrong_use_and_nothing_is_written() {
    let (world, place) = (DEMO.copy(), tempfile::tempdir().unwrap());
    let to = place.path().join("none");
    let ran = run(&[&"export", &"evidence", &"9999999", &"--dir", &world.dir(), &"--to", &to]).expect(2);
    assert!(ran.err.starts_with("EXPORT-UNKNOWN: "), "{}", ran.err);
    assert!(!to.exists());
}
