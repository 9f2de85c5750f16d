//! A stored body as names and values in plain words, whatever its kind and format: records must be easily readable, also those
//! that an earlier version wrote (21 CFR 1311.205(b)(12); 2008: 1311.180(c)).

use serde_json::Value;

/// Names and values at most; what is longer is read in the stored bytes beside them.
const FIELDS_MAX: usize = 400;

/// The members of a body, in order: `pharmacist, name` and its value. None for what is no JSON.
pub(super) fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        walk("", &value, &mut fields);
    }
    fields
}

fn walk(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    if fields.len() == FIELDS_MAX {
        return;
    }
    let inner = |key: &str| {
        // A tag of a prescription has a name of its own; other members are words with hyphens.
        let own = match super::words::label(key) {
            label if label != key => label,
            _ => key.replace(['-', '_'], " "),
        };
        if name.is_empty() { own } else { format!("{name}, {own}") }
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| walk(&inner(key), value, fields)),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            fields.push((name.to_owned(), if items.is_empty() { "none".to_owned() } else { items.join(", ") }));
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                walk(&inner(&(place + 1).to_string()), item, fields);
            }
        }
        other => fields.push((name.to_owned(), plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_has_a_name_and_a_value_and_tags_of_a_prescription_have_plain_names() {
        let body = r#"{"contents":{"drug.name":"X","patient.last":"Y"},"refusals":[{"what":"late"}],"rules":["a","b"],
            "by":{"full-name":"Z"},"left":null,"old_flag":true,"no":3}"#;
        let found = fields(body);
        let value = |name: &str| {
            let found = found.iter().find(|(own, _)| own == name);
            found.unwrap_or_else(|| panic!("{name}: {found:?}")).1.as_str()
        };
        for (name, expected) in [
            ("contents, Drug", "X"),
            ("contents, Last name", "Y"),
            ("refusals, 1, what", "late"),
            ("rules", "a, b"),
            ("by, full name", "Z"),
            ("left", "none"),
            ("old flag", "yes"),
            ("no", "3"),
        ] {
            assert_eq!(value(name), expected);
        }
        assert!(fields("no json").is_empty());
    }
}
