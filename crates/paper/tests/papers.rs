//! The practitioner's papers: what must stand on each does.

use jiff::civil::date;
use theriac_model::{CanonicalContents, Decimal, Element};
use theriac_paper::papers::{
    AuditFinding, AuditSummary, FailedTransmission, IdentityProofing, IncidentReport, IncidentStep, Issue, LogLine,
    MonthlyLog, Notice, Opinion, PaperPrescription, RecordCopy, Service, StateAuthority,
};
use theriac_paper::{Block, Document, Standing, sheet::Cell};

fn issue() -> Issue {
    Issue {
        by: "North Clinic".to_owned(),
        registration: Some("AB1234563".to_owned()),
        dated: "2026-03-01T07:00:00Z".parse().expect("instant"),
        standing: Standing::Production,
        digest: Some([7; 32]),
    }
}

/// The text of the printed paper, white space folded.
fn text(document: &Document) -> String {
    let printed = document.print().expect("printed");
    let pdf = lopdf::Document::load_mem(&printed.pdf).expect("a PDF");
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).expect("text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(text: &str, expected: &[&str]) {
    for expected in expected {
        assert!(text.contains(expected), "{expected} is not in: {text}");
    }
}

fn contents() -> CanonicalContents {
    let mut contents = CanonicalContents::default();
    for (element, value) in [
        (Element::Issued, "2026-03-01"),
        (Element::SignedAt, "2026-03-01T07:00:00Z"),
        (Element::PatientFirst, "Ada"),
        (Element::PatientLast, "Sample"),
        (Element::PatientLine1, "1 Main Street"),
        (Element::PatientCity, "Phoenix"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85001"),
        (Element::PractitionerFirst, "Grace"),
        (Element::PractitionerLast, "Example"),
        (Element::PractitionerLine1, "2 Clinic Road"),
        (Element::PractitionerCity, "Phoenix"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85002"),
        (Element::Registration, "AB1234563-017"),
        (Element::DrugName, "Oxycodone hydrochloride"),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::QuantityValue, "30"),
        (Element::QuantityUnit, "tablet"),
        (Element::Directions, "Take one tablet every six hours"),
        (Element::Refills, "0"),
    ] {
        contents.set(element, value).expect("canonical");
    }
    contents
}

fn prescription() -> PaperPrescription {
    PaperPrescription { number: "P-17".to_owned(), contents: contents(), service: None, replaces: None }
}

/// The name in print beside the first line to sign on.
fn signature_line(document: &Document) -> Option<String> {
    document.blocks.iter().find_map(|block| match block {
        Block::Signature(line) => line.name.clone(),
        _ => None,
    })
}

/// Requirements: epcs-1306.05-d-1
#[test]
fn a_printed_prescription_has_a_line_to_sign_and_says_that_nothing_on_it_is_an_electronic_signature() {
    let paper = prescription().paper(&issue());
    let text = text(&paper);
    holds(
        &text,
        &[
            "Not valid without a signature by hand",
            "nothing here is an electronic signature",
            "Practitioner, signature by hand",
            "2026-03-01",
            "1 Main Street, Phoenix, AZ, 85001",
            "2 Clinic Road, Phoenix, AZ, 85002",
            "AB1234563-017",
            "Oxycodone hydrochloride 10 mg Tablet",
            "30 tablet",
            "Take one tablet every six hours",
        ],
    );
    assert!(!text.to_lowercase().contains("signed"), "no indication of a signature: {text}");
    assert!(!text.contains("07:00"), "the instant of an electronic signing is not on it");
}

/// Requirements: epcs-1306.05-g-2
#[test]
fn the_name_in_print_stands_beside_the_signature_line_of_an_institutional_practitioner() {
    let paper = prescription().paper(&issue());
    assert_eq!(signature_line(&paper).as_deref(), Some("Grace Example"));
    holds(&text(&paper), &["Grace Example Practitioner, signature by hand Name in print Date"]);
}

/// Requirements: epcs-1306.05-h-3
#[test]
fn an_exempt_officers_name_stands_in_print_with_branch_and_service_number_and_no_registration() {
    let service = Service { branch: "US Public Health Service".to_owned(), number: "123456789".to_owned() };
    let paper = PaperPrescription { service: Some(service), ..prescription() }.paper(&issue());
    let text = text(&paper);
    holds(&text, &["US Public Health Service", "123456789", "Grace Example Practitioner, signature by hand"]);
    assert!(!text.contains("DEA registration"));
}

#[test]
fn a_replacement_names_the_failed_transmission() {
    let failed = FailedTransmission {
        prescription: "RX-9".to_owned(),
        pharmacy: "Example Pharmacy, Phoenix".to_owned(),
        sent: "2026-03-01 07:00 (UTC)".to_owned(),
        reason: "the pharmacy's system did not answer".to_owned(),
    };
    let paper = PaperPrescription { replaces: Some(failed), ..prescription() }.paper(&issue());
    let expected = [
        "first sent electronically, as number RX-9, to Example Pharmacy, Phoenix on 2026-03-01 07:00 (UTC)",
        "The transmission failed: the pharmacy's system did not answer",
        "P-17",
    ];
    holds(&text(&paper), &expected);
    assert!(!text(&prescription().paper(&issue())).contains("electronically"), "only where one failed");
}

/// Requirements: epcs-pre-9-chart-copy
#[test]
fn a_copy_of_the_record_is_marked_on_every_entry_and_has_no_line_to_sign() {
    let entry = |number: &str| (number.to_owned(), contents(), "transmitted".to_owned());
    let copy = RecordCopy { about: "Sample, Ada".to_owned(), prescriptions: vec![entry("RX-1"), entry("RX-2")] };
    let paper = copy.paper(&issue());
    assert_eq!(signature_line(&paper), None);
    let text = text(&paper);
    assert_eq!(text.matches("Not valid for dispensing").count(), 3, "at the head and on each entry: {text}");
    assert!(!text.contains("signature by hand"));
    holds(&text, &["Oxycodone hydrochloride 10 mg Tablet", "RX-1", "RX-2"]);
}

fn log() -> MonthlyLog {
    let line = |patient: &str, day: i8| LogLine {
        prescription: format!("RX-{day}"),
        signed: format!("2026-02-{day:02} 10:15"),
        issued: Some(date(2026, 2, day)),
        patient: patient.to_owned(),
        address: "1 Main Street, Phoenix, AZ 85001".to_owned(),
        drug: "Oxycodone hydrochloride".to_owned(),
        strength: "10 mg".to_owned(),
        form: "Tablet".to_owned(),
        schedule: "II".to_owned(),
        quantity: Decimal::parse("30").ok(),
        unit: "tablet".to_owned(),
        directions: "Take one tablet every six hours".to_owned(),
        refills: Some(0),
        registration: "AB1234563".to_owned(),
        pharmacy: "1234567".to_owned(),
        fate: "delivered".to_owned(),
        remarks: if day == 3 { "three times the usual quantity".to_owned() } else { String::new() },
    };
    MonthlyLog {
        practitioner: "Grace Example".to_owned(),
        registrations: vec!["AB1234563".to_owned()],
        period: "February 2026".to_owned(),
        lines: vec![line("Sample, Ada", 2), line("Sample, Bo", 3)],
        proof: vec![("Tree size".to_owned(), "4711".to_owned())],
        reviewed: None,
    }
}

#[test]
fn a_log_lists_every_prescription_and_asks_for_review() {
    let unread = text(&log().paper(&issue()));
    holds(
        &unread,
        &[
            "Prescriptions 2",
            "Sample, Ada",
            "Sample, Bo",
            "C-II",
            "30 tablet",
            "! three times the usual quantity",
            "Tree size 4711",
            "Received and reviewed: every prescription above is mine.",
            "Practitioner, signature by hand",
            &"07".repeat(32),
        ],
    );
    let reviewed = MonthlyLog { reviewed: Some("Reviewed on 2026-03-01 by Grace Example".to_owned()), ..log() };
    let reviewed = text(&reviewed.paper(&issue()));
    assert!(reviewed.contains("\u{d7} Reviewed on") && !reviewed.contains("signature by hand"), "{reviewed}");
    let empty = MonthlyLog { lines: Vec::new(), ..log() };
    holds(&text(&empty.paper(&issue())), &["No controlled-substance prescription was signed in this period."]);
}

#[test]
fn a_log_as_a_table_has_columns_to_sort_by_with_days_as_days() {
    let sheet = log().sheet().expect("a sheet");
    let names: Vec<&str> = sheet.headings().iter().map(|heading| heading.name.as_str()).collect();
    assert_eq!(names[..3], ["Patient", "Drug", "Date issued"]);
    assert_eq!(sheet.rows()[0][2], Cell::Date(date(2026, 2, 2)));
    assert!(sheet.to_xlsx().is_ok());
}

#[test]
fn a_notice_names_sender_addressee_deadline_and_rule() {
    let notice = Notice {
        number: "N-3".to_owned(),
        from: vec!["North Clinic".to_owned(), "2 Clinic Road".to_owned()],
        to: vec!["DEA field division".to_owned()],
        date: "2026-03-01".to_owned(),
        subject: "Loss, theft or compromise of a signing token".to_owned(),
        facts: vec![("discovered".to_owned(), "2026-03-01 06:00".to_owned())],
        text: vec!["The token was revoked at once.".to_owned()],
        enclosures: vec![("report".to_owned(), "00ff".to_owned())],
        deadline: Some("2026-03-01 18:00".to_owned()),
        cite: "73 FR 36722, 1311.155(c)".to_owned(),
        signed_by: Some("Olive Operator".to_owned()),
        capacity: "Operator".to_owned(),
    };
    let expected = [
        "Loss, theft or compromise of a signing token",
        "North Clinic 2 Clinic Road",
        "DEA field division",
        "To be given by 2026-03-01 18:00",
        "1311.155(c)",
        "discovered 2026-03-01 06:00",
        "SHA-256 00ff",
        "Olive Operator",
    ];
    holds(&text(&notice.paper(&issue())), &expected);
    let open = Notice { deadline: None, ..notice };
    holds(&text(&open.paper(&issue())), &["To be given by without delay"]);
}

#[test]
fn an_incident_report_states_what_when_by_whom_and_by_when() {
    let report = IncidentReport {
        number: "I-1".to_owned(),
        kind: "attempted penetration from outside".to_owned(),
        application: "Theriac".to_owned(),
        happened: "2026-03-01 02:00".to_owned(),
        found: "2026-03-01 06:00".to_owned(),
        due: "2026-03-02".to_owned(),
        account: "Forty wrong passwords in a minute.".to_owned(),
        records: "None was opened.".to_owned(),
        judged: "Reportable, by Olive Operator.".to_owned(),
        steps: vec![IncidentStep {
            at: "02:00".to_owned(),
            who: "unknown".to_owned(),
            what: "first attempt".to_owned(),
            record: Some(17),
        }],
        cite: "73 FR 36722, 1311.150".to_owned(),
        signed_by: None,
    };
    let expected = [
        "I-1",
        "attempted penetration",
        "To be reported by 2026-03-02",
        "Forty wrong",
        "None was opened",
        "first attempt 17",
    ];
    holds(&text(&report.paper(&issue())), &expected);
}

#[test]
fn the_identity_proofing_form_has_a_place_for_every_paragraph_filled_or_not() {
    let places = [
        "(1) Entity",
        "(1) Its DEA number",
        "(2) Person who checked",
        "(3) Practitioner",
        "(3) Principal place of",
        "Licensing authority",
        "State licence",
        "DEA registration",
        "It expires",
        "(4)(ii), (iii) Veterans Affairs",
        "(6) Institution and",
        "(7) Government photo",
        "(7) The photograph matched the person.",
        "(8) Day of the check",
        "(9) Person who checked, signature by hand",
        "(10) Practitioner, signature by hand",
    ];
    let blank = text(&IdentityProofing::default().paper(&issue()));
    holds(&blank, &places);
    assert!(!blank.contains("Still missing"));
    let partly = IdentityProofing {
        practitioner: Some("Grace Example".to_owned()),
        entity_kind: Some("State or local law enforcement agency".to_owned()),
        states: vec![StateAuthority { licence: Some("L-1".to_owned()), ..StateAuthority::default() }],
        missing: vec!["(8) the day of the check".to_owned()],
        ..IdentityProofing::default()
    };
    let partly = text(&partly.paper(&issue()));
    holds(&partly, &places);
    holds(&partly, &["Still missing (8) the day of the check", "Grace Example", "L-1"]);
    assert!(partly.contains("\u{d7} State or local law enforcement agency"), "{partly}");
}

#[test]
fn an_audit_summary_says_plainly_whether_the_application_may_be_used() {
    let summary = AuditSummary {
        application: "Theriac 0.1".to_owned(),
        auditor: "Example Auditors".to_owned(),
        qualification: "licensed for SysTrust".to_owned(),
        kind: "SysTrust".to_owned(),
        issued: "2026-01-10".to_owned(),
        period: "2025".to_owned(),
        next: "2027-01-10".to_owned(),
        part_1311: Opinion::Met,
        security: Opinion::Met,
        findings: vec![AuditFinding {
            cite: "1311.130".to_owned(),
            requirement: "sent at once".to_owned(),
            opinion: Opinion::Met,
            evidence: "test 12".to_owned(),
        }],
        report_digest: "00ff".to_owned(),
    };
    let favourable = text(&summary.paper(&issue()));
    holds(&favourable, &["Favourable", "SysTrust", "2027-01-10", "00ff", "1311.130"]);
    assert!(!favourable.contains("Do not use"));
    let adverse = |summary: AuditSummary| {
        assert!(!summary.favourable());
        holds(&text(&summary.paper(&issue())), &["Not favourable", "Do not use the application"]);
    };
    adverse(AuditSummary { part_1311: Opinion::NotMet, ..summary.clone() });
    adverse(AuditSummary { security: Opinion::NotExamined, ..summary.clone() });
    let mut one = summary;
    one.findings[0].opinion = Opinion::NotMet;
    adverse(one);
}
