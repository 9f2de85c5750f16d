//! A question: when, what, and on which facts. Built by a program, or read from one line of the scenario format.

use crate::facts::{Act, Content, Facts, Prescriber, Prescription};
use crate::read::{FromJson, Malformed, Object};
use crate::request::{Request, read_request};
use crate::vocab::{Basis, HistoryKind, State};
use crate::when::When;
use serde_json::Value;
use std::cmp::Ordering;

/// A question to the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The time of the act asked about.
    pub at: When,
    /// The act.
    pub request: Request,
    /// The facts.
    pub facts: Facts,
}

impl Question {
    /// A question without facts; add them with the methods below.
    pub fn new(at: impl Into<When>, request: Request) -> Self {
        Self { at: at.into(), request, facts: Facts::default() }
    }

    /// About this prescription.
    #[must_use]
    pub fn about(mut self, prescription: Prescription) -> Self {
        self.facts.prescription = Some(prescription);
        self
    }

    /// Issued by this prescriber.
    #[must_use]
    pub fn by(mut self, prescriber: Prescriber) -> Self {
        self.facts.prescriber = prescriber;
        self
    }

    /// After these earlier acts, in order of time.
    #[must_use]
    pub fn after(mut self, history: Vec<Act>) -> Self {
        self.facts.history = history;
        self
    }

    /// With further facts.
    #[must_use]
    pub fn with(mut self, state: impl FnOnce(&mut Facts)) -> Self {
        state(&mut self.facts);
        self
    }

    /// Refuses facts that contradict each other. [`read_line`] has done this; a program that builds a question from
    /// stored records may do it to find a fault in the records.
    ///
    /// # Errors
    /// [`Malformed`] naming the first field that cannot be.
    pub fn consistent(&self) -> Result<(), Malformed> {
        self.quantities()?;
        self.times()?;
        self.measures()?;
        if let Some(content) = &self.facts.substance {
            strengths(content, "facts.substance")?;
        }
        self.first_filling()
    }

    fn quantities(&self) -> Result<(), Malformed> {
        let positive = |field: &str, quantity: Option<u64>| match quantity {
            Some(0) => Err(Malformed::new(field, "must be at least 1")),
            _ => Ok(()),
        };
        let asked = match self.request {
            Request::Fill { quantity }
            | Request::Refill { quantity }
            | Request::AuthorizeRefills { quantity, .. }
            | Request::PartialFill { quantity, .. }
            | Request::EmergencyFill { quantity, .. }
            | Request::SellOtcCv { quantity, .. }
            | Request::Distribute { quantity } => Some(quantity),
            Request::SellSlcp { quantity, base_mg, .. } => {
                positive("request.base_mg", base_mg)?;
                quantity
            }
            _ => None,
        };
        positive("request.quantity", asked)?;
        positive("facts.prescription.quantity", self.facts.prescription.as_ref().map(|p| p.quantity))?;
        for (n, act) in self.facts.history.iter().enumerate() {
            positive(&format!("facts.history[{n}].quantity"), act.quantity)?;
            positive(&format!("facts.history[{n}].count"), Some(act.count))?;
        }
        Ok(())
    }

    /// Tablets of a listed chemical are weighed by their salt and milligrams.
    fn measures(&self) -> Result<(), Malformed> {
        let Request::SellSlcp { quantity, .. } = self.request else { return Ok(()) };
        let product = &self.facts.product;
        let counted = quantity.is_some() || self.facts.history.iter().any(|act| act.quantity.is_some());
        if !counted || product.prescription_drug {
            return Ok(());
        }
        match (product.salt, product.mg_per_unit) {
            (Some(_), Some(1..)) => Ok(()),
            (_, None | Some(0)) => {
                Err(Malformed::new("facts.product.mg_per_unit", "is required to weigh a number of tablets"))
            }
            (None, _) => Err(Malformed::new("facts.product.salt", "is required to weigh a number of tablets")),
        }
    }

    fn times(&self) -> Result<(), Malformed> {
        if self.counts_hours() && self.at.moment().is_none() {
            return Err(Malformed::new(
                "request.at",
                "this rule counts hours or minutes: an instant with offset is expected",
            ));
        }
        let mut before: Option<When> = None;
        for (n, act) in self.facts.history.iter().enumerate() {
            let field = format!("facts.history[{n}].at");
            if self.counts_hours() && act.at.moment().is_none() {
                return Err(Malformed::new(
                    field,
                    "this rule counts hours or minutes: an instant with offset is expected",
                ));
            }
            if before.is_some_and(|before| act.at.order(before) == Ordering::Less) {
                return Err(Malformed::new(field, "is earlier than the entry before it"));
            }
            if act.at.order(self.at) == Ordering::Greater {
                return Err(Malformed::new(field, "is later than the act asked about"));
            }
            before = Some(act.at);
        }
        Ok(())
    }

    fn counts_hours(&self) -> bool {
        match &self.request {
            Request::SellOtcCv { .. } | Request::SellSlcp { .. } | Request::Sign { .. } => true,
            Request::PartialFill { basis: Basis::Shortage, .. } => !self.facts.history.is_empty(),
            _ => false,
        }
    }

