//! What signing rests on: taken out of service and put back over the page; and what stays open meanwhile.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::world::PIN;
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::ProviderConfig;
use crate::relaying::HouseRelay;
use jiff::tz::TimeZone;
use theriac_pki::SystemRole;
use theriac_pki::trust::Judge;

/// A prescription of Brook's that is marked ready.
async fn ready(place: &Place) -> String {
    let id = place.draft("brook", "").await;
    let marked = place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "brook", "").await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.text);
    id
}

async fn sign(place: &Place, id: &str) -> Answer {
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={PIN}");
    place.ask("POST", "/practice/sign", "brook", &form).await
}

async fn switch(place: &Place, who: &str, which: &str, to: &str, reason: &str) -> Answer {
    place.ask("POST", "/operator/preconditions", who, &format!("which={which}&to={to}&reason={reason}")).await
}

/// Requirements: epcs-1306.05-e, epcs-1311.130-d-2
#[tokio::test]
async fn with_audit_archive_or_credentials_out_of_service_nothing_is_signed_and_the_refusal_names_it() {
    let place = Place::new();
    let id = ready(&place).await;
    let page = format!("/practice/prescriptions/{id}");
    for (which, name) in [
        ("audit", "the audit trail is out of service"),
        ("archive", "the archive of signed prescriptions is out of service"),
        ("credentials", "the credential store is out of service"),
    ] {
        assert_eq!(switch(&place, "ola", which, "out", "disk+replaced").await.status, StatusCode::SEE_OTHER);
        let refused = sign(&place, &id).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(
            refused.text.contains("RX-PRECONDITION") && refused.text.to_lowercase().contains(name),
            "{}",
            refused.text
        );
        let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await;
        assert!(review.text.to_lowercase().contains(name) && !review.text.contains("name=\"pin\""), "{}", review.text);
        let list = place.get("/operator/preconditions", "iris").await;
        assert!(list.text.contains("Disk replaced") && !list.text.contains("out of service</button"), "{}", list.text);
        assert_eq!(switch(&place, "ola", which, "in", "it+runs+again").await.status, StatusCode::SEE_OTHER);
    }
    let records = place.house.store.stream("preconditions").unwrap();
    assert_eq!(records.len(), 6);
    assert!(records.iter().all(|entry| entry.actor == "ola" && entry.kind == "precondition.switched"));
    assert!(!place.get(&page, "brook").await.text.contains(">signed<"), "nothing was signed meanwhile");
    assert_eq!(sign(&place, &id).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_an_operator_switches_with_a_reason_and_never_what_is_so_already() {
    let place = Place::new();
    for who in ["brook", "quill", "ada", "fern", "iris"] {
        assert_eq!(switch(&place, who, "audit", "out", "x").await.status, StatusCode::FORBIDDEN, "{who}");
    }
    for (which, to, reason, code) in [
        ("audit", "out", "", "PRECONDITION-REASON"),
        ("audit", "in", "works", "PRECONDITION-AS-IT-IS"),
        ("backup", "out", "works", "PRECONDITION-UNKNOWN"),
        ("audit", "away", "works", "PRECONDITION-UNKNOWN"),
    ] {
        let refused = switch(&place, "ola", which, to, reason).await;
        assert!(refused.text.contains(code), "{code}: {}", refused.text);
    }
    assert!(place.house.store.stream("preconditions").unwrap().is_empty());
}

/// Requirements: epcs-pre-8-1-voluntary
#[tokio::test]
async fn a_practitioner_issues_on_paper_whether_electronic_prescribing_is_open_or_not() {
    let place = Place::new();
    for closed in [false, true] {
        if closed {
            switch(&place, "ola", "archive", "out", "disk+replaced").await;
        }
        let id = ready(&place).await;
        let page = place.get(&format!("/practice/prescriptions/{id}"), "brook").await;
        assert!(page.text.contains("Issue it on paper instead"), "{}", page.text);
        let agent = place.ask("POST", &format!("/practice/prescriptions/{id}/paper"), "quill", "").await;
        assert_eq!(agent.status, StatusCode::FORBIDDEN, "{}", agent.text);
        let issued = place.ask("POST", &format!("/practice/prescriptions/{id}/paper"), "brook", "").await;
        assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.text);
        let paper = issued.location().to_owned();
        assert!(place.get(&paper, "brook").await.text.contains("valid once you have signed it by hand"));
        let printed = place.ask("POST", &format!("{paper}/print"), "brook", "").await;
        assert!(printed.status == StatusCode::OK && printed.text.starts_with("%PDF-"), "{}", printed.status);
        assert!(place.get(&paper, "brook").await.text.contains(">printed<"));
        let old = place.get(&format!("/practice/prescriptions/{id}"), "brook").await;
        assert!(old.text.contains(">discarded<"), "one prescription, and not two: {}", old.text);
        let sent = sign(&place, paper.rsplit('/').next().unwrap()).await;
        assert!(sent.text.contains("RX-"), "paper is never sent: {}", sent.text);
        assert!(place.house.work(&HouseRelay(&place.house)).unwrap().delivered.is_empty());
    }
}

/// Requirements: epcs-1311.115-c-2
#[tokio::test]
async fn a_second_practitioners_number_is_not_sent_and_not_taken_in() {
    let place = Place::new();
    let id = ready(&place).await;
    assert_eq!(sign(&place, &id).await.status, StatusCode::SEE_OTHER);
    let text = String::from_utf8(place.house.signed_message(&id).unwrap()).unwrap();
    let read = |text: &str| theriac_wire::script::decode(text.as_bytes()).unwrap();
    assert!(crate::practice::one_registration(&read(&text)).is_ok());
    for holder in ["Supervisor", "FollowUpPrescriber"] {
        let second = format!(
            "<{holder}><NonVeterinarian><Identification><DEANumber>FS1234567</DEANumber></Identification></NonVeterinarian></{holder}></NewRx>"
        );
        let two = text.replace("</NewRx>", &second);
        let refusal = crate::practice::one_registration(&read(&two)).unwrap_err();
        assert_eq!(refusal.code.0, "RX-SEND-SECOND-NUMBER");
        let arrival = place.house.receive(crate::dispensary::Incoming::whole(two.as_bytes())).unwrap();
        let crate::dispensary::Verdict::Rejected { refusals } = arrival.verdict else { panic!("taken in") };
        let about = |one: &theriac_model::Refusal| one.field.as_deref() == Some("practitioner.registration");
        assert!(refusals.iter().any(about), "{refusals:?}");
        let same = two.replace("FS1234567", crate::demo::cast::practitioner_number().as_str());
        assert!(crate::practice::one_registration(&read(&same)).is_ok(), "the same number once more is no second one");
    }
}

/// A message cannot leave with a second number either, however it came to be written down.
struct NoLink;

impl crate::transport::Carrier for NoLink {
    fn carry(&self, _: &[u8]) -> Result<crate::relaying::Carried, theriac_model::Refusal> {
        Err(theriac_model::Refusal::new("TEST-LINK", "-", "the link is down", "wait"))
    }
}

/// Requirements: epcs-1311.130-d-1, epcs-1311.130-d-2, epcs-pre-8-sign-before-send
#[tokio::test]
async fn what_was_signed_is_signed_by_the_provider_and_archived_before_a_byte_leaves() {
    let place = Place::new();
    let id = ready(&place).await;
    assert_eq!(sign(&place, &id).await.status, StatusCode::SEE_OTHER);
    let stream = format!("prescription/{id}");
    let archived = || {
        let entries = place.house.store.stream(&stream).unwrap();
        let pieces = entries.iter().map(|entry| place.house.store.archive(entry.seq).unwrap());
        let kept = entries.iter().zip(pieces).filter(|(_, pieces)| !pieces.is_empty());
        kept.map(|(entry, pieces)| (entry.kind.clone(), entry.seq, pieces)).collect::<Vec<_>>()
    };
    let before = archived();
    let [(kind, _, pieces)] = &before[..] else { panic!("one record") };
    assert_eq!((kind.as_str(), pieces.len()), ("prescription.signed", 1));
    // The link fails right after the signature: the signed copy is there all the same.
    place.house.work(&NoLink).unwrap();
    assert_eq!(place.house.prescription_now(&id).unwrap().0.stage(), "failed");
    let after = archived();
    assert_eq!((after.len(), &after[0].2[0].bytes), (1, &pieces[0].bytes));
    // The provider's certificate, over exactly what is archived; and inside it exactly what was signed for.
    let piece = &pieces[0];
    let trusted = place.house.keys.partners.verify_detached(&piece.seal, &piece.bytes, Judge::WhenSigned).unwrap();
    assert_eq!(SystemRole::of(trusted.verified().certificate()), Some(SystemRole::PrescriberSystem));
    let message = theriac_wire::script::decode(&piece.bytes).unwrap();
    let cms = theriac_wire::script::to_contents(&message).signature.unwrap().signature().unwrap();
    let signed = place.house.keys.partners.verify_attached(&cms, Judge::WhenSigned).unwrap();
    let now = place.house.prescription_now(&id).unwrap().0;
    assert_eq!(signed.verified().content(), now.contents().to_bytes());
}

/// Requirements: epcs-pre-8-sign-before-send, epcs-1300.03-intermediary
#[tokio::test]
async fn the_deployments_own_relay_is_an_intermediary_that_signs_what_it_carries_and_tells_what_it_cannot() {
    let place = Place::new();
    let id = ready(&place).await;
    assert_eq!(sign(&place, &id).await.status, StatusCode::SEE_OTHER);
    let sent = place.house.signed_message(&id).unwrap();
    let carried = crate::relaying::forward(&place.house, &sent, 0).unwrap();
    let read = |bytes: &[u8]| theriac_wire::script::to_contents(&theriac_wire::script::decode(bytes).unwrap());
    assert_ne!(carried.message, sent, "another layout");
    assert_eq!(read(&sent).contents.differences(&read(&carried.message).contents), [], "and no other content");
    let seal = carried.seal.unwrap();
    let trusted = place.house.keys.partners.verify_detached(&seal, &carried.message, Judge::WhenSigned).unwrap();
    assert_eq!(SystemRole::of(trusted.verified().certificate()), Some(SystemRole::Relay));
    // What it cannot read it does not turn into anything else.
    assert!(crate::relaying::forward(&place.house, b"%PDF-1.7 a fax", 0).is_err());
    // Signing and archiving came first; the log of both sides says so.
    place.house.work(&HouseRelay(&place.house)).unwrap();
    let entries = place.house.store.stream(&format!("prescription/{id}")).unwrap();
    let seq = |kind: &str| entries.iter().find(|entry| entry.kind == kind).unwrap().seq;
    let received = place.house.store.query("SELECT seq FROM received", &[]).unwrap()[0].u64(0).unwrap();
    let kept = place.house.store.archive(received).unwrap();
    assert_eq!(kept.len(), 2, "the message, and the intermediary's signature over it");
    assert!(seq("prescription.signed") < received && received < seq("prescription.transmitted"));
    // No way to a pharmacy: the practitioner is told, and nothing else is tried for it.
    let away = place.draft("brook", "pharmacy=8888888").await;
    place.ask("POST", &format!("/practice/prescriptions/{away}/ready"), "brook", "").await;
    assert_eq!(sign(&place, &away).await.status, StatusCode::SEE_OTHER);
    place.house.work(&HouseRelay(&place.house)).unwrap();
    let told = place.get(&format!("/practice/prescriptions/{away}"), "brook").await;
    assert!(
        told.text.contains("this intermediary knows no way to the pharmacy 8888888 (RELAY-NO-ROUTE)")
            && told.text.contains(">failed<"),
        "{}",
        told.text
    );
}

/// Requirements: epcs-1300.03-service-provider
#[tokio::test]
async fn a_deployment_starts_only_with_a_named_provider_for_each_of_its_parts() {
    let check = |practice: &str, pharmacy: &str, provider: Option<&str>, expected: &str| {
        let mut config = demonstration();
        practice.clone_into(&mut config.practice.name);
        pharmacy.clone_into(&mut config.pharmacy.name);
        config.provider = provider.map(|name| ProviderConfig { name: name.to_owned(), ..ProviderConfig::default() });
        let dir = tempfile::tempdir().unwrap();
        let clock = || Clock::told(TimeZone::UTC, "2026-03-02T16:00:00Z".parse().unwrap());
        let said = match House::found(&dir.path().join("house"), config, clock()) {
            Ok(_) => "starts".to_owned(),
            Err(problem) => problem.to_string(),
        };
        assert!(said.contains(expected), "{said}");
    };
    check("Example Family Practice", "Example Pharmacy", None, "starts");
    check("", "", Some("Example Service"), "starts");
    check(" ", "Example Pharmacy", None, "for tokens and credentials and the prescribing application");
    check("Example Family Practice", "", Some(" "), "for the pharmacy application");

    // Once named, the provider stands on what is issued.
    let mut config = demonstration();
    config.provider = Some(ProviderConfig { name: "Example Service".to_owned(), ..ProviderConfig::default() });
    let place = Place::begun(config);
    let issue = place.house.issue(place.house.clock.now(), None);
    assert!(issue.by.contains("service provider: Example Service"), "{}", issue.by);
}
