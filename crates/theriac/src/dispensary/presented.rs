//! What was presented at the counter, so that one prescription can be seen beside others: figures for warning signs, what is
//! still open, and the daily round over it.

use crate::house::House;
use crate::house::projections::failed;
use crate::house::record::{Change, Fault, read};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeMap;
use theriac_journal::Entry;
use theriac_law::Moment;
use theriac_law::facts::Screen;
use theriac_law::vocab::{DrugClass, ForgerySign, Word as _};
use theriac_model::holidays::federal_holidays_from;
use theriac_model::{Actor, DeaNumber, Element, Ndc, Refusal};
use theriac_pharmacy::{
    Answered, Compared, Event, Prescription, PrescriptionNumber, Presentation, Received, Regular, compare,
};
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Days over which what was presented is compared.
const COMPARED_DAYS: i64 = 90;
/// Days after which nothing of a prescription can be due any more: half a year of refills, and the follow-ups of an emergency.
const OPEN_DAYS: i64 = 400;
/// Presentations that are compared at most, the newest.
const ROWS_MAX: usize = 2_000;
const DAY_MS: i64 = 86_400_000;

/// Every prescription that was presented, by whom it is for and who wrote it.
pub(crate) struct Presented;

impl Projection for Presented {
    fn name(&self) -> &'static str {
        "presented"
    }

    fn tables(&self) -> &[&str] {
        &["presented"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE presented (number TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, patient TEXT NOT NULL, prescriber TEXT NOT NULL, drug TEXT NOT NULL, ndc TEXT NOT NULL, units INTEGER NOT NULL, days INTEGER NOT NULL, over INTEGER NOT NULL) STRICT;
                 CREATE INDEX presented_patient ON presented (patient, at_ms);
                 CREATE INDEX presented_prescriber ON presented (prescriber, at_ms);
                 CREATE INDEX presented_open ON presented (over, at_ms);"
            }
            Engine::Postgres => {
                "CREATE TABLE presented (number TEXT COLLATE \"C\" PRIMARY KEY, at_ms BIGINT NOT NULL, patient TEXT COLLATE \"C\" NOT NULL, prescriber TEXT COLLATE \"C\" NOT NULL, drug TEXT NOT NULL, ndc TEXT NOT NULL, units BIGINT NOT NULL, days BIGINT NOT NULL, over BIGINT NOT NULL);
                 CREATE INDEX presented_patient ON presented (patient, at_ms);
                 CREATE INDEX presented_prescriber ON presented (prescriber, at_ms);
                 CREATE INDEX presented_open ON presented (over, at_ms);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let Some(number) = entry.stream.strip_prefix("rx/") else { return Ok(()) };
        if theriac_pharmacy::Closing::of_event_kind(&entry.kind).is_some() {
            return tx.write("UPDATE presented SET over = 1 WHERE number = $1", vec![number.into()]);
        }
        if entry.kind != "rx.received" || entry.body_bytes().is_none() {
            return Ok(());
        }
        let Event::Received(received) = read::<Event>(entry).map_err(failed)? else { return Ok(()) };
        let Some(face) = received.face() else { return Ok(()) };
        // An official exempt from registration has no number to be compared by.
        let prescriber = face.registration.number().map(|number| number.to_string()).unwrap_or_default();
        tx.write(
            "INSERT INTO presented (number, at_ms, patient, prescriber, drug, ndc, units, days, over) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
             ON CONFLICT (number) DO NOTHING",
            vec![
                number.into(),
                entry.at_ms.into(),
                patient(&received).into(),
                prescriber.into(),
                drug(&received).into(),
                received.contents.get(Element::DrugNdc).unwrap_or_default().into(),
                face.quantity.smallest_units().into(),
                face.days_supply.map_or(-1, i64::from).into(),
            ],
        )
    }
}

/// Who the patient is, as far as a prescription says it: names in one spelling and the date of birth.
fn patient(received: &Received) -> String {
    let part = |element: Element| received.contents.get(element).unwrap_or_default().to_lowercase();
    [Element::PatientLast, Element::PatientFirst, Element::PatientBorn].map(part).join("|")
}

