//! Seed files in PSKC (RFC 6030): plain, or encrypted under a key agreed with the maker (AES-128-CBC with an HMAC).
//!
//! Other encryptions (passwords, certificates) are refused by name. Validity dates and transaction counts are refused,
//! too: a rule of the file that we do not keep must not be passed over in silence.

use super::code::{Digits, Hash, Moving, Scheme, period};
use super::device::{DeviceId, ImportedFile, NewDevice, bad};
use super::seed::Seed;
use super::xml::Element;
use aws_lc_rs::cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashSet;
use std::fmt;
use theriac_model::Refusal;
use theriac_model::hex;
use zeroize::Zeroizing;

const NAMESPACE: &str = "urn:ietf:params:xml:ns:keyprov:pskc";
const COUNTING: &str = "urn:ietf:params:xml:ns:keyprov:pskc:hotp";
const CLOCK: &str = "urn:ietf:params:xml:ns:keyprov:pskc:totp";
const AES128_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
/// The most packages of a file.
const PACKAGES_MOST: usize = 200_000;

/// The key that the maker encrypted a file with: 16 bytes, given to the operator on another channel.
pub struct PreSharedKey(Zeroizing<[u8; 16]>);

impl PreSharedKey {
    /// Reads 32 hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(hex::decode(text.trim())?);
        let mut key = Zeroizing::new([0; 16]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(&bytes);
        Some(Self(key))
    }
}

impl fmt::Debug for PreSharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PreSharedKey(hidden)")
    }
}

struct Keys {
    values: PaddedBlockDecryptingKey,
    mac: hmac::Key,
}

/// How the values of a file are to be read.
enum Values {
    Plain,
    Encrypted(Box<Keys>),
}

/// Reads a file of at most 32 MiB. Devices that cannot be taken in are left out, each with its refusal.
///
/// # Errors
/// A refusal of the whole file: not PSKC, encrypted in another way, or the key is missing or wrong.
pub fn read(file: &[u8], key: Option<&PreSharedKey>) -> Result<ImportedFile, Refusal> {
    let container = Element::read(file, "KeyContainer", NAMESPACE)?;
    let values = values(&container, key)?;
    let mut imported = ImportedFile::default();
    let mut seen = HashSet::new();
    let packages = container.children.iter().filter(|child| child.name == "KeyPackage");
    for (place, package) in (1..).zip(packages) {
        if imported.devices.len() + imported.left_out.len() >= PACKAGES_MOST {
            return Err(bad("the file has more than 200000 packages", "KeyPackage"));
        }
        imported.add(place, &mut seen, device(package, &values));
    }
    if imported.devices.is_empty() && imported.left_out.is_empty() {
        return Err(bad("the file holds no device", "KeyPackage"));
    }
    Ok(imported)
}

/// RFC 6030, 6.1: the MAC key of the file is itself encrypted under the agreed key.
fn values(container: &Element, key: Option<&PreSharedKey>) -> Result<Values, Refusal> {
    let encryption = container.child("EncryptionKey");
    let Some(method) = container.child("MACMethod") else {
        return match encryption {
            None => Ok(Values::Plain),
            Some(_) => Err(bad("the file is encrypted without a check against changes", "MACMethod")),
        };
    };
    if encryption.and_then(|by| by.child("KeyName")).is_none() {
        return Err(bad("the file is encrypted in a way that is not supported; a pre-shared key is", "EncryptionKey"));
    }
    let Some(key) = key else {
        return Err(bad("the file is encrypted and no pre-shared key was given", "EncryptionKey"));
    };
    let algorithm = match method.attribute("Algorithm").unwrap_or_default() {
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" => hmac::HMAC_SHA256,
        _ => return Err(bad("the check against changes is neither HMAC-SHA1 nor HMAC-SHA256", "MACMethod")),
    };
    let module = || bad("the cryptographic module failed", "EncryptionKey");
    let key = UnboundCipherKey::new(&AES_128, key.0.as_ref()).map_err(|_| module())?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| module())?;
    let mac =
        method.child("MACKey").ok_or_else(|| bad("the file has no key for its check against changes", "MACKey"))?;
    let mac = decrypt(&key, &cipher_value(mac, "MACKey")?, "MACKey")?;
    Ok(Values::Encrypted(Box::new(Keys { values: key, mac: hmac::Key::new(algorithm, &mac) })))
}

fn cipher_value(element: &Element, field: &'static str) -> Result<Vec<u8>, Refusal> {
    let method = element.child("EncryptionMethod").and_then(|method| method.attribute("Algorithm"));
    if method != Some(AES128_CBC) {
        return Err(bad("a value is encrypted with another cipher than AES-128 in CBC mode", field));
    }
    let value = element.at(&["CipherData", "CipherValue"]).and_then(|value| decode(value.text()));
    value.ok_or_else(|| bad("an encrypted value is not base64", field))
}

/// The first 16 bytes are the initialisation vector.
fn decrypt(key: &PaddedBlockDecryptingKey, value: &[u8], field: &'static str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let wrong = || bad("a value does not decrypt: the pre-shared key is another, or the file was changed", field);
    let (iv, data) = value.split_first_chunk::<16>().ok_or_else(wrong)?;
    let mut data = Zeroizing::new(data.to_vec());
    let context = DecryptionContext::Iv128(FixedLength::from(iv));
    let plain = key.decrypt(&mut data, context).map_err(|_| wrong())?;
    Ok(Zeroizing::new(plain.to_vec()))
}

