//! A security key from registration to signature, and every way it can go wrong.
#![allow(clippy::expect_used)] // tests

mod common;

use common::{AAGUID, Holder, Key, ORIGIN, answer, party, person, signing};
use jiff::Timestamp;
use serde_json::json;
use theriac_model::Registration;
use theriac_pki::pass::{CredentialState, Expected};
use theriac_pki::webauthn::{
    Copies, Enrolled, NewCredential, Purpose, RegistrationRequest, RelyingParty, SigningTrust,
};
use theriac_pki::{Assertion, Challenge, Credential, Deployment, TokenKind, TokenRule, verify_assertion};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::people::{dea, registration};
use theriac_testkit::pki::{demo, demo_deployment};

const RX: [u8; 32] = [1; 32];

fn production() -> Deployment {
    Deployment::declared("production").expect("known")
}

fn enrolled(key: &mut Key) -> Enrolled {
    let new = key.registered();
    let (book, rule) = (key.book(), TokenRule::strictest());
    let model = SigningTrust { book: &book, notices: None, rule: &rule }.judge(&new, key.now).expect("approved");
    Enrolled::hardware(new, model).expect("made for signing")
}

fn credential(enrolled: &Enrolled) -> Credential {
    enrolled.credential(enrolled.counter, instant("2099-01-01T00:00:00Z"), CredentialState::Active)
}

fn verdict(credential: &Credential, challenge: &Challenge, assertion: &Assertion, at: Timestamp) -> &'static str {
    let expected = Expected {
        challenge,
        practitioner: &credential.practitioner,
        registration: &credential.registration,
        relying_party: "rx.example",
        origin: ORIGIN,
    };
    verify_assertion(credential, &expected, assertion, at, production()).map_or_else(|r| r.code.0, |_| "pass")
}

/// Requirements: epcs-1311.110-a, epcs-1311.110-b-intro-1, epcs-1311.110-b-intro-3, epcs-pre-8-biometric
#[test]
fn a_key_of_an_approved_model_is_enrolled_and_signs_in_production() {
    let mut key = Key::new();
    let enrolled = enrolled(&mut key);
    assert_eq!(enrolled.attestation.aaguid.to_string(), AAGUID);
    assert!(matches!(&enrolled.kind, TokenKind::Hard(model) if model.certificate() == "4242"));
    let credential = credential(&enrolled);
    let challenge = Challenge::new([9; 32], vec![RX], key.now);
    let touched = key.sign(&challenge.bytes(), &credential.id, Holder::TouchesOnly);
    assert_eq!(verdict(&credential, &challenge, &touched, key.now), "PKI-PASS-ONE-FACTOR");
    let assertion = key.sign(&challenge.bytes(), &credential.id, Holder::EntersPin);
    assert_eq!(verdict(&credential, &challenge, &assertion, key.now), "pass");
}

/// Requirements: epcs-1311.125-a-1
#[test]
fn an_answer_serves_its_own_challenge_once_and_the_counter_must_grow() {
    let mut key = Key::new();
    let enrolled = enrolled(&mut key);
    let mut credential = credential(&enrolled);
    let first = Challenge::new([9; 32], vec![RX], key.now);
    let assertion = key.sign(&first.bytes(), &credential.id, Holder::EntersPin);
    for other in [Challenge::new([8; 32], vec![RX], key.now), Challenge::new([9; 32], vec![[2; 32]], key.now)] {
        assert_eq!(verdict(&credential, &other, &assertion, key.now), "PKI-PASS-CHALLENGE");
    }
    assert_eq!(verdict(&credential, &first, &assertion, key.now), "pass");
    credential.counter = 1;
    assert_eq!(verdict(&credential, &first, &assertion, key.now), "PKI-PASS-REPLAY");
    let next = key.sign(&first.bytes(), &credential.id, Holder::EntersPin);
    assert_eq!(verdict(&credential, &first, &next, key.now), "pass");
    assert_eq!(verdict(&credential, &first, &next, after(key.now, 121)), "PKI-PASS-LAPSED");
}