fn drug(received: &Received) -> String {
    let part = |element: Element| received.contents.get(element).unwrap_or_default();
    [Element::DrugName, Element::DrugStrength, Element::DrugForm].map(part).join(" ").to_lowercase()
}

/// The signs of forgery that were seen when it was taken in.
fn forged(received: &Received) -> Vec<ForgerySign> {
    let seen = received.source.taken_in().map(|taken| taken.aside.checklist.as_slice()).unwrap_or_default();
    seen.iter().filter(|one| one.answer == Answered::Yes).map(|one| one.sign).collect()
}

impl House {
    /// What this prescription shows beside those presented in the last ninety days by the same patient or from the same
    /// practitioner: figures, and the prescriptions behind them.
    pub(crate) fn beside_others(&self, prescription: &Prescription) -> Result<Compared, Fault> {
        let received = prescription.received();
        let key = patient(received);
        let Some(prescriber) = prescription.face().registration.number() else {
            let screen = Screen { class: self.class_of(received)?, forgery: forged(received), ..Screen::new() };
            return Ok(Compared { screen, alike: Vec::new(), strangers: Vec::new(), other_names: Vec::new() });
        };
        let at = received.at.timestamp.as_millisecond();
        let sql = format!(
            "SELECT number, at_ms, patient, prescriber, drug, units, days, ndc FROM presented
             WHERE (patient = $1 OR prescriber = $2) AND at_ms >= $3 AND at_ms <= $4 ORDER BY at_ms DESC, number DESC LIMIT {ROWS_MAX}"
        );
        let since = at - COMPARED_DAYS * DAY_MS;
        let rows = self
            .store
            .query(&sql, &[key.as_str().into(), prescriber.as_str().into(), since.into(), (at + 999).into()])?;
        let zone = self.clock.zone();
        let mut others = Vec::new();
        let mut classes: BTreeMap<String, DrugClass> = BTreeMap::new();
        for row in &rows {
            let (Ok(number), Ok(prescriber)) =
                (PrescriptionNumber::parse(row.text(0)?), DeaNumber::parse(row.text(3)?))
            else {
                continue;
            };
            let timestamp =
                Timestamp::from_millisecond(row.int(1)?).map_err(|error| Fault::Broken(error.to_string()))?;
            let drug = row.text(4)?;
            let key = format!("{}|{drug}", row.text(7)?);
            let class = match classes.get(&key) {
                Some(known) => *known,
                None => *classes.entry(key).or_insert(self.drug_class(row.text(7)?, drug)?),
            };
            others.push(Presentation {
                number,
                at: Moment { timestamp, offset: zone.to_offset(timestamp) },
                patient: row.text(2)?.to_owned(),
                presenter: row.text(2)?.to_owned(),
                prescriber,
                class,
                drug: drug.to_owned(),
                units: row.int(5)?,
                days_supply: u16::try_from(row.int(6)?).ok(),
                miles: None,
                regular: Regular::Regular,
            });
        }
        others.reverse();
        // A patient is new to the pharmacy with the first prescription that is known of them.
        for one in &mut others {
            let known = self.first_of(&one.patient)?;
            if known.as_ref() == Some(&one.number) {
                one.regular = Regular::New;
            }
        }
        let this = others.iter().find(|one| one.number == received.number).cloned();
        let (drug, class) = (drug(received), self.class_of(received)?);
        let this = this.unwrap_or_else(|| Presentation {
            number: received.number.clone(),
            at: received.at,
            patient: key.clone(),
            presenter: key,
            prescriber,
            class,
            drug,
            units: prescription.face().quantity.smallest_units(),
            days_supply: prescription.face().days_supply,
            miles: None,
            regular: Regular::New,
        });
        let mut compared = compare(&this, &others);
        compared.screen.active = Self::taken_beside(&this, &others);
        compared.screen.forgery = forged(received);
        Ok(compared)
    }

    fn class_of(&self, received: &Received) -> Result<DrugClass, Fault> {
        self.drug_class(received.contents.get(Element::DrugNdc).unwrap_or_default(), &drug(received))
    }

