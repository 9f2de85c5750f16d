//! Dispensing, annotating and opening records: each act loads, asks the core and records in one transaction, prescription
//! and stock together.

use crate::house::House;
use crate::house::record::{By, Change, Fault, stream};
use std::sync::PoisonError;
use theriac_books::{Account, Commodity, Count, CountMethod, Counted, Movement, Stock, StockEvent, StockUnit};
use theriac_law::Moment;
use theriac_law::vocab::Handling;
use theriac_model::{Actor, Ndc, Quantity, Refusal};
use theriac_pharmacy::{
    AnnotationKind, Conditions, Event, Filling, GhbRecord, Judgment, KnownChecks, MonitoringCheck, Note, Part, Person,
    Pharmacist, Prescription, PrescriptionNumber, Scanned, StillNeeded, Supply,
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

/// What the pharmacist brings to a filling besides the product.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    /// Remarks on the judgment.
    pub(crate) note: Option<String>,
    /// Whether the patient still needs an old schedule II prescription.
    pub(crate) still_needed: Option<StillNeeded>,
    /// What the pharmacist knows of prescriber and patient, where it was answered.
    pub(crate) known: Option<KnownChecks>,
    /// What is recorded besides of gamma-hydroxybutyric acid.
    pub(crate) ghb: Option<GhbRecord>,
    /// The entry of a technician that this filling confirms: its number among the entries of the prescription.
    pub(crate) confirms: Option<u64>,
    /// What the monitoring programme was asked.
    pub(crate) monitoring: Option<MonitoringCheck>,
    /// What was counted on the shelf afterwards, before anybody saw what the books say; in smallest units.
    pub(crate) counted: Option<i64>,
    /// The number that the filling is to have. A form sent twice, or from a second terminal, names one that is taken.
    pub(crate) no: Option<u32>,
}

/// A filling, with what came of the count.
#[derive(Clone, Debug)]
pub(crate) struct Dispensed {
    pub(crate) filling: Filling,
    pub(crate) warnings: Vec<Refusal>,
    pub(crate) counted: Option<Counted>,
}

