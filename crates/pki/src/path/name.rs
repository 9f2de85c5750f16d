//! Distinguished names as RFC 5280, section 7.1 compares them: case and runs of white space do not count, nor does the
//! kind of string.

use const_oid::ObjectIdentifier;
use der::{Encode as _, Tag, Tagged as _};
use unicode_normalization::UnicodeNormalization as _;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RelativeDistinguishedName};

/// pkcs-9 emailAddress, the one attribute of a name that mail constraints look at.
pub(crate) const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Value {
    Text(String),
    Other(Vec<u8>),
}

type Rdn = Vec<(ObjectIdentifier, Value)>;

/// A name in the form in which it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Dn(Vec<Rdn>);

impl Dn {
    pub(crate) fn of(name: &Name) -> Self {
        Self(name.iter_rdn().map(rdn).collect())
    }

    /// This name with one more relative name, as distribution points write theirs.
    pub(crate) fn with(&self, last: &RelativeDistinguishedName) -> Self {
        let mut all = self.0.clone();
        all.push(rdn(last));
        Self(all)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this name lies in the subtree under `base`.
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.0.starts_with(&base.0)
    }
}

fn rdn(rdn: &RelativeDistinguishedName) -> Rdn {
    let mut parts: Rdn = rdn.iter().map(|part| (part.oid, value(part))).collect();
    parts.sort();
    parts
}

fn value(part: &AttributeTypeAndValue) -> Value {
    match text(part) {
        Some(text) => Value::Text(prepared(&text)),
        None => Value::Other(part.value.to_der().unwrap_or_default()),
    }
}

/// The attribute as text, where it is of one of the string types.
pub(crate) fn text(part: &AttributeTypeAndValue) -> Option<String> {
    let bytes = part.value.value();
    match part.value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => {
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let (pairs, rest) = bytes.as_chunks::<2>();
            let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.ok().filter(|_| rest.is_empty())
        }
        _ => None,
    }
}

/// Case folded, compatibility characters composed, white space outside dropped and inside one space.
fn prepared(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
