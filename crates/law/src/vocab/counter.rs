//! Words about how a prescription came to the counter, and what the pharmacist judged.

use super::words;

words! {
    /// What lies behind a picture of a prescription.
    Origin {
        /// Paper, signed by hand.
        SignedPaper = "signed-paper",
        /// An electronic prescription that somebody on the way made a picture of.
        ConvertedElectronic = "converted-electronic",
        /// A plain e-mail.
        Email = "e-mail",
    }
}

words! {
    /// How a doubt about a prescription was settled.
    Resolution {
        /// It is open.
        Open = "open",
        /// By the pharmacist's recorded decision.
        PharmacistDecision = "pharmacist-decision",
        /// By a recorded call to the practitioner.
        Call = "call",
    }
}

words! {
    /// What the pharmacist decided about the legitimacy of a prescription.
    Judged {
        /// Nothing yet.
        Open = "open",
        /// It may be dispensed.
        Dispense = "dispense",
        /// It is declined.
        Decline = "decline",
    }
}

words! {
    /// Who fills.
    Filler {
        /// A licensed pharmacist.
        Pharmacist = "pharmacist",
        /// An intern.
        Intern = "intern",
        /// A technician.
        Technician = "technician",
    }
}

words! {
    /// With what an electronic prescription is signed.
    SigningMethod {
        /// Two factors in an application that signs the record itself.
        Application = "application",
        /// The practitioner's own digital certificate.
        Certificate = "certificate",
    }
}

words! {
    /// Who authorises further refills.
    Authorizer {
        /// The practitioner who issued the prescription.
        Issuer = "issuer",
        /// Another practitioner.
        Other = "other",
    }
}

words! {
    /// What became of the authority for an emergency dispensing.
    Authority {
        /// The written prescription may still come in time.
        Open = "open",
        /// It came in time, or DEA was told that it did not.
        Stands = "stands",
        /// Neither: dispensed without authority.
        Void = "void",
    }
}
