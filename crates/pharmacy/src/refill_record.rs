//! What the computer shows of refills (21 CFR 1306.22(f)(1), (2), (4)): the original order, the history with its total, and the
//! trail of one strength and form by brand, by generic name, or by both.

use crate::filling::{Filling, FillingKind};
use crate::number::PrescriptionNumber;
use crate::people::Person;
use crate::prescription::Prescription;
use jiff::civil::Date;
use theriac_law::{Moment, Profile, When};
use theriac_model::{Element, Ndc, Quantity, Schedule};

/// The data of the original order (f)(1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalOrder {
    /// The pharmacy's number.
    pub number: PrescriptionNumber,
    /// The day of issue.
    pub issued: Date,
    /// The patient's full name.
    pub patient: String,
    /// The patient's address.
    pub patient_address: String,
    /// The practitioner's name.
    pub practitioner: String,
    /// The practitioner's address.
    pub practitioner_address: String,
    /// The practitioner's registration, with any internal code.
    pub registration: String,
    /// The drug.
    pub drug: String,
    /// Its strength.
    pub strength: String,
    /// Its dosage form.
    pub form: String,
    /// The quantity prescribed.
    pub quantity: Quantity,
    /// The quantity dispensed first, where it is another.
    pub dispensed: Option<Quantity>,
    /// Refills authorised, those added later among them.
    pub refills: u32,
}

/// One refill (f)(2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefillLine {
    /// Which refill, counted from 1.
    pub no: u32,
    /// When it was dispensed.
    pub at: Moment,
    /// How much.
    pub quantity: Quantity,
    /// The pharmacist.
    pub pharmacist: Person,
    /// The product.
    pub ndc: Ndc,
}

/// The refills of one prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefillHistory {
    /// The drug.
    pub drug: String,
    /// One line a refill.
    pub lines: Vec<RefillLine>,
    /// Refills dispensed so far.
    pub total: u32,
}

/// What the drug file calls a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductName {
    /// The brand.
    pub brand: String,
    /// The generic name.
    pub generic: String,
    /// The strength.
    pub strength: String,
    /// The dosage form.
    pub form: String,
}

/// Of which drug a trail is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailOf {
    /// The brand; `None` for every brand.
    pub brand: Option<String>,
    /// The generic name; `None` for any.
    pub generic: Option<String>,
    /// The strength.
    pub strength: String,
    /// The dosage form.
    pub form: String,
}

/// One line of a trail (f)(4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    /// The prescription.
    pub number: PrescriptionNumber,
    /// The practitioner.
    pub practitioner: String,
    /// The patient.
    pub patient: String,
    /// The patient's address.
    pub patient_address: String,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub at: Moment,
    /// The pharmacist.
    pub pharmacist: Person,
    /// The product as the drug file calls it.
    pub product: ProductName,
}

impl TrailOf {
    fn holds(&self, product: &ProductName) -> bool {
        let same = |asked: &Option<String>, name: &str| {
            asked.as_ref().is_none_or(|asked| asked.trim().eq_ignore_ascii_case(name))
        };
        same(&self.brand, &product.brand)
            && same(&self.generic, &product.generic)
            && self.strength.trim().eq_ignore_ascii_case(&product.strength)
            && self.form.trim().eq_ignore_ascii_case(&product.form)
    }
}

/// The refills of one strength and form, in order of time. `product` is the drug file; a product that it does not know is
/// in no trail.
pub fn refill_trail(
    prescriptions: &[&Prescription],
    of: &TrailOf,
    product: impl Fn(&Ndc) -> Option<ProductName>,
) -> Vec<TrailLine> {
    let mut trail: Vec<TrailLine> = Vec::new();
    for prescription in prescriptions {
        let order = prescription.original_order();
        for line in prescription.refill_history(None).lines {
            let Some(product) = product(&line.ndc).filter(|product| of.holds(product)) else { continue };
            trail.push(TrailLine {
                number: order.number.clone(),
                practitioner: order.practitioner.clone(),
                patient: order.patient.clone(),
                patient_address: order.patient_address.clone(),
                quantity: line.quantity,
                at: line.at,
                pharmacist: line.pharmacist,
                product,
            });
        }
    }
    trail.sort_by(|a, b| a.at.timestamp.cmp(&b.at.timestamp).then_with(|| a.number.cmp(&b.number)));
    trail
}

impl Prescription {
    /// The data of the original order.
    pub fn original_order(&self) -> OriginalOrder {
        let first = self.fillings.iter().find(|filling| filling.stands());
        let dispensed = first.map(|filling| filling.quantity.clone());
        OriginalOrder {
            number: self.received.number.clone(),
            issued: self.face.issued,
            patient: self.joined(&[
                Element::PatientFirst,
                Element::PatientMiddle,
                Element::PatientLast,
                Element::PatientSuffix,
            ]),
            patient_address: self.joined(&[
                Element::PatientLine1,
                Element::PatientLine2,
                Element::PatientCity,
                Element::PatientState,
                Element::PatientPostal,
            ]),
            practitioner: self.joined(&[
                Element::PractitionerFirst,
                Element::PractitionerMiddle,
                Element::PractitionerLast,
                Element::PractitionerSuffix,
            ]),
            practitioner_address: self.joined(&[
                Element::PractitionerLine1,
                Element::PractitionerLine2,
                Element::PractitionerCity,
                Element::PractitionerState,
                Element::PractitionerPostal,
            ]),
            registration: self.face.registration.to_string(),
            drug: self.joined(&[Element::DrugName]),
            strength: self.joined(&[Element::DrugStrength]),
            form: self.joined(&[Element::DrugForm]),
            quantity: self.face.quantity.clone(),
            dispensed: dispensed.filter(|quantity| *quantity != self.face.quantity),
            refills: self.refills_allowed(),
        }
    }

    /// The refills, from `since` on where it is given; the total counts all of them.
    pub fn refill_history(&self, since: Option<Date>) -> RefillHistory {
        let refills = self.fillings.iter().filter(|filling| is_refill(filling));
        let numbered = refills.zip(1u32..);
        let total = u32::try_from(self.fillings.iter().filter(|filling| is_refill(filling)).count());
        let lines = numbered.filter(|(filling, _)| since.is_none_or(|since| filling.at.date() >= since));
        RefillHistory {
            drug: self.joined(&[Element::DrugName, Element::DrugStrength, Element::DrugForm]),
            lines: lines
                .map(|(filling, no)| RefillLine {
                    no,
                    at: filling.at,
                    quantity: filling.quantity.clone(),
                    pharmacist: filling.pharmacist.clone(),
                    ndc: filling.ndc.clone(),
                })
                .collect(),
            total: total.unwrap_or(u32::MAX),
        }
    }

    /// Whether it is of schedule III or IV and may still be refilled at `at`.
    pub fn is_refillable(&self, profile: &Profile, at: impl Into<When>) -> bool {
        matches!(self.face.schedule, Schedule::III | Schedule::IV)
            && self.refills_remaining(profile, at).is_ok_and(|left| left > 0)
    }
}

/// A refill that was dispensed and not put back.
pub(crate) fn is_refill(filling: &Filling) -> bool {
    filling.kind == FillingKind::Refill && filling.stands()
}
