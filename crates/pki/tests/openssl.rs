//! A second opinion: the `openssl` program accepts what we sign, and we accept what it signs.
#![allow(clippy::expect_used)] // tests

use std::path::Path;
use std::process::{Command, Output};
use theriac_pki::cms::{verify_attached, verify_detached};
use theriac_pki::evidence::{self, Form};
use theriac_pki::{Certificate, CmsError, Judge};
use theriac_testkit::{TestPki, now};

fn openssl(folder: &Path, arguments: &str) -> Output {
    Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the openssl program is installed; ./test installs it")
}

fn succeed(folder: &Path, arguments: &str) -> Output {
    let output = openssl(folder, arguments);
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn write(folder: &Path, files: &[evidence::EvidenceFile]) {
    for file in files {
        std::fs::write(folder.join(&file.name), &file.bytes).expect("written");
    }
}

/// Runs the commands of CHECK.txt exactly as they stand there.
fn follow(folder: &Path) -> Vec<Output> {
    let text = std::fs::read_to_string(folder.join("CHECK.txt")).expect("written");
    let commands = text.lines().filter_map(|line| line.strip_prefix("  "));
    commands.map(|line| Command::new("sh").arg("-c").arg(line).current_dir(folder).output().expect("a shell")).collect()
}

/// Requirements: epcs-1300.03-digital-signature, epcs-pre-5-self-proving-record
#[test]
fn openssl_verifies_a_seal_from_the_evidence_files_alone_and_refuses_a_changed_byte() {
    let (pki, folder) = (TestPki::new(), tempfile::tempdir().expect("a folder"));
    let message = b"<Message>\r\n  as received \xff\x00</Message>";
    let seal = pki.pharmacy.seal(message, now()).expect("sealed");
    let verified = verify_detached(&seal, message, &[]).expect("verifies");
    let files = evidence::files("rx 1.xml", Form::Detached, &seal, &verified, &[pki.root()]);
    write(folder.path(), &files);
    let outputs = follow(folder.path());
    assert!(outputs.iter().all(|output| output.status.success()), "{outputs:?}");
    let who = String::from_utf8_lossy(&outputs.last().expect("two commands").stdout).into_owned();
    assert!(who.contains("Test pharmacy DEMO") && who.contains("pharmacy"), "{who}");

    let mut changed = message.to_vec();
    changed[5] ^= 1;
    std::fs::write(folder.path().join("rx_1.xml"), changed).expect("written");
    assert!(!follow(folder.path()).first().expect("a command").status.success());
}

/// Requirements: epcs-pre-5-self-proving-record
#[test]
fn openssl_recovers_the_signed_contents_and_refuses_a_changed_signature() {
    let (pki, folder) = (TestPki::new(), tempfile::tempdir().expect("a folder"));
    let contents = b"theriac-prescription/1\nissued 10:2026-03-02\n";
    let signed = pki.prescriber.sign_contents(contents, now()).expect("signed");
    let verified = verify_attached(&signed, &[]).expect("verifies");
    write(folder.path(), &evidence::files("contents", Form::Attached, &signed, &verified, &[pki.root()]));
    assert!(follow(folder.path()).iter().all(|output| output.status.success()));

    let at = signed.windows(10).position(|part| part == b"2026-03-02").expect("inside");
    let mut changed = signed;
    changed[at] = b'3';
    std::fs::write(folder.path().join("contents.p7s"), &changed).expect("written");
    assert!(!follow(folder.path()).first().expect("a command").status.success());
    assert_eq!(verify_attached(&changed, &[]).map(|_| ()), Err(CmsError::ContentChanged));
}

#[test]
fn openssl_finds_nothing_unusual_in_our_certificates_and_signatures() {
    let (pki, folder) = (TestPki::new(), tempfile::tempdir().expect("a folder"));
    std::fs::write(folder.path().join("root.pem"), pki.root().pem()).expect("written");
    std::fs::write(folder.path().join("leaf.pem"), pki.relay.certificate().pem()).expect("written");
    let at = now().as_second();
    succeed(folder.path(), &format!("verify -x509_strict -attime {at} -purpose smimesign -CAfile root.pem leaf.pem"));
    let text = succeed(folder.path(), "x509 -in leaf.pem -noout -text").stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    for part in
        ["Subject Key Identifier", "Authority Key Identifier", "1.3.6.1.5.5.7.3.36", "E-mail Protection", "CA:FALSE"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let read = Certificate::from_pem(&pki.relay.certificate().pem()).expect("read back");
    assert_eq!(&read, pki.relay.certificate());

    // -cades makes openssl check signingCertificateV2 too.
    let seal = pki.relay.seal(b"x", now()).expect("sealed");
    std::fs::write(folder.path().join("x"), b"x").expect("written");
    std::fs::write(folder.path().join("x.p7s"), seal).expect("written");
    succeed(
        folder.path(),
        &format!("cms -verify -cades -binary -inform DER -in x.p7s -content x -CAfile root.pem -attime {at} -out y"),
    );
}

/// A key and a self-signed certificate made by openssl, in `key.pem` and `cert.pem`.
fn foreign(folder: &Path, key: &str) -> Certificate {
    succeed(folder, &format!("{key} -keyout key.pem -out cert.pem -nodes -days 3650 -subj /CN=Another/O=Vendor -x509"));
    let pem = std::fs::read_to_string(folder.join("cert.pem")).expect("made");
    Certificate::from_pem(&pem).expect("readable")
}

/// Requirements: epcs-pre-8-fips-signature
#[test]
fn signatures_made_by_openssl_verify_and_weak_digests_are_refused() {
    const P256: &str = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256";
    const P384: &str = "req -newkey ec -pkeyopt ec_paramgen_curve:P-384";
    let weak = |name| Some(CmsError::WeakAlgorithm(name));
    let cases = [
        (P256, "sha256", "", None),
        (P256, "sha256", "-keyid", None),
        (P384, "sha384", "", None),
        ("req -newkey rsa:2048", "sha256", "", None),
        (P256, "sha1", "", weak("SHA-1")),
        ("req -newkey rsa:2048", "md5", "", weak("MD5")),
        ("req -newkey rsa:2048", "sha1", "", weak("SHA-1")),
        (P256, "sha512", "", Some(CmsError::Algorithm)),
        (P384, "sha256", "", Some(CmsError::Algorithm)),
        (P256, "sha256", "-noattr", Some(CmsError::NoSignedAttributes)),
    ];
    for (key, digest, option, expected) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let certificate = foreign(folder, key);
        std::fs::write(folder.join("message"), b"prescription").expect("written");
        let sign = format!(
            "cms -sign -binary -in message -signer cert.pem -inkey key.pem -md {digest} {option} -outform DER -out"
        );
        succeed(folder, &format!("{sign} detached.p7s"));
        succeed(folder, &format!("{sign} attached.p7s -nodetach"));
        succeed(folder, &format!("{sign} bare.p7s -nocerts"));
        let read = |name: &str| std::fs::read(folder.join(name)).expect("made");
        let outcome = |result: Result<theriac_pki::Verified<'_>, CmsError>| match result {
            Ok(verified) => {
                assert_eq!(verified.certificate(), &certificate);
                assert_eq!(verified.content(), b"prescription");
                None
            }
            Err(error) => Some(error),
        };
        let case = format!("{key} {digest} {option}");
        assert_eq!(outcome(verify_detached(&read("detached.p7s"), b"prescription", &[])), expected, "{case}");
        assert_eq!(outcome(verify_attached(&read("attached.p7s"), &[])), expected, "{case}");
        let known = [certificate.clone()];
        assert_eq!(outcome(verify_detached(&read("bare.p7s"), b"prescription", &known)), expected, "{case}");
        if expected.is_none() {
            let changed = verify_detached(&read("detached.p7s"), b"prescriptioN", &[]);
            assert_eq!(changed.map(|_| ()), Err(CmsError::ContentChanged), "{case}");
            let unknown = verify_detached(&read("bare.p7s"), b"prescription", &[]);
            assert_eq!(unknown.map(|_| ()), Err(CmsError::CertificateMissing), "{case}");
        }
    }
}

