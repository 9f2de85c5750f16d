//! One-time-password devices at signing: both factors, once, for this request.
#![allow(clippy::expect_used)] // tests

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::Value;
use theriac_model::Registration;
use theriac_pki::assurance::Guideline;
use theriac_pki::metadata::{ModelBook, Opening};
use theriac_pki::otp::{
    Accepted, Beside, CodeAnswer, CodeCredential, DeviceId, DeviceState, Digits, Hash, Holder, Moving, Scheme, Seed,
    Terms, code,
};
use theriac_pki::pass::{CredentialState, Expected, Factors, PractitionerId};
use theriac_pki::password::{self, PasswordProof, PasswordRecord};
use theriac_pki::{Challenge, Deployment, Password, TokenKind, TokenRule};
use theriac_testkit::clock::{after, instant};
use theriac_testkit::now;
use theriac_testkit::people::{dea, registration};
use theriac_testkit::pki::{demo, demo_deployment};

const RX: [u8; 32] = [1; 32];
const TODAY: Date = date(2026, 3, 2);
const CLOCK: Scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Clock { period: 30 } };
const PRESSES: Scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Presses };

fn seed() -> Seed {
    Seed::new(b"12345678901234567890".to_vec()).expect("a seed")
}

fn person() -> PractitionerId {
    PractitionerId::parse("dr-quill").expect("an identifier")
}

fn device() -> DeviceId {
    DeviceId::new("Example Maker", "C100", "0001").expect("a device")
}

fn book(change: (&str, &str)) -> ModelBook {
    let text = "version = 1\nissued = \"2026-01-01\"\nreview-by = \"2026-12-31\"\n[[model]]\nmaker = \"Example Maker\"\n\
        model = \"C100\"\ntitle = \"Example C100\"\nkey = \"device\"\nplace = \"separate\"\nopening = \"password\"\n\
        allowed = \"signing\"\n[model.validation]\ncertificate = \"4243\"\nstandard = \"140-3\"\noverall = 2\nphysical = 3\n\
        status = \"active\"\nlooked-up = \"2026-01-01\"\n";
    assert!(text.contains(change.0), "{change:?}");
    ModelBook::from_toml(&text.replace(change.0, change.1)).expect("a list")
}

fn enrolled(scheme: Scheme, change: (&str, &str), rule: &TokenRule) -> Result<CodeCredential, &'static str> {
    let (person, registration) = (person(), registration());
    let holder = Holder {
        practitioner: &person,
        registration: &registration,
        expires: instant("2028-01-01T05:00:00Z"),
        held_by: None,
    };
    CodeCredential::enrol(&device(), scheme, &holder, &book(change), rule, TODAY).map_err(|refusal| refusal.code.0)
}

fn good(scheme: Scheme) -> CodeCredential {
    enrolled(scheme, ("C100", "C100"), &TokenRule::strictest()).expect("approved")
}

fn production() -> Deployment {
    Deployment::declared("production").expect("known")
}

struct Try<'a> {
    credential: &'a CodeCredential,
    challenge: Challenge,
    registration: Registration,
    person: PractitionerId,
    rule: TokenRule,
}

impl<'a> Try<'a> {
    fn of(credential: &'a CodeCredential) -> Self {
        Self {
            credential,
            challenge: Challenge::new([9; 32], vec![RX], now()),
            registration: registration(),
            person: person(),
            rule: TokenRule::strictest(),
        }
    }

    fn code(&self, state: DeviceState, code: &str, beside: Beside, at: Timestamp) -> Accepted {
        let expected = Expected {
            challenge: &self.challenge,
            practitioner: &self.person,
            registration: &self.registration,
            relying_party: "localhost",
            origin: "https://localhost",
        };
        let terms = Terms { rule: &self.rule, deployment: production() };
        self.credential.verify(state, &seed(), &expected, &CodeAnswer { code, beside }, &terms, at)
    }

    fn verdict(&self, state: DeviceState, code: &str, at: Timestamp) -> (&'static str, DeviceState) {
        let accepted = self.code(state, code, Beside::Nothing, at);
        (accepted.result.map_or_else(|refusal| refusal.code.0, |_| "pass"), accepted.state)
    }
}

fn shown(at: Timestamp) -> String {
    code(&seed(), CLOCK, CLOCK.step(at).expect("a step"))
}

