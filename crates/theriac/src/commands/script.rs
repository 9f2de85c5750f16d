//! `theriac script ...`.

use super::law::today;
use crate::cli::{Format, Script};
use crate::output::{Outcome, Problem, closed, each_file, line};
use std::fs;
use std::io::Write;
use std::path::Path;
use theriac_law::Profile;
use theriac_law::products::{self, Found, Status};
use theriac_law::vocab::Word;
use theriac_model::{CanonicalContents, Element, Refusal, Schedule};
use theriac_wire::fhir::{References, drafts, request};
use theriac_wire::script::check::{Lookup, Verdict, check};
use theriac_wire::script::{Limits, Notice, decode, decode_from, encode_indented, to_contents};

/// Messages longer than this are refused before they are read whole.
const LONGEST: u64 = 10 * 1024 * 1024 + 1;

/// Reads a message file, at most a little more than the codec accepts.
pub(crate) fn read_message(path: &Path) -> Result<Vec<u8>, Problem> {
    use std::io::Read;
    let file = fs::File::open(path).map_err(|error| Problem::unreadable(path, &error))?;
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes).map_err(|error| Problem::unreadable(path, &error))?;
    Ok(bytes)
}

pub(crate) fn run(command: &Script) -> Result<Outcome, Problem> {
    match command {
        Script::Check { files, json } => each_file(files, |path| {
            let report = check(&read_message(path)?, &look_up);
            if *json {
                let mut object = report.to_json();
                object["file"] = path.display().to_string().into();
                line(object)?;
            } else {
                line(format_args!("{}\n{}", path.display(), report.to_text()))?;
            }
            Ok(if report.verdict == Verdict::Complete { Outcome::Done } else { Outcome::FoundWrong })
        }),
        Script::Convert { to: Format::Script2017071, file } => {
            let source = fs::File::open(file).map_err(|error| Problem::unreadable(file, &error))?;
            let message = decode_from(source, &Limits::DEFAULT).map_err(|refusal| Problem::from(*refusal))?;
            let mut out = std::io::stdout().lock();
            out.write_all(&encode_indented(&message)).map_err(|error| closed(&error))?;
            Ok(Outcome::Done)
        }
        Script::Convert { to: Format::FhirR4, file } => to_fhir(&read_message(file)?),
    }
}

/// Prints a SCRIPT message, or every request of a FHIR document, as FHIR `MedicationRequest`s, one JSON document a line. What a
/// prescription lacks, and what a reader should know, goes to standard error.
fn to_fhir(bytes: &[u8]) -> Result<Outcome, Problem> {
    let json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['));
    if !json {
        let arrived = to_contents(&decode(bytes).map_err(|refusal| Problem::from(*refusal))?);
        let outcome = told(&arrived.problems, &arrived.notices, &arrived.contents);
        let number = arrived.order_number.map(|number| (ORDER_NUMBER.to_owned(), number));
        line(request(&arrived.contents, &References { id: None, number }).map_err(|refusal| Problem::from(*refusal))?)?;
        return Ok(outcome);
    }
    let mut outcome = Outcome::Done;
    for found in drafts(bytes).map_err(|refusal| Problem::from(*refusal))? {
        match found.outcome {
            Err(refusal) => {
                eprintln!("{refusal}");
                outcome = Outcome::FoundWrong;
            }
            Ok(draft) => {
                outcome = outcome.max(told(&draft.problems, &draft.notices, &draft.contents));
                let number = draft.order_numbers.into_iter().next();
                let printed = request(&draft.contents, &References { id: None, number });
                line(printed.map_err(|refusal| Problem::from(*refusal))?)?;
            }
        }
    }
    Ok(outcome)
}

/// The system of the prescriber's order numbers, where SCRIPT names none.
const ORDER_NUMBER: &str = "urn:theriac:prescriber-order-number";

/// Tells what is wrong, what is missing and what else a reader should know.
fn told(problems: &[Refusal], notices: &[Notice], contents: &CanonicalContents) -> Outcome {
    for problem in problems {
        eprintln!("{problem}");
    }
    for notice in notices {
        eprintln!("{notice}");
    }
    let lacks: Vec<&str> = contents.missing().into_iter().map(Element::tag).collect();
    if !lacks.is_empty() {
        eprintln!("lacks: {}", lacks.join(", "));
    }
    if problems.is_empty() && lacks.is_empty() { Outcome::Done } else { Outcome::FoundWrong }
}

/// What the table of drugs says of a drug, by the name on the prescription: the strictest schedule it may have. A name that
/// is not there is unknown, never taken as uncontrolled.
fn look_up(_ndc: Option<&str>, name: &str) -> Lookup {
    let profile = Profile::strictest();
    let words: Vec<&str> = name.split_whitespace().collect();
    // The longest beginning of the description that is a drug's name: strengths and forms follow the name.
    let found = (1..=words.len()).rev().map(|count| words[..count].join(" ")).find_map(|name| {
        match products::lookup(&profile, &name, today()) {
            Found::Certain(Status::Scheduled(schedule), _) | Found::Depends(Status::Scheduled(schedule), _) => {
                Schedule::parse(schedule.word())
            }
            _ => None,
        }
    });
    found.map_or(Lookup::Unknown, Lookup::Controlled)
}
