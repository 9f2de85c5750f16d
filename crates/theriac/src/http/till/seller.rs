//! The seller's file for listed chemicals: certificate (P46), training (P47), losses (P48).

use super::{Answer, file, shown};
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::moving::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, state};
use crate::typed::Typed;
use theriac_books::logbook::{Confirmed, SellerFile};

/// What the seven statements of the certification say.
const fn statement(what: Confirmed) -> &'static str {
    match what {
        Confirmed::StaffTrained => "Those who sell were trained: what shows it",
        Confirmed::TrainingRecords => "The records of training are kept: where",
        Confirmed::DailyLimit => "At most 3.6 grams of base a day: what sees to it",
        Confirmed::Packaging => "Packed as the law asks: what shows it",
        Confirmed::Placement => "Behind the counter or locked up: what shows it",
        Confirmed::Logbook => "The logbook is kept: where",
        Confirmed::Disclosure => "The logbook is disclosed only as the law allows: what sees to it",
    }
}

/// `/till/seller`
pub(in crate::http) async fn seller(asked: Asked) -> Answer {
    again(asked, Tried::default()).await
}

async fn again(asked: Asked, tried: Tried) -> Answer {
    let acts = Door::TillSellerAct.admits(asked.visitor()?.actor.role);
    shown(asked, Door::TillSeller, tried, move |house, _, typed| {
        let (file, _) = house.seller_file()?;
        let mut sections = vec![certificate(house, &file, typed), training(house, &file, typed), losses(&file, typed)];
        if !acts {
            for section in &mut sections {
                section.forms.clear();
            }
        }
        Ok(Desk {
            title: "Seller’s file".to_owned(),
            lead: format!(
                "{}, {}: what allows this place to sell products with a listed chemical.",
                file.place().name,
                file.place().address
            ),
            sections,
            ..Desk::default()
        })
    })
    .await
}

fn papers(paper: &str) -> Vec<(String, String)> {
    let formats = [("pdf", "Print"), ("csv", "CSV"), ("xlsx", "XLSX")];
    formats.iter().map(|(format, label)| (format!("/till/seller/{paper}/{format}"), (*label).to_owned())).collect()
}

fn certificate(house: &House, file: &SellerFile, typed: &Typed) -> Section {
    let mut fields = vec![
        Field::text("certificate", "Number of the certificate"),
        Field::date("until", "Valid until"),
        Field::text("image", "SHA-256 of the certificate’s image").maybe(),
    ];
    fields.extend(Confirmed::ALL.iter().map(|what| Field::text(what.word(), statement(*what)).maybe()));
    fields.push(
        Field::tick("warned", "I know that a false certification is punishable under 18 U.S.C. 1001, and I certify")
            .maybe(),
    );
    fields.push(Field::text("places", "Places certified for").value("1"));
    let today = house.clock.moment().date();
    let facts = file.certificate().map_or_else(Vec::new, |one| {
        vec![
            ("Certificate".to_owned(), one.number.clone()),
            ("Valid until".to_owned(), one.until.to_string()),
            ("Image, sha256".to_owned(), one.image.clone()),
        ]
    });
    let alarm = match file.certified_until() {
        None => Some((
            "not certified".to_owned(),
            "No product with a listed chemical is sold before the self-certification.".to_owned(),
        )),
        Some(until) if until < today => Some((
            "run out".to_owned(),
            format!("The certificate ended on {until}; nothing is sold until it is renewed."),
        )),
        Some(_) => None,
    };
    Section {
        id: "certificate",
        heading: "Self-certification".to_owned(),
        alarm,
        facts,
        links: papers("certificate"),
        forms: vec![
            Form::post("/till/seller", "Record the certification", fields)
                .step("certify")
                .folded("Record a self-certification", typed),
        ],
        ..Section::default()
    }
}

