//! 21 CFR part 1304: records, inventories, files; with part 1317 on disposal.

pub(crate) mod disposal;
pub(crate) mod documents;
pub(crate) mod files;
pub(crate) mod filing;
pub(crate) mod inventory;
pub(crate) mod inventory_record;
pub(crate) mod place;
pub(crate) mod retention;
pub(crate) mod website;
