//! Length-delimited bytes: what a reader in another language needs to know is on this page.
//!
//! Integers are big-endian. A field is its length as `u32`, then its bytes. Nothing is optional, nothing is padded.

/// Why bytes could not be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

pub(crate) fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

pub(crate) fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// Writes a field. Callers keep fields far below 4 GiB (see the limits in `entry`); a longer one would be cut to
/// `u32::MAX` in its length only, which no reader accepts.
pub(crate) fn put_field(out: &mut Vec<u8>, field: &[u8]) {
    put_u32(out, u32::try_from(field.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(field);
}

/// A reader that never goes past the end of what it was given.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or(Malformed("ends too early"))?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed("ends too early"))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Malformed> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    pub(crate) fn text(&mut self, max_bytes: usize) -> Result<String, Malformed> {
        let length = self.u32()? as usize;
        if length > max_bytes {
            return Err(Malformed("has a text field over its limit"));
        }
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed("has a text field that is not UTF-8"))
    }

    pub(crate) fn end(self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed("has bytes after its end")) }
    }
}
