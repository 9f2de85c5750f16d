//! 21 CFR part 1307: a pharmacy supplies another registrant.

pub(crate) mod five_percent;
pub(crate) mod movement;
