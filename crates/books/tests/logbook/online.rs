//! A pharmacy that dispenses by means of the Internet.

use crate::world::*;
use theriac_books::online::{
    Activity, Block, BoardStanding, ContractedPractitioner, Dispensed, Exemption, ExemptionClass, HomePage, Means,
    MonthlyEvent, OnlineEvent, OnlineRegistration, PharmacistInCharge, ReportKind, StateLicence, differs, kept_until,
    report, sheet,
};
use theriac_law::vocab::{Approval, SiteElement};
use theriac_model::hex;
use theriac_pki::evidence::sha256_of;

read_back!(stored, OnlineEvent);
read_back!(stored_monthly, MonthlyEvent);

fn licence(state: &str, until: &str) -> StateLicence {
    StateLicence { state: state.to_owned(), until: day(until) }
}

fn page(approval: Approval) -> HomePage {
    HomePage {
        approval,
        registered_name: "Corner Pharmacy LLC".to_owned(),
        address: "1 Main Street, Springfield IL 62701".to_owned(),
        telephone: "217-555-0100".to_owned(),
        mail: "desk@corner.example".to_owned(),
        in_charge: PharmacistInCharge {
            name: "Rosa Rivera".to_owned(),
            degree: "PharmD".to_owned(),
            licences: vec![licence("IL", "2027-03-31")],
            telephone: "217-555-0101".to_owned(),
        },
        licences: vec![licence("MO", "2026-06-30"), licence("IL", "2027-03-31")],
        certification: "Registered with DEA to dispense by means of the Internet.".to_owned(),
        practitioners: vec![ContractedPractitioner {
            name: "Dr Hale".to_owned(),
            address: "9 Hill Road, Springfield IL".to_owned(),
            telephone: "217-555-0199".to_owned(),
            degree: "MD".to_owned(),
            licences: vec![licence("IL", "2027-07-31")],
        }],
    }
}

fn text(blocks: &[Block], element: SiteElement) -> Option<&str> {
    blocks.iter().find(|block| block.element == element).map(|block| block.text.as_str())
}

fn blocks(page: &HomePage, on: &str) -> Vec<Block> {
    page.blocks(&strictest(), day(on)).expect("complete")
}

fn digest(text: &str) -> String {
    hex::encode(&sha256_of(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes()))
}

/// Requirements: pharm-online-site-application-notice, pharm-online-site-statement
#[test]
fn the_two_texts_that_the_law_prescribes_stand_word_for_word_on_the_page() {
    let applied = blocks(&page(Approval::Applied), "2026-03-02");
    let declaration = text(&applied, SiteElement::NotificationStatement).expect("shown");
    assert_eq!(digest(declaration), "18d813c85c272c1094cdd0a9e63eeb7d1368bdcee638ab9ef1856e62c414e8a2");
    for approval in [Approval::Applied, Approval::Approved] {
        let shown = blocks(&page(approval), "2026-03-02");
        let statement = text(&shown, SiteElement::ObligationStatement).expect("shown");
        assert_eq!(digest(statement), "759bb2da9f80df56ed37d9ed880b63bb4c38b75eb84ed0cc9c4ad559c7826530");
    }
}

/// Requirements: pharm-online-site-compliance-declaration
#[test]
fn the_declaration_of_compliance_names_the_pharmacy_as_registered_and_a_new_name_is_an_alert() {
    let published = blocks(&page(Approval::Approved), "2026-03-02");
    let declaration = text(&published, SiteElement::ComplianceStatement).expect("shown");
    assert!(declaration.contains("Corner Pharmacy LLC") && declaration.contains("21 U.S.C. 831"), "{declaration}");
    assert_eq!(differs(&published, &blocks(&page(Approval::Approved), "2026-03-03")), []);
    let mut renamed = page(Approval::Approved);
    renamed.registered_name = "Corner Pharmacy Inc".to_owned();
    let alerts = differs(&published, &blocks(&renamed, "2026-03-03"));
    assert_eq!(alerts, [SiteElement::NameAndAddress, SiteElement::ComplianceStatement]);
}