/// Base64, with the line breaks that such files have.
fn decode(text: &str) -> Option<Vec<u8>> {
    let plain: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    STANDARD.decode(plain.as_bytes()).ok()
}

fn device(package: &Element, values: &Values) -> Result<NewDevice, Refusal> {
    let mut keys = package.children.iter().filter(|child| child.name == "Key");
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(bad("a device has no key or several", "Key"));
    };
    let info = package.child("DeviceInfo").ok_or_else(|| bad("a device is not described", "DeviceInfo"))?;
    let part = |name| info.child_text(name).unwrap_or_default();
    let id = DeviceId::new(part("Manufacturer"), part("Model"), part("SerialNo"))
        .ok_or_else(|| bad("maker, model or serial number of a device is missing", "DeviceInfo"))?;
    policy(key)?;
    let data = key.child("Data").ok_or_else(|| bad("a key has no data", "Data"))?;
    let number = |name: &'static str| match data.child(name) {
        None => Ok(None),
        Some(value) => {
            let text = value.child_text("PlainValue").ok_or_else(|| bad("only seeds may be encrypted", name))?;
            text.parse::<u64>().map(Some).map_err(|_| bad("a number is not one", name))
        }
    };
    let moving = match key.attribute("Algorithm").unwrap_or_default() {
        COUNTING => Moving::Presses,
        CLOCK => {
            if number("Time")?.unwrap_or(0) != 0 {
                return Err(bad("time counts from another instant than 1970", "Time"));
            }
            let seconds = i64::try_from(number("TimeInterval")?.unwrap_or(30)).unwrap_or(i64::MAX);
            let period = period(seconds).ok_or_else(|| bad("the interval is not 10 to 300 seconds", "TimeInterval"))?;
            Moving::Clock { period }
        }
        _ => return Err(bad("a key makes neither HOTP nor TOTP codes", "Algorithm")),
    };
    Ok(NewDevice {
        id,
        scheme: scheme(key, moving)?,
        seed: seed(data, values)?,
        counter: number("Counter")?.unwrap_or(0),
    })
}

fn scheme(key: &Element, moving: Moving) -> Result<Scheme, Refusal> {
    let parameters = key.child("AlgorithmParameters");
    let hash = match parameters.and_then(|found| found.child_text("Suite")) {
        None => Hash::Sha1,
        Some(suite) => {
            Hash::parse(suite).ok_or_else(|| bad("the suite is none of SHA-1, SHA-256 and SHA-512", "Suite"))?
        }
    };
    let format = parameters.and_then(|found| found.child("ResponseFormat"));
    let format = format.ok_or_else(|| bad("the length of codes is not stated", "ResponseFormat"))?;
    if format.attribute("Encoding") != Some("DECIMAL") || format.attribute("CheckDigits").is_some_and(|v| v != "false")
    {
        return Err(bad("codes are not plain decimal digits", "ResponseFormat"));
    }
    let digits = format.attribute("Length").and_then(|length| length.parse().ok()).and_then(Digits::new);
    Ok(Scheme { hash, digits: digits.ok_or_else(|| bad("codes do not have 6 to 8 digits", "ResponseFormat"))?, moving })
}

/// RFC 6030, 4.3: a policy that is not understood means that the key may not be used.
fn policy(key: &Element) -> Result<(), Refusal> {
    let Some(policy) = key.child("Policy") else { return Ok(()) };
    for rule in &policy.children {
        match rule.name.as_str() {
            // Whether and how the device asks for a PIN is the deployment's list's to say.
            "PINPolicy" => {}
            "KeyUsage" if rule.text() == "OTP" => {}
            _ => return Err(bad("the file puts a condition on a key that is not supported", "Policy")),
        }
    }
    Ok(())
}

fn seed(data: &Element, values: &Values) -> Result<Seed, Refusal> {
    let secret = data.child("Secret").ok_or_else(|| bad("a key has no secret", "Secret"))?;
    let plain = match (values, secret.child("EncryptedValue")) {
        (_, None) => {
            // In an encrypted file, too: RFC 6030 leaves it to the file which values it encrypts, and we do not.
            if matches!(values, Values::Encrypted(_)) {
                return Err(bad("a secret is not encrypted though the file is", "Secret"));
            }
            let plain = secret.child_text("PlainValue").and_then(decode);
            Zeroizing::new(plain.ok_or_else(|| bad("a secret is not base64", "Secret"))?)
        }
        (Values::Plain, Some(_)) => return Err(bad("a secret is encrypted and the file does not say how", "Secret")),
        (Values::Encrypted(keys), Some(encrypted)) => {
            let value = cipher_value(encrypted, "Secret")?;
            let tag = secret.child_text("ValueMAC").and_then(decode);
            let tag = tag.ok_or_else(|| bad("a secret has no check against changes", "ValueMAC"))?;
            hmac::verify(&keys.mac, &value, &tag)
                .map_err(|_| bad("a secret was changed, or the pre-shared key is another", "ValueMAC"))?;
            decrypt(&keys.values, &value, "Secret")?
        }
    };
    Seed::new(plain.to_vec()).ok_or_else(|| bad("a secret does not have 16 to 128 bytes", "Secret"))
}
