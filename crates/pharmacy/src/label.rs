//! The facts of a label (21 CFR 1306.14(a), 1306.24(a)). Layout and paper are others' work.

use crate::ask;
use crate::filling::{Filling, FillingKind};
use crate::prescription::Prescription;
use crate::transfer::Pharmacy;
use jiff::civil::Date;
use theriac_law::facts::Label as LabelFacts;
use theriac_law::vocab::{LabelElement, LabelKind};
use theriac_law::{Profile, Request, decide};
use theriac_model::{Element, Ndc, Quantity, Refusal};

/// The warning of 21 CFR 290.5, with the capitals of the Manual of 2010.
pub const TRANSFER_WARNING: &str = "CAUTION: Federal law prohibits the transfer of this drug to any person other than \
                                    the patient for whom it was prescribed.";

/// What stands on the label, besides the pharmacy's own name and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The date of filling.
    pub filled: Date,
    /// On a refill the date of the first filling.
    pub first_filled: Option<Date>,
    /// The pharmacy's number of the prescription.
    pub number: String,
    /// The patient's full name.
    pub patient: String,
    /// The practitioner's full name.
    pub practitioner: String,
    /// Directions for use and cautions.
    pub directions: String,
    /// Name, strength and form of the drug.
    pub drug: String,
    /// The product.
    pub ndc: Ndc,
    /// The quantity in the container.
    pub quantity: Quantity,
    /// Refills left.
    pub refills_left: u32,
    /// The warning against transfer, where it is required.
    pub warning: Option<&'static str>,
}

impl Label {
    /// What it lacks, with the pharmacy's own name and address beside it.
    fn missing(&self, own: &Pharmacy) -> Vec<LabelElement> {
        use LabelElement as L;
        let blank = |text: &str| text.trim().is_empty();
        let rows = [
            (L::PharmacyNameAddress, blank(&own.name) || blank(&own.address)),
            (L::SerialNumber, blank(&self.number)),
            (L::PatientName, blank(&self.patient)),
            (L::PractitionerName, blank(&self.practitioner)),
            (L::Directions, blank(&self.directions)),
            (L::FirstFillDate, self.first_filled.is_none()),
            (L::TransferWarning, self.warning.is_none()),
        ];
        rows.into_iter().filter(|row| row.1).map(|row| row.0).collect()
    }
}

impl Prescription {
    /// The label for a filling.
    pub fn label(&self, profile: &Profile, filling: &Filling) -> Label {
        let text = |element: Element| self.current.get(element).unwrap_or_default();
        let joined = |elements: &[Element]| {
            let parts: Vec<&str> = elements.iter().filter_map(|&element| self.current.get(element)).collect();
            parts.join(" ")
        };
        let name = [Element::PatientFirst, Element::PatientMiddle, Element::PatientLast, Element::PatientSuffix];
        let practitioner = [
            Element::PractitionerFirst,
            Element::PractitionerMiddle,
            Element::PractitionerLast,
            Element::PractitionerSuffix,
        ];
        Label {
            filled: filling.at.date(),
            first_filled: self.first_filled(filling),
            number: self.received.number.to_string(),
            patient: joined(&name),
            practitioner: joined(&practitioner),
            directions: text(Element::Directions).to_owned(),
            drug: joined(&[Element::DrugName, Element::DrugStrength, Element::DrugForm]),
            ndc: filling.ndc.clone(),
            quantity: filling.quantity.clone(),
            refills_left: self.refills_left_after(profile, filling),
            warning: self.needs_warning(profile, filling).then_some(TRANSFER_WARNING),
        }
    }

    /// On a refill the day on which the prescription was first filled, here or elsewhere.
    fn first_filled(&self, filling: &Filling) -> Option<Date> {
        if filling.kind != FillingKind::Refill {
            return None;
        }
        let here = self.fillings.iter().find(|before| before.stands()).map(|before| before.at.date());
        self.elsewhere().first().map(|before| before.on).or(here)
    }

    /// Whether the label of `filling` may be printed for the pharmacy `own`: everything that it must show is there.
    ///
    /// # Errors
    /// The rulebook's refusal naming what is missing.
    pub fn check_label(
        &self,
        profile: &Profile,
        filling: &Filling,
        label: &Label,
        own: &Pharmacy,
    ) -> Result<(), Refusal> {
        let facts = LabelFacts {
            kind: LabelKind::Retail,
            missing: label.missing(own),
            refill: filling.kind == FillingKind::Refill,
            ..LabelFacts::new()
        };
        let question = self.question(filling.at, Request::Label {}).with(|stated| stated.label = facts);
        ask::permission(profile, &question).map(|_| ())
    }

    /// Whether a label without the warning would not do. A refusal for any other reason also has it printed.
    fn needs_warning(&self, profile: &Profile, filling: &Filling) -> bool {
        let missing = vec![LabelElement::TransferWarning];
        let label = LabelFacts { kind: LabelKind::Retail, missing, ..LabelFacts::new() };
        let question = self.question(filling.at, Request::Label {}).with(|facts| facts.label = label);
        !decide(profile, &question).is_ok_and(|decision| decision.is_permitted())
    }

    /// Refills the law leaves after `filling`, whether or not it is on the record yet; none when it gives no number.
    fn refills_left_after(&self, profile: &Profile, filling: &Filling) -> u32 {
        let mut question = self.question(filling.at, Request::RefillsRemaining {});
        if self.filling(filling.no).is_none() {
            question.facts.history.push(ask::act(filling));
        }
        ask::number(profile, &question).ok().and_then(|left| u32::try_from(left).ok()).unwrap_or(0)
    }
}
