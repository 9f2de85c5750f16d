//! Answers to a message: To and From change places, the message answered and the order's numbers are copied.

use super::codes;
use super::compose::{Envelope, Order, Software, Traffic, header, medication_of, medication_parts, quantity, response};
use super::composer::Composer;
use super::message::Message;
use super::views::{FillStatus, Outcome, Party, Response};
use jiff::Timestamp;
use theriac_model::{CanonicalContents, Quantity, Refusal};

/// What an answer takes over from the message it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// Who answers: the message's `To`.
    pub from: Party,
    /// Who is answered: the message's `From`.
    pub to: Party,
    /// The number of the message answered.
    pub relates_to: String,
    /// The prescriber's number of the order.
    pub order_number: Option<String>,
    /// The pharmacy's number of the prescription.
    pub rx_reference: Option<String>,
    /// A test is answered by a test.
    pub traffic: Traffic,
}

impl ReplyTo {
    /// The answer's address, from the message; `None` if it says neither from whom nor under which number it comes.
    pub fn of(message: &Message) -> Option<Self> {
        let header = message.header();
        let nobody = || Party { id: "unknown".to_owned(), qualifier: Some("ZZZ".to_owned()) };
        Some(Self {
            from: header.to().unwrap_or_else(nobody),
            to: header.from()?,
            relates_to: header.message_id()?.to_owned(),
            order_number: header.prescriber_order_number().map(str::to_owned),
            rx_reference: header.rx_reference_number().map(str::to_owned),
            traffic: if header.test_message().is_some() { Traffic::Test } else { Traffic::Production },
        })
    }

    /// The envelope of an answer with that number, sent at that time.
    pub fn envelope(&self, reply: &Reply) -> Envelope {
        Envelope {
            to: self.to.clone(),
            from: self.from.clone(),
            message_id: reply.message_id.clone(),
            relates_to: Some(self.relates_to.clone()),
            sent_time: reply.sent_time,
            software: reply.software.clone(),
            order_number: self.order_number.clone(),
            rx_reference: reply.rx_reference.clone().or_else(|| self.rx_reference.clone()),
            traffic: self.traffic,
            order: Order::default(),
        }
    }
}

/// What an answer adds of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Unique for the sender; at most 35 characters.
    pub message_id: String,
    /// When it is sent.
    pub sent_time: Timestamp,
    /// By which software.
    pub software: Software,
    /// The pharmacy's number of the prescription, where it has given one.
    pub rx_reference: Option<String>,
}

/// How a message was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// `000`: a prescription or a request was accepted for delivery or processing.
    ForProcessing,
    /// `010`: a Verify, an Error or a Status was accepted; nothing follows.
    Final,
}

/// Why a message was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// `600`: it could not be delivered.
    Communication,
    /// `601`: the receiver cannot process it.
    CannotProcess,
    /// `602`: the receiver rejects it, as when a signature does not verify.
    Receiver,
    /// `900`: it is not a message this system understands.
    Transaction,
}

impl Rejected {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Communication => "600",
            Self::CannotProcess => "601",
            Self::Receiver => "602",
            Self::Transaction => "900",
        }
    }
}

fn message(
    to: &ReplyTo,
    reply: &Reply,
    name: &'static str,
    inside: impl FnOnce(&mut Composer),
) -> Result<Message, Vec<Refusal>> {
    let mut composer = Composer::new();
    header(&mut composer, &to.envelope(reply), None);
    composer.part("Body", |composer| composer.part(name, inside));
    composer.finish()
}

/// A Status.
///
/// # Errors
/// What the header cannot carry; so also for the other answers.
pub fn status(to: &ReplyTo, reply: &Reply, accepted: Accepted) -> Result<Message, Vec<Refusal>> {
    message(to, reply, "Status", |composer| {
        let code = match accepted {
            Accepted::ForProcessing => "000",
            Accepted::Final => "010",
        };
        composer.leaf("Code", None, code);
    })
}

