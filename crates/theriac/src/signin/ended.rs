//! When the sessions of a person were last ended, as a table, so that every running server knows of an end that another
//! process recorded.

use super::SignInEvent;
use crate::house::House;
use crate::house::projections::failed;
use crate::house::record::{Change, Fault, read};
use jiff::Timestamp;
use theriac_journal::Entry;
use theriac_model::Actor;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// One row a person: the instant up to which every session of theirs is over.
pub(crate) struct EndedSessions;

impl Projection for EndedSessions {
    fn name(&self) -> &'static str {
        "ended-sessions"
    }

    fn tables(&self) -> &[&str] {
        &["ended_sessions"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE ended_sessions (person TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
            }
            Engine::Postgres => {
                "CREATE TABLE ended_sessions (person TEXT COLLATE \"C\" PRIMARY KEY, at_ms BIGINT NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind != "sign-in.sessions-ended" {
            return Ok(());
        }
        let SignInEvent::SessionsEnded { person } = read(entry).map_err(failed)? else {
            return Ok(());
        };
        tx.write(
            "INSERT INTO ended_sessions (person, at_ms) VALUES ($1, $2)
             ON CONFLICT (person) DO UPDATE SET at_ms = excluded.at_ms",
            vec![person.into(), entry.at_ms.into()],
        )
    }
}

impl House {
    /// Ends every session of a person, in this process at once and in others at their next use, and voids an invitation.
    pub(crate) fn end_sessions(&self, by: &Actor, person: &str) -> Result<(), Fault> {
        let name = super::way(person);
        let event = SignInEvent::SessionsEnded { person: person.to_owned() };
        Change::default().event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        self.sessions.end_all(person);
        Ok(())
    }

    /// Up to when a person's sessions are over; `None` if nobody ever ended them.
    pub(crate) fn sessions_ended(&self, person: &str) -> Result<Option<Timestamp>, Fault> {
        let rows = self.store.query("SELECT at_ms FROM ended_sessions WHERE person = $1", &[person.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let at = Timestamp::from_millisecond(row.int(0)?).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(Some(at))
    }
}
