//! The service identification number of an official who prescribes without a registration: kept sealed on the card of the
//! place of practice, opened for the prescription that has to bear it, and masked everywhere else.
//!
//! For the Public Health Service it is the social security number (2008: 21 CFR 1306.05(h)).

use super::cards::Place;
use crate::house::House;
use crate::house::record::Fault;
use theriac_model::{Refusal, Registration, ServiceId};

/// What a sealed number is bound to: whose it is, and as whose official.
fn bound_to(person: &str, registration: &Registration) -> String {
    format!("service-id/{person}/{registration}")
}

fn refuse(what: String, next: &'static str) -> Fault {
    Refusal::new("PRACTICE-SERVICE-ID", "73 FR 36722, proposed 21 CFR 1306.05(h)", what, next)
        .about("address.service-id")
        .into()
}

impl House {
    /// Seals what was typed for a person; with nothing typed, the number that is kept stays.
    ///
    /// # Errors
    /// A number that is none, also one without nine digits for the Public Health Service; no number of an exempt official;
    /// one of somebody who has a registration.
    pub(crate) fn sealed_service_id(
        &self,
        person: &str,
        registration: &Registration,
        typed: &str,
    ) -> Result<Option<String>, Fault> {
        let Registration::Exempt(branch) = registration else {
            if typed.is_empty() {
                return Ok(None);
            }
            let next = "leave the field empty, or choose the exemption among the registrations applied for";
            return Err(refuse(
                "a service identification number stands in the place of a registration".to_owned(),
                next,
            ));
        };
        if typed.is_empty() {
            let kept = self.places(person)?.into_iter().find(|place| place.registration == *registration);
            return if let Some(sealed) = kept.and_then(|place| place.service_id) {
                Ok(Some(sealed))
            } else {
                let what =
                    format!("an official of the {} prescribes with a service identification number", branch.plain());
                Err(refuse(what, "enter the number that the service assigned"))
            };
        }
        let id = ServiceId::of(*branch, typed)
            .map_err(|error| refuse(error.to_string(), "ask the practitioner for the right number"))?;
        let sealed = self.seed_key()?.seal_text(id.reveal(), &bound_to(person, registration)).map_err(Refusal::from)?;
        Ok(Some(sealed))
    }

    /// The number in full, for a prescription of this place.
    pub(crate) fn service_id(&self, place: &Place) -> Result<Option<ServiceId>, Fault> {
        let Some(sealed) = &place.service_id else { return Ok(None) };
        let bound = bound_to(&place.person, &place.registration);
        let text = self.seed_key()?.unseal_text(sealed, &bound).map_err(Refusal::from)?;
        let id = ServiceId::parse(&text).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(Some(id))
    }
}
