//! Binding: the person's device makes a key in the person's browser, and it is bound if everything still holds.

use super::offers::{not_offered, offer_stream};
use super::trust::make;
use super::{KEY_MEDIA, Offer, OfferEvent, Serves, broken, random};
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::practice::{first, signer_stream};
use serde_json::Value;
use theriac_model::{Actor, Registration, hex};
use theriac_pki::pass::{CredentialId, PractitionerId};
use theriac_pki::webauthn::{Enrolled, Purpose, RegistrationAnswer, RegistrationRequest};
use theriac_prescriber::token::{HeldElsewhere, NewToken};
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::NewPiece;

impl House {
    /// What would refuse the binding of this token, asked before anything is done.
    pub(super) fn may_bind(&self, offer: &Offer, token: &NewToken) -> Result<(AccessEvent, u64), Fault> {
        let (signer, version) = self.signer(&offer.person)?;
        let provider = self.provider();
        let rules = self.rules(&provider);
        let review = signer.review(&rules, &self.data_for(&signer, None)?);
        let others = self.elsewhere(&offer.person, &offer.serial, &token.public_key)?;
        let elsewhere: Vec<HeldElsewhere<'_>> = others.iter().map(super::held::Elsewhere::as_held).collect();
        let event = signer.bind(token, &offer.by, &elsewhere, &review).map_err(first)?;
        Ok((event, version))
    }

    /// Credentials that the person holds already for the same use.
    fn already(&self, offer: &Offer) -> Result<Vec<CredentialId>, Fault> {
        let ids: Vec<String> = match offer.serves {
            Serves::Signing => {
                let (signer, _) = self.signer(&offer.person)?;
                let same = signer.credentials().iter().filter(|held| held.registration == offer.registration);
                same.map(|held| held.id.clone()).collect()
            }
            Serves::Granting => {
                let (desk, _) = self.controller_record(&offer.person)?;
                desk.keys.iter().map(|key| key.credential.clone()).collect()
            }
        };
        Ok(ids.iter().filter_map(|id| CredentialId::parse(id)).collect())
    }

    /// Begins to bind an offered device: what the browser is asked.
    ///
    /// # Errors
    /// No such offer to this person.
    pub(crate) fn begin_binding(&self, by: &Actor, offer: &str) -> Result<Value, Fault> {
        let (open, _) = self.offers(&by.id)?;
        let offer = open.into_iter().find(|one| one.id == offer).ok_or_else(not_offered)?;
        let person = PractitionerId::parse(&by.id).ok_or_else(not_offered)?;
        let purpose = Purpose::Signing(offer.registration.clone());
        let request = RegistrationRequest::new(random()?, person, purpose, self.clock.now());
        let options = request.options(&self.party()?, &self.already(&offer)?);
        self.ceremonies.await_key(&by.id, offer, request);
        Ok(options)
    }

    /// The browser's answer: the key is bound. Says what for.
    ///
    /// # Errors
    /// Nothing was asked; the answer is none to it; a make that is not trusted; whatever refuses the binding.
    pub(crate) fn finish_binding(&self, by: &Actor, answer: &[u8]) -> Result<Serves, Fault> {
        let (offer, request) = self.ceremonies.asked_for_key(&by.id).ok_or_else(not_offered)?;
        let (open, offers) = self.offers(&by.id)?;
        if !open.contains(&offer) {
            return Err(not_offered());
        }
        let answer = RegistrationAnswer::from_browser(answer)?;
        let new = request.verify(&self.party()?, &self.already(&offer)?, &answer, self.clock.now())?;
        let enrolled = self.trusted(new)?;
        let change = match offer.serves {
            Serves::Signing => self.bind_for_signing(by, &offer, &enrolled)?,
            Serves::Granting => self.bind_for_grants(by, &offer, &enrolled, &make(&enrolled))?,
        };
        let name = offer_stream(&by.id);
        let ended = OfferEvent::Ended { id: offer.id, why: "taken up".to_owned() };
        change.decided_on(&name, offers).event(&self.by(by, ""), &name, &ended)?.commit(&self.store)?;
        Ok(offer.serves)
    }

    fn bind_for_signing(&self, by: &Actor, offer: &Offer, enrolled: &Enrolled) -> Result<Change, Fault> {
        let key = hex::encode(enrolled.key.point());
        let token = self.token_of(offer, &enrolled.id.to_string(), &make(enrolled), &key)?;
        let (event, version) = self.may_bind(offer, &token)?;
        let name = signer_stream(&offer.person);
        let piece = self.sealed_piece(KEY_MEDIA, enrolled.to_bytes())?;
        Change::default().decided_on(&name, version).with_pieces(&self.by(by, ""), &name, &event, vec![piece])
    }

    /// Bytes to be archived, sealed by the prescribing system.
    pub(crate) fn sealed_piece(&self, media: &str, bytes: Vec<u8>) -> Result<NewPiece, Fault> {
        let seal = self.keys.prescriber.seal(&bytes, self.clock.now()).map_err(broken)?;
        Ok(NewPiece { media: media.to_owned(), bytes, seal })
    }

    /// The registrations for which tokens of a person may be bound: those that were checked.
    pub(crate) fn registrations_of(signer: &Signer) -> Vec<Registration> {
        let application = signer.enrolment().application();
        let intended = application.into_iter().flat_map(|application| application.intends.iter());
        let checked = intended.filter(|one| signer.registration(one.registration.key()).is_some());
        checked.map(|one| one.registration.clone()).collect()
    }
}
