//! What the pharmacy writes to the practice besides its first answer: notices of filling where the prescription asked for
//! them, requests for a renewal or a change; and the practice's answers to those, noted on the record.

use super::dispense::Wanted;
use super::intake::{ANSWER, Arrival, Verdict};
use crate::house::House;
use crate::house::record::{By, Change, Fault};
use crate::practice::software;
use theriac_model::{Actor, Refusal};
use theriac_pharmacy::{
    Annotation, AnnotationKind, Contact, Event, Filling, Note, Pharmacist, Prescription, PrescriptionNumber,
};
use theriac_prescriber::letters::Asking;
use theriac_store::{NewJob, NewPiece};
use theriac_wire::script::compose::{Purpose, compose};
use theriac_wire::script::reply::{Filled, rx_fill};
use theriac_wire::script::{Body, Envelope, FillStatus, Message, MessageKind, Order, Reply, ReplyTo, decode, encode};

/// What a pharmacist asks the practitioner for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) asking: Asking,
    /// The standard's code of a change: `G`, `T`, `D`, `S`, `OS`, `P`, `U`; empty for a renewal.
    pub(crate) code: String,
    /// The pharmacist's words.
    pub(crate) words: String,
}

/// The codes of a change, with what they mean.
pub(crate) const CHANGES: [(&str, &str); 5] = [
    ("G", "another product of the same drug"),
    ("T", "another drug"),
    ("D", "a doubt about the use of the drug"),
    ("S", "something is missing or not clear"),
    ("OS", "the drug is out of stock"),
];

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn first(refusals: Vec<Refusal>) -> Fault {
    refusals.into_iter().next().map_or_else(|| broken("refused without a reason"), Fault::from)
}

impl House {
    /// The message by which a prescription came, as archived.
    fn message_of(&self, prescription: &Prescription) -> Result<Message, Fault> {
        let name = prescription.received().number.stream();
        let arrived = self.store.stream(&name)?.into_iter().next().ok_or_else(|| broken("the record is empty"))?;
        let piece = self.store.archive(arrived.seq)?.into_iter().next();
        let piece = piece.ok_or_else(|| broken("the message is not in the archive"))?;
        decode(&piece.bytes).map_err(|refusal| Fault::from(*refusal))
    }

    /// The job that tells the practice of a filling; none where the prescription did not ask to be told.
    pub(super) fn fill_notice(
        &self,
        prescription: &Prescription,
        wanted: &Wanted,
        filling: &Filling,
    ) -> Result<Option<NewJob>, Fault> {
        // What came on paper, by fax or by telephone has no sender to write to.
        if prescription.received().message().is_none() {
            return Ok(None);
        }
        let message = self.message_of(prescription)?;
        let medication = match message.body() {
            Body::NewRx(order) => order.medication_prescribed(),
            _ => None,
        };
        let asked = medication.and_then(theriac_wire::script::Medication::fill_indicator);
        let Some(to) = asked.filter(|asked| !asked.starts_with("Cancel")).and_then(|_| ReplyTo::of(&message)) else {
            return Ok(None);
        };
        let received = prescription.received();
        let at = self.clock.now();
        let reply = Reply {
            message_id: format!("F-{}-{}", received.number, filling.no),
            sent_time: at,
            software: software(),
            rx_reference: Some(received.number.to_string()),
        };
        let status = match wanted {
            Wanted::Fill | Wanted::Refill | Wanted::Remainder => FillStatus::Dispensed,
            Wanted::Part(_) => FillStatus::PartiallyDispensed,
        };
        let filled = Filled { status, note: None, quantity: Some(filling.quantity.clone()) };
        let told = rx_fill(&message, &received.contents, &to, &reply, &filled).map_err(first)?;
        Ok(Some(NewJob {
            kind: ANSWER.to_owned(),
            key: format!("{ANSWER}/fill/{}/{}", received.number, filling.no),
            due_ms: at.as_millisecond(),
            payload: encode(&told),
        }))
    }

