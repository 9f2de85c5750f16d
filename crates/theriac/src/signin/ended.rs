//! When the sessions of a person were last ended, as a table, so that every running server knows of an end that another
//! process recorded.

use super::SignInEvent;
use crate::house::House;
use crate::house::projections::failed;
use crate::house::record::{Change, Fault, read};
use crate::sessions::{Known, Secret};
use theriac_journal::Entry;
use theriac_model::Actor;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// One row a person: the entry that ended every session opened before it.
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
                "CREATE TABLE ended_sessions (person TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
            }
            Engine::Postgres => {
                "CREATE TABLE ended_sessions (person TEXT COLLATE \"C\" PRIMARY KEY, seq BIGINT NOT NULL);"
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
            "INSERT INTO ended_sessions (person, seq) VALUES ($1, $2)
             ON CONFLICT (person) DO UPDATE SET seq = excluded.seq",
            vec![person.into(), entry.seq.into()],
        )
    }
}

impl House {
    /// Opens a session that outlives every end recorded so far.
    pub(crate) fn open_session(&self, person: &str, known: Known) -> Result<Secret, Fault> {
        let end = self.sessions_ended(person)?;
        if let Some(end) = end {
            self.sessions.end_before(person, end);
        }
        let opened = self.sessions.open(person, known, self.clock.now());
        let secret = opened.ok_or_else(|| Fault::Broken("the system gave no random bytes".to_owned()))?;
        if self.sessions_ended(person)? != end {
            // Somebody ended them between the two questions; which side this one falls on is not for us to guess.
            self.sessions.end(&secret);
        }
        Ok(secret)
    }

    /// Ends every session of a person, in this process at once and in others at their next use, and voids an invitation.
    /// Answers how many sessions were ended here.
    pub(crate) fn end_sessions(&self, by: &Actor, person: &str) -> Result<usize, Fault> {
        let name = super::way(person);
        let event = SignInEvent::SessionsEnded { person: person.to_owned() };
        let appended = Change::default().event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(self.sessions.end_before(person, appended.seqs.start))
    }

    /// The entry that last ended a person's sessions; `None` if none did.
    pub(crate) fn sessions_ended(&self, person: &str) -> Result<Option<u64>, Fault> {
        let rows = self.store.query("SELECT seq FROM ended_sessions WHERE person = $1", &[person.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        u64::try_from(row.int(0)?).map(Some).map_err(|error| Fault::Broken(error.to_string()))
    }
}
