//! The desk itself: what waits, drafts, orders.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::orders::{Due, Purchase};
use askama::Template;
use theriac_books::orders::LineStanding;
use theriac_law::vocab::Word as _;

/// An order in a list.
pub(super) struct OrderRow {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) method: String,
    pub(super) supplier: String,
    pub(super) signed: String,
    pub(super) signer: String,
    pub(super) state: &'static str,
    pub(super) until: String,
}

/// How an order stands, in one word or two.
pub(super) fn state_of(purchase: &Purchase) -> &'static str {
    let order = &purchase.order;
    let mut lines = order.lines();
    if order.lost().is_some() {
        "lost"
    } else if order.not_accepted().is_some() {
        "not accepted"
    } else if order.lines().all(|line| line.standing == LineStanding::Cancelled) {
        "cancelled"
    } else if order.lines().all(|line| line.standing == LineStanding::Voided) {
        "void"
    } else if order.lines().all(|line| line.outstanding() == 0) {
        "complete"
    } else if lines.any(|line| line.received() > 0) {
        "partly received"
    } else {
        "open"
    }
}

pub(super) fn order_row(house: &House, purchase: &Purchase) -> OrderRow {
    let executed = purchase.order.executed();
    let last = house.order_runs_until(executed.signed.date());
    OrderRow {
        id: purchase.id.clone(),
        number: executed.number.to_string(),
        method: executed.method.word().replace('-', " "),
        supplier: purchase.order.filled_by().name.clone(),
        signed: house.moment_in_words(executed.signed),
        signer: house.full_name(&executed.signer),
        state: state_of(purchase),
        until: last.map(|day| day.to_string()).unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "orders_desk.html")]
struct DeskPage {
    shell: Shell,
    may_act: bool,
    due: Vec<Due>,
    orders: Vec<OrderRow>,
    blank: usize,
    applicant: Option<String>,
    powers: usize,
    to_fill: usize,
}

fn desk_page(house: &House, shell: Shell, may_act: bool) -> Result<DeskPage, Fault> {
    let (powers, events, _) = house.order_powers()?;
    let today = house.clock.moment().date();
    Ok(DeskPage {
        shell,
        may_act,
        due: house.orders_due()?,
        orders: house.purchases()?.iter().map(|one| order_row(house, one)).collect(),
        blank: house.order_forms()?.register.blank().count(),
        applicant: House::latest_applicant(&events).map(|id| house.full_name(id)),
        powers: powers.on(today).count(),
        to_fill: house.all_supplied()?.len(),
    })
}

/// `/orders`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let may_act = Door::OrderWrite.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::OrderDesk, &asked.visit);
    let found = asked.app.ask(move |world| act(world, |house| desk_page(house, shell, may_act)));
    page(&found.await??)
}
