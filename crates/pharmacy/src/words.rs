//! Closed lists of this crate's own words, declared as the rulebook declares its own: the enum, its words, `Display`.

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$member_meta:meta])* $member:ident = $word:literal,)+ })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$member_meta])* $member,)+ }

        impl theriac_law::vocab::Word for $name {
            const LIST: &'static [(&'static str, Self)] = &[$(($word, Self::$member),)+];
            const CALLED: &'static str = stringify!($name);
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(theriac_law::vocab::Word::word(*self))
            }
        }
    )+};
}
pub(crate) use words;
