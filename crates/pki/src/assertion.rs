//! What a token signs when a practitioner uses it: a WebAuthn assertion over a challenge.

use crate::certificate::sha256;
use crate::keys::PublicKey;
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

/// What an answer is held against.
pub(crate) struct Asked<'a> {
    /// The key of the credential that was asked.
    pub(crate) key: &'a PublicKey,
    /// The counter of its last accepted answer.
    pub(crate) counter: u32,
    /// The bytes it was given to sign.
    pub(crate) challenge: &'a [u8; 32],
    pub(crate) relying_party: &'a str,
    pub(crate) origin: &'a str,
}

/// What a good answer says.
pub(crate) struct Answered {
    pub(crate) counter: u32,
    /// The key may be copied to other devices ("backup eligible").
    pub(crate) key_may_leave: bool,
}

/// Why an answer is not one to what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    Unreadable,
    Challenge,
    Origin,
    NotPresent,
    OneFactor,
    Signature,
    Replay,
}

impl Unanswered {
    /// What was found, for a refusal.
    pub(crate) const fn what(self) -> &'static str {
        match self {
            Self::Unreadable => "the token's answer is not a WebAuthn assertion",
            Self::Challenge => "the token answered another request than this one",
            Self::Origin => "the token answered for another site",
            Self::NotPresent => "nobody touched the token",
            Self::OneFactor => "the token did not check a PIN or a biometric, so there is only one factor",
            Self::Signature => "the token's signature does not verify",
            Self::Replay => "the token's counter did not grow, so the answer was used before or the token was copied",
        }
    }
}

impl Assertion {
    /// Checks this answer; the first problem in the order of [`Unanswered`].
    pub(crate) fn check(&self, asked: &Asked<'_>) -> Result<Answered, Unanswered> {
        let client = read_client_data(&self.client_data).ok_or(Unanswered::Unreadable)?;
        if client.kind != "webauthn.get" {
            return Err(Unanswered::Unreadable);
        }
        if client.challenge != asked.challenge {
            return Err(Unanswered::Challenge);
        }
        let data = read_authenticator_data(&self.authenticator_data).ok_or(Unanswered::Unreadable)?;
        if client.origin != asked.origin
            || client.cross_origin
            || data.relying_party != sha256(asked.relying_party.as_bytes())
        {
            return Err(Unanswered::Origin);
        }
        if data.flags & USER_PRESENT == 0 {
            return Err(Unanswered::NotPresent);
        }
        if data.flags & USER_VERIFIED == 0 {
            return Err(Unanswered::OneFactor);
        }
        asked.key.verify(&self.signed_bytes(), &self.signature).map_err(|_| Unanswered::Signature)?;
        // Tokens without a counter always say 0; a counter that does not grow means a copy or a replay.
        if (data.counter, asked.counter) != (0, 0) && data.counter <= asked.counter {
            return Err(Unanswered::Replay);
        }
        Ok(Answered { counter: data.counter, key_may_leave: data.flags & BACKUP_ELIGIBLE != 0 })
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

/// The key may be copied to other devices.
pub(crate) const BACKUP_ELIGIBLE: u8 = 0x08;

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
