//! Finding lines: which, how many, a page of them, or all of them one after another.

use super::ask::{Ask, Group, Sort, Which};
use super::table::key;
use crate::house::House;
use crate::house::record::Fault;
use std::fmt::Write as _;
use theriac_store::{Row, StoreError, Value};

/// Lines on a page.
pub(crate) const PAGE_LINES: u32 = 100;

/// The columns of a [`Line`], in its order.
const COLUMNS: &str = "seq, stream, no, day, state, number, schedule, came, received, issued, patient, patient_address, \
     practitioner, practitioner_address, registration, service_id, treatment_id, signature, drug, written, written_unit, directions, refills, need, \
     filed, filled, filling, quantity, unit, ndc, pharmacist, refills_allowed";

/// One dispensing, or one prescription of which nothing was dispensed.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) seq: u64,
    pub(crate) number: String,
    /// What became of it: `waiting`, `waiting for collection`, `handed over 2026-03-02`, `returned to stock`, `voided` ...
    pub(crate) state: String,
    /// `II` to `V`.
    pub(crate) schedule: &'static str,
    /// `electronic`, `paper`, `fax`, `telephone`, `transfer`.
    pub(crate) came: String,
    pub(crate) received: String,
    pub(crate) issued: String,
    pub(crate) patient: String,
    pub(crate) patient_address: String,
    pub(crate) practitioner: String,
    pub(crate) practitioner_address: String,
    /// Whole, with any extension.
    pub(crate) registration: String,
    /// Of an official exempt from registration, in full. It may be a social security number: it is in what is taken away, and in
    /// no list on a screen.
    pub(crate) service_id: String,
    pub(crate) treatment_id: String,
    /// What was found of the signature on receipt.
    pub(crate) signature: String,
    pub(crate) drug: String,
    pub(crate) written: String,
    pub(crate) written_unit: String,
    pub(crate) directions: String,
    pub(crate) refills: String,
    pub(crate) need: String,
    /// Where its paper lies; empty for what has none, or is not filed yet.
    pub(crate) filed: String,
    /// The day; empty where nothing was dispensed.
    pub(crate) filled: String,
    pub(crate) filling: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
    pub(crate) ndc: String,
    pub(crate) pharmacist: String,
    pub(crate) refills_allowed: String,
}

impl Line {
    /// What was prescribed, in words.
    pub(crate) fn prescribed(&self) -> String {
        crate::showing::counted(&self.written, &self.written_unit)
    }

    /// What was dispensed, in words.
    pub(crate) fn dispensed(&self) -> String {
        crate::showing::counted(&self.quantity, &self.unit)
    }

    fn read(row: Row) -> Result<Self, StoreError> {
        let seq = row.u64(0)?;
        let schedule = match row.int(6)? {
            1 => "I",
            2 => "II",
            3 => "III",
            4 => "IV",
            5 => "V",
            _ => "",
        };
        let mut columns = row.0.into_iter();
        let mut text = |skip: usize| match columns.nth(skip) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(StoreError::Column { column: 0, wanted: "text" }),
        };
        Ok(Self {
            seq,
            schedule,
            state: text(4)?,
            number: text(0)?,
            came: text(1)?,
            received: text(0)?,
            issued: text(0)?,
            patient: text(0)?,
            patient_address: text(0)?,
            practitioner: text(0)?,
            practitioner_address: text(0)?,
            registration: text(0)?,
            service_id: text(0)?,
            treatment_id: text(0)?,
            signature: text(0)?,
            drug: text(0)?,
            written: text(0)?,
            written_unit: text(0)?,
            directions: text(0)?,
            refills: text(0)?,
            need: text(0)?,
            filed: text(0)?,
            filled: text(0)?,
            filling: text(0)?,
            quantity: text(0)?,
            unit: text(0)?,
            ndc: text(0)?,
            pharmacist: text(0)?,
            refills_allowed: text(0)?,
        })
    }
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// How many lines there are in all.
    pub(crate) total: u64,
    pub(crate) lines: Vec<Line>,
}

