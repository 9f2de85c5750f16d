//! The recheck of everybody who may sign, daily and after each import: 21 CFR 1311.125(d); 2008: 1311.135(b), (c).
//!
//! (b) On the expiration date access ends, unless the data shows the registration renewed. (c) It ends at once when the
//! registration was terminated, revoked or suspended. Chosen readings: it ends at the start of the expiration date; a
//! registration that is no more in the data is terminated; where only the line cannot be read, or the registration moved to
//! another State, the tokens are suspended until that is cleared up, not revoked. Data too old to be relied on revokes
//! nothing, since nobody can sign on it; what expires, expires all the same.

use crate::access::Signer;
use crate::access_event::{AccessEvent, Checked, Standing};
use crate::enrolment::state::standing;
use crate::enrolment::{EnrolmentEvent, Rules};
use crate::proofing::CheckKind;
use crate::registrants::{Age, Found, Snapshot};
use crate::token_event::TokenEvent;
use crate::words::words;
use theriac_model::{Actor, Edition, Refusal, RegistrantRow, Registration, RegistrationKey, Role, Schedule};

words! {
    /// To whom a notice goes.
    To {
        /// The practitioner concerned.
        Practitioner = "practitioner",
        /// The service provider's operators.
        Provider = "provider",
        /// The access controllers.
        AccessControllers = "access-controllers",
    }
}

/// Something people must hear of. The shell makes messages and to-do items of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub to: Vec<To>,
    /// About whom; `None` for the data as a whole.
    pub person: Option<String>,
    /// What happened, with code, citation and next step.
    pub what: Refusal,
}

/// What the recheck decided about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The person.
    pub person: String,
    /// What is to be recorded, in order. Empty when nothing changed.
    pub events: Vec<AccessEvent>,
    /// Who must hear what.
    pub notices: Vec<Notice>,
}

/// What the recheck decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// How old the data is.
    pub age: Age,
    /// About the data as a whole.
    pub notices: Vec<Notice>,
    /// About each person for whom something changed.
    pub people: Vec<Outcome>,
}

/// The program itself decides here.
fn program() -> Actor {
    Actor::new("theriac", Role::System)
}

/// Rechecks everybody against the data in use; `None` when none was ever imported.
pub fn sweep<'a>(signers: impl IntoIterator<Item = &'a Signer>, data: Option<&Snapshot>, rules: &Rules<'_>) -> Sweep {
    let age = data.map_or(Age::Stale, |data| data.age(rules));
    let relied = data.filter(|_| age != Age::Stale);
    let people = signers.into_iter().map(|signer| of_person(signer, relied, rules));
    Sweep { age, notices: of_data(age, data, rules), people: people.filter(|one| !one.events.is_empty()).collect() }
}

fn of_data(age: Age, data: Option<&Snapshot>, rules: &Rules<'_>) -> Vec<Notice> {
    const CITE: &str = "73 FR 36722, 36742; proposed 21 CFR 1311.135(c)";
    let issued = data.map_or_else(|| "never".to_owned(), |data| data.issued().to_string());
    let (code, what) = match age {
        Age::Fresh => return Vec::new(),
        Age::GoingStale(days) => {
            ("RX-REGISTRANT-GOING-STALE", format!("the registrant data of {issued} serves for {days} more day(s)"))
        }
        Age::Stale => {
            ("RX-REGISTRANT-STALE", format!("signing is suspended: registrant data was last issued {issued}"))
        }
    };
    let next = "import the registrant data that DEA issued last";
    let edition = rules.bound("access.registry-check.days").map_or(Edition::Proposed2008, |bound| bound.edition);
    let what = Refusal::new(code, CITE, what, next).under(edition);
    vec![Notice { to: vec![To::Provider, To::AccessControllers], person: None, what }]
}

struct Work<'a> {
    signer: &'a Signer,
    outcome: Outcome,
}

