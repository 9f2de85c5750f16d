//! State prescription monitoring programmes: what was dispensed is reported to them, and they are asked about a patient
//! before something is dispensed (Manual 2010, section IX; State law).
//!
//! A [`Programme`] is data that a person enters with its source: which schedules, how soon, in which version of the format.
//! The rulebook is asked under it which dispensings are collected and until when. A report is the difference between what
//! the prescriptions say and what the programme holds, so that a correction becomes a revision and a filling that was put
//! back a void, without anybody deciding that. No program can know a State's credentials: the file is put where the State's
//! carrier picks it up, and its answer is read back.

mod answer;
mod asking;
mod class;
mod event;
mod programme;
mod record;
mod report;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use asking::{Asking, Kept, Signal, Supplied};
pub(crate) use event::{AskedOf, PdmpEvent, Told};
pub(crate) use programme::{FIELDS, Programme, SUGGESTED, Suggested};
pub(crate) use report::{Due, Overview, PLACE, Pending, ReportRow};
pub(crate) use table::Monitoring;

use theriac_model::Refusal;

/// Where reporting and asking are asked for.
const CITE: &str = "Pharmacist's Manual 2010, section IX; State law";

fn refuse(code: &'static str, what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what, next)
}
