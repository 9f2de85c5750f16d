//! 21 CFR 1304.04(a), (g), (h), 1305.05(d), 1305.17; manual, sections VI and VIII: where records lie, how long, and that
//! they add up.
//!
//! (1305.17(a), (d)) Executed order forms lie apart from other records, with the powers of attorney; an invoice may be
//!     attached. (1304.04(h)(1)) Records of schedules I and II lie apart; (3) those of schedules III to V apart, or among
//!     ordinary records from which they are readily told. Nothing is discarded before its period is over; a chain's
//!     affidavit stays as long as a registration that it covers. (1304.03, 1304.21) What was there, and came, less what
//!     went, is what is there.

use super::retention;
use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Record, RecordFile, Retrieval, Schedule};
use jiff::civil::Date;

rule!(FILE: "1305.17-file", "records", "21 CFR 1305.17(a), (d), 1305.05(d)", By::ALL,
    "Executed order forms and powers of attorney lie together, apart from other records",
    ["law-ord-222-separate-file", "law-poa-filed", "pharm-222-filed-separately", "pharm-poa-filed-with-forms"]);
rule!(BY_SCHEDULE: "1304.04-by-schedule", "records", "21 CFR 1304.04(h)(1), (3)", By::ALL,
    "Records of schedule II lie apart; those of schedules III to V lie apart or are readily retrievable",
    ["law-rec-cii-separate", "law-rec-ciii-v-retrievable", "law-ord-ciii-v-retrievable", "law-inv-cii-separate", "pharm-receipt-iii-v-retrievable"]);
rule!(DISCARD: "1304.04-discard", "records", "21 CFR 1304.04(a); Manual 2010, section VI", By::ALL,
    "No record is discarded before its period is over; a chain's affidavit not before the last registration it covers",
    ["law-rec-two-years", "pharm-record-retention-two-years", "pharm-reg-chain-affidavit-retention"]);
rule!(BALANCE: "1304.21-balance", "records", "21 CFR 1304.21(a); 21 U.S.C. 827(a)", By::ALL,
    "Records are complete and accurate: opening stock and what came, less what went, is the closing stock",
    ["law-rec-current-complete"]);

/// Whether the record lies in a file that it may lie in.
pub(crate) fn file(law: &Law<'_>, record: Record, file: RecordFile) -> Outcome {
    let with_forms = matches!(record, Record::ExecutedOrderForm | Record::PowerOfAttorney);
    let attached = record == Record::Invoice && file == RecordFile::OrderForms;
    if !with_forms && file != RecordFile::OrderForms || attached {
        return Outcome::NotApplicable;
    }
    Outcome::unless(with_forms && file == RecordFile::OrderForms, || {
        let what = if with_forms {
            format!("{record} lies in the file {file}")
        } else {
            format!("{record} lies among the order forms")
        };
        let next = "keep order forms and powers of attorney in one file of their own";
        law.deny(&FILE, Reason::WrongFile, "LAW-1305.17-FILE", what, next).about("request.file")
    })
}

/// Whether records of this schedule may lie there.
pub(crate) fn by_schedule(
    law: &Law<'_>,
    schedule: Option<Schedule>,
    file: RecordFile,
    retrieval: Retrieval,
) -> Outcome {
    let Some(schedule) = schedule.filter(|_| file != RecordFile::OrderForms) else { return Outcome::NotApplicable };
    let (fits, next) = match schedule {
        Schedule::I | Schedule::II => {
            (file == RecordFile::ScheduleIi, "keep the records of schedules I and II in a file of their own")
        }
        Schedule::III | Schedule::IV | Schedule::V => (
            file == RecordFile::ScheduleIiiV || (file == RecordFile::Business && retrieval == Retrieval::Readily),
            "keep them apart, or so that they are told from other records in a reasonable time",
        ),
        Schedule::None => (file == RecordFile::Business, "keep them with the ordinary records"),
    };
    Outcome::unless(fits, || {
        let what = match (schedule, file) {
            (Schedule::III | Schedule::IV | Schedule::V, RecordFile::Business) => {
                format!("records of schedule {schedule} are not readily told from the ordinary records")
            }
            _ => format!("a record of schedule {schedule} lies in the file {file}"),
        };
        law.deny(&BY_SCHEDULE, Reason::WrongFile, "LAW-1304.04-BY-SCHEDULE", what, next).about("request.file")
    })
}

/// Whether a record made on `made` may be discarded. The last day of its period still counts.
pub(crate) fn discard(law: &Law<'_>, record: Record, made: Date, covers_until: Option<Date>) -> Outcome {
    let Some((until, bound)) = retention::until(law, record, made) else { return Outcome::NotApplicable };
    let until = covers_until.map_or(until, |covered| until.max(covered));
    Outcome::unless(until < law.day, || {
        law.deny(
            &DISCARD,
            Reason::StillKept,
            "LAW-1304.04-DISCARD",
            format!("the record is kept until {until}"),
            "keep it until that day is over",
        )
        .by(&bound)
        .about("request.record")
    })
}

/// Whether the figures of a product over a period add up.
pub(crate) fn balance(law: &Law<'_>, opening: u64, came: u64, went: u64, closing: u64) -> Outcome {
    let (there, gone) = (u128::from(opening) + u128::from(came), u128::from(went) + u128::from(closing));
    Outcome::unless(there == gone, || {
        let (word, by) = if there > gone { ("missing", there - gone) } else { ("too many", gone - there) };
        law.deny(
            &BALANCE,
            Reason::NotBalanced,
            "LAW-1304.21-BALANCE",
            format!("{opening} and {came} that came, less {went} that went, are not {closing}: {by} {word}"),
            "find the entry that is missing; correct with a new entry, never by changing one",
        )
        .about("request.closing")
    })
}
