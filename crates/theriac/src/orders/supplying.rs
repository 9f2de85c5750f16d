//! Orders that other registrants send to this pharmacy, which sells them schedule II now and then: taken in, filled in parts,
//! voided, passed on, refused, reported. 21 CFR 1305.13 to 1305.15, 1305.25, 1305.27, 1305.29.

use super::forms::no_such_act;
use super::parties::party;
use super::{LINES_MOST, order_id};
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use theriac_books::orders::csos::digest_of;
use theriac_books::orders::{FormNumber, OrderLine, OrderNumber, ReportLine, Supply, SupplyEvent, Taken, to_report};
use theriac_books::{Movement, Party};
use theriac_law::vocab::{Condition, OrderMethod, Word as _};
use theriac_model::{Actor, BusinessActivity, Ndc, Refusal};

/// An order to fill, with its history. A refused one has no state.
pub(crate) struct Supplied {
    pub(crate) id: String,
    pub(crate) state: Option<Supply>,
    pub(crate) events: Vec<SupplyEvent>,
    version: u64,
}

pub(super) fn supply_stream(id: &str) -> String {
    format!("supply/{id}")
}

fn activity(typed: &Typed) -> Result<BusinessActivity, Fault> {
    typed.word("activity", BusinessActivity::parse)
}

impl House {
    /// One order to fill.
    ///
    /// # Errors
    /// `ORDER-UNKNOWN`.
    pub(crate) fn supplied(&self, id: &str) -> Result<Supplied, Fault> {
        let (events, version) = stream::<SupplyEvent>(&self.store, &supply_stream(id))?;
        if events.is_empty() {
            let what = "there is no order to fill of this number";
            return Err(Refusal::new("ORDER-UNKNOWN", "-", what, "choose one of the list").about("id").into());
        }
        Ok(Supplied { id: id.to_owned(), state: Supply::replay(&events), events, version })
    }

    /// All orders that came here to be filled, newest first.
    pub(crate) fn all_supplied(&self) -> Result<Vec<Supplied>, Fault> {
        self.order_records("supply", "")?.iter().map(|id| self.supplied(id)).collect()
    }

    /// What was shipped and has to be reported to DEA.
    pub(crate) fn shipments_to_report(&self) -> Result<Vec<ReportLine>, Fault> {
        let states: Vec<Supply> = self.all_supplied()?.into_iter().filter_map(|one| one.state).collect();
        Ok(to_report(&states))
    }

