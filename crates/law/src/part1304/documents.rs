//! 21 CFR 1304.03, 1304.11(e), 1304.22, 1304.26, 1301.52(d), 1301.76, 1305.05, 1305.13, 1306.28(b) of the proposal, 1307.03;
//! manual, sections III to VI and VIII, appendices E, H and I: what a document must hold to be whole.
//!
//! Each row of the table below is one document: the rule that asks for it and its entries, in the order in which an absent
//! one is named. Dates of refills and their number belong to fillings of schedules III and IV; the strength of the other
//! ingredient to combinations only, so a caller names it as missing only there.

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, Rule, rule};
use crate::vocab::{Entry, Paper, Schedule};

rule!(INVENTORY: "1304.11-entries", "inventory", "21 CFR 1304.11(a), (e)", By::ALL,
    "An inventory shows its date, opening or close of business, and of each item name, finished form, strength, units in a container, containers and count",
    ["law-inv-fields", "pharm-inventory-contents"]);
rule!(RETURNED: "1317.05-return-record", "disposal", "Manual 2010, section IV; 21 CFR 1317.05(a)", By::ALL,
    "The record of a return shows date, drug, strength, form, quantity and the supplier's name, address and registration number",
    ["law-disp-return-record"]);
rule!(REVERSED: "1317.05-reverse-record", "disposal", "Manual 2010, section IV; 21 CFR 1304.22(c)", By::ALL,
    "The record of schedules III to V handed to a reverse distributor shows drug, form, strength, quantity and date",
    ["law-disp-reverse-ciii-v-record", "pharm-disposal-iii-v-record"]);
rule!(INVOICE: "1307.11-invoice", "distribution", "Manual 2010, section IV; Cards 2021, Distribution of CS Between DEA Registrants", By::ALL,
    "An invoice for schedules III to V shows drug, form, strength, quantity, date and names, addresses and registration numbers of both parties",
    ["law-dist-ciii-v-invoice", "pharm-move-schedule-iii-v-document", "pharm-tob-schedule-iii-v-document"]);
rule!(DISTRIBUTED: "1304.22-distribution", "distribution", "21 CFR 1304.22(c); Manual 2010, section XIII", By::ALL,
    "Both registrants record a distribution: drug, form, units, containers, date, manner, and the other's name, address and registration number",
    ["law-dist-both-record", "pharm-record-distribution-contents", "pharm-5pct-both-sides-record"]);
rule!(ACQUIRED: "1304.22-acquisition", "records", "21 CFR 1304.22(c); Manual 2010, section VI", By::ALL,
    "The record of an acquisition shows drug, form, units, containers, date, and the source's name, address and registration number",
    ["pharm-record-acquisition-contents"]);
rule!(FILLED: "1304.22-filling", "records", "2008: 21 CFR 1306.28(b); 21 CFR 1304.22(c)", By::ALL,
    "The record of a filling shows practitioner, patient, drug, form, quantity, date and pharmacist, and for schedules III and IV the refills",
    ["law-rec-fill-data", "law-rec-filled-initialed", "pharm-record-dispensing-contents"]);
rule!(GHB: "1304.26-ghb", "records", "21 CFR 1304.26; 2008: 21 CFR 1306.28(b)(9)", By::ALL,
    "Gamma-hydroxybutyric acid takes a record of the practitioner's numbers and their expiry, the verification, and the patient's name and address",
    ["law-rec-ghb"]);
rule!(SUPPLIED: "1305.13-supplier-line", "ordering", "21 CFR 1305.13(b)", By::ALL,
    "The supplier enters on each line product code, containers shipped and date of shipment",
    ["law-ord-222-supplier-fields", "pharm-222-supplier-role-record"]);
rule!(POWER: "1305.05-document", "poa", "21 CFR 1305.05(e); Manual 2010, section VIII", By::ALL,
    "A power of attorney names registrant, grantor, attorney and powers, with signatures, witnesses, date and place",
    ["pharm-poa-document-fields"]);
