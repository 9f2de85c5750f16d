//! Long term care facilities: which there are, who lives in them from when to when, and what they were told about disposal
//! (Pharmacist's Manual 2010, section XII). A part on the ground of such a stay is dispensed between its days only.

use super::moved::{Class, DisposalAdvice, Facility, MovedEvent, Resident, Stay};
use crate::house::House;
use crate::house::record::{Change, Fault, read, stream};
use jiff::civil::Date;
use theriac_law::vocab::Basis;
use theriac_model::{Actor, DeaNumber, Element, Refusal};
use theriac_pharmacy::{Part, Prescription};

const CITE: &str = "21 CFR 1300.01, 1306.13(b); Pharmacist's Manual 2010, section XII";

/// The stays and the advice of one facility.
pub(crate) struct FacilityNow {
    pub(crate) facility: Facility,
    pub(crate) stays: Vec<Stay>,
    /// What was asked and told: when, by whom, what.
    pub(crate) advice: Vec<(String, String, DisposalAdvice)>,
}

/// What a facility is, as typed.
pub(crate) struct NewFacility<'a> {
    pub(crate) name: &'a str,
    pub(crate) class: Class,
    pub(crate) address: &'a str,
    pub(crate) registration: Option<DeaNumber>,
}

fn refused(field: &'static str, what: impl Into<String>, next: &'static str) -> Refusal {
    Refusal::new("PHARM-FACILITY", CITE, what.into(), next).about(field)
}

fn text(typed: &str, field: &'static str) -> Result<String, Refusal> {
    let typed = typed.trim();
    if (1..=2_000).contains(&typed.chars().count()) {
        return Ok(typed.to_owned());
    }
    Err(refused(
        field,
        format!("{field} is empty or longer than 2,000 characters"),
        "enter it in 1 to 2,000 characters",
    ))
}

impl House {
    fn note_moved(&self, actor: &Actor, event: &MovedEvent, version: Option<u64>) -> Result<(), Fault> {
        let by = self.at_the_counter(actor, self.clock.moment());
        let name = event.stream();
        let change = match version {
            Some(version) => Change::default().decided_on(&name, version),
            None => Change::default(),
        };
        change.event(&by, &name, event)?.commit(&self.store)?;
        Ok(())
    }

    fn next_id(&self, table: &str, letter: char) -> Result<String, Fault> {
        let rows = self.store.query(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
        let count = rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0);
        Ok(format!("{letter}{}", count + 1))
    }

    /// Lists a facility.
    ///
    /// # Errors
    /// `PHARM-FACILITY` without a name or an address.
    pub(crate) fn list_facility(&self, actor: &Actor, typed: &NewFacility<'_>) -> Result<String, Fault> {
        let facility = Facility {
            id: self.next_id("moving_facilities", 'F')?,
            name: text(typed.name, "name")?,
            class: typed.class,
            address: text(typed.address, "address")?,
            registration: typed.registration,
        };
        let id = facility.id.clone();
        self.note_moved(actor, &MovedEvent::FacilityListed(facility), Some(0))?;
        Ok(id)
    }

    /// The facilities, by their numbers.
    pub(crate) fn facilities(&self) -> Result<Vec<FacilityNow>, Fault> {
        let mut found = Vec::new();
        for row in self.store.query("SELECT id FROM moving_facilities ORDER BY seq", &[])? {
            found.extend(self.facility(row.text(0)?)?);
        }
        Ok(found)
    }

    /// One facility.
    pub(crate) fn facility(&self, id: &str) -> Result<Option<FacilityNow>, Fault> {
        let mut now = None;
        let mut advice = Vec::new();
        for entry in self.store.stream(&format!("facility/{id}"))? {
            match read::<MovedEvent>(&entry)? {
                MovedEvent::FacilityListed(facility) => now = Some(facility),
                MovedEvent::DisposalAsked(asked) => {
                    let step = self.step(&entry);
                    advice.push((step.at, step.who, asked));
                }
                _ => {}
            }
        }
        let Some(facility) = now else { return Ok(None) };
        let mut stays = Vec::new();
        let sql = "SELECT id FROM moving_stays WHERE facility = $1 ORDER BY from_day, id";
        for row in self.store.query(sql, &[id.into()])? {
            stays.extend(self.stay(row.text(0)?)?.map(|(stay, _)| stay));
        }
        Ok(Some(FacilityNow { facility, stays, advice }))
    }

