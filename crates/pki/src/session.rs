//! A session at a desk: open, locked after two minutes without use, ended after half a day. State and time in, state out.
//!
//! 1311.110(c) of the 2008 proposed rule wants both factors again after more than two minutes without use. A lock keeps
//! the work: who comes back and authenticates goes on where they were. Of the token that names a session only its digest is
//! stored, so a stolen database opens none.

use crate::certificate::sha256;
use crate::keys::KeyFailure;
use crate::pass::PractitionerId;
use crate::signin::{Method, SignedIn};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use theriac_model::{Edition, Refusal};
use zeroize::Zeroizing;

/// The longest note of where the work was, in bytes.
const PLACE_LONGEST: usize = 1024;

/// What a browser holds to name its session: 32 random bytes, shown once, as base64url.
pub struct SessionToken(Zeroizing<[u8; 32]>);

impl SessionToken {
    /// Takes 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// Draws one.
    ///
    /// # Errors
    /// [`KeyFailure`] when the module gives no random bytes.
    pub fn draw() -> Result<Self, KeyFailure> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut()).map_err(|_| KeyFailure)?;
        Ok(Self(bytes))
    }

    /// Reads what a browser sent; `None` for anything but 43 characters of base64url.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let mut token = Zeroizing::new([0; 32]);
        if bytes.len() != token.len() {
            return None;
        }
        token.copy_from_slice(&bytes);
        Some(Self(token))
    }

    /// The text for the browser.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_ref()))
    }

    /// What is stored of it.
    pub fn digest(&self) -> SessionDigest {
        SessionDigest(sha256(self.0.as_ref()))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}

/// SHA-256 of a session token: what the session is stored under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionDigest(pub [u8; 32]);

/// How long a session serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    idle: SignedDuration,
    whole: SignedDuration,
}

impl SessionLimits {
    /// At a desk where prescriptions are signed: 120 seconds without use, 12 hours in all.
    pub const SIGNING_DESK: Self = Self { idle: SignedDuration::from_secs(120), whole: SignedDuration::from_hours(12) };

    /// `idle_seconds` as the rulebook gives them, at least 1; 12 hours in all, and never more than that idle.
    pub fn idle_after(idle_seconds: u64) -> Self {
        let whole = Self::SIGNING_DESK.whole;
        let idle = i64::try_from(idle_seconds).map_or(whole, |seconds| SignedDuration::from_secs(seconds.max(1)));
        Self { idle: idle.min(whole), whole }
    }

    /// The longest time without use, the last instant included.
    pub const fn idle(&self) -> SignedDuration {
        self.idle
    }

    /// The longest time from signing in, the last instant included.
    pub const fn whole(&self) -> SignedDuration {
        self.whole
    }
}

/// Who asked for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// The person did something.
    Own,
    /// The page asked by itself, such as for news. That is no use.
    Background,
}

/// Where a session stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It serves.
    Open,
    /// It waits for its person to authenticate; the work is kept.
    Locked,
    /// It is over.
    Ended,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    digest: SessionDigest,
    person: PractitionerId,
    method: Method,
    limits: SessionLimits,
    began: Timestamp,
    used: Timestamp,
    locked: Option<Timestamp>,
    ended: Option<Timestamp>,
    place: Option<String>,
}

impl Session {
    /// Opens the session that `token` names for the person who has just signed in.
    pub fn open(token: &SessionToken, who: &SignedIn, limits: SessionLimits) -> Self {
        Self {
            digest: token.digest(),
            person: who.person().clone(),
            method: who.method(),
            limits,
            began: who.at(),
            used: who.at(),
            locked: None,
            ended: None,
            place: None,
        }
    }

    /// What it is stored under.
    pub const fn digest(&self) -> SessionDigest {
        self.digest
    }

    /// Whose it is.
    pub const fn person(&self) -> &PractitionerId {
        &self.person
    }

    /// How the person last authenticated.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// When it was opened.
    pub const fn began(&self) -> Timestamp {
        self.began
    }

