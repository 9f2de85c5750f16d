//! The making of a key on a token: what is asked, and whether the answer is one to it.

use super::attestation::{Attestation, AttestationObject, BadAttestation};
use super::browser::{RegistrationAnswer, descriptor};
use super::party::RelyingParty;
use crate::certificate::sha256;
use crate::keys::PublicKey;
use crate::pass::{CredentialId, PractitionerId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_model::{Edition, Refusal, Registration};
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AuthenticatorAttestationResponseRaw, COSEKey, COSEKeyType, Credential, ECDSACurve, RegisterPublicKeyCredential,
    RegistrationExtensionsClientOutputs, RegistrationState,
};

/// How long a registration may take, the last instant included: five minutes, enough to set a token's first PIN.
pub const LAPSES_AFTER: SignedDuration = SignedDuration::from_secs(300);

const FACTORS: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)";
const TOKEN: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(b)";

/// What a new key is for. A key made for one purpose never serves the other: the challenges differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing prescriptions under this registration: a token of an approved model.
    Signing(Registration),
    /// Opening a session: any token or passkey that checks a PIN or biometric.
    SignIn,
}

impl Purpose {
    /// The purpose as the challenge and the user handle name it.
    fn tag(&self) -> String {
        match self {
            Self::Signing(registration) => format!("signing {registration}"),
            Self::SignIn => "sign-in".to_owned(),
        }
    }
}

/// One request to make a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationRequest {
    nonce: [u8; 32],
    person: PractitionerId,
    purpose: Purpose,
    made_at: Timestamp,
}

/// A key that a token has just made, the ceremony in order. Says nothing yet about whether its make is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// Whose it is.
    pub person: PractitionerId,
    /// What it was made for.
    pub purpose: Purpose,
    /// The token's name for it.
    pub id: CredentialId,
    /// The public key.
    pub key: PublicKey,
    /// The token's counter.
    pub counter: u32,
    /// Whether the token says that the key may be copied to other devices.
    pub copies: Copies,
    /// The token's statement of its make.
    pub attestation: Attestation,
    /// Hints how the token can be reached.
    pub transports: Vec<String>,
    /// When the ceremony was verified.
    pub at: Timestamp,
}

/// Whether a key stays on one device, by the token's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// It stays.
    Never,
    /// It may be synchronised or backed up.
    Possible,
}

impl RegistrationRequest {
    /// A request made at `made_at`. `nonce` are 32 random bytes, used once.
    pub const fn new(nonce: [u8; 32], person: PractitionerId, purpose: Purpose, made_at: Timestamp) -> Self {
        Self { nonce, person, purpose, made_at }
    }

    /// What the key is for.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The challenge: SHA-256 over a tag, the nonce, the person and the purpose.
    pub fn challenge(&self) -> [u8; 32] {
        let mut input = b"theriac registration 1\n".to_vec();
        input.extend_from_slice(&self.nonce);
        input.extend_from_slice(format!("{}\n{}", self.person, self.purpose.tag()).as_bytes());
        sha256(&input)
    }

    /// The handle under which a token files the key. One for each person and purpose: a token keeps one discoverable key
    /// for each handle, and a second registration must not overwrite the first.
    fn handle(&self) -> [u8; 32] {
        sha256(format!("theriac user handle 1\n{}\n{}", self.person, self.purpose.tag()).as_bytes())
    }

