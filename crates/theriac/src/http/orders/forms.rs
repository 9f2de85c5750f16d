//! The register of order forms.

use super::{Choice, act_of, paper, read, words};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use theriac_books::orders::{FormState, FormsEventRecord};
use theriac_law::vocab::{FormsEvent, FormsKind, Word as _};

struct FormRow {
    serial: String,
    edition: String,
    state: String,
    tone: &'static str,
}

struct ReportRow {
    of: u64,
    what: String,
    forms: String,
    since: String,
    owed: bool,
}

#[derive(Template)]
#[template(path = "orders_forms.html")]
struct FormsPage {
    shell: Shell,
    may_act: bool,
    forms: Vec<FormRow>,
    blank: usize,
    outdated: Vec<String>,
    request: Option<String>,
    reports: Vec<ReportRow>,
    events: Vec<Choice>,
    kinds: Vec<Choice>,
    typed: Typed,
    fault: Option<Failure>,
}

fn tone(state: FormState) -> &'static str {
    match state {
        FormState::Blank | FormState::FoundNotified => "good",
        FormState::Executed | FormState::Void | FormState::Returned => "",
        FormState::Lost | FormState::Stolen | FormState::Found => "bad",
    }
}

fn forms_page(
    house: &House,
    shell: Shell,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
) -> Result<FormsPage, Fault> {
    let file = house.order_forms()?;
    let register = &file.register;
    let mut reports = Vec::new();
    for (of, event) in (1..).zip(&file.events) {
        if let FormsEventRecord::Missing { event, serials, at, .. } = event {
            let numbers: Vec<String> = serials.iter().map(ToString::to_string).collect();
            reports.push(ReportRow {
                of,
                what: event.word().to_owned(),
                forms: if numbers.is_empty() { "numbers not known".to_owned() } else { numbers.join(", ") },
                since: house.moment_in_words(*at),
                owed: register.open_reports().iter().any(|report| report.of == of),
            });
        }
    }
    Ok(FormsPage {
        shell,
        may_act,
        forms: register
            .all()
            .map(|(serial, edition, state)| FormRow {
                serial: serial.to_string(),
                edition: edition.word().replace('-', " "),
                state: state.word().replace('-', " "),
                tone: tone(state),
            })
            .collect(),
        blank: register.blank().count(),
        outdated: register.outdated(&house.order_party()).map(ToString::to_string).collect(),
        request: register.open_request().map(|request| {
            format!("{} books or packs, asked for by {}", request.books, request.channel.word().replace('-', " "))
        }),
        reports,
        events: words::<FormsEvent>(typed.get("event")),
        kinds: words::<FormsKind>(typed.get("forms")),
        typed,
        fault,
    })
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let may_act = Door::OrderFormsAct.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::OrderForms, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| act(world, |house| forms_page(house, shell, may_act, typed, fault)));
    with_status(page(&found.await??), status)
}

/// `/orders/forms`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

/// `POST /orders/forms/{act}`
pub(in crate::http) async fn acted(asked: Asked) -> Answer {
    let (name, by) = (act_of(&asked)?, asked.visitor()?.actor.clone());
    let (typed, _) = read(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| house.act_on_forms(&by, &name, &given))).await? {
        Ok(()) => see("/orders/forms"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `/orders/forms/papers/{paper}`: `register`, `request`, `report-3`.
pub(in crate::http) async fn paper_of(asked: Asked) -> Answer {
    let name = asked.id("paper")?;
    let which = name.clone();
    paper(&asked, &format!("order-forms-{name}"), move |house| {
        let file = house.order_forms()?;
        let at = house.clock.moment();
        match which.strip_prefix("report-").map(str::parse::<u64>) {
            Some(Ok(of)) => match file.event(of) {
                Some(event) => house.forms_report_paper(event).map(Some),
                None => Ok(None),
            },
            None if which == "register" => Ok(Some(house.forms_register_paper(&file.register, at))),
            None if which == "request" => house.forms_request_paper(&file.register, at).map(Some),
            Some(Err(_)) | None => Ok(None),
        }
    })
    .await
}
