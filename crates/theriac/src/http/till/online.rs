//! The file of an online pharmacy: notices (P44), home page (P42), monthly reports (P43).

use super::{Answer, file, shown, words};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::moving::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, state};
use crate::http::practice::act;
use crate::till::{ONLINE_NOTES, OnlineNow, read_month, site_html};
use crate::typed::Typed;
use jiff::civil::Date;
use theriac_books::online::{Activity, ExemptionClass, ReportKind};
use theriac_law::vocab::{Evaluation, Word as _};

/// `/till/online`
pub(in crate::http) async fn online(asked: Asked) -> Answer {
    again(asked, Tried::default()).await
}

fn day(day: Option<Date>) -> String {
    day.map_or_else(|| "not yet".to_owned(), |day| day.to_string())
}

async fn again(asked: Asked, tried: Tried) -> Answer {
    let acts = Door::TillOnlineAct.admits(asked.visitor()?.actor.role);
    shown(asked, Door::TillOnline, tried, move |house, _, typed| {
        let now = house.online()?;
        let mut sections = vec![
            registration(&now, typed),
            notices(&now, typed),
            home_page(house, &now, typed),
            customers(house, typed)?,
            reports(house, &now, typed),
        ];
        if !acts {
            for section in &mut sections {
                section.forms.clear();
            }
        }
        Ok(Desk {
            title: "Online pharmacy".to_owned(),
            tag: Some(match now.modified {
                Some(_) => ("good", "modified registration".to_owned()),
                None => ("plain", "retail only".to_owned()),
            }),
            lead: "Controlled substances are dispensed by means of the Internet only under a modified registration (21 U.S.C. 831, 841(h)).".to_owned(),
            sections,
            ..Desk::default()
        })
    })
    .await
}

fn note(word: &'static str, typed: &Typed) -> Form {
    let (_, title, names) = ONLINE_NOTES.iter().find(|(one, ..)| *one == word).unwrap_or(&ONLINE_NOTES[0]);
    let fields = names.iter().map(|(name, label)| {
        let kind = if matches!(*name, "on" | "until" | "told") { "date" } else { "text" };
        Field::of(kind, *name, *label)
    });
    Form::post("/till/online", "Enter it", fields.collect()).step(word).folded(*title, typed)
}

fn registration(now: &OnlineNow, typed: &Typed) -> Section {
    let activities: Vec<&str> = now.registration.activities().iter().map(|one: &Activity| one.word()).collect();
    let mut grid = Grid::new(&["Party", "Exempt as", "Evidence"], "Nobody is recorded as exempt.");
    for one in now.registration.exemptions() {
        grid.rows.push(vec![
            cell(one.party.clone()),
            cell(one.class.word().replace('-', " ")),
            cell(one.evidence.clone()),
        ]);
    }
    let classes: Vec<&str> = ExemptionClass::ALL.iter().map(|one| one.word()).collect();
    let exempt = vec![
        Field::text("party", "Party"),
        words("class", "Exempt as", &classes),
        Field::area("evidence", "What shows it"),
    ];
    Section {
        id: "registration",
        heading: "Registration".to_owned(),
        facts: vec![
            ("Number".to_owned(), now.registration.number().to_string()),
            ("Business activity".to_owned(), activities.join(", ")),
            ("Applied".to_owned(), day(now.registration.applied())),
            ("Modified".to_owned(), day(now.modified)),
            ("Certificate, sha256".to_owned(), now.registration.certificate().to_owned()),
            ("Back to retail only".to_owned(), now.reverted.map_or_else(String::new, |day| day.to_string())),
        ],
        grid: Some(grid),
        forms: vec![
            Form::post(
                "/till/online",
                "I certify that the boards were told and the licences are held; the application went out",
                Vec::new(),
            )
            .step("apply")
            .folded("Apply for the modification", typed),
            Form::post(
                "/till/online",
                "Record it",
                vec![Field::text("certificate", "SHA-256 of the new certificate’s image")],
            )
            .step("modified")
            .folded("DEA modified the registration", typed),
            Form::post("/till/online", "Record it", exempt).step("exempt").folded("Record an exempt party", typed),
            note("reverted", typed),
        ],
        ..Section::default()
    }
}

