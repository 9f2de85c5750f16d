//! The inspection pack of two years of a busy pharmacy: the books of 300 products are posted by the core between the other
//! entries of a journal, then the pack is made and computed again, and the readers of the books are asked what their pages ask.

use super::{Scratch, deployment};
use crate::demo::cast;
use crate::demo::world;
use crate::house::event::{HouseEvent, Product as Listed};
use crate::house::record::{By, Change, Fault};
use crate::house::{House, program, store_problem};
use crate::output::{Outcome, Problem, line};
use crate::stockroom::{Period, verify_pack};
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};
use theriac_books::losses::{PatternRule, patterns, shortages};
use theriac_books::{
    Account, Amount, Commodity, Count, CountMethod, Document, DocumentKind, Movement, MovementKind, Stock, StockEvent,
    StockUnit,
};
use theriac_model::{Actor, DrugUnit, Ndc, Role, Schedule};
use theriac_store::{Append, NewEvent};

/// The pack is made within this time; the requirement of the house.
const PACK_MAX: Duration = Duration::from_secs(2);
/// A page of the books is there within this time, even where it is about every product.
const PAGE_MAX: Duration = Duration::from_secs(1);
/// What is dispensed at a time, in tablets.
const DISPENSED: i64 = 30;
/// Every so many steps a delivery comes, and every so many the shelf is counted.
const DELIVERY_EVERY: u32 = 10;
const COUNT_EVERY: u32 = 50;
/// Appends that are under way at a time.
const AT_A_TIME: usize = 16;
/// The years.
const DAYS: i64 = 730;

/// How large the years are.
pub(super) struct Size {
    pub(super) products: u32,
    pub(super) movements: u32,
    pub(super) others: u32,
}

pub(super) fn run(size: &Size, store: Option<&str>) -> Result<Outcome, Problem> {
    let scratch = Scratch::new("pack")?;
    let begins = "2024-03-02T16:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let house = deployment(&scratch.0.join("house"), store, Some(begins))?;
    let begun = Instant::now();
    let products = list(&house, size.products).map_err(Problem::from)?;
    let posted = two_years(&house, size, products).map_err(Problem::from)?;
    let entries = house.store.size().map_err(store_problem)?;
    line(format_args!(
        "years     {} products, {posted} movements and counts among {entries} entries, made in {:.1?}",
        size.products,
        begun.elapsed()
    ))?;
    let begun = Instant::now();
    let pack = house.inspection_pack(&program(), None, None).map_err(Problem::from)?;
    let made = begun.elapsed();
    let (held, limit) = (pack.products, format!("{PACK_MAX:?}"));
    line(format_args!("pack      {made:.2?} of {limit}: {held} products, {} MB", pack.bytes.len() / 1_000_000))?;
    let begun = Instant::now();
    let text = String::from_utf8_lossy(&pack.bytes);
    let found = verify_pack(&text, None).map_err(|why| Problem::failed("BENCH-PACK", why, "look at the pack"))?;
    line(format_args!("verify    {:.2?}: {found}", begun.elapsed()))?;
    let late = pages(&house).map_err(Problem::from)?;
    if made > PACK_MAX || late {
        let what = format!("the pack took over {PACK_MAX:?}, or a page over {PAGE_MAX:?}");
        return Err(Problem::failed("BENCH-SLOW", what, "measure a release build on an idle machine"));
    }
    Ok(Outcome::Done)
}

