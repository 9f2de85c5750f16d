//! Signing: what is asked of the token, and what happens when it answers.

use super::{Channel, SITE, TRANSMIT, broken, prescription_stream, signer_stream};
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::tokens::{Bound, KnownToken};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use theriac_model::{Actor, Refusal, Registration};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{CredentialId, Expected, PractitionerId};
use theriac_pki::soft_token::Gesture;
use theriac_pki::webauthn::{RelyingParty, assertion_options};
use theriac_pki::{Assertion, SoftToken, TwoFactorPass, verify_assertion};
use theriac_prescriber::stage::Moment;
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::{NewJob, NewPiece};
use theriac_wire::script::SignatureGroup;

/// A signing act that waits for the token: which prescriptions, under which registration, and the challenge that covers
/// what was shown of each.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) ids: Vec<String>,
    pub(crate) registration: Registration,
    pub(crate) channel: Channel,
    pub(crate) challenge: Challenge,
}

/// The page that the token answered: host name and origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) host: &'a str,
    pub(crate) origin: &'a str,
}

impl House {
    /// Begins a signing act over reviewed prescriptions.
    ///
    /// # Errors
    /// A prescription that is not reviewed.
    pub(crate) fn begin_to_sign(
        &self,
        ids: &[&str],
        registration: &Registration,
        channel: Channel,
    ) -> Result<Act, Fault> {
        let mut shown = Vec::with_capacity(ids.len());
        for id in ids {
            shown.push(self.prescription_now(id)?.0.into_reviewed()?.shown());
        }
        let mut nonce = [0; 32];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| broken("the system gave no random bytes"))?;
        Ok(Act {
            ids: ids.iter().map(|&id| id.to_owned()).collect(),
            registration: registration.clone(),
            channel,
            challenge: Challenge::new(nonce, shown, self.clock.now()),
        })
    }

    /// Keeps a practitioner's act until the browser brings the answer; an act begun before is forgotten.
    pub(crate) fn await_answer(&self, by: &Actor, act: Act) {
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).insert(by.id.clone(), act);
    }

    /// The act that waits for this practitioner; it can be answered once.
    pub(crate) fn awaited(&self, by: &Actor) -> Result<Act, Fault> {
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).remove(&by.id).ok_or_else(|| {
            Refusal::new(
                "RX-SIGN-NOT-ASKED",
                "73 FR 36722, proposed 21 CFR 1311.125(a)",
                "no signature is being waited for, or it was answered already",
                "review the prescription and press Sign again",
            )
            .into()
        })
    }

    /// Signs with a token at hand.
    pub(crate) fn sign(
        &self,
        by: &Actor,
        ids: &[&str],
        registration: &Registration,
        credential: &CredentialId,
        channel: Channel,
        factors: impl FnOnce(&Challenge) -> Result<Assertion, Refusal>,
    ) -> Result<(), Fault> {
        let act = self.begin_to_sign(ids, registration, channel)?;
        let assertion = factors(&act.challenge)?;
        self.sign_act(by, &act, credential, &assertion, Page { host: SITE.0, origin: SITE.1 })
    }

    /// Signs the prescriptions of an act: two factors for all of them, then each is signed by this system's key, archived
    /// and, for the electronic channel, written down to be sent, in one transaction.
    ///
    /// # Errors
    /// An answer that is not both factors for exactly what was shown; the law's refusals. Nothing is signed then.
    pub(crate) fn sign_act(
        &self,
        by: &Actor,
        act: &Act,
        credential: &CredentialId,
        assertion: &Assertion,
        page: Page<'_>,
    ) -> Result<(), Fault> {
        let (signer, _) = self.signer(&by.id)?;
        for id in &act.ids {
            self.prescription_now(id)?.0.into_reviewed()?;
        }
        let at = self.clock.now();
        let pass =
            self.two_factors(by, &signer, (&act.registration, credential), &act.challenge, assertion, at, page)?;
        self.sign_act_with(by, act, &pass)
    }

    /// Signs the prescriptions of an act with both factors, given for exactly what was shown.
    ///
    /// # Errors
    /// The law's refusals; a token that was revoked meanwhile. Nothing is signed then.
    pub(crate) fn sign_act_with(&self, by: &Actor, act: &Act, pass: &TwoFactorPass) -> Result<(), Fault> {
        let channel = act.channel;
        let (signer, signer_version) = self.signer(&by.id)?;
        let mut reviewed = Vec::new();
        for id in &act.ids {
            let (now, version) = self.prescription_now(id)?;
            reviewed.push((id.as_str(), now.into_reviewed()?, version));
        }
        self.sets_may_be_issued(reviewed.iter().map(|(_, one, _)| one))?;
        let at = self.clock.now();
        let mut patients: Vec<&str> =
            reviewed.iter().map(|(_, one, _)| one.draft().routing().patient.as_str()).collect();
        patients.sort_unstable();
        patients.dedup();
        let patients = u16::try_from(patients.len()).unwrap_or(u16::MAX);
        let whose = signer_stream(&by.id);
        let desk = self.by(by, "");
        let used = AccessEvent::CredentialUsed { credential: pass.credential().to_string(), counter: pass.counter() };
        let (clearance, rests_on) = self.clearance(&by.id)?;
        let mut change = Change::default().decided_on(&whose, signer_version).event(&desk, &whose, &used)?;
        for (stream, version) in &rests_on {
            change = change.decided_on(stream, *version);
        }
        for (id, one, version) in reviewed {
            let moment = Moment { at: self.clock.moment(), profile: &self.profile, patients, clearance: &clearance };
            let (signed, to_sign) = one.sign(by, &signer, pass, moment).map_err(|(_, refusal)| refusal)?;
            let cms = self.keys.prescriber.sign_contents(&to_sign.bytes, at).map_err(broken)?;
            let digest = theriac_journal::hash::sha256(&to_sign.bytes);
            let certificate = self.keys.prescriber.certificate();
            let group = SignatureGroup::new(&digest.0, &cms, certificate.der());
            let message = self.compose(id, &to_sign.contents, signed.routing(), group.clone())?;
            let event = to_sign.signed(digest.to_hex(), group.signature_value, group.x509_data);
            let seal = self.keys.prescriber.seal(&message, at).map_err(broken)?;
            let piece = NewPiece { media: "application/xml".to_owned(), bytes: message, seal };
            let name = prescription_stream(id);
            change = change.decided_on(&name, version).with_pieces(&desk, &name, &event, vec![piece])?;
            if channel == Channel::Electronic {
                change = change.job(NewJob {
                    kind: TRANSMIT.to_owned(),
                    key: format!("{TRANSMIT}/{id}"),
                    due_ms: at.as_millisecond(),
                    payload: id.as_bytes().to_vec(),
                });
            }
        }
        change.commit(&self.store)?;
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn two_factors(
        &self,
        by: &Actor,
        signer: &Signer,
        (registration, credential): (&Registration, &CredentialId),
        challenge: &Challenge,
        assertion: &Assertion,
        at: Timestamp,
        page: Page<'_>,
    ) -> Result<TwoFactorPass, Fault> {
        let unknown = || {
            Refusal::new(
                "RX-TOKEN-UNKNOWN",
                "21 CFR 1311.115",
                "this token is not registered for the practitioner",
                "ask two access controllers to bind it",
            )
        };
        let held = signer.credential(&credential.to_string()).ok_or_else(unknown)?;
        let person = PractitionerId::parse(&by.id).ok_or_else(unknown)?;
        let day_after = held.expires.tomorrow().map_err(broken)?;
        let known = KnownToken {
            person: &by.id,
            credential,
            registration: &held.registration,
            public_key: &held.public_key,
            counter: held.counter,
            expires: day_after.to_zoned(self.clock.zone()).map_err(broken)?.timestamp(),
            revoked: held.revoked.as_ref().map(|_| at),
        };
        let known = self.credential(known)?.ok_or_else(unknown)?;
        let expected =
            Expected { challenge, practitioner: &person, registration, relying_party: page.host, origin: page.origin };
        Ok(verify_assertion(&known, &expected, assertion, at, self.deployment)?)
    }
}

