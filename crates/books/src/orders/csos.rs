//! Electronic orders: what is signed, by whom, and whether a supplier may fill it. 21 CFR 1305.21 to 1305.25, 1311.

use super::draft::OrderLine;
use super::number::TrackingNumber;
use crate::ask;
use crate::product::{Party, is_written};
use crate::stored::{Stored as _, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeSet;
use theriac_law::facts::{Order as OrderFacts, OrderDetails};
use theriac_law::vocab::{Certificate as CertificateState, Condition, OrderEntry, OrderMethod, Standing};
use theriac_law::{Moment, Profile, Question, Request, When};
use theriac_model::json::canonical;
use theriac_model::{DeaNumber, Refusal, Schedule, hex};
use theriac_pki::{Certificate, CmsError, PathError, Signer, TrustStore, cms};

record! {
    /// What an electronic order says (21 CFR 1305.21(b)).
    ElectronicOrder {
        /// The purchaser's own number for it.
        tracking: TrackingNumber,
        /// The purchaser's registration number.
        purchaser: DeaNumber,
        /// The supplier: name, address, registration number.
        supplier: Party,
        /// The date of signing.
        signed_on: Date,
        /// The lines: product with its code, package and strength, and the number of packages.
        lines: Vec<OrderLine>,
    }
}

words! {
    /// One check of an electronic order by the supplier.
    Check {
        /// The file is a signed order.
        Readable "readable",
        /// The signature is the certificate's, over these bytes.
        Signature "signature",
        /// The certificate leads to the authority for orders.
        Issuer "issuer",
        /// It had not expired when the order was signed.
        Expiry "expiry",
        /// It had not been revoked when the order was signed.
        Revocation "revocation",
        /// It is that of the purchaser named in the order.
        Purchaser "purchaser",
        /// It covers the schedules ordered.
        Schedules "schedules",
        /// Everything required is written.
        Entries "entries",
    }

    /// How a check came out.
    Outcome {
        /// It held.
        Passed "passed",
        /// It did not.
        Failed "failed",
        /// An earlier one failed, so that there was nothing to look at.
        NotReached "not-reached",
    }
}

stored_words!(Check, Outcome);

record! {
    /// One check and how it came out; kept with the order.
    CheckResult {
        /// The check.
        check: Check,
        /// How it came out.
        outcome: Outcome,
        /// What was found, where it failed.
        found: Option<String>,
    }
}

/// For whom a certificate for orders was issued: what its extensions say, or the register of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateHolder {
    /// The registration whose orders it signs.
    pub registration: DeaNumber,
    /// The schedules of that registration.
    pub schedules: Vec<Schedule>,
}

/// What became of an electronic order at the supplier's.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The order, where the file could be read.
    pub order: Option<ElectronicOrder>,
    /// SHA-256 of the signed file, in hex.
    pub digest: String,
    /// Every check, in order.
    pub checks: Vec<CheckResult>,
    /// The rulebook's refusal, where the order may not be filled.
    pub refusal: Option<Refusal>,
}

impl ElectronicOrder {
    /// The bytes that are signed: canonical JSON, format 1.
    ///
    /// # Errors
    /// `BOOKS-TOO-LARGE` for numbers beyond the exact range.
    pub fn bytes(&self) -> Result<Vec<u8>, Refusal> {
        let body = serde_json::json!({ "format": crate::codec::FORMAT, "order": self.write() });
        canonical(&body).map_err(|_| super::refuse::too_many())
    }

