//! Whether a certificate of a path is revoked: RFC 5280, 6.3.

use super::fields::Fields;
use super::list::{ALL_REASONS, List, PointName, Subjects, point_names, resolved};
use super::name::Dn;
use super::{Directory, PathSettings, Purpose};
use crate::trust::{PathError, end_of_second};
use jiff::Timestamp;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;

/// How deep the question "who signed this list, and is that certificate revoked" may nest.
const NESTED_MOST: usize = 4;

/// The certificates of a path that have been judged: the anchor, and the authorities below it.
pub(crate) struct Chain<'a> {
    anchor: &'a Fields,
    below: Vec<&'a Fields>,
}

impl<'a> Chain<'a> {
    pub(crate) fn from(anchor: &'a Fields) -> Self {
        Self { anchor, below: Vec::new() }
    }

    pub(crate) fn push(&mut self, authority: &'a Fields) {
        self.below.push(authority);
    }

    pub(crate) fn last(&self) -> &'a Fields {
        self.below.last().copied().unwrap_or(self.anchor)
    }
}

/// What the lists say of a certificate.
pub(crate) struct Status {
    pub(crate) revoked: Option<Timestamp>,
    /// Until when the lists that were used are current.
    pub(crate) until: Timestamp,
}

/// One place where lists for a certificate are to be found: a distribution point, or the issuer itself.
struct Place {
    names: Vec<PointName>,
    /// The signers of indirect lists; none means the certificate's issuer.
    issuers: Vec<Dn>,
    reasons: u16,
}

impl Place {
    fn of(point: &DistributionPoint, certificate: &Fields) -> Self {
        let named: Vec<PointName> = point.crl_issuer.as_ref().map(point_names).unwrap_or_default();
        let issuers: Vec<Dn> = named
            .iter()
            .filter_map(|name| match name {
                PointName::Directory(name) => Some(name.clone()),
                PointName::Other(_) => None,
            })
            .collect();
        let under = issuers.first().unwrap_or(&certificate.issuer);
        let names = match &point.distribution_point {
            Some(name) => resolved(name, under),
            None => named,
        };
        Self { names, issuers, reasons: point.reasons.map_or(ALL_REASONS, |reasons| reasons.bits() & ALL_REASONS) }
    }

    /// 6.3.3, last paragraph: any list of the certificate's issuer.
    fn issuer(certificate: &Fields) -> Self {
        let names = vec![PointName::Directory(certificate.issuer.clone())];
        Self { names, issuers: Vec::new(), reasons: ALL_REASONS }
    }

    /// 6.3.3(b): issuer and scope.
    fn covers(&self, list: &List, certificate: &Fields) -> bool {
        let right_issuer = if self.issuers.is_empty() {
            list.issuer == certificate.issuer
        } else {
            list.scope.indirect && self.issuers.contains(&list.issuer)
        };
        let scope = &list.scope;
        right_issuer
            && scope.names.as_ref().is_none_or(|names| names.iter().any(|name| self.names.contains(name)))
            && match scope.of {
                Subjects::All => true,
                Subjects::Users => !certificate.is_authority(),
                Subjects::Authorities => certificate.is_authority(),
                Subjects::Nobody => false,
            }
    }
}

/// What has been learnt from the lists so far.
struct Asked {
    reasons: u16,
    revoked: Option<Timestamp>,
    until: Timestamp,
    /// Why the lists seen so far did not answer; the most telling reason stays.
    trouble: PathError,
}

impl Asked {
    const fn is_answered(&self) -> bool {
        self.revoked.is_some() || self.reasons == ALL_REASONS
    }

    fn trouble(&mut self, found: PathError) {
        let rank = |error: &PathError| match error {
            PathError::NoRevocationList => 0,
            PathError::StaleRevocationList => 1,
            _ => 2,
        };
        if rank(&found) > rank(&self.trouble) {
            self.trouble = found;
        }
    }
}

