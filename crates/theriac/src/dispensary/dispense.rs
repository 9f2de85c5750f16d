//! Dispensing, annotating and opening records: each act loads, asks the core and records in one transaction, prescription
//! and stock together.

use crate::house::House;
use crate::house::record::{By, Change, Fault, stream};
use std::sync::PoisonError;
use theriac_books::{Commodity, Movement, Stock, StockEvent, StockUnit};
use theriac_law::Moment;
use theriac_model::{Actor, Ndc, Quantity, Refusal};
use theriac_pharmacy::{
    AnnotationKind, Conditions, Event, Filling, Judgment, Note, Part, Person, Pharmacist, PickUp, Prescription,
    PrescriptionNumber, Scanned, Supply,
};
use theriac_prescriber::audit::Application;

/// What a pharmacist wants to dispense.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// The first filling, whole.
    Fill,
    /// A refill of the face quantity.
    Refill,
    /// A part.
    Part(Box<Part>),
    /// The rest of a part.
    Remainder,
}

impl Wanted {
    fn word(&self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Refill => "refill",
            Self::Part(_) => "partial-fill",
            Self::Remainder => "remainder",
        }
    }
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// A prescription of the pharmacy as it stands, and the version of its stream.
    pub(crate) fn dispensing_now(&self, number: &PrescriptionNumber) -> Result<(Prescription, u64), Fault> {
        let (events, version) = stream::<Event>(&self.store, &number.stream())?;
        if events.is_empty() {
            return Err(Refusal::new(
                "PHARM-UNKNOWN",
                "-",
                format!("there is no prescription {number}"),
                "look it up in the queue",
            )
            .into());
        }
        Ok((Prescription::replay(&events).map_err(broken)?, version))
    }

    /// The stock of one product.
    pub(crate) fn stock_now(&self, commodity: &Commodity) -> Result<(Stock, u64), Fault> {
        let (events, version) = stream::<StockEvent>(&self.store, &commodity.stream())?;
        Ok((Stock::replay(commodity.clone(), &events).map_err(broken)?, version))
    }

    /// The commodity of a product at this pharmacy.
    pub(crate) fn commodity(&self, ndc: &Ndc) -> Option<Commodity> {
        let product = self.drug(ndc).ok().flatten()?;
        Some(Commodity { registration: self.pharmacy, ndc: ndc.clone(), unit: StockUnit::of(&product.unit) })
    }

    fn at_pharmacy<'a>(&'a self, actor: &'a Actor, at: Moment) -> By<'a> {
        By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp }
    }

    /// Posts a movement that stands alone, such as a receipt.
    pub(crate) fn post(&self, actor: &Actor, movement: &Movement) -> Result<(), Fault> {
        let at = self.clock.moment();
        let by = self.at_pharmacy(actor, at);
        self.posting(Change::default(), &by, movement)?.commit(&self.store)?;
        Ok(())
    }

    fn posting(&self, mut change: Change, by: &By<'_>, movement: &Movement) -> Result<Change, Fault> {
        let name = movement.commodity.stream();
        let (stock, version) = self.stock_now(&movement.commodity)?;
        change = change.decided_on(&name, version);
        for event in stock.post(movement, by.at)? {
            change = change.event(by, &name, &event)?;
        }
        Ok(change)
    }

    /// A person of the pharmacy as the core knows them.
    pub(crate) fn pharmacy_person(&self, actor: &Actor) -> Person {
        Person::new(actor.clone(), self.full_name(&actor.id))
    }

    /// Dispenses; a refusal is recorded with the prescription before it is returned.
    pub(crate) fn dispense(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        ndc: &Ndc,
        wanted: &Wanted,
    ) -> Result<Filling, Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let gate = self.gate_today(Application::Dispensing)?;
        // 1311.170(h) of 2008: while the gate is shut what waits is not processed; a drug that is not controlled is.
        let controlled = self.drug(ndc)?.is_none_or(|product| product.schedule.is_some());
        let open = if controlled { gate.standing.require() } else { Ok(()) };
        let monitored = self.monitored(&prescription, at)?;
        let stay = match wanted {
            Wanted::Part(part) => self.stay_refusal(&prescription, part, at.date())?,
            _ => None,
        };
        let open = open.and(stay.map_or(Ok(()), Err));
        let decided = open.and_then(|()| Pharmacist::new(self.pharmacy_person(actor))).and_then(|pharmacist| {
            let scanned = Scanned { ndc: ndc.clone(), equivalents: self.equivalents(&prescription) };
            let judgment = Judgment::new(at);
            let conditions = Conditions { monitoring: monitored.check, ..Conditions::default() };
            let supply = Supply { pharmacist: &pharmacist, at, scanned: &scanned, judgment, conditions };
            match wanted {
                Wanted::Fill => prescription.fill(&monitored.profile, &supply),
                Wanted::Refill => prescription.refill(&monitored.profile, &supply, None),
                Wanted::Part(part) => prescription.partial_fill(&monitored.profile, &supply, part),
                Wanted::Remainder => prescription.remainder(&monitored.profile, &supply),
            }
        });
        let by = self.at_pharmacy(actor, at);
        let name = number.stream();
        let recorded = match decided {
            Ok(dispensing) => {
                let audits = crate::watch::audits_stream(Application::Dispensing);
                let mut change = Change::default().decided_on(&name, version).decided_on(audits, gate.version);
                for event in &dispensing.events {
                    change = change.event(&by, &name, event)?;
                    if let Event::Filled(filling) = event
                        && let Some(notice) = self.fill_notice(&prescription, wanted, filling)?
                    {
                        change = change.job(notice);
                    }
                }
                self.posting(change, &by, &dispensing.movement).and_then(|change| change.commit(&self.store))
            }
            Err(refusal) => Err(refusal.into()),
        };
        match recorded {
            Ok(_) => {}
            Err(Fault::Refused(refusal)) => {
                self.record_refusal(&prescription, version, wanted.word(), actor, at, &refusal)?;
                return Err(Fault::Refused(refusal));
            }
            Err(other) => {
                self.gates.forget();
                return Err(other);
            }
        }
        let (after, _) = self.dispensing_now(number)?;
        after.fillings().last().cloned().ok_or_else(|| broken("a filling was recorded and is not there"))
    }

    pub(super) fn record_refusal(
        &self,
        prescription: &Prescription,
        version: u64,
        command: &'static str,
        actor: &Actor,
        at: Moment,
        refusal: &Refusal,
    ) -> Result<(), Fault> {
        let person = self.pharmacy_person(actor);
        let name = prescription.received().number.stream();
        let by = self.at_pharmacy(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in prescription.refused(command, &person, at, refusal) {
            change = change.event(&by, &name, &event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Products of the same drug, strength and form as prescribed, by the drug file.
    fn equivalents(&self, prescription: &Prescription) -> Vec<Ndc> {
        use theriac_model::Element;
        let contents = &prescription.received().contents;
        let same =
            |element: Element, text: &str| contents.get(element).is_some_and(|value| value.eq_ignore_ascii_case(text));
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Ndc> = directory
            .products
            .values()
            .filter(|product| {
                same(Element::DrugName, &product.name)
                    && same(Element::DrugStrength, &product.strength)
                    && same(Element::DrugForm, &product.form)
            })
            .map(|product| product.ndc.clone())
            .collect();
        found.sort();
        found
    }

    /// Hands a filling to the patient.
    pub(crate) fn hand_over(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        pick_up: &PickUp,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let moved = prescription.hand_over(&self.profile, no, pick_up, &self.pharmacy_person(actor), at)?;
        let by = self.at_pharmacy(actor, at);
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in &moved.events {
            change = change.event(&by, &name, event)?;
        }
        self.posting(change, &by, &moved.movement)?.commit(&self.store)?;
        Ok(())
    }

    /// Opens a record: the opening is recorded before the record is handed out.
    pub(crate) fn open_record(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        purpose: &str,
    ) -> Result<Prescription, Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let name = number.stream();
        let by = self.at_pharmacy(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in prescription.open(&self.pharmacy_person(actor), at, purpose) {
            change = change.event(&by, &name, &event)?;
        }
        change.commit(&self.store)?;
        Ok(self.dispensing_now(number)?.0)
    }

    /// Adds a remark to a record.
    pub(crate) fn remark(&self, actor: &Actor, number: &PrescriptionNumber, text: &str) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let note = Note { kind: AnnotationKind::Remark, text: text.to_owned(), contact: None, corrects: None };
        let name = number.stream();
        let by = self.at_pharmacy(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in prescription.annotate(&pharmacist, at, &note)? {
            change = change.event(&by, &name, &event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// A quantity in the unit of the prescription.
    pub(crate) fn quantity(value: u32, like: &Quantity) -> Option<Quantity> {
        Quantity::new(theriac_model::Decimal::whole(value), like.unit().clone()).ok()
    }
}
