//! A device bound to a practitioner's registration, and what becomes of a code.

use super::code::{Moving, Scheme, code};
use super::device::DeviceId;
use super::seed::Seed;
use crate::certificate::sha256;
use crate::deployment::{DemoDeployment, Deployment};
use crate::metadata::{ModelBook, Opening};
use crate::pass::{
    CredentialId, CredentialState, Expected, Factors, Holding, PractitionerId, TokenKind, TwoFactorPass,
    ValidatedModel, asked, hard_enough, in_force, not_lapsed,
};
use crate::password::PasswordProof;
use crate::throttle::{Patience, Throttle};
use crate::token_rule::TokenRule;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Refusal, Registration};

/// How many presses ahead of the last code a counting device may be.
const PRESSES_AHEAD: u64 = 10;
/// How many steps before and after the clock's a code may be, drift already counted.
const STEPS_AROUND: u64 = 1;
/// The same when two codes in a row are given to bring the device back.
const PRESSES_AHEAD_WIDE: u64 = 100;
const STEPS_AROUND_WIDE: u64 = 20;

const CODES: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)";

/// What is known of a device's place: to be stored after every attempt, before the result is used. One for each device,
/// whatever number of registrations it serves: a code that served one must not serve another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// The next counter, or the first time step that has not been used.
    next: u64,
    /// Steps that the device's clock is ahead of ours; negative behind.
    drift: i64,
    throttle: Throttle,
}

impl DeviceState {
    /// Of a device that was never used; `counter` as the maker's file gives it.
    pub const fn new(counter: u64) -> Self {
        Self { next: counter, drift: 0, throttle: Throttle::cleared() }
    }

    /// Wrong codes in a row.
    pub const fn throttle(&self) -> &Throttle {
        &self.throttle
    }

    /// The same with the wrong codes forgotten: an act of two people, recorded by the caller.
    #[must_use]
    pub const fn reset(self) -> Self {
        Self { throttle: Throttle::cleared(), ..self }
    }

    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({"version": 1, "next": self.next, "drift": self.drift, "throttle": self.throttle.to_json()})
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
        if reader.whole("version")? != 1 {
            return Err(bad("version", "1"));
        }
        Ok(Self {
            next: u64::try_from(reader.whole("next")?).map_err(|_| bad("next", "a counter"))?,
            drift: reader.whole("drift")?,
            throttle: Throttle::from_json(reader.object("throttle")?.0)?,
        })
    }

    /// Tries a code at `at`. Returns the state to store and where the device was, or why the code is not accepted.
    ///
    /// Whoever calls this has one factor only; [`CodeCredential::verify`] asks for two.
    pub fn try_code(self, scheme: Scheme, seed: &Seed, given: &str, at: Timestamp) -> (Self, Result<u64, Refusal>) {
        if let Err(held) = self.throttle.admits(&Patience::CODES, at) {
            return (self, Err(held.refusal()));
        }
        let failed = Self { throttle: self.throttle.failed(at), ..self };
        let around = if matches!(scheme.moving, Moving::Presses) { PRESSES_AHEAD } else { STEPS_AROUND };
        let Some((first, last)) = self.window(scheme, around, at) else { return (failed, Err(no_clock())) };
        let Some(found) = (first..=last).find(|place| matches(seed, scheme, *place, given)) else {
            return (failed, Err(wrong()));
        };
        if found < self.next {
            return (failed, Err(replay()));
        }
        (Self::moved_to(found, scheme, at), Ok(found))
    }

    /// Brings a device back that drifted: two codes in a row, found in a wider window. Gives no pass.
    ///
    /// # Errors
    /// In the second part: throttled, or the codes are not two in a row within the window.
    pub fn resynchronise(
        self,
        scheme: Scheme,
        seed: &Seed,
        given: [&str; 2],
        at: Timestamp,
    ) -> (Self, Result<(), Refusal>) {
        if let Err(held) = self.throttle.admits(&Patience::CODES, at) {
            return (self, Err(held.refusal()));
        }
        let failed = Self { throttle: self.throttle.failed(at), ..self };
        let around = if matches!(scheme.moving, Moving::Presses) { PRESSES_AHEAD_WIDE } else { STEPS_AROUND_WIDE };
        let Some((first, last)) = self.window(scheme, around, at) else { return (failed, Err(no_clock())) };
        let [one, two] = given;
        let fits =
            |place: &u64| matches(seed, scheme, *place, one) && matches(seed, scheme, place.saturating_add(1), two);
        match (first.max(self.next)..=last).find(fits) {
            Some(found) => (Self::moved_to(found.saturating_add(1), scheme, at), Ok(())),
            None => (failed, Err(wrong())),
        }
    }

    /// The first and last place to look at. A counting device never looks back: a code of the past is simply wrong.
    fn window(&self, scheme: Scheme, around: u64, at: Timestamp) -> Option<(u64, u64)> {
        match scheme.moving {
            Moving::Presses => Some((self.next, self.next.saturating_add(around - 1))),
            Moving::Clock { .. } => {
                let middle = scheme.step(at)?.saturating_add_signed(self.drift);
                Some((middle.saturating_sub(around), middle.saturating_add(around)))
            }
        }
    }

    fn moved_to(found: u64, scheme: Scheme, at: Timestamp) -> Self {
        let place = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let drift = scheme.step(at).map_or(0, |step| place(found).saturating_sub(place(step)));
        Self { next: found.saturating_add(1), drift, throttle: Throttle::cleared() }
    }
}

