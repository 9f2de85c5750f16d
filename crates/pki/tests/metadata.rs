//! The deployment's list of models, the FIDO Metadata Service's notices, and the stored form of a security key.
#![allow(clippy::expect_used)] // tests

mod common;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{AAGUID, Key, in_base64};
use jiff::Timestamp;
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use theriac_model::hex;
use theriac_pki::metadata::{BadBook, BadNotices, ModelBook, Notices, Status, Weight};
use theriac_pki::pass::{CredentialId, PractitionerId, ValidatedModel};
use theriac_pki::webauthn::{
    Aaguid, Attestation, AttestationFormat, BadEnrolment, Copies, Enrolled, NewCredential, Purpose, SigningTrust,
};
use theriac_pki::{Certificate, PublicKey, TokenKind, TokenRule};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::people::registration;

/// A certificate authority like the one behind the service, and the service's own key.
struct Service {
    root: Certificate,
    leaf: Certificate,
    key: EcdsaKeyPair,
}

impl Service {
    fn named(name: &str) -> Self {
        let root_key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&root_key).expect("a root");
        let root = Certificate::from_der(root.der()).expect("a certificate");
        let issuer = Issuer::new(params, root_key);
        let leaf_key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = params.signed_by(&leaf_key, &issuer).expect("a certificate");
        let leaf = Certificate::from_der(leaf.der()).expect("a certificate");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &leaf_key.serialize_der()).expect("a key");
        Self { root, leaf, key }
    }

    fn sign(&self, header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("JSON"));
        let signed = format!("{}.{}", part(header), part(payload));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn blob(&self, payload: &Value) -> String {
        self.sign(&json!({"alg": "ES256", "typ": "JWT", "x5c": [in_base64(&self.leaf)]}), payload)
    }

    fn read(&self, blob: &str, known: Option<i64>, at: Timestamp) -> Result<Notices, BadNotices> {
        Notices::verify(blob.as_bytes(), std::slice::from_ref(&self.root), known, at)
    }
}

fn at() -> Timestamp {
    instant("2026-11-22T12:00:00Z")
}

fn list(next_update: &str, reports: &Value) -> Value {
    json!({"legalHeader": "text", "no": 42, "nextUpdate": next_update, "entries": [
        {"aaid": "1234#5678", "statusReports": [{"status": "REVOKED"}]},
        {"aaguid": AAGUID, "timeOfLastStatusChange": "2026-01-01", "statusReports": reports,
         "metadataStatement": {"description": "Example Key 5", "keyProtection": ["hardware", "secure_element"],
            "aMemberOfTomorrow": {"x": [1.5]}, "attestationRootCertificates": ["bm90IGEgY2VydGlmaWNhdGU"]}}]})
}

#[test]
fn a_list_of_the_service_is_read_when_its_signature_path_name_and_day_are_right() {
    let service = Service::named("mds.fidoalliance.org");
    let payload = list("2026-12-01", &json!([{"status": "FIDO_CERTIFIED_L2", "certificateNumber": "F-1"}]));
    let good = service.blob(&payload);
    let read = service.read(&good, Some(42), at()).expect("a list");
    assert_eq!((read.number(), read.len(), read.next_update().to_string().as_str()), (42, 1, "2026-12-01"));
    let of = read.of(Aaguid::parse(AAGUID).expect("a UUID")).expect("the model");
    assert_eq!((of.description.as_str(), of.key_protection.len(), of.roots.len()), ("Example Key 5", 2, 0));
    let check = |blob: &str, known, at| match service.read(blob, known, at) {
        Ok(_) => "read".to_owned(),
        Err(error) => theriac_model::Refusal::from(error).what.into_owned(),
    };
    assert_eq!(check(&good, None, at()), "read");
    assert!(check(&good, Some(43), at()).contains("number 42; number 43"));
    assert_eq!(check(&good, None, instant("2026-12-01T23:59:59Z")), "read");
    assert!(check(&good, None, instant("2026-12-02T00:00:00Z")).contains("to be replaced by 2026-12-01"));
    let other = service.blob(&list("2026-12-02", &json!([])));
    let (head, _) = good.rsplit_once('.').expect("a signature");
    let (_, signature) = other.rsplit_once('.').expect("a signature");
    assert!(check(&format!("{head}.{signature}"), None, at()).contains("does not verify"));
    let stranger = Service::named("mds.fidoalliance.org");
    assert!(check(&stranger.blob(&payload), None, at()).contains("not trusted"));
    let wrong_name = Service::named("mds.example.org");
    assert!(wrong_name.read(&wrong_name.blob(&payload), None, at()).is_err(), "a certificate for another server");
    let chain = json!([in_base64(&service.leaf)]);
    for header in [
        json!({"alg": "none", "x5c": chain}),
        json!({"alg": "HS256", "x5c": chain}),
        json!({"alg": "RS256", "x5c": chain}),
        json!({"alg": "ES256", "x5c": []}),
        json!({"alg": "ES256"}),
        json!({"alg": "ES256", "x5c": chain, "crit": ["b64"]}),
    ] {
        assert_ne!(check(&service.sign(&header, &payload), None, at()), "read", "{header}");
    }
    for blob in ["", "a.b", "a.b.c.d", "e30.e30.e30"] {
        assert_ne!(check(blob, None, at()), "read", "{blob}");
    }
}

