//! Kinds of records, who keeps them, and the clocks that run for each.

use crate::stored::words;

words! {
    /// A kind of record of electronic prescriptions.
    RecordKind {
        /// An identity-proofing document.
        ProofingDocument = "proofing-document",
        /// A prescription signed in the practitioner's application, with its signature.
        SignedPrescription = "signed-prescription",
        /// A prescription as the pharmacy received it, with the signature of intermediary or pharmacy.
        ReceivedPrescription = "received-prescription",
        /// What was annotated at a dispensing.
        DispensingAnnotation = "dispensing-annotation",
        /// A pharmacy's backup copy.
        Backup = "pharmacy-backup",
        /// The pharmacy's audit trail.
        PharmacyTrail = "pharmacy-audit-trail",
        /// A practitioner's log with its review mark.
        MonthlyLog = "monthly-log",
        /// A third party's audit report.
        AuditReport = "third-party-audit-report",
        /// A grant, a token, a revocation.
        AccessRecord = "access-record",
        /// The audit trail of the practitioner's application.
        AuditTrail = "audit-trail",
        /// A daily audit, an incident, a decision about one.
        Incident = "incident-record",
        /// A notice and how it was given.
        Notice = "notice",
        /// What a practitioner acknowledged, determined or told.
        Duty = "duty-record",
        /// A signed printout or log of refills.
        RefillPrintout = "refill-printout",
        /// A prescription that was transferred, at either pharmacy.
        TransferredPrescription = "transferred-prescription",
    }
}

words! {
    /// Who keeps a record.
    Owner {
        /// The provider of the practitioner's application.
        Provider = "service provider",
        /// The pharmacy.
        Pharmacy = "pharmacy",
    }
}

impl RecordKind {
    /// The kind as people read it: `signed prescription`.
    pub fn name(self) -> String {
        self.word().replace('-', " ")
    }

    /// Who keeps it.
    pub const fn owner(self) -> Owner {
        match self {
            Self::ReceivedPrescription
            | Self::DispensingAnnotation
            | Self::Backup
            | Self::PharmacyTrail
            | Self::RefillPrintout
            | Self::TransferredPrescription => Owner::Pharmacy,
            _ => Owner::Provider,
        }
    }

    /// Whether part 1311 asks for it.
    pub fn is_of_part_1311(self) -> bool {
        OF_PART_1311.contains(&self)
    }
}

words! {
    /// What a term begins with.
    Start {
        /// The making of the record.
        Created = "creation",
        /// The issue of the prescription.
        Issued = "issue",
        /// The receipt of the prescription.
        Received = "receipt",
        /// The dispensing that the record is about.
        Dispensed = "dispensing",
        /// The last refill.
        LastRefill = "last refill",
        /// The last prescription signed under an enrolment.
        LastSigned = "last prescription signed under the enrolment",
        /// The review of the log.
        Reviewed = "review",
    }
}

/// One clock: for which kinds, beginning with what, running how long.
pub(super) struct ClockRow {
    kinds: &'static [RecordKind],
    pub(super) start: Start,
    /// Whether a record without this beginning is kept until somebody knows it.
    pub(super) needed: bool,
    /// The parameter of the rulebook that says how many years.
    pub(super) parameter: &'static str,
}

impl ClockRow {
    const fn new(kinds: &'static [RecordKind], start: Start, parameter: &'static str) -> Self {
        Self { kinds, start, needed: true, parameter }
    }

    /// A clock that runs only where there is something to begin with: a refill that was made, a review that was given.
    const fn where_known(mut self) -> Self {
        self.needed = false;
        self
    }

    pub(super) fn applies_to(&self, kind: RecordKind) -> bool {
        self.kinds.contains(&kind)
    }
}

const GENERAL: &str = "retain.general.years";
const PRESCRIPTION: &str = "retain.electronic-prescription.years";
const SYSTEM: &str = "retain.system-record.years";
const TRANSFERRED: &str = "retain.transferred-prescription.years";

/// Kinds that part 1311 asks for: from creation (2008: 1311.180(a)).
const OF_PART_1311: &[RecordKind] = &[
    RecordKind::ProofingDocument,
    RecordKind::SignedPrescription,
    RecordKind::ReceivedPrescription,
    RecordKind::DispensingAnnotation,
    RecordKind::Backup,
    RecordKind::PharmacyTrail,
    RecordKind::MonthlyLog,
    RecordKind::AuditReport,
    RecordKind::AccessRecord,
    RecordKind::AuditTrail,
    RecordKind::Incident,
    RecordKind::Notice,
    RecordKind::Duty,
    RecordKind::TransferredPrescription,
];
/// Prescriptions and what is linked to them: a State's term for prescriptions runs for all of it.
const PRESCRIPTIONS: &[RecordKind] = &[
    RecordKind::SignedPrescription,
    RecordKind::ReceivedPrescription,
    RecordKind::DispensingAnnotation,
    RecordKind::Backup,
    RecordKind::TransferredPrescription,
];

/// Every clock. Where several end on one day, the first is named.
pub(super) const CLOCKS: [ClockRow; 12] = [
    ClockRow::new(&[RecordKind::SignedPrescription], Start::Issued, PRESCRIPTION),
    ClockRow::new(&[RecordKind::ReceivedPrescription], Start::Received, PRESCRIPTION),
    ClockRow::new(&[RecordKind::DispensingAnnotation], Start::Dispensed, PRESCRIPTION),
    ClockRow::new(PRESCRIPTIONS, Start::LastRefill, TRANSFERRED).where_known(),
    ClockRow::new(&[RecordKind::ProofingDocument], Start::LastSigned, SYSTEM).where_known(),
    ClockRow::new(&[RecordKind::MonthlyLog], Start::Reviewed, SYSTEM).where_known(),
    ClockRow::new(&[RecordKind::AuditReport], Start::Issued, SYSTEM),
    ClockRow::new(&[RecordKind::RefillPrintout], Start::Dispensed, GENERAL),
    ClockRow::new(PRESCRIPTIONS, Start::Created, PRESCRIPTION),
    ClockRow::new(OF_PART_1311, Start::Created, SYSTEM),
    ClockRow::new(PRESCRIPTIONS, Start::Dispensed, GENERAL).where_known(),
    ClockRow::new(RecordKind::ALL, Start::Created, GENERAL),
];