fn matches(seed: &Seed, scheme: Scheme, place: u64, given: &str) -> bool {
    verify_slices_are_equal(code(seed, scheme, place).as_bytes(), given.as_bytes()).is_ok()
}

fn wrong() -> Refusal {
    Refusal::new(
        "PKI-CODE-WRONG",
        CODES,
        "the one-time code is not the device's",
        "enter the code that the device shows now; after some in a row, let the operator bring the device back in step",
    )
    .about("code")
}

fn replay() -> Refusal {
    Refusal::new("PKI-CODE-REPLAY", CODES, "the one-time code was used before", "wait for the next code of the device")
        .about("code")
}

fn no_clock() -> Refusal {
    Refusal::new("PKI-CODE-CLOCK", CODES, "the clock stands before 1970", "let the operator set the clock")
}

/// What a person hands in for both factors.
#[derive(Debug)]
pub struct CodeAnswer<'a> {
    /// The code that the device showed.
    pub code: &'a str,
    /// The second factor beside it.
    pub beside: Beside,
}

/// Under which rule a code is checked, and where.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// What the rulebook asks of tokens.
    pub rule: &'a TokenRule,
    /// The kind of deployment.
    pub deployment: Deployment,
}

/// A second factor beside a code.
#[derive(Debug)]
pub enum Beside {
    /// None: the device asked for a PIN or biometric itself.
    Nothing,
    /// The person's password, just checked.
    Password(PasswordProof),
}

/// What came of a code: the state to store first, then the pass or the refusal.
#[derive(Debug)]
#[must_use = "the state must be stored, or the code serves again"]
pub struct Accepted {
    /// The device's state after this attempt.
    pub state: DeviceState,
    /// The pass, or why there is none.
    pub result: Result<TwoFactorPass, Refusal>,
}

/// A one-time-password device enrolled for signing under one registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCredential {
    /// The credential's name: made from device and registration.
    pub id: CredentialId,
    /// The device.
    pub device: DeviceId,
    /// How it makes codes.
    pub scheme: Scheme,
    /// Whose it is.
    pub practitioner: PractitionerId,
    /// The registration it signs under, and no other.
    pub registration: Registration,
    /// The validation of its model at enrolment.
    pub kind: TokenKind,
    /// What opens the device before it shows a code.
    pub opening: Opening,
    /// The first instant at which it no longer authenticates: the start of the day on which the registration expires.
    pub expires: Timestamp,
    /// Whether it was revoked.
    pub state: CredentialState,
}