    /// Reads what [`ElectronicOrder::bytes`] wrote.
    pub fn read_bytes(bytes: &[u8]) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        let read = crate::codec::formatted(&body, "csos.order").ok()?;
        let order = <Self as crate::stored::Stored>::read(read, "order").ok()?;
        // One content has one form; another form of the same content is not what was signed.
        (order.bytes().ok()? == bytes).then_some(order)
    }

    /// Signs the order; the result is the file that goes to the supplier and is kept.
    ///
    /// # Errors
    /// `BOOKS-CSOS-KEY` when the key or the cryptographic module fails, `BOOKS-CSOS-DATE` when the order bears another date
    /// than that of signing.
    pub fn sign(&self, signer: &Signer, at: Moment) -> Result<Vec<u8>, Refusal> {
        if self.signed_on != at.date() {
            return Err(Refusal::new(
                "BOOKS-CSOS-DATE",
                "21 CFR 1305.21(b)",
                "the order bears another date than the day it is signed",
                "date the order with the day of signing",
            )
            .about("signed_on"));
        }
        let bytes = self.bytes()?;
        signer.sign_contents(&bytes, at.timestamp).map_err(|_| {
            let next = "try again; if it happens again, have the key checked";
            Refusal::new("BOOKS-CSOS-KEY", "21 CFR 1311.55", "the signature could not be made", next)
        })
    }

    fn missing(&self) -> Vec<OrderEntry> {
        let mut missing = Vec::new();
        let mut lacks = |entry, absent: bool| {
            if absent && !missing.contains(&entry) {
                missing.push(entry);
            }
        };
        lacks(OrderEntry::SupplierName, self.supplier.name.trim().is_empty());
        lacks(OrderEntry::SupplierAddress, !is_written(&self.supplier.address));
        lacks(OrderEntry::NumberOfPackages, self.lines.is_empty());
        for line in &self.lines {
            lacks(OrderEntry::NumberOfPackages, line.packages == 0);
            lacks(OrderEntry::ItemName, line.product.name.trim().is_empty());
        }
        missing
    }

    pub(crate) fn schedules(&self) -> BTreeSet<Schedule> {
        self.lines.iter().map(|line| line.product.schedule).collect()
    }
}

/// SHA-256 of a signed file, in hex: the name by which the order's stream knows it.
pub fn digest_of(file: &[u8]) -> String {
    hex::encode(&theriac_pki::evidence::sha256_of(file))
}

/// What has been found out about a file.
struct Found {
    checks: Vec<CheckResult>,
    facts: OrderFacts,
    details: OrderDetails,
}

impl Found {
    fn check(&mut self, check: Check, failed: Option<String>) -> bool {
        let outcome = if failed.is_some() { Outcome::Failed } else { Outcome::Passed };
        self.checks.push(CheckResult { check, outcome, found: failed });
        outcome == Outcome::Passed
    }
}

/// Checks a signed order as its supplier: signature, certificate path, expiry and revocation at signing, whose certificate
/// it is, schedules, entries; then asks the rulebook whether it may be filled. Everything found is returned and kept.
///
/// `holder` says for whom a certificate was issued; `standing` is where the purchaser stands with DEA.
///
/// # Errors
/// Only when the rulebook cannot be asked. An order that may not be filled is a [`Validation`] with a refusal.
pub fn validate(
    profile: &Profile,
    file: &[u8],
    trust: &TrustStore,
    holder: &dyn Fn(&Certificate) -> Option<CertificateHolder>,
    (standing, at): (Standing, Moment),
) -> Result<Validation, Refusal> {
    let mut found =
        Found { checks: Vec::new(), facts: OrderFacts::new(OrderMethod::Csos), details: OrderDetails::new() };
    found.details.registration = standing;
    let order = examine(&mut found, file, trust, holder, at);
    for check in Check::ALL
        .iter()
        .filter(|check| !found.checks.iter().any(|done| done.check == **check))
        .copied()
        .collect::<Vec<_>>()
    {
        found.checks.push(CheckResult { check, outcome: Outcome::NotReached, found: None });
    }
    let Found { checks, facts, details } = found;
    let question = Question::new(at, Request::FillOrder { units: None }).with(|all| {
        all.order = Some(facts);
        all.details = Some(Box::new(details));
    });
    let refusal = ask::decided(profile, &question)?.refusal;
    Ok(Validation { order, digest: digest_of(file), checks, refusal })
}

