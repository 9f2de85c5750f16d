//! Whether a token's make is trusted with signatures.

use super::attestation::{Aaguid, Attestation};
use super::registration::{Copies, NewCredential, Purpose};
use super::stored::Enrolled;
use crate::certificate::Certificate;
use crate::deployment::DemoDeployment;
use crate::metadata::{Model, ModelBook, ModelName, Notices};
use crate::pass::{TokenKind, ValidatedModel, asked};
use crate::token_rule::TokenRule;
use crate::trust::{SIGNATURES, unix_time};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustls_pki_types::CertificateDer;
use theriac_model::{Edition, Refusal};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};

/// What a deployment knows and asks of tokens that sign.
#[derive(Clone, Copy, Debug)]
pub struct SigningTrust<'a> {
    /// The deployment's list of models.
    pub book: &'a ModelBook,
    /// The FIDO Metadata Service's notices, where the deployment imports them. They only take away.
    pub notices: Option<&'a Notices>,
    /// What the rulebook asks.
    pub rule: &'a TokenRule,
}

const MAKE: &str = "73 FR 36722, 1311.110(b); 21 CFR 1311.115(b)";
const NEXT: &str = "enrol a token of a model that the deployment's list allows";

impl SigningTrust<'_> {
    /// Whether a key just made may sign: its model's validation, for the credential. Days are counted in UTC.
    ///
    /// # Errors
    /// A refusal, the first that holds in this order: made for signing in, model not stated, list out of date, model
    /// unknown, notices out of date, model compromised or revoked, statement's certificate not of the maker, key that
    /// can be copied, then as [`Model::may_sign`].
    pub fn judge(&self, new: &NewCredential, at: Timestamp) -> Result<ValidatedModel, Refusal> {
        if new.purpose == Purpose::SignIn {
            let what = "the key was made for signing in, not for signing prescriptions";
            let next = "register the token for signing, under the practitioner's registration";
            return Err(Refusal::new("PKI-TOKEN-PURPOSE", "21 CFR 1311.120(b)", what, next));
        }
        let Attestation { aaguid, chain, .. } = &new.attestation;
        if chain.is_empty() || aaguid.is_unknown() {
            let what = "the token does not prove of which make it is";
            return Err(Refusal::new(
                "PKI-TOKEN-UNATTESTED",
                MAKE,
                what,
                "allow the browser to pass on the make of the token, or use an approved model",
            )
            .under(Edition::Proposed2008));
        }
        let model = self.standing(*aaguid, at)?;
        chains_to(chain, &model.roots, at).map_err(|why| {
            let what = format!("the certificate of the token's make is not {}'s: {why}", model.title);
            Refusal::new("PKI-TOKEN-CHAIN", MAKE, what, "do not use this token; report it to the operator")
                .under(Edition::Proposed2008)
        })?;
        if let (Copies::Possible, Some(source)) = (new.copies, &self.rule.no_export) {
            let what = "the token says that its key may be copied to other devices";
            return Err(asked("PKI-TOKEN-EXPORT", source, what, "enrol a token whose key stays on it"));
        }
        model.may_sign(self.rule)
    }

    /// Whether an enrolled token's model still serves: the daily check.
    ///
    /// # Errors
    /// As [`SigningTrust::judge`], from the list on; a software token passes, its deployment was asked at enrolment.
    pub fn recheck(&self, enrolled: &Enrolled, at: Timestamp) -> Result<(), Refusal> {
        match &enrolled.kind {
            TokenKind::Soft => Ok(()),
            TokenKind::Hard(_) => self.standing(enrolled.attestation.aaguid, at)?.may_sign(self.rule).map(|_| ()),
        }
    }

    /// The model on the list, neither list out of date, no compromise reported.
    fn standing(&self, aaguid: Aaguid, at: Timestamp) -> Result<&Model, Refusal> {
        let today = at.to_zoned(TimeZone::UTC).date();
        let model = self.book.find(&ModelName::Fido(aaguid), today)?;
        if let Some(notices) = self.notices {
            notices.current(today)?;
            uncompromised(notices, aaguid, today, model)?;
        }
        Ok(model)
    }
}

fn uncompromised(notices: &Notices, aaguid: Aaguid, today: Date, model: &Model) -> Result<(), Refusal> {
    let reports = notices.of(aaguid).map_or(&[][..], |found| &found.reports);
    let Some(report) = reports.iter().find(|report| report.refuses(today)) else { return Ok(()) };
    let what = format!("the FIDO Metadata Service reports {} for {}", report.status, model.title);
    Err(Refusal::new("PKI-TOKEN-COMPROMISED", "21 CFR 1311.125(d); 73 FR 36722, 1311.135(a)", what, NEXT))
}

/// In a demonstration any token that checked a PIN or biometric serves, and counts as software: production refuses it.
pub(super) const fn demonstration(_: DemoDeployment) -> TokenKind {
    TokenKind::Soft
}

/// Attestation certificates name no purpose, or one of the maker's own.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        purposes.into_iter().try_for_each(|purpose| purpose.map(|_| ()))
    }
}

fn chains_to(chain: &[Certificate], roots: &[Certificate], at: Timestamp) -> Result<(), String> {
    let Some((leaf, between)) = chain.split_first() else { return Err("there is none".to_owned()) };
    // A maker may give the very certificate instead of a root.
    if roots.contains(leaf) {
        let valid = leaf.not_before() <= at && at <= leaf.not_after();
        return if valid { Ok(()) } else { Err("it is not valid now".to_owned()) };
    }
    let said = |error: Error| error.to_string();
    let der = CertificateDer::from(leaf.der());
    let leaf = EndEntityCert::try_from(&der).map_err(said)?;
    let ders: Vec<_> = roots.iter().map(|root| CertificateDer::from(root.der())).collect();
    let anchors = ders.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>().map_err(said)?;
    let between: Vec<_> = between.iter().map(|one| CertificateDer::from(one.der())).collect();
    let time = unix_time(at).ok_or_else(|| "before 1970".to_owned())?;
    leaf.verify_for_usage(SIGNATURES, &anchors, &between, time, AnyPurpose, None, None).map_err(said)?;
    Ok(())
}
