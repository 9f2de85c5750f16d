//! Before a filling: what our own books and the programme say of the patient, and the record that somebody asked.

use super::number;
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
use crate::pdmp::{Asking, Kept, Signal};
use crate::typed::Typed;
use askama::Template;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json as object;
use theriac_law::vocab::Word as _;
use theriac_model::Element;
use theriac_pharmacy::{DrugFor, PrescriptionNumber, RaisedFlag};

/// A question that was put down.
struct Question {
    when: String,
    who: String,
    state: String,
    purpose: String,
    found: String,
    taken_over: usize,
    kept: String,
    seq: u64,
}

#[allow(clippy::struct_excessive_bools)] // each is one part of the page, shown or not
#[derive(Template)]
#[template(path = "pdmp_ask.html")]
struct AskPage {
    shell: Shell,
    number: String,
    drug: String,
    class: &'static str,
    prescribers: u64,
    pharmacies: u64,
    supplied: Vec<crate::pdmp::Supplied>,
    raised: Vec<RaisedFlag>,
    states: Vec<(String, String)>,
    required: bool,
    looked: bool,
    new_drug: bool,
    questions: Vec<Question>,
    may: bool,
    typed: Typed,
    fault: Option<Failure>,
}

impl AskPage {
    fn no_class(&self) -> bool {
        self.class == theriac_law::vocab::DrugClass::Other.word()
    }
}

/// `/pharmacy/prescriptions/{number}/pdmp`
pub(in crate::http) async fn ask(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let number = number(&asked.id("number")?)?;
    let may = Door::PdmpAsked.admits(by.role);
    let shell = Shell::new(Door::PdmpAsk, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let rx = house.open_record(&by, &number, "monitoring programme")?;
            let now = house.clock.moment();
            let Signal { class, prescribers, pharmacies, supplied, raised } = house.providers_of(&rx, now)?;
            let monitored = house.monitored(&rx, now)?;
            let check = monitored.check.as_ref();
            let required = House::look_required(&monitored, now)?;
            let states = house.programmes()?.into_iter().map(|one| (one.state.to_string(), one.title));
            Ok(AskPage {
                shell,
                drug: rx.current().get(Element::DrugName).unwrap_or_default().to_owned(),
                class: class.word(),
                prescribers,
                pharmacies,
                supplied,
                raised,
                states: states.collect(),
                required,
                looked: check.is_some_and(|check| check.look.is_some()),
                new_drug: check.is_some_and(|check| check.drug == DrugFor::NewPatient),
                questions: questions(house, &number)?,
                number: number.to_string(),
                may,
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

fn questions(house: &House, number: &PrescriptionNumber) -> Result<Vec<Question>, Fault> {
    let all = house.questions_about(number.as_str())?;
    let question = all.into_iter().map(|(seq, at, who, asked)| Question {
        when: house.clock.wall(at.timestamp),
        who: house.full_name(&who),
        state: asked.state,
        purpose: asked.purpose,
        found: asked.found,
        taken_over: asked.elsewhere.len(),
        kept: asked.kept.unwrap_or_default(),
        seq,
    });
    Ok(question.collect())
}

/// `POST /pharmacy/prescriptions/{number}/pdmp`
pub(in crate::http) async fn asked(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let number = number(&asked.id("number")?)?;
    let typed = Typed::of(&asked).await?;
    let answer = typed.get("answer");
    let asking = Asking {
        state: typed.get("state").to_owned(),
        purpose: typed.get("purpose").to_owned(),
        found: typed.get("found").to_owned(),
        answer: if answer.is_empty() { Kept::Conclusion } else { Kept::Lines(answer.to_owned()) },
    };
    let home = format!("/pharmacy/prescriptions/{number}/pdmp");
    match asked.app.ask(move |world| act(world, |house| house.asked_programme(&by, &number, &asking))).await? {
        Ok(_) => see(&home),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    state: String,
    purpose: String,
    found: String,
    #[serde(default)]
    answer: String,
}

/// `POST /api/v1/records/{number}/pdmp`
pub(in crate::http) async fn asked_json(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let number = number(&asked.id("number")?)?;
    let put: Put = asked.read_json().await?;
    let answer = if put.answer.trim().is_empty() { Kept::Conclusion } else { Kept::Lines(put.answer) };
    let asking = Asking { state: put.state, purpose: put.purpose, found: put.found, answer };
    let text = number.to_string();
    let raised = asked.app.ask(move |world| act(world, |house| house.asked_programme(&by, &number, &asking))).await??;
    let signs: Vec<String> = raised.into_iter().map(|sign| format!("{}: {}", sign.code, sign.what)).collect();
    let mut response = json(&object!({ "number": text, "signs": signs }))?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}
