//! The steps of an enrolment that the service provider's staff takes, each with the fields of its form: the same from a page
//! and from a command.

use super::NotDone;
use super::fields::{Fields, unreadable};
use super::typed;
use crate::house::House;
use crate::practice::cards::{self, CardEvent};
use theriac_model::{Actor, Refusal, Registration};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Opens an application for the practitioner.
    Application,
    /// Enters what stands on the proofing document.
    Document,
    /// Accepts the document.
    Acceptance,
    /// Enters the record under the law in force.
    Record,
    /// Records a check with an authority.
    Check,
    /// Records a call or visit.
    Contact,
    /// Compares a registration with the registrant data.
    Registration,
    /// Explains a difference of names.
    Difference,
    /// Lists the address on prescriptions.
    Address,
}

impl Step {
    /// Every step with its word, in the order in which they are usually taken.
    pub(crate) const ALL: [(Self, &'static str); 9] = [
        (Self::Application, "application"),
        (Self::Document, "document"),
        (Self::Acceptance, "acceptance"),
        (Self::Record, "record"),
        (Self::Check, "check"),
        (Self::Registration, "registration"),
        (Self::Contact, "contact"),
        (Self::Difference, "difference"),
        (Self::Address, "address"),
    ];

    /// The step with this word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }
}

fn only<T>(read: Result<T, Refusal>) -> Result<T, Vec<Refusal>> {
    read.map_err(|refusal| vec![refusal])
}

impl House {
    /// Takes a step in a practitioner's enrolment with what was typed for it.
    ///
    /// # Errors
    /// Everything that cannot be read and everything that speaks against it; nothing is recorded then.
    pub(crate) fn take_step(&self, by: &Actor, person: &str, step: Step, fields: &Fields) -> Result<(), NotDone> {
        match step {
            Step::Application => {
                let application = typed::application(fields, by, self.clock.now())?;
                self.steps(by, person, |signer| Ok(vec![signer.apply_for(application)?]))
            }
            Step::Document => self.enter_elements(by, person, typed::document(fields)?),
            Step::Acceptance => self.accept_document(by, person),
            Step::Record => {
                let record = typed::record(fields)?;
                let provider = self.provider();
                let rules = self.rules(&provider);
                self.steps(by, person, |signer| Ok(vec![signer.enter_record(by, record, &rules)?]))
            }
            Step::Check => {
                let check = typed::check(fields, by, self.clock.now())?;
                self.steps(by, person, |signer| Ok(vec![only(signer.record_check(check))?]))
            }
            Step::Contact => {
                let contact = typed::contact(fields, by, self.clock.now())?;
                self.steps(by, person, |signer| Ok(vec![only(signer.record_contact(contact))?]))
            }
            Step::Registration => self.look_up_registration(by, person, typed::number("registration", fields)?),
            Step::Difference => {
                let number = typed::number("difference.registration", fields)?;
                self.explain_name(by, person, number, &fields.text("difference.reason"))
            }
            Step::Address => Ok(self.write_cards(by, &[CardEvent::Place(self.address(person, fields)?)])?),
        }
    }

    fn address(&self, person: &str, fields: &Fields) -> Result<cards::Place, NotDone> {
        let registration = Registration::parse(&fields.text("address.registration")).map_err(|error| {
            unreadable("address.registration", error.to_string(), "choose one of the registrations applied for")
        })?;
        let get = |name: &str| fields.get(&format!("address.{name}"));
        let treatment_id = fields.text("address.treatment-id");
        Ok(cards::Place {
            person: person.to_owned(),
            name: cards::name(get("first"), get("middle"), get("last"), get("suffix"))?,
            address: cards::address(get("line1"), get("line2"), get("city"), get("state"), get("postal"))?,
            treatment_id: Some(treatment_id).filter(|id| !id.is_empty()),
            service_id: self.sealed_service_id(person, &registration, &fields.text("address.service-id"))?,
            registration,
        })
    }
}
