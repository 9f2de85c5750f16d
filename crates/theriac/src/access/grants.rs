//! Grants: entered by one, put in force by another with two factors for exactly this, rested and taken away by one.

use super::controllers::controller_stream;
use super::{CITE, ControllerEvent};
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::practice::signing::Page;
use crate::practice::{SITE, first, signer_stream};
use crate::tokens::{Approval, KnownToken, random};
use jiff::Timestamp;
use serde_json::Value;
use theriac_model::{Actor, DeaNumber, Refusal, Registration};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{CredentialId, Expected, PractitionerId};
use theriac_pki::webauthn::assertion_options;
use theriac_pki::{Assertion, TwoFactorPass, verify_assertion};
use theriac_prescriber::Signer;
use theriac_prescriber::grant::{Confirmation, Controller};
use theriac_prescriber::registrants::Found;

fn refuse(code: &'static str, what: &'static str, next: &'static str) -> Fault {
    Refusal::new(code, CITE, what, next).into()
}

impl House {
    /// A first controller enters that a person may sign.
    pub(crate) fn nominate(&self, by: &Actor, person: &str, listed_by: &[String]) -> Result<(), Fault> {
        let controller = self.as_controller(by)?;
        let provider = self.provider();
        let rules = self.rules(&provider);
        let data = self.data_for(&self.signer(person)?.0, None)?;
        self.access_steps(by, person, |signer| {
            Ok(vec![signer.nominate(&controller, listed_by, &signer.review(&rules, &data), &rules)?])
        })
    }

    /// The registration with which a controller approves, and the first instant at which it no longer does.
    fn approving(&self, controller: &Controller) -> Result<(DeaNumber, Timestamp), Fault> {
        let next = "let an access controller who is a registrant approve";
        let none = || refuse("RX-ACCESS-REGISTRANT", "the controller who approves is no registrant", next);
        let number = controller.registration.ok_or_else(none)?;
        let data = self.data_for(&Signer::new(&*controller.actor.id), Some(number))?;
        let Found::Row(row) = data.look_up(number) else { return Err(none()) };
        let day_after = row.expires.tomorrow().unwrap_or(row.expires);
        let ends = day_after.to_zoned(self.clock.zone()).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok((number, ends.timestamp()))
    }

    fn approval(&self, person: &str) -> Result<Approval, Fault> {
        let (signer, _) = self.signer(person)?;
        if signer.nominated_by().is_none() {
            let next = "let a first access controller nominate";
            return Err(refuse("RX-ACCESS-NOT-NOMINATED", "nobody has nominated this person", next));
        }
        let grant = theriac_journal::hash::sha256(&signer.grant_bytes()).0;
        let challenge = Challenge::new(random()?, vec![grant], self.clock.now());
        Ok(Approval { person: person.to_owned(), challenge })
    }

    /// Begins an approval: what the controller's own keys are asked. The challenge covers exactly what is granted.
    pub(crate) fn begin_approval(&self, by: &Actor, person: &str) -> Result<Value, Fault> {
        let controller = self.as_controller(by)?;
        let (number, _) = self.approving(&controller)?;
        let (desk, _) = self.controller_record(&by.id)?;
        let approval = self.approval(person)?;
        let mut ids = Vec::new();
        for key in desk.usable(number) {
            if let Some(id) = CredentialId::parse(&key.credential) {
                let transports = self.transports(&by.id, &key.credential)?;
                ids.push((id, transports));
            }
        }
        if ids.is_empty() {
            let what = "no key of this controller's own is bound";
            return Err(refuse("ACCESS-KEY", what, "let an operator hand a key over, and bind it at /access/keys"));
        }
        let options = assertion_options(&self.party()?, &approval.challenge.bytes(), &ids);
        self.ceremonies.await_approval(&by.id, approval);
        Ok(options)
    }

    /// The answer of the controller's key: the right to sign is put in force. Says whose.
    pub(crate) fn finish_approval(&self, by: &Actor, answer: &[u8]) -> Result<String, Fault> {
        let approval = self.ceremonies.asked_for_approval(&by.id).ok_or_else(|| {
            let next = "open the person's page and approve again";
            refuse("ACCESS-NOT-ASKED", "no approval is being waited for, or it was answered already", next)
        })?;
        let assertion = Assertion::from_browser(answer)?;
        let (host, origin) = self.site_of_pages();
        self.approve(by, &approval, &assertion, Page { host: &host, origin: &origin })?;
        Ok(approval.person)
    }

    /// Approves with the software token of a demonstration.
    pub(crate) fn approve_softly(&self, by: &Actor, person: &str, pin: &str) -> Result<(), Fault> {
        let approval = self.approval(person)?;
        let held = self.soft_token(&by.id).ok_or_else(|| {
            let next = "use the security key that was bound for you";
            refuse("RX-TOKEN-NOT-HERE", "no software token is at hand for this person", next)
        })?;
        let assertion = held.answer(&approval.challenge, pin)?;
        self.approve(by, &approval, &assertion, Page { host: SITE.0, origin: SITE.1 })
    }

