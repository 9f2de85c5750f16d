//! Where a message goes, and what the sender is told when it cannot.

use crate::refusals;
use theriac_model::Refusal;
use theriac_wire::script::{Message, Party, Reply, ReplyTo, reply};

/// How a receiver can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// By electronic messages.
    Electronically,
    /// By fax only. A prescription never leaves this way.
    ByFaxOnly,
}

/// A receiver the relay knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Who.
    pub party: Party,
    /// How.
    pub reached: Reached,
}

impl Destination {
    /// The destination of a message among those known.
    ///
    /// # Errors
    /// `RELAY-DESTINATION` if none is known, `RELAY-NOT-ELECTRONIC` if it could be reached by fax only.
    pub fn of<'d>(to: &Party, known: &'d [Self]) -> Result<&'d Self, Refusal> {
        let found = known.iter().find(|destination| destination.party == *to).ok_or_else(refusals::no_destination)?;
        match found.reached {
            Reached::Electronically => Ok(found),
            Reached::ByFaxOnly => Err(refusals::not_electronic()),
        }
    }
}

/// The Error (600) that tells the sender that its message was not delivered and why; `None` if the message does not say
/// whom to tell.
///
/// # Errors
/// What an answer's header cannot carry.
pub fn undeliverable(message: &Message, reply: &Reply, refusal: &Refusal) -> Option<Result<Message, Vec<Refusal>>> {
    let to = ReplyTo::of(message)?;
    Some(reply::error_of(&to, reply, reply::Rejected::Communication, refusal))
}
