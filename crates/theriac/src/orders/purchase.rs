//! Orders as their purchaser keeps them: signed, received line by line, ended by notices, lost and replaced.

use super::draft::{DraftEvent, draft_stream};
use super::forms::no_such_act;
use super::parties::party;
use super::{order_id, order_number};
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use std::collections::BTreeMap;
use theriac_books::Movement;
use theriac_books::orders::{Arrival, LostStatement, Order, OrderEvent, OrderNumber};
use theriac_law::vocab::Handling;
use theriac_model::{Actor, BusinessActivity, Refusal};
use theriac_store::NewPiece;

/// An order of this pharmacy's, with its history.
pub(crate) struct Purchase {
    pub(crate) id: String,
    pub(crate) order: Order,
    pub(crate) events: Vec<OrderEvent>,
    version: u64,
}

/// What a signature makes of a draft before anything is recorded.
struct Executed {
    draft: theriac_books::orders::Draft,
    events: Vec<OrderEvent>,
    /// The signed electronic order.
    file: Option<Vec<u8>>,
}

pub(super) fn order_stream(id: &str) -> String {
    format!("order/{id}")
}

impl House {
    /// One order.
    ///
    /// # Errors
    /// `ORDER-UNKNOWN`.
    pub(crate) fn purchase(&self, id: &str) -> Result<Purchase, Fault> {
        let (events, version) = stream::<OrderEvent>(&self.store, &order_stream(id))?;
        let order = Order::replay(&events).ok_or_else(|| unknown("id"))?;
        Ok(Purchase { id: id.to_owned(), order, events, version })
    }

    /// All orders, newest first.
    pub(crate) fn purchases(&self) -> Result<Vec<Purchase>, Fault> {
        self.order_records("order", "")?.iter().map(|id| self.purchase(id)).collect()
    }

    fn executed_order(
        &self,
        actor: &Actor,
        written: &Typed,
        signing: &Typed,
        file: Option<&[u8]>,
    ) -> Result<Executed, Fault> {
        let at = self.clock.moment();
        let forms = self.order_forms()?;
        let (powers, ..) = self.order_powers()?;
        let number = if let Some(serial) = Self::form_of(written)? {
            OrderNumber::Form(serial)
        } else {
            self.coordinator_appointed(&self.registration()?)?;
            OrderNumber::Tracking(self.next_tracking_number(file)?)
        };
        let draft = self.made_out(written, number, &actor.id, signing)?;
        let judge = |digest: Option<String>| {
            Order::execute(&self.profile, &draft, (&forms.register, &powers), digest, at).map_err(Fault::from)
        };
        let file = match &draft.number {
            OrderNumber::Form(_) => None,
            OrderNumber::Tracking(tracking) => {
                // The law is asked before a key signs anything.
                judge(Some("0".repeat(64)))?;
                Some(self.signed_order(tracking, &draft, file, at)?)
            }
        };
        let events = judge(file.as_deref().map(theriac_books::orders::csos::digest_of))?;
        Ok(Executed { draft, events, file })
    }

