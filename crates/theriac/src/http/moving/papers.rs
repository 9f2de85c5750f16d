//! The labels and papers of one prescription.

use super::central::{label_form, prints};
use super::desk::{Desk, Grid, Section, Tried, cell, done, show};
use super::number_of;
use super::printed;
use crate::dispensary::LabelForm;
use crate::dispensary::moving_papers::{state_in_words, wall};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, file, inline_file};
use crate::http::practice::act;
use crate::showing::in_words;
use theriac_model::Actor;
use theriac_pharmacy::{FillingState, PrescriptionNumber};

/// `/pharmacy/records/{number}/papers`
pub(in crate::http) async fn papers(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let number = number_of(&asked)?;
    show(asked, Door::MovePapers, tried, move |house, actor, _| desk(house, actor, &number)).await
}

fn desk(house: &House, actor: &Actor, number: &PrescriptionNumber) -> Result<Desk, Fault> {
    let prescription = house.open_record(actor, number, "papers")?;
    let path = format!("/pharmacy/records/{number}");
    let mut grid =
        Grid::new(&["No.", "Dispensed", "Kind", "Quantity", "Pharmacist", "Where it is"], "Nothing was dispensed yet.");
    for filling in prescription.fillings() {
        grid.rows.push(vec![
            cell(filling.no.to_string()),
            cell(wall(filling.at)),
            cell(filling.kind.word().replace('-', " ")),
            cell(in_words(&filling.quantity)),
            cell(filling.pharmacist.full_name.clone()),
            cell(state_in_words(filling)),
        ]);
    }
    let order = prescription.original_order();
    let history = prescription.refill_history(None);
    let facts = crate::dispensary::moving_papers::order_fields(&order);
    let mut refills = Grid::new(&["No.", "Dispensed", "Quantity", "NDC", "Pharmacist"], "Nothing was refilled yet.");
    for line in &history.lines {
        refills.rows.push(vec![
            cell(line.no.to_string()),
            cell(wall(line.at)),
            cell(in_words(&line.quantity)),
            cell(line.ndc.to_string()),
            cell(line.pharmacist.full_name.clone()),
        ]);
    }
    let labelled: Vec<(String, String)> = prescription
        .fillings()
        .iter()
        .filter(|filling| filling.central.is_none() && !matches!(filling.state, FillingState::Returned { .. }))
        .map(|filling| {
            let what = format!("{}: {}, {}", filling.no, in_words(&filling.quantity), wall(filling.at));
            (filling.no.to_string(), what)
        })
        .collect();
    let forms =
        if labelled.is_empty() { Vec::new() } else { vec![label_form(&format!("{path}/label"), Some(labelled))] };
    Ok(Desk {
        title: format!("Labels and papers of prescription {number}"),
        tag: Some(("plain", prescription.status().to_string())),
        back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
        lead: "Every print of a label is recorded; a second one says why.".to_owned(),
        sections: vec![
            Section {
                id: "fillings",
                heading: "Fillings".to_owned(),
                grid: Some(grid),
                links: vec![
                    (format!("{path}/papers/fillings"), "Sheet of fillings and parts (PDF)".to_owned()),
                    (format!("{path}/papers/refills"), "Order and refills (PDF)".to_owned()),
                ],
                forms,
                ..Section::default()
            },
            prints(house, number.as_str())?,
            Section {
                id: "refills",
                heading: format!("Original order, and refills: {} so far", history.total),
                facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                grid: Some(refills),
                ..Section::default()
            },
        ],
    })
}

/// `POST /pharmacy/records/{number}/label`
pub(in crate::http) async fn label(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| {
        let (form, no) = (typed.word("format", LabelForm::parse)?, typed.number("no")?);
        Ok((house.print_label(actor, &of, no, form, typed.get("why"))?, form, no))
    });
    match acted.await? {
        Ok((bytes, form, no)) => label_file(&format!("label-{number}-{no}"), form, bytes),
        Err(tried) => shown(asked, tried).await,
    }
}

/// A label as a file.
pub(super) fn label_file(name: &str, form: LabelForm, bytes: Vec<u8>) -> Answer {
    match form.media() {
        media @ "application/pdf" => inline_file(&format!("{name}.pdf"), media, bytes),
        media => file(&format!("{name}.zpl"), media, bytes),
    }
}

/// `/pharmacy/records/{number}/papers/{format}`: `fillings` or `refills`, as a PDF.
pub(in crate::http) async fn paper(asked: Asked) -> Answer {
    let (number, format) = (number_of(&asked)?, asked.id("format")?);
    let actor = asked.visitor()?.actor.clone();
    let name = format!("{format}-{number}.pdf");
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "papers")?;
            let at = house.clock.moment();
            match format.as_str() {
                "fillings" => printed(&house.partial_sheet(&prescription, at)).map(Some),
                "refills" => {
                    let (order, history) = (prescription.original_order(), prescription.refill_history(None));
                    printed(&house.refill_sheet(&order, &history, at)).map(Some)
                }
                _ => Ok(None),
            }
        })
    });
    let bytes = found.await??.ok_or_else(Failure::no_such_page)?;
    inline_file(&name, "application/pdf", bytes)
}