    fn approve(&self, by: &Actor, approval: &Approval, assertion: &Assertion, page: Page<'_>) -> Result<(), Fault> {
        let controller = self.as_controller(by)?;
        let at = self.clock.now();
        let (pass, keys) = self.grant_factors(&controller, approval, assertion, at, page)?;
        let (signer, version) = self.signer(&approval.person)?;
        // What is granted now must be what the factors were given for.
        let grant = theriac_journal::hash::sha256(&signer.grant_bytes()).0;
        let provider = self.provider();
        let rules = self.rules(&provider);
        let data = self.data_for(&signer, controller.registration)?;
        let confirmation = Confirmation::TwoFactors { pass: &pass, grant, at };
        let review = signer.review(&rules, &data);
        let approved = signer.approve(&controller, confirmation, &review, &data, &rules).map_err(first)?;
        let (whose, own) = (signer_stream(&approval.person), controller_stream(&by.id));
        let used = ControllerEvent::KeyUsed {
            person: by.id.clone(),
            credential: pass.credential().to_string(),
            counter: pass.counter(),
        };
        let desk = self.by(by, "");
        Change::default()
            .decided_on(&whose, version)
            .decided_on(&own, keys)
            .event(&desk, &own, &used)?
            .event(&desk, &whose, &approved)?
            .commit(&self.store)?;
        Ok(())
    }

    /// Both factors of the controller, for exactly this grant; and the version of the controller's records.
    fn grant_factors(
        &self,
        controller: &Controller,
        approval: &Approval,
        assertion: &Assertion,
        at: Timestamp,
        page: Page<'_>,
    ) -> Result<(TwoFactorPass, u64), Fault> {
        let (number, expires) = self.approving(controller)?;
        let registration = Registration::Own(number);
        let unknown = || {
            let next = "use the key that an operator handed to you and you bound at /access/keys";
            refuse("ACCESS-KEY", "this key is not bound to the controller", next)
        };
        let by = controller.actor.id.as_str();
        let (desk, version) = self.controller_record(by)?;
        let answered = assertion.credential.to_string();
        let key = desk.usable(number).find(|key| key.credential == answered).ok_or_else(unknown)?;
        let known = KnownToken {
            person: by,
            credential: &assertion.credential,
            registration: &registration,
            public_key: &key.public_key,
            counter: key.counter,
            expires,
            revoked: None,
        };
        let credential = self.credential(known)?.ok_or_else(unknown)?;
        let person = PractitionerId::parse(by).ok_or_else(unknown)?;
        let expected = Expected {
            challenge: &approval.challenge,
            practitioner: &person,
            registration: &registration,
            relying_party: page.host,
            origin: page.origin,
        };
        Ok((verify_assertion(&credential, &expected, assertion, at, self.deployment)?, version))
    }

    /// In an institution, a person of a separate unit executes the grant.
    pub(crate) fn execute_grant(&self, by: &Actor, person: &str) -> Result<(), Fault> {
        let controller = self.as_controller(by)?;
        let provider = self.provider();
        let rules = self.rules(&provider);
        let data = self.data_for(&self.signer(person)?.0, controller.registration)?;
        self.access_steps(by, person, |signer| {
            let review = signer.review(&rules, &data);
            Ok(vec![signer.approve(&controller, Confirmation::SeparateUnit, &review, &data, &rules)?])
        })
    }

    /// The right to sign rests until two grant it anew. What waits for the person's token dies.
    pub(crate) fn suspend_signing(&self, by: &Actor, person: &str, reason: &str) -> Result<(), Fault> {
        let reason = Self::reason(reason)?;
        self.access_steps(by, person, |signer| {
            Ok(vec![signer.suspend(by, &reason).map_err(|refusal| vec![refusal])?])
        })?;
        self.stop_at_once(by, person)?;
        Ok(())
    }

    /// The right to sign ends, and every token with it.
    pub(crate) fn revoke_signing(&self, by: &Actor, person: &str, reason: &str) -> Result<(), Fault> {
        let reason = Self::reason(reason)?;
        self.access_steps(by, person, |signer| signer.revoke(by, &reason).map_err(|refusal| vec![refusal]))?;
        self.stop_at_once(by, person)?;
        Ok(())
    }

    /// One registration is taken out of what is granted.
    pub(crate) fn withdraw_registration(
        &self,
        by: &Actor,
        person: &str,
        registration: &Registration,
        reason: &str,
    ) -> Result<(), Fault> {
        let reason = Self::reason(reason)?;
        self.access_steps(by, person, |signer| {
            signer.withdraw(by, registration, &reason).map_err(|refusal| vec![refusal])
        })?;
        self.stop_at_once(by, person)?;
        Ok(())
    }

    /// After a loss, a first controller recognises the person.
    pub(crate) fn open_recovery(&self, by: &Actor, person: &str, recognised: &str) -> Result<(), Fault> {
        let controller = self.as_controller(by)?;
        if recognised.chars().count() > 200 || recognised.chars().any(char::is_control) {
            let next = "say in one line of at most 200 characters how you recognised the person";
            return Err(refuse("RX-RECOVERY-HOW", "what is written is too long or more than one line", next));
        }
        self.access_steps(by, person, |signer| {
            Ok(vec![signer.open_recovery(&controller, recognised).map_err(|refusal| vec![refusal])?])
        })
    }

    /// A second controller confirms it; then a new token may be bound.
    pub(crate) fn confirm_recovery(&self, by: &Actor, person: &str) -> Result<(), Fault> {
        let controller = self.as_controller(by)?;
        self.access_steps(by, person, |signer| {
            Ok(vec![signer.confirm_recovery(&controller).map_err(|refusal| vec![refusal])?])
        })
    }
}
