//! 21 CFR 1301.27, 1307.11(a); manual, section XII and appendix H: automated dispensing systems and emergency kits.
//!
//! (1301.27(a), (b)) A pharmacy registers at the facility before it puts a machine there, after it has asked DEA how; where
//!     State law permits. Each product has a bin of its own. The pharmacy programs the machine from afar. Only staff whom
//!     the facility authorises get at the contents; doses are released one by one, at the time of administration, under
//!     a valid prescription.
//! (appendix H) A kit in a facility that is not registered takes the State agency's approval, a registered source, a list of
//!     drugs and quantities, and counts from time to time. A drug is used in an emergency as defined, by authorised
//!     personnel, on a practitioner's authority. A breach suspends the kit. A count that is overdue is a warning.

use crate::edition::By;
use crate::facts::{Kit, Machine};
use crate::reason::Reason;
use crate::rule::{Condition, rule};
use crate::vocab::{Source, Standing};

rule!(REGISTERED: "1301.27-registered", "registration", "21 CFR 1301.27(b); Manual 2010, section XII", By::ALL,
    "A pharmacy is registered at the facility before a machine there is stocked",
    ["law-ltcf-ads-registration", "pharm-ads-registration", "pharm-ads-registration-instructions"]);
rule!(BINS: "1301.27-bins", "records", "21 CFR 1301.27; Manual 2010, section XII", By::ALL,
    "Each product has a bin of its own in a machine",
    ["pharm-ads-bins"]);
rule!(REMOTE: "1301.27-remote", "records", "21 CFR 1301.27; Manual 2010, section XII", By::ALL,
    "The pharmacy alone programs and controls the machine",
    ["pharm-ads-remote-control"]);
rule!(RELEASE: "1301.27-release", "records", "21 CFR 1301.27; Manual 2010, section XII", By::ALL,
    "A machine releases single doses, to authorised staff, under a valid prescription",
    ["law-ltcf-ads-single-dose", "pharm-ads-authorised-staff", "pharm-ads-single-dose"]);
rule!(APPROVED: "1301.11-kit-approved", "registration", "Manual 2010, appendix H; State law", By::ALL,
    "A kit in an unregistered facility takes the State agency's approval and a registered source",
    ["law-ltcf-ekit-state", "pharm-kit-state-approval", "pharm-kit-source"]);
rule!(LISTED: "1301.11-kit-listed", "records", "Manual 2010, appendix H", By::ALL,
    "A kit holds the drugs and quantities of its list; a breach suspends it",
    ["pharm-kit-security-and-limits", "pharm-kit-prohibited-activities"]);
rule!(USED: "1301.11-kit-used", "records", "Manual 2010, appendix H", By::ALL,
    "A drug of a kit is used in a defined emergency, by authorised personnel, on a practitioner's authority",
    ["law-ltcf-ekit-practitioner", "pharm-kit-administration"]);
rule!(COUNTED: "1301.11-kit-counted", "inventory", "Manual 2010, appendix H", By::ALL,
    "A kit is counted from time to time; an overdue count is a warning",
    ["pharm-kit-accountability"]);

/// Before a machine is activated or stocked.
pub(crate) const BEFORE: &[Condition<Machine>] = &[
    Condition {
        rule: &REGISTERED,
        holds: |machine| machine.registration == Standing::Valid,
        reason: Reason::RegistrationInvalid,
        code: "LAW-1301.27-REGISTERED",
        what: "the pharmacy is not registered at the facility",
        next: "register at the facility's address first",
        field: "machine.registration",
    },
    Condition {
        rule: &REGISTERED,
        holds: |machine| machine.contacted,
        reason: Reason::VerificationRequired,
        code: "LAW-1301.27-CONTACTED",
        what: "DEA's registration section has not been asked how the machine is to be registered",
        next: "contact the registration section and record the day",
        field: "machine.contacted",
    },
];

/// When it is stocked.
pub(crate) const STOCKING: &[Condition<Machine>] = &[Condition {
    rule: &BINS,
    holds: |machine| machine.own_bins,
    reason: Reason::Packaging,
    code: "LAW-1301.27-BINS",
    what: "two products would share a bin",
    next: "load each product into a bin of its own",
    field: "machine.own_bins",
}];

