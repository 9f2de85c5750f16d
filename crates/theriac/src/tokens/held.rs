//! A bound token as it was enrolled: its kind decides whether it signs, so it is taken from what was archived when it was
//! bound, never assumed.

use super::{CODE_MEDIA, KEY_MEDIA, broken};
use crate::house::House;
use crate::house::record::Fault;
use jiff::Timestamp;
use theriac_model::{Registration, hex};
use theriac_pki::PublicKey;
use theriac_pki::otp::CodeCredential;
use theriac_pki::pass::{Credential, CredentialId, CredentialState, PractitionerId, TokenKind};
use theriac_pki::webauthn::Enrolled;
use theriac_prescriber::token::HeldElsewhere;

/// What stands behind a bound credential.
#[derive(Debug)]
pub(crate) enum Bound {
    /// A security key.
    Key(Box<Enrolled>),
    /// A device that shows codes.
    Code(Box<CodeCredential>),
    /// The software token of a demonstration.
    Demonstration,
}

/// A credential as its holder's records describe it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownToken<'a> {
    pub(crate) person: &'a str,
    pub(crate) credential: &'a CredentialId,
    pub(crate) registration: &'a Registration,
    pub(crate) public_key: &'a str,
    /// The counter of its last accepted answer.
    pub(crate) counter: u32,
    /// The first instant at which it no longer authenticates.
    pub(crate) expires: Timestamp,
    pub(crate) revoked: Option<Timestamp>,
}

/// A device that somebody else holds, or held.
pub(super) struct Elsewhere {
    person: String,
    serial: String,
    public_key: String,
}

impl Elsewhere {
    pub(super) fn as_held(&self) -> HeldElsewhere<'_> {
        HeldElsewhere { person: &self.person, serial: &self.serial, public_key: &self.public_key }
    }
}

impl House {
    /// What was archived when a person's credential was bound; `None` if it never was. Outside a demonstration nothing is
    /// bound without it.
    pub(crate) fn bound(&self, person: &str, credential: &str) -> Result<Option<Bound>, Fault> {
        let sql = "SELECT seq FROM tokens WHERE credential = $1 AND person = $2";
        let rows = self.store.query(sql, &[credential.into(), person.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let Some(piece) = self.store.archive(row.u64(0)?)?.into_iter().next() else {
            return Ok(self.deployment.demo().map(|_| Bound::Demonstration));
        };
        match piece.media.as_str() {
            KEY_MEDIA => Ok(Some(Bound::Key(Box::new(Enrolled::from_bytes(&piece.bytes).map_err(broken)?)))),
            CODE_MEDIA => {
                let value = serde_json::from_slice(&piece.bytes).map_err(broken)?;
                Ok(Some(Bound::Code(Box::new(CodeCredential::from_json(&value).map_err(broken)?))))
            }
            other => Err(broken(format!("a token was archived as {other}"))),
        }
    }

    /// How a person's security key can be reached, as a hint for browsers.
    pub(crate) fn transports(&self, person: &str, credential: &str) -> Result<Vec<String>, Fault> {
        Ok(match self.bound(person, credential)? {
            Some(Bound::Key(enrolled)) => enrolled.transports,
            _ => Vec::new(),
        })
    }

    /// The credential to verify an answer with, its kind as enrolled and its model asked again. `None` for a code device or
    /// a token that was never bound.
    pub(crate) fn credential(&self, known: KnownToken<'_>) -> Result<Option<Credential>, Fault> {
        let state = known.revoked.map_or(CredentialState::Active, |at| CredentialState::Revoked { at });
        match self.bound(known.person, &known.credential.to_string())? {
            Some(Bound::Key(enrolled)) => {
                if state == CredentialState::Active {
                    self.still_trusted(&enrolled)?;
                }
                Ok(Some(enrolled.credential(known.counter, known.expires, state)))
            }
            Some(Bound::Demonstration) => {
                let key = hex::decode(known.public_key).and_then(|point| PublicKey::parse(&point));
                let person = PractitionerId::parse(known.person);
                Ok(key.zip(person).map(|(key, practitioner)| Credential {
                    id: known.credential.clone(),
                    practitioner,
                    registration: known.registration.clone(),
                    key,
                    kind: TokenKind::Soft,
                    counter: known.counter,
                    expires: known.expires,
                    state,
                }))
            }
            Some(Bound::Code(_)) | None => Ok(None),
        }
    }

    /// Devices of other people with this serial number or key, held now or before.
    pub(super) fn elsewhere(&self, person: &str, serial: &str, key: &str) -> Result<Vec<Elsewhere>, Fault> {
        let sql =
            "SELECT person, serial, public_key FROM tokens WHERE person <> $1 AND (serial = $2 OR public_key = $3)";
        let rows = self.store.query(sql, &[person.into(), serial.into(), key.into()])?;
        let mut held = Vec::new();
        for row in &rows {
            let text = |n| row.text(n).map(str::to_owned);
            held.push(Elsewhere { person: text(0)?, serial: text(1)?, public_key: text(2)? });
        }
        Ok(held)
    }
}
