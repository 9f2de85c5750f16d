//! Manual, sections X and XIII; 21 CFR 1300.01 (dispenser), 39 CFR; 21 U.S.C. 953: who receives, and how it is mailed.
//!
//! A dispensed drug goes to the patient or a member of the household; to anyone else it would be distribution. By mail
//! the inner container is marked and sealed and nothing outside tells what is in it. Abroad is export: it takes a
//! registered exporter with a permit or declaration. The owner of an animal receives what a veterinarian prescribed for it
//! (manual, appendix B: ultimate user).

use crate::edition::{By, Law};
use crate::facts::{Parcel, Prescriber};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Delivery, PractitionerKind, Recipient};

rule!(RECIPIENT: "dispense-to", "dispense-to", "Manual 2010, section X; 21 U.S.C. 802(10), (27)", By::ALL,
    "A dispensed drug is handed to the patient or a member of the household",
    ["law-to-household", "law-to-otherwise-distribution", "law-to-animal-owner"]);
rule!(EXPORT: "export", "mail-export", "Manual 2010, section X; 21 U.S.C. 953, 957", By::ALL,
    "Sending abroad is export and takes a registered exporter with permit or declaration",
    ["law-export-registration"]);
rule!(PARCEL: "mail-parcel", "mail-export", "Manual 2010, section XIII; 39 CFR 111", By::ALL,
    "By mail the inner container is sealed and the outer wrapper plain",
    ["law-mail-packaging"]);

/// Whether the recipient may receive it.
pub(crate) fn recipient(law: &Law<'_>, to: Recipient, prescriber: &Prescriber) -> Outcome {
    let for_animal = prescriber.kind == PractitionerKind::Veterinarian;
    let allowed = match to {
        Recipient::Other => false,
        Recipient::AnimalOwner => for_animal,
        Recipient::Patient | Recipient::HouseholdMember | Recipient::Abroad => true,
    };
    Outcome::unless(allowed, || {
        law.deny(
            &RECIPIENT,
            Reason::RecipientNotAllowed,
            "LAW-DISPENSE-TO",
            "the recipient is neither the patient nor of the household; giving it to anyone else is distribution",
            "hand it to the patient or a member of the household; a registrant is supplied under the five percent rule",
        )
        .about("request.to")
    })
}

/// Whether it may leave the country.
pub(crate) fn export(law: &Law<'_>, to: Recipient, parcel: &Parcel) -> Outcome {
    if to != Recipient::Abroad {
        return Outcome::NotApplicable;
    }
    Outcome::unless(parcel.exporter_registered, || {
        law.deny(
            &EXPORT,
            Reason::NotAuthorized,
            "LAW-EXPORT",
            "the sender is not a registered exporter",
            "do not send it abroad",
        )
        .about("parcel.exporter_registered")
    })
}

/// Whether the parcel keeps its secret.
pub(crate) fn parcel(law: &Law<'_>, by: Delivery, parcel: &Parcel) -> Outcome {
    if by != Delivery::Mail {
        return Outcome::NotApplicable;
    }
    Outcome::unless(parcel.outer_plain && parcel.inner_sealed, || {
        let what = if parcel.outer_plain {
            "the inner container is not sealed"
        } else {
            "the outer wrapper tells what is inside"
        };
        law.deny(
            &PARCEL,
            Reason::Packaging,
            "LAW-MAIL-PARCEL",
            what,
            "seal the inner container and use a plain outer wrapper",
        )
        .about("parcel")
    })
}
