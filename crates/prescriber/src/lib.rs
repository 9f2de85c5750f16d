//! The practitioner's application: who may sign, and a prescription's way from draft to the pharmacy's answer.
//!
//! A functional core. State, command and time go in; events or a refusal come out. What the law forbids at a stage is a
//! method that the stage's type does not have: nothing but [`stage::Signed`] can be transmitted or printed, and each
//! consumes it, so a transmitted prescription cannot be printed nor a printed one transmitted.
//! Afterwards come letters ([`letters`]) and, where it was never delivered, the paper that replaces it ([`on_paper`]).

pub mod access;
pub mod access_event;
pub mod audit;
pub mod duties;
pub mod enrolment;
pub mod event;
pub mod grant;
pub mod incident;
pub mod law;
pub mod letters;
pub mod log;
pub mod notice;
pub mod on_paper;
pub mod prescription;
pub mod proofing;
pub mod registrants;
pub mod retention;
pub mod set;
pub mod stage;
pub mod statement;
mod stored;
pub mod terms;
pub mod token;
pub mod token_event;
mod words;

pub use access::{Credential, Signer};
pub use access_event::AccessEvent;
pub use enrolment::EnrolmentEvent;
pub use event::Event;
pub use grant::Controller;
pub use prescription::Prescription;
pub use stage::{Draft, Printed, Ready, Reviewed, Signed, Transmitted};
pub use token_event::TokenEvent;
