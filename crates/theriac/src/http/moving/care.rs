//! Long term care facilities: the list, and one facility with its residents and what it asked about disposal.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use crate::dispensary::care::{FacilityNow, NewFacility};
use crate::dispensary::moved::{Class, DisposalAdvice, Resident};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::Answer;
use crate::typed::{Typed, wrong};

fn classes() -> Vec<(String, String)> {
    Class::ALL.iter().map(|class| (class.word().to_owned(), class.word().replace('-', " "))).collect()
}

/// `/pharmacy/facilities`
pub(in crate::http) async fn facilities(asked: Asked) -> Answer {
    listed(asked, Tried::default()).await
}

async fn listed(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Facilities, tried, |house, _, typed| list(house, typed)).await
}

fn list(house: &House, typed: &Typed) -> Result<Desk, Fault> {
    let today = house.clock.moment().date();
    let mut grid =
        Grid::new(&["Name", "Class", "Address", "DEA registration", "Residents today"], "None is listed yet.");
    for now in house.facilities()? {
        let lives = |stay: &&crate::dispensary::moved::Stay| {
            stay.from <= today && stay.until.is_none_or(|until| until >= today)
        };
        grid.rows.push(vec![
            link(now.facility.name.clone(), format!("/pharmacy/facilities/{}", now.facility.id)),
            cell(now.facility.class.word().replace('-', " ")),
            cell(now.facility.address.clone()),
            cell(now.facility.registration.map_or_else(|| "not registered".to_owned(), |number| number.to_string())),
            cell(now.stays.iter().filter(lives).count().to_string()),
        ]);
    }
    let fields = vec![
        Field::text("name", "Name"),
        Field::choose_of("class", "Class", classes()),
        Field::text("address", "Address"),
        Field::text("registration", "DEA number, if it is registered").maybe(),
    ];
    Ok(Desk {
        title: "Long term care facilities".to_owned(),
        lead: "Nursing homes, retirement and mental care, and other places that give residents extended care. Parts for residents are dispensed on this ground between the days of a stay only.".to_owned(),
        sections: vec![Section {
            id: "list",
            heading: "Facilities".to_owned(),
            grid: Some(grid),
            forms: vec![Form::post("/pharmacy/facilities", "List the facility", fields).folded("List a facility", typed)],
            ..Section::default()
        }],
        ..Desk::default()
    })
}

/// `POST /pharmacy/facilities`
pub(in crate::http) async fn list_facility(asked: Asked) -> Answer {
    let acted = done(&asked, |house, actor, typed| {
        let new = NewFacility {
            name: typed.get("name"),
            class: typed.word("class", Class::parse)?,
            address: typed.get("address"),
            registration: typed.maybe_dea("registration")?,
        };
        house.list_facility(actor, &new)
    });
    match acted.await? {
        Ok(id) => see(&format!("/pharmacy/facilities/{id}")),
        Err(tried) => listed(asked, tried).await,
    }
}

/// `/pharmacy/facilities/{id}`
pub(in crate::http) async fn facility(asked: Asked) -> Answer {
    one(asked, Tried::default()).await
}

async fn one(asked: Asked, tried: Tried) -> Answer {
    let id = asked.id("id")?;
    let known = id.clone();
    let there = asked.app.ask(move |world| crate::http::practice::act(world, |house| house.facility(&known)));
    if there.await??.is_none() {
        return Err(Failure::no_such("facility", "choose one from the list"));
    }
    show(asked, Door::Facility, tried, move |house, _, typed| {
        let now = house.facility(&id)?;
        now.map(|now| desk(&now, typed))
            .ok_or_else(|| wrong("id", "there is no such facility", "choose one from the list"))
    })
    .await
}

