//! An act that waits for its second signature.

use super::{filled, in_format, posted};
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::stockroom::ACTS;
use crate::stockroom::Cover;
use crate::typed::Typed;
use askama::Template;

#[derive(Template)]
#[template(path = "books_second.html")]
struct SecondPage {
    shell: Shell,
    id: String,
    what: String,
    ndc: String,
    product: String,
    fields: Vec<(String, String)>,
    by: String,
    at: String,
    settled: Option<(bool, String, String)>,
    own: bool,
    may_sign: bool,
    is_form_41: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/second/{id}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(&asked, Typed::default(), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::BooksSecond, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let waiting = house.waiting_act(&id)?;
        let ndc = waiting.fields.ndc("ndc")?;
        let unit = house.commodity(&ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
        let what = ACTS.iter().find(|(word, _)| *word == waiting.act).map_or("", |(_, what)| *what);
        let shown = waiting.fields.0.iter().filter(|(name, value)| name != "ndc" && !value.is_empty());
        Ok(SecondPage {
            shell,
            id,
            what: what.to_owned(),
            product: house.goods_as_known(&ndc, unit)?.title(),
            ndc: ndc.to_string(),
            fields: shown
                .map(|(name, value)| {
                    let at = value.parse::<jiff::Timestamp>().ok().filter(|_| name == "at");
                    (name.replace('-', " "), at.map_or_else(|| value.clone(), |at| house.clock.wall(at)))
                })
                .collect(),
            by: house.full_name(&waiting.by),
            at: house.clock.wall(waiting.at),
            own: waiting.by == actor.id,
            may_sign: Door::BooksSecondSign.admits(actor.role),
            is_form_41: waiting.act == "destroy" && matches!(waiting.settled, Some((true, ..))),
            settled: waiting.settled.map(|(signed, by, reason)| (signed, house.full_name(&by), reason)),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/second/{id}/sign`
pub(in crate::http) async fn sign(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let to = format!("/books/second/{id}");
    match posted(&asked, move |house, by, _| house.sign_second(by, &id).map(|()| to)).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/second/{id}/take-back`
pub(in crate::http) async fn take_back(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let to = format!("/books/second/{id}");
    match posted(&asked, move |house, by, typed| house.take_back(by, &id, typed.get("reason")).map(|()| to)).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `/books/second/{id}/form-41.pdf`
pub(in crate::http) async fn form_41(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let name = format!("form-41-{id}");
    in_format(&asked, (&name, "pdf"), move |house, _| {
        Ok(Some(Cover::of_paper(house.form_41_paper(&house.form_41(&id)?))))
    })
    .await
}
