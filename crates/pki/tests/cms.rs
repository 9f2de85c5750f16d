//! CMS signatures: what is made verifies, and every way of being wrong has its own refusal.
#![allow(clippy::expect_used, clippy::indexing_slicing)] // tests

use proptest::prelude::*;
use std::sync::LazyLock;
use theriac_model::Schedule;
use theriac_pki::cms::{verify_attached, verify_detached};
use theriac_pki::{Certificate, CmsError, Signer, SignerError, SystemKey};
use theriac_testkit::clock::instant;
use theriac_testkit::{TestPki, now, sample};

static PKI: LazyLock<TestPki> = LazyLock::new(TestPki::new);

fn canonical() -> Vec<u8> {
    sample(Schedule::II).canonical().expect("canonical").to_bytes()
}

/// Requirements: epcs-1300.03-digital-signature
#[test]
fn a_seal_names_its_signer_and_instant_and_covers_every_byte() {
    let message = b"<Message>as received</Message>";
    let seal = PKI.pharmacy.seal(message, now()).expect("sealed");
    let verified = verify_detached(&seal, message, &[]).expect("verifies");
    assert_eq!(verified.signed_at(), now());
    assert_eq!(verified.content(), message);
    assert_eq!(verified.certificate(), PKI.pharmacy.certificate());
    assert_eq!(verified.certificate().common_name(), Some("Test pharmacy DEMO"));
    for at in 0..message.len() {
        let mut changed = message.to_vec();
        changed[at] ^= 1;
        assert_eq!(verify_detached(&seal, &changed, &[]).map(|_| ()), Err(CmsError::ContentChanged), "byte {at}");
    }
}

/// Requirements: epcs-1300.03-digital-signature
#[test]
fn no_byte_of_a_signature_can_change_unnoticed() {
    let signed = PKI.prescriber.sign_contents(&canonical(), now()).expect("signed");
    let original = verify_attached(&signed, &[]).expect("verifies");
    for at in 0..signed.len() {
        for flip in [0x01, 0x80] {
            let mut changed = signed.clone();
            changed[at] ^= flip;
            // The version numbers and the unsigned digest list are not covered by the signature; nothing is read from them.
            if let Ok(verified) = verify_attached(&changed, &[]) {
                assert_eq!(verified.content(), original.content(), "byte {at}");
                assert_eq!(verified.signed_at(), original.signed_at(), "byte {at}");
                assert_eq!(verified.certificate(), original.certificate(), "byte {at}");
            }
        }
    }
}

#[test]
fn the_pharmacy_recovers_exactly_what_the_practitioner_signed() {
    let bytes = canonical();
    let signed = PKI.prescriber.sign_contents(&bytes, now()).expect("signed");
    let verified = verify_attached(&signed, &[]).expect("verifies");
    let read = theriac_model::CanonicalContents::from_bytes(verified.content()).expect("canonical");
    assert_eq!(read, sample(Schedule::II).canonical().expect("canonical"));
}

#[test]
fn signing_times_keep_the_second_on_both_sides_of_2050_and_of_a_leap_day() {
    for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"] {
        let seal = PKI.relay.seal(b"x", instant(text)).expect("sealed");
        assert_eq!(verify_detached(&seal, b"x", &[]).expect("verifies").signed_at(), instant(text), "{text}");
    }
    let seal = PKI.relay.seal(b"x", instant("2026-03-02T15:00:00.999Z")).expect("sealed");
    assert_eq!(verify_detached(&seal, b"x", &[]).expect("verifies").signed_at(), now());
}

#[test]
fn attached_and_detached_are_not_taken_for_each_other() {
    let seal = PKI.pharmacy.seal(b"bytes", now()).expect("sealed");
    let attached = PKI.pharmacy.sign_contents(b"bytes", now()).expect("signed");
    assert_eq!(verify_attached(&seal, &[]).map(|_| ()), Err(CmsError::ContentMissing));
    assert_eq!(verify_detached(&attached, b"bytes", &[]).map(|_| ()), Err(CmsError::ContentPresent));
}