/// When a dose is released.
pub(crate) const RELEASING: &[Condition<Machine>] = &[
    Condition {
        rule: &REMOTE,
        holds: |machine| !machine.disabled,
        reason: Reason::NotAuthorized,
        code: "LAW-1301.27-DISABLED",
        what: "the pharmacy has disabled this drug",
        next: "ask the pharmacy",
        field: "machine.disabled",
    },
    Condition {
        rule: &RELEASE,
        holds: |machine| machine.user_authorized,
        reason: Reason::NotAuthorized,
        code: "LAW-1301.27-USER",
        what: "the facility has not authorised this person",
        next: "let an authorised member of the facility's staff take the dose",
        field: "machine.user_authorized",
    },
    Condition {
        rule: &RELEASE,
        holds: |machine| machine.prescription_valid,
        reason: Reason::PrescriptionRequired,
        code: "LAW-1301.27-PRESCRIPTION",
        what: "there is no valid prescription",
        next: "have the pharmacy verify a prescription first",
        field: "machine.prescription_valid",
    },
    Condition {
        rule: &RELEASE,
        holds: |machine| machine.doses == 1,
        reason: Reason::QuantityExceeded,
        code: "LAW-1301.27-SINGLE",
        what: "more or less than one dose is asked for",
        next: "take one dose at the time of administration",
        field: "machine.doses",
    },
    Condition {
        rule: &RELEASE,
        holds: |machine| machine.at_administration,
        reason: Reason::TooEarly,
        code: "LAW-1301.27-LATER",
        what: "the dose is for later",
        next: "take it at the time of administration",
        field: "machine.at_administration",
    },
];

/// When its settings are changed.
pub(crate) const CONFIGURING: &[Condition<Machine>] = &[Condition {
    rule: &REMOTE,
    holds: |machine| machine.by_pharmacy,
    reason: Reason::NotAuthorized,
    code: "LAW-1301.27-REMOTE",
    what: "the change is not made by the pharmacy",
    next: "let the pharmacy change it",
    field: "machine.by_pharmacy",
}];

/// Whatever is done with a kit.
pub(crate) const KIT: &[Condition<Kit>] = &[
    Condition {
        rule: &APPROVED,
        holds: |kit| kit.approved,
        reason: Reason::ApprovalMissing,
        code: "LAW-KIT-APPROVED",
        what: "the State agency has not approved the kit",
        next: "record the State's approval first",
        field: "kit.approved",
    },
    Condition {
        rule: &APPROVED,
        holds: |kit| kit.source == Source::Registered,
        reason: Reason::RegistrationInvalid,
        code: "LAW-KIT-SOURCE",
        what: "the kit's source is not registered",
        next: "have it supplied by a registered hospital, clinic, pharmacy or practitioner",
        field: "kit.source",
    },
    Condition {
        rule: &LISTED,
        holds: |kit| !kit.suspended,
        reason: Reason::NotAuthorized,
        code: "LAW-KIT-SUSPENDED",
        what: "the kit is suspended for a breach",
        next: "let an authorised person release it",
        field: "kit.suspended",
    },
    Condition {
        rule: &LISTED,
        holds: |kit| kit.within_list,
        reason: Reason::LimitExceeded,
        code: "LAW-KIT-LIST",
        what: "the drug or the quantity is not on the kit's list",
        next: "keep to the list, or have it changed by the State's procedure",
        field: "kit.within_list",
    },
];

/// When a drug is used.
pub(crate) const KIT_USE: &[Condition<Kit>] = &[
    Condition {
        rule: &USED,
        holds: |kit| kit.defined_emergency,
        reason: Reason::EmergencyCriteria,
        code: "LAW-KIT-EMERGENCY",
        what: "it is no emergency as defined, or the person is not authorised",
        next: "use a prescription",
        field: "kit.defined_emergency",
    },
    Condition {
        rule: &USED,
        holds: |kit| kit.authorised_use,
        reason: Reason::PrescriptionRequired,
        code: "LAW-KIT-AUTHORITY",
        what: "no practitioner has authorised the use",
        next: "obtain the practitioner's authority and resolve the exception",
        field: "kit.authorised_use",
    },
];

/// A warning.
pub(crate) const KIT_COUNT: Condition<Kit> = Condition {
    rule: &COUNTED,
    holds: |kit| !kit.count_overdue,
    reason: Reason::CountMethod,
    code: "LAW-KIT-COUNT",
    what: "the kit's periodic count is overdue",
    next: "count the kit",
    field: "kit.count_overdue",
};
