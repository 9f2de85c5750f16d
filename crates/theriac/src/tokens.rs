//! Tokens of a deployment: offered to a person, bound in the person's own browser, used, lost; and code devices.
//!
//! Two people stand behind every token. An operator or access controller hands the device over and offers its binding, with
//! the number on its back; the person who is to hold it, signed in as themselves, lets it make its key. Nothing else binds a
//! token. What the key said of its make is archived with the entry and asked again at every use.

mod bind;
mod ceremonies;
pub(crate) mod codes;
mod held;
mod listed;
mod loss;
mod offers;
mod passwords;
mod sign_with_code;
pub(crate) mod table;
mod trust;

pub(crate) use ceremonies::{Approval, Ceremonies};
pub(crate) use codes::CodeDeviceEvent;
pub(crate) use held::{Bound, KnownToken};
pub(crate) use loss::{LossTaken, Passkeys};
pub(crate) use offers::{Offer, OfferEvent, Serves, actor};

use crate::house::record::Fault;

/// What is kept of an enrolled security key.
const KEY_MEDIA: &str = "application/vnd.theriac.security-key+json";
/// What is kept of a bound code device.
const CODE_MEDIA: &str = "application/vnd.theriac.code-device+json";

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// 32 random bytes.
pub(crate) fn random() -> Result<[u8; 32], Fault> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| broken("the system gave no random bytes"))?;
    Ok(bytes)
}
