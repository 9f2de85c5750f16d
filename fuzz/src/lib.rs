//! What must hold for any bytes at all: readers never panic, and what they accept they write back the same.
//!
//! Each function is one property over the readers of one kind of outside input. A broken property panics, which both
//! libFuzzer and the tests in `tests/random.rs` notice.

use theriac_journal::{Body, Checkpoint, Entry, Evidence, NoteVerifier};
use theriac_law::read_line;
use theriac_model::CanonicalContents;
use theriac_pki::cms::{verify_attached, verify_detached};
use theriac_pki::metadata::{ModelBook, Notices};
use theriac_pki::otp::csv::{self, Assumed, Writing};
use theriac_pki::otp::pskc::{self, PreSharedKey};
use theriac_pki::otp::{Digits, Hash, Moving, Scheme};
use theriac_pki::pass::{CredentialId, PractitionerId};
use theriac_pki::webauthn::{Enrolled, Purpose, RegistrationAnswer, RegistrationRequest, RelyingParty};
use theriac_pki::{Assertion, Certificate, TrustStore, assertion, keyfile};
use theriac_wire::{asap, fhir, hl7, ndc, registrants, script};

/// CMS signatures, certificates, revocation lists, key files, token answers: nobody's bytes verify by chance.
pub fn signatures(bytes: &[u8]) {
    if let Ok(verified) = verify_attached(bytes, &[]) {
        assert!(verified.content().len() < bytes.len(), "content lies inside the structure");
    }
    if let Ok(verified) = verify_detached(bytes, b"content", &[]) {
        assert_eq!(verified.content(), b"content");
    }
    if let Ok(certificate) = Certificate::from_der(bytes) {
        assert_eq!(certificate.der(), bytes);
        assert_eq!(Certificate::from_pem(&certificate.pem()).as_ref(), Ok(&certificate));
        let _ = TrustStore::new(&[certificate]);
    }
    if let Ok(store) = TrustStore::new(&[]) {
        let _ = store.with_revocation_list(bytes);
    }
    let _ = keyfile::inspect(bytes);
    let _ = assertion::is_readable(bytes);
}

/// What makers, browsers and the FIDO Metadata Service send about tokens, and stored credentials: read or refused.
pub fn token_files(bytes: &[u8]) {
    let noon = "2026-11-22T12:00:00Z".parse().expect("an instant");
    assert!(Notices::verify(bytes, &[], None, noon).is_err(), "nobody's bytes are the service's");
    let _ = ModelBook::from_json(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = ModelBook::from_toml(text);
    }
    for key in [None, PreSharedKey::parse(&"30".repeat(16)).as_ref()] {
        let _ = pskc::read(bytes, key);
    }
    let scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Presses };
    for writing in [Writing::Hex, Writing::Base32] {
        let _ = csv::read(bytes, &Assumed { maker: None, model: None, writing, scheme });
    }
    if let Ok(enrolled) = Enrolled::from_bytes(bytes) {
        assert_eq!(Enrolled::from_bytes(&enrolled.to_bytes()).as_ref(), Ok(&enrolled));
    }
    let _ = Assertion::from_browser(bytes);
    let answer = RegistrationAnswer::from_browser(bytes).unwrap_or_else(|_| RegistrationAnswer {
        credential: CredentialId::from_bytes(&[1]).expect("an identifier"),
        client_data: br#"{"type":"webauthn.create","challenge":"AA","origin":"https://rx.example"}"#.to_vec(),
        attestation_object: bytes.to_vec(),
        transports: Vec::new(),
    });
    let party = RelyingParty::new("Clinic", "rx.example", "https://rx.example").expect("a site");
    let person = PractitionerId::parse("dr-quill").expect("an identifier");
    let request = RegistrationRequest::new([7; 32], person, Purpose::SignIn, noon);
    assert!(request.verify(&party, &[], &answer, noon).is_err(), "nobody's bytes answer this challenge");
}

