//! The three messages by which a prescription moves from one pharmacy to another: asked for, sent or denied, confirmed.
//!
//! Their names are public (42 CFR 423.160), their bodies are not. This is the profile that two nodes of this program speak: parts
//! that other messages have, and the sealed transfer file as the record itself, so that the original arrives unaltered with its
//! signature (21 CFR 1306.08(e)). A partner's implementation guide decides what is spoken with anybody else.

use super::compose;
use super::compose::{Envelope, header};
use super::composer::Composer;
use super::message::{Message, MessageKind};
use super::tree::NodeRef;
use super::views::Outcome;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use theriac_model::Refusal;

/// A pharmacy as a transfer message names it (21 CFR 1306.08(f), 1306.25(b)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferParty {
    /// Its identifier in the network.
    pub ncpdp_id: String,
    /// Its DEA registration number.
    pub dea: String,
    /// Its name, at most 70 characters.
    pub name: String,
    /// Its address, in one line of at most 140 characters.
    pub address: String,
    /// The pharmacist who acts, by full name.
    pub pharmacist: String,
}

/// Whose prescription is asked for, so that a number that was misread moves nobody else's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferPatient {
    /// Last name.
    pub last: String,
    /// Date of birth, `yyyy-mm-dd`.
    pub born: String,
}

/// Why a transfer is denied, as one list of the standard has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferDenial {
    /// `CQ`: call to discuss.
    Call,
    /// `CR`: it will go by manual transfer.
    ByHand,
    /// `CS`: not found.
    NotFound,
    /// `CT`: it was transferred already.
    Already,
    /// `CU`: voided or cancelled.
    Void,
    /// `CV`: its stop date has passed.
    Stopped,
    /// `CW`: expired.
    Expired,
    /// `CX`: the law does not let it move.
    Law,
}

impl TransferDenial {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Call, Self::ByHand, Self::NotFound, Self::Already, Self::Void, Self::Stopped, Self::Expired, Self::Law];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Call => "CQ",
            Self::ByHand => "CR",
            Self::NotFound => "CS",
            Self::Already => "CT",
            Self::Void => "CU",
            Self::Stopped => "CV",
            Self::Expired => "CW",
            Self::Law => "CX",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Call => "call to discuss it",
            Self::ByHand => "it will be transferred by hand",
            Self::NotFound => "no such prescription",
            Self::Already => "it was transferred already",
            Self::Void => "it was voided or cancelled",
            Self::Stopped => "its stop date has passed",
            Self::Expired => "it has expired",
            Self::Law => "the law does not let it move",
        }
    }

    /// The reason that a code names.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// How a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferAnswer {
    /// The prescription: the sealed transfer file.
    Sent(Vec<u8>),
    /// It does not move.
    Denied(TransferDenial, String),
}

/// A transfer message that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferMessage {
    /// The pharmacy that asks, and whose prescription.
    Request(TransferParty, TransferPatient),
    /// The pharmacy that was asked, and its answer.
    Response(TransferParty, TransferAnswer),
    /// The pharmacy that asked, and whether it took the prescription in.
    Confirm(TransferParty, TransferEnd),
}

/// What became of a prescription at the pharmacy that had asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferEnd {
    /// It took it in: the sender's record is void.
    TakenIn,
    /// It did not take it in, and why: the sender may dispense on it again.
    NotTakenIn(String),
}

fn party(composer: &mut Composer, party: &TransferParty) {
    composer.part("Pharmacy", |composer| {
        composer.part("Identification", |composer| {
            composer.leaf("NCPDPID", None, &party.ncpdp_id);
            composer.leaf("DEANumber", None, &party.dea);
        });
        composer.require("BusinessName", &party.name);
        composer.leaf("BusinessName", None, &party.name);
    });
    composer.leaf("PharmacyAddress", None, &party.address);
    composer.require("ActingPharmacist", &party.pharmacist);
    composer.leaf("ActingPharmacist", None, &party.pharmacist);
}

fn message(
    envelope: &Envelope,
    kind: MessageKind,
    inside: impl FnOnce(&mut Composer),
) -> Result<Message, Vec<Refusal>> {
    let mut composer = Composer::new();
    header(&mut composer, envelope, None);
    composer.part("Body", |composer| composer.part(kind.name(), inside));
    composer.finish()
}

/// Asks for the prescription that the envelope's `rx_reference` numbers.
///
/// # Errors
/// What the message cannot carry; so also for the other two.
pub fn request(
    envelope: &Envelope,
    asking: &TransferParty,
    patient: &TransferPatient,
) -> Result<Message, Vec<Refusal>> {
    message(envelope, MessageKind::RxTransferRequest, |composer| {
        composer.part("Patient", |composer| {
            composer.part("HumanPatient", |composer| {
                composer.part("Name", |composer| composer.leaf("LastName", None, &patient.last));
                composer.part("DateOfBirth", |composer| composer.leaf("Date", None, &patient.born));
            });
        });
        party(composer, asking);
    })
}

