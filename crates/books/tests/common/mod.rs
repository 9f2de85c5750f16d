//! One product at one pharmacy, and movements of it.
#![allow(dead_code)]

use jiff::Timestamp;
use theriac_books::{
    Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, Name, Stock, StockEvent, StockUnit,
};
use theriac_model::{Actor, DeaNumber, Ndc, Refusal, Role, Schedule};

pub(crate) fn number(text: &str) -> DeaNumber {
    DeaNumber::parse(text).expect("a DEA number")
}

pub(crate) fn oxycodone() -> Commodity {
    Commodity {
        registration: number("FT1234563"),
        ndc: Ndc::parse("00406055201").expect("an NDC"),
        unit: StockUnit::Piece,
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) fn amount(units: i64) -> Amount {
    Amount::new(units).expect("an amount")
}

pub(crate) fn pharmacist() -> Actor {
    Actor::new("rivera", Role::Pharmacist)
}

pub(crate) fn custodian() -> Actor {
    Actor::new("okafor", Role::Custodian)
}

pub(crate) fn accounts(kind: MovementKind) -> (Account, Account) {
    use Account as A;
    let supplier = number("RT1234563");
    let incident = Name::parse("2026-03").expect("a name");
    match kind {
        MovementKind::OpeningInventory => (A::Opening, A::Shelf),
        MovementKind::Receipt => (A::Source(supplier), A::Shelf),
        MovementKind::Fill => (A::Shelf, A::WillCall),
        MovementKind::HandOver => (A::WillCall, A::Patient),
        MovementKind::ReturnToStock => (A::WillCall, A::Shelf),
        MovementKind::Quarantine => (A::Shelf, A::Quarantine),
        MovementKind::SetAside => (A::Quarantine, A::AwaitingDestruction),
        MovementKind::Destruction => (A::AwaitingDestruction, A::Destroyed),
        MovementKind::Spill => (A::Shelf, A::Spill),
        MovementKind::TheftOrLoss => (A::Shelf, A::TheftLoss(incident)),
        MovementKind::SupplierReturn => (A::Shelf, A::SupplierReturn(supplier)),
        MovementKind::ReverseDistribution => (A::Quarantine, A::ReverseDistributor(supplier)),
        MovementKind::ClericalIn => (A::Clerical, A::Shelf),
        MovementKind::ClericalOut | MovementKind::Reversal => (A::Shelf, A::Clerical),
        MovementKind::Relocation => (A::Shelf, A::Place(incident)),
        MovementKind::Administration => (A::Shelf, A::Administered),
        MovementKind::Sale => (A::Shelf, A::OverTheCounter),
        MovementKind::Distribution | MovementKind::BusinessTransfer => (A::Shelf, A::Registrant(supplier)),
        MovementKind::Preparation => (A::Shelf, A::Prepared),
        MovementKind::TakeHome => (A::Prepared, A::TakeHome),
        MovementKind::DosePutBack => (A::Prepared, A::Quarantine),
        MovementKind::Waste => (A::Prepared, A::Waste),
        MovementKind::MachineLoad => (A::Shelf, A::Machine(incident)),
        MovementKind::MachineReturn => (A::Machine(incident), A::Shelf),
        MovementKind::MachineRelease => (A::Machine(incident), A::Patient),
        MovementKind::KitStock => (A::Shelf, A::Kit(incident)),
        MovementKind::KitReturn => (A::Kit(incident), A::Shelf),
        MovementKind::KitUse => (A::Kit(incident), A::Administered),
        MovementKind::BatchStart => (A::Shelf, A::InProcess),
        MovementKind::BatchOut => (A::InProcess, A::Converted(incident)),
        MovementKind::BatchIn => (A::Converted(incident), A::Shelf),
        MovementKind::ProcessLoss => (A::InProcess, A::ProcessLoss),
        MovementKind::Sample => (A::InProcess, A::Sample),
        MovementKind::Dispatch => (A::WillCall, A::Transit(incident)),
        MovementKind::Delivery => (A::Transit(incident), A::Patient),
        MovementKind::CentralFillReceipt => (A::CentralFill(supplier), A::CentralFillIn),
    }
}

/// A movement with everything it needs, of schedule III so that an invoice does.
pub(crate) fn movement(kind: MovementKind, units: i64) -> Movement {
    let document = kind.rule().documents.last().copied().unwrap_or(DocumentKind::DiscrepancyLog);
    let mut movement = Movement::new(
        (oxycodone(), Schedule::III),
        kind,
        accounts(kind),
        amount(units),
        (at("2026-03-02T16:00:00Z"), Document::new(document, "D-1")),
        vec![pharmacist(), custodian()],
    );
    movement.reason = Some("miscounted at receipt".to_owned());
    movement
}

pub(crate) const POSTED: &str = "2026-03-02T16:05:00Z";

/// Posts and folds one movement.
pub(crate) fn post(stock: &mut Stock, movement: &Movement) -> Result<Vec<StockEvent>, Refusal> {
    let events = stock.post(movement, at(POSTED))?;
    for event in &events {
        stock.apply(event).expect("what a command made can be folded");
    }
    Ok(events)
}

/// Books with `units` on the shelf.
pub(crate) fn stocked(units: i64) -> Stock {
    let mut stock = Stock::new(oxycodone());
    post(&mut stock, &movement(MovementKind::Receipt, units)).expect("a receipt");
    stock
}
