//! Keys at rest: the right password opens, nothing else does, and a file of one use is no other.
#![allow(clippy::expect_used, clippy::indexing_slicing)] // tests

use theriac_model::Refusal;
use theriac_pki::{CheckpointKey, KeyFileError, Password, SystemKey};

fn password(text: &str) -> Password {
    Password::new(text)
}

fn check(file: &[u8], given: &str, expected: Result<(), &str>) {
    let opened = SystemKey::open(file, &password(given)).map(|_| ()).map_err(|error| Refusal::from(error).code.0);
    assert_eq!(opened, expected);
}

const RIGHT: &str = "correct horse battery";

#[test]
fn a_key_comes_back_with_the_right_password_and_with_no_other() {
    let key = SystemKey::generate().expect("a key");
    let file = key.to_file(&password(RIGHT)).expect("written");
    let opened = SystemKey::open(&file, &password(RIGHT)).expect("opens");
    assert_eq!(opened.public_key(), key.public_key());
    check(&file, "correct horse batterz", Err("PKI-KEYFILE-PASSWORD"));
    check(&file, "", Err("PKI-KEYFILE-PASSWORD"));
    assert_ne!(key.to_file(&password(RIGHT)).expect("written"), file, "salt and nonce are fresh each time");
}

#[test]
fn passwords_of_new_files_have_fourteen_bytes_or_more() {
    let key = SystemKey::generate().expect("a key");
    assert_eq!(key.to_file(&password("1234567890123")), Err(KeyFileError::PasswordTooShort));
    assert!(key.to_file(&password("12345678901234")).is_ok());
}

#[test]
fn a_checkpoint_key_is_not_opened_as_a_system_key() {
    let key = CheckpointKey::generate().expect("a key");
    let file = key.to_file(&password(RIGHT)).expect("written");
    let opened = CheckpointKey::open(&file, &password(RIGHT)).expect("opens");
    assert_eq!((opened.seed(), opened.public_key()), (key.seed(), key.public_key()));
    check(&file, RIGHT, Err("PKI-KEYFILE-USE"));
    let disguised = String::from_utf8(file).expect("text").replace("checkpoint-ed25519", "system-p256");
    check(disguised.as_bytes(), RIGHT, Err("PKI-KEYFILE-PASSWORD"));
}

#[test]
fn every_line_of_a_key_file_is_read_strictly() {
    let file = SystemKey::generate().expect("a key").to_file(&password(RIGHT)).expect("written");
    let text = String::from_utf8(file).expect("text");
    let swap = |from: &str, to: &str| text.replacen(from, to, 1);
    let cases = [
        (swap("theriac-key 1", "theriac-key 2"), "PKI-KEYFILE-VERSION"),
        (swap("theriac-key", "other-key"), "PKI-KEYFILE-FORMAT"),
        (swap(" 600000", " 599999"), "PKI-KEYFILE-ROUNDS"),
        (swap(" 600000", " 10000001"), "PKI-KEYFILE-ROUNDS"),
        (swap(" 600000", " 600001"), "PKI-KEYFILE-PASSWORD"),
        (swap(" 600000", " many"), "PKI-KEYFILE-FORMAT"),
        (swap("aes-256-gcm", "aes-128-gcm"), "PKI-KEYFILE-FORMAT"),
        (swap("nonce: ", "nonce: !"), "PKI-KEYFILE-FORMAT"),
        (swap("data: ", "data: !"), "PKI-KEYFILE-FORMAT"),
        (format!("{text}more\n"), "PKI-KEYFILE-FORMAT"),
        (text.trim_end().to_owned(), "PKI-KEYFILE-FORMAT"),
        (text.replace('\n', "\r\n"), "PKI-KEYFILE-VERSION"),
        (String::new(), "PKI-KEYFILE-FORMAT"),
        ("x".repeat(5000), "PKI-KEYFILE-FORMAT"),
    ];
    for (changed, code) in cases {
        check(changed.as_bytes(), RIGHT, Err(code));
    }
}

#[test]
fn keys_and_passwords_are_not_printed() {
    let key = CheckpointKey::generate().expect("a key");
    assert_eq!(format!("{key:?} {:?}", password("secret secret secret")), "CheckpointKey(hidden) Password(hidden)");
}
