//! Whose certificate it is, and when: anchors, validity, revocation, purpose.
#![allow(clippy::expect_used)] // tests

use jiff::Timestamp;
use theriac_model::Refusal;
use theriac_pki::{
    Authority, Certificate, Judge, PathError, Reason, Revoked, SystemKey, SystemRole, TrustStore, Validity,
};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::pki::{demo, issue, year_2026};
use theriac_testkit::{TestPki, now};

fn check(trust: &TrustStore, certificate: &Certificate, at: &str, expected: &str) {
    let found = match trust.check(certificate, instant(at)) {
        Ok(()) => "trusted",
        Err(error) => Refusal::from(error).code.0,
    };
    assert_eq!(found, expected, "{} at {at}", certificate.subject());
    // The second answer comes from the cache.
    assert_eq!(trust.check(certificate, instant(at)).is_ok(), expected == "trusted", "cached at {at}");
}

#[test]
fn a_certificate_counts_from_its_first_to_its_last_second() {
    let pki = TestPki::new();
    let (trust, certificate) = (pki.trust(), pki.pharmacy.certificate());
    for _ in 0..2 {
        check(&trust, certificate, "2025-12-31T23:59:59.999Z", "PKI-PATH-EARLY");
        check(&trust, certificate, "2026-01-01T00:00:00Z", "trusted");
        check(&trust, certificate, "2026-12-31T23:59:59.9Z", "trusted");
        check(&trust, certificate, "2027-01-01T00:00:00Z", "PKI-PATH-EXPIRED");
    }
}

#[test]
fn only_the_anchors_given_are_trusted() {
    let (ours, theirs) = (TestPki::new(), TestPki::new());
    // Both roots have the same name; theirs is an impostor here.
    check(&ours.trust(), theirs.pharmacy.certificate(), "2026-06-01T00:00:00Z", "PKI-PATH-INVALID");
    let key = SystemKey::generate().expect("a key");
    let stranger = Authority::create("Stranger", key, year_2026(), demo()).expect("a root");
    let signer = issue(&stranger, SystemRole::Pharmacy, "Pharmacy", year_2026());
    check(&ours.trust(), signer.certificate(), "2026-06-01T00:00:00Z", "PKI-PATH-ISSUER");
    let both = TrustStore::new(&[ours.root(), theirs.root()]).expect("anchors");
    check(&both, theirs.pharmacy.certificate(), "2026-06-01T00:00:00Z", "trusted");
}

#[test]
fn a_root_that_has_expired_vouches_for_nobody() {
    let key = SystemKey::generate().expect("a key");
    let short = Validity { from: instant("2026-01-01T00:00:00Z"), until: instant("2026-06-30T23:59:59Z") };
    let authority = Authority::create("Short root", key, short, demo()).expect("a root");
    let signer = issue(&authority, SystemRole::Pharmacy, "Pharmacy", year_2026());
    let trust = TrustStore::new(&[authority.certificate().clone()]).expect("an anchor");
    check(&trust, signer.certificate(), "2026-06-30T23:59:59Z", "trusted");
    check(&trust, signer.certificate(), "2026-07-01T00:00:00Z", "PKI-PATH-EXPIRED");
}

#[test]
fn a_root_certificate_signs_no_records() {
    let pki = TestPki::new();
    check(&pki.trust(), &pki.root(), "2026-06-01T00:00:00Z", "PKI-PATH-PURPOSE");
}

fn list(pki: &TestPki, revoked: &[(&Certificate, &str)], number: u64, from: &str, until: &str) -> Vec<u8> {
    let lines: Vec<_> = revoked
        .iter()
        .map(|(certificate, at)| Revoked {
            certificate: (*certificate).clone(),
            at: instant(at),
            reason: Reason::KeyCompromise,
        })
        .collect();
    let validity = Validity { from: instant(from), until: instant(until) };
    pki.authority.revocation_list(&lines, number, validity).expect("made")
}

#[test]
fn what_was_signed_before_a_revocation_stays_good_and_nothing_after() {
    let pki = TestPki::new();
    let certificate = pki.pharmacy.certificate();
    let crl = list(&pki, &[(certificate, "2026-03-01T12:00:00Z")], 1, "2026-03-01T12:00:00Z", "2026-12-01T00:00:00Z");
    let trust = pki.trust().with_revocation_list(&crl).expect("readable");
    for _ in 0..2 {
        check(&trust, certificate, "2026-03-01T11:59:59Z", "trusted");
        check(&trust, certificate, "2026-03-01T12:00:00Z", "PKI-PATH-REVOKED");
        check(&trust, certificate, "2026-06-01T00:00:00Z", "PKI-PATH-REVOKED");
        check(&trust, pki.relay.certificate(), "2026-06-01T00:00:00Z", "trusted");
    }
}

