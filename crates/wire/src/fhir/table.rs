//! Which elements the R4 resources have, and what a draft makes of each. An element that is not here is reported.

/// What a draft makes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is read.
    Read,
    /// It says nothing of what a prescription must bear.
    Passed,
    /// It may bear on the prescription and needs a person's eye.
    LookAt,
}

use Use::{LookAt, Passed, Read};

/// The elements of a type, without those that all have.
pub(super) type Elements = &'static [(&'static str, Use)];

/// On every resource.
const COMMON: Elements = &[
    ("resourceType", Read),
    ("id", Read),
    ("meta", Passed),
    ("implicitRules", Read),
    ("language", Passed),
    ("text", Passed),
    ("contained", Read),
    ("extension", Read),
    ("modifierExtension", Read),
];

pub(super) const MEDICATION_REQUEST: Elements = &[
    ("identifier", Read),
    ("status", Read),
    ("statusReason", LookAt),
    ("intent", Read),
    ("category", Passed),
    ("priority", Passed),
    ("doNotPerform", Read),
    ("reportedBoolean", Read),
    ("reportedReference", Read),
    ("medicationCodeableConcept", Read),
    ("medicationReference", Read),
    ("subject", Read),
    ("encounter", Passed),
    ("supportingInformation", Passed),
    ("authoredOn", Read),
    ("requester", Read),
    ("performer", Passed),
    ("performerType", Passed),
    ("recorder", Passed),
    ("reasonCode", Passed),
    ("reasonReference", Passed),
    ("instantiatesCanonical", Passed),
    ("instantiatesUri", Passed),
    ("basedOn", Passed),
    ("groupIdentifier", Passed),
    ("courseOfTherapyType", Passed),
    ("insurance", Passed),
    ("note", Read),
    ("dosageInstruction", Read),
    ("dispenseRequest", Read),
    ("substitution", Read),
    ("priorPrescription", LookAt),
    ("detectedIssue", LookAt),
    ("eventHistory", Passed),
];

pub(super) const DISPENSE_REQUEST: Elements = &[
    ("initialFill", LookAt),
    ("dispenseInterval", LookAt),
    ("validityPeriod", Read),
    ("numberOfRepeatsAllowed", Read),
    ("quantity", Read),
    ("expectedSupplyDuration", Read),
    ("performer", Passed),
];

pub(super) const DOSAGE: Elements = &[
    ("sequence", Read),
    ("text", Read),
    ("additionalInstruction", Passed),
    ("patientInstruction", Passed),
    ("timing", Passed),
    ("asNeededBoolean", Passed),
    ("asNeededCodeableConcept", Passed),
    ("site", Passed),
    ("route", Passed),
    ("method", Passed),
    ("doseAndRate", Passed),
    ("maxDosePerPeriod", Passed),
    ("maxDosePerAdministration", Passed),
    ("maxDosePerLifetime", Passed),
];

pub(super) const MEDICATION: Elements = &[
    ("identifier", Passed),
    ("code", Read),
    ("status", Read),
    ("manufacturer", Passed),
    ("form", Read),
    ("amount", Passed),
    ("ingredient", Read),
    ("batch", Passed),
];

pub(super) const PATIENT: Elements = &[
    ("identifier", Passed),
    ("active", Read),
    ("name", Read),
    ("telecom", Passed),
    ("gender", Passed),
    ("birthDate", Read),
    ("deceasedBoolean", LookAt),
    ("deceasedDateTime", LookAt),
    ("address", Read),
    ("maritalStatus", Passed),
    ("multipleBirthBoolean", Passed),
    ("multipleBirthInteger", Passed),
    ("photo", Passed),
    ("contact", Passed),
    ("communication", Passed),
    ("generalPractitioner", Passed),
    ("managingOrganization", Passed),
    ("link", LookAt),
];

pub(super) const PRACTITIONER: Elements = &[
    ("identifier", Read),
    ("active", Read),
    ("name", Read),
    ("telecom", Passed),
    ("address", Read),
    ("gender", Passed),
    ("birthDate", Passed),
    ("photo", Passed),
    ("qualification", Passed),
    ("communication", Passed),
];

pub(super) const PRACTITIONER_ROLE: Elements = &[
    ("identifier", Read),
    ("active", Read),
    ("period", Passed),
    ("practitioner", Read),
    ("organization", Passed),
    ("code", Passed),
    ("specialty", Passed),
    ("location", Passed),
    ("healthcareService", Passed),
    ("telecom", Passed),
    ("availableTime", Passed),
    ("notAvailable", Passed),
    ("availabilityExceptions", Passed),
    ("endpoint", Passed),
];

/// What is made of an element of a type; `None` if R4 does not have it there. `_name` carries extensions of the primitive
/// `name`.
pub(super) fn use_of(elements: Elements, name: &str) -> Option<Use> {
    let bare = name.strip_prefix('_').unwrap_or(name);
    let row = elements.iter().chain(COMMON).find(|(known, _)| *known == bare)?;
    // An extension of a primitive never replaces the value here; a person should know that it was there.
    Some(if bare.len() == name.len() { row.1 } else { LookAt })
}
