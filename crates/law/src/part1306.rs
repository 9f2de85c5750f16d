//! 21 CFR part 1306: prescriptions.

pub(crate) mod amendments;
pub(crate) mod authority;
pub(crate) mod central_fill;
pub(crate) mod contents;
pub(crate) mod counter_sale;
pub(crate) mod dependence;
pub(crate) mod disaster;
pub(crate) mod emergency;
pub(crate) mod expiry;
pub(crate) mod fax;
pub(crate) mod form;
pub(crate) mod handover;
pub(crate) mod label;
pub(crate) mod online;
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
pub(crate) mod transfer;
