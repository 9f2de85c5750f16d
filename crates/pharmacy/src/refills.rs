//! Refills that the practitioner authorises orally after the prescription was issued.

use crate::people::Person;
use theriac_law::Moment;
use theriac_model::Quantity;

/// What the pharmacist took down (21 CFR 1306.22(e); 2008: 1306.22(e)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OralAuthorization {
    /// When the practitioner authorised them.
    pub at: Moment,
    /// How many refills are added; more than zero.
    pub additional: u32,
    /// The quantity of each.
    pub quantity: Quantity,
    /// The practitioner who authorised them, by name; must be who issued the prescription.
    pub practitioner: String,
}

/// `rx.refills-added`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedRefills {
    /// What was authorised.
    pub authorization: OralAuthorization,
    /// The pharmacist who took it down.
    pub by: Person,
}
