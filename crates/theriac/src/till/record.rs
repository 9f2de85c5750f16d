//! What the till itself records, beside the events of the books' core.

use crate::house::record::Recorded;
use serde_json::{Value, json};

/// A record of the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TillEvent {
    /// A product that is sold without a prescription, as somebody entered it; a later entry replaces an earlier one.
    Product { ndc: String, fields: Vec<(String, String)>, by: String },
    /// A step of the online pharmacy's file that the core has no event for: a notice, a licence, a change.
    Noted { what: String, fields: Vec<(String, String)>, by: String },
}

impl TillEvent {
    fn fields(&self) -> &[(String, String)] {
        match self {
            Self::Product { fields, .. } | Self::Noted { fields, .. } => fields,
        }
    }
}

impl Recorded for TillEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Product { .. } => "till.product-entered",
            Self::Noted { .. } => "till.noted",
        }
    }

    fn body(&self) -> Value {
        let fields: Value = self.fields().iter().map(|(name, value)| json!([name, value])).collect();
        match self {
            Self::Product { ndc, by, .. } => json!({ "ndc": ndc, "fields": fields, "by": by }),
            Self::Noted { what, by, .. } => json!({ "what": what, "fields": fields, "by": by }),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        let text = |name: &str| {
            body.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("{name} is no text"))
        };
        let pair = |one: &Value| Some((one.get(0)?.as_str()?.to_owned(), one.get(1)?.as_str()?.to_owned()));
        let fields = body.get("fields").and_then(Value::as_array);
        let fields: Option<Vec<_>> = fields.and_then(|fields| fields.iter().map(pair).collect());
        let fields = fields.ok_or("fields are no pairs of texts")?;
        Ok(match kind {
            "till.product-entered" => Self::Product { ndc: text("ndc")?, fields, by: text("by")? },
            "till.noted" => Self::Noted { what: text("what")?, fields, by: text("by")? },
            other => return Err(format!("{other:?} is no record of the till")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_read_back() {
        let fields = vec![("kept".to_owned(), "behind-counter".to_owned())];
        for event in [
            TillEvent::Product { ndc: "99999050101".to_owned(), fields: fields.clone(), by: "fern".to_owned() },
            TillEvent::Noted { what: "board-told".to_owned(), fields, by: "fern".to_owned() },
        ] {
            assert_eq!(TillEvent::read(event.kind(), &event.body()), Ok(event));
        }
        assert!(TillEvent::read("till.other", &json!({"fields": []})).is_err());
        assert!(TillEvent::read("till.noted", &json!({"fields": [1], "what": "x", "by": "y"})).is_err());
    }
}
