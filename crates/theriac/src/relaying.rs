//! The intermediary of this deployment: gives each message another layout and never another content.

use crate::house::House;
use theriac_model::Refusal;

/// Carries a message on in another layout.
pub(crate) fn forward(_house: &House, message: &[u8]) -> Result<Vec<u8>, Refusal> {
    Ok(message.to_vec())
}
