//! NCPDP SCRIPT, the messages of a prescription's life.
//!
//! [`decode`] reads a message with a bounded XML reader (no entities, no DTD) into a [`Message`]: a tree in the order of
//! the element tables ([`table`], [`v2017071`]), which says by [`Notice`]s what it met that the tables do not know and
//! keeps it. [`encode`] prints it back; nothing is dropped on the way. [`to_contents`] takes the elements that
//! 21 CFR 1306.05 and 1311 require out of a message, in their canonical form; [`compose()`] does the reverse.
//!
//! Facts about the standard (names, order, codes) come from open samples and from the public-domain system of the
//! Department of Veterans Affairs; the standard's own schemas were not used. The tables are data, so that a check
//! against the schema changes tables and not code.
//!
//! ```
//! use theriac_model::Element;
//! use theriac_wire::script::{decode, to_contents};
//!
//! let message = decode(
//!     b"<Message TransactionVersion='20170715'><Header><MessageID>1</MessageID></Header><Body><NewRx>
//!         <MedicationPrescribed><Quantity><Value>30.0</Value></Quantity></MedicationPrescribed>
//!       </NewRx></Body></Message>",
//! )?;
//! let arrived = to_contents(&message);
//! assert_eq!(arrived.contents.get(Element::QuantityValue), Some("30"));
//! assert!(arrived.contents.missing().contains(&Element::Registration));
//!
//! let refusal = decode(b"<!DOCTYPE Message><Message/>").unwrap_err();
//! assert_eq!(refusal.code.0, "WIRE-XML-DTD");
//! # Ok::<(), Box<theriac_model::Refusal>>(())
//! ```

pub mod check;
pub mod codes;
pub mod compose;
mod composer;
pub mod contents;
mod decode;
pub(crate) mod describe;
pub mod edit;
mod encode;
pub mod layout;
mod limits;
mod message;
mod notice;
pub mod refusals;
pub mod reply;
pub mod signature;
pub mod table;
mod text;
pub mod transfer;
mod tree;
pub mod v2017071;
mod views;

pub use check::{CheckReport, Lookup, RoundTrip, Verdict, check};
pub use compose::{
    Envelope, Gender, Order, PharmacyParty, Purpose, Signature, Software, Substitution, Traffic, compose, from_contents,
};
pub use contents::{ArrivedContents, Holder, OtherRegistration, SignedIndication, to_contents};
pub use decode::{decode, decode_from, decode_with};
pub use edit::{Change, Routing, change_body, change_header, reroute};
pub use encode::{encode, encode_indented};
pub use layout::{Freedom, lay_out, reform, relayout};
pub use limits::Limits;
pub use message::{Body, Message, MessageKind, TransactionVersion};
pub use notice::{Notice, NoticeKind};
pub use reply::{Reply, ReplyTo};
pub use signature::SignatureGroup;
pub use tree::{Children, NodeRef};
pub use views::{DigitalSignature, FillStatus, Header, Medication, Outcome, Party, Person, Response};
