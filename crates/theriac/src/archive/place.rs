//! Where records are kept away from the registered location (21 CFR 1304.04(a), (b); 2008: 1304.04(b)(1)).

use super::event::ArchiveEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::vocab::{Record, Word as _};
use theriac_law::{Question, Request, decide};
use theriac_model::{Actor, Refusal};

/// The stream of the choices.
const PLACES: &str = "record-places";
const CITE: &str = "21 CFR 1304.04(a), (b); 73 FR 36722, proposed 21 CFR 1304.04(b)(1)";

/// Where one kind of record is kept, if not at the registered location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) record: Record,
    pub(crate) place: String,
}

impl House {
    /// What is kept elsewhere, by kind of record, with the version of the choices.
    pub(crate) fn kept_elsewhere(&self) -> Result<(Vec<Kept>, u64), Fault> {
        let (events, version) = stream::<ArchiveEvent>(&self.store, PLACES)?;
        let mut places = BTreeMap::new();
        for event in events {
            if let ArchiveEvent::PlaceChosen { record, place, .. } = event {
                places.insert(record, place);
            }
        }
        let kept = places.into_iter().filter(|(_, place)| !place.is_empty());
        let kept = kept.filter_map(|(record, place)| Some(Kept { record: Record::from_word(&record)?, place }));
        Ok((kept.collect(), version))
    }

    /// From now on records of this kind are kept at a central place; an empty place brings them back.
    ///
    /// # Errors
    /// The rulebook's refusal of what must stay at the registered location, or before the notice to DEA allows it.
    pub(crate) fn keep_at(&self, by: &Actor, record: Record, place: &str, notified: Option<Date>) -> Result<(), Fault> {
        let place = place.trim();
        if place.chars().count() > 200 {
            return Err(Refusal::new("ARCHIVE-PLACE", CITE, "the address has more than 200 characters", "shorten it")
                .about("place")
                .into());
        }
        if !place.is_empty() {
            let request = Request::KeepCentral { record, notice_received: notified };
            let decision = decide(&self.profile, &Question::new(self.clock.moment(), request))
                .map_err(|missing| Fault::Broken(format!("the rulebook has no answer for {}", missing.action)))?;
            decision.into_result()?;
        }
        let (_, version) = self.kept_elsewhere()?;
        let event = ArchiveEvent::PlaceChosen { record: record.word().to_owned(), place: place.to_owned(), notified };
        let desk = self.by(by, self.pharmacy.as_str());
        Change::default().decided_on(PLACES, version).event(&desk, PLACES, &event)?.commit(&self.store)?;
        Ok(())
    }
}