/// For whom a device is enrolled.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// The practitioner.
    pub practitioner: &'a PractitionerId,
    /// The registration.
    pub registration: &'a Registration,
    /// As [`CodeCredential::expires`].
    pub expires: Timestamp,
    /// Whose the device is already, if anybody's: two people never share one.
    pub held_by: Option<&'a PractitionerId>,
}

impl CodeCredential {
    /// Enrols a device whose model the deployment's list lets sign on `on`.
    ///
    /// # Errors
    /// A refusal: another person's device, model unknown or list out of date, model not fit ([`crate::metadata::Model::may_sign`]).
    pub fn enrol(
        device: &DeviceId,
        scheme: Scheme,
        holder: &Holder<'_>,
        book: &ModelBook,
        rule: &TokenRule,
        on: Date,
    ) -> Result<Self, Refusal> {
        not_shared(device, holder)?;
        let model = book.find(&device.model_name(), on)?;
        let kind = TokenKind::Hard(model.may_sign(rule)?);
        Ok(Self::new(device, scheme, holder, kind, model.opening))
    }

    /// Enrols any device in a demonstration, where it counts as software and is taken to ask for a PIN.
    ///
    /// # Errors
    /// A refusal of another person's device.
    pub fn in_demonstration(
        device: &DeviceId,
        scheme: Scheme,
        holder: &Holder<'_>,
        _: DemoDeployment,
    ) -> Result<Self, Refusal> {
        not_shared(device, holder)?;
        Ok(Self::new(device, scheme, holder, TokenKind::Soft, Opening::Password))
    }

    /// Whether the device's model still serves on `on`: the daily check.
    ///
    /// # Errors
    /// As [`CodeCredential::enrol`], from the model on; in a demonstration any device passes.
    pub fn recheck(&self, book: &ModelBook, rule: &TokenRule, on: Date) -> Result<(), Refusal> {
        match self.kind {
            TokenKind::Soft => Ok(()),
            TokenKind::Hard(_) => book.find(&self.device.model_name(), on)?.may_sign(rule).map(|_| ()),
        }
    }

    fn new(device: &DeviceId, scheme: Scheme, holder: &Holder<'_>, kind: TokenKind, opening: Opening) -> Self {
        let Holder { practitioner, registration, expires, .. } = *holder;
        Self {
            id: name(device, registration),
            device: device.clone(),
            scheme,
            practitioner: practitioner.clone(),
            registration: registration.clone(),
            kind,
            opening,
            expires,
            state: CredentialState::Active,
        }
    }

    /// Checks a code at `at`, entered for the open challenge in `expected`. `seed` is the device's, unsealed.
    ///
    /// The refusal, if any, is the first that holds in this order: software in production, revoked, other practitioner,
    /// other registration, expired, challenge lapsed, only one factor, throttled or locked, code wrong, code used before.
    pub fn verify(
        &self,
        state: DeviceState,
        seed: &Seed,
        expected: &Expected<'_>,
        answer: &CodeAnswer<'_>,
        terms: &Terms<'_>,
        at: Timestamp,
    ) -> Accepted {
        let factors = match self.both_factors(expected, answer, terms, at) {
            Ok(factors) => factors,
            Err(refusal) => return Accepted { state, result: Err(refusal) },
        };
        let (state, found) = state.try_code(self.scheme, seed, answer.code, at);
        let result = found.map(|place| TwoFactorPass {
            practitioner: self.practitioner.clone(),
            credential: self.id.clone(),
            registration: self.registration.clone(),
            kind: self.kind.clone(),
            challenge: expected.challenge.clone(),
            at,
            factors,
            counter: u32::try_from(place).unwrap_or(u32::MAX),
        });
        Accepted { state, result }
    }

