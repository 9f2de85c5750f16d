//! 21 CFR part 1311, subpart C: electronic prescriptions.

pub(crate) mod receive;
pub(crate) mod sign;
pub(crate) mod transmit;
