//! Orders between registrants: DEA Form 222 on one sheet and in three copies, electronic orders (CSOS), the powers of
//! attorney they are signed under, the supplier's side, and receipts of schedules III to V.
//!
//! What may be ordered, who may sign, when an order ends: the rulebook answers. Here stands what was written, what became
//! of it, and which record leads to which.

pub mod csos;
mod draft;
mod invoice;
mod number;
mod order;
mod power;
mod refuse;
mod register;
mod reported;
mod supply;

use theriac_model::Refusal;

pub use draft::{Draft, OrderLine, OwnCopy, WrittenItem, WrittenLine};
pub use invoice::{InvoiceEvent, InvoiceLine, InvoiceReceipt, OpenDifference, Settlement, received_from};
pub use number::{FormNumber, NotANumber, OrderNumber, TrackingNumber};
pub use order::{Arrival, Executed, FiledOrder, LineStanding, LineState, LostStatement, Order, OrderEvent, file};
pub use power::{PowerEvent, PowerPaper, PowerSigner, PowerState, Powers, Scope};
pub use register::{
    Edition, FormRegister, FormState, FormsEventRecord, FormsRequest, OpenReport, RequestChannel, SETS_IN_A_BOOK,
};
pub use reported::{Booked, Direction, Disagreement, Reported, reconcile};
pub use supply::{LinkedLine, ReportLine, ShippedEntry, Supply, SupplyEvent, Taken, to_report};

/// The lines that a written notice ends: those it names, each ours and open, or all that are open where it names none.
fn lines_to_end(named: &[u32], open: &[u32], ours: impl Fn(u32) -> bool) -> Result<Vec<u32>, Refusal> {
    let lines = if named.is_empty() { open.to_vec() } else { named.to_vec() };
    match lines.iter().find(|line| !open.contains(line)) {
        Some(line) if !ours(*line) => Err(refuse::no_such_line(*line)),
        Some(line) => Err(refuse::line_is_closed(*line)),
        None if lines.is_empty() => Err(refuse::line_is_closed(0)),
        None => Ok(lines),
    }
}
