//! Letters about a prescription that was sent: withdrawing it, and answering what the pharmacy asks. Each is a message of
//! the standard, archived with its record and written down to be sent in the same transaction.

use super::{broken, first, prescription_stream, software};
use crate::house::House;
use crate::house::record::{Change, Fault};
use theriac_journal::hash::sha256;
use theriac_model::{Actor, Refusal};
use theriac_prescriber::Event;
use theriac_prescriber::letters::{Answering, Asking, Letter, OpenRequest, Withdrawing};
use theriac_store::{JobId, NewJob, NewPiece};
use theriac_wire::script::compose::{Purpose, Traffic, compose};
use theriac_wire::script::{Body, Envelope, Message, Order, Outcome, Party, PharmacyParty, Response, decode, encode};

/// The kind of the job that sends a letter.
pub(crate) const LETTER: &str = "letter";
/// The longest reason, in characters, that the standard carries.
const WORDS_MOST: usize = 260;

/// Words that a letter can carry: trimmed, 1 to 260 characters on one line.
///
/// # Errors
/// Anything else.
fn words(field: &'static str, typed: &str) -> Result<String, Fault> {
    let words = typed.trim();
    let count = words.chars().count();
    if (1..=WORDS_MOST).contains(&count) && !words.chars().any(char::is_control) {
        return Ok(words.to_owned());
    }
    let what =
        if count == 0 { "no reason is given".to_owned() } else { format!("{WORDS_MOST} characters on one line fit") };
    Err(Refusal::new("RX-LETTER-WORDS", "21 CFR 1306.04(a)", what, "say why, in words that the pharmacist can use")
        .about(field)
        .into())
}

impl House {
    /// Withdraws a prescription that was sent.
    ///
    /// # Errors
    /// By anyone but the practitioner who signed it; before it was sent; while the pharmacy has not answered.
    pub(crate) fn cancel(&self, by: &Actor, id: &str, reason: &str) -> Result<(), Fault> {
        let reason = words("reason", reason)?;
        let (now, version) = self.prescription_now(id)?;
        let contents = now.contents().clone();
        let routing = now.routing().clone();
        let (sent, _) = now.into_sent()?;
        let message = format!("X-{id}-{version}");
        let envelope = self.letter(&message, id, &routing.pharmacy, format!("N-{id}"), Order::default());
        let made = compose(&Purpose::CancelRx, &contents, &envelope).map_err(first)?;
        let bytes = encode(&made);
        let letter = sent.cancel(by, reason, message.clone(), sha256(&bytes).to_hex())?;
        self.post_letter(by, id, version, (letter, message, bytes))
    }

