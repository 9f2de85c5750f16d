//! Calls of programs over HTTP: one `POST` on a connection of its own, bounded in time and size, to no machine inside the
//! network, and without following anybody elsewhere ([`crate::outside`]).

use super::hooks::{Call, Caller};
use crate::outside::{Manner, Reach, client, in_words, machine_roots};
use std::time::Duration;
use ureq::Agent;
use ureq::tls::Certificate;

/// How long a call may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls programs over the network.
pub(crate) struct Poster {
    outside: Agent,
    /// For names of this machine, which only a demonstration registers.
    here: Agent,
}

impl Poster {
    /// Trusts the authorities that the machine trusts.
    pub(crate) fn new() -> Self {
        Self::trusting(&machine_roots())
    }

    fn trusting(roots: &[Certificate<'static>]) -> Self {
        let calling = |reach| client(Manner { reach, roots: roots.to_vec(), shows: None, patience: PATIENCE });
        Self { outside: calling(Reach::Public), here: calling(Reach::Here) }
    }
}

impl Caller for Poster {
    fn call(&self, call: &Call) -> Result<u16, String> {
        let agent = if call.address.leads_here() { &self.here } else { &self.outside };
        let answer = agent
            .post(call.address.as_str())
            .header("Content-Type", "application/json")
            .header("Theriac-Delivery", &call.delivery)
            .header("Theriac-Signature", &call.signature)
            .send(call.body.as_bytes())
            .map_err(|error| in_words("the program", PATIENCE, &error))?;
        // Only the status counts: the body is not read.
        Ok(answer.status().as_u16())
    }
}

#[cfg(test)]
mod tests;