/// Requirements: pharm-online-site-disclosure
#[test]
fn six_groups_are_shown_from_the_records_of_the_day_and_an_expired_licence_drops_its_state() {
    let shown = blocks(&page(Approval::Approved), "2026-06-30");
    let of = |element| text(&shown, element).expect("shown");
    assert_eq!(of(SiteElement::NameAndAddress), "Corner Pharmacy LLC, 1 Main Street, Springfield IL 62701");
    assert_eq!(of(SiteElement::PhoneAndMail), "217-555-0100, desk@corner.example");
    assert_eq!(of(SiteElement::PharmacistInCharge), "Rosa Rivera, PharmD, IL, 217-555-0101");
    assert_eq!(of(SiteElement::StatesLicensed), "IL, MO");
    assert!(of(SiteElement::Certification).contains("DEA"));
    assert_eq!(of(SiteElement::Practitioners), "Dr Hale, 9 Hill Road, Springfield IL, 217-555-0199, MD, IL");
    let later = blocks(&page(Approval::Approved), "2026-07-01");
    assert_eq!(text(&later, SiteElement::StatesLicensed), Some("IL"));
    refused(page(Approval::Approved).blocks(&strictest(), day("2027-04-01")), "LAW-1304.45-PAGE");
    let mut silent = page(Approval::Approved);
    silent.in_charge.degree.clear();
    refused(silent.blocks(&strictest(), day("2026-03-02")), "LAW-1304.45-PAGE");
    let mut nameless = page(Approval::Approved);
    nameless.registered_name.clear();
    assert!(nameless.blocks(&strictest(), day("2026-03-02")).is_err());
}

fn board(state: &str) -> BoardStanding {
    BoardStanding { state: state.to_owned(), notified: Some(day("2026-01-15")), licence: Some(format!("{state}-4711")) }
}

/// Requirements: pharm-online-board-certification
#[test]
fn an_application_lists_every_state_with_notice_and_licence_and_has_no_gap() {
    let make = |boards| sheet(dea("FT1234563"), boards, "Olga Owner");
    let good = make(vec![board("IL"), board("MO")]).expect("complete");
    assert_eq!(good.boards.iter().map(|board| board.state.as_str()).collect::<Vec<_>>(), ["IL", "MO"]);
    for gap in [BoardStanding { notified: None, ..board("MO") }, BoardStanding { licence: None, ..board("MO") }] {
        let refusal = refused(make(vec![board("IL"), gap]), "BOOKS-ONLINE-GAP");
        assert!(refusal.what.contains("MO"), "{refusal}");
    }
    refused(make(Vec::new()), "BOOKS-ONLINE-GAP");
    refused(sheet(dea("FT1234563"), vec![board("IL")], " "), "BOOKS-ONLINE-GAP");
}

fn registration() -> OnlineRegistration {
    OnlineRegistration::retail(dea("FT1234563"), "old certificate")
}

/// Requirements: pharm-online-registration-details
#[test]
fn the_modified_registration_keeps_its_number_and_shows_both_activities_and_a_new_certificate() {
    let mut state = registration();
    refused(state.modified("new certificate", pharmacist(), nine("2026-02-20")), "BOOKS-ONLINE-GAP");
    let application = sheet(dea("FT1234563"), vec![board("IL")], "Olga Owner").expect("complete");
    let other = sheet(dea("BT1234563"), vec![board("IL")], "Olga Owner").expect("complete");
    refused(state.apply_for(other, pharmacist(), nine("2026-01-20")), "BOOKS-ONLINE-GAP");
    for event in stored(&state.apply_for(application, pharmacist(), nine("2026-01-20")).expect("sent")) {
        state.apply(&event);
    }
    assert_eq!(state.activities(), [Activity::Retail]);
    for event in stored(&state.modified("new certificate", pharmacist(), nine("2026-02-20")).expect("recorded")) {
        state.apply(&event);
    }
    assert_eq!(state.number(), dea("FT1234563"));
    assert_eq!(state.activities(), [Activity::Retail, Activity::Online]);
    assert_eq!((state.certificate(), state.applied()), ("new certificate", Some(day("2026-01-20"))));
}

