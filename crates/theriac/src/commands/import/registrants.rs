//! `theriac import registrants FILE [--issued DATE]`.

use crate::cli::ImportRegistrants;
use crate::output::{Outcome, Problem, line};
use crate::registry::{NotTaken, Rechecked, Taken, Through};
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use theriac_prescriber::registrants::{Age, Manifest};

/// What may stand beside a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    issued: Option<String>,
    rows: Option<u64>,
    sha256: Option<String>,
}

/// The manifest of a file is beside it.
pub(crate) fn manifest_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

pub(super) fn run(args: &ImportRegistrants) -> Result<Outcome, Problem> {
    let manifest = manifest(args)?;
    let house = args.at.open()?;
    let taken = match house.import_registrants(&args.file, &manifest) {
        Ok(taken) => taken,
        Err(NotTaken::Unreadable(error)) => return Err(Problem::unreadable(&args.file, &error)),
        Err(NotTaken::Fault(fault)) => return Err(fault.into()),
        Err(NotTaken::Refused(refusals, through)) => {
            bad_lines(&args.file, &through);
            for refusal in &refusals {
                eprintln!("{refusal}");
            }
            eprintln!("the file was not taken; the registrant data in use stays");
            return Ok(Outcome::FoundWrong);
        }
    };
    // The job that does this is written down with the import, should this process end here.
    let rechecked = house.recheck(Some(taken.job))?;
    bad_lines(&args.file, &taken.through);
    tell(args, &taken, &rechecked)?;
    Ok(if taken.through.tally.refused == 0 { Outcome::Done } else { Outcome::FoundWrong })
}

fn manifest(args: &ImportRegistrants) -> Result<Manifest, Problem> {
    let path = manifest_path(&args.file);
    let mut manifest = Manifest { issued: args.issued, rows: None, digest: None };
    if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(|error| Problem::unreadable(&path, &error))?;
        let bad = |cause: String| {
            let next = "write issued, rows and sha256 as JSON, or take the manifest away and give --issued";
            Problem::wrong_use("IMPORT-MANIFEST", format!("{}: {cause}", path.display()), next)
        };
        let beside: Beside = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        let issued = beside.issued.map(|day| day.parse()).transpose();
        let issued = issued.map_err(|_| bad("issued is not a day as YYYY-MM-DD".to_owned()))?;
        manifest = Manifest { issued: args.issued.or(issued), rows: beside.rows, digest: beside.sha256 };
    }
    Ok(manifest)
}

fn bad_lines(file: &Path, through: &Through) {
    for bad in &through.bad {
        eprintln!("{}: line {}: {}", file.display(), bad.line, bad.refusal);
    }
    let left_out = through.tally.refused.saturating_sub(through.bad.len() as u64);
    if left_out > 0 {
        eprintln!("and {left_out} more lines refused");
    }
}

fn age(age: Age) -> &'static str {
    match age {
        Age::Fresh => "fresh",
        Age::GoingStale(_) => "going stale",
        Age::Stale => "stale",
    }
}

fn tell(args: &ImportRegistrants, taken: &Taken, rechecked: &Rechecked) -> Result<(), Problem> {
    let tally = taken.through.tally;
    if args.json {
        let notices = rechecked.notices.iter().map(|notice| {
            json!({"code": notice.what.code.0, "person": notice.person, "what": notice.what.what, "next": notice.what.next})
        });
        return line(json!({
            "issued": taken.issued.to_string(), "rows": tally.rows, "refused": tally.refused, "chemical": tally.chemical,
            "bytes": tally.bytes, "sha256": taken.through.digest, "parts": taken.parts, "entry": taken.seq,
            "age": age(rechecked.age), "checked": rechecked.people, "changed": rechecked.changed, "notices": notices.collect::<Vec<_>>(),
        }));
    }
    line(format_args!(
        "imported as of {}: {} registrants, {} lines refused, {} handlers of listed chemicals passed over; entry {}",
        taken.issued, tally.rows, tally.refused, tally.chemical, taken.seq
    ))?;
    line(format_args!("file {} in {} parts; the data is {}", taken.through.digest, taken.parts, age(rechecked.age)))?;
    line(format_args!("{} who may sign were checked; something changed for {}", rechecked.people, rechecked.changed))?;
    for notice in &rechecked.notices {
        let person = notice.person.as_deref().unwrap_or("-");
        line(format_args!("  {person}: {}: {}; {}", notice.what.code, notice.what.what, notice.what.next))?;
    }
    Ok(())
}
