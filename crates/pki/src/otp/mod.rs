//! One-time-password devices: RFC 4226 (counting) and RFC 6238 (by the clock).
//!
//! 1. [`pskc::read`] and [`csv::read`] take a maker's seed file in; each device becomes a [`NewDevice`].
//! 2. [`SeedKey::seal`] encrypts its seed; the key lies in a key file under the deployment's password. Nothing stores a
//!    seed in the clear.
//! 3. [`CodeCredential::enrol`] binds a device to a practitioner's registration, if the deployment's list of models says
//!    that its make may sign: the device itself must ask for a PIN or biometric, unless the rule allows another second
//!    factor beside it.
//! 4. [`CodeCredential::verify`] turns a code into a [`crate::TwoFactorPass`], once: a counter or time step never serves
//!    twice, wrong codes are counted and lock the device, a device that drifted is brought back by two codes in a row.
//!
//! A code says nothing about what is signed; the pass binds it to the challenge that was open when it was entered.

mod code;
mod credential;
pub mod csv;
mod device;
pub mod pskc;
mod seed;
mod xml;

pub use code::{Digits, Hash, Moving, Scheme, code};
pub use credential::{Accepted, Beside, CodeAnswer, CodeCredential, DeviceState, Holder, Terms};
pub use device::{DeviceId, ImportedFile, LeftOut, NewDevice};
pub use seed::{SealedSeed, Seed, SeedKey, SeedProblem};
