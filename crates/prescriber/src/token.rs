//! Tokens: bound one by one to registrations, ended at once when lost, bound anew after two recognised the person.
//!
//! 2008: 1311.110(d) each registration has its own, several may lie on one device; (e) none outlives its registration.
//! 2008: 1311.135(a) one that is lost, stolen or compromised is revoked at once, and one that cannot be reached any more
//! likewise (73 FR 36748); a new one may be issued (73 FR 36742), with another key, and the old one stays revoked.
//! A spare may be bound from the first day; each of the two works until it is reported lost. When none is left, two
//! controllers recognise the person, and a new one is bound without proofing anew.

use crate::access::{Grant, Recovery, Signer};
use crate::access_event::AccessEvent;
use crate::enrolment::{Review, Rules};
use crate::grant::Controller;
use crate::token_event::{Loss, TokenEvent};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use theriac_model::{Actor, Edition, Refusal, Registration, Role};

/// A token that is to be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The credential on it.
    pub credential: String,
    /// The registration it is to sign for.
    pub registration: Registration,
    /// Make and model, as attested.
    pub device: String,
    /// The device's serial number.
    pub serial: String,
    /// The last day on which it may be used.
    pub expires: Date,
    /// Its public key, the uncompressed point in hex.
    pub public_key: String,
}

/// A device that somebody else of the deployment holds, or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldElsewhere<'a> {
    /// Who.
    pub person: &'a str,
    /// The device's serial number.
    pub serial: &'a str,
    /// The public key.
    pub public_key: &'a str,
}

/// Whether a loss was reported in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// Within the hours that the law of the day allows.
    InTime,
    /// Later.
    Late,
    /// The profile counts in business days, which the notice's own deadline covers.
    NotInHours,
}

fn proposed(
    code: &'static str,
    cite: &'static str,
    what: impl Into<std::borrow::Cow<'static, str>>,
    next: &'static str,
) -> Refusal {
    Refusal::new(code, cite, what, next).under(Edition::Proposed2008)
}

