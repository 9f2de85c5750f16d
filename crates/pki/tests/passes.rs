//! Two factors, one practitioner, one registration, one challenge, two minutes.
#![allow(clippy::expect_used)] // tests

use theriac_model::Registration;
use theriac_pki::pass::ValidatedModel;
use theriac_pki::{
    Assertion, Challenge, Credential, CredentialState, Deployment, Expected, Gesture, PractitionerId, SoftToken,
    SystemKey, TokenKind, client_data, verify_assertion,
};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::people::dea;
use theriac_testkit::pki::{demo, demo_deployment};
use theriac_testkit::token::{ORIGIN, PIN, RELYING_PARTY};
use theriac_testkit::{TestToken, now};

const RX: [u8; 32] = [1; 32];

fn challenge() -> Challenge {
    Challenge::new([9; 32], vec![RX], now())
}

fn outcome(credential: &Credential, expected: &Expected<'_>, assertion: &Assertion, seconds: i64) -> &'static str {
    verdict(credential, expected, assertion, seconds, demo_deployment())
}

fn verdict(
    credential: &Credential,
    expected: &Expected<'_>,
    assertion: &Assertion,
    seconds: i64,
    deployment: Deployment,
) -> &'static str {
    match verify_assertion(credential, expected, assertion, after(now(), seconds), deployment) {
        Ok(_) => "pass",
        Err(refusal) => refusal.code.0,
    }
}

/// Requirements: epcs-1311.110-a, epcs-1311.125-a-1
#[test]
fn token_and_pin_together_make_a_pass_that_says_for_whom_and_for_what() {
    let mut holder = TestToken::new("dr-quill");
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    let at = after(now(), 5);
    let pass = verify_assertion(&holder.credential, &holder.expected(&challenge), &assertion, at, demo_deployment())
        .expect("both factors");
    assert_eq!(pass.practitioner().as_str(), "dr-quill");
    assert_eq!(pass.registration(), &holder.credential.registration);
    assert_eq!((pass.credential(), pass.counter(), pass.at()), (&holder.credential.id, 1, at));
    assert_eq!(pass.challenge(), &challenge);
    assert_eq!(pass.token(), &TokenKind::Soft);
}

/// Requirements: epcs-1311.110-a, epcs-1311.110-b-intro-1
#[test]
fn the_token_alone_or_with_a_wrong_pin_is_not_enough() {
    let mut holder = TestToken::new("dr-quill");
    let challenge = challenge();
    let id = holder.credential.id.clone();
    let touched = holder.token.answer(&id, &challenge, RELYING_PARTY, ORIGIN, Gesture::Touch).expect("an answer");
    assert_eq!(outcome(&holder.credential, &holder.expected(&challenge), &touched, 0), "PKI-PASS-ONE-FACTOR");
    let wrong = holder.token.answer(&id, &challenge, RELYING_PARTY, ORIGIN, Gesture::Pin("246811"));
    assert_eq!(wrong.expect_err("wrong PIN").code.0, "PKI-PASS-PIN");
    let mut absent = holder.answer(&challenge);
    if let Some(flags) = absent.authenticator_data.get_mut(32) {
        *flags = 0x04;
    }
    assert_eq!(outcome(&holder.credential, &holder.expected(&challenge), &absent, 0), "PKI-PASS-NOT-PRESENT");
    let mut claimed = touched;
    if let Some(flags) = claimed.authenticator_data.get_mut(32) {
        *flags |= 0x04;
    }
    assert_eq!(outcome(&holder.credential, &holder.expected(&challenge), &claimed, 0), "PKI-PASS-SIGNATURE");
}

