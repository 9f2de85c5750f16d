//! Words about red flags, monitoring programmes and identification at the counter.

use super::words;

words! {
    /// A warning sign.
    Flag {
        /// Early refills are asked for again and again.
        EarlyRefill = "early-refill",
        /// Prescriber or patient is far away.
        Distance = "distance",
        /// Several prescribers for the same class.
        MultiplePrescribers = "multiple-prescribers",
        /// Several pharmacies for the same class.
        MultiplePharmacies = "multiple-pharmacies",
        /// Many patients get the same from one prescriber.
        PillMill = "pill-mill",
        /// Outside the prescriber's field.
        Scope = "scope",
        /// A group comes with similar prescriptions.
        Group = "group",
        /// The patient behaves unusually.
        Behaviour = "behaviour",
        /// Cash for an opioid.
        Cash = "cash",
        /// A street name was used.
        StreetName = "street-name",
        /// Opioid, benzodiazepine and muscle relaxant together, or two of them.
        Cocktail = "cocktail",
        /// An action against the prescriber is pending.
        PendingAction = "pending-action",
        /// Something is irregular on the face.
        FaceIrregular = "face-irregular",
        /// A large quantity, or a strong opioid at the first time.
        LargeOrStrong = "large-or-strong",
        /// The prescriber writes far more than others.
        PrescriberVolume = "prescriber-volume",
        /// The patient is back too soon.
        TooFrequent = "too-frequent",
        /// Depressant and stimulant together.
        UppersDowners = "uppers-downers",
        /// Prescriptions in other people's names.
        OtherNames = "other-names",
        /// Many new patients of one prescriber.
        Strangers = "strangers",
        /// It looks forged.
        ForgedLook = "forged-look",
        /// The dose is unlike usual use.
        UnusualDose = "unusual-dose",
        /// It is presented long after its issue.
        LatePresentation = "late-presentation",
        /// Cannabis adds to the depression of the nervous system, or changes how the drug is broken down.
        CannabisInteraction = "cannabis-interaction",
    }
}

words! {
    /// A class of drugs, as far as the warning signs distinguish them.
    DrugClass {
        /// An opioid.
        Opioid = "opioid",
        /// A benzodiazepine.
        Benzodiazepine = "benzodiazepine",
        /// A muscle relaxant.
        MuscleRelaxant = "muscle-relaxant",
        /// A stimulant.
        Stimulant = "stimulant",
        /// Another depressant: a hypnotic or a barbiturate.
        OtherDepressant = "other-depressant",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// The prescriber's field.
    Specialty {
        /// General practice.
        General = "general",
        /// The treatment of pain.
        Pain = "pain",
        /// Surgery.
        Surgery = "surgery",
        /// Oncology.
        Oncology = "oncology",
        /// Psychiatry.
        Psychiatry = "psychiatry",
        /// Dermatology.
        Dermatology = "dermatology",
        /// Ophthalmology.
        Ophthalmology = "ophthalmology",
    }
}

words! {
    /// What staff noted.
    StaffNoteKind {
        /// Unusual behaviour.
        Behaviour = "behaviour",
        /// A street name.
        StreetName = "street-name",
        /// An irregularity on the face of the prescription.
        FaceIrregular = "face-irregular",
    }
}

words! {
    /// A sign of forgery.
    ForgerySign {
        /// Too legible.
        TooLegible = "too-legible",
        /// Quantity, directions or dose unlike usual medical use.
        UnusualUse = "unusual-use",
        /// Abbreviations that nobody uses, or worded as in a textbook.
        Textbook = "textbook",
        /// No abbreviations; directions in full.
        NoAbbreviations = "no-abbreviations",
        /// It looks photocopied.
        Photocopied = "photocopied",
        /// Several inks or hands.
        SeveralInks = "several-inks",
    }
}

words! {
    /// How it is paid.
    Payment {
        /// Cash.
        Cash = "cash",
        /// Insurance.
        Insurance = "insurance",
        /// Any other way.
        Other = "other",
    }
}

words! {
    /// What the patient's profile says beside prescriptions.
    ProfileItem {
        /// Use of cannabis.
        Cannabis = "cannabis",
    }
}

words! {
    /// What a pharmacist decides about a flag.
    FlagDecision {
        /// Resolved: it may be dispensed.
        Resolved = "resolved",
        /// Believed forged or altered.
        Forged = "forged",
        /// Part of a pattern of abuse.
        Pattern = "pattern",
        /// Not dispensed.
        Declined = "declined",
    }
}

words! {
    /// How a flag was resolved.
    Grounds {
        /// The pharmacist's own judgement, with the reason written down.
        Judgement = "judgement",
        /// The prescriber was asked.
        Contact = "contact",
    }
}

words! {
    /// Where the number came from that was called.
    NumberSource {
        /// From a directory, the own records, or the board.
        Independent = "independent",
        /// From the prescription itself.
        OnPrescription = "on-prescription",
    }
}

words! {
    /// Whether a monitoring programme is asked before dispensing.
    CheckDuty {
        /// It should be.
        Recommended = "recommended",
        /// State law requires it.
        Required = "required",
    }
}

words! {
    /// Who asks for the data of a monitoring programme.
    Reader {
        /// A prescriber.
        Prescriber = "prescriber",
        /// A pharmacist.
        Pharmacist = "pharmacist",
        /// An investigator.
        Investigator = "investigator",
        /// Anyone else.
        Unauthorized = "unauthorized",
    }
}

words! {
    /// Whether somebody belongs to the State of the programme.
    Residence {
        /// In the State.
        InState = "in-state",
        /// In another State.
        OutOfState = "out-of-state",
    }
}

words! {
    /// Whether an investigator needs to know.
    NeedToKnow {
        /// For an investigation that is under way.
        Shown = "shown",
        /// Not shown.
        NotShown = "not-shown",
    }
}

words! {
    /// A document shown when a dispensed drug is picked up.
    PickupDocument {
        /// A driver's licence of a State.
        DriversLicence = "drivers-licence",
        /// An identity card of a State.
        StateCard = "state-card",
        /// An identity card of the Federal government.
        FederalCard = "federal-card",
        /// A military identity card.
        MilitaryCard = "military-card",
        /// A passport of the United States.
        UsPassport = "us-passport",
        /// Anything else, such as the card of a club.
        Other = "other",
    }
}

words! {
    /// What can be compared with the prescription instead of a document.
    Identifier {
        /// The name.
        Name = "name",
        /// The date of birth.
        BirthDate = "birth-date",
        /// The home address.
        HomeAddress = "home-address",
    }
}
