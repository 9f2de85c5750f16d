//! Identity proofing: what must be on file before anybody is given the right to sign.
//!
//! Two records stand side by side. The proposal of 2008 (1311.105) wants a document of ten items by a hospital, a State
//! board or the police, who saw the practitioner in person, and checks of its own by the service provider. The law in force
//! (21 CFR 1311.105, 1311.110) wants a credential of an approved provider, or proofing by the institution for its own
//! staff. The profile says which of the two are asked; under `strictest` both are.
//!
//! What is entered here is what stands on paper, right or wrong: [`Document`] and [`Record`] hold text. Every item that is
//! absent or does not serve is one [`Refusal`](theriac_model::Refusal), and all of them are answered at once.

mod check;
mod codec;
mod complete;
mod document;
mod form;
mod name;
mod place;
mod record;

pub use check::{Check, CheckKind, CheckResult, Contact, ContactAnswer, ContactMode, NumberSource};
pub(crate) use codec::instant;
pub use complete::{Problems, problems};
pub use document::{Document, Entity, EntityKind, Format, Said, Upload};
pub use form::{Item, PROOFING_FORM};
pub use name::{names_agree, same_name};
pub use place::{Authority, Place, StateCode, Under};
pub use record::{Approval, Record};