/// Requirements: epcs-pre-8-fips-signature
#[test]
fn an_unapproved_curve_is_refused() {
    for key in ["req -newkey ec -pkeyopt ec_paramgen_curve:secp256k1", "req -newkey rsa:1024"] {
        let folder = tempfile::tempdir().expect("a folder");
        succeed(folder.path(), &format!("{key} -keyout key.pem -out cert.pem -nodes -days 9 -subj /CN=Curve -x509"));
        std::fs::write(folder.path().join("message"), b"m").expect("written");
        let sign = "cms -sign -binary -in message -signer cert.pem -inkey key.pem -md sha256 -outform DER -out m.p7s";
        succeed(folder.path(), sign);
        let seal = std::fs::read(folder.path().join("m.p7s")).expect("made");
        let error = verify_detached(&seal, b"m", &[]).map(|_| ()).expect_err("refused");
        assert_eq!(error.refusal().code.0, "PKI-CMS-CERTIFICATE", "{key}");
    }
}

#[test]
fn two_signers_are_not_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::write(folder.join("message"), b"m").expect("written");
    for (command, output) in [("-sign -binary -in message", "one"), ("-resign -inform DER -in one", "two")] {
        foreign(folder, "req -newkey ec -pkeyopt ec_paramgen_curve:P-256");
        succeed(
            folder,
            &format!("cms {command} -signer cert.pem -inkey key.pem -md sha256 -outform DER -out {output}"),
        );
    }
    let two = std::fs::read(folder.join("two")).expect("made");
    assert_eq!(verify_detached(&two, b"m", &[]).map(|_| ()), Err(CmsError::Signers));
}

