//! The pages of the monitoring programmes: what each is told, its register, its answers, and what it was asked.

mod asking;
mod programmes;
mod reports;

pub(super) use asking::{ask, asked as put_down, asked_json};
pub(super) use programmes::{end, list, list_json, set};
pub(super) use reports::{answer, days, file, make, make_json, one, release, report};

use super::asked::Asked;
use super::failure::Failure;
use theriac_pharmacy::PrescriptionNumber;

fn number(text: &str) -> Result<PrescriptionNumber, Failure> {
    PrescriptionNumber::parse(text).map_err(|_| Failure::no_such_page())
}

/// The State named in the address, in capital letters.
fn state(asked: &Asked) -> Result<String, Failure> {
    Ok(asked.id("id")?.to_ascii_uppercase())
}
