//! Enrolment at the desk: each step decided by the prescriber's core on the person's present state, and recorded.

use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::practice::signer_stream;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::enrolment::{Provider, ProviderKind, Rules};
use theriac_prescriber::proofing::{Document, Upload};
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::NewPiece;

impl House {
    /// The service provider: whoever runs the deployment, unless it names another.
    pub(crate) fn provider(&self) -> Provider {
        Provider {
            name: self.config.practice.name.clone(),
            kind: ProviderKind::Practice,
            separate_registration: Vec::new(),
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
        let (signer, version) = self.signer(person)?;
        let events = decide(&signer).map_err(crate::practice::first)?;
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
