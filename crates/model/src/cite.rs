//! Citations and the editions of the law they come from.

use std::borrow::Cow;
use std::fmt;

/// A place in the law, in the form people cite it: `21 CFR 1306.22(a)`, `73 FR 36722, 1311.110(c)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cite(pub Cow<'static, str>);

impl Cite {
    /// A citation written in the source; the usual case.
    pub const fn of(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The citation as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A body of rules that is read as one: what a verdict names as "the edition that decided".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edition {
    /// DEA's proposed rule of 27 June 2008 on electronic prescriptions (73 FR 36722). Never was the law.
    Proposed2008,
    /// The Code of Federal Regulations and the statute, with each change from its day.
    Cfr,
    /// DEA's Pharmacist's Manual of 2010.
    Manual2010,
    /// The study cards of 2021.
    Cards2021,
    /// A State's own rules, by its two-letter abbreviation.
    State([u8; 2]),
    /// A deployment's own stricter choice, by the name it gave it.
    House(Cow<'static, str>),
}

impl Edition {
    /// The name used in files, on the command line and in records.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Proposed2008 => Cow::Borrowed("proposed-2008"),
            Self::Cfr => Cow::Borrowed("cfr"),
            Self::Manual2010 => Cow::Borrowed("manual-2010"),
            Self::Cards2021 => Cow::Borrowed("cards-2021"),
            Self::State(code) => Cow::Owned(format!("state.{}", String::from_utf8_lossy(code))),
            Self::House(name) => Cow::Owned(format!("house.{name}")),
        }
    }

    /// Reads a name as written by [`Edition::name`]; `None` for anything else.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "proposed-2008" => Some(Self::Proposed2008),
            "cfr" => Some(Self::Cfr),
            "manual-2010" => Some(Self::Manual2010),
            "cards-2021" => Some(Self::Cards2021),
            _ => {
                if let Some(code) = name.strip_prefix("state.") {
                    let code: [u8; 2] = code.as_bytes().try_into().ok()?;
                    return code.iter().all(u8::is_ascii_uppercase).then_some(Self::State(code));
                }
                let house = name.strip_prefix("house.")?;
                (!house.is_empty()).then(|| Self::House(Cow::Owned(house.to_owned())))
            }
        }
    }

    /// What a reader must know before taking a verdict of this edition for the law.
    pub fn standing(&self) -> &'static str {
        match self {
            Self::Proposed2008 => "a proposal of 2008, chosen by this deployment; not the law",
            Self::Cfr => "the law in force on that day",
            Self::Manual2010 => "guidance of 2010",
            Self::Cards2021 => "study material of 2021",
            Self::State(_) => "State law",
            Self::House(_) => "a rule of this deployment",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edition_names_are_read_back() {
        for edition in [
            Edition::Proposed2008,
            Edition::Cfr,
            Edition::Manual2010,
            Edition::Cards2021,
            Edition::State(*b"AZ"),
            Edition::House(Cow::Borrowed("north-clinic")),
        ] {
            assert_eq!(Edition::parse(&edition.name()), Some(edition));
        }
        assert_eq!(Edition::parse("state.az"), None);
        assert_eq!(Edition::parse("house."), None);
        assert_eq!(Edition::parse("cfr-2010"), None);
    }
}