    /// Everything but the code: a code is not used up by an attempt that could not succeed.
    fn both_factors(
        &self,
        expected: &Expected<'_>,
        answer: &CodeAnswer<'_>,
        terms: &Terms<'_>,
        at: Timestamp,
    ) -> Result<Factors, Refusal> {
        hard_enough(&self.kind, terms.deployment)?;
        let Self { practitioner, registration, expires, state, .. } = self;
        in_force(&Holding { practitioner, registration, expires: *expires, state }, expected, at)?;
        not_lapsed(expected.challenge, at)?;
        if self.opening != Opening::Nothing {
            return Ok(Factors::OpenedCodeDevice);
        }
        if let Some(source) = &terms.rule.opened {
            let what = "the device shows codes to whoever holds it, and no factor beside it replaces its own";
            return Err(asked("PKI-PASS-ONE-FACTOR", source, what, "enrol a device that asks for a PIN or biometric"));
        }
        match &answer.beside {
            Beside::Password(proof) if proof.is_of(practitioner, expected.challenge.made_at(), at) => {
                Ok(Factors::CodeDeviceAndPassword)
            }
            Beside::Password(_) | Beside::Nothing => Err(Refusal::new(
                "PKI-PASS-ONE-FACTOR",
                CODES,
                "the code is one factor, and the password of the same person was not given for this request",
                "enter the password, then the code",
            )),
        }
    }

    /// The stored form; counter, drift and wrong codes are in the device's state.
    pub fn to_json(&self) -> Value {
        let kind = match &self.kind {
            TokenKind::Soft => json!("soft"),
            TokenKind::Hard(model) => model.to_json(),
        };
        json!({
            "type": "code-signing",
            "version": 1,
            "id": self.id.to_string(),
            "device": self.device.to_json(),
            "scheme": self.scheme.to_json(),
            "person": self.practitioner.as_str(),
            "registration": self.registration.to_string(),
            "model": kind,
            "opening": self.opening.word(),
            "expires": self.expires.to_string(),
            "revoked": match self.state {
                CredentialState::Active => None,
                CredentialState::Revoked { at } => Some(at.to_string()),
            },
        })
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
        if (reader.text("type")?, reader.whole("version")?) != ("code-signing", 1) {
            return Err(bad("version", "code-signing, version 1"));
        }
        let instant = |field| reader.parsed(field, "an instant", |text| text.parse().ok());
        let device = DeviceId::from_json(reader.object("device")?.0)?;
        let registration = reader.parsed("registration", "a registration", |text| Registration::parse(text).ok())?;
        let id = reader.parsed("id", "base64url", CredentialId::parse)?;
        if id != name(&device, &registration) {
            return Err(bad("id", "the name of this device and registration"));
        }
        Ok(Self {
            id,
            device,
            scheme: Scheme::from_json(reader.object("scheme")?.0)?,
            practitioner: reader.parsed("person", "an identifier", PractitionerId::parse)?,
            registration,
            kind: match reader.get("model") {
                Some(Value::String(word)) if word == "soft" => TokenKind::Soft,
                _ => TokenKind::Hard(ValidatedModel::from_json(reader.object("model")?)?),
            },
            opening: reader.parsed("opening", "password, biometric, either or nothing", Opening::parse)?,
            expires: instant("expires")?,
            state: match reader.get("revoked") {
                None => CredentialState::Active,
                Some(_) => CredentialState::Revoked { at: instant("revoked")? },
            },
        })
    }
}

fn not_shared(device: &DeviceId, holder: &Holder<'_>) -> Result<(), Refusal> {
    match holder.held_by {
        Some(other) if other != holder.practitioner => Err(Refusal::new(
            "PKI-TOKEN-ANOTHERS",
            "73 FR 36722, preamble, \"access control\"; 21 CFR 1311.120(b)(3)",
            format!("the device {device} is enrolled for another person"),
            "use a device of the practitioner's own",
        )),
        _ => Ok(()),
    }
}

fn name(device: &DeviceId, registration: &Registration) -> CredentialId {
    let text =
        format!("theriac code credential 1\n{}\n{}\n{}\n{registration}", device.maker, device.model, device.serial);
    CredentialId::of_digest(&sha256(text.as_bytes()))
}