rule!(REVOCATION: "1305.05-revocation-notice", "poa", "21 CFR 1305.05(e); Manual 2010, section VIII", By::ALL,
    "A revocation names the attorney and the written notice to him or her, with signature, witnesses, date and place",
    ["pharm-poa-revocation"]);
rule!(FORM_106: "1301.76-form-106", "theft-loss", "21 CFR 1301.76(b); Manual 2010, section V", By::ALL,
    "Form 106 shows firm, number, date, police, type of theft, marks on labels, and of each drug name, strength, form and container or code",
    ["law-loss-form106-fields", "law-loss-combination-strength", "pharm-loss-form-106-minimum", "pharm-106-combination-strength"]);
rule!(NOTICE: "1301.52-notice", "registration", "21 CFR 1301.52(d); Manual 2010, section III", By::ALL,
    "The notice of a transfer of business shows both parties with number and activity, the place, and the day on which the stock moves",
    ["pharm-tob-notice-contents"]);
rule!(WAIVER: "1307.03-request", "registration", "21 CFR 1307.03, 1301.76(a); Manual 2010, section V", By::ALL,
    "The request for an employment waiver treats violations, licensure, access, safeguards, the employer's standing and other matters",
    ["pharm-staff-waiver-request-contents"]);
rule!(PROFILE: "1301.13-profile", "registration", "21 CFR 1301.13; Manual 2010, section III", By::ALL,
    "A location is registered with names, addresses, number, activity, schedules, dates, State licence and the signer of the application",
    ["pharm-reg-profile-contents"]);
rule!(INDEX: "1304.03-index", "records", "21 CFR 1304.03, 1304.04; Manual 2010, section VI", By::ALL,
    "Eleven kinds of records are at hand for an inspection, each with what it holds or that it holds nothing; the book of counter sales is one of dispensing",
    ["law-otc-record-also-dispensing-record", "law-rec-required-list", "pharm-record-required-set"]);
rule!(MACHINE: "1301.27-record", "records", "21 CFR 1301.27, 1304.22(c); Manual 2010, section XII", By::ALL,
    "A dose released by an automated dispensing system is recorded with patient, prescription, drug, quantity, time and user",
    ["pharm-ads-dispensing-record"]);
rule!(KIT: "1301.11-kit-use", "records", "Manual 2010, appendix H", By::ALL,
    "A drug used from an emergency kit is recorded with patient, drug, dose, condition, person and authorising practitioner",
    ["pharm-kit-administration"]);

/// One document: what it is called, who asks for it, what it holds.
struct Document {
    paper: Paper,
    rule: &'static Rule,
    code: &'static str,
    entries: &'static [Entry],
}