/// An Error with codes that say more and a clear text of at most 350 characters.
pub fn error(
    to: &ReplyTo,
    reply: &Reply,
    rejected: Rejected,
    description_codes: &[&str],
    text: &str,
) -> Result<Message, Vec<Refusal>> {
    message(to, reply, "Error", |composer| {
        composer.leaf("Code", None, rejected.code());
        for code in description_codes {
            composer.leaf("DescriptionCode", None, code);
        }
        composer.leaf("Description", None, text);
    })
}

/// The Error that tells the sender of a refusal: its code, what was found and the next step, as far as 350 characters go.
pub fn error_of(to: &ReplyTo, reply: &Reply, rejected: Rejected, refusal: &Refusal) -> Result<Message, Vec<Refusal>> {
    let full = format!("{}: {} ({}). {}", refusal.code, refusal.what, refusal.cite, refusal.next);
    let fits = |text: &String| text.chars().count() <= 350;
    let short = || format!("{}: {}", refusal.code, refusal.what);
    let text = [full, short(), refusal.code.to_string()].into_iter().find(fits).unwrap_or_default();
    let clean: String = text.chars().filter(|&c| super::text::is_xml_char(c)).collect();
    error(to, reply, rejected, &[], &clean)
}

/// A Verify: the message reached its final recipient.
pub fn verify(to: &ReplyTo, reply: &Reply) -> Result<Message, Vec<Refusal>> {
    message(to, reply, "Verify", |composer| {
        composer.part("VerifyStatus", |composer| composer.leaf("Code", None, "010"));
    })
}

/// How a withdrawal was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It will not be filled, or not any more.
    Approved {
        /// What was still outstanding, in words.
        note: Option<String>,
    },
    /// It was filled or transferred already.
    Denied {
        /// A code of the standard's list, such as `AR`.
        reason_code: Option<String>,
        /// Why, in words.
        reason: String,
    },
}

/// The answer to a withdrawal.
pub fn cancel_rx_response(to: &ReplyTo, reply: &Reply, cancelled: &Cancelled) -> Result<Message, Vec<Refusal>> {
    let answer = match cancelled.clone() {
        Cancelled::Approved { note } => {
            Response { outcome: Outcome::Approved, reason_codes: Vec::new(), reference: None, note }
        }
        Cancelled::Denied { reason_code, reason } => Response {
            outcome: Outcome::Denied,
            reason_codes: reason_code.into_iter().collect(),
            reference: None,
            note: Some(reason),
        },
    };
    message(to, reply, "CancelRxResponse", |composer| response(composer, &answer))
}

/// What the pharmacy tells of a filling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What became of it.
    pub status: FillStatus,
    /// Words.
    pub note: Option<String>,
    /// How much was dispensed; `None` if nothing.
    pub quantity: Option<Quantity>,
}

/// An RxFill about the prescription in `prescription`, whose parties are copied as they came.
pub fn rx_fill(
    prescription: &Message,
    contents: &CanonicalContents,
    to: &ReplyTo,
    reply: &Reply,
    filled: &Filled,
) -> Result<Message, Vec<Refusal>> {
    message(to, reply, "RxFill", |composer| {
        composer.part("FillStatus", |composer| {
            composer.part(filled.status.name(), |composer| composer.optional("Note", filled.note.as_deref()));
        });
        for name in ["Patient", "Pharmacy", "Prescriber"] {
            if let Some(part) = prescription.element().child(name) {
                composer.copy(part);
            }
        }
        composer.part("MedicationPrescribed", |composer| medication_parts(composer, contents, &Order::default()));
        if let Some(amount) = &filled.quantity {
            composer.part("MedicationDispensed", |composer| {
                medication_of(composer, contents, &Order::default(), |composer| {
                    let value = amount.value().to_string();
                    quantity(composer, Some(&value), Some(amount.unit()), codes::QUANTITY_RECEIVED);
                });
            });
        }
    })
}
