//! Pharmacy stock in long term care facilities: automated dispensing machines, registered there by the pharmacy, and
//! emergency kits. 21 CFR 1301.27; Manual 2010, section XII.
//!
//! A machine's and a kit's substances are the pharmacy's stock until they are used: each act here comes with the movement
//! that posts it to the ledger.

mod kit;
mod machine;
mod refuse;

pub use kit::{Allowed, Breach, EmergencyKit, KitDesign, KitEvent, KitUse};
pub use machine::{ChangedFrom, Denied, Dose, Load, Machine, MachineEvent, MachineSetup, Setting, of_registration};
