//! What a partner brings: attributed to it, taken in once, and answered the same however often it comes.

use super::partners::Partner;
use super::record::ScriptEvent;
use crate::dispensary::{ANSWER, Incoming};
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::practice::software;
use jiff::Timestamp;
use theriac_journal::hash::sha256;
use theriac_model::Refusal;
use theriac_store::NewJob;
use theriac_wire::script::reply::{Accepted, Rejected, error_of, status};
use theriac_wire::script::{Message, MessageKind, Reply, ReplyTo, decode, encode};

const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.160; 21 CFR 1311.120(b)(24)";

/// Keys of jobs whose message goes out by itself; every other answer goes back over the connection that brought the message.
pub(super) const OF_ITS_OWN: [&str; 2] = ["answer/fill/", "answer/ask/"];

fn refuse(code: &'static str, what: String, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what, next)
}

impl House {
    /// Takes a message from a partner; the answer is a Status, an Error or the like, as the standard writes it.
    ///
    /// # Errors
    /// `Refused` where no answer of the standard can be written, or the partner does not speak for the sender: nothing was taken
    /// in then but a message that cannot be read, which is archived.
    pub(crate) fn take_from(&self, partner: &Partner, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let digest = sha256(bytes).to_hex();
        let message = match decode(bytes) {
            Ok(message) => message,
            Err(refusal) => {
                self.receive(Incoming::whole(bytes))?;
                return self.not_taken(partner, &digest, *refusal);
            }
        };
        let header = message.header();
        let sender = header.from().map(|party| party.id).unwrap_or_default();
        if !partner.speaks_for(&sender) {
            let what = format!("the partner {} does not speak for the sender {sender:?}", partner.name);
            return self.not_taken(
                partner,
                &digest,
                refuse("SCRIPT-SENDER", what, "send it over the sender's own connection"),
            );
        }
        let Some(to) = ReplyTo::of(&message) else {
            let what = "the message names no sender and no number, so that nobody can be answered".to_owned();
            return self.not_taken(partner, &digest, refuse("SCRIPT-NO-NUMBER", what, "give From and MessageID"));
        };
        let twin = self.brought_before(&digest)?;
        let recipient = header.to().map(|party| party.id).unwrap_or_default();
        let answer = if recipient == self.config.pharmacy.ncpdp && is_of_a_transfer(&message) {
            self.transfer_answer(partner, &message, bytes, &to)?
        } else if recipient == self.config.pharmacy.ncpdp {
            if !twin {
                self.receive(Incoming::whole(bytes))?;
            }
            self.pharmacy_answer(&message, &digest, &to)?
        } else if recipient == self.config.practice.network_id {
            self.practice_answer(bytes, &digest, &to)?
        } else {
            let what = format!("nobody here is {recipient:?}");
            let refusal =
                refuse("SCRIPT-RECIPIENT", what, "check the recipient's identifier in the network's directory");
            let made = error_of(&to, &own_reply("E", &digest, self.clock.now()), Rejected::Communication, &refusal);
            made.map(|message| encode(&message)).map_err(crate::practice::first)?
        };
        self.note_brought(partner, &digest, (&sender, header.message_id().unwrap_or_default()), twin)?;
        Ok(answer)
    }

    fn not_taken(&self, partner: &Partner, digest: &str, refusal: Refusal) -> Result<Vec<u8>, Fault> {
        let record = ScriptEvent::Refused {
            partner: partner.name.clone(),
            digest: digest.to_owned(),
            code: refusal.code.to_string(),
        };
        self.note_script(&record)?;
        Err(refusal.into())
    }

    fn note_script(&self, record: &ScriptEvent) -> Result<(), Fault> {
        let actor = crate::house::program();
        Change::default().event(&self.by(&actor, ""), &record.stream(), record)?.commit(&self.store)?;
        Ok(())
    }

    fn note_brought(
        &self,
        partner: &Partner,
        digest: &str,
        (sender, message): (&str, &str),
        twin: bool,
    ) -> Result<(), Fault> {
        self.note_script(&ScriptEvent::Brought {
            partner: partner.name.clone(),
            digest: digest.to_owned(),
            sender: sender.to_owned(),
            message: message.to_owned(),
            seen: if twin { "twin" } else { "new" }.to_owned(),
        })
    }

    /// Whether these bytes were taken in before, by whomever.
    fn brought_before(&self, digest: &str) -> Result<bool, Fault> {
        let rows = self.store.query("SELECT 1 FROM received WHERE archived = $1 LIMIT 1", &[digest.into()])?;
        Ok(!rows.is_empty() || self.answer_with(&format!("{ANSWER}/{digest}"))?.is_some())
    }

    /// The oldest answer whose key begins so.
    fn answer_with(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        // The letter after the longest key that begins so: keys are written in ASCII.
        let end = format!("{key}\u{7f}");
        let sql = "SELECT payload FROM jobs WHERE idempotency_key >= $1 AND idempotency_key < $2 ORDER BY id LIMIT 1";
        let rows = self.store.query(sql, &[key.into(), end.as_str().into()])?;
        Ok(rows.first().map(|row| row.blob(0).map(<[u8]>::to_vec)).transpose()?)
    }

