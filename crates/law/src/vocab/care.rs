//! Words about institutions, long term care, central filling, and who answers for what.

use super::words;

words! {
    /// What kind of place cares for people.
    FacilityKind {
        /// A nursing home.
        NursingHome = "nursing-home",
        /// A retirement home with extended care.
        RetirementCare = "retirement-care",
        /// A mental care facility.
        MentalCare = "mental-care",
        /// Another place that gives extended health care to residents.
        ExtendedCare = "extended-care",
        /// A hospital's ward.
        HospitalWard = "hospital-ward",
        /// A clinic without residents.
        Clinic = "clinic",
    }
}

words! {
    /// For whom and when an order for a drug is meant.
    OrderFor {
        /// An inpatient, for immediate administration.
        InpatientImmediate = "inpatient-immediate",
        /// A patient who leaves the hospital.
        Discharge = "discharge",
        /// A resident of a long term care facility.
        LtcfResident = "ltcf-resident",
        /// A patient at home.
        Outpatient = "outpatient",
    }
}

words! {
    /// On what an institution administers or dispenses.
    InstitutionOrder {
        /// Paper, signed.
        Paper = "paper",
        /// The fax of signed paper.
        Fax = "fax",
        /// A conforming electronic prescription.
        Electronic = "electronic",
        /// An oral prescription reduced to writing.
        OralWritten = "oral-written",
        /// An order on the telephone that nobody wrote down.
        Telephone = "telephone",
        /// An order for immediate administration to an inpatient.
        Inpatient = "inpatient",
    }
}

words! {
    /// Where drugs lie.
    Holding {
        /// On the pharmacy's shelf.
        Shelf = "shelf",
        /// In the pharmacy's automated system at a long term care facility.
        LtcfMachine = "ltcf-machine",
        /// In the pharmacy's emergency kit at a long term care facility.
        EmergencyKit = "emergency-kit",
        /// With a resident or patient, dispensed.
        Resident = "resident",
    }
}

words! {
    /// A matter for which somebody answers.
    Matter {
        /// A prescription that does not conform.
        Nonconforming = "nonconforming",
        /// A prescription that does not conform, filled centrally.
        NonconformingCentral = "nonconforming-central",
        /// What an agent said on the telephone.
        AgentsCall = "agents-call",
        /// That a patient is terminally ill.
        TerminalIllness = "terminal-illness",
        /// The legitimacy of a prescription filled centrally.
        CentralLegitimacy = "central-legitimacy",
    }
}

words! {
    /// Who answers.
    Answerable {
        /// The practitioner.
        Practitioner = "practitioner",
        /// The practitioner and the pharmacist who fills.
        PractitionerAndPharmacist = "practitioner-and-pharmacist",
        /// The practitioner and the pharmacists of both pharmacies.
        PractitionerAndBothPharmacists = "practitioner-and-both-pharmacists",
        /// The pharmacists of the retail and of the central fill pharmacy.
        BothPharmacists = "both-pharmacists",
    }
}

words! {
    /// Under what a pharmacy fills centrally.
    CentralStanding {
        /// A registration as a central fill pharmacy.
        CentralFill = "central-fill",
        /// The registration of a retail pharmacy that also fills centrally.
        Retail = "retail",
        /// None.
        None = "none",
    }
}

words! {
    /// What goes from a central fill pharmacy to a retail pharmacy.
    CentralFlow {
        /// A filled prescription, to a store of the same owner.
        FilledForOwnStore = "filled-own-store",
        /// A filled prescription, under a contract.
        FilledUnderContract = "filled-contract",
        /// Stock in bulk.
        BulkStock = "bulk-stock",
    }
}

words! {
    /// The paper that a delivery takes.
    OrderPaper {
        /// An order form, or its electronic counterpart.
        OrderForm = "order-form",
        /// An invoice.
        Invoice = "invoice",
        /// None.
        None = "none",
    }
}

words! {
    /// What several parts of a schedule II prescription come to.
    PartsFound {
        /// They are in order.
        InOrder = "in-order",
        /// They are deemed filled in violation.
        Violation = "violation",
    }
}
