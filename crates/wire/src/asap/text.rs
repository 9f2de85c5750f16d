//! The file as text: segments and elements, read and printed.

use super::refusal;
use super::table::{Element, Segment};
use theriac_model::Refusal;

/// Between elements.
pub(super) const SEPARATOR: char = '*';
/// After a segment, in the files this program writes.
const TERMINATOR: char = '~';

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub segment: Segment,
    /// Its elements, from 01 on; empty ones at the end may be left out.
    pub elements: Vec<String>,
}

impl Line {
    /// An empty segment.
    pub const fn new(segment: Segment) -> Self {
        Self { segment, elements: Vec::new() }
    }

    /// An element's text; empty if it is not there.
    pub fn get(&self, place: u8) -> &str {
        usize::from(place).checked_sub(1).and_then(|at| self.elements.get(at)).map_or("", String::as_str)
    }

    /// Writes an element. A separator or terminator inside it becomes a blank, as the format has no way to write them.
    pub fn set(&mut self, place: u8, text: &str) {
        let Some(at) = usize::from(place).checked_sub(1) else { return };
        if self.elements.len() <= at {
            self.elements.resize(at + 1, String::new());
        }
        if let Some(element) = self.elements.get_mut(at) {
            *element = text
                .chars()
                .map(|c| if c == SEPARATOR || c == TERMINATOR || c.is_control() { ' ' } else { c })
                .collect();
        }
    }
}

/// A file: its segments in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The segments.
    pub lines: Vec<Line>,
}

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Segments.
    pub segments: usize,
}

impl Limits {
    /// Enough for a year of a busy pharmacy in one file.
    pub const DEFAULT: Self = Self { bytes: 256 * 1024 * 1024, segments: 2_000_000 };
}

/// Elements of a segment that any version knows, and some room.
const ELEMENTS_MAX: usize = 64;

/// Reads a file. Line breaks between segments are allowed.
///
/// # Errors
/// `WIRE-ASAP-…` with the segment's ordinal: too large, not text, no header, an unknown segment, or no end.
pub fn read(bytes: &[u8], limits: Limits) -> Result<File, Refusal> {
    let next = "ask the sender for the file again";
    if bytes.len() > limits.bytes {
        let what = format!("the file has {} bytes, {} are read at most", bytes.len(), limits.bytes);
        return Err(refusal("WIRE-ASAP-SIZE", what, "send it in parts"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refusal("WIRE-ASAP-TEXT", format!("byte {} is not UTF-8", error.valid_up_to()), next))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let terminator = terminator(text).ok_or_else(|| {
        refusal("WIRE-ASAP-HEADER", "the file does not begin with a header (TH) of nine elements", next)
    })?;
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.trim_start().is_empty() {
        let ordinal = lines.len() + 1;
        if ordinal > limits.segments {
            let what = format!("there are more than {} segments", limits.segments);
            return Err(refusal("WIRE-ASAP-SIZE", what, "send it in parts"));
        }
        let Some((segment, after)) = rest.split_once(terminator) else {
            let what = format!("segment {ordinal} is not ended by \"{terminator}\"");
            return Err(refusal("WIRE-ASAP-CUT-OFF", what, next));
        };
        // The header's last element is the terminator itself, and a terminator follows it; some writers give one only.
        let header = lines.is_empty();
        rest = if header { after.strip_prefix(terminator).unwrap_or(after) } else { after };
        let mut words = segment.trim_start_matches(['\r', '\n', ' ']).split(SEPARATOR);
        let name = words.next().unwrap_or_default();
        let segment = Segment::parse(name).ok_or_else(|| {
            let shown: String = name.chars().take(8).map(|c| if c.is_ascii_alphanumeric() { c } else { '?' }).collect();
            refusal(
                "WIRE-ASAP-SEGMENT",
                format!("segment {ordinal} is \"{shown}\", which the format does not know"),
                next,
            )
        })?;
        let mut elements: Vec<String> = words.take(ELEMENTS_MAX + 1).map(str::to_owned).collect();
        if elements.len() > ELEMENTS_MAX {
            let what = format!("segment {ordinal} ({segment}) has more than {ELEMENTS_MAX} elements");
            return Err(refusal("WIRE-ASAP-SEGMENT", what, next));
        }
        if header && let Some(last) = elements.get_mut(8) {
            *last = terminator.to_string();
        }
        lines.push(Line { segment, elements });
    }
    Ok(File { lines })
}

/// The character after the header's ninth element, which is that character itself: `...*P**~~`.
fn terminator(text: &str) -> Option<char> {
    let header = text.strip_prefix("TH*")?;
    let ninth = header.splitn(9, SEPARATOR).nth(8)?;
    ninth.chars().next().filter(|c| c.is_ascii_punctuation() && *c != SEPARATOR)
}

/// Prints a file, a line break after each segment for people's eyes. The header's last element names the terminator.
pub fn print(file: &File) -> Vec<u8> {
    let mut text = String::new();
    for line in &file.lines {
        text.push_str(line.segment.word());
        let header = line.segment == Segment::Th;
        let filled = line.elements.iter().rposition(|element| !element.is_empty()).map_or(0, |at| at + 1);
        let used = if header { 8 } else { filled };
        for place in 0..used {
            text.push(SEPARATOR);
            text.push_str(line.elements.get(place).map_or("", String::as_str));
        }
        if header {
            text.push(SEPARATOR);
            text.push(TERMINATOR);
        }
        text.push(TERMINATOR);
        text.push('\n');
    }
    text.into_bytes()
}

/// The place of an element, for refusals: `segment 7, DSP09`.
pub(super) fn place(ordinal: usize, element: Element) -> String {
    format!("segment {ordinal}, {element}")
}
