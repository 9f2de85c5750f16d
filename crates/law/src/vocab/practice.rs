//! Words about a practitioner's authority: discipline, scope, State.

use super::words;

words! {
    /// What a prescriber who is no physician, dentist, podiatrist or veterinarian is.
    Discipline {
        /// A nurse practitioner.
        NursePractitioner = "nurse-practitioner",
        /// A nurse midwife.
        NurseMidwife = "nurse-midwife",
        /// A nurse anesthetist.
        NurseAnesthetist = "nurse-anesthetist",
        /// A physician assistant.
        PhysicianAssistant = "physician-assistant",
        /// A clinical nurse specialist.
        ClinicalNurseSpecialist = "clinical-nurse-specialist",
        /// An optometrist.
        Optometrist = "optometrist",
        /// An ambulance service.
        AmbulanceService = "ambulance-service",
        /// An animal shelter.
        AnimalShelter = "animal-shelter",
        /// A euthanasia technician.
        EuthanasiaTechnician = "euthanasia-technician",
        /// A nursing home.
        NursingHome = "nursing-home",
        /// A homeopath.
        Homeopath = "homeopath",
        /// A naturopath.
        Naturopath = "naturopath",
        /// A pharmacist.
        Pharmacist = "pharmacist",
        /// An institution itself, such as a hospital.
        Institution = "institution",
    }
}

words! {
    /// The field in which a practitioner works.
    FieldOfPractice {
        /// Medicine at large.
        Medicine = "medicine",
        /// Dentistry.
        Dentistry = "dentistry",
        /// Podiatry.
        Podiatry = "podiatry",
        /// Optometry.
        Optometry = "optometry",
        /// Veterinary medicine.
        Veterinary = "veterinary",
    }
}

words! {
    /// The condition that a prescription treats, as far as the scope of practice asks for it.
    Complaint {
        /// Pain, without saying where.
        Pain = "pain",
        /// Pain of teeth, gums and jaw.
        DentalPain = "dental-pain",
        /// Pain of the foot.
        FootPain = "foot-pain",
        /// A disease of the eye.
        EyeDisease = "eye-disease",
        /// The treatment of an animal.
        AnimalCare = "animal-care",
        /// Attention deficit disorder.
        AttentionDeficit = "attention-deficit",
        /// Anxiety.
        Anxiety = "anxiety",
        /// Insomnia.
        Insomnia = "insomnia",
        /// Cough.
        Cough = "cough",
        /// Seizures.
        Seizures = "seizures",
        /// Obesity.
        Obesity = "obesity",
    }
}

words! {
    /// Whether the State wants an agreement with a supervising physician, and whether there is one.
    Agreement {
        /// It wants none.
        NotRequired = "not-required",
        /// It wants one, and none is recorded.
        Missing = "missing",
        /// It wants one, and it is in force.
        InForce = "in-force",
    }
}

words! {
    /// How the patient stands to the prescriber.
    PatientIs {
        /// Neither the prescriber nor of the immediate family.
        Other = "other",
        /// The prescriber.
        Prescriber = "prescriber",
        /// Of the prescriber's immediate family.
        Family = "family",
    }
}

words! {
    /// Whether a registration number is in the registrant list.
    Listing {
        /// It is.
        Listed = "listed",
        /// It is not.
        NotListed = "not-listed",
    }
}
