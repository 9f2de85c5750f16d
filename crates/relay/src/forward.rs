//! Passing a message on.

use crate::refusals;
use aws_lc_rs::digest::SHA256;
use jiff::Timestamp;
use std::fmt;
use theriac_model::{CanonicalContents, Refusal};
use theriac_pki::Signer;
use theriac_wire::script::{
    ArrivedContents, Freedom, Message, MessageKind, Party, Routing, SignatureGroup, SignedIndication, Software, decode,
    lay_out, reroute, to_contents,
};

/// SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(aws_lc_rs::digest::digest(&SHA256, bytes).as_ref()) {
        *to = *from;
    }
    Digest(out)
}

/// An intermediary with its name as software and, where it is the last before the pharmacy, its signing key.
#[derive(Clone, Debug)]
pub struct Relay {
    software: Software,
    freedom: Freedom,
    signer: Option<Signer>,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Forwarded {
    /// The bytes to send.
    pub bytes: Vec<u8>,
    /// Digest of the bytes that arrived.
    pub before: Digest,
    /// Digest of the bytes to send.
    pub after: Digest,
    /// Digest of the canonical contents, the same before and after; `None` for a message without a medication.
    pub contents: Option<Digest>,
    /// A detached CMS signature over `bytes`, to be forwarded with them, where the relay is the one that signs
    /// (2008: 1311.160(a)(1), (b)).
    pub seal: Option<Vec<u8>>,
    /// Which message it is.
    pub kind: MessageKind,
    /// To whom.
    pub to: Party,
    /// From whom.
    pub from: Party,
    /// Its number.
    pub message_id: String,
    /// The number under which every intermediary traces it: the one it came with, else the one given here.
    pub trace_number: String,
}

impl Relay {
    /// A relay that passes on and does not sign; the pharmacy's own system signs what it receives (1311.160(a)(2)).
    ///
    /// With [`Freedom::Form`] every element but the routing keeps its text to the letter; with [`Freedom::Spelling`] dates,
    /// numbers and codes may be spelled in another way that means the same. [`Freedom::Parts`] is taken as `Spelling`: a
    /// relay leaves nothing out.
    pub const fn new(software: Software, freedom: Freedom) -> Self {
        let freedom = match freedom {
            Freedom::Form => Freedom::Form,
            Freedom::Spelling | Freedom::Parts => Freedom::Spelling,
        };
        Self { software, freedom, signer: None }
    }

