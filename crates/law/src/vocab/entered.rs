//! Words about what is entered in a prescription's records, and where.

use super::words;

words! {
    /// A note or record that part 1306 asks for.
    RecordEntry {
        /// A refill, entered when it is dispensed.
        Refill = "refill",
        /// Refills that the practitioner added by telephone.
        RefillsAdded = "refills-added",
        /// What is found by the prescription number.
        RefillByNumber = "refill-by-number",
        /// The original order as the computer shows it.
        RefillOriginal = "refill-original",
        /// The refill history as the computer shows it.
        RefillHistory = "refill-history",
        /// The printed trail of refills.
        RefillTrail = "refill-trail",
        /// The answer of a central record keeper to an agent of DEA.
        CentralPrintout = "central-printout",
        /// A part of schedule II dispensed for want of stock, or on request.
        PartNoted = "part-noted",
        /// A part dispensed in long term care or terminal illness.
        PartLtcf = "part-ltcf",
        /// The computer's record of such parts.
        PartComputer = "part-computer",
        /// A part of schedules III to V.
        PartIiiV = "part-iii-v",
        /// A part of an electronic schedule II prescription.
        PartElectronic = "part-electronic",
        /// A transfer out, on the paper.
        TransferOut = "transfer-out",
        /// A transfer out, in the electronic record.
        TransferOutElectronic = "transfer-out-electronic",
        /// A transfer in, written down.
        TransferIn = "transfer-in",
        /// A transfer in, as an electronic record.
        TransferInElectronic = "transfer-in-electronic",
        /// A transfer between pharmacies that share one record.
        TransferShared = "transfer-shared",
        /// A paper prescription sent to a central fill pharmacy.
        CentralSent = "central-sent",
        /// An electronic prescription sent to a central fill pharmacy.
        CentralSentElectronic = "central-sent-electronic",
        /// The filled prescription received back by the retail pharmacy.
        CentralReceived = "central-received",
        /// The refills stated in the transmission.
        CentralRefills = "central-refills",
        /// What the central fill pharmacy keeps of the transmission.
        CentralCopy = "central-copy",
        /// The filling at the central fill pharmacy.
        CentralFilled = "central-filled",
        /// The delivery by the central fill pharmacy.
        CentralDelivered = "central-delivered",
        /// The paper that follows an emergency.
        FollowupPaper = "followup-paper",
        /// The electronic prescription that follows an emergency.
        FollowupElectronic = "followup-electronic",
        /// What a replacement of a failed electronic prescription says.
        Replacement = "replacement",
        /// A clarification that an agent gave.
        Clarification = "clarification",
        /// A change of a prescription.
        Amendment = "amendment",
        /// The original of a schedule II prescription, after dispensing.
        OriginalIi = "original-ii",
        /// A dispensing for opioid dependence.
        Dependence = "dependence",
        /// Electronic records, sorted.
        SortedRecords = "sorted-records",
        /// The State's approval of an emergency kit.
        KitProtocol = "kit-protocol",
    }
}

