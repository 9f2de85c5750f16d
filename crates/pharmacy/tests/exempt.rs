//! Prescriptions of Federal officials who are exempt from registration, as a message and on paper.

mod common;
use common::{RX, arrived, at, contents, number, pharmacist, profile, registrant, signed};
use theriac_law::Profile;
use theriac_model::{CanonicalContents, DeaNumber, Element};
use theriac_pharmacy::{
    Arrived, ByHand, Came, DrugFile, Intake, Narcotic, Paper, RegistrantLookup, SignatureCheck, TakingIn, Twin,
    receive, take_in,
};

/// The elements of an official, each left out when empty.
fn official(mut contents: CanonicalContents, branch: &str, id: &str) -> CanonicalContents {
    contents.clear(Element::Registration);
    contents.set(Element::Registration, branch).expect("a branch");
    contents.set(Element::ServiceId, id).expect("a number");
    contents
}

fn nobody() -> RegistrantLookup {
    RegistrantLookup { found: None, age_days: 0, source: "test registrants".to_owned() }
}

fn message(branch: &str, id: &str) -> Arrived {
    let mut message = arrived(&RX);
    message.contents = official(message.contents, branch, id);
    message.signature = SignatureCheck::Verified {
        signed: Box::new(official(signed(&RX), branch, id)),
        subject: "CN=Test Practice".to_owned(),
    };
    message.registrant = nobody();
    message
}

fn paper(branch: &str, id: &str) -> ByHand {
    ByHand {
        number: number("RX200001"),
        pharmacy: DeaNumber::parse("FT1234563").expect("a DEA number"),
        archive: common::archive(),
        at: at("2026-03-02T12:30:00-07:00"),
        by: pharmacist().person().clone(),
        contents: official(contents(&RX), branch, id),
        came: Came::Paper(Paper::signed()),
        registrant: nobody(),
        drug: DrugFile::Scheduled(RX.schedule),
        narcotic: Narcotic::Other,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    }
}

/// The first refusal's code and field, of a message and of a paper; `accepted` when there is none.
fn check(branch: &str, id: &str, expected: &str) {
    for profile in [profile(), Profile::in_force()] {
        let of_message = match receive(&profile, message(branch, id)) {
            Intake::Accepted(_) => Vec::new(),
            Intake::Rejected { refusals, .. } => refusals,
        };
        let of_paper = match take_in(&profile, paper(branch, id)) {
            TakingIn::Accepted(_) => Vec::new(),
            TakingIn::Refused { refusals, .. } => refusals,
        };
        for refusals in [of_message, of_paper] {
            let first = refusals.first().map_or_else(
                || "accepted".to_owned(),
                |one| format!("{} {}", one.code, one.field.as_deref().unwrap_or("-")),
            );
            assert_eq!(first, expected, "{branch} {refusals:?}");
            // What was typed for a social security number is in no refusal.
            let said = refusals.iter().map(ToString::to_string).collect::<String>();
            assert!(id.is_empty() || !said.contains(id), "{said}");
        }
    }
}

/// Requirements: pharm-rx-federal-exempt
#[test]
fn an_officials_prescription_is_accepted_with_branch_and_number_and_without_a_dea_number() {
    for branch in theriac_model::Branch::ALL {
        check(&format!("exempt-{branch}"), "123456789", "accepted");
    }
    check("exempt-army", "", "LAW-1306.05-MISSING practitioner.service-id");
    check("", "123456789", "LAW-1306.05-MISSING practitioner.registration");
}

/// Requirements: law-fed-phs-ssn
#[test]
fn an_officer_of_the_public_health_service_is_identified_by_nine_digits() {
    check("exempt-public-health-service", "12345678", "LAW-1306.05-SERVICE-NUMBER practitioner.service-id");
    check("exempt-navy", "12345678", "accepted");
}

/// The exemption is the official's: a DEA number that nobody knows is refused as before.
#[test]
fn without_the_exemption_an_unknown_number_is_refused() {
    let mut unknown = arrived(&RX);
    unknown.registrant = nobody();
    assert!(matches!(receive(&profile(), unknown), Intake::Rejected { .. }));
    let mut known = arrived(&RX);
    known.registrant = registrant();
    assert!(matches!(receive(&profile(), known), Intake::Accepted(_)));
}