/// Requirements: epcs-1311.110-d-1, epcs-1311.110-d-2
#[test]
fn one_key_holds_a_credential_for_each_registration_and_each_signs_its_own() {
    let mut key = Key::new();
    let (book, rule) = (key.book(), TokenRule::strictest());
    let trust = SigningTrust { book: &book, notices: None, rule: &rule };
    let registrations = [Registration::Own(dea(*b"BQ", 1)), Registration::Own(dea(*b"BQ", 2))];
    let mut handles = Vec::new();
    let both = registrations.each_ref().map(|each| {
        let request = RegistrationRequest::new([3; 32], person(), Purpose::Signing(each.clone()), key.now);
        handles.push(request.options(&party(), &[])["user"]["id"].clone());
        let answer = answer(&key.create(&request, &[], Holder::EntersPin));
        let new = request.verify(&party(), &[], &answer, key.now).expect("a good ceremony");
        Enrolled::hardware(new.clone(), trust.judge(&new, key.now).expect("approved")).expect("for signing")
    });
    assert_ne!(handles.first(), handles.last(), "a second registration must not overwrite the first on the token");
    let challenge = Challenge::new([9; 32], vec![RX], key.now);
    for (one, other) in [(&both[0], &both[1]), (&both[1], &both[0])] {
        let answer = key.sign(&challenge.bytes(), &one.id, Holder::EntersPin);
        let own = credential(one);
        assert_eq!(verdict(&own, &challenge, &answer, key.now), "pass");
        assert_eq!(verdict(&credential(other), &challenge, &answer, key.now), "PKI-PASS-OTHER-CREDENTIAL");
        let expected = Expected {
            challenge: &challenge,
            practitioner: &own.practitioner,
            registration: &other.registration,
            relying_party: "rx.example",
            origin: ORIGIN,
        };
        let refused = verify_assertion(&own, &expected, &answer, key.now, production()).expect_err("another one's");
        assert_eq!(refused.code.0, "PKI-PASS-REGISTRATION");
    }
}

/// Whether the ceremony is accepted after `change` to the browser's answer, or why not.
fn ceremony(key: &mut Key, holder: Holder, seconds: i64, change: impl FnOnce(&mut serde_json::Value)) -> &'static str {
    let request = signing(key.now);
    let mut made = key.create(&request, &[], holder);
    change(&mut made);
    let at = after(key.now, seconds);
    request.verify(&party(), &[], &answer(&made), at).map_or_else(|refusal| refusal.code.0, |_| "made")
}

#[test]
fn a_registration_must_answer_its_own_request_from_its_own_page_with_touch_and_pin() {
    let mut key = Key::new();
    for (seconds, expected) in
        [(-1, "PKI-REG-LAPSED"), (0, "made"), (299, "made"), (300, "made"), (301, "PKI-REG-LAPSED")]
    {
        assert_eq!(ceremony(&mut key, Holder::EntersPin, seconds, |_| ()), expected, "{seconds}");
    }
    assert_eq!(ceremony(&mut key, Holder::TouchesOnly, 0, |_| ()), "PKI-REG-ONE-FACTOR");
    let request = signing(key.now);
    let made = answer(&key.create(&request, &[], Holder::EntersPin));
    let verify = |request: &RegistrationRequest, party: &RelyingParty| {
        request.verify(party, &[], &made, key.now).map_or_else(|refusal| refusal.code.0, |_| "made")
    };
    assert_eq!(verify(&request, &party()), "made");
    let other_nonce = RegistrationRequest::new([4; 32], person(), request.purpose().clone(), key.now);
    assert_eq!(verify(&other_nonce, &party()), "PKI-REG-CHALLENGE");
    let sign_in = RegistrationRequest::new([3; 32], person(), Purpose::SignIn, key.now);
    assert_eq!(verify(&sign_in, &party()), "PKI-REG-CHALLENGE");
    let other_page = RelyingParty::new("Example", "rx.example", "https://rx.example:8443").expect("a site");
    assert_eq!(verify(&request, &other_page), "PKI-REG-ORIGIN");
    let other_site = RelyingParty::new("Example", "ry.example", "https://ry.example").expect("a site");
    assert_eq!(verify(&request, &other_site), "PKI-REG-ORIGIN");
    let again = request.verify(&party(), std::slice::from_ref(&made.credential), &made, key.now);
    assert_eq!(again.expect_err("twice").code.0, "PKI-REG-ALREADY");
}

/// A token's answer with the byte at `at` of its authenticator data changed.
fn changed(key: &mut Key, at: usize, to: u8) -> &'static str {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    ceremony(key, Holder::EntersPin, 0, |made| {
        let field = &mut made["response"]["attestationObject"];
        let mut bytes = URL_SAFE_NO_PAD.decode(field.as_str().expect("text")).expect("base64url");
        let party = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"rx.example");
        let begin = bytes.windows(32).position(|window| window == party.as_ref()).expect("the party's digest");
        *bytes.get_mut(begin + at).expect("a byte") = to;
        *field = json!(URL_SAFE_NO_PAD.encode(bytes));
    })
}