#[test]
fn eight_wrong_pins_in_a_row_lock_the_token_for_good() {
    let mut holder = TestToken::new("dr-quill");
    let (challenge, id) = (challenge(), holder.credential.id.clone());
    let mut try_pin = |pin| {
        let answer = holder.token.answer(&id, &challenge, RELYING_PARTY, ORIGIN, Gesture::Pin(pin));
        answer.map_or_else(|refusal| refusal.code.0, |_| "answer")
    };
    for _ in 0..7 {
        assert_eq!(try_pin("000000"), "PKI-PASS-PIN");
    }
    assert_eq!(try_pin(PIN), "answer");
    for _ in 0..8 {
        assert_eq!(try_pin("000000"), "PKI-PASS-PIN");
    }
    assert_eq!(try_pin(PIN), "PKI-PASS-LOCKED");
    assert_eq!(SoftToken::new("12345", demo()).expect_err("short").code.0, "PKI-PASS-SHORT-PIN");
}

/// Requirements: epcs-1311.110-d-1
#[test]
fn a_credential_signs_under_its_own_registration_only() {
    let mut holder = TestToken::new("dr-quill");
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    let other = Registration::Own(dea(*b"BQ", 111_111));
    let expected = Expected { registration: &other, ..holder.expected(&challenge) };
    assert_eq!(outcome(&holder.credential, &expected, &assertion, 0), "PKI-PASS-REGISTRATION");
    let code = Registration::Institutional { number: other.number().expect("a number"), internal_code: "7".to_owned() };
    let expected = Expected { registration: &code, ..holder.expected(&challenge) };
    assert_eq!(outcome(&holder.credential, &expected, &assertion, 0), "PKI-PASS-REGISTRATION");
    assert_eq!(outcome(&holder.credential, &holder.expected(&challenge), &assertion, 0), "pass");
}

/// Requirements: epcs-1311.110-d-2
#[test]
fn one_token_holds_credentials_for_several_registrations_and_losing_one_leaves_the_other() {
    let mut token = SoftToken::new(PIN, demo()).expect("a token");
    let who = PractitionerId::parse("dr-quill").expect("an identifier");
    let expires = instant("2028-01-01T05:00:00Z");
    let registrations = [Registration::Own(dea(*b"BQ", 1)), Registration::Own(dea(*b"BQ", 2))];
    let mut credentials = registrations.each_ref().map(|each| token.enrol(&who, each, expires).expect("enrolled"));
    if let Some(first) = credentials.first_mut() {
        first.state = CredentialState::Revoked { at: now() };
    }
    let challenge = challenge();
    for (credential, own, verdict) in
        credentials.iter().zip(&registrations).zip(["PKI-PASS-REVOKED", "pass"]).map(|((c, r), v)| (c, r, v))
    {
        let answer =
            token.answer(&credential.id, &challenge, RELYING_PARTY, ORIGIN, Gesture::Pin(PIN)).expect("answers");
        let expected = Expected {
            challenge: &challenge,
            practitioner: &who,
            registration: own,
            relying_party: RELYING_PARTY,
            origin: ORIGIN,
        };
        assert_eq!(outcome(credential, &expected, &answer, 0), verdict);
    }
}

/// Requirements: epcs-1311.110-e, epcs-1311.135-b
#[test]
fn a_credential_ends_at_the_start_of_the_day_its_registration_expires() {
    let mut holder = TestToken::new("dr-quill");
    holder.credential.expires = after(now(), 60);
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    for (seconds, expected) in [(59, "pass"), (60, "PKI-PASS-EXPIRED"), (61, "PKI-PASS-EXPIRED")] {
        assert_eq!(
            outcome(&holder.credential, &holder.expected(&challenge), &assertion, seconds),
            expected,
            "{seconds}"
        );
    }
}

/// Requirements: epcs-1311.135-a
#[test]
fn a_revoked_credential_is_refused_from_the_instant_of_revocation() {
    let mut holder = TestToken::new("dr-quill");
    holder.credential.state = CredentialState::Revoked { at: after(now(), 10) };
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    for (seconds, expected) in [(9, "pass"), (10, "PKI-PASS-REVOKED"), (100, "PKI-PASS-REVOKED")] {
        assert_eq!(
            outcome(&holder.credential, &holder.expected(&challenge), &assertion, seconds),
            expected,
            "{seconds}"
        );
    }
}

