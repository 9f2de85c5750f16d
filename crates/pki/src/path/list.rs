//! A revocation list as RFC 5280, sections 5 and 6.3 look at it.

use super::fields::{SignedBytes, decoded};
use super::name::Dn;
use crate::der::{INTEGER, SEQUENCE};
use crate::trust::BadRevocationList;
use const_oid::AssociatedOid as _;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_CE_CERTIFICATE_ISSUER, ID_CE_ISSUING_DISTRIBUTION_POINT};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::{CertificateList, RevokedCert};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::ext::pkix::crl::{BaseCrlNumber, CrlNumber, CrlReason, FreshestCrl};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, GeneralNames};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, IssuerAltName};
use x509_cert::time::Time;

/// The longest revocation list that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// Invalidity date and hold instruction, which change nothing here.
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const HOLD_INSTRUCTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.23");

/// One bit a reason, as `ReasonFlags` numbers them; bit 0 is not used.
pub(crate) const ALL_REASONS: u16 = 0x1fe;

/// A number of a list: up to 20 octets, compared as a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(usize, Vec<u8>);

impl Number {
    fn of(bytes: &[u8]) -> Self {
        let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        let significant = bytes.get(from..).unwrap_or_default().to_vec();
        Self(significant.len(), significant)
    }
}

/// A name of a distribution point, in the form in which two are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PointName {
    Directory(Dn),
    Other(Vec<u8>),
}

pub(crate) fn point_names(names: &GeneralNames) -> Vec<PointName> {
    let name = |name: &GeneralName| match name {
        GeneralName::DirectoryName(name) => PointName::Directory(Dn::of(name)),
        other => PointName::Other(super::fields::general_der(other)),
    };
    names.iter().map(name).collect()
}

/// The names of a distribution point; a relative one stands under `issuer`.
pub(crate) fn resolved(name: &DistributionPointName, issuer: &Dn) -> Vec<PointName> {
    match name {
        DistributionPointName::FullName(names) => point_names(names),
        DistributionPointName::NameRelativeToCRLIssuer(last) => vec![PointName::Directory(issuer.with(last))],
    }
}

/// Whose certificates a list covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    #[default]
    All,
    Users,
    Authorities,
    /// Attribute certificates, or contradicting words: nobody here.
    Nobody,
}

/// What a list covers: its issuing distribution point.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) names: Option<Vec<PointName>>,
    pub(crate) of: Subjects,
    pub(crate) indirect: bool,
    /// The reasons it covers; all of them unless it says otherwise.
    pub(crate) reasons: Option<u16>,
    /// The extension as it stood, to find the delta list of the same scope.
    der: Vec<u8>,
}

/// One line of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) since: Timestamp,
    pub(crate) removed: bool,
}

/// A revocation list.
pub(crate) struct List {
    pub(crate) signed: SignedBytes,
    pub(crate) issuer: Dn,
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) scope: Scope,
    pub(crate) issuer_key_id: Option<Vec<u8>>,
    number: Option<Number>,
    /// A delta list: the number of the list it adds to.
    base: Option<Number>,
    /// Something critical in it is not understood, so it says nothing about anybody.
    pub(crate) is_unusable: bool,
    lines: HashMap<Vec<u8>, Vec<(Arc<Dn>, Line)>>,
}

impl List {
    pub(crate) fn read(der: &[u8]) -> Result<Self, BadRevocationList> {
        if der.len() > LONGEST {
            return Err(BadRevocationList::TooLong);
        }
        Self::parsed(der).ok_or(BadRevocationList::Unreadable)
    }

    fn parsed(der: &[u8]) -> Option<Self> {
        let signed = SignedBytes::read(der, |tbs| {
            tbs.optional(INTEGER, "version")?;
            Ok(tbs.expect(SEQUENCE, "algorithm")?.value.to_vec())
        })
        .ok()?;
        let parsed = CertificateList::<Rfc5280>::from_der(der).ok()?.tbs_cert_list;
        let issuer = Dn::of(&parsed.issuer);
        let mut list = Self {
            signed,
            this_update: instant(parsed.this_update)?,
            next_update: match parsed.next_update {
                Some(next) => Some(instant(next)?),
                None => None,
            },
            scope: Scope::default(),
            issuer_key_id: None,
            number: None,
            base: None,
            is_unusable: false,
            lines: HashMap::new(),
            issuer,
        };
        for extension in parsed.crl_extensions.iter().flatten() {
            list.take(extension)?;
        }
        list.add_lines(parsed.revoked_certificates.unwrap_or_default())?;
        Some(list)
    }

