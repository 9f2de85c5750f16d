//! `theriac import arcos FILE`: what suppliers reported as sold to this registrant becomes receipts, and both sides are
//! compared.

use crate::cli::ImportArcos;
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use theriac_model::{Actor, Role};

/// Refused lines told one by one; more are only counted.
const REFUSALS_SHOWN: usize = 100;
/// The largest file, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

pub(super) fn run(args: &ImportArcos) -> Result<Outcome, Problem> {
    let path = &args.file;
    let length = std::fs::metadata(path).map_err(|error| Problem::unreadable(path, &error))?.len();
    if length > FILE_BYTES_MAX {
        return Err(Problem::wrong_use("WIRE-ARCOS", "the file is longer than 256 MiB", "give it in parts"));
    }
    let bytes = std::fs::read(path).map_err(|error| Problem::unreadable(path, &error))?;
    let house = args.at.open()?;
    let by = house.known_person(&args.by).filter(|actor| matches!(actor.role, Role::Pharmacist | Role::Custodian));
    let by: Actor = by.ok_or_else(|| {
        Problem::wrong_use(
            "BOOKS-BY",
            format!("{} keeps no books here", args.by),
            "name a pharmacist or a custodian with --by",
        )
    })?;
    let unlisted = match args.unlisted.as_deref() {
        None => None,
        Some(text) => Some(theriac_model::Schedule::parse(text).ok_or_else(|| {
            Problem::wrong_use(
                "BOOKS-SCHEDULE",
                format!("{text:?} is no schedule"),
                "give II, III, IV or V with --unlisted",
            )
        })?),
    };
    let read = house.read_arcos(&bytes).map_err(Problem::from)?;
    let took = house.take_arcos(&by, &read, unlisted).map_err(Problem::from)?;
    if args.json {
        line(json!({
            "ours": read.ours.len(), "others": read.others, "bad": read.bad.len(), "posted": took.posted,
            "known": took.known, "no_receipt": took.others, "listed": took.listed, "refused": took.refused.len(),
            "disagreements": took.disagreements.len(),
        }))?;
    } else {
        line(format_args!(
            "{} transactions of this registration, {} of others, {} lines cannot be read",
            read.ours.len(),
            read.others,
            read.bad.len()
        ))?;
        line(format_args!(
            "{} receipts posted, {} known already, {} no receipts, {} refused; {} products listed",
            took.posted,
            took.known,
            took.others,
            took.refused.len(),
            took.listed
        ))?;
        for one in &took.disagreements {
            line(format_args!(
                "order {} of {}, NDC {}: reported {} packages, booked {}",
                one.order, one.other, one.ndc, one.reported, one.booked
            ))?;
        }
    }
    for (number, refusal) in read.bad.iter().chain(&took.refused).take(REFUSALS_SHOWN) {
        eprintln!("{}: line {number}: {refusal}", path.display());
    }
    let wrong = !read.bad.is_empty() || !took.refused.is_empty() || !took.disagreements.is_empty();
    Ok(if wrong { Outcome::FoundWrong } else { Outcome::Done })
}