/// Requirements: epcs-1311.110-a, epcs-1311.110-b-intro-3
#[test]
fn a_code_of_a_device_that_asks_for_a_pin_is_both_factors() {
    let credential = good(CLOCK);
    assert!(matches!(&credential.kind, TokenKind::Hard(model) if model.certificate() == "4243"));
    let accepted = Try::of(&credential).code(DeviceState::new(0), &shown(now()), Beside::Nothing, now());
    let pass = accepted.result.expect("both factors");
    assert_eq!(pass.factors(), Factors::OpenedCodeDevice);
    assert_eq!((pass.practitioner(), pass.registration()), (&person(), &registration()));
    assert!(pass.allows(&RX, now()).is_ok());
    assert_eq!(pass.allows(&[2; 32], now()).expect_err("other contents").code.0, "PKI-PASS-OTHER-CONTENT");
}

/// Requirements: epcs-1311.110-b-intro-3, epcs-1311.110-b-1, epcs-1311.110-b-2, epcs-1300.03-hard-token
#[test]
fn a_device_that_anybody_can_use_or_that_is_not_validated_cannot_be_enrolled() {
    let check = |from, to, expected: &str| {
        let found = enrolled(CLOCK, (from, to), &TokenRule::strictest());
        assert_eq!(found.map_or_else(|code| code, |_| "enrolled"), expected, "{to}");
    };
    check("C100", "C100", "enrolled");
    check("opening = \"password\"", "opening = \"biometric\"", "enrolled");
    check("opening = \"password\"", "opening = \"nothing\"", "PKI-TOKEN-UNOPENED");
    check("overall = 2", "overall = 1", "PKI-TOKEN-LEVEL");
    check("physical = 3", "physical = 2", "PKI-TOKEN-PHYSICAL");
    check("key = \"device\"", "key = \"file\"", "PKI-TOKEN-NOT-HARDWARE");
    check("model = \"C100\"", "model = \"C200\"", "PKI-TOKEN-UNKNOWN-MODEL");
    check("2026-12-31", "2026-03-01", "PKI-MODELS-EXPIRED");
}

/// Requirements: epcs-1311.08-a-4
#[test]
fn a_deployment_that_follows_the_guidelines_later_revision_enrols_no_code_device() {
    let later = TokenRule { guideline: Some(Guideline::Revision4), ..TokenRule::strictest() };
    let found = enrolled(CLOCK, ("C100", "C100"), &later);
    assert_eq!(found.expect_err("codes can be phished"), "PKI-TOKEN-ASSURANCE");
}

/// Requirements: epcs-pre-8-unique-signer
#[test]
fn two_people_never_share_a_device() {
    let (registration, person) = (registration(), person());
    let other = PractitionerId::parse("dr-other").expect("an identifier");
    let expires = instant("2028-01-01T05:00:00Z");
    let check = |held_by: Option<&PractitionerId>, expected: &str| {
        let holder = Holder { practitioner: &person, registration: &registration, expires, held_by };
        let (book, rule) = (book(("C100", "C100")), TokenRule::strictest());
        let found = CodeCredential::enrol(&device(), CLOCK, &holder, &book, &rule, TODAY);
        assert_eq!(found.map_or_else(|refusal| refusal.code.0, |_| "enrolled"), expected);
        let demo = CodeCredential::in_demonstration(&device(), CLOCK, &holder, demo());
        assert_eq!(demo.map_or_else(|refusal| refusal.code.0, |_| "enrolled"), expected);
    };
    check(None, "enrolled");
    check(Some(&person), "enrolled");
    check(Some(&other), "PKI-TOKEN-ANOTHERS");
}

#[test]
fn a_code_serves_once_and_none_before_it_serves_again() {
    let credential = good(CLOCK);
    let try_it = Try::of(&credential);
    let (verdict, state) = try_it.verdict(DeviceState::new(0), &shown(now()), now());
    assert_eq!(verdict, "pass");
    assert_eq!(try_it.verdict(state, &shown(now()), now()).0, "PKI-CODE-REPLAY");
    let before = after(now(), -30);
    assert_eq!(try_it.verdict(state, &shown(before), now()).0, "PKI-CODE-REPLAY");
    let next = after(now(), 30);
    assert_eq!(try_it.verdict(state, &shown(next), next).0, "pass");
}

