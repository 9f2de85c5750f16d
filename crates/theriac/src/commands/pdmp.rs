//! `theriac pdmp ...`: what State monitoring programmes are told.

use crate::cli::Pdmp;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use crate::pdmp::{FIELDS, Programme};
use serde_json::json;
use std::path::Path;
use theriac_model::{Actor, Role};

pub(crate) fn run(command: &Pdmp) -> Result<Outcome, Problem> {
    match command {
        Pdmp::Status { at, json } => status(&at.open()?, *json),
        Pdmp::Enter { file: None, .. } => fields(),
        Pdmp::Enter { file: Some(file), by, at } => {
            let house = at.open()?;
            let by = pharmacist(&house, by.as_deref().unwrap_or_default())?;
            enter(&house, &by, file)
        }
        Pdmp::Report { state, by, at } => {
            let house = at.open()?;
            let by = pharmacist(&house, by)?;
            report(&house, &by, &state.to_ascii_uppercase())
        }
        Pdmp::Answer { state, file, by, at } => {
            let house = at.open()?;
            let by = pharmacist(&house, by)?;
            answer(&house, &by, &state.to_ascii_uppercase(), file)
        }
    }
}

fn pharmacist(house: &House, id: &str) -> Result<Actor, Problem> {
    let person = house.known_person(id).filter(|person| person.role == Role::Pharmacist);
    person.ok_or_else(|| {
        let what = format!("{id:?} is no pharmacist of this deployment");
        Problem::wrong_use("PDMP-BY", what, "give the identifier of a pharmacist; `theriac people list` has them")
    })
}

fn status(house: &House, as_json: bool) -> Result<Outcome, Problem> {
    let now = house.clock.moment();
    let mut wrong = false;
    for programme in house.programmes().map_err(Problem::from)? {
        let overview = house.programme_overview(programme.state.as_str()).map_err(Problem::from)?;
        let (waiting, held, late) = (overview.pending.len(), overview.held(), overview.late(now));
        let last = overview.reports.first().map(|report| report.control.clone()).unwrap_or_default();
        wrong |= held > 0 || late > 0;
        if as_json {
            let state = programme.state.as_str();
            line(json!({"held": held, "last_report": last, "late": late, "state": state, "waiting": waiting}))?;
        } else {
            let last = if last.is_empty() { "none".to_owned() } else { last };
            line(format_args!(
                "{}: {waiting} to be told, {held} held back, {late} late; last report {last}",
                programme.state
            ))?;
        }
    }
    Ok(if wrong { Outcome::FoundWrong } else { Outcome::Done })
}

fn fields() -> Result<Outcome, Problem> {
    for (field, about) in FIELDS {
        line(format_args!("# {about}\n{field} = \"\""))?;
    }
    Ok(Outcome::Done)
}

fn enter(house: &House, by: &Actor, file: &Path) -> Result<Outcome, Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
    let next = "write one field a line, as `theriac pdmp enter` prints them";
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| Problem::wrong_use("PDMP-FILE", error.message().to_owned(), next))?;
    if let Some(unknown) = table.keys().find(|key| FIELDS.iter().all(|(field, _)| field != key)) {
        return Err(Problem::wrong_use("PDMP-FILE", format!("{unknown} is no field of a programme"), next));
    }
    let get = |field: &str| match table.get(field) {
        Some(toml::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let programme = Programme::read(get).map_err(Problem::from)?;
    let state = programme.state;
    house.set_programme(by, programme).map_err(Problem::from)?;
    line(format_args!("{state}: entered"))?;
    Ok(Outcome::Done)
}

fn report(house: &House, by: &Actor, state: &str) -> Result<Outcome, Problem> {
    let control = house.make_report(by, state).map_err(Problem::from)?;
    house.place_reports().map_err(Problem::from)?;
    let (row, report, _) = house.report(state, &control).map_err(Problem::from)?;
    let late = if row.late > 0 { format!(", {} of them late", row.late) } else { String::new() };
    line(format_args!("{state}: report {control} with {} records{late}; SHA-256 {}", row.records, row.digest))?;
    for number in &report.held {
        line(format_args!("  held back: {number}"))?;
    }
    Ok(if report.held.is_empty() && row.late == 0 { Outcome::Done } else { Outcome::FoundWrong })
}

fn answer(house: &House, by: &Actor, state: &str, file: &Path) -> Result<Outcome, Problem> {
    let bytes = std::fs::read(file).map_err(|error| Problem::unreadable(file, &error))?;
    let outcome = house.read_answer(by, state, &bytes).map_err(Problem::from)?;
    match (&outcome.refused, outcome.not_taken) {
        (Some(reason), _) => line(format_args!("{}: not taken: {reason}; it is told again", outcome.control))?,
        (None, 0) => line(format_args!("{}: taken", outcome.control))?,
        (None, count) => line(format_args!("{}: {count} records not taken", outcome.control))?,
    }
    Ok(if outcome.refused.is_none() && outcome.not_taken == 0 { Outcome::Done } else { Outcome::FoundWrong })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::deployment::demonstration;
    use crate::demo::world;
    use crate::house::clock::Clock;

    #[test]
    fn a_programme_is_entered_from_the_file_whose_fields_the_command_prints() {
        let dir = tempfile::tempdir().expect("a directory");
        let config = demonstration();
        let clock =
            Clock::told(crate::house::zone(&config).expect("zone"), "2026-03-02T16:00:00Z".parse().expect("now"));
        let house = House::found(&dir.path().join("house"), config, clock).expect("a deployment");
        world::populate(&house).expect("a world");
        let fern = pharmacist(&house, "fern").expect("a pharmacist");
        for nobody in ["", "tess", "brook", "nobody"] {
            assert!(pharmacist(&house, nobody).is_err(), "{nobody}");
        }
        let file = dir.path().join("az.toml");
        let written = "state = \"AZ\"\ntitle = \"Invented\"\ncite = \"State law\"\ncollects = \"II III\"\nhours = 24\nzero = \"reported\"\n\
            covers = \"pharmacy\"\nversion = \"4.2B\"\npurpose = \"test\"\nsender = \"1\"\nsender_name = \"Example\"\nphone = \"5205550100\"\n\
            line1 = \"1 Street\"\ncity = \"Tucson\"\nhome = \"AZ\"\npostal = \"85701\"\nsince = \"2026-03-01\"\n";
        std::fs::write(&file, written).expect("written");
        assert!(matches!(enter(&house, &fern, &file), Ok(Outcome::Done)));
        assert_eq!(house.programme("AZ").expect("entered").hours, 24);
        // A day without a dispensing was reported by hand, and its answer is read.
        assert!(matches!(report(&house, &fern, "AZ"), Ok(Outcome::Done)));
        assert!(dir.path().join("house/pdmp/AZ/AZ-20260302-01.dat").exists());
        let said = dir.path().join("answer.csv");
        let text = "control,result,prescription,fill,part,element,reason\n20260302-01,rejected,,,,,unknown sender\n";
        std::fs::write(&said, text).expect("written");
        assert!(matches!(answer(&house, &fern, "AZ", &said), Ok(Outcome::FoundWrong)));
        assert!(matches!(status(&house, true), Ok(Outcome::Done)));
        for (text, code) in
            [("state = 1\nwrong = 2\n", "PDMP-FILE"), ("state", "PDMP-FILE"), ("state = \"ZZ\"", "PDMP-PROGRAMME")]
        {
            std::fs::write(&file, text).expect("written");
            assert_eq!(enter(&house, &fern, &file).expect_err(text).code, code);
        }
    }
}