const DOCUMENTS: &[Document] = &[
    Document {
        paper: Paper::Inventory,
        rule: &INVENTORY,
        code: "LAW-1304.11-ENTRY",
        entries: &[
            Entry::Date,
            Entry::OpeningOrClose,
            Entry::DrugName,
            Entry::FinishedForm,
            Entry::Strength,
            Entry::UnitsPerContainer,
            Entry::NumberOfContainers,
            Entry::Quantity,
        ],
    },
    Document {
        paper: Paper::ReturnRecord,
        rule: &RETURNED,
        code: "LAW-1317.05-RETURN-RECORD",
        entries: &[
            Entry::Date,
            Entry::DrugName,
            Entry::Strength,
            Entry::FinishedForm,
            Entry::Quantity,
            Entry::RecipientName,
            Entry::RecipientAddress,
            Entry::RecipientNumber,
        ],
    },
    Document {
        paper: Paper::ReverseRecord,
        rule: &REVERSED,
        code: "LAW-1317.05-REVERSE-RECORD",
        entries: &[Entry::DrugName, Entry::FinishedForm, Entry::Strength, Entry::Quantity, Entry::Date],
    },
    Document {
        paper: Paper::DistributionInvoice,
        rule: &INVOICE,
        code: "LAW-1307.11-INVOICE",
        entries: &[
            Entry::DrugName,
            Entry::FinishedForm,
            Entry::Strength,
            Entry::Quantity,
            Entry::Date,
            Entry::SenderName,
            Entry::SenderAddress,
            Entry::SenderNumber,
            Entry::RecipientName,
            Entry::RecipientAddress,
            Entry::RecipientNumber,
        ],
    },
    Document {
        paper: Paper::DistributionRecord,
        rule: &DISTRIBUTED,
        code: "LAW-1304.22-DISTRIBUTION",
        entries: &[
            Entry::DrugName,
            Entry::FinishedForm,
            Entry::UnitsPerContainer,
            Entry::NumberOfContainers,
            Entry::Date,
            Entry::Manner,
            Entry::RecipientName,
            Entry::RecipientAddress,
            Entry::RecipientNumber,
        ],
    },
    Document {
        paper: Paper::AcquisitionRecord,
        rule: &ACQUIRED,
        code: "LAW-1304.22-ACQUISITION",
        entries: &[
            Entry::DrugName,
            Entry::FinishedForm,
            Entry::UnitsPerContainer,
            Entry::NumberOfContainers,
            Entry::Date,
            Entry::SenderName,
            Entry::SenderAddress,
            Entry::SenderNumber,
        ],
    },
    Document {
        paper: Paper::FillRecord,
        rule: &FILLED,
        code: "LAW-1304.22-FILLING",
        entries: &[
            Entry::PractitionerName,
            Entry::PatientName,
            Entry::PatientAddress,
            Entry::DrugName,
            Entry::FinishedForm,
            Entry::Quantity,
            Entry::Date,
            Entry::Pharmacist,
            Entry::RefillDates,
            Entry::RefillCount,
        ],
    },
    Document {
        paper: Paper::GhbRecord,
        rule: &GHB,
        code: "LAW-1304.26-GHB",
        entries: &[
            Entry::PractitionerName,
            Entry::PractitionerNumber,
            Entry::PractitionerStateNumber,
            Entry::RegistrationVerified,
            Entry::PatientName,
            Entry::PatientAddress,
        ],
    },
    Document {
        paper: Paper::SupplierLine,
        rule: &SUPPLIED,
        code: "LAW-1305.13-SUPPLIER-LINE",
        entries: &[Entry::ProductCode, Entry::NumberOfContainers, Entry::Date],
    },
    Document {
        paper: Paper::PowerOfAttorney,
        rule: &POWER,
        code: "LAW-1305.05-DOCUMENT",
        entries: &[
            Entry::SenderName,
            Entry::SenderAddress,
            Entry::SenderNumber,
            Entry::GrantorName,
            Entry::AttorneyName,
            Entry::Powers,
            Entry::GrantorSignature,
            Entry::AttorneySignature,
            Entry::Witnesses,
            Entry::Date,
            Entry::Place,
        ],
    },
    Document {
        paper: Paper::PowerRevocation,
        rule: &REVOCATION,
        code: "LAW-1305.05-REVOCATION",
        entries: &[
            Entry::AttorneyName,
            Entry::WrittenNotice,
            Entry::GrantorSignature,
            Entry::Witnesses,
            Entry::Date,
            Entry::Place,
        ],
    },
    Document {
        paper: Paper::Form106,
        rule: &FORM_106,
        code: "LAW-1301.76-FORM-106",
        entries: &[
            Entry::SenderName,
            Entry::SenderAddress,
            Entry::SenderNumber,
            Entry::Date,
            Entry::Police,
            Entry::TypeOfTheft,
            Entry::LabelMarks,
            Entry::DrugName,
            Entry::Strength,
            Entry::OtherStrength,
            Entry::FinishedForm,
            Entry::ContainerOrCode,
        ],
    },
    Document {
        paper: Paper::TransferNotice,
        rule: &NOTICE,
        code: "LAW-1301.52-NOTICE",
        entries: &[
            Entry::SenderName,
            Entry::SenderAddress,
            Entry::SenderNumber,
            Entry::SenderActivity,
            Entry::RecipientName,
            Entry::RecipientAddress,
            Entry::RecipientNumber,
            Entry::RecipientActivity,
            Entry::PlaceOfBusiness,
            Entry::TransferDate,
        ],
    },
    Document {
        paper: Paper::WaiverRequest,
        rule: &WAIVER,
        code: "LAW-1307.03-REQUEST",
        entries: &[
            Entry::Violations,
            Entry::Licensure,
            Entry::AccessExtent,
            Entry::Safeguards,
            Entry::EmployerStanding,
            Entry::OtherMatters,
        ],
    },
    Document {
        paper: Paper::RegistrationProfile,
        rule: &PROFILE,
        code: "LAW-1301.13-PROFILE",
        entries: &[
            Entry::SenderName,
            Entry::TradeName,
            Entry::SenderAddress,
            Entry::MailingAddress,
            Entry::Telephone,
            Entry::SenderNumber,
            Entry::BusinessActivity,
            Entry::Schedules,
            Entry::IssueDate,
            Entry::ExpiryDate,
            Entry::StateLicence,
            Entry::LatestSigner,
        ],
    },
    Document {
        paper: Paper::RecordIndex,
        rule: &INDEX,
        code: "LAW-1304.03-INDEX",
        entries: &[
            Entry::OrderForms,
            Entry::PowersOfAttorney,
            Entry::Receipts,
            Entry::Inventories,
            Entry::Distributions,
            Entry::Dispensings,
            Entry::CounterBook,
            Entry::LossReports,
            Entry::Destructions,
            Entry::PharmacyTransfers,
            Entry::Certificate,
            Entry::ListedChemicals,
        ],
    },
    Document {
        paper: Paper::MachineRecord,
        rule: &MACHINE,
        code: "LAW-1301.27-RECORD",
        entries: &[
            Entry::PatientName,
            Entry::PrescriptionNumber,
            Entry::DrugName,
            Entry::Quantity,
            Entry::Time,
            Entry::Person,
        ],
    },
    Document {
        paper: Paper::KitUse,
        rule: &KIT,
        code: "LAW-KIT-USE",
        entries: &[
            Entry::PatientName,
            Entry::DrugName,
            Entry::Dose,
            Entry::Condition,
            Entry::Person,
            Entry::Authoriser,
        ],
    },
];