    fn record_supply(
        &self,
        actor: &Actor,
        id: &str,
        version: u64,
        events: &[SupplyEvent],
        file: Option<&[u8]>,
    ) -> Result<(), Fault> {
        let name = supply_stream(id);
        let at = self.clock.moment();
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in events {
            let pieces = match file {
                Some(bytes) => vec![self.sealed_order(bytes, at.timestamp)?],
                None => Vec::new(),
            };
            change = change.with_pieces(&desk, &name, event, pieces)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Takes in a paper form. One that the law does not let this pharmacy fill is refused with a statement, and that is recorded:
    /// the answer is its identifier and, where it was refused, why.
    ///
    /// # Errors
    /// What cannot be read, and `ORDER-TWICE` for a form that was taken in before.
    pub(crate) fn take_form(&self, actor: &Actor, typed: &Typed) -> Result<(String, Option<Refusal>), Fault> {
        let serial = FormNumber::parse(typed.get("serial"))
            .map_err(|error| wrong("serial", error.to_string(), "copy it from the form"))?;
        let method = typed.word("method", OrderMethod::from_word)?;
        if !matches!(method, OrderMethod::Form222Single | OrderMethod::Form222Triplicate) {
            return Err(wrong("method", "that is no order form", "choose the edition of the form"));
        }
        let condition = typed.word("condition", Condition::from_word)?;
        let order = Taken {
            number: OrderNumber::Form(serial),
            method,
            purchaser: party(typed, activity(typed)?)?,
            supplier: self.order_party(),
            lines: self.lines_to_fill(typed)?,
            executed: typed.day("executed")?,
            digest: None,
            endorsed_by: None,
        };
        let id = format!("{}-{}", order.purchaser.number, order_id(&order.number));
        self.not_taken_yet(&id)?;
        let at = self.clock.moment();
        match Supply::take(&self.profile, order.clone(), condition, actor.clone(), at) {
            Ok(events) => {
                self.record_supply(actor, &id, 0, &events, None)?;
                Ok((id, None))
            }
            Err(refusal) => {
                let statement = format!("The order is not accepted: {}.", refusal.what);
                let refused = Supply::refuse(&self.profile, &order, refusal.code.0, &statement, actor.clone(), at)?;
                self.record_supply(actor, &id, 0, &refused, None)?;
                Ok((id, Some(refusal)))
            }
        }
    }

    fn not_taken_yet(&self, id: &str) -> Result<(), Fault> {
        if self.store.stream(&supply_stream(id))?.is_empty() {
            return Ok(());
        }
        let what = "this order was taken in before";
        let next = "look it up in the list; an order is filled once";
        Err(Refusal::new("ORDER-TWICE", "21 CFR 1305.13", what, next).about("serial").into())
    }

    /// Takes in the file of an electronic order: every check is kept with it, whether it is accepted or not.
    ///
    /// # Errors
    /// `ORDER-TWICE`, and a purchaser that cannot be read.
    pub(crate) fn take_electronic_order(
        &self,
        actor: &Actor,
        typed: &Typed,
        file: &[u8],
    ) -> Result<(String, Option<Refusal>), Fault> {
        let at = self.clock.moment();
        let validation = self.check_order_file(file, at)?;
        let id = match &validation.order {
            Some(order) => format!("{}-tracking-{}", order.purchaser, order.tracking),
            None => format!("file-{}", digest_of(file).chars().take(32).collect::<String>()),
        };
        self.not_taken_yet(&id)?;
        let purchaser = match &validation.order {
            Some(order) => Party { number: order.purchaser, ..party(typed, activity(typed)?)? },
            None => self.order_party(),
        };
        let events = Supply::take_electronic(&self.profile, &validation, &purchaser, actor.clone(), at);
        self.record_supply(actor, &id, 0, &events, Some(file))?;
        Ok((id, validation.refusal))
    }

    fn lines_to_fill(&self, typed: &Typed) -> Result<Vec<OrderLine>, Fault> {
        let mut lines = Vec::new();
        for number in 1..=LINES_MOST {
            let field = number.to_string();
            let code = typed.get(&format!("ndc-{field}"));
            if code.is_empty() {
                continue;
            }
            let ndc = Ndc::parse(code).map_err(|error| {
                wrong(format!("ndc-{field}"), format!("line {number}: {error}"), "scan or enter the NDC again")
            })?;
            let product = self.product_in_packages(&field, &ndc, typed.get(&format!("size-{field}")))?;
            lines.push(OrderLine { number, product, packages: typed.number(&format!("packages-{field}"))? });
        }
        if lines.is_empty() {
            return Err(wrong("ndc-1", "no line is filled in", "copy the lines of the form"));
        }
        Ok(lines)
    }

    /// One act on an order to fill.
    ///
    /// # Errors
    /// What the core and the rulebook refuse; `ORDER-UNKNOWN` for one that was refused.
    pub(crate) fn act_on_supply(&self, actor: &Actor, id: &str, act: &str, typed: &Typed) -> Result<(), Fault> {
        let supplied = self.supplied(id)?;
        let Some(state) = &supplied.state else {
            let what = "the order was not accepted";
            return Err(Refusal::new("ORDER-REFUSED", "21 CFR 1305.15", what, "nothing is filled on it").into());
        };
        let (by, at) = (actor.clone(), self.clock.moment());
        let events = match act {
            "ship" => return self.ship_order(actor, &supplied, typed),
            "void" => state.void(&self.profile, &Self::lines_typed(typed)?, typed.get("notice"), by, at)?,
            "cancelled" => state.cancelled(
                &self.profile,
                &Self::lines_typed(typed)?,
                typed.get("notice"),
                self.order_happened(typed, "at")?,
            )?,
            "endorse" => state.endorse(&self.profile, party(typed, BusinessActivity::Distributor)?, by, at)?,
            "lost" => {
                let number = typed.text("replacement")?;
                let replaced_by = super::order_number(&format!("form-{number}"))
                    .or_else(|| super::order_number(&format!("tracking-{number}")))
                    .ok_or_else(|| wrong("replacement", "that is no number of an order", "copy it from the order"))?;
                vec![SupplyEvent::DeclaredLost { replaced_by, at: self.order_happened(typed, "at")? }]
            }
            "report" => state.report(typed.day("through")?, &typed.text("channel")?, by, at),
            other => return Err(no_such_act(other)),
        };
        self.record_supply(actor, id, supplied.version, &events, None)
    }

    /// Sends packages of a line: the shipment and what leaves the shelf are one append.
    fn ship_order(&self, actor: &Actor, supplied: &Supplied, typed: &Typed) -> Result<(), Fault> {
        let Some(state) = &supplied.state else { return Err(no_such_act("ship")) };
        let line = typed.number("line")?;
        let ordered = state.order().lines.iter().find(|one| one.number == line);
        let product = match (typed.get("ndc"), ordered) {
            ("", Some(ordered)) => ordered.product.clone(),
            ("", None) => return Err(wrong("line", format!("the order has no line {line}"), "choose a line")),
            _ => self.product_in_packages("sent", &typed.ndc("ndc")?, typed.get("size"))?,
        };
        // The movement leaves this pharmacy's books, whatever registration the order's product names.
        let product = theriac_books::Product {
            commodity: theriac_books::Commodity { registration: self.pharmacy, ..product.commodity },
            ..product
        };
        let at = self.clock.moment();
        let events = state.ship(&self.profile, line, (&product, typed.number("packages")?), actor.clone(), at)?;
        let movements: Vec<Movement> =
            events.iter().map(|event| state.movement(event)).collect::<Result<_, Refusal>>()?;
        let name = supply_stream(&supplied.id);
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default().decided_on(&name, supplied.version);
        for event in &events {
            change = change.event(&desk, &name, event)?;
        }
        self.posting_all(change, &desk, &movements)?.commit(&self.store)?;
        Ok(())
    }
}