impl Wanted {
    pub(crate) fn word(&self) -> &'static str {
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

/// Whether the filling that is asked for is the next one, where its number is stated.
fn first_time(prescription: &Prescription, no: Option<u32>) -> Result<(), Refusal> {
    let next = u32::try_from(prescription.fillings().len()).unwrap_or(u32::MAX).saturating_add(1);
    match no {
        Some(no) if no != next => Err(Refusal::new(
            "PHARM-FILLING-TAKEN",
            "21 CFR 1304.22(c)",
            format!("filling {no} was asked for, and the next one is {next}"),
            "look at the record: it may have been filled a moment ago; fill from the page as it is now",
        )
        .about("filling")),
        _ => Ok(()),
    }
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

    /// What was counted of one product, oldest first.
    pub(crate) fn counts_of(&self, commodity: &Commodity) -> Result<Vec<Counted>, Fault> {
        let (events, _) = stream::<StockEvent>(&self.store, &commodity.stream())?;
        let counted = events.into_iter().filter_map(|event| match event {
            StockEvent::Counted { counted, .. } => Some(counted),
            StockEvent::Posted { .. } => None,
        });
        Ok(counted.collect())
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
        self.posting(Change::default(), &by, movement, None)?.0.commit(&self.store)?;
        Ok(())
    }

    /// Posts a movement and, after it, what was counted on the shelf.
    pub(super) fn posting(
        &self,
        mut change: Change,
        by: &By<'_>,
        movement: &Movement,
        counted: Option<i64>,
    ) -> Result<(Change, Option<Counted>), Fault> {
        let name = movement.commodity.stream();
        let (mut stock, version) = self.stock_now(&movement.commodity)?;
        change = change.decided_on(&name, version);
        for event in stock.post(movement, by.at).map_err(|refusal| self.in_own_unit(&movement.commodity, refusal))? {
            stock.apply(&event).map_err(broken)?;
            change = change.event(by, &name, &event)?;
        }
        let Some(found) = counted else { return Ok((change, None)) };
        let (method, happened, counter) = (CountMethod::Exact, movement.happened, by.actor.clone());
        let count = Count { account: Account::Shelf, found, method, happened, counter };
        let mut made = None;
        for event in stock.count(count, by.at)? {
            change = change.event(by, &name, &event)?;
            if let StockEvent::Counted { counted, .. } = event {
                made = Some(counted);
            }
        }
        Ok((change, made))
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
        self.dispense_judged(actor, number, ndc, wanted, &Judged::default()).map(|dispensed| dispensed.filling)
    }

    /// Dispenses as the pharmacist judged, and records beside it what was counted on the shelf.
    ///
    /// # Errors
    /// `PHARM-FILLING-TAKEN` where another filling has the number that this one was to have; what the audit gate, the core
    /// or the books refuse. Every refusal is recorded with the prescription.
    pub(crate) fn dispense_judged(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        ndc: &Ndc,
        wanted: &Wanted,
        judged: &Judged,
    ) -> Result<Dispensed, Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let gate = self.gate_today(Application::Dispensing)?;
        let premises = self.premises()?;
        let kept = match wanted {
            Wanted::Refill => Some(self.refills_kept(&prescription, at)?),
            _ => None,
        };
        let open = first_time(&prescription, judged.no).and(self.gate_for(&prescription)?);
        let monitored = self.monitored(&prescription, at)?;
        let stay = match wanted {
            Wanted::Part(part) => self.stay_refusal(&prescription, part, at.date())?,
            _ => None,
        };
        let open = open.and(stay.map_or(Ok(()), Err));
        let open = open.and(self.may_be_handled(Handling::Dispense, ndc, at)?);
        let internet = self.internet_standing(&prescription, at)?;
        let open = open.and(internet.answer);
        let verifier = self.verifier(actor, at)?;
        let decided = open.and_then(|()| verifier.as_ref().map_err(Clone::clone)).and_then(|verifier| {
            let scanned = Scanned { ndc: ndc.clone(), equivalents: self.equivalents(&prescription) };
            let judgment = Judgment {
                note: judged.note.clone(),
                still_needed: judged.still_needed.unwrap_or(StillNeeded::NotAsked),
                known: judged.known,
                ghb: judged.ghb.clone(),
                ..Judgment::new(at)
            };
            let monitoring = judged.monitoring.clone().or(monitored.check);
            let keeping = kept.as_ref().map(|kept| kept.keeping);
            let conditions =
                Conditions { premises, monitoring, keeping, intern: verifier.intern.clone(), ..Conditions::default() };
            let supply = Supply { pharmacist: &verifier.pharmacist, at, scanned: &scanned, judgment, conditions };
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
                let mut change = Change::default()
                    .decided_on(&name, version)
                    .decided_on(audits, gate.version)
                    .decided_on(&internet.stream, internet.version);
                if let Some((supervision, version)) = verifier.ok().and_then(|verifier| verifier.rests_on) {
                    change = change.decided_on(&supervision, version);
                }
                for (outage, version) in kept.iter().flat_map(|kept| &kept.decided_on) {
                    change = change.decided_on(outage, *version);
                }
                for event in &dispensing.events {
                    change = change.event(&by, &name, event)?;
                    if let Event::Filled(filling) = event
                        && let Some(notice) = self.fill_notice(&prescription, wanted, filling)?
                    {
                        change = change.job(notice);
                    }
                }
                if let Some(version) = judged.confirms {
                    change = Self::entry_confirmed(change, &by, number, version)?;
                }
                self.posting(change, &by, &dispensing.movement, judged.counted)
                    .and_then(|(change, counted)| change.commit(&self.store).map(|_| (dispensing.warnings, counted)))
            }
            Err(refusal) => Err(refusal.into()),
        };
        let (warnings, counted) = match recorded {
            Ok(done) => done,
            Err(Fault::Refused(refusal)) => {
                self.record_refusal(&prescription, version, wanted.word(), actor, at, &refusal)?;
                return Err(Fault::Refused(refusal));
            }
            Err(other) => {
                self.gates.forget();
                return Err(other);
            }
        };
        let (after, _) = self.dispensing_now(number)?;
        let filling = after.fillings().last().cloned();
        let filling = filling.ok_or_else(|| broken("a filling was recorded and is not there"))?;
        Ok(Dispensed { filling, warnings, counted })
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
    pub(crate) fn equivalents(&self, prescription: &Prescription) -> Vec<Ndc> {
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
