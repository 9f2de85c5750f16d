//! What stands in the way of every signature of a practitioner today, whatever is to be signed: asked before a signature is
//! offered. The signature itself asks again, on the records as they are then.

use crate::house::House;
use crate::house::record::Fault;
use theriac_prescriber::registrants::Snapshot;

impl House {
    /// Whether signing is open to a practitioner: the audits are in order, the duties are done, and the registrant data by
    /// which the practitioner's registrations were last checked may still be relied on.
    ///
    /// # Errors
    /// The first thing that closes it.
    pub(crate) fn open_for_signing(&self, person: &str) -> Result<(), Fault> {
        self.clearance(person)?;
        let (signer, _) = self.signer(person)?;
        let provider = self.provider();
        let newest = signer
            .registrations()
            .iter()
            .filter(|one| one.registration.number().is_some())
            .map(|one| one.data_issued)
            .max();
        if let Some(issued) = newest {
            Snapshot::new(issued).rely(&self.rules(&provider))?;
        }
        Ok(())
    }
}
