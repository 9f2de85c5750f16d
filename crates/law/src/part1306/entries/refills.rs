//! 21 CFR 1306.22(b) to (f): refills of schedules III and IV in the records. The cards ask the same of schedule V.
//!
//! (b) Each refill is entered on the back of the prescription or on another document or record that is kept uniformly;
//!     one pharmacy has one place for it. (b), (d) It bears date and initials; no amount means the full face amount.
//! (c) By the prescription number one finds drug and form, dates, quantity, initials and the number of refills.
//! (e)(2) Refills added by telephone: date, quantity of a refill, number added, initials.
//! (f)(1), (2) A computer shows the original order and the refills so far. (f)(4) It prints the trail of refills by brand
//!     and by generic name; a central record keeper proves to an agent of DEA that it can send it in time.

use super::{On, Required};
use crate::edition::By;
use crate::rule::rule;
use crate::vocab::Particular as P;
use crate::vocab::{Carrier, RecordEntry};

rule!(REFILL: "1306.22-entry", "refills", "21 CFR 1306.22(b), (d)", By::ALL,
    "A refill is entered with date and initials on the back of the prescription or in another uniform record, always in the same place",
    ["law-refill-entry-contents", "law-refill-entry-back-or-record"]);
rule!(ADDED: "1306.22-added-entry", "refills", "21 CFR 1306.22(e)(2)", By::ALL,
    "Refills added by telephone are entered with date, quantity of a refill, number added and initials",
    ["law-refill-oral-addition-record"]);
rule!(BY_NUMBER: "1306.22-by-number", "refills", "21 CFR 1306.22(c)", By::ALL,
    "The prescription number finds drug and form, date, quantity, initials and the number of refills",
    ["law-refill-retrievable-by-number"]);
rule!(ORIGINAL: "1306.22-original", "refills", "21 CFR 1306.22(f)(1)", By::ALL,
    "A computer shows the original order of every prescription that may still be refilled",
    ["law-refill-computer-original-data"]);
rule!(HISTORY: "1306.22-history", "refills", "21 CFR 1306.22(f)(2)", By::ALL,
    "A computer shows each refill with drug, date, quantity and pharmacist, and the refills so far",
    ["law-refill-computer-history"]);
rule!(TRAIL: "1306.22-trail", "refills", "21 CFR 1306.22(f)(4)", By::ALL,
    "A computer prints the trail of refills of a drug by brand and by generic name",
    ["law-refill-audit-trail-print"]);
rule!(PROOF: "1306.22-proof", "refills", "21 CFR 1306.22(f)(4)", By::ALL,
    "To an agent of DEA the pharmacy proves by a postmark or the like that a printout is sent within 48 hours",
    ["law-refill-agent-proof-of-48"]);

pub(super) const ENTRIES: [Required; 7] = [
    Required {
        entry: RecordEntry::Refill,
        rule: &REFILL,
        code: "LAW-1306.22-ENTRY",
        holds: &[P::Date, P::Initials],
        on: On::OneOf(&[Carrier::PaperBack, Carrier::UniformDocument, Carrier::ElectronicRecord]),
    },
    Required {
        entry: RecordEntry::RefillsAdded,
        rule: &ADDED,
        code: "LAW-1306.22-ADDED-ENTRY",
        holds: &[P::Date, P::RefillQuantity, P::NumberAdded, P::Initials],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::RefillByNumber,
        rule: &BY_NUMBER,
        code: "LAW-1306.22-BY-NUMBER",
        holds: &[P::Drug, P::DosageForm, P::Date, P::Quantity, P::Initials, P::RefillsToDate],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::RefillOriginal,
        rule: &ORIGINAL,
        code: "LAW-1306.22-ORIGINAL",
        holds: &[
            P::PrescriptionNumber,
            P::IssueDate,
            P::PatientName,
            P::PatientAddress,
            P::PrescriberName,
            P::PrescriberAddress,
            P::PrescriberNumber,
            P::Drug,
            P::Strength,
            P::DosageForm,
            P::QuantityPrescribed,
            P::Quantity,
            P::RefillsAuthorized,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::RefillHistory,
        rule: &HISTORY,
        code: "LAW-1306.22-HISTORY",
        holds: &[P::Drug, P::Date, P::Quantity, P::Pharmacist, P::RefillsToDate],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::RefillTrail,
        rule: &TRAIL,
        code: "LAW-1306.22-TRAIL",
        holds: &[
            P::FoundByBrand,
            P::FoundByGeneric,
            P::PrescriberName,
            P::PatientName,
            P::PatientAddress,
            P::Quantity,
            P::Date,
            P::Pharmacist,
            P::PrescriptionNumber,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralPrintout,
        rule: &PROOF,
        code: "LAW-1306.22-PROOF",
        holds: &[P::TransmittalProof],
        on: On::Anything,
    },
];