/// Requirements: epcs-1311.110-b-intro-2
#[test]
fn a_statement_changed_after_the_token_signed_it_is_refused() {
    let mut key = Key::new();
    assert_eq!(changed(&mut key, 32, 0x45), "made", "as it was");
    assert_eq!(changed(&mut key, 32, 0x44), "PKI-REG-NOT-PRESENT");
    assert_eq!(changed(&mut key, 32, 0x41), "PKI-REG-ONE-FACTOR");
    assert_eq!(changed(&mut key, 32, 0x4d), "PKI-REG-ATTESTATION", "a key that may be copied");
    assert_eq!(changed(&mut key, 36, 7), "PKI-REG-ATTESTATION", "another counter");
    assert_eq!(changed(&mut key, 40, 7), "PKI-REG-ATTESTATION", "another model");
}

fn judged(key: &Key, new: &NewCredential, changes: &[&str]) -> &'static str {
    let (book, rule) = (key.book_with(changes), TokenRule::strictest());
    let trust = SigningTrust { book: &book, notices: None, rule: &rule };
    trust.judge(new, key.now).map_or_else(|refusal| refusal.code.0, |_| "approved")
}

/// Requirements: epcs-1300.03-hard-token, epcs-1311.110-b-intro-1, epcs-1311.110-b-intro-2, epcs-1311.110-b-1,
/// epcs-1311.110-b-2, epcs-pre-8-biometric
#[test]
fn a_model_signs_only_if_the_list_says_so_and_its_key_stays_on_a_validated_device() {
    let mut key = Key::new();
    let new = key.registered();
    for (changes, expected) in [
        (&[][..], "approved"),
        (&["aaguid = \"01020304-0506-0708-0102-030405060708\""], "PKI-TOKEN-UNKNOWN-MODEL"),
        (&["allowed = \"refused\"\nreason = \"withdrawn by the maker\""], "PKI-TOKEN-NOT-ALLOWED"),
        (&["key = \"file\""], "PKI-TOKEN-NOT-HARDWARE"),
        (&["key = \"operating-system\""], "PKI-TOKEN-NOT-HARDWARE"),
        (&["key = \"server\""], "PKI-TOKEN-NOT-HARDWARE"),
        (&["key = \"device-exportable\""], "PKI-TOKEN-EXPORT"),
        (&["place = \"built-in\""], "PKI-TOKEN-BUILT-IN"),
        (&["opening = \"nothing\""], "PKI-TOKEN-UNOPENED"),
        (&["opening = \"biometric\""], "approved"),
        (&["opening = \"either\""], "approved"),
        (&["overall = 1"], "PKI-TOKEN-LEVEL"),
        (&["overall = 4"], "approved"),
        (&["physical = 2"], "PKI-TOKEN-PHYSICAL"),
        (&["status = \"historical\"", "standard = \"140-2\""], "approved"),
        (&["status = \"revoked\""], "PKI-TOKEN-WITHDRAWN"),
    ] {
        assert_eq!(judged(&key, &new, changes), expected, "{changes:?}");
    }
    let text = key.book_text(&[]);
    let without = text.split("[model.validation]").next().expect("text");
    let book = theriac_pki::metadata::ModelBook::from_toml(without).expect("a list");
    let rule = TokenRule::strictest();
    let refused = SigningTrust { book: &book, notices: None, rule: &rule }.judge(&new, key.now);
    assert_eq!(refused.expect_err("no validation").code.0, "PKI-TOKEN-UNVALIDATED");
}

/// Requirements: epcs-1311.110-b-1, epcs-1311.110-b-2
#[test]
fn the_rule_in_force_asks_for_level_1_and_nothing_physical() {
    let mut key = Key::new();
    let new = key.registered();
    let book = key.book_with(&["overall = 1", "physical = 1"]);
    let (strict, in_force) = (TokenRule::strictest(), TokenRule::in_force());
    let judge = |rule| SigningTrust { book: &book, notices: None, rule }.judge(&new, key.now);
    let refused = judge(&strict).expect_err("level 1");
    assert_eq!((refused.code.0, refused.edition.to_string().as_str()), ("PKI-TOKEN-LEVEL", "proposed-2008"));
    assert_eq!(judge(&in_force).map(|model| model.overall()), Ok(1));
}

