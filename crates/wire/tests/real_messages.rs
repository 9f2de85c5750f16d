//! Exact verdicts on messages nobody on the project wrote, and on hostile files.

#![allow(clippy::disallowed_methods, reason = "these tests read files and measure how long a refusal takes")]

mod support;

use std::time::{Duration, Instant};
use theriac_model::{Element, Schedule};
use theriac_wire::script::{CheckReport, Lookup, RoundTrip, check, decode};

fn unknown(_: Option<&str>, _: &str) -> Lookup {
    Lookup::Unknown
}

/// File, verdict, message, version, required elements lacking (short names below), codes of problems.
type Expected = (&'static str, &'static str, &'static str, &'static str, &'static [Element], &'static [&'static str]);

const ADDRESSES: [Element; 8] = [
    Element::PatientLine1,
    Element::PatientCity,
    Element::PatientState,
    Element::PatientPostal,
    Element::PractitionerLine1,
    Element::PractitionerCity,
    Element::PractitionerState,
    Element::PractitionerPostal,
];

const NOTHING: &[&str] = &[];
const NOT_RX: &[&str] = &["WIRE-NOT-A-PRESCRIPTION"];

const FILES: [Expected; 16] = [
    ("cosyte-cancelrx-request.xml", "not-a-prescription", "CancelRx", "2017071", &[], NOT_RX),
    ("cosyte-cancelrx-response-approved.xml", "not-a-prescription", "CancelRxResponse", "2017071", &[], NOT_RX),
    ("cosyte-error-response.xml", "not-a-prescription", "Error", "2023011", &[], NOT_RX),
    (
        "cosyte-newrx-basic.xml",
        "incomplete",
        "NewRx",
        "2017071",
        &[
            ADDRESSES[0],
            ADDRESSES[1],
            ADDRESSES[2],
            ADDRESSES[3],
            ADDRESSES[4],
            ADDRESSES[5],
            ADDRESSES[6],
            ADDRESSES[7],
            Element::Registration,
        ],
        NOTHING,
    ),
    (
        "cosyte-newrx-edge-empties.xml",
        "incomplete",
        "NewRx",
        "2017071",
        &[
            Element::Issued,
            Element::PatientFirst,
            ADDRESSES[0],
            ADDRESSES[1],
            ADDRESSES[2],
            ADDRESSES[3],
            Element::PractitionerLast,
            Element::PractitionerFirst,
            ADDRESSES[4],
            ADDRESSES[5],
            ADDRESSES[6],
            ADDRESSES[7],
            Element::Registration,
            Element::DrugForm,
            Element::QuantityUnit,
            Element::Directions,
        ],
        NOTHING,
    ),
    (
        "cosyte-newrx-structured-sig.xml",
        "incomplete",
        "NewRx",
        "2017071",
        &[
            Element::Issued,
            Element::PatientLast,
            Element::PatientFirst,
            ADDRESSES[0],
            ADDRESSES[1],
            ADDRESSES[2],
            ADDRESSES[3],
            Element::PractitionerLast,
            Element::PractitionerFirst,
            ADDRESSES[4],
            ADDRESSES[5],
            ADDRESSES[6],
            ADDRESSES[7],
            Element::Registration,
            Element::QuantityUnit,
        ],
        NOTHING,
    ),
    ("cosyte-rxchange-request.xml", "not-a-prescription", "RxChangeRequest", "2017071", &[], NOT_RX),
    ("cosyte-rxchange-response-validated.xml", "not-a-prescription", "RxChangeResponse", "2017071", &[], NOT_RX),
    ("cosyte-rxrenewal-request.xml", "not-a-prescription", "RxRenewalRequest", "2017071", &[], NOT_RX),
    (
        "cosyte-rxrenewal-response-approved-with-changes.xml",
        "incomplete",
        "RxRenewalResponse",
        "2017071",
        RENEWAL,
        NOTHING,
    ),
    ("cosyte-rxrenewal-response-approved.xml", "incomplete", "RxRenewalResponse", "2017071", RENEWAL, NOTHING),
    ("cosyte-status-response.xml", "not-a-prescription", "Status", "2017071", &[], NOT_RX),
    (
        "cosyte-surescripts-routing.xml",
        "incomplete",
        "NewRx",
        "2017071",
        &[
            ADDRESSES[0],
            ADDRESSES[1],
            ADDRESSES[2],
            ADDRESSES[3],
            ADDRESSES[4],
            ADDRESSES[5],
            ADDRESSES[6],
            ADDRESSES[7],
            Element::Registration,
            Element::QuantityUnit,
        ],
        NOTHING,
    ),
    // Its DEA number has a wrong check digit.
    (
        "dgoradia-newrx-2017071-qty-int.xml",
        "incomplete",
        "NewRx",
        "2017071",
        &[Element::Registration],
        &["WIRE-MALFORMED"],
    ),
    ("empower-clinical-info-response.xml", "unsupported", "ClinicalInfoResponse", "TransactionVersion0", &[], NOT_RX),
    (
        "empower-newrx-sample.xml",
        "incomplete",
        "NewRx",
        "TransactionVersion0",
        &[
            Element::PatientState,
            Element::PatientPostal,
            Element::PractitionerState,
            Element::PractitionerPostal,
            Element::Registration,
            Element::DrugStrength,
            Element::DrugForm,
            Element::QuantityValue,
        ],
        &["WIRE-MALFORMED", "WIRE-MALFORMED", "WIRE-COUNTRY", "WIRE-MALFORMED", "WIRE-MALFORMED", "WIRE-MALFORMED"],
    ),
];

const RENEWAL: &[Element] = &[
    Element::Issued,
    Element::PatientLast,
    Element::PatientFirst,
    ADDRESSES[0],
    ADDRESSES[1],
    ADDRESSES[2],
    ADDRESSES[3],
    Element::PractitionerLast,
    Element::PractitionerFirst,
    ADDRESSES[4],
    ADDRESSES[5],
    ADDRESSES[6],
    ADDRESSES[7],
    Element::Registration,
    Element::QuantityUnit,
    Element::Directions,
];

fn check_report(expected: &Expected, report: &CheckReport) {
    let (name, verdict, message, version, lacks, problems) = expected;
    assert_eq!(report.verdict.word(), *verdict, "{name}\n{}", report.to_text());
    assert_eq!(report.message.as_deref(), Some(*message), "{name}");
    assert_eq!(report.version.as_deref(), Some(*version), "{name}");
    assert_eq!(report.lacks, *lacks, "{name}\n{}", report.to_text());
    let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code.0).collect();
    assert_eq!(codes, *problems, "{name}\n{}", report.to_text());
    assert!(matches!(report.round_trip, Some(RoundTrip::Same(_))), "{name}");
    assert_eq!(report.to_json()["verdict"], *verdict);
}

#[test]
fn each_real_message_gets_its_verdict() {
    let files = support::files("ncpdp-script", "xml");
    for (name, bytes) in &files {
        let expected = FILES.iter().find(|row| row.0 == name).unwrap_or_else(|| panic!("{name} has no verdict here"));
        check_report(expected, &check(bytes, &unknown));
    }
    assert!(files.is_empty() || files.len() == FILES.len());
}

#[test]
fn a_complete_signed_prescription_is_complete() {
    let bytes = theriac_wire::script::encode(&support::sample_message());
    let asked = std::cell::RefCell::new(Vec::new());
    let report = check(&bytes, &|ndc, name| {
        asked.borrow_mut().push((ndc.map(str::to_owned), name.to_owned()));
        Lookup::Controlled(Schedule::II)
    });
    assert_eq!(*asked.borrow(), [(Some("00406055201".to_owned()), "Oxycodone hydrochloride".to_owned())]);
    let text = report.to_text();
    assert!(text.starts_with("verdict: complete\nmessage: NewRx, version 2017071\n"), "{text}");
    for line in [
        "schedule: claims II, table says II",
        "signed: the message says it was signed; a signature travels with it (http://www.w3.org/2001/04/xmlenc#sha256)",
        "from: D:6000000000001",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let json = report.to_json();
    assert_eq!(json["schedule_claimed"], "II");
    assert_eq!(json["schedule_found"], "II");
    assert_eq!(json["signed_indication"], true);
    assert_eq!(json["lacks"], serde_json::json!([]));
    assert_eq!(json["round_trip"]["same"], true);
}

#[test]
fn a_prescription_of_another_version_is_unsupported() {
    let text = String::from_utf8(theriac_wire::script::encode(&support::sample_message())).expect("UTF-8");
    let other = text.replace("TransactionVersion=\"20170715\"", "TransactionVersion=\"20230701\"");
    assert_eq!(check(other.as_bytes(), &unknown).verdict.word(), "unsupported");
    let old = "<Message xmlns=\"http://www.ncpdp.org/schema/SCRIPT\" version=\"010\" release=\"006\"><Header/>\
               <Body><NewRx/></Body></Message>";
    let report = check(old.as_bytes(), &unknown);
    assert_eq!((report.verdict.word(), report.version.as_deref()), ("unsupported", Some("010.006")));
}

#[test]
fn hostile_files_are_refused_at_once() {
    let files = support::files("xml-hostile", "xml");
    for (name, bytes) in &files {
        let started = Instant::now();
        let refusal = decode(bytes).expect_err("hostile");
        let took = started.elapsed();
        let code = if name == "defusedxml-simple.xml" { "WIRE-SCRIPT-ROOT" } else { "WIRE-XML-DTD" };
        assert_eq!(refusal.code.0, code, "{name}: {refusal}");
        assert!(took < Duration::from_millis(50), "{name} took {took:?}");
        assert_eq!(check(bytes, &unknown).verdict.word(), "refused");
    }
}

/// Kibibytes this process has in memory; `None` where the system does not tell.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

#[test]
fn hostile_files_are_refused_in_constant_memory() {
    let files = support::files("xml-hostile", "xml");
    let all = || files.iter().for_each(|(_, bytes)| assert!(decode(bytes).is_err()));
    all();
    let before = resident();
    for _ in 0..200 {
        all();
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        // Other tests run in this process, so some slack is left.
        assert!(after < before + 16 * 1024, "{before} kB became {after} kB");
    }
}
