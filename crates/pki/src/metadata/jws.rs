//! A signed text as the FIDO Metadata Service sends it: JWS compact form, certificates in its header.

use crate::certificate::Certificate;
use crate::trust::{SIGNATURES, unix_time};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// The most certificates in the header.
const CHAIN_MOST: usize = 8;
/// The longest header, in bytes of JSON.
const HEADER_LONGEST: usize = 64 * 1024;

/// Why a signed text is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadJws {
    #[error("it is not a JWS in compact form with certificates in its header")]
    Form,
    #[error("it is signed with {0}; ES256 and RS256 are accepted")]
    Algorithm(String),
    #[error("its certificate is not trusted for {name}: {why}")]
    Path { name: String, why: String },
    #[error("its signature does not verify")]
    Signature,
}

/// The payload of `text`, if its certificate is one for the server `name`, chains to one of `roots` at `at`, and made the
/// signature.
pub(super) fn verified_payload(
    text: &str,
    name: &str,
    roots: &[Certificate],
    at: Timestamp,
) -> Result<Vec<u8>, BadJws> {
    let (signed, signature) = text.trim_end().rsplit_once('.').ok_or(BadJws::Form)?;
    let (header, payload) = signed.split_once('.').filter(|(_, payload)| !payload.contains('.')).ok_or(BadJws::Form)?;
    if header.len() > HEADER_LONGEST {
        return Err(BadJws::Form);
    }
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| BadJws::Form);
    let header: Value = serde_json::from_slice(&decode(header)?).map_err(|_| BadJws::Form)?;
    // RFC 7515, 4.1.11: a header that says "this must be understood" is not, by us.
    if header.get("crit").is_some() {
        return Err(BadJws::Form);
    }
    let algorithm: &dyn VerificationAlgorithm = match header.get("alg").and_then(Value::as_str).unwrap_or("nothing") {
        "ES256" => &ECDSA_P256_SHA256_FIXED,
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        other => return Err(BadJws::Algorithm(other.chars().take(20).collect())),
    };
    let sent = header.get("x5c").and_then(Value::as_array).ok_or(BadJws::Form)?;
    if !(1..=CHAIN_MOST).contains(&sent.len()) {
        return Err(BadJws::Form);
    }
    let chain = sent
        .iter()
        .map(|one| {
            one.as_str().and_then(|text| STANDARD.decode(text).ok()).map(CertificateDer::from).ok_or(BadJws::Form)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let (leaf, between) = chain.split_first().ok_or(BadJws::Form)?;
    path(leaf, between, name, roots, at).map_err(|why| BadJws::Path { name: name.to_owned(), why })?;
    let leaf = Certificate::from_der(leaf).map_err(|_| BadJws::Form)?;
    UnparsedPublicKey::new(algorithm, leaf.key_bytes())
        .verify(signed.as_bytes(), &decode(signature)?)
        .map_err(|_| BadJws::Signature)?;
    decode(payload)
}

fn path(
    leaf: &CertificateDer<'_>,
    between: &[CertificateDer<'_>],
    name: &str,
    roots: &[Certificate],
    at: Timestamp,
) -> Result<(), String> {
    let said = |error: webpki::Error| error.to_string();
    let leaf = EndEntityCert::try_from(leaf).map_err(said)?;
    let ders: Vec<_> = roots.iter().map(|root| CertificateDer::from(root.der())).collect();
    let anchors = ders.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>().map_err(said)?;
    let time = unix_time(at).ok_or_else(|| "before 1970".to_owned())?;
    leaf.verify_for_usage(SIGNATURES, &anchors, between, time, KeyUsage::server_auth(), None, None).map_err(said)?;
    let name = ServerName::try_from(name).map_err(|error| error.to_string())?;
    leaf.verify_is_valid_for_subject_name(&name).map_err(said)
}