/// What the notices make of an approved model with these reports.
fn judged(key: &Key, new: &NewCredential, reports: &Value) -> &'static str {
    let service = Service::named("mds.fidoalliance.org");
    let next = key.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let blob = service.blob(&list(&next.to_string(), reports));
    let notices = service.read(&blob, None, key.now).expect("a list");
    let (book, rule) = (key.book(), TokenRule::strictest());
    let trust = SigningTrust { book: &book, notices: Some(&notices), rule: &rule };
    trust.judge(new, key.now).map_or_else(|refusal| refusal.code.0, |_| "approved")
}

#[test]
fn a_model_reported_as_revoked_or_compromised_signs_nothing_and_unknown_words_are_kept() {
    let mut key = Key::new();
    let new = key.registered();
    let today = key.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let (yesterday, tomorrow) = (today.yesterday().expect("a day"), today.tomorrow().expect("a day"));
    let check = |reports: Value, expected: &str| assert_eq!(judged(&key, &new, &reports), expected, "{reports}");
    check(json!([]), "approved");
    for word in ["FIDO_CERTIFIED_L2", "UPDATE_AVAILABLE", "RETIRED", "FIPS140_CERTIFIED_L2", "A_WORD_OF_TOMORROW"] {
        check(json!([{"status": word, "effectiveDate": yesterday.to_string()}]), "approved");
    }
    for word in [
        "REVOKED",
        "USER_VERIFICATION_BYPASS",
        "ATTESTATION_KEY_COMPROMISE",
        "USER_KEY_REMOTE_COMPROMISE",
        "USER_KEY_PHYSICAL_COMPROMISE",
    ] {
        check(json!([{"status": "FIDO_CERTIFIED"}, {"status": word}]), "PKI-TOKEN-COMPROMISED");
    }
    for (day, expected) in
        [(yesterday, "PKI-TOKEN-COMPROMISED"), (today, "PKI-TOKEN-COMPROMISED"), (tomorrow, "approved")]
    {
        check(json!([{"status": "REVOKED", "effectiveDate": day.to_string()}]), expected);
    }
    check(json!([{"status": "REVOKED", "effectiveDate": "soon"}]), "PKI-TOKEN-COMPROMISED");
    assert_eq!(Status::new("A_WORD_OF_TOMORROW").weight(), Weight::Informs);
    assert_eq!(Status::new("A_WORD_OF_TOMORROW").as_str(), "A_WORD_OF_TOMORROW");
}

#[test]
fn stale_notices_stop_new_approvals_and_the_daily_check() {
    let mut key = Key::new();
    let new = key.registered();
    let service = Service::named("mds.fidoalliance.org");
    let day = key.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let notices = service.read(&service.blob(&list(&day.to_string(), &json!([]))), None, key.now).expect("a list");
    let book = key.book_with(&["review-by = \"2099-01-01\""]);
    let rule = TokenRule::strictest();
    let trust = SigningTrust { book: &book, notices: Some(&notices), rule: &rule };
    let model = trust.judge(&new, key.now).expect("approved");
    let enrolled = Enrolled::hardware(new.clone(), model).expect("for signing");
    trust.recheck(&enrolled, key.now).expect("serves");
    let tomorrow = after(key.now, 24 * 3600);
    assert_eq!(trust.judge(&new, tomorrow).expect_err("stale").code.0, "PKI-MDS");
    assert_eq!(trust.recheck(&enrolled, tomorrow).expect_err("stale").code.0, "PKI-MDS");
}