#[test]
fn a_list_of_models_holds_from_its_issue_to_its_day_of_review() {
    let mut key = Key::new();
    let new = key.registered();
    let today = key.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(jiff::Span::new().days(days)).expect("a day");
    for (issued, review_by, expected) in [
        (day(-9), day(-1), "PKI-MODELS-EXPIRED"),
        (day(-9), day(0), "approved"),
        (day(0), day(9), "approved"),
        (day(1), day(9), "PKI-MODELS-EXPIRED"),
    ] {
        let changes = [format!("issued = \"{issued}\""), format!("review-by = \"{review_by}\"")];
        assert_eq!(judged(&key, &new, &changes.each_ref().map(String::as_str)), expected, "{issued} {review_by}");
    }
}

#[test]
fn a_make_that_is_not_proved_by_the_makers_root_is_refused() {
    let mut key = Key::new();
    let new = key.registered();
    let stranger = Key::new();
    let root = format!("roots = [\"\"\"\n{}\"\"\"]", stranger.root.pem());
    assert_eq!(judged(&key, &new, &[&root]), "PKI-TOKEN-CHAIN");
    let leaf = new.attestation.chain.first().expect("a certificate");
    let itself = format!("roots = [\"\"\"\n{}\"\"\"]", leaf.pem());
    assert_eq!(judged(&key, &new, &[&itself]), "approved", "a maker may publish the certificate itself");
    let mut unproved = new.clone();
    unproved.attestation.chain.clear();
    assert_eq!(judged(&key, &unproved, &[]), "PKI-TOKEN-UNATTESTED");
    let copied = NewCredential { copies: Copies::Possible, ..new.clone() };
    assert_eq!(judged(&key, &copied, &[]), "PKI-TOKEN-EXPORT");
    let sign_in = NewCredential { purpose: Purpose::SignIn, ..new.clone() };
    assert_eq!(judged(&key, &sign_in, &[]), "PKI-TOKEN-PURPOSE");
    let (book, rule) = (key.book_with(&["review-by = \"2099-01-01\""]), TokenRule::strictest());
    let late = after(key.now, 40 * 24 * 3600);
    let refused = SigningTrust { book: &book, notices: None, rule: &rule }.judge(&new, late);
    assert_eq!(refused.expect_err("the maker's root has run out").code.0, "PKI-TOKEN-CHAIN");
}

/// Requirements: epcs-1300.03-hard-token
#[test]
fn in_a_demonstration_any_token_serves_and_production_refuses_it() {
    let mut key = Key::new();
    let enrolled = Enrolled::in_demonstration(key.registered(), demo()).expect("made for signing");
    let credential = credential(&enrolled);
    let challenge = Challenge::new([9; 32], vec![RX], key.now);
    let assertion = key.sign(&challenge.bytes(), &credential.id, Holder::EntersPin);
    assert_eq!(verdict(&credential, &challenge, &assertion, key.now), "PKI-PASS-SOFT-TOKEN");
    let expected = Expected {
        challenge: &challenge,
        practitioner: &credential.practitioner,
        registration: &registration(),
        relying_party: "rx.example",
        origin: ORIGIN,
    };
    verify_assertion(&credential, &expected, &assertion, key.now, demo_deployment()).expect("a demonstration");
}

#[test]
fn the_daily_check_finds_a_model_that_was_taken_off_the_list() {
    let mut key = Key::new();
    let enrolled = enrolled(&mut key);
    let rule = TokenRule::strictest();
    let recheck = |changes: &[&str]| {
        let book = key.book_with(changes);
        let trust = SigningTrust { book: &book, notices: None, rule: &rule };
        trust.recheck(&enrolled, key.now).map_or_else(|refusal| refusal.code.0, |()| "serves")
    };
    assert_eq!(recheck(&[]), "serves");
    assert_eq!(recheck(&["allowed = \"refused\"\nreason = \"recalled\""]), "PKI-TOKEN-NOT-ALLOWED");
    assert_eq!(recheck(&["status = \"revoked\""]), "PKI-TOKEN-WITHDRAWN");
}

#[test]
fn an_enrolled_key_is_read_back_from_its_stored_form() {
    let mut key = Key::new();
    let enrolled = enrolled(&mut key);
    assert_eq!(Enrolled::from_bytes(&enrolled.to_bytes()), Ok(enrolled));
}
