//! Programs that work with the deployment: their keys, and the addresses at which they are reached.
//!
//! A program asks in the name of one person and through the API only. It prepares; it never signs, which takes a person
//! with two factors at a browser.

pub(crate) mod address;
pub(crate) mod event;
pub(crate) mod hooks;
pub(crate) mod post;
pub(crate) mod table;

use crate::house::House;
use crate::house::event::{ApiKey, HouseEvent};
use crate::house::record::Fault;
use crate::views::KeyHolder;
use address::Address;
pub(crate) use address::is_public;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use theriac_journal::hash::sha256;
use theriac_model::{Actor, Refusal, Role};
use theriac_store::Row;

const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.110(a)";
/// Random bytes of a key.
const KEY_BYTES: usize = 32;
/// What a key begins with, so that one that was published by mistake is recognised.
const KEY_MARK: &str = "theriac-";
/// The longest name of a program, in characters.
const NAME_MOST: usize = 80;

/// A key as the operator wants it.
pub(crate) struct Wanted<'a> {
    /// The person in whose name the program asks.
    pub(crate) acts_as: &'a str,
    /// The program.
    pub(crate) name: &'a str,
    /// Where a practitioner goes back to after signing.
    pub(crate) return_to: Option<&'a str>,
}

fn refuse(code: &'static str, field: &'static str, what: String, next: &'static str) -> Fault {
    Refusal::new(code, CITE, what, next).about(field).into()
}

fn key_of(row: &Row) -> Result<ApiKey, Fault> {
    let text = |n| row.text(n).map(str::to_owned);
    let return_to = Some(text(4)?).filter(|address| !address.is_empty());
    Ok(ApiKey { id: text(0)?, name: text(1)?, acts_as: text(2)?, digest: text(3)?, return_to })
}

const KEYS: &str = "SELECT id, name, acts_as, digest, return_to FROM api_keys";

impl House {
    /// Gives a program a key; answers its identifier and the key, which is shown once and kept nowhere.
    ///
    /// # Errors
    /// A person nobody knows, a program without a name, an address to which nobody may be sent back.
    pub(crate) fn issue_key(&self, by: &Actor, wanted: &Wanted<'_>) -> Result<(String, String), Fault> {
        let person = self.person(wanted.acts_as)?.filter(|person| person.role != Role::System).ok_or_else(|| {
            let what = format!("there is no person {}", wanted.acts_as);
            refuse("API-KEY-PERSON", "as", what, "add the person first; `theriac people list` names those who are here")
        })?;
        let name = wanted.name.trim();
        if name.is_empty() || name.chars().count() > NAME_MOST || name.chars().any(char::is_control) {
            let what = format!("the program's name is empty, longer than {NAME_MOST} characters or on several lines");
            return Err(refuse("API-KEY-NAME", "for", what, "name the program as people know it"));
        }
        let return_to =
            wanted.return_to.map(|typed| Address::parse(typed, self.deployment).map(|found| found.as_str().to_owned()));
        let mut bytes = [0; KEY_BYTES];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Fault::Broken("the system gave no random bytes".to_owned()))?;
        let key = format!("{KEY_MARK}{}", URL_SAFE_NO_PAD.encode(bytes));
        let id = Self::fresh_id("K")?;
        let issued = ApiKey {
            id: id.clone(),
            name: name.to_owned(),
            acts_as: person.id,
            digest: sha256(key.as_bytes()).to_hex(),
            return_to: return_to.transpose()?,
        };
        self.note(by, &[HouseEvent::ApiKeyIssued(issued)])?;
        Ok((id, key))
    }

    /// Takes a program's key back. Every process of the deployment refuses it from the next request on.
    ///
    /// # Errors
    /// A key that is not in force.
    pub(crate) fn end_key(&self, by: &Actor, id: &str) -> Result<(), Fault> {
        if self.key(id)?.is_none() {
            let what = format!("there is no key {id} in force");
            return Err(refuse("API-KEY-UNKNOWN", "id", what, "take the identifier from `theriac api-key list`"));
        }
        self.note(by, &[HouseEvent::ApiKeyEnded { id: id.to_owned() }])
    }

    /// The keys in force, by the program's name.
    pub(crate) fn keys_in_force(&self) -> Result<Vec<ApiKey>, Fault> {
        self.store.query(&format!("{KEYS} ORDER BY name, id"), &[])?.iter().map(key_of).collect()
    }

    /// A key in force, by its identifier.
    pub(crate) fn key(&self, id: &str) -> Result<Option<ApiKey>, Fault> {
        self.store.query(&format!("{KEYS} WHERE id = $1"), &[id.into()])?.first().map(key_of).transpose()
    }

    /// Whose key this is. The table is asked each time: another process may have issued or ended it.
    pub(crate) fn holder_of(&self, key: &str) -> Result<Option<KeyHolder>, Fault> {
        let digest = sha256(key.as_bytes()).to_hex();
        let rows = self.store.query("SELECT id, acts_as FROM api_keys WHERE digest = $1", &[digest.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(KeyHolder { id: row.text(0)?.to_owned(), acts_as: row.text(1)?.to_owned() }))
    }
}
