//! Granting the right to sign, and taking it away: 21 CFR 1311.125 (practices) and 1311.130 (institutions).
//!
//! In a practice one access controller enters the grant, and another, who is a registrant, approves it with two factors.
//! In an institution two people of its office list the person, one enters the grant, and one of a separate unit executes it.
//! Those who grant are never the person, nor the one who proofed the person, nor one and the same (73 FR 36740).
//! Taking the right away takes one; giving it back takes two again.

use crate::access::{Grant, Signer};
use crate::access_event::{AccessEvent, Standing};
use crate::enrolment::state::standing;
use crate::enrolment::{ProviderKind, Review, Rules};
use crate::proofing::same_name;
use crate::registrants::{Found, Snapshot};
use jiff::Timestamp;
use serde_json::json;
use theriac_model::{Actor, DeaNumber, Refusal, Registration, Role, json};
use theriac_pki::TwoFactorPass;

/// Somebody designated to grant the right to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controller {
    /// The person, acting as access controller.
    pub actor: Actor,
    /// The full name, to tell it from those who proofed.
    pub name: String,
    /// The controller's own registration, if a registrant.
    pub registration: Option<DeaNumber>,
    /// The unit of the institution; empty in a practice.
    pub unit: String,
}

/// With what the second of the two puts the grant in force.
#[derive(Clone, Copy, Debug)]
pub enum Confirmation<'a> {
    /// A practice: two factors given for exactly this grant, just now.
    TwoFactors {
        /// The pass.
        pass: &'a TwoFactorPass,
        /// SHA-256 of [`Signer::grant_bytes`].
        grant: [u8; 32],
        /// Now.
        at: Timestamp,
    },
    /// An institution: execution by a separate unit.
    SeparateUnit,
}

const PRACTICE: &str = "21 CFR 1311.125";
const INSTITUTION: &str = "21 CFR 1311.130";

fn refuse<T>(code: &'static str, cite: &'static str, what: &'static str, next: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(code, cite, what, next))
}

impl Signer {
    /// A first access controller enters that this person may sign. In an institution `listed_by` are the two people who
    /// put the person on its list.
    ///
    /// # Errors
    /// Everything that is missing in the enrolment; by anyone but an access controller; by the person, or who proofed the
    /// person; for somebody who is granted already; in an institution, without two different people's list and a unit.
    pub fn nominate(
        &self,
        by: &Controller,
        listed_by: &[String],
        review: &Review,
        rules: &Rules<'_>,
    ) -> Result<AccessEvent, Vec<Refusal>> {
        let one = |refusal: Refusal| vec![refusal];
        self.independent(by).map_err(one)?;
        if matches!(self.grant, Grant::First { .. } | Grant::InForce) {
            let what = "this person is already nominated or may already sign";
            let next = "let a second access controller approve, or look at the person's record";
            return refuse("RX-ACCESS-ALREADY", PRACTICE, what, next).map_err(one);
        }
        if !review.ready() {
            return Err(review.missing());
        }
        match rules.provider.kind {
            ProviderKind::Practice => Ok(AccessEvent::Nominated { by: by.actor.clone() }),
            ProviderKind::Institution => {
                let two =
                    matches!(listed_by, [a, b] if !a.trim().is_empty() && !b.trim().is_empty() && !same_name(a, b));
                if !two {
                    let what = "two people of the institution must have listed the person, and two different names are not given";
                    let next = "let two people of the credentialing office sign the list";
                    return refuse("RX-ACCESS-LIST", INSTITUTION, what, next).map_err(one);
                }
                if by.unit.trim().is_empty() {
                    let what = "it is not known which unit of the institution enters the grant";
                    return refuse("RX-ACCESS-UNIT", INSTITUTION, what, "name the controller's unit").map_err(one);
                }
                let (by, unit) = (by.actor.clone(), by.unit.clone());
                Ok(AccessEvent::Entered { by, unit, listed_by: listed_by.to_vec() })
            }
        }
    }