#[test]
fn a_code_of_one_step_before_or_after_is_taken_and_no_other() {
    let credential = good(CLOCK);
    let try_it = Try::of(&credential);
    for (steps, expected) in [(-2, "PKI-CODE-WRONG"), (-1, "pass"), (0, "pass"), (1, "pass"), (2, "PKI-CODE-WRONG")] {
        let code = shown(after(now(), 30 * steps));
        assert_eq!(try_it.verdict(DeviceState::new(0), &code, now()).0, expected, "{steps}");
    }
    for wrong in ["", "00000", "0000000", "abcdef", "\u{0661}\u{0662}\u{0663}"] {
        assert_eq!(try_it.verdict(DeviceState::new(0), wrong, now()).0, "PKI-CODE-WRONG", "{wrong}");
    }
}

#[test]
fn a_clock_that_drifts_is_followed_and_one_that_is_far_off_is_brought_back_by_two_codes() {
    let credential = good(CLOCK);
    let try_it = Try::of(&credential);
    let ahead = |at: Timestamp, steps: i64| shown(after(at, 30 * steps));
    let (verdict, state) = try_it.verdict(DeviceState::new(0), &ahead(now(), 1), now());
    assert_eq!(verdict, "pass");
    let later = after(now(), 90);
    assert_eq!(try_it.verdict(state, &ahead(later, 2), later).0, "pass", "one step ahead of where it was");
    let off = ahead(now(), 20);
    let (verdict, failed) = try_it.verdict(state, &off, now());
    assert_eq!((verdict, failed.throttle().failures()), ("PKI-CODE-WRONG", 1));
    let resynchronise = |steps: [i64; 2]| {
        let codes = steps.map(|steps| ahead(now(), steps));
        failed.resynchronise(CLOCK, &seed(), [&codes[0], &codes[1]], now())
    };
    for wrong in [[20, 20], [20, 22], [21, 20], [22, 23], [-20, -19]] {
        assert_eq!(resynchronise(wrong).1.expect_err("not two in a row").code.0, "PKI-CODE-WRONG", "{wrong:?}");
    }
    let (back, result) = resynchronise([20, 21]);
    assert!(result.is_ok() && back.throttle().failures() == 0);
    let later = after(now(), 60);
    assert_eq!(try_it.verdict(back, &ahead(later, 20), later).0, "pass");
    assert_eq!(try_it.verdict(back, &ahead(now(), 21), now()).0, "PKI-CODE-REPLAY", "used for the way back");
}

#[test]
fn a_counting_device_may_be_nine_presses_ahead_and_is_brought_back_from_further() {
    let credential = good(PRESSES);
    let try_it = Try::of(&credential);
    let press = |counter| code(&seed(), PRESSES, counter);
    let start = DeviceState::new(100);
    for (counter, expected) in
        [(99, "PKI-CODE-WRONG"), (100, "pass"), (109, "pass"), (110, "PKI-CODE-WRONG"), (150, "PKI-CODE-WRONG")]
    {
        assert_eq!(try_it.verdict(start, &press(counter), now()).0, expected, "{counter}");
    }
    let (_, used) = try_it.verdict(start, &press(105), now());
    assert_eq!(try_it.verdict(used, &press(105), now()).0, "PKI-CODE-WRONG", "a counting device never looks back");
    let (back, result) = start.resynchronise(PRESSES, &seed(), [&press(150), &press(151)], now());
    assert!(result.is_ok());
    assert_eq!(try_it.verdict(back, &press(151), now()).0, "PKI-CODE-WRONG");
    assert_eq!(try_it.verdict(back, &press(152), now()).0, "pass");
    let (_, far) = start.resynchronise(PRESSES, &seed(), [&press(200), &press(201)], now());
    assert_eq!(far.expect_err("a hundred ahead").code.0, "PKI-CODE-WRONG");
}

/// Requirements: epcs-1311.110-b-intro-1
#[test]
fn wrong_codes_are_counted_slow_the_device_and_lock_it_after_ten() {
    let credential = good(CLOCK);
    let try_it = Try::of(&credential);
    let mut state = DeviceState::new(0);
    for count in 1..=4 {
        let (verdict, next) = try_it.verdict(state, "000000", now());
        assert_eq!((verdict, next.throttle().failures()), ("PKI-CODE-WRONG", count));
        state = next;
    }
    assert_eq!(try_it.verdict(state, &shown(after(now(), 14)), after(now(), 14)).0, "PKI-THROTTLED");
    assert_eq!(try_it.verdict(state, &shown(after(now(), 15)), after(now(), 15)).0, "pass");
    let (_, resynchronised) = state.resynchronise(CLOCK, &seed(), ["1", "2"], now());
    assert_eq!(resynchronised.expect_err("waits, too").code.0, "PKI-THROTTLED");
    let mut state = DeviceState::new(0);
    let mut at = after(now(), -10_000);
    for _ in 0..10 {
        at = after(at, 950);
        (state, _) = state.try_code(CLOCK, &seed(), "000000", at);
    }
    assert_eq!(try_it.verdict(state, &shown(now()), now()).0, "PKI-LOCKED");
    assert_eq!(try_it.verdict(state.reset(), &shown(now()), now()).0, "pass");
}

