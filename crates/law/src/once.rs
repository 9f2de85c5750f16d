//! JSON in which every member of an object stands once: of two, neither can be believed.

use crate::read::Malformed;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Before the name of a doubled member in the reader's error. No member that is known begins so.
const TWICE: &str = "\u{1}stated twice: ";

/// Reads one JSON value.
///
/// # Errors
/// [`Malformed`] about the doubled member, or about `line` where it is not JSON.
pub(crate) fn read(text: &str) -> Result<Value, Malformed> {
    serde_json::from_str::<Once>(text).map(|Once(value)| value).map_err(|error| {
        let said = error.to_string();
        match said.strip_prefix(TWICE).and_then(|rest| rest.rsplit_once(" at line ")) {
            Some((member, _)) => {
                Malformed::new(member.chars().take(60).collect::<String>(), "is stated twice in one object")
            }
            None => Malformed::new("line", format!("is not one JSON object (at column {})", error.column())),
        }
    })
}

struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Each).map(Self)
    }
}

struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("{TWICE}{name}")));
            }
            let Once(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &Result<Value, (&str, &str)>) {
        let found = read(text);
        let found = found.as_ref().map_err(|fault| (fault.field.as_str(), fault.what.as_str()));
        assert_eq!(found, expected.as_ref().map_err(|fault| *fault), "{text}");
    }

    #[test]
    fn a_member_that_stands_twice_is_named_wherever_it_stands() {
        let twice = "is stated twice in one object";
        check(r#"{"a":1,"a":1}"#, &Err(("a", twice)));
        check(r#"{"a":[{"quantity":1,"b":{},"quantity":2}]}"#, &Err(("quantity", twice)));
        check(r#"{"a":{"a":1},"b":{"a":2}}"#, &Ok(serde_json::json!({"a": {"a": 1}, "b": {"a": 2}})));
        check(r#"[1,-2,2.5,"x",true,null,{}]"#, &Ok(serde_json::json!([1, -2, 2.5, "x", true, null, {}])));
        check("{", &Err(("line", "is not one JSON object (at column 1)")));
    }
}
