//! Values that write and read themselves: a record lists its members once, for both directions. What is absent is not
//! written, and an optional member that is absent or null is read as none.

pub(crate) use super::parts::bad;
use super::parts::{law, person, quantity, read_law, read_person, read_quantity};
use crate::event::BadEvent;
use crate::law_record::LawRecord;
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::people::Person;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::{Moment, When};
use theriac_model::json::{BadField, Reader};
use theriac_model::{CanonicalContents, DeaNumber, Element, Ndc, Quantity, Schedule};

/// Something that can stand as a member of a stored body.
pub(crate) trait Stored: Sized {
    /// The member; `None` leaves it out.
    fn write(&self) -> Option<Value>;

    /// Reads the member `field`; `value` is `None` where it is absent or null.
    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField>;
}

/// The members of a body that is a record.
pub(crate) fn body(record: &impl Stored) -> Value {
    record.write().unwrap_or_else(|| json!({}))
}

/// A body that is a record, read back.
pub(crate) fn read_body<T: Stored>(read: Reader<'_>) -> Result<T, BadField> {
    T::read(Some(read.0), "body")
}

/// Declares records: the stored name of each member, and the field that holds it.
macro_rules! record {
    ($($type:ty { $($name:literal $field:ident,)* })+) => {$(
        impl $crate::codec::stored::Stored for $type {
            fn write(&self) -> Option<serde_json::Value> {
                let mut members = serde_json::Map::new();
                $(if let Some(value) = $crate::codec::stored::Stored::write(&self.$field) {
                    members.insert($name.to_owned(), value);
                })*
                Some(serde_json::Value::Object(members))
            }

            fn read(value: Option<&serde_json::Value>, field: &str) -> Result<Self, theriac_model::json::BadField> {
                let Some(serde_json::Value::Object(members)) = value else {
                    return $crate::codec::stored::bad(field, "an object");
                };
                Ok(Self { $($field: $crate::codec::stored::Stored::read(
                    members.get($name).filter(|value| !value.is_null()), $name)?,)* })
            }
        }
    )+};
}
pub(crate) use record;

/// Gives a record that is an event by itself its kind, and a body of format 1.
macro_rules! event_record {
    ($event:ident, $kind:literal) => {
        impl $event {
            /// The event's kind.
            pub const KIND: &'static str = $kind;

            /// The body, format 1.
            pub fn to_json(&self) -> serde_json::Value {
                $crate::codec::stored::format_1(self)
            }

            #[doc = concat!("Reads a body written by [`", stringify!($event), "::to_json`].")]
            ///
            /// # Errors
            /// [`BadEvent`](crate::BadEvent), naming the kind, the format or the member that cannot be read.
            pub fn from_json(kind: &str, written: &serde_json::Value) -> Result<Self, $crate::BadEvent> {
                match kind {
                    Self::KIND => $crate::codec::stored::read_format_1(kind, written),
                    other => Err($crate::codec::stored::unknown_kind(other)),
                }
            }
        }
    };
}
pub(crate) use event_record;

/// Gives a choice between records, each an event of its own, their kinds and bodies of format 1.
macro_rules! event_records {
    ($event:ident { $($variant:ident $kind:literal,)+ }) => {
        impl $event {
            /// The event's kind.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)+ }
            }

            /// The body, format 1.
            pub fn to_json(&self) -> serde_json::Value {
                match self { $(Self::$variant(record) => $crate::codec::stored::format_1(record),)+ }
            }

            #[doc = concat!("Reads a body written by [`", stringify!($event), "::to_json`].")]
            ///
            /// # Errors
            /// [`BadEvent`](crate::BadEvent), naming the kind, the format or the member that cannot be read.
            pub fn from_json(kind: &str, written: &serde_json::Value) -> Result<Self, $crate::BadEvent> {
                match kind {
                    $($kind => $crate::codec::stored::read_format_1(kind, written).map(Self::$variant),)+
                    other => Err($crate::codec::stored::unknown_kind(other)),
                }
            }
        }
    };
}
pub(crate) use event_records;

/// A record as an event's body, with the number of the format.
pub(crate) fn format_1(record: &impl Stored) -> Value {
    let mut written = body(record);
    written["format"] = 1.into();
    written
}

/// A record read back from an event's body.
pub(crate) fn read_format_1<T: Stored>(kind: &str, written: &Value) -> Result<T, BadEvent> {
    let read = Reader(written);
    super::check_format(kind, read)?;
    Ok(read_body(read)?)
}