    /// When its person last used it.
    pub const fn last_used(&self) -> Timestamp {
        self.used
    }

    /// Where the work was, as the page noted it.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// Where it stands at `at`.
    pub fn standing(&self, at: Timestamp) -> Standing {
        if self.ended.is_some_and(|ended| at >= ended) || at.duration_since(self.began) > self.limits.whole {
            return Standing::Ended;
        }
        let idle = at.duration_since(self.used) > self.limits.idle;
        if idle || self.locked.is_some() { Standing::Locked } else { Standing::Open }
    }

    /// Something is asked for at `at`. Only the person's own activity counts as use.
    ///
    /// # Errors
    /// A refusal when it is locked or over.
    pub fn serve(mut self, activity: Activity, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open(at)?;
        if activity == Activity::Own {
            self.used = self.used.max(at);
        }
        Ok(self)
    }

    /// Notes where the work is, for after a lock: at most 1 KiB, a longer note is none.
    #[must_use]
    pub fn at_place(mut self, place: &str) -> Self {
        self.place = (place.len() <= PLACE_LONGEST).then(|| place.to_owned());
        self
    }

    /// The person leaves the desk, or the job that looks for idle sessions came by. The place is kept.
    #[must_use]
    pub fn lock(mut self, at: Timestamp) -> Self {
        self.locked = self.locked.or(Some(at));
        self
    }

    /// The person authenticated again. The session goes on under a new token with place and opening time as they were.
    ///
    /// # Errors
    /// A refusal: over, or another person, who opens a session of their own.
    pub fn unlock(self, who: &SignedIn, token: &SessionToken) -> Result<Self, Refusal> {
        if self.standing(who.at()) == Standing::Ended {
            return Err(over());
        }
        if *who.person() != self.person {
            return Err(Refusal::new(
                "PKI-SESSION-OTHER-PERSON",
                "73 FR 36722, 1311.110(c); 21 CFR 1311.120(b)(1)",
                "another person authenticated than the one whose session is locked",
                "sign in to a session of your own",
            ));
        }
        Ok(Self { digest: token.digest(), method: who.method(), used: who.at(), locked: None, ..self })
    }

    /// Ends it: signing out, or a right that was revoked. What was noted of the work is forgotten.
    #[must_use]
    pub fn end(mut self, at: Timestamp) -> Self {
        self.ended = Some(self.ended.map_or(at, |ended| ended.min(at)));
        self.place = None;
        self
    }

    fn must_be_open(&self, at: Timestamp) -> Result<(), Refusal> {
        match self.standing(at) {
            Standing::Open => Ok(()),
            Standing::Ended => Err(over()),
            Standing::Locked => Err(Refusal::new(
                "PKI-SESSION-LOCKED",
                "73 FR 36722, 1311.110(c)",
                format!("the desk was not used for more than {} seconds, or was locked", self.limits.idle.as_secs()),
                "authenticate again; the work is kept",
            )
            .under(Edition::Proposed2008)),
        }
    }
}

