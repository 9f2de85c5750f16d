//! Words about documents and what they must hold, about counts, and about where records lie.

use super::words;

words! {
    /// A document whose entries the law lists.
    Paper {
        /// An inventory.
        Inventory = "inventory",
        /// The record of a return to the supplier.
        ReturnRecord = "return-record",
        /// The record of schedules III to V handed to a reverse distributor.
        ReverseRecord = "reverse-record",
        /// The invoice for schedules III to V supplied to another registrant.
        DistributionInvoice = "distribution-invoice",
        /// The record that sender and receiver keep of a distribution.
        DistributionRecord = "distribution-record",
        /// The record of stock acquired.
        AcquisitionRecord = "acquisition-record",
        /// The record of a filling.
        FillRecord = "fill-record",
        /// The further record of gamma-hydroxybutyric acid dispensed.
        GhbRecord = "ghb-record",
        /// The supplier's entries on a line of an order form.
        SupplierLine = "supplier-line",
        /// A power of attorney.
        PowerOfAttorney = "power-of-attorney",
        /// The revocation of a power of attorney.
        PowerRevocation = "power-revocation",
        /// DEA Form 106.
        Form106 = "form-106",
        /// The notice of a transfer of business.
        TransferNotice = "transfer-notice",
        /// The request for an employment waiver.
        WaiverRequest = "waiver-request",
        /// The profile of a registered location.
        RegistrationProfile = "registration-profile",
        /// The index of records that an inspector asks for.
        RecordIndex = "record-index",
        /// The record of a dose released by an automated dispensing system.
        MachineRecord = "machine-record",
        /// The record of a drug used from an emergency kit.
        KitUse = "kit-use",
    }
}

