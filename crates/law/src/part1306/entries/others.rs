//! 21 CFR 1306.11(a), (d)(4), 1306.03(b), 1301.28(d), 1311.170(b); manual, sections IX and XII, appendix H; cards: other entries.
//!
//! (1306.11(d)(4)) Paper that follows an emergency is attached to the record of the oral order; an electronic one is annotated
//!     with the authorisation and the date of the oral order, by a named pharmacist, and linked.
//! (1311.170(b); cards) A replacement says that the first transmission failed, on which day, at what time, to which pharmacy.
//! (1306.03(b); cards) A clarification from an agent names agent and practitioner.
//! (Cards; 2008: 1311.175(c)) A change is added to the original and never written over it.
//! (1306.11(a)) After dispensing the paper original lies annotated in the schedule II file; the fax is not the record.
//! (1301.28(d), former law) A dispensing for opioid dependence shows the identification number.
//! (2008: 1304.04(h)(5); cards) Electronic records are sorted by practitioner, patient, drug and date.
//! (Manual, appendix H) The State's approval of an emergency kit has five heads.

use super::{On, Required};
use crate::edition::By;
use crate::rule::rule;
use crate::vocab::Particular as P;
use crate::vocab::{Carrier, RecordEntry};

rule!(FOLLOWUP_PAPER: "1306.11-attached", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "The paper that follows an emergency is attached to the record of the oral order",
    ["law-emer-attach-paper", "epcs-1306.11-d-4-4"]);
rule!(FOLLOWUP_ELECTRONIC: "1306.11-annotated", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "The electronic prescription that follows an emergency is annotated with the authorisation and the date of the oral order",
    ["law-emer-followup-electronic", "epcs-1306.11-d-4-5"]);
rule!(REPLACEMENT: "1311.170-four-facts", "electronic", "21 CFR 1311.170(b); Cards 2021, Electronic Controlled Substance Prescriptions- Transmission Failure", By::CFR.and(By::C21),
    "A replacement says that the first transmission failed, its date, its time, and the pharmacy",
    ["law-elec-replacement-facts", "law-elec-failure-cii"]);
rule!(CLARIFICATION: "1306.03-clarification", "who-may-prescribe", "21 CFR 1306.03(b); Cards 2021, Providers Authorized to Prescribe Controlled Substances", By::CFR.and(By::C21),
    "A clarification that an agent gave is recorded with the names of agent and practitioner",
    ["law-who-agent-may-communicate"]);
rule!(AMENDMENT: "amend-added-to", "amendments", "2008: 21 CFR 1311.175(c); Cards 2021, Errors or Omissions on CS Prescriptions", By::ALL,
    "A change is added to the original, with both values, date and pharmacist, and never written over it",
    ["law-amend-original-kept"]);
rule!(ORIGINAL_II: "1306.11-original-filed", "fax", "21 CFR 1306.11(a), 1304.04(h)", By::ALL,
    "After dispensing the paper original lies annotated in the schedule II file; the fax is not the record",
    ["law-fax-cii-file-original", "law-forms-original-kept-where"]);
rule!(DEPENDENCE: "1301.28-number", "addiction-treatment", "21 CFR 1301.28(d); Manual 2010, section XII", By::ALL,
    "Until 28 December 2022 a dispensing record for opioid dependence shows the identification number",
    ["law-opioid-treat-number-on-records"]);
rule!(SORTED: "1304.04-sorted", "electronic", "2008: 21 CFR 1304.04(h)(5); Cards 2021, Electronic CS Prescription Recordkeeping", By::ALL,
    "Electronic records are sorted by practitioner, patient, drug and date of filling, as one asks",
    ["law-elec-sortable"]);
rule!(KIT_PROTOCOL: "1301.11-kit-heads", "ltcf", "Manual 2010, appendix H", By::M10,
    "The State's approval of an emergency kit settles its source, security, records and counts, conditions of use and prohibited acts",
    ["law-ltcf-ekit-five-heads"]);

pub(super) const ENTRIES: [Required; 9] = [
    Required {
        entry: RecordEntry::FollowupPaper,
        rule: &FOLLOWUP_PAPER,
        code: "LAW-1306.11-ATTACHED",
        holds: &[P::OralRecord],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::FollowupElectronic,
        rule: &FOLLOWUP_ELECTRONIC,
        code: "LAW-1306.11-ANNOTATED",
        holds: &[P::AuthorizationText, P::OralOrderDate, P::Pharmacist, P::OralRecord],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::Replacement,
        rule: &REPLACEMENT,
        code: "LAW-1311.170-FACTS",
        holds: &[P::Failure, P::Date, P::Time, P::PharmacyAddressed],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::Clarification,
        rule: &CLARIFICATION,
        code: "LAW-1306.03-CLARIFICATION",
        holds: &[P::AgentName, P::PrescriberName],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::Amendment,
        rule: &AMENDMENT,
        code: "LAW-AMEND-ADDED",
        holds: &[P::OriginalValue, P::NewValue, P::Date, P::Pharmacist],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::OriginalIi,
        rule: &ORIGINAL_II,
        code: "LAW-1306.11-FILED",
        holds: &[P::FileLocation, P::Annotation],
        on: On::OneOf(&[Carrier::PaperFace]),
    },
    Required {
        entry: RecordEntry::Dependence,
        rule: &DEPENDENCE,
        code: "LAW-1301.28-NUMBER",
        holds: &[P::TreatmentNumber],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::SortedRecords,
        rule: &SORTED,
        code: "LAW-1304.04-SORTED",
        holds: &[P::SortedByPrescriber, P::SortedByPatient, P::SortedByDrug, P::SortedByDate],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::KitProtocol,
        rule: &KIT_PROTOCOL,
        code: "LAW-KIT-HEADS",
        holds: &[P::RegisteredSource, P::Security, P::RecordsAndCounts, P::ConditionsOfUse, P::ProhibitedActs],
        on: On::Anything,
    },
];