words! {
    /// One thing that an entry holds.
    Particular {
        /// The date of the act.
        Date = "date",
        /// The time of the act.
        Time = "time",
        /// The initials of the pharmacist.
        Initials = "initials",
        /// The pharmacist's name or code.
        Pharmacist = "pharmacist",
        /// The quantity dispensed.
        Quantity = "quantity",
        /// The quantity that remains.
        QuantityRemaining = "quantity-remaining",
        /// The quantity prescribed.
        QuantityPrescribed = "quantity-prescribed",
        /// The quantity of each added refill.
        RefillQuantity = "refill-quantity",
        /// How many refills were added.
        NumberAdded = "number-added",
        /// Refills authorised.
        RefillsAuthorized = "refills-authorized",
        /// Refills dispensed so far.
        RefillsToDate = "refills-to-date",
        /// Refills that remain.
        RefillsRemaining = "refills-remaining",
        /// The prescription number.
        PrescriptionNumber = "prescription-number",
        /// The date of issue.
        IssueDate = "issue-date",
        /// The date of first dispensing.
        FirstDispensed = "first-dispensed",
        /// The patient's name.
        PatientName = "patient-name",
        /// The patient's address.
        PatientAddress = "patient-address",
        /// The practitioner's name.
        PrescriberName = "prescriber-name",
        /// The practitioner's address.
        PrescriberAddress = "prescriber-address",
        /// The practitioner's registration number.
        PrescriberNumber = "prescriber-number",
        /// The drug.
        Drug = "drug",
        /// The strength.
        Strength = "strength",
        /// The dosage form.
        DosageForm = "dosage-form",
        /// The name or address of the facility, hospital or home.
        PlaceOfCare = "place-of-care",
        /// The list of parts dispensed.
        Parts = "parts",
        /// It is found by the brand.
        FoundByBrand = "found-by-brand",
        /// It is found by the generic name.
        FoundByGeneric = "found-by-generic",
        /// A postmark or the like, which proves that it can be sent in time.
        TransmittalProof = "transmittal-proof",
        /// VOID on the face.
        VoidMark = "void-mark",
        /// The record says that it was transferred out.
        TransferredMark = "transferred-mark",
        /// TRANSFER on the face.
        TransferMark = "transfer-mark",
        /// The receiving pharmacy's name.
        ReceiverName = "receiver-name",
        /// The receiving pharmacy's address.
        ReceiverAddress = "receiver-address",
        /// The receiving pharmacy's registration number.
        ReceiverNumber = "receiver-number",
        /// The receiving pharmacist.
        ReceivingPharmacist = "receiving-pharmacist",
        /// The transferring pharmacy with its numbers.
        SenderIdentity = "sender-identity",
        /// The transferring pharmacist.
        TransferringPharmacist = "transferring-pharmacist",
        /// The pharmacy where it was first filled.
        OriginalPharmacy = "original-pharmacy",
        /// CENTRAL FILL on the face.
        CentralFillMark = "central-fill-mark",
        /// The central fill pharmacy's name.
        CentralName = "central-name",
        /// The central fill pharmacy's address.
        CentralAddress = "central-address",
        /// The central fill pharmacy's registration number.
        CentralNumber = "central-number",
        /// The retail pharmacy's name.
        RetailName = "retail-name",
        /// The retail pharmacy's address.
        RetailAddress = "retail-address",
        /// The retail pharmacy's registration number.
        RetailNumber = "retail-number",
        /// The pharmacist who sent it.
        TransmittingPharmacist = "transmitting-pharmacist",
        /// The fax, or an electronic record of all that was sent.
        WhatWasSent = "what-was-sent",
        /// The date on which it was received.
        DateReceived = "date-received",
        /// The pharmacist who filled.
        FillingPharmacist = "filling-pharmacist",
        /// The dates of filling or refilling.
        FillDates = "fill-dates",
        /// How it was delivered: private, common or contract carrier.
        DeliveryMethod = "delivery-method",
        /// The employee who accepted it.
        AcceptingEmployee = "accepting-employee",
        /// The link to the record of the oral order.
        OralRecord = "oral-record",
        /// The authorisation for emergency dispensing.
        AuthorizationText = "authorization-text",
        /// The date of the oral order.
        OralOrderDate = "oral-order-date",
        /// That the transmission failed.
        Failure = "failure",
        /// The pharmacy to which it was sent.
        PharmacyAddressed = "pharmacy-addressed",
        /// The agent's name.
        AgentName = "agent-name",
        /// The value before the change.
        OriginalValue = "original-value",
        /// The value after the change.
        NewValue = "new-value",
        /// Where it lies in the schedule II file.
        FileLocation = "file-location",
        /// What is annotated on it.
        Annotation = "annotation",
        /// The identification number for opioid dependence.
        TreatmentNumber = "treatment-number",
        /// They are sorted by practitioner.
        SortedByPrescriber = "sorted-by-prescriber",
        /// They are sorted by patient.
        SortedByPatient = "sorted-by-patient",
        /// They are sorted by drug.
        SortedByDrug = "sorted-by-drug",
        /// They are sorted by the date of filling.
        SortedByDate = "sorted-by-date",
        /// The registered source of the kit.
        RegisteredSource = "registered-source",
        /// Security and limits of the kit.
        Security = "security",
        /// Records and periodic counts of the kit.
        RecordsAndCounts = "records-and-counts",
        /// Conditions of use of the kit.
        ConditionsOfUse = "conditions-of-use",
        /// Acts that are prohibited with the kit.
        ProhibitedActs = "prohibited-acts",
    }
}

words! {
    /// On what an entry stands.
    Carrier {
        /// The face of the paper prescription.
        PaperFace = "paper-face",
        /// Its back.
        PaperBack = "paper-back",
        /// The written record of an oral order.
        OralRecord = "oral-record",
        /// The electronic record.
        ElectronicRecord = "electronic-record",
        /// Another document that is kept uniformly and readily retrievable.
        UniformDocument = "uniform-document",
        /// A fax.
        Fax = "fax",
    }
}

words! {
    /// How a pharmacy keeps its refill information.
    RefillSystem {
        /// By hand.
        Manual = "manual",
        /// In a computer.
        Computer = "computer",
        /// In an application that meets part 1311.
        Part1311 = "part-1311",
    }
}

words! {
    /// Whether a computer runs.
    Running {
        /// It does.
        Up = "up",
        /// It does not.
        Down = "down",
    }
}

words! {
    /// How pharmacists verify a day's refills.
    RefillDocument {
        /// A printout of the day.
        Printout = "printout",
        /// A bound log or separate file of statements.
        Log = "log",
    }
}