#[test]
fn a_list_of_models_names_what_is_wrong_in_it() {
    let key = Key::new();
    let check = |changes: &[&str], expected: &str| {
        let error = ModelBook::from_toml(&key.book_text(changes)).expect_err("wrong").to_string();
        assert!(error.contains(expected), "{changes:?}: {error}");
    };
    check(&["version = 2"], "version 1");
    check(&["issued = \"yesterday\""], "field issued: a date");
    check(&["title = \"\""], "model 1: field title");
    check(&["key = \"pocket\""], "field key");
    check(&["opening = \"\""], "field opening");
    check(&["allowed = \"perhaps\""], "field allowed");
    check(&["allowed = \"refused\""], "field reason");
    check(&["overall = 5"], "field overall: a level of 1 to 4");
    check(&["overall = 0"], "field overall");
    check(&["physical = 256"], "field physical");
    check(&["standard = \"140-1\""], "field standard");
    check(&["aaguid = \"00000000-0000-0000-0000-000000000000\""], "field aaguid");
    check(&["roots = []"], "field roots: at least one");
    check(&["roots = [\"not a certificate\"]"], "field roots");
    check(&["place = \"separate\"\nplaec = \"separate\""], "field plaec is not known");
    check(&["overall = 2\noverlal = 2"], "field overlal is not known");
    check(&["key = "], "cannot be read");
    let model = key.book_text(&[]);
    let (_, model) = model.split_once("[[model]]").expect("a model");
    let twice = format!("{}\n[[model]]{model}", key.book_text(&[]));
    assert_eq!(ModelBook::from_toml(&twice).expect_err("twice"), BadBook::Twice("Example Key 5".to_owned()));
    let as_json = br#"{"version": 1, "issued": "2026-11-01", "review-by": "2027-01-31", "model": [
        {"maker": "Example", "model": "C100", "title": "Example C100", "key": "device", "place": "separate",
         "opening": "password", "allowed": "signing"}]}"#;
    assert_eq!(ModelBook::from_json(as_json).map(|book| book.models().len()), Ok(1));
}

fn golden() -> Enrolled {
    let point = "044aaece96be662963188749d6b40476548aaf82cca92007faa5f78635ad366d9b\
                 a065056e47a3e160b1d72d2f88b743a2ecf75287a323303f609f986b1892d883";
    let chain = vec![Certificate::from_pem(include_str!("golden/attestation.pem")).expect("a certificate")];
    let new = NewCredential {
        person: PractitionerId::parse("dr-quill").expect("an identifier"),
        purpose: Purpose::Signing(registration()),
        id: CredentialId::from_bytes(&[0xfb, 0xef, 0xff, 1]).expect("an identifier"),
        key: PublicKey::parse(&hex::decode(point).expect("hex")).expect("a key"),
        counter: 7,
        copies: Copies::Never,
        attestation: Attestation {
            format: AttestationFormat::Packed,
            aaguid: Aaguid::parse(AAGUID).expect("a UUID"),
            chain,
        },
        transports: vec!["nfc".to_owned(), "usb".to_owned()],
        at: instant("2026-11-22T12:00:00.5Z"),
    };
    let text = "version = 1\nissued = \"2026-11-01\"\nreview-by = \"2026-12-31\"\n[[model]]\nmaker = \"Example\"\n\
        model = \"Key 5\"\ntitle = \"Example Key 5\"\nkey = \"device\"\nplace = \"separate\"\nopening = \"password\"\n\
        allowed = \"signing\"\n[model.validation]\ncertificate = \"4242\"\nstandard = \"140-2\"\noverall = 2\n\
        physical = 3\nstatus = \"historical\"\nlooked-up = \"2026-10-30\"\n";
    let book = ModelBook::from_toml(text).expect("a list");
    let model = book.models().first().expect("one").may_sign(&TokenRule::strictest()).expect("fits");
    Enrolled::hardware(new, model).expect("for signing")
}

/// Requirements: epcs-1311.110-b-1
#[test]
fn the_stored_form_of_a_security_key_never_changes() {
    let expected = include_str!("golden/fido2-signing-1.json").trim_end();
    assert_eq!(String::from_utf8_lossy(&golden().to_bytes()), expected);
    assert_eq!(Enrolled::from_bytes(expected.as_bytes()), Ok(golden()));
    let unlisted = ValidatedModel::new("Example Key 5", "4242", 2, 3).expect("fits");
    let plain = Enrolled { kind: TokenKind::Hard(unlisted), ..golden() };
    assert_eq!(Enrolled::from_bytes(&plain.to_bytes()), Ok(plain));
    let broken = |from: &str, to: &str| Enrolled::from_bytes(expected.replace(from, to).as_bytes());
    assert_eq!(broken("\"version\":1", "\"version\":2"), Err(BadEnrolment::Version));
    assert!(matches!(broken("\"counter\":7", "\"counter\":-7"), Err(BadEnrolment::Field(_))));
    assert!(matches!(broken("dr-quill", "dr quill"), Err(BadEnrolment::Field(_))));
    assert_eq!(Enrolled::from_bytes(b"not json"), Err(BadEnrolment::NotJson));
}

proptest! {
    #[test]
    fn arbitrary_text_is_no_list_and_makes_no_panic(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = ModelBook::from_toml(&text);
        let _ = ModelBook::from_json(&bytes);
        prop_assert!(Notices::verify(&bytes, &[], None, at()).is_err());
        prop_assert!(Enrolled::from_bytes(&bytes).is_err());
    }
}
