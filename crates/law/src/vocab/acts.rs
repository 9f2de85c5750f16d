//! Words about what was done, and how.

use super::words;

words! {
    /// What a line of the history records.
    HistoryKind {
        /// The first, full filling.
        Fill = "fill",
        /// A refill.
        Refill = "refill",
        /// A part dispensed.
        Partial = "partial",
        /// The prescription came by transfer.
        TransferIn = "transfer-in",
        /// The prescription left by transfer.
        TransferOut = "transfer-out",
        /// The practitioner sent it anew to another pharmacy.
        SentElsewhere = "sent-elsewhere",
        /// A sale at the counter.
        Sale = "sale",
        /// A sale by mail.
        SaleMail = "sale-mail",
        /// The practitioner was authenticated.
        Authenticated = "authenticated",
        /// The practitioner used the application.
        Activity = "activity",
        /// The token was reported lost, stolen or compromised.
        TokenReportedLost = "token-reported-lost",
        /// The prescription was signed.
        Signed = "signed",
        /// The prescription was transmitted.
        Transmitted = "transmitted",
        /// The prescription was printed.
        Printed = "printed",
    }
}

words! {
    /// How something arrived or is handed over.
    Delivery {
        /// By hand.
        Hand = "hand",
        /// By mail.
        Mail = "mail",
        /// Electronically.
        Electronic = "electronic",
    }
}

words! {
    /// Between whom a prescription is transferred.
    Between {
        /// Two licensed pharmacists.
        Pharmacists = "pharmacists",
        /// Two technicians.
        Technicians = "technicians",
        /// The applications of the pharmacies.
        System = "system",
    }
}

words! {
    /// What must come along with a transferred prescription.
    TransferElement {
        /// The date of issue.
        IssueDate = "issue-date",
        /// The refills authorised.
        RefillsAuthorized = "refills-authorized",
        /// The date of first dispensing.
        FirstDispensed = "first-dispensed",
        /// The refills remaining, with dates and places of earlier ones.
        RefillsRemaining = "refills-remaining",
        /// Name, address, DEA number of the transferring pharmacy and the prescription number.
        PharmacyIdentity = "pharmacy-identity",
        /// The name of the transferring pharmacist.
        PharmacistName = "pharmacist-name",
        /// The pharmacy where it was first filled.
        OriginalPharmacy = "original-pharmacy",
    }
}

words! {
    /// A step of central filling.
    Step {
        /// The retail pharmacy sends the prescription.
        Transmit = "transmit",
        /// The central fill pharmacy prepares it.
        Prepare = "prepare",
        /// The retail pharmacy hands it out.
        Release = "release",
    }
}

words! {
    /// For which kind of dispensing a label is.
    LabelKind {
        /// A retail pharmacy.
        Retail = "retail",
        /// A central fill pharmacy.
        CentralFill = "central-fill",
        /// Administration to an inpatient of an institution.
        Institutional = "institutional",
    }
}

words! {
    /// An element of a label.
    LabelElement {
        /// The date of filling.
        FillDate = "fill-date",
        /// The pharmacy's name and address.
        PharmacyNameAddress = "pharmacy-name-address",
        /// The serial number of the prescription.
        SerialNumber = "serial-number",
        /// The patient's name.
        PatientName = "patient-name",
        /// The practitioner's name.
        PractitionerName = "practitioner-name",
        /// Directions and cautionary statements.
        Directions = "directions",
        /// The date of the first filling, on a refill.
        FirstFillDate = "first-fill-date",
        /// The warning against transfer to another person.
        TransferWarning = "transfer-warning",
        /// The retail pharmacy's name and address.
        RetailPharmacyNameAddress = "retail-pharmacy-name-address",
        /// The unique identifier of the central fill pharmacy.
        CentralFillIdentifier = "central-fill-identifier",
    }
}

words! {
    /// How a sale is made.
    Channel {
        /// At the counter.
        Counter = "counter",
        /// By mail.
        Mail = "mail",
    }
}

words! {
    /// What an online pharmacy does by means of the Internet.
    Activity {
        /// Refills of schedules III to V.
        RefillsIiiV = "refills-iii-v",
        /// New prescriptions of schedules III to V.
        NewIiiV = "new-iii-v",
        /// Electronic prescriptions.
        ElectronicPrescriptions = "electronic-prescriptions",
        /// Automated dispensing in a long term care facility.
        LtcfAutomatedDispensing = "ltcf-automated-dispensing",
        /// New prescriptions of schedule II.
        NewIi = "new-ii",
    }
}

words! {
    /// What starts a period whose end is asked for.
    Event {
        /// A prescription of schedule III or IV is issued.
        RefillLimit = "refill-limit",
        /// The first part of a schedule II prescription is dispensed for want of stock.
        CiiPartialShortage = "cii-partial-shortage",
        /// A schedule II prescription to be split on request is issued.
        CiiPartialRequested = "cii-partial-requested",
        /// A schedule II prescription for a long term care or terminally ill patient is issued.
        CiiPartialLtcf = "cii-partial-ltcf",
        /// An oral emergency authorisation is given.
        EmergencyFollowup = "emergency-followup",
        /// A theft or significant loss is discovered.
        TheftOrLoss = "theft-or-loss",
        /// The loss of a listed chemical is discovered.
        ListedChemicalLoss = "listed-chemical-loss",
        /// A supplier fills an electronic order.
        CsosOrderFilled = "csos-order-filled",
        /// A supplier fills a Form 222.
        Form222Filled = "form-222-filled",
        /// An inventory is taken.
        InventoryTaken = "inventory-taken",
        /// A substance is newly controlled.
        ScheduleChange = "schedule-change",
        /// The practitioner finds that the token is lost.
        TokenLossDiscovered = "token-loss-discovered",
        /// The practitioner finds a prescription not signed by him or her.
        UnsignedPrescriptionDiscovered = "unsigned-prescription-discovered",
        /// A security incident is found.
        SecurityIncident = "security-incident",
        /// A month of online dispensing ends.
        OnlineMonth = "online-month",
        /// Online dispensing is notified to DEA.
        OnlineNotified = "online-notified",
        /// Central record keeping is notified to DEA.
        CentralNotice = "central-notice",
        /// Records that are kept centrally are asked for by DEA.
        CentralRecordsRequest = "central-records-request",
        /// The loss, theft or compromise of a key for electronic orders is substantiated.
        OrderKeyLost = "order-key-lost",
        /// A registration is issued: when does it end?
        RegistrationIssued = "registration-issued",
        /// A registration ends on the day asked about: from when may it be renewed?
        RenewalOpens = "renewal-opens",
        /// A registration ends on the day asked about: when is the renewal form mailed?
        RenewalMailed = "renewal-mailed",
        /// A registration ends on the day asked about: from when is a form that has not come asked for?
        RenewalMissed = "renewal-missed",
        /// Form 106 is due from the discovery of a theft or significant loss.
        Form106Due = "form-106-due",
        /// A printout of refills is asked for.
        RefillPrintout = "refill-printout",
        /// A printout is asked of a central record keeper.
        CentralPrintoutRequest = "central-printout-request",
    }
}

words! {
    /// What kind of monthly report is due.
    Report {
        /// A full report.
        Full = "full",
        /// A negative report.
        Negative = "negative",
        /// None: the pharmacy had gone back to retail before the month began.
        None = "none",
    }
}
