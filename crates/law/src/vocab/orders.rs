//! Words about orders between registrants.

use super::words;

words! {
    /// How an order is made.
    OrderMethod {
        /// DEA Form 222 in three copies.
        Form222Triplicate = "form-222-triplicate",
        /// The single-sheet DEA Form 222.
        Form222Single = "form-222-single",
        /// An electronic order (CSOS).
        Csos = "csos",
        /// An ordinary purchase order.
        PurchaseOrder = "purchase-order",
        /// An electronic order outside the standards of CSOS: by e-mail, data interchange or a web page.
        UnsignedElectronic = "unsigned-electronic",
    }
}

words! {
    /// Who signs an order.
    OrderSigner {
        /// The registrant.
        Registrant = "registrant",
        /// A person with a power of attorney.
        PowerOfAttorney = "power-of-attorney",
        /// Anybody else.
        Other = "other",
    }
}

words! {
    /// The condition of an order form.
    Condition {
        /// Good.
        Good = "good",
        /// Incomplete.
        Incomplete = "incomplete",
        /// Illegible.
        Illegible = "illegible",
        /// Altered, erased or changed.
        Altered = "altered",
        /// Erased in part.
        Erased = "erased",
        /// Changed in any other way.
        Changed = "changed",
        /// Not properly prepared.
        ImproperlyPrepared = "improperly-prepared",
        /// Not properly executed.
        ImproperlyExecuted = "improperly-executed",
        /// Not properly endorsed.
        ImproperlyEndorsed = "improperly-endorsed",
        /// A minor error, such as a misspelling, that the supplier corrected.
        MinorErrorCorrected = "minor-error-corrected",
    }
}

words! {
    /// The state of the certificate on an electronic order.
    Certificate {
        /// Valid.
        Valid = "valid",
        /// Run out.
        Expired = "expired",
        /// Revoked.
        Revoked = "revoked",
        /// Not issued by DEA's authority.
        NotDeaIssued = "not-dea-issued",
        /// Another person's.
        AnotherPersons = "another-persons",
    }
}

words! {
    /// A document of distribution.
    Document {
        /// DEA Form 222 in three copies.
        Form222Triplicate = "form-222-triplicate",
        /// The single-sheet DEA Form 222.
        Form222Single = "form-222-single",
        /// An electronic order (CSOS).
        Csos = "csos",
        /// An invoice.
        Invoice = "invoice",
        /// DEA Form 41.
        Form41 = "form-41",
        /// None.
        None = "none",
    }
}

words! {
    /// Who issued the document.
    Issuer {
        /// The recipient.
        Recipient = "recipient",
        /// The pharmacy.
        Pharmacy = "pharmacy",
    }
}
