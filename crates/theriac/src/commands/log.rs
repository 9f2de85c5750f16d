//! `theriac log ...`: practitioners' monthly logs.

use crate::cli::Log;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use theriac_prescriber::log::Standing;

pub(crate) fn run(command: &Log) -> Result<Outcome, Problem> {
    match command {
        Log::Make { at } => {
            let made = at.open()?.make_logs().map_err(Problem::from)?;
            for one in &made {
                line(format_args!("{}  {}  {} prescriptions", one.month, one.practitioner, one.lines))?;
            }
            if made.is_empty() {
                line("every log that is owed has been made")?;
            }
            Ok(Outcome::Done)
        }
        Log::List { of, at, json } => list(&at.open()?, of.as_deref(), *json),
    }
}

fn list(house: &House, of: Option<&str>, as_json: bool) -> Result<Outcome, Problem> {
    for practitioner in house.practitioners().map_err(Problem::from)? {
        if of.is_some_and(|of| of != practitioner) {
            continue;
        }
        let (shelf, _) = house.shelf(&practitioner).map_err(Problem::from)?;
        for month in shelf.months() {
            let Some(kept) = shelf.get(month) else { continue };
            let standing = match shelf.standing(month) {
                Some(Standing::Reviewed) => "reviewed",
                Some(Standing::Overdue) => "overdue",
                Some(Standing::Waiting) | None => "waiting",
            };
            let (lines, timeliness) = (kept.log.lines.len(), kept.timeliness.word());
            if as_json {
                line(json!({
                    "month": month.to_string(), "practitioner": practitioner, "prescriptions": lines,
                    "review": standing, "timeliness": timeliness,
                }))?;
            } else {
                line(format_args!("{month}  {practitioner:<20} {lines:>5}  {timeliness:<8} {standing}"))?;
            }
        }
    }
    Ok(Outcome::Done)
}