/// Requirements: epcs-1311.125-d-1
#[test]
fn only_the_practitioner_on_the_prescription_passes() {
    let mut holder = TestToken::new("dr-quill");
    let other = PractitionerId::parse("dr-other").expect("an identifier");
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    let expected = Expected { practitioner: &other, ..holder.expected(&challenge) };
    assert_eq!(outcome(&holder.credential, &expected, &assertion, 0), "PKI-PASS-OTHER-PERSON");
}

/// Requirements: epcs-1311.125-a-1
#[test]
fn an_answer_serves_its_own_challenge_once() {
    let mut holder = TestToken::new("dr-quill");
    let first = challenge();
    let assertion = holder.answer(&first);
    for second in [Challenge::new([8; 32], vec![RX], now()), Challenge::new([9; 32], vec![RX, [2; 32]], now())] {
        assert_eq!(outcome(&holder.credential, &holder.expected(&second), &assertion, 0), "PKI-PASS-CHALLENGE");
    }
    assert_eq!(outcome(&holder.credential, &holder.expected(&first), &assertion, 0), "pass");
    holder.credential.counter = 1;
    assert_eq!(outcome(&holder.credential, &holder.expected(&first), &assertion, 0), "PKI-PASS-REPLAY");
}

/// Requirements: epcs-1311.110-c
#[test]
fn a_challenge_and_a_pass_lapse_after_two_minutes() {
    let mut holder = TestToken::new("dr-quill");
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    let expected = holder.expected(&challenge);
    for (seconds, verdict) in
        [(-1, "PKI-PASS-LAPSED"), (0, "pass"), (115, "pass"), (120, "pass"), (121, "PKI-PASS-LAPSED")]
    {
        assert_eq!(outcome(&holder.credential, &expected, &assertion, seconds), verdict, "{seconds}");
    }
    let pass = holder.pass(RX, now());
    let allows = |digest: &[u8; 32], seconds| pass.allows(digest, after(now(), seconds)).map_err(|r| r.code.0);
    for (seconds, verdict) in [(0, Ok(())), (115, Ok(())), (120, Ok(())), (121, Err("PKI-PASS-LAPSED"))] {
        assert_eq!(allows(&RX, seconds), verdict, "{seconds}");
    }
    assert_eq!(allows(&[2; 32], 0), Err("PKI-PASS-OTHER-CONTENT"));
}

/// Requirements: epcs-1300.03-hard-token
#[test]
fn production_refuses_a_token_in_software_and_takes_a_validated_one() {
    let mut holder = TestToken::new("dr-quill");
    let production = Deployment::declared("production").expect("known");
    let challenge = challenge();
    let assertion = holder.answer(&challenge);
    let refused = verdict(&holder.credential, &holder.expected(&challenge), &assertion, 0, production);
    assert_eq!(refused, "PKI-PASS-SOFT-TOKEN");
    holder.credential.kind = TokenKind::Hard(ValidatedModel::new("Key 5", "4242", 2, 3).expect("validated"));
    assert_eq!(verdict(&holder.credential, &holder.expected(&challenge), &assertion, 0, production), "pass");
}

/// Requirements: epcs-1311.110-b-1, epcs-1311.110-b-2
#[test]
fn a_token_model_needs_level_2_overall_and_level_3_physical() {
    let check = |certificate: &str, overall, physical| {
        ValidatedModel::new("Key 5", certificate, overall, physical).map_or_else(|r| r.code.0, |_| "fits")
    };
    assert_eq!(check("4242", 2, 3), "fits");
    assert_eq!(check("4242", 4, 4), "fits");
    assert_eq!(check("", 2, 3), "PKI-TOKEN-UNVALIDATED");
    assert_eq!(check("4242", 1, 3), "PKI-TOKEN-LEVEL");
    assert_eq!(check("4242", 5, 3), "PKI-TOKEN-LEVEL");
    assert_eq!(check("4242", 2, 2), "PKI-TOKEN-PHYSICAL");
    let model = ValidatedModel::new("Key 5", "4242", 2, 3).expect("fits");
    assert_eq!((model.model(), model.certificate(), model.overall(), model.physical()), ("Key 5", "4242", 2, 3));
}