#[test]
fn a_certificate_of_another_key_makes_no_signer() {
    let key = SystemKey::generate().expect("a key");
    let certificate = PKI.pharmacy.certificate().clone();
    assert_eq!(Signer::new(key, certificate).map(|_| ()), Err(SignerError::OtherKey));
}

#[test]
fn another_certificate_of_the_same_key_is_not_the_one_the_signature_names() {
    // The same key certified twice: the signature names the first certificate by digest.
    let key = SystemKey::generate().expect("a key");
    let request = theriac_pki::CertificateRequest {
        role: theriac_pki::SystemRole::Pharmacy,
        name: "Twice",
        key: key.public_key(),
        validity: theriac_testkit::pki::year_2026(),
    };
    let first = PKI.authority.issue(&request).expect("issued");
    let second = PKI.authority.issue(&request).expect("issued");
    assert_ne!(first.serial(), second.serial());
    let signer = Signer::new(key, first.clone()).expect("its key");
    let seal = signer.seal(b"x", now()).expect("sealed");
    let swapped = replace_certificate(&seal, &first, &second);
    assert!(
        matches!(
            verify_detached(&swapped, b"x", &[]).map(|_| ()),
            Err(CmsError::CertificateMissing | CmsError::OtherCertificate | CmsError::NotSignedData(_))
        ),
        "a swapped certificate"
    );
}

fn replace_certificate(seal: &[u8], from: &Certificate, to: &Certificate) -> Vec<u8> {
    let at = seal.windows(from.der().len()).position(|part| part == from.der()).expect("embedded");
    [&seal[..at], to.der(), &seal[at + from.der().len()..]].concat()
}

#[test]
fn bytes_that_are_no_signature_are_refused_by_name() {
    let seal = PKI.pharmacy.seal(b"x", now()).expect("sealed");
    let mut trailing = seal.clone();
    trailing.push(0);
    let cases: [(&[u8], &str); 5] = [
        (b"", "PKI-CMS-FORMAT"),
        (b"<Message/>", "PKI-CMS-FORMAT"),
        (&seal[..seal.len() - 1], "PKI-CMS-FORMAT"),
        (&trailing, "PKI-CMS-FORMAT"),
        (&vec![0x30; theriac_pki::cms::LONGEST + 1], "PKI-CMS-LENGTH"),
    ];
    for (bytes, code) in cases {
        let refusal = verify_detached(bytes, b"x", &[]).expect_err("no signature").refusal();
        assert_eq!(refusal.code.0, code);
        assert!(!refusal.next.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_contents_are_recovered_as_signed(contents in theriac_testkit::strategies::contents()) {
        let bytes = contents.canonical().expect("canonical").to_bytes();
        let signed = PKI.prescriber.sign_contents(&bytes, contents.signed_at).expect("signed");
        let verified = verify_attached(&signed, &[]).expect("verifies");
        prop_assert_eq!(verified.content(), &bytes[..]);
        prop_assert_eq!(verified.signed_at(), contents.signed_at);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn arbitrary_bytes_never_verify_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(verify_attached(&bytes, &[]).is_err());
        prop_assert!(verify_detached(&bytes, b"", &[]).is_err());
        let _ = Certificate::from_der(&bytes);
        let _ = theriac_pki::keyfile::inspect(&bytes);
    }

    #[test]
    fn damaged_signatures_never_panic_and_never_yield_other_content(
        at in 0..1000usize, value in any::<u8>(), cut in 0..1200usize, insert in any::<bool>(),
    ) {
        static SIGNED: LazyLock<Vec<u8>> =
            LazyLock::new(|| PKI.prescriber.sign_contents(b"contents", now()).expect("signed"));
        let mut damaged = SIGNED.clone();
        let at = at % damaged.len();
        if insert { damaged.insert(at, value) } else { damaged[at] = value }
        damaged.truncate(cut.max(1));
        if let Ok(verified) = verify_attached(&damaged, &[]) {
            prop_assert_eq!(verified.content(), b"contents");
        }
    }
}
