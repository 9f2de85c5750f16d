//! The books of controlled substances: double entry, exact whole numbers, nothing overwritten.
//!
//! One [`Stock`] is the stock of one product at one registration, folded from its events. A command asks it for events
//! or gets a refusal; the store appends them under the stream's version, and that version is what keeps two dispensings
//! at the same moment from taking the same tablet twice.
//!
//! What is not here: no clock and no storage; no way to set a balance (a count is an assertion, see [`Count`]); no way
//! to change an entry (a correction is another entry that points to it).

mod account;
pub mod accountability;
mod amount;
mod ask;
mod codec;
mod commodity;
mod conversion;
mod count;
pub mod devices;
mod entry;
mod event;
pub mod explain;
pub mod inventory;
mod ledger;
pub mod logbook;
pub mod losses;
mod movement;
pub mod online;
pub mod orders;
pub mod outgoing;
mod product;
pub mod records;
mod refusals;
mod statement;
mod stock;
mod stored;
mod timeline;
mod words;

pub use account::{Account, Name, NotAName, Side};
pub use amount::{AMOUNT_MAX, Amount, NotAnAmount};
pub use commodity::{Commodity, StockUnit};
pub use conversion::{Content, Conversion, ConversionPart};
pub use count::{Count, CountId, CountMethod, Counted};
pub use entry::{Document, DocumentKind, Entry, EntryId, Line};
pub use event::{BadEvent, StockEvent};
pub use ledger::Ledger;
pub use movement::{Movement, MovementKind, MovementRule, Signing};
pub use product::{Party, Product};
pub use statement::{Statement, StatementLine};
pub use stock::{Inconsistent, Stock};
