//! Characters: what XML 1.0 allows, and how text is written so that it is read back the same.

/// Whether XML 1.0 allows the character in a document (production 2).
pub(crate) const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// Whether every character of `text` may stand in XML 1.0. Looks at bytes, because nearly all text is ASCII.
pub(crate) fn all_xml_chars(text: &str) -> bool {
    // Control characters are single bytes; U+FFFE and U+FFFF begin with EF BF.
    // Counting has no early end, so it works on many bytes at once; nearly all texts are looked at to their end anyway.
    let odd = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0xEF;
    let suspicious = text.bytes().filter(|&b| odd(b)).count() > 0;
    !suspicious || text.chars().all(is_xml_char)
}

/// XML's own white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Whether `name` is an XML name (with at most one colon, not at an end).
pub(crate) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let colons = name.bytes().filter(|&b| b == b':').count();
    let follows = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '\u{B7}');
    starts && chars.all(follows) && colons <= 1 && !name.ends_with(':')
}

/// Appends `text` as character data. Carriage returns are written as references, since a reader folds them.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    push_escaped(out, text, |b| match b {
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        b'&' => Some(b"&amp;"),
        b'\r' => Some(b"&#13;"),
        _ => None,
    });
}

/// Appends `text` as an attribute's value between double quotes. White space other than spaces is written as references.
pub(crate) fn push_attribute(out: &mut Vec<u8>, text: &str) {
    push_escaped(out, text, |b| match b {
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        b'&' => Some(b"&amp;"),
        b'"' => Some(b"&quot;"),
        b'\t' => Some(b"&#9;"),
        b'\n' => Some(b"&#10;"),
        b'\r' => Some(b"&#13;"),
        _ => None,
    });
}

fn push_escaped(out: &mut Vec<u8>, text: &str, escape: impl Fn(u8) -> Option<&'static [u8]>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &b) in bytes.iter().enumerate() {
        if let Some(replacement) = escape(b) {
            out.extend_from_slice(&bytes[from..at]);
            out.extend_from_slice(replacement);
            from = at + 1;
        }
    }
    out.extend_from_slice(&bytes[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_characters_of_xml_1_0_pass() {
        for text in ["", "plain", "tab\tline\nreturn\r", "Ünïcödé", "\u{FFFD}", "\u{1F600}", "\u{7F}", "\u{85}"] {
            assert!(all_xml_chars(text), "{text:?}");
        }
        for text in ["\0", "\u{1}", "\u{B}", "\u{1F}", "\u{FFFE}", "a\u{FFFF}"] {
            assert!(!all_xml_chars(text), "{text:?}");
        }
    }

    #[test]
    fn names_are_xml_names() {
        for name in ["Message", "_x", "a:b", "Größe", "a-1.b"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", ":a", "a:", "a:b:c", "a b", "a<", "a$", "a\"", "a>"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
