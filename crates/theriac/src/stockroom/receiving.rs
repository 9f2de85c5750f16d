//! Deliveries: what was invoiced, what came, and the difference, which stays open until somebody settles it.

use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use theriac_books::explain::Shipped;
use theriac_books::orders::{InvoiceEvent, InvoiceLine, InvoiceReceipt, OpenDifference, Settlement};
use theriac_books::{Party, StockEvent};
use theriac_law::vocab::{Handling, Source, Word as _};
use theriac_model::{Actor, Address, BusinessActivity, Ndc, Refusal};

/// The most lines of one delivery.
const LINES_MAX: usize = 500;

/// A delivery that was received.
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) receipt: InvoiceReceipt,
    pub(crate) seq: u64,
    pub(crate) at: jiff::Timestamp,
    version: u64,
}

impl Delivery {
    /// The differences that nobody has settled.
    pub(crate) fn open(&self) -> Vec<OpenDifference> {
        self.receipt.open().collect()
    }
}

/// The registrant on the other side of a document, as typed under `prefix`.
pub(crate) fn party(typed: &Typed, activity: BusinessActivity) -> Result<Party, Fault> {
    Ok(Party {
        name: typed.text("name")?,
        address: Address {
            line1: typed.text("line1")?,
            line2: typed.maybe("line2"),
            city: typed.text("city")?,
            state: typed.text("state")?.to_ascii_uppercase(),
            postal: typed.text("postal")?,
        },
        number: typed.dea("number")?,
        activity: match typed.get("activity") {
            "" => activity,
            word => BusinessActivity::parse(word)
                .ok_or_else(|| wrong("activity", "that is no business activity", "choose one of the list"))?,
        },
    })
}

fn unknown(id: &str) -> Fault {
    let what = format!("there is no delivery {id}");
    Refusal::new("BOOKS-INVOICE-UNKNOWN", "-", what, "choose one from the list").about("id").into()
}

impl House {
    /// Where the registration of the other side stands: as the registrant data say, else as somebody checked by hand.
    fn source_of(&self, party: &Party, typed: &Typed) -> Result<Source, Fault> {
        if let Some(row) = self.registrant_row(party.number) {
            let valid = row.status == "valid" && row.expires >= self.clock.moment().date();
            return Ok(if valid { Source::Registered } else { Source::Unregistered });
        }
        typed.word("standing", Source::from_word)
    }

    /// Receives a delivery on an invoice: the lines as invoiced, and what was scanned, counted or typed as received.
    pub(crate) fn receive_delivery(&self, actor: &Actor, typed: &Typed) -> Result<String, Fault> {
        let supplier = party(typed, BusinessActivity::Distributor)?;
        let number = typed.text("invoice")?;
        let source = self.source_of(&supplier, typed)?;
        let lines = self.invoice_lines(typed)?;
        let at = self.moment_of(typed.time("at", self)?);
        for line in &lines {
            self.may_be_handled(Handling::Receive, &line.product.commodity.ndc, at)??;
        }
        if at.timestamp > self.clock.now() {
            return Err(wrong("at", "the delivery would lie in the future", "enter when it came"));
        }
        let confirmed = typed.ticked("confirmed").then(|| actor.clone());
        let events = InvoiceReceipt::receive(
            &self.profile,
            (supplier.clone(), source),
            &number,
            lines,
            confirmed,
            (actor.clone(), at),
        )?;
        let receipt =
            InvoiceReceipt::replay(&events).ok_or_else(|| Fault::Broken("a receipt without its event".into()))?;
        let movements = receipt.movements()?;
        let ndcs: Vec<Ndc> = movements.iter().map(|movement| movement.commodity.ndc.clone()).collect();
        let books = self.books_of(&ndcs)?;
        let stock = self.posted(&books, &movements, self.clock.now())?;
        let id = delivery_id(&supplier, &number);
        let name = format!("invoice/{}/{id}", self.pharmacy);
        if !self.store.stream(&name)?.is_empty() {
            let what = format!("invoice {number} of {} was received already", supplier.name);
            let next = "look at that delivery; correct the number if this is another invoice";
            return Err(Refusal::new("BOOKS-INVOICE-TWICE", "21 CFR 1304.21(a)", what, next).about("invoice").into());
        }
        let by = self.in_stockroom(actor, self.clock.moment());
        let mut change = Change::default().decided_on(&name, 0);
        for event in &events {
            change = change.event(&by, &name, event)?;
        }
        books.append(change, &by, &stock)?.commit(&self.store)?;
        Ok(id)
    }