/// What the pages of the books ask for.
fn pages(house: &House) -> Result<bool, Fault> {
    let mut late = false;
    let mut told = |name: &str, ask: &dyn Fn() -> Result<usize, Fault>| -> Result<(), Fault> {
        let begun = Instant::now();
        let found = ask()?;
        let spent = begun.elapsed();
        late |= spent > PAGE_MAX;
        line(format_args!("page      {:>5} ms  {name}: {found}", spent.as_millis()))
            .map_err(|_| Fault::Broken("standard output is closed".to_owned()))
    };
    let first = house.stocked()?.into_iter().find(|ndc| ndc.as_str().starts_with("99998"));
    let first = first.ok_or_else(|| Fault::Broken("there are no books".to_owned()))?;
    let commodity = house.commodity(&first).ok_or_else(|| Fault::Broken("there is no such product".to_owned()))?;
    told("the books of one product", &|| Ok(house.stock_now(&commodity)?.0.balances().count()))?;
    told("the statement of one product", &|| Ok(house.product_statement(&first, &Period::default())?.counts.len()))?;
    told("the five percent of the year", &|| Ok(usize::from(house.five_percent()?.year.unsigned_abs())))?;
    told("small losses that repeat", &|| {
        Ok(patterns(&shortages(house.all_books()?.plain()), PatternRule::default()).len())
    })?;
    told("what is due", &|| Ok(house.due_in_stockroom()?.len()))?;
    told("the page of the pack", &|| Ok(house.survey(None, None)?.products.len()))?;
    Ok(late)
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// Lists the products with the size of their containers.
fn list(house: &House, count: u32) -> Result<Vec<(Stock, Schedule)>, Fault> {
    let operator = world::actor(&cast::OPERATOR, Role::Operator);
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    let mut listed = Vec::new();
    for n in 0..count {
        let schedule = [Schedule::II, Schedule::III, Schedule::IV, Schedule::IV, Schedule::V][n as usize % 5];
        listed.push(Listed {
            ndc: Ndc::parse(&format!("99998{n:04}01")).map_err(broken)?,
            name: format!("Invented substance {n}"),
            strength: "5 mg".to_owned(),
            form: "tablet".to_owned(),
            unit: DrugUnit::Tablet,
            schedule: Some(schedule),
        });
    }
    let events: Vec<HouseEvent> = listed.iter().cloned().map(HouseEvent::ProductListed).collect();
    house.note(&operator, &events)?;
    for product in &listed {
        house.size_container(&pharmacist, &product.ndc, "100")?;
    }
    let books = listed.into_iter().map(|product| {
        let commodity = Commodity { registration: house.pharmacy, ndc: product.ndc, unit: StockUnit::Piece };
        (Stock::new(commodity), product.schedule.unwrap_or(Schedule::II))
    });
    Ok(books.collect())
}

/// Posts the movements, one of each product a step, among the other entries of the years; answers how many.
fn two_years(house: &House, size: &Size, mut products: Vec<(Stock, Schedule)>) -> Result<u64, Fault> {
    let steps = size.movements.checked_div(size.products).unwrap_or(0).max(1);
    let apart = SignedDuration::from_secs(DAYS * 24 * 3_600 / i64::from(steps));
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    let (mut posted, mut under_way) = (0_u64, Vec::with_capacity(AT_A_TIME));
    let wait = |under_way: &mut Vec<theriac_store::Ticket>| -> Result<(), Fault> {
        under_way.drain(..).try_for_each(|ticket| ticket.wait().map(drop).map_err(Fault::from))
    };
    for step in 0..steps {
        house.clock.advance(apart);
        let at = house.clock.now();
        let by = By { actor: &pharmacist, location: house.pharmacy.as_str(), law: &house.config.profile, at };
        let mut change = Change::default();
        for (stock, schedule) in &mut products {
            let events = moved(stock, *schedule, step, at, &pharmacist)?;
            for event in &events {
                stock.apply(event).map_err(broken)?;
                change = change.event(&by, &stock.commodity().stream(), event)?;
                posted += 1;
            }
        }
        let mut append = change.into_append();
        others(&mut append, size.others / steps, step, at);
        under_way.push(house.store.submit(append)?);
        if under_way.len() == AT_A_TIME {
            wait(&mut under_way)?;
        }
    }
    wait(&mut under_way)?;
    Ok(posted)
}

/// What happens to a product in a step: a delivery, a count, or a filling that is handed over.
fn moved(stock: &Stock, schedule: Schedule, step: u32, at: Timestamp, by: &Actor) -> Result<Vec<StockEvent>, Fault> {
    let what = (stock.commodity().clone(), schedule);
    let amount = |units: i64| Amount::new(units).map_err(broken);
    let signed = vec![by.clone()];
    if step.is_multiple_of(DELIVERY_EVERY) {
        let kind = if schedule == Schedule::II { DocumentKind::OrderForm } else { DocumentKind::Invoice };
        let units = amount(DISPENSED * i64::from(DELIVERY_EVERY))?;
        let paper = (at, Document::new(kind, format!("INV-{step}")));
        let way = (Account::Source(cast::supplier_number()), Account::Shelf);
        return Ok(stock.post(&Movement::new(what, MovementKind::Receipt, way, units, paper, signed), at)?);
    }
    if step % COUNT_EVERY == COUNT_EVERY - 1 {
        let found = stock.balance(&Account::Shelf);
        let count =
            Count { account: Account::Shelf, found, method: CountMethod::Exact, happened: at, counter: by.clone() };
        return Ok(stock.count(count, at)?);
    }
    // A filling waits for its patient until the next step.
    let units = amount(DISPENSED)?;
    let waiting = stock.balance(&Account::WillCall) > 0;
    let (kind, document, way) = if waiting {
        (MovementKind::HandOver, DocumentKind::PickUp, (Account::WillCall, Account::Patient))
    } else {
        (MovementKind::Fill, DocumentKind::Filling, (Account::Shelf, Account::WillCall))
    };
    let paper = (at, Document::new(document, format!("RX{step:09}/1")));
    Ok(stock.post(&Movement::new(what, kind, way, units, paper, signed), at)?)
}

/// The other entries of a pharmacy's journal: what stands in them does not matter here, how many and how long they are does.
fn others(append: &mut Append, count: u32, step: u32, at: Timestamp) {
    let body = format!("{{\"text\":\"{}\"}}", "x".repeat(600)).into_bytes();
    append.events.extend((0..count).map(|n| NewEvent {
        stream: format!("bench/{step}-{n}"),
        at_ms: at.as_millisecond(),
        actor: "theriac".to_owned(),
        role: Role::System.word().to_owned(),
        location: String::new(),
        law: String::new(),
        kind: "bench.other".to_owned(),
        format: 1,
        body: body.clone(),
        archive: Vec::new(),
    }));
}
