//! Words about people and businesses.

use super::words;

words! {
    /// A State whose rules may be laid over the Federal ones.
    State {
        /// Arizona.
        Arizona = "AZ",
        /// California.
        California = "CA",
        /// Florida.
        Florida = "FL",
        /// Georgia.
        Georgia = "GA",
        /// Maryland.
        Maryland = "MD",
        /// New Mexico.
        NewMexico = "NM",
        /// Utah.
        Utah = "UT",
    }
}

words! {
    /// Who sent the fax or telephoned.
    Sender {
        /// The practitioner.
        Practitioner = "practitioner",
        /// The practitioner's agent.
        Agent = "agent",
        /// The patient.
        Patient = "patient",
    }
}

words! {
    /// What kind of practitioner prescribes.
    PractitionerKind {
        /// A physician.
        Physician = "physician",
        /// A dentist.
        Dentist = "dentist",
        /// A podiatrist.
        Podiatrist = "podiatrist",
        /// A veterinarian.
        Veterinarian = "veterinarian",
        /// A mid-level practitioner.
        MidLevel = "mid-level",
        /// A resident, intern or staff practitioner of an institution.
        Resident = "resident",
        /// An officer of a Federal service.
        FederalOfficer = "federal-officer",
    }
}

words! {
    /// Under which registration a practitioner prescribes.
    Registration {
        /// The practitioner's own.
        Own = "own",
        /// The hospital's, with an internal code.
        Hospital = "hospital",
        /// Exempt from registration.
        Exempt = "exempt",
        /// None.
        None = "none",
    }
}

words! {
    /// The status of a registration on a day.
    Status {
        /// In force.
        Valid = "valid",
        /// Run out.
        Expired = "expired",
        /// Suspended.
        Suspended = "suspended",
        /// Revoked.
        Revoked = "revoked",
    }
}

words! {
    /// Who works in the pharmacy.
    Staff {
        /// A pharmacist.
        Pharmacist = "pharmacist",
        /// A technician.
        Technician = "technician",
        /// A clerk.
        Clerk = "clerk",
    }
}

words! {
    /// What kind of pharmacy.
    Site {
        /// A retail pharmacy.
        Retail = "retail",
        /// A central fill pharmacy.
        CentralFill = "central-fill",
    }
}

words! {
    /// How two pharmacies stand to each other.
    Relationship {
        /// A contract.
        Contract = "contract",
        /// One owner.
        CommonOwner = "common-owner",
        /// None.
        None = "none",
    }
}

words! {
    /// Who receives a dispensed drug.
    Recipient {
        /// The patient.
        Patient = "patient",
        /// A member of the patient's household.
        HouseholdMember = "household-member",
        /// The owner of the animal that is treated, or a member of the owner's household.
        AnimalOwner = "animal-owner",
        /// Somebody else.
        Other = "other",
        /// Somebody in another country.
        Abroad = "abroad",
    }
}

words! {
    /// How a purchaser shows who they are.
    Identification {
        /// A photographic document of a Federal or State government.
        GovernmentPhoto = "government-photo",
        /// A document that is acceptable for persons under 18.
        Under18Document = "under-18-document",
        /// None.
        None = "none",
    }
}

words! {
    /// Who signs in the prescribing application.
    Signer {
        /// The registrant whose name is on the prescription.
        Registrant = "registrant",
        /// An agent.
        Agent = "agent",
        /// Another practitioner.
        OtherPractitioner = "other-practitioner",
    }
}

words! {
    /// A factor of authentication.
    Factor {
        /// A password (known).
        Password = "password",
        /// The answer to a question (known).
        SecurityQuestion = "security-question",
        /// A biometric (being).
        Biometric = "biometric",
        /// A hard token (held).
        HardToken = "hard-token",
        /// A device that shows one-time codes to whoever holds it (held, and not opened by anything).
        CodeDevice = "code-device",
    }
}

words! {
    /// A party to a distribution.
    Party {
        /// A pharmacy.
        Pharmacy = "pharmacy",
        /// A supplier.
        Supplier = "supplier",
        /// A practitioner.
        Practitioner = "practitioner",
        /// A central fill pharmacy.
        CentralFillPharmacy = "central-fill-pharmacy",
        /// A reverse distributor.
        ReverseDistributor = "reverse-distributor",
    }
}

words! {
    /// What the first letter of a DEA number says of the registrant.
    RegistrantType {
        /// A, B, F, G: a practitioner or a facility.
        PractitionerOrFacility = "practitioner-or-facility",
        /// M: a mid-level practitioner.
        MidLevel = "mid-level",
        /// P, R: a distributor or researcher.
        DistributorOrResearcher = "distributor-or-researcher",
        /// X: a practitioner with the former waiver.
        DataWaived = "data-waived",
    }
}