    /// The lines: `NDC invoiced [received [ordered]]`, one product a line. Where containers were scanned, what was scanned is
    /// what came.
    fn invoice_lines(&self, typed: &Typed) -> Result<Vec<InvoiceLine>, Fault> {
        let mut scanned = self.scanned_packages(typed.get("scans"))?;
        let by_scanner = !scanned.is_empty();
        let mut lines: Vec<InvoiceLine> = Vec::new();
        for (n, text) in (1..).zip(typed.get("lines").lines().map(str::trim).filter(|text| !text.is_empty())) {
            let bad = |what: String| {
                wrong("lines", format!("line {n}: {what}"), "write NDC, containers invoiced, containers received")
            };
            if n > LINES_MAX {
                return Err(bad("an invoice has at most 500 lines here".to_owned()));
            }
            let parts: Vec<&str> = text.split([' ', '\t', ',', ';']).filter(|part| !part.is_empty()).collect();
            let [code, invoiced, rest @ ..] = parts.as_slice() else {
                return Err(bad("a product and a number of containers are expected".to_owned()));
            };
            let ndc = self.scanned_product(code)?;
            if lines.iter().any(|line| line.product.commodity.ndc == ndc) {
                return Err(bad(format!("NDC {ndc} stands on an earlier line")));
            }
            let count =
                |text: &str| text.parse::<u32>().map_err(|_| bad(format!("{text:?} is no number of containers")));
            let invoiced = count(invoiced)?;
            let received = match (scanned.remove(&ndc), rest.first()) {
                (Some(found), _) => found,
                (None, _) if by_scanner => 0,
                (None, Some(text)) => count(text)?,
                (None, None) => return Err(bad("how many containers came is not said".to_owned())),
            };
            let ordered = rest.get(1).map_or(Ok(invoiced), |text| count(text))?;
            lines.push(InvoiceLine { product: self.goods(&ndc)?.product, ordered, invoiced, received });
        }
        // What came and stands on no line of the invoice is a difference, too.
        for (ndc, received) in scanned {
            lines.push(InvoiceLine { product: self.goods(&ndc)?.product, ordered: 0, invoiced: 0, received });
        }
        Ok(lines)
    }

    /// One delivery.
    pub(crate) fn delivery(&self, id: &str) -> Result<Delivery, Fault> {
        let (records, version) = self.placed::<InvoiceEvent>(&format!("invoice/{}/{id}", self.pharmacy))?;
        let receipt = InvoiceReceipt::replay(records.iter().map(|placed| &placed.record)).ok_or_else(|| unknown(id))?;
        let (seq, at) = records.first().map(|placed| (placed.seq, placed.at)).ok_or_else(|| unknown(id))?;
        Ok(Delivery { id: id.to_owned(), receipt, seq, at, version })
    }

    /// All deliveries, oldest first.
    pub(crate) fn deliveries(&self) -> Result<Vec<Delivery>, Fault> {
        self.room_streams("invoice")?.iter().map(|listed| self.delivery(listed.id())).collect()
    }

    /// Settles a difference of a delivery.
    pub(crate) fn settle_difference(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        let delivery = self.delivery(id)?;
        let line = typed.number("line")?;
        let how = typed.word("how", Settlement::parse)?;
        let at = self.clock.moment();
        let events = delivery.receipt.settle(line, how, typed.get("reference"), actor.clone(), at)?;
        let name = format!("invoice/{}/{id}", self.pharmacy);
        let by = self.in_stockroom(actor, at);
        let mut change = Change::default().decided_on(&name, delivery.version);
        for event in &events {
            change = change.event(&by, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// What suppliers say they shipped and the books have no receipt of: open differences, for the explainer.
    pub(crate) fn shipped_and_not_booked(&self) -> Result<Vec<Shipped>, Fault> {
        let mut shipped = Vec::new();
        for delivery in self.deliveries()? {
            for open in delivery.receipt.open().filter(|open| open.containers < 0) {
                let line =
                    usize::try_from(open.line).ok().and_then(|n| delivery.receipt.lines().get(n.checked_sub(1)?));
                let Some(line) = line else { continue };
                let amount = open.containers.saturating_neg().saturating_mul(line.product.per_container.units());
                shipped.push(Shipped {
                    document: open.invoice.clone(),
                    ndc: line.product.commodity.ndc.clone(),
                    amount,
                    at: delivery.at,
                });
            }
        }
        Ok(shipped)
    }

    /// The movements of a delivery in the books: product, entry, amount.
    pub(crate) fn booked_for(&self, delivery: &Delivery) -> Result<Vec<(Ndc, u64, i64)>, Fault> {
        let ndcs: Vec<Ndc> = delivery.receipt.lines().iter().map(|line| line.product.commodity.ndc.clone()).collect();
        let books = self.books_of(&ndcs)?;
        let mut found = Vec::new();
        for (seq, event) in &books.events {
            let StockEvent::Posted { commodity, entry } = event else { continue };
            let account = theriac_books::Account::Source(delivery.receipt.supplier().number);
            if entry.document.number == delivery.receipt.number() && entry.change_of(&account) < 0 {
                found.push((commodity.ndc.clone(), *seq, entry.change_on_hand()));
            }
        }
        Ok(found)
    }
}

/// The name of a delivery's record: supplier and invoice, in characters that an address takes.
fn delivery_id(supplier: &Party, number: &str) -> String {
    let plain: String =
        number.trim().chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).take(50).collect();
    format!("{}-{plain}", supplier.number)
}
