//! What another pharmacy's node brings of a transfer, and what it refuses: recorded and archived first, once, then answered.

use super::acts::said;
use super::{AskedFor, REFUSED, Step, StepRecord, refuse, stream_of};
use crate::house::House;
use crate::house::record::{Change, Fault};
use theriac_journal::hash::sha256;
use theriac_pharmacy::{Person, PrescriptionNumber};
use theriac_wire::script::transfer::{TransferAnswer, TransferEnd, TransferMessage, TransferParty, about, read};
use theriac_wire::script::{Message, MessageKind, decode};

/// Longest number of a request, and the characters that an address of a page can bear.
const NUMBER_MOST: usize = 40;

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= NUMBER_MOST && text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
}

/// The pharmacy's part of the address has no dot, which ends it there.
fn is_party(text: &str) -> bool {
    is_number(text) && text.len() <= 20 && !text.contains('.')
}

fn program() -> Person {
    Person::new(crate::house::program(), "Theriac")
}

fn nobody() -> Fault {
    let what = "nobody here waits for that message, or not any more";
    refuse("PHARM-TRANSFER-STEP", what, "dispense nothing on this word alone; call the other pharmacist").into()
}

/// A message that came, with who sent it.
struct Came<'a> {
    bytes: &'a [u8],
    sender: &'a str,
    party: &'a TransferParty,
}

impl House {
    /// What another pharmacy's node brought: recorded and archived, once. The caller answers the node.
    ///
    /// # Errors
    /// `Refused` with what the sender is told: it is archived nevertheless.
    pub(crate) fn moving_message_came(
        &self,
        message: &Message,
        bytes: &[u8],
        speaks_for: impl Fn(&str) -> bool,
    ) -> Result<(), Fault> {
        let done = self.moving_message(message, bytes, speaks_for);
        if let Err(Fault::Refused(refusal)) = &done {
            let kept = self.fresh(&format!("{REFUSED}{}", sha256(bytes).to_hex()), false);
            let facts = [("code", refusal.code.0), ("why", refusal.what.as_ref())];
            let record = StepRecord::new(Step::Refused, &facts);
            match self.step_alone(&crate::house::program(), &kept, &record, (Some(bytes), None)) {
                // The same bytes are kept once.
                Ok(()) | Err(Fault::Conflict) => {}
                Err(other) => return Err(other),
            }
        }
        done
    }

    fn moving_message(&self, message: &Message, bytes: &[u8], speaks_for: impl Fn(&str) -> bool) -> Result<(), Fault> {
        let read = read(message).ok_or_else(|| super::broken("no transfer message"))??;
        let (TransferMessage::Request(party, _)
        | TransferMessage::Response(party, _)
        | TransferMessage::Confirm(party, _)) = &read;
        let header = message.header();
        let sender = header.from().map(|from| from.id).unwrap_or_default();
        if party.ncpdp_id != sender {
            let what = format!("the message is from {sender:?} and names the pharmacy {:?}", party.ncpdp_id);
            return Err(refuse("PHARM-TRANSFER-PARTY", what, "name one and the same pharmacy").into());
        }
        if !speaks_for(&party.dea) {
            let what = format!("the partner does not speak for the registration {:?}", party.dea);
            let next = "let the operator here name the registration under speaks_for, beside the pharmacy's identifier";
            return Err(refuse("SCRIPT-REGISTRATION", what, next).into());
        }
        let own = self.config.pharmacy.ncpdp.as_str();
        let id = match &read {
            TransferMessage::Request(..) => header.message_id(),
            _ => about(message),
        };
        let id = id.filter(|id| is_number(id) && is_party(&sender)).ok_or_else(|| {
            let what = format!("the number of the request is none: 1 to {NUMBER_MOST} letters, digits, hyphens, dots");
            refuse("PHARM-TRANSFER-NUMBER", what, "number the request so, and name that number in what follows it")
        })?;
        let asking = if matches!(read, TransferMessage::Response(..)) { own } else { &sender };
        let stream = stream_of(asking, id);
        let found = self.asked_in(&stream)?;
        if let Some(of) = &found
            && self.has_archived(of, bytes)?
        {
            // The same message again asks whether it came: the last word is said again, nothing else happens.
            let ended = of.ours && matches!(of.step, Step::Taken | Step::NotTaken);
            return if ended { self.end_said_again(of) } else { Ok(()) };
        }
        let came = Came { bytes, sender: &sender, party };
        match &read {
            TransferMessage::Request(_, patient) => {
                if found.is_some() {
                    let what = format!("the number {id} was used for another request");
                    return Err(refuse("PHARM-TRANSFER-NUMBER", what, "give each request a number of its own").into());
                }
                let number = header.rx_reference_number().unwrap_or_default();
                let facts = [
                    ("other", sender.as_str()),
                    ("number", number),
                    ("last", &patient.last),
                    ("born", &patient.born),
                    ("name", &party.name),
                    ("address", &party.address),
                    ("dea", &party.dea),
                    ("pharmacist", &party.pharmacist),
                ];
                let record = StepRecord::new(Step::Came, &facts);
                self.step_alone(&crate::house::program(), &self.fresh(&stream, false), &record, (Some(bytes), None))
            }
            TransferMessage::Response(_, answer) => self.answer_of_request(found, &came, answer),
            TransferMessage::Confirm(_, end) => self.end_came(found, &came, end),
        }
    }