    /// What the rulebook would say if `actor` signed this draft now; nothing is recorded.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) fn would_execute(&self, actor: &Actor, written: &Typed, signing: &Typed) -> Result<(), Fault> {
        let forms = self.order_forms()?;
        let (powers, ..) = self.order_powers()?;
        let (number, digest) = if let Some(serial) = Self::form_of(written)? {
            (OrderNumber::Form(serial), None)
        } else {
            self.coordinator_appointed(&self.registration()?)?;
            (OrderNumber::Tracking(self.next_tracking_number(None)?), Some("0".repeat(64)))
        };
        let draft = self.made_out(written, number, &actor.id, signing)?;
        Order::execute(&self.profile, &draft, (&forms.register, &powers), digest, self.clock.moment())?;
        Ok(())
    }

    /// Signs a draft: it is an order from then on. The form is used up in the register, the order's stream begins, the draft
    /// ends, in one append. `file` is an electronic order that was signed elsewhere.
    ///
    /// # Errors
    /// What the core and the rulebook refuse; what [`House::signed_order`] refuses.
    pub(crate) fn execute_order(
        &self,
        actor: &Actor,
        id: &str,
        signing: &Typed,
        file: Option<&[u8]>,
    ) -> Result<String, Fault> {
        let (written, draft_version) = self.order_draft(id)?;
        let (forms, (_, _, powers_version)) = (self.order_forms()?, self.order_powers()?);
        let Executed { draft, events, file } = self.executed_order(actor, &written, signing, file)?;
        let at = self.clock.moment();
        let used = forms.register.execute(&draft.number, at)?;
        let order = order_id(&draft.number);
        let (stream, drafts, register) = (order_stream(&order), draft_stream(id), self.forms_stream());
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default()
            .decided_on(&drafts, draft_version)
            .decided_on(&register, forms.version)
            .decided_on(&self.powers_stream(), powers_version)
            .decided_on(&stream, 0);
        for event in &events {
            let pieces = match &file {
                Some(bytes) => vec![self.sealed_order(bytes, at.timestamp)?],
                None => Vec::new(),
            };
            change = change.with_pieces(&desk, &stream, event, pieces)?;
        }
        for event in &used {
            change = change.event(&desk, &register, event)?;
        }
        let signed = DraftEvent::Signed { order: order.clone() };
        change.event(&desk, &drafts, &signed)?.commit(&self.store)?;
        Ok(order)
    }

    /// The file of an electronic order as it is archived.
    pub(super) fn sealed_order(&self, bytes: &[u8], at: jiff::Timestamp) -> Result<NewPiece, Fault> {
        let seal = self.keys.pharmacy.seal(bytes, at).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(NewPiece { media: "application/pkcs7-mime".to_owned(), bytes: bytes.to_vec(), seal })
    }

    /// What came on each line: as it was typed (`packages-N`), or as many packages as were scanned. What was scanned fills the
    /// lines of its product in order; what is beyond them is an excess of the last.
    fn came_on_lines(&self, order: &Order, typed: &Typed) -> Result<BTreeMap<u32, u32>, Fault> {
        let mut came = BTreeMap::new();
        for state in order.lines() {
            let line = state.line.number;
            came.insert(line, typed.number_or(&format!("packages-{line}"), 0)?);
        }
        for (ndc, mut scanned) in self.scanned_packages(typed.get("scans"))? {
            let lines: Vec<_> =
                order.lines().filter(|state| state.line.product.commodity.ndc.product() == ndc.product()).collect();
            let exact: Vec<_> = lines.iter().filter(|state| state.line.product.commodity.ndc == ndc).collect();
            let Some(last) = exact.last() else {
                let what = match lines.first() {
                    Some(other) => format!(
                        "NDC {ndc} was scanned, and line {} is for another package of the product, {}",
                        other.line.number, other.line.product.commodity.ndc
                    ),
                    None => format!("NDC {ndc} was scanned, and no line of the order is for it"),
                };
                return Err(wrong(
                    "scans",
                    what,
                    "set it apart and call the supplier; take its lines out and receive the rest",
                ));
            };
            for state in &exact {
                let line = state.line.number;
                let here = if line == last.line.number { scanned } else { scanned.min(state.outstanding()) };
                let typed = came.insert(line, here).unwrap_or(0);
                if typed != 0 && typed != here {
                    let what = format!("{typed} packages are entered on line {line}, and {here} were scanned");
                    return Err(wrong(format!("packages-{line}"), what, "enter the number, or scan, not both"));
                }
                scanned -= here;
            }
        }
        Ok(came)
    }

    /// What arrived, line by line: `packages-N` packages on line N, or what was scanned (`scans`). Receipts and the stock they add to are one append; what no
    /// order covers stays apart.
    fn receive_goods(&self, actor: &Actor, purchase: &Purchase, typed: &Typed) -> Result<(), Fault> {
        let at = self.order_happened(typed, "at")?;
        let mut order = purchase.order.clone();
        let stream = order_stream(&purchase.id);
        let desk = self.at_the_order_desk(actor, self.clock.moment());
        let mut change = Change::default().decided_on(&stream, purchase.version);
        let mut movements: Vec<Movement> = Vec::new();
        let mut came = 0_u32;
        let lines = self.came_on_lines(&order, typed)?;
        for (line, packages) in lines {
            if packages == 0 {
                continue;
            }
            came += 1;
            if let Some(state) = purchase.order.lines().find(|state| state.line.number == line) {
                self.may_be_handled(Handling::Receive, &state.line.product.commodity.ndc, at)??;
            }
            let arrival = Arrival { line, packages, invoice: typed.maybe("invoice") };
            for event in order.receive(&self.profile, &arrival, actor, at)? {
                if matches!(event, OrderEvent::Received { .. }) {
                    movements.push(order.movement(&event)?);
                }
                change = change.event(&desk, &stream, &event)?;
                order.apply(&event);
            }
        }
        if came == 0 {
            return Err(wrong(
                "packages-1",
                "no line says that anything came",
                "enter the packages that came, or scan them",
            ));
        }
        self.posting_all(change, &desk, &movements)?.commit(&self.store)?;
        Ok(())
    }

    /// The lines that a notice names; all that are open where it names none.
    pub(super) fn lines_typed(typed: &Typed) -> Result<Vec<u32>, Fault> {
        let line = |text: &str| {
            text.parse().map_err(|_| wrong("line", format!("{text:?} is no line of an order"), "tick the lines"))
        };
        typed.all("line").filter(|text| !text.is_empty()).map(line).collect()
    }

    /// One act on an order.
    ///
    /// # Errors
    /// What the core and the rulebook refuse.
    pub(crate) fn act_on_order(&self, actor: &Actor, id: &str, act: &str, typed: &Typed) -> Result<(), Fault> {
        let purchase = self.purchase(id)?;
        let (order, at) = (&purchase.order, self.clock.moment());
        let events = match act {
            "receive" => return self.receive_goods(actor, &purchase, typed),
            "lost" => return self.replace_lost_order(actor, &purchase, typed),
            "cancel" => {
                order.cancel(&self.profile, &Self::lines_typed(typed)?, typed.get("notice"), actor.clone(), at)?
            }
            "voided" => order.voided(
                &self.profile,
                &Self::lines_typed(typed)?,
                typed.get("notice"),
                self.order_happened(typed, "at")?,
            )?,
            "not-accepted" => {
                order.refused(&self.profile, typed.get("statement"), self.order_happened(typed, "at")?)?
            }
            "endorsed" => {
                let to = party(typed, BusinessActivity::Distributor)?;
                order.endorsed(&self.profile, to, self.order_happened(typed, "at")?)?
            }
            other => return Err(no_such_act(other)),
        };
        let stream = order_stream(id);
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default().decided_on(&stream, purchase.version);
        for event in &events {
            change = change.event(&desk, &stream, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// A lost order and the order that replaces it: one statement, two streams, one append.
    fn replace_lost_order(&self, actor: &Actor, lost: &Purchase, typed: &Typed) -> Result<(), Fault> {
        let number = typed.text("replacement")?;
        let other = [format!("form-{number}"), format!("tracking-{number}"), number];
        let id = other.into_iter().find(|id| {
            order_number(id).is_some() && self.store.stream(&order_stream(id)).is_ok_and(|found| !found.is_empty())
        });
        let replacement = self.purchase(&id.ok_or_else(|| unknown("replacement"))?)?;
        let executed = lost.order.executed();
        let statement = LostStatement {
            first: executed.number.clone(),
            dated: Some(executed.signed.date()),
            not_received: typed.get("not-received").to_owned(),
            signed_by: typed.ticked("signed").then(|| actor.id.clone()),
            supplier_said: typed.maybe("supplier-said"),
        };
        let at = self.clock.moment();
        let (first, second) = lost.order.replace(&self.profile, &statement, &replacement.order, actor.clone(), at)?;
        let (from, to) = (order_stream(&lost.id), order_stream(&replacement.id));
        let desk = self.at_the_order_desk(actor, at);
        Change::default()
            .decided_on(&from, lost.version)
            .decided_on(&to, replacement.version)
            .event(&desk, &from, &first)?
            .event(&desk, &to, &second)?
            .commit(&self.store)?;
        Ok(())
    }
}

fn unknown(field: &'static str) -> Fault {
    let next = "choose one of the list of orders";
    Refusal::new("ORDER-UNKNOWN", "-", "there is no order of this number", next).about(field).into()
}
