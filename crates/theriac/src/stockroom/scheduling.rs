//! A substance that the law controls from a day on, or moves to another schedule: the count of that day, and nothing of the
//! product before it (21 CFR 1304.11(d)).

use super::goods::Goods;
use super::record::RoomEvent;
use crate::house::House;
use crate::house::event::{HouseEvent, Product};
use crate::house::record::{By, Change, Fault, stream};
use crate::typed::{Typed, wrong};
use jiff::civil::Date;
use theriac_books::inventory::{Inventory, Occasion, ScheduleChange, newly_scheduled};
use theriac_books::{Account, StockUnit};
use theriac_law::facts::Place;
use theriac_law::vocab::Handling;
use theriac_law::{Moment, Question, Request, decide};
use theriac_model::{Actor, Ndc, Refusal, Schedule};

/// A change of schedule, as it was entered.
#[derive(Clone, Debug)]
pub(crate) struct Rescheduled {
    pub(crate) change: ScheduleChange,
    /// The text that says so.
    pub(crate) source: String,
}

/// Whether an inventory may be the count of a change of schedule.
fn serves(occasion: Occasion) -> bool {
    occasion == Occasion::NewlyScheduled || occasion.is_complete()
}

impl Rescheduled {
    fn is(&self, to: Schedule, effective: Date) -> bool {
        self.change.to == to && self.change.effective == effective
    }
}

impl House {
    fn schedule_stream(&self, ndc: &Ndc) -> String {
        format!("schedule/{}/{ndc}", self.pharmacy)
    }

    /// The changes that stand for one product, oldest first, and the version of its record of them.
    fn changes_with_version(&self, ndc: &Ndc) -> Result<(Vec<Rescheduled>, u64), Fault> {
        let (events, version) = stream::<RoomEvent>(&self.store, &self.schedule_stream(ndc))?;
        let mut standing: Vec<Rescheduled> = Vec::new();
        for event in events {
            match event {
                RoomEvent::Rescheduled { ndc, from, to, effective, source, .. } => {
                    standing.push(Rescheduled { change: ScheduleChange { ndc, from, to, effective }, source });
                }
                RoomEvent::RescheduleWithdrawn { to, effective, .. } => {
                    standing.retain(|one| !one.is(to, effective));
                }
                _ => {}
            }
        }
        Ok((standing, version))
    }

    /// The changes that stand for one product, oldest first.
    fn changes_of(&self, ndc: &Ndc) -> Result<Vec<Rescheduled>, Fault> {
        Ok(self.changes_with_version(ndc)?.0)
    }

    /// Every change of schedule that stands here.
    pub(crate) fn rescheduled(&self) -> Result<Vec<Rescheduled>, Fault> {
        let mut all = Vec::new();
        for listed in self.room_streams("schedule")? {
            if let Ok(ndc) = Ndc::parse(listed.id()) {
                all.extend(self.changes_of(&ndc)?);
            }
        }
        Ok(all)
    }

    /// Enters that the law controls a product from a day on, or moves it to another schedule.
    ///
    /// # Errors
    /// `FORM-FIELD` for a product that the drug file does not hold, for its own schedule, for a day that has a change already,
    /// and for what cannot be read.
    pub(crate) fn reschedule(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        let ndc = self.scanned_product(typed.get("ndc"))?;
        let to = typed.word("schedule", Schedule::parse)?;
        let effective = typed.day("effective")?;
        let source = typed.text("source")?;
        let listed = self.drug(&ndc)?.ok_or_else(|| {
            wrong("ndc", format!("NDC {ndc} is not in the drug file"), "import the NDC directory, or list the product")
        })?;
        let from = listed.schedule;
        let (entered, version) = self.changes_with_version(&ndc)?;
        if let Some(other) = entered.iter().find(|one| one.change.effective == effective) {
            let what = format!("NDC {ndc} moves to schedule {} on that day", other.change.to.roman());
            return Err(wrong("effective", what, "take that change back first if it is wrong"));
        }
        let before = entered.iter().filter(|one| one.change.effective < effective);
        let last = before.max_by_key(|one| one.change.effective);
        let from = last.map_or(from, |one| Some(one.change.to));
        if from == Some(to) {
            let what = format!("NDC {ndc} is in schedule {} already", to.roman());
            return Err(wrong("schedule", what, "choose the schedule from the day of the change on"));
        }
        let event = RoomEvent::Rescheduled { ndc: ndc.clone(), from, to, effective, source, by: actor.id.clone() };
        self.on_schedule(actor, &ndc, version, &event)
    }

