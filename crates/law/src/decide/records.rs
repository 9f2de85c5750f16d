//! Documents, inventories and files: whole, closed, in their place, kept long enough, adding up.

use super::{Bench, Granted, Stop};
use crate::part1304::{documents, filing, inventory_record};
use crate::rule::Outcome;
use crate::vocab::{Entry, Paper, Record, RecordFile, Retrieval, Schedule};
use jiff::civil::Date;

/// `check-document`.
pub(crate) fn check_document(
    bench: &mut Bench<'_>,
    paper: Paper,
    schedule: Option<Schedule>,
    missing: &[Entry],
) -> Result<Granted, Stop> {
    let law = bench.law;
    let whole = documents::whole(&law, paper, schedule, missing);
    let Some((rule, outcome)) = whole else { return Err(bench.lacks(" about such a document")) };
    bench.find(rule, outcome)?;
    Ok(Granted::Permit)
}

/// `close-inventory`.
pub(crate) fn close_inventory(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(record) = bench.facts.inventory.as_deref() else { return Err(bench.lacks(" without an inventory")) };
    bench.note(inventory_record::MOVING.rule, &inventory_record::MOVING.of(&law, record));
    bench.all(inventory_record::CLOSING, record)?;
    bench.note(&inventory_record::NOT_SENT, &Outcome::Satisfied);
    Ok(Granted::Permit)
}

/// `file-record`.
pub(crate) fn file_record(
    bench: &mut Bench<'_>,
    record: Record,
    file: RecordFile,
    schedule: Option<Schedule>,
    retrieval: Retrieval,
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&filing::FILE, filing::file(&law, record, file))?;
    bench.find(&filing::BY_SCHEDULE, filing::by_schedule(&law, schedule, file, retrieval))?;
    Ok(Granted::Permit)
}

/// `discard-record`.
pub(crate) fn discard_record(
    bench: &mut Bench<'_>,
    record: Record,
    made: Date,
    covers_until: Option<Date>,
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&filing::DISCARD, filing::discard(&law, record, made, covers_until))?;
    Ok(Granted::Permit)
}

/// `balance-books`.
pub(crate) fn balance_books(
    bench: &mut Bench<'_>,
    opening: u64,
    came: u64,
    went: u64,
    closing: u64,
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&filing::BALANCE, filing::balance(&law, opening, came, went, closing))?;
    Ok(Granted::Permit)
}
