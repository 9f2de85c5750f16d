//! Words about a prescription and what is written on it.

use super::words;
use theriac_model::{DrugUnit, Schedule as Controlled};

words! {
    /// The federal status of a substance: a schedule, or none.
    Schedule {
        /// Schedule I.
        I = "I",
        /// Schedule II.
        II = "II",
        /// Schedule III.
        III = "III",
        /// Schedule IV.
        IV = "IV",
        /// Schedule V.
        V = "V",
        /// Not controlled federally.
        None = "none",
    }
}

impl From<Controlled> for Schedule {
    fn from(schedule: Controlled) -> Self {
        match schedule {
            Controlled::I => Self::I,
            Controlled::II => Self::II,
            Controlled::III => Self::III,
            Controlled::IV => Self::IV,
            Controlled::V => Self::V,
        }
    }
}

words! {
    /// What one unit of a quantity is.
    Unit {
        /// A tablet.
        Tablet = "tablet",
        /// A capsule.
        Capsule = "capsule",
        /// A transdermal patch.
        Patch = "patch",
        /// A suppository.
        Suppository = "suppository",
        /// Any other single dose.
        DosageUnit = "dosage-unit",
        /// Millilitres.
        Millilitre = "mL",
        /// Grams.
        Gram = "g",
    }
}

impl From<&DrugUnit> for Unit {
    fn from(unit: &DrugUnit) -> Self {
        match unit {
            DrugUnit::Tablet => Self::Tablet,
            DrugUnit::Capsule => Self::Capsule,
            DrugUnit::Patch => Self::Patch,
            DrugUnit::Suppository => Self::Suppository,
            DrugUnit::Millilitre => Self::Millilitre,
            DrugUnit::Gram => Self::Gram,
            _ => Self::DosageUnit,
        }
    }
}

words! {
    /// How a prescription came.
    Form {
        /// On paper.
        Paper = "paper",
        /// Electronically.
        Electronic = "electronic",
        /// By fax.
        Fax = "fax",
        /// By word of mouth.
        Oral = "oral",
    }
}

words! {
    /// Who signed.
    Signature {
        /// The practitioner who issues it.
        Practitioner = "practitioner",
        /// An agent of the practitioner.
        Agent = "agent",
        /// A supervising practitioner.
        Supervisor = "supervisor",
        /// A picture of a signature, put there by a program.
        Image = "image",
        /// Nobody.
        None = "none",
    }
}

words! {
    /// What a paper prescription was written with.
    Instrument {
        /// Ink.
        Ink = "ink",
        /// Indelible pencil.
        IndeliblePencil = "indelible-pencil",
        /// Ordinary pencil.
        Pencil = "pencil",
        /// Typewriter.
        Typewriter = "typewriter",
        /// Computer printer.
        Printer = "printer",
    }
}

words! {
    /// An element that the law may require on a prescription.
    Element {
        /// The patient's full name.
        PatientName = "patient-name",
        /// The patient's address.
        PatientAddress = "patient-address",
        /// The practitioner's name.
        PractitionerName = "practitioner-name",
        /// The practitioner's address.
        PractitionerAddress = "practitioner-address",
        /// The practitioner's DEA number.
        DeaNumber = "dea-number",
        /// The drug's name.
        DrugName = "drug-name",
        /// The strength.
        Strength = "strength",
        /// The dosage form.
        DosageForm = "dosage-form",
        /// The quantity prescribed.
        Quantity = "quantity",
        /// Directions for use.
        Directions = "directions",
        /// The date of issue.
        IssueDate = "issue-date",
        /// The signature.
        Signature = "signature",
        /// The time of signing.
        TimeSigned = "time-signed",
        /// The internal code after a hospital's number.
        InternalCode = "internal-code",
        /// The service identification of a Federal officer.
        ServiceId = "service-id",
        /// The identification number for treatment of opioid dependence.
        TreatmentId = "treatment-id",
        /// The note of medical need for gamma-hydroxybutyric acid.
        MedicalNeed = "medical-need",
    }
}

words! {
    /// Where the patient is cared for.
    Setting {
        /// At home; an ordinary pharmacy.
        Retail = "retail",
        /// A long term care facility.
        Ltcf = "ltcf",
        /// Diagnosed as terminally ill.
        Terminal = "terminal",
        /// In hospice care.
        Hospice = "hospice",
    }
}

words! {
    /// What the prescription is for.
    Purpose {
        /// Treatment in the usual course.
        Treatment = "treatment",
        /// Stock for the practitioner's office.
        OfficeStock = "office-stock",
        /// Treatment of opioid dependence.
        OpioidDependence = "opioid-dependence",
        /// No legitimate medical purpose.
        NotLegitimate = "not-legitimate",
    }
}

words! {
    /// Why schedule II is dispensed in parts.
    Basis {
        /// The pharmacy cannot supply the whole.
        Shortage = "shortage",
        /// The patient or the practitioner asked for it.
        Requested = "requested",
        /// A patient in a long term care facility.
        Ltcf = "ltcf",
        /// A patient diagnosed as terminally ill.
        Terminal = "terminal",
        /// No particular ground.
        General = "general",
    }
}

words! {
    /// The words put on a schedule II prescription that is dispensed in parts.
    Notation {
        /// "LTCF patient".
        LtcfPatient = "ltcf-patient",
        /// "Terminally ill".
        TerminallyIll = "terminally-ill",
    }
}

words! {
    /// What became of the first of two prescriptions.
    FirstStatus {
        /// It never arrived.
        NotReceived = "not-received",
        /// It arrived and was not dispensed.
        ReceivedNotDispensed = "received-not-dispensed",
        /// It was dispensed.
        Dispensed = "dispensed",
    }
}

words! {
    /// A change a pharmacist may want to make on a prescription.
    Change {
        /// Put another value in place of the one written.
        Replace = "replace",
        /// Add what is absent.
        Add = "add",
        /// Correct a misspelling.
        Misspelling = "misspelling",
        /// Dispense the generic for the brand.
        GenericSubstitution = "generic-substitution",
    }
}

words! {
    /// What happened to an electronic prescription between signing and receipt.
    Alteration {
        /// Nothing.
        None = "none",
        /// Its content changed.
        Content = "content",
        /// Only its format changed.
        Format = "format",
    }
}

words! {
    /// Whether an application meets the rules.
    Compliance {
        /// It does.
        Compliant = "compliant",
        /// It does not.
        NonCompliant = "non-compliant",
        /// Approval is awaited.
        Pending = "pending",
    }
}