    /// A relay that signs what it sends to the pharmacy.
    #[must_use]
    pub fn signing(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Passes a message on in another layout, chosen by `seed`. The contents, the signature and whatever the tables do
    /// not know are the same after as before.
    ///
    /// `trace_number` is given to a message that has none yet (73 FR 36728).
    ///
    /// # Errors
    /// As [`decode`]; `RELAY-ADDRESS` without receiver, sender or number; `RELAY-ALTERED` when what leaves would differ
    /// from what arrived; `RELAY-SEAL` when it cannot be signed.
    pub fn forward(&self, bytes: &[u8], trace_number: &str, seed: u64, at: Timestamp) -> Result<Forwarded, Refusal> {
        let arrived = decode(bytes).map_err(|refusal| *refusal)?;
        let header = arrived.header();
        let to = header.to().ok_or_else(|| refusals::unaddressed("Header/To"))?;
        let from = header.from().ok_or_else(|| refusals::unaddressed("Header/From"))?;
        let message_id = header.message_id().ok_or_else(|| refusals::unaddressed("Header/MessageID"))?.to_owned();
        let routing = Routing { software: Some(self.software.clone()), trace_number: Some(trace_number.to_owned()) };
        let routed = reroute(&arrived, &routing).map_err(|refusal| *refusal)?;
        let before = to_contents(&arrived);
        let out = self.lay_out(&arrived, &before, &routed, seed)?;
        let seal = match &self.signer {
            Some(signer) => Some(signer.seal(&out, at).map_err(|_| refusals::unsealed())?),
            None => None,
        };
        let medication = before.contents != CanonicalContents::default();
        let trace_number = routed.header().trace_number().unwrap_or(trace_number).to_owned();
        Ok(Forwarded {
            before: digest(bytes),
            after: digest(&out),
            contents: medication.then(|| digest(&before.contents.to_bytes())),
            bytes: out,
            seal,
            kind: arrived.kind(),
            to,
            from,
            message_id,
            trace_number,
        })
    }

    /// The bytes of another layout. A message in which something stands twice or cannot be read keeps the spelling of all
    /// its values, so that the pharmacy sees what the relay saw.
    fn lay_out(
        &self,
        arrived: &Message,
        before: &ArrivedContents,
        routed: &Message,
        seed: u64,
    ) -> Result<Vec<u8>, Refusal> {
        let freedom = if before.problems.is_empty() { self.freedom } else { Freedom::Form };
        let out = lay_out(routed, seed, freedom);
        let again = decode(&out).map_err(|refusal| refusals::altered(refusal.to_string()))?;
        if freedom == Freedom::Form && again != *routed {
            return Err(refusals::altered("an element outside the routing is not what it was".to_owned()));
        }
        compare(before, &to_contents(&again))?;
        same_elements(arrived, &again, &self.software)?;
        Ok(out)
    }
}

/// The same contents, and the same signature over them.
fn compare(before: &ArrivedContents, after: &ArrivedContents) -> Result<(), Refusal> {
    let differences = before.contents.differences(&after.contents);
    if !differences.is_empty() {
        let named: Vec<String> =
            differences.iter().map(|difference| format!("{} {}", difference.element, difference.kind.word())).collect();
        return Err(refusals::altered(format!("the contents are not what they were: {}", named.join(", "))));
    }
    if carried(before) != carried(after) || before.problems.len() != after.problems.len() {
        return Err(refusals::altered("the signature or a problem of the message is not what it was".to_owned()));
    }
    let party = |arrived: &ArrivedContents| {
        let parties = (arrived.to.clone(), arrived.from.clone(), arrived.message_id.clone());
        (parties, arrived.relates_to.clone(), arrived.order_number.clone(), arrived.rx_reference.clone())
    };
    if party(before) != party(after) {
        return Err(refusals::altered("a number or an address of the header is not what it was".to_owned()));
    }
    Ok(())
}

fn carried(arrived: &ArrivedContents) -> (SignedIndication, Option<[Option<Vec<u8>>; 3]>) {
    let decoded = |group: &SignatureGroup| [group.digest().ok(), group.signature().ok(), group.certificate().ok()];
    (arrived.indication, arrived.signature.as_ref().map(decoded))
}

/// No element was left out or added: as many of each as before, but for the routing. Parts the tables do not describe are
/// the same to the letter.
fn same_elements(arrived: &Message, again: &Message, software: &Software) -> Result<(), Refusal> {
    let routing =
        Routing { software: Some(software.clone()), trace_number: again.header().trace_number().map(str::to_owned) };
    let routed = reroute(arrived, &routing).map_err(|refusal| *refusal)?;
    if routed.elements() != again.elements() {
        return Err(refusals::altered(format!(
            "{} elements leave where {} should",
            again.elements(),
            routed.elements()
        )));
    }
    let (expected, found) = (outline(&routed), outline(again));
    if expected == found {
        return Ok(());
    }
    Err(refusals::altered("an element that the tables do not describe is not what it was".to_owned()))
}

/// Everything the tables do not describe, printed, in order.
fn outline(message: &Message) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![message.root()];
    while let Some(node) = open.pop() {
        if node.row().is_none() {
            found.push(format!("{node:?} {} {:?}", node.text(), node.attributes().collect::<Vec<_>>()));
        }
        open.extend(node.children());
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(quantity: &str, order: &str, extra: &str) -> Message {
        let text = format!(
            "<Message><Header><To>1</To><From>2</From><MessageID>3</MessageID>\
             <PrescriberOrderNumber>{order}</PrescriberOrderNumber></Header><Body><NewRx><MedicationPrescribed>\
             <Quantity><Value>{quantity}</Value></Quantity>{extra}</MedicationPrescribed></NewRx></Body></Message>"
        );
        decode(text.as_bytes()).expect("well formed")
    }

    fn check(before: &Message, after: &Message, expected: &str) {
        let software = Software { developer: "a".to_owned(), product: "b".to_owned(), version: "c".to_owned() };
        let after = reroute(after, &Routing { software: Some(software.clone()), trace_number: None }).expect("fits");
        let found = compare(&to_contents(before), &to_contents(&after))
            .and_then(|()| same_elements(before, &after, &software))
            .map_or_else(|refusal| refusal.to_string(), |()| "same".to_owned());
        assert!(found.contains(expected), "{expected} in {found}");
    }

    #[test]
    fn a_change_between_arrival_and_departure_is_refused() {
        let before = message("30", "4", "<X>y</X>");
        check(&before, &message("30.0", "4", "<X>y</X>"), "same");
        check(&before, &message("300", "4", "<X>y</X>"), "RELAY-ALTERED: the contents");
        check(&before, &message("300", "4", "<X>y</X>"), "quantity.value changed");
        check(&before, &message("30", "5", "<X>y</X>"), "RELAY-ALTERED: a number or an address");
        check(&before, &message("30", "4", "<X>z</X>"), "RELAY-ALTERED: an element that the tables do not describe");
        check(&before, &message("30", "4", ""), "RELAY-ALTERED: 15 elements leave where 16 should");
        check(&before, &message("30", "4", "<X>y</X><X>y</X>"), "RELAY-ALTERED: 17 elements");
    }
}
