//! 21 CFR part 1306: prescriptions.

pub(crate) mod contents;
pub(crate) mod emergency;
pub(crate) mod expiry;
pub(crate) mod fax;
pub(crate) mod form;
pub(crate) mod oral_refills;
pub(crate) mod partial_ii;
pub(crate) mod partial_iii_v;
pub(crate) mod practitioner;
pub(crate) mod purpose;
pub(crate) mod quantity;
pub(crate) mod refills;
pub(crate) mod replacement;
pub(crate) mod series;
pub(crate) mod signature;
