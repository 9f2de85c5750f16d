//! What leaves a pharmacy otherwise than on a prescription: to other registrants, for disposal, with the business, broken.
//!
//! Every way out is one act: the recipient is checked and the check kept, the document is whole, the rulebook is asked,
//! and the movements of the books carry the document's number. Form 41 records destruction and never a hand-over.

mod business;
mod codec;
mod five_percent;
mod form_41;
mod refusals;
mod send;
mod spill;

pub use business::{BusinessTransfer, GoesOn, Notified, Passed, TransferNotice, Transferee};
pub use five_percent::{FivePercent, Transaction};
pub use form_41::{Destruction, Form41, Form41Edition, Form41Line, Manner, form_41_of};
pub use send::{
    Confirmation, Listing, Origin, OutDocument, OutLine, Outgoing, OutgoingEvent, Prepared, Recipient, Registry, Way,
    sent_between,
};
pub use spill::{Route, Spill, SpillRecord, Wastage};
