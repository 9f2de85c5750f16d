//! The programmes: how each stands, and the form by which one is entered.

use super::state;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::pdmp::{FIELDS, Overview, Programme, SUGGESTED, Suggested};
use crate::typed::Typed;
use askama::Template;
use serde::Serialize;
use serde_json::json as object;

/// How a programme stands, in one line.
#[derive(Serialize)]
struct Row {
    state: String,
    title: String,
    cite: String,
    collects: String,
    waiting: usize,
    held: usize,
    late: usize,
    last_report: String,
    unanswered: usize,
}

fn row(house: &House, overview: &Overview) -> Row {
    let programme = &overview.programme;
    let now = house.clock.moment();
    Row {
        state: programme.state.to_string(),
        title: programme.title.clone(),
        cite: programme.cite.clone(),
        collects: programme.collects.iter().map(|one| one.roman()).collect::<Vec<_>>().join(", "),
        waiting: overview.pending.len(),
        held: overview.held(),
        late: overview.late(now),
        last_report: overview.reports.first().map(|last| last.control.clone()).unwrap_or_default(),
        unanswered: overview.reports.iter().filter(|report| report.answered_ms.is_none()).count(),
    }
}

fn rows(house: &House) -> Result<Vec<Row>, Fault> {
    let programmes = house.programmes()?;
    let each = |one: &Programme| Ok(row(house, &house.programme_overview(one.state.as_str())?));
    programmes.iter().map(each).collect()
}

/// The parts of the form.
const PARTS: &[(&str, &[&str])] = &[
    ("What the State asks", &["state", "title", "cite", "collects", "hours", "zero", "check", "covers", "since"]),
    ("The files", &["version", "purpose", "sender", "sender_name", "required", "forbidden"]),
    ("The pharmacy", &["npi", "phone", "line1", "city", "home", "postal"]),
];

/// The fields that are chosen, not typed.
const CHOICES: &[(&str, &[(&str, &str)])] = &[
    ("zero", &[("reported", "are reported"), ("not-reported", "are not reported")]),
    (
        "check",
        &[
            ("", "never"),
            ("always", "before each dispensing"),
            ("new-drug", "when the drug is new for the patient"),
            ("outside-area", "when patient or prescriber is from elsewhere"),
            ("new-drug outside-area", "in either of these two cases"),
        ],
    ),
    ("covers", &[("pharmacy", "all of this pharmacy"), ("patients", "those to patients who live there")]),
    ("version", &[("4.2", "4.2"), ("4.2A", "4.2A"), ("4.2B", "4.2B"), ("5.0", "5.0")]),
    ("purpose", &[("test", "trying the connection"), ("production", "reporting")]),
];

#[derive(Template)]
#[template(path = "pdmp_programmes.html")]
struct ProgrammesPage {
    shell: Shell,
    rows: Vec<Row>,
    /// What the deployment knows of the pharmacy, field by field.
    pharmacy: Vec<(&'static str, String)>,
    typed: Typed,
    fault: Option<Failure>,
}

fn known_of_pharmacy(house: &House) -> Vec<(&'static str, String)> {
    let config = &house.config.pharmacy;
    let phone: String = config.telephone.chars().filter(char::is_ascii_digit).collect();
    vec![("sender_name", config.name.clone()), ("phone", phone)]
}

impl ProgrammesPage {
    /// The form's parts, each with its fields: the field, and what it is about.
    fn parts() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
        let about = |field: &&'static str| FIELDS.iter().find(|(name, _)| name == field).copied();
        PARTS.iter().map(|(legend, fields)| (*legend, fields.iter().filter_map(about).collect())).collect()
    }

    /// The words that a field takes, each with what it means; none for a field that is typed.
    fn choices(field: &str) -> &'static [(&'static str, &'static str)] {
        CHOICES.iter().find(|(name, _)| *name == field).map_or(&[], |(_, choices)| choices)
    }

    /// What a field is about, where its choices say the rest.
    fn label<'a>(field: &str, about: &'a str) -> &'a str {
        match field {
            "zero" => "Days without a dispensing",
            "check" => "When it must be asked before dispensing",
            "covers" => "Whose dispensings",
            "version" => "Version of the format",
            "purpose" => "What the files are for",
            _ => about,
        }
    }

    fn suggested() -> &'static [Suggested] {
        SUGGESTED
    }

    /// What stands in a field: as typed, what is known of the State that was chosen, or what most pharmacies need.
    fn value(&self, field: &str) -> String {
        let known = SUGGESTED.iter().find(|one| one.state == self.typed.get("known"));
        let usual = match (field, known) {
            ("state", Some(one)) => one.state,
            ("title", Some(one)) => one.title,
            ("cite", Some(one)) => one.cite,
            ("collects", Some(one)) => one.collects,
            ("hours", Some(one)) => one.hours,
            ("zero", Some(one)) => one.zero,
            ("zero", None) => "reported",
            ("covers", _) => "pharmacy",
            ("version", _) => "4.2",
            ("purpose", _) => "test",
            _ => self.pharmacy.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value),
        };
        let typed = self.typed.get(field);
        if typed.is_empty() { usual.to_owned() } else { typed.to_owned() }
    }

    fn optional(field: &str) -> bool {
        matches!(field, "check" | "npi" | "required" | "forbidden")
    }

    fn wrong(&self, field: &str) -> bool {
        self.fault.as_ref().and_then(|fault| fault.law.as_ref()).is_some_and(|law| law.field == field)
    }
}

/// `/pharmacy/pdmp`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    again(asked, typed, None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let shell = Shell::new(Door::Pdmp, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| act(world, |house| Ok((rows(house)?, known_of_pharmacy(house)))));
    let (rows, pharmacy) = found.await??;
    with_status(page(&ProgrammesPage { shell, rows, pharmacy, typed, fault }), status)
}

/// `/api/v1/pdmp`
pub(in crate::http) async fn list_json(asked: Asked) -> Answer {
    let found = asked.app.ask(move |world| act(world, rows)).await??;
    json(&object!({ "programmes": found }))
}

/// `POST /pharmacy/pdmp`
pub(in crate::http) async fn set(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let given = typed.clone();
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let programme = Programme::read(|field| given.get(field).to_owned())?;
            let state = programme.state.to_string();
            house.set_programme(&by, programme)?;
            Ok(state)
        })
    });
    match done.await? {
        Ok(state) => see(&format!("/pharmacy/pdmp/{state}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /pharmacy/pdmp/{id}/end`
pub(in crate::http) async fn end(asked: Asked) -> Answer {
    let (by, state) = (asked.visitor()?.actor.clone(), state(&asked)?);
    let typed = Typed::of(&asked).await?;
    asked.app.ask(move |world| act(world, |house| house.end_programme(&by, &state, typed.get("reason")))).await??;
    see(Door::Pdmp.path())
}
