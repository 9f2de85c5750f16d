//! `theriac enrolment review` and `theriac enrolment enter`: what is missing before a practitioner may sign, and the
//! operator's steps from a file, with the fields of the forms in the browser.

use crate::cli::Enrolment;
use crate::enrolment::NotDone;
use crate::enrolment::fields::Fields;
use crate::enrolment::steps::Step;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use theriac_model::{Actor, Refusal, Role};

/// A line of a file of steps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// A step's word, or `scan`.
    step: String,
    /// The fields of its form.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// For `scan`: the signed document, beside the file of steps unless its path is whole.
    file: Option<PathBuf>,
}

pub(crate) fn run(command: &Enrolment) -> Result<Outcome, Problem> {
    match command {
        Enrolment::Review { id, json: as_json, at } => review(&at.open()?, id, *as_json),
        Enrolment::Enter { file, id, by, at } => enter(&at.open()?, file, id, by),
    }
}

fn wrong(code: &'static str, cause: String, next: &'static str) -> Problem {
    Problem::wrong_use(code, cause, next)
}

/// Somebody of this deployment in the role that a step needs.
fn in_role(house: &House, id: &str, role: Role) -> Result<Actor, Problem> {
    let found = house.person(id).map_err(Problem::from)?.filter(|actor| actor.role == role);
    found.ok_or_else(|| {
        let next = "`theriac people list` names everybody with their role";
        wrong("PEOPLE-ROLE", format!("there is no {role} {id} here"), next)
    })
}

fn told(refusal: &Refusal) -> serde_json::Value {
    json!({
        "cite": refusal.cite.as_str(), "code": refusal.code.0, "edition": refusal.edition.name(),
        "field": refusal.field, "next": refusal.next, "what": refusal.what,
    })
}

/// Prints everything that is missing. An enrolment that is not ready is something wrong that was found.
fn review(house: &House, id: &str, as_json: bool) -> Result<Outcome, Problem> {
    in_role(house, id, Role::Prescriber)?;
    let (signer, _) = house.signer(id).map_err(Problem::from)?;
    let provider = house.provider();
    let rules = house.rules(&provider);
    let review = house.review_enrolment(&signer, &rules).map_err(Problem::from)?;
    let stage = signer.stage(rules.today).word();
    if as_json {
        let places = review.places.iter().map(|place| {
            json!({
                "missing": place.missing.iter().map(told).collect::<Vec<_>>(),
                "registration": place.intended.registration.to_string(),
                "state": place.intended.state.as_str(),
            })
        });
        line(json!({
            "general": review.general.iter().map(told).collect::<Vec<_>>(),
            "person": id, "places": places.collect::<Vec<_>>(), "ready": review.ready(), "stage": stage,
        }))?;
    } else {
        let word = if review.ready() { "ready for the two who grant" } else { "not ready" };
        line(format_args!("{id}: {stage}; {word}"))?;
        for refusal in &review.general {
            line(format_args!("  {refusal}"))?;
        }
        for place in &review.places {
            let complete = if place.missing.is_empty() { ": complete" } else { "" };
            line(format_args!("  {} in {}{complete}", place.intended.registration, place.intended.state))?;
            for refusal in &place.missing {
                line(format_args!("    {refusal}"))?;
            }
        }
    }
    Ok(if review.ready() { Outcome::Done } else { Outcome::FoundWrong })
}

/// Takes the steps of a file one after the other, until one is refused.
fn enter(house: &House, file: &Path, id: &str, by: &str) -> Result<Outcome, Problem> {
    in_role(house, id, Role::Prescriber)?;
    let by = in_role(house, by, Role::Operator)?;
    let text = std::fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
    for (n, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let at = format!("{}: line {n}", file.display());
        let read: Line = serde_json::from_str(text).map_err(|error| {
            let next = "write one object a line with step and fields, or with the step scan and file";
            wrong("ENROLMENT-LINE", format!("{at}: {error}"), next)
        })?;
        match take(house, &by, id, read, file) {
            Ok(step) => line(format_args!("line {n}: {step} recorded"))?,
            Err(Stopped::Problem(problem)) => return Err(problem),
            Err(Stopped::Refused(refusals)) => {
                for refusal in &refusals {
                    eprintln!("{at}: {refusal}");
                }
                eprintln!("{at}: nothing of this step was recorded, and the steps after it were not taken");
                return Ok(Outcome::FoundWrong);
            }
        }
    }
    Ok(Outcome::Done)
}