    /// Takes back a change that was entered by mistake, as long as nothing was counted for it.
    ///
    /// # Errors
    /// `FORM-FIELD` for a change that does not stand, one that was counted, and without a reason.
    pub(crate) fn withdraw_reschedule(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        let ndc = self.scanned_product(typed.get("ndc"))?;
        let to = typed.word("schedule", Schedule::parse)?;
        let effective = typed.day("effective")?;
        let reason = typed.text("reason")?;
        let (entered, version) = self.changes_with_version(&ndc)?;
        if !entered.iter().any(|one| one.is(to, effective)) {
            let what = format!("NDC {ndc} has no such change");
            return Err(wrong("effective", what, "choose one from the list"));
        }
        if self.counted_for(&ndc, effective)? {
            let what = format!("NDC {ndc} was counted for this change, and the drug file follows it");
            return Err(wrong("effective", what, "enter the change that is right, with its day"));
        }
        let event = RoomEvent::RescheduleWithdrawn { to, effective, reason, by: actor.id.clone() };
        self.on_schedule(actor, &ndc, version, &event)
    }

    fn on_schedule(&self, actor: &Actor, ndc: &Ndc, version: u64, event: &RoomEvent) -> Result<(), Fault> {
        let name = self.schedule_stream(ndc);
        let by = self.in_stockroom(actor, self.clock.moment());
        Change::default().decided_on(&name, version).event(&by, &name, event)?.commit(&self.store)?;
        Ok(())
    }

    /// The last day on which a product was counted in an inventory that may serve a change of schedule.
    fn counted_last(&self, ndc: &Ndc) -> Result<Option<Date>, Fault> {
        let counts = |inventory: &Inventory| {
            let plan = inventory.plan();
            let holds = plan.places.iter().any(|place| place.product.commodity.ndc == *ndc);
            inventory.closed().is_some() && serves(plan.occasion) && holds
        };
        let sheets = self.inventories()?;
        Ok(sheets.iter().filter(|sheet| counts(&sheet.inventory)).map(|sheet| sheet.inventory.plan().day()).max())
    }

    /// Whether the count of a change of that day was taken.
    pub(crate) fn counted_for(&self, ndc: &Ndc, effective: Date) -> Result<bool, Fault> {
        Ok(self.counted_last(ndc)?.is_some_and(|day| day >= effective))
    }

    /// The changes whose count is still to be taken, those of the next thirty days included.
    pub(crate) fn uncounted_changes(&self) -> Result<Vec<Rescheduled>, Fault> {
        let all = self.rescheduled()?;
        if all.is_empty() {
            return Ok(all);
        }
        let ndcs: Vec<Ndc> = all.iter().map(|one| one.change.ndc.clone()).collect();
        let books = self.books_of(&ndcs)?;
        let mut counted = std::collections::BTreeMap::new();
        for ndc in &ndcs {
            counted.insert(ndc.clone(), self.counted_last(ndc)?);
        }
        let changes: Vec<ScheduleChange> = all.iter().map(|one| one.change.clone()).collect();
        let last = |ndc: &Ndc| counted.get(ndc).copied().flatten();
        let open = newly_scheduled(&changes, &books.ledger, last, self.clock.moment());
        Ok(all.iter().filter(|one| open.contains(&&one.change)).cloned().collect())
    }

