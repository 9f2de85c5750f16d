//! Makers' seed files: PSKC plain and encrypted, tables, and what is left out of them. Made by us, with `openssl` for the
//! encrypted ones, unless it says that the figures are the RFC's.
#![allow(clippy::expect_used)] // tests

use jiff::Timestamp;
use proptest::prelude::*;
use theriac_pki::Password;
use theriac_pki::otp::csv::{self, Assumed, Writing};
use theriac_pki::otp::pskc::{self, PreSharedKey};
use theriac_pki::otp::{
    DeviceId, Digits, Hash, ImportedFile, Moving, Scheme, SealedSeed, Seed, SeedKey, SeedProblem, code,
};

const SHA1: &str = include_str!("golden/pskc-sha1.xml");
const SHA256: &str = include_str!("golden/pskc-sha256.xml");
const KEY: &str = "303132333435363738393a3b3c3d3e3f";

fn key(text: &str) -> PreSharedKey {
    PreSharedKey::parse(text).expect("a key")
}

/// How many devices a file gives, or why none.
fn taken(file: &str, key: Option<&PreSharedKey>) -> String {
    match pskc::read(file.as_bytes(), key) {
        Ok(ImportedFile { devices, left_out }) => {
            let why: Vec<_> = left_out.iter().map(|one| format!("{} {}", one.place, one.refusal.what)).collect();
            format!("{} {}", devices.len(), why.join("; "))
        }
        Err(refusal) => format!("refused: {}", refusal.what),
    }
}

#[test]
fn an_encrypted_file_gives_the_devices_that_its_maker_put_in() {
    for file in [SHA1, SHA256] {
        let read = pskc::read(file.as_bytes(), Some(&key(KEY))).expect("readable");
        assert_eq!((read.devices.len(), read.left_out.len()), (1, 0));
        let device = read.devices.first().expect("one");
        assert_eq!(device.id.to_string(), "Example Maker C100 0001");
        let expected =
            Scheme { hash: Hash::Sha256, digits: Digits::new(8).expect("8"), moving: Moving::Clock { period: 60 } };
        assert_eq!(device.scheme, expected);
        let step = device.scheme.step(Timestamp::from_second(1_800_000_000).expect("an instant")).expect("a step");
        assert_eq!(code(&device.seed, device.scheme, step), "70277208", "computed elsewhere");
    }
}

#[test]
fn an_encrypted_file_with_another_key_or_a_changed_byte_gives_nothing() {
    assert!(taken(SHA1, None).contains("no pre-shared key was given"));
    assert!(taken(SHA1, Some(&key("303132333435363738393a3b3c3d3e40"))).contains("another, or the file was changed"));
    assert!(SHA1.contains(">lpeYmZqb"), "the initialisation vector of the secret");
    let changed = SHA1.replacen(">lpeYmZqb", ">lpeZmZqb", 1);
    assert_eq!(taken(&changed, Some(&key(KEY))), "0 1 a secret was changed, or the pre-shared key is another");
    let other = SHA1.replace("#aes128-cbc", "#tripledes-cbc");
    assert!(taken(&other, Some(&key(KEY))).contains("another cipher"));
    let other = SHA1.replace("xmldsig#hmac-sha1", "xmldsig-more#hmac-md5");
    assert!(taken(&other, Some(&key(KEY))).contains("neither HMAC-SHA1 nor HMAC-SHA256"));
    let other = SHA1.replace("ds:KeyName", "pskc:DerivedKey");
    assert!(taken(&other, Some(&key(KEY))).contains("a pre-shared key is"));
    assert!(PreSharedKey::parse("30").is_none() && PreSharedKey::parse(&"zz".repeat(16)).is_none());
}

/// The figures of RFC 6030, section 6.1.
#[test]
fn the_example_of_the_rfc_decrypts() {
    let value = |file: &str, name: &str, to: &str| {
        let (before, rest) = file.split_once(name).expect("there");
        let (open, rest) = rest.split_once("CipherValue>").expect("there");
        let (_, rest) = rest.split_once('<').expect("there");
        format!("{before}{name}{open}CipherValue>{to}<{rest}")
    };
    let file = value(SHA1, "<pskc:MACKey>", "ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX");
    let file =
        value(&file, "<pskc:EncryptedValue>", "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv");
    let (before, rest) = file.split_once("<pskc:ValueMAC>").expect("there");
    let (_, rest) = rest.split_once('<').expect("there");
    let file = format!("{before}<pskc:ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=<{rest}");
    let file = file.replace("keyprov:pskc:totp", "keyprov:pskc:hotp").replace("HMAC-SHA256", "HMAC-SHA1");
    let read = pskc::read(file.as_bytes(), Some(&key("12345678901234567890123456789012"))).expect("readable");
    let device = read.devices.first().unwrap_or_else(|| panic!("{:?}", read.left_out));
    assert_eq!(code(&device.seed, device.scheme, 0), "84755224", "RFC 4226's first value, eight digits of it");
}

