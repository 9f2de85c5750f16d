//! NIST's path validation suite (PKITS 1.0.1, the part of it that is here): nothing invalid is trusted.
#![allow(clippy::expect_used)] // tests

use std::path::Path;
use theriac_pki::{Certificate, TrustStore};
use theriac_testkit::now;

/// Valid paths that must be found: plain chains, long serial numbers, path lengths, UTF-8 names, several lists. The other
/// valid tests need what is refused here on purpose: DSA, delta and indirect lists, name constraints on directory names,
/// policies marked critical.
const VALID: [&str; 11] = [
    "ValidCertificatePathTest1EE",
    "ValidGeneralizedTimeCRLnextUpdateTest13EE",
    "ValidLongSerialNumberTest17EE",
    "ValidRFC3280MandatoryAttributeTypesTest7EE",
    "ValidTwoCRLsTest7EE",
    "ValidUTF8StringEncodedNamesTest9EE",
    "ValidUnknownNotCriticalCertificateExtensionTest1EE",
    "ValiddeltaCRLTest7EE",
    "ValidkeyUsageNotCriticalTest3EE",
    "ValidpathLenConstraintTest13EE",
    "ValidpathLenConstraintTest7EE",
];

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn no_invalid_path_of_pkits_is_trusted_and_plain_valid_ones_are() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/crypto/pkits");
    let folder = Path::new(folder);
    if !folder.is_dir() {
        println!("skipped: no outside data at {}", folder.display());
        return;
    }
    let certificates = files(&folder.join("certs"));
    let root = certificates.iter().find(|(name, _)| name == "TrustAnchorRootCertificate").expect("the root");
    let mut trust = TrustStore::new(&[Certificate::from_der(&root.1).expect("readable")]).expect("an anchor");
    for (_, der) in certificates.iter().filter(|(name, _)| name.ends_with("Cert")) {
        if let Ok(certificate) = Certificate::from_der(der) {
            trust = trust.with_intermediate(certificate);
        }
    }
    for (_, der) in files(&folder.join("crls")) {
        let _ = trust.add_revocation_list(&der);
    }
    let mut refused = 0;
    for (name, der) in certificates.iter().filter(|(name, _)| name.ends_with("EE")) {
        let trusted = Certificate::from_der(der).is_ok_and(|certificate| trust.check(&certificate, now()).is_ok());
        if name.starts_with("Invalid") {
            assert!(!trusted, "{name}");
            refused += 1;
        }
        assert!(trusted || !VALID.contains(&name.as_str()), "{name}");
    }
    println!("{refused} invalid paths refused, {} valid ones trusted", VALID.len());
    assert!(refused > 50, "the suite is here");
}
