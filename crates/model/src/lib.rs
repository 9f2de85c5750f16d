//! The words of the field, and nothing else: every other crate speaks in these types.
//!
//! No clock, no input or output, no cryptography. A value of a type here has already been checked: identifiers are
//! parsed once, quantities are exact, a refusal always names its paragraph and the next step.

pub mod calendar;
pub mod canonical;
pub mod cite;
pub mod contents;
pub mod decimal;
pub mod drug;
pub mod finding;
pub mod hex;
pub mod holidays;
pub mod ids;
pub mod json;
pub mod quantity;
pub mod registrant;
pub mod role;
pub mod schedule;
pub mod service;

pub use canonical::{CanonicalContents, Difference, DifferenceKind, Element, Need, NotCanonical};
pub use cite::{Cite, Edition};
pub use contents::{Address, Contents, Missing, Patient, PersonName, Practitioner};
pub use decimal::Decimal;
pub use drug::{Drug, Ndc, NotAnNdc, ProductNdc};
pub use finding::{Code, Finding, Refusal};
pub use ids::{DeaNumber, NotADeaNumber, RegistrantType, Registration, RegistrationKey};
pub use quantity::{DrugUnit, NotAQuantity, Quantity};
pub use registrant::{BusinessActivity, DrugSchedules, RegistrantRow, RegistrantStatus};
pub use role::{Actor, Role};
pub use schedule::Schedule;
pub use service::{Branch, NotAServiceId, ServiceId};
