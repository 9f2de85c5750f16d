//! What pages exchange with the browser: JSON as `PublicKeyCredential.toJSON()` writes it and
//! `parseRequestOptionsFromJSON()` reads it.

use super::attestation::LONGEST;
use super::party::RelyingParty;
use crate::assertion::{Assertion, LAPSES_AFTER};
use crate::pass::CredentialId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use theriac_model::Refusal;
use theriac_model::json::Reader;

/// The longest answer that is read, in bytes of JSON.
const JSON_LONGEST: usize = 128 * 1024;
/// The most transports that are kept of those the browser names.
const TRANSPORTS_MOST: usize = 8;

/// A browser's answer to a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationAnswer {
    /// The credential the browser says was made.
    pub credential: CredentialId,
    /// The client's JSON with the challenge and the origin.
    pub client_data: Vec<u8>,
    /// CBOR: format, statement, authenticator data.
    pub attestation_object: Vec<u8>,
    /// How the token can be reached (`usb`, `nfc` ...): a hint for the next request, never evidence.
    pub transports: Vec<String>,
}

impl RegistrationAnswer {
    /// Reads the JSON of `PublicKeyCredential.toJSON()` after `navigator.credentials.create()`; at most 128 KiB.
    ///
    /// # Errors
    /// A refusal that names the member.
    pub fn from_browser(json: &[u8]) -> Result<Self, Refusal> {
        let value = read(json)?;
        let (credential, response) = head(&value)?;
        Ok(Self {
            credential,
            client_data: bytes(response, "clientDataJSON", 4096)?,
            attestation_object: bytes(response, "attestationObject", LONGEST)?,
            transports: transports(response),
        })
    }
}

impl Assertion {
    /// Reads the JSON of `PublicKeyCredential.toJSON()` after `navigator.credentials.get()`; at most 128 KiB.
    ///
    /// # Errors
    /// A refusal that names the member.
    pub fn from_browser(json: &[u8]) -> Result<Self, Refusal> {
        let value = read(json)?;
        let (credential, response) = head(&value)?;
        Ok(Self {
            credential,
            authenticator_data: bytes(response, "authenticatorData", 1024)?,
            client_data: bytes(response, "clientDataJSON", 4096)?,
            signature: bytes(response, "signature", 256)?,
        })
    }
}

/// Options for `navigator.credentials.get()` that ask these credentials to sign `challenge`, PIN or biometric included.
/// With no credentials the browser offers every passkey of the site.
pub fn assertion_options(
    party: &RelyingParty,
    challenge: &[u8; 32],
    credentials: &[(CredentialId, Vec<String>)],
) -> Value {
    let allowed: Vec<Value> = credentials.iter().map(|(id, transports)| descriptor(id, transports)).collect();
    json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "rpId": party.id(),
        "timeout": LAPSES_AFTER.as_secs() * 1000,
        "allowCredentials": allowed,
        "userVerification": "required",
    })
}

pub(super) fn descriptor(id: &CredentialId, transports: &[String]) -> Value {
    let mut descriptor = json!({"type": "public-key", "id": id.to_string()});
    if !transports.is_empty() {
        descriptor["transports"] = json!(transports);
    }
    descriptor
}

fn unreadable(what: String, field: &str) -> Refusal {
    Refusal::new(
        "PKI-REG-UNREADABLE",
        "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)",
        what,
        "try again, or use another browser or token",
    )
    .about(field.to_owned())
}

fn read(json: &[u8]) -> Result<Value, Refusal> {
    if json.len() > JSON_LONGEST {
        return Err(unreadable("the browser's answer is longer than 128 KiB".to_owned(), "answer"));
    }
    serde_json::from_slice(json).map_err(|_| unreadable("the browser's answer is not JSON".to_owned(), "answer"))
}

fn head(value: &Value) -> Result<(CredentialId, Reader<'_>), Refusal> {
    let reader = Reader(value);
    let credential = reader
        .parsed("rawId", "base64url of 1 to 1023 bytes", CredentialId::parse)
        .map_err(|error| unreadable(error.to_string(), "rawId"))?;
    if reader.get("type").and_then(Value::as_str) != Some("public-key") {
        return Err(unreadable("field type: \"public-key\" expected".to_owned(), "type"));
    }
    let response = reader.object("response").map_err(|error| unreadable(error.to_string(), "response"))?;
    Ok((credential, response))
}

fn bytes(reader: Reader<'_>, field: &'static str, most: usize) -> Result<Vec<u8>, Refusal> {
    let decoded = reader
        .parsed(field, "base64url", |text| URL_SAFE_NO_PAD.decode(text).ok())
        .map_err(|error| unreadable(error.to_string(), field))?;
    if decoded.len() > most {
        return Err(unreadable(format!("field {field}: at most {most} bytes expected"), field));
    }
    Ok(decoded)
}

fn transports(response: Reader<'_>) -> Vec<String> {
    let plain =
        |word: &&str| (1..=16).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let named = response.list("transports").unwrap_or_default();
    named.iter().filter_map(Value::as_str).filter(plain).take(TRANSPORTS_MOST).map(str::to_owned).collect()
}
