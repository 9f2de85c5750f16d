//! Signed records as plain files that anyone can check with the `openssl` program alone.

use crate::certificate::Certificate;
use crate::cms::Verified;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One file of evidence: its name and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// The file's name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How a signature relates to its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The content is a file of its own.
    Detached,
    /// The content is inside the signature.
    Attached,
}

/// The files with which an outsider checks one signature: the content, the signature (`.p7s`), the signer's certificate,
/// the trust anchors, and `CHECK.txt` with the commands. `name` should be a plain file name such as `rx-1.xml`; other
/// characters than letters, digits, `.`, `_` and `-` are replaced.
pub fn files(
    name: &str,
    form: Form,
    cms: &[u8],
    verified: &Verified<'_>,
    anchors: &[Certificate],
) -> Vec<EvidenceFile> {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let anchors: String = anchors.iter().map(Certificate::pem).collect();
    let file = |name: String, bytes: Vec<u8>| EvidenceFile { name, bytes };
    vec![
        file(format!("{name}.p7s"), cms.to_vec()),
        file("signer.pem".to_owned(), verified.certificate().pem().into_bytes()),
        file("trust.pem".to_owned(), anchors.into_bytes()),
        file("CHECK.txt".to_owned(), commands(&name, form, verified).into_bytes()),
        file(name, verified.content().to_vec()),
    ]
}

fn commands(name: &str, form: Form, verified: &Verified<'_>) -> String {
    let (certificate, at) = (verified.certificate(), verified.signed_at());
    let content = match form {
        Form::Detached => format!("-content {name} -out /dev/null"),
        Form::Attached => format!("-out recovered && cmp recovered {name}"),
    };
    format!(
        "Signed at {at} by {}\n\nCheck the signature, and the certificate as of that instant:\n\n  \
         openssl cms -verify -binary -inform DER -in {name}.p7s -CAfile trust.pem -attime {} {content}\n\n\
         Read who signed:\n\n  openssl x509 -in signer.pem -noout -subject -issuer -dates -fingerprint -sha256\n",
        certificate.subject(),
        at.as_second(),
    )
}

/// SHA-256 of a file: the name by which records refer to it.
pub fn sha256_of(file: &[u8]) -> [u8; 32] {
    crate::certificate::sha256(file)
}

/// PEM text (RFC 7468) of DER bytes.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while let Some((line, tail)) = rest.split_at_checked(64) {
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    if !rest.is_empty() {
        out.push_str(rest);
        out.push('\n');
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}