    /// Answers a request of the pharmacy, named by the identifier of its message.
    ///
    /// # Errors
    /// By anyone but the practitioner who signed the prescription; a request that is not open.
    pub(crate) fn answer_request(
        &self,
        by: &Actor,
        id: &str,
        request: &str,
        answer: Answering,
        typed: &str,
    ) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let contents = now.contents().clone();
        let routing = now.routing().clone();
        let asking = now.requests().iter().find(|open| open.message == request).map(|open| open.asking);
        let (sent, _) = now.into_sent()?;
        let (outcome, words) = match answer {
            Answering::Denied => (Outcome::Denied, words("words", typed)?),
            Answering::NewPrescription => {
                (Outcome::DeniedNewPrescriptionToFollow, "a new prescription follows".to_owned())
            }
        };
        let message = format!("Y-{id}-{version}");
        let letter = sent.answer(by, request, answer, words.clone(), String::new())?;
        let response = Response { outcome, reason_codes: Vec::new(), reference: None, note: Some(words) };
        let purpose = match asking {
            Some(Asking::Change) => Purpose::RxChangeResponse(response),
            _ => Purpose::RxRenewalResponse(response),
        };
        let envelope = self.letter(&message, id, &routing.pharmacy, request.to_owned(), Order::default());
        let bytes = encode(&compose(&purpose, &contents, &envelope).map_err(first)?);
        let letter = match letter {
            Letter::Answered { by, message, answer, words, .. } => {
                Letter::Answered { by, message, answer, words, archived: sha256(&bytes).to_hex() }
            }
            other => other,
        };
        self.post_letter(by, id, version, (letter, message, bytes))
    }

    fn letter(&self, message: &str, id: &str, pharmacy: &str, relates_to: String, order: Order) -> Envelope {
        let party = PharmacyParty { ncpdp_id: Some(pharmacy.to_owned()), ..PharmacyParty::default() };
        Envelope {
            to: Party::pharmacy(pharmacy.to_owned()),
            from: Party::prescriber(self.config.practice.network_id.clone()),
            message_id: message.to_owned(),
            relates_to: Some(relates_to),
            sent_time: self.clock.now(),
            software: software(),
            order_number: Some(id.to_owned()),
            rx_reference: None,
            traffic: if self.deployment.demo().is_some() { Traffic::Test } else { Traffic::Production },
            order: Order { pharmacy: Some(party), ..order },
        }
    }

    fn post_letter(
        &self,
        by: &Actor,
        id: &str,
        version: u64,
        (letter, message, bytes): (Letter, String, Vec<u8>),
    ) -> Result<(), Fault> {
        let name = prescription_stream(id);
        let at = self.clock.now();
        let seal = self.keys.prescriber.seal(&bytes, at).map_err(broken)?;
        let piece = NewPiece { media: "application/xml".to_owned(), bytes: bytes.clone(), seal };
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(by, ""), &name, &Event::Letter(letter), vec![piece])?
            .job(NewJob {
                kind: LETTER.to_owned(),
                key: format!("{LETTER}/{message}"),
                due_ms: at.as_millisecond(),
                payload: bytes,
            })
            .commit(&self.store)?;
        Ok(())
    }

    /// Records that a letter of the practice left, and finishes the job that sent it.
    pub(crate) fn letter_sent(&self, bytes: &[u8], job: JobId) -> Result<(), Fault> {
        let message = decode(bytes).map_err(|refusal| *refusal)?;
        let header = message.header();
        let id = header.prescriber_order_number().unwrap_or_default();
        let (_, version) = self.prescription_now(id)?;
        let sent = Letter::Sent { message: header.message_id().unwrap_or_default().to_owned() };
        self.keep_letter(id, version, sent, None, job)
    }

    /// Takes in what the pharmacy wrote about the prescription `id`: an answer to a withdrawal, or a request.
    ///
    /// # Errors
    /// A letter that nothing asked for; it is refused and changes nothing.
    pub(crate) fn letter_arrived(&self, id: &str, message: &Message, bytes: &[u8], job: JobId) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let archived = sha256(bytes).to_hex();
        let number = message.header().message_id().unwrap_or_default().to_owned();
        let unexpected = |what: &'static str| {
            Fault::from(Refusal::new("RX-LETTER-UNEXPECTED", "-", what, "ask the pharmacy what it means"))
        };
        let asked = now.stage() == "cancel-requested";
        let letter = match message.body() {
            Body::CancelRxResponse(answer) => {
                let answer =
                    answer.response().ok_or_else(|| unexpected("the answer to the withdrawal says nothing"))?;
                let yes = matches!(answer.outcome, Outcome::Approved | Outcome::ApprovedWithChanges);
                let words = answer.note.or_else(|| answer.reason_codes.into_iter().next()).unwrap_or_default();
                Letter::CancelAnswered {
                    answer: if yes { Withdrawing::Approved } else { Withdrawing::Denied },
                    words,
                    archived,
                }
            }
            Body::Error(error) => Letter::CancelAnswered {
                answer: Withdrawing::Denied,
                words: format!(
                    "Error {} {}",
                    error.code().unwrap_or_default(),
                    error.description().unwrap_or_default()
                ),
                archived,
            },
            Body::RxRenewalRequest(request) => Letter::Asked {
                asking: Asking::Renewal,
                code: String::new(),
                words: said(request.node().value(&["Note"]), request.change_reason()),
                message: number,
                archived,
            },
            Body::RxChangeRequest(request) => Letter::Asked {
                asking: Asking::Change,
                code: request.request_code().unwrap_or_default().to_owned(),
                words: said(request.change_reason(), None),
                message: number,
                archived,
            },
            _ => return Err(unexpected("the letter is of another kind")),
        };
        if matches!(letter, Letter::CancelAnswered { .. }) && !asked {
            return Err(unexpected("nobody here withdrew the prescription, or the pharmacy has answered already"));
        }
        if let Letter::Asked { message, .. } = &letter {
            let open = |open: &OpenRequest| open.message == *message;
            if now.requests().iter().any(open) {
                return Err(unexpected("the same request is open already"));
            }
        }
        // Replaying with the letter tells whether it can follow; at any other stage it is refused.
        if !matches!(now.stage(), "cancelled") {
            now.into_sent()?;
        }
        self.keep_letter(id, version, letter, Some(bytes), job)
    }

    fn keep_letter(
        &self,
        id: &str,
        version: u64,
        letter: Letter,
        bytes: Option<&[u8]>,
        job: JobId,
    ) -> Result<(), Fault> {
        let name = prescription_stream(id);
        let program = crate::house::program();
        let pieces = bytes.map(|bytes| NewPiece {
            media: "application/xml".to_owned(),
            bytes: bytes.to_vec(),
            seal: Vec::new(),
        });
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(&program, ""), &name, &Event::Letter(letter), pieces.into_iter().collect())?
            .finishes(job)
            .commit(&self.store)?;
        Ok(())
    }
}

fn said(first: Option<&str>, then: Option<&str>) -> String {
    first.or(then).unwrap_or_default().chars().take(WORDS_MOST).collect()
}