#[test]
fn openssl_honours_our_revocation_list() {
    use theriac_pki::{Reason, Revoked, Validity};
    use theriac_testkit::clock::instant;
    let (pki, folder) = (TestPki::new(), tempfile::tempdir().expect("a folder"));
    let folder = folder.path();
    let validity = Validity { from: instant("2026-03-01T00:00:00Z"), until: instant("2026-04-01T00:00:00Z") };
    let line = Revoked {
        certificate: pki.relay.certificate().clone(),
        at: instant("2026-03-02T00:00:00Z"),
        reason: Reason::KeyCompromise,
    };
    let list = pki.authority.revocation_list(&[line], 7, validity).expect("made");
    std::fs::write(folder.join("crl.pem"), evidence::pem("X509 CRL", &list)).expect("written");
    std::fs::write(folder.join("root.pem"), pki.root().pem()).expect("written");
    std::fs::write(folder.join("relay.pem"), pki.relay.certificate().pem()).expect("written");
    std::fs::write(folder.join("pharmacy.pem"), pki.pharmacy.certificate().pem()).expect("written");
    let at = now().as_second();
    let check = format!("verify -crl_check -attime {at} -CAfile root.pem -CRLfile crl.pem");
    succeed(folder, &format!("{check} pharmacy.pem"));
    let refused = openssl(folder, &format!("{check} relay.pem"));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("revoked"), "{refused:?}");
    let trust = pki.trust().with_revocation_list(&list).expect("readable");
    let seal = pki.relay.seal(b"x", now()).expect("sealed");
    let refusal = trust.verify_detached(&seal, b"x", Judge::At(now())).map(|_| ()).expect_err("revoked");
    assert_eq!(refusal.code.0, "PKI-PATH-REVOKED");
}
