//! NIST's path validation suite (PKITS 1.0.1, the part of it that is here), every test of it: RFC 5280 with policies, name
//! constraints and every kind of revocation list.
#![allow(clippy::expect_used)] // tests

use std::collections::BTreeSet;
use std::path::Path;
use theriac_pki::path::{Directory, ExplicitPolicy, PathSettings, PolicyId, Use};
use theriac_pki::{Certificate, TrustStore};
use theriac_testkit::now;

/// The suite's tests whose signature is DSA, which is not accepted here (FIPS 186-5 no longer signs with it).
const DSA: &str = "DSA";

/// Tests that are not named by their answer, with the default inputs.
const BY_POLICY: [(&str, bool); 10] = [
    ("AllCertificatesSamePoliciesTest13EE", true),
    ("AllCertificatesanyPolicyTest11EE", true),
    ("DifferentPoliciesTest3EE", true),
    ("DifferentPoliciesTest5EE", false),
    ("DifferentPoliciesTest7EE", false),
    ("DifferentPoliciesTest9EE", false),
    ("UserNoticeQualifierTest15EE", true),
    ("UserNoticeQualifierTest17EE", true),
    ("UserNoticeQualifierTest19EE", true),
    ("inhibitAnyPolicyTest3EE", true),
];

/// The suite's sections 4.8 and 4.10 ask again with other inputs: the accepted policies (`*` any), and what is set.
const WITH_INPUTS: [(&str, &str, &str, bool); 22] = [
    ("ValidCertificatePathTest1EE", "*", "explicit", true),
    ("ValidCertificatePathTest1EE", "1", "explicit", true),
    ("ValidCertificatePathTest1EE", "2", "explicit", false),
    ("ValidCertificatePathTest1EE", "12", "explicit", true),
    ("DifferentPoliciesTest3EE", "*", "explicit", false),
    ("DifferentPoliciesTest3EE", "12", "explicit", false),
    ("AllCertificatesanyPolicyTest11EE", "1", "", true),
    ("AllCertificatesanyPolicyTest11EE", "1", "explicit", true),
    ("AllCertificatesanyPolicyTest11EE", "*", "explicit inhibit-any", false),
    ("AllCertificatesSamePoliciesTest13EE", "1", "explicit", true),
    ("AllCertificatesSamePoliciesTest13EE", "2", "explicit", true),
    ("AllCertificatesSamePoliciesTest13EE", "3", "explicit", true),
    ("AllCertificatesSamePoliciesTest13EE", "4", "explicit", false),
    ("ValidPolicyMappingTest1EE", "1", "", true),
    ("ValidPolicyMappingTest1EE", "2", "", false),
    ("ValidPolicyMappingTest1EE", "*", "inhibit-mapping", false),
    ("ValidPolicyMappingTest3EE", "1", "", false),
    ("ValidPolicyMappingTest3EE", "2", "", true),
    ("ValidPolicyMappingTest5EE", "1", "", true),
    ("ValidPolicyMappingTest5EE", "6", "", false),
    ("inhibitAnyPolicyTest3EE", "*", "inhibit-any", false),
    ("ValidPolicyMappingTest9EE", "*", "explicit", true),
];

struct Suite {
    certificates: Vec<(String, Vec<u8>)>,
    lists: Vec<(String, Vec<u8>)>,
}

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

