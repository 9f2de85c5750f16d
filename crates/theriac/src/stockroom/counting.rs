//! Inventories at the desk: the sheet is opened, counted blind, closed, and its variances are looked into.

use super::goods::Goods;
use super::shelves::Books;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use jiff::Timestamp;
use std::collections::BTreeMap;
use theriac_books::explain::{Case, Explanation, Filled, Neighbour, explain};
use theriac_books::inventory::{
    Classification, Close, Closing, Container, Entered, Inventory, InventoryEvent, LineCount, Occasion, Place, Plan,
    Tally, Variance, places_of, read_sheet,
};
use theriac_books::{Account, CountMethod, Entry, Name, StockEvent};
use theriac_law::vocab::{DayPart, Word as _, Writing};
use theriac_model::{Actor, Ndc, Refusal};

/// The most lines that one form counts.
const LINES_MAX: usize = 2_000;

/// One inventory with the version of its stream.
pub(crate) struct Sheet {
    pub(crate) inventory: Inventory,
    version: u64,
    /// When it was opened and closed, by the journal.
    pub(crate) opened: Timestamp,
}

/// One explanation, with what the page says of it.
pub(crate) struct Ranked {
    pub(crate) explanation: Explanation,
    /// Its share of all scores, in percent: how it ranks, and no probability.
    pub(crate) share: u32,
}

/// What might explain a variance.
pub(crate) struct Explained {
    pub(crate) variance: Variance,
    pub(crate) goods: Goods,
    pub(crate) since: Timestamp,
    pub(crate) ranked: Vec<Ranked>,
    /// The count in the books that the line became.
    pub(crate) count: Option<u64>,
    /// What of it no entry has explained.
    pub(crate) left: i64,
}

fn missing(id: &str) -> Fault {
    let what = format!("there is no inventory {id}");
    Refusal::new("BOOKS-INVENTORY-UNKNOWN", "-", what, "choose one from the list").about("id").into()
}

impl House {
    fn inventory_stream(&self, id: &str) -> String {
        format!("inventory/{}/{id}", self.pharmacy)
    }

    /// All inventories, oldest first.
    pub(crate) fn inventories(&self) -> Result<Vec<Sheet>, Fault> {
        self.room_streams("inventory")?.iter().map(|listed| self.sheet(listed.id())).collect()
    }

    /// One inventory.
    pub(crate) fn sheet(&self, id: &str) -> Result<Sheet, Fault> {
        let (records, version) = self.placed::<InventoryEvent>(&self.inventory_stream(id))?;
        let inventory = Inventory::replay(records.iter().map(|placed| &placed.record)).ok_or_else(|| missing(id))?;
        let opened = records.first().map(|placed| placed.at).ok_or_else(|| missing(id))?;
        Ok(Sheet { inventory, version, opened })
    }

    /// The products that an inventory is about: all that the books know or the house lists, else those that were chosen.
    fn products_to_count(&self, occasion: Occasion, typed: &Typed) -> Result<Vec<Ndc>, Fault> {
        if occasion.is_complete() {
            let mut all = self.own_products();
            all.extend(self.stocked()?);
            all.sort();
            all.dedup();
            return Ok(all);
        }
        let mut chosen = Vec::new();
        for code in typed.get("products").split([' ', ',', ';', '\n', '\r', '\t']).filter(|code| !code.is_empty()) {
            chosen.push(self.scanned_product(code)?);
        }
        for (name, value) in &typed.0 {
            if name == "product" && !value.is_empty() {
                chosen.push(Ndc::parse(value).map_err(|error| wrong("product", error.to_string(), "choose it again"))?);
            }
        }
        if chosen.is_empty() {
            return Err(wrong("products", "no product was chosen", "tick products, or scan one container of each"));
        }
        chosen.sort();
        chosen.dedup();
        Ok(chosen)
    }

