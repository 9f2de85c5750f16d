//! The documents of an inventory: what is printed and kept at the registered location (21 CFR 1304.11(a), (e)).

use super::session::{Inventory, Occasion};
use crate::account::Account;
use crate::count::CountMethod;
use crate::product::{Party, Product};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::vocab::DayPart;
use theriac_model::{Actor, Schedule};

words! {
    /// For whom an inventory is what (21 CFR 1301.52(e)(1)).
    Part {
        /// An inventory of the registrant's own.
        Own "own",
        /// The final inventory of the registrant who gives the business up.
        Final "final",
        /// The initial inventory of the registrant who takes it over.
        Initial "initial",
    }
}

/// One line of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// The product, with the units of a commercial container.
    pub product: Product,
    /// Where it lies.
    pub account: Account,
    /// Containers, sealed and opened.
    pub containers: u64,
    /// What was found in all, in smallest units.
    pub found: i64,
    /// Whether each container was counted or one was estimated.
    pub method: CountMethod,
    /// Who counted.
    pub counter: Actor,
    /// When it was counted.
    pub counted: Timestamp,
}

/// The inventory of schedules I and II, or that of schedules III to V.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryDocument {
    /// The inventory's name.
    pub id: String,
    /// The registrant: name, address and number.
    pub registrant: Party,
    /// `I-II` or `III-V`.
    pub schedules: &'static str,
    /// Why it was taken.
    pub occasion: Occasion,
    /// For whom it is what.
    pub part: Part,
    /// Its day.
    pub day: Date,
    /// Opening or close of business.
    pub taken: DayPart,
    /// The lines.
    pub lines: Vec<DocumentLine>,
    /// Who signs.
    pub signatures: Vec<Actor>,
}

/// The two documents, schedules I and II first; a complete inventory has both, others those with lines.
pub(crate) fn of(inventory: &Inventory, signatures: &[Actor]) -> Vec<InventoryDocument> {
    let plan = inventory.plan();
    let group = |schedules: &'static str, holds: fn(Schedule) -> bool| {
        let lines =
            inventory.counted().filter(|(place, _)| holds(place.product.schedule)).filter_map(|(place, count)| {
                Some(DocumentLine {
                    product: place.product.clone(),
                    account: place.account.clone(),
                    containers: count.tally.containers(),
                    found: count.tally.found(&place.product).ok()?,
                    method: count.tally.method(),
                    counter: count.by.clone(),
                    counted: count.at,
                })
            });
        let document = InventoryDocument {
            id: plan.id.as_str().to_owned(),
            registrant: plan.registrant.clone(),
            schedules,
            occasion: plan.occasion,
            part: Part::Own,
            day: plan.day(),
            taken: plan.taken,
            lines: lines.collect(),
            signatures: signatures.to_vec(),
        };
        (plan.occasion.is_complete() || !document.lines.is_empty()).then_some(document)
    };
    let two = group("I-II", |schedule| schedule <= Schedule::II);
    let others = group("III-V", |schedule| schedule > Schedule::II);
    two.into_iter().chain(others).collect()
}

impl InventoryDocument {
    /// The same document for another part.
    #[must_use]
    pub fn marked(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Whether nothing was on hand: the document then says so (21 CFR 1304.11(b)).
    pub fn is_zero(&self) -> bool {
        self.lines.iter().all(|line| line.found == 0)
    }

    /// What a document of nothing states; `None` when something is on hand.
    pub fn zero_statement(&self) -> Option<String> {
        self.is_zero().then(|| {
            format!(
                "No controlled substances of schedules {} were on hand at the {} of business on {}.",
                self.schedules, self.taken, self.day
            )
        })
    }

    /// The contents, the same for everybody whose inventory it is: everything but the mark of the part.
    pub fn contents(&self) -> Value {
        json!({
            "id": self.id,
            "schedules": self.schedules,
            "day": self.day.to_string(),
            "taken": self.taken.to_string(),
            "signatures": crate::codec::actors_json(&self.signatures),
            "lines": self.lines.iter().map(line_json).collect::<Vec<_>>(),
        })
    }
}

fn line_json(line: &DocumentLine) -> Value {
    json!({
        "product": line.product.to_json(),
        "account": line.account.to_string(),
        "containers": line.containers,
        "found": line.found,
        "method": line.method.word(),
        "counter": crate::codec::actor_json(&line.counter),
        "counted": line.counted.to_string(),
    })
}
