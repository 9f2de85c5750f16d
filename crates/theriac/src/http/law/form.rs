//! The try-it form: plain fields of a prescription and an act, made into a question.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use theriac_law::vocab::{
    Basis, Element, Form as PrescriptionForm, PractitionerKind, Schedule, Signature, Status, Word,
};

/// A question of the form, every field as typed. What is left empty is not stated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_field_names)] // `form` is the field's name in the address and in the format
pub(super) struct Form {
    pub(super) action: String,
    pub(super) at: String,
    pub(super) asked: String,
    pub(super) basis: String,
    pub(super) schedule: String,
    pub(super) form: String,
    pub(super) issued: String,
    pub(super) quantity: String,
    pub(super) refills: String,
    pub(super) earliest: String,
    pub(super) signature: String,
    pub(super) missing: String,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) filled: String,
    pub(super) filled_quantity: String,
    pub(super) used: String,
    pub(super) state: String,
    /// A whole question in the scenario format; it stands for all the other fields.
    pub(super) json: String,
}

/// An option of a list: its word, and whether it is chosen.
pub(super) struct Choice {
    pub(super) word: &'static str,
    pub(super) chosen: bool,
}

/// The acts the form can ask about; all others go through the scenario format.
const ACTIONS: [&str; 9] = [
    "fill",
    "refill",
    "partial-fill",
    "remaining-quantity",
    "refills-remaining",
    "emergency-fill",
    "transfer-out",
    "transfer-in",
    "receive-electronic",
];
/// The longest question in the scenario format, in bytes; the address is bounded, too.
const LONGEST: usize = 2_000;

fn choices<W: Word>(chosen: &str) -> Vec<Choice> {
    W::LIST.iter().map(|(word, _)| Choice { word, chosen: *word == chosen }).collect()
}

impl Form {
    /// A question worth asking: the last day on which schedule IV may be refilled, and one day more.
    pub(super) fn example() -> Self {
        let text = str::to_owned;
        Self {
            action: text("refill"),
            at: text("2026-07-12"),
            asked: text("30"),
            schedule: text("IV"),
            form: text("electronic"),
            issued: text("2026-01-11"),
            quantity: text("30"),
            refills: text("5"),
            filled: text("2026-01-12"),
            ..Self::default()
        }
    }

    pub(super) fn actions(&self) -> Vec<Choice> {
        ACTIONS.iter().map(|word| Choice { word, chosen: *word == self.action }).collect()
    }

    pub(super) fn schedules(&self) -> Vec<Choice> {
        choices::<Schedule>(&self.schedule)
    }

    pub(super) fn forms(&self) -> Vec<Choice> {
        choices::<PrescriptionForm>(&self.form)
    }

    pub(super) fn bases(&self) -> Vec<Choice> {
        choices::<Basis>(&self.basis)
    }

    pub(super) fn signatures(&self) -> Vec<Choice> {
        choices::<Signature>(&self.signature)
    }

    pub(super) fn elements(&self) -> Vec<Choice> {
        choices::<Element>(&self.missing)
    }

    pub(super) fn kinds(&self) -> Vec<Choice> {
        choices::<PractitionerKind>(&self.kind)
    }

    pub(super) fn statuses(&self) -> Vec<Choice> {
        choices::<Status>(&self.status)
    }

    /// The question: request and facts.
    ///
    /// # Errors
    /// Which field cannot be read.
    pub(super) fn question(&self) -> Result<(Value, Value), String> {
        if !self.json.trim().is_empty() {
            if self.json.len() > LONGEST {
                return Err(format!("the question is longer than {LONGEST} bytes; use `theriac law decide`"));
            }
            let whole: Value = serde_json::from_str(&self.json).map_err(|_| "the question is not JSON".to_owned())?;
            return Ok((whole["request"].clone(), whole["facts"].clone()));
        }
        let mut request = Map::new();
        request.insert("action".into(), text(&self.action));
        request.insert("at".into(), text(&self.at));
        let prescribed = number("the quantity prescribed", &self.quantity)?;
        let asked = number("the quantity asked for", &self.asked)?.or_else(|| prescribed.clone());
        if matches!(self.action.as_str(), "fill" | "refill" | "partial-fill" | "emergency-fill") {
            set(&mut request, "quantity", asked.clone());
        }
        if self.action == "emergency-fill" {
            set(&mut request, "needed", asked);
        }
        if self.action == "partial-fill" {
            set(&mut request, "basis", Some(self.basis.trim()).filter(|word| !word.is_empty()).map(text));
        }
        let mut prescription = Map::new();
        for (member, typed) in [("schedule", &self.schedule), ("form", &self.form), ("issued", &self.issued)] {
            prescription.insert(member.into(), text(typed));
        }
        set(&mut prescription, "quantity", prescribed.clone());
        set(&mut prescription, "refills_authorized", number("the refills written", &self.refills)?);
        for (member, typed) in [("earliest_fill", &self.earliest), ("signature", &self.signature)] {
            set(&mut prescription, member, Some(typed.trim()).filter(|typed| !typed.is_empty()).map(text));
        }
        if !self.missing.is_empty() {
            prescription.insert("missing".into(), json!([self.missing]));
        }
        let mut facts = Map::new();
        facts.insert("prescription".into(), prescription.into());
        let mut prescriber = Map::new();
        for (member, typed) in [("kind", &self.kind), ("registration_status", &self.status)] {
            set(&mut prescriber, member, Some(typed.trim()).filter(|typed| !typed.is_empty()).map(text));
        }
        if !prescriber.is_empty() {
            facts.insert("prescriber".into(), prescriber.into());
        }
        let history = self.history(prescribed.as_ref())?;
        if !history.is_empty() {
            facts.insert("history".into(), history.into());
        }
        if !self.state.is_empty() {
            facts.insert("state".into(), text(&self.state));
        }
        Ok((request.into(), facts.into()))
    }

    /// What was dispensed before: the first filling, and refills of the same quantity on the same day.
    fn history(&self, prescribed: Option<&Value>) -> Result<Vec<Value>, String> {
        if self.filled.trim().is_empty() {
            return Ok(Vec::new());
        }
        let first = number("the quantity of the first filling", &self.filled_quantity)?.or_else(|| prescribed.cloned());
        let kind = if self.action == "partial-fill" || first.as_ref() != prescribed { "partial" } else { "fill" };
        let mut history = vec![json!({"kind": kind, "at": self.filled.trim(), "quantity": first})];
        if let Some(used) = number("the refills used", &self.used)?.filter(|used| used.as_u64() != Some(0)) {
            history.push(json!({"kind": "refill", "at": self.filled.trim(), "quantity": prescribed, "count": used}));
        }
        Ok(history)
    }
}

fn text(typed: &str) -> Value {
    typed.trim().into()
}

fn set(object: &mut Map<String, Value>, member: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(member.to_owned(), value);
    }
}

fn number(what: &str, typed: &str) -> Result<Option<Value>, String> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            typed.parse::<u32>().map(|number| Some(number.into())).map_err(|_| format!("{what} is not a whole number"))
        }
    }
}