fn training(house: &House, file: &SellerFile, typed: &Typed) -> Section {
    let mut grid = Grid::new(
        &["Employee", "DEA’s material", "Acknowledgement signed", "Where it is kept"],
        "Nobody was trained yet. Whoever sells or takes payment is entered here first.",
    );
    for one in file.trained() {
        grid.rows.push(vec![
            cell(house.full_name(&one.employee)),
            cell(one.official_material.clone()),
            cell(one.acknowledged.to_string()),
            cell(one.filed.clone()),
        ]);
    }
    let fields = vec![
        Field::text("employee", "Employee’s identifier"),
        Field::text("material", "Version of DEA’s training material").maybe(),
        Field::date("acknowledged", "Acknowledgement signed on"),
        Field::text("filed", "Where it is kept in the personnel file").maybe(),
    ];
    Section {
        id: "training",
        heading: "Training".to_owned(),
        grid: Some(grid),
        links: papers("training"),
        forms: vec![
            Form::post("/till/seller", "Record the training", fields).step("train").folded("Record a training", typed),
        ],
        ..Section::default()
    }
}

fn losses(file: &SellerFile, typed: &Typed) -> Section {
    let mut grid = Grid::new(&["Loss", "On", "Type", "Call to DEA", "Written report"], "No loss is recorded.");
    let mut open = Vec::new();
    for (number, loss) in (1_u64..).zip(file.losses()) {
        open.push((number.to_string(), format!("loss {number} of {}", loss.on)));
        grid.rows.push(vec![
            link(format!("Loss {number}"), format!("/till/seller/loss-{number}/pdf")),
            cell(loss.on.to_string()),
            cell(loss.kind.clone()),
            loss.called
                .as_ref()
                .map_or_else(|| state("call at once", "bad"), |(_, officer)| state(officer.clone(), "good")),
            match (loss.reported, loss.written_due) {
                (Some(at), _) => state(format!("sent {}", at.date()), "good"),
                (None, Some(due)) => state(format!("due {due}"), "open"),
                (None, None) => state("due", "open"),
            },
        ]);
    }
    let found = vec![
        Field::date("on", "Day of the loss"),
        Field::text("kind", "Type: theft, robbery, in transit"),
        Field::area("circumstances", "Circumstances"),
    ];
    let mut forms = vec![
        Form::post("/till/seller", "Open it", found)
            .step("loss")
            .folded("Products with a listed chemical are missing", typed),
    ];
    if !open.is_empty() {
        let called =
            vec![Field::choose_of("number", "Which loss", open.clone()), Field::text("officer", "Who took the call")];
        forms.push(
            Form::post("/till/seller", "Record the call", called)
                .step("called")
                .folded("DEA’s field office was called", typed),
        );
        let sent = vec![Field::choose_of("number", "Which loss", open)];
        forms.push(
            Form::post("/till/seller", "Record it as sent", sent)
                .step("reported")
                .folded("The written report was sent", typed),
        );
    }
    Section {
        id: "losses",
        heading: "Losses of listed chemicals".to_owned(),
        texts: vec!["DEA’s field office is called at once; a written report follows within 15 days (21 CFR 1314.15). DEA Form 106 is not used.".to_owned()],
        grid: Some(grid),
        forms,
        ..Section::default()
    }
}

/// `POST /till/seller`
pub(in crate::http) async fn seller_act(asked: Asked) -> Answer {
    match done(&asked, House::seller_act).await? {
        Ok(_) => see("/till/seller"),
        Err(tried) => again(asked, tried).await,
    }
}

/// `/till/seller/{id}/{format}`
pub(in crate::http) async fn seller_file(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let name = id.clone();
    let loss: Option<u64> = id.strip_prefix("loss-").and_then(|number| number.parse().ok());
    match (id.as_str(), loss) {
        ("certificate", _) => file(&asked, name, House::certification_paper).await,
        ("training", _) => file(&asked, name, House::training_paper).await,
        (_, Some(number)) => file(&asked, name, move |house| house.chemical_loss(number)).await,
        _ => Err(Failure::no_such_page()),
    }
}
