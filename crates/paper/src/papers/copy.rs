//! A copy of the record of prescriptions that were sent. It is no prescription and must not look like one: a list without the
//! form of a prescription and without a line to sign (73 FR 36722, section IX; 21 CFR 1311.170(c)).

use super::Issue;
use super::prescription::name;
use crate::document::Document;
use crate::size::PageSize;
use crate::table::{Column, Table};
use theriac_model::{CanonicalContents, Element as E};

/// What every copy says.
pub const MARK: &str = "Copy of the record. Not valid for dispensing.";

/// A copy of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCopy {
    /// Whose record: the patient as the reader knows them.
    pub about: String,
    /// Number, contents and state of each prescription.
    pub prescriptions: Vec<(String, CanonicalContents, String)>,
}

impl RecordCopy {
    /// The copy on paper.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER_WIDE, "Prescriptions of the medical record: copy", None);
        paper.strong(MARK);
        paper.fields([("Record of", self.about.clone())]);
        let mut table = Table::new(vec![
            Column::new("Issued", 2),
            Column::new("Drug", 5),
            Column::numbers("Quantity", 2),
            Column::new("Directions", 5),
            Column::new("By", 4),
            Column::new("State", 2),
            Column::new("Number and mark", 4),
        ]);
        for (number, contents, state) in &self.prescriptions {
            let get = |element: E| contents.get(element).unwrap_or_default();
            table.row([
                get(E::Issued).to_owned(),
                format!("{} {} {}", get(E::DrugName), get(E::DrugStrength), get(E::DrugForm)),
                format!("{} {}", get(E::QuantityValue), get(E::QuantityUnit)),
                get(E::Directions).to_owned(),
                name(
                    contents,
                    [E::PractitionerFirst, E::PractitionerMiddle, E::PractitionerLast, E::PractitionerSuffix],
                ),
                state.clone(),
                format!("{number}\n{MARK}"),
            ]);
        }
        paper.table(table);
        paper
    }
}
