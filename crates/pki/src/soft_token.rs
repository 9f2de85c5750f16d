//! A token in software, for demonstrations and tests. Production refuses what it signs.

use crate::assertion::{Assertion, Challenge, USER_PRESENT, USER_VERIFIED, client_data};
use crate::certificate::sha256;
use crate::deployment::DemoDeployment;
use crate::keys::{KeyFailure, SystemKey};
use crate::pass::{Credential, CredentialId, CredentialState, PractitionerId, TokenKind};
use aws_lc_rs::{constant_time, rand};
use jiff::Timestamp;
use std::fmt;
use theriac_model::{Refusal, Registration};
use zeroize::Zeroizing;

/// Wrong PINs in a row after which the token refuses to work for good.
const TRIES: u8 = 8;

struct Slot {
    id: CredentialId,
    key: SystemKey,
    counter: u32,
}

/// A software token with a PIN. It holds one credential for each registration enrolled.
pub struct SoftToken {
    pin: Zeroizing<[u8; 32]>,
    slots: Vec<Slot>,
    tries_left: u8,
}

/// What the holder does.
#[derive(Clone, Copy)]
pub enum Gesture<'a> {
    /// Touches the token only: one factor.
    Touch,
    /// Touches it and enters the PIN.
    Pin(&'a str),
}

impl SoftToken {
    /// A token with this PIN (at least 6 characters), in a demonstration.
    ///
    /// # Errors
    /// A refusal of a shorter PIN.
    pub fn new(pin: &str, _: DemoDeployment) -> Result<Self, Refusal> {
        if pin.chars().count() < 6 {
            return Err(Refusal::new(
                "PKI-PASS-SHORT-PIN",
                "21 CFR 1311.115(a); 73 FR 36722, 1311.110(b)",
                "the PIN has fewer than 6 characters",
                "choose a longer PIN",
            ));
        }
        Ok(Self { pin: Zeroizing::new(sha256(pin.as_bytes())), slots: Vec::new(), tries_left: TRIES })
    }

    /// Makes a key for one registration and returns the credential to enrol. `expires` is the start of the day on which
    /// the registration expires.
    ///
    /// # Errors
    /// [`KeyFailure`] when the cryptographic module fails.
    pub fn enrol(
        &mut self,
        practitioner: &PractitionerId,
        registration: &Registration,
        expires: Timestamp,
    ) -> Result<Credential, KeyFailure> {
        let key = SystemKey::generate()?;
        let mut id = [0u8; 16];
        rand::fill(&mut id).map_err(|_| KeyFailure)?;
        let id = CredentialId::from_bytes(&id).ok_or(KeyFailure)?;
        let credential = Credential {
            id: id.clone(),
            practitioner: practitioner.clone(),
            registration: registration.clone(),
            key: *key.public_key(),
            kind: TokenKind::Soft,
            counter: 0,
            expires,
            state: CredentialState::Active,
        };
        self.slots.push(Slot { id, key, counter: 0 });
        Ok(credential)
    }

    /// Answers a challenge as a browser and a token would together.
    ///
    /// # Errors
    /// A refusal: no such credential on the token, wrong PIN, or locked after eight wrong PINs in a row.
    pub fn answer(
        &mut self,
        credential: &CredentialId,
        challenge: &Challenge,
        relying_party: &str,
        origin: &str,
        gesture: Gesture<'_>,
    ) -> Result<Assertion, Refusal> {
        let flags = match gesture {
            Gesture::Touch => USER_PRESENT,
            Gesture::Pin(pin) => {
                self.check_pin(pin)?;
                USER_PRESENT | USER_VERIFIED
            }
        };
        let slot = self.slots.iter_mut().find(|slot| slot.id == *credential).ok_or_else(|| {
            Refusal::new(
                "PKI-PASS-OTHER-TOKEN",
                "21 CFR 1311.115(a); 73 FR 36722, 1311.110(d)",
                "this token does not hold the credential",
                "use the token enrolled for this registration",
            )
        })?;
        slot.counter = slot.counter.saturating_add(1);
        let mut authenticator_data = sha256(relying_party.as_bytes()).to_vec();
        authenticator_data.push(flags);
        authenticator_data.extend_from_slice(&slot.counter.to_be_bytes());
        let mut assertion = Assertion {
            credential: slot.id.clone(),
            authenticator_data,
            client_data: client_data(challenge, origin),
            signature: Vec::new(),
        };
        assertion.signature = slot.key.sign(&assertion.signed_bytes())?.as_ref().to_vec();
        Ok(assertion)
    }

    fn check_pin(&mut self, pin: &str) -> Result<(), Refusal> {
        const CITE: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(b)";
        if self.tries_left == 0 {
            let what = "the token is locked after eight wrong PINs";
            return Err(Refusal::new(
                "PKI-PASS-LOCKED",
                CITE,
                what,
                "report it; the credential is revoked and replaced",
            ));
        }
        let given = Zeroizing::new(sha256(pin.as_bytes()));
        if constant_time::verify_slices_are_equal(given.as_ref(), self.pin.as_ref()).is_err() {
            self.tries_left -= 1;
            let what = format!("the PIN is wrong; {} tries are left", self.tries_left);
            return Err(Refusal::new("PKI-PASS-PIN", CITE, what, "enter the PIN again"));
        }
        self.tries_left = TRIES;
        Ok(())
    }
}

impl fmt::Debug for SoftToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftToken({} credentials)", self.slots.len())
    }
}