fn examine(
    found: &mut Found,
    file: &[u8],
    trust: &TrustStore,
    holder: &dyn Fn(&Certificate) -> Option<CertificateHolder>,
    at: Moment,
) -> Option<ElectronicOrder> {
    let verified = match cms::verify_attached(file, &[]) {
        Ok(verified) => verified,
        Err(error) => {
            let altered = matches!(error, CmsError::SignatureInvalid | CmsError::ContentChanged);
            found.facts.condition = if altered { Condition::Altered } else { Condition::Illegible };
            if altered {
                found.check(Check::Readable, None);
                found.check(Check::Signature, Some(error.to_string()));
            } else {
                found.check(Check::Readable, Some(error.to_string()));
            }
            return None;
        }
    };
    let Some(order) = ElectronicOrder::read_bytes(verified.content()) else {
        found.facts.condition = Condition::Illegible;
        found.check(Check::Readable, Some("what is signed is not an order".to_owned()));
        return None;
    };
    found.check(Check::Readable, None);
    found.check(Check::Signature, None);
    let signed = Moment { timestamp: verified.signed_at(), offset: at.offset };
    found.details.signed_at = Some(When::from(signed));
    certificate(found, trust.check(verified.certificate(), verified.signed_at()), signed);

    let covered = holder(verified.certificate()).filter(|holder| holder.registration == order.purchaser);
    let other = covered.is_none().then(|| "the certificate is not the purchaser's".to_owned());
    if !found.check(Check::Purchaser, other) && found.facts.certificate == CertificateState::Valid {
        found.facts.certificate = CertificateState::AnotherPersons;
    }
    let schedules = order.schedules();
    if let Some(holder) = covered {
        let beyond = schedules.iter().find(|schedule| !holder.schedules.contains(schedule));
        found.check(Check::Schedules, beyond.map(|schedule| format!("schedule {} is not covered", schedule.roman())));
        found.details.purchaser_schedules = Some(holder.schedules.into_iter().map(Into::into).collect());
    }
    found.facts.schedules = schedules.into_iter().map(Into::into).collect();
    found.facts.lines = u32::try_from(order.lines.len()).unwrap_or(u32::MAX);
    found.facts.executed = Some(order.signed_on);
    found.details.tracking_number = Some(order.tracking.to_string());
    found.details.missing = order.missing();
    let misdated = (order.signed_on != signed.date() || signed.timestamp > at.timestamp)
        .then(|| "the date on the order is not the day it was signed".to_owned());
    let lacking = found.details.missing.first().map(|entry| format!("{entry} is missing")).or(misdated);
    if !found.check(Check::Entries, lacking) && found.details.missing.is_empty() {
        found.details.missing.push(OrderEntry::SigningDate);
    }
    Some(order)
}

/// Issuer, expiry and revocation, of which a path has one answer.
fn certificate(found: &mut Found, path: Result<(), PathError>, signed: Moment) {
    let Err(error) = path else {
        for check in [Check::Issuer, Check::Expiry, Check::Revocation] {
            found.check(check, None);
        }
        return;
    };
    let said = Some(error.to_string());
    let ended = |instant| Some(When::from(Moment { timestamp: instant, offset: signed.offset }));
    match error {
        PathError::Expired { until } | PathError::NotYetValid { from: until } => {
            found.check(Check::Issuer, None);
            found.check(Check::Expiry, said);
            found.facts.certificate = CertificateState::Expired;
            found.details.certificate_ended = ended(until.min(signed.timestamp));
        }
        PathError::Revoked { since } => {
            found.check(Check::Issuer, None);
            found.check(Check::Expiry, None);
            found.check(Check::Revocation, said);
            found.facts.certificate = CertificateState::Revoked;
            found.details.certificate_ended = ended(since);
        }
        // Without a current list nobody knows whether it was revoked, so it is not relied on.
        PathError::StaleRevocationList | PathError::NoRevocationList => {
            found.check(Check::Issuer, None);
            found.check(Check::Expiry, None);
            found.check(Check::Revocation, said);
            found.facts.certificate = CertificateState::NotDeaIssued;
        }
        PathError::UnknownIssuer(_) | PathError::Purpose | PathError::Invalid(_) => {
            found.check(Check::Issuer, said);
            found.facts.certificate = CertificateState::NotDeaIssued;
        }
    }
}

/// Opens an archived order again: the signature still has to verify, whatever became of the certificate since.
pub fn reopen(file: &[u8]) -> Option<ElectronicOrder> {
    let verified = cms::verify_attached(file, &[]).ok()?;
    ElectronicOrder::read_bytes(verified.content())
}
