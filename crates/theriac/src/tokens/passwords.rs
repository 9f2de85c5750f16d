//! Passwords: for signing in with a code device, and as the second factor beside a code where the law allows one.

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use crate::sessions::{Kept, Known, Secret};
use crate::signin::SignInEvent;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Refusal};
use theriac_pki::Password;
use theriac_pki::pass::PractitionerId;
use theriac_pki::password::{PasswordHash, PasswordProof, PasswordRecord, accept};
use theriac_pki::signin::with_code;
use theriac_pki::throttle::Throttle;

const CITE: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)";
/// A hash that no password opens, so that an unknown person takes as long as a known one. Its parts are constants.
const DECOY: &str = "pbkdf2-hmac-sha256 600000 AAAAAAAAAAAAAAAAAAAAAA== AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A change of somebody's password.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PasswordEvent {
    /// A new one; the former is worth nothing.
    Set(PasswordRecord),
    /// One was tried: wrong ones in a row after it, and what came of it.
    Tried { person: String, throttle: Throttle, outcome: String },
}

impl Recorded for PasswordEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Set(_) => "password.set",
            Self::Tried { .. } => "password.tried",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Set(record) => record.to_json(),
            Self::Tried { person, throttle, outcome } => {
                json!({"outcome": outcome, "person": person, "throttle": throttle.to_json()})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, body).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, value: &Value) -> Result<PasswordEvent, BadField> {
    let body = Reader(value);
    match kind {
        "password.set" => Ok(PasswordEvent::Set(PasswordRecord::from_json(value)?)),
        "password.tried" => Ok(PasswordEvent::Tried {
            person: body.text("person")?.to_owned(),
            throttle: Throttle::from_json(body.object("throttle")?.0)?,
            outcome: body.text("outcome")?.to_owned(),
        }),
        _ => Err(BadField { field: "kind".to_owned(), expected: "a record of a password" }),
    }
}

fn password_stream(person: &str) -> String {
    format!("password/{person}")
}

/// Says the same for somebody unknown, a wrong password and a wrong code.
fn not_both() -> Fault {
    let what = "person, password and code do not belong together";
    let next = "enter the password, and the code that your device shows now; or sign in with a passkey";
    Refusal::new("SIGNIN-CODE-PAIR", CITE, what, next).into()
}

impl House {
    fn password_of(&self, person: &str) -> Result<(Option<PasswordRecord>, u64), Fault> {
        let (events, version) = stream::<PasswordEvent>(&self.store, &password_stream(person))?;
        let mut record: Option<PasswordRecord> = None;
        for event in events {
            match event {
                PasswordEvent::Set(new) => record = Some(new),
                PasswordEvent::Tried { throttle, .. } => {
                    if let Some(record) = &mut record {
                        record.throttle = throttle;
                    }
                }
            }
        }
        Ok((record, version))
    }

    /// Whether somebody has a password here.
    pub(crate) fn has_password(&self, person: &str) -> Result<bool, Fault> {
        Ok(self.password_of(person)?.0.is_some())
    }

    /// Sets a person's own password, in a session of theirs.
    ///
    /// # Errors
    /// A password that is short, or one of those that are tried first.
    pub(crate) fn set_password(&self, by: &Actor, typed: &Password) -> Result<(), Fault> {
        let person = PractitionerId::parse(&by.id).ok_or_else(not_both)?;
        let known = [self.config.name.as_str(), self.config.practice.name.as_str(), "theriac"];
        let hash = accept(typed, &person, &known)?;
        let name = password_stream(&by.id);
        let (_, version) = self.password_of(&by.id)?;
        let event = PasswordEvent::Set(PasswordRecord::new(person, hash));
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Checks a password. What it did to the count of wrong ones is kept first.
    pub(super) fn check_password(&self, by: &Actor, typed: &Password) -> Result<PasswordProof, Fault> {
        let (record, version) = self.password_of(&by.id)?;
        let Some(record) = record else {
            let what = "no password was set";
            let next = "set one on the page of your tokens";
            return Err(Refusal::new("SIGNIN-PASSWORD-NONE", CITE, what, next).about("password").into());
        };
        let (throttle, result) = record.check(typed, self.clock.now());
        if throttle != record.throttle || result.is_err() {
            let outcome = result.as_ref().map_or_else(|refusal| refusal.code.0, |_| "accepted").to_owned();
            let name = password_stream(&by.id);
            let event = PasswordEvent::Tried { person: by.id.clone(), throttle, outcome };
            Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        }
        Ok(result?)
    }

    /// Signs in with password and code: opens a session, or unlocks the person's own locked one and gives back what was
    /// kept.
    ///
    /// # Errors
    /// The same refusal whatever was wrong, but for too many wrong answers.
    pub(crate) fn sign_in_with_code(
        &self,
        person: &str,
        password: &Password,
        code: &str,
        locked: Option<(&Secret, &str)>,
    ) -> Result<(Secret, Option<Kept>), Fault> {
        let opaque = |fault: Fault| match fault {
            Fault::Refused(refusal) if !matches!(refusal.code.0, "PKI-THROTTLED" | "PKI-LOCKED") => not_both(),
            other => other,
        };
        let (record, _) = self.password_of(person)?;
        let actor = self.person(person)?;
        let (Some(actor), Some(_)) = (actor, record) else {
            if let (Some(person), Some(hash)) = (PractitionerId::parse("nobody"), PasswordHash::parse(DECOY)) {
                let _ = PasswordRecord::new(person, hash).check(password, self.clock.now());
            }
            return Err(not_both());
        };
        let proof = self.check_password(&actor, password).map_err(opaque)?;
        let (credential, present) = self.code_device_of(person, None)?.ok_or_else(not_both)?;
        let seed = self.unsealed(&present.device)?;
        let (state, result) =
            with_code(&proof, present.state, present.device.scheme, &seed, code.trim(), self.clock.now());
        self.keep_state(&actor, &present, state, &result)?;
        result.map_err(|refusal| opaque(refusal.into()))?;
        let opened =
            SignInEvent::Opened { person: person.to_owned(), credential: credential.id.to_string(), counter: 0 };
        self.note_entry(&actor, person, &opened)?;
        let now = self.clock.now();
        if let Some((secret, _)) = locked.filter(|(_, whose)| *whose == person)
            && let Some(unlocked) = self.sessions.unlock(secret, Known::PasswordAndCode, now)
        {
            return Ok(unlocked);
        }
        Ok((self.open_session(person, Known::PasswordAndCode)?, None))
    }
}