    fn take(&mut self, extension: &Extension) -> Option<()> {
        match extension.extn_id {
            CrlNumber::OID => {
                self.number = Some(Number::of(decoded::<CrlNumber>(extension, "number").ok()?.0.as_bytes()));
            }
            BaseCrlNumber::OID => {
                self.base = Some(Number::of(decoded::<BaseCrlNumber>(extension, "base").ok()?.0.as_bytes()));
            }
            AuthorityKeyIdentifier::OID => {
                let id: AuthorityKeyIdentifier = decoded(extension, "key identifier").ok()?;
                self.issuer_key_id = id.key_identifier.map(|id| id.into_bytes().to_vec());
            }
            ID_CE_ISSUING_DISTRIBUTION_POINT => {
                let point: IssuingDistributionPoint = decoded(extension, "distribution point").ok()?;
                self.scope = Scope {
                    names: point.distribution_point.as_ref().map(|name| resolved(name, &self.issuer)),
                    of: match (
                        point.only_contains_user_certs,
                        point.only_contains_ca_certs,
                        point.only_contains_attribute_certs,
                    ) {
                        (false, false, false) => Subjects::All,
                        (true, false, false) => Subjects::Users,
                        (false, true, false) => Subjects::Authorities,
                        _ => Subjects::Nobody,
                    },
                    indirect: point.indirect_crl,
                    reasons: point.only_some_reasons.map(|reasons| reasons.bits() & ALL_REASONS),
                    der: extension.extn_value.as_bytes().to_vec(),
                };
            }
            FreshestCrl::OID | IssuerAltName::OID => {}
            _ => self.is_unusable |= extension.critical,
        }
        Some(())
    }

    /// A line of an indirect list names the issuer of its certificate, or that of the line before goes on.
    fn add_lines(&mut self, lines: Vec<RevokedCert<Rfc5280>>) -> Option<()> {
        let mut issuer = Arc::new(self.issuer.clone());
        for line in lines {
            let mut removed = false;
            for extension in line.crl_entry_extensions.iter().flatten() {
                match extension.extn_id {
                    CrlReason::OID => {
                        removed = decoded::<CrlReason>(extension, "reason").ok()? == CrlReason::RemoveFromCRL;
                    }
                    ID_CE_CERTIFICATE_ISSUER => {
                        let names: GeneralNames = decoded(extension, "certificate issuer").ok()?;
                        let named = names.iter().find_map(|name| match name {
                            GeneralName::DirectoryName(name) => Some(Dn::of(name)),
                            _ => None,
                        });
                        issuer = Arc::new(named?);
                    }
                    INVALIDITY_DATE | HOLD_INSTRUCTION => {}
                    _ => self.is_unusable |= extension.critical,
                }
            }
            let serial = line.serial_number.to_der().ok()?;
            // Tag and one byte of length stand before the contents: serial numbers have at most 21 octets.
            let serial = serial.get(2..)?.to_vec();
            let since = instant(line.revocation_date)?;
            self.lines.entry(serial).or_default().push((Arc::clone(&issuer), Line { since, removed }));
        }
        Some(())
    }

    pub(crate) const fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    /// Whether it has not passed its next update. A list that names none is never current.
    pub(crate) fn is_current(&self, at: Timestamp) -> bool {
        self.next_update.is_some_and(|next| at <= crate::trust::end_of_second(next))
    }

    /// The line of the certificate with this serial number, by this issuer.
    pub(crate) fn line(&self, issuer: &Dn, serial: &[u8]) -> Option<Line> {
        let lines = self.lines.get(serial)?;
        lines.iter().find(|(named, _)| named.as_ref() == issuer).map(|(_, line)| *line)
    }

    /// 6.3.3(c): whether this delta list adds to `complete`.
    pub(crate) fn adds_to(&self, complete: &Self) -> bool {
        let (Some(base), Some(number), Some(whole)) = (&self.base, &self.number, &complete.number) else {
            return false;
        };
        self.issuer == complete.issuer
            && self.scope.der == complete.scope.der
            && self.issuer_key_id == complete.issuer_key_id
            && base <= whole
            && whole < number
    }
}

fn instant(time: Time) -> Option<Timestamp> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Timestamp::from_second(seconds).ok()
}
