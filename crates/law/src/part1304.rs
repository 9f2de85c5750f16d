//! 21 CFR part 1304: records, inventories, files; with part 1317 on disposal.

pub(crate) mod disposal;
pub(crate) mod files;
pub(crate) mod inventory;
pub(crate) mod place;
pub(crate) mod retention;
