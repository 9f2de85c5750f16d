//! Words about executing, losing and receiving orders, powers of attorney, and movements of stock between registrants.

use super::words;

words! {
    /// Who granted a power of attorney.
    Grantor {
        /// The person who signed the latest application for registration or its renewal.
        LatestSigner = "latest-signer",
        /// Anybody else.
        Other = "other",
    }
}

words! {
    /// Who signed the renewal of the registration since a power of attorney was granted.
    RenewedBy {
        /// It has not been renewed since.
        Nobody = "nobody",
        /// The same person as before.
        SamePerson = "same-person",
        /// A different person.
        OtherPerson = "other-person",
    }
}

words! {
    /// How an order form is signed.
    SignatureKind {
        /// By hand.
        Handwritten = "handwritten",
        /// With a stamp.
        Stamped = "stamped",
        /// Electronically.
        Digital = "digital",
    }
}

words! {
    /// How the items stand on the numbered lines of an order form.
    Layout {
        /// Each item on a line of its own, no line skipped.
        OneAnItem = "one-an-item",
        /// A line between two items is blank.
        LineSkipped = "line-skipped",
        /// A line holds two items.
        TwoOnALine = "two-on-a-line",
    }
}

words! {
    /// Whether what DEA printed on an order form agrees with the registration.
    Preprinted {
        /// It agrees.
        Agrees = "agrees",
        /// Another registration number.
        OtherNumber = "other-number",
        /// Other schedules.
        OtherSchedules = "other-schedules",
        /// Another name or address.
        OtherAddress = "other-address",
    }
}

words! {
    /// What became of the blank form with this serial number before it was executed.
    FormStatus {
        /// Unexecuted and at hand.
        AtHand = "at-hand",
        /// Reported lost or stolen.
        ReportedLost = "reported-lost",
        /// Found again, and DEA does not know yet.
        Found = "found",
        /// Found again, and DEA has been notified.
        FoundNotified = "found-notified",
    }
}

words! {
    /// What an order bears besides its signature.
    OrderEntry {
        /// The number of packages of a line.
        NumberOfPackages = "number-of-packages",
        /// The size of a package.
        PackageSize = "package-size",
        /// The name of the item.
        ItemName = "item-name",
        /// Its strength.
        Strength = "strength",
        /// The supplier's name.
        SupplierName = "supplier-name",
        /// The supplier's address.
        SupplierAddress = "supplier-address",
        /// The supplier's registration number.
        SupplierNumber = "supplier-number",
        /// The purchaser's registration number.
        PurchaserNumber = "purchaser-number",
        /// The date of signing.
        SigningDate = "signing-date",
        /// The tracking number: two digits of the year, X, six characters.
        TrackingNumber = "tracking-number",
    }
}

words! {
    /// Where a purchaser stands with DEA.
    Standing {
        /// Registered.
        Valid = "valid",
        /// The application is pending.
        Pending = "pending",
        /// Never registered.
        None = "none",
        /// Run out.
        Expired = "expired",
        /// Suspended.
        Suspended = "suspended",
        /// Revoked.
        Revoked = "revoked",
        /// Surrendered.
        Surrendered = "surrendered",
    }
}

words! {
    /// How a supplier packs a shipment.
    Packing {
        /// Scheduled drugs in a container of their own.
        Separate = "separate",
        /// Together with other goods.
        Mixed = "mixed",
    }
}

words! {
    /// What a supplier sends in place of what was ordered.
    Substitute {
        /// What was ordered.
        None = "none",
        /// The identical product in packages of another size.
        OtherPackage = "other-package",
        /// Another product, or another strength.
        OtherProduct = "other-product",
    }
}

words! {
    /// How much of an order is voided.
    Extent {
        /// All of it.
        Whole = "whole",
        /// Some of its lines.
        Part = "part",
    }
}

