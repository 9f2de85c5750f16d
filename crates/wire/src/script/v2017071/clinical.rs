//! Allergies, benefits and observations: carried along, not used by the rules of controlled substances.

use super::super::table::{Kind, Part, code, many, numbered, one};
use super::parties::{ADDRESS, COMMUNICATION};

pub(super) static ALLERGIES: Part =
    Part::of("allergies", &numbered([code("NoKnownAllergies"), many("Allergies", Kind::Open)]));

pub(super) static BENEFITS: Part = Part::of(
    "benefits",
    &numbered([
        one("PayerIdentification", Kind::Open),
        one("PayerName", Kind::Text),
        code("CardholderID"),
        one("CardHolderName", Kind::Open),
        code("GroupID"),
        code("PayerResponsibilityCode"),
        code("PatientRelationship"),
        code("PersonCode"),
        one("GroupName", Kind::Text),
        one("Address", Kind::Part(&ADDRESS)),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
        code("PBMMemberID"),
        one("ResponsibleParty", Kind::Open),
        code("PayerType"),
        code("InterchangeControlNumber"),
    ]),
);

pub(super) static OBSERVATION: Part =
    Part::of("observation", &numbered([many("Measurement", Kind::Open), one("ObservationNotes", Kind::Text)]));
