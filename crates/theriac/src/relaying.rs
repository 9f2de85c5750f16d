//! The intermediary of this deployment: gives each message another layout and never another content.

use crate::house::House;
use crate::transport::Carrier;
use theriac_model::Refusal;
use theriac_relay::{Relay, digest};
use theriac_wire::script::{Freedom, Software, decode};

/// A message as it leaves the intermediary.
pub(crate) struct Carried {
    /// The message in its new layout.
    pub(crate) message: Vec<u8>,
    /// The intermediary's signature over it, which goes with it (2008: 1311.160(b)).
    pub(crate) seal: Option<Vec<u8>>,
}

/// The deployment's own relay as the outbox's carrier.
pub(crate) struct HouseRelay<'a>(pub(crate) &'a House);

impl Carrier for HouseRelay<'_> {
    fn carry(&self, message: &[u8]) -> Result<Carried, Refusal> {
        let here = &self.0.config.pharmacy.ncpdp;
        let to = decode(message).ok().and_then(|message| message.header().to());
        if let Some(to) = to.filter(|to| to.id != *here) {
            return Err(Refusal::new(
                "RELAY-NO-ROUTE",
                "21 CFR 1311.170(b); 73 FR 36722, section X",
                format!("this intermediary knows no way to the pharmacy {}", to.id),
                "issue a paper prescription that says so, or write a new one for a pharmacy that can be reached",
            ));
        }
        forward(self.0, message, 0)
    }
}

/// Carries a message on in another layout, which depends on the message and on `round`.
pub(crate) fn forward(house: &House, message: &[u8], round: u64) -> Result<Carried, Refusal> {
    let software = Software {
        developer: "Theriac".to_owned(),
        product: "Theriac relay".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let [a, b, c, d, ..] = digest(message).0;
    let trace = u32::from_be_bytes([a, b, c, d]);
    let relay = Relay::new(software, Freedom::Spelling).signing(house.keys.relay.clone());
    let forwarded = relay.forward(message, &format!("T{trace:010}"), u64::from(trace) ^ round, house.clock.now())?;
    Ok(Carried { message: forwarded.bytes, seal: forwarded.seal })
}