    /// A refill follows a filling; a prescription that came by transfer was filled elsewhere.
    fn first_filling(&self) -> Result<(), Malformed> {
        let issued = self.facts.prescription.as_ref().map(|prescription| prescription.issued);
        let dispensed = |kind| matches!(kind, HistoryKind::Fill | HistoryKind::Refill | HistoryKind::Partial);
        let mut filled = false;
        for (n, act) in self.facts.history.iter().enumerate() {
            match act.kind {
                HistoryKind::Fill if filled => {
                    return Err(Malformed::new(format!("facts.history[{n}].kind"), "a second first filling"));
                }
                HistoryKind::Fill | HistoryKind::Partial | HistoryKind::TransferIn => filled = true,
                HistoryKind::Refill if !filled => {
                    return Err(Malformed::new(
                        format!("facts.history[{n}].kind"),
                        "a refill before the first filling",
                    ));
                }
                _ => {}
            }
            if dispensed(act.kind) && issued.is_some_and(|issued| act.at.date() < issued) {
                return Err(Malformed::new(format!("facts.history[{n}].at"), "is earlier than the date of issue"));
            }
        }
        match self.request {
            Request::Refill { .. } if !filled => {
                Err(Malformed::new("request.action", "a refill before the first filling: the history has none"))
            }
            _ => Ok(()),
        }
    }
}

/// One line of a file of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line's own identifier.
    pub id: String,
    /// The edition whose rulebook the line names; `None` where it leaves that to the reader. `any` stands for all three.
    pub edition: Option<String>,
    /// The question.
    pub question: Question,
    /// The answer a person wrote beside it, if any; never looked at in deciding.
    pub expected: Option<Value>,
}

/// A strength is written so that it can be converted exactly, and says nothing that amount and measure say otherwise.
fn strengths(content: &Content, path: &str) -> Result<(), Malformed> {
    if let Some(text) = &content.strength {
        let field = format!("{path}.strength");
        if crate::part1308::strength::read(text).is_none() {
            let expected = "is not a strength such as \"10 mg/5 mL\", \"0.2 g/100 mL\" or \"90 mg\"";
            return Err(Malformed::new(field, format!("\"{}\" {expected}", crate::read::short(text))));
        }
        if content.amount_mcg.is_some() || content.per.is_some() {
            return Err(Malformed::new(field, "stands beside amount_mcg or per; one of the two ways is expected"));
        }
    }
    content.and.iter().enumerate().try_for_each(|(n, part)| strengths(part, &format!("{path}.and[{n}]")))
}

/// The largest line that is read, in bytes.
pub(crate) const LONGEST_LINE: usize = 1 << 20;

/// Reads one line.
///
/// # Errors
/// [`Malformed`] naming the field: not JSON, an unknown word or field, a date that does not exist, a negative quantity, or
/// facts that contradict each other.
pub fn read_line(text: &str) -> Result<Line, Malformed> {
    if text.len() > LONGEST_LINE {
        return Err(Malformed::new("line", format!("is longer than {LONGEST_LINE} bytes")));
    }
    let value = crate::once::read(text)?;
    let mut line = Object::open(&value, "")?;
    let id = line.maybe("id")?.unwrap_or_default();
    let edition: Option<String> = line.maybe("edition")?;
    for ignored in ["area", "why", "cite"] {
        line.take(ignored);
    }
    let expected = line.take("expected").cloned();
    let request = line.take("request").ok_or_else(|| Malformed::new("request", "is required and absent"))?;
    let facts = line.take("facts").unwrap_or(&Value::Null);
    let question = read_question(request, facts)?;
    line.close()?;
    Ok(Line { id, edition, question, expected })
}

/// Reads a request and its facts, as the format writes them.
///
/// # Errors
/// As [`read_line`].
pub fn read_question(request: &Value, facts: &Value) -> Result<Question, Malformed> {
    let mut object = Object::open(request, "request")?;
    let action: String = object.must("action")?;
    let at: When = object.must("at")?;
    let request = read_request(&action, &mut object)?;
    object.close()?;
    let facts = read_facts(facts, &request)?;
    let question = Question { at, request, facts };
    question.consistent()?;
    Ok(question)
}

fn read_facts(value: &Value, request: &Request) -> Result<Facts, Malformed> {
    let none = Value::Object(serde_json::Map::new());
    let mut object = Object::open(if value.is_null() { &none } else { value }, "facts")?;
    let mut facts = Facts::default();
    for block in request.needs() {
        let value = object.take(block).ok_or_else(|| {
            Malformed::new(format!("facts.{block}"), format!("is required for {} and absent", request.action()))
        })?;
        read_block(&mut facts, block, value)?;
    }
    for block in request.reads() {
        if let Some(value) = object.take(block) {
            read_block(&mut facts, block, value)?;
        }
    }
    facts.state = object.maybe::<State>("state")?;
    facts.state_permits = object.maybe("state_permits")?.unwrap_or(true);
    facts.holidays = object.maybe("holidays")?.unwrap_or_default();
    object.close()?;
    Ok(facts)
}

fn read_block(facts: &mut Facts, block: &str, value: &Value) -> Result<(), Malformed> {
    let path = format!("facts.{block}");
    macro_rules! into {
        ($($plain:ident)* ; $($maybe:ident)* ; $($boxed:ident)*) => {
            match block {
                $(stringify!($plain) => facts.$plain = FromJson::read(value, &path)?,)*
                $(stringify!($maybe) => facts.$maybe = Some(FromJson::read(value, &path)?),)*
                $(stringify!($boxed) => facts.$boxed = Some(Box::new(FromJson::read(value, &path)?)),)*
                _ => return Err(Malformed::new(path, "is not a block of the format")),
            }
        };
    }
    into!(
        prescriber history emergency followup transfer pharmacy electronic central label parcel product online session stock
        ;
        prescription replacement disaster purchaser series order distribution loss disposal substance
        ;
        practice holder program intake judgement filling siblings addition
        entry refill_keeping refill_day dispositions
        details refusal power lost forms receipt movement
        place relocation closing business employee machine kit official assignment mailing
        inventory assessment notice case form106 past_losses crime
        slcp certification buyer counter website shipment month screen monitoring pickup supply
    );
    Ok(())
}
