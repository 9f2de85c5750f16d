//! P9 to P15: powers of attorney, order forms, orders, and what came on invoices.

use super::chosen;
use super::listed::{listed, plain, text};
use super::{About, Desk, Output, Wanted, nothing};
use crate::house::House;
use crate::house::record::Fault;
use crate::orders::OrderPaper;
use crate::stockroom::Cover;
use crate::typed::wrong;
use theriac_books::orders::{FormsEventRecord, OrderNumber};
use theriac_paper::PageSize;
use theriac_paper::sheet::Kind;

/// The outputs of this part.
pub(super) const TABLE: &[Output] = &[
    Output {
        id: "P9",
        title: "Power of attorney to sign orders",
        desk: Desk::Books,
        about: About::One("the power of attorney"),
        subjects: chosen::powers,
        make: power,
    },
    Output {
        id: "P9-revocation",
        title: "Notice that a power of attorney is revoked",
        desk: Desk::Books,
        about: About::One("the power of attorney"),
        subjects: chosen::powers,
        make: revocation,
    },
    Output {
        id: "P10",
        title: "Register of order forms (DEA Form 222)",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| register(house),
    },
    Output {
        id: "P11",
        title: "An order as its purchaser keeps it",
        desk: Desk::Books,
        about: About::One("the order"),
        subjects: chosen::orders,
        make: |house, wanted| {
            let one = house.purchase(wanted.of)?;
            house.order_paper(&one.order, &one.events, OrderPaper::Copy).map(plain)
        },
    },
    Output {
        id: "P12",
        title: "Statements about an order: lost, not accepted, cancelled, void",
        desk: Desk::Books,
        about: About::One("the statement, such as form-210000001:lost"),
        subjects: chosen::statements,
        make: statement,
    },
    Output {
        id: "P13",
        title: "Report of lost or stolen order forms, or that they were found",
        desk: Desk::Books,
        about: About::One("the report"),
        subjects: chosen::form_reports,
        make: report,
    },
    Output {
        id: "P14",
        title: "Electronic order with its signature, the checks of it, and everything linked to it",
        desk: Desk::Books,
        about: About::One("the order"),
        subjects: chosen::electronic,
        make: electronic,
    },
    Output {
        id: "P15",
        title: "Record of receipt, schedules III to V",
        desk: Desk::Books,
        about: About::One("the delivery"),
        subjects: chosen::deliveries,
        make: |house, wanted| house.delivery_paper(&house.delivery(wanted.of)?),
    },
];

fn power(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    Ok(plain(house.power_paper(&house.order_power(wanted.of)?, house.clock.moment())))
}

fn revocation(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let (_, events, _) = house.order_powers()?;
    house.revocation_paper(&house.order_power(wanted.of)?, &events).map(plain)
}

/// Every form with its whole life: when it was issued, what became of it, who signed it, for which supplier.
fn register(house: &House) -> Result<Cover, Fault> {
    let file = house.order_forms()?;
    let orders = house.purchases()?;
    let mut rows = Vec::new();
    for (serial, edition, state) in file.register.all() {
        let issued = file.events.iter().find_map(|event| match event {
            FormsEventRecord::Received { serials, issued, at, .. } if serials.contains(serial) => {
                Some((issued.to_string(), at.date().to_string()))
            }
            _ => None,
        });
        let (issued, came) = issued.unwrap_or_default();
        let order = orders.iter().find(|one| one.order.executed().number == OrderNumber::Form(serial.clone()));
        let executed = order.map(|one| one.order.executed());
        rows.push(vec![
            text(serial.to_string()),
            text(edition.word().replace('-', " ")),
            text(issued),
            text(came),
            text(state.word().replace('-', " ")),
            text(executed.map_or_else(String::new, |one| house.full_name(&one.signer))),
            text(executed.map_or_else(String::new, |one| {
                let power = one.power.as_ref().map(|id| format!("power of attorney {}", id.as_str()));
                power.unwrap_or_else(|| "the registration".to_owned())
            })),
            text(order.map_or_else(String::new, |one| one.order.filled_by().name.clone())),
            text(executed.map_or_else(String::new, |one| one.signed.date().to_string())),
        ]);
    }
    let columns = [
        "Serial number",
        "Edition",
        "Issued",
        "Came in",
        "State",
        "Signed by",
        "Signed under",
        "Supplier",
        "Signed on",
    ];
    let paper = house.paper_of_books(PageSize::LETTER_WIDE, "Register of DEA Forms 222");
    listed(paper, &columns.map(|name| (name, Kind::Text)), rows)
}

fn statement(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let parts = wanted.of.split_once(':').and_then(|(id, which)| Some((id, OrderPaper::parse(which)?)));
    let (id, which) =
        parts.ok_or_else(|| wrong("of", "that names no statement", "write the order, a colon, and lost or void"))?;
    let one = house.purchase(id)?;
    house.order_paper(&one.order, &one.events, which).map(plain)
}

fn report(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let file = house.order_forms()?;
    let event = wanted.of.parse().ok().and_then(|of| file.event(of));
    let event = event.ok_or_else(|| wrong("of", "there is no such report", "choose one from the list"))?;
    house.forms_report_paper(event).map(plain)
}

fn electronic(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let one = house.purchase(wanted.of)?;
    let mut paper = house.order_paper(&one.order, &one.events, OrderPaper::Copy)?;
    paper.title = format!("Electronic order with its archive: {}", one.order.executed().number);
    let file = house.order_file(&format!("order/{}", one.id))?;
    let file = file.ok_or_else(|| wrong("of", "that order was made on paper", "choose an electronic order"))?;
    let validation = house.check_order_file(&file, one.order.executed().signed)?;
    paper.heading("Checks of the signature, as of the day of signing");
    paper.fields([("SHA-256 of the signed file", validation.digest.clone()), ("Bytes", file.len().to_string())]);
    paper.fields(validation.checks.iter().map(|check| {
        let found = check.found.as_deref().map_or_else(String::new, |found| format!(": {found}"));
        (check.check.word().replace('-', " "), format!("{}{found}", check.outcome.word().replace('-', " ")))
    }));
    let verdict = validation.refusal.map_or_else(|| "valid".to_owned(), |refusal| refusal.what.to_string());
    paper.fields([("Result", verdict)]);
    for (which, _, words) in OrderPaper::ALL {
        if which != OrderPaper::Copy
            && let Ok(linked) = house.order_paper(&one.order, &one.events, which)
        {
            paper.heading(format!("Linked: {words}"));
            paper.blocks.extend(linked.blocks);
        }
    }
    Ok(plain(paper))
}
