//! HL7 v2 pharmacy orders as the source of drafts.
//!
//! [`orders`] reads `RDE^O11`, `RDE^O25`, `OMP^O09` and `ORM^O01` of versions 2.1 to 2.9: for each order (`ORC` with `RXO` or `RXE`)
//! what was said, in canonical form, and what could not be read, each named by its place (`RXE-10`). An order of version 2 bears no
//! signature that the law knows: it is a draft that a practitioner reviews and signs, and never a prescription. A cancellation,
//! a hold or a change of another system's order is refused as a draft, with the field that says so.
//!
//! The places follow the standard's chapters 2 (control), 3 (patient) and 4 (orders), restated here as positions only.

mod acknowledge;
mod message;
mod order;
mod refusals;

pub use acknowledge::{Acknowledgement, acknowledge, place_of};
pub use message::{Limits, Message, Segment};
pub use order::{Found, Order, orders};
