//! Enrolment: from an application to a person who may sign, and what is missing on the way.
//!
//! Opened by the applicant; the proofing document and the in-force record are entered, the document accepted; the service
//! provider makes its checks; two others grant the right ([`crate::grant`]); tokens are bound ([`crate::token`]). Nothing is
//! granted while [`Review`] still lists anything: it lists everything at once, each with its paragraph and next step.

mod event;
mod review;
mod rules;
pub(crate) mod state;

pub use event::EnrolmentEvent;
pub use review::{PlaceReview, Review};
pub use rules::{Provider, ProviderKind, Rules};
pub use state::{Application, Enrolment, Intended, Location, RESPONSIBILITY, Stage};
