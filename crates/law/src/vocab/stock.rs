//! Words about stock, losses, disposal, files and records.

use super::words;

words! {
    /// The occasion of an inventory.
    Occasion {
        /// The first day of business.
        Initial = "initial",
        /// Every two years.
        Biennial = "biennial",
    }
}

words! {
    /// Whether a container was opened.
    Container {
        /// Sealed.
        Sealed = "sealed",
        /// Opened.
        Opened = "opened",
    }
}

words! {
    /// How a count was made.
    CountMethod {
        /// Exactly.
        Exact = "exact",
        /// By estimate.
        Estimate = "estimate",
    }
}

words! {
    /// A form of DEA for losses and destruction.
    DeaForm {
        /// DEA Form 106.
        Form106 = "form-106",
        /// DEA Form 41.
        Form41 = "form-41",
        /// None.
        None = "none",
    }
}

words! {
    /// What kind of loss.
    LossKind {
        /// A theft.
        Theft = "theft",
        /// A significant loss.
        SignificantLoss = "significant-loss",
        /// A loss that is not significant.
        InsignificantLoss = "insignificant-loss",
        /// A slip in the books.
        ClericalMiscount = "clerical-miscount",
        /// A loss that turned out not to be one.
        Unfounded = "unfounded",
        /// Broken or spilled, and recoverable.
        BreakageRecoverable = "breakage-recoverable",
        /// Broken or spilled, and not recoverable.
        BreakageUnrecoverable = "breakage-unrecoverable",
        /// Left over after administration in an institution.
        InstitutionalWastage = "institutional-wastage",
        /// Lost on the way.
        InTransit = "in-transit",
        /// Order forms.
        OrderForms = "order-forms",
        /// A listed chemical.
        ListedChemical = "listed-chemical",
        /// Destroyed after transfer to a reverse distributor.
        DestructionAfterTransfer = "destruction-after-transfer",
        /// Missing from a shipment that the purchaser refused and sent back.
        RefusedShipment = "refused-shipment",
    }
}

words! {
    /// Where stock for disposal goes.
    Route {
        /// Back to the supplier.
        OriginalSupplier = "original-supplier",
        /// To a reverse distributor.
        ReverseDistributor = "reverse-distributor",
        /// To DEA.
        Dea = "dea",
    }
}

words! {
    /// A file of prescriptions.
    File {
        /// The file for schedule II.
        ScheduleIi = "schedule-ii",
        /// The file for schedules III to V.
        ScheduleIiiV = "schedule-iii-v",
        /// The file of all other prescriptions.
        General = "general",
    }
}

words! {
    /// On what a prescription is kept.
    Medium {
        /// Paper.
        Paper = "paper",
        /// Electronic.
        Electronic = "electronic",
    }
}

words! {
    /// A kind of record.
    Record {
        /// An executed order form.
        ExecutedOrderForm = "executed-order-form",
        /// An electronic order.
        CsosOrder = "csos-order",
        /// An invoice.
        Invoice = "invoice",
        /// A financial record.
        FinancialRecord = "financial-record",
        /// An inventory.
        Inventory = "inventory",
        /// A paper prescription.
        PaperPrescription = "paper-prescription",
        /// An electronic prescription.
        ElectronicPrescription = "electronic-prescription",
        /// A printout of refills.
        RefillPrintout = "refill-printout",
        /// The bound book of counter sales.
        OtcCvBook = "otc-cv-book",
        /// An entry in the logbook of listed chemical products.
        ListedChemicalLogEntry = "listed-chemical-log-entry",
        /// A DEA Form 106.
        Form106 = "form-106",
        /// The affidavit by which a chain renewed its registrations.
        ChainAffidavit = "chain-affidavit",
        /// A power of attorney.
        PowerOfAttorney = "power-of-attorney",
        /// A transferred prescription.
        TransferredPrescription = "transferred-prescription",
        /// A monthly report of an online pharmacy.
        MonthlyReport = "monthly-report",
        /// The practitioner's monthly log.
        PrescriberLog = "prescriber-log",
        /// An audit trail.
        AuditTrail = "audit-trail",
        /// A third party's audit report.
        ThirdPartyAuditReport = "third-party-audit-report",
        /// An identity proofing document.
        IdentityProofingDocument = "identity-proofing-document",
    }
}
