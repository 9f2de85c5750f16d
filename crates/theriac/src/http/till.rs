//! The till's pages: sales without a prescription, the two books about them, the seller's file, stock outside the pharmacy, and the
//! file of an online pharmacy. The same sales are asked for and made by cash registers in `api`.

pub(super) mod api;
mod books;
mod desk;
mod devices;
mod online;
mod seller;

pub(super) use books::{book, book_act, book_file, log, log_file, log_out};
pub(super) use desk::{chemical, counter, product, show, sold};
pub(super) use devices::{device, device_act, device_file, devices, set_up};
pub(super) use online::{online, online_act, online_file};
pub(super) use seller::{seller, seller_act, seller_file};

use super::asked::Asked;
use super::doors::Door;
use super::form::Answer;
use super::moving::desk::{Desk, Field, Tried, show_among};
use super::stockroom::in_format;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use crate::typed::Typed;
use theriac_model::Actor;

/// The pages of the till.
const PLACES: [(&str, &str); 6] = [
    ("/till", "Till"),
    ("/till/record-book", "Record book"),
    ("/till/logbook", "Logbook of listed chemicals"),
    ("/till/seller", "Seller’s file"),
    ("/till/devices", "Machines and kits"),
    ("/till/online", "Online pharmacy"),
];

/// A page of the till.
async fn shown(
    asked: Asked,
    door: Door,
    tried: Tried,
    build: impl FnOnce(&House, &Actor, &Typed) -> Result<Desk, Fault> + Send + 'static,
) -> Answer {
    show_among(asked, door, tried, &PLACES, build).await
}

/// A paper of the till in the format of the address.
async fn file(
    asked: &Asked,
    name: String,
    print: impl FnOnce(&House) -> Result<Cover, Fault> + Send + 'static,
) -> Answer {
    let format = asked.id("format")?;
    in_format(asked, (&name, &format), move |house, _| print(house).map(Some)).await
}

/// A choice among the words of a list, with hyphens as spaces.
fn words(name: &str, label: &str, list: &[&str]) -> Field {
    Field::choose_of(name, label, list.iter().map(|word| ((*word).to_owned(), word.replace('-', " "))).collect())
}
