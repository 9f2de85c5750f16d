//! Handing a filling over, or putting it back.

use crate::ask;
use crate::codec::stored::record;
use crate::conditions::{Handed, Identity, LabelStep, Premises};
use crate::event::Event;
use crate::filling::{Filling, FillingState};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, StockUnit};
use theriac_law::vocab::{Delivery, Recipient};
use theriac_law::{Moment, Profile, Request};
use theriac_model::{Actor, NotAQuantity, Refusal};

/// `rx.label-affixed`: the label got onto the package (21 CFR 1306.14(a), 1306.24(a)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelAffixed {
    /// Which filling.
    pub no: u32,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
}

record! {
    LabelAffixed { "no" no, "at" at, "by" by, }
}

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
    /// Who the person is, as far as it was looked at.
    pub identity: Option<Identity>,
    /// The pharmacy's standing.
    pub premises: Premises,
}

impl PickUp {
    /// A pick-up at which nobody looked at identification.
    pub fn by_hand(to: Recipient, recipient: impl Into<String>) -> Self {
        let (by, premises) = (Delivery::Hand, Premises::default());
        Self { to, by, recipient: recipient.into(), identity: None, premises }
    }
}

/// What handing over comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// What is appended, and what is posted.
    pub moved: Moved,
    /// What the rulebook warns of beside its yes: an unknown person without identification.
    pub warnings: Vec<Refusal>,
}

impl Prescription {
    /// Hands filling `no` over. `by` may be a pharmacist or a technician.
    ///
    /// # Errors
    /// As [`Prescription::release`].
    pub fn hand_over(
        &self,
        profile: &Profile,
        no: u32,
        pick_up: &PickUp,
        by: &Person,
        at: Moment,
    ) -> Result<Moved, Refusal> {
        self.release(profile, no, pick_up, by, at).map(|release| release.moved)
    }

    /// Hands filling `no` over, and says what the rulebook warns of.
    ///
    /// # Errors
    /// `PHARM-FILLING-STATE`, `PHARM-TEXT`, `PHARM-TIME`, `PHARM-LABEL` without a label on the package, or the
    /// rulebook's refusal.
    pub fn release(
        &self,
        profile: &Profile,
        no: u32,
        pick_up: &PickUp,
        by: &Person,
        at: Moment,
    ) -> Result<Release, Refusal> {
        let filling = self.waiting(no, at)?;
        if filling.central.is_some() {
            return Err(refuse::central_state(no, "was filled centrally, so no stock of this pharmacy moves"));
        }
        let (event, warnings) = self.handed(profile, no, pick_up, by, at)?;
        let document = (MovementKind::HandOver, DocumentKind::PickUp);
        let movement = self.movement(filling, document, whole_seconds(at), by.actor.clone())?;
        Ok(Release { moved: Moved { events: vec![event], movement }, warnings })
    }

    /// The release itself, and what the rulebook warns of.
    pub(crate) fn handed(
        &self,
        profile: &Profile,
        no: u32,
        pick_up: &PickUp,
        by: &Person,
        at: Moment,
    ) -> Result<(Event, Vec<Refusal>), Refusal> {
        let filling = self.waiting(no, at)?;
        let recipient = refuse_empty(&pick_up.recipient, "recipient")?;
        let request = Request::Deliver { to: pick_up.to, by: pick_up.by };
        if filling.label == LabelStep::Later && !self.labelled.iter().any(|label| label.no == no) {
            return Err(refuse::label_missing(no));
        }
        self.check_premises(profile, at, pick_up.premises)?;
        let question = self.question(at, request);
        let pickup = pick_up.identity.as_ref().map(|identity| Box::new(identity.facts()));
        let decision = ask::permission(profile, &question.with(|facts| facts.pickup = pickup))?;
        let at = whole_seconds(at);
        let details = Some(Box::new(Handed { to: pick_up.to, by_way: pick_up.by, identity: pick_up.identity.clone() }));
        Ok((Event::HandedOver { no, at, by: by.clone(), recipient, details }, ask::warnings(&decision)))
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
        if filling.central.is_some() {
            return Err(refuse::central_state(no, "was filled centrally and goes back there"));
        }
        let reason = refuse_empty(reason, "reason")?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let kind = (MovementKind::ReturnToStock, DocumentKind::ReturnToStock);
        let movement = self.movement(filling, kind, at, by.actor.clone())?;
        Ok(Moved { events: vec![Event::Returned { no, at, by, reason }], movement })
    }

    /// Records that the label of filling `no` was printed and affixed to the package.
    ///
    /// # Errors
    /// `PHARM-FILLING-STATE`, `PHARM-TIME`.
    pub fn affix_label(&self, no: u32, pharmacist: &Pharmacist, at: Moment) -> Result<Vec<Event>, Refusal> {
        self.waiting(no, at)?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        Ok(vec![Event::LabelAffixed(Box::new(LabelAffixed { no, at, by }))])
    }

    pub(crate) fn waiting(&self, no: u32, at: Moment) -> Result<&Filling, Refusal> {
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
