//! Why the answer is no, and what must be done beside a yes: the stable words of every decision.

use crate::vocab::words;

words! {
    /// Why the answer is no.
    Reason {
        /// Schedule II is never refilled.
        RefillProhibited = "refill-prohibited",
        /// The refills authorised, or the legal five, are or would be exceeded.
        RefillsExhausted = "refills-exhausted",
        /// A time limit has passed.
        Expired = "expired",
        /// The earliest fill date has not come.
        TooEarly = "too-early",
        /// More than prescribed, authorised, ordered, needed, or than the days' supply allowed.
        QuantityExceeded = "quantity-exceeded",
        /// The form, instrument or medium is not acceptable here.
        FormNotAllowed = "form-not-allowed",
        /// No signature by the issuing practitioner, or by the signer of an order.
        NotSigned = "not-signed",
        /// Signed on a day other than the day of issue.
        Misdated = "misdated",
        /// Required content is absent.
        ElementMissing = "element-missing",
        /// A notation is all that is lacking.
        NotationMissing = "notation-missing",
        /// Somebody is not validly registered for this.
        RegistrationInvalid = "registration-invalid",
        /// Somebody lacks the authority.
        NotAuthorized = "not-authorized",
        /// Not for a legitimate medical purpose in the usual course.
        Purpose = "purpose",
        /// State law forbids it.
        StateProhibits = "state-prohibits",
        /// Schedule II may not be split on this basis.
        BasisNotAllowed = "basis-not-allowed",
        /// The oral authorisation does not meet the definition of an emergency.
        EmergencyCriteria = "emergency-criteria",
        /// Something must first be verified.
        VerificationRequired = "verification-required",
        /// A central fill pharmacy may not do this.
        CentralFillProhibited = "central-fill-prohibited",
        /// Content changed in transmission.
        Altered = "altered",
        /// More than one DEA number on an electronic prescription.
        MultipleRegistrations = "multiple-registrations",
        /// An application does not meet the rules or awaits approval.
        SystemNotCompliant = "system-not-compliant",
        /// It has been printed.
        AlreadyPrinted = "already-printed",
        /// It has been transmitted.
        AlreadyTransmitted = "already-transmitted",
        /// The factors are not two of the kinds required.
        AuthenticationInsufficient = "authentication-insufficient",
        /// Idle too long since the last use.
        ReauthenticationRequired = "reauthentication-required",
        /// The token was reported lost, stolen or compromised before.
        TokenRevoked = "token-revoked",
        /// The statement was not agreed to, or the prescription not selected.
        NotReviewed = "not-reviewed",
        /// One signing act covers different patients.
        OnePatientPerSignature = "one-patient-per-signature",
        /// The first of two prescriptions has been dispensed.
        Duplicate = "duplicate",
        /// This kind may not be transferred.
        TransferProhibited = "transfer-prohibited",
        /// The one transfer has been used.
        TransferExhausted = "transfer-exhausted",
        /// The element may never be changed.
        NotChangeable = "not-changeable",
        /// It may be changed only after asking the practitioner.
        ConsultationRequired = "consultation-required",
        /// Over a sale, line, five percent, institutional or emergency supply limit.
        LimitExceeded = "limit-exceeded",
        /// The purchaser is too young.
        Underage = "underage",
        /// No acceptable identification.
        IdentityNotShown = "identity-not-shown",
        /// It may be dispensed on a prescription only.
        PrescriptionRequired = "prescription-required",
        /// The seller has not self-certified.
        NotSelfCertified = "not-self-certified",
        /// The packaging is not as required.
        Packaging = "packaging",
        /// Another form, order method or document is required, or none.
        WrongForm = "wrong-form",
        /// The order is incomplete, illegible, altered, or its copies are separated.
        DefectiveOrder = "defective-order",
        /// The digital certificate does not serve.
        CertificateInvalid = "certificate-invalid",
        /// This order cannot be endorsed.
        EndorsementNotAllowed = "endorsement-not-allowed",
        /// Notice was not in writing.
        NotInWriting = "not-in-writing",
        /// Prior approval is lacking or the notice period is not over.
        ApprovalMissing = "approval-missing",
        /// An exact count is required.
        CountMethod = "count-method",
        /// Fewer than two witnesses.
        WitnessMissing = "witness-missing",
        /// The record must still be kept.
        StillKept = "still-kept",
        /// The figures do not add up.
        NotBalanced = "not-balanced",
        /// Not that prescription file.
        WrongFile = "wrong-file",
        /// Not away from the registered location.
        WrongPlace = "wrong-place",
        /// Neither the patient nor a member of the household.
        RecipientNotAllowed = "recipient-not-allowed",
        /// Not two letters and seven digits.
        Malformed = "malformed",
        /// The first letter is not in use.
        LetterUnknown = "letter-unknown",
        /// The seventh digit is wrong.
        CheckDigit = "check-digit",
        /// The pharmacist declined it.
        Declined = "declined",
        /// It was ended or closed here: discontinued, or sent anew to another pharmacy.
        Closed = "closed",
        /// Federal law lets nobody, or no registered pharmacy, sell it.
        SaleProhibited = "sale-prohibited",
        /// The data may not be disclosed for this.
        DisclosureNotAllowed = "disclosure-not-allowed",
        /// A warning sign is open.
        RedFlagOpen = "red-flag-open",
        /// A pharmacist believes the prescription forged or altered.
        BelievedForged = "believed-forged",
        /// The monitoring programme was not asked where the State requires it.
        MonitoringCheckMissing = "monitoring-check-missing",
        /// The product is in no table; a person classifies it.
        UnknownProduct = "unknown-product",
    }
}