fn plain(serial: &str, key: &str) -> String {
    format!(
        "<KeyPackage><DeviceInfo><Manufacturer>Example Maker</Manufacturer><SerialNo>{serial}</SerialNo>\
         <Model>C100</Model></DeviceInfo>{key}</KeyPackage>"
    )
}

const COUNTING: &str = "<Key Id=\"1\" Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:hotp\"><AlgorithmParameters>\
    <ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/></AlgorithmParameters><Data><Secret>\
    <PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret><Counter><PlainValue>5</PlainValue></Counter></Data></Key>";

fn container(packages: &str) -> String {
    format!("<KeyContainer Version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">{packages}</KeyContainer>")
}

#[test]
fn a_plain_file_gives_its_good_devices_and_names_each_other() {
    let file = container(&plain("1", COUNTING));
    let read = pskc::read(file.as_bytes(), None).expect("readable");
    let device = read.devices.first().expect("one");
    assert_eq!((device.counter, code(&device.seed, device.scheme, 5)), (5, "254676".to_owned()));
    let check = |from: &str, to: &str, expected: &str| {
        assert!(COUNTING.contains(from) || from.is_empty(), "{from}");
        let found = taken(&container(&plain("1", &COUNTING.replace(from, to))), None);
        assert_eq!(found, expected, "{from} -> {to}");
    };
    check("MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "MTIzNDU2", "0 1 a secret does not have 16 to 128 bytes");
    check("MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "?", "0 1 a secret is not base64");
    check("Length=\"6\"", "Length=\"5\"", "0 1 codes do not have 6 to 8 digits");
    check("Length=\"6\"", "Length=\"9\"", "0 1 codes do not have 6 to 8 digits");
    check("DECIMAL", "HEXADECIMAL", "0 1 codes are not plain decimal digits");
    check("pskc:hotp", "pskc:ocra", "0 1 a key makes neither HOTP nor TOTP codes");
    check("<PlainValue>5<", "<PlainValue>-5<", "0 1 a number is not one");
    check(
        "</AlgorithmParameters>",
        "<Suite>MD5</Suite></AlgorithmParameters>",
        "0 1 the suite is none of SHA-1, SHA-256 and SHA-512",
    );
    check(
        "</Data>",
        "</Data><Policy><ExpiryDate>2030-01-01T00:00:00Z</ExpiryDate></Policy>",
        "0 1 the file puts a condition on a key that is not supported",
    );
    check(
        "</Data>",
        "</Data><Policy><KeyUsage>Encrypt</KeyUsage></Policy>",
        "0 1 the file puts a condition on a key that is not supported",
    );
    check("</Data>", "</Data><Policy><KeyUsage>OTP</KeyUsage></Policy>", "1 ");
    let two = container(&format!("{}{}{}", plain("1", COUNTING), plain("1", COUNTING), plain("2", COUNTING)));
    assert_eq!(taken(&two, None), "2 2 the device Example Maker C100 1 stands in the file twice");
    assert_eq!(
        taken(&container(&plain("", COUNTING)), None),
        "0 1 maker, model or serial number of a device is missing"
    );
    assert_eq!(taken(&container(""), None), "refused: the file holds no device");
}

#[test]
fn hostile_xml_is_refused() {
    for (file, expected) in [
        ("", "not well-formed"),
        ("<KeyContainer>", "not well-formed"),
        ("<KeyContainer/>", "not a KeyContainer of"),
        ("<Other xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\"/>", "not a KeyContainer of"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><KeyContainer/>", "document type"),
        ("<KeyContainer>&a;</KeyContainer>", "entity"),
        ("<KeyContainer>&#65;</KeyContainer>", "entity"),
        ("<KeyContainer/><KeyContainer/>", "not well-formed"),
        (&"<a>".repeat(40), "16 levels"),
    ] {
        assert!(taken(file, None).contains(expected), "{file}: {}", taken(file, None));
    }
    assert!(pskc::read(&[0xff, 0xfe, 0], None).expect_err("not UTF-8").what.contains("UTF-8"));
}

fn assumed(writing: Writing) -> Assumed {
    let scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Clock { period: 30 } };
    Assumed { maker: Some("Example Maker".to_owned()), model: Some("C100".to_owned()), writing, scheme }
}

#[test]
fn a_table_is_read_by_the_names_of_its_columns() {
    let file = "\u{feff}upn,Serial Number,Secret Key,Time Interval,Manufacturer,Model\r\n\
        ,0001,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,60,\"Maker, Other\",M2\r\n\
        \r\n\
        ,0002,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,,,\r\n";
    let read = csv::read(file.as_bytes(), &assumed(Writing::Base32)).expect("readable");
    let found: Vec<_> = read.devices.iter().map(|one| (one.id.to_string(), one.scheme.moving)).collect();
    let expected = [
        ("Maker, Other M2 0001".to_owned(), Moving::Clock { period: 60 }),
        ("Example Maker C100 0002".to_owned(), Moving::Clock { period: 30 }),
    ];
    assert_eq!(found, expected, "{:?}", read.left_out);
    let full = "type,hash,digits,counter,serial,seed\nHOTP,SHA256,8,7,9,3132333435363738393031323334353637383930\n";
    let read = csv::read(full.as_bytes(), &assumed(Writing::Hex)).expect("readable");
    let device = read.devices.first().expect("one");
    assert_eq!((device.counter, device.scheme.hash, device.scheme.moving), (7, Hash::Sha256, Moving::Presses));
}

#[test]
fn a_line_of_a_table_that_cannot_be_taken_in_is_named_and_the_others_are_taken() {
    const SECRET: &str = "3132333435363738393031323334353637383930";
    let check = |line: &str, expected: &str| {
        let file = format!("serial,secret,type,digits,period,counter,hash\n1,{SECRET},,,,,\n{line}\n");
        let read = csv::read(file.as_bytes(), &assumed(Writing::Hex)).expect("readable");
        assert_eq!(read.devices.len(), 1, "{line}");
        let why = read.left_out.first().expect("left out");
        assert_eq!((why.place, why.refusal.what.as_ref()), (3, expected), "{line}");
        assert!(!why.refusal.to_string().contains("313233"), "no secret in a refusal");
    };
    check(&format!("2,{SECRET}"), "the line has 2 cells, the head 7");
    check(&format!("\"2,{SECRET},,,,,"), "the line has an open quotation mark");
    check(&format!(",{SECRET},,,,,"), "maker, model or serial number is missing");
    check("2,xyz,,,,,", "the secret is not 16 to 128 bytes in the writing that the operator named");
    check("2,3132,,,,,", "the secret is not 16 to 128 bytes in the writing that the operator named");
    check(&format!("2,{SECRET},OCRA,,,,"), "the type is neither HOTP nor TOTP");
    check(&format!("2,{SECRET},,5,,,"), "codes do not have 6 to 8 digits");
    check(&format!("2,{SECRET},,,5,,"), "the period is not 10 to 300 seconds");
    check(&format!("2,{SECRET},,,,-1,"), "the counter is negative");
    check(&format!("2,{SECRET},,,,,MD5"), "the hash is none of SHA1, SHA256 and SHA512");
    check(&format!("1,{SECRET},,,,,"), "the device Example Maker C100 1 stands in the file twice");
    let whole = |file: &str| csv::read(file.as_bytes(), &assumed(Writing::Hex)).expect_err("refused").what.into_owned();
    assert_eq!(whole("serial,digits\n"), "the head names no column secret");
    assert_eq!(whole("secret\n"), "the head names no column serial");
    assert_eq!(whole("serial,secret,Serial-No\n"), "a column stands twice in the head");
    assert_eq!(whole(""), "the file is empty");
}

#[test]
fn a_seed_is_kept_encrypted_under_a_key_that_is_in_a_file_of_its_own() {
    let device = DeviceId::new("Example Maker", "C100", "0001").expect("a device");
    let other = DeviceId::new("Example Maker", "C100", "0002").expect("a device");
    let scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Presses };
    let key = SeedKey::generate().expect("a key");
    let seed = Seed::new(b"12345678901234567890".to_vec()).expect("a seed");
    let sealed = key.seal(&seed, &device).expect("sealed");
    assert!(!sealed.as_str().contains("MTIzNDU2"), "not the seed in base64");
    let password = Password::new("four brown owls");
    let file = key.to_file(&password).expect("a key file");
    assert!(String::from_utf8_lossy(&file).contains("use: token-seeds-aes256"));
    let key = SeedKey::open(&file, &password).expect("the same key");
    let read = SealedSeed::parse(sealed.as_str()).expect("a sealed seed");
    let opened = key.unseal(&read, &device).expect("the seed");
    assert_eq!(code(&opened, scheme, 0), "755224");
    assert_eq!(key.unseal(&read, &other).expect_err("another device's"), SeedProblem::Closed);
    let stranger = SeedKey::generate().expect("a key");
    assert_eq!(stranger.unseal(&read, &device).expect_err("another key"), SeedProblem::Closed);
    for wrong in ["", "2.AAAA", "1.", "1.AAAA", "1.?", &format!("1.{}", "A".repeat(400))] {
        assert_eq!(SealedSeed::parse(wrong), Err(SeedProblem::Form), "{wrong}");
    }
    assert_eq!(format!("{seed:?} {key:?}"), "Seed(hidden) SeedKey(hidden)");
    for (length, fits) in [(15, false), (16, true), (128, true), (129, false)] {
        assert_eq!(Seed::new(vec![7; length]).is_some(), fits, "{length}");
    }
}

proptest! {
    #[test]
    fn arbitrary_files_make_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[<>/a-zK\"= &;]{0,200}") {
        let key = key(KEY);
        let _ = pskc::read(&bytes, Some(&key));
        let _ = pskc::read(text.as_bytes(), None);
        let _ = csv::read(&bytes, &assumed(Writing::Hex));
        let _ = csv::read(format!("serial,secret\n{text}").as_bytes(), &assumed(Writing::Base32));
    }
}
