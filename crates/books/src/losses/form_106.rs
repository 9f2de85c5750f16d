//! DEA Form 106, filled from the entries of its incident.
//!
//! The blocks are those of the paper edition, 1 to 17, then the lines. A block that does not apply says so. What the form
//! must get right is asked of the rulebook: one event, pilferage with its period, both strengths of a combination,
//! millilitres or code of a liquid, the supplier of an accepted delivery, the date of signing, the mark of an amendment.

use super::event::{Custody, Discovery};
use super::incident::Incident;
use super::refusals as refuse;
use crate::account::Account;
use crate::ask;
use crate::commodity::Commodity;
use crate::event::StockEvent;
use crate::product::{Product, is_written};
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::facts::{Form106 as Facts, PastLosses};
use theriac_law::vocab::{EarlierLosses, Entry, LineKind, Medium, Paper, TheftType, Word};
use theriac_law::{Profile, Question, Request};
use theriac_model::{Actor, Refusal};

/// The police report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoliceReport {
    /// The department.
    pub department: String,
    /// Its telephone number.
    pub telephone: String,
}

/// What the books do not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The registrant's telephone number.
    pub telephone: String,
    /// The county.
    pub county: String,
    /// The police report, or `None` when the police were not told.
    pub police: Option<PoliceReport>,
    /// People who were killed or injured.
    pub hurt: u32,
    /// Other goods that were taken, and their value in cents.
    pub other_goods: Option<(String, u64)>,
    /// Marks, symbols or price codes on the labels of the missing containers.
    pub label_marks: String,
    /// Serial numbers of order forms that were taken.
    pub order_forms: Vec<String>,
    /// What is done against another theft or loss.
    pub security: String,
    /// For pilferage, the estimated first and last day, and how they were estimated.
    pub period: Option<(Date, Date, String)>,
    /// The days of earlier thefts and losses of this registrant.
    pub earlier: Vec<Date>,
    /// The days of earlier losses with the same carrier.
    pub earlier_by_carrier: Vec<Date>,
    /// What the pharmacy paid for a full container of a product, and what it sells it for, in cents.
    pub prices: Vec<(Commodity, u64, u64)>,
    /// On paper or online.
    pub medium: Medium,
    /// Whoever signs, with title.
    pub signer: (Actor, String),
    /// The day on which it was completed and signed.
    pub completed: Date,
    /// The date beside the signature.
    pub dated: Date,
    /// It amends an earlier form: the day of the theft that stands beside the word in the upper margin.
    pub amends: Option<Date>,
}

/// One line: what is missing of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form106Line {
    /// The product, with its code.
    pub product: Product,
    /// What was lost, in smallest units; of a container that was not full, what was really lost of it.
    pub amount: i64,
}

impl Form106Line {
    /// The quantity as the form writes it: units of solids, millilitres of liquids.
    pub fn quantity(&self) -> String {
        if !self.product.is_liquid() {
            return self.amount.to_string();
        }
        let (whole, rest) = (self.amount / 1_000, self.amount % 1_000);
        if rest == 0 {
            return format!("{whole} mL");
        }
        let digits = format!("{rest:03}");
        format!("{whole}.{} mL", digits.trim_end_matches('0'))
    }

    /// The strength, of both ingredients of a combination.
    pub fn strength(&self) -> String {
        let other = self.product.other_strength.as_deref().map(str::trim).filter(|other| !other.is_empty());
        other.map_or_else(|| self.product.strength.clone(), |other| format!("{} with {other}", self.product.strength))
    }

    /// How the rulebook sees it: a product named as a combination has a second strength to give.
    fn kind(&self) -> LineKind {
        let joined = [" with ", "/", " and "].iter().any(|word| self.product.name.to_ascii_lowercase().contains(word));
        if joined || self.product.other_strength.is_some() {
            LineKind::Combination
        } else if self.product.is_liquid() {
            LineKind::Liquid
        } else {
            LineKind::Single
        }
    }