fn desk(now: &FacilityNow, typed: &Typed) -> Desk {
    let path = format!("/pharmacy/facilities/{}", now.facility.id);
    let mut stays = Grid::new(&["Resident", "Born", "From", "Until"], "Nobody's stay is recorded.");
    let mut open = Vec::new();
    for stay in &now.stays {
        let name = format!("{}, {}", stay.resident.last, stay.resident.first);
        if stay.until.is_none() {
            open.push((stay.id.clone(), format!("{name}, since {}", stay.from)));
        }
        stays.rows.push(vec![
            cell(name),
            cell(stay.resident.born.to_string()),
            cell(stay.from.to_string()),
            stay.until.map_or_else(|| state("lives here", "good"), |until| cell(until.to_string())),
        ]);
    }
    let begin = vec![
        Field::text("first", "First name"),
        Field::text("last", "Last name"),
        Field::date("born", "Date of birth"),
        Field::date("from", "First day"),
    ];
    let mut forms = vec![Form::post(&path, "Record the stay", begin).step("begin").folded("A patient moves in", typed)];
    if !open.is_empty() {
        let end = vec![Field::choose_of("stay", "Whose stay", open), Field::date("until", "Last day")];
        forms.push(Form::post(&path, "Record the end", end).step("end").folded("A stay ends", typed));
    }
    let mut advice = Grid::new(
        &["When", "By", "Question", "DEA field office", "State guidance", "Answer"],
        "Nothing was asked yet.",
    );
    for (at, who, told) in &now.advice {
        advice.rows.push(vec![
            cell(at.clone()),
            cell(who.clone()),
            cell(told.question.clone()),
            cell(told.office.clone()),
            cell(told.guidance.clone()),
            cell(told.answer.clone()),
        ]);
    }
    let ask = vec![
        Field::area("question", "What the facility asked"),
        Field::text("office", "DEA field office that it was sent to, with telephone"),
        Field::text("guidance", "State guidance that applies"),
        Field::area("answer", "What it was told"),
    ];
    Desk {
        title: now.facility.name.clone(),
        back: Some(("/pharmacy/facilities".to_owned(), "Long term care facilities".to_owned())),
        lead: format!("{}, {}", now.facility.class.word().replace('-', " "), now.facility.address),
        tag: Some(match now.facility.registration {
            Some(number) => ("good", number.to_string()),
            None => ("plain", "not registered".to_owned()),
        }),
        sections: vec![
            Section { id: "stays", heading: "Residents".to_owned(), grid: Some(stays), forms, ..Section::default() },
            Section {
                id: "disposal",
                heading: "Disposal".to_owned(),
                texts: vec![
                    "What was dispensed for residents has left the closed system: it is no stock of this pharmacy and is never taken back into it. After a change of medication or a death the facility asks DEA's field office, and the State's guidance applies.".to_owned(),
                ],
                links: vec![("https://www.deadiversion.usdoj.gov/contactDea/spring/fullSearch".to_owned(), "Find the field office".to_owned())],
                grid: Some(advice),
                forms: vec![Form::post(&path, "Keep question and answer", ask).step("disposal").folded("A facility asked about disposal", typed)],
                ..Section::default()
            },
        ],
    }
}

/// `POST /pharmacy/facilities/{id}`
pub(in crate::http) async fn facility_step(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let of = id.clone();
    let acted = done(&asked, move |house, actor, typed| match typed.get("step") {
        "begin" => {
            let resident = Resident {
                first: typed.get("first").to_owned(),
                last: typed.get("last").to_owned(),
                born: typed.day("born")?,
            };
            house.begin_stay(actor, &of, &resident, typed.day("from")?)
        }
        "end" => house.end_stay(actor, typed.get("stay"), typed.day("until")?),
        "disposal" => {
            let own = |name: &str| typed.get(name).to_owned();
            house.advise_disposal(
                actor,
                &DisposalAdvice {
                    facility: of.clone(),
                    question: own("question"),
                    office: own("office"),
                    guidance: own("guidance"),
                    answer: own("answer"),
                },
            )
        }
        _ => Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/facilities/{id}")),
        Err(tried) => one(asked, tried).await,
    }
}