    /// Asks the practitioner for a renewal or a change; the record says so.
    ///
    /// # Errors
    /// By anyone but a pharmacist; without words; a message that names no order.
    pub(crate) fn ask_practitioner(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        request: &Request,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let no_sender = |what: &'static str| {
            Refusal::new("PHARM-NO-SENDER", "-", what, "call the practitioner, and annotate the record")
        };
        if prescription.received().message().is_none() {
            return Err(no_sender("it came by no message, so none can go back").into());
        }
        let message = self.message_of(&prescription)?;
        let to = ReplyTo::of(&message).ok_or_else(|| no_sender("the message does not say from whom it came"))?;
        let contents = &prescription.received().contents;
        let part = |element| contents.get(element).unwrap_or_default();
        let person = [theriac_model::Element::PractitionerFirst, theriac_model::Element::PractitionerLast].map(part);
        let text = match request.asking {
            Asking::Renewal => format!("asked for a renewal: {}", request.words),
            Asking::Change => format!("asked for a change ({}): {}", request.code, request.words),
        };
        let note = Note {
            kind: AnnotationKind::PrescriberContact,
            text,
            contact: Some(Contact { person: person.join(" ").trim().to_owned(), method: "message".to_owned() }),
            corrects: None,
        };
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let reply = Reply {
            message_id: format!("Q-{number}-{version}"),
            sent_time: at.timestamp,
            software: software(),
            rx_reference: Some(number.to_string()),
        };
        let envelope = Envelope { order: Order::default(), ..to.envelope(&reply) };
        let purpose = match request.asking {
            Asking::Renewal => Purpose::RxRenewalRequest,
            Asking::Change => {
                Purpose::RxChangeRequest { code: request.code.clone(), reason: Some(request.words.clone()) }
            }
        };
        let bytes = encode(&compose(&purpose, contents, &envelope).map_err(first)?);
        let by = By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp };
        let seal = self.keys.pharmacy.seal(&bytes, at.timestamp).map_err(broken)?;
        let mut pieces = vec![NewPiece { media: "application/xml".to_owned(), bytes: bytes.clone(), seal }];
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in prescription.annotate(&pharmacist, at, &note)? {
            change = change.with_pieces(&by, &name, &event, std::mem::take(&mut pieces))?;
        }
        let job = NewJob {
            kind: ANSWER.to_owned(),
            key: format!("{ANSWER}/ask/{number}/{version}"),
            due_ms: at.timestamp.as_millisecond(),
            payload: bytes,
        };
        change.job(job).commit(&self.store)?;
        Ok(())
    }

    /// The prescription whose request a message answers, if it answers without prescribing anything.
    pub(super) fn answered_by(&self, message: &Message) -> Option<PrescriptionNumber> {
        if !matches!(message.kind(), MessageKind::RxRenewalResponse | MessageKind::RxChangeResponse) {
            return None;
        }
        let (Body::RxRenewalResponse(answer) | Body::RxChangeResponse(answer)) = message.body() else { return None };
        if answer.response()?.outcome.prescribes() {
            return None;
        }
        let header = message.header();
        self.twins.of_order(&header.from()?.id, header.prescriber_order_number()?)
    }

    /// Notes on the record what the practitioner answered, with the message archived as it came.
    pub(super) fn note_answer(
        &self,
        number: &PrescriptionNumber,
        message: &Message,
        bytes: &[u8],
    ) -> Result<Arrival, Fault> {
        let mut at = self.clock.moment();
        at.timestamp = jiff::Timestamp::from_second(at.timestamp.as_second()).unwrap_or(at.timestamp);
        let (prescription, version) = self.dispensing_now(number)?;
        let program = crate::house::program();
        let response = match message.body() {
            Body::RxRenewalResponse(answer) | Body::RxChangeResponse(answer) => answer.response(),
            _ => None,
        };
        let (outcome, words) = response.map_or(("answered", None), |answer| (answer.outcome.name(), answer.note));
        let contents = &prescription.received().contents;
        let last = contents.get(theriac_model::Element::PractitionerLast).unwrap_or_default();
        let text = format!("the practitioner answered the request: {outcome}. {}", words.unwrap_or_default());
        let noted = Event::Annotated(Annotation {
            no: u32::try_from(prescription.annotations().len()).unwrap_or(u32::MAX).saturating_add(1),
            kind: AnnotationKind::PrescriberContact,
            text: text.trim().to_owned(),
            contact: Some(Contact { person: last.to_owned(), method: "message".to_owned() }),
            corrects: None,
            at,
            by: self.pharmacy_person(&program),
        });
        let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(broken)?;
        let piece = NewPiece { media: "application/xml".to_owned(), bytes: bytes.to_vec(), seal };
        let by = By { actor: &program, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp };
        let name = number.stream();
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&by, &name, &noted, vec![piece])?
            .commit(&self.store)?;
        let archived = theriac_journal::hash::sha256(bytes).to_hex();
        Ok(Arrival { verdict: Verdict::Noted { number: number.clone() }, archived })
    }
}