/// The answer to a kind that no event here has; what it says is bounded.
pub(crate) fn unknown_kind(kind: &str) -> BadEvent {
    BadEvent::UnknownKind(kind.chars().take(60).collect())
}

/// Declares members that are one word of a closed list.
macro_rules! stored_words {
    ($($type:ty)+) => {$(
        impl $crate::codec::stored::Stored for $type {
            fn write(&self) -> Option<serde_json::Value> {
                Some(theriac_law::vocab::Word::word(*self).into())
            }

            fn read(value: Option<&serde_json::Value>, field: &str) -> Result<Self, theriac_model::json::BadField> {
                use theriac_law::vocab::Word;
                match value.and_then(serde_json::Value::as_str).and_then(<$type>::from_word) {
                    Some(member) => Ok(member),
                    None => $crate::codec::stored::bad(field, <$type>::CALLED),
                }
            }
        }
    )+};
}
pub(crate) use stored_words;

/// Members that are one text with a reader of their own.
macro_rules! texts {
    ($($type:ty, $expected:literal, $read:expr;)+) => {$(
        impl Stored for $type {
            fn write(&self) -> Option<Value> {
                Some(Value::String(self.to_string()))
            }

            fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
                let read: fn(&str) -> Option<Self> = $read;
                match value.and_then(Value::as_str).and_then(read) {
                    Some(found) => Ok(found),
                    None => bad(field, $expected),
                }
            }
        }
    )+};
}

texts! {
    String, "a string", |text| Some(text.to_owned());
    Moment, "an instant with its offset", Moment::parse;
    When, "a day or an instant with its offset", When::parse;
    Date, "a date", |text| text.parse().ok();
    DeaNumber, "a DEA number", |text| DeaNumber::parse(text).ok();
    Element, "an element of a prescription", Element::from_tag;
    Ndc, "an NDC", |text| Ndc::parse(text).ok();
    PrescriptionNumber, "a prescription number", |text| PrescriptionNumber::parse(text).ok();
    ArchiveDigest, "a digest of 64 hexadecimal digits", |text| ArchiveDigest::parse(text).ok();
    Schedule, "a schedule I to V", Schedule::parse;
}

/// Whole numbers from 0.
macro_rules! numbers {
    ($($type:ty)+) => {$(
        impl Stored for $type {
            fn write(&self) -> Option<Value> {
                i64::try_from(*self).ok().map(Value::from)
            }

            fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
                match value.and_then(Value::as_i64).and_then(|number| Self::try_from(number).ok()) {
                    Some(number) => Ok(number),
                    None => bad(field, "a whole number from 0"),
                }
            }
        }
    )+};
}
numbers! { u16 u32 u64 }

impl Stored for CanonicalContents {
    fn write(&self) -> Option<Value> {
        Some(self.to_json())
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        value.map_or_else(|| bad(field, "an object"), Self::from_json)
    }
}

/// A member that is not stated means no.
impl Stored for bool {
    fn write(&self) -> Option<Value> {
        self.then_some(Value::Bool(true))
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match value {
            None => Ok(false),
            Some(Value::Bool(stated)) => Ok(*stated),
            Some(_) => bad(field, "true or false"),
        }
    }
}

impl Stored for Person {
    fn write(&self) -> Option<Value> {
        Some(person(self))
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        value.map_or_else(|| bad(field, "an object"), |value| read_person(Reader(value)))
    }
}

impl Stored for LawRecord {
    fn write(&self) -> Option<Value> {
        Some(law(self))
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match value {
            Some(value) => read_law(Reader(&json!({ "law": value }))),
            None => bad(field, "an object"),
        }
    }
}

impl Stored for Quantity {
    fn write(&self) -> Option<Value> {
        Some(quantity(self))
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match value {
            Some(value) => read_quantity(Reader(&json!({ "quantity": value })), "quantity"),
            None => bad(field, "an object"),
        }
    }
}

impl<T: Stored> Stored for Box<T> {
    fn write(&self) -> Option<Value> {
        (**self).write()
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        T::read(value, field).map(Self::new)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self) -> Option<Value> {
        self.as_ref().and_then(Stored::write)
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        value.map(|value| T::read(Some(value), field)).transpose()
    }
}

/// A list that is empty is left out.
impl<T: Stored> Stored for Vec<T> {
    fn write(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.iter().filter_map(Stored::write).collect())
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match value {
            None => Ok(Self::new()),
            Some(Value::Array(items)) => items.iter().map(|item| T::read(Some(item), field)).collect(),
            Some(_) => bad(field, "a list"),
        }
    }
}
