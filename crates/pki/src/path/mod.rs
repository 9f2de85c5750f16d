//! Certification paths by RFC 5280, section 6: key changes inside an authority, policies and their mapping, name
//! constraints, revocation lists of every scope (partial, indirect, delta).
//!
//! [`Directory`] is what is known: anchors, certificates, lists. [`Directory::validate`] looks for a path and says what it
//! is worth at an instant. Signatures are those of [`crate::trust`]: ECDSA on P-256 and P-384, RSA of 2048 bits and more
//! with SHA-256 and longer. DSA and SHA-1 are not accepted.

mod constraints;
mod fields;
mod list;
mod name;
mod policy;
mod revocation;
mod search;
mod walk;

use crate::certificate::{BadCertificate, Certificate};
use crate::trust::{BadRevocationList, PathError};
use const_oid::ObjectIdentifier;
use fields::Fields;
use jiff::Timestamp;
use list::List;
use std::collections::BTreeSet;
use std::fmt;
pub(crate) use walk::Held;

/// A certificate policy, by its object identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(pub(crate) ObjectIdentifier);

/// Not an object identifier in dotted form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate policy is an object identifier such as 2.16.840.1.101.3.2.1.48.1")]
pub struct NotAPolicy;

impl PolicyId {
    /// Reads the dotted form.
    ///
    /// # Errors
    /// [`NotAPolicy`].
    pub fn parse(text: &str) -> Result<Self, NotAPolicy> {
        ObjectIdentifier::new(text).map(Self).map_err(|_| NotAPolicy)
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a path must hold for some accepted policy from the first certificate on (initial-explicit-policy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExplicitPolicy {
    /// Only where an authority of the path says so.
    #[default]
    Optional,
    /// Always.
    Required,
}

/// Whether something that authorities may do counts (initial-policy-mapping-inhibit, initial-any-policy-inhibit).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Use {
    /// It counts until an authority of the path inhibits it.
    #[default]
    Allowed,
    /// It never counts.
    Inhibited,
}

/// What the last certificate is to be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Signing records: extended key usages, where there are any, name document signing, e-mail protection or any.
    SigningRecords,
    /// Not asked.
    #[default]
    Any,
}

/// Whether every certificate of the path is looked up in revocation lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Revocation {
    /// A certificate without a current list is not trusted.
    #[default]
    Checked,
    /// Not looked up. For deployments that have no list at all.
    NotChecked,
}

/// The inputs of RFC 5280, 6.1.1, and what the certificate is for. The default is the RFC's: any policy, nothing inhibited.
#[derive(Clone, Debug, Default)]
pub struct PathSettings {
    /// The policies that are accepted; `None` accepts any.
    pub policies: Option<BTreeSet<PolicyId>>,
    /// Whether one of them must hold.
    pub explicit: ExplicitPolicy,
    /// Whether authorities may map policies.
    pub mapping: Use,
    /// Whether anyPolicy in a certificate counts.
    pub any_policy: Use,
    /// What the certificate is for.
    pub purpose: Purpose,
    /// Whether lists are asked.
    pub revocation: Revocation,
}

/// A path that holds.
#[derive(Clone, Debug)]
pub struct ValidPath {
    /// The authorities between the anchor and the certificate, from the top.
    pub authorities: Vec<Certificate>,
    /// The policies for which it holds, in the terms of the anchor. Holds anyPolicy (2.5.29.32.0) when every policy was
    /// accepted and none was named.
    pub policies: BTreeSet<PolicyId>,
    /// The last instant for which this answer is good: certificates run out, lists have a next update.
    pub until: Timestamp,
}

/// Anchors, certificates and revocation lists.
#[derive(Default)]
pub struct Directory {
    anchors: Vec<Fields>,
    certificates: Vec<Fields>,
    lists: Vec<List>,
}

impl Directory {
    /// A directory that trusts `anchors`.
    ///
    /// # Errors
    /// [`BadCertificate::Unreadable`] for one with an extension that cannot be read.
    pub fn new(anchors: &[Certificate]) -> Result<Self, BadCertificate> {
        let anchors = anchors.iter().map(readable).collect::<Result<_, _>>()?;
        Ok(Self { anchors, ..Self::default() })
    }

    /// Adds a certificate that may stand in a path, or sign lists. Nothing is believed of it.
    ///
    /// # Errors
    /// [`BadCertificate::Unreadable`] for one with an extension that cannot be read.
    pub fn add_certificate(&mut self, certificate: &Certificate) -> Result<(), BadCertificate> {
        self.certificates.push(readable(certificate)?);
        Ok(())
    }

    /// Adds a revocation list: complete or delta, of any scope. Nothing is believed of it until its signer is known.
    ///
    /// # Errors
    /// [`BadRevocationList`].
    pub fn add_list(&mut self, der: &[u8]) -> Result<(), BadRevocationList> {
        self.lists.push(List::read(der)?);
        self.lists.sort_by_key(|list| std::cmp::Reverse(list.this_update));
        Ok(())
    }

    pub(crate) const fn has_lists(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Looks for a path to `certificate` that holds at `at`.
    ///
    /// # Errors
    /// [`PathError`]: of the first complete path found, when none holds. A certificate that was revoked at or before `at`
    /// is [`PathError::Revoked`]; one that was revoked later is still good.
    pub fn validate(
        &self,
        certificate: &Certificate,
        at: Timestamp,
        settings: &PathSettings,
    ) -> Result<ValidPath, PathError> {
        let leaf = fields_of(certificate)?;
        let (held, authorities) = self.search(&leaf, None, at, settings, &[])?;
        match held.revoked {
            Some(since) if since <= at => Err(PathError::Revoked { since }),
            _ => Ok(ValidPath {
                authorities: authorities.into_iter().map(|authority| authority.certificate.clone()).collect(),
                policies: held.policies,
                until: held.until,
            }),
        }
    }

    /// The same, with the revocation told and not judged.
    pub(crate) fn held(
        &self,
        certificate: &Certificate,
        at: Timestamp,
        settings: &PathSettings,
    ) -> Result<Held, PathError> {
        let leaf = fields_of(certificate)?;
        self.search(&leaf, None, at, settings, &[]).map(|(held, _)| held)
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (anchors, certificates, lists) = (self.anchors.len(), self.certificates.len(), self.lists.len());
        write!(f, "Directory({anchors} anchors, {certificates} certificates, {lists} revocation lists)")
    }
}

fn readable(certificate: &Certificate) -> Result<Fields, BadCertificate> {
    Fields::read(certificate).map_err(|_| BadCertificate::Unreadable)
}

fn fields_of(certificate: &Certificate) -> Result<Fields, PathError> {
    Fields::read(certificate).map_err(|what| PathError::Invalid(format!("the certificate cannot be read: {}", what.0)))
}
