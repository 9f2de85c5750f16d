//! Message formats: parse and print only.
//!
//! Nothing here decides anything about a prescription. A codec says what a message bears, what it lacks and what could not
//! be read; the rulebook and the applications' cores decide what follows.

pub mod arcos;
pub mod asap;
pub mod fhir;
pub mod hl7;
pub mod ndc;
pub mod registrants;
pub mod script;
