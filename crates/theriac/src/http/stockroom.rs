//! The pages of the books: what is due, each product with its statement, deliveries, inventories, what leaves, losses, the
//! registration, and the inspection pack.

pub(super) mod api;
pub(super) mod desk;
pub(super) mod inventories;
pub(super) mod leaving;
pub(super) mod losses;
pub(super) mod pack;
pub(super) mod papers;
pub(super) mod passing;
pub(super) mod product;
pub(super) mod receipts;
pub(super) mod registration;
pub(super) mod second;

use super::answer::page;
use super::asked::Asked;
use super::failure::Failure;
use super::form::{self, Answer, file, pdf};
use super::practice::act;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use crate::typed::Typed;
use askama::Template;
use axum::http::StatusCode;
use std::sync::Arc;
use theriac_model::{Actor, Ndc};
use theriac_paper::{Drawing, svg};

/// A page filled from the deployment, with the status of the refusal that it shows, if any.
pub(super) async fn filled<T: Template + Send + 'static>(
    asked: &Asked,
    status: Option<StatusCode>,
    fill: impl FnOnce(&House) -> Result<T, Fault> + Send + 'static,
) -> Answer {
    let found = asked.app.ask(move |world| act(world, fill)).await??;
    let mut response = page(&found)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// Does what a form asks, for whom the registrant lets near its stock; a refusal comes back with what was typed.
pub(super) async fn posted(
    asked: &Asked,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<String, Fault> + Send + 'static,
) -> Result<Result<String, (Typed, Failure)>, Failure> {
    form::posted(asked, move |house, by, typed| {
        house.may_have_access(by)?;
        work(house, by, typed)
    })
    .await
}

/// The product of the address.
pub(super) fn ndc(asked: &Asked) -> Result<Ndc, Failure> {
    Ndc::parse(&asked.ndc()?).map_err(|_| Failure::no_such_page())
}

/// A paper as it leaves the house, in a format that people can open without us; `print` finds it, or nothing.
pub(super) async fn in_format(
    asked: &Asked,
    (name, format): (&str, &str),
    print: impl FnOnce(&House, &Actor) -> Result<Option<Cover>, Fault> + Send + 'static,
) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let issued = asked.app.ask(move |world| {
        act(world, |house| {
            let cover = print(house, &by)?;
            cover.map(|cover| house.issued(cover, &by).map(Arc::new)).transpose()
        })
    });
    let issued = issued.await??.ok_or_else(Failure::no_such_page)?;
    papers::as_file(name, format, &issued)
}

/// A drawing for a page. It is made of escaped texts and numbers only.
pub(super) fn picture(drawing: &Drawing) -> String {
    svg::print(drawing)
}

/// The largest moment that a field of time takes: now, as the field writes it.
pub(super) fn now_field(house: &House) -> String {
    house.clock.wall(house.clock.now()).replace(' ', "T")
}
