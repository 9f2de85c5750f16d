//! A practitioner with an enrolled software token.

use crate::clock::instant;
use crate::people::registration;
use crate::pki::{demo, demo_deployment};
use jiff::Timestamp;
use theriac_model::Registration;
use theriac_pki::{
    Assertion, Challenge, Credential, Expected, Gesture, PractitionerId, SoftToken, TwoFactorPass, verify_assertion,
};

/// The PIN of every test token.
pub const PIN: &str = "246810";
/// The relying party of every test.
pub const RELYING_PARTY: &str = "localhost";
/// The page of every test.
pub const ORIGIN: &str = "https://localhost";

/// A token, its credential and whose it is.
#[derive(Debug)]
pub struct TestToken {
    /// The token.
    pub token: SoftToken,
    /// The enrolled credential, as the server keeps it.
    pub credential: Credential,
}

impl TestToken {
    /// The token of `practitioner` for the sample registration, valid until 2028.
    pub fn new(practitioner: &str) -> Self {
        Self::under(practitioner, &registration())
    }

    /// The token of `practitioner` for one registration.
    ///
    /// # Panics
    /// When the practitioner's identifier is none.
    pub fn under(practitioner: &str, registration: &Registration) -> Self {
        let mut token = SoftToken::new(PIN, demo()).expect("the PIN is long enough");
        let practitioner = PractitionerId::parse(practitioner).expect("an identifier");
        let expires = instant("2028-01-01T05:00:00Z");
        let credential = token.enrol(&practitioner, registration, expires).expect("a key");
        Self { token, credential }
    }

    /// What the server expects for `challenge` from this token's holder.
    pub fn expected<'a>(&'a self, challenge: &'a Challenge) -> Expected<'a> {
        Expected {
            challenge,
            practitioner: &self.credential.practitioner,
            registration: &self.credential.registration,
            relying_party: RELYING_PARTY,
            origin: ORIGIN,
        }
    }

    /// The token's answer, PIN entered.
    ///
    /// # Panics
    /// When the token refuses.
    pub fn answer(&mut self, challenge: &Challenge) -> Assertion {
        let gesture = Gesture::Pin(PIN);
        self.token
            .answer(&self.credential.id, challenge, RELYING_PARTY, ORIGIN, gesture)
            .expect("the token answers its own credential with the right PIN")
    }

    /// A pass for signing `digest`, made at `at`.
    ///
    /// # Panics
    /// When the assertion is refused.
    pub fn pass(&mut self, digest: [u8; 32], at: Timestamp) -> TwoFactorPass {
        let challenge = Challenge::new([7; 32], vec![digest], at);
        let assertion = self.answer(&challenge);
        let pass = verify_assertion(&self.credential, &self.expected(&challenge), &assertion, at, demo_deployment())
            .expect("a good assertion");
        self.credential.counter = pass.counter();
        pass
    }
}