    /// The pharmacy's first answer to these bytes. It was written down with what was decided; a second time it is read again.
    fn pharmacy_answer(&self, message: &Message, digest: &str, to: &ReplyTo) -> Result<Vec<u8>, Fault> {
        let accepted = "SELECT sender, order_number FROM received WHERE archived = $1 AND verdict = 'accepted' LIMIT 1";
        if let Some(row) = self.store.query(accepted, &[digest.into()])?.first() {
            let (sender, order) = (row.text(0)?, row.text(1)?);
            let sql = "SELECT payload FROM jobs WHERE idempotency_key = $1";
            let key = format!("{ANSWER}/{sender}/{order}");
            if let Some(row) = self.store.query(sql, &[key.as_str().into()])?.first() {
                return Ok(row.blob(0)?.to_vec());
            }
        }
        if let Some(answer) = self.answer_with(&format!("{ANSWER}/{digest}"))? {
            return Ok(answer);
        }
        // What was only noted on a record has no answer of its own: it was taken over.
        let at = message.header().sent_time().and_then(|at| at.parse().ok()).unwrap_or_else(|| self.clock.now());
        let made = status(to, &own_reply("S", digest, at), Accepted::ForProcessing);
        made.map(|message| encode(&message)).map_err(crate::practice::first)
    }

    /// A message of a transfer is recorded for the pharmacists, who answer it by a message of its own; the node is told at once
    /// that it was taken over, or why not. The same bytes are answered the same.
    fn transfer_answer(
        &self,
        partner: &Partner,
        message: &Message,
        bytes: &[u8],
        to: &ReplyTo,
    ) -> Result<Vec<u8>, Fault> {
        let digest = sha256(bytes).to_hex();
        let at = message.header().sent_time().and_then(|at| at.parse().ok()).unwrap_or_else(|| self.clock.now());
        let made = match self.moving_message_came(message, bytes, |party| partner.speaks_for(party)) {
            Ok(()) => status(to, &own_reply("S", &digest, at), Accepted::ForProcessing),
            Err(Fault::Refused(refusal)) => {
                error_of(to, &own_reply("E", &digest, at), Rejected::CannotProcess, &refusal)
            }
            Err(other) => return Err(other),
        };
        made.map(|message| encode(&message)).map_err(crate::practice::first)
    }

    /// What came for the practice is written down to be worked on, once, and taken over.
    fn practice_answer(&self, bytes: &[u8], digest: &str, to: &ReplyTo) -> Result<Vec<u8>, Fault> {
        let key = format!("{ANSWER}/in/{digest}");
        let at = match self.inbox(&key, bytes) {
            Ok(at) => at,
            // It is written down already.
            Err(Fault::Conflict) => {
                let rows =
                    self.store.query("SELECT seq FROM jobs WHERE idempotency_key = $1", &[key.as_str().into()])?;
                let seq = rows.first().map(|row| row.u64(0)).transpose()?;
                let seq = seq.ok_or_else(|| Fault::Broken("an answer was lost".to_owned()))?;
                Timestamp::from_millisecond(self.store.entry(seq)?.at_ms)
                    .map_err(|error| Fault::Broken(error.to_string()))?
            }
            Err(other) => return Err(other),
        };
        let made = status(to, &own_reply("S", digest, at), Accepted::ForProcessing);
        made.map(|message| encode(&message)).map_err(crate::practice::first)
    }

    /// Writes a message for the practice down as work; answers when.
    fn inbox(&self, key: &str, bytes: &[u8]) -> Result<Timestamp, Fault> {
        let actor = crate::house::program();
        let by = self.by(&actor, "");
        let ms = by.at.as_millisecond();
        let record = ScriptEvent::Took {
            partner: "practice".to_owned(),
            digest: sha256(bytes).to_hex(),
            answer: key.to_owned(),
        };
        Change::default()
            .event(&by, &record.stream(), &record)?
            .job(NewJob { kind: ANSWER.to_owned(), key: key.to_owned(), due_ms: ms, payload: bytes.to_vec() })
            .commit(&self.store)?;
        Timestamp::from_millisecond(ms).map_err(|error| Fault::Broken(error.to_string()))
    }

    /// Writes an answer that came back over the connection down as work, once.
    pub(super) fn answer_came(&self, bytes: &[u8]) -> Result<(), Fault> {
        match self.inbox(&format!("{ANSWER}/in/{}", sha256(bytes).to_hex()), bytes) {
            Ok(_) | Err(Fault::Conflict) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

fn is_of_a_transfer(message: &Message) -> bool {
    use MessageKind::{RxTransferConfirm, RxTransferRequest, RxTransferResponse};
    matches!(message.kind(), RxTransferRequest | RxTransferResponse | RxTransferConfirm)
}

fn own_reply(kind: &str, digest: &str, sent_time: Timestamp) -> Reply {
    let message_id = format!("{kind}-{}", digest.get(..24).unwrap_or(digest));
    Reply { message_id, sent_time, software: software(), rx_reference: None }
}
