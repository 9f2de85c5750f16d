//! What papers can be printed about, for lists to choose from: the newest first, no more than a person looks through.

use super::Subjects;
use crate::house::House;
use crate::orders::OrderPaper;
use crate::till::PlaceOfStock;
use theriac_books::orders::FormsEventRecord;
use theriac_law::vocab::Word as _;

/// The most that a list offers; any other can be named.
const MOST: usize = 60;

/// The first of a list.
#[expect(clippy::unnecessary_wraps, reason = "every list here ends with it, and making one can fail")]
fn some(all: impl IntoIterator<Item = (String, String)>) -> Subjects {
    Ok(all.into_iter().take(MOST).collect())
}

pub(super) fn products(house: &House) -> Subjects {
    let named = house.stocked()?.into_iter().take(MOST);
    named
        .map(|ndc| {
            let unit = house.commodity(&ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
            Ok((ndc.to_string(), house.goods_as_known(&ndc, unit)?.title()))
        })
        .collect()
}

pub(super) fn orders(house: &House) -> Subjects {
    some(house.purchases()?.into_iter().map(|one| {
        let supplier = one.order.filled_by().name.clone();
        (one.id, supplier)
    }))
}

/// Statements about orders that somebody has made.
pub(super) fn statements(house: &House) -> Subjects {
    let mut found = Vec::new();
    for one in house.purchases()? {
        for (which, name, words) in OrderPaper::ALL {
            if which != OrderPaper::Copy && house.order_paper(&one.order, &one.events, which).is_ok() {
                found.push((format!("{}:{name}", one.id), format!("{words}, order {}", one.order.executed().number)));
            }
        }
    }
    some(found)
}

pub(super) fn electronic(house: &House) -> Subjects {
    some(orders(house)?.into_iter().filter(|(id, _)| id.starts_with("tracking-")))
}

pub(super) fn powers(house: &House) -> Subjects {
    let (powers, ..) = house.order_powers()?;
    some(powers.all().map(|one| (one.paper.id.as_str().to_owned(), house.full_name(&one.paper.attorney))))
}

pub(super) fn form_reports(house: &House) -> Subjects {
    let file = house.order_forms()?;
    let reports = (1_u64..).zip(file.events.iter()).filter_map(|(of, event)| match event {
        FormsEventRecord::Missing { event, at, .. } => Some((
            of.to_string(),
            format!("{}, {}", theriac_law::vocab::Word::word(*event), house.moment_in_words(*at)),
        )),
        _ => None,
    });
    some(reports)
}

pub(super) fn deliveries(house: &House) -> Subjects {
    some(house.deliveries()?.into_iter().rev().map(|one| {
        let words = format!("invoice {} of {}", one.receipt.number(), one.receipt.supplier().name);
        (one.id, words)
    }))
}

pub(super) fn inventories(house: &House) -> Subjects {
    let closed = house.inventories()?.into_iter().rev().filter(|sheet| sheet.inventory.closed().is_some());
    some(closed.map(|sheet| {
        let plan = sheet.inventory.plan();
        (plan.id.as_str().to_owned(), format!("{} inventory of {}", plan.occasion.word().replace('-', " "), plan.day()))
    }))
}

pub(super) fn left(house: &House) -> Subjects {
    some(house.left()?.into_iter().rev().map(|one| {
        let words = format!("{} {}", one.outgoing.document.kind.word().replace('-', " "), one.outgoing.document.number);
        (one.id, words)
    }))
}

pub(super) fn cases(house: &House) -> Subjects {
    some(house.loss_cases()?.into_iter().rev().map(|one| {
        let words = format!("discovered {}", house.moment_in_words(one.incident.discovery.discovered));
        (one.id, words)
    }))
}

/// Acts of two people that are signed, of one kind.
fn acts(house: &House, what: &str) -> Subjects {
    let signed = house.second_signatures()?.into_iter().rev();
    let signed = signed.filter(|one| one.act == what && matches!(one.settled, Some((true, ..))));
    some(signed.map(|one| {
        let words = format!("{}, {}", one.fields.get("ndc"), house.clock.wall(one.at));
        (one.id, words)
    }))
}

pub(super) fn destructions(house: &House) -> Subjects {
    acts(house, "destroy")
}

pub(super) fn spills(house: &House) -> Subjects {
    acts(house, "spill")
}

fn numbers(house: &House, sql: &str) -> Subjects {
    let rows = house.store.query(sql, &[])?;
    let found: Result<Vec<_>, theriac_store::StoreError> =
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), format!("prescription {}", row.text(0)?)))).collect();
    some(found?)
}

