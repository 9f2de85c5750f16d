//! Sales of schedule V without a prescription: 21 CFR 1306.26.

use super::lines::no_such_line;
use super::products::{OnSale, Selling, some};
use super::{Answered, again, most};
use crate::house::House;
use crate::house::record::{Change, Fault, read};
use crate::typed::{Typed, wrong};
use theriac_books::logbook::{BookEntry, Buyer, CounterEvent, CounterRequest, RecordBook, Shown};
use theriac_books::{Amount, StockUnit};
use theriac_law::Moment;
use theriac_law::vocab::Handling;
use theriac_model::{Actor, Refusal};

/// How far back sales of a purchaser are looked up: the 48 hours, and a margin that the rulebook does not count.
const LOOK_BACK_MS: i64 = 72 * 3_600 * 1_000;
/// The window of the limit, in seconds.
const WINDOW_SECONDS: i64 = 48 * 3_600;

/// A sale as it was entered.
#[derive(Clone, Debug)]
pub(crate) struct CounterSale {
    pub(crate) entry: BookEntry,
}

struct Asked {
    request: CounterRequest,
    book: RecordBook,
    version: u64,
}

/// Who buys, as every till asks it.
pub(super) fn buyer(typed: &Typed) -> Result<Buyer, Fault> {
    // A blank name or address is for the rulebook to refuse; a day that is none cannot be compared with anything.
    Ok(Buyer { name: typed.get("name").to_owned(), address: typed.get("address").to_owned(), born: typed.day("born")? })
}

impl House {
    fn counter_request(&self, typed: &Typed, at: Moment) -> Result<(Asked, OnSale), Fault> {
        let product = self.on_sale_one(&self.scanned_product(typed.get("ndc")).or_else(|_| typed.ndc("ndc"))?)?;
        let Selling::Counter { product: sold, marking } = product.selling.clone() else {
            let what = "that product has a listed chemical and is sold from the logbook";
            return Err(wrong("ndc", what, "use the form for listed chemicals"));
        };
        let request = CounterRequest {
            buyer: buyer(typed)?,
            shown: typed.word("shown", Shown::parse)?,
            product: sold,
            quantity: some("quantity", typed)?,
            marking,
            kept: product.kept,
        };
        let stream = self.record_book();
        let (version, numbers) = self.book_now(&stream)?;
        let from = at.timestamp.as_millisecond().saturating_sub(LOOK_BACK_MS);
        let mut own = Vec::new();
        for entry in self.purchases_of(&stream, &request.buyer, from)? {
            if let CounterEvent::Sold { entry } = read::<CounterEvent>(&entry)? {
                own.push(entry);
            }
        }
        Ok((Asked { request, book: RecordBook::for_one_purchaser(numbers, own), version }, product))
    }

    /// Whether it may be sold; nothing is recorded.
    pub(crate) fn ask_counter_sale(&self, actor: &Actor, typed: &Typed) -> Result<Answered, Fault> {
        let at = self.clock.moment();
        let (asked, _) = self.counter_request(typed, at)?;
        Ok(self.judge_counter(&asked, actor, at))
    }

    fn judge_counter(&self, asked: &Asked, actor: &Actor, at: Moment) -> Answered {
        let sells = |quantity: u64, at: Moment| {
            let request = CounterRequest { quantity, ..asked.request.clone() };
            asked.book.sell(&self.profile, &request, actor, at)
        };
        let Err(refusal) = sells(asked.request.quantity, at) else {
            return Answered { refusal: None, allowed_from: None, most_now: asked.request.quantity };
        };
        let later = asked.book.entries().iter().filter_map(|entry| {
            let from = entry.sold.timestamp.checked_add(jiff::SignedDuration::from_secs(WINDOW_SECONDS)).ok()?;
            (from > at.timestamp).then(|| self.moment_of(from))
        });
        let allowed_from = later.min_by_key(|from| {
            // The earliest at which the whole quantity passes.
            (sells(asked.request.quantity, *from).is_err(), from.timestamp)
        });
        let allowed_from = allowed_from.filter(|from| sells(asked.request.quantity, *from).is_ok());
        let most_now = most(asked.request.quantity, |units| units == 0 || sells(units, at).is_ok());
        Answered { refusal: Some(Box::new(refusal)), allowed_from, most_now }
    }

    /// Sells: the line of the book and the movement of the stock are one act, or nothing happened.
    pub(crate) fn counter_sale(&self, actor: &Actor, typed: &Typed) -> Result<CounterSale, Fault> {
        again(|| {
            let at = self.clock.moment();
            let (asked, product) = self.counter_request(typed, at)?;
            self.may_be_handled(Handling::Dispense, &product.ndc, at)??;
            let events = match asked.book.sell(&self.profile, &asked.request, actor, at) {
                Ok(events) => events,
                Err(refusal) => {
                    let answered = self.judge_counter(&asked, actor, at);
                    return Err(self.with_next_sale(refusal, &answered, product.unit()).into());
                }
            };
            let stream = self.record_book();
            let by = self.in_stockroom(actor, at);
            let mut change = Change::default().decided_on(&stream, asked.version);
            let mut sold = None;
            for event in &events {
                change = change.event(&by, &stream, event)?;
                if let CounterEvent::Sold { entry } = event {
                    sold = Some(entry.clone());
                }
            }
            let entry = sold.ok_or_else(|| Fault::Broken("a sale without a line".to_owned()))?;
            let books = self.books_of(std::slice::from_ref(&product.ndc))?;
            let mut goods = self.goods(&product.ndc)?;
            goods.product.commodity.unit = self.unit_in(&books, &product.ndc);
            let commodity = goods.product.commodity;
            let amount = smallest(entry.quantity, commodity.unit)?;
            let posted = self.posted(&books, &[entry.movement(&commodity, amount)], at.timestamp)?;
            books.append(change, &by, &posted)?.commit(&self.store)?;
            Ok(CounterSale { entry })
        })
    }

    /// Corrects a line of the record book by another line; the first stays as it is.
    pub(crate) fn correct_book(&self, actor: &Actor, typed: &Typed) -> Result<u64, Fault> {
        again(|| {
            let of = some("of", typed)?;
            let stream = self.record_book();
            let (version, numbers) = self.book_now(&stream)?;
            let (entry, _) = self.book_sale(of).map_err(|fault| match fault {
                Fault::Refused(_) => no_such_line(of),
                other => other,
            })?;
            let at = self.clock.moment();
            let book = RecordBook::for_one_purchaser(numbers, vec![entry]);
            let by = self.in_stockroom(actor, at);
            let mut change = Change::default().decided_on(&stream, version);
            for event in book.correct(of, typed.get("text"), actor.clone(), at)? {
                change = change.event(&by, &stream, &event)?;
            }
            change.commit(&self.store)?;
            Ok(numbers + 1)
        })
    }
}

/// Millilitres or dosage units as the ledger counts them.
fn smallest(quantity: u64, unit: StockUnit) -> Result<Amount, Fault> {
    let factor = match unit {
        StockUnit::Piece => 1,
        StockUnit::Microlitre => 1_000,
        StockUnit::Microgram => 1_000_000,
    };
    let units = i64::try_from(quantity).ok().and_then(|quantity| quantity.checked_mul(factor));
    units.and_then(|units| Amount::new(units).ok()).ok_or_else(|| {
        let what = format!("{quantity} is more than the books can count");
        Refusal::new("BOOKS-AMOUNT", "21 CFR 1304.22(c)", what, "enter the quantity again").about("quantity").into()
    })
}
