//! The closed lists of the questions: every word that a scenario or a caller can say, one enum a list.
//!
//! The words themselves are those of the scenario format; nothing outside a list is accepted.

mod acts;
mod business;
mod care;
mod counter;
mod drugs;
mod entered;
mod losses;
mod online;
mod orders;
mod people;
mod practice;
mod prescription;
mod records;
mod sales;
mod screening;
mod stock;
mod trade;

pub use acts::*;
pub use business::*;
pub use care::*;
pub use counter::*;
pub use drugs::*;
pub use entered::*;
pub use losses::*;
pub use online::*;
pub use orders::*;
pub use people::*;
pub use practice::*;
pub use prescription::*;
pub use records::*;
pub use sales::*;
pub use screening::*;
pub use stock::*;
pub use trade::*;

/// A closed list of words.
pub trait Word: Copy + Eq + std::fmt::Debug + 'static {
    /// Every member with its word, in the order of the list.
    const LIST: &'static [(&'static str, Self)];
    /// What the list is called, in the format's own words.
    const CALLED: &'static str;

    /// The member's word.
    fn word(self) -> &'static str {
        Self::LIST.iter().find(|(_, member)| *member == self).map_or("", |(word, _)| word)
    }

    /// Reads a word exactly as written in the list.
    fn from_word(word: &str) -> Option<Self> {
        Self::LIST.iter().find(|(known, _)| *known == word).map(|(_, member)| *member)
    }
}

/// Declares a closed list: the enum, its words, and `Display`.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$member_meta:meta])* $member:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$member_meta])* $member,)+ }

        impl crate::vocab::Word for $name {
            const LIST: &'static [(&'static str, Self)] = &[$(($word, Self::$member),)+];
            const CALLED: &'static str = stringify!($name);
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(crate::vocab::Word::word(*self))
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back_and_an_unknown_word_is_not() {
        for (word, member) in Element::LIST {
            assert_eq!(Element::from_word(word), Some(*member));
            assert_eq!(member.word(), *word);
        }
        assert_eq!(Element::from_word("patient name"), None);
        assert_eq!(Basis::from_word("Shortage"), None);
    }
}