    /// Options for `navigator.credentials.create()`. `already` are the credentials enrolled for the same purpose: a token
    /// that holds one of them makes no second.
    pub fn options(&self, party: &RelyingParty, already: &[CredentialId]) -> Value {
        let exclude: Vec<Value> = already.iter().map(|id| descriptor(id, &[])).collect();
        let shown = match &self.purpose {
            Purpose::Signing(registration) => format!("{} ({registration})", self.person),
            Purpose::SignIn => self.person.to_string(),
        };
        let (selection, attestation, hints) = match self.purpose {
            Purpose::Signing(_) => (
                json!({"authenticatorAttachment": "cross-platform", "residentKey": "discouraged",
                    "requireResidentKey": false, "userVerification": "required"}),
                "direct",
                json!(["security-key"]),
            ),
            Purpose::SignIn => (
                json!({"residentKey": "preferred", "requireResidentKey": false, "userVerification": "required"}),
                "none",
                json!([]),
            ),
        };
        json!({
            "rp": {"id": party.id(), "name": party.name()},
            "user": {"id": URL_SAFE_NO_PAD.encode(self.handle()), "name": shown, "displayName": shown},
            "challenge": URL_SAFE_NO_PAD.encode(self.challenge()),
            // ES256 alone: every FIDO2 token has it, and it is what we verify with one module.
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
            "timeout": LAPSES_AFTER.as_secs() * 1000,
            "excludeCredentials": exclude,
            "authenticatorSelection": selection,
            "attestation": attestation,
            "hints": hints,
            "extensions": {},
        })
    }

    /// Checks a browser's answer at `at`. `already` as in [`RegistrationRequest::options`].
    ///
    /// # Errors
    /// A refusal, the first that holds in this order: lapsed, already enrolled, statement unreadable or of another kind,
    /// not an answer to this request (challenge, origin, touch, PIN or biometric, algorithm), statement's signature.
    pub fn verify(
        &self,
        party: &RelyingParty,
        already: &[CredentialId],
        answer: &RegistrationAnswer,
        at: Timestamp,
    ) -> Result<NewCredential, Refusal> {
        if at < self.made_at || at.duration_since(self.made_at) > LAPSES_AFTER {
            let what = "more than five minutes passed since the registration was begun";
            return Err(refuse("PKI-REG-LAPSED", FACTORS, what, "begin the registration again"));
        }
        if already.contains(&answer.credential) {
            return Err(enrolled_already());
        }
        // Before the library sees it: only two kinds of statement are let through.
        let object = AttestationObject::parse(&answer.attestation_object).map_err(bad_statement)?;
        let made = self.ceremony(party, answer)?;
        let attestation = object.verify(&answer.client_data).map_err(bad_statement)?;
        let id = CredentialId::from_bytes(&made.cred_id).ok_or_else(unreadable)?;
        if already.contains(&id) {
            return Err(enrolled_already());
        }
        Ok(NewCredential {
            person: self.person.clone(),
            purpose: self.purpose.clone(),
            id,
            key: point(&made.cred).ok_or_else(unreadable)?,
            counter: made.counter,
            copies: if made.backup_eligible { Copies::Possible } else { Copies::Never },
            attestation,
            transports: answer.transports.clone(),
            at,
        })
    }

    /// The checks of WebAuthn's registration ceremony, by the library.
    fn ceremony(&self, party: &RelyingParty, answer: &RegistrationAnswer) -> Result<Credential, Refusal> {
        let core = WebauthnCore::new_unsafe_experts_only(
            party.name(),
            party.id(),
            vec![party.url().clone()],
            LAPSES_AFTER.unsigned_abs(),
            Some(false),
            Some(false),
        );
        // The library draws its challenges itself; ours binds person and purpose, so the state is written out. A layout
        // that no longer fits makes every registration fail, and the first test.
        let state: RegistrationState = serde_json::from_value(json!({
            "policy": "required",
            "exclude_credentials": [],
            "challenge": URL_SAFE_NO_PAD.encode(self.challenge()),
            "credential_algorithms": ["ES256"],
            "require_resident_key": false,
            "authenticator_attachment": null,
            "extensions": {},
            // A key for signing that may be copied is refused by name, later.
            "allow_synchronised_authenticators": true,
        }))
        .map_err(|_| unreadable())?;
        let answer = RegisterPublicKeyCredential {
            id: answer.credential.to_string(),
            raw_id: answer.credential.as_bytes().to_vec(),
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: answer.attestation_object.clone(),
                client_data_json: answer.client_data.clone(),
                transports: None,
            },
            type_: "public-key".to_owned(),
            extensions: RegistrationExtensionsClientOutputs::default(),
        };
        core.register_credential(&answer, &state, None).map_err(|error| not_an_answer(&error))
    }
}

