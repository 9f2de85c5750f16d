//! The ECDSA P-256 vectors of Project Wycheproof: every edge case agrees with our low-level check.
#![allow(clippy::expect_used)] // tests

use serde_json::Value;
use theriac_pki::PublicKey;

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().expect("a string").as_bytes();
    let digit = |b: &u8| u8::try_from((*b as char).to_digit(16).expect("hexadecimal")).expect("below 16");
    hex.chunks(2).map(|pair| pair.iter().fold(0, |sum, b| sum * 16 + digit(b))).collect()
}

/// Requirements: epcs-pre-8-fips-signature
#[test]
fn wycheproof_vectors_agree() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/real/crypto/wycheproof/ecdsa_secp256r1_sha256_test.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no outside data at {path}");
        return;
    };
    let vectors: Value = serde_json::from_str(&text).expect("JSON");
    let mut checked = 0;
    for group in vectors["testGroups"].as_array().expect("groups") {
        let key = PublicKey::parse(&bytes(&group["publicKey"]["uncompressed"]));
        for case in group["tests"].as_array().expect("tests") {
            let verified = key.is_some_and(|key| key.verify(&bytes(&case["msg"]), &bytes(&case["sig"])).is_ok());
            assert_eq!(verified, case["result"] == "valid", "{}: {}", case["tcId"], case["comment"]);
            checked += 1;
        }
    }
    assert_eq!(checked, vectors["numberOfTests"], "every vector was tried");
    println!("{checked} vectors agree");
}