words! {
    /// An entry of a document.
    Entry {
        /// The date.
        Date = "date",
        /// Whether an inventory was taken at opening or close of business.
        OpeningOrClose = "opening-or-close",
        /// The name of the drug.
        DrugName = "drug-name",
        /// The finished form.
        FinishedForm = "finished-form",
        /// The strength.
        Strength = "strength",
        /// The strength of the other active ingredient of a combination.
        OtherStrength = "other-strength",
        /// The quantity.
        Quantity = "quantity",
        /// Units or volume in a commercial container.
        UnitsPerContainer = "units-per-container",
        /// The number of containers.
        NumberOfContainers = "number-of-containers",
        /// The size of the container, or the product code.
        ContainerOrCode = "container-or-code",
        /// The product code of what was shipped.
        ProductCode = "product-code",
        /// In which manner stock left.
        Manner = "manner",
        /// Name of the sender or firm.
        SenderName = "sender-name",
        /// Its address.
        SenderAddress = "sender-address",
        /// Its registration number.
        SenderNumber = "sender-number",
        /// The activity that the sender is registered for.
        SenderActivity = "sender-activity",
        /// Name of the recipient.
        RecipientName = "recipient-name",
        /// Its address.
        RecipientAddress = "recipient-address",
        /// Its registration number.
        RecipientNumber = "recipient-number",
        /// The activity that the recipient is registered for.
        RecipientActivity = "recipient-activity",
        /// The practitioner's name.
        PractitionerName = "practitioner-name",
        /// The practitioner's Federal registration number and its expiry.
        PractitionerNumber = "practitioner-number",
        /// The practitioner's State registration number and its expiry.
        PractitionerStateNumber = "practitioner-state-number",
        /// That the practitioner's registration was verified to cover the drug.
        RegistrationVerified = "registration-verified",
        /// The patient's name.
        PatientName = "patient-name",
        /// The patient's address.
        PatientAddress = "patient-address",
        /// The number of the prescription.
        PrescriptionNumber = "prescription-number",
        /// The pharmacist's initials or name.
        Pharmacist = "pharmacist",
        /// The dates of refills.
        RefillDates = "refill-dates",
        /// How many refills there were.
        RefillCount = "refill-count",
        /// The grantor's name.
        GrantorName = "grantor-name",
        /// The attorney's name.
        AttorneyName = "attorney-name",
        /// The powers granted.
        Powers = "powers",
        /// The grantor's signature.
        GrantorSignature = "grantor-signature",
        /// The attorney's affirmation and signature.
        AttorneySignature = "attorney-signature",
        /// That the attorney was told in writing on the same day.
        WrittenNotice = "written-notice",
        /// Two witnesses.
        Witnesses = "witnesses",
        /// The place.
        Place = "place",
        /// Whether police was notified, and which department.
        Police = "police",
        /// The type of theft or loss.
        TypeOfTheft = "type-of-theft",
        /// Marks, symbols or price codes on the labels.
        LabelMarks = "label-marks",
        /// Whether the business goes on at the same place or where it moves.
        PlaceOfBusiness = "place-of-business",
        /// The date on which the stock moves.
        TransferDate = "transfer-date",
        /// Nature and extent of past violations, with documents.
        Violations = "violations",
        /// Current licensure in the States.
        Licensure = "licensure",
        /// The extent of the proposed access.
        AccessExtent = "access-extent",
        /// Physical and professional safeguards.
        Safeguards = "safeguards",
        /// The employing registrant's standing.
        EmployerStanding = "employer-standing",
        /// Any other relevant matter, or that there is none.
        OtherMatters = "other-matters",
        /// The trade name.
        TradeName = "trade-name",
        /// The mailing address.
        MailingAddress = "mailing-address",
        /// The telephone number.
        Telephone = "telephone",
        /// The business activity.
        BusinessActivity = "business-activity",
        /// The schedules authorised.
        Schedules = "schedules",
        /// The date of issue of the registration.
        IssueDate = "issue-date",
        /// The expiry date of the registration.
        ExpiryDate = "expiry-date",
        /// The State licence, its board and its expiry.
        StateLicence = "state-licence",
        /// Name and title of whoever signed the latest application.
        LatestSigner = "latest-signer",
        /// Order forms, executed and unexecuted.
        OrderForms = "order-forms",
        /// Powers of attorney.
        PowersOfAttorney = "powers-of-attorney",
        /// Receipts and invoices of schedules III to V.
        Receipts = "receipts",
        /// Inventories.
        Inventories = "inventories",
        /// Records of distribution.
        Distributions = "distributions",
        /// Records of dispensing.
        Dispensings = "dispensings",
        /// The book of counter sales, which counts among the records of dispensing.
        CounterBook = "counter-book",
        /// Reports of theft or loss.
        LossReports = "loss-reports",
        /// Records of destruction.
        Destructions = "destructions",
        /// Records of transfers between pharmacies.
        PharmacyTransfers = "pharmacy-transfers",
        /// The certificate of registration.
        Certificate = "certificate",
        /// The self-certification and logbook of listed chemical products.
        ListedChemicals = "listed-chemicals",
        /// The time of day.
        Time = "time",
        /// Who did it.
        Person = "person",
        /// The dose.
        Dose = "dose",
        /// The patient's condition.
        Condition = "condition",
        /// The practitioner who authorised it.
        Authoriser = "authoriser",
    }
}

words! {
    /// When on a day an inventory was taken.
    DayPart {
        /// At the opening of business.
        Opening = "opening",
        /// At the close of business.
        Close = "close",
        /// It does not say.
        Unmarked = "unmarked",
    }
}

words! {
    /// In which shape an inventory exists.
    Writing {
        /// Written, typed or printed.
        Written = "written",
        /// Spoken into a recording device and not written down yet.
        Recorded = "recorded",
    }
}

words! {
    /// Where the figures of an inventory come from.
    Figures {
        /// From counting stock.
        Counted = "counted",
        /// From the book balance.
        FromBooks = "from-books",
    }
}

words! {
    /// How the inventories of schedule II and of the others stand to each other.
    Binding {
        /// Two documents.
        Separate = "separate",
        /// One document for all.
        Combined = "combined",
    }
}

words! {
    /// A file of records.
    RecordFile {
        /// The file of executed order forms.
        OrderForms = "order-forms",
        /// The records of schedules I and II.
        ScheduleIi = "schedule-ii",
        /// The records of schedules III to V.
        ScheduleIiiV = "schedule-iii-v",
        /// The ordinary records of the business.
        Business = "business",
    }
}

words! {
    /// Whether records can be told apart from others in a reasonable time, or are marked on sight.
    Retrieval {
        /// They can.
        Readily = "readily",
        /// They cannot.
        Slowly = "slowly",
    }
}