impl Work<'_> {
    fn tell(&mut self, code: &'static str, what: String, next: &'static str) {
        let cite = "21 CFR 1311.125(d); 73 FR 36722, proposed 1311.135(b), (c)";
        self.outcome.notices.push(Notice {
            to: vec![To::Practitioner, To::Provider, To::AccessControllers],
            person: Some(self.outcome.person.clone()),
            what: Refusal::new(code, cite, what, next),
        });
    }

    /// The tokens of a registration that are not revoked.
    fn tokens(&self, of: RegistrationKey) -> Vec<crate::access::Credential> {
        let of = |held: &&crate::access::Credential| held.registration.key() == of && held.revoked.is_none();
        self.signer.credentials().iter().filter(of).cloned().collect()
    }

    fn revoke(&mut self, number: RegistrationKey, reason: &str) {
        for held in self.tokens(number) {
            self.outcome.events.push(AccessEvent::CredentialRevoked {
                credential: held.id,
                reason: reason.to_owned(),
                by: program(),
            });
        }
    }

    fn suspend(&mut self, number: RegistrationKey, reason: &str) -> bool {
        let tokens = self.tokens(number);
        let awake: Vec<_> = tokens.into_iter().filter(|held| held.suspended.is_none()).collect();
        for held in &awake {
            let (credential, reason) = (held.id.clone(), reason.to_owned());
            self.outcome.events.push(TokenEvent::Suspended { credential, reason, by: program() }.into());
        }
        !awake.is_empty()
    }

    /// Tokens that this recheck itself suspended work again when the cause is gone.
    fn resume(&mut self, number: RegistrationKey) {
        for held in self.tokens(number) {
            if held.suspended.as_ref().is_some_and(|suspended| suspended.by.role == Role::System) {
                let reason = "the registrant data and the State's checks are in order again".to_owned();
                self.outcome.events.push(TokenEvent::Resumed { credential: held.id, reason, by: program() }.into());
            }
        }
    }
}

fn of_person(signer: &Signer, data: Option<&Snapshot>, rules: &Rules<'_>) -> Outcome {
    let outcome = Outcome { person: signer.person().to_owned(), events: Vec::new(), notices: Vec::new() };
    let mut work = Work { signer, outcome };
    for checked in signer.registrations() {
        let live = !work.tokens(checked.registration).is_empty();
        // Of an official who has no registration the data knows nothing: what ends there is the service's confirmation.
        let found = data.zip(checked.registration.number()).map(|(data, number)| (data, data.look_up(number)));
        match found {
            Some((data, Found::Row(row))) => of_row(&mut work, checked, row, data, rules),
            Some((_, Found::Unreadable)) if live => {
                let reason = "the row of the registration in the registrant data cannot be read";
                if work.suspend(checked.registration, reason) {
                    let what = format!("{}: {reason}; its tokens are suspended", checked.registration);
                    work.tell(
                        "RX-REGISTRANT-UNREADABLE",
                        what,
                        "look the registration up with DEA, and import a corrected file",
                    );
                }
            }
            Some((_, Found::Absent)) if live => {
                work.revoke(checked.registration, "the registration is no more in the registrant data");
                let what =
                    format!("{} is no more in the registrant data; its tokens are revoked", checked.registration);
                work.tell("RX-REGISTRANT-ABSENT", what, "clear it up with DEA; then apply for a new token");
            }
            _ if live && checked.expires <= rules.today => expire(&mut work, checked),
            _ => {}
        }
    }
    work.outcome
}

fn expire(work: &mut Work<'_>, checked: &Checked) {
    let number = checked.registration;
    work.revoke(number, &format!("the registration expired on {}", checked.expires));
    let what = format!("{number} expired on {} and no renewal is known; its tokens are revoked", checked.expires);
    work.tell("RX-REGISTRANT-EXPIRED", what, "renew the registration, then apply for a new token");
}

