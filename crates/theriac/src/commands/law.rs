//! `theriac law ...`.

mod replay;
mod schedule;

use crate::cli::Law;
use crate::output::{Outcome, Problem};
use jiff::civil::Date;
use schedule::Asked;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use theriac_law::Profile;
use theriac_law::cli::{self, Filter, Output, Over, decide_lines, explain, rules};
use theriac_model::Edition;

pub(crate) fn run(command: &Law) -> Result<Outcome, Problem> {
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match command {
        Law::Decide { file, profile } => decide(file, profile.as_deref(), &mut out)?,
        Law::Rules { area, edition, on, json } => {
            let filter = Filter { area: area.clone(), edition: edition.as_deref().map(said_by).transpose()?, on: *on };
            known_area(&filter)?;
            if !rules(&mut out, &filter, form(*json)).map_err(|error| pipe(&error))? {
                eprintln!("LAW-NO-RULE: no rule fits all of that\nNext: leave one condition out");
            }
            Outcome::Done
        }
        Law::Explain { id, json } => {
            if !explain(&mut out, id, form(*json)).map_err(|error| pipe(&error))? {
                return Err(Problem::wrong_use(
                    "LAW-NO-RULE",
                    format!("there is no rule {id}"),
                    "`theriac law rules` lists them",
                ));
            }
            Outcome::Done
        }
        Law::Schedule { name, at, profile, on, json } => {
            let asked = Asked { name, profile: named(profile)?, day: on.unwrap_or_else(today), form: form(*json) };
            schedule::run(&asked, at, &mut out)?
        }
        Law::Replay(asked) => replay::run(asked, &mut out)?,
        Law::DeaNumber { numbers, json } => dea_numbers(numbers, form(*json), &mut out)?,
    };
    out.flush().map_err(|error| pipe(&error))?;
    Ok(outcome)
}

/// An edition that rules can be of. States and houses speak by parameters, not by rules.
fn said_by(name: &str) -> Result<Edition, Problem> {
    let edition = Edition::parse(name).filter(|edition| !matches!(edition, Edition::State(_) | Edition::House(_)));
    edition.ok_or_else(|| {
        Problem::wrong_use(
            "LAW-EDITION",
            format!("no rule is of an edition \"{name}\""),
            "write proposed-2008, cfr, manual-2010 or cards-2021",
        )
    })
}

fn known_area(filter: &Filter) -> Result<(), Problem> {
    match &filter.area {
        Some(area) if !Filter::areas().contains(&area.as_str()) => Err(Problem::wrong_use(
            "LAW-AREA",
            format!("no rule is of an area \"{area}\""),
            format!("write one of {}", Filter::areas().join(", ")),
        )),
        _ => Ok(()),
    }
}

fn pipe(error: &io::Error) -> Problem {
    Problem::failed("CLI-OUTPUT", error.to_string(), "keep the reader of the output open")
}

fn decide(file: &Path, profile: Option<&str>, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let over = if profile.is_some() { Over::Profile } else { Over::Line };
    let profile = named(profile.unwrap_or("strictest"))?;
    let mut input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(open(file).map_err(|error| Problem::unreadable(file, &error))?))
    };
    let summary = decide_lines(&mut *input, out, &profile, over).map_err(|error| pipe(&error))?;
    if summary.is_clean() {
        return Ok(Outcome::Done);
    }
    eprintln!(
        "LAW-LINES: {} answered, {} not readable, {} without a rule\nNext: correct the lines whose answer holds \"error\"",
        summary.answered, summary.malformed, summary.not_built
    );
    Ok(Outcome::FoundWrong)
}

/// Today, by the machine's clock, where it stands.
pub(crate) fn today() -> Date {
    jiff::Zoned::now().date()
}

pub(crate) fn named(profile: &str) -> Result<Profile, Problem> {
    Profile::named(profile).map_err(|error| {
        Problem::wrong_use(
            "LAW-PROFILE",
            error.to_string(),
            "write strictest, in-force, seed, proposed-2008, manual-2010 or cards-2021",
        )
    })
}

/// Opens a file to read from. A directory opens too, and fails only when it is read.
fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(file)
}

fn dea_numbers(numbers: &[String], form: Output, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let pass = cli::dea_numbers(out, &Profile::strictest(), numbers, today(), form).map_err(|error| pipe(&error))?;
    Ok(if pass { Outcome::Done } else { Outcome::FoundWrong })
}

fn form(json: bool) -> Output {
    if json { Output::Json } else { Output::Text }
}