/// Answers a request: the envelope relates to its number.
///
/// # Errors
/// What the message cannot carry: a reason longer than 260 characters.
pub fn response(envelope: &Envelope, asked: &TransferParty, answer: &TransferAnswer) -> Result<Message, Vec<Refusal>> {
    message(envelope, MessageKind::RxTransferResponse, |composer| {
        composer.optional("RequestReferenceNumber", envelope.relates_to.as_deref());
        let (outcome, codes, note) = match answer {
            TransferAnswer::Sent(_) => (Outcome::Approved, Vec::new(), None),
            TransferAnswer::Denied(why, text) => {
                (Outcome::Denied, vec![why.code().to_owned()], Some(text.clone()).filter(|text| !text.is_empty()))
            }
        };
        compose::response(composer, &super::Response { outcome, reason_codes: codes, reference: None, note });
        party(composer, asked);
        if let TransferAnswer::Sent(file) = answer {
            composer.leaf("SealedTransfer", None, &STANDARD.encode(file));
        }
    })
}

/// Says whether the prescription of the request `asked` was taken in: the envelope relates to the response's number.
///
/// # Errors
/// What the message cannot carry: a reason longer than 260 characters.
pub fn confirm(
    envelope: &Envelope,
    asked: &str,
    taken_by: &TransferParty,
    end: &TransferEnd,
) -> Result<Message, Vec<Refusal>> {
    message(envelope, MessageKind::RxTransferConfirm, |composer| {
        composer.leaf("RequestReferenceNumber", None, asked);
        let (outcome, note) = match end {
            TransferEnd::TakenIn => (Outcome::Approved, None),
            TransferEnd::NotTakenIn(why) => (Outcome::Denied, Some(why.clone()).filter(|why| !why.is_empty())),
        };
        compose::response(composer, &super::Response { outcome, reason_codes: Vec::new(), reference: None, note });
        party(composer, taken_by);
    })
}

/// The number of the request that a response or a confirmation is about.
pub fn about(message: &Message) -> Option<&str> {
    message.element().value(&["RequestReferenceNumber"])
}

fn read_party(node: NodeRef<'_>) -> Result<TransferParty, Refusal> {
    let pharmacy = node.child("Pharmacy").ok_or_else(|| lacks("Pharmacy"))?;
    let value = |path: &[&str]| pharmacy.value(path).unwrap_or_default().trim().to_owned();
    let beside = |name: &str| node.value(&[name]).unwrap_or_default().trim().to_owned();
    let party = TransferParty {
        ncpdp_id: value(&["Identification", "NCPDPID"]),
        dea: value(&["Identification", "DEANumber"]),
        name: value(&["BusinessName"]),
        address: beside("PharmacyAddress"),
        pharmacist: beside("ActingPharmacist"),
    };
    let must = [
        ("Pharmacy/BusinessName", &party.name),
        ("Pharmacy/Identification/DEANumber", &party.dea),
        ("PharmacyAddress", &party.address),
        ("ActingPharmacist", &party.pharmacist),
    ];
    let missing = must.into_iter().find(|(_, text)| text.is_empty()).map(|(path, _)| path);
    missing.map_or(Ok(party), |path| Err(lacks(path)))
}

fn lacks(path: &'static str) -> Refusal {
    let what = format!("{path} is missing or cannot be read, and a transfer message must say it");
    Refusal::new("WIRE-TRANSFER", "21 CFR 1306.08(f), 1306.25(b)", what, "send the message again, complete").about(path)
}

/// Reads a transfer message; `None` for a message of another kind.
///
/// # Errors
/// `WIRE-...` naming the element that is missing or cannot be read.
pub fn read(message: &Message) -> Option<Result<TransferMessage, Refusal>> {
    let node = message.element();
    Some(match message.kind() {
        MessageKind::RxTransferRequest => read_party(node).map(|party| {
            let value = |path: &[&str]| node.value(path).unwrap_or_default().trim().to_owned();
            let patient = TransferPatient {
                last: value(&["Patient", "HumanPatient", "Name", "LastName"]),
                born: value(&["Patient", "HumanPatient", "DateOfBirth", "Date"]),
            };
            TransferMessage::Request(party, patient)
        }),
        MessageKind::RxTransferResponse => {
            read_party(node).and_then(|party| Ok(TransferMessage::Response(party, read_answer(message)?)))
        }
        MessageKind::RxTransferConfirm => {
            read_party(node).and_then(|party| Ok(TransferMessage::Confirm(party, read_end(message)?)))
        }
        _ => return None,
    })
}

fn read_end(message: &Message) -> Result<TransferEnd, Refusal> {
    let super::Body::RxTransferConfirm(body) = message.body() else { return Err(lacks("Response")) };
    let answer = body.response().ok_or_else(|| lacks("Response"))?;
    match answer.outcome {
        Outcome::Approved => Ok(TransferEnd::TakenIn),
        Outcome::Denied => Ok(TransferEnd::NotTakenIn(answer.note.unwrap_or_default())),
        _ => Err(lacks("Response")),
    }
}

fn read_answer(message: &Message) -> Result<TransferAnswer, Refusal> {
    let super::Body::RxTransferResponse(body) = message.body() else { return Err(lacks("Response")) };
    let answer = body.response().ok_or_else(|| lacks("Response"))?;
    match answer.outcome {
        Outcome::Approved => {
            let text = message.element().value(&["SealedTransfer"]).ok_or_else(|| lacks("SealedTransfer"))?;
            let plain: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            let file = STANDARD.decode(plain).map_err(|_| lacks("SealedTransfer"))?;
            Ok(TransferAnswer::Sent(file))
        }
        Outcome::Denied => {
            let why = answer.reason_codes.iter().find_map(|code| TransferDenial::of(code));
            Ok(TransferAnswer::Denied(why.unwrap_or(TransferDenial::Call), answer.note.unwrap_or_default()))
        }
        _ => Err(lacks("Response")),
    }
}
