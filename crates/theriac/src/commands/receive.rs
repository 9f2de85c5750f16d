//! `theriac receive`.

use super::script::LONGEST;
use crate::cli::Receive;
use crate::dispensary::{Arrival, Incoming, Verdict};
use crate::output::{Outcome, Problem, each_file, line};
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use theriac_model::Refusal;

pub(crate) fn run(args: &Receive) -> Result<Outcome, Problem> {
    let house = args.at.open_or_found()?;
    each_file(&args.files, |path| {
        let (bytes, digest) = read(path)?;
        let arrival = house.receive(Incoming::beginning(&bytes, digest)).map_err(Problem::from)?;
        line(if args.json { as_json(path, &arrival) } else { as_text(path, &arrival) })?;
        Ok(match arrival.verdict {
            Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => Outcome::Done,
            Verdict::Rejected { .. } => Outcome::FoundWrong,
        })
    })
}

/// The message, or of one that is too long its beginning, and the digest of all of it.
fn read(path: &Path) -> Result<(Vec<u8>, [u8; 32]), Problem> {
    let unreadable = |error: std::io::Error| Problem::unreadable(path, &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.by_ref().take(LONGEST).read_to_end(&mut bytes).map_err(unreadable)?;
    let mut context = Context::new(&SHA256);
    context.update(&bytes);
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut chunk).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        context.update(&chunk[..count]);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    Ok((bytes, digest))
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