/// Whether `document` is whole, and the rule that asks it; the first required entry that is missing is named.
/// `None` for a paper that the table does not hold, which a test excludes.
pub(crate) fn whole(
    law: &Law<'_>,
    paper: Paper,
    schedule: Option<Schedule>,
    missing: &[Entry],
) -> Option<(&'static Rule, Outcome)> {
    let document = DOCUMENTS.iter().find(|document| document.paper == paper)?;
    let refills = !matches!(schedule, Some(Schedule::I | Schedule::II | Schedule::V));
    let required = |entry: Entry| match entry {
        Entry::RefillDates | Entry::RefillCount => refills,
        _ => true,
    };
    let lacking = document.entries.iter().copied().find(|entry| missing.contains(entry) && required(*entry));
    let Some(entry) = lacking else { return Some((document.rule, Outcome::Satisfied)) };
    let denial = law.deny(
        document.rule,
        Reason::ElementMissing,
        document.code,
        format!("{entry} is missing from the {paper}"),
        format!("enter {entry} before the {paper} is closed"),
    );
    Some((document.rule, Outcome::Violated(Box::new(denial.about(format!("request.missing: {entry}"))))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Word;

    #[test]
    fn every_paper_has_one_row_and_no_entry_twice() {
        for (word, paper) in Paper::LIST {
            let rows: Vec<_> = DOCUMENTS.iter().filter(|document| document.paper == *paper).collect();
            assert_eq!(rows.len(), 1, "{word}");
            for (n, entry) in rows[0].entries.iter().enumerate() {
                assert!(!rows[0].entries[..n].contains(entry), "{word}: {entry} twice");
            }
        }
    }
}
