//! Downtime: the kit, the numbered sheets, and their entry afterwards.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use super::printed;
use crate::dispensary::moving_papers::{due_in_words, wall};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, inline_file};
use crate::http::practice::act;
use crate::showing::in_words;
use crate::typed::{Typed, wrong};
use std::sync::PoisonError;
use theriac_model::{Actor, Decimal, Quantity, Role};
use theriac_pharmacy::{Person, Pharmacist, PrescriptionNumber, Sheet};

/// Lines of the kit that the page shows; the paper has all.
const SHOWN: usize = 200;

/// `/pharmacy/downtime`
pub(in crate::http) async fn downtime(asked: Asked) -> Answer {
    listed(asked, Tried::default()).await
}

async fn listed(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Downtime, tried, |house, _, typed| list(house, typed)).await
}

fn list(house: &House, typed: &Typed) -> Result<Desk, Fault> {
    let kit = house.downtime_kit()?;
    let mut lines = Grid::new(
        &["Prescription", "Patient", "Drug", "A refill is", "Refills left", "Last day"],
        "Nothing may be refilled.",
    );
    for line in kit.lines.iter().take(SHOWN) {
        lines.rows.push(vec![
            link(line.number.to_string(), format!("/pharmacy/prescriptions/{}", line.number)),
            cell(line.patient.clone()),
            cell(line.drug.clone()),
            cell(in_words(&line.quantity)),
            cell(line.refills_left.to_string()),
            cell(line.last_day.map_or_else(|| "none".to_owned(), due_in_words)),
        ]);
    }
    let mut outages = Grid::new(&["Begun", "By", "Sheets", "Ended", "Not accounted for"], "There was no outage yet.");
    for outage in house.outages()? {
        let open = outage.state.open_sheets().len();
        outages.rows.push(vec![
            link(wall(outage.begun.at), format!("/pharmacy/downtime/{}", outage.seq)),
            cell(outage.begun.by.full_name.clone()),
            cell(format!("{} to {}", outage.begun.first, outage.begun.last)),
            outage.state.ended().map_or_else(|| state("the computer is down", "bad"), |at| cell(wall(at))),
            state(open.to_string(), if open == 0 { "good" } else { "open" }),
        ]);
    }
    let next = house.next_sheet()?;
    let begin = Form::post(
        "/pharmacy/downtime",
        "Give the sheets out",
        vec![
            Field::of("number", "first", "First sheet").value(next.to_string()),
            Field::of("number", "last", "Last sheet").value(next.saturating_add(19).to_string()),
        ],
    );
    Ok(Desk {
        title: "Downtime".to_owned(),
        lead: "Print the kit every day and keep it beside the counter. While the computer is down refill only by it, and write each refill on a numbered sheet.".to_owned(),
        sections: vec![
            Section {
                id: "kit",
                heading: format!("What may be refilled now: {}", kit.lines.len()),
                texts: vec!["theriac downtime-kit writes the same paper from a timer, for a folder that is on another machine.".to_owned()],
                grid: Some(lines),
                links: vec![("/pharmacy/downtime/kit.pdf".to_owned(), "The kit (PDF)".to_owned())],
                ..Section::default()
            },
            Section {
                id: "outages",
                heading: "Outages".to_owned(),
                grid: Some(outages),
                forms: vec![begin.folded("Give numbered sheets out", typed)],
                ..Section::default()
            },
        ],
        ..Desk::default()
    })
}

/// `POST /pharmacy/downtime`
pub(in crate::http) async fn begin_outage(asked: Asked) -> Answer {
    let acted =
        done(&asked, |house, actor, typed| house.begin_downtime(actor, typed.number("first")?, typed.number("last")?));
    match acted.await? {
        Ok(()) => see("/pharmacy/downtime#outages"),
        Err(tried) => listed(asked, tried).await,
    }
}

/// `/pharmacy/downtime/kit.pdf`
pub(in crate::http) async fn kit(asked: Asked) -> Answer {
    let found = asked.app.ask(|world| act(world, |house| printed(&house.kit_paper(&house.downtime_kit()?)))).await??;
    inline_file("downtime-kit.pdf", "application/pdf", found)
}