    /// The class of a drug by the drug file; of what has no NDC there, by its name in the rulebook's table.
    fn drug_class(&self, ndc: &str, name: &str) -> Result<DrugClass, Fault> {
        let facts = Ndc::parse(ndc).ok().map(|ndc| self.drug_facts(&ndc)).transpose()?.flatten();
        Ok(facts.map_or_else(|| self.class_by_name(name), |facts| facts.class()))
    }

    /// The first prescription that this pharmacy knows of a patient.
    fn first_of(&self, patient: &str) -> Result<Option<PrescriptionNumber>, Fault> {
        let sql = "SELECT number FROM presented WHERE patient = $1 ORDER BY at_ms, number LIMIT 1";
        let rows = self.store.query(sql, &[patient.into()])?;
        Ok(rows.first().map(|row| row.text(0)).transpose()?.and_then(|text| PrescriptionNumber::parse(text).ok()))
    }

    /// The classes that the patient still takes on other prescriptions, by their days of supply; thirty where none is stated.
    fn taken_beside(this: &Presentation, others: &[Presentation]) -> Vec<DrugClass> {
        let active = |one: &&Presentation| {
            let days = one.days_supply.map_or(30, i64::from);
            one.patient == this.patient
                && one.number != this.number
                && this.at.timestamp.as_millisecond() - one.at.timestamp.as_millisecond() <= days * DAY_MS
        };
        let mut classes: Vec<DrugClass> =
            others.iter().filter(active).map(|one| one.class).filter(|class| *class != this.class).collect();
        classes.sort_by_key(|class| class.word());
        classes.dedup();
        classes
    }

    /// Looks for warning signs: the figures of this deployment, and what a person has seen.
    ///
    /// # Errors
    /// The core's refusal, recorded on the prescription.
    pub(crate) fn screen_at_counter(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        seen: impl FnOnce(Screen) -> Screen,
    ) -> Result<(), Fault> {
        let (now, _) = self.dispensing_now(number)?;
        let screen = seen(self.beside_others(&now)?.screen);
        self.at_record(actor, number, "screen", |prescription, pharmacist, at| {
            prescription.screen(&self.profile, pharmacist.person(), at, &screen)
        })
    }

    /// Prescriptions of which something may still be due, oldest first.
    pub(crate) fn open_numbers(&self) -> Result<Vec<PrescriptionNumber>, Fault> {
        let since = self.clock.now().as_millisecond() - OPEN_DAYS * DAY_MS;
        let sql = "SELECT number FROM presented WHERE over = 0 AND at_ms >= $1 ORDER BY at_ms, number";
        let rows = self.store.query(sql, &[since.into()])?;
        let numbers = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        Ok(numbers.into_iter().filter_map(|text| PrescriptionNumber::parse(text).ok()).collect())
    }

    /// The counter's part of the daily round: what has lapsed is closed, and what the passing of time asks for becomes a
    /// duty. It may be repeated: what is recorded already is not recorded again. Answers how many records it wrote to.
    pub(crate) fn counter_round(&self) -> Result<usize, Fault> {
        let at = self.clock.moment();
        let holidays: Vec<Date> = federal_holidays_from(at.date().saturating_sub(1.year()), 3);
        let program = crate::house::program();
        let mut written = 0;
        for number in self.open_numbers()? {
            let (prescription, version) = self.dispensing_now(&number)?;
            let mut events = prescription.overdue(&self.profile, at, &holidays);
            if events.is_empty() {
                // A refusal to answer is no reason to stop the round: the pharmacist meets it at the counter.
                events = prescription.lapse(&self.profile, at).unwrap_or_default();
            }
            if events.is_empty() {
                continue;
            }
            let (name, by) = (number.stream(), self.the_program_at(&program, at));
            let mut change = Change::default().decided_on(&name, version);
            for event in &events {
                change = change.event(&by, &name, event)?;
            }
            match change.commit(&self.store) {
                Ok(_) => written += 1,
                // Somebody works on it at this moment: the next round sees it again.
                Err(Fault::Conflict) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(written)
    }
}

/// Kept out of the way of pages: what a person saw, put beside the figures.
pub(crate) fn unknown_number() -> Refusal {
    Refusal::new(
        "PHARM-UNKNOWN",
        "-",
        "there is no prescription under this number",
        "look it up in the queue; a rejected message is not worked on",
    )
}
