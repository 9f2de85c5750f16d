//! Security keys and passkeys: registration, and whose make is trusted with signatures.
//!
//! The way of a signing key:
//! 1. [`RegistrationRequest`] gives the page its options; the token makes a key for one registration of one practitioner.
//! 2. [`RegistrationRequest::verify`] checks the answer. `webauthn-rs-core` reads it and checks the ceremony; AWS-LC then
//!    checks the token's statement again, so that what decides comes from one cryptographic module.
//! 3. [`SigningTrust::judge`] decides on the make: metadata current, model allowed and not compromised, chain to the
//!    maker's root, key that stays on a device of its own, FIPS levels. Only then is it a [`crate::TokenKind::Hard`].
//! 4. [`Enrolled`] is what is stored, as canonical JSON of our own; [`Enrolled::credential`] makes the
//!    [`crate::Credential`] that [`crate::verify_assertion`] takes.
//!
//! Signatures are asked for with [`assertion_options`] and read with [`crate::Assertion::from_browser`]. Passkeys that only
//! open a session are in [`crate::signin`].

mod attestation;
mod browser;
mod party;
mod registration;
mod stored;
mod trust;

pub use attestation::{Aaguid, Attestation, AttestationFormat};
pub use browser::{RegistrationAnswer, assertion_options};
pub use party::{NotARelyingParty, RelyingParty};
pub use registration::{Copies, LAPSES_AFTER, NewCredential, Purpose, RegistrationRequest};
pub use stored::{BadEnrolment, Enrolled};
pub use trust::SigningTrust;
