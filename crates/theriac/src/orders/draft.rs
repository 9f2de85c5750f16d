//! An order before anybody has signed it: what is written, kept as it was typed, so that one person makes it out and another
//! signs it. A draft is no order; nothing in the law is done with it.

use super::parties::party;
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use crate::typed::{Typed, wrong};
use serde_json::{Value, json};
use theriac_books::orders::{Draft, FormNumber, OrderNumber, OwnCopy, WrittenItem, WrittenLine};
use theriac_law::vocab::{Condition, SignatureKind, Standing, Word as _};
use theriac_model::{Actor, BusinessActivity, Ndc, Refusal};

/// The most lines that can be written: those of a single sheet.
pub(crate) const LINES_MOST: u32 = 20;

/// A record of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DraftEvent {
    /// It was written, or written anew.
    Written { fields: Vec<(String, String)> },
    /// It was signed and is an order.
    Signed { order: String },
    /// It was thrown away.
    ThrownAway,
}

impl Recorded for DraftEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Written { .. } => "order-draft.written",
            Self::Signed { .. } | Self::ThrownAway => "order-draft.closed",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Written { fields } => {
                let fields: Vec<Value> = fields.iter().map(|(name, value)| json!([name, value])).collect();
                json!({ "fields": fields })
            }
            Self::Signed { order } => json!({ "how": "signed", "order": order }),
            Self::ThrownAway => json!({ "how": "thrown-away" }),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        match (kind, text("how").as_deref()) {
            ("order-draft.written", _) => {
                let pair = |one: &Value| Some((one.get(0)?.as_str()?.to_owned(), one.get(1)?.as_str()?.to_owned()));
                let fields = body.get("fields").and_then(Value::as_array);
                let fields = fields.and_then(|all| all.iter().map(pair).collect()).ok_or("fields are no pairs")?;
                Ok(Self::Written { fields })
            }
            ("order-draft.closed", Some("signed")) => Ok(Self::Signed { order: text("order").ok_or("no order")? }),
            ("order-draft.closed", Some("thrown-away")) => Ok(Self::ThrownAway),
            (other, _) => Err(format!("{other:?} is no record of a draft order")),
        }
    }
}

pub(super) fn draft_stream(id: &str) -> String {
    format!("order-draft/{id}")
}

/// What is kept of a form: fields that are filled in, each once, none longer than a line.
fn kept(typed: &Typed) -> Result<Vec<(String, String)>, Fault> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in &typed.0 {
        let value = value.trim();
        if value.is_empty() || fields.iter().any(|(known, _)| known == name) {
            continue;
        }
        if value.chars().count() > 200 || value.chars().any(char::is_control) || name.len() > 40 {
            let what = "a field is longer than 200 characters or holds control characters";
            return Err(wrong("number", what, "write it shorter"));
        }
        if fields.len() == 100 {
            return Err(wrong("number", "there are more than 100 fields", "open the page again and send its form"));
        }
        fields.push((name.clone(), value.to_owned()));
    }
    Ok(fields)
}

impl House {
    /// What stands in a draft, and the version of its stream.
    pub(crate) fn order_draft(&self, id: &str) -> Result<(Typed, u64), Fault> {
        let (events, version) = stream::<DraftEvent>(&self.store, &draft_stream(id))?;
        match events.last() {
            Some(DraftEvent::Written { fields }) => Ok((Typed(fields.clone()), version)),
            Some(DraftEvent::Signed { order }) => Err(closed(format!("the draft was signed: it is order {order}"))),
            Some(DraftEvent::ThrownAway) => Err(closed("the draft was thrown away".to_owned())),
            None => Err(closed("there is no draft of this number".to_owned())),
        }
    }

