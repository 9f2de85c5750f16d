//! Copies of the record at a second storage site: made continuously, sealed to a key that this machine does not have, read
//! back, watched, and tried by restoring (21 CFR 1311.205(b)(17); 73 FR 36722, proposed 21 CFR 1311.170(a), 1311.270(a)).
//!
//! What leaves are segments of the journal with all that belongs to them, and the deployment's own files. A copy is good once
//! it was read back from the other site and had the digest that was sent; only then the journal says so. Whether the other
//! site is another site is looked at before each run.
//!
//! | object | holds | name ends with |
//! |---|---|---|
//! | `segments/FROM-UNTIL.DIGEST` | entries, archive, jobs and checkpoints of a range of the journal | SHA-256 of the sealed bytes |
//! | `house/TIME.DIGEST` | configuration, certificates and the encrypted key files | SHA-256 of the sealed bytes |
//!
//! If the second site is lost, nothing is lost: the next run copies again what a listing does not show. Whoever holds it reads
//! nothing, and cannot change or exchange an object unseen; they can withhold the newest ones, which the watch here notices.

pub(crate) mod apart;
mod bucket;
mod event;
mod folder;
mod keep;
mod names;
mod restore;
mod run;
mod site;
mod standing;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use restore::{Rebuilt, drill, key_password, open_key, rebuild, site_of};
pub(crate) use site::{folder, open_site};
pub(crate) use standing::Standing;
pub(crate) use table::Copies;

/// The stream of all records of backups.
const STREAM: &str = "backup";
/// Where the password of a backup key's file is taken from.
const KEY_PASSWORD: &str = "THERIAC_BACKUP_PASSWORD";

const CITE: &str = "21 CFR 1311.205(b)(17); 73 FR 36722, proposed 21 CFR 1311.170(a)";
