//! The label of a dispensed drug, as PDF and for label printers.
//!
//! 21 CFR 1306.14(a) and 1306.24(a): date of filling, pharmacy's name and address, serial number, patient, practitioner,
//! directions and cautions. 21 CFR 1306.14(b), 1306.24(b): a label of a central fill pharmacy shows the retail pharmacy's name
//! and address, and an identifier of the pharmacy that filled. 21 CFR 290.5: the warning against transfer. A label without one
//! of them is not printed.

mod zpl;

use super::Issue;
use crate::barcode::Symbol;
use crate::document::Document;
use crate::length::Length;
use crate::refusals;
use crate::size::PageSize;
use jiff::civil::Date;
use theriac_model::Refusal;

/// What stands on the label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispensingLabel {
    /// The pharmacy's name; with central fill the retail pharmacy's.
    pub pharmacy: String,
    /// Its address.
    pub pharmacy_address: String,
    /// Its telephone; may be empty.
    pub telephone: String,
    /// The prescription's serial number.
    pub number: String,
    /// The date of filling.
    pub filled: Date,
    /// The patient.
    pub patient: String,
    /// The practitioner.
    pub practitioner: String,
    /// Directions for use.
    pub directions: String,
    /// Cautions of the prescription or required by law, the warning of 21 CFR 290.5 among them.
    pub cautions: Vec<String>,
    /// Name, strength and form.
    pub drug: String,
    /// How much is in the container.
    pub quantity: String,
    /// What may still be dispensed, in words: `2 refills left`.
    pub left: String,
    /// With central fill, what tells the pharmacy that filled: its DEA number, for example.
    pub filled_at: Option<String>,
}

impl DispensingLabel {
    /// What must be there and is not, by the names of the fields.
    pub fn missing(&self) -> Vec<&'static str> {
        let required = [
            ("pharmacy", &self.pharmacy),
            ("pharmacy_address", &self.pharmacy_address),
            ("number", &self.number),
            ("patient", &self.patient),
            ("practitioner", &self.practitioner),
            ("directions", &self.directions),
            ("drug", &self.drug),
            ("quantity", &self.quantity),
        ];
        let mut missing: Vec<_> =
            required.iter().filter(|(_, value)| value.trim().is_empty()).map(|(name, _)| *name).collect();
        if self.filled_at.as_ref().is_some_and(|identifier| identifier.trim().is_empty()) {
            missing.push("filled_at");
        }
        missing
    }

    fn complete(&self) -> Result<(), Box<Refusal>> {
        match self.missing().as_slice() {
            [] => Ok(()),
            missing => Err(refusals::label_incomplete(&missing.join(", "))),
        }
    }

    /// The label on `size`, with the number as a barcode if it has room for one.
    ///
    /// # Errors
    /// `PAPER-LABEL-MISSING` names every item that is not there; `PAPER-BARCODE` for a number that no barcode holds.
    pub fn paper(&self, size: PageSize, issue: &Issue) -> Result<Document, Box<Refusal>> {
        self.complete()?;
        let mut label = Document::label(size, format!("Label {}", self.number), issue.by.clone(), issue.dated);
        label = label.standing(issue.standing);
        for (weight, text) in self.lines() {
            match weight {
                Weight::Bold => label.strong(text),
                Weight::Plain => label.paragraph(text),
            }
        }
        if size.height >= PageSize::LABEL_4_BY_6.height {
            let narrow = Length::points(1);
            label.barcode(Symbol::code_128(&self.number, narrow, Length::points(28))?);
        }
        Ok(label)
    }

    /// From top to bottom, what is in bold first where eyes look first.
    fn lines(&self) -> Vec<(Weight, String)> {
        let mut pharmacy = format!("{}, {}", self.pharmacy, self.pharmacy_address);
        if !self.telephone.is_empty() {
            pharmacy.push_str(", ");
            pharmacy.push_str(&self.telephone);
        }
        let mut lines = vec![
            (Weight::Plain, pharmacy),
            (Weight::Bold, format!("Rx {}   {}", self.number, self.patient)),
            (Weight::Bold, self.directions.clone()),
            (Weight::Plain, format!("{}, {}", self.drug, self.quantity)),
            (Weight::Plain, format!("{}   Filled {}   {}", self.practitioner, self.filled, self.left)),
        ];
        if let Some(identifier) = &self.filled_at {
            lines.push((Weight::Plain, format!("Filled at {identifier}")));
        }
        lines.extend(self.cautions.iter().map(|caution| (Weight::Plain, caution.clone())));
        lines
    }

    /// The same label in ZPL II for a printer of `dots` to the millimetre (8 for 203 dpi, 12 for 300 dpi), wrapped here so that
    /// nothing is cut off by the printer.
    ///
    /// # Errors
    /// `PAPER-LABEL-MISSING` as above; `PAPER-LABEL-FULL` when the lines do not fit.
    pub fn zpl(&self, size: PageSize, dots: u32) -> Result<String, Box<Refusal>> {
        self.complete()?;
        zpl::print(&self.lines(), &self.number, size, dots)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Bold,
    Plain,
}