    /// Keeps a draft; answers its identifier.
    ///
    /// # Errors
    /// Fields that cannot be kept. Whether it is an order is asked when it is signed.
    pub(crate) fn write_order(&self, actor: &Actor, id: Option<&str>, typed: &Typed) -> Result<String, Fault> {
        let fields = kept(typed)?;
        let (id, version) = match id {
            Some(id) => (id.to_owned(), self.order_draft(id)?.1),
            None => (Self::fresh_id("d-")?, 0),
        };
        let name = draft_stream(&id);
        let by = self.at_the_order_desk(actor, self.clock.moment());
        let written = DraftEvent::Written { fields };
        Change::default().decided_on(&name, version).event(&by, &name, &written)?.commit(&self.store)?;
        Ok(id)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// `ORDER-DRAFT` for one that is not there any more.
    pub(crate) fn throw_order_away(&self, actor: &Actor, id: &str) -> Result<(), Fault> {
        let (_, version) = self.order_draft(id)?;
        let name = draft_stream(id);
        let by = self.at_the_order_desk(actor, self.clock.moment());
        Change::default().decided_on(&name, version).event(&by, &name, &DraftEvent::ThrownAway)?.commit(&self.store)?;
        Ok(())
    }

    /// The drafts that wait for a signature, newest first.
    pub(crate) fn order_drafts(&self) -> Result<Vec<(String, Typed)>, Fault> {
        let ids = self.order_records("order-draft", "order-draft.closed")?;
        ids.into_iter().map(|id| self.order_draft(&id).map(|(typed, _)| (id, typed))).collect()
    }

    /// A draft as the core judges it. `number` is that of the form, or the tracking number it is to have.
    pub(super) fn made_out(
        &self,
        written: &Typed,
        number: OrderNumber,
        signer: &str,
        signing: &Typed,
    ) -> Result<Draft, Fault> {
        let mut lines = Vec::new();
        for number in 1..=LINES_MOST {
            let field = number.to_string();
            let at = |name: &str| written.get(&format!("{name}-{field}")).to_owned();
            if at("ndc").is_empty() {
                continue;
            }
            let ndc = Ndc::parse(&at("ndc")).map_err(|error| {
                wrong(format!("ndc-{field}"), format!("line {number}: {error}"), "scan or enter the NDC again")
            })?;
            let product = self.product_in_packages(&field, &ndc, &at("size"))?;
            let packages = match at("packages") {
                text if text.is_empty() => None,
                text => Some(text.parse().map_err(|_| {
                    let what = format!("line {number}: {text:?} is no number of packages");
                    wrong(format!("packages-{field}"), what, "enter a whole number")
                })?),
            };
            lines.push(WrittenLine { number, items: vec![WrittenItem { product, packages }] });
        }
        let condition = match signing.get("condition") {
            "" => Condition::Good,
            word => Condition::from_word(word)
                .ok_or_else(|| wrong("condition", "that is no condition of a form", "choose one of the list"))?,
        };
        let signature = match signing.get("signature") {
            "" => None,
            word => Some(
                SignatureKind::from_word(word)
                    .ok_or_else(|| wrong("signature", "that is no way to sign", "choose one of the list"))?,
            ),
        };
        let electronic = matches!(number, OrderNumber::Tracking(_));
        Ok(Draft {
            number,
            purchaser: self.order_party(),
            schedules: self.order_schedules(self.pharmacy),
            standing: self.order_standing(self.pharmacy, Standing::Valid),
            supplier: party(written, BusinessActivity::Distributor)?,
            last_line: match written.get("last") {
                "" if electronic => u32::try_from(lines.len()).ok(),
                "" => None,
                _ => Some(written.number("last")?),
            },
            lines,
            condition,
            signature: if electronic { Some(SignatureKind::Digital) } else { signature },
            signer: signer.to_owned(),
            copy: if signing.ticked("copy") { OwnCopy::Kept } else { OwnCopy::NotKept },
        })
    }

    /// The serial number written on a draft for paper; `None` for an electronic order.
    pub(super) fn form_of(written: &Typed) -> Result<Option<FormNumber>, Fault> {
        let text = written.get("number-of-form");
        if text.is_empty() {
            return Ok(None);
        }
        let read = FormNumber::parse(text);
        read.map(Some).map_err(|error| wrong("number-of-form", error.to_string(), "copy it from the form"))
    }
}

fn closed(what: String) -> Fault {
    Refusal::new("ORDER-DRAFT", "-", what, "look at the list of orders").about("id").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_a_draft_is_read_back() {
        for event in [
            DraftEvent::Written { fields: vec![("ndc-1".to_owned(), "99999010101".to_owned())] },
            DraftEvent::Signed { order: "form-210000001".to_owned() },
            DraftEvent::ThrownAway,
        ] {
            assert_eq!(DraftEvent::read(event.kind(), &event.body()), Ok(event));
        }
        assert!(DraftEvent::read("order-draft.closed", &json!({ "how": "x" })).is_err());
    }
}
