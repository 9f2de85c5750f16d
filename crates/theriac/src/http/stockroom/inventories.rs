//! Inventories: the list, the blind sheet, the closed inventory with its variances, and what might explain one.

use super::{filled, in_format, posted};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, file};
use crate::http::multipart::parts;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::stockroom::{Explained, Sheet};
use crate::typed::Typed;
use askama::Template;
use axum::http::header;
use std::fmt::Write as _;
use theriac_books::explain::{Cause, Evidence, Explanation};
use theriac_books::inventory::{Classification, Occasion, Part};
use theriac_model::Refusal;

struct InventoryRow {
    id: String,
    day: String,
    occasion: String,
    lines: usize,
    state: &'static str,
}

struct ProductChoice {
    ndc: String,
    name: String,
}

#[derive(Template)]
#[template(path = "books_inventories.html")]
struct InventoriesPage {
    shell: Shell,
    rows: Vec<InventoryRow>,
    occasions: Vec<(&'static str, String)>,
    products: Vec<ProductChoice>,
    changes: Vec<ChangeRow>,
    schedules: [&'static str; 4],
    may_open: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/inventories`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(&asked, Typed::in_address(&asked), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksInventories, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let sheets = house.inventories()?;
        let mut products = Vec::new();
        for ndc in house.stocked()? {
            let unit = house.commodity(&ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
            products.push(ProductChoice { ndc: ndc.to_string(), name: house.goods_as_known(&ndc, unit)?.title() });
        }
        Ok(InventoriesPage {
            shell,
            rows: sheets
                .iter()
                .rev()
                .map(|sheet| {
                    let plan = sheet.inventory.plan();
                    InventoryRow {
                        id: plan.id.as_str().to_owned(),
                        day: format!("{} of business, {}", plan.taken, plan.day()),
                        occasion: plan.occasion.word().replace('-', " "),
                        lines: plan.places.len(),
                        state: if sheet.inventory.closed().is_some() { "closed" } else { "open" },
                    }
                })
                .collect(),
            occasions: Occasion::ALL.iter().map(|one| (one.word(), one.word().replace('-', " "))).collect(),
            products,
            changes: changes(house)?,
            schedules: ["II", "III", "IV", "V"],
            may_open: Door::BooksInventoryNew.admits(role),
            now: super::now_field(house),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/inventories`
pub(in crate::http) async fn open(asked: Asked) -> Answer {
    let work = |house: &House, by: &theriac_model::Actor, typed: &Typed| {
        house.open_inventory(by, typed).map(|id| format!("/books/inventories/{id}"))
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/schedule-changes`
pub(in crate::http) async fn reschedule(asked: Asked) -> Answer {
    let work = |house: &House, by: &theriac_model::Actor, typed: &Typed| {
        let done = if typed.get("step") == "withdraw" {
            house.withdraw_reschedule(by, typed)
        } else {
            house.reschedule(by, typed)
        };
        done.map(|()| "/books/inventories#changes".to_owned())
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// A change of schedule that was entered.
struct ChangeRow {
    name: String,
    ndc: String,
    from: &'static str,
    to: &'static str,
    effective: String,
    source: String,
    state: &'static str,
    may_withdraw: bool,
}

fn changes(house: &House) -> Result<Vec<ChangeRow>, Fault> {
    let open = house.uncounted_changes()?;
    let mut rows = Vec::new();
    for one in house.rescheduled()?.into_iter().rev() {
        let change = one.change;
        let unit = house.commodity(&change.ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
        let due = open.iter().any(|other| other.change == change);
        rows.push(ChangeRow {
            name: house.goods_as_known(&change.ndc, unit)?.title(),
            ndc: change.ndc.to_string(),
            from: change.from.map_or("not controlled", theriac_model::Schedule::roman),
            to: change.to.roman(),
            effective: change.effective.to_string(),
            source: one.source,
            state: if due { "to be counted" } else { "nothing to count" },
            may_withdraw: !house.counted_for(&change.ndc, change.effective)?,
        });
    }
    Ok(rows)
}

/// A line of an open sheet: nothing on it comes from the books.
struct BlindRow {
    n: u32,
    name: String,
    ndc: String,
    schedule: &'static str,
    place: String,
    container: String,
    counted: Option<String>,
    who: String,
}

struct VarianceRow {
    n: u32,
    name: String,
    ndc: String,
    schedule: &'static str,
    place: String,
    book: String,
    found: String,
    difference: String,
    percent: String,
    method: &'static str,
    class: Option<&'static str>,
    differs: bool,
}

#[derive(Template)]
#[template(path = "books_inventory.html")]
struct InventoryPage {
    shell: Shell,
    id: String,
    occasion: String,
    taken: String,
    opened: String,
    closed: Option<String>,
    groups: Vec<(&'static str, Vec<BlindRow>)>,
    uncounted: usize,
    variances: Vec<VarianceRow>,
    classes: Vec<&'static str>,
    files: Vec<(&'static str, String)>,
    may_count: bool,
    may_close: bool,
    typed: Typed,
    fault: Option<Failure>,
}

impl InventoryPage {
    /// What was typed for a line, where the form is shown again.
    #[allow(clippy::trivially_copy_pass_by_ref)] // as the template passes it
    fn typed_in(&self, field: &str, line: &u32) -> &str {
        self.typed.get(&format!("{field}-{line}"))
    }
}

/// `/books/inventories/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    one_again(&asked, Typed::default(), None).await
}

async fn one_again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksInventory, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let sheet = house.sheet(&id)?;
        let plan = sheet.inventory.plan();
        let closed = sheet.inventory.closed().map(|closed| {
            let who: Vec<String> = closed.signatures.iter().map(|one| house.full_name(&one.id)).collect();
            format!("{} by {}", house.clock.wall(closed.at), who.join(", "))
        });
        let (variances, _) = house.variances(&sheet)?;
        let documents = sheet.inventory.documents(Part::Own);
        Ok(InventoryPage {
            shell,
            occasion: plan.occasion.word().replace('-', " "),
            taken: format!("{} of business on {}", plan.taken, plan.day()),
            opened: house.clock.wall(sheet.opened),
            groups: blind(house, &sheet)?,
            uncounted: sheet.inventory.sheet().iter().filter(|line| line.counted.is_none()).count(),
            variances: variances
                .iter()
                .map(|row| {
                    let goods = house.goods_of_line(&row.place)?;
                    Ok(VarianceRow {
                        n: row.line,
                        name: goods.title(),
                        ndc: row.place.product.commodity.ndc.to_string(),
                        schedule: row.place.product.schedule.roman(),
                        place: row.place.account.to_string(),
                        book: goods.amount(row.book),
                        found: goods.amount(row.found),
                        difference: goods.amount(row.difference()),
                        percent: row.percent().map_or_else(String::new, |percent| format!("{percent} %")),
                        method: row.method.word(),
                        class: row.class.map(theriac_books::inventory::Classification::word),
                        differs: row.difference() != 0,
                    })
                })
                .collect::<Result<_, Fault>>()?,
            classes: Classification::ALL.iter().map(|class| class.word()).collect(),
            files: if closed.is_some() {
                documents.iter().map(|one| (one.schedules, one.schedules.to_ascii_lowercase())).collect()
            } else {
                Vec::new()
            },
            closed,
            may_count: Door::BooksCount.admits(role),
            may_close: Door::BooksClose.admits(role),
            id,
            typed,
            fault,
        })
    })
    .await
}

/// The sheet as whoever counts sees it, schedules I and II apart from the others.
fn blind(house: &House, sheet: &Sheet) -> Result<Vec<(&'static str, Vec<BlindRow>)>, Fault> {
    let (mut two, mut others) = (Vec::new(), Vec::new());
    for line in sheet.inventory.sheet() {
        let goods = house.goods_of_line(&line.place)?;
        let product = &line.place.product;
        let counted = line.counted.as_ref().map(|count| {
            let found = count
                .tally
                .found(product)
                .map_or_else(|refusal| refusal.what.into_owned(), |found| goods.amount(found));
            format!("{found}, {}", count.tally.method().word())
        });
        let row = BlindRow {
            n: line.line,
            name: goods.title(),
            ndc: product.commodity.ndc.to_string(),
            schedule: product.schedule.roman(),
            place: line.place.account.to_string(),
            container: goods.amount(product.per_container.units()),
            counted,
            who: line.counted.as_ref().map_or_else(String::new, |count| house.full_name(&count.by.id)),
        };
        if product.schedule <= theriac_model::Schedule::II { two.push(row) } else { others.push(row) }
    }
    let groups = [("Schedules I and II", two), ("Schedules III to V", others)];
    Ok(groups.into_iter().filter(|(_, rows)| !rows.is_empty()).collect())
}

async fn after(
    asked: Asked,
    work: impl FnOnce(&House, &theriac_model::Actor, &str, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let id = asked.id("id")?;
    let to = format!("/books/inventories/{id}");
    match posted(&asked, move |house, by, typed| work(house, by, &id, typed).map(|()| to)).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => one_again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/inventories/{id}/count`
pub(in crate::http) async fn count(asked: Asked) -> Answer {
    after(asked, |house, by, id, typed| house.count_lines(by, id, typed).map(|_| ())).await
}

/// `POST /books/inventories/{id}/add`
pub(in crate::http) async fn add(asked: Asked) -> Answer {
    after(asked, crate::house::House::add_to_sheet).await
}

/// `POST /books/inventories/{id}/close`
pub(in crate::http) async fn close(asked: Asked) -> Answer {
    after(asked, |house, by, id, _| house.close_inventory(by, id).map(|_| ())).await
}

/// `POST /books/inventories/{id}/classify`
pub(in crate::http) async fn classify(asked: Asked) -> Answer {
    after(asked, |house, by, id, typed| house.classify_variance(by, id, typed.number("line")?, typed.get("class")))
        .await
}

/// `POST /books/inventories/{id}/sheet`: a sheet that was filled in elsewhere, as a file.
pub(in crate::http) async fn import(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let by = asked.visitor()?.actor.clone();
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let text = media.and_then(|media| parts(media, &asked.body)).and_then(|parts| {
        let file = parts.iter().find(|part| part.name == "file")?;
        std::str::from_utf8(file.bytes).ok().map(str::to_owned)
    });
    let to = format!("/books/inventories/{id}");
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let text = text.ok_or_else(|| {
                let what = "no sheet came with the form, or it is no text";
                Refusal::new("BOOKS-SHEET", "-", what, "choose the sheet that was filled in, saved as CSV")
                    .about("file")
            })?;
            house.count_from_file(&by, &id, &text)
        })
    });
    match done.await? {
        Ok(_) => see(&to),
        Err(fault) => one_again(&asked, Typed::default(), Some(fault)).await,
    }
}

/// `/books/inventories/{id}/sheet.csv`: the empty sheet, one line a product and place.
pub(in crate::http) async fn empty_sheet(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let name = format!("count-{id}.csv");
    let text = asked.app.ask(move |world| {
        act(world, |house| {
            let mut text = "ndc,place,sealed,capacity,found,method\r\n".to_owned();
            for line in house.sheet(&id)?.inventory.sheet() {
                // Writing to a string cannot fail.
                let _ = write!(text, "{},{},,,,\r\n", line.place.product.commodity.ndc, line.place.account);
            }
            Ok(text)
        })
    });
    file(&name, "text/csv; charset=utf-8", text.await??.into_bytes())
}

/// `/books/inventories/{id}/file/{format}`: one of the two documents, such as `i-ii-pdf`.
pub(in crate::http) async fn export(asked: Asked) -> Answer {
    let (id, wanted) = (asked.id("id")?, asked.id("format")?);
    let (part, format) = wanted.rsplit_once('-').ok_or_else(Failure::no_such_page)?;
    let (part, format) = (part.to_owned(), format.to_owned());
    let name = format!("inventory-{id}-{part}");
    let closed = asked.app.ask({
        let id = id.clone();
        move |world| act(world, |house| Ok(house.sheet(&id)?.inventory.closed().is_some()))
    });
    if !closed.await?? {
        return Err(Failure::no_such("document", "close the inventory first"));
    }
    in_format(&asked, (&name, &format), move |house, _| {
        let documents = house.sheet(&id)?.inventory.documents(Part::Own);
        let document = documents.iter().find(|one| one.schedules.eq_ignore_ascii_case(&part));
        document.map(|document| house.inventory_paper(document)).transpose()
    })
    .await
}

struct CauseRow {
    cause: &'static str,
    about: String,
    evidence: Vec<String>,
    share: u32,
    next: &'static str,
    /// The correcting entry that it would lead to: `more` or `less`, with how much.
    entry: Option<u64>,
}

#[derive(Template)]
#[template(path = "books_explain.html")]
struct ExplainPage {
    shell: Shell,
    id: String,
    ndc: String,
    name: String,
    difference: String,
    left: String,
    left_amount: String,
    way: &'static str,
    count: Option<u64>,
    since: String,
    causes: Vec<CauseRow>,
    may_correct: bool,
}

/// `/books/inventories/{id}/lines/{seq}`
pub(in crate::http) async fn explain(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let line = u32::try_from(asked.seq()?).map_err(|_| Failure::no_such_page())?;
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksExplain, &asked.visit);
    filled(&asked, None, move |house| {
        let Explained { variance, goods, since, ranked, count, left } = house.explained(&id, line)?;
        let unit = goods.product.commodity.unit;
        Ok(ExplainPage {
            shell,
            id,
            ndc: goods.product.commodity.ndc.to_string(),
            name: goods.title(),
            difference: goods.amount(variance.difference()),
            left: goods.amount(left),
            left_amount: crate::stockroom::in_words(left.abs(), unit),
            way: if left < 0 { "less" } else { "more" },
            count: count.filter(|_| left != 0),
            since: if since == jiff::Timestamp::UNIX_EPOCH {
                "the beginning of the books".to_owned()
            } else {
                house.clock.wall(since)
            },
            causes: ranked
                .iter()
                .map(|one| CauseRow {
                    cause: cause_in_words(one.explanation.cause),
                    about: about(&one.explanation),
                    evidence: one.explanation.evidence.iter().map(|found| evidence_in_words(found, &goods)).collect(),
                    share: one.share,
                    next: one.explanation.next,
                    entry: one.explanation.entries.first().map(|id| id.0),
                })
                .collect(),
            may_correct: Door::BooksAct.admits(role),
        })
    })
    .await
}

const fn cause_in_words(cause: Cause) -> &'static str {
    match cause {
        Cause::MissedFill => "A filling was not written down",
        Cause::SwappedProduct => "A filling was written to, or taken from, another product",
        Cause::TransposedDigits => "An amount was typed wrong",
        Cause::WrongQuantity => "An amount is not that of its document",
        Cause::UnloggedReceipt => "A receipt was not written down",
        Cause::DoubleFill => "A filling was written down twice",
        Cause::DoubleReceipt => "A receipt was written down twice",
        Cause::ReturnNotLogged => "What was not collected was put back and not written down",
    }
}

fn about(one: &Explanation) -> String {
    let numbers = |ids: &[theriac_books::EntryId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    if !one.entries.is_empty() {
        parts.push(format!("entry {}", numbers(&one.entries)));
    }
    if let Some((commodity, entries)) = &one.other {
        parts.push(format!(
            "NDC {}{}",
            commodity.ndc,
            if entries.is_empty() { String::new() } else { format!(", entry {}", numbers(entries)) }
        ));
    }
    if let Some(document) = &one.document {
        parts.push(format!("document {document}"));
    }
    parts.join("; ")
}

fn evidence_in_words(one: &Evidence, goods: &crate::stockroom::Goods) -> String {
    match one {
        Evidence::RecordWithoutEntry(document) => {
            format!("the dispensing record has {document}, the books have no entry of it")
        }
        Evidence::RecordGives(units) => format!("the dispensing record gives {}", goods.amount(*units)),
        Evidence::RecordNames(ndc) => format!("the dispensing record names NDC {ndc}"),
        Evidence::EntryWithoutRecord(id) => format!("the dispensing record does not know the document of entry {id}"),
        Evidence::ShipmentWithoutReceipt(document) => format!("{document} was shipped and is not booked"),
        Evidence::SameDocument(id) => format!("entry {id} has the same document"),
        Evidence::SoonAfter(id, seconds) => {
            format!("entry {id} of the same amount was made {} minutes before", seconds / 60)
        }
        Evidence::OppositeVariance(commodity) => {
            format!("NDC {} has the opposite variance in the same inventory", commodity.ndc)
        }
        Evidence::SimilarCode(digits) => format!("the two codes differ in {digits} digits"),
        Evidence::SameDrug => "both are the same drug".to_owned(),
        Evidence::UsualAmount(times) => format!("{times} fillings had this amount"),
        Evidence::WholeContainers(containers) => format!("it is {containers} whole containers"),
        Evidence::Slip(typed, meant) => {
            format!("{} typed where {} was meant", goods.amount(*typed), goods.amount(*meant))
        }
        Evidence::StillWaiting(days) => format!("it has waited for collection for {days} days"),
    }
}
