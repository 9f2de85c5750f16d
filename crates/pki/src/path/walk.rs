//! One path from an anchor to a certificate, judged: RFC 5280, 6.1.

use super::constraints::Constraints;
use super::fields::Fields;
use super::policy::{ANY, Policies};
use super::revocation::Chain;
use super::{Directory, ExplicitPolicy, PathSettings, PolicyId, Purpose, Revocation, Use};
use crate::trust::{PathError, end_of_second};
use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Extended key usages under which records are signed: document signing (RFC 9336), e-mail protection, any.
const SIGNING_PURPOSES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
];

/// What a path that holds amounts to.
pub(crate) struct Held {
    pub(crate) policies: BTreeSet<PolicyId>,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    /// When the last certificate was, or will have been, revoked.
    pub(crate) revoked: Option<Timestamp>,
}

/// The counters of 6.1.2(d) to (f) and (k): each is "how many more certificates until it binds".
struct Counters {
    explicit: u32,
    mapping: u32,
    any: u32,
    length: u32,
}

impl Counters {
    fn start(settings: &PathSettings, certificates: u32) -> Self {
        let never = certificates.saturating_add(1);
        Self {
            explicit: if settings.explicit == ExplicitPolicy::Required { 0 } else { never },
            mapping: if settings.mapping == Use::Inhibited { 0 } else { never },
            any: if settings.any_policy == Use::Inhibited { 0 } else { never },
            length: certificates,
        }
    }

    /// 6.1.4(h) to (j), (l), (m).
    fn below(&mut self, authority: &Fields) -> Result<(), PathError> {
        if !authority.is_self_issued() {
            self.explicit = self.explicit.saturating_sub(1);
            self.mapping = self.mapping.saturating_sub(1);
            self.any = self.any.saturating_sub(1);
        }
        let tighter = |now: u32, asked: Option<u32>| asked.map_or(now, |asked| now.min(asked));
        self.explicit = tighter(self.explicit, authority.require_explicit);
        self.mapping = tighter(self.mapping, authority.inhibit_mapping);
        self.any = tighter(self.any, authority.inhibit_any);
        if !authority.is_self_issued() {
            self.length = self.length.checked_sub(1).ok_or_else(|| {
                PathError::Invalid("more authorities follow one another than one of them allows".to_owned())
            })?;
        }
        let most = authority.basic.as_ref().and_then(|basic| basic.path_len_constraint);
        self.length = tighter(self.length, most.map(u32::from));
        Ok(())
    }
}

fn invalid(what: impl Into<String>) -> PathError {
    PathError::Invalid(what.into())
}

impl Directory {
    /// Judges `path`, which begins with the certificate that `anchor` issued.
    pub(crate) fn walk(
        &self,
        anchor: &Fields,
        path: &[&Fields],
        at: Timestamp,
        settings: &PathSettings,
        visiting: &[[u8; 32]],
    ) -> Result<Held, PathError> {
        let count = u32::try_from(path.len()).unwrap_or(u32::MAX);
        let mut counters = Counters::start(settings, count);
        let mut policies = Policies::start();
        let mut constraints = Constraints::default();
        let mut held = Held {
            policies: BTreeSet::new(),
            from: anchor.certificate.not_before(),
            until: end_of_second(anchor.certificate.not_after()),
            revoked: None,
        };
        // The anchor's own period is not part of RFC 5280; here a root that has run out vouches for nobody.
        in_time(anchor, at)?;
        let mut chain = Chain::from(anchor);
        for (n, certificate) in path.iter().copied().enumerate() {
            let is_last = n + 1 == path.len();
            let issuer = chain.last();
            // 6.1.3(a)
            if certificate.issuer != issuer.subject {
                return Err(PathError::UnknownIssuer(certificate.certificate.subject().to_owned()));
            }
            if !certificate.signed.is_by(&issuer.key) {
                return Err(invalid("the signature on a certificate is not its issuer's"));
            }
            in_time(certificate, at)?;
            held.from = held.from.max(certificate.certificate.not_before());
            held.until = held.until.min(end_of_second(certificate.certificate.not_after()));
            if let Some(unknown) = certificate.unknown_critical {
                return Err(invalid(format!("a critical extension is not understood: {unknown}")));
            }
            // 6.1.3(b), (c)
            if is_last || !certificate.is_self_issued() {
                constraints.allow(certificate).map_err(invalid)?;
            }
            // 6.1.3(d) to (f)
            policies.enter(certificate, counters.any > 0 || (!is_last && certificate.is_self_issued()));
            if counters.explicit == 0 && !policies.is_some() {
                return Err(invalid("the path holds for no certificate policy, and one is asked for"));
            }
            // 6.1.3(a)(3)
            if settings.revocation == Revocation::Checked {
                let status = self.status(certificate, &chain, at, visiting)?;
                held.until = held.until.min(status.until);
                match status.revoked {
                    Some(_) if !is_last => return Err(invalid("an authority in the path was revoked")),
                    revoked => held.revoked = revoked,
                }
            }
            purpose(certificate, settings.purpose)?;
            if is_last {
                break;
            }
            // 6.1.4
            may_issue(certificate)?;
            if certificate.mappings.iter().any(|(from, into)| *from == ANY || *into == ANY) {
                return Err(invalid("an authority maps from or to any policy"));
            }
            policies.map(&certificate.mappings, counters.mapping > 0);
            if let Some(added) = &certificate.constraints {
                constraints.add(added).map_err(invalid)?;
            }
            counters.below(certificate)?;
            chain.push(certificate);
        }
        // 6.1.5
        let mut explicit = counters.explicit.saturating_sub(1);
        if path.last().is_some_and(|last| last.require_explicit == Some(0)) {
            explicit = 0;
        }
        held.policies = policies.hold(settings.policies.as_ref());
        if explicit == 0 && held.policies.is_empty() {
            return Err(invalid("the path holds for none of the certificate policies that are accepted"));
        }
        Ok(held)
    }
}

fn in_time(certificate: &Fields, at: Timestamp) -> Result<(), PathError> {
    let certificate = &certificate.certificate;
    if at < certificate.not_before() {
        return Err(PathError::NotYetValid { from: certificate.not_before() });
    }
    if at > end_of_second(certificate.not_after()) {
        return Err(PathError::Expired { until: certificate.not_after() });
    }
    Ok(())
}

/// 6.1.4(k), (n).
fn may_issue(authority: &Fields) -> Result<(), PathError> {
    let name = authority.certificate.subject();
    if !authority.is_version_3 || !authority.is_authority() {
        return Err(invalid(format!("{name} is no certification authority")));
    }
    if !authority.certificate.may_certify() {
        return Err(invalid(format!("{name} may not sign certificates")));
    }
    Ok(())
}

fn purpose(certificate: &Fields, purpose: Purpose) -> Result<(), PathError> {
    let restricted = certificate.purposes.as_ref().filter(|_| purpose == Purpose::SigningRecords);
    match restricted {
        Some(purposes) if !purposes.iter().any(|purpose| SIGNING_PURPOSES.contains(purpose)) => Err(PathError::Purpose),
        _ => Ok(()),
    }
}
