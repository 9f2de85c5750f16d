//! JSON with bounds, exact numbers and no doubled names.
//!
//! The tree keeps numbers as they were written (FHIR wants decimals unrounded) and members in their order, and refuses what a
//! general reader would let pass: a name given twice, of which another reader might take the other.

use super::refusals;
use theriac_model::Refusal;

/// Bounds on a document. Each is inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole document.
    pub bytes: usize,
    /// Objects and lists inside each other.
    pub depth: usize,
    /// Values in all.
    pub values: usize,
    /// Bytes of one string as written.
    pub text_bytes: usize,
    /// Notices kept for one request; one more says that others were left out.
    pub notices: usize,
}

impl Limits {
    /// The bounds in use: 4 MiB, 48 deep, 200,000 values, strings of 256 KiB.
    pub const DEFAULT: Self =
        Self { bytes: 4 * 1024 * 1024, depth: 48, values: 200_000, text_bytes: 256 * 1024, notices: 128 };
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Reads a document.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Json, Box<Refusal>> {
    if bytes.len() > limits.bytes {
        return Err(refusals::bound("FHIR-SIZE", format!("the document is longer than {} bytes", limits.bytes)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| refusals::syntax(error.valid_up_to(), "not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, values: 0, limits };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.bad("something follows the document")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    limits: &'a Limits,
}

impl<'a> Reader<'a> {
    fn bad(&self, problem: &str) -> Box<Refusal> {
        refusals::syntax(self.at, problem)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Json, Box<Refusal>> {
        self.values += 1;
        if self.values > self.limits.values {
            let what = format!("the document has more than {} values", self.limits.values);
            return Err(refusals::bound("FHIR-VALUES", what));
        }
        self.space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= self.limits.depth => {
                let what = format!("values stand more than {} deep", self.limits.depth);
                Err(refusals::bound("FHIR-DEPTH", what))
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)];
                for (word, value) in words {
                    if self.rest().starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.bad("no JSON value"))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Box<Refusal>> {
        self.at += 1;
        let mut members: Vec<(String, Json)> = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.bad("a member's name is missing"));
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.bad("a colon is missing"));
            }
            let value = self.value(depth + 1)?;
            members.push((name, value));
            self.space();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.bad("a comma or a closing brace is missing"));
            }
        }
        let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(refusals::doubled_member(self.at));
        }
        Ok(Json::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Json, Box<Refusal>> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return Err(self.bad("a comma or a closing bracket is missing"));
            }
        }
    }

    /// Finds the string's end; the escapes are a general reader's business.
    fn string(&mut self) -> Result<String, Box<Refusal>> {
        let mut length = 1;
        let bytes = self.rest().as_bytes();
        loop {
            match bytes.get(length) {
                Some(b'"') => break,
                Some(b'\\') => length += 2,
                Some(_) => length += 1,
                None => return Err(self.bad("a string does not end")),
            }
            if length > self.limits.text_bytes {
                let what = format!("a string is longer than {} bytes", self.limits.text_bytes);
                return Err(refusals::bound("FHIR-TEXT", what));
            }
        }
        let written = self.rest().get(..=length).ok_or_else(|| self.bad("a string does not end"))?;
        let text = serde_json::from_str(written).map_err(|_| self.bad("a string has a wrong escape or character"))?;
        self.at += length + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<Json, Box<Refusal>> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        let written = rest.get(..length).unwrap_or_default();
        // The grammar is a general reader's business; the text stays as it was written.
        if length > 64 || serde_json::from_str::<serde_json::Number>(written).is_err() {
            return Err(self.bad("a number that JSON does not have"));
        }
        self.at += length;
        Ok(Json::Number(written.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json, &'static str> {
        super::read(text.as_bytes(), &Limits { bytes: 200, depth: 3, values: 8, text_bytes: 20, notices: 1 })
            .map_err(|refusal| refusal.code.0)
    }

    #[test]
    fn numbers_stay_as_written_and_members_in_order() {
        let members = vec![
            ("b".to_owned(), Json::Number("1.50".to_owned())),
            ("a".to_owned(), Json::List(vec![Json::Null, Json::Text("\u{e9}\n".to_owned()), Json::Bool(true)])),
        ];
        assert_eq!(read(r#" {"b": 1.50, "a": [null, "\u00e9\n", true]} "#), Ok(Json::Object(members)));
        assert_eq!(read("\u{feff}{}"), Ok(Json::Object(Vec::new())));
    }

    #[test]
    fn bounds_are_inclusive() {
        assert!(read(r"[[[1]]]").is_ok());
        assert_eq!(read(r"[[[[1]]]]"), Err("FHIR-DEPTH"));
        assert!(read("[1,2,3,4,5,6,7]").is_ok());
        assert_eq!(read("[1,2,3,4,5,6,7,8]"), Err("FHIR-VALUES"));
        assert!(read(&format!("\"{}\"", "x".repeat(19))).is_ok());
        assert_eq!(read(&format!("\"{}\"", "x".repeat(21))), Err("FHIR-TEXT"));
        assert!(read(&format!("1{}", " ".repeat(199))).is_ok());
        assert_eq!(read(&format!("1{}", " ".repeat(200))), Err("FHIR-SIZE"));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        assert_eq!(read(r#"{"a": 1, "a": 2}"#), Err("FHIR-DOUBLED"));
        for text in ["", "{", "[1,]", "{\"a\"}", "01", "1.", "nul", "\"\\x\"", "\"a", "1 2", "\"\n\"", "+1", "{a:1}"] {
            assert_eq!(read(text), Err("FHIR-SYNTAX"), "{text}");
        }
        assert_eq!(super::read(b"\"\xff\"", &Limits::DEFAULT).map_err(|refusal| refusal.code.0), Err("FHIR-SYNTAX"));
    }
}
