//! A practitioner's withdrawal (`CancelRx`): honoured as long as nothing was dispensed, answered either way.

use super::intake::{ANSWER, Arrival, TRIES, Verdict};
use crate::house::House;
use crate::house::record::{By, Change, Fault};
use crate::practice::software;
use theriac_model::Refusal;
use theriac_pharmacy::{CancelOrder, PrescriptionNumber};
use theriac_store::{NewJob, NewPiece};
use theriac_wire::script::reply::{Cancelled, cancel_rx_response};
use theriac_wire::script::{Message, MessageKind, Reply, ReplyTo, encode};

impl House {
    /// The prescription that a message withdraws, if it is a withdrawal of one that is here.
    pub(super) fn withdrawn_by(&self, message: &Message) -> Option<PrescriptionNumber> {
        let header = message.header();
        if message.kind() != MessageKind::CancelRx {
            return None;
        }
        self.twins.of_order(&header.from()?.id, header.prescriber_order_number()?)
    }

    /// Archives the withdrawal, decides and answers it.
    pub(super) fn withdraw(
        &self,
        number: &PrescriptionNumber,
        message: &Message,
        bytes: &[u8],
    ) -> Result<Arrival, Fault> {
        for _ in 0..TRIES {
            match self.try_to_withdraw(number, message, bytes) {
                Err(Fault::Conflict) => {}
                decided => return decided,
            }
        }
        Err(Fault::Conflict)
    }

    fn try_to_withdraw(&self, number: &PrescriptionNumber, message: &Message, bytes: &[u8]) -> Result<Arrival, Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let header = message.header();
        let order = CancelOrder {
            message: header.message_id().unwrap_or_default().to_owned(),
            sender: header.from().map(|party| party.id).unwrap_or_default(),
            at,
        };
        let program = crate::house::program();
        let (events, verdict) = match prescription.cancel(&order) {
            Ok(events) => (events, Verdict::Cancelled { number: number.clone() }),
            Err(refusal) => {
                let person = self.pharmacy_person(&program);
                let events = prescription.refused("cancel", &person, at, &refusal);
                (events, Verdict::Rejected { refusals: vec![refusal] })
            }
        };
        let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(|error| Fault::Broken(error.to_string()))?;
        let mut pieces = vec![NewPiece { media: "application/xml".to_owned(), bytes: bytes.to_vec(), seal }];
        let by = By { actor: &program, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp };
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.with_pieces(&by, &name, event, std::mem::take(&mut pieces))?;
        }
        let digest = theriac_journal::hash::sha256(bytes).to_hex();
        if let Some(answer) = Self::withdrawal_answer(message, &digest, &verdict, by.at) {
            change = change.job(NewJob {
                kind: ANSWER.to_owned(),
                key: format!("{ANSWER}/{digest}/{version}"),
                due_ms: at.timestamp.as_millisecond(),
                payload: answer,
            });
        }
        change.commit(&self.store)?;
        Ok(Arrival { verdict, archived: digest })
    }

    fn withdrawal_answer(
        message: &Message,
        digest: &str,
        verdict: &Verdict,
        sent_time: jiff::Timestamp,
    ) -> Option<Vec<u8>> {
        let to = ReplyTo::of(message)?;
        let reply = Reply {
            message_id: format!("C-{}", digest.get(..24)?),
            sent_time,
            software: software(),
            rx_reference: None,
        };
        let cancelled = match verdict {
            Verdict::Rejected { refusals } => {
                let found = |refusal: &Refusal| format!("{}: {}", refusal.code, refusal.what);
                Cancelled::Denied { reason_code: None, reason: refusals.first().map(found).unwrap_or_default() }
            }
            Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => {
                Cancelled::Approved { note: None }
            }
        };
        cancel_rx_response(&to, &reply, &cancelled).ok().map(|message| encode(&message))
    }
}
