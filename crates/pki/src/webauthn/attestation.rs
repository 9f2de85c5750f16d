//! What a token says of its make when it makes a key: the attestation statement, checked with AWS-LC.

use crate::certificate::{Certificate, sha256};
use serde_cbor_2::Value;
use std::fmt;

/// The longest attestation object that is read, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;
/// The most certificates a statement may carry.
const CHAIN_MOST: usize = 8;

/// The identifier of a model of token, 16 bytes, shown as a UUID. All zero means that the token does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Aaguid(pub [u8; 16]);

impl Aaguid {
    /// Reads the form `01020304-0506-0708-0102-030405060708`.
    pub fn parse(text: &str) -> Option<Self> {
        let dashes = text.bytes().enumerate().filter(|(_, byte)| *byte == b'-').map(|(at, _)| at);
        if text.len() != 36 || !dashes.eq([8, 13, 18, 23]) {
            return None;
        }
        let bytes = theriac_model::hex::decode(&text.replace('-', ""))?;
        bytes.try_into().ok().map(Self)
    }

    /// Whether the token did not say what it is.
    pub fn is_unknown(&self) -> bool {
        self.0 == [0; 16]
    }
}

impl fmt::Display for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if [4, 6, 8, 10].contains(&at) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// The kinds of statement that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationFormat {
    /// No statement.
    None,
    /// WebAuthn's own kind, "packed".
    Packed,
}

impl AttestationFormat {
    /// The word used in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Packed => "packed",
        }
    }
}

/// A statement that verified: what the token says of its make, and who vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Its kind.
    pub format: AttestationFormat,
    /// The model.
    pub aaguid: Aaguid,
    /// The certificate whose key signed the statement, then those above it as the token sent them. Empty when the token
    /// vouches for itself or makes no statement. Whether the chain is trusted is another question.
    pub chain: Vec<Certificate>,
}

/// Why an attestation object is not one that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadAttestation {
    Unreadable,
    Format,
    Certificate,
    Signature,
}

/// An attestation object in parts: CBOR of format, statement and authenticator data.
pub(crate) struct AttestationObject {
    format: AttestationFormat,
    statement: Value,
    authenticator_data: Vec<u8>,
}

impl AttestationObject {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, BadAttestation> {
        use BadAttestation::{Format, Unreadable};
        if bytes.len() > LONGEST {
            return Err(Unreadable);
        }
        let value: Value = serde_cbor_2::from_slice(bytes).map_err(|_| Unreadable)?;
        let format = match member(&value, "fmt") {
            Some(Value::Text(text)) if text == "none" => AttestationFormat::None,
            Some(Value::Text(text)) if text == "packed" => AttestationFormat::Packed,
            Some(Value::Text(_)) => return Err(Format),
            _ => return Err(Unreadable),
        };
        let statement = member(&value, "attStmt").cloned().ok_or(Unreadable)?;
        let Some(Value::Bytes(data)) = member(&value, "authData") else { return Err(Unreadable) };
        Ok(Self { format, statement, authenticator_data: data.clone() })
    }

    /// The model: 16 bytes behind the counter.
    fn aaguid(&self) -> Option<Aaguid> {
        self.authenticator_data.get(37..53)?.try_into().ok().map(Aaguid)
    }

    /// Checks that the statement is signed over the authenticator data and the client's data by the key of its first
    /// certificate.
    pub(crate) fn verify(&self, client_data: &[u8]) -> Result<Attestation, BadAttestation> {
        let aaguid = self.aaguid().ok_or(BadAttestation::Unreadable)?;
        let plain = Attestation { format: self.format, aaguid, chain: Vec::new() };
        if self.format == AttestationFormat::None {
            return Ok(plain);
        }
        let Some(Value::Bytes(signature)) = member(&self.statement, "sig") else {
            return Err(BadAttestation::Unreadable);
        };
        let sent = match member(&self.statement, "x5c") {
            // The token vouches for itself with the new key: worth nothing for signing, and harmless for sign-in.
            None => return Ok(plain),
            Some(Value::Array(sent)) if (1..=CHAIN_MOST).contains(&sent.len()) => sent,
            Some(_) => return Err(BadAttestation::Certificate),
        };
        let chain = sent
            .iter()
            .map(|one| match one {
                Value::Bytes(der) => Certificate::from_der(der).map_err(|_| BadAttestation::Certificate),
                _ => Err(BadAttestation::Certificate),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let leaf = chain.first().ok_or(BadAttestation::Certificate)?;
        let signed = [&self.authenticator_data[..], &sha256(client_data)].concat();
        leaf.key().verify_sig(&signed, signature).map_err(|_| BadAttestation::Signature)?;
        Ok(Attestation { chain, ..plain })
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Map(members) = value else { return None };
    members.get(&Value::Text(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_model_identifier_is_read_in_the_form_it_is_shown_in() {
        let text = "0fb9bcbc-a0d4-4042-bbb0-559bc1631e28";
        assert_eq!(Aaguid::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        for wrong in [
            "",
            "0fb9bcbca0d44042bbb0559bc1631e28",
            "0fb9bcbc-a0d4-4042-bbb0-559bc1631e2g",
            "0fb9bcbca-0d4-4042-bbb0-559bc1631e28",
        ] {
            assert_eq!(Aaguid::parse(wrong), None, "{wrong}");
        }
        assert!(Aaguid([0; 16]).is_unknown());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(object) = AttestationObject::parse(&bytes) {
                let _ = object.verify(b"{}");
            }
        }
    }
}
