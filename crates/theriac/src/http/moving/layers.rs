//! Notes and corrections of one prescription, over the archived original that never changes.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, show};
use super::number_of;
use super::words_of;
use crate::dispensary::moving_papers::wall;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::http::words::label;
use crate::typed::Typed;
use theriac_law::vocab::Change;
use theriac_model::{Actor, Element};
use theriac_pharmacy::{Amend, AnnotationKind, Contact, Note, Prescription, PrescriptionNumber};

/// `/pharmacy/records/{number}/layers`
pub(in crate::http) async fn layers(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let number = number_of(&asked)?;
    show(asked, Door::MoveLayers, tried, move |house, actor, typed| desk(house, actor, &number, typed)).await
}

/// An element as people call it, with whose it is.
fn named(element: Element) -> String {
    let name = label(element.tag());
    match element.tag().split_once('.').map_or("", |(area, _)| area) {
        "patient" => format!("Patient: {}", name.to_lowercase()),
        "practitioner" => format!("Practitioner: {}", name.to_lowercase()),
        _ => name,
    }
}

fn desk(house: &House, actor: &Actor, number: &PrescriptionNumber, typed: &Typed) -> Result<Desk, Fault> {
    let prescription = house.open_record(actor, number, "layers")?;
    let path = format!("/pharmacy/records/{number}");
    let mut sections = vec![notations(&prescription), amendments(&prescription)];
    if prescription.closed().is_none() {
        let mut elements: Vec<(String, String)> =
            Element::ALL.iter().map(|element| (element.tag().to_owned(), named(*element))).collect();
        elements.sort_by(|a, b| a.1.cmp(&b.1));
        let fields = vec![
            Field::choose_of("element", "What is to be changed", elements),
            Field::choose_of("change", "How", words_of::<Change>()),
            Field::text("to", "The value from now on"),
            Field::text("person", "Agreed with, of the practitioner's office").maybe(),
            Field::text("method", "How you spoke").maybe().hint("Telephone, message, in person."),
            Field::text("reason", "Why"),
        ];
        let form = Form::post(format!("{path}/layers"), "Add the layer", fields).step("amend");
        sections.push(Section {
            id: "amend",
            heading: "Change or add something".to_owned(),
            texts: vec![
                "A change is a layer over the original, with your name and the time. The rulebook knows what may never be changed, \
                 and what only after asking the practitioner."
                    .to_owned(),
            ],
            forms: vec![form],
            ..Section::default()
        });
    }
    sections.push(notes(&prescription, &path, typed));
    Ok(Desk {
        title: format!("Notes and corrections of prescription {number}"),
        tag: Some(("plain", prescription.status().to_string())),
        back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
        lead: "What arrived is archived and never changes. Everything here lies over it.".to_owned(),
        sections,
    })
}

/// What its paper would bear on face and back.
fn notations(prescription: &Prescription) -> Section {
    let mut grid = Grid::new(&["When", "Notation", "Says", "By"], "Its paper would bear none.");
    for noted in prescription.notations() {
        let kind = noted.kind.to_string().replace('-', " ");
        grid.rows.push(vec![cell(wall(noted.at)), cell(kind), cell(noted.says), cell(noted.by.full_name)]);
    }
    Section {
        id: "notations",
        heading: "Notations of the prescription".to_owned(),
        grid: Some(grid),
        ..Section::default()
    }
}

fn amendments(prescription: &Prescription) -> Section {
    let mut grid = Grid::new(
        &["No.", "Element", "As it came", "Before", "From then on", "Agreed with", "Why", "By", "When"],
        "The original stands as it came.",
    );
    for layer in prescription.amendments() {
        let original = prescription.received().contents.get(layer.element).unwrap_or_default();
        let agreed = layer.consulted.as_ref().map(|contact| format!("{}, {}", contact.person, contact.method));
        grid.rows.push(vec![
            cell(layer.no.to_string()),
            cell(named(layer.element)),
            cell(original),
            cell(layer.from.clone().unwrap_or_default()),
            cell(layer.to.clone()),
            cell(agreed.unwrap_or_default()),
            cell(layer.why.clone()),
            cell(layer.by.full_name.clone()),
            cell(wall(layer.at)),
        ]);
    }
    Section { id: "layers", heading: "Layers over the original".to_owned(), grid: Some(grid), ..Section::default() }
}

fn notes(prescription: &Prescription, path: &str, typed: &Typed) -> Section {
    let mut grid = Grid::new(&["No.", "Kind", "Note", "Spoke with", "Corrects", "By", "When"], "No note yet.");
    for note in prescription.annotations() {
        let contact = note.contact.as_ref().map(|contact| format!("{}, {}", contact.person, contact.method));
        grid.rows.push(vec![
            cell(note.no.to_string()),
            cell(note.kind.word().replace('-', " ")),
            cell(note.text.clone()),
            cell(contact.unwrap_or_default()),
            cell(note.corrects.map(|no| format!("note {no}")).unwrap_or_default()),
            cell(note.by.full_name.clone()),
            cell(wall(note.at)),
        ]);
    }
    let kinds =
        AnnotationKind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.word().replace('-', " "))).collect();
    let mut fields = vec![
        Field::choose_of("kind", "Kind", kinds).value("remark"),
        Field::area("note", "What was dispensed, found or said, by whom and when"),
        Field::text("person", "With whom you spoke").maybe(),
        Field::text("method", "How").maybe(),
    ];
    let earlier: Vec<(String, String)> = prescription
        .annotations()
        .iter()
        .map(|note| (note.no.to_string(), format!("note {} of {}", note.no, note.by.full_name)))
        .collect();
    if !earlier.is_empty() {
        fields.push(Field::choose_of("corrects", "The note it corrects", earlier).maybe());
    }
    let form = Form::post(format!("{path}/notes"), "Add the note", fields).step("note").folded("Add a note", typed);
    Section { id: "notes", heading: "Notes".to_owned(), grid: Some(grid), forms: vec![form], ..Section::default() }
}

fn contact(typed: &Typed) -> Option<Contact> {
    let (person, method) = (typed.get("person").to_owned(), typed.get("method").to_owned());
    (!person.is_empty() || !method.is_empty()).then_some(Contact { person, method })
}

/// `POST /pharmacy/records/{number}/layers`
pub(in crate::http) async fn amend(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| {
        let amend = Amend {
            element: typed.word("element", Element::from_tag)?,
            change: typed.law_word("change")?,
            to: typed.get("to").to_owned(),
            consulted: contact(typed),
            why: typed.get("reason").to_owned(),
        };
        house.amend(actor, &of, &amend)
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/records/{number}/layers#layers")),
        Err(tried) => shown(asked, tried).await,
    }
}

/// `POST /pharmacy/records/{number}/notes`
pub(in crate::http) async fn note(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| {
        let corrects = match typed.get("corrects") {
            "" => None,
            _ => Some(typed.number("corrects")?),
        };
        let note = Note {
            kind: typed.word("kind", AnnotationKind::parse)?,
            text: typed.text("note")?,
            contact: contact(typed),
            corrects,
        };
        house.note_on(actor, &of, &note)
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/records/{number}/layers#notes")),
        Err(tried) => shown(asked, tried).await,
    }
}
