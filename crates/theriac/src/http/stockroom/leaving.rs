//! What leaves for other registrants, and the five-percent meter of the year.

use super::{filled, posted};
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use theriac_books::outgoing::Way;
use theriac_law::vocab::{Standing, Word as _};

struct LeftRow {
    id: String,
    seq: u64,
    at: String,
    way: String,
    to: String,
    product: String,
    amount: String,
    document: String,
    reverse: bool,
    confirmed: String,
}

struct Meter {
    year: i16,
    dispensed: u64,
    distributed: u64,
    percent: String,
    headroom: String,
    warnings: Vec<String>,
}

#[derive(Template)]
#[template(path = "books_outgoing.html")]
struct OutgoingPage {
    shell: Shell,
    rows: Vec<LeftRow>,
    meter: Meter,
    destructions: Vec<(String, String, bool)>,
    ways: Vec<(&'static str, String)>,
    standings: Vec<&'static str>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/outgoing`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(&asked, Typed::in_address(&asked), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksOutgoing, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let year = house.five_percent()?;
        let mut rows = Vec::new();
        for left in house.left()?.into_iter().rev() {
            for line in &left.outgoing.lines {
                let commodity = &line.product.commodity;
                let goods = house.goods_as_known(&commodity.ndc, commodity.unit)?;
                rows.push(LeftRow {
                    id: left.id.clone(),
                    seq: left.seq,
                    at: house.moment_in_words(left.outgoing.at),
                    way: left.outgoing.way.word().replace('-', " "),
                    to: format!("{} ({})", left.outgoing.recipient.party.name, left.outgoing.recipient.party.number),
                    product: goods.title(),
                    amount: goods.amount(line.amount.units()),
                    document: left.outgoing.document.number.clone(),
                    reverse: left.outgoing.way == Way::ReverseDistribution,
                    confirmed: left
                        .confirmed
                        .iter()
                        .map(|one| format!("{} on {}", one.form, one.destroyed))
                        .collect::<Vec<_>>()
                        .join(", "),
                });
            }
        }
        let headroom = year.headroom(&house.profile)?;
        let acts = house.second_signatures()?;
        Ok(OutgoingPage {
            shell,
            rows,
            meter: Meter {
                year: year.year,
                dispensed: year.dispensed,
                distributed: year.distributed,
                percent: year.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %")),
                headroom: headroom.to_string(),
                warnings: year.warnings(&house.profile)?.into_iter().map(|one| one.what.into_owned()).collect(),
            },
            destructions: acts
                .iter()
                .filter(|one| matches!(one.act.as_str(), "destroy" | "set-aside" | "spill" | "waste"))
                .map(|one| {
                    let form = one.act == "destroy" && matches!(one.settled, Some((true, ..)));
                    (one.id.clone(), format!("{} on {}", one.act.replace('-', " "), house.clock.wall(one.at)), form)
                })
                .collect(),
            ways: Way::ALL
                .iter()
                .filter(|way| **way != Way::Elsewhere)
                .map(|way| (way.word(), way.word().replace('-', " ")))
                .collect(),
            standings: Standing::LIST.iter().map(|(word, _)| *word).collect(),
            may_act: Door::BooksSend.admits(role),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/outgoing`
pub(in crate::http) async fn send(asked: Asked) -> Answer {
    let work = |house: &crate::house::House, by: &theriac_model::Actor, typed: &Typed| {
        house.send_out(by, typed).map(|_| "/books/outgoing".to_owned())
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/outgoing/{id}/confirmation`
pub(in crate::http) async fn confirm(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let work = move |house: &crate::house::House, by: &theriac_model::Actor, typed: &Typed| {
        house.file_confirmation(by, &id, typed).map(|()| "/books/outgoing".to_owned())
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}