impl Signer {
    /// Binds a token to one of the person's registrations.
    ///
    /// `elsewhere` are the devices of everybody else.
    ///
    /// # Errors
    /// Everything that is missing for this registration; no right to sign in force; a token that outlives the registration,
    /// was used here before, or is another person's; after a loss, before two have recognised the person.
    pub fn bind(
        &self,
        token: &NewToken,
        by: &Actor,
        elsewhere: &[HeldElsewhere<'_>],
        review: &Review,
    ) -> Result<AccessEvent, Vec<Refusal>> {
        let mut found = Vec::new();
        if !matches!(by.role, Role::AccessController | Role::Operator) || by.id == self.person() {
            found.push(Refusal::new(
                "RX-ACCESS-CONTROLLER",
                "21 CFR 1311.125",
                "only an access controller or an operator, and never for oneself, binds a token",
                "ask an access controller of this deployment",
            ));
        }
        if self.grant != Grant::InForce {
            found.push(Refusal::new(
                "RX-ACCESS-NOT-GRANTED",
                "21 CFR 1311.125",
                "two access controllers have not granted this person the right to sign",
                "ask two access controllers to grant it",
            ));
        }
        found.extend(review.missing_for(&token.registration));
        match self.registration(token.registration.key()) {
            None => found.push(proposed(
                "RX-TOKEN-REGISTRATION",
                "73 FR 36722, proposed 21 CFR 1311.105(c)(3)",
                "this registration of the person has not been checked",
                "check the registration against the registrant data first",
            )),
            Some(checked) if token.expires > checked.expires => found.push(proposed(
                "RX-TOKEN-OUTLIVES",
                "73 FR 36722, proposed 21 CFR 1311.110(e)",
                format!(
                    "the token would be usable until {}, the registration ends on {}",
                    token.expires, checked.expires
                ),
                "let the token end with the registration, and renew both",
            )),
            Some(_) => {}
        }
        if token.serial.trim().is_empty() {
            let what = "the device has no serial number, so nobody can tell it from another";
            found.push(proposed("RX-TOKEN-SERIAL", "73 FR 36722, 36743", what, "enter the number on the device"));
        }
        if elsewhere.iter().any(|held| held.serial == token.serial || held.public_key == token.public_key) {
            let what = "this device, or its key, is another person's";
            found.push(proposed(
                "RX-TOKEN-SHARED",
                "73 FR 36722, 36743",
                what,
                "use a device of the practitioner's own",
            ));
        }
        let again =
            |held: &&crate::access::Credential| held.id == token.credential || held.public_key == token.public_key;
        if self.credentials().iter().any(|held| again(&held)) {
            let what = "this key was bound before; a revoked one stays revoked";
            found.push(proposed("RX-TOKEN-AGAIN", "73 FR 36722, 36742", what, "make a new key on a new device"));
        }
        if self.lost.contains(&token.serial) {
            let what = "this device was reported lost, stolen, compromised or dead";
            found.push(proposed(
                "RX-TOKEN-WAS-LOST",
                "73 FR 36722, proposed 21 CFR 1311.135(a)",
                what,
                "use another device",
            ));
        }
        match self.recovery {
            Recovery::NotNeeded | Recovery::Confirmed => {}
            Recovery::Needed | Recovery::Opened(_) => found.push(proposed(
                "RX-TOKEN-RECOVERY",
                "73 FR 36722, 36742",
                "a token of this person was lost, and two controllers have not yet recognised the person again",
                "let one access controller recognise the person and another confirm it",
            )),
        }
        if !found.is_empty() {
            return Err(found);
        }
        let NewToken { credential, registration, device, serial, expires, public_key } = token.clone();
        Ok(TokenEvent::Bound { credential, registration, device, serial, expires, public_key, by: by.clone() }.into())
    }

    /// How many tokens of a registration may be used on `today`: two or more mean that there is a spare.
    pub fn usable_tokens(&self, registration: &Registration, today: Date) -> usize {
        let of = self.credentials().iter().filter(|held| held.registration == *registration);
        of.filter(|held| self.usable(held, today)).count()
    }

    /// Takes a report that a token is lost, or the like: every credential on the device ends in the same act.
    ///
    /// # Errors
    /// By somebody who is neither the person, an operator nor an access controller; a discovery after the report; a device
    /// that the person never had.
    pub fn report_loss(&self, loss: Loss) -> Result<Vec<AccessEvent>, Refusal> {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.135(a), 1311.155(c)";
        let may = loss.by.id == self.person() || matches!(loss.by.role, Role::Operator | Role::AccessController);
        if !may {
            let what = "a loss is reported by the practitioner, or by the operator or a controller who heard of it";
            return Err(proposed("RX-TOKEN-REPORTER", CITE, what, "tell an operator of this deployment"));
        }
        if loss.discovered > loss.reported {
            let what = "the loss would have been discovered after it was reported";
            return Err(
                proposed("RX-TOKEN-DISCOVERED", CITE, what, "correct the time of discovery").about("discovered")
            );
        }
        let meant = |held: &&crate::access::Credential| {
            loss.serial.is_none() || held.serial.as_deref() == loss.serial.as_deref()
        };
        let mut meant = self.credentials().iter().filter(meant).peekable();
        if meant.peek().is_none() {
            let what = "the person has no token with this serial number";
            let next = "report all tokens of the person, and look up the serial number later";
            return Err(proposed("RX-TOKEN-UNKNOWN", CITE, what, next).about("serial"));
        }
        let reason = format!("reported {} on {}", loss.kind, loss.reported);
        let by = loss.by.clone();
        let revocations: Vec<_> = meant
            .filter(|held| held.revoked.is_none())
            .map(|held| AccessEvent::CredentialRevoked {
                credential: held.id.clone(),
                reason: reason.clone(),
                by: by.clone(),
            })
            .collect();
        let mut events = vec![TokenEvent::Lost(loss).into()];
        events.extend(revocations);
        Ok(events)
    }

    /// After a loss, a first controller recognises the person.
    ///
    /// # Errors
    /// By anyone who may not grant this person's right; when nothing was lost; without saying how.
    pub fn open_recovery(&self, by: &Controller, recognised: &str) -> Result<AccessEvent, Refusal> {
        self.independent(by)?;
        if !matches!(self.recovery, Recovery::Needed) {
            let what = "no loss is on record, or the recovery is under way";
            return Err(proposed("RX-RECOVERY-NONE", "73 FR 36722, 36742", what, "look at the person's record"));
        }
        if recognised.trim().is_empty() {
            let what = "it is not said how the person was recognised";
            let next = "see the person with a government photo identification, and say so";
            return Err(proposed("RX-RECOVERY-HOW", "73 FR 36722, 36742", what, next).about("recognised"));
        }
        Ok(TokenEvent::RecoveryOpened { by: by.actor.clone(), recognised: recognised.to_owned() }.into())
    }

    /// A second controller confirms it; then a new token may be bound.
    ///
    /// # Errors
    /// By the first, or anyone who may not grant this person's right; before the first.
    pub fn confirm_recovery(&self, by: &Controller) -> Result<AccessEvent, Refusal> {
        self.independent(by)?;
        match &self.recovery {
            Recovery::Opened(first) if first.id == by.actor.id => Err(Refusal::new(
                "RX-ACCESS-TWO-PEOPLE",
                "21 CFR 1311.125",
                "the same person opened the recovery and confirms it",
                "let another access controller confirm",
            )),
            Recovery::Opened(_) => Ok(TokenEvent::RecoveryConfirmed { by: by.actor.clone() }.into()),
            _ => {
                let what = "no controller has opened a recovery";
                Err(proposed(
                    "RX-RECOVERY-NONE",
                    "73 FR 36722, 36742",
                    what,
                    "let a first controller recognise the person",
                ))
            }
        }
    }
}

impl Loss {
    /// Whether it was reported within the hours that the law of the day allows. The last instant counts.
    pub fn timeliness(&self, rules: &Rules<'_>) -> Timeliness {
        let hours = rules.number("notice.token.hours").and_then(|hours| i64::try_from(hours).ok());
        let Some(hours) = hours else { return Timeliness::NotInHours };
        let until: Option<Timestamp> = self.discovered.checked_add(SignedDuration::from_hours(hours)).ok();
        if until.is_none_or(|until| self.reported <= until) { Timeliness::InTime } else { Timeliness::Late }
    }
}