/// A practitioner's software token with its one credential, in a demonstration.
pub(crate) struct SoftHeld {
    pub(crate) soft: Mutex<SoftToken>,
    pub(crate) credential: CredentialId,
    pub(crate) registration: Registration,
}

impl SoftHeld {
    /// The token's answer when its holder enters `pin`.
    pub(crate) fn answer(&self, challenge: &Challenge, pin: &str) -> Result<Assertion, Refusal> {
        let mut soft = self.soft.lock().unwrap_or_else(PoisonError::into_inner);
        soft.answer(&self.credential, challenge, SITE.0, SITE.1, Gesture::Pin(pin))
    }
}

impl House {
    pub(crate) fn soft_token(&self, person: &str) -> Option<Arc<SoftHeld>> {
        self.soft.lock().unwrap_or_else(PoisonError::into_inner).get(person).cloned()
    }

    /// Whether a software token of the demonstration is at hand for this person.
    pub(crate) fn holds_soft_token(&self, person: &str) -> bool {
        self.soft_token(person).is_some()
    }

    /// Signs an act with the demonstration's software token.
    pub(crate) fn sign_with_soft_token(&self, by: &Actor, act: &Act, pin: &str) -> Result<(), Fault> {
        let held = self.soft_token(&by.id).ok_or_else(|| {
            Refusal::new(
                "RX-TOKEN-NOT-HERE",
                "73 FR 36722, proposed 21 CFR 1311.110",
                "no software token is at hand for this person",
                "use the security key that was registered",
            )
        })?;
        let assertion = held.answer(&act.challenge, pin)?;
        self.sign_act(by, act, &held.credential, &assertion, Page { host: SITE.0, origin: SITE.1 })
    }

