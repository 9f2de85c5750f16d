//! `theriac receive` on messages from outside: real ones, hostile ones, damaged ones, and twins.

use crate::common::{
    DEMO, Deployment, command, evidence_file, machine_has, outside, pharmacy_of_the_same_authority, refusals, run,
};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A code with the elements it is said of.
type Said = (&'static str, &'static [&'static str]);

const UNKNOWN: Said = ("PHARM-SCHEDULE-UNKNOWN", &["drug.schedule"]);
const UNSIGNED: Said = ("LAW-1306.05-UNSIGNED", &["signature"]);
const NOT_LISTED: Said = ("LAW-1306.03-REGISTRATION", &["practitioner.registration"]);
const MISSING: &str = "LAW-1306.05-MISSING";
const MALFORMED: &str = "WIRE-MALFORMED";

/// The prescriptions among the real messages, each with all its refusals, read off the message by hand. A pharmacy without
/// registrant data and drug file knows no schedule but the one claimed, and no practitioner.
const PRESCRIPTIONS: [(&str, &[Said]); 8] = [
    // Names, drug with strength and form in its description, capsules, date, directions; no address, no DEA number.
    ("cosyte-newrx-basic.xml", &[UNKNOWN, UNSIGNED, (MISSING, NO_ADDRESSES_NO_NUMBER), NOT_LISTED]),
    // As above, and 30 of what is not said.
    (
        "cosyte-surescripts-routing.xml",
        &[UNKNOWN, UNSIGNED, (MISSING, NO_ADDRESSES_NO_NUMBER), (MISSING, &["quantity.unit"]), NOT_LISTED],
    ),
    // Empty elements are absent elements; there is no prescriber and no directions.
    (
        "cosyte-newrx-edge-empties.xml",
        &[
            UNKNOWN,
            UNSIGNED,
            (MISSING, &["issued", "patient.first"]),
            (MISSING, PATIENT_ADDRESS),
            (MISSING, NO_PRESCRIBER),
            (MISSING, &["drug.form", "quantity.unit", "directions", "signed-at"]),
            NOT_LISTED,
        ],
    ),
    // A drug, its quantity without a unit, and directions: nobody prescribes it to nobody.
    (
        "cosyte-newrx-structured-sig.xml",
        &[
            UNKNOWN,
            UNSIGNED,
            (MISSING, &["issued", "patient.last", "patient.first"]),
            (MISSING, PATIENT_ADDRESS),
            (MISSING, NO_PRESCRIBER),
            (MISSING, &["quantity.unit", "signed-at"]),
            NOT_LISTED,
        ],
    ),
    // Approvals of a renewal can be filled from, but these bear only the drug.
    ("cosyte-rxrenewal-response-approved.xml", APPROVAL),
    ("cosyte-rxrenewal-response-approved-with-changes.xml", APPROVAL),
    // Nearly whole. The check digit of BB8027505: 8+2+5 + 2(0+7+0) = 29, so the last digit would have to be 9.
    (
        "dgoradia-newrx-2017071-qty-int.xml",
        &[
            (MALFORMED, &["practitioner.registration"]),
            UNKNOWN,
            UNSIGNED,
            (MISSING, &["practitioner.registration"]),
            NOT_LISTED,
        ],
    ),
    // Placeholders where a State, a ZIP code, a country and a quantity belong; a time without its zone tells no time.
    (
        "empower-newrx-sample.xml",
        &[
            (MALFORMED, &["patient.address.state", "patient.address.postal"]),
            ("WIRE-COUNTRY", &["NewRx/Patient/Address/CountryCode"]),
            (MALFORMED, &["practitioner.address.state", "practitioner.address.postal", "quantity.value"]),
            UNKNOWN,
            UNSIGNED,
            (
                MISSING,
                &[
                    "patient.address.state",
                    "patient.address.postal",
                    "practitioner.address.state",
                    "practitioner.address.postal",
                    "practitioner.registration",
                    "drug.strength",
                    "drug.form",
                    "quantity.value",
                    "signed-at",
                ],
            ),
            NOT_LISTED,
        ],
    ),
];
const APPROVAL: &[Said] = &[
    UNKNOWN,
    UNSIGNED,
    (MISSING, &["issued", "patient.last", "patient.first"]),
    (MISSING, PATIENT_ADDRESS),
    (MISSING, NO_PRESCRIBER),
    (MISSING, &["quantity.unit", "directions"]),
    NOT_LISTED,
];
const PATIENT_ADDRESS: &[&str] =
    &["patient.address.line1", "patient.address.city", "patient.address.state", "patient.address.postal"];
const NO_PRESCRIBER: &[&str] = &[
    "practitioner.last",
    "practitioner.first",
    "practitioner.address.line1",
    "practitioner.address.city",
    "practitioner.address.state",
    "practitioner.address.postal",
    "practitioner.registration",
];
const NO_ADDRESSES_NO_NUMBER: &[&str] = &[
    "patient.address.line1",
    "patient.address.city",
    "patient.address.state",
    "patient.address.postal",
    "practitioner.address.line1",
    "practitioner.address.city",
    "practitioner.address.state",
    "practitioner.address.postal",
    "practitioner.registration",
];

/// The real messages that nobody can fill from.
const OTHERS: [&str; 8] = [
    "cosyte-cancelrx-request.xml",
    "cosyte-cancelrx-response-approved.xml",
    "cosyte-error-response.xml",
    "cosyte-rxchange-request.xml",
    // "Validated" says that the practitioner may prescribe this; it changes nothing that could be filled.
    "cosyte-rxchange-response-validated.xml",
    "cosyte-rxrenewal-request.xml",
    "cosyte-status-response.xml",
    "empower-clinical-info-response.xml",
];

/// Requirements: epcs-1311.165-c-1, epcs-1311.165-c-3
#[test]
fn each_real_message_gets_its_exact_verdict() {
    let Some(folder) = outside("ncpdp-script") else { return };
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "xml"));
    files.sort();
    assert_eq!(files.len(), PRESCRIPTIONS.len() + OTHERS.len(), "a message without an expected verdict: {files:?}");
    let pharmacy = Deployment::none_yet();
    let ran = pharmacy.receive(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>()).expect(1);
    assert!(ran.err.starts_with("note: no deployment in "), "{}", ran.err);
    let lines = ran.lines();
    assert_eq!(lines.len(), files.len());
    let line = |name: &str| lines.iter().find(|line| line["file"].as_str().unwrap().ends_with(name)).unwrap();
    for (name, expected) in PRESCRIPTIONS {
        let line = line(name);
        assert_eq!(line["verdict"], "rejected", "{name}");
        let expected: Vec<(&str, &str)> =
            expected.iter().flat_map(|(code, fields)| fields.iter().map(|field| (*code, *field))).collect();
        let found = refusals(line);
        let found: Vec<(&str, &str)> = found.iter().map(|(code, field)| (code.as_str(), field.as_str())).collect();
        assert_eq!(sorted(found), sorted(expected), "{name}");
    }
    for name in OTHERS {
        assert_eq!(line(name)["verdict"], "rejected", "{name}");
        assert_eq!(refusals(line(name))[0].0, "WIRE-NOT-A-PRESCRIPTION", "{name}");
    }
    for refusal in lines.iter().flat_map(|line| line["refusals"].as_array().unwrap()) {
        for member in ["code", "cite", "edition", "what", "next"] {
            assert!(refusal[member].as_str().is_some_and(|text| !text.is_empty()), "{member} of {refusal}");
        }
    }
    // Whatever became of them, all are archived as they arrived, under their own digests.
    archived_as_they_arrived(&pharmacy, &files, &lines);
    assert_eq!(pharmacy.check(0)["clean"], true);
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

fn archived_as_they_arrived(pharmacy: &Deployment, files: &[PathBuf], lines: &[Value]) {
    let connection = pharmacy.connection();
    for (file, line) in files.iter().zip(lines) {
        let bytes = fs::read(file).unwrap();
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        assert_eq!(line["archived"], digest, "{}", file.display());
        let sql = "SELECT count(*) FROM archive WHERE bytes = ?1 AND length(seal) > 0";
        let found: i64 = connection.query_row(sql, [&bytes], |row| row.get(0)).unwrap();
        assert_eq!(found, 1, "{}", file.display());
    }
}

/// Files that are no messages, and the code that says why. All must be refused at once.
fn check_refused(files: &[(PathBuf, &str)]) {
    let pharmacy = Deployment::none_yet();
    run(&[&"init", &"--dir", &pharmacy.dir()]).expect(0);
    let begun = Instant::now();
    let ran = pharmacy.receive(&files.iter().map(|(file, _)| file.as_path()).collect::<Vec<_>>()).expect(1);
    // Most of this is opening the deployment's keys.
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    let lines = ran.lines();
    assert_eq!(lines.len(), files.len(), "{}", ran.err);
    for ((file, code), line) in files.iter().zip(&lines) {
        assert_eq!(line["verdict"], "rejected", "{}", file.display());
        assert_eq!(refusals(line)[0].0, *code, "{}: {line}", file.display());
    }
    assert_eq!(pharmacy.check(0)["clean"], true);
}

#[test]
fn hostile_xml_is_refused_for_what_it_is() {
    let Some(folder) = outside("xml-hostile") else { return };
    check_refused(&[
        (folder.join("defusedxml-cyclic.xml"), "WIRE-XML-DTD"),
        (folder.join("defusedxml-external.xml"), "WIRE-XML-DTD"),
        (folder.join("defusedxml-quadratic.xml"), "WIRE-XML-DTD"),
        (folder.join("defusedxml-xmlbomb2.xml"), "WIRE-XML-DTD"),
        (folder.join("defusedxml-simple.xml"), "WIRE-SCRIPT-ROOT"),
    ]);
}

#[test]
fn damaged_and_foreign_bytes_are_refused_for_what_they_are() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: Vec<u8>| {
        let file = place.path().join(name);
        fs::write(&file, bytes).unwrap();
        file
    };
    let text = DEMO.signed_message("R-1001");
    let message = text.clone().into_bytes();
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let place_of_name = text.find("Oxycodone").unwrap();
    let mut not_utf8 = message.clone();
    not_utf8[place_of_name] = 0xFF;
    let mut long = b"<Message><Header>".to_vec();
    long.resize(11 * 1024 * 1024, b' ');
    let deep = format!("<Message><Header>{}", "<a>".repeat(100_000));
    check_refused(&[
        (write("empty.xml", Vec::new()), "WIRE-EMPTY"),
        (write("spaces.xml", b" \n ".to_vec()), "WIRE-EMPTY"),
        (write("utf16.xml", utf16), "WIRE-ENCODING"),
        (write("not-utf8.xml", not_utf8), "WIRE-UTF8"),
        (write("cut.xml", message[..message.len() / 2].to_vec()), "WIRE-XML-SYNTAX"),
        (write("words.xml", b"not a message".to_vec()), "WIRE-XML-SYNTAX"),
        (write("long.xml", long), "WIRE-SIZE"),
        (write("deep.xml", deep.into_bytes()), "WIRE-XML-DEPTH"),
        (write("page.xml", b"<html><body/></html>".to_vec()), "WIRE-SCRIPT-ROOT"),
    ]);
}