/// The uncompressed point of a P-256 key; `None` for any other.
fn point(key: &COSEKey) -> Option<PublicKey> {
    let COSEKeyType::EC_EC2(key) = &key.key else { return None };
    if key.curve != ECDSACurve::SECP256R1 {
        return None;
    }
    PublicKey::parse(&[&[4], &key.x[..], &key.y[..]].concat())
}

fn refuse(code: &'static str, cite: &'static str, what: &'static str, next: &'static str) -> Refusal {
    Refusal::new(code, cite, what, next)
}

fn unreadable() -> Refusal {
    refuse(
        "PKI-REG-UNREADABLE",
        FACTORS,
        "the token's answer is not a WebAuthn registration",
        "try again, or use another browser or token",
    )
}

fn enrolled_already() -> Refusal {
    refuse(
        "PKI-REG-ALREADY",
        FACTORS,
        "this key of the token is enrolled already",
        "use the token, or enrol another one as the spare",
    )
}

fn bad_statement(problem: BadAttestation) -> Refusal {
    match problem {
        BadAttestation::Unreadable => unreadable(),
        BadAttestation::Format => refuse(
            "PKI-REG-FORMAT",
            TOKEN,
            "the token states its make in a form that is not accepted",
            "use a FIDO2 security key, which states it in the packed form",
        ),
        BadAttestation::Certificate => refuse(
            "PKI-REG-ATTESTATION",
            TOKEN,
            "a certificate in the token's statement of its make cannot be read",
            "use a token of an approved model",
        )
        .under(Edition::Proposed2008),
        BadAttestation::Signature => refuse(
            "PKI-REG-ATTESTATION",
            TOKEN,
            "the signature on the token's statement of its make does not verify",
            "use a token of an approved model; report this to the operator",
        )
        .under(Edition::Proposed2008),
    }
}

fn not_an_answer(error: &WebauthnError) -> Refusal {
    match error {
        WebauthnError::MismatchedChallenge => refuse(
            "PKI-REG-CHALLENGE",
            FACTORS,
            "the token answered another request than this one",
            "begin the registration again",
        ),
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash | WebauthnError::CredentialCrossOrigin => {
            refuse(
                "PKI-REG-ORIGIN",
                FACTORS,
                "the token answered for another site",
                "open the page from its own address and report this to the operator",
            )
        }
        WebauthnError::UserNotPresent => {
            refuse("PKI-REG-NOT-PRESENT", TOKEN, "nobody touched the token", "begin again and touch the token")
        }
        WebauthnError::UserNotVerified => refuse(
            "PKI-REG-ONE-FACTOR",
            TOKEN,
            "the token did not check a PIN or a biometric, so there is only one factor",
            "set a PIN on the token and begin again",
        ),
        WebauthnError::CredentialAlteredAlgFromRequest => refuse(
            "PKI-REG-ALGORITHM",
            TOKEN,
            "the token made a key for another algorithm than ECDSA on P-256",
            "use a token that makes P-256 keys",
        ),
        WebauthnError::AttestationStatementSigInvalid
        | WebauthnError::AttestationCertificateAAGUIDMismatch
        | WebauthnError::AttestationCertificateRequirementsNotMet
        | WebauthnError::AttestationStatementAlgMismatch => refuse(
            "PKI-REG-ATTESTATION",
            TOKEN,
            "the token's statement of its make does not verify",
            "use a token of an approved model; report this to the operator",
        )
        .under(Edition::Proposed2008),
        _ => unreadable(),
    }
}