/// Requirements: epcs-1311.110-c, epcs-1311.110-d-1, epcs-1311.110-e, epcs-1311.125-d-1, epcs-1311.135-a
#[test]
fn the_code_is_not_even_looked_at_for_another_person_registration_or_time() {
    let credential = good(CLOCK);
    let state = DeviceState::new(0);
    let check = |try_it: &Try<'_>, seconds: i64, expected: &str| {
        let at = after(now(), seconds);
        let (verdict, left) = try_it.verdict(state, &shown(at), at);
        assert_eq!(verdict, expected, "{seconds}");
        assert!(expected == "pass" || left == state, "an attempt that could not succeed leaves no trace in the state");
    };
    for (seconds, expected) in [(-1, "PKI-PASS-LAPSED"), (0, "pass"), (120, "pass"), (121, "PKI-PASS-LAPSED")] {
        check(&Try::of(&credential), seconds, expected);
    }
    check(&Try { registration: Registration::Own(dea(*b"BQ", 1)), ..Try::of(&credential) }, 0, "PKI-PASS-REGISTRATION");
    let other = PractitionerId::parse("dr-other").expect("an identifier");
    check(&Try { person: other, ..Try::of(&credential) }, 0, "PKI-PASS-OTHER-PERSON");
    let revoked = CodeCredential { state: CredentialState::Revoked { at: after(now(), 10) }, ..credential.clone() };
    check(&Try::of(&revoked), 9, "pass");
    check(&Try::of(&revoked), 10, "PKI-PASS-REVOKED");
    let expired = CodeCredential { expires: after(now(), 10), ..credential.clone() };
    check(&Try::of(&expired), 9, "pass");
    check(&Try::of(&expired), 10, "PKI-PASS-EXPIRED");
    let soft = CodeCredential { kind: TokenKind::Soft, ..credential.clone() };
    check(&Try::of(&soft), 0, "PKI-PASS-SOFT-TOKEN");
}

fn proof(person: &PractitionerId, at: Timestamp) -> PasswordProof {
    let password = Password::new("four brown owls!");
    let hash = password::accept(&password, person, &[]).expect("accepted");
    PasswordRecord::new(person.clone(), hash).check(&password, at).1.expect("right")
}

/// Requirements: epcs-1311.110-a
#[test]
fn a_device_that_nothing_opens_needs_the_password_beside_it_and_a_rule_that_allows_that() {
    let in_force = TokenRule::in_force();
    let credential = enrolled(CLOCK, ("opening = \"password\"", "opening = \"nothing\""), &in_force).expect("enrolled");
    assert_eq!(credential.opening, Opening::Nothing);
    let check = |rule: &TokenRule, beside: Beside, expected: Result<Factors, &str>| {
        let try_it = Try { rule: rule.clone(), ..Try::of(&credential) };
        let at = after(now(), 10);
        let found = try_it.code(DeviceState::new(0), &shown(at), beside, at).result;
        assert_eq!(found.map(|pass| pass.factors()).map_err(|refusal| refusal.code.0), expected);
    };
    let own = || Beside::Password(proof(&person(), after(now(), 5)));
    check(&in_force, own(), Ok(Factors::CodeDeviceAndPassword));
    check(&in_force, Beside::Nothing, Err("PKI-PASS-ONE-FACTOR"));
    let other = PractitionerId::parse("dr-other").expect("an identifier");
    check(&in_force, Beside::Password(proof(&other, after(now(), 5))), Err("PKI-PASS-ONE-FACTOR"));
    check(&in_force, Beside::Password(proof(&person(), after(now(), -1))), Err("PKI-PASS-ONE-FACTOR"));
    check(&TokenRule::strictest(), own(), Err("PKI-PASS-ONE-FACTOR"));
}