#[test]
fn a_file_that_is_not_there_is_told_of_and_the_others_are_received() {
    let pharmacy = Deployment::none_yet();
    let file = pharmacy.dir().join("message.xml");
    fs::write(&file, "<Message/>").unwrap();
    let folder = pharmacy.dir().join("folder");
    fs::create_dir(&folder).unwrap();
    let ran = pharmacy.receive(&[Path::new("/nowhere/one.xml"), &file, &folder, &file]).expect(2);
    assert_eq!(ran.lines().len(), 2, "{}", ran.out);
    let told = ran.err.lines().filter(|line| line.starts_with("CLI-FILE: "));
    let told: Vec<&str> = told.collect();
    assert_eq!(told.len(), 2, "{}", ran.err);
    assert!(told[0].contains("/nowhere/one.xml") && told[1].contains("folder"), "{}", ran.err);
    assert_eq!(ran.err.matches("\nNext: give the path of a file").count(), 2, "{}", ran.err);
    run(&[&"receive"]).expect(2);
}

/// The first prescription's message as other programs write it again.
fn layouts(place: &Path) -> Vec<PathBuf> {
    let original = place.join("original.xml");
    fs::write(&original, evidence_file("message.xml")).unwrap();
    let mut files = Vec::new();
    let converted = run(&[&"script", &"convert", &"--to", &"script-2017071", &original]).expect(0).out;
    files.push(place.join("converted.xml"));
    fs::write(&files[0], converted).unwrap();
    if machine_has("python3") {
        let script = "
import sys
import xml.dom.minidom
import xml.etree.ElementTree as ET
original, place = sys.argv[1:]
tree = ET.parse(original)
tree.write(place + '/etree.xml', encoding='utf-8', xml_declaration=True)
ET.indent(tree, '    ')
tree.write(place + '/indented.xml', encoding='us-ascii', short_empty_elements=False)
with open(place + '/canonical.xml', 'w', encoding='utf-8') as file:
    ET.canonicalize(from_file=original, out=file, strip_text=True)
with open(place + '/minidom.xml', 'w', encoding='utf-8') as file:
    file.write(xml.dom.minidom.parse(original).toxml())
";
        let ran = Command::new("python3").args(["-c", script]).arg(&original).arg(place).status().unwrap();
        assert!(ran.success());
        files.extend(["etree.xml", "indented.xml", "canonical.xml", "minidom.xml"].map(|name| place.join(name)));
    }
    let message = theriac_wire::script::decode(&fs::read(&original).unwrap()).unwrap();
    for seed in 0..8 {
        files.push(place.join(format!("layout-{seed}.xml")));
        fs::write(files.last().unwrap(), theriac_wire::script::relayout(&message, seed)).unwrap();
    }
    files
}

