//! The records of prescriptions as logs and audits read them.

use crate::house::House;
use crate::house::record::{Fault, read};
use jiff::Timestamp;
use std::collections::BTreeSet;
use theriac_prescriber::Event;
use theriac_prescriber::log::{Line, Located, gather, prescription_of};

/// A prescription's record with its place.
pub(crate) struct Step {
    seq: u64,
    prescription: String,
    at: Timestamp,
    place: String,
    event: Event,
}

/// Records as the core wants them.
pub(crate) fn located(steps: &[Step]) -> impl Iterator<Item = Located<'_>> {
    steps.iter().map(|step| Located {
        seq: step.seq,
        prescription: &step.prescription,
        at: step.at,
        place: &step.place,
        event: &step.event,
    })
}

impl House {
    /// All records of the prescriptions that a practitioner signed in a time, in the order of the journal.
    pub(crate) fn steps_signed_by(
        &self,
        practitioner: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Step>, Fault> {
        let sql = "SELECT stream FROM signings WHERE practitioner = $1 AND at_ms >= $2 AND at_ms < $3";
        let bounds = [practitioner.into(), from.as_millisecond().into(), until.as_millisecond().into()];
        let rows = self.store.query(sql, &bounds)?;
        let streams: BTreeSet<&str> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        let mut steps = Vec::new();
        for stream in streams {
            let Some(prescription) = prescription_of(stream) else { continue };
            for entry in self.store.stream(stream)?.iter().filter(|entry| entry.body_bytes().is_some()) {
                steps.push(Step {
                    seq: entry.seq,
                    prescription: prescription.to_owned(),
                    at: Timestamp::from_millisecond(entry.at_ms).map_err(|error| Fault::Broken(error.to_string()))?,
                    place: entry.location.clone(),
                    event: read(entry)?,
                });
            }
        }
        steps.sort_by_key(|step| step.seq);
        Ok(steps)
    }

    /// Every prescription a practitioner ever signed here, as far as it is kept.
    pub(crate) fn lines_of(&self, practitioner: &str) -> Result<Vec<Line>, Fault> {
        let steps = self.steps_signed_by(practitioner, Timestamp::MIN, Timestamp::MAX)?;
        Ok(gather(practitioner, located(&steps)))
    }
}
