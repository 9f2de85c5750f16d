//! Signing in: passkeys, or a password and a code; and that neither signs a prescription.
#![allow(clippy::expect_used)] // tests

mod common;

use common::{Holder, Key, ORIGIN, answer, party, person};
use jiff::Timestamp;
use serde_json::json;
use theriac_pki::otp::{DeviceState, Digits, Hash, Moving, Scheme, Seed, code};
use theriac_pki::pass::{CredentialState, Expected};
use theriac_pki::password::{self, PasswordRecord};
use theriac_pki::signin::{self, Method, Passkey, SignInChallenge};
use theriac_pki::webauthn::{Enrolled, Purpose, RegistrationRequest, RelyingParty};
use theriac_pki::{Assertion, Challenge, Password, verify_assertion};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::now;
use theriac_testkit::pki::{demo, demo_deployment};

fn passkey(key: &mut Key) -> Passkey {
    let request = RegistrationRequest::new([5; 32], person(), Purpose::SignIn, key.now);
    let answer = answer(&key.create(&request, &[], Holder::EntersPin));
    let new = request.verify(&party(), &[], &answer, key.now).expect("a good ceremony");
    Passkey::new(new).expect("made for signing in")
}

fn verdict(passkey: &Passkey, challenge: &SignInChallenge, assertion: &Assertion, at: Timestamp) -> &'static str {
    passkey.verify(challenge, &party(), assertion, at).map_or_else(|refusal| refusal.code.0, |_| "in")
}

#[test]
fn a_passkey_with_pin_signs_its_person_in_once() {
    let mut key = Key::new();
    let mut passkey = passkey(&mut key);
    let challenge = SignInChallenge::new([9; 32], key.now);
    let touched = key.sign(&challenge.bytes(), &passkey.id, Holder::TouchesOnly);
    assert_eq!(verdict(&passkey, &challenge, &touched, key.now), "PKI-SIGNIN-ONE-FACTOR");
    let assertion = key.sign(&challenge.bytes(), &passkey.id, Holder::EntersPin);
    for (seconds, expected) in [(-1, "PKI-SIGNIN-LAPSED"), (0, "in"), (120, "in"), (121, "PKI-SIGNIN-LAPSED")] {
        assert_eq!(verdict(&passkey, &challenge, &assertion, after(key.now, seconds)), expected, "{seconds}");
    }
    let (proof, counter) = passkey.verify(&challenge, &party(), &assertion, key.now).expect("in");
    assert_eq!((proof.person(), proof.method(), proof.at()), (&person(), Method::Passkey, key.now));
    passkey.counter = counter;
    assert_eq!(verdict(&passkey, &challenge, &assertion, key.now), "PKI-SIGNIN-REPLAY");
    let other = SignInChallenge::new([8; 32], key.now);
    assert_eq!(verdict(&passkey, &other, &assertion, key.now), "PKI-SIGNIN-CHALLENGE");
    let elsewhere = RelyingParty::new("Example", "rx.example", "https://rx.example:8443").expect("a site");
    let refused = passkey.verify(&challenge, &elsewhere, &assertion, key.now).expect_err("another page");
    assert_eq!(refused.code.0, "PKI-SIGNIN-ORIGIN");
    let stranger = self::passkey(&mut Key::new());
    assert_eq!(verdict(&stranger, &challenge, &assertion, key.now), "PKI-SIGNIN-OTHER");
    let forged = Assertion { signature: vec![1; 70], ..assertion };
    assert_eq!(verdict(&Passkey { counter: 0, ..passkey }, &challenge, &forged, key.now), "PKI-SIGNIN-SIGNATURE");
}