/// Requirements: epcs-1306.08-d, epcs-1311.130-f-2
#[test]
fn a_message_written_again_by_another_library_verifies_in_another_pharmacy() {
    let place = tempfile::tempdir().unwrap();
    for file in layouts(place.path()).iter().take(3) {
        let pharmacy = pharmacy_of_the_same_authority();
        let line = pharmacy.receive(&[file]).expect(0).json();
        assert_eq!((&line["verdict"], &line["number"]), (&"accepted".into(), &"0000001".into()), "{line}");
        assert_eq!(pharmacy.check(0)["clean"], true);
    }
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn a_prescription_that_was_received_is_a_twin_in_any_layout() {
    let place = tempfile::tempdir().unwrap();
    let pharmacy = pharmacy_of_the_same_authority();
    let files = layouts(place.path());
    let again = [&files[0], &files[0]].into_iter().chain(&files);
    let lines = pharmacy.receive(&again.map(PathBuf::as_path).collect::<Vec<_>>()).expect(1).lines();
    assert_eq!(lines[0]["verdict"], "accepted", "{}", lines[0]);
    for line in &lines[1..] {
        assert_eq!(refusals(line), [("PHARM-TWIN".to_owned(), "message.order-number".to_owned())], "{line}");
        assert!(line["refusals"][0]["what"].as_str().unwrap().contains("0000001"), "{line}");
    }
    let whats = |n: usize| lines[n]["refusals"][0]["what"].as_str().unwrap();
    assert!(whats(1).starts_with("the same message "), "{}", whats(1));
    assert!(whats(3).starts_with("the same order of the same sender "), "{}", whats(3));
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn a_twin_is_known_after_the_program_was_started_again_and_its_tables_were_made_anew() {
    let place = tempfile::tempdir().unwrap();
    let pharmacy = pharmacy_of_the_same_authority();
    let files = layouts(place.path());
    assert_eq!(pharmacy.receive(&[&files[0]]).expect(0).json()["number"], "0000001");
    let twin = |file: &PathBuf| {
        let line = pharmacy.receive(&[file]).expect(1).json();
        assert_eq!(refusals(&line), [("PHARM-TWIN".to_owned(), "message.order-number".to_owned())], "{line}");
    };
    twin(&files[1]);
    run(&[&"journal", &"rebuild", &"--dir", &pharmacy.dir()]).expect(0);
    twin(&files[2]);
}

/// Requirements: epcs-1306.08-d, epcs-1311.130-f-1
#[test]
fn an_element_changed_on_the_way_is_named_in_any_layout() {
    let place = tempfile::tempdir().unwrap();
    let original = place.path().join("original.xml");
    let text = DEMO.signed_message("R-1001");
    fs::write(&original, &text).unwrap();
    let changes = [
        ("<Value>30</Value>", "<Value>31</Value>", "quantity.value"),
        ("<StrengthValue>10</StrengthValue>", "<StrengthValue>80</StrengthValue>", "drug.strength"),
        ("<Date>2026-03-02</Date>", "<Date>2026-03-03</Date>", "issued"),
        ("<FirstName>Pat</FirstName>", "<FirstName>Pam</FirstName>", "patient.first"),
        ("1 Invented Way", "2 Invented Way", "patient.address.line1"),
        ("every 6 hours", "every 4 hours", "directions"),
        ("Suite 3", "Suite 4", "practitioner.address.line2"),
    ];
    let mut files = Vec::new();
    for (n, (from, to, _)) in changes.iter().enumerate() {
        assert!(text.contains(from), "{from} in {text}");
        files.push(place.path().join(format!("{n}.xml")));
        fs::write(&files[n], text.replacen(from, to, 1)).unwrap();
    }
    let pharmacy = pharmacy_of_the_same_authority();
    let lines = pharmacy.receive(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>()).expect(1).lines();
    for ((_, to, element), line) in changes.iter().zip(&lines) {
        let altered: Vec<(String, String)> =
            refusals(line).into_iter().filter(|(code, _)| code == "LAW-1306.08-ALTERED").collect();
        assert_eq!(altered, [("LAW-1306.08-ALTERED".to_owned(), (*element).to_owned())], "{to}: {line}");
    }
    // What was altered was never accepted: the true one still is, and no number was spent on the others.
    let altered_first: Vec<&Path> = vec![&files[0], &files[1], &original];
    assert_eq!(pharmacy.receive(&altered_first).expect(1).lines()[2]["number"], "0000001");
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn two_processes_on_one_store_lose_nothing_and_accept_each_prescription_once() {
    let place = tempfile::tempdir().unwrap();
    let pharmacy = pharmacy_of_the_same_authority();
    let mut files = layouts(place.path());
    let world = DEMO.copy();
    for number in ["0000002", "0000003", "0000004", "0000005", "0000006"] {
        let sql = "SELECT bytes FROM archive WHERE id / 4096 = (SELECT seq FROM received WHERE number = ?1)";
        let bytes: Vec<u8> = world.connection().query_row(sql, [number], |row| row.get(0)).unwrap();
        files.push(place.path().join(format!("{number}.xml")));
        fs::write(files.last().unwrap(), bytes).unwrap();
    }
    let start = |files: &[&PathBuf]| {
        let mut process = command(&[&"receive", &"--json", &"--dir", &pharmacy.dir()]);
        process.args(files).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let forward: Vec<&PathBuf> = files.iter().collect();
    let backward: Vec<&PathBuf> = files.iter().rev().collect();
    let processes = [start(&forward), start(&backward), start(&forward)];
    let mut accepted: Vec<String> = Vec::new();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
        assert_eq!(said, "");
        let out = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), files.len(), "each message has its answer");
        for line in lines {
            match line["number"].as_str() {
                Some(number) => accepted.push(number.to_owned()),
                None => assert_eq!(refusals(&line), [("PHARM-TWIN".into(), "message.order-number".into())], "{line}"),
            }
        }
    }
    let numbers: Vec<String> = (1..=6).map(|number| format!("{number:07}")).collect();
    assert_eq!(sorted(accepted), numbers, "six orders, each accepted once, numbered without a gap");
    let arrived: i64 = pharmacy.connection().query_row("SELECT count(*) FROM received", [], |row| row.get(0)).unwrap();
    assert_eq!(usize::try_from(arrived), Ok(3 * files.len()), "every arrival is on record");
    assert_eq!(pharmacy.check(0)["clean"], true);
}
