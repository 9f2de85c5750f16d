//! Editions of the law, the parameters that differ between them, and the profiles that combine them.

mod listed;
mod overlay;
mod parameter;
mod profile;

pub use overlay::{BadOverlay, Ignored, Overlay};
pub(crate) use parameter::parameter;
pub use parameter::{By, Direction, Domain, Parameter, Row, UNLIMITED, bit};
pub use profile::{Bound, Law, Production, Profile, UnknownProfile};
