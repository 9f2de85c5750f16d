//! A message as segments, fields, repetitions and components.

use super::refusals;
use std::borrow::Cow;
use theriac_model::Refusal;

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a message.
    pub bytes: usize,
    /// Segments of a message.
    pub segments: usize,
}

impl Limits {
    /// Far more than an order has.
    pub const DEFAULT: Self = Self { bytes: 1024 * 1024, segments: 2_000 };
}

/// The characters that part a message.
#[derive(Clone, Copy, Debug)]
struct Marks {
    field: char,
    component: char,
    repetition: char,
    escape: char,
    sub: char,
}

/// One segment.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// `PID`, for example.
    pub name: &'a str,
    /// From 1 on, as the standard counts; of MSH the first is the separator itself.
    fields: Vec<&'a str>,
    marks: Marks,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// In the order they stand.
    pub segments: Vec<Segment<'a>>,
}

impl<'a> Message<'a> {
    /// Reads a message, with or without the frame of the lower layer protocol, whatever ends its segments. Text that is not
    /// UTF-8 is refused.
    ///
    /// # Errors
    /// `HL7-SIZE`, `HL7-SYNTAX` with the place.
    pub fn read(bytes: &'a [u8], limits: Limits) -> Result<Self, Box<Refusal>> {
        if bytes.len() > limits.bytes {
            let what = format!("the message has {} bytes, {} are read at most", bytes.len(), limits.bytes);
            return Err(refusals::size(what));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            refusals::syntax("MSH-18", &format!("the message is not UTF-8 from byte {} on", error.valid_up_to()))
        })?;
        let text = text.trim_start_matches(['\u{feff}', '\u{b}']).trim_end_matches(['\u{1c}', '\r', '\n']);
        let marks = marks(text)?;
        let mut segments = Vec::new();
        for line in text.split(['\r', '\n']).filter(|line| !line.is_empty()) {
            let ordinal = segments.len() + 1;
            if ordinal > limits.segments {
                return Err(refusals::size(format!("the message has more than {} segments", limits.segments)));
            }
            let (name, rest) = line.split_once(marks.field).unwrap_or((line, ""));
            let named = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            if !named {
                let place = format!("segment {ordinal}");
                return Err(refusals::syntax(&place, "it has no name of three capitals and digits"));
            }
            let mut fields: Vec<&str> = rest.split(marks.field).collect();
            if name == "MSH" {
                // MSH-1 is the separator, so MSH-2 is the first that stands between two of them.
                fields.insert(0, "");
            }
            segments.push(Segment { name, fields, marks });
        }
        Ok(Self { segments })
    }

    /// The first segment of a name.
    pub fn first(&self, name: &str) -> Option<&Segment<'a>> {
        self.segments.iter().find(|segment| segment.name == name)
    }
}

fn marks(text: &str) -> Result<Marks, Box<Refusal>> {
    let short = || refusals::syntax("MSH-2", "the message does not begin with MSH and its encoding characters");
    let mut chars = text.strip_prefix("MSH").ok_or_else(short)?.chars();
    let mut mark = || chars.next().filter(char::is_ascii_punctuation).ok_or_else(short);
    let marks =
        Marks { field: mark()?, component: mark()?, repetition: mark()?, escape: mark()?, sub: mark().unwrap_or('&') };
    let all = [marks.field, marks.component, marks.repetition, marks.escape, marks.sub];
    let doubled = all.iter().enumerate().any(|(at, mark)| all.iter().skip(at + 1).any(|other| other == mark));
    if doubled {
        return Err(refusals::syntax("MSH-2", "two of the encoding characters are the same"));
    }
    Ok(marks)
}

impl<'a> Segment<'a> {
    /// The repetitions of a field, without empty ones.
    pub fn repetitions(&self, field: usize) -> impl Iterator<Item = &'a str> {
        let whole = field.checked_sub(1).and_then(|at| self.fields.get(at)).copied().unwrap_or_default();
        whole.split(self.marks.repetition).filter(|one| !one.is_empty())
    }

    /// A component of one repetition, its first subcomponent, unescaped and trimmed; empty if it is not there or is the
    /// standard's explicit null.
    pub fn component(&self, repetition: &'a str, component: usize) -> Cow<'a, str> {
        let Some(part) = component.checked_sub(1).and_then(|at| repetition.split(self.marks.component).nth(at)) else {
            return Cow::Borrowed("");
        };
        let part = part.split(self.marks.sub).next().unwrap_or_default().trim();
        if part == "\"\"" { Cow::Borrowed("") } else { unescaped(part, self.marks) }
    }

    /// A component of a field's first repetition.
    pub fn get(&self, field: usize, component: usize) -> Cow<'a, str> {
        self.repetitions(field).next().map_or(Cow::Borrowed(""), |one| self.component(one, component))
    }
}

/// The text that escape sequences stand for; sequences that only format become a blank, and unknown ones stay as they are.
fn unescaped(text: &str, marks: Marks) -> Cow<'_, str> {
    if !text.contains(marks.escape) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(marks.escape) {
        plain.push_str(before);
        let Some((sequence, following)) = after.split_once(marks.escape) else {
            plain.push(marks.escape);
            plain.push_str(after);
            return Cow::Owned(plain);
        };
        match sequence {
            "F" => plain.push(marks.field),
            "S" => plain.push(marks.component),
            "R" => plain.push(marks.repetition),
            "E" => plain.push(marks.escape),
            "T" => plain.push(marks.sub),
            "H" | "N" => {}
            other if other.starts_with('.') => plain.push(' '),
            other => {
                if let Some(text) = in_hexadecimal(other) {
                    plain.push_str(&text);
                } else {
                    plain.push(marks.escape);
                    plain.push_str(other);
                    plain.push(marks.escape);
                }
            }
        }
        rest = following;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// `X2D` is a hyphen.
fn in_hexadecimal(sequence: &str) -> Option<String> {
    let bytes = theriac_model::hex::decode(&sequence.strip_prefix('X')?.to_ascii_lowercase())?;
    String::from_utf8(bytes).ok()
}