#[test]
fn a_key_for_signing_in_signs_no_prescription_and_a_key_for_prescriptions_opens_no_session() {
    let mut key = Key::new();
    let request = RegistrationRequest::new([5; 32], person(), Purpose::SignIn, key.now);
    let answer = answer(&key.create(&request, &[], Holder::EntersPin));
    let new = request.verify(&party(), &[], &answer, key.now).expect("a good ceremony");
    assert_eq!(Enrolled::in_demonstration(new, demo()).expect_err("for signing in").code.0, "PKI-TOKEN-PURPOSE");
    let signing = key.registered();
    assert_eq!(Passkey::new(signing.clone()).expect_err("for signing").code.0, "PKI-SIGNIN-PURPOSE");
    // Even the same 32 random bytes make different challenges.
    let sign_in = SignInChallenge::new([9; 32], key.now);
    let assertion = key.sign(&sign_in.bytes(), &signing.id, Holder::EntersPin);
    let enrolled = Enrolled::in_demonstration(signing, demo()).expect("for signing");
    let credential = enrolled.credential(0, instant("2099-01-01T00:00:00Z"), CredentialState::Active);
    let challenge = Challenge::new([9; 32], vec![], key.now);
    let expected = Expected {
        challenge: &challenge,
        practitioner: &credential.practitioner,
        registration: &credential.registration,
        relying_party: "rx.example",
        origin: ORIGIN,
    };
    let refused = verify_assertion(&credential, &expected, &assertion, key.now, demo_deployment());
    assert_eq!(refused.expect_err("an answer to a sign-in").code.0, "PKI-PASS-CHALLENGE");
}

#[test]
fn a_passkey_is_asked_for_without_its_make_and_may_be_of_any() {
    let request = RegistrationRequest::new([5; 32], person(), Purpose::SignIn, now());
    let options = request.options(&party(), &[]);
    assert_eq!(options["attestation"], json!("none"));
    assert_eq!(options["authenticatorSelection"]["userVerification"], json!("required"));
    assert!(options["authenticatorSelection"].get("authenticatorAttachment").is_none());
    let signing = common::signing(now()).options(&party(), &[]);
    assert_eq!(signing["attestation"], json!("direct"));
    assert_eq!(signing["authenticatorSelection"]["authenticatorAttachment"], json!("cross-platform"));
    assert_ne!(signing["user"]["id"], options["user"]["id"]);
}

#[test]
fn a_password_and_a_code_of_the_same_sign_in_open_a_session() {
    let scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Clock { period: 30 } };
    let seed = Seed::new(b"12345678901234567890".to_vec()).expect("a seed");
    let password = Password::new("four brown owls!");
    let hash = password::accept(&password, &person(), &[]).expect("accepted");
    let record = PasswordRecord::new(person(), hash);
    let proof = record.check(&password, now()).1.expect("right");
    let shown = |at: Timestamp| code(&seed, scheme, scheme.step(at).expect("a step"));
    let state = DeviceState::new(0);
    let try_it = |seconds: i64, shown: &str| {
        let (state, found) = signin::with_code(&proof, state, scheme, &seed, shown, after(now(), seconds));
        (state, found.map(|signed_in| (signed_in.person().clone(), signed_in.method())).map_err(|r| r.code.0))
    };
    let good = Ok((person(), Method::PasswordAndCode));
    assert_eq!(try_it(0, &shown(now())).1, good);
    assert_eq!(try_it(120, &shown(after(now(), 120))).1, good);
    assert_eq!(try_it(121, &shown(after(now(), 121))), (state, Err("PKI-SIGNIN-LAPSED")));
    let (failed, refused) = try_it(0, "000000");
    assert_eq!((failed.throttle().failures(), refused), (1, Err("PKI-CODE-WRONG")));
}

#[test]
fn the_stored_form_of_a_passkey_never_changes() {
    let golden = include_str!("golden/passkey-1.json").trim_end();
    let value = serde_json::from_str(golden).expect("JSON");
    let passkey = Passkey::from_json(&value).expect("a passkey");
    assert_eq!((passkey.person.as_str(), passkey.counter, passkey.transports.len()), ("dr-quill", 3, 2));
    let written = theriac_model::json::canonical(&passkey.to_json()).expect("canonical");
    assert_eq!(String::from_utf8_lossy(&written), golden);
    let mut other = value.clone();
    other["version"] = json!(2);
    assert!(Passkey::from_json(&other).is_err());
}
