//! `theriac receive`.

use crate::cli::Receive;
use crate::dispensary::inbox::Beginning;
use crate::dispensary::{Arrival, Verdict};
use crate::output::{Outcome, Problem, each_file, line};
use serde_json::json;
use std::fs::File;
use std::path::Path;
use theriac_model::Refusal;

pub(crate) fn run(args: &Receive) -> Result<Outcome, Problem> {
    let house = args.at.open_or_found()?;
    each_file(&args.files, |path| {
        let read = File::open(path).and_then(|file| Beginning::read(file, u64::MAX));
        let begins = read.map_err(|error| Problem::unreadable(path, &error))?;
        let arrival = house.receive(begins.incoming()).map_err(Problem::from)?;
        line(if args.json { as_json(path, &arrival) } else { as_text(path, &arrival) })?;
        Ok(match arrival.verdict {
            Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => Outcome::Done,
            Verdict::Rejected { .. } => Outcome::FoundWrong,
        })
    })
}

fn as_text(path: &Path, arrival: &Arrival) -> String {
    let path = path.display();
    match &arrival.verdict {
        Verdict::Accepted { number } => format!("{path}: accepted as {number}; archived {}", arrival.archived),
        Verdict::Noted { number } => format!("{path}: noted on {number}; archived {}", arrival.archived),
        Verdict::Cancelled { number } => format!("{path}: cancelled {number}; archived {}", arrival.archived),
        Verdict::Rejected { refusals } => {
            let all: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            format!("{path}: rejected; archived {}; {}", arrival.archived, all.join("; "))
        }
    }
}

fn as_json(path: &Path, arrival: &Arrival) -> String {
    let file = path.display().to_string();
    match &arrival.verdict {
        Verdict::Accepted { number } => {
            json!({"file": file, "verdict": "accepted", "number": number.as_str(), "archived": arrival.archived})
        }
        Verdict::Cancelled { number } => {
            json!({"file": file, "verdict": "cancelled", "number": number.as_str(), "archived": arrival.archived})
        }
        Verdict::Noted { number } => {
            json!({"file": file, "verdict": "noted", "number": number.as_str(), "archived": arrival.archived})
        }
        Verdict::Rejected { refusals } => {
            let refusals: Vec<_> = refusals.iter().map(refusal_json).collect();
            json!({"file": file, "verdict": "rejected", "archived": arrival.archived, "refusals": refusals})
        }
    }
    .to_string()
}

/// A refusal for programs.
pub(crate) fn refusal_json(refusal: &Refusal) -> serde_json::Value {
    json!({
        "code": refusal.code.0,
        "cite": refusal.cite.as_str(),
        "edition": refusal.edition.name(),
        "field": refusal.field,
        "what": refusal.what,
        "next": refusal.next,
    })
}
