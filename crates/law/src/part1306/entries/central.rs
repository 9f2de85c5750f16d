//! 21 CFR 1306.15, 1306.27, 1304.05; manual, section XII: central filling in the records of both pharmacies.
//!
//! (1306.15(a)(1)) The retail pharmacy writes CENTRAL FILL on the paper and records the central fill pharmacy's name, address
//!     and number, its own pharmacist and the date; in an electronic record the same without the mark.
//! (a)(4) It records what comes back: date, manner of delivery, who accepted it. (1306.27(a)(5)) For schedules III to V the
//!     transmission states the refills dispensed and remaining; schedule II has none.
//! (1306.15(b)) The central fill pharmacy keeps what was sent with the retail pharmacy's name, address and number; records
//!     date of receipt, pharmacist, dates of filling; and date and manner of delivery.

use super::{On, Required};
use crate::edition::{By, Law};
use crate::facts::{Entered, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Particular as P;
use crate::vocab::{RecordEntry, Schedule};

rule!(SENT: "1306.15-sent-entry", "central-fill", "21 CFR 1306.15(a)(1)", By::ALL,
    "Before paper goes to central filling it bears CENTRAL FILL, the central fill pharmacy's name, address and number, the pharmacist and the date",
    ["law-cf-retail-mark"]);
rule!(SENT_ELECTRONIC: "1306.15-sent-record", "central-fill", "21 CFR 1306.15(a)(1)", By::ALL,
    "Before an electronic prescription goes to central filling its record holds the central fill pharmacy's name, address and number, the pharmacist and the date",
    ["law-cf-retail-electronic-mark", "epcs-1306.15-a-1-2"]);
rule!(RECEIVED: "1306.15-received-entry", "central-fill", "21 CFR 1306.15(a)(4); Manual 2010, section XII", By::ALL,
    "The retail pharmacy records what came back with date, manner of delivery and the employee who accepted it",
    ["law-cf-retail-receipt"]);
rule!(REFILLS_STATED: "1306.27-refills-stated", "central-fill", "21 CFR 1306.27(a)(5); Manual 2010, section XII", By::ALL,
    "For schedules III to V the transmission states refills dispensed and remaining; for schedule II none",
    ["law-cf-retail-refill-counts"]);
rule!(COPY: "1306.15-copy", "central-fill", "21 CFR 1306.15(b)(1); Manual 2010, section XII", By::ALL,
    "The central fill pharmacy keeps all that was sent, with the retail pharmacy's name, address and number",
    ["law-cf-central-copy"]);
rule!(FILLED: "1306.15-filled-entry", "central-fill", "21 CFR 1306.15(b)(2); Manual 2010, section XII", By::ALL,
    "The central fill pharmacy records date of receipt, filling pharmacist and dates of filling",
    ["law-cf-central-fill-record"]);
rule!(DELIVERED: "1306.15-delivered-entry", "central-fill", "21 CFR 1306.15(b)(3); Manual 2010, section XII", By::ALL,
    "The central fill pharmacy records date and manner of delivery",
    ["law-cf-central-delivery"]);

pub(super) const ENTRIES: [Required; 7] = [
    Required {
        entry: RecordEntry::CentralSent,
        rule: &SENT,
        code: "LAW-1306.15-SENT",
        holds: &[
            P::CentralFillMark,
            P::CentralName,
            P::CentralAddress,
            P::CentralNumber,
            P::TransmittingPharmacist,
            P::Date,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralSentElectronic,
        rule: &SENT_ELECTRONIC,
        code: "LAW-1306.15-SENT-RECORD",
        holds: &[P::CentralName, P::CentralAddress, P::CentralNumber, P::TransmittingPharmacist, P::Date],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralReceived,
        rule: &RECEIVED,
        code: "LAW-1306.15-RECEIVED",
        holds: &[P::DateReceived, P::DeliveryMethod, P::AcceptingEmployee],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralRefills,
        rule: &REFILLS_STATED,
        code: "LAW-1306.27-REFILLS",
        holds: &[P::RefillsToDate, P::RefillsRemaining],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralCopy,
        rule: &COPY,
        code: "LAW-1306.15-COPY",
        holds: &[P::WhatWasSent, P::RetailName, P::RetailAddress, P::RetailNumber],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralFilled,
        rule: &FILLED,
        code: "LAW-1306.15-FILLED",
        holds: &[P::DateReceived, P::FillingPharmacist, P::FillDates],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::CentralDelivered,
        rule: &DELIVERED,
        code: "LAW-1306.15-DELIVERED",
        holds: &[P::Date, P::DeliveryMethod],
        on: On::Anything,
    },
];

/// (1306.27(a)(5)) Whether a transmission of schedule II states no refills. For the others the entry is judged as a whole.
pub(crate) fn no_refills_of_ii(law: &Law<'_>, rx: &Prescription, entered: &Entered) -> Outcome {
    Outcome::unless(rx.schedule != Schedule::II || !entered.refills_stated, || {
        law.deny(
            &REFILLS_STATED,
            Reason::RefillProhibited,
            "LAW-1306.27-REFILLS-II",
            "the transmission states refills of schedule II",
            "send it without refills",
        )
        .about("entry.refills_stated")
    })
}