/// Requirements: pharm-online-exempt-others
#[test]
fn exempt_parties_are_of_the_listed_classes_and_their_evidence_is_kept() {
    assert_eq!(ExemptionClass::ALL.len(), 7);
    assert_eq!(ExemptionClass::parse("a-friend"), None);
    let mut state = registration();
    for class in ExemptionClass::ALL {
        let exemption = Exemption {
            party: "Prairie Wholesale".to_owned(),
            class: *class,
            evidence: "letter of 2 March".to_owned(),
        };
        let unproved = Exemption { evidence: String::new(), ..exemption.clone() };
        refused(state.exempt(unproved, pharmacist(), nine("2026-03-02")), "BOOKS-ONLINE-GAP");
        for event in stored(&state.exempt(exemption, pharmacist(), nine("2026-03-02")).expect("kept")) {
            state.apply(&event);
        }
    }
    assert_eq!(state.exemptions().len(), 7);
    assert!(state.exemptions().iter().all(|one| one.evidence == "letter of 2 March"));
}

fn dispensed(code: &str, units: u64, by: Means, prescription: &str, on: &str) -> Dispensed {
    Dispensed { ndc: ndc(code), units, by, prescription: prescription.to_owned(), on: day(on) }
}

/// Requirements: pharm-online-report-contents
#[test]
fn the_report_has_one_line_a_product_with_the_sum_over_all_means_and_no_means() {
    let code = "00591024001";
    let month = [
        dispensed(code, 2000, Means::Internet, "RX1", "2026-03-02"),
        dispensed(code, 2500, Means::Mail, "RX2", "2026-03-15"),
        dispensed(code, 600, Means::FaceToFace, "RX3", "2026-03-31"),
        dispensed("13668000801", 30, Means::Other, "RX4", "2026-03-31"),
        dispensed(code, 9000, Means::Internet, "RX5", "2026-04-01"),
    ];
    let made = report(&strictest(), day("2026-03-01"), &month, None).expect("made");
    assert_eq!(made.kind, ReportKind::Full);
    let lines: Vec<(&str, u64)> = made.lines.iter().map(|line| (line.ndc.as_str(), line.units)).collect();
    assert_eq!(lines, [(code, 5100), ("13668000801", 30)]);
    assert_eq!(made.due, Some(day("2026-04-15")));
    let event = MonthlyEvent::Submitted {
        report: made,
        confirmation: "C-1".to_owned(),
        by: pharmacist(),
        at: nine("2026-04-10"),
    };
    let body = event.to_json().to_string();
    assert!(!body.contains("mail") && !body.contains("internet"), "{body}");
    // Below both thresholds the report is negative; after the return to retail none is owed.
    let few = [dispensed(code, 10, Means::Internet, "RX1", "2026-03-02")];
    let small = report(&strictest(), day("2026-03-01"), &few, None).expect("made");
    assert_eq!((small.kind, small.lines.len()), (ReportKind::Negative, 0));
    let after = report(&strictest(), day("2026-03-01"), &few, Some(day("2026-02-10"))).expect("made");
    assert_eq!(after.kind, ReportKind::None);
}

/// Requirements: pharm-online-report-retention
#[test]
fn a_report_of_23_months_ago_opens_with_its_proof_of_submission() {
    let made = report(&strictest(), day("2026-03-01"), &[], None).expect("made");
    let sent = MonthlyEvent::Submitted {
        report: made.clone(),
        confirmation: "C-2026-04-10-7".to_owned(),
        by: pharmacist(),
        at: nine("2026-04-10"),
    };
    let back = stored_monthly(&[sent]);
    let [MonthlyEvent::Submitted { report, confirmation, .. }] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!((report, confirmation.as_str()), (&made, "C-2026-04-10-7"));
    let until = kept_until(&strictest(), day("2026-04-10")).expect("a day");
    assert!(until >= day("2028-04-10"), "{until}");
}