fn over() -> Refusal {
    Refusal::new("PKI-SESSION-ENDED", "21 CFR 1311.120(b)(1)", "the session is over", "sign in again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::tests::signed_in;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("in the calendar")
    }

    fn session() -> Session {
        Session::open(&SessionToken::new([7; 32]), &signed_in("dr-quill", at(0)), SessionLimits::SIGNING_DESK)
    }

    fn served(session: &Session, activity: Activity, seconds: i64) -> Result<Session, &'static str> {
        session.clone().serve(activity, at(seconds)).map_err(|refusal| refusal.code.0)
    }

    /// Requirements: epcs-1311.110-c
    #[test]
    fn a_desk_that_is_not_used_for_more_than_120_seconds_is_locked() {
        for (seconds, expected) in [
            (0, Standing::Open),
            (115, Standing::Open),
            (119, Standing::Open),
            (120, Standing::Open),
            (121, Standing::Locked),
        ] {
            assert_eq!(session().standing(at(seconds)), expected, "{seconds}");
        }
        assert_eq!(served(&session(), Activity::Own, 121), Err("PKI-SESSION-LOCKED"));
        let used = served(&session(), Activity::Own, 120).expect("open");
        assert_eq!(
            (used.last_used(), used.standing(at(240)), used.standing(at(241))),
            (at(120), Standing::Open, Standing::Locked)
        );
    }

    /// Requirements: epcs-1311.110-c
    #[test]
    fn what_a_page_asks_for_by_itself_is_no_use_of_the_desk() {
        let mut session = session();
        for seconds in (0..=120).step_by(10) {
            session = served(&session, Activity::Background, seconds).expect("open");
        }
        assert_eq!(session.standing(at(121)), Standing::Locked);
        assert_eq!(served(&session, Activity::Background, 121), Err("PKI-SESSION-LOCKED"));
    }

    /// Requirements: epcs-1311.110-c
    #[test]
    fn a_lock_keeps_the_work_for_the_person_who_authenticates_again_and_for_nobody_else() {
        let session = session().at_place("/rx/17/review").lock(at(30));
        assert_eq!(served(&session, Activity::Own, 31), Err("PKI-SESSION-LOCKED"));
        let token = SessionToken::new([8; 32]);
        let other = session.clone().unlock(&signed_in("dr-other", at(400)), &token);
        assert_eq!(other.expect_err("another person").code.0, "PKI-SESSION-OTHER-PERSON");
        let back = session.clone().unlock(&signed_in("dr-quill", at(400)), &token).expect("the same person");
        assert_eq!(
            (back.place(), back.began(), back.standing(at(520))),
            (Some("/rx/17/review"), at(0), Standing::Open)
        );
        assert_eq!(back.digest(), token.digest());
        assert_ne!(back.digest(), session.digest(), "a stolen token does not come back to life");
    }

    #[test]
    fn a_session_is_over_after_twelve_hours_or_when_it_is_ended() {
        const DAY_OF_WORK: i64 = 12 * 3600;
        let mut session = session();
        for seconds in (0..=DAY_OF_WORK).step_by(120) {
            session = served(&session, Activity::Own, seconds).expect("open");
        }
        assert_eq!(session.standing(at(DAY_OF_WORK)), Standing::Open);
        assert_eq!(session.standing(at(DAY_OF_WORK + 1)), Standing::Ended);
        assert_eq!(served(&session, Activity::Own, DAY_OF_WORK + 1), Err("PKI-SESSION-ENDED"));
        let late = session.clone().unlock(&signed_in("dr-quill", at(DAY_OF_WORK + 1)), &SessionToken::new([8; 32]));
        assert_eq!(late.expect_err("over").code.0, "PKI-SESSION-ENDED");
        let ended = session.at_place("/rx/17").end(at(50));
        assert_eq!((ended.place(), served(&ended, Activity::Own, 51)), (None, Err("PKI-SESSION-ENDED")));
        assert!(ended.unlock(&signed_in("dr-quill", at(60)), &SessionToken::new([8; 32])).is_err());
    }

    #[test]
    fn the_rulebooks_idle_limit_is_taken_within_bounds() {
        let idle = |seconds| SessionLimits::idle_after(seconds).idle().as_secs();
        assert_eq!((idle(120), idle(0), idle(60), idle(u64::MAX)), (120, 1, 60, 12 * 3600));
    }

    #[test]
    fn a_token_is_43_characters_of_which_only_the_digest_is_kept() {
        let token = SessionToken::draw().expect("random bytes");
        let text = token.to_text();
        assert_eq!(SessionToken::parse(&text).map(|read| read.digest()), Some(token.digest()));
        assert_ne!(SessionToken::draw().expect("random bytes").digest(), token.digest());
        assert_eq!(format!("{token:?}"), "SessionToken(hidden)");
        for wrong in ["", "A", &text[..42], &format!("{}A", &text[..]), &"=".repeat(43)] {
            assert!(SessionToken::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(session().at_place(&"x".repeat(1025)).place(), None);
    }
}