fn of_row(work: &mut Work<'_>, old: &Checked, row: &RegistrantRow, data: &Snapshot, rules: &Rules<'_>) {
    let number = old.registration;
    let now = Checked {
        registration: number,
        standing: standing(row.status, row.expires, rules.today),
        expires: row.expires,
        schedules: row.schedules.whole(),
        state_schedules: old.state_schedules.clone(),
        data_issued: data.issued().max(old.data_issued),
    };
    if now != *old {
        work.outcome.events.push(AccessEvent::RegistrationChecked(now.clone()));
    }
    located(work, row);
    if work.tokens(number).is_empty() {
        return;
    }
    match now.standing {
        Standing::Suspended | Standing::Revoked => {
            work.revoke(number, &format!("the registration is {} by the registrant data", row.status));
            let what = format!("{number} is {} by the registrant data; its tokens are revoked", row.status);
            return work.tell(
                "RX-REGISTRANT-STATUS",
                what,
                "apply for a new token once the registration is in force again",
            );
        }
        Standing::Expired => return expire(work, &now),
        Standing::Valid if now.expires <= rules.today => return expire(work, &now),
        Standing::Valid => {}
    }
    let tokens = work.tokens(number);
    let own = tokens.iter().any(|held| matches!(held.registration, Registration::Own(_)));
    let fits = if own { row.activity.prescribes() } else { row.activity.lends_its_number() };
    if !fits {
        work.revoke(number, "the registration is no more one under which practitioners prescribe");
        let what = format!("{number} is now a {}'s registration; its tokens are revoked", row.activity.word());
        return work.tell(
            "RX-REGISTRANT-ACTIVITY",
            what,
            "apply with the registration under which the practitioner prescribes",
        );
    }
    if now.expires > old.expires {
        for held in tokens.iter().filter(|held| held.expires < now.expires) {
            let (credential, expires) = (held.id.clone(), now.expires);
            work.outcome.events.push(TokenEvent::Extended { credential, expires, by: program() }.into());
        }
    }
    let lost: Vec<&str> = narrowed(old, &now).into_iter().map(Schedule::roman).collect();
    if !lost.is_empty() {
        let what = format!("{number} no longer covers schedule {}", lost.join(", "));
        work.tell(
            "RX-REGISTRANT-NARROWED",
            what,
            "prescribe what the registration covers; amend it with DEA if that is wrong",
        );
    }
    match cause_to_suspend(work.signer, number, row, rules) {
        Some((code, reason)) => {
            if work.suspend(number, &reason) {
                let what = format!("{number}: {reason}; its tokens are suspended");
                work.tell(code, what, "check with the State, and record the check");
            }
        }
        None => work.resume(number),
    }
}

fn narrowed(old: &Checked, now: &Checked) -> Vec<Schedule> {
    old.schedules.iter().copied().filter(|schedule| !now.schedules.contains(schedule)).collect()
}

/// A registration that moved within its State is told of; the new address is recorded.
fn located(work: &mut Work<'_>, row: &RegistrantRow) {
    let address = row.address();
    let known = work.signer.enrolment().location(row.number);
    if known.is_some_and(|known| known.address == address && known.state == row.state) {
        return;
    }
    let moved = known.is_some();
    let (registration, state) = (row.number, row.state.clone());
    work.outcome.events.push(EnrolmentEvent::Located { registration, state, address }.into());
    if moved {
        let what = format!("the registered address of {} changed", row.number);
        work.tell("RX-REGISTRANT-MOVED", what, "check the address on prescriptions, and call at the new location");
    }
}

/// The State's side: a registration in another State than the one checked, or a licence whose last day has passed.
fn cause_to_suspend(
    signer: &Signer,
    number: RegistrationKey,
    row: &RegistrantRow,
    rules: &Rules<'_>,
) -> Option<(&'static str, String)> {
    let enrolment = signer.enrolment();
    let intended = enrolment.application()?.intends.iter().find(|one| one.registration.key() == number)?;
    if row.state != intended.state.as_str() {
        let reason = format!("it is registered in {} now, and authority was checked in {}", row.state, intended.state);
        return Some(("RX-REGISTRANT-STATE", reason));
    }
    let ended = CheckKind::ALL.iter().filter_map(|kind| enrolment.check(*kind, intended.state)).find_map(|check| {
        let ended = check.valid_until.filter(|until| *until < rules.today)?;
        Some(format!("the {} in {} was valid until {ended}", check.kind, check.state))
    })?;
    Some(("RX-CHECK-ENDED", ended))
}
