//! Who is signed in at which browser: kept in memory only, known by the digest of a secret that the browser holds.
//!
//! A session that nobody used for the idle limit is locked: its work is kept, and nobody sees or does anything with it
//! until its person is known again (1311.110(c) of the 2008 proposal: after two minutes). It
//! ends for good after a working day, or when its person loses the right to be here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use theriac_journal::hash::sha256;

/// After this long a person signs in anew, however busy they are.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// Sessions at most; the one unused for longest gives way.
const MOST: usize = 10_000;
/// Bytes of a session's secret.
const SECRET_BYTES: usize = 32;

/// How a person was made known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Taken at their word, in a demonstration.
    Claimed,
    /// By a passkey that verified its user.
    Passkey,
    /// By a password and the code of a device of their own.
    PasswordAndCode,
}

/// What a browser holds.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    fn new() -> Option<Self> {
        let mut bytes = [0; SECRET_BYTES];
        aws_lc_rs::rand::fill(&mut bytes).ok()?;
        Some(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a secret as a cookie carries it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == SECRET_BYTES).then(|| Self(text.to_owned()))
    }

    /// As a cookie carries it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn digest(&self) -> [u8; 32] {
        sha256(self.0.as_bytes()).0
    }
}

/// A form that was sent while its session was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Where it was going.
    pub(crate) path: String,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

struct Session {
    person: String,
    known: Known,
    opened: Timestamp,
    used: Timestamp,
    locked: bool,
    kept: Option<Kept>,
}

/// What a secret stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No session.
    Nobody,
    /// Its person, at work.
    Open {
        /// Who.
        person: String,
        /// How they were made known.
        known: Known,
    },
    /// Its person has been away.
    Locked {
        /// Who.
        person: String,
        /// How they were made known.
        known: Known,
    },
}

/// What a request means for the idle clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// A person did something.
    Act,
    /// A page asked by itself.
    Page,
}

/// All sessions.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    /// By the digest of the secret.
    sessions: HashMap<[u8; 32], Session>,
    /// The journal's entry that last ended a person's sessions, as far as it was acted on here.
    ends: HashMap<String, u64>,
}

