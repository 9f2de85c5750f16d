//! Canonical JSON (RFC 8785) for everything that is stored: the same content is always the same bytes.
//!
//! Records hold strings, whole numbers, `true`, `false`, `null`, lists and objects; never fractions, so the one hard part
//! of RFC 8785 (printing floating point) does not arise: [`canonical`] refuses them.

use serde_json::{Map, Value};

/// A number with a fraction or beyond 2^53, which canonical records never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a canonical record holds whole numbers of at most 2^53 only")]
pub struct NotCanonicalJson;

const LARGEST: i64 = 1 << 53;

/// The canonical bytes of `value`.
///
/// # Errors
/// [`NotCanonicalJson`] when it holds a fraction or a whole number beyond 2^53.
pub fn canonical(value: &Value) -> Result<Vec<u8>, NotCanonicalJson> {
    let mut out = Vec::with_capacity(256);
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonicalJson> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|n| (-LARGEST..=LARGEST).contains(n)).ok_or(NotCanonicalJson)?;
            out.extend_from_slice(whole.to_string().as_bytes());
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => write_object(members, out)?,
    }
    Ok(())
}

fn write_object(members: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), NotCanonicalJson> {
    let mut sorted: Vec<_> = members.iter().collect();
    // RFC 8785, 3.2.3: by UTF-16 code units, which differs from UTF-8 order only beyond the Basic Multilingual Plane.
    if sorted.iter().all(|(name, _)| name.is_ascii()) {
        sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
    } else {
        sorted.sort_unstable_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    }
    out.push(b'{');
    for (n, (name, value)) in sorted.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write_string(name, out);
        out.push(b':');
        write(value, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// RFC 8785, 3.2.2.2: only the two-character escapes and `\u00xx` for other control characters. What needs no escape is
/// copied in one piece.
fn write_string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(plain) = rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        out.extend_from_slice(&rest[..plain]);
        match rest[plain] {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x0d => out.extend_from_slice(b"\\r"),
            other => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(other >> 4)]);
                out.push(HEX[usize::from(other & 15)]);
            }
        }
        rest = &rest[plain + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Why a stored body cannot be read: the field, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field}: {expected} expected")]
pub struct BadField {
    /// The member's name.
    pub field: String,
    /// What should have stood there.
    pub expected: &'static str,
}

/// Reads the members of one object, naming the member in every error.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a Value);

impl<'a> Reader<'a> {
    fn bad<T>(field: &str, expected: &'static str) -> Result<T, BadField> {
        Err(BadField { field: field.to_owned(), expected })
    }

    /// The member, whatever it is; `None` when absent or null.
    pub fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    /// A string member.
    ///
    /// # Errors
    /// When it is absent or not a string.
    pub fn text(self, field: &str) -> Result<&'a str, BadField> {
        match self.get(field).and_then(Value::as_str) {
            Some(text) => Ok(text),
            None => Self::bad(field, "a string"),
        }
    }

    /// A string member that may be absent.
    ///
    /// # Errors
    /// When it is present and not a string.
    pub fn maybe_text(self, field: &str) -> Result<Option<&'a str>, BadField> {
        if self.get(field).is_none() { Ok(None) } else { self.text(field).map(Some) }
    }

    /// A whole number member.
    ///
    /// # Errors
    /// When it is absent or not a whole number.
    pub fn whole(self, field: &str) -> Result<i64, BadField> {
        match self.get(field).and_then(Value::as_i64) {
            Some(number) => Ok(number),
            None => Self::bad(field, "a whole number"),
        }
    }

    /// A list member; absent means empty.
    ///
    /// # Errors
    /// When it is present and not a list.
    pub fn list(self, field: &str) -> Result<&'a [Value], BadField> {
        match self.get(field) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Self::bad(field, "a list"),
        }
    }

    /// An object member.
    ///
    /// # Errors
    /// When it is absent or not an object.
    pub fn object(self, field: &str) -> Result<Reader<'a>, BadField> {
        match self.get(field) {
            Some(value @ Value::Object(_)) => Ok(Reader(value)),
            _ => Self::bad(field, "an object"),
        }
    }

    /// A string member read by `parse`.
    ///
    /// # Errors
    /// When it is absent, not a string, or `parse` does not know it; `expected` says what should stand there.
    pub fn parsed<T>(
        self,
        field: &str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, BadField> {
        match parse(self.text(field)?) {
            Some(value) => Ok(value),
            None => Self::bad(field, expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The ordering example of RFC 8785, 3.2.3, without its euro sign escapes.
    #[test]
    fn members_are_sorted_by_utf16_and_strings_escaped_as_the_rfc_says() {
        let value = json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "1": "One", "\u{1f600}": "Emoji", "\u{fb33}": "Hebrew", "a": "\u{1}\"\\\n"});
        let text = String::from_utf8(canonical(&value).expect("canonical")).expect("UTF-8");
        assert_eq!(
            text,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"a\":\"\\u0001\\\"\\\\\\n\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji\",\"\u{fb33}\":\"Hebrew\"}"
        );
    }

    #[test]
    fn every_character_is_read_back() {
        let text: String = (0..0x300).chain([0x2028, 0xfeff, 0x1f600]).filter_map(char::from_u32).collect();
        let bytes = canonical(&json!({ "t": text })).expect("canonical");
        assert_eq!(serde_json::from_slice::<Value>(&bytes).expect("JSON"), json!({ "t": text }));
    }

    #[test]
    fn fractions_and_unsafe_integers_are_refused() {
        assert_eq!(canonical(&json!(0.5)), Err(NotCanonicalJson));
        assert!(canonical(&json!(1_i64 << 53)).is_ok());
        assert_eq!(canonical(&json!((1_i64 << 53) + 1)), Err(NotCanonicalJson));
        assert_eq!(
            canonical(&json!({"b": [1, true, null], "a": {}})).as_deref(),
            Ok(&b"{\"a\":{},\"b\":[1,true,null]}"[..])
        );
    }

    #[test]
    fn a_reader_names_the_member_it_could_not_read() {
        let value = json!({"n": "x"});
        let error = Reader(&value).whole("n").expect_err("a string is no number");
        assert_eq!(error.to_string(), "field n: a whole number expected");
        assert_eq!(Reader(&value).maybe_text("absent"), Ok(None));
    }
}
