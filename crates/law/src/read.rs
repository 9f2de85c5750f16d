//! Strict reading of the scenario format: an unknown word or field is an error that names the field.

use crate::vocab::Word;
use crate::when::{When, parse_date};
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Why a line is not a question. Says what stood where; never a verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct Malformed {
    /// The path of the field: `facts.history[2].quantity`; `line` when the line as a whole cannot be read.
    pub field: String,
    /// What is wrong, and what was expected.
    pub what: String,
}

impl Malformed {
    /// An error about `field`.
    pub fn new(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self { field: field.into(), what: what.into() }
    }
}

/// An object whose members are taken one by one; what is left at the end is unknown.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    members: &'a Map<String, Value>,
    taken: Vec<&'static str>,
    path: String,
}

impl<'a> Object<'a> {
    pub(crate) fn open(value: &'a Value, path: &str) -> Result<Self, Malformed> {
        let Value::Object(members) = value else { return Err(Malformed::new(path, "an object is expected")) };
        Ok(Self { members, taken: Vec::new(), path: path.to_owned() })
    }

    /// The path of member `name`.
    pub(crate) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The member; absent and null are the same.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.taken.push(name);
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that may be absent.
    pub(crate) fn maybe<T: FromJson>(&mut self, name: &'static str) -> Result<Option<T>, Malformed> {
        let value = self.take(name);
        value.map(|value| T::read(value, &self.at(name))).transpose()
    }

    /// A member that must be there.
    pub(crate) fn must<T: FromJson>(&mut self, name: &'static str) -> Result<T, Malformed> {
        self.maybe(name)?.ok_or_else(|| Malformed::new(self.at(name), "is required and absent"))
    }

    /// Refuses members that nobody took.
    pub(crate) fn close(self) -> Result<(), Malformed> {
        match self.members.keys().find(|name| !self.taken.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Malformed::new(self.at(name), "is not a field of the format here")),
        }
    }
}

/// A value that can be read from the format.
pub(crate) trait FromJson: Sized {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed>;
}

impl FromJson for bool {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        value.as_bool().ok_or_else(|| Malformed::new(path, "true or false is expected"))
    }
}

/// Numbers of the format are whole and never negative.
impl FromJson for u64 {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        const LARGEST: u64 = 1_000_000_000_000;
        match value.as_u64() {
            Some(number) if number <= LARGEST => Ok(number),
            Some(_) => Err(Malformed::new(path, format!("at most {LARGEST} is expected"))),
            None if value.as_i64().is_some() => Err(Malformed::new(path, "must not be negative")),
            None => Err(Malformed::new(path, "a whole number is expected")),
        }
    }
}

impl FromJson for u32 {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        let number = u64::read(value, path)?;
        Self::try_from(number).map_err(|_| Malformed::new(path, "the number is too large"))
    }
}

impl FromJson for String {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        match value.as_str() {
            Some(text) if text.len() <= 200 => Ok(text.to_owned()),
            Some(_) => Err(Malformed::new(path, "at most 200 bytes of text are expected")),
            None => Err(Malformed::new(path, "text is expected")),
        }
    }
}

impl FromJson for Date {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        let found = value.as_str().and_then(parse_date);
        found.ok_or_else(|| Malformed::new(path, "a date YYYY-MM-DD that exists is expected"))
    }
}

impl FromJson for When {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        let found = value.as_str().and_then(Self::parse);
        found.ok_or_else(|| Malformed::new(path, "a date YYYY-MM-DD or an RFC 3339 instant that exists is expected"))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        T::read(value, path).map(Some)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        const LONGEST: usize = 10_000;
        let Value::Array(items) = value else { return Err(Malformed::new(path, "a list is expected")) };
        if items.len() > LONGEST {
            return Err(Malformed::new(path, format!("at most {LONGEST} entries are expected")));
        }
        items.iter().enumerate().map(|(n, item)| T::read(item, &format!("{path}[{n}]"))).collect()
    }
}

impl<W: Word> FromJson for W {
    fn read(value: &Value, path: &str) -> Result<Self, Malformed> {
        let Some(word) = value.as_str() else {
            return Err(Malformed::new(path, format!("a word of the list {} is expected", W::CALLED)));
        };
        W::from_word(word).ok_or_else(|| {
            let known: Vec<_> = W::LIST.iter().map(|(word, _)| *word).collect();
            Malformed::new(path, format!("\"{}\" is not in the list {}: {}", short(word), W::CALLED, known.join(" ")))
        })
    }
}

/// At most 40 characters of what was written, so that an error stays readable.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Declares a block of facts: the struct, what is required, what may be absent and then has which value.
macro_rules! block {
    (
        $(#[$meta:meta])* $name:ident
        required { $($(#[$rm:meta])* $rf:ident: $rt:ty,)* }
        stated { $($(#[$sm:meta])* $sf:ident: $st:ty = $default:expr,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(clippy::struct_excessive_bools, reason = "facts are stated as the format states them")]
        pub struct $name { $($(#[$rm])* pub $rf: $rt,)* $($(#[$sm])* pub $sf: $st,)* }

        impl $name {
            /// What must be stated, with everything else as the format presumes it.
            #[allow(clippy::new_without_default, reason = "blocks without required fields have Default beside it")]
            pub fn new($($rf: $rt),*) -> Self {
                Self { $($rf,)* $($sf: $default,)* }
            }
        }

        impl crate::read::FromJson for $name {
            fn read(value: &serde_json::Value, path: &str) -> Result<Self, crate::read::Malformed> {
                let mut object = crate::read::Object::open(value, path)?;
                $(let $rf = object.must(stringify!($rf))?;)*
                $(let $sf = match object.maybe(stringify!($sf))? { Some(value) => value, None => $default };)*
                object.close()?;
                Ok(Self { $($rf,)* $($sf,)* })
            }
        }
    };
}
pub(crate) use block;