    /// Opens a sheet; answers its name.
    pub(crate) fn open_inventory(&self, actor: &Actor, typed: &Typed) -> Result<String, Fault> {
        let occasion = typed.word("occasion", Occasion::parse)?;
        let taken = typed.word("taken", DayPart::from_word)?;
        let moment = self.moment_of(typed.time("at", self)?);
        let ndcs = self.products_to_count(occasion, typed)?;
        let books = self.books_of(&ndcs)?;
        let products: Vec<_> = ndcs
            .iter()
            .map(|ndc| {
                let mut goods = self.goods_to_count(occasion, ndc, moment.date())?;
                goods.product.commodity.unit = self.unit_in(&books, ndc);
                Ok(goods.product)
            })
            .collect::<Result<_, Fault>>()?;
        let taken_names: Vec<String> =
            self.room_streams("inventory")?.iter().map(|listed| listed.id().to_owned()).collect();
        let first = format!("{}-{}", occasion.word(), moment.date());
        let id = (1..=taken_names.len() + 1)
            .map(|n| if n == 1 { first.clone() } else { format!("{first}-{n}") })
            .find(|name| !taken_names.contains(name))
            .unwrap_or(first);
        let name = Name::parse(&id).map_err(|error| Fault::Broken(error.to_string()))?;
        let places = places_of(&books.ledger, &products);
        let plan = Plan { id: name, registrant: self.registrant()?, occasion, taken, moment, places };
        let at = self.clock.moment();
        let events = Inventory::open(plan, &books.ledger, actor.clone(), at.timestamp)?;
        self.append_inventory(actor, &id, 0, &events, Change::default())?;
        Ok(id)
    }