    fn answer_of_request(
        &self,
        found: Option<AskedFor>,
        came: &Came<'_>,
        answer: &TransferAnswer,
    ) -> Result<(), Fault> {
        let of = found.filter(|of| of.fact("other") == came.sender).ok_or_else(nobody)?;
        if !matches!(of.step, Step::Asked | Step::Failed) {
            let what = "this request was answered before, and otherwise";
            return Err(refuse("PHARM-TRANSFER-ANSWERED", what, "call the pharmacy that asked").into());
        }
        let party = came.party;
        let whose = [
            ("name", party.name.as_str()),
            ("address", &party.address),
            ("dea", &party.dea),
            ("pharmacist", &party.pharmacist),
        ];
        let mut record = StepRecord::new(Step::Answered, &whose);
        if let TransferAnswer::Denied(why, text) = answer {
            record.step = Step::Denied;
            record.facts.insert("why".to_owned(), said(*why, text));
        }
        self.step_alone(&crate::house::program(), &of, &record, (Some(came.bytes), None))
    }

    /// The other pharmacy says what it did with what was sent: the prescription is void here, or free again.
    fn end_came(&self, found: Option<AskedFor>, came: &Came<'_>, end: &TransferEnd) -> Result<(), Fault> {
        let of = found.filter(|of| of.step == Step::Sent).ok_or_else(nobody)?;
        let who = came.party.pharmacist.as_str();
        let at = self.clock.moment();
        let actor = crate::house::program();
        let (change, record) = match end {
            TransferEnd::TakenIn => {
                let number = PrescriptionNumber::parse(of.fact("rx")).map_err(super::broken)?;
                let (prescription, version) = self.dispensing_now(&number)?;
                let (by, name) = (self.at_the_counter(&actor, at), number.stream());
                let mut change = Change::default().decided_on(&name, version);
                for event in prescription.taken_in(at, who)? {
                    change = change.event(&by, &name, &event)?;
                }
                (change, StepRecord::new(Step::Confirmed, &[("taken-by", who)]))
            }
            TransferEnd::NotTakenIn(why) => {
                let why = if why.is_empty() { "it gave no reason" } else { why };
                let words = format!("{who}, {}: {why}", came.party.name);
                (self.freed(&of, &program(), &words)?, StepRecord::new(Step::NotTaken, &[("why", &words)]))
            }
        };
        self.step_of(change, &actor, &of, &record, (Some(came.bytes), None))?.commit(&self.store)?;
        Ok(())
    }

    /// Whether these bytes came before in this transfer.
    fn has_archived(&self, of: &AskedFor, bytes: &[u8]) -> Result<bool, Fault> {
        for entry in self.store.stream(&of.stream)? {
            if self.store.archive(entry.seq)?.iter().any(|piece| piece.bytes == bytes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn end_said_again(&self, of: &AskedFor) -> Result<(), Fault> {
        if self.not_delivered(of)?.is_some() {
            return Ok(());
        }
        let job = self.moving_job_again(of, "confirm")?;
        let record = StepRecord::new(Step::Noted, &[("again", "the other pharmacy asked, and was told again")]);
        self.step_alone(&crate::house::program(), of, &record, (None, Some(job)))
    }

    /// The other node answered a message of ours with a refusal: what was asked for has failed, what was sent is free again, and
    /// whatever else is a trouble that the page shows.
    pub(crate) fn moving_message_refused(&self, message: &[u8], why: &str, told: Told) -> Result<(), Fault> {
        let Ok(message) = decode(message) else { return Ok(()) };
        let header = message.header();
        let own = self.config.pharmacy.ncpdp.as_str();
        let (asking, id) = match message.kind() {
            MessageKind::RxTransferRequest => (own.to_owned(), header.message_id()),
            MessageKind::RxTransferResponse => (header.to().map(|to| to.id).unwrap_or_default(), about(&message)),
            _ => (own.to_owned(), about(&message)),
        };
        let Some(of) = self.asked_in(&stream_of(&asking, id.unwrap_or_default()))? else { return Ok(()) };
        let actor = crate::house::program();
        let because = format!("the other node refused the message: {why}");
        match (message.kind(), of.step, told) {
            (MessageKind::RxTransferRequest, Step::Asked, _) => {
                self.step_alone(&actor, &of, &StepRecord::new(Step::Failed, &[("why", &because)]), (None, None))
            }
            // It read the message and will not have it: nobody there can take the prescription in.
            (MessageKind::RxTransferResponse, Step::Sent, Told::InTheStandardsWords) => {
                let change = self.freed(&of, &program(), &because)?;
                let record = StepRecord::new(Step::NotTaken, &[("why", &because)]);
                self.step_of(change, &actor, &of, &record, (None, None))?.commit(&self.store)?;
                Ok(())
            }
            _ => self.step_alone(&actor, &of, &StepRecord::new(Step::Noted, &[("trouble", &because)]), (None, None)),
        }
    }
}

/// How a node refused a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// With an Error of the standard: the other pharmacy's program read and refused it.
    InTheStandardsWords,
    /// By its connection alone: whether it was read is not known.
    ByTheConnection,
}
