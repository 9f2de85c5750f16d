//! Everything that is wrong with a file, found before it is sent.

use super::refusal;
use super::table::{Element, Format, Need, Segment, Version};
use super::text::{File, Line, place};
use std::borrow::Cow;
use theriac_model::Refusal;

/// What a State asks beyond the format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Elements that must be there, too.
    pub required: Vec<Element>,
    /// Elements that must not be there.
    pub forbidden: Vec<Element>,
    /// The values that an element may have.
    pub values: Vec<(Element, Vec<String>)>,
}

/// Refusals told at most; a file with more is wrong as a whole.
const MOST: usize = 1_000;

/// Lists everything that is wrong with a file of `version` for a State; empty if it may be sent. The elements of a zero
/// report's patient, dispensing and prescriber are not asked for.
pub fn check(file: &File, version: Version, profile: &Profile) -> Vec<Refusal> {
    let mut found = Found { list: Vec::new() };
    order(file, &mut found);
    counts(file, &mut found);
    if file.lines.first().is_some_and(|header| header.get(1) != version.word()) {
        found.add(1, Element(Segment::Th, 1), format!("is not {version}, the version that is checked"));
    }
    let zero = is_zero(file);
    for (at, line) in file.lines.iter().enumerate() {
        if found.list.len() >= MOST {
            break;
        }
        let asked =
            !(zero && matches!(line.segment, Segment::Pat | Segment::Dsp | Segment::Pre | Segment::Cdi | Segment::Air));
        elements(at + 1, line, version, profile, asked, &mut found);
    }
    found.list
}

struct Found {
    list: Vec<Refusal>,
}

impl Found {
    fn add(&mut self, ordinal: usize, element: Element, what: impl Into<Cow<'static, str>>) {
        let what = format!("{} {}", place(ordinal, element), what.into());
        self.list.push(
            refusal("WIRE-ASAP-ELEMENT", what, "correct the dispensing's record and make the report again")
                .about(element.to_string()),
        );
    }

    fn structure(&mut self, ordinal: usize, what: &str) {
        let what = format!("segment {ordinal} {what}");
        self.list.push(refusal("WIRE-ASAP-ORDER", what, "make the report again"));
    }
}

/// Whether a file reports that nothing was dispensed: IS03 holds the days, and the one patient is called Zero Report.
pub(super) fn is_zero(file: &File) -> bool {
    let mut patients = file.lines.iter().filter(|line| line.segment == Segment::Pat);
    let first = patients.next();
    first.is_some_and(|line| line.get(7).eq_ignore_ascii_case("report") && line.get(8).eq_ignore_ascii_case("zero"))
        && patients.next().is_none()
}

/// Which segment may follow which.
const fn may_follow(before: Option<Segment>, this: Segment) -> bool {
    use Segment::{Air, Cdi, Dsp, Is, Pat, Pha, Pre, Th, Tp, Tt};
    match before {
        None => matches!(this, Th),
        Some(Th) => matches!(this, Is),
        Some(Is) => matches!(this, Pha),
        Some(Pha) => matches!(this, Pat),
        Some(Pat) => matches!(this, Dsp),
        Some(Dsp) => matches!(this, Pre),
        Some(Pre) => matches!(this, Cdi | Air | Dsp | Pat | Tp),
        Some(Cdi) => matches!(this, Cdi | Air | Dsp | Pat | Tp),
        Some(Air) => matches!(this, Dsp | Pat | Tp),
        Some(Tp) => matches!(this, Pha | Tt),
        Some(Tt) => false,
    }
}

fn order(file: &File, found: &mut Found) {
    let mut before = None;
    for (at, line) in file.lines.iter().enumerate() {
        if !may_follow(before, line.segment) {
            let after = before.map_or_else(|| "the beginning".to_owned(), |before| before.to_string());
            found.structure(at + 1, &format!("is {}, which cannot follow {after}", line.segment));
            if found.list.len() >= MOST {
                return;
            }
        }
        before = Some(line.segment);
    }
    if before != Some(Segment::Tt) {
        found.structure(file.lines.len(), "is the last, and the file is not closed by TT");
    }
}

/// The trailers count: TP from PHA to itself, TT all, and TT repeats the header's control number.
fn counts(file: &File, found: &mut Found) {
    let mut since = 0;
    for (at, line) in file.lines.iter().enumerate() {
        match line.segment {
            Segment::Pha => since = at,
            Segment::Tp if line.get(1).parse() != Ok(at - since + 1) => {
                found.add(at + 1, Element(Segment::Tp, 1), format!("must count {} segments", at - since + 1));
            }
            Segment::Tt => {
                if line.get(2).parse() != Ok(file.lines.len()) {
                    found.add(at + 1, Element(Segment::Tt, 2), format!("must count {} segments", file.lines.len()));
                }
                if file.lines.first().is_some_and(|header| header.get(2) != line.get(1)) {
                    found.add(at + 1, Element(Segment::Tt, 1), "is not the header's control number");
                }
            }
            _ => {}
        }
    }
}

fn elements(ordinal: usize, line: &Line, version: Version, profile: &Profile, asked: bool, found: &mut Found) {
    let specs = version.elements(line.segment);
    for at in 0..specs.len().max(line.elements.len()) {
        let Ok(no) = u8::try_from(at + 1) else { return };
        let element = Element(line.segment, no);
        let value = line.get(no);
        let Some(spec) = specs.get(at).copied().flatten() else {
            if !value.is_empty() {
                found.add(ordinal, element, format!("does not exist in version {version}"));
            }
            continue;
        };
        if value.is_empty() {
            if asked && (spec.need == Need::Required || profile.required.contains(&element)) {
                found.add(ordinal, element, "is required and empty");
            }
            continue;
        }
        if profile.forbidden.contains(&element) {
            found.add(ordinal, element, "must be empty in this State");
        }
        let length = value.chars().count();
        if length > spec.max {
            found.add(ordinal, element, format!("has {length} characters, {} are allowed", spec.max));
        }
        if let Some(expected) = not_in_format(spec.format, value) {
            found.add(ordinal, element, format!("is not {expected}"));
        }
        if let Some((_, values)) = profile.values.iter().find(|(of, _)| *of == element)
            && !values.iter().any(|one| one == value)
        {
            found.add(ordinal, element, format!("must be one of {}", values.join(", ")));
        }
    }
}

/// What a value should have been, if it is something else.
fn not_in_format(format: Format, value: &str) -> Option<&'static str> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let (good, expected) = match format {
        Format::Text => (!value.chars().any(char::is_control), "text"),
        Format::Digits => (digits, "digits"),
        Format::Decimal => {
            let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
            let count = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (count(part) && (whole.is_empty() || count(whole)), "a decimal number")
        }
        Format::Day => {
            let day = jiff::civil::Date::strptime("%Y%m%d", value);
            (digits && value.len() == 8 && day.is_ok(), "a day as CCYYMMDD")
        }
        Format::Time => {
            let clock = value.get(..6).filter(|_| value.len() <= 7);
            let good = clock.is_some_and(|clock| jiff::civil::Time::strptime("%H%M%S", clock).is_ok());
            (good, "a time as HHMMSS")
        }
    };
    (!good).then_some(expected)
}