    fn stay(&self, id: &str) -> Result<Option<(Stay, u64)>, Fault> {
        let (events, version) = stream::<MovedEvent>(&self.store, &format!("stay/{id}"))?;
        let last = events.into_iter().rev().find_map(|event| match event {
            MovedEvent::Stay(stay) => Some(stay),
            _ => None,
        });
        Ok(last.map(|stay| (stay, version)))
    }

    /// A patient moves in.
    ///
    /// # Errors
    /// `PHARM-FACILITY` for a facility that is not listed, without names, or when a stay covers the day already.
    pub(crate) fn begin_stay(
        &self,
        actor: &Actor,
        facility: &str,
        resident: &Resident,
        from: Date,
    ) -> Result<(), Fault> {
        if self.facility(facility)?.is_none() {
            return Err(refused("facility", "there is no such facility", "list it first").into());
        }
        let resident = Resident {
            first: text(&resident.first, "first")?,
            last: text(&resident.last, "last")?,
            born: resident.born,
        };
        if self.resident_on(&resident, from)?.is_some() {
            let next = "enter the end of the other stay first";
            return Err(refused("from", "the patient lives in a facility on that day already", next).into());
        }
        let id = self.next_id("moving_stays", 'S')?;
        let stay = Stay { id, facility: facility.to_owned(), resident, from, until: None };
        self.note_moved(actor, &MovedEvent::Stay(stay), Some(0))
    }

    /// A patient moves out, or died; `until` is the last day.
    ///
    /// # Errors
    /// `PHARM-FACILITY` for a stay that is not there or ended, or a day before it began.
    pub(crate) fn end_stay(&self, actor: &Actor, id: &str, until: Date) -> Result<(), Fault> {
        let next = "choose a stay from the list";
        let Some((stay, version)) = self.stay(id)? else {
            return Err(refused("stay", "there is no such stay", next).into());
        };
        if stay.until.is_some() {
            return Err(refused("stay", "the stay has ended", next).into());
        }
        if until < stay.from {
            return Err(refused("until", format!("the stay began on {}", stay.from), "enter a later day").into());
        }
        self.note_moved(actor, &MovedEvent::Stay(Stay { until: Some(until), ..stay }), Some(version))
    }

    /// Keeps what a facility asked about disposal and what it was told.
    ///
    /// # Errors
    /// `PHARM-FACILITY` without question, field office, guidance or answer.
    pub(crate) fn advise_disposal(&self, actor: &Actor, advice: &DisposalAdvice) -> Result<(), Fault> {
        if self.facility(&advice.facility)?.is_none() {
            return Err(refused("facility", "there is no such facility", "list it first").into());
        }
        let advice = DisposalAdvice {
            facility: advice.facility.clone(),
            question: text(&advice.question, "question")?,
            office: text(&advice.office, "office")?,
            guidance: text(&advice.guidance, "guidance")?,
            answer: text(&advice.answer, "answer")?,
        };
        self.note_moved(actor, &MovedEvent::DisposalAsked(advice), None)
    }

    /// The facility in which a patient lives on `day`; the first and the last day of a stay count.
    pub(crate) fn resident_on(&self, resident: &Resident, day: Date) -> Result<Option<String>, Fault> {
        let sql = "SELECT facility FROM moving_stays WHERE patient = $1 AND from_day <= $2 AND until_day >= $2";
        let rows = self.store.query(sql, &[resident.key().into(), day.to_string().into()])?;
        Ok(rows.first().map(|row| row.text(0).map(str::to_owned)).transpose()?)
    }

    /// Whether a part may be dispensed on the ground that the patient lives in a facility: only between the days of a stay.
    ///
    /// Answers `PHARM-LTCF-STAY` outside every stay.
    pub(super) fn stay_refusal(
        &self,
        prescription: &Prescription,
        part: &Part,
        day: Date,
    ) -> Result<Option<Refusal>, Fault> {
        if part.basis != Basis::Ltcf {
            return Ok(None);
        }
        let contents = prescription.current();
        let get = |element| contents.get(element).unwrap_or_default().to_owned();
        let born = get(Element::PatientBorn).parse().ok();
        let resident =
            born.map(|born| Resident { first: get(Element::PatientFirst), last: get(Element::PatientLast), born });
        if let Some(resident) = resident
            && self.resident_on(&resident, day)?.is_some()
        {
            return Ok(None);
        }
        let refusal = Refusal::new(
            "PHARM-LTCF-STAY",
            CITE,
            "no stay of the patient in a long term care facility covers this day",
            "record the facility and the stay, or dispense on another ground",
        );
        Ok(Some(refusal.about("part.basis")))
    }
}