/// A statement's condition with its values.
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    fn of(ask: &Ask) -> Self {
        let mut condition = Self { text: String::new(), values: Vec::new() };
        condition.names("practitioner", ask.prescriber.as_deref());
        condition.names("patient", ask.patient.as_deref());
        condition.names("drug", ask.drug.as_deref());
        if let Some(number) = ask.number.as_deref() {
            condition.and("stream = ", format!("rx/{}", number.trim()).into());
        }
        if let Some(from) = ask.from {
            condition.and("day >= ", from.to_string().into());
        }
        if let Some(until) = ask.until {
            condition.and("day <= ", until.to_string().into());
        }
        match ask.group {
            Group::All => {}
            Group::Two => condition.plain("schedule <= 2"),
            Group::ThreeToFive => condition.plain("schedule >= 3"),
        }
        match ask.which {
            Which::All => {}
            Which::Filled => condition.plain("no > 0"),
            Which::Unfilled => condition.plain("no = 0"),
        }
        condition
    }

    fn plain(&mut self, text: &str) {
        self.text.push_str(if self.text.is_empty() { "WHERE " } else { " AND " });
        self.text.push_str(text);
    }

    fn and(&mut self, text: &str, value: Value) {
        self.values.push(value);
        self.plain(&format!("{text}${}", self.values.len()));
    }

    /// Names that hold every word of a text, wherever in the name it stands.
    fn names(&mut self, what: &str, text: Option<&str>) {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return };
        let mut of = format!("{what}_key IN (SELECT name FROM archive_names WHERE what = '{what}'");
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            let pattern = key(word).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            self.values.push(format!("%{pattern}%").into());
            let _ = write!(of, " AND name LIKE ${} ESCAPE '\\'", self.values.len());
        }
        of.push(')');
        self.plain(&of);
    }
}

const fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Prescriber => "practitioner_key, day, seq",
        Sort::Patient => "patient_key, day, seq",
        Sort::Drug => "drug_key, day, seq",
        Sort::Date => "day, seq",
    }
}

impl House {
    /// How many lines answer a question.
    pub(crate) fn archive_total(&self, ask: &Ask) -> Result<u64, Fault> {
        let Condition { text, values } = Condition::of(ask);
        let rows = self.store.query(&format!("SELECT count(*) FROM archive_lines {text}"), &values)?;
        Ok(rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0))
    }

    /// A page of lines that answer a question, from the `skip`-th on, and how many there are in all.
    pub(crate) fn find_lines(&self, ask: &Ask, skip: u32) -> Result<Found, Fault> {
        let total = self.archive_total(ask)?;
        let Condition { text, mut values } = Condition::of(ask);
        values.extend([PAGE_LINES.into(), skip.into()]);
        let (limit, offset) = (values.len() - 1, values.len());
        let order = order(ask.sort);
        // The page is chosen from the indexes, and only its own lines are read whole.
        let sql = format!(
            "SELECT {COLUMNS} FROM archive_lines WHERE seq IN \
             (SELECT seq FROM archive_lines {text} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}) ORDER BY {order}"
        );
        let lines = self.store.query(&sql, &values)?.into_iter().map(Line::read).collect::<Result<_, _>>()?;
        Ok(Found { total, lines })
    }

    /// The lines of these entries, in order of the journal; an entry that makes no line is left out.
    pub(crate) fn archive_lines_at(&self, seqs: &[u64]) -> Result<Vec<Line>, Fault> {
        let mut lines = Vec::new();
        for seq in seqs {
            let sql = format!("SELECT {COLUMNS} FROM archive_lines WHERE seq = $1");
            let rows = self.store.query(&sql, &[(*seq).into()])?;
            lines.extend(rows.into_iter().map(Line::read).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(lines)
    }

    /// Hands over every line that answers a question, in order. The first error ends it.
    pub(crate) fn each_line(&self, ask: &Ask, take: &mut dyn FnMut(Line) -> Result<(), Fault>) -> Result<(), Fault> {
        let Condition { text, values } = Condition::of(ask);
        let sql = format!("SELECT {COLUMNS} FROM archive_lines {text} ORDER BY {}", order(ask.sort));
        let mut failed = None;
        let gone = self.store.each(&sql, &values, &mut |row| {
            take(Line::read(row)?).map_err(|fault| {
                failed = Some(fault);
                StoreError::Closed
            })
        });
        match failed {
            Some(fault) => Err(fault),
            None => Ok(gone?),
        }
    }
}