fn notices(now: &OnlineNow, typed: &Typed) -> Section {
    let mut grid = Grid::new(
        &["State", "Board told on", "Licence", "May be offered from"],
        "No State is entered. Enter the licence and the notice to the board of each State in which you will dispense.",
    );
    for (state, one) in &now.states {
        grid.rows.push(vec![
            cell(state.clone()),
            cell(day(one.told)),
            cell(
                one.licence
                    .as_ref()
                    .map_or_else(|| "none".to_owned(), |(number, until)| format!("{number}, until {until}")),
            ),
            cell(day(one.offered_from)),
        ]);
    }
    for change in &now.addresses {
        grid.rows.push(vec![
            cell(format!("New address {}", change.new)),
            cell(change.told.to_string()),
            if change.late.is_some() { state("told too late", "bad") } else { state("told in time", "good") },
            cell(change.on.to_string()),
        ]);
    }
    let formats = [("pdf", "Print the notices"), ("csv", "CSV"), ("xlsx", "XLSX")];
    Section {
        id: "notices",
        heading: "Notices and licences".to_owned(),
        grid: Some(grid),
        links: formats
            .iter()
            .map(|(format, label)| (format!("/till/online/notices/{format}"), (*label).to_owned()))
            .collect(),
        forms: vec![note("licence", typed), note("board", typed), note("address", typed)],
        ..Section::default()
    }
}

fn home_page(house: &House, now: &OnlineNow, typed: &Typed) -> Section {
    let mut section = Section {
        id: "page",
        heading: "Home page".to_owned(),
        forms: vec![note("page", typed), note("practitioner", typed)],
        ..Section::default()
    };
    match house.home_blocks(now) {
        Ok((blocks, differ)) => {
            section.facts = blocks
                .into_iter()
                .map(|block| (theriac_law::vocab::Word::word(block.element).replace('-', " "), block.text))
                .collect();
            if !differ.is_empty() {
                section.alarm = Some((
                    "differs".to_owned(),
                    format!(
                        "What is published no longer says what the records say: {}.",
                        differ.join(", ").replace('-', " ")
                    ),
                ));
            }
            section.links = vec![
                ("/till/online/site/html".to_owned(), "The block for the home page (HTML)".to_owned()),
                ("/till/online/site/pdf".to_owned(), "Print it".to_owned()),
            ];
            section.forms.push(
                Form::post("/till/online", "It is published as it stands here", Vec::new())
                    .step("publish")
                    .folded("Record the publication", typed),
            );
        }
        Err(Fault::Refused(refusal)) => {
            section.texts = vec![format!("{} ({}). {}.", refusal.what, refusal.cite, refusal.next)];
        }
        Err(_) => section.texts = vec!["The page cannot be made now.".to_owned()],
    }
    section
}

fn evaluated(evaluation: Evaluation) -> &'static str {
    match evaluation {
        Evaluation::InPerson => "in person",
        Evaluation::Covering => "in person, by the practitioner who is covered for",
        Evaluation::Telemedicine => "by telemedicine as the statute has it",
        Evaluation::VideoOnly => "by video alone",
        Evaluation::Questionnaire => "by a questionnaire",
        Evaluation::None => "not known yet",
    }
}

