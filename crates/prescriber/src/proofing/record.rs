//! The record of proofing under the law in force: a credential of an approved provider (21 CFR 1311.105), or the
//! institution's own proofing of its staff (21 CFR 1311.110).

use crate::enrolment::{ProviderKind, Rules};
use crate::proofing::{Said, names_agree};
use crate::words::words;
use jiff::civil::Date;
use theriac_model::{DeaNumber, Refusal};

words! {
    /// By what a credential provider is approved.
    Approval {
        /// Approved by the General Services Administration at NIST SP 800-63-1 assurance level 3 or above.
        GsaLevel3 = "gsa-level-3",
        /// A certification authority cross-certified with the Federal Bridge at basic assurance or above.
        FederalBridgeBasic = "federal-bridge-basic",
        /// Neither; not permitted.
        Neither = "neither",
    }
}

/// The record. Text that was not given is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A credential provider's.
    Credential {
        /// The provider's name.
        provider: String,
        /// By what it is approved.
        approval: Approval,
        /// The name on the credential.
        subject: String,
        /// The day it was issued.
        issued: Option<Date>,
        /// The last day on which it serves, if it ends.
        ends: Option<Date>,
        /// Over how many separate channels the credential was handed over.
        channels: u8,
    },
    /// An institution's, for its own staff.
    Institution {
        /// The office that proofed.
        office: String,
        /// The institution's registration number as written.
        registration: String,
        /// The person who proofed.
        proofer: String,
        /// The practitioner's name.
        subject: String,
        /// The kind of government photo identification that was checked in person.
        photo_id: String,
        /// The day.
        on: Option<Date>,
        /// Whether State authority to practise and to prescribe was checked.
        state_authority: Said,
        /// Whether the DEA registration, or the use of the institution's, was checked.
        dea_status: Said,
    },
}

const CREDENTIAL: &str = "21 CFR 1311.105";
const INSTITUTION: &str = "21 CFR 1311.110";

impl Record {
    /// Everything in which the record does not serve for a practitioner of this name.
    pub fn problems(&self, applicant: &str, rules: &Rules<'_>) -> Vec<Refusal> {
        let mut found = Vec::new();
        let mut add = |cite, field: &'static str, what: String, next: &'static str| {
            found.push(Refusal::new("RX-PROOF-RECORD", cite, what, next).about(field));
        };
        match self {
            Self::Credential { provider, approval, subject, issued, ends, channels } => {
                if provider.trim().is_empty() {
                    add(CREDENTIAL, "record.provider", "the credential provider is not named".into(), "name it");
                }
                if *approval == Approval::Neither {
                    let what = "the credential provider is neither GSA-approved at level 3 nor cross-certified";
                    let next = "obtain a credential from a provider that is approved";
                    add(CREDENTIAL, "record.approval", what.into(), next);
                }
                if !names_agree(subject, applicant) {
                    let what = format!("the credential is for {subject:?}, not for {applicant:?}");
                    add(CREDENTIAL, "record.subject", what, "obtain a credential in the applicant's own name");
                }
                if issued.is_none_or(|issued| issued > rules.today) {
                    let what = "the day on which the credential was issued is absent or lies ahead";
                    add(CREDENTIAL, "record.issued", what.into(), "enter the day on which it was issued");
                }
                if ends.is_some_and(|ends| ends < rules.today) {
                    add(CREDENTIAL, "record.ends", "the credential has ended".into(), "renew it with its provider");
                }
                if *channels < 2 {
                    let what = format!("the credential was handed over on {channels} channel(s), and two are needed");
                    add(CREDENTIAL, "record.channels", what, "have the provider hand it over again on two channels");
                }
            }
            Self::Institution { office, registration, proofer, subject, photo_id, on, state_authority, dea_status } => {
                if rules.provider.kind != ProviderKind::Institution {
                    let what = "only an institutional practitioner may proof its own staff for its own application";
                    add(INSTITUTION, "record", what.into(), "obtain a credential from an approved provider");
                }
                for (field, text) in
                    [("record.office", office), ("record.proofer", proofer), ("record.photo-id", photo_id)]
                {
                    if text.trim().is_empty() {
                        add(INSTITUTION, field, "nothing is entered".into(), "enter it from the institution's record");
                    }
                }
                if DeaNumber::parse(registration.trim()).is_err() {
                    let what = "the institution's registration number is not one";
                    add(INSTITUTION, "record.registration", what.into(), "enter the institution's DEA number");
                }
                if !names_agree(subject, applicant) {
                    let what = format!("the record is about {subject:?}, not about {applicant:?}");
                    add(INSTITUTION, "record.subject", what, "enter the record of this practitioner");
                }
                if on.is_none_or(|on| on > rules.today) {
                    let what = "the day of the proofing is absent or lies ahead";
                    add(INSTITUTION, "record.on", what.into(), "enter the day of the proofing");
                }
                for (field, said) in [("record.state-authority", state_authority), ("record.dea-status", dea_status)] {
                    if *said == Said::No {
                        add(INSTITUTION, field, "it was not checked".into(), "let the credentialing office check it");
                    }
                }
            }
        }
        found
    }

    /// The person who proofed, where the record names one.
    pub fn proofer(&self) -> Option<&str> {
        match self {
            Self::Credential { .. } => None,
            Self::Institution { proofer, .. } => Some(proofer),
        }
    }
}
