//! Inventories: what somebody counted, place by place, as of one moment; blind until it is counted.
//!
//! An inventory is a sheet of places. Whoever counts sees the sheet without the books' figures; a figure of the books is
//! answered only for a line that has been counted. Closing asks the rulebook, asserts every count in the books of its
//! product, and yields the documents: schedules I and II apart from the others. No count changes a balance.

mod codec;
mod document;
mod due;
mod event;
mod refusals;
mod session;
mod sheet;
mod tally;
mod variance;

pub use document::{DocumentLine, InventoryDocument, Part};
pub use due::{DueState, Reminder, ScheduleChange, biennial, newly_scheduled};
pub use event::{BadInventoryEvent, Closed, InventoryEvent, LineCount, Opened};
pub use session::{Close, Closing, Inventory, Occasion, Place, Plan, SheetLine, places_of};
pub use sheet::{SheetRow, read_sheet};
pub use tally::{Container, Entered, Tally};
pub(crate) use variance::percent;
pub use variance::{Classification, Variance};
