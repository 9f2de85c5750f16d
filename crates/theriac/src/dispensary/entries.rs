//! Refills that somebody other than a pharmacist enters (Manual 2010, section IX, Electronic Recordkeeping): the entry stays
//! unverified and dispenses nothing. A pharmacist verifies it, by which the refill is dispensed as it was entered, or puts it aside.

use super::{Dispensed, Judged, Wanted};
use crate::house::House;
use crate::house::record::{By, Change, Fault, read};
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Ndc, Refusal, Role};
use theriac_pharmacy::PrescriptionNumber;

/// What was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefillEntered {
    /// The number that the filling is to have.
    pub(crate) no: u32,
    /// The product taken from the shelf.
    pub(crate) ndc: Ndc,
    /// What was counted on the shelf afterwards, in smallest units.
    pub(crate) counted: i64,
    /// The full name of who entered it.
    pub(crate) by: String,
}

/// A record of such an entry. Who and when stand in the entry's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntryEvent {
    /// A refill was entered.
    Entered(RefillEntered),
    /// A pharmacist verified it, and it was dispensed.
    Confirmed,
    /// A pharmacist put it aside.
    Dropped {
        /// Why.
        why: String,
    },
}

/// An entry that waits for a pharmacist.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) number: PrescriptionNumber,
    pub(crate) entered: RefillEntered,
    pub(crate) at: Timestamp,
    /// The version of the stream.
    version: u64,
}

impl EntryEvent {
    /// How the names of the streams begin.
    pub(crate) const STREAMS: &str = "refill-entry/";

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Entered(_) => "refill-entry.entered",
            Self::Confirmed => "refill-entry.confirmed",
            Self::Dropped { .. } => "refill-entry.dropped",
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Entered(RefillEntered { no, ndc, counted, by }) => {
                json!({"by": by, "counted": counted, "ndc": ndc.as_str(), "no": no})
            }
            Self::Confirmed => json!({}),
            Self::Dropped { why } => json!({"why": why}),
        }
    }

    pub(crate) fn from_json(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        Ok(match kind {
            "refill-entry.entered" => {
                let bad = |_| BadField { field: "no".to_owned(), expected: "a number" };
                Self::Entered(RefillEntered {
                    no: u32::try_from(body.whole("no")?).map_err(bad)?,
                    ndc: body.parsed("ndc", "an NDC", |text| Ndc::parse(text).ok())?,
                    counted: body.whole("counted")?,
                    by: body.text("by")?.to_owned(),
                })
            }
            "refill-entry.confirmed" => Self::Confirmed,
            "refill-entry.dropped" => Self::Dropped { why: body.text("why")?.to_owned() },
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of an entered refill" }),
        })
    }
}

const CITE: &str = "21 CFR 1306.22(f)(3); Manual 2010, section IX";

fn no_entry() -> Fault {
    let what = "no refill waits for verification on this prescription";
    Refusal::new("PHARM-NO-ENTRY", CITE, what, "look at the record: it may have been verified a moment ago").into()
}

impl House {
    fn entry_stream(number: &PrescriptionNumber) -> String {
        format!("{}{number}", EntryEvent::STREAMS)
    }

    /// The entry of a prescription that waits, if there is one, and the version of the stream.
    pub(crate) fn entered_refill(&self, number: &PrescriptionNumber) -> Result<(Option<Waiting>, u64), Fault> {
        let entries = self.store.stream(&Self::entry_stream(number))?;
        let version = entries.last().map_or(0, |entry| entry.version);
        let Some(last) = entries.last().filter(|entry| entry.body_bytes().is_some()) else {
            return Ok((None, version));
        };
        let EntryEvent::Entered(entered) = read::<EntryEvent>(last)? else { return Ok((None, version)) };
        let at = Timestamp::from_millisecond(last.at_ms).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok((Some(Waiting { number: number.clone(), entered, at, version }), version))
    }

    /// Every entry that waits for a pharmacist, the oldest first.
    pub(crate) fn entered_refills(&self) -> Result<Vec<Waiting>, Fault> {
        let rows = self.store.query("SELECT number FROM refill_entries ORDER BY seq", &[])?;
        let mut waiting = Vec::new();
        for row in &rows {
            let Ok(number) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            waiting.extend(self.entered_refill(&number)?.0);
        }
        Ok(waiting)
    }