/// Checkpoints, notes, evidence and entry headers: what is read is written back the same.
pub fn checkpoints(bytes: &[u8]) {
    if let Ok(entry) = Entry::from_header(bytes, Body::Kept { salt: [0; 32], bytes: b"{}".to_vec() }) {
        assert_eq!(entry.header_bytes(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse_text(text) {
        // Extension lines are allowed and not kept.
        assert!(text.starts_with(checkpoint.text().trim_end()));
    }
    let _ = Checkpoint::parse_unverified(text);
    let _ = Checkpoint::open(text, "example.org/log", &[]);
    if let Ok(verifier) = NoteVerifier::parse(text) {
        assert_eq!(verifier.to_text(), text);
    }
    if let Ok(evidence) = Evidence::from_json(text) {
        let again = Evidence::from_json(&evidence.to_json());
        assert_eq!(again.as_ref(), Ok(&evidence));
    }
}

/// SCRIPT messages: what is understood survives printing and reading again.
pub fn script_messages(bytes: &[u8]) {
    let Ok(message) = script::decode(bytes) else { return };
    let contents = script::to_contents(&message);
    let printed = script::encode(&message);
    let again = script::decode(&printed).expect("what we print, we read");
    assert_eq!(script::encode(&again), printed, "printing is stable");
    assert_eq!(script::to_contents(&again).contents, contents.contents, "the same contents after a round trip");
}

/// FHIR documents: what becomes a draft is printed, and what is printed becomes a draft again.
pub fn fhir_requests(bytes: &[u8]) {
    let Ok(found) = fhir::drafts(bytes) else { return };
    for draft in found.into_iter().filter_map(|found| found.outcome.ok()) {
        let Ok(printed) = fhir::request(&draft.contents, &fhir::References::default()) else { continue };
        let again = fhir::drafts(printed.to_string().as_bytes()).expect("what we print, we read");
        assert!(again.iter().all(|found| found.outcome.is_ok()), "what we print is a draft");
    }
}

/// Canonical contents: only the exact bytes that would be written are accepted.
pub fn canonical_contents(bytes: &[u8]) {
    if let Ok(contents) = CanonicalContents::from_bytes(bytes) {
        assert_eq!(contents.to_bytes(), bytes);
        assert_eq!(CanonicalContents::from_json(&contents.to_json()).as_ref(), Ok(&contents));
    }
}

/// Questions to the rulebook: read or refused, never a panic.
pub fn questions(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = read_line(text);
    }
}

/// The NDC directory's files: rows or refusals, each with its line, and what a package row holds belongs to its product.
pub fn drug_directory(bytes: &[u8]) {
    const PRODUCTS: &[u8] =
        b"PRODUCTNDC\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tLABELERNAME\tSUBSTANCENAME\
        \tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tDEASCHEDULE\n";
    const PACKAGES: &[u8] = b"PRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\n";
    // As a whole file, and as rows below a first line that is in order.
    let products = [bytes.to_vec(), [PRODUCTS, bytes].concat()];
    for file in &products {
        let Ok(rows) = ndc::products(file, ndc::Limits::DEFAULT) else { continue };
        for row in rows {
            match row {
                Ok(row) => assert!(matches!(row.product.as_str().len(), 9 | 10)),
                Err(refused) => assert!(refused.line >= 2 && !refused.refusal.next.is_empty()),
            }
        }
    }
    let packages = [bytes.to_vec(), [PACKAGES, bytes].concat()];
    for file in &packages {
        let Ok(rows) = ndc::packages(file, ndc::Limits::DEFAULT) else { continue };
        for row in rows.flatten() {
            assert_eq!(row.package.product(), row.product);
            assert!(row.contained.is_none_or(|held| held.thousandths > 0 && !held.unit.is_empty()));
        }
    }
}

/// Registrant data: every line is a row or a refusal, and a row that was read is read again from what is printed of it.
pub fn registrant_files(bytes: &[u8]) {
    let mut reader = registrants::Reader::new(bytes);
    let mut answered = 0;
    while let Ok(Some(answer)) = reader.next_row() {
        answered += 1;
        let Ok(row) = answer else { continue };
        let mut line = Vec::new();
        registrants::print(&row, &mut line);
        let again = registrants::Reader::new(line.as_slice()).next_row();
        let Ok(Some(Ok(again))) = again else { panic!("a printed row is a row") };
        assert_eq!((again.number, again.expires, again.status), (row.number, row.expires, row.status));
    }
    let tally = reader.tally();
    assert_eq!((answered, tally.bytes), (tally.rows + tally.refused, bytes.len() as u64));
}

/// Reports to monitoring programmes: what is read is printed the same twice, and checked without a panic.
pub fn programme_reports(bytes: &[u8]) {
    if let Ok(file) = asap::read(bytes, asap::Limits { bytes: 1 << 20, segments: 10_000 }) {
        for version in asap::Version::ALL {
            let _ = asap::check(&file, *version, &asap::Profile::default());
        }
        let printed = asap::print(&file);
        let again = asap::read(&printed, asap::Limits::DEFAULT).expect("its own print is read");
        assert_eq!(asap::print(&again), printed);
    }
}

/// Orders of HL7 v2: read or refused, and what is refused names a place.
pub fn version_2_orders(bytes: &[u8]) {
    match hl7::orders(bytes) {
        Ok(orders) => {
            for order in orders {
                let _ = order.outcome.map(|order| order.lacks());
            }
        }
        Err(refusal) => assert!(refusal.field.is_some() || refusal.code.0 == "HL7-SIZE"),
    }
}