/// `/pharmacy/downtime/{seq}/sheets.pdf`
pub(in crate::http) async fn sheets(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (outage, _) = house.outage(seq)?;
            printed(&house.sheets_paper(outage.begun.first, outage.begun.last, outage.begun.at))
        })
    });
    inline_file("downtime-sheets.pdf", "application/pdf", found.await??)
}

/// `/pharmacy/downtime/{seq}`
pub(in crate::http) async fn outage(asked: Asked) -> Answer {
    one(asked, Tried::default()).await
}

async fn one(asked: Asked, tried: Tried) -> Answer {
    let seq = asked.seq()?;
    show(asked, Door::Outage, tried, move |house, _, typed| desk(house, seq, typed)).await
}

/// The pharmacists of the deployment, to choose who dispensed.
fn pharmacists(house: &House) -> Vec<(String, String)> {
    let directory = house.directory.read().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<(String, String)> = directory
        .people
        .values()
        .filter(|person| person.role == Role::Pharmacist)
        .map(|person| (person.id.clone(), person.name.clone()))
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

fn desk(house: &House, seq: u64, typed: &Typed) -> Result<Desk, Fault> {
    let (outage, _) = house.outage(seq)?;
    let path = format!("/pharmacy/downtime/{seq}");
    let mut done = Grid::new(&["Sheet", "What became of it", "Entered", "By"], "No sheet was entered yet.");
    let mut exceptions = Grid::new(
        &["Sheet", "Prescription", "Dispensed", "Quantity", "By", "Why the law would have refused it", "Ground"],
        "None.",
    );
    for sheet in &outage.done {
        let became = match (&sheet.number, &sheet.unused) {
            (Some(number), _) => link(format!("refill of {number}"), format!("/pharmacy/prescriptions/{number}")),
            (None, Some(why)) => cell(format!("not used: {why}")),
            (None, None) => cell(""),
        };
        done.rows.push(vec![
            cell(sheet.sheet.to_string()),
            became,
            cell(wall(sheet.at)),
            cell(sheet.by.full_name.clone()),
        ]);
        let Some(number) = &sheet.number else { continue };
        let (prescription, _) = house.dispensing_now(number)?;
        for exception in prescription.exceptions().iter().filter(|one| one.on.sheet == sheet.sheet) {
            exceptions.rows.push(vec![
                cell(sheet.sheet.to_string()),
                link(number.to_string(), format!("/pharmacy/prescriptions/{number}")),
                cell(wall(exception.at)),
                cell(in_words(&exception.quantity)),
                cell(exception.pharmacist.full_name.clone()),
                cell(format!("{}: {}", exception.refusal.code, exception.refusal.what)),
                cell(exception.refusal.cite.clone()),
            ]);
        }
    }
    let open = outage.state.open_sheets();
    let said = |no: &u32| match outage.state.named(*no) {
        Some(number) => format!("sheet {no}, of {number}"),
        None => format!("sheet {no}"),
    };
    let choices: Vec<(String, String)> = open.iter().map(|no| (no.to_string(), said(no))).collect();
    let mut forms = Vec::new();
    if outage.state.ended().is_none() {
        forms.push(Form::post(&path, "The computer runs again", Vec::new()).step("end"));
    }
    if let Some((first, _)) = choices.first().cloned() {
        let entry = vec![
            Field::choose_of("sheet", "Sheet", choices.clone()).value(first.clone()),
            Field::text("number", "Prescription number"),
            Field::text("ndc", "NDC").hint("Scan it."),
            Field::text("quantity", "Quantity dispensed"),
            Field::of("datetime-local", "at", "Dispensed at").hint("The true time, as the sheet says."),
            Field::choose_of("pharmacist", "Pharmacist who dispensed", pharmacists(house)),
            Field::text("recipient", "Taken by"),
        ];
        forms.push(Form::post(&path, "Enter the sheet", entry).step("sheet"));
        let named = vec![
            Field::choose_of("sheet", "Sheet", choices.clone()).value(first.clone()),
            Field::text("number", "Prescription number")
                .hint("Then the sheet holds back the refills of this prescription only, until it is entered."),
        ];
        forms.push(
            Form::post(&path, "Record which", named)
                .step("name")
                .quiet()
                .folded("Tell which prescription a sheet is of, and enter it later", typed),
        );
        let unused =
            vec![Field::choose_of("sheet", "Sheet", choices).value(first), Field::text("why", "Why it was not used")];
        forms.push(Form::post(&path, "Record it", unused).step("unused").quiet().folded("A sheet was not used", typed));
    }
    let (tone, word) = match (outage.state.ended(), open.len()) {
        (None, _) => ("bad", "down".to_owned()),
        (Some(_), 0) => ("good", "complete".to_owned()),
        (Some(_), 1) => ("open", "1 sheet open".to_owned()),
        (Some(_), left) => ("open", format!("{left} sheets open")),
    };
    Ok(Desk {
        title: format!("Outage of {}", wall(outage.begun.at)),
        tag: Some((tone, word)),
        back: Some(("/pharmacy/downtime".to_owned(), "Downtime".to_owned())),
        lead: format!(
            "Sheets {} to {}. What was dispensed did happen: its entry is never refused, and what went too far is listed. \
             Until every sheet is entered, named or recorded as not used, what could be refilled in the outage waits.",
            outage.begun.first, outage.begun.last
        ),
        sections: vec![
            Section {
                id: "enter",
                heading: "Enter the sheets".to_owned(),
                links: vec![(format!("{path}/sheets.pdf"), "The sheets (PDF)".to_owned())],
                forms,
                ..Section::default()
            },
            Section {
                id: "exceptions",
                heading: "Exceptions".to_owned(),
                grid: Some(exceptions),
                ..Section::default()
            },
            Section { id: "done", heading: "Sheets accounted for".to_owned(), grid: Some(done), ..Section::default() },
        ],
    })
}

fn sheet_of(house: &House, typed: &Typed) -> Result<(PrescriptionNumber, Sheet), Fault> {
    let number = typed.word("number", |text| PrescriptionNumber::parse(text).ok())?;
    let (prescription, _) = house.dispensing_now(&number)?;
    let unit = prescription.face().quantity.unit().clone();
    let quantity = Decimal::parse(typed.get("quantity")).ok().and_then(|value| Quantity::new(value, unit).ok());
    let id = typed.get("pharmacist");
    let role = house.known_person(id).map_or(Role::Technician, |actor| actor.role);
    let sheet = Sheet {
        no: typed.number("sheet")?,
        pharmacist: Pharmacist::new(Person::new(Actor::new(id, role), house.full_name(id)))?,
        at: typed.past("at", house)?,
        ndc: typed.ndc("ndc")?,
        quantity: quantity.ok_or_else(|| wrong("quantity", "the quantity cannot be counted", "enter a number"))?,
        recipient: typed.get("recipient").to_owned(),
    };
    Ok((number, sheet))
}

/// `POST /pharmacy/downtime/{seq}`
pub(in crate::http) async fn outage_step(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    let acted = done(&asked, move |house, actor, typed| match typed.get("step") {
        "end" => house.end_downtime(actor, seq),
        "unused" => house.unused_sheet(actor, seq, typed.number("sheet")?, typed.get("why")),
        "name" => {
            let number = typed.word("number", |text| PrescriptionNumber::parse(text).ok())?;
            house.name_sheet(actor, seq, typed.number("sheet")?, &number)
        }
        "sheet" => {
            let (number, sheet) = sheet_of(house, typed)?;
            house.enter_sheet(actor, seq, &number, &sheet).map(|_| ())
        }
        _ => Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/downtime/{seq}")),
        Err(tried) if tried.faults.iter().any(|fault| fault.code == "PHARM-OUTAGE") => {
            Err(Failure::no_such("outage", "choose one from the list"))
        }
        Err(tried) => one(asked, tried).await,
    }
}
