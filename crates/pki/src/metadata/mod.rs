//! What is known of token models: the deployment's own list, and the notices of the FIDO Metadata Service.
//!
//! The list ([`ModelBook`]) decides: a model that is not on it signs nothing. The service ([`Notices`]) can only take away:
//! a model it reports as compromised or revoked signs nothing either. Both carry the day until which they hold, and a
//! list that is out of date allows nothing.

mod book;
mod jws;
mod mds;
mod model;
mod status;

pub use book::{BadBook, ModelBook};
pub use mds::{BadNotices, ModelNotices, Notices};
pub use model::{Allowed, Fips140, KeyHome, ListStatus, Model, ModelName, Opening, Place, Validation};
pub use status::{Status, StatusReport, Weight};