    /// Whether the counts that the law wants first were taken: the initial inventory before anything is handled
    /// (21 CFR 1304.11(b)), and the count of a product whose schedule changed from the day of the change on (paragraph (d)).
    pub(crate) fn may_be_handled(&self, act: Handling, ndc: &Ndc, at: Moment) -> Result<Result<(), Refusal>, Fault> {
        let mut place = Place::new();
        place.initial_inventory = self.initial_inventory_taken()?;
        let in_force = if self.changes_of(ndc)?.is_empty() {
            None
        } else {
            let open = self.uncounted_changes()?;
            open.into_iter().find(|one| one.change.ndc == *ndc && one.change.effective <= at.date())
        };
        let listed = self.drug(ndc)?.and_then(|listed| listed.schedule);
        // What is not controlled is not counted.
        let Some(schedule) = in_force.as_ref().map(|one| one.change.to).or(listed) else { return Ok(Ok(())) };
        place.schedule = schedule.into();
        place.uncounted_since_change = in_force.is_some();
        let question = Question::new(at, Request::Handle { act }).with(|facts| facts.place = Some(Box::new(place)));
        let decision = decide(&self.profile, &question).map_err(|missing| Fault::Broken(missing.action.to_string()))?;
        Ok(decision.into_result().map(|_| ()))
    }

    /// Whether the stock was ever counted as a whole, or the books were opened with what was on hand. Once it was, it is:
    /// the answer is kept.
    fn initial_inventory_taken(&self) -> Result<bool, Fault> {
        if self.counted_once.get().is_some() {
            return Ok(true);
        }
        let sql = "SELECT ndc FROM balances WHERE registration = $1 AND account = $2";
        let account = Account::Opening.to_string();
        let mut opened = false;
        for row in self.store.query(sql, &[self.pharmacy.as_str().into(), account.as_str().into()])? {
            let ndc = row.text(0).ok().and_then(|ndc| Ndc::parse(ndc).ok());
            // A newly controlled product enters the books with its own count, which tells nothing of the others.
            opened |= ndc.is_some_and(|ndc| self.changes_of(&ndc).is_ok_and(|changes| changes.is_empty()));
        }
        let complete = |inventory: &Inventory| inventory.plan().occasion.is_complete() && inventory.closed().is_some();
        let taken = opened || self.inventories()?.iter().any(|sheet| complete(&sheet.inventory));
        if taken {
            self.counted_once.get_or_init(|| ());
        }
        Ok(taken)
    }

    /// A product as the sheet of an inventory of `day` names it: in the schedule that holds then.
    pub(super) fn goods_to_count(&self, occasion: Occasion, ndc: &Ndc, day: Date) -> Result<Goods, Fault> {
        let changes = if serves(occasion) { self.changes_of(ndc)? } else { Vec::new() };
        let in_force = changes.iter().filter(|one| one.change.effective <= day);
        let change = in_force.max_by_key(|one| one.change.effective);
        let Some(change) = change else { return self.goods(ndc) };
        let unit = self.drug(ndc)?.map_or(StockUnit::Piece, |listed| StockUnit::of(&listed.unit));
        let mut goods = self.goods_as_known(ndc, unit)?;
        if self.container(ndc, unit)?.is_none() {
            let what = format!("nobody has said how much a full container of NDC {ndc} holds");
            return Err(wrong("container", what, "enter the size of its container on the product's page of the books"));
        }
        goods.product.schedule = change.change.to;
        Ok(goods)
    }

    /// What the drug file says from a closed inventory on: each product in the schedule under which it was counted.
    pub(super) fn relisted(&self, inventory: &Inventory) -> Result<Vec<HouseEvent>, Fault> {
        let plan = inventory.plan();
        let mut listed: Vec<HouseEvent> = Vec::new();
        if !serves(plan.occasion) {
            return Ok(listed);
        }
        for place in &plan.places {
            let ndc = &place.product.commodity.ndc;
            let Some(product) = self.drug(ndc)? else { continue };
            if product.schedule == Some(place.product.schedule) || self.changes_of(ndc)?.is_empty() {
                continue;
            }
            let event = HouseEvent::ProductListed(Product { schedule: Some(place.product.schedule), ..product });
            if !listed.contains(&event) {
                listed.push(event);
            }
        }
        Ok(listed)
    }

    /// Adds records of the deployment itself to a change of the stock room.
    pub(super) fn with_listings(&self, change: Change, actor: &Actor, events: &[HouseEvent]) -> Result<Change, Fault> {
        let by = By { actor, location: "", law: "", at: self.clock.now() };
        events.iter().try_fold(change, |change, event| change.event(&by, &event.stream(), event))
    }
}
