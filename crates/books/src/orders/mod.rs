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
