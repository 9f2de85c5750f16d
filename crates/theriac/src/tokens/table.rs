//! Which devices there are and whose they are, derived from the journal.

use crate::access::ControllerEvent;
use crate::house::record::{Fault, read};
use crate::tokens::CodeDeviceEvent;
use theriac_journal::Entry;
use theriac_prescriber::{AccessEvent, TokenEvent};
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Every token ever bound with the entry that bound it, every code device, and the designated controllers.
pub(crate) struct Tokens;

impl Projection for Tokens {
    fn name(&self) -> &'static str {
        "tokens"
    }

    fn tables(&self) -> &[&str] {
        &["tokens", "code_devices", "controllers"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE tokens (credential TEXT PRIMARY KEY, person TEXT NOT NULL, serial TEXT NOT NULL, public_key TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
                 CREATE INDEX tokens_serial ON tokens (serial);
                 CREATE INDEX tokens_key ON tokens (public_key);
                 CREATE TABLE code_devices (stream TEXT PRIMARY KEY, maker TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL) STRICT;
                 CREATE INDEX code_devices_serial ON code_devices (serial);
                 CREATE TABLE controllers (person TEXT PRIMARY KEY) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE tokens (credential TEXT COLLATE \"C\" PRIMARY KEY, person TEXT COLLATE \"C\" NOT NULL, serial TEXT COLLATE \"C\" NOT NULL, public_key TEXT COLLATE \"C\" NOT NULL, seq BIGINT NOT NULL);
                 CREATE INDEX tokens_serial ON tokens (serial);
                 CREATE INDEX tokens_key ON tokens (public_key);
                 CREATE TABLE code_devices (stream TEXT COLLATE \"C\" PRIMARY KEY, maker TEXT NOT NULL, model TEXT NOT NULL, serial TEXT COLLATE \"C\" NOT NULL);
                 CREATE INDEX code_devices_serial ON code_devices (serial);
                 CREATE TABLE controllers (person TEXT COLLATE \"C\" PRIMARY KEY);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let token = |tx: &mut dyn Tx, person: &str, credential: String, serial: String, public_key: String| {
            tx.write(
                "INSERT INTO tokens (credential, person, serial, public_key, seq) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (credential) DO NOTHING",
                vec![credential.into(), person.into(), serial.into(), public_key.into(), entry.seq.into()],
            )
        };
        match entry.kind.as_str() {
            "token.bound" | "access.credential-registered" => {
                let person = entry.stream.strip_prefix("signer/").unwrap_or_default();
                match read::<AccessEvent>(entry).map_err(damaged)? {
                    AccessEvent::Token(TokenEvent::Bound { credential, serial, public_key, .. }) => {
                        token(tx, person, credential, serial, public_key)
                    }
                    AccessEvent::CredentialRegistered { credential, public_key, .. } => {
                        token(tx, person, credential, String::new(), public_key)
                    }
                    _ => Ok(()),
                }
            }
            "controller.key-bound" => match read::<ControllerEvent>(entry).map_err(damaged)? {
                ControllerEvent::KeyBound { person, credential, serial, public_key, .. } => {
                    token(tx, &person, credential, serial, public_key)
                }
                _ => Ok(()),
            },
            "controller.designated" => match read::<ControllerEvent>(entry).map_err(damaged)? {
                ControllerEvent::Designated { person, .. } => tx.write(
                    "INSERT INTO controllers (person) VALUES ($1) ON CONFLICT (person) DO NOTHING",
                    vec![person.into()],
                ),
                _ => Ok(()),
            },
            "code-device.imported" => match read::<CodeDeviceEvent>(entry).map_err(damaged)? {
                CodeDeviceEvent::Imported(device) => tx.write(
                    "INSERT INTO code_devices (stream, maker, model, serial) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (stream) DO NOTHING",
                    vec![
                        entry.stream.as_str().into(),
                        device.id.maker.into(),
                        device.id.model.into(),
                        device.id.serial.into(),
                    ],
                ),
                CodeDeviceEvent::Tried { .. } => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

fn damaged(fault: Fault) -> StoreError {
    match fault {
        Fault::Broken(why) => StoreError::Damaged(why),
        Fault::Conflict | Fault::Refused(_) => StoreError::Damaged("a record cannot be projected".to_owned()),
    }
}
