//! Signing with a code device: the code, and beside it the password where the device asks for nothing itself.

use super::codes::Present;
use super::{Bound, broken};
use crate::house::House;
use crate::house::record::Fault;
use crate::practice::signing::Act;
use theriac_model::{Actor, Refusal, Registration};
use theriac_pki::otp::{Beside, CodeAnswer, CodeCredential, Terms};
use theriac_pki::pass::{CredentialState, Expected, PractitionerId};
use theriac_pki::{Deployment, Password};

impl House {
    /// A person's code device that may be used, for a registration or for any, with its credential as it stands today.
    pub(super) fn code_device_of(
        &self,
        person: &str,
        registration: Option<&Registration>,
    ) -> Result<Option<(CodeCredential, Present)>, Fault> {
        let (signer, _) = self.signer(person)?;
        let wanted = |held: &&theriac_prescriber::Credential| {
            let live = held.revoked.is_none() && held.suspended.is_none();
            live && registration.is_none_or(|registration| held.registration == *registration)
        };
        for held in signer.credentials().iter().filter(wanted) {
            if let Some(Bound::Code(credential)) = self.bound(person, &held.id)? {
                let day_after = held.expires.tomorrow().map_err(broken)?;
                let expires = day_after.to_zoned(self.clock.zone()).map_err(broken)?.timestamp();
                let present = self.present_device(&credential.device)?;
                return Ok(Some((CodeCredential { expires, state: CredentialState::Active, ..*credential }, present)));
            }
        }
        Ok(None)
    }

    /// Whether a person has a code device that may sign for a registration.
    pub(crate) fn signs_with_codes(&self, person: &str, registration: Option<&Registration>) -> Result<bool, Fault> {
        Ok(self.code_device_of(person, registration)?.is_some())
    }

    /// Signs an act with a code, entered for exactly what was shown.
    ///
    /// # Errors
    /// No code device for the registration; whatever refuses code or password; the law's refusals. Nothing is signed then.
    pub(crate) fn sign_act_with_code(
        &self,
        by: &Actor,
        act: &Act,
        code: &str,
        password: Option<&Password>,
    ) -> Result<(), Fault> {
        let none = || {
            Refusal::new(
                "RX-TOKEN-NONE",
                "73 FR 36722, proposed 21 CFR 1311.110",
                "no code device is bound for this registration",
                "use the security key, or ask an operator to bind a code device",
            )
        };
        let (credential, present) = self.code_device_of(&by.id, Some(&act.registration))?.ok_or_else(none)?;
        let rule = self.token_rule();
        if self.deployment == Deployment::Production {
            credential.recheck(&self.model_book()?, &rule, self.today())?;
        }
        let beside = match password {
            Some(password) => Beside::Password(self.check_password(by, password)?),
            None => Beside::Nothing,
        };
        let person = PractitionerId::parse(&by.id).ok_or_else(none)?;
        let (host, origin) = self.site_of_pages();
        let expected = Expected {
            challenge: &act.challenge,
            practitioner: &person,
            registration: &act.registration,
            relying_party: &host,
            origin: &origin,
        };
        let seed = self.unsealed(&present.device)?;
        let terms = Terms { rule: &rule, deployment: self.deployment };
        let answer = CodeAnswer { code: code.trim(), beside };
        let accepted = credential.verify(present.state, &seed, &expected, &answer, &terms, self.clock.now());
        if accepted.state != present.state {
            self.keep_state(by, &present, accepted.state, &accepted.result)?;
        }
        let pass = accepted.result?;
        self.sign_act_with(by, act, &pass)
    }
}