impl Directory {
    /// Whether `certificate`, issued by the last of `chain`, is revoked.
    pub(crate) fn status(
        &self,
        certificate: &Fields,
        chain: &Chain<'_>,
        at: Timestamp,
        visiting: &[[u8; 32]],
    ) -> Result<Status, PathError> {
        let mut visiting = visiting.to_vec();
        visiting.push(*certificate.certificate.digest());
        let mut asked =
            Asked { reasons: 0, revoked: None, until: Timestamp::MAX, trouble: PathError::NoRevocationList };
        let points = certificate.points.iter().map(|point| Place::of(point, certificate));
        for place in points.chain([Place::issuer(certificate)]) {
            if asked.is_answered() {
                break;
            }
            self.ask(&place, certificate, chain, at, &visiting, &mut asked);
        }
        if asked.is_answered() { Ok(Status { revoked: asked.revoked, until: asked.until }) } else { Err(asked.trouble) }
    }

    /// 6.3.3(a) to (l) for one place, newest lists first.
    fn ask(
        &self,
        place: &Place,
        certificate: &Fields,
        chain: &Chain<'_>,
        at: Timestamp,
        visiting: &[[u8; 32]],
        asked: &mut Asked,
    ) {
        for list in self.lists.iter().filter(|list| !list.is_delta() && place.covers(list, certificate)) {
            if asked.is_answered() {
                return;
            }
            // (d), (e): a list that adds no reason is not looked at.
            let reasons = list.scope.reasons.unwrap_or(ALL_REASONS) & place.reasons;
            if reasons & !asked.reasons == 0 {
                continue;
            }
            if !list.is_current(at) {
                asked.trouble(PathError::StaleRevocationList);
                continue;
            }
            if list.is_unusable {
                asked.trouble(PathError::Invalid(
                    "a revocation list holds something critical that is not understood".to_owned(),
                ));
                continue;
            }
            // (f), (g)
            if let Err(error) = self.signed(list, chain, at, visiting) {
                asked.trouble(error);
                continue;
            }
            // (c), (h): the newest delta list that adds to it.
            let adds = |delta: &&List| {
                delta.is_current(at)
                    && !delta.is_unusable
                    && delta.adds_to(list)
                    && self.signed(delta, chain, at, visiting).is_ok()
            };
            let delta = self.lists.iter().find(adds);
            // (i) to (k)
            let in_delta = delta.and_then(|delta| delta.line(&certificate.issuer, &certificate.serial));
            let line = in_delta.or_else(|| list.line(&certificate.issuer, &certificate.serial));
            asked.revoked = line.filter(|line| !line.removed).map(|line| line.since);
            // (l)
            asked.reasons |= reasons;
            for used in [Some(list), delta].into_iter().flatten() {
                asked.until = used.next_update.map_or(asked.until, |next| asked.until.min(end_of_second(next)));
            }
        }
    }

    /// Whether somebody who may sign this list did: a certificate of the path itself, or another that leads to the same
    /// anchor and is not revoked. A signer whose own status is being asked about (its status stands on its own list) is
    /// taken as it is: the question is answered by the one who asked it first.
    fn signed(&self, list: &List, chain: &Chain<'_>, at: Timestamp, visiting: &[[u8; 32]]) -> Result<(), PathError> {
        let may = |signer: &&Fields| {
            signer.subject == list.issuer && signer.may_sign_lists() && list.signed.is_by(&signer.key)
        };
        if chain.below.iter().copied().chain([chain.anchor]).any(|signer| may(&signer)) {
            return Ok(());
        }
        let mut trouble =
            PathError::Invalid("the signature on a revocation list is not that of somebody who may sign it".to_owned());
        for signer in self.certificates.iter().filter(|signer| may(signer)) {
            let digest = signer.certificate.digest();
            if visiting.contains(digest) {
                return Ok(());
            }
            if visiting.len() > NESTED_MOST {
                continue;
            }
            let settings = PathSettings { purpose: Purpose::Any, ..PathSettings::default() };
            match self.search(signer, Some(chain.anchor), at, &settings, visiting) {
                Ok((held, _)) if held.revoked.is_none() => return Ok(()),
                Ok(_) => trouble = PathError::Invalid("the signer of a revocation list was revoked".to_owned()),
                Err(error) => trouble = error,
            }
        }
        Err(trouble)
    }
}
