//! Outside checkers of registrations: whom the pharmacy relies on, and what they said.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, show, state};
use super::words_of;
use crate::house::House;
use crate::house::event::Registrant;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::registry::OutsideCheck;
use crate::typed::{Typed, wrong};
use theriac_law::vocab::{Status, Word as _};
use theriac_model::{Actor, Schedule};

/// `/pharmacy/checkers`
pub(in crate::http) async fn checkers(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Checkers, tried, |house, _, typed| desk(house, typed)).await
}

fn desk(house: &House, typed: &Typed) -> Result<Desk, Fault> {
    let today = house.clock.moment().date();
    let (all, _) = house.checkers()?;
    let mut grid = Grid::new(
        &["Checker", "Relied on since", "Decided by", "Why", "Review by", "Checks accepted", "State"],
        "The pharmacy relies on no outside checker: it looks registrations up in its own registrant data.",
    );
    for trust in &all {
        let now = match &trust.ended {
            Some(ended) => state(format!("ended {ended}"), "plain"),
            None if trust.review < today => state("to be reviewed", "bad"),
            None => state("relied on", "good"),
        };
        grid.rows.push(vec![
            cell(trust.checker.clone()),
            cell(trust.at.clone()),
            cell(trust.by.clone()),
            cell(trust.why.clone()),
            cell(trust.review.to_string()),
            cell(trust.taken.to_string()),
            now,
        ]);
    }
    let trust = vec![
        Field::text("checker", "Name of the checker"),
        Field::text("why", "Why the reliance is warranted")
            .hint("What it checks against, how often, who answers for it."),
        Field::date("review", "Review by").hint("Within a year."),
    ];
    let mut forms = vec![
        Form::post("/pharmacy/checkers", "Rely on it", trust)
            .step("trust")
            .folded("Rely on a checker, or review one", typed),
    ];
    let open: Vec<(String, String)> = all
        .iter()
        .filter(|trust| trust.ended.is_none())
        .map(|trust| (trust.checker.clone(), trust.checker.clone()))
        .collect();
    let mut sections = Vec::new();
    if !open.is_empty() {
        let end = vec![Field::choose_of("checker", "Checker", open.clone()), Field::text("why", "Why")];
        forms.push(
            Form::post("/pharmacy/checkers", "End the reliance", end).step("end").folded("End a reliance", typed),
        );
        let kinds = [
            ("practitioner", "practitioner"),
            ("mid-level", "mid-level practitioner"),
            ("institution", "hospital or institution"),
            ("pharmacy", "pharmacy"),
        ];
        let check = vec![
            Field::choose_of("checker", "Checker", open),
            Field::text("registration", "DEA number"),
            Field::text("name", "Name of the registrant"),
            Field::choose("activity", "Kind", &kinds),
            Field::choose_of("status", "Status", words_of::<Status>()),
            Field::date("expires", "Valid until"),
            Field::text("schedules", "Schedules").hint("Such as II III IV V.").maybe(),
            Field::text("reference", "The checker's reference").hint("The number of its answer, or who gave it."),
        ];
        sections.push(Section {
            id: "check",
            heading: "Enter a check".to_owned(),
            texts: vec![
                "What is entered counts as registrant data of today. The pharmacy stays responsible for it.".to_owned(),
            ],
            forms: vec![Form::post("/pharmacy/checkers", "Accept the check", check).step("check")],
            ..Section::default()
        });
    }
    sections.insert(
        0,
        Section { id: "list", heading: "Checkers".to_owned(), grid: Some(grid), forms, ..Section::default() },
    );
    Ok(Desk {
        title: "Outside checks of registrations".to_owned(),
        lead:
            "Whose word on a registration counts here: by a dated decision of a named person, looked at again by a day."
                .to_owned(),
        sections,
        ..Desk::default()
    })
}

fn check_of(typed: &Typed) -> Result<OutsideCheck, Fault> {
    let number = typed
        .maybe_dea("registration")?
        .ok_or_else(|| wrong("registration", "the DEA number is missing", "enter the number that was checked"))?;
    let schedules = typed
        .get("schedules")
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map(|part| {
            Schedule::parse(part)
                .ok_or_else(|| wrong("schedules", format!("{part} is no schedule"), "write II III IV V"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let status: Status = typed.law_word("status")?;
    let activity = typed.word("activity", |word| {
        ["practitioner", "mid-level", "institution", "pharmacy"].contains(&word).then(|| word.to_owned())
    })?;
    let expires = typed.day("expires")?;
    let row = Registrant {
        number,
        name: typed.text("name")?,
        activity,
        status: status.word().to_owned(),
        expires,
        schedules,
        issued: expires,
    };
    Ok(OutsideCheck { checker: typed.get("checker").to_owned(), row, reference: typed.get("reference").to_owned() })
}

fn step(house: &House, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
    match typed.get("step") {
        "trust" => house.trust_checker(actor, typed.get("checker"), typed.get("why"), typed.day("review")?),
        "end" => house.end_checker(actor, typed.get("checker"), typed.get("why")),
        "check" => house.take_outside_check(actor, &check_of(typed)?),
        _ => Err(wrong("step", "there is no such act", "use a form of this page")),
    }
}

/// `POST /pharmacy/checkers`
pub(in crate::http) async fn checkers_step(asked: Asked) -> Answer {
    match done(&asked, step).await? {
        Ok(()) => see("/pharmacy/checkers#list"),
        Err(tried) => shown(asked, tried).await,
    }
}
