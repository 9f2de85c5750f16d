//! Powers of attorney: drawn, signed by each in a session of their own, revoked.

use super::{Choice, act_of, paper, people, read};
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
use theriac_books::orders::{PowerState, Scope};
use theriac_model::Actor;

#[allow(clippy::struct_excessive_bools)] // each is one part of the page, shown or not
struct PowerRow {
    id: String,
    grantor: String,
    attorney: String,
    scopes: String,
    dated: String,
    granted: String,
    affirmed: String,
    witnesses: String,
    revoked: String,
    state: &'static str,
    tone: &'static str,
    may_grant: bool,
    may_affirm: bool,
    may_witness: bool,
    is_grantor: bool,
    may_revoke: bool,
}

#[derive(Template)]
#[template(path = "orders_powers.html")]
struct PowersPage {
    shell: Shell,
    may_act: bool,
    may_enter: bool,
    applicant: Option<String>,
    powers: Vec<PowerRow>,
    people: Vec<Choice>,
    grantors: Vec<Choice>,
    attorneys: Vec<Choice>,
    typed: Typed,
    fault: Option<Failure>,
}

fn row(house: &House, state: &PowerState, by: &Actor, applicant: Option<&str>, signs: bool) -> PowerRow {
    let paper = &state.paper;
    let at = |moment: Option<theriac_law::Moment>| moment.map(|at| house.moment_in_words(at)).unwrap_or_default();
    let witnesses: Vec<String> = state.witnesses.iter().map(|name| house.full_name(name)).collect();
    let (word, tone) = if state.revoked.is_some() {
        ("revoked", "bad")
    } else if state.granted.is_none() || state.affirmed.is_none() || state.witnesses.len() < 2 {
        ("to be signed", "open")
    } else if applicant.is_some_and(|latest| latest != paper.grantor) {
        ("ended: somebody else signed the latest application", "bad")
    } else {
        ("in force", "good")
    };
    let open = signs && state.revoked.is_none();
    let party = by.id == paper.grantor || by.id == paper.attorney;
    PowerRow {
        id: paper.id.as_str().to_owned(),
        grantor: house.full_name(&paper.grantor),
        attorney: house.full_name(&paper.attorney),
        scopes: paper
            .scopes
            .iter()
            .map(|scope| match scope {
                Scope::ObtainForms => "apply for forms",
                Scope::SignOrders => "sign orders",
            })
            .collect::<Vec<_>>()
            .join(", "),
        dated: paper.dated.to_string(),
        granted: at(state.granted),
        affirmed: at(state.affirmed),
        witnesses: witnesses.join(", "),
        revoked: at(state.revoked),
        state: word,
        tone,
        may_grant: open && by.id == paper.grantor && state.granted.is_none(),
        may_affirm: open && by.id == paper.attorney && state.affirmed.is_none(),
        may_witness: open && !party && !state.witnesses.contains(&by.id),
        is_grantor: open && by.id == paper.grantor,
        may_revoke: open && (by.id == paper.grantor || applicant == Some(by.id.as_str())),
    }
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::OrderPowers, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (powers, events, _) = house.order_powers()?;
            let applicant = House::latest_applicant(&events);
            let may_act = Door::OrderPowersAct.admits(by.role);
            Ok::<_, Fault>(PowersPage {
                may_act,
                may_enter: Door::OrderApplicant.admits(by.role),
                powers: powers.all().map(|state| row(house, state, &by, applicant, may_act)).collect(),
                people: people(house, typed.get("signer")),
                grantors: people(
                    house,
                    if typed.get("grantor").is_empty() { applicant.unwrap_or_default() } else { typed.get("grantor") },
                ),
                attorneys: people(house, typed.get("attorney")),
                applicant: applicant.map(|id| house.full_name(id)),
                shell,
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// `/orders/powers`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

/// `POST /orders/powers/{act}`
pub(in crate::http) async fn acted(asked: Asked) -> Answer {
    let name = act_of(&asked)?;
    if name == "application" {
        return Err(Failure::no_such_page());
    }
    done(asked, name).await
}

/// `POST /orders/applicant`
pub(in crate::http) async fn applicant(asked: Asked) -> Answer {
    done(asked, "application".to_owned()).await
}

async fn done(asked: Asked, name: String) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let (typed, _) = read(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| house.act_on_powers(&by, &name, &given))).await? {
        Ok(()) => see("/orders/powers"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `/orders/powers/papers/{id}/{paper}`: `power`, `revocation`.
pub(in crate::http) async fn paper_of(asked: Asked) -> Answer {
    let (id, name) = (asked.id("id")?, asked.id("paper")?);
    let which = name.clone();
    paper(&asked, &name, move |house| {
        let state = house.order_power(&id)?;
        match which.as_str() {
            "power" => Ok(Some(house.power_paper(&state, house.clock.moment()))),
            "revocation" => house.revocation_paper(&state, &house.order_powers()?.1).map(Some),
            _ => Ok(None),
        }
    })
    .await
}
