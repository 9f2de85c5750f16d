//! Manual, sections X and XIII; 39 CFR 111; 21 U.S.C. 953: controlled substances in the mail, and abroad.
//!
//! Mailer or addressee is registered with DEA or exempt. Nothing goes that is outwardly dangerous or harmful to life or
//! health. The inner container is marked and sealed, and for a prescription shows the dispenser's name and address; the
//! outside is plain and bears no mark of the contents. Abroad it is export: a registered exporter, and a permit or
//! declaration; one without the other is not enough.

use crate::edition::By;
use crate::facts::Mailing;
use crate::reason::Reason;
use crate::rule::{Condition, rule};
use crate::vocab::Source;

rule!(PARTIES: "mail-parties", "mail-export", "Manual 2010, section XIII; 39 CFR 111", By::ALL,
    "Mailer or addressee is registered with DEA or exempt",
    ["law-mail-parties", "pharm-mail-eligible"]);
rule!(HARMLESS: "mail-harmless", "mail-export", "Manual 2010, section XIII; 39 CFR 111", By::ALL,
    "What is mailed is not outwardly dangerous or harmful to life or health",
    ["law-mail-not-dangerous", "pharm-mail-not-dangerous"]);
rule!(MARKED: "mail-marked", "mail-export", "Manual 2010, section XIII; 39 CFR 111", By::ALL,
    "The inner container is marked, and nothing outside tells what it holds",
    ["law-mail-packaging", "pharm-mail-packaging"]);
rule!(LABELLED: "mail-inner-label", "mail-export", "Manual 2010, section XIII; 39 CFR 111", By::ALL,
    "A prescription's inner container shows the dispenser's name and address",
    ["law-mail-inner-label", "pharm-mail-inner-label"]);
rule!(EXPORTED: "export-papers", "mail-export", "Manual 2010, section X; 21 U.S.C. 953, 957", By::ALL,
    "Export takes a registered exporter and a permit or declaration, both",
    ["law-export-registration", "pharm-export-foreign-delivery"]);

/// What every mailing needs.
pub(crate) const MAILED: &[Condition<Mailing>] = &[
    Condition {
        rule: &PARTIES,
        holds: |mailing| mailing.mailer != Source::Unregistered || mailing.addressee != Source::Unregistered,
        reason: Reason::RegistrationInvalid,
        code: "LAW-MAIL-PARTIES",
        what: "neither mailer nor addressee is registered or exempt",
        next: "do not mail it",
        field: "mailing.mailer",
    },
    Condition {
        rule: &HARMLESS,
        holds: |mailing| !mailing.dangerous,
        reason: Reason::Packaging,
        code: "LAW-MAIL-DANGEROUS",
        what: "the parcel is outwardly dangerous or harmful to life or health",
        next: "do not mail it",
        field: "mailing.dangerous",
    },
    Condition {
        rule: &MARKED,
        holds: |mailing| mailing.inner_marked,
        reason: Reason::Packaging,
        code: "LAW-MAIL-UNMARKED",
        what: "the inner container is not marked",
        next: "mark the inner container",
        field: "mailing.inner_marked",
    },
    Condition {
        rule: &MARKED,
        holds: |mailing| !mailing.outside_mark,
        reason: Reason::Packaging,
        code: "LAW-MAIL-OUTSIDE",
        what: "the outside bears a mark of the contents",
        next: "use an outer container or wrapper without any such mark",
        field: "mailing.outside_mark",
    },
    Condition {
        rule: &LABELLED,
        holds: |mailing| mailing.dispenser_name && mailing.dispenser_address,
        reason: Reason::ElementMissing,
        code: "LAW-MAIL-INNER-LABEL",
        what: "the inner label lacks the dispenser's name or address",
        next: "put both on the inner container",
        field: "mailing.dispenser_name",
    },
];

/// What goes abroad.
pub(crate) const ABROAD: &[Condition<Mailing>] = &[
    Condition {
        rule: &EXPORTED,
        holds: |mailing| mailing.exporter,
        reason: Reason::NotAuthorized,
        code: "LAW-EXPORT-REGISTRATION",
        what: "the sender is not registered as an exporter",
        next: "do not send it abroad",
        field: "mailing.exporter",
    },
    Condition {
        rule: &EXPORTED,
        holds: |mailing| mailing.export_paper,
        reason: Reason::ApprovalMissing,
        code: "LAW-EXPORT-PAPER",
        what: "there is no export permit or declaration",
        next: "obtain the permit or declaration first",
        field: "mailing.export_paper",
    },
];