    /// Records that a refill was entered. Nothing is dispensed.
    ///
    /// # Errors
    /// `PHARM-ENTRY-WAITS` where one waits already; `PHARM-CLOSED` and `PHARM-NOT-FILLED` for what cannot be refilled now.
    pub(crate) fn enter_refill(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        (ndc, counted): (Ndc, i64),
    ) -> Result<(), Fault> {
        let (prescription, rx_version) = self.dispensing_now(number)?;
        let (waiting, version) = self.entered_refill(number)?;
        let refuse = |code, what: &'static str, next: &'static str| Fault::from(Refusal::new(code, CITE, what, next));
        if waiting.is_some() {
            let next = "let a pharmacist verify it or put it aside";
            return Err(refuse("PHARM-ENTRY-WAITS", "a refill of this prescription waits for verification", next));
        }
        if prescription.closed().is_some() {
            return Err(refuse("PHARM-CLOSED", "the prescription is closed", "see the record"));
        }
        if prescription.dispensed() == 0 {
            let next = "the first filling is a pharmacist's, from the fill page";
            return Err(refuse(
                "PHARM-NOT-FILLED",
                "nothing was dispensed on it yet, so there is nothing to refill",
                next,
            ));
        }
        let no = u32::try_from(prescription.fillings().len()).unwrap_or(u32::MAX).saturating_add(1);
        let entered = EntryEvent::Entered(RefillEntered { no, ndc, counted, by: self.full_name(&actor.id) });
        let (at, name) = (self.clock.moment(), Self::entry_stream(number));
        let by = self.at_the_counter(actor, at);
        let change = Change::default().decided_on(&name, version).decided_on(&number.stream(), rx_version);
        change.event(&by, &name, &entered)?.commit(&self.store)?;
        Ok(())
    }

    /// The record of a verification, beside the filling that it makes.
    pub(super) fn entry_confirmed(
        change: Change,
        by: &By<'_>,
        number: &PrescriptionNumber,
        version: u64,
    ) -> Result<Change, Fault> {
        let name = Self::entry_stream(number);
        change.decided_on(&name, version).event(by, &name, &EntryEvent::Confirmed)
    }

    /// A pharmacist verifies the entry: the refill is dispensed as it was entered, in the pharmacist's name.
    ///
    /// # Errors
    /// `PHARM-NO-ENTRY`; whatever dispensing refuses, recorded on the prescription.
    pub(crate) fn confirm_refill(&self, actor: &Actor, number: &PrescriptionNumber) -> Result<Dispensed, Fault> {
        let (waiting, _) = self.entered_refill(number)?;
        let waiting = waiting.ok_or_else(no_entry)?;
        let note = format!("entered by {} on {}", waiting.entered.by, self.clock.wall(waiting.at));
        let judged = Judged {
            note: Some(note),
            counted: Some(waiting.entered.counted),
            no: Some(waiting.entered.no),
            confirms: Some(waiting.version),
            ..Judged::default()
        };
        self.dispense_judged(actor, number, &waiting.entered.ndc, &Wanted::Refill, &judged)
    }

    /// A pharmacist puts the entry aside; nothing is dispensed.
    ///
    /// # Errors
    /// `PHARM-NO-ENTRY`; `PHARM-NOT-A-PHARMACIST`; `PHARM-TEXT` without a reason.
    pub(crate) fn drop_refill(&self, actor: &Actor, number: &PrescriptionNumber, why: &str) -> Result<(), Fault> {
        let (waiting, version) = self.entered_refill(number)?;
        waiting.ok_or_else(no_entry)?;
        let why = why.trim();
        if actor.role != Role::Pharmacist {
            let what = "only a pharmacist decides about an entered refill";
            return Err(Refusal::new("PHARM-NOT-A-PHARMACIST", CITE, what, "let a pharmacist take over").into());
        }
        if !(1..=500).contains(&why.chars().count()) {
            let what = "it is not said why the entry is put aside";
            return Err(Refusal::new("PHARM-TEXT", CITE, what, "enter why, in 1 to 500 characters")
                .about("why")
                .into());
        }
        let (at, name) = (self.clock.moment(), Self::entry_stream(number));
        let by = self.at_the_counter(actor, at);
        let dropped = EntryEvent::Dropped { why: why.to_owned() };
        Change::default().decided_on(&name, version).event(&by, &name, &dropped)?.commit(&self.store)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_an_entered_refill_is_read_back() {
        let ndc = Ndc::parse("99999030101").expect("an NDC");
        for event in [
            EntryEvent::Entered(RefillEntered { no: 2, ndc, counted: 140, by: "Tess Tully".into() }),
            EntryEvent::Confirmed,
            EntryEvent::Dropped { why: "another strength".into() },
        ] {
            assert_eq!(EntryEvent::from_json(event.kind(), &event.to_json()), Ok(event));
        }
        assert!(EntryEvent::from_json("refill-entry.unknown", &json!({})).is_err());
    }
}