    /// What the second controller confirms with two factors: the person, the registrations, and who entered the grant.
    pub fn grant_bytes(&self) -> Vec<u8> {
        let by = match &self.grant {
            Grant::First { by, .. } => by.id.as_str(),
            _ => "",
        };
        let application = self.enrolment().application();
        let registrations: Vec<String> = application
            .into_iter()
            .flat_map(|application| application.intends.iter().map(|one| one.registration.to_string()))
            .collect();
        let grant = json!({"entered_by": by, "grant": "sign", "person": self.person(), "registrations": registrations});
        // INVARIANT: texts only, which canonical JSON always takes.
        json::canonical(&grant).unwrap_or_default()
    }

    /// A second access controller puts the right to sign in force.
    ///
    /// # Errors
    /// Without a first; by the same person, the person concerned or who proofed; what is missing in the enrolment by now;
    /// in a practice, by somebody whose registration is not in force or whose two factors are another's, or for something
    /// else; in an institution, by the same unit.
    pub fn approve(
        &self,
        by: &Controller,
        confirmation: Confirmation<'_>,
        review: &Review,
        data: &Snapshot,
        rules: &Rules<'_>,
    ) -> Result<AccessEvent, Vec<Refusal>> {
        let one = |refusal: Refusal| vec![refusal];
        self.independent(by).map_err(one)?;
        let Grant::First { by: first, unit: first_unit } = &self.grant else {
            let what = "nobody has nominated this person";
            let next = "let a first access controller nominate";
            return refuse("RX-ACCESS-NOT-NOMINATED", PRACTICE, what, next).map_err(one);
        };
        if first.id == by.actor.id && rules.asks("access.two-persons") {
            let what = "the same person nominated and approves";
            return refuse("RX-ACCESS-TWO-PEOPLE", PRACTICE, what, "let another access controller approve")
                .map_err(one);
        }
        if !review.ready() {
            return Err(review.missing());
        }
        match (rules.provider.kind, confirmation) {
            (ProviderKind::Practice, Confirmation::TwoFactors { pass, grant, at }) => {
                let registration = registrant(by, data, rules).map_err(one)?;
                let theirs =
                    pass.practitioner().as_str() == by.actor.id && pass.registration().number() == Some(registration);
                if !theirs {
                    let what = "the two factors are not those of the controller who approves";
                    return refuse("RX-ACCESS-OTHER-PERSON", PRACTICE, what, "use your own token").map_err(one);
                }
                pass.allows(&grant, at).map_err(one)?;
                Ok(AccessEvent::Approved { by: by.actor.clone(), registration })
            }
            (ProviderKind::Institution, Confirmation::SeparateUnit) => {
                let separate = !by.unit.trim().is_empty() && !same_unit(first_unit, &by.unit);
                if !separate && rules.asks("access.separate-unit") {
                    let what = "the unit that entered the grant executes it, too";
                    let next = "let a person of a separate unit execute it";
                    return refuse("RX-ACCESS-UNIT", INSTITUTION, what, next).map_err(one);
                }
                Ok(AccessEvent::Executed { by: by.actor.clone(), unit: by.unit.clone() })
            }
            (ProviderKind::Practice, Confirmation::SeparateUnit) => {
                let what = "in a practice a registrant approves with two factors";
                let next = "let an access controller who is a registrant approve with the token";
                refuse("RX-ACCESS-TWO-FACTORS", PRACTICE, what, next).map_err(one)
            }
            (ProviderKind::Institution, Confirmation::TwoFactors { .. }) => {
                let what = "in an institution a separate unit executes the grant";
                let next = "let a person of a separate unit execute it";
                refuse("RX-ACCESS-UNIT", INSTITUTION, what, next).map_err(one)
            }
        }
    }

    /// The right to sign rests until two grant it anew.
    ///
    /// # Errors
    /// By anyone but an access controller, an operator or the program; when no right is in force.
    pub fn suspend(&self, by: &Actor, reason: &str) -> Result<AccessEvent, Refusal> {
        self.take_away(by)?;
        Ok(AccessEvent::Suspended { by: by.clone(), reason: reason.to_owned() })
    }

