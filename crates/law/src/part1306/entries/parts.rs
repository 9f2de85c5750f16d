//! 21 CFR 1306.13, 1306.23, 1306.08(c): parts in the records.
//!
//! (1306.13(a)) The quantity supplied is noted on the face of the paper, on the written record of the oral order, or in the
//!     electronic record, as the prescription came.
//! (1306.13(b), now (c)) In long term care and terminal illness each part: date, quantity, what remains, pharmacist; a
//!     computer keeps ten things and the list of parts.
//! (1306.23(a)) A part of schedules III to V is recorded like a refill; the quantity is never presumed.
//! (1306.08(c); 2008: 1311.175(c)) Notes that paper would bear are made in the electronic record, complete and linked to it.

use super::{On, Required};
use crate::edition::By;
use crate::rule::rule;
use crate::vocab::Particular as P;
use crate::vocab::{Carrier, RecordEntry};

rule!(PART_NOTED: "1306.13-noted", "partial-fill", "21 CFR 1306.13(a)", By::ALL,
    "The quantity supplied is noted on the prescription as it came: paper, record of the oral order, or electronic record",
    ["law-part-cii-note-quantity"]);
rule!(PART_LTCF: "1306.13-part-entry", "partial-fill", "21 CFR 1306.13(b)", By::ALL,
    "Each part in long term care or terminal illness is recorded with date, quantity, quantity remaining and pharmacist",
    ["law-part-cii-ltcf-each-record"]);
rule!(PART_COMPUTER: "1306.13-computer", "partial-fill", "21 CFR 1306.13(c); Cards 2021, Schedule II Prescriptions- Documentation of Partial Fills for LTCF or Terminally Ill Patients", By::ALL,
    "A computer keeps number, date, drug, form, strength, quantity, patient, practitioner, place of care and the list of parts",
    ["law-part-cii-ltcf-computer-data"]);
rule!(PART_III_V: "1306.23-entry", "partial-fill", "21 CFR 1306.23(a)", By::ALL,
    "A part of schedules III to V is recorded like a refill, with date, quantity and initials",
    ["law-part-ciii-v-recorded-as-refill"]);
rule!(PART_ELECTRONIC: "1306.08-annotation", "electronic", "21 CFR 1311.200; 2008: 1306.08(c), 1311.175(c)", By::ALL,
    "What paper would bear is annotated in the electronic record with everything that is asked for",
    ["law-elec-annotation-complete"]);

pub(super) const ENTRIES: [Required; 5] = [
    Required {
        entry: RecordEntry::PartNoted,
        rule: &PART_NOTED,
        code: "LAW-1306.13-NOTED",
        holds: &[P::Quantity],
        on: On::AsItCame,
    },
    Required {
        entry: RecordEntry::PartLtcf,
        rule: &PART_LTCF,
        code: "LAW-1306.13-PART-ENTRY",
        holds: &[P::Date, P::Quantity, P::QuantityRemaining, P::Pharmacist],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::PartComputer,
        rule: &PART_COMPUTER,
        code: "LAW-1306.13-COMPUTER",
        holds: &[
            P::PrescriptionNumber,
            P::IssueDate,
            P::Drug,
            P::DosageForm,
            P::Strength,
            P::QuantityPrescribed,
            P::PatientName,
            P::PrescriberName,
            P::PlaceOfCare,
            P::Parts,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::PartIiiV,
        rule: &PART_III_V,
        code: "LAW-1306.23-ENTRY",
        holds: &[P::Date, P::Quantity, P::Initials],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::PartElectronic,
        rule: &PART_ELECTRONIC,
        code: "LAW-1306.08-ANNOTATION",
        holds: &[P::Quantity, P::Date, P::Pharmacist],
        on: On::OneOf(&[Carrier::ElectronicRecord]),
    },
];
