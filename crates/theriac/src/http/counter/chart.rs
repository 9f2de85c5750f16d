//! What an institution administers on orders, which are no prescriptions.

use super::{Answer, typed};
use crate::dispensary::HandTyped;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::with_status;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::showing::in_words;
use askama::Template;
use theriac_law::vocab::{InstitutionOrder, Word as _};
use theriac_pharmacy::PharmacyKind;

/// What can be administered on, with its name.
const SOURCES: [(InstitutionOrder, &str); 6] = [
    (InstitutionOrder::Inpatient, "an order for immediate administration to an inpatient"),
    (InstitutionOrder::Paper, "a signed prescription on paper"),
    (InstitutionOrder::Electronic, "an electronic prescription"),
    (InstitutionOrder::Fax, "the fax of signed paper"),
    (InstitutionOrder::OralWritten, "an oral prescription, written down"),
    (InstitutionOrder::Telephone, "a telephone order that nobody wrote down"),
];

fn source_words(on: InstitutionOrder) -> &'static str {
    SOURCES.iter().find(|(source, _)| *source == on).map_or("", |(_, words)| words)
}

struct Row {
    id: String,
    at: String,
    patient: String,
    ward: String,
    drug: String,
    quantity: String,
    schedule: String,
    ordered_by: String,
    on: &'static str,
    by: String,
}

#[derive(Template)]
#[template(path = "counter_chart.html")]
struct ChartPage {
    shell: Shell,
    institution: bool,
    rows: Vec<Row>,
    sources: Vec<(&'static str, &'static str)>,
    now: String,
    may_enter: bool,
    fault: Option<Failure>,
    typed: HandTyped,
}

/// `/pharmacy/chart`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, HandTyped::default(), None).await
}

async fn again(asked: Asked, typed: HandTyped, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Chart, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let rows = house.chart_orders()?.into_iter().map(|done| Row {
                at: house.clock.wall(done.at.timestamp),
                quantity: in_words(&done.quantity),
                schedule: done.schedule.to_string(),
                on: source_words(done.on),
                by: done.by.full_name.clone(),
                id: done.id,
                patient: done.patient,
                ward: done.ward,
                drug: done.drug,
                ordered_by: done.ordered_by,
            });
            Ok(ChartPage {
                shell,
                institution: house.pharmacy_kind() == PharmacyKind::Institution,
                rows: rows.collect(),
                sources: SOURCES.iter().map(|(source, words)| (source.word(), *words)).collect(),
                now: house.clock.wall(house.clock.now()).replace(' ', "T"),
                may_enter: Door::ChartEnter.admits(role),
                fault,
                typed,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// `POST /pharmacy/chart`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| house.administer_on_order(&actor, &given))).await? {
        Ok(_) => see("/pharmacy/chart"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