#[test]
fn a_stale_list_a_foreign_list_and_a_forged_list_are_no_lists() {
    let (pki, other) = (TestPki::new(), TestPki::new());
    let certificate = pki.pharmacy.certificate();
    let short = list(&pki, &[], 1, "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z");
    let trust = pki.trust().with_revocation_list(&short).expect("readable");
    check(&trust, certificate, "2026-03-07T23:59:59Z", "trusted");
    check(&trust, certificate, "2026-03-08T00:00:01Z", "PKI-PATH-STALE-LIST");

    // The other authority has the same name and another key: its list is not ours.
    let forged = list(&other, &[], 1, "2026-03-01T00:00:00Z", "2026-12-01T00:00:00Z");
    let trust = pki.trust().with_revocation_list(&forged).expect("readable");
    check(&trust, certificate, "2026-03-02T00:00:00Z", "PKI-PATH-INVALID");
    let key = SystemKey::generate().expect("a key");
    let stranger = Authority::create("Stranger", key, year_2026(), demo()).expect("a root");
    let foreign = stranger.revocation_list(&[], 1, year_2026()).expect("made");
    let trust = pki.trust().with_revocation_list(&foreign).expect("readable");
    check(&trust, certificate, "2026-03-02T00:00:00Z", "PKI-PATH-NO-LIST");
    assert!(pki.trust().with_revocation_list(b"no list").is_err());
}

#[test]
fn the_newest_list_of_an_issuer_counts_whatever_the_order_of_import() {
    let pki = TestPki::new();
    let certificate = pki.pharmacy.certificate();
    let old = list(&pki, &[], 1, "2026-02-01T00:00:00Z", "2026-12-01T00:00:00Z");
    let new = list(&pki, &[(certificate, "2026-03-01T00:00:00Z")], 2, "2026-03-01T00:00:00Z", "2026-12-01T00:00:00Z");
    for (first, second) in [(&old, &new), (&new, &old)] {
        let trust = pki.trust().with_revocation_list(first).expect("readable");
        let trust = trust.with_revocation_list(second).expect("readable");
        check(&trust, certificate, "2026-03-02T00:00:00Z", "PKI-PATH-REVOKED");
    }
}

#[test]
fn a_record_is_judged_when_it_arrives_or_when_it_was_signed() {
    let pki = TestPki::new();
    let trust = pki.trust();
    let seal = pki.pharmacy.seal(b"record", now()).expect("sealed");
    let later = Judge::At(instant("2030-01-01T00:00:00Z"));
    let refusal = trust.verify_detached(&seal, b"record", later).map(|_| ()).expect_err("expired");
    assert_eq!(refusal.code.0, "PKI-PATH-EXPIRED");
    let trusted = trust.verify_detached(&seal, b"record", Judge::WhenSigned).expect("trusted then");
    assert_eq!(SystemRole::of(trusted.certificate()), Some(SystemRole::Pharmacy));
    assert_eq!((trusted.content(), trusted.signed_at()), (&b"record"[..], now()));
    let changed = trust.verify_detached(&seal, b"Record", Judge::WhenSigned).map(|_| ()).expect_err("changed");
    assert_eq!(changed.code.0, "PKI-CMS-CHANGED");
    let signed = pki.prescriber.sign_contents(b"contents", now()).expect("signed");
    assert_eq!(trust.verify_attached(&signed, Judge::At(now())).expect("trusted").content(), b"contents");
}

#[test]
fn an_authority_continues_from_its_key_and_certificate() {
    let key = SystemKey::generate().expect("a key");
    let made = Authority::create("Demo root", key.clone(), year_2026(), demo()).expect("a root");
    let root = made.certificate().clone();
    let opened = Authority::open(key, root.clone(), demo()).expect("its own root");
    let signer = issue(&opened, SystemRole::Relay, "Relay", year_2026());
    let trust = TrustStore::new(std::slice::from_ref(&root)).expect("an anchor");
    assert_eq!(trust.check(signer.certificate(), now()), Ok(()));
    let other = SystemKey::generate().expect("a key");
    assert!(Authority::open(other, root, demo()).is_err());
}

#[test]
fn requests_that_make_no_certificate_are_refused() {
    let pki = TestPki::new();
    let key = SystemKey::generate().expect("a key");
    let ask = |name: &str, from: Timestamp, until: Timestamp| {
        let validity = Validity { from, until };
        let request =
            theriac_pki::CertificateRequest { role: SystemRole::Relay, name, key: key.public_key(), validity };
        pki.authority.issue(&request).is_ok()
    };
    assert!(ask("x", now(), now()));
    assert!(!ask("x", now(), after(now(), -1)));
    assert!(!ask("", now(), now()));
    assert!(ask(&"x".repeat(59), now(), now()));
    assert!(!ask(&"x".repeat(60), now(), now()));
}

#[test]
fn path_errors_read_as_refusals() {
    let refusal = Refusal::from(PathError::Revoked { since: now() });
    assert!(refusal.to_string().starts_with("PKI-PATH-REVOKED: the certificate was revoked at 2026-03-02T15:00:00Z"));
}