/// The prescriptions of a website's customers.
fn customers(house: &House, typed: &Typed) -> Result<Section, Fault> {
    let mut grid = Grid::new(
        &["Prescription", "The practitioner saw the patient", "What shows it", "Recorded by"],
        "No prescription came by means of the Internet. One that did is entered here before it is filled.",
    );
    for one in house.by_internet()? {
        let counts = matches!(one.evaluation, Evaluation::InPerson | Evaluation::Covering | Evaluation::Telemedicine);
        grid.rows.push(vec![
            link(one.number.clone(), format!("/pharmacy/prescriptions/{}", one.number)),
            state(evaluated(one.evaluation), if counts { "good" } else { "bad" }),
            cell(one.evidence),
            cell(house.full_name(&one.by)),
        ]);
    }
    let choices = Evaluation::LIST.iter().map(|(word, one)| ((*word).to_owned(), evaluated(*one).to_owned()));
    let fields = vec![
        Field::text("number", "Number of the prescription"),
        Field::choose_of("evaluation", "The practitioner saw the patient", choices.collect()),
        Field::area("evidence", "What shows it: whom you asked, when, and what was said").maybe(),
    ];
    Ok(Section {
        id: "customers",
        heading: "Prescriptions of a website’s customers".to_owned(),
        texts: vec!["Such a prescription is filled only under the modified registration, into a State whose licence is held and whose board was told, and after the practitioner saw the patient (21 U.S.C. 829(e), 831). As long as that is not known it waits.".to_owned()],
        grid: Some(grid),
        forms: vec![Form::post("/till/online", "Record it", fields).step("customer").folded("A prescription came by means of the Internet", typed)],
        ..Section::default()
    })
}

fn reports(house: &House, now: &OnlineNow, typed: &Typed) -> Section {
    let today = house.clock.moment().date();
    let mut grid = Grid::new(
        &["Month", "State", "Due", "Confirmation"],
        "No report is owed. From the month of the modification on, each month is reported by the 15th of the next.",
    );
    let owed = house.months_owed(now, today);
    let month = |day: Date| day.strftime("%Y-%m").to_string();
    for (first, due) in &owed {
        let late = due.is_some_and(|due| due < today);
        grid.rows.push(vec![
            link(month(*first), format!("/till/online/report-{}/pdf", month(*first))),
            if late { state("overdue", "bad") } else { state("owed", "open") },
            cell(day(*due)),
            cell(""),
        ]);
    }
    for (report, confirmation, by, at) in &now.sent {
        let kind = if report.kind == ReportKind::Negative { "negative report sent" } else { "sent" };
        grid.rows.push(vec![
            link(month(report.month), format!("/till/online/report-{}/pdf", month(report.month))),
            state(kind, "good"),
            cell(day(report.due)),
            cell(format!("{confirmation}, {} {}", house.full_name(by), at.date())),
        ]);
    }
    let choices = owed.iter().map(|(first, _)| (month(*first), month(*first))).collect();
    let fields = vec![Field::choose_of("month", "Month", choices), Field::text("confirmation", "DEA’s confirmation")];
    Section {
        id: "reports",
        heading: "Monthly reports".to_owned(),
        texts: vec!["What was dispensed by all means together, by product (21 CFR 1304.55). Below both thresholds the report is a negative one.".to_owned()],
        grid: Some(grid),
        forms: vec![Form::post("/till/online", "Record it as sent", fields).step("submit").folded("A report was sent", typed)],
        ..Section::default()
    }
}

/// `POST /till/online`
pub(in crate::http) async fn online_act(asked: Asked) -> Answer {
    match done(&asked, House::online_act).await? {
        Ok(()) => see("/till/online"),
        Err(tried) => again(asked, tried).await,
    }
}

/// `/till/online/{id}/{format}`
pub(in crate::http) async fn online_file(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let month = id.strip_prefix("report-").and_then(read_month);
    match (id.as_str(), month) {
        ("site", _) if asked.id("format")? == "html" => {
            let html = asked
                .app
                .ask(|world| act(world, |house| Ok(site_html(&house.home_blocks(&house.online()?)?.0))))
                .await??;
            crate::http::form::file("site.html", "text/html; charset=utf-8", html.into_bytes())
        }
        ("site", _) => file(&asked, id, |house| house.site_paper(&house.home_blocks(&house.online()?)?.0)).await,
        ("notices", _) => file(&asked, id, |house| house.notices_paper(&house.online()?)).await,
        (_, Some(month)) => file(&asked, id, move |house| house.monthly_paper(&house.month_reported(month)?)).await,
        _ => Err(Failure::no_such_page()),
    }
}