impl Suite {
    fn here() -> Option<Self> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/crypto/pkits");
        let folder = Path::new(folder);
        if !folder.is_dir() {
            println!("skipped: no outside data at {}", folder.display());
            return None;
        }
        let lists = files(&folder.join("crls"));
        Some(Self { certificates: files(&folder.join("certs")), lists })
    }

    fn certificate(&self, name: &str) -> Certificate {
        let found = self.certificates.iter().find(|(known, _)| known == name).expect("in the suite");
        Certificate::from_der(&found.1).expect("readable")
    }

    fn directory(&self) -> Directory {
        let mut directory = Directory::new(&[self.certificate("TrustAnchorRootCertificate")]).expect("an anchor");
        for (name, der) in self.certificates.iter().filter(|(name, _)| !name.ends_with("EE")) {
            // The authorities with DSA keys cannot be read at all.
            if let Ok(certificate) = Certificate::from_der(der) {
                let read = directory.add_certificate(&certificate);
                assert!(read.is_ok() || name.starts_with("Bad"), "{name}: {read:?}");
            }
        }
        for (name, der) in &self.lists {
            // The list with a spoilt signature may already fail to be read.
            let read = directory.add_list(der);
            assert!(read.is_ok() || name.starts_with("Bad"), "{name}: {read:?}");
        }
        directory
    }

    fn tests(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let tests = self.certificates.iter().filter(|(name, _)| name.ends_with("EE"));
        tests.map(|(name, der)| (name.as_str(), der.as_slice()))
    }
}

fn expected(name: &str) -> bool {
    BY_POLICY.iter().find(|(known, _)| *known == name).map_or(name.starts_with("Valid"), |(_, valid)| *valid)
}

#[test]
fn every_path_of_the_suite_has_the_answer_that_the_suite_gives() {
    let Some(suite) = Suite::here() else { return };
    let directory = suite.directory();
    let (mut valid, mut refused, mut wrong) = (0, 0, Vec::new());
    for (name, der) in suite.tests().filter(|(name, _)| !name.contains(DSA)) {
        let answer = Certificate::from_der(der)
            .map_err(|error| error.to_string())
            .and_then(|leaf| directory.validate(&leaf, now(), &PathSettings::default()).map_err(|e| e.to_string()));
        match (&answer, expected(name)) {
            (Ok(_), true) => valid += 1,
            (Err(_), false) => refused += 1,
            _ => wrong.push(format!("{name}: {:?}", answer.map(|path| path.policies))),
        }
    }
    println!("{valid} valid paths found, {refused} invalid ones refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(valid > 40 && refused > 50, "the suite is here");
}

#[test]
fn accepted_policies_and_the_inputs_that_inhibit_decide_as_the_suite_says() {
    let Some(suite) = Suite::here() else { return };
    let directory = suite.directory();
    for (name, accepted, inputs, expected) in WITH_INPUTS {
        let policy = |digit| PolicyId::parse(&format!("2.16.840.1.101.3.2.1.48.{digit}")).expect("a policy");
        let has = |word| inputs.split(' ').any(|input| input == word);
        let settings = PathSettings {
            policies: (accepted != "*").then(|| accepted.chars().map(policy).collect::<BTreeSet<_>>()),
            explicit: if has("explicit") { ExplicitPolicy::Required } else { ExplicitPolicy::Optional },
            mapping: if has("inhibit-mapping") { Use::Inhibited } else { Use::Allowed },
            any_policy: if has("inhibit-any") { Use::Inhibited } else { Use::Allowed },
            ..PathSettings::default()
        };
        let answer = directory.validate(&suite.certificate(name), now(), &settings);
        assert_eq!(answer.is_ok(), expected, "{name} for {accepted} with {inputs:?}: {answer:?}");
    }
}

#[test]
fn the_store_that_archives_use_answers_as_the_suite_does() {
    let Some(suite) = Suite::here() else { return };
    let mut trust = TrustStore::new(&[suite.certificate("TrustAnchorRootCertificate")]).expect("an anchor");
    for (_, der) in suite.certificates.iter().filter(|(name, _)| !name.ends_with("EE")) {
        if let Ok(certificate) = Certificate::from_der(der) {
            trust = trust.with_intermediate(certificate);
        }
    }
    for (name, der) in &suite.lists {
        let read = trust.add_revocation_list(der);
        assert!(read.is_ok() || name.starts_with("Bad"), "{name}: {read:?}");
    }
    for (name, der) in suite.tests().filter(|(name, _)| !name.contains(DSA)) {
        let trusted = Certificate::from_der(der).is_ok_and(|leaf| trust.check(&leaf, now()).is_ok());
        assert_eq!(trusted, expected(name), "{name}");
    }
}
