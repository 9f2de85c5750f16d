//! Passwords for signing in, and as the second factor where a rule allows one beside a code: what is accepted, how it is
//! kept, how wrong ones are borne.
//!
//! Kept is PBKDF2-HMAC-SHA256 with a salt of 16 bytes: the derivation that validated modules offer. The text form is
//! `pbkdf2-hmac-sha256 ROUNDS SALT HASH`, salt and hash in base64.

use crate::assertion::LAPSES_AFTER;
use crate::keyfile::{Password, ROUNDS};
use crate::keys::KeyFailure;
use crate::pass::PractitionerId;
use crate::throttle::{Patience, Throttle};
use aws_lc_rs::{pbkdf2, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::num::NonZeroU32;
use theriac_model::Refusal;
use theriac_model::json::{BadField, Reader};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The fewest characters of a new password. NIST SP 800-63B asks for 15 where it is the only factor, and the derivation
/// in validated modules for 14 bytes.
pub const SHORTEST: usize = 15;
/// The most characters that are taken.
pub const LONGEST: usize = 128;
/// The most rounds a stored hash may ask for; more would let a record stop the program.
const ROUNDS_MOST: u32 = 10_000_000;

const CITE: &str = "21 CFR 1311.115(a); NIST SP 800-63B, 5.1.1";

/// Checks a new password of `person` and returns what is to be kept. `known` are passwords known from breaches or
/// forbidden by the deployment, and the deployment's own name; compared without regard to case.
///
/// # Errors
/// A refusal: too short, too long, known, the person's identifier, one character over and over, or a run such as
/// `abcdefgh...`.
pub fn accept(password: &Password, person: &PractitionerId, known: &[&str]) -> Result<PasswordHash, Refusal> {
    let text = normal(password);
    let length = text.chars().count();
    let refuse = |code, what: String, next| Err(Refusal::new(code, CITE, what, next).about("password"));
    if length < SHORTEST {
        let what = format!("the password has {length} characters; {SHORTEST} or more are needed");
        return refuse("PKI-PASSWORD-SHORT", what, "choose a longer one; several words are easy to remember");
    }
    if length > LONGEST {
        let what = format!("the password has more than {LONGEST} characters");
        return refuse("PKI-PASSWORD-LONG", what, "choose a shorter one");
    }
    let plain = Zeroizing::new(text.to_lowercase());
    let guessable =
        known.iter().any(|known| plain.contains(&known.to_lowercase()) && 2 * known.chars().count() >= length)
            || plain.contains(&person.as_str().to_lowercase())
            || repeats(&plain)
            || runs(&plain);
    if guessable {
        let what = "the password is one of those that are tried first".to_owned();
        return refuse(
            "PKI-PASSWORD-GUESSABLE",
            what,
            "choose one without your name, known passwords, repeats or runs",
        );
    }
    Ok(PasswordHash::of(&text)?)
}

/// The same characters typed on different machines are the same password (NFKC, as SP 800-63B suggests).
fn normal(password: &Password) -> Zeroizing<String> {
    // Beyond the longest that is taken nothing is looked at: normalising must not be made to work for ever.
    Zeroizing::new(password.text().chars().take(4 * LONGEST).nfkc().collect())
}

/// Whether the text is one piece of at most four characters over and over.
fn repeats(text: &str) -> bool {
    let characters: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
    (1..=4).any(|length| characters.iter().zip(characters.iter().skip(length)).all(|(one, next)| one == next))
}

/// Whether each character follows the one before it, up or down.
fn runs(text: &str) -> bool {
    let pairs = || {
        text.chars().zip(text.chars().skip(1)).map(|(one, next)| i64::from(u32::from(next)) - i64::from(u32::from(one)))
    };
    // `1234567890` goes on after nine with zero.
    let up = |step: i64| step == 1 || step == i64::from(b'0') - i64::from(b'9');
    pairs().all(up) || pairs().all(|step| up(-step))
}

/// A password as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    rounds: NonZeroU32,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl PasswordHash {
    fn of(text: &str) -> Result<Self, KeyFailure> {
        let rounds = NonZeroU32::new(ROUNDS).ok_or(KeyFailure)?;
        let mut salt = [0; 16];
        rand::fill(&mut salt).map_err(|_| KeyFailure)?;
        let mut hash = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, text.as_bytes(), &mut hash);
        Ok(Self { rounds, salt, hash })
    }

    /// The stored text.
    pub fn to_text(&self) -> String {
        let (salt, hash) = (STANDARD.encode(self.salt), STANDARD.encode(self.hash));
        format!("pbkdf2-hmac-sha256 {} {salt} {hash}", self.rounds)
    }

    /// Reads the stored text; `None` for anything else, and for fewer rounds than are safe or more than are sane.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        if parts.next()? != "pbkdf2-hmac-sha256" {
            return None;
        }
        let rounds: u32 = parts.next()?.parse().ok()?;
        let salt = STANDARD.decode(parts.next()?).ok()?.try_into().ok()?;
        let hash = STANDARD.decode(parts.next()?).ok()?.try_into().ok()?;
        let rounds = NonZeroU32::new(rounds).filter(|rounds| (ROUNDS..=ROUNDS_MOST).contains(&rounds.get()))?;
        parts.next().is_none().then_some(Self { rounds, salt, hash })
    }

    fn opens(&self, text: &str) -> bool {
        pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA256, self.rounds, &self.salt, text.as_bytes(), &self.hash).is_ok()
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(hidden)")
    }
}

