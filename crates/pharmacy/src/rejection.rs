//! The status of what was not taken in: one for each reason, by the refusal that decided.

use crate::received::Rejected;
use crate::words::words;

words! {
    /// Why something that arrived is not a prescription to be dispensed.
    RejectionStatus {
        /// It is here already.
        Duplicate = "duplicate",
        /// It could not be read, or is no prescription.
        Unreadable = "unreadable",
        /// Nobody signed it, or the wrong person did.
        Unsigned = "unsigned",
        /// The signature that travelled does not verify.
        SignatureInvalid = "signature-invalid",
        /// What arrived is not what was signed.
        Altered = "altered",
        /// It was signed on another day than it is dated.
        Misdated = "misdated",
        /// Something that every prescription bears is absent.
        Incomplete = "incomplete",
        /// The practitioner's registration is unknown or not valid.
        RegistrationInvalid = "registration-invalid",
        /// The practitioner may not prescribe this.
        NotAuthorised = "not-authorised",
        /// It carries more than one practitioner's number.
        SeveralNumbers = "several-numbers",
        /// One of the applications does not meet the rules.
        ApplicationNotCompliant = "application-not-compliant",
        /// The registrant data is too old to rely on.
        RegistrantDataStale = "registrant-data-stale",
        /// The drug is unknown, not controlled, or not in the schedule that it claims.
        DrugUnclear = "drug-unclear",
        /// The quantity cannot be counted.
        QuantityUnclear = "quantity-unclear",
        /// It did not come in a form in which this may be dispensed.
        FormNotAllowed = "form-not-allowed",
        /// The oral authorisation is no emergency.
        NoEmergency = "no-emergency",
        /// It may no longer be filled.
        Expired = "expired",
        /// Another refusal.
        Refused = "refused",
    }
}

use RejectionStatus as S;

/// The beginning of a code, and the status that it stands for; the first row that fits counts.
const STATUSES: [(&str, S); 32] = [
    ("PHARM-TWIN", S::Duplicate),
    ("WIRE-", S::Unreadable),
    ("SIGN-", S::SignatureInvalid),
    ("PKI-", S::SignatureInvalid),
    ("PHARM-SCHEDULE-", S::DrugUnclear),
    ("PHARM-NOT-CONTROLLED", S::DrugUnclear),
    ("PHARM-QUANTITY", S::QuantityUnclear),
    ("LAW-1306.05-UNSIGNED", S::Unsigned),
    ("LAW-1306.08-ALTERED", S::Altered),
    ("LAW-1306.11-COMPARED", S::Altered),
    ("LAW-1306.05-DATE", S::Misdated),
    ("LAW-1306.05-MISSING", S::Incomplete),
    ("LAW-1306.21-NOT-WRITTEN", S::Incomplete),
    ("LAW-1306.03-AGENT", S::Incomplete),
    ("LAW-1306.05-MEDIUM", S::FormNotAllowed),
    ("LAW-1311.170-NO-FAX", S::FormNotAllowed),
    ("LAW-1311.165-FORM", S::FormNotAllowed),
    ("LAW-1306.21-FAX-PATIENT", S::FormNotAllowed),
    ("LAW-1306.21-ORAL", S::FormNotAllowed),
    ("LAW-1306.21-TAKEN-BY", S::FormNotAllowed),
    ("LAW-1306.11-ORAL", S::FormNotAllowed),
    ("LAW-1306.11-HOSPICE-NOTE", S::FormNotAllowed),
    ("LAW-STATE-FORM", S::FormNotAllowed),
    ("LAW-1306.11-", S::NoEmergency),
    ("LAW-1306.22-EXPIRED", S::Expired),
    ("LAW-1306.03-REGISTRATION", S::RegistrationInvalid),
    ("LAW-1306.03-", S::NotAuthorised),
    ("LAW-1306.04-", S::NotAuthorised),
    ("LAW-1311.115-NUMBERS", S::SeveralNumbers),
    ("LAW-1311.100-APPLICATION", S::ApplicationNotCompliant),
    ("LAW-1311.175-PHARMACY", S::ApplicationNotCompliant),
    ("LAW-1311.165-REGISTRY", S::RegistrantDataStale),
];

impl Rejected {
    /// Why, in one word.
    pub fn status(&self) -> RejectionStatus {
        let Some(first) = self.refusals.first() else { return S::Refused };
        let code = first.code.as_str();
        STATUSES.iter().find(|(start, _)| code.starts_with(start)).map_or(S::Refused, |row| row.1)
    }
}
