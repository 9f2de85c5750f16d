//! 21 CFR 1306.25(b), 1306.08(f) (in force); 2008: 1306.25(c), (d), (e), (h): transfers in the records.
//!
//! (2008: (c)(2)) On paper: VOID on the face; on the reverse the receiving pharmacy's name, address and number, its
//!     pharmacist, the date, and one's own name. (c)(3) The receiver writes TRANSFER on the face.
//! (2008: (d)(1)) In an electronic record: that it was transferred, to which pharmacy, when, by whom. (e) The receiver makes
//!     a record with its pharmacist and everything that came. (h) One shared record asks no less of both.

use super::{On, Required};
use crate::edition::By;
use crate::rule::rule;
use crate::vocab::Particular as P;
use crate::vocab::RecordEntry;

rule!(OUT: "1306.25-out-entry", "transfer", "21 CFR 1306.25(b)(2); 2008: 1306.25(c)(2)", By::ALL,
    "A transfer out voids the paper and records the receiving pharmacy with name, address, number and pharmacist, the date and one's own name",
    ["law-xfer-out-void", "law-xfer-out-receiver-details", "law-xfer-out-date-and-name", "epcs-1306.25-c-2"]);
rule!(OUT_ELECTRONIC: "1306.25-out-record", "transfer", "21 CFR 1306.08(f); 2008: 1306.25(d)(1)", By::ALL,
    "A transfer out is added to the electronic record with the receiving pharmacy's name, address and number, the date and the pharmacist",
    ["law-xfer-electronic-out", "epcs-1306.25-d-1"]);
rule!(IN: "1306.25-in-entry", "transfer", "21 CFR 1306.25(b)(3); 2008: 1306.25(c)(3)", By::ALL,
    "A transfer in bears TRANSFER on its face",
    ["law-xfer-in-mark"]);
rule!(IN_ELECTRONIC: "1306.25-in-record", "transfer", "21 CFR 1306.08(f); 2008: 1306.25(e)", By::ALL,
    "The receiver makes an electronic record with its pharmacist and everything that came",
    ["law-xfer-electronic-in"]);
rule!(SHARED: "1306.25-shared-record", "transfer", "21 CFR 1306.25(a); 2008: 1306.25(h)", By::ALL,
    "Pharmacies that share one record enter all that a manual transfer asks of sender and receiver",
    ["law-xfer-database-still-records"]);

pub(super) const ENTRIES: [Required; 5] = [
    Required {
        entry: RecordEntry::TransferOut,
        rule: &OUT,
        code: "LAW-1306.25-OUT",
        holds: &[
            P::VoidMark,
            P::ReceiverName,
            P::ReceiverAddress,
            P::ReceiverNumber,
            P::ReceivingPharmacist,
            P::Date,
            P::TransferringPharmacist,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::TransferOutElectronic,
        rule: &OUT_ELECTRONIC,
        code: "LAW-1306.25-OUT-RECORD",
        holds: &[
            P::TransferredMark,
            P::ReceiverName,
            P::ReceiverAddress,
            P::ReceiverNumber,
            P::Date,
            P::TransferringPharmacist,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::TransferIn,
        rule: &IN,
        code: "LAW-1306.25-IN",
        holds: &[P::TransferMark],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::TransferInElectronic,
        rule: &IN_ELECTRONIC,
        code: "LAW-1306.25-IN-RECORD",
        holds: &[
            P::ReceivingPharmacist,
            P::IssueDate,
            P::RefillsAuthorized,
            P::FirstDispensed,
            P::RefillsRemaining,
            P::SenderIdentity,
            P::TransferringPharmacist,
            P::OriginalPharmacy,
        ],
        on: On::Anything,
    },
    Required {
        entry: RecordEntry::TransferShared,
        rule: &SHARED,
        code: "LAW-1306.25-SHARED",
        holds: &[
            P::TransferredMark,
            P::ReceiverName,
            P::ReceiverAddress,
            P::ReceiverNumber,
            P::ReceivingPharmacist,
            P::Date,
            P::TransferringPharmacist,
            P::TransferMark,
            P::IssueDate,
            P::RefillsAuthorized,
            P::FirstDispensed,
            P::RefillsRemaining,
            P::SenderIdentity,
            P::OriginalPharmacy,
        ],
        on: On::Anything,
    },
];
