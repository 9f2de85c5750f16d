//! What is kept of an enrolled security key: canonical JSON, layout version 1, read by code of ours.

use super::attestation::{Aaguid, Attestation, AttestationFormat};
use super::registration::{NewCredential, Purpose};
use super::trust::demonstration;
use crate::certificate::Certificate;
use crate::deployment::DemoDeployment;
use crate::keys::PublicKey;
use crate::pass::{Credential, CredentialId, CredentialState, PractitionerId, TokenKind, ValidatedModel};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader, canonical};
use theriac_model::{Refusal, Registration, hex};

/// Why stored bytes are not an enrolled key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEnrolment {
    /// Not JSON.
    #[error("the stored credential is not JSON")]
    NotJson,
    /// A layout this program does not know.
    #[error("the stored credential has a layout this program does not know; it reads version 1")]
    Version,
    /// A member is missing or not what it should be.
    #[error("the stored credential: {0}")]
    Field(#[from] BadField),
}

/// A security key enrolled for signing under one registration. The counter and a revocation are recorded elsewhere, as
/// they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Whose it is.
    pub person: PractitionerId,
    /// The registration it signs under.
    pub registration: Registration,
    /// The token's name for it.
    pub id: CredentialId,
    /// The public key.
    pub key: PublicKey,
    /// The token's counter when it was enrolled.
    pub counter: u32,
    /// Where the private key lives, and the model's validation at enrolment.
    pub kind: TokenKind,
    /// The token's statement of its make, as verified at enrolment.
    pub attestation: Attestation,
    /// Hints how the token can be reached.
    pub transports: Vec<String>,
    /// When it was enrolled.
    pub at: Timestamp,
}

impl Enrolled {
    /// Enrols a key whose make was approved by [`super::SigningTrust::judge`].
    ///
    /// # Errors
    /// A refusal of a key that was made for signing in.
    pub fn hardware(new: NewCredential, model: ValidatedModel) -> Result<Self, Refusal> {
        Self::new(new, TokenKind::Hard(model))
    }

    /// Enrols any key in a demonstration, where it counts as software.
    ///
    /// # Errors
    /// A refusal of a key that was made for signing in.
    pub fn in_demonstration(new: NewCredential, permission: DemoDeployment) -> Result<Self, Refusal> {
        Self::new(new, demonstration(permission))
    }

    fn new(new: NewCredential, kind: TokenKind) -> Result<Self, Refusal> {
        let Purpose::Signing(registration) = new.purpose else {
            return Err(Refusal::new(
                "PKI-TOKEN-PURPOSE",
                "21 CFR 1311.120(b)",
                "the key was made for signing in, not for signing prescriptions",
                "register the token for signing, under the practitioner's registration",
            ));
        };
        Ok(Self {
            person: new.person,
            registration,
            id: new.id,
            key: new.key,
            counter: new.counter,
            kind,
            attestation: new.attestation,
            transports: new.transports,
            at: new.at,
        })
    }

    /// The credential for [`crate::verify_assertion`]. `counter` is the one of the last accepted answer, or the one at
    /// enrolment; `expires` the start of the day on which the registration expires.
    pub fn credential(&self, counter: u32, expires: Timestamp, state: CredentialState) -> Credential {
        Credential {
            id: self.id.clone(),
            practitioner: self.person.clone(),
            registration: self.registration.clone(),
            key: self.key,
            kind: self.kind.clone(),
            counter: counter.max(self.counter),
            expires,
            state,
        }
    }

    /// The stored form: canonical JSON, always the same bytes for the same key.
    pub fn to_bytes(&self) -> Vec<u8> {
        let chain: Vec<String> = self.attestation.chain.iter().map(|one| STANDARD.encode(one.der())).collect();
        let mut value = json!({
            "type": "fido2-signing",
            "version": 1,
            "person": self.person.as_str(),
            "registration": self.registration.to_string(),
            "id": self.id.to_string(),
            "key": hex::encode(self.key.point()),
            "counter": self.counter,
            "kind": match self.kind { TokenKind::Hard(_) => "hard", TokenKind::Soft => "soft" },
            "attestation": {
                "format": self.attestation.format.word(),
                "aaguid": self.attestation.aaguid.to_string(),
                "chain": chain,
            },
            "transports": self.transports,
            "enrolled": self.at.to_string(),
        });
        if let TokenKind::Hard(model) = &self.kind {
            value["model"] = model.to_json();
        }
        // Whole numbers and strings only, so this cannot fail; an empty record would not be read back.
        canonical(&value).unwrap_or_default()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadEnrolment`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadEnrolment> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| BadEnrolment::NotJson)?;
        let reader = Reader(&value);
        if reader.text("type")? != "fido2-signing" || reader.whole("version")? != 1 {
            return Err(BadEnrolment::Version);
        }
        let statement = reader.object("attestation")?;
        let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
        let certificate = |value: &Value| {
            let der = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            der.and_then(|der| Certificate::from_der(&der).ok()).ok_or_else(|| bad("chain", "certificates in base64"))
        };
        let transports = reader.list("transports")?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(Self {
            person: reader.parsed("person", "an identifier", PractitionerId::parse)?,
            registration: reader.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
            id: reader.parsed("id", "base64url", CredentialId::parse)?,
            key: reader.parsed("key", "a P-256 point in hex", |text| PublicKey::parse(&hex::decode(text)?))?,
            counter: u32::try_from(reader.whole("counter")?).map_err(|_| bad("counter", "a counter of 32 bits"))?,
            kind: match reader.text("kind")? {
                "hard" => TokenKind::Hard(ValidatedModel::from_json(reader.object("model")?)?),
                "soft" => TokenKind::Soft,
                _ => return Err(bad("kind", "hard or soft").into()),
            },
            attestation: Attestation {
                format: match statement.text("format")? {
                    "none" => AttestationFormat::None,
                    "packed" => AttestationFormat::Packed,
                    _ => return Err(bad("format", "none or packed").into()),
                },
                aaguid: statement.parsed("aaguid", "a UUID", Aaguid::parse)?,
                chain: statement.list("chain")?.iter().map(certificate).collect::<Result<_, _>>()?,
            },
            transports,
            at: reader.parsed("enrolled", "an instant", |text| text.parse().ok())?,
        })
    }
}