/// Requirements: epcs-1311.110-b-intro-2
#[test]
fn a_hard_token_that_says_its_key_may_be_copied_is_refused_at_signing() {
    let digest = |bytes: &[u8]| aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec();
    let holder = TestToken::new("dr-quill");
    let (key, challenge) = (SystemKey::generate().expect("a key"), challenge());
    let model = ValidatedModel::new("Key 5", "4242", 2, 3).expect("validated");
    let credential = Credential { key: *key.public_key(), kind: TokenKind::Hard(model), ..holder.credential.clone() };
    let client_data = client_data(&challenge, ORIGIN);
    for (flags, expected) in [(0x05, "pass"), (0x0d, "PKI-PASS-SYNCED"), (0x1d, "PKI-PASS-SYNCED")] {
        let data = [digest(RELYING_PARTY.as_bytes()), vec![flags], vec![0, 0, 0, 1]].concat();
        let signed = [data.clone(), digest(&client_data)].concat();
        let assertion = Assertion {
            credential: credential.id.clone(),
            authenticator_data: data,
            client_data: client_data.clone(),
            signature: key.sign(&signed).expect("a signature").as_ref().to_vec(),
        };
        let production = Deployment::declared("production").expect("known");
        assert_eq!(
            verdict(&credential, &holder.expected(&challenge), &assertion, 0, production),
            expected,
            "{flags:#x}"
        );
    }
}

#[test]
fn answers_for_another_site_by_another_key_or_in_another_form_are_refused() {
    let mut holder = TestToken::new("dr-quill");
    let challenge = challenge();
    let id = holder.credential.id.clone();
    let mut elsewhere = |party: &str, origin: &str| {
        holder.token.answer(&id, &challenge, party, origin, Gesture::Pin(PIN)).expect("answers")
    };
    let phished = elsewhere(RELYING_PARTY, "https://evil.example");
    let other_party = elsewhere("evil.example", ORIGIN);
    let good = elsewhere(RELYING_PARTY, ORIGIN);
    let expected = holder.expected(&challenge);
    let check = |credential: &Credential, assertion: &Assertion| outcome(credential, &expected, assertion, 0);
    assert_eq!(check(&holder.credential, &phished), "PKI-PASS-ORIGIN");
    assert_eq!(check(&holder.credential, &other_party), "PKI-PASS-ORIGIN");
    let stranger = SystemKey::generate().expect("a key");
    let cloned = Credential { key: *stranger.public_key(), ..holder.credential.clone() };
    assert_eq!(check(&cloned, &good), "PKI-PASS-SIGNATURE");
    let broken = [
        Assertion { client_data: b"{}".to_vec(), ..good.clone() },
        Assertion { client_data: b"not json".to_vec(), ..good.clone() },
        Assertion { client_data: vec![b' '; 5000], ..good.clone() },
        Assertion { authenticator_data: vec![0; 36], ..good.clone() },
        Assertion { authenticator_data: vec![0; 1025], ..good.clone() },
        Assertion {
            client_data: String::from_utf8_lossy(&good.client_data).replace("webauthn.get", "webauthn.create").into(),
            ..good.clone()
        },
    ];
    for assertion in &broken {
        assert_eq!(check(&holder.credential, assertion), "PKI-PASS-UNREADABLE");
    }
    let other = TestToken::new("dr-quill");
    let crossed = Assertion { credential: other.credential.id, ..good.clone() };
    assert_eq!(check(&holder.credential, &crossed), "PKI-PASS-OTHER-CREDENTIAL");
    assert_eq!(check(&holder.credential, &good), "pass");
}
