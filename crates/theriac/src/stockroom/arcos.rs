//! What suppliers reported to DEA as sold to this registrant (ARCOS), taken over as receipts and compared with the books.

use crate::house::House;
use crate::house::event::{HouseEvent, Product};
use crate::house::record::{Change, Fault};
use crate::typed::wrong;
use jiff::civil::Time;
use std::collections::{BTreeMap, BTreeSet};
use theriac_books::orders::{Booked, Direction, Disagreement, Reported, reconcile};
use theriac_books::{Account, Amount, MovementKind, StockEvent};
use theriac_model::{Actor, DrugUnit, Ndc, Schedule};
use theriac_wire::arcos::{Action, Kind, Measure, Reader, Transaction};

/// A file as it was read.
pub(crate) struct ArcosRead {
    /// The transactions with this registrant.
    pub(crate) ours: Vec<Transaction>,
    /// Transactions with others.
    pub(crate) others: usize,
    /// Lines that cannot be read, with what is wrong with each.
    pub(crate) bad: Vec<(u64, theriac_model::Refusal)>,
}

/// What became of a file.
#[derive(Debug, Default)]
pub(crate) struct Took {
    /// Receipts that were posted.
    pub(crate) posted: usize,
    /// Transactions whose receipt the books had already.
    pub(crate) known: usize,
    /// Transactions that are no receipt: returns, losses on the way, reports taken back.
    pub(crate) others: usize,
    /// Products that were listed because the drug file did not have them.
    pub(crate) listed: usize,
    /// Lines that could not be posted, and why.
    pub(crate) refused: Vec<(u64, theriac_model::Refusal)>,
    /// Where reports and books still disagree, order by order.
    pub(crate) disagreements: Vec<Disagreement>,
}

/// A report in the words of the books.
fn reported(one: &Transaction) -> Option<Reported> {
    let direction = match one.kind {
        Kind::Sale => Direction::Came,
        Kind::Return => Direction::Went,
        Kind::LostInTransit => Direction::NeverCame,
        Kind::Purchase | Kind::Other(_) => return None,
    };
    let factor = match one.measure {
        Measure::Tablet => 1,
        Measure::Millilitre => 1_000,
        Measure::Gram => 1_000_000,
    };
    let units = one.dosage_units.and_then(|units| i64::from(units).checked_mul(factor));
    Some(Reported {
        other: one.reporter,
        direction,
        ndc: one.ndc.clone(),
        packages: one.packages,
        units: units.and_then(|units| Amount::new(units).ok()),
        order: one.order.clone(),
        on: one.on,
    })
}

impl House {
    /// Reads a file and keeps what concerns this registrant.
    pub(crate) fn read_arcos(&self, file: &[u8]) -> Result<ArcosRead, Fault> {
        let mut read = ArcosRead { ours: Vec::new(), others: 0, bad: Vec::new() };
        let mut taken_back = BTreeSet::new();
        for line in Reader::open(file)? {
            match line {
                Ok(one) if one.other != self.pharmacy => read.others += 1,
                Ok(one) if one.action == Action::Deleted => {
                    taken_back.insert((one.reporter, one.ndc.clone(), one.on, one.id.clone()));
                }
                Ok(one) => read.ours.push(one),
                Err(bad) => read.bad.push((bad.line, bad.refusal)),
            }
        }
        read.ours.retain(|one| !taken_back.contains(&(one.reporter, one.ndc.clone(), one.on, one.id.clone())));
        // A report that replaces another has its number; the last one stands.
        let mut last: BTreeMap<_, u64> = BTreeMap::new();
        for one in read.ours.iter().filter(|one| one.action == Action::Adjusted) {
            last.insert((one.reporter, one.ndc.clone(), one.on, one.id.clone()), one.line);
        }
        read.ours.retain(|one| {
            last.get(&(one.reporter, one.ndc.clone(), one.on, one.id.clone())).is_none_or(|line| *line == one.line)
        });
        Ok(read)
    }

    /// Posts what was reported as sold to this registrant as receipts, once each, and compares both sides afterwards. A product
    /// that the drug file does not have is listed with the schedule that the caller gives, or its lines are refused.
    pub(crate) fn take_arcos(
        &self,
        actor: &Actor,
        read: &ArcosRead,
        unlisted: Option<Schedule>,
    ) -> Result<Took, Fault> {
        let mut took = Took::default();
        self.list_unknown(actor, read, unlisted, &mut took)?;
        let ndcs: BTreeSet<Ndc> = read.ours.iter().map(|one| one.ndc.clone()).collect();
        let ndcs: Vec<Ndc> = ndcs.into_iter().collect();
        let mut books = self.books_of(&ndcs)?;
        let at = self.clock.moment();
        let by = self.in_stockroom(actor, at);
        let mut posted: Vec<StockEvent> = Vec::new();
        let mut ordered: Vec<&Transaction> = read.ours.iter().collect();
        ordered.sort_by_key(|one| (one.on, one.line));
        for one in ordered {
            let Some(report) = reported(one) else {
                took.others += 1;
                continue;
            };
            match self.receipt_of(actor, &report, &books.ledger) {
                Ok(None) => took.others += 1,
                Ok(Some(movement)) => {
                    let booked = posted.iter().chain(books.plain()).any(|event| is_the_same(event, &movement));
                    if booked {
                        took.known += 1;
                        continue;
                    }
                    let events = books.ledger.post(std::slice::from_ref(&movement), at.timestamp)?;
                    for event in events {
                        books.ledger.apply(&event).map_err(|error| Fault::Broken(error.to_string()))?;
                        posted.push(event);
                    }
                    took.posted += 1;
                }
                Err(Fault::Refused(refusal)) => took.refused.push((one.line, *refusal)),
                Err(other) => return Err(other),
            }
        }
        if !posted.is_empty() {
            books.append(Change::default(), &by, &posted)?.commit(&self.store)?;
        }
        took.disagreements = self.arcos_disagreements(read, &ndcs)?;
        Ok(took)
    }

