//! Enrolment at the desk: each step decided by the prescriber's core on the person's present state, and recorded.

pub(crate) mod desk;
pub(crate) mod fields;
mod form;
pub(crate) mod steps;
pub(crate) mod typed;

use crate::house::House;
use crate::house::config::ProviderConfig;
use crate::house::record::{Change, Fault};
use crate::practice::signer_stream;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::enrolment::{Provider, ProviderKind, Rules};
use theriac_prescriber::proofing::{Document, Upload};
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::NewPiece;

/// Why a step was not taken.
#[derive(Debug)]
pub(crate) enum NotDone {
    /// Everything that speaks against it.
    Refused(Vec<Refusal>),
    /// Somebody was first, or the store failed.
    Fault(Fault),
}

impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => Self::Refused(vec![*refusal]),
            other => Self::Fault(other),
        }
    }
}

impl From<Vec<Refusal>> for NotDone {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<theriac_store::AppendError> for NotDone {
    fn from(error: theriac_store::AppendError) -> Self {
        Fault::from(error).into()
    }
}

impl From<theriac_store::StoreError> for NotDone {
    fn from(error: theriac_store::StoreError) -> Self {
        Fault::from(error).into()
    }
}

impl House {
    /// The service provider: whoever runs the deployment, unless it names another.
    pub(crate) fn provider(&self) -> Provider {
        let named = self.config.provider.as_ref();
        let name = named.map(|provider| provider.name.trim()).filter(|name| !name.is_empty());
        Provider {
            name: name.unwrap_or(&self.config.practice.name).to_owned(),
            kind: named.map_or(ProviderKind::Practice, ProviderConfig::kind),
            separate_registration: named.map(ProviderConfig::separate_registration).unwrap_or_default(),
        }
    }

    /// The law and the deployment today.
    pub(crate) fn rules<'a>(&'a self, provider: &'a Provider) -> Rules<'a> {
        Rules { profile: &self.profile, today: self.clock.moment().date(), provider }
    }

    /// Records steps of a person's right to sign, decided on its present state: all of them, or none.
    pub(crate) fn access_steps(
        &self,
        by: &Actor,
        person: &str,
        decide: impl FnOnce(&Signer) -> Result<Vec<AccessEvent>, Vec<Refusal>>,
    ) -> Result<(), Fault> {
        self.steps(by, person, decide).map_err(|no| match no {
            NotDone::Refused(refusals) => crate::practice::first(refusals),
            NotDone::Fault(fault) => fault,
        })
    }

    /// As [`House::access_steps`], with everything that speaks against them.
    pub(crate) fn steps(
        &self,
        by: &Actor,
        person: &str,
        decide: impl FnOnce(&Signer) -> Result<Vec<AccessEvent>, Vec<Refusal>>,
    ) -> Result<(), NotDone> {
        let (signer, version) = self.signer(person)?;
        let events = decide(&signer).map_err(NotDone::Refused)?;
        let name = signer_stream(person);
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.event(&self.by(by, ""), &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Enters a proofing document with its file, which is archived and sealed as it came.
    pub(crate) fn file_document(
        &self,
        by: &Actor,
        person: &str,
        document: Document,
        media: &str,
        bytes: Vec<u8>,
    ) -> Result<(), Fault> {
        let (signer, version) = self.signer(person)?;
        let upload = Upload {
            digest: theriac_journal::hash::sha256(&bytes).to_hex(),
            media: media.to_owned(),
            bytes: bytes.len() as u64,
        };
        let event = signer.enter_document(by, Document { upload: Some(upload), ..document })?;
        let seal = self.keys.prescriber.seal(&bytes, self.clock.now());
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        let piece = NewPiece { media: media.to_owned(), bytes, seal };
        let name = signer_stream(person);
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(by, ""), &name, &event, vec![piece])?
            .commit(&self.store)?;
        Ok(())
    }
}
