//! Orders of other registrants that this pharmacy fills.

use super::{Choice, LineRow, act_of, activities, line_rows, no_file, paper, read, words};
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
use crate::orders::Supplied;
use crate::typed::Typed;
use askama::Template;
use theriac_books::orders::{ShippedEntry, SupplyEvent};
use theriac_law::vocab::Condition;

struct SupplyRow {
    id: String,
    number: String,
    purchaser: String,
    state: &'static str,
    taken: String,
}

fn supply_row(house: &House, one: &Supplied) -> SupplyRow {
    let (number, purchaser, taken, state) = match one.events.first() {
        Some(SupplyEvent::Accepted { order, at, .. }) => {
            let open = one.state.as_ref().is_some_and(|state| {
                state.linked().iter().any(|line| line.ended.is_none() && line.shipped < line.ordered)
            });
            let state = if open { "to fill" } else { "filled or ended" };
            (order.number.to_string(), order.purchaser.name.clone(), house.moment_in_words(*at), state)
        }
        Some(SupplyEvent::Refused { number, at, .. }) => {
            let number = number.as_ref().map_or_else(|| "unreadable".to_owned(), ToString::to_string);
            (number, String::new(), house.moment_in_words(*at), "not accepted")
        }
        _ => (one.id.clone(), String::new(), String::new(), "unknown"),
    };
    SupplyRow { id: one.id.clone(), number, purchaser, state, taken }
}

struct ToReport {
    number: String,
    purchaser: String,
    ndc: String,
    packages: u32,
    shipped: String,
}

#[derive(Template)]
#[template(path = "orders_supply.html")]
struct SupplyPage {
    shell: Shell,
    may_act: bool,
    rows: Vec<SupplyRow>,
    to_report: Vec<ToReport>,
    lines: Vec<LineRow>,
    conditions: Vec<Choice>,
    activities: Vec<Choice>,
    typed: Typed,
    fault: Option<Failure>,
}

