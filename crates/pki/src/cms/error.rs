//! Why a CMS signature is not accepted: one variant for each way it can be wrong.

use crate::certificate::BadCertificate;
use crate::der::NotDer;
use theriac_model::Refusal;

/// Why a CMS signature is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// More bytes than are read.
    #[error("the signature is longer than 8 MiB")]
    TooLong,
    /// Not strict DER, or not SignedData; the text is what was expected and not found.
    #[error("this is not a CMS SignedData structure: {0} expected")]
    NotSignedData(&'static str),
    /// No signer, or more than one.
    #[error("the structure has not exactly one signer")]
    Signers,
    /// More certificates than are read.
    #[error("the structure carries more than 8 certificates")]
    Certificates,
    /// The signature does not cover signed attributes, so it has no signing time.
    #[error("the signature has no signed attributes")]
    NoSignedAttributes,
    /// A signed attribute that must be there is missing.
    #[error("the signed attribute {0} is missing")]
    AttributeMissing(&'static str),
    /// A signed attribute stands there twice, or has not exactly one value.
    #[error("the signed attribute {0} has not exactly one value")]
    AttributeRepeated(&'static str),
    /// MD5 or SHA-1, which FIPS 180 and 186 no longer approve for signatures.
    #[error("the signature was made with {0}")]
    WeakAlgorithm(&'static str),
    /// An algorithm, or a combination, that is not accepted.
    #[error("the signature algorithm or its digest is not one of ECDSA P-256/SHA-256, P-384/SHA-384, RSA/SHA-256")]
    Algorithm,
    /// The content is not of type `data`, or its type differs from the signed one.
    #[error("the signed content is not of type data")]
    ContentType,
    /// Content was expected inside and is not there.
    #[error("the signature carries no content; it is detached")]
    ContentMissing,
    /// Content is inside where the signature should be detached.
    #[error("the signature carries content; a detached one is expected")]
    ContentPresent,
    /// The signer's certificate is neither inside nor known.
    #[error("the signer's certificate is neither in the signature nor known here")]
    CertificateMissing,
    /// The signer's certificate cannot be read.
    #[error("the signer's certificate cannot be used: {0}")]
    Certificate(BadCertificate),
    /// The signed attributes name another certificate than the one found.
    #[error("the signature names another certificate than the one it carries")]
    OtherCertificate,
    /// The content is not what was signed.
    #[error("the content was changed after it was signed")]
    ContentChanged,
    /// The content may be right but the signature does not belong to the certificate's key.
    #[error("the signature does not verify with the certificate's key")]
    SignatureInvalid,
    /// The signing time is not a time.
    #[error("the signing time cannot be read")]
    SigningTime,
}

impl CmsError {
    /// The refusal to show and record.
    pub fn refusal(&self) -> Refusal {
        const RESEND: &str = "do not fill from it; ask the sender for the prescription again or call the practitioner";
        const FORMAT: &str = "ask the sender for a CMS signature as RFC 5652 describes it";
        let (code, cite, next) = match self {
            Self::TooLong => ("PKI-CMS-LENGTH", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::NotSignedData(_) => ("PKI-CMS-FORMAT", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::Signers => ("PKI-CMS-SIGNERS", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::Certificates => ("PKI-CMS-CERTIFICATES", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::NoSignedAttributes => ("PKI-CMS-ATTRIBUTES", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::AttributeMissing(_) => ("PKI-CMS-ATTRIBUTE-MISSING", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::AttributeRepeated(_) => ("PKI-CMS-ATTRIBUTE-REPEATED", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::WeakAlgorithm(_) => (
                "PKI-CMS-WEAK",
                "21 CFR 1311.205(b)(4)(ii)",
                "ask the sender to sign with SHA-256 or stronger; the record cannot be relied on",
            ),
            Self::Algorithm => (
                "PKI-CMS-ALGORITHM",
                "21 CFR 1311.205(b)(4)(ii)",
                "ask the sender to sign with ECDSA P-256 and SHA-256",
            ),
            Self::ContentType => ("PKI-CMS-CONTENT-TYPE", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::ContentMissing => ("PKI-CMS-CONTENT-MISSING", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::ContentPresent => ("PKI-CMS-CONTENT-PRESENT", "21 CFR 1311.205(b)(5)", FORMAT),
            Self::CertificateMissing => {
                ("PKI-CMS-NO-CERTIFICATE", "21 CFR 1311.205(b)(5)", "obtain the signer's certificate and check again")
            }
            Self::Certificate(_) => {
                ("PKI-CMS-CERTIFICATE", "21 CFR 1311.205(b)(5)", "ask the signer for a certificate with a P-256 key")
            }
            Self::OtherCertificate => ("PKI-CMS-OTHER-CERTIFICATE", "21 CFR 1311.205(b)(5)", RESEND),
            Self::ContentChanged => ("PKI-CMS-CHANGED", "21 CFR 1311.205(b)(5)", RESEND),
            Self::SignatureInvalid => ("PKI-CMS-SIGNATURE", "21 CFR 1311.205(b)(5)", RESEND),
            Self::SigningTime => ("PKI-CMS-TIME", "21 CFR 1311.205(b)(4)(v)", FORMAT),
        };
        Refusal::new(code, cite, self.to_string(), next)
    }
}

impl From<CmsError> for Refusal {
    fn from(error: CmsError) -> Self {
        error.refusal()
    }
}

impl From<NotDer> for CmsError {
    fn from(NotDer(expected): NotDer) -> Self {
        Self::NotSignedData(expected)
    }
}
