//! The little DER this crate writes and reads itself: definite lengths, one-byte tags, nothing else.
//!
//! Certificates are read by `x509-cert`; CMS structures are few and on the hot path, so they are read here without copies.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const CONTEXT_0: u8 = 0xa0;
pub(crate) const CONTEXT_1: u8 = 0xa1;
/// `[0] IMPLICIT OCTET STRING`.
pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;

/// One element: its tag, its contents, and the whole of it as it stood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// What was expected and not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotDer(pub(crate) &'static str);

/// Reads elements one after another; never beyond its slice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Reads one element of `tag`; `name` is what the error says is missing.
    pub(crate) fn expect(&mut self, tag: u8, name: &'static str) -> Result<Tlv<'a>, NotDer> {
        let element = self.next(name)?;
        if element.tag == tag { Ok(element) } else { Err(NotDer(name)) }
    }

    /// Reads one element of `tag` if it stands next.
    pub(crate) fn optional(&mut self, tag: u8, name: &'static str) -> Result<Option<Tlv<'a>>, NotDer> {
        if self.0.first() == Some(&tag) { self.next(name).map(Some) } else { Ok(None) }
    }

    /// Reads whatever element stands next.
    pub(crate) fn next(&mut self, name: &'static str) -> Result<Tlv<'a>, NotDer> {
        let wrong = NotDer(name);
        let (&tag, rest) = self.0.split_first().ok_or(wrong)?;
        if tag & 0x1f == 0x1f {
            return Err(wrong);
        }
        let (&first, rest) = rest.split_first().ok_or(wrong)?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80)).ok_or(wrong)?;
                let length = digits.iter().fold(0usize, |sum, digit| (sum << 8) | usize::from(*digit));
                // DER: as few length bytes as possible.
                if digits.first() == Some(&0) || length < 0x80 {
                    return Err(wrong);
                }
                (length, rest)
            }
            _ => return Err(wrong),
        };
        let (value, rest) = rest.split_at_checked(length).ok_or(wrong)?;
        let (raw, _) = self.0.split_at_checked(self.0.len() - rest.len()).ok_or(wrong)?;
        self.0 = rest;
        Ok(Tlv { tag, value, raw })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Nothing may follow.
    pub(crate) fn finish(self, name: &'static str) -> Result<(), NotDer> {
        if self.0.is_empty() { Ok(()) } else { Err(NotDer(name)) }
    }
}

/// Appends the tag and length of an element of `length` bytes.
pub(crate) fn head(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    let bytes = length.to_be_bytes();
    let significant = bytes.iter().position(|b| *b != 0).map_or(&[][..], |n| bytes.get(n..).unwrap_or(&[]));
    match significant {
        [] => out.push(0),
        [short @ 0..0x80] => out.push(*short),
        long => {
            // At most eight length bytes, so the cast cannot lose anything.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
}

/// How many bytes [`head`] and the contents take.
pub(crate) fn size(length: usize) -> usize {
    let mut extra = 0;
    let mut rest = length;
    while length >= 0x80 && rest > 0 {
        extra += 1;
        rest >>= 8;
    }
    2 + extra + length
}

/// One element with the parts as its contents.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(size(length));
    head(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_as_few_bytes_as_possible_and_read_back() {
        for length in [0usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let contents = vec![7u8; length];
            let bytes = element(OCTET_STRING, &[&contents]);
            assert_eq!(bytes.len(), size(length), "{length}");
            let mut reader = Reader::new(&bytes);
            let read = reader.expect(OCTET_STRING, "octets").expect("well formed");
            assert_eq!((read.value.len(), read.raw.len(), reader.is_empty()), (length, bytes.len(), true));
        }
    }

    #[test]
    fn what_is_not_der_is_refused() {
        for bytes in [
            &b""[..],
            &[0x30],
            &[0x30, 0x80, 0, 0],             // indefinite length
            &[0x30, 0x81, 0x7f],             // long form where the short one fits
            &[0x30, 0x82, 0x00, 0x81],       // leading zero
            &[0x30, 0x05, 1, 2],             // longer than the data
            &[0x3f, 0x81, 0x01, 0x00],       // multi-byte tag
            &[0x30, 0x85, 1, 1, 1, 1, 1, 1], // longer than 4 GiB
            &[0x30, 0xff],
        ] {
            assert_eq!(Reader::new(bytes).next("x").map(|t| t.tag), Err(NotDer("x")), "{bytes:02x?}");
        }
    }
}
