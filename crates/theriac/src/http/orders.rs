//! The pages of the order desk: order forms, powers of attorney, orders from the draft to the last package, orders to fill.

pub(super) mod api;
pub(super) mod compare;
pub(super) mod desk;
pub(super) mod drafts;
pub(super) mod forms;
pub(super) mod one;
pub(super) mod powers;
pub(super) mod supply;

use super::asked::Asked;
use super::failure::Failure;
use super::form::Answer;
use super::multipart::parts;
use super::practice::act;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use crate::typed::{Typed, wrong};
use axum::http::{StatusCode, header};
use std::sync::PoisonError;
use theriac_law::vocab::Word;
use theriac_paper::Document;

/// Something to choose: its word in the form, what people read, and whether it was chosen.
pub(super) struct Choice {
    pub(super) word: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// The words of one of the rulebook's lists, as people read them.
fn words<W: Word>(chosen: &str) -> Vec<Choice> {
    choices(W::LIST.iter().map(|(word, _)| ((*word).to_owned(), word.replace('-', " "))), chosen)
}

fn choices(list: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
    list.into_iter().map(|(word, label)| Choice { chosen: word == chosen, word, label }).collect()
}

/// What registrants that order or supply are registered for.
fn activities(chosen: &str) -> Vec<Choice> {
    let all = theriac_model::BusinessActivity::ALL.iter();
    choices(all.map(|activity| (activity.word().to_owned(), activity.word().replace('-', " "))), chosen)
}

/// The people of the deployment, by name.
fn people(house: &House, chosen: &str) -> Vec<Choice> {
    let directory = house.directory.read().unwrap_or_else(PoisonError::into_inner);
    let mut people: Vec<(String, String)> = directory
        .people
        .values()
        .map(|person| (person.id.clone(), format!("{}, {}", person.name, person.what)))
        .collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    choices(people, chosen)
}

/// A line to fill in: its number, and what was typed.
pub(super) struct LineRow {
    pub(super) number: u32,
    pub(super) ndc: String,
    pub(super) size: String,
    pub(super) packages: String,
}

/// The lines of a form: those that are filled in and a few more, at least five.
fn line_rows(typed: &Typed) -> Vec<LineRow> {
    let row = |number: u32| {
        let get = |name: &str| typed.get(&format!("{name}-{number}")).to_owned();
        LineRow { number, ndc: get("ndc"), size: get("size"), packages: get("packages") }
    };
    let rows: Vec<LineRow> = (1..=crate::orders::LINES_MOST).map(row).collect();
    let filled = rows.iter().rposition(|row| !row.ndc.is_empty()).map_or(0, |last| last + 1);
    rows.into_iter().take((filled + 3).max(5)).collect()
}

/// The fields of a form, and the file that came with it.
async fn read(asked: &Asked) -> Result<(Typed, Option<Vec<u8>>), Failure> {
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media.starts_with("multipart/") {
        return Ok((Typed::of(asked).await?, None));
    }
    let unreadable = || {
        Failure::new(
            StatusCode::BAD_REQUEST,
            "HTTP-FORM",
            "the form could not be read",
            "open the page again and send its form",
        )
    };
    let (mut typed, mut file) = (Typed::default(), None);
    for part in parts(media, &asked.body).ok_or_else(unreadable)? {
        if part.name == "file" {
            file = Some(part.bytes.to_vec()).filter(|bytes| !bytes.is_empty());
        } else {
            let text = std::str::from_utf8(part.bytes).map_err(|_| unreadable())?;
            typed.0.push((part.name.to_owned(), text.to_owned()));
        }
    }
    Ok((typed, file))
}

/// A paper as it leaves the house, as a PDF that the browser shows; `print` finds it, or nothing.
async fn paper(
    asked: &Asked,
    name: &str,
    print: impl FnOnce(&House) -> Result<Option<Document>, Fault> + Send + 'static,
) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let issued = asked.app.ask(move |world| {
        act(world, |house| {
            let cover = print(house)?.map(Cover::of_paper);
            cover.map(|cover| house.issued(cover, &by).map(|issued| issued.paper)).transpose()
        })
    });
    match issued.await??.ok_or_else(Failure::no_such_page)?.print() {
        Ok(printed) => super::answer::pdf(printed.pdf, name),
        Err(refusal) => Err(Failure::refused(&refusal)),
    }
}

/// The name of an act from the address.
fn act_of(asked: &Asked) -> Result<String, Failure> {
    asked.id("act")
}

/// Nothing was chosen that this page does.
fn no_file() -> Fault {
    wrong("file", "no file was chosen", "choose the signed order")
}