    fn list_unknown(
        &self,
        actor: &Actor,
        read: &ArcosRead,
        unlisted: Option<Schedule>,
        took: &mut Took,
    ) -> Result<(), Fault> {
        let Some(schedule) = unlisted else { return Ok(()) };
        let mut new: BTreeMap<Ndc, Product> = BTreeMap::new();
        for one in &read.ours {
            if self.drug(&one.ndc)?.is_some() {
                continue;
            }
            let (unit, form) = match one.measure {
                Measure::Tablet => (DrugUnit::Tablet, "Tablet"),
                Measure::Millilitre => (DrugUnit::Millilitre, "Solution"),
                Measure::Gram => (DrugUnit::Gram, "Powder"),
            };
            new.entry(one.ndc.clone()).or_insert_with(|| Product {
                ndc: one.ndc.clone(),
                name: one.product.clone(),
                strength: String::new(),
                form: form.to_owned(),
                unit,
                schedule: Some(schedule),
            });
        }
        took.listed = new.len();
        let events: Vec<HouseEvent> = new.into_values().map(HouseEvent::ProductListed).collect();
        if events.is_empty() { Ok(()) } else { self.note(actor, &events) }
    }

    fn receipt_of(
        &self,
        actor: &Actor,
        report: &Reported,
        ledger: &theriac_books::Ledger,
    ) -> Result<Option<theriac_books::Movement>, Fault> {
        let listed = self.drug(&report.ndc)?.filter(|product| product.schedule.is_some());
        let Some(listed) = listed else {
            let what = format!("NDC {} is not in the drug file as a controlled substance", report.ndc);
            return Err(wrong(
                "NDC_NO",
                what,
                "import the NDC directory, or say the schedule of products that are not listed",
            ));
        };
        let kept = ledger.stocks().map(theriac_books::Stock::commodity).find(|commodity| commodity.ndc == report.ndc);
        let commodity = kept
            .cloned()
            .or_else(|| self.commodity(&report.ndc))
            .ok_or_else(|| Fault::Broken("no commodity".into()))?;
        let package = self.container(&report.ndc, commodity.unit)?;
        // Deliveries are booked at noon of the reported day: the file names no time.
        let noon = report.on.to_datetime(Time::constant(12, 0, 0, 0)).to_zoned(self.clock.zone());
        let happened = noon.map_err(|error| Fault::Broken(error.to_string()))?.timestamp();
        let schedule = listed.schedule.unwrap_or(Schedule::II);
        Ok(report.receipt((&commodity, schedule), package, (actor, happened))?)
    }

    /// The books' receipts beside the reports, in packages.
    fn arcos_disagreements(&self, read: &ArcosRead, ndcs: &[Ndc]) -> Result<Vec<Disagreement>, Fault> {
        let books = self.books_of(ndcs)?;
        let reports: Vec<Reported> = read.ours.iter().filter_map(reported).collect();
        // What one package holds, as the reports themselves have it where nobody has said.
        let mut sizes: BTreeMap<Ndc, i64> = BTreeMap::new();
        for one in &reports {
            if let Some(units) = one.units.filter(|_| one.packages > 0) {
                sizes.entry(one.ndc.clone()).or_insert(units.units() / i64::from(one.packages));
            }
        }
        let mut booked = Vec::new();
        for (_, event) in &books.events {
            let StockEvent::Posted { commodity, entry } = event else { continue };
            if entry.kind != MovementKind::Receipt {
                continue;
            }
            let source = entry.lines.iter().find_map(|line| match &line.account {
                Account::Source(number) => Some(*number),
                _ => None,
            });
            let (Some(from), Some(size)) = (source, sizes.get(&commodity.ndc).filter(|size| **size > 0)) else {
                continue;
            };
            booked.push(Booked {
                from,
                order: entry.document.number.clone(),
                ndc: commodity.ndc.clone(),
                packages: u32::try_from(entry.change_on_hand() / size).unwrap_or(u32::MAX),
                on: self.moment_of(entry.happened).date(),
            });
        }
        let sized: Vec<Reported> = reports.into_iter().filter(|one| sizes.contains_key(&one.ndc)).collect();
        Ok(reconcile(&sized, &booked))
    }
}

/// Whether an event is the receipt that a movement would post again.
fn is_the_same(event: &StockEvent, movement: &theriac_books::Movement) -> bool {
    let StockEvent::Posted { commodity, entry } = event else { return false };
    *commodity == movement.commodity
        && entry.kind == movement.kind
        && entry.document == movement.document
        && entry.happened == movement.happened
        && entry.change_of(&movement.from) == -movement.amount.units()
}
