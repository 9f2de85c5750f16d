//! The inspection pack: the index of records on a page, and everything in one file that `theriac verify` computes again.

use super::filled;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, file};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use jiff::civil::Date;

struct IndexRow {
    heading: String,
    says: String,
}

struct StatementRow {
    ndc: String,
    name: String,
    schedule: &'static str,
    opening: String,
    came: String,
    went: String,
    expected: String,
    variance: String,
}

#[derive(Template)]
#[template(path = "books_pack.html")]
struct PackPage {
    shell: Shell,
    from: String,
    to: String,
    index: Vec<IndexRow>,
    rows: Vec<StatementRow>,
    certificates: Vec<(String, String, u64)>,
    made: Vec<MadeRow>,
}

/// A pack that was made.
struct MadeRow {
    at: String,
    by: String,
    from: String,
    to: String,
    seq: u64,
}

fn days(typed: &Typed) -> Result<(Option<Date>, Option<Date>), crate::house::record::Fault> {
    Ok((typed.maybe_day("from")?, typed.maybe_day("to")?))
}

/// `/books/pack?from=...&to=...`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    let shell = Shell::new(Door::BooksPack, &asked.visit);
    filled(&asked, None, move |house| {
        let (from, to) = days(&typed)?;
        let pack = house.survey(from, to)?;
        Ok(PackPage {
            shell,
            from: pack.period.0.to_string(),
            to: pack.period.1.to_string(),
            index: pack
                .index
                .iter()
                .map(|line| IndexRow { heading: line.heading.word().replace('-', " "), says: line.says() })
                .collect(),
            rows: pack
                .products
                .iter()
                .map(|(goods, statement)| StatementRow {
                    ndc: statement.commodity.ndc.to_string(),
                    name: goods.title(),
                    schedule: goods.product.schedule.roman(),
                    opening: goods.amount(statement.opening.amount),
                    came: goods.amount(statement.came()),
                    went: goods.amount(statement.went()),
                    expected: goods.amount(statement.expected()),
                    variance: statement
                        .variance()
                        .map_or_else(|| "not counted".to_owned(), |units| goods.amount(units)),
                })
                .collect(),
            certificates: pack.certificates,
            made: house
                .packs_made()?
                .into_iter()
                .map(|one| MadeRow {
                    at: house.clock.wall(one.at),
                    by: house.full_name(&one.by),
                    from: one.period.0,
                    to: one.period.1,
                    seq: one.seq,
                })
                .collect(),
        })
    })
    .await
}

/// `/books/pack/{format}`: the pack as one file, `json`. That it was made is recorded, with what it must hold.
pub(in crate::http) async fn export(asked: Asked) -> Answer {
    let format = asked.id("format")?;
    if format != "json" {
        return Err(Failure::no_such_page());
    }
    let (typed, by) = (Typed::in_address(&asked), asked.visitor()?.actor.clone());
    let pack = asked.app.ask(move |world| {
        act(world, |house| {
            let (from, to) = days(&typed)?;
            house.inspection_pack(&by, from, to)
        })
    });
    let pack = pack.await??;
    file(&format!("inspection-pack-{}.json", pack.period.1), "application/json", pack.bytes)
}
