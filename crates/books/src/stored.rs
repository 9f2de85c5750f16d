//! Stored bodies, member by member: each type says how it is written as JSON and read again, and an event or a record
//! names its members once. Format 1.

use crate::codec;
use crate::product::{Party, Product};
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Ndc, Schedule};

/// A type that stands in a stored body.
pub(crate) trait Stored: Sized {
    /// As JSON; `None` is left out.
    fn write(&self) -> Option<Value>;
    /// Reads the member `field`.
    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField>;
}

/// Writes one member.
pub(crate) fn put<T: Stored>(body: &mut Value, field: &str, value: &T) {
    if let Some(value) = value.write() {
        body[field] = value;
    }
}

fn bad<T>(field: &str, expected: &'static str) -> Result<T, BadField> {
    Err(BadField { field: field.to_owned(), expected })
}

macro_rules! stored_text {
    ($($type:ty, $expected:literal, $print:expr, $parse:expr;)+) => {$(
        impl crate::stored::Stored for $type {
            fn write(&self) -> Option<serde_json::Value> {
                let print: fn(&$type) -> String = $print;
                Some(serde_json::json!(print(self)))
            }

            fn read(read: theriac_model::json::Reader<'_>, field: &str) -> Result<Self, theriac_model::json::BadField> {
                let parse: fn(&str) -> Option<$type> = $parse;
                read.parsed(field, $expected, parse)
            }
        }
    )+};
}
pub(crate) use stored_text;

stored_text! {
    String, "a string", Clone::clone, |text| Some(text.to_owned());
    Moment, "an instant with its offset", ToString::to_string, Moment::parse;
    Date, "a day", ToString::to_string, |text| text.parse().ok();
    DeaNumber, "a DEA number", |number| number.as_str().to_owned(), |text| DeaNumber::parse(text).ok();
    Ndc, "an NDC", |ndc| ndc.as_str().to_owned(), |text| Ndc::parse(text).ok();
    Schedule, "a schedule I to V", |schedule| schedule.roman().to_owned(), Schedule::parse;
}

/// Words of this crate's lists.
macro_rules! stored_words {
    ($($type:ty),+) => {$(
        crate::stored::stored_text! { $type, "a word of its list", |word| word.word().to_owned(), <$type>::parse; }
    )+};
}
pub(crate) use stored_words;

/// Words of the rulebook's lists.
macro_rules! stored_law_words {
    ($($type:ty),+) => {$(
        stored_text! {
            $type, "a word of its list",
            |word| theriac_law::vocab::Word::word(*word).to_owned(),
            <$type as theriac_law::vocab::Word>::from_word;
        }
    )+};
}

stored_law_words!(
    theriac_law::vocab::OrderMethod,
    theriac_law::vocab::FormsEvent,
    theriac_law::vocab::FormsKind,
    theriac_law::vocab::CertificateEvent,
    theriac_law::vocab::IdDocument,
    theriac_law::vocab::Channel,
    theriac_law::vocab::DisclosurePurpose
);

impl Stored for u32 {
    fn write(&self) -> Option<Value> {
        Some(json!(self))
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        Self::try_from(read.whole(field)?).or_else(|_| bad(field, "a whole number from 0 to 2^32"))
    }
}

impl Stored for u64 {
    fn write(&self) -> Option<Value> {
        Some(json!(self))
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        codec::balance(read, field)?.try_into().or_else(|_| bad(field, "a whole number from 0"))
    }
}

impl Stored for Actor {
    fn write(&self) -> Option<Value> {
        Some(codec::actor_json(self))
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        codec::read_actor(read.object(field)?)
    }
}

impl Stored for Party {
    fn write(&self) -> Option<Value> {
        Some(self.to_json())
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        Self::read(read.object(field)?)
    }
}

impl Stored for Product {
    fn write(&self) -> Option<Value> {
        Some(self.to_json())
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        Self::read(read.object(field)?)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self) -> Option<Value> {
        self.as_ref()?.write()
    }

    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        if read.get(field).is_none() { Ok(None) } else { T::read(read, field).map(Some) }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self) -> Option<Value> {
        Some(self.iter().filter_map(Stored::write).collect())
    }

    /// An item is read as the only member of an object of its own, so that every type has one way of being read.
    fn read(read: Reader<'_>, field: &str) -> Result<Self, BadField> {
        read.list(field)?.iter().map(|item| T::read(Reader(&json!({ field: item })), field)).collect()
    }
}

/// Declares a struct whose members are written under their own names.
macro_rules! record {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)* }

        impl crate::stored::Stored for $name {
            fn write(&self) -> Option<serde_json::Value> {
                let mut body = serde_json::json!({});
                $(crate::stored::put(&mut body, stringify!($field), &self.$field);)*
                Some(body)
            }

            fn read(
                read: theriac_model::json::Reader<'_>,
                field: &str,
            ) -> Result<Self, theriac_model::json::BadField> {
                let read = read.object(field)?;
                Ok(Self { $($field: crate::stored::Stored::read(read, stringify!($field))?,)* })
            }
        }
    )+};
}
pub(crate) use record;

/// Declares the events of one kind of stream, with their kinds and bodies.
macro_rules! events {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $kind:literal {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
    })+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant, reason = "events are read one at a time and not kept in number")]
        pub enum $name { $($(#[$doc])* $variant { $($(#[$fdoc])* $field: $type,)* },)+ }

        impl $name {
            /// The event's kind, as the journal stores it.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind,)+ }
            }

            /// The body, format 1.
            pub fn to_json(&self) -> serde_json::Value {
                match self {$(
                    Self::$variant { $($field),* } => {
                        let mut body = serde_json::json!({ "format": crate::codec::FORMAT });
                        $(crate::stored::put(&mut body, stringify!($field), $field);)*
                        body
                    }
                )+}
            }

            /// Reads a body written by `to_json`.
            ///
            /// # Errors
            /// [`crate::BadEvent`], naming the kind, the format or the member that cannot be read.
            pub fn from_json(kind: &str, body: &serde_json::Value) -> Result<Self, crate::BadEvent> {
                match kind {
                    $($kind => {
                        let read = crate::codec::formatted(body, $kind)?;
                        Ok(Self::$variant { $($field: crate::stored::Stored::read(read, stringify!($field))?,)* })
                    })+
                    other => Err(crate::BadEvent::UnknownKind(other.chars().take(60).collect())),
                }
            }
        }
    };
}
pub(crate) use events;