#[test]
fn the_daily_check_finds_a_device_whose_model_was_taken_off_the_list() {
    let (credential, rule) = (good(CLOCK), TokenRule::strictest());
    let recheck = |from, to, on| {
        credential.recheck(&book((from, to)), &rule, on).map_or_else(|refusal| refusal.code.0, |()| "serves")
    };
    assert_eq!(recheck("C100", "C100", TODAY), "serves");
    assert_eq!(
        recheck("allowed = \"signing\"", "allowed = \"refused\"\nreason = \"recalled\"", TODAY),
        "PKI-TOKEN-NOT-ALLOWED"
    );
    assert_eq!(recheck("C100", "C100", date(2026, 12, 31)), "serves");
    assert_eq!(recheck("C100", "C100", date(2027, 1, 1)), "PKI-MODELS-EXPIRED");
}

#[test]
fn in_a_demonstration_any_device_serves_and_production_refuses_it() {
    let (person, registration) = (person(), registration());
    let expires = instant("2028-01-01T05:00:00Z");
    let holder = Holder { practitioner: &person, registration: &registration, expires, held_by: None };
    let credential = CodeCredential::in_demonstration(&device(), CLOCK, &holder, demo()).expect("enrolled");
    let try_it = Try::of(&credential);
    assert_eq!(try_it.verdict(DeviceState::new(0), &shown(now()), now()).0, "PKI-PASS-SOFT-TOKEN");
    let expected = Expected {
        challenge: &try_it.challenge,
        practitioner: &person,
        registration: &registration,
        relying_party: "localhost",
        origin: "https://localhost",
    };
    let terms = Terms { rule: &try_it.rule, deployment: demo_deployment() };
    let answer = CodeAnswer { code: &shown(now()), beside: Beside::Nothing };
    let accepted = credential.verify(DeviceState::new(0), &seed(), &expected, &answer, &terms, now());
    assert!(accepted.result.is_ok());
}

/// Requirements: epcs-1311.110-d-2
#[test]
fn one_device_serves_several_registrations_and_a_code_only_one_of_them() {
    let (person, registrations) = (person(), [Registration::Own(dea(*b"BQ", 1)), Registration::Own(dea(*b"BQ", 2))]);
    let expires = instant("2028-01-01T05:00:00Z");
    let [first, second] = registrations.each_ref().map(|registration| {
        let holder = Holder { practitioner: &person, registration, expires, held_by: Some(&person) };
        let (book, rule) = (book(("C100", "C100")), TokenRule::strictest());
        CodeCredential::enrol(&device(), CLOCK, &holder, &book, &rule, TODAY).expect("enrolled")
    });
    assert_ne!(first.id, second.id);
    let [own, other] = registrations;
    let (verdict, state) =
        Try { registration: own, ..Try::of(&first) }.verdict(DeviceState::new(0), &shown(now()), now());
    assert_eq!(verdict, "pass");
    let second = Try { registration: other, ..Try::of(&second) };
    assert_eq!(second.verdict(state, &shown(now()), now()).0, "PKI-CODE-REPLAY");
    let next = after(now(), 30);
    assert_eq!(second.verdict(state, &shown(next), next).0, "pass");
}

#[test]
fn the_stored_forms_of_a_code_credential_and_its_device_never_change() {
    let mut credential = good(CLOCK);
    let check = |value: &Value, golden: &str| {
        let bytes = theriac_model::json::canonical(value).expect("canonical");
        assert_eq!(String::from_utf8_lossy(&bytes), golden.trim_end());
    };
    check(&credential.to_json(), include_str!("golden/code-signing-1.json"));
    assert_eq!(CodeCredential::from_json(&credential.to_json()), Ok(credential.clone()));
    let (_, state) = Try::of(&credential).verdict(DeviceState::new(0), &shown(after(now(), 30)), now());
    let (state, _) = state.try_code(CLOCK, &seed(), "000000", now());
    check(&state.to_json(), include_str!("golden/code-device-1.json"));
    assert_eq!(DeviceState::from_json(&state.to_json()), Ok(state));
    credential.state = CredentialState::Revoked { at: now() };
    credential.kind = TokenKind::Soft;
    assert_eq!(CodeCredential::from_json(&credential.to_json()), Ok(credential.clone()));
    let mut other = credential.to_json();
    other["device"]["serial"] = Value::from("0002");
    assert!(CodeCredential::from_json(&other).is_err(), "the name belongs to the device");
}