words! {
    /// What the statement about a lost order says.
    LostEntry {
        /// The serial number of the form, or the tracking number of the electronic order.
        FirstNumber = "first-number",
        /// The date of the lost order.
        FirstDate = "first-date",
        /// The goods were never received, because the order was lost.
        NotReceived = "not-received",
        /// The purchaser's signature, for an electronic order.
        Signature = "signature",
    }
}

words! {
    /// What happened to blank or used order forms.
    FormsEvent {
        /// Lost.
        Lost = "lost",
        /// Stolen.
        Stolen = "stolen",
        /// Reported lost or stolen before, and found again.
        Found = "found",
    }
}

words! {
    /// Which order forms an event touches.
    FormsKind {
        /// Blank forms.
        Unused = "unused",
        /// Executed forms.
        Used = "used",
        /// Whole books of forms.
        WholeBook = "whole-book",
    }
}

words! {
    /// Why a certificate for electronic orders is revoked.
    CertificateEvent {
        /// The holder may no longer sign.
        AuthorityLost = "authority-lost",
        /// The information that it rests on has changed.
        InformationChanged = "information-changed",
        /// The key is compromised.
        Compromised = "compromised",
        /// The key is stolen.
        Stolen = "stolen",
        /// The key is lost.
        Lost = "lost",
    }
}

words! {
    /// A way by which stock leaves a pharmacy or comes to it.
    Movement {
        /// An order: the pharmacy receives.
        Order = "order",
        /// Dispensed to a patient.
        Dispensing = "dispensing",
        /// Administered to a patient.
        Administration = "administration",
        /// Sold to another pharmacy.
        SaleToPharmacy = "sale-to-pharmacy",
        /// Sold to a practitioner for general dispensing.
        SaleToPractitioner = "sale-to-practitioner",
        /// Back to the supplier or the manufacturer.
        ReturnToSupplier = "return-to-supplier",
        /// To a reverse distributor.
        ReverseDistribution = "reverse-distribution",
        /// With the whole business to another registrant.
        TransferOfBusiness = "transfer-of-business",
        /// To anybody else.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// The document that a movement of stock needs.
    Paperwork {
        /// An order form or electronic order that the recipient issues.
        OrderForm = "order-form",
        /// An invoice or written record of the distribution.
        Invoice = "invoice",
        /// The record of dispensing or administration, and no order form.
        DispensingRecord = "dispensing-record",
    }
}

words! {
    /// Who keeps a copy of a triplicate order form.
    Holder {
        /// The pharmacy.
        Pharmacy = "pharmacy",
        /// The supplier.
        Supplier = "supplier",
        /// The other pharmacy.
        OtherPharmacy = "other-pharmacy",
        /// The practitioner.
        Practitioner = "practitioner",
        /// The reverse distributor.
        ReverseDistributor = "reverse-distributor",
        /// DEA.
        Dea = "dea",
    }
}

words! {
    /// Who arranges a movement of stock.
    Arranger {
        /// The pharmacy itself.
        Pharmacy = "pharmacy",
        /// An outside firm.
        OutsideFirm = "outside-firm",
    }
}

words! {
    /// From whom stock is received.
    Source {
        /// A registrant.
        Registered = "registered",
        /// Somebody exempt from registration.
        Exempt = "exempt",
        /// Anybody else.
        Unregistered = "unregistered",
    }
}

words! {
    /// What the record of a receipt holds.
    ReceiptEntry {
        /// The number of packages received, line by line.
        PackagesReceived = "packages-received",
        /// The date of receipt.
        DateReceived = "date-received",
        /// Somebody's confirmation that the goods match the order.
        Confirmation = "confirmation",
        /// The name of the drug.
        DrugName = "drug-name",
        /// The finished form.
        FinishedForm = "finished-form",
        /// Units in a commercial container.
        UnitsPerContainer = "units-per-container",
        /// Containers ordered.
        ContainersOrdered = "containers-ordered",
        /// Containers received.
        ContainersReceived = "containers-received",
        /// The number of the invoice or packing slip.
        DocumentNumber = "document-number",
        /// The source's registration number.
        SourceNumber = "source-number",
    }
}
