//! HL7 FHIR R4 as the source of drafts, and as a way out.
//!
//! [`drafts`] reads `MedicationRequest`s out of a resource, a `Bundle` or a CDS Hooks request, with the `Patient`, `Practitioner`,
//! `PractitionerRole` and `Medication` that they contain or that stand beside them. A draft holds what was said, in canonical
//! form; what a prescription still lacks is a list, and nothing is guessed. An element that would change the meaning
//! (`modifierExtension`, `doNotPerform`, a status that says the request is over) refuses the request and names itself;
//! one that this reader does not know is reported. [`request`] and [`dispense`] print the canonical contents.
//!
//! A draft from FHIR is a draft like any other: a practitioner reviews and signs it, or it never leaves.
//!
//! ```
//! use theriac_model::Element;
//!
//! let drafts = theriac_wire::fhir::drafts(
//!     br#"{"resourceType": "MedicationRequest", "status": "draft", "intent": "order",
//!          "subject": {"reference": "Patient/1"}, "medicationCodeableConcept": {"text": "Oxycodone hydrochloride"},
//!          "dispenseRequest": {"quantity": {"value": 30.0, "unit": "tablet"}}}"#,
//! )?;
//! let draft = drafts[0].outcome.as_ref().expect("readable");
//! assert_eq!(draft.contents.get(Element::QuantityValue), Some("30"));
//! assert!(draft.lacks().contains(&Element::Directions));
//! # Ok::<(), Box<theriac_model::Refusal>>(())
//! ```

mod codes;
mod draft;
mod json;
mod people;
mod pool;
mod print;
mod product;
pub mod refusals;
mod table;

pub use draft::{Coding, Draft, Found, drafts};
pub use json::Limits;
pub use print::{Dispensed, References, dispense, request};