impl Sessions {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session for `person`; `None` if the machine gives no random bytes.
    pub(crate) fn open(&self, person: &str, known: Known, now: Timestamp) -> Option<Secret> {
        let secret = Secret::new()?;
        let all = &mut self.inside().sessions;
        all.retain(|_, session| now.duration_since(session.opened) < LONGEST);
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key);
            oldest.and_then(|key| all.remove(&key));
        }
        let session = Session { person: person.to_owned(), known, opened: now, used: now, locked: false, kept: None };
        all.insert(secret.digest(), session);
        Some(secret)
    }

    /// Who holds `secret`. A session idle for longer than `idle` is found locked and stays so. A clock that went backwards
    /// by more than `idle` locks, too: it cannot tell how long nobody was there.
    pub(crate) fn find(&self, secret: &Secret, now: Timestamp, idle: SignedDuration, how: Use) -> Found {
        let key = secret.digest();
        let all = &mut self.inside().sessions;
        let Some(session) = all.get_mut(&key) else { return Found::Nobody };
        if now.duration_since(session.opened).abs() >= LONGEST {
            all.remove(&key);
            return Found::Nobody;
        }
        let away = now.duration_since(session.used).abs();
        if away > idle {
            session.locked = true;
        }
        let (person, known) = (session.person.clone(), session.known);
        if session.locked {
            return Found::Locked { person, known };
        }
        if how == Use::Act {
            session.used = now;
        }
        Found::Open { person, known }
    }

    /// Its person is known again; gives back what was kept. The secret is changed, so that the old one is worth nothing.
    pub(crate) fn unlock(&self, secret: &Secret, known: Known, now: Timestamp) -> Option<(Secret, Option<Kept>)> {
        let fresh = Secret::new()?;
        let all = &mut self.inside().sessions;
        let mut session = all.remove(&secret.digest())?;
        session.locked = false;
        session.known = known;
        session.used = now;
        let kept = session.kept.take();
        all.insert(fresh.digest(), session);
        Some((fresh, kept))
    }

    /// Keeps what was sent while the session was locked.
    pub(crate) fn keep(&self, secret: &Secret, kept: Kept) {
        if let Some(session) = self.inside().sessions.get_mut(&secret.digest()) {
            session.kept = Some(kept);
        }
    }

    /// Gives back what was kept for an open session.
    pub(crate) fn take_kept(&self, secret: &Secret) -> Option<Kept> {
        self.inside().sessions.get_mut(&secret.digest()).and_then(|session| session.kept.take())
    }

    /// Locks a session at once, as its person asks.
    pub(crate) fn lock(&self, secret: &Secret) {
        if let Some(session) = self.inside().sessions.get_mut(&secret.digest()) {
            session.locked = true;
        }
    }

    /// Ends a session.
    pub(crate) fn end(&self, secret: &Secret) {
        self.inside().sessions.remove(&secret.digest());
    }

    /// Ends the sessions that a person opened before the journal's entry `end` ended them; answers how many. The same end
    /// taken again finds none, so that a session opened afterwards lives.
    pub(crate) fn end_before(&self, person: &str, end: u64) -> usize {
        let mut inside = self.inside();
        if inside.ends.get(person).is_some_and(|known| *known >= end) {
            return 0;
        }
        inside.ends.insert(person.to_owned(), end);
        let before = inside.sessions.len();
        inside.sessions.retain(|_, session| session.person != person);
        before - inside.sessions.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: SignedDuration = SignedDuration::from_secs(120);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("an instant")
    }

    fn open(sessions: &Sessions) -> Secret {
        sessions.open("brook", Known::Passkey, at(0)).expect("random bytes")
    }

    fn check(second: i64, open_then: bool) {
        let sessions = Sessions::default();
        let secret = open(&sessions);
        let found = sessions.find(&secret, at(second), IDLE, Use::Act);
        assert_eq!(matches!(found, Found::Open { .. }), open_then, "{second} s after the last use: {found:?}");
    }

    /// Requirements: epcs-1311.110-c
    #[test]
    fn a_session_locks_after_two_minutes_without_use() {
        for (second, open_then) in [(0, true), (119, true), (120, true), (121, false), (-119, true), (-121, false)] {
            check(second, open_then);
        }
    }

    #[test]
    fn what_a_page_asks_by_itself_does_not_keep_a_session_open() {
        let sessions = Sessions::default();
        let secret = open(&sessions);
        for second in [60, 119] {
            assert!(matches!(sessions.find(&secret, at(second), IDLE, Use::Page), Found::Open { .. }));
        }
        assert!(matches!(sessions.find(&secret, at(121), IDLE, Use::Act), Found::Locked { .. }));
    }

    #[test]
    fn a_locked_session_stays_locked_keeps_its_work_and_its_old_secret_is_worth_nothing_after() {
        let sessions = Sessions::default();
        let secret = open(&sessions);
        assert!(matches!(sessions.find(&secret, at(121), IDLE, Use::Act), Found::Locked { .. }));
        assert!(
            matches!(sessions.find(&secret, at(121), IDLE, Use::Act), Found::Locked { .. }),
            "asking does not open it"
        );
        let form = Kept { path: "/practice/drafts".into(), body: b"drug=x".to_vec() };
        sessions.keep(&secret, form.clone());
        let (fresh, kept) = sessions.unlock(&secret, Known::Passkey, at(200)).expect("it is there");
        assert_eq!(kept, Some(form));
        assert_eq!(sessions.find(&secret, at(201), IDLE, Use::Act), Found::Nobody);
        assert!(matches!(sessions.find(&fresh, at(201), IDLE, Use::Act), Found::Open { .. }));
    }

    #[test]
    fn a_session_ends_after_twelve_hours_of_work_and_when_its_person_goes() {
        let sessions = Sessions::default();
        let secret = open(&sessions);
        let twelve_hours = 12 * 3_600;
        for second in (0..twelve_hours).step_by(100) {
            assert!(matches!(sessions.find(&secret, at(second), IDLE, Use::Act), Found::Open { .. }), "{second}");
        }
        assert_eq!(sessions.find(&secret, at(twelve_hours), IDLE, Use::Act), Found::Nobody);
        let secret = open(&sessions);
        assert_eq!((sessions.end_before("other", 7), sessions.end_before("brook", 7)), (0, 1));
        assert_eq!(sessions.find(&secret, at(1), IDLE, Use::Act), Found::Nobody);
        let later = open(&sessions);
        assert_eq!(sessions.end_before("brook", 7), 0, "it was opened after that end");
        assert!(matches!(sessions.find(&later, at(1), IDLE, Use::Act), Found::Open { .. }));
        assert_eq!(sessions.end_before("brook", 8), 1);
    }

    #[test]
    fn only_a_secret_of_the_right_length_is_read() {
        let secret = open(&Sessions::default());
        assert!(Secret::parse(secret.as_str()).is_some());
        for text in ["", "a", "not base64!", &"A".repeat(44), &secret.as_str()[1..]] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }
}
