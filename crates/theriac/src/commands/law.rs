//! `theriac law ...`.

use crate::cli::Law;
use crate::output::{Outcome, Problem};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use theriac_law::Profile;
use theriac_law::cli::{Output, Over, decide_lines, explain, rules};
use theriac_model::RegistrantType;

pub(crate) fn run(command: &Law) -> Result<Outcome, Problem> {
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match command {
        Law::Decide { file, profile } => decide(file, profile.as_deref(), &mut out)?,
        Law::Rules { json } => {
            rules(&mut out, if *json { Output::Json } else { Output::Text }).map_err(|error| pipe(&error))?;
            Outcome::Done
        }
        Law::Explain { id } => {
            if !explain(&mut out, id).map_err(|error| pipe(&error))? {
                return Err(Problem::wrong_use(
                    "LAW-NO-RULE",
                    format!("there is no rule {id}"),
                    "`theriac law rules` lists them",
                ));
            }
            Outcome::Done
        }
        Law::DeaNumber { numbers } => dea_numbers(numbers, &mut out)?,
    };
    out.flush().map_err(|error| pipe(&error))?;
    Ok(outcome)
}

fn pipe(error: &io::Error) -> Problem {
    Problem::failed("CLI-OUTPUT", error.to_string(), "keep the reader of the output open")
}

fn decide(file: &Path, profile: Option<&str>, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let over = if profile.is_some() { Over::Profile } else { Over::Line };
    let profile = Profile::named(profile.unwrap_or("strictest")).map_err(|error| {
        Problem::wrong_use(
            "LAW-PROFILE",
            error.to_string(),
            "write strictest, in-force, seed, proposed-2008, manual-2010 or cards-2021",
        )
    })?;
    let mut input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(|error| Problem::unreadable(file, &error))?))
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

fn dea_numbers(numbers: &[String], out: &mut dyn Write) -> Result<Outcome, Problem> {
    let mut outcome = Outcome::Done;
    for text in numbers {
        let line = match theriac_model::Registration::parse(text) {
            Ok(registration) => {
                let kind = registration.number().registrant_type();
                if kind.is_none() {
                    outcome = Outcome::FoundWrong;
                }
                kind.map_or_else(
                    || format!("{text}: the first letter is not in use; ask for the certificate of registration"),
                    |kind| format!("{text}: well formed, {}", describe(kind)),
                )
            }
            Err(error) => {
                outcome = Outcome::FoundWrong;
                format!("{text}: {error}; read it again from the prescription, then ask the practitioner")
            }
        };
        writeln!(out, "{line}").map_err(|error| pipe(&error))?;
    }
    Ok(outcome)
}

fn describe(kind: RegistrantType) -> &'static str {
    match kind {
        RegistrantType::PractitionerOrFacility => "practitioner, hospital, clinic, teaching institution or pharmacy",
        RegistrantType::MidLevel => "mid-level practitioner",
        RegistrantType::DistributorOrResearcher => "manufacturer, distributor, researcher or treatment program",
        RegistrantType::DataWaived => "identification number of a formerly data-waived practitioner",
    }
}