    fn complete(&self) -> bool {
        match self.kind() {
            LineKind::Combination => self.product.other_strength.as_ref().is_some_and(|text| !text.trim().is_empty()),
            LineKind::Liquid | LineKind::Single => true,
        }
    }
}

/// What a block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockValue {
    /// This.
    Text(String),
    /// It does not apply to this incident.
    NotApplicable,
}

/// One block of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number on the form, such as `14b`.
    pub number: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What it holds.
    pub value: BlockValue,
}

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form106 {
    /// The incident.
    pub discovery: Discovery,
    /// What the books do not know.
    pub details: Details,
    /// What is missing, from the entries.
    pub lines: Vec<Form106Line>,
    /// Earlier thefts and losses that count, and those with the same carrier.
    pub earlier: (u64, u64),
    /// What the pharmacy paid, in cents.
    pub paid_cents: u64,
}

impl Form106 {
    /// Fills the form from the entries of its incident.
    ///
    /// # Errors
    /// `BOOKS-106-LINES` when the books hold no entry of it, `BOOKS-INCIDENT-FIELD` for a product without a name in
    /// `product`, `BOOKS-106-ONE-EVENT` when `events` hold other incidents on the same document.
    pub fn fill<'a>(
        profile: &Profile,
        incident: &Incident,
        details: Details,
        events: impl IntoIterator<Item = &'a StockEvent> + Clone,
        product: impl Fn(&Commodity) -> Option<Product>,
    ) -> Result<Self, Refusal> {
        let mine = incident.account();
        let shared = |event: &&StockEvent| match event {
            StockEvent::Posted { entry, .. } => {
                let of_form = entry.document.number == incident.discovery.id.as_str();
                of_form
                    && entry
                        .lines
                        .iter()
                        .any(|line| matches!(&line.account, Account::TheftLoss(_) if line.account != mine))
            }
            StockEvent::Counted { .. } => false,
        };
        if events.clone().into_iter().any(|event| shared(&event)) {
            return Err(refuse::another_event());
        }
        let mut lines = Vec::new();
        for (commodity, amount) in incident.quantities(events) {
            let product = product(&commodity).ok_or_else(|| refuse::told("product"))?;
            lines.push(Form106Line { product, amount });
        }
        if lines.is_empty() {
            return Err(refuse::no_lines());
        }
        let count = |which, days: &[Date]| {
            let past = PastLosses::new(days.to_vec());
            let question = Question::new(incident.discovery.discovered.date(), Request::EarlierLosses { which });
            ask::number(profile, &question.with(|facts| facts.past_losses = Some(Box::new(past))))
        };
        let earlier = (
            count(EarlierLosses::Within24Months, &details.earlier)?,
            count(EarlierLosses::SameCarrier, &details.earlier_by_carrier)?,
        );
        let paid_cents = value(profile, &lines, &details, incident.discovery.discovered.date())?;
        Ok(Self { discovery: incident.discovery.clone(), details, lines, earlier, paid_cents })
    }

    /// Whether the form may be filed.
    ///
    /// # Errors
    /// The rulebook's refusals of an incomplete document and of `file-form-106`.
    pub fn check(&self, profile: &Profile) -> Result<(), Refusal> {
        let day = self.details.completed;
        let (registrant, mut missing) = (&self.discovery.registrant, Vec::new());
        for (text, entry) in
            [(registrant.name.as_str(), Entry::SenderName), (self.details.label_marks.as_str(), Entry::LabelMarks)]
        {
            if text.trim().is_empty() {
                missing.push(entry);
            }
        }
        if !is_written(&registrant.address) {
            missing.push(Entry::SenderAddress);
        }
        let unnamed = |report: &PoliceReport| report.department.trim().is_empty() || report.telephone.trim().is_empty();
        if self.details.police.as_ref().is_some_and(unnamed) {
            missing.push(Entry::Police);
        }
        for line in &self.lines {
            missing.extend(line.product.missing());
            if !line.complete() {
                missing.push(Entry::OtherStrength);
            }
        }
        let document = Request::CheckDocument { document: Paper::Form106, missing, schedule: None };
        ask::permission(profile, &Question::new(day, document))?;
        for line in &self.lines {
            let question = Question::new(day, Request::FileForm106 {});
            let facts = self.facts(line);
            ask::permission(profile, &question.with(|all| all.form106 = Some(Box::new(facts))))?;
        }
        Ok(())
    }

    fn facts(&self, line: &Form106Line) -> Facts {
        let details = &self.details;
        let mut facts = Facts::new(self.discovery.kind);
        facts.discovered = Some(self.discovery.discovered.date());
        facts.medium = details.medium;
        facts.began = details.period.as_ref().map(|(began, ..)| *began);
        facts.ended = details.period.as_ref().map(|(_, ended, _)| *ended);
        facts.explained = details.period.as_ref().is_some_and(|(.., explained)| !explained.trim().is_empty());
        facts.line = line.kind();
        facts.line_complete = line.complete();
        if let Some(transit) = &self.discovery.transit {
            facts.delivery_accepted = transit.custody == Custody::Signed;
            facts.supplier_given = !transit.supplier.name.trim().is_empty();
        }
        facts.amends = details.amends.is_some();
        facts.marked_amended = self.margin().is_some() || details.amends.is_none();
        facts.completed = Some(details.completed);
        facts.dated = Some(details.dated);
        facts
    }

    /// What stands in the upper margin of an amended form.
    pub fn margin(&self) -> Option<String> {
        self.details.amends.map(|day| format!("Amended {day}"))
    }

    /// The blocks in the order of the form; none is left out.
    pub fn blocks(&self) -> Vec<Block> {
        let (discovery, details) = (&self.discovery, &self.details);
        let registrant = &discovery.registrant;
        let text = |text: String| BlockValue::Text(text);
        let when = |applies: bool, value: String| {
            if applies { BlockValue::Text(value) } else { BlockValue::NotApplicable }
        };
        let transit = discovery.transit.as_ref();
        let of_transit = |value: fn(&super::event::Transit) -> String| {
            transit.map_or(BlockValue::NotApplicable, |transit| BlockValue::Text(value(transit)))
        };
        let accepted = transit.is_some_and(|transit| transit.custody == Custody::Signed);
        let pilferage = details.period.as_ref().map(|(began, ended, explained)| {
            format!("{}; estimated from {began} to {ended}: {explained}", details.security)
        });
        let block = |number, about, value| Block { number, about, value };
        let police = details.police.as_ref();
        vec![
            block("1", "name and address", text(format!("{}, {}", registrant.name, one_line(&registrant.address)))),
            block("2", "telephone", text(details.telephone.clone())),
            block("3", "DEA registration number", text(registrant.number.to_string())),
            block("4", "date of theft, loss or discovery", text(discovery.discovered.date().to_string())),
            block("5", "principal business", text(registrant.activity.word().to_owned())),
            block("6", "county", text(details.county.clone())),
            block("7", "reported to the police", text(if police.is_some() { "yes" } else { "no" }.to_owned())),
            block(
                "8",
                "police department and telephone",
                police.map_or(BlockValue::NotApplicable, |report| {
                    BlockValue::Text(format!("{}, {}", report.department, report.telephone))
                }),
            ),
            block("9", "thefts or losses in the past 24 months", text(self.earlier.0.to_string())),
            block("10", "type of theft or loss", text(discovery.kind.word().to_owned())),
            block("11", "killed or injured", text(details.hurt.to_string())),
            block("12", "purchase value", text(dollars(self.paid_cents))),
            block(
                "13",
                "other goods taken, and their value",
                details.other_goods.as_ref().map_or(BlockValue::NotApplicable, |(goods, cents)| {
                    BlockValue::Text(format!("{goods}, {}", dollars(*cents)))
                }),
            ),
            block("14a", "carrier", of_transit(|transit| transit.carrier.clone())),
            block("14b", "supplier", of_transit(|transit| transit.supplier.name.clone())),
            block(
                "14c",
                "the supplier's DEA registration number",
                of_transit(|transit| transit.supplier.number.to_string()),
            ),
            block(
                "14d",
                "delivery accepted by the customer",
                when(transit.is_some(), if accepted { "yes" } else { "no" }.to_owned()),
            ),
            block(
                "14e",
                "the carrier was hired by",
                of_transit(|transit| {
                    transit.hired_by.map_or_else(|| "the supplier".to_owned(), |party| party.word().to_owned())
                }),
            ),
            block("14f", "earlier losses with the same carrier", when(transit.is_some(), self.earlier.1.to_string())),
            block("15", "marks, symbols or price codes on labels", text(details.label_marks.clone())),
            block("16", "order forms taken", when(!details.order_forms.is_empty(), details.order_forms.join(", "))),
            block(
                "17",
                "measures against another theft or loss",
                text(pilferage.unwrap_or_else(|| details.security.clone())),
            ),
        ]
    }

    /// The form as it is filed, format 1.
    pub fn to_json(&self) -> Value {
        let block = |block: Block| {
            let value = match block.value {
                BlockValue::Text(text) => json!(text),
                BlockValue::NotApplicable => json!("not applicable"),
            };
            json!({"block": block.number, "about": block.about, "value": value})
        };
        let line = |line: &Form106Line| {
            json!({
                "name": line.product.name,
                "ndc": line.product.commodity.ndc.as_str(),
                "schedule": line.product.schedule.roman(),
                "strength": line.strength(),
                "form": line.product.form,
                "quantity": line.quantity(),
            })
        };
        let (signer, title) = &self.details.signer;
        let mut body = json!({
            "format": crate::codec::FORMAT,
            "incident": self.discovery.id.as_str(),
            "blocks": self.blocks().into_iter().map(block).collect::<Vec<_>>(),
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
            "signer": {"id": signer.id, "role": signer.role.word(), "title": title},
            "dated": self.details.dated.to_string(),
        });
        if let Some(margin) = self.margin() {
            body["margin"] = json!(margin);
        }
        body
    }

    /// Whether it reports pilferage, whose block 4 is the day of discovery.
    pub fn is_pilferage(&self) -> bool {
        self.discovery.kind == TheftType::EmployeePilferage
    }
}