/// Why a step was not taken.
enum Stopped {
    Refused(Vec<Refusal>),
    Problem(Problem),
}

impl From<NotDone> for Stopped {
    fn from(no: NotDone) -> Self {
        match no {
            NotDone::Refused(refusals) => Self::Refused(refusals),
            NotDone::Fault(fault) => Self::Problem(fault.into()),
        }
    }
}

fn take(house: &House, by: &Actor, id: &str, read: Line, beside: &Path) -> Result<String, Stopped> {
    if read.step == "scan" {
        let named = read.file.ok_or_else(|| {
            let next = "give \"file\" with the path of the scanned document";
            Stopped::Problem(wrong("ENROLMENT-FILE", "the step scan names no file".to_owned(), next))
        })?;
        let path = beside.parent().unwrap_or(Path::new(".")).join(named);
        let bytes = std::fs::read(&path).map_err(|error| Stopped::Problem(Problem::unreadable(&path, &error)))?;
        house.enter_scan(by, id, bytes)?;
        return Ok(read.step);
    }
    let step = Step::parse(&read.step).ok_or_else(|| {
        let words = Step::ALL.map(|(_, word)| word).join(", ");
        let cause = format!("there is no step \"{}\"; there are {words}, scan", read.step);
        Stopped::Problem(wrong("ENROLMENT-STEP", cause, "name one of these"))
    })?;
    let fields = Fields::read(read.fields.into_iter().collect()).map_err(Stopped::Refused)?;
    house.take_step(by, id, step, &fields)?;
    Ok(read.step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::deployment::demonstration;
    use crate::demo::{cast, morning};
    use crate::house::clock::Clock;
    use crate::house::event::{HouseEvent, Person};
    use theriac_prescriber::enrolment::Stage;

    fn house(dir: &Path) -> House {
        let config = demonstration();
        let begins = "2026-03-02T16:00:00Z".parse().expect("instant");
        let clock = Clock::told(crate::house::zone(&config).expect("zone"), begins);
        let house = House::found(&dir.join("house"), config, clock).expect("a deployment");
        let people = [(&cast::OPERATOR, Role::Operator), (&cast::NEWCOMER, Role::Prescriber)].map(|(person, role)| {
            let name = format!("{} {}", person.first, person.last);
            HouseEvent::PersonAdded(Person { id: person.id.to_owned(), name, role, what: String::new() })
        });
        house.note(&crate::house::program(), &people).expect("people");
        morning::import_registrants(&house, dir).expect("data");
        house
    }

    /// Requirements: epcs-1311.105-a-intro-1
    #[test]
    fn the_steps_of_a_file_are_those_of_the_pages_and_stop_at_the_first_refusal() {
        let dir = tempfile::tempdir().expect("a directory");
        let house = house(dir.path());
        let number = cast::newcomer_number();
        let file = dir.path().join("steps.jsonl");
        let lines = [
            json!({"step": "application", "fields": {"name": "Noa Novak", "telephone": "520-555-0199",
                "intends[1].state": "AZ", "intends[1].registration": number.as_str()}}),
            json!({"step": "document", "fields": {"format": "form", "entity.kind": "police"}}),
            json!({"step": "scan", "file": "scan.pdf"}),
            json!({"step": "acceptance"}),
            json!({"step": "check"}),
        ];
        let lines = lines.map(|line| line.to_string()).join("\n");
        std::fs::write(&file, lines).expect("written");
        std::fs::write(dir.path().join("scan.pdf"), b"%PDF-1.4 signed").expect("written");
        let entered = enter(&house, &file, "novak", "ola").expect("read");
        assert_eq!(entered, Outcome::FoundWrong, "an incomplete document is not accepted");
        let (signer, _) = house.signer("novak").expect("a signer");
        assert_eq!(signer.stage(house.clock.moment().date()), Stage::DocumentEntered);
        assert!(signer.enrolment().document().is_some_and(|document| document.upload.is_some()));
        assert_eq!(review(&house, "novak", true).expect("reviewed"), Outcome::FoundWrong);
        for (id, by) in [("nobody", "ola"), ("ola", "ola"), ("novak", "novak"), ("novak", "nobody")] {
            assert!(enter(&house, &file, id, by).is_err(), "{id} by {by}");
        }
        for wrong in ["{", r#"{"step":"grant"}"#, r#"{"step":"scan"}"#, r#"{"step":"acceptance","more":1}"#] {
            std::fs::write(&file, wrong).expect("written");
            assert!(enter(&house, &file, "novak", "ola").is_err(), "{wrong}");
        }
    }
}
