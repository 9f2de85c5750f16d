//! What path validation looks at in a certificate.

use super::name::{Dn, EMAIL, text};
use crate::certificate::Certificate;
use crate::der::{INTEGER, NotDer, Reader, SEQUENCE};
use crate::trust::SIGNATURES;
use const_oid::{AssociatedOid as _, ObjectIdentifier};
use der::{Decode, Encode as _};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::{NameConstraints, PolicyConstraints};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::crl::{CrlDistributionPoints, FreshestCrl};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, InhibitAnyPolicy, IssuerAltName,
    KeyUsage, PolicyMappings, SubjectAltName, SubjectKeyIdentifier,
};

pub(crate) const BIT_STRING: u8 = 0x03;
const VERSION: u8 = 0xa0;
const VERSION_3: &[u8] = &[INTEGER, 1, 2];

/// An extension that is there and cannot be read, or bytes that are no certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unreadable(pub(crate) &'static str);

impl From<NotDer> for Unreadable {
    fn from(error: NotDer) -> Self {
        Self(error.0)
    }
}

/// Bytes that somebody signed, and the signature.
pub(crate) struct SignedBytes {
    message: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

/// A key as `subjectPublicKeyInfo` gives it.
pub(crate) struct Key {
    algorithm: Vec<u8>,
    bits: Vec<u8>,
}

impl SignedBytes {
    /// Takes the three parts of a certificate or a list apart; `inner` finds the algorithm named inside the signed part.
    pub(crate) fn read(
        der: &[u8],
        inner: impl Fn(&mut Reader<'_>) -> Result<Vec<u8>, NotDer>,
    ) -> Result<Self, Unreadable> {
        let mut outer = Reader::new(der);
        let mut parts = Reader::new(outer.expect(SEQUENCE, "a signed structure")?.value);
        outer.finish("nothing after it")?;
        let message = parts.expect(SEQUENCE, "what is signed")?;
        let algorithm = parts.expect(SEQUENCE, "the algorithm")?.value.to_vec();
        let (unused, signature) =
            parts.expect(BIT_STRING, "the signature")?.value.split_first().ok_or(Unreadable("the signature"))?;
        parts.finish("nothing after the signature")?;
        let named = inner(&mut Reader::new(message.value))?;
        // RFC 5280, 4.1.1.2: both fields name the same algorithm.
        if *unused != 0 || named != algorithm {
            return Err(Unreadable("one algorithm in both places"));
        }
        Ok(Self { message: message.raw.to_vec(), algorithm, signature: signature.to_vec() })
    }

    /// Whether `key` made the signature, with an algorithm that is accepted here.
    pub(crate) fn is_by(&self, key: &Key) -> bool {
        SIGNATURES.iter().any(|known| {
            *known.signature_alg_id() == self.algorithm[..]
                && *known.public_key_alg_id() == key.algorithm[..]
                && known.verify_signature(&key.bits, &self.message, &self.signature).is_ok()
        })
    }
}

/// A certificate, read for path validation.
pub(crate) struct Fields {
    pub(crate) certificate: Certificate,
    pub(crate) signed: SignedBytes,
    pub(crate) key: Key,
    pub(crate) is_version_3: bool,
    /// The contents of the serial number's INTEGER, sign and all.
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Dn,
    pub(crate) subject: Dn,
    pub(crate) basic: Option<BasicConstraints>,
    pub(crate) usage: Option<KeyUsage>,
    pub(crate) purposes: Option<Vec<ObjectIdentifier>>,
    pub(crate) policies: Option<Vec<ObjectIdentifier>>,
    pub(crate) mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    pub(crate) require_explicit: Option<u32>,
    pub(crate) inhibit_mapping: Option<u32>,
    pub(crate) inhibit_any: Option<u32>,
    pub(crate) constraints: Option<NameConstraints>,
    pub(crate) other_names: Vec<GeneralName>,
    pub(crate) mail_in_subject: Vec<String>,
    pub(crate) points: Vec<DistributionPoint>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) issuer_key_id: Option<Vec<u8>>,
    /// A critical extension that nothing here understands.
    pub(crate) unknown_critical: Option<ObjectIdentifier>,
}

impl Fields {
    pub(crate) fn read(certificate: &Certificate) -> Result<Self, Unreadable> {
        let der = certificate.der();
        let signed = SignedBytes::read(der, |tbs| {
            tbs.optional(VERSION, "version")?;
            tbs.expect(INTEGER, "serial number")?;
            Ok(tbs.expect(SEQUENCE, "algorithm")?.value.to_vec())
        })?;
        let mut tbs = Reader::new(Reader::new(&signed.message).expect(SEQUENCE, "certificate")?.value);
        let version = tbs.optional(VERSION, "version")?;
        let serial = tbs.expect(INTEGER, "serial number")?.value.to_vec();
        for name in ["algorithm", "issuer", "validity", "subject"] {
            tbs.expect(SEQUENCE, name)?;
        }
        let mut info = Reader::new(tbs.expect(SEQUENCE, "key")?.value);
        let algorithm = info.expect(SEQUENCE, "key algorithm")?.value.to_vec();
        let (_, bits) = info.expect(BIT_STRING, "key bits")?.value.split_first().ok_or(Unreadable("key bits"))?;
        let key = Key { algorithm, bits: bits.to_vec() };

        let parsed = crate::certificate::parsed(der).map_err(|_| Unreadable("a certificate"))?;
        let parsed = parsed.tbs_certificate();
        let mut fields = Self {
            is_version_3: version.is_some_and(|version| version.value == VERSION_3),
            serial,
            key,
            issuer: Dn::of(parsed.issuer()),
            subject: Dn::of(parsed.subject()),
            mail_in_subject: parsed.subject().iter().filter(|part| part.oid == EMAIL).filter_map(text).collect(),
            certificate: certificate.clone(),
            signed,
            basic: None,
            usage: None,
            purposes: None,
            policies: None,
            mappings: Vec::new(),
            require_explicit: None,
            inhibit_mapping: None,
            inhibit_any: None,
            constraints: None,
            other_names: Vec::new(),
            points: Vec::new(),
            key_id: None,
            issuer_key_id: None,
            unknown_critical: None,
        };
        let mut seen = Vec::new();
        for extension in parsed.extensions().into_iter().flatten() {
            // RFC 5280, 4.2: no extension twice.
            if seen.contains(&extension.extn_id) {
                return Err(Unreadable("each extension once"));
            }
            seen.push(extension.extn_id);
            fields.take(extension)?;
        }
        Ok(fields)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), Unreadable> {
        match extension.extn_id {
            BasicConstraints::OID => self.basic = Some(decoded(extension, "basic constraints")?),
            KeyUsage::OID => self.usage = Some(decoded(extension, "key usage")?),
            ExtendedKeyUsage::OID => {
                self.purposes = Some(decoded::<ExtendedKeyUsage>(extension, "extended key usage")?.0);
            }
            CertificatePolicies::OID => {
                let policies: CertificatePolicies = decoded(extension, "certificate policies")?;
                self.policies = Some(policies.0.into_iter().map(|policy| policy.policy_identifier).collect());
            }
            PolicyMappings::OID => {
                let mappings: PolicyMappings = decoded(extension, "policy mappings")?;
                let pair = |m: x509_cert::ext::pkix::PolicyMapping| (m.issuer_domain_policy, m.subject_domain_policy);
                self.mappings = mappings.0.into_iter().map(pair).collect();
            }
            PolicyConstraints::OID => {
                let constraints: PolicyConstraints = decoded(extension, "policy constraints")?;
                self.require_explicit = constraints.require_explicit_policy;
                self.inhibit_mapping = constraints.inhibit_policy_mapping;
            }
            InhibitAnyPolicy::OID => {
                self.inhibit_any = Some(decoded::<InhibitAnyPolicy>(extension, "inhibit any policy")?.0);
            }
            NameConstraints::OID => self.constraints = Some(decoded(extension, "name constraints")?),
            SubjectAltName::OID => {
                self.other_names = decoded::<SubjectAltName>(extension, "alternative names")?.0;
            }
            CrlDistributionPoints::OID => {
                self.points = decoded::<CrlDistributionPoints>(extension, "distribution points")?.0;
            }
            SubjectKeyIdentifier::OID => {
                self.key_id =
                    Some(decoded::<SubjectKeyIdentifier>(extension, "key identifier")?.0.into_bytes().to_vec());
            }
            AuthorityKeyIdentifier::OID => {
                let id: AuthorityKeyIdentifier = decoded(extension, "issuer's key identifier")?;
                self.issuer_key_id = id.key_identifier.map(|id| id.into_bytes().to_vec());
            }
            FreshestCrl::OID | IssuerAltName::OID => {}
            other if extension.critical => self.unknown_critical = Some(other),
            _ => {}
        }
        Ok(())
    }

    /// Whether issuer and subject are the same name: a key change inside one authority.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    pub(crate) fn is_authority(&self) -> bool {
        self.basic.as_ref().is_some_and(|basic| basic.ca)
    }

    /// Whether the key usage extension, if present, allows signing revocation lists.
    pub(crate) fn may_sign_lists(&self) -> bool {
        self.usage.is_none_or(|usage| usage.crl_sign())
    }
}

/// The extension's value as `T`; `name` is what the error says.
pub(crate) fn decoded<'a, T: Decode<'a>>(extension: &'a Extension, name: &'static str) -> Result<T, Unreadable> {
    T::from_der(extension.extn_value.as_bytes()).map_err(|_| Unreadable(name))
}

/// The DER of a general name, for comparing the forms that are compared byte by byte.
pub(crate) fn general_der(name: &GeneralName) -> Vec<u8> {
    name.to_der().unwrap_or_default()
}