async fn list(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let may_act = Door::SupplyTake.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::SupplyList, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let rows = house.all_supplied()?.iter().map(|one| supply_row(house, one)).collect();
            let to_report = house.shipments_to_report()?.into_iter().map(|line| ToReport {
                number: line.number.to_string(),
                purchaser: line.purchaser.to_string(),
                ndc: line.ndc.to_string(),
                packages: line.packages,
                shipped: line.shipped.to_string(),
            });
            Ok::<_, Fault>(SupplyPage {
                shell,
                may_act,
                rows,
                to_report: to_report.collect(),
                lines: line_rows(&typed),
                conditions: words::<Condition>(match typed.get("condition") {
                    "" => "good",
                    word => word,
                }),
                activities: activities(typed.get("activity")),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// `/orders/supply`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    list(asked, Typed::default(), None).await
}

/// `POST /orders/supply`: a form as typed, or the file of an electronic order.
pub(in crate::http) async fn take(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let (typed, file) = read(&asked).await?;
    let given = typed.clone();
    let electronic = given.get("method") == "csos";
    let done = asked.app.ask(move |world| {
        act(world, |house| match (electronic, file) {
            (true, Some(file)) => house.take_electronic_order(&by, &given, &file),
            (true, None) => Err(no_file()),
            (false, _) => house.take_form(&by, &given),
        })
    });
    match done.await? {
        Ok((id, _)) => see(&format!("/orders/supply/{id}")),
        Err(fault) => list(asked, typed, Some(fault)).await,
    }
}

struct LineView {
    number: u32,
    item: String,
    ndc: String,
    ordered: u32,
    furnished: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "orders_supply_one.html")]
struct OnePage {
    shell: Shell,
    row: SupplyRow,
    may_act: bool,
    open: bool,
    electronic: bool,
    purchaser: String,
    executed: String,
    lost: Option<String>,
    lines: Vec<LineView>,
    checks: Vec<(String, String, String)>,
    refused: Option<(String, String)>,
    reports: Vec<String>,
    steps: Vec<(String, String)>,
    today: String,
    typed: Typed,
    fault: Option<Failure>,
}

fn step(house: &House, event: &SupplyEvent) -> (String, String) {
    let name = |id: &str| house.full_name(id);
    let (at, what) = match event {
        SupplyEvent::Accepted { by, at, .. } => (at, format!("taken in by {}", name(&by.id))),
        SupplyEvent::Refused { statement, by, at, .. } => (at, format!("{statement} ({})", name(&by.id))),
        SupplyEvent::Shipped { line, packages, by, at, .. } => {
            (at, format!("line {line}: {packages} packages sent by {}", name(&by.id)))
        }
        SupplyEvent::Voided { lines, notice, by, at } => {
            (at, format!("lines {lines:?} voided by {}: {notice}", name(&by.id)))
        }
        SupplyEvent::Cancelled { lines, notice, at } => {
            (at, format!("lines {lines:?} cancelled by the purchaser: {notice}"))
        }
        SupplyEvent::Endorsed { to, by, at } => (at, format!("passed on to {} by {}", to.name, name(&by.id))),
        SupplyEvent::DeclaredLost { replaced_by, at } => {
            (at, format!("declared lost; order {replaced_by} replaces it"))
        }
        SupplyEvent::Reported { through, channel, by, at } => {
            (at, format!("shipments through {through} reported to DEA by {}, {channel}", name(&by.id)))
        }
    };
    (house.moment_in_words(*at), what)
}

fn one_page(
    house: &House,
    shell: Shell,
    one: &Supplied,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
) -> OnePage {
    let (checks, refused) = match one.events.first() {
        Some(SupplyEvent::Accepted { checks, .. }) => (checks.as_slice(), None),
        Some(SupplyEvent::Refused { checks, code, statement, .. }) => {
            (checks.as_slice(), Some((code.clone(), statement.clone())))
        }
        _ => (&[][..], None),
    };
    let lines: Vec<LineView> = one.state.as_ref().map_or_else(Vec::new, |state| {
        let linked = state.linked();
        let of = |line: &theriac_books::orders::OrderLine, shipped: &ShippedEntry| {
            let furnished = match shipped {
                ShippedEntry::Furnished(sent) => {
                    sent.iter().map(|(n, ndc, on)| format!("{n} of {ndc} on {on}")).collect::<Vec<_>>().join("; ")
                }
                ended => ended.mark().unwrap_or_default().to_owned(),
            };
            let link = linked.iter().find(|link| link.line == line.number);
            LineView {
                number: line.number,
                item: format!("{} {} {}", line.product.name, line.product.strength, line.product.form),
                ndc: line.product.commodity.ndc.to_string(),
                ordered: line.packages,
                furnished,
                open: link.is_some_and(|link| link.ended.is_none() && link.shipped < link.ordered),
            }
        };
        state.order().lines.iter().zip(state.shipped()).map(|(line, (_, shipped))| of(line, &shipped)).collect()
    });
    let order = one.state.as_ref().map(theriac_books::orders::Supply::order);
    OnePage {
        shell,
        row: supply_row(house, one),
        may_act,
        open: lines.iter().any(|line| line.open),
        electronic: order.is_some_and(|order| order.digest.is_some()),
        purchaser: order
            .map(|order| {
                format!("{}, {}, {}", order.purchaser.name, order.purchaser.address.one_line(), order.purchaser.number)
            })
            .unwrap_or_default(),
        executed: order.map(|order| order.executed.to_string()).unwrap_or_default(),
        lost: one.state.as_ref().and_then(|state| state.declared_lost()).map(ToString::to_string),
        lines,
        checks: checks
            .iter()
            .map(|check| {
                (
                    check.check.word().to_owned(),
                    check.outcome.word().replace('-', " "),
                    check.found.clone().unwrap_or_default(),
                )
            })
            .collect(),
        refused,
        reports: one
            .state
            .as_ref()
            .map(|state| state.reports_due().iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        steps: one.events.iter().map(|event| step(house, event)).collect(),
        today: house.clock.moment().date().to_string(),
        typed,
        fault,
    }
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let may_act = Door::SupplyAct.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::SupplyOne, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| Ok::<_, Fault>(one_page(house, shell, &house.supplied(&id)?, may_act, typed, fault)))
    });
    with_status(page(&found.await??), status)
}

/// `/orders/supply/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

/// `POST /orders/supply/{id}/{act}`
pub(in crate::http) async fn acted(asked: Asked) -> Answer {
    let (id, name, by) = (asked.id("id")?, act_of(&asked)?, asked.visitor()?.actor.clone());
    let (typed, _) = read(&asked).await?;
    let (given, order) = (typed.clone(), id.clone());
    match asked.app.ask(move |world| act(world, |house| house.act_on_supply(&by, &order, &name, &given))).await? {
        Ok(()) => see(&format!("/orders/supply/{id}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `/orders/supply/{id}/record.pdf`
pub(in crate::http) async fn record(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    paper(&asked, "order-record", move |house| {
        Ok(house.supplied(&id)?.state.map(|state| house.supply_paper(&state, house.clock.moment())))
    })
    .await
}
