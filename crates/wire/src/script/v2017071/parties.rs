//! People, pharmacies and facilities.

use super::super::table::{Kind, Part, code, many, numbered, one, text};
use super::when;

pub(super) static NAME: Part = Part::of(
    "name",
    &numbered([
        text("LastName", 35).expected(),
        text("FirstName", 35).expected(),
        text("MiddleName", 35),
        text("Suffix", 10),
        text("Prefix", 10),
    ]),
);

pub(super) static ADDRESS: Part = Part::of(
    "address",
    &numbered([
        text("AddressLine1", 40).expected(),
        text("AddressLine2", 40),
        text("City", 35).expected(),
        one("StateProvince", Kind::State).expected(),
        one("PostalCode", Kind::Postal).expected(),
        code("CountryCode"),
    ]),
);

static TELEPHONE: Part =
    Part::of("telephone", &numbered([code("Number"), code("Extension"), one("SupportsSMS", Kind::Code)]));

pub(super) static COMMUNICATION: Part = Part::of(
    "communication numbers",
    &numbered([
        one("PrimaryTelephone", Kind::Part(&TELEPHONE)),
        many("Beeper", Kind::Part(&TELEPHONE)),
        many("ElectronicMail", Kind::Text),
        many("Fax", Kind::Part(&TELEPHONE)),
        many("HomeTelephone", Kind::Part(&TELEPHONE)),
        many("WorkTelephone", Kind::Part(&TELEPHONE)),
        many("OtherTelephone", Kind::Part(&TELEPHONE)),
        one("DirectAddress", Kind::Text),
    ]),
);

pub(super) static PATIENT: Part = Part::of(
    "patient",
    &numbered([one("HumanPatient", Kind::Part(&HUMAN)), one("NonHumanPatient", Kind::Part(&NON_HUMAN))]),
);

static HUMAN: Part = Part::of(
    "human patient",
    &numbered([
        one("Identification", Kind::Part(&PATIENT_IDENTIFICATION)),
        one("Name", Kind::Part(&NAME)).expected(),
        one("FormerName", Kind::Part(&NAME)),
        code("Gender").expected(),
        when("DateOfBirth").expected(),
        one("Address", Kind::Part(&ADDRESS)),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
        one("PatientLocation", Kind::Part(&PATIENT_LOCATION)),
        code("LanguageNameCode"),
        code("PregnancyIndicator"),
        many("SubstanceUse", Kind::Open),
        many("AlternateContact", Kind::Open),
        one("GestationalAge", Kind::Open),
        code("HospiceIndicator"),
    ]),
);

/// What an animal's part holds is only partly known.
static NON_HUMAN: Part = Part::of(
    "non-human patient",
    &numbered([
        one("Name", Kind::Part(&NAME)),
        code("Gender"),
        when("DateOfBirth"),
        one("Species", Kind::Open),
        one("Breed", Kind::Open),
        one("Address", Kind::Part(&ADDRESS)),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
    ]),
);

static PATIENT_IDENTIFICATION: Part = Part::of(
    "patient identification",
    &numbered([
        code("MedicareNumber"),
        code("MedicaidNumber"),
        code("MedicalRecordIdentificationNumberEHR"),
        code("PatientAccountNumber"),
        code("SocialSecurity"),
        code("MutuallyDefined"),
        code("REMSPatientID"),
    ]),
);

static PATIENT_LOCATION: Part =
    Part::of("patient location", &numbered([code("FacilityUnit"), code("Bed"), code("Room")]));

pub(super) static PHARMACY: Part = Part::of(
    "pharmacy",
    &numbered([
        one("Identification", Kind::Part(&PHARMACY_IDENTIFICATION)),
        code("Specialty"),
        one("Pharmacist", Kind::Open),
        text("BusinessName", 70).expected(),
        one("Address", Kind::Part(&ADDRESS)),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
    ]),
);

static PHARMACY_IDENTIFICATION: Part = Part::of(
    "pharmacy identification",
    &numbered([
        code("NCPDPID"),
        code("StateLicenseNumber"),
        code("MedicareNumber"),
        code("MedicaidNumber"),
        code("UPIN"),
        code("DEANumber"),
        code("HIN"),
        code("NPI"),
        code("MutuallyDefined"),
    ]),
);

pub(super) static PRESCRIBER: Part = Part::of(
    "prescriber",
    &numbered([one("NonVeterinarian", Kind::Part(&NON_VETERINARIAN)), one("Veterinarian", Kind::Part(&VETERINARIAN))]),
);

static NON_VETERINARIAN: Part = Part::of(
    "non-veterinarian",
    &numbered([
        one("Identification", Kind::Part(&PRESCRIBER_IDENTIFICATION)).expected(),
        code("Specialty"),
        one("PracticeLocation", Kind::Part(&PRACTICE_LOCATION)),
        one("Name", Kind::Part(&NAME)).expected(),
        one("FormerName", Kind::Part(&NAME)),
        one("Address", Kind::Part(&ADDRESS)),
        one("PrescriberAgent", Kind::Open),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
        code("PrescriberPlaceOfService"),
    ]),
);

static VETERINARIAN: Part = Part::of(
    "veterinarian",
    &numbered([
        one("Identification", Kind::Part(&PRESCRIBER_IDENTIFICATION)).expected(),
        code("Specialty"),
        one("PracticeLocation", Kind::Part(&PRACTICE_LOCATION)),
        one("Name", Kind::Part(&NAME)).expected(),
        one("FormerName", Kind::Part(&NAME)),
        one("Address", Kind::Part(&ADDRESS)),
        one("PrescriberAgent", Kind::Open),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
    ]),
);

static PRESCRIBER_IDENTIFICATION: Part = Part::of(
    "prescriber identification",
    &numbered([
        code("StateLicenseNumber"),
        code("MedicareNumber"),
        code("MedicaidNumber"),
        code("UPIN"),
        code("DEANumber"),
        code("HIN"),
        code("SocialSecurity"),
        code("NPI"),
        code("CertificateToPrescribe"),
        code("Data2000WaiverID"),
        code("MutuallyDefined"),
        code("REMSHealthcareProviderEnrollmentID"),
        code("StateControlSubstanceNumber"),
    ]),
);

static PRACTICE_LOCATION: Part = Part::of(
    "practice location",
    &numbered([one("Identification", Kind::Part(&FACILITY_IDENTIFICATION)), text("BusinessName", 70)]),
);

pub(super) static FACILITY: Part = Part::of(
    "facility",
    &numbered([
        one("Identification", Kind::Part(&FACILITY_IDENTIFICATION)),
        text("FacilityName", 70),
        one("Address", Kind::Part(&ADDRESS)),
        one("CommunicationNumbers", Kind::Part(&COMMUNICATION)),
    ]),
);

static FACILITY_IDENTIFICATION: Part = Part::of(
    "facility identification",
    &numbered([
        code("NCPDPID"),
        code("StateLicenseNumber"),
        code("MedicareNumber"),
        code("MedicaidNumber"),
        code("UPIN"),
        code("FacilityID"),
        code("DEANumber"),
        code("HIN"),
        code("NPI"),
        code("MutuallyDefined"),
        code("REMSHealthcareSettingEnrollmentID"),
    ]),
);
