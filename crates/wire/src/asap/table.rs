//! Versions, segments and elements, and what each element may hold.

use std::fmt;
use std::sync::LazyLock;

const ELEMENTS: &str = include_str!("elements.txt");

macro_rules! words {
    ($(#[$meta:meta])* $name:ident: $($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All, in the order of a file.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As a file writes it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// Reads what a file writes.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// A version of the format. Which one a State takes is the State's to say.
    Version:
    /// September 2011.
    V4_2 = "4.2",
    /// Adds quantity prescribed, directions, treatment and diagnosis.
    V4_2A = "4.2A",
    /// Longer addresses; the State of the prescriber's licence.
    V4_2B = "4.2B",
    /// Adds the schedule, times, what remains, and both persons at the counter.
    V5_0 = "5.0",
}

words! {
    /// A segment.
    Segment:
    /// Opens the file.
    Th = "TH",
    /// Who sends.
    Is = "IS",
    /// A pharmacy.
    Pha = "PHA",
    /// A patient of that pharmacy, or an animal.
    Pat = "PAT",
    /// A dispensing to that patient.
    Dsp = "DSP",
    /// Its prescriber.
    Pre = "PRE",
    /// An ingredient of a compound.
    Cdi = "CDI",
    /// Serial forms, who picked up, the pharmacist.
    Air = "AIR",
    /// Closes a pharmacy.
    Tp = "TP",
    /// Closes the file.
    Tt = "TT",
}

/// An element's place: `DSP09` is the ninth of a dispensing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(pub Segment, pub u8);

impl Element {
    /// Reads `DSP09`.
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        let (segment, place) = text.split_at_checked(at)?;
        let place = place.parse().ok().filter(|&place| place > 0)?;
        Some(Self(Segment::parse(segment)?, place))
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.0, self.1)
    }
}

/// What an element's characters may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Any text.
    Text,
    /// Digits.
    Digits,
    /// A decimal number.
    Decimal,
    /// A day, `CCYYMMDD`.
    Day,
    /// A time, `HHMMSS`; version 5.0 leaves room for one character more.
    Time,
}

/// Whether an element must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// As the State says.
    AsAsked,
}

/// What an element may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Its characters.
    pub format: Format,
    /// The most of them.
    pub max: usize,
    /// Whether it must be there.
    pub need: Need,
}

type Row = (Version, Segment, Vec<Option<Spec>>);

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| ELEMENTS.lines().filter_map(row).collect());

fn row(line: &str) -> Option<Row> {
    let mut words = line.split(' ');
    let (version, segment) = (Version::parse(words.next()?)?, Segment::parse(words.next()?)?);
    Some((version, segment, words.skip(1).map(spec).collect()))
}

/// `AN25R`: format, greatest length, whether required. `-`: no such element.
fn spec(word: &str) -> Option<Spec> {
    let digits = word.find(|c: char| c.is_ascii_digit())?;
    let format = match word.get(..digits)? {
        "AN" => Format::Text,
        "N" => Format::Digits,
        "D" => Format::Decimal,
        "DT" => Format::Day,
        "TM" => Format::Time,
        _ => return None,
    };
    let need = if word.ends_with('R') { Need::Required } else { Need::AsAsked };
    Some(Spec { format, max: word.get(digits..word.len() - 1)?.parse().ok()?, need })
}

impl Version {
    /// The elements of a segment, from 01 on; `None` where the version leaves a place out.
    pub fn elements(self, segment: Segment) -> &'static [Option<Spec>] {
        let row = TABLE.iter().find(|(version, of, _)| *version == self && *of == segment);
        row.map_or(&[], |(_, _, elements)| elements)
    }

    /// What an element of this version may hold; `None` if there is no such element.
    pub fn spec(self, element: Element) -> Option<Spec> {
        *self.elements(element.0).get(usize::from(element.1).checked_sub(1)?)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_every_version_has_every_segment() {
        let lines = ELEMENTS.lines().filter(|line| !line.starts_with('#'));
        for line in lines.clone() {
            let (_, _, elements) = row(line).unwrap_or_else(|| panic!("{line}"));
            let words = line.split(' ').skip(3);
            assert!(words.zip(&elements).all(|(word, spec)| spec.is_some() || word == "-"), "{line}");
        }
        assert_eq!(lines.count(), Version::ALL.len() * Segment::ALL.len());
        for version in Version::ALL {
            assert!(Segment::ALL.iter().all(|&segment| !version.elements(segment).is_empty()), "{version}");
        }
    }

    #[test]
    fn an_element_is_named_by_segment_and_place() {
        let check = |text: &str, element| assert_eq!(Element::parse(text), element, "{text}");
        check("DSP09", Some(Element(Segment::Dsp, 9)));
        check("PAT23", Some(Element(Segment::Pat, 23)));
        for bad in ["DSP", "DSP00", "XYZ01", "01", "", "DSP999"] {
            check(bad, None);
        }
        assert_eq!(Element(Segment::Th, 1).to_string(), "TH01");
        assert_eq!(Version::V4_2.spec(Element(Segment::Dsp, 22)), None);
        let sig = Version::V4_2A.spec(Element(Segment::Dsp, 23));
        assert_eq!(sig, Some(Spec { format: Format::Text, max: 200, need: Need::AsAsked }));
    }
}