words! {
    /// What must be done, by whom the record of the decision says.
    Duty {
        /// Reduce the oral prescription to writing at once.
        ReduceToWriting = "reduce-to-writing",
        /// Obtain the written prescription that must follow.
        ObtainFollowup = "obtain-followup",
        /// Attach the follow-up to the oral emergency prescription.
        AttachFollowup = "attach-followup",
        /// Annotate the electronic follow-up.
        AnnotateFollowup = "annotate-followup",
        /// Mark the record as an emergency refill.
        MarkEmergency = "mark-emergency",
        /// Notify DEA.
        NotifyDea = "notify-dea",
        /// Notify the practitioner.
        NotifyPrescriber = "notify-prescriber",
        /// Note the quantity supplied on the prescription.
        RecordQuantitySupplied = "record-quantity-supplied",
        /// Record date, quantity, remaining quantity and pharmacist of the part.
        RecordPartialDetails = "record-partial-details",
        /// Record the oral authorisation of refills.
        RecordOralAuthorization = "record-oral-authorization",
        /// Obtain the signed original.
        ObtainOriginal = "obtain-original",
        /// Void the first prescription.
        VoidFirst = "void-first",
        /// Verify with the practitioner.
        VerifyWithPrescriber = "verify-with-prescriber",
        /// Archive the record as received, digitally signed.
        ArchiveSignedRecord = "archive-signed-record",
        /// Transmit at once.
        TransmitImmediately = "transmit-immediately",
        /// Sign the printed prescription by hand.
        SignManually = "sign-manually",
        /// Write VOID on the original.
        VoidOriginal = "void-original",
        /// Record the transfer on the reverse of the voided prescription.
        RecordTransferOut = "record-transfer-out",
        /// Annotate the electronic record with the transfer.
        AnnotateTransferOut = "annotate-transfer-out",
        /// Send the prescription's data with the transfer.
        SendTransferData = "send-transfer-data",
        /// Write TRANSFER on the face of the prescription received.
        MarkTransfer = "mark-transfer",
        /// Record what came with the transfer.
        RecordTransferIn = "record-transfer-in",
        /// Create the electronic record of the transfer received.
        CreateTransferRecord = "create-transfer-record",
        /// Write CENTRAL FILL on the face of the prescription.
        MarkCentralFill = "mark-central-fill",
        /// Annotate the electronic record with the central filling.
        AnnotateCentralFill = "annotate-central-fill",
        /// Document the conversation with the practitioner.
        DocumentConsultation = "document-consultation",
        /// Record the sale in the bound book.
        RecordInBoundBook = "record-in-bound-book",
        /// Enter the sale in the logbook.
        LogSale = "log-sale",
        /// Register as a distributor.
        RegisterAsDistributor = "register-as-distributor",
        /// Void the order form and keep it.
        VoidForm = "void-form",
        /// Return the form with the reason.
        ReturnFormWithReason = "return-form-with-reason",
        /// Tell the purchaser the reason.
        NotifyPurchaserWithReason = "notify-purchaser-with-reason",
        /// Report to DEA at the end of the month.
        ReportToDeaMonthEnd = "report-to-dea-month-end",
        /// Report to DEA within two business days.
        ReportToDea2BusinessDays = "report-to-dea-2-business-days",
        /// Mark the lines "cancelled" on the copies.
        MarkCancelled = "mark-cancelled",
        /// Mark the lines "void" on the copies.
        MarkVoid = "mark-void",
        /// Return the unused order forms to DEA.
        ReturnUnusedForms = "return-unused-forms",
        /// Ask the institution whose number is on the prescription.
        ContactInstitution = "contact-institution",
        /// Return a copy of the voided electronic order.
        ReturnVoidCopy = "return-void-copy",
        /// Record in the linked record that nothing was shipped on the voided lines.
        RecordNothingShipped = "record-nothing-shipped",
        /// Mark the order that turned up "not accepted" and return it.
        ReturnNotAccepted = "return-not-accepted",
        /// Keep the statement with both the lost order and its replacement.
        KeepStatementWithBoth = "keep-statement-with-both",
        /// Ask the certification authority to revoke the certificate.
        RequestRevocation = "request-revocation",
        /// Sign nothing more with the certificate.
        StopSigning = "stop-signing",
        /// Resolve the difference between what was invoiced and what came.
        ResolveDiscrepancy = "resolve-discrepancy",
        /// Record an inventory of zero.
        RecordZeroInventory = "record-zero-inventory",
        /// Notify DEA in writing within one business day.
        NotifyDea1BusinessDay = "notify-dea-1-business-day",
        /// Take an inventory of what may be missing.
        TakeInventory = "take-inventory",
        /// File DEA Form 106.
        FileForm106 = "file-form-106",
        /// Record it in the theft and loss file.
        RecordInTheftLossFile = "record-in-theft-loss-file",
        /// Tell DEA in writing that nothing was lost.
        NotifyDeaNoLoss = "notify-dea-no-loss",
        /// File DEA Form 41.
        FileForm41 = "file-form-41",
        /// Record the spill with two witnesses.
        RecordSpill = "record-spill",
        /// Record the wastage.
        RecordWastage = "record-wastage",
        /// Report orally to DEA.
        ReportOrally = "report-orally",
        /// Report in writing within 15 days.
        WrittenReport15Days = "written-report-15-days",
        /// Send copy 2 of the form to DEA.
        SendCopy2ToDea = "send-copy-2-to-dea",
        /// Stamp a red C one inch high in the lower right corner.
        StampRedC = "stamp-red-c",
        /// Pay the fee of a seller who is not registered.
        PayFee = "pay-fee",
        /// Send the list of places to DEA by mail.
        FileByMail = "file-by-mail",
        /// Renew the certificate before it runs out.
        RenewCertificate = "renew-certificate",
        /// Record to whom and for what data were disclosed.
        RecordDisclosure = "record-disclosure",
        /// Point the correction to the entry that it corrects.
        LinkCorrection = "link-correction",
        /// Resolve the warning signs before dispensing, and record how.
        ResolveFlags = "resolve-flags",
        /// Lock the prescription.
        LockPrescription = "lock-prescription",
        /// Call the local police.
        CallPolice = "call-police",
        /// Report the pattern to the State board of pharmacy or the field office of DEA.
        ReportPattern = "report-pattern",
        /// Ask for identification before handing over.
        AskIdentification = "ask-identification",
        /// Record what was shown.
        RecordIdentification = "record-identification",
    }
}

/// A set of duties; copies freely and allocates nothing.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Duties(u128);

impl Duties {
    /// No duty.
    pub const NONE: Self = Self(0);

    /// `INVARIANT:` a bit for each duty of the list.
    const FITS: () = assert!(<Duty as crate::vocab::Word>::LIST.len() <= u128::BITS as usize);

    /// The set with `duty` in it.
    #[must_use]
    pub const fn and(self, duty: Duty) -> Self {
        let () = Self::FITS;
        Self(self.0 | 1 << duty as u32)
    }

    /// Whether `duty` is in the set.
    pub const fn has(self, duty: Duty) -> bool {
        self.0 & 1 << duty as u32 != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The duties, in the order of their list.
    pub fn iter(self) -> impl Iterator<Item = Duty> {
        use crate::vocab::Word;
        Duty::LIST.iter().map(|(_, duty)| *duty).filter(move |duty| self.has(*duty))
    }
}

impl FromIterator<Duty> for Duties {
    fn from_iter<T: IntoIterator<Item = Duty>>(duties: T) -> Self {
        duties.into_iter().fold(Self::NONE, Self::and)
    }
}

impl std::fmt::Debug for Duties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|duty| duty.to_string())).finish()
    }
}