fn one_line(address: &theriac_model::Address) -> String {
    let second = address.line2.as_deref().map_or(String::new(), |line| format!(", {line}"));
    format!("{}{second}, {}, {} {}", address.line1, address.city, address.state, address.postal)
}

fn dollars(cents: u64) -> String {
    format!("{}.{:02} dollars", cents / 100, cents % 100)
}

/// What the pharmacy paid for what is missing; parts of a container cost their share, rounded to the nearest cent.
fn value(profile: &Profile, lines: &[Form106Line], details: &Details, day: Date) -> Result<u64, Refusal> {
    let share = |cents: u64, line: &Form106Line| {
        let (amount, full) = (u128::from(ask::units(line.amount)), ask::units(line.product.per_container.units()));
        let full = u128::from(full).max(1);
        u64::try_from((u128::from(cents) * amount * 2 + full) / (2 * full)).unwrap_or(u64::MAX)
    };
    let (mut paid_cents, mut retail_cents) = (0u64, 0u64);
    for line in lines {
        let price = details.prices.iter().find(|(commodity, ..)| *commodity == line.product.commodity);
        let (_, paid, retail) = price.ok_or_else(|| refuse::told("prices"))?;
        paid_cents = paid_cents.saturating_add(share(*paid, line));
        retail_cents = retail_cents.saturating_add(share(*retail, line));
    }
    ask::number(profile, &Question::new(day, Request::LossValue { paid_cents, retail_cents }))
}