/// Proof that a person's password was right a moment ago. Only [`PasswordRecord::check`] makes one; it is not copied.
#[derive(Debug, PartialEq, Eq)]
pub struct PasswordProof {
    person: PractitionerId,
    at: Timestamp,
}

impl PasswordProof {
    /// Whose password it was.
    pub const fn person(&self) -> &PractitionerId {
        &self.person
    }

    /// When it was checked.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether it is this person's, given after `since` and not more than two minutes before `at`.
    pub(crate) fn is_of(&self, person: &PractitionerId, since: Timestamp, at: Timestamp) -> bool {
        self.person == *person && since <= self.at && self.at <= at && at.duration_since(self.at) <= LAPSES_AFTER
    }
}

/// A person's password and the wrong ones in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRecord {
    /// Whose it is.
    pub person: PractitionerId,
    /// The password as kept.
    pub hash: PasswordHash,
    /// Wrong ones in a row.
    pub throttle: Throttle,
}

impl PasswordRecord {
    /// The record of a new password.
    pub const fn new(person: PractitionerId, hash: PasswordHash) -> Self {
        Self { person, hash, throttle: Throttle::cleared() }
    }

    /// Checks a password at `at`. Returns the throttle to store first, then the proof or the refusal.
    pub fn check(&self, given: &Password, at: Timestamp) -> (Throttle, Result<PasswordProof, Refusal>) {
        if let Err(held) = self.throttle.admits(&Patience::PASSWORDS, at) {
            return (self.throttle, Err(held.refusal()));
        }
        let text = normal(given);
        if text.chars().count() <= LONGEST && self.hash.opens(&text) {
            return (Throttle::cleared(), Ok(PasswordProof { person: self.person.clone(), at }));
        }
        let next = "enter it again; an access controller can have it replaced";
        let refusal = Refusal::new("PKI-PASSWORD-WRONG", CITE, "the password is not right", next).about("password");
        (self.throttle.failed(at), Err(refusal))
    }

    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({
            "type": "password",
            "version": 1,
            "person": self.person.as_str(),
            "hash": self.hash.to_text(),
            "throttle": self.throttle.to_json(),
        })
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        if (reader.text("type")?, reader.whole("version")?) != ("password", 1) {
            return Err(BadField { field: "version".to_owned(), expected: "password, version 1" });
        }
        Ok(Self {
            person: reader.parsed("person", "an identifier", PractitionerId::parse)?,
            hash: reader.parsed("hash", "a password hash", PasswordHash::parse)?,
            throttle: Throttle::from_json(reader.object("throttle")?.0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::throttle::Held;

    fn person() -> PractitionerId {
        PractitionerId::parse("dr-quill").expect("an identifier")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("in the calendar")
    }

    #[test]
    fn a_new_password_is_long_and_not_one_of_those_tried_first() {
        let check = |text: &str, expected: &str| {
            let found = accept(&Password::new(text), &person(), &["correcthorsebattery", "Example Clinic"]);
            assert_eq!(found.map_or_else(|refusal| refusal.code.0, |_| "accepted"), expected, "{text}");
        };
        check("four brown owls!", "accepted");
        check(&"ab9-".repeat(3), "PKI-PASSWORD-SHORT");
        check("14 characters!", "PKI-PASSWORD-SHORT");
        check("15 characters!!", "accepted");
        check("na\u{ef}ve caf\u{e9} \u{1f989} owls", "accepted");
        check(&format!("{}x", "four brown owls ".repeat(8)), "PKI-PASSWORD-LONG");
        check("CorrectHorseBattery", "PKI-PASSWORD-GUESSABLE");
        check("CorrectHorseBattery and four brown owls on a roof", "accepted");
        check("my dr-quill password", "PKI-PASSWORD-GUESSABLE");
        check(&"a".repeat(20), "PKI-PASSWORD-GUESSABLE");
        check(&"ab1!".repeat(5), "PKI-PASSWORD-GUESSABLE");
        check("12345678901234567", "PKI-PASSWORD-GUESSABLE");
        check("abcdefghijklmnopq", "PKI-PASSWORD-GUESSABLE");
        check("zyxwvutsrqponmlkji", "PKI-PASSWORD-GUESSABLE");
    }

    #[test]
    fn a_password_opens_however_its_accents_were_typed_and_leaves_a_proof_of_its_person() {
        let hash = accept(&Password::new("caf\u{e9} with four owls"), &person(), &[]).expect("accepted");
        let record = PasswordRecord::new(person(), hash);
        let (throttle, proof) = record.check(&Password::new("cafe\u{301} with four owls"), at(0));
        let proof = proof.expect("the same characters");
        assert_eq!((throttle, proof.person(), proof.at()), (Throttle::cleared(), &person(), at(0)));
        for (since, until, expected) in [(0, 0, true), (0, 120, true), (0, 121, false), (1, 10, false), (-5, -1, false)]
        {
            assert_eq!(proof.is_of(&person(), at(since), at(until)), expected, "{since} {until}");
        }
        let other = PractitionerId::parse("dr-other").expect("an identifier");
        assert!(!proof.is_of(&other, at(0), at(0)));
        let (throttle, refused) = record.check(&Password::new("cafe with four owls"), at(0));
        assert_eq!((throttle.failures(), refused.expect_err("wrong").code.0), (1, "PKI-PASSWORD-WRONG"));
        assert_eq!(PasswordRecord::from_json(&record.to_json()), Ok(record));
    }

    #[test]
    fn a_locked_or_waiting_record_does_not_even_look_at_the_password() {
        let hash = accept(&Password::new("four brown owls!"), &person(), &[]).expect("accepted");
        let wrong = |times| (0..times).fold(Throttle::default(), |throttle: Throttle, _| throttle.failed(at(0)));
        let check = |times, seconds| {
            let record = PasswordRecord { throttle: wrong(times), ..PasswordRecord::new(person(), hash.clone()) };
            record.check(&Password::new("four brown owls!"), at(seconds)).1.map_or_else(|r| r.code.0, |_| "right")
        };
        assert_eq!(check(4, 0), "right");
        assert_eq!(check(5, 14), "PKI-THROTTLED");
        assert_eq!(check(5, 15), "right");
        assert_eq!(check(50, 1_000_000), Held::Locked.refusal().code.0);
    }

    #[test]
    fn a_stored_hash_with_too_few_or_too_many_rounds_is_none() {
        let hash = accept(&Password::new("four brown owls!"), &person(), &[]).expect("accepted");
        let text = hash.to_text();
        assert_eq!(PasswordHash::parse(&text), Some(hash));
        for rounds in ["599999", "10000001", "0", "-1", "x", ""] {
            assert_eq!(PasswordHash::parse(&text.replace("600000", rounds)), None, "{rounds}");
        }
        for wrong in ["", "argon2 1 2 3", &format!("{text} x"), &text[..text.len() - 8]] {
            assert_eq!(PasswordHash::parse(wrong), None, "{wrong}");
        }
    }
}
