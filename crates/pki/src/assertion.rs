//! What a token signs when a practitioner uses it: a WebAuthn assertion over a challenge.

use crate::certificate::sha256;
use crate::pass::CredentialId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long a practitioner may take to answer, and how long a pass serves: two minutes, the last instant included.
/// 1311.110(c) of the 2008 proposed rule asks for both factors again after more than two minutes without use.
pub const LAPSES_AFTER: SignedDuration = SignedDuration::from_secs(120);

/// One request for both factors: fresh random bytes, and exactly what is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    nonce: [u8; 32],
    subjects: Vec<[u8; 32]>,
    made_at: Timestamp,
}

impl Challenge {
    /// A challenge made at `made_at` for signing the prescriptions with these digests. `nonce` are 32 random bytes, used
    /// once.
    pub fn new(nonce: [u8; 32], subjects: Vec<[u8; 32]>, made_at: Timestamp) -> Self {
        Self { nonce, subjects, made_at }
    }

    /// What the token is given to sign: SHA-256 over a tag, the nonce and the digests.
    pub fn bytes(&self) -> [u8; 32] {
        let mut input = b"theriac challenge 1\n".to_vec();
        input.extend_from_slice(&self.nonce);
        for subject in &self.subjects {
            input.extend_from_slice(subject);
        }
        sha256(&input)
    }

    /// Whether this request was for signing `digest`, among others.
    pub fn covers(&self, digest: &[u8; 32]) -> bool {
        self.subjects.contains(digest)
    }

    /// The digests of what is to be signed.
    pub fn subjects(&self) -> &[[u8; 32]] {
        &self.subjects
    }

    /// When it was made.
    pub const fn made_at(&self) -> Timestamp {
        self.made_at
    }
}

/// A token's answer, in the parts that WebAuthn names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Which credential answered.
    pub credential: CredentialId,
    /// Digest of the relying party, flags, counter: at least 37 bytes.
    pub authenticator_data: Vec<u8>,
    /// The client's JSON with the challenge and the origin.
    pub client_data: Vec<u8>,
    /// ECDSA signature (DER) over the authenticator data and SHA-256 of the client data.
    pub signature: Vec<u8>,
}

impl Assertion {
    /// The bytes the token's key signs.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        [&self.authenticator_data[..], &sha256(&self.client_data)].concat()
    }
}

/// The client data a browser would make for `challenge` at `origin`.
pub fn client_data(challenge: &Challenge, origin: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(challenge.bytes());
    json!({"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": false})
        .to_string()
        .into_bytes()
}

/// The members of client data that are checked.
pub(crate) struct ClientData {
    pub(crate) kind: String,
    pub(crate) challenge: Vec<u8>,
    pub(crate) origin: String,
    pub(crate) cross_origin: bool,
}

/// Reads client data of at most 4 KiB; `None` if it is not such JSON.
pub(crate) fn read_client_data(bytes: &[u8]) -> Option<ClientData> {
    if bytes.len() > 4096 {
        return None;
    }
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(ClientData {
        kind: text("type")?,
        challenge: URL_SAFE_NO_PAD.decode(text("challenge")?).ok()?,
        origin: text("origin")?,
        cross_origin: value.get("crossOrigin").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// Authenticator data: digest of the relying party, user present, user verified, counter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthenticatorData<'a> {
    pub(crate) relying_party: &'a [u8],
    pub(crate) flags: u8,
    pub(crate) counter: u32,
}

/// Somebody touched the token.
pub(crate) const USER_PRESENT: u8 = 0x01;
/// The token itself checked a PIN or a biometric.
pub(crate) const USER_VERIFIED: u8 = 0x04;

/// Reads authenticator data of 37 bytes to 1 KiB; extensions behind the counter are not looked at.
pub(crate) fn read_authenticator_data(bytes: &[u8]) -> Option<AuthenticatorData<'_>> {
    if bytes.len() > 1024 {
        return None;
    }
    let (relying_party, rest) = bytes.split_at_checked(32)?;
    let (&flags, rest) = rest.split_first()?;
    let (counter, _) = rest.split_first_chunk::<4>()?;
    Some(AuthenticatorData { relying_party, flags, counter: u32::from_be_bytes(*counter) })
}

/// Whether bytes read as client data or authenticator data; for tests of these readers with arbitrary bytes.
pub fn is_readable(bytes: &[u8]) -> bool {
    read_client_data(bytes).is_some() || read_authenticator_data(bytes).is_some()
}