pub(super) fn prescriptions(house: &House) -> Subjects {
    numbers(house, "SELECT DISTINCT number FROM moving_fillings ORDER BY number DESC LIMIT 60")
}

pub(super) fn transfers(house: &House) -> Subjects {
    some(house.transfer_rows(60)?.into_iter().map(|row| (row.number.to_string(), row.other)))
}

pub(super) fn sent_away(house: &House) -> Subjects {
    let rows = house.sent_rows(60)?.into_iter();
    let mut found: Vec<(String, String)> = rows.map(|row| (row.number.to_string(), row.to)).collect();
    found.dedup_by(|a, b| a.0 == b.0);
    some(found)
}

pub(super) fn refill_days(house: &House) -> Subjects {
    let days = house.refill_days()?.into_iter().filter(|day| !day.refills.lines.is_empty());
    some(days.map(|day| {
        let words = format!("{} refills", day.refills.lines.len());
        (day.refills.day.to_string(), words)
    }))
}

pub(super) fn programmes(house: &House) -> Subjects {
    some(house.programmes()?.into_iter().map(|one| (one.state.to_string(), one.title)))
}

pub(super) fn waivers(house: &House) -> Subjects {
    let now = house.registration()?;
    let asked = now.steps.iter().rev().filter(|step| step.what == "waiver-requested");
    let mut found: Vec<(String, String)> = Vec::new();
    for step in asked {
        let person = step.fields.get("person").to_owned();
        if !found.iter().any(|(known, _)| *known == person) {
            found.push((person.clone(), house.full_name(&person)));
        }
    }
    some(found)
}

pub(super) fn devices(house: &House) -> Subjects {
    let mut found = Vec::new();
    for what in [PlaceOfStock::Machine, PlaceOfStock::Kit] {
        for name in house.devices(what)? {
            found.push((format!("{}-{name}", what.word()), format!("{} {name}", what.word())));
        }
    }
    some(found)
}

/// Months that are owed, and months whose report was sent.
pub(super) fn months(house: &House) -> Subjects {
    let now = house.online()?;
    let name = |month: jiff::civil::Date| month.strftime("%Y-%m").to_string();
    let owed = house.months_owed(&now, house.today()).into_iter().rev();
    let owed = owed.map(|(month, due)| {
        (name(month), due.map_or_else(|| "not sent".to_owned(), |due| format!("not sent, due by {due}")))
    });
    let sent = now.sent.iter().rev().map(|(report, ..)| (name(report.month), "sent".to_owned()));
    some(owed.chain(sent))
}

/// What was given of the logbook of listed chemicals, and to whom.
pub(super) fn disclosures(house: &House) -> Subjects {
    let mut found = Vec::new();
    for seq in house.disclosures(MOST)? {
        let (to, purpose, lines) = house.disclosed(seq)?;
        let words = format!(
            "{}, to {to}: {}",
            if lines.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", lines.len()) },
            purpose.word().replace('-', " ")
        );
        found.push((seq.to_string(), words));
    }
    some(found)
}

pub(super) fn chemical_losses(house: &House) -> Subjects {
    let (file, _) = house.seller_file()?;
    let losses: Vec<_> = (1_u64..).zip(file.losses()).collect();
    some(losses.into_iter().rev().map(|(number, loss)| (number.to_string(), format!("{}, {}", loss.kind, loss.on))))
}