    /// The right to sign ends: the person left, or is not authorised any more. All tokens end with it.
    ///
    /// # Errors
    /// By anyone but an access controller, an operator or the program; when no right is in force.
    pub fn revoke(&self, by: &Actor, reason: &str) -> Result<Vec<AccessEvent>, Refusal> {
        self.take_away(by)?;
        let mut events = vec![AccessEvent::Revoked { reason: reason.to_owned(), by: by.clone() }];
        let live = self.credentials().iter().filter(|held| held.revoked.is_none());
        events.extend(live.map(|held| AccessEvent::CredentialRevoked {
            credential: held.id.clone(),
            reason: reason.to_owned(),
            by: by.clone(),
        }));
        Ok(events)
    }

    /// What is granted becomes less: one registration is taken out, and its tokens end. The right to sign under the others
    /// stays. More than was granted takes two people again.
    ///
    /// # Errors
    /// By anyone but an access controller, an operator or the program; when no right is in force; for a registration
    /// without a token in use; without a reason.
    pub fn withdraw(&self, by: &Actor, registration: &Registration, reason: &str) -> Result<Vec<AccessEvent>, Refusal> {
        self.take_away(by)?;
        if reason.trim().is_empty() {
            let what = "it is not said why the registration is taken out";
            return refuse("RX-ACCESS-REASON", PRACTICE, what, "say why").map_err(|no: Refusal| no.about("reason"));
        }
        let live =
            self.credentials().iter().filter(|held| held.revoked.is_none() && held.registration == *registration);
        let events: Vec<_> = live
            .map(|held| AccessEvent::CredentialRevoked {
                credential: held.id.clone(),
                reason: format!("{registration} is not granted any more: {reason}"),
                by: by.clone(),
            })
            .collect();
        if events.is_empty() {
            let what = "no token of this person may be used for this registration";
            return refuse("RX-ACCESS-NOT-GRANTED", PRACTICE, what, "look at the person's record");
        }
        Ok(events)
    }

    fn take_away(&self, by: &Actor) -> Result<(), Refusal> {
        if !matches!(by.role, Role::AccessController | Role::Operator | Role::System) {
            let what = "only an access controller or an operator takes the right to sign away";
            return refuse("RX-ACCESS-CONTROLLER", PRACTICE, what, "ask an access controller of this deployment");
        }
        if matches!(self.grant, Grant::None | Grant::Revoked(_)) {
            let what = "this person has no right to sign";
            return refuse("RX-ACCESS-NOT-GRANTED", PRACTICE, what, "look at the person's record");
        }
        Ok(())
    }

    /// Whether somebody may grant this person's right: a controller, not the person, not who proofed the person.
    pub(crate) fn independent(&self, by: &Controller) -> Result<(), Refusal> {
        let applicant = self.enrolment().application().map(|application| application.name.as_str());
        let own = by.actor.id == self.person() || applicant.is_some_and(|name| same_name(name, &by.name));
        if by.actor.role != Role::AccessController || own {
            return refuse(
                "RX-ACCESS-CONTROLLER",
                PRACTICE,
                "only an access controller, and never for oneself, grants the right to sign",
                "ask an access controller of this deployment",
            );
        }
        if self.enrolment().proofers().any(|proofer| same_name(proofer, &by.name)) {
            return refuse(
                "RX-ACCESS-PROOFED",
                "21 CFR 1311.125; 73 FR 36722, 36740-36741",
                "whoever proofed the person does not grant, too",
                "ask another access controller",
            );
        }
        Ok(())
    }
}

fn same_unit(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// The registration of a controller in a practice, in force by the data.
fn registrant(by: &Controller, data: &Snapshot, rules: &Rules<'_>) -> Result<DeaNumber, Refusal> {
    data.rely(rules)?;
    let in_force = by.registration.filter(|number| match data.look_up(*number) {
        Found::Row(row) => standing(row.status, row.expires, rules.today) == Standing::Valid,
        Found::Unreadable | Found::Absent => false,
    });
    in_force.map_or_else(
        || {
            let what = "the controller who approves is no registrant whose registration is in force";
            refuse("RX-ACCESS-REGISTRANT", PRACTICE, what, "let an access controller who is a registrant approve")
        },
        Ok,
    )
}