    fn append_inventory(
        &self,
        actor: &Actor,
        id: &str,
        version: u64,
        events: &[InventoryEvent],
        change: Change,
    ) -> Result<(), Fault> {
        let (name, at) = (self.inventory_stream(id), self.clock.moment());
        let by = self.in_stockroom(actor, at);
        let mut change = change.decided_on(&name, version);
        for event in events {
            change = change.event(&by, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Records what was counted: numbers typed line by line (`sealed-N`, `loose-N`, `how-N`), and containers that were
    /// scanned, each once. A line that nothing was entered for stays as it is.
    pub(crate) fn count_lines(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<usize, Fault> {
        let sheet = self.sheet(id)?;
        let lines = sheet.inventory.sheet();
        if lines.len() > LINES_MAX {
            return Err(wrong("lines", "the sheet is too long for one form", "import it as a file"));
        }
        let mut scanned: BTreeMap<Ndc, u32> = BTreeMap::new();
        for code in typed.get("scans").lines().map(str::trim).filter(|code| !code.is_empty()) {
            let ndc = self.scanned_product(code)?;
            if !lines.iter().any(|line| line.place.product.commodity.ndc == ndc) {
                let what = format!("NDC {ndc} is not on the sheet");
                return Err(wrong("scans", what, "add it to the sheet first, or set the container aside"));
            }
            *scanned.entry(ndc).or_default() += 1;
        }
        let mut tallies = Vec::new();
        for line in &lines {
            let n = line.line;
            let on_shelf = line.place.account == Account::Shelf;
            let by_scanner = if on_shelf { scanned.get(&line.place.product.commodity.ndc).copied() } else { None };
            let (sealed, loose) = (typed.get(&format!("sealed-{n}")), typed.get(&format!("loose-{n}")));
            if by_scanner.is_none() && sealed.is_empty() && loose.is_empty() {
                continue;
            }
            let goods = self.goods_of_line(&line.place)?;
            let sealed = typed.number_or(&format!("sealed-{n}"), 0_u32)?.saturating_add(by_scanner.unwrap_or(0));
            let entered = if by_scanner.is_some() { Entered::Scanner } else { Entered::Keyboard };
            let mut tally = Tally::nothing(entered);
            tally.sealed = sealed;
            if !loose.is_empty() {
                let found = goods.read_amount("loose", loose)?;
                let method = CountMethod::parse(typed.get(&format!("how-{n}"))).unwrap_or(CountMethod::Exact);
                let capacity = goods.product.per_container.units();
                let capacity = if method == CountMethod::Exact { capacity.max(found) } else { capacity };
                if found > 0 || sealed == 0 {
                    tally.opened.push(Container { capacity, found, method });
                }
            }
            tallies.push((n, tally));
        }
        if tallies.is_empty() {
            return Err(wrong("lines", "nothing was entered", "enter what you found; zero is entered as 0"));
        }
        self.record_tallies(actor, id, sheet, tallies)
    }

    /// Takes in a sheet that was filled in elsewhere; all of it or nothing.
    pub(crate) fn count_from_file(&self, actor: &Actor, id: &str, text: &str) -> Result<usize, Fault> {
        let sheet = self.sheet(id)?;
        let lines = sheet.inventory.sheet();
        let mut tallies = Vec::new();
        for row in read_sheet(text)? {
            let line = lines
                .iter()
                .find(|line| line.place.product.commodity.ndc == row.ndc && line.place.account == row.account);
            let line = line.ok_or_else(|| {
                let what = format!("NDC {} in {} is not on this sheet", row.ndc, row.account);
                wrong("file", what, "add the product to the sheet first")
            })?;
            tallies.push((line.line, row.tally));
        }
        if tallies.is_empty() {
            return Err(wrong("file", "the file has no lines", "fill in the sheet and import it again"));
        }
        self.record_tallies(actor, id, sheet, tallies)
    }

    fn record_tallies(
        &self,
        actor: &Actor,
        id: &str,
        mut sheet: Sheet,
        tallies: Vec<(u32, Tally)>,
    ) -> Result<usize, Fault> {
        let at = self.clock.now();
        let mut events = Vec::new();
        for (line, tally) in tallies {
            let count = LineCount { line, tally, by: actor.clone(), at };
            for event in sheet.inventory.count(&self.profile, count)? {
                sheet.inventory.apply(&event);
                events.push(event);
            }
        }
        let version = sheet.version;
        self.append_inventory(actor, id, version, &events, Change::default())?;
        Ok(events.len())
    }

    /// Adds a product that was found and is not on the sheet.
    pub(crate) fn add_to_sheet(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        let sheet = self.sheet(id)?;
        let ndc = self.scanned_product(typed.get("product"))?;
        let goods = self.goods(&ndc)?;
        let account = match typed.get("place") {
            "" => Account::Shelf,
            text => Account::parse(text)
                .ok_or_else(|| wrong("place", "the place is not known", "write shelf, or place:safe"))?,
        };
        let books = self.books_of(std::slice::from_ref(&ndc))?;
        let place = Place { product: goods.product, account };
        let events = sheet.inventory.add(place, &books.ledger, actor.clone(), self.clock.now())?;
        self.append_inventory(actor, id, sheet.version, &events, Change::default())
    }

    /// Closes an inventory: the counts are asserted in the books of each product, and no balance changes.
    pub(crate) fn close_inventory(&self, actor: &Actor, id: &str) -> Result<Vec<Refusal>, Fault> {
        let sheet = self.sheet(id)?;
        let books = self.books_of(&ndcs_of(&sheet.inventory))?;
        let at = self.clock.moment();
        let close = Close { signatures: vec![actor.clone()], writing: Writing::Written, at, ledger: &books.ledger };
        let Closing { events, stock, warnings, .. } = sheet.inventory.close(&self.profile, &close)?;
        let by = self.in_stockroom(actor, at);
        let change = books.append(Change::default(), &by, &stock)?;
        let listed = self.relisted(&sheet.inventory)?;
        let change = self.with_listings(change, actor, &listed)?;
        self.append_inventory(actor, id, sheet.version, &events, change)?;
        self.looked_up(&listed);
        Ok(warnings)
    }

    /// Says what a variance is thought to be.
    pub(crate) fn classify_variance(&self, actor: &Actor, id: &str, line: u32, class: &str) -> Result<(), Fault> {
        let sheet = self.sheet(id)?;
        let books = self.books_of(&ndcs_of(&sheet.inventory))?;
        let class = Classification::parse(class)
            .ok_or_else(|| wrong("class", "that is none of the classes", "choose one of the list"))?;
        let events = sheet.inventory.classify(&books.ledger, (line, class), actor.clone(), self.clock.now())?;
        self.append_inventory(actor, id, sheet.version, &events, Change::default())
    }

    /// The counted lines of a closed inventory beside the books; of an open one nothing, since whoever counts must not know.
    pub(crate) fn variances(&self, sheet: &Sheet) -> Result<(Vec<Variance>, Books), Fault> {
        let books = self.books_of(&ndcs_of(&sheet.inventory))?;
        let rows =
            if sheet.inventory.closed().is_some() { sheet.inventory.variances(&books.ledger) } else { Vec::new() };
        Ok((rows, books))
    }

    /// A line's product as people name it.
    pub(crate) fn goods_of_line(&self, place: &Place) -> Result<Goods, Fault> {
        let commodity = &place.product.commodity;
        let known = self.goods_as_known(&commodity.ndc, commodity.unit)?;
        Ok(Goods { product: place.product.clone(), unit: known.unit })
    }

    /// What might explain the variance of a line, the best supported first. Nothing is posted.
    pub(crate) fn explained(&self, id: &str, line: u32) -> Result<Explained, Fault> {
        let sheet = self.sheet(id)?;
        let (rows, books) = self.variances(&sheet)?;
        let variance = rows.iter().find(|row| row.line == line).cloned().ok_or_else(|| {
            wrong("line", format!("line {line} has no count of a closed inventory"), "close the inventory first")
        })?;
        let product = variance.place.product.clone();
        let until = sheet.inventory.plan().as_of();
        let entries = entries_of(&books, &product.commodity);
        let stock = books.stock(&product.commodity);
        // The count is the one at this moment in this place; the search begins where an earlier count agreed.
        let mut since = Timestamp::UNIX_EPOCH;
        let mut count = None;
        for (_, event) in books.of(&product.commodity) {
            let StockEvent::Counted { counted, .. } = event else { continue };
            if counted.count.account != variance.place.account {
                continue;
            }
            if counted.count.happened == until {
                count = Some(counted.id);
            } else if counted.count.happened < until && counted.variance() == 0 {
                since = since.max(counted.count.happened);
            }
        }
        let left =
            count.and_then(|id| stock.open_variances().find(|(open, _)| *open == id)).map_or(0, |(_, left)| left);
        let others: Vec<(&Variance, Vec<Entry>)> = rows
            .iter()
            .filter(|row| {
                row.place.product.commodity != product.commodity && row.place.account == variance.place.account
            })
            .map(|row| (row, entries_of(&books, &row.place.product.commodity)))
            .collect();
        let neighbours: Vec<Neighbour<'_>> = others
            .iter()
            .map(|(row, entries)| Neighbour { product: &row.place.product, variance: Some(row.difference()), entries })
            .collect();
        let fillings = self.filled_between(since, until)?;
        let shipments = self.shipped_and_not_booked()?;
        let difference = if count.is_some() { left } else { variance.difference() };
        let case = Case {
            product: &product,
            variance: difference,
            since,
            until,
            entries: &entries,
            neighbours: &neighbours,
            fillings: &fillings,
            shipments: &shipments,
        };
        let found = explain(&case);
        let total: u32 = found.iter().map(|one| one.score).sum();
        let share = |score: u32| score.saturating_mul(100).checked_div(total).unwrap_or(0);
        let ranked = found.into_iter().map(|one| Ranked { share: share(one.score), explanation: one }).collect();
        let goods = self.goods_of_line(&variance.place)?;
        Ok(Explained { variance, goods, since, ranked, count: count.map(|id| id.0), left })
    }

    /// What the dispensing record says was filled in a span of time.
    fn filled_between(&self, since: Timestamp, until: Timestamp) -> Result<Vec<Filled>, Fault> {
        let sql = "SELECT document, ndc, units, at_ms FROM room_fills WHERE at_ms > $1 AND at_ms <= $2 ORDER BY at_ms, document";
        let rows = self.store.query(sql, &[since.as_millisecond().into(), until.as_millisecond().into()])?;
        rows.iter()
            .map(|row| {
                Ok(Filled {
                    document: row.text(0)?.to_owned(),
                    ndc: Ndc::parse(row.text(1)?).map_err(|error| Fault::Broken(error.to_string()))?,
                    amount: row.int(2)?,
                    at: Timestamp::from_millisecond(row.int(3)?).map_err(|error| Fault::Broken(error.to_string()))?,
                })
            })
            .collect()
    }
}

fn ndcs_of(inventory: &Inventory) -> Vec<Ndc> {
    let mut ndcs: Vec<Ndc> = inventory.plan().places.iter().map(|place| place.product.commodity.ndc.clone()).collect();
    ndcs.sort();
    ndcs.dedup();
    ndcs
}

fn entries_of(books: &Books, commodity: &theriac_books::Commodity) -> Vec<Entry> {
    let entry = |(_, event): &(u64, StockEvent)| match event {
        StockEvent::Posted { entry, .. } => Some(entry.clone()),
        StockEvent::Counted { .. } => None,
    };
    books.of(commodity).filter_map(entry).collect()
}
