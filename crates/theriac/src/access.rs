//! Access control: who is designated to grant the right to sign, and what they grant and take away.
//!
//! 21 CFR 1311.125(a): a practice designates at least two people, one of them a registrant; an institution two of its
//! office and one of another unit (1311.130). Nobody grants for being in a role: the designation is a record of its own,
//! by an operator, and ends with a record.

mod controllers;
mod grants;
mod record;

pub(crate) use record::{ControllerDesk, ControllerEvent, GrantKey};

const CITE: &str = "21 CFR 1311.125(a), 1311.130(a)";
