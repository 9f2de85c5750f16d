//! Handing a filling over, or putting it back.

use crate::ask;
use crate::event::Event;
use crate::filling::{Filling, FillingState};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, StockUnit};
use theriac_law::vocab::{Delivery, Recipient};
use theriac_law::{Moment, Profile, Request};
use theriac_model::{Actor, NotAQuantity, Refusal};

/// Events, and the movement of the books that goes into the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What is appended to the prescription's stream.
    pub events: Vec<Event>,
    /// What is posted to the books of the product.
    pub movement: Movement,
}

/// Who takes a filling, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickUp {
    /// What kind of recipient, for the rulebook.
    pub to: Recipient,
    /// How it is handed over.
    pub by: Delivery,
    /// Who, in words; 1 to 2000 characters.
    pub recipient: String,
}

impl Prescription {
    /// Hands filling `no` over. `by` may be a pharmacist or a technician.
    ///
    /// # Errors
    /// `PHARM-FILLING-STATE`, `PHARM-TEXT`, `PHARM-TIME`, or the rulebook's refusal.
    pub fn hand_over(
        &self,
        profile: &Profile,
        no: u32,
        pick_up: &PickUp,
        by: &Person,
        at: Moment,
    ) -> Result<Moved, Refusal> {
        let filling = self.waiting(no, at)?;
        let recipient = refuse_empty(&pick_up.recipient, "recipient")?;
        let request = Request::Deliver { to: pick_up.to, by: pick_up.by };
        ask::permission(profile, &self.question(at, request))?;
        let at = whole_seconds(at);
        let movement = self.movement(filling, (MovementKind::HandOver, DocumentKind::PickUp), at, by.actor.clone())?;
        Ok(Moved { events: vec![Event::HandedOver { no, at, by: by.clone(), recipient }], movement })
    }

    /// Puts filling `no` back on the shelf: it was not collected. Its quantity can be dispensed again.
    ///
    /// # Errors
    /// `PHARM-FILLING-STATE`, `PHARM-TEXT`, `PHARM-TIME`.
    pub fn return_to_stock(
        &self,
        no: u32,
        pharmacist: &Pharmacist,
        at: Moment,
        reason: &str,
    ) -> Result<Moved, Refusal> {
        let filling = self.waiting(no, at)?;
        let reason = refuse_empty(reason, "reason")?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let kind = (MovementKind::ReturnToStock, DocumentKind::ReturnToStock);
        let movement = self.movement(filling, kind, at, by.actor.clone())?;
        Ok(Moved { events: vec![Event::Returned { no, at, by, reason }], movement })
    }

    fn waiting(&self, no: u32, at: Moment) -> Result<&Filling, Refusal> {
        let filling = self.filling(no).ok_or_else(|| refuse::not_this_filling(no, "not there"))?;
        match filling.state {
            FillingState::Filled if at.timestamp < filling.at.timestamp => Err(refuse::before_the_record("at")),
            FillingState::Filled => Ok(filling),
            FillingState::HandedOver { .. } => Err(refuse::not_this_filling(no, "with the patient")),
            FillingState::Returned { .. } => Err(refuse::not_this_filling(no, "back on the shelf")),
        }
    }

    /// The books' side of what happens to a filling.
    pub(crate) fn movement(
        &self,
        filling: &Filling,
        (kind, document): (MovementKind, DocumentKind),
        at: Moment,
        signer: Actor,
    ) -> Result<Movement, Refusal> {
        let accounts = match kind {
            MovementKind::HandOver => (Account::WillCall, Account::Patient),
            MovementKind::ReturnToStock => (Account::WillCall, Account::Shelf),
            _ => (Account::Shelf, Account::WillCall),
        };
        let commodity = Commodity {
            registration: self.received.pharmacy,
            ndc: filling.ndc.clone(),
            unit: StockUnit::of(filling.quantity.unit()),
        };
        let document = Document::new(document, format!("{}/{}", self.received.number, filling.no));
        let amount = Amount::new(filling.quantity.smallest_units());
        let amount = amount.map_err(|_| refuse::uncountable(NotAQuantity::Uncountable))?;
        let (what, when) = ((commodity, self.face.schedule), (at.timestamp, document));
        Ok(Movement::new(what, kind, accounts, amount, when, vec![signer]))
    }
}

/// Records keep whole seconds, as the law counts them.
pub(crate) fn whole_seconds(moment: Moment) -> Moment {
    let timestamp = jiff::Timestamp::from_second(moment.timestamp.as_second()).unwrap_or(moment.timestamp);
    Moment { timestamp, offset: moment.offset }
}

/// The text without white space at its ends, 1 to 2000 characters.
pub(crate) fn refuse_empty(text: &str, field: &'static str) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 2000;
    fits.then(|| text.to_owned()).ok_or_else(|| refuse::text_missing(field))
}
