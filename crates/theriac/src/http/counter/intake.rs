//! Taking in by hand: paper, its fax, or a call.

use super::{Answer, typed};
use crate::dispensary::{HandTyped, TakenIn};
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use askama::Template;
use axum::http::StatusCode;
use theriac_law::vocab::{ForgerySign, Word as _};

#[derive(Template)]
#[template(path = "counter_intake.html")]
struct IntakePage {
    shell: Shell,
    typed: HandTyped,
    /// `paper`, `fax` or `call`.
    came: String,
    now: String,
    today: String,
    /// Why nothing was recorded.
    fault: Option<Failure>,
}

impl IntakePage {
    /// The option of a list, chosen where it was typed.
    fn chosen(&self, name: &str, word: &str) -> &'static str {
        if self.typed.get(name) == word { " selected" } else { "" }
    }

    fn ticked(&self, name: &str, word: &str) -> &'static str {
        if self.typed.all(name).any(|typed| typed == word) { " checked" } else { "" }
    }

    fn signs() -> Vec<(&'static str, &'static str)> {
        ForgerySign::LIST.iter().map(|(word, sign)| (*word, super::acts::forgery_words(*sign))).collect()
    }

    fn wrong(&self, name: &str) -> bool {
        let law = self.fault.as_ref().and_then(|fault| fault.law.as_ref());
        law.is_some_and(|law| law.field == name)
    }
}

/// `/pharmacy/intake`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let fields = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&asked.head.uri);
    let fields = fields.map(|axum::extract::Query(fields)| fields).unwrap_or_default();
    again(asked, HandTyped { fields, scan: None }, None).await
}

async fn again(asked: Asked, typed: HandTyped, fault: Option<Failure>) -> Answer {
    let shell = Shell::new(Door::IntakeNew, &asked.visit);
    let now = asked.app.ask(|world| {
        let house = world.house()?;
        Ok((house.clock.wall(house.clock.now()).replace(' ', "T"), house.clock.moment().date().to_string()))
    });
    let (now, today) = now.await?;
    let came = match typed.get("came") {
        word @ ("fax" | "call") => word.to_owned(),
        _ => "paper".to_owned(),
    };
    let status = fault.as_ref().map(|fault| fault.status);
    crate::http::form::with_status(page(&IntakePage { shell, typed, came, now, today, fault }), status)
}

#[derive(Template)]
#[template(path = "counter_refused.html")]
struct RefusedPage {
    shell: Shell,
    faults: Vec<Failure>,
    record: String,
}

/// `POST /pharmacy/intake`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::IntakeNew, &asked.visit);
    let typed = typed(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| house.take_in_by_hand(&actor, &given))).await? {
        Ok(TakenIn::Accepted(number)) => see(&format!("/pharmacy/prescriptions/{number}")),
        Ok(TakenIn::Refused { entry, refusals }) => {
            let faults = refusals.iter().map(Failure::refused).collect();
            let answer = page(&RefusedPage { shell, faults, record: format!("R{entry}") });
            crate::http::form::with_status(answer, Some(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
