//! `theriac law replay NUMBER`: the decisions of a prescription's record, asked again.

use crate::cli::Replay;
use crate::dispensary::rejudged::{Differs, Rejudged};
use crate::house::overlay;
use crate::output::{Outcome, Problem};
use serde_json::json;
use std::io::Write;
use theriac_pharmacy::PrescriptionNumber;

pub(super) fn run(asked: &Replay, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let number = PrescriptionNumber::parse(&asked.number).map_err(|error| {
        Problem::wrong_use("PHARM-UNKNOWN", error.to_string(), "write the pharmacy's prescription number")
    })?;
    let house = asked.at.open()?;
    let mut profile = match &asked.profile {
        Some(name) => super::named(name)?,
        None => house.profile.clone(),
    };
    if let Some(file) = &asked.overlay {
        let text = std::fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
        profile = overlay(profile, &file.display().to_string(), &text)?;
    }
    let found = house.rejudged(&number, &profile).map_err(Problem::from)?;
    let differ = found.iter().filter(|one| one.differs == Differs::Yes).count();
    for one in &found {
        if asked.json { writeln!(out, "{}", as_json(one)) } else { print(one, profile.name(), out) }
            .map_err(|error| super::pipe(&error))?;
    }
    if !asked.json {
        writeln!(out, "{differ} of {} decisions would differ; the record stays as it is", found.len())
            .map_err(|error| super::pipe(&error))?;
    }
    Ok(Outcome::Done)
}

fn as_json(one: &Rejudged) -> serde_json::Value {
    json!({
        "entry": one.entry, "what": one.what, "at": one.at,
        "recorded": {"profile": one.profile, "verdict": one.verdict, "rules": one.rules},
        "what_if": {"verdict": one.again, "rules": one.again_rules},
        "differs": one.differs == Differs::Yes,
    })
}

fn print(one: &Rejudged, profile: &str, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "entry {}, {}, {}", one.entry, one.what, one.at)?;
    writeln!(out, "  recorded under {}: {}", one.profile, one.verdict)?;
    for rule in &one.rules {
        writeln!(out, "    {rule}")?;
    }
    writeln!(out, "  what if under {profile}: {}", one.again)?;
    let added = one.again_rules.iter().filter(|rule| !one.rules.contains(rule));
    for rule in added {
        writeln!(out, "    {rule}")?;
    }
    Ok(())
}
