//! A filling in the mail: what was confirmed, its labels, and the papers of an export.

use super::central::label_form;
use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show};
use super::number_of;
use super::printed;
use crate::dispensary::mailing::{ExportPaper, Packed};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, inline_file};
use crate::http::practice::act;
use crate::typed::{Typed, wrong};
use theriac_model::Actor;
use theriac_pharmacy::{Answered, PrescriptionNumber};

/// `/pharmacy/records/{number}/mail`
pub(in crate::http) async fn mail(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let number = number_of(&asked)?;
    show(asked, Door::MoveMail, tried, move |house, actor, _| desk(house, actor, &number)).await
}

fn fields(waiting: Vec<(u32, String)>, name: String) -> Vec<Field> {
    let last = waiting.last().map(|(no, _)| no.to_string()).unwrap_or_default();
    let waiting = waiting.into_iter().map(|(no, what)| (no.to_string(), what)).collect();
    let papers = [("permit", "export permit"), ("declaration", "export declaration")];
    vec![
        Field::choose_of("no", "Which filling", waiting).value(last),
        Field::text("recipient", "To whom").value(name),
        Field::area("address", "Address").hint("One line each: street, place, State and ZIP code."),
        Field::tick("marked", "The inner container is marked, with the label above"),
        Field::tick("sealed", "The inner container is sealed"),
        Field::tick("plain", "The outer container is plain: nothing on it tells what is inside"),
        Field::tick("harmless", "It is not outwardly dangerous, and can harm nobody in the mail"),
        Field::legend("Only for another country"),
        Field::text("country", "Country").maybe(),
        Field::text("exporter", "Registration as an exporter").maybe(),
        Field::choose("paper", "Its paper", &papers).maybe(),
        Field::text("paper-number", "Number of the paper").maybe(),
        Field::date("paper-dated", "Dated").maybe(),
    ]
}

fn desk(house: &House, actor: &Actor, number: &PrescriptionNumber) -> Result<Desk, Fault> {
    let prescription = house.open_record(actor, number, "mail")?;
    let path = format!("/pharmacy/records/{number}/mail");
    let mut grid = Grid::new(
        &["Mailed", "By", "Filling", "To", "Exporter", "Paper", "Outer label"],
        "Nothing of this prescription was mailed.",
    );
    for mailed in house.mailed(number)? {
        let packed = &mailed.sent.packed;
        let (exporter, paper) = packed.export.as_ref().map_or_else(
            || ("not an export".to_owned(), String::new()),
            |paper| (paper.exporter.to_string(), format!("{} {} of {}", paper.kind, paper.number, paper.dated)),
        );
        let to: Vec<&str> = std::iter::once(packed.recipient.as_str())
            .chain(packed.address.iter().map(String::as_str))
            .chain(packed.country.as_deref())
            .collect();
        grid.rows.push(vec![
            cell(mailed.at),
            cell(mailed.who),
            cell(mailed.sent.no.to_string()),
            cell(to.join(", ")),
            cell(exporter),
            cell(paper),
            link("PDF", format!("{path}/{}", mailed.sent.no)),
        ]);
    }
    let waiting = house.waiting_fillings(number)?;
    let mut sections =
        vec![Section { id: "mailed", heading: "Parcels".to_owned(), grid: Some(grid), ..Section::default() }];
    if waiting.is_empty() {
        let texts = vec!["No filling waits to be collected or mailed.".to_owned()];
        sections.push(Section { id: "parcel", heading: "The parcel".to_owned(), texts, ..Section::default() });
    } else {
        let to = |element| prescription.received().contents.get(element).unwrap_or_default().to_owned();
        let name = format!("{} {}", to(theriac_model::Element::PatientFirst), to(theriac_model::Element::PatientLast));
        let choices = waiting.iter().map(|(no, what)| (no.to_string(), what.clone())).collect();
        sections.push(Section {
            id: "inner",
            heading: "1. The label of the inner container".to_owned(),
            texts: vec!["It names this pharmacy with its address, as a mailed prescription must.".to_owned()],
            forms: vec![label_form(&format!("/pharmacy/records/{number}/label"), Some(choices))],
            ..Section::default()
        });
        sections.push(Section {
            id: "parcel",
            heading: "2. The parcel".to_owned(),
            texts: vec![
                "What you confirm is recorded with your name. The books have it with the patient from then on."
                    .to_owned(),
            ],
            forms: vec![Form::post(path, "It is in the mail", fields(waiting, name))],
            ..Section::default()
        });
    }
    Ok(Desk {
        title: format!("Mailing prescription {number}"),
        tag: Some(("plain", prescription.status().to_string())),
        back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
        lead: "Two containers: the inner one marked and sealed, the outer one plain.".to_owned(),
        sections,
    })
}

fn packed(typed: &Typed) -> Result<Packed, Fault> {
    let said = |name: &str| if typed.ticked(name) { Answered::Yes } else { Answered::No };
    let exporter = typed.maybe_dea("exporter")?;
    let export = match exporter {
        None => None,
        Some(exporter) => Some(ExportPaper {
            exporter,
            kind: typed.get("paper").to_owned(),
            number: typed.get("paper-number").to_owned(),
            dated: typed.maybe_day("paper-dated")?.ok_or_else(|| {
                wrong("paper-dated", "the permit or declaration has no date", "enter the day on which it was issued")
            })?,
        }),
    };
    let address = typed.get("address").lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(Packed {
        recipient: typed.get("recipient").to_owned(),
        address: address.take(6).map(str::to_owned).collect(),
        country: typed.maybe("country"),
        inner_marked: said("marked"),
        inner_sealed: said("sealed"),
        outside_plain: said("plain"),
        harmless: said("harmless"),
        export,
    })
}

/// `POST /pharmacy/records/{number}/mail`
pub(in crate::http) async fn mail_it(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| house.mail(actor, &of, typed.number("no")?, &packed(typed)?));
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/records/{number}/mail#mailed")),
        Err(tried) => shown(asked, tried).await,
    }
}

/// `/pharmacy/records/{number}/mail/{no}`: the outer label.
pub(in crate::http) async fn outer_label(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let no: u32 = asked.id("no")?.parse().map_err(|_| Failure::no_such_page())?;
    let actor = asked.visitor()?.actor.clone();
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            house.open_record(&actor, &number, "mail")?;
            let mailed = house.mailed(&number)?.into_iter().find(|mailed| mailed.sent.no == no);
            mailed.map(|mailed| printed(&house.outer_label(&mailed))).transpose()
        })
    });
    let bytes = found.await??.ok_or_else(|| Failure::no_such("parcel", "take it from the list of parcels"))?;
    inline_file("address.pdf", "application/pdf", bytes)
}
