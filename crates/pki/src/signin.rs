//! Signing in: what opens a session. It never signs a prescription.
//!
//! Two ways: a passkey that checks a PIN or biometric (any make, also one that is synchronised), or a password together
//! with a one-time code. Challenges for signing in and for signing prescriptions have different tags, and the keys were
//! registered for different purposes, so neither answer can be used for the other.

use crate::assertion::{Asked, Assertion, LAPSES_AFTER, Unanswered};
use crate::certificate::sha256;
use crate::keys::PublicKey;
use crate::otp::{DeviceState, Scheme, Seed};
use crate::pass::{CredentialId, PractitionerId};
use crate::password::PasswordProof;
use crate::webauthn::{NewCredential, Purpose, RelyingParty};
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Refusal, hex};

const CITE: &str = "21 CFR 1311.120(b)(1); 73 FR 36722, 1311.115";

/// One request to sign in: 32 fresh random bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInChallenge {
    nonce: [u8; 32],
    made_at: Timestamp,
}

impl SignInChallenge {
    /// A challenge made at `made_at`. `nonce` are 32 random bytes, used once.
    pub const fn new(nonce: [u8; 32], made_at: Timestamp) -> Self {
        Self { nonce, made_at }
    }

    /// What the passkey is given to sign.
    pub fn bytes(&self) -> [u8; 32] {
        sha256(&[&b"theriac sign-in 1\n"[..], &self.nonce].concat())
    }

    /// When it was made.
    pub const fn made_at(&self) -> Timestamp {
        self.made_at
    }
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// With a passkey.
    Passkey,
    /// With a password and a one-time code.
    PasswordAndCode,
}

impl Method {
    /// The word used in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::PasswordAndCode => "password-and-code",
        }
    }
}

/// Proof that a person has just signed in. Only the checks of this module make one; it opens one session, or unlocks one.
#[derive(Debug, PartialEq, Eq)]
pub struct SignedIn {
    person: PractitionerId,
    method: Method,
    at: Timestamp,
}

impl SignedIn {
    /// Who.
    pub const fn person(&self) -> &PractitionerId {
        &self.person
    }

    /// How.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// A passkey registered for signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its name.
    pub id: CredentialId,
    /// Whose it is.
    pub person: PractitionerId,
    /// The key that answers challenges.
    pub key: PublicKey,
    /// The counter of the last accepted answer. Synchronised passkeys always say 0.
    pub counter: u32,
    /// Hints how it can be reached.
    pub transports: Vec<String>,
    /// When it was registered.
    pub at: Timestamp,
}

impl Passkey {
    /// Takes a key that was made for signing in.
    ///
    /// # Errors
    /// A refusal of a key that was made for signing prescriptions.
    pub fn new(new: NewCredential) -> Result<Self, Refusal> {
        if new.purpose != Purpose::SignIn {
            let what = "the key was made for signing prescriptions, not for signing in";
            return Err(Refusal::new("PKI-SIGNIN-PURPOSE", CITE, what, "register a passkey for signing in"));
        }
        Ok(Self {
            id: new.id,
            person: new.person,
            key: new.key,
            counter: new.counter,
            transports: new.transports,
            at: new.at,
        })
    }

    /// Checks an answer at `at`. Returns the proof and the counter to store first.
    ///
    /// # Errors
    /// A refusal, the first that holds in this order: lapsed, another passkey, then unreadable, other challenge, other
    /// page, not touched, PIN or biometric not verified, signature wrong, counter replayed.
    pub fn verify(
        &self,
        challenge: &SignInChallenge,
        party: &RelyingParty,
        assertion: &Assertion,
        at: Timestamp,
    ) -> Result<(SignedIn, u32), Refusal> {
        let made_at = challenge.made_at();
        if at < made_at || at.duration_since(made_at) > LAPSES_AFTER {
            return Err(lapsed());
        }
        if assertion.credential != self.id {
            let what = "another passkey answered than the one asked";
            return Err(Refusal::new("PKI-SIGNIN-OTHER", CITE, what, "choose the passkey of this person"));
        }
        let bytes = challenge.bytes();
        let asked = Asked {
            key: &self.key,
            counter: self.counter,
            challenge: &bytes,
            relying_party: party.id(),
            origin: party.origin(),
        };
        let answered = assertion.check(&asked).map_err(refusal)?;
        Ok((SignedIn { person: self.person.clone(), method: Method::Passkey, at }, answered.counter))
    }

    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({
            "type": "passkey",
            "version": 1,
            "id": self.id.to_string(),
            "person": self.person.as_str(),
            "key": hex::encode(self.key.point()),
            "counter": self.counter,
            "transports": self.transports,
            "registered": self.at.to_string(),
        })
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
        if (reader.text("type")?, reader.whole("version")?) != ("passkey", 1) {
            return Err(bad("version", "passkey, version 1"));
        }
        Ok(Self {
            id: reader.parsed("id", "base64url", CredentialId::parse)?,
            person: reader.parsed("person", "an identifier", PractitionerId::parse)?,
            key: reader.parsed("key", "a P-256 point in hex", |text| PublicKey::parse(&hex::decode(text)?))?,
            counter: u32::try_from(reader.whole("counter")?).map_err(|_| bad("counter", "a counter of 32 bits"))?,
            transports: reader.list("transports")?.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            at: reader.parsed("registered", "an instant", |text| text.parse().ok())?,
        })
    }
}

/// Signs in with a password that was just checked and a code of the same person's device or application. Returns the
/// device's state to store first.
pub fn with_code(
    password: &PasswordProof,
    device: DeviceState,
    scheme: Scheme,
    seed: &Seed,
    code: &str,
    at: Timestamp,
) -> (DeviceState, Result<SignedIn, Refusal>) {
    if !password.is_of(password.person(), password.at(), at) {
        return (device, Err(lapsed()));
    }
    let (device, found) = device.try_code(scheme, seed, code, at);
    let person = password.person().clone();
    (device, found.map(|_| SignedIn { person, method: Method::PasswordAndCode, at }))
}

fn lapsed() -> Refusal {
    Refusal::new("PKI-SIGNIN-LAPSED", CITE, "more than two minutes passed", "sign in again")
}

fn refusal(problem: Unanswered) -> Refusal {
    let (code, next) = match problem {
        Unanswered::Unreadable => ("PKI-SIGNIN-UNREADABLE", "try again, or use another browser"),
        Unanswered::Challenge => ("PKI-SIGNIN-CHALLENGE", "sign in again"),
        Unanswered::Origin => {
            ("PKI-SIGNIN-ORIGIN", "open the page from its own address and report this to the operator")
        }
        Unanswered::NotPresent | Unanswered::OneFactor => {
            ("PKI-SIGNIN-ONE-FACTOR", "use a passkey that asks for a PIN or biometric")
        }
        Unanswered::Signature => ("PKI-SIGNIN-SIGNATURE", "use the registered passkey"),
        Unanswered::Replay => ("PKI-SIGNIN-REPLAY", "report this to the operator, who removes the passkey"),
    };
    Refusal::new(code, CITE, problem.what(), next)
}