    /// Host name and origin of the pages, for which security keys answer.
    pub(crate) fn site_of_pages(&self) -> (String, String) {
        let origin = self.config.site.clone().or_else(|| self.origin.get().cloned());
        let origin = origin.unwrap_or_else(|| format!("http://localhost:{}", self.config.listen.port()));
        let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
        let host = host.split([':', '/']).next().unwrap_or_default().to_owned();
        (host, origin)
    }

    /// What the practitioner's tokens are asked: the options of `navigator.credentials.get()`.
    ///
    /// # Errors
    /// No usable token for the registration.
    pub(crate) fn token_options(&self, by: &Actor, act: &Act) -> Result<serde_json::Value, Fault> {
        let (signer, _) = self.signer(&by.id)?;
        let usable =
            signer.credentials().iter().filter(|held| held.registration == act.registration && held.revoked.is_none());
        let mut ids: Vec<(CredentialId, Vec<String>)> = Vec::new();
        for held in usable {
            let Some(id) = CredentialId::parse(&held.id) else { continue };
            match self.bound(&by.id, &held.id)? {
                Some(Bound::Key(key)) => ids.push((id, key.transports)),
                // No browser holds it; whoever asks a demonstration learns what would be asked.
                Some(Bound::Demonstration) => ids.push((id, Vec::new())),
                Some(Bound::Code(_)) | None => {}
            }
        }
        if ids.is_empty() {
            return Err(Refusal::new(
                "RX-TOKEN-NONE",
                "73 FR 36722, proposed 21 CFR 1311.110",
                "no usable token is registered for this registration",
                "ask two access controllers to bind one",
            )
            .into());
        }
        let (host, origin) = self.site_of_pages();
        let party = RelyingParty::new("Theriac", &host, &origin).map_err(broken)?;
        Ok(assertion_options(&party, &act.challenge.bytes(), &ids))
    }

    /// Throws a draft away.
    pub(crate) fn discard(&self, by: &Actor, id: &str) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let event = now.discard(by)?;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }
}
