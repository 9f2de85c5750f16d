//! One product: its stock over time with the counts, its accounts, its entries, its acts, and its statement.

use super::{filled, in_format, ndc, picture, posted};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::stockroom::{Period, Stated, in_words};
use crate::typed::Typed;
use askama::Template;
use jiff::Timestamp;
use theriac_books::accountability::Direction;
use theriac_books::{EntryId, Side, StockEvent};
use theriac_model::{Actor, Ndc};
use theriac_paper::Length;
use theriac_paper::chart::{Lines, Mark, Series};

/// Points of time in a chart, at most.
const POINTS_MAX: i64 = 90;
/// Entries shown on the page, the newest ones; the statement of a period shows all of it.
const ENTRIES_SHOWN: usize = 200;

struct AccountRow {
    account: String,
    amount: String,
}

struct EventRow {
    id: String,
    seq: u64,
    at: String,
    what: String,
    who: String,
    lines: String,
    change: String,
    anchor: String,
}

struct Variance {
    count: u64,
    left: String,
    short: bool,
}

struct Point {
    at: String,
    book: String,
    count: String,
}

#[derive(Template)]
#[template(path = "books_product.html")]
struct ProductPage {
    shell: Shell,
    ndc: String,
    name: String,
    schedule: &'static str,
    unit: String,
    container: String,
    container_units: String,
    on_hand: String,
    chart: String,
    points: Vec<Point>,
    accounts: Vec<AccountRow>,
    places: Vec<String>,
    events: Vec<EventRow>,
    hidden: usize,
    variances: Vec<Variance>,
    may_act: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/stock/{ndc}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    again(&asked, typed, None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let ndc = ndc(asked)?;
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksProduct, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let stated = house.product_statement(&ndc, &Period::default())?;
        shown(house, &stated, shell, (Door::BooksAct.admits(role), typed, fault))
    })
    .await
}

fn shown(
    house: &House,
    stated: &Stated,
    shell: Shell,
    (may_act, typed, fault): (bool, Typed, Option<Failure>),
) -> Result<ProductPage, Fault> {
    let stock = stated.stock();
    let goods = &stated.goods;
    let (lines, points) = over_time(house, stated);
    let mut events: Vec<EventRow> =
        stated.books.events.iter().map(|(seq, event)| event_row(house, stated, *seq, event)).collect();
    let hidden = events.len().saturating_sub(ENTRIES_SHOWN);
    let mut events = events.split_off(hidden);
    events.reverse();
    let on_hand = stock.balances().filter(|(account, _)| account.side() == Side::OnHand);
    let mut places: Vec<String> = on_hand.map(|(account, _)| account.to_string()).collect();
    if !places.iter().any(|place| place == "shelf") {
        places.insert(0, "shelf".to_owned());
    }
    Ok(ProductPage {
        shell,
        ndc: stated.commodity.ndc.to_string(),
        name: goods.title(),
        schedule: goods.product.schedule.roman(),
        unit: goods.unit.name().into_owned(),
        container: house
            .container(&stated.commodity.ndc, stated.commodity.unit)?
            .map_or_else(String::new, |units| goods.amount(units.units())),
        container_units: house
            .container(&stated.commodity.ndc, stated.commodity.unit)?
            .map_or_else(String::new, |units| in_words(units.units(), stated.commodity.unit)),
        on_hand: goods.amount(stock.on_hand()),
        chart: if points.is_empty() {
            String::new()
        } else {
            picture(&lines.draw(Length::points(640), Length::points(220)))
        },
        points,
        accounts: stock
            .balances()
            .map(|(account, units)| AccountRow { account: account.to_string(), amount: goods.amount(units) })
            .collect(),
        places,
        events,
        hidden,
        variances: stock
            .open_variances()
            .map(|(count, left)| Variance { count: count.0, left: goods.amount(left.abs()), short: left < 0 })
            .collect(),
        may_act,
        now: super::now_field(house),
        typed,
        fault,
    })
}

fn event_row(house: &House, stated: &Stated, seq: u64, event: &StockEvent) -> EventRow {
    let goods = &stated.goods;
    let names = |people: &[Actor]| people.iter().map(|one| house.full_name(&one.id)).collect::<Vec<_>>().join(", ");
    match event {
        StockEvent::Posted { entry, .. } => EventRow {
            id: entry.id.to_string(),
            seq,
            at: house.clock.wall(entry.happened),
            what: format!("{}: {}", entry.kind.word().replace('-', " "), entry.document),
            who: names(&entry.signers),
            lines: entry
                .lines
                .iter()
                .map(|line| {
                    let sign = if line.change > 0 { "+" } else { "" };
                    format!("{} {sign}{}", line.account, in_words(line.change, stated.commodity.unit))
                })
                .collect::<Vec<_>>()
                .join(", "),
            change: goods.amount(entry.change_on_hand()),
            anchor: format!("entry-{}", entry.id),
        },
        StockEvent::Counted { counted, .. } => EventRow {
            id: String::new(),
            seq,
            at: house.clock.wall(counted.count.happened),
            what: format!(
                "count {}, {}: found {}, the books said {}",
                counted.id,
                counted.count.method.word(),
                goods.amount(counted.count.found),
                goods.amount(counted.book)
            ),
            who: names(std::slice::from_ref(&counted.count.counter)),
            lines: counted.count.account.to_string(),
            change: String::new(),
            anchor: format!("count-{}", counted.id),
        },
    }
}

/// Stock over time as lines, with the counts marked; the same figures for the table beside.
fn over_time(house: &House, stated: &Stated) -> (Lines, Vec<Point>) {
    let stock = stated.stock();
    let unit = stated.commodity.unit;
    let moments = stated.books.events.iter().map(|(_, event)| match event {
        StockEvent::Posted { entry, .. } => entry.happened,
        StockEvent::Counted { counted, .. } => counted.count.happened,
    });
    let mut lines = Lines {
        says: format!("Stock of {} over time, with the counts", stated.goods.title()),
        axis: "Day".to_owned(),
        places: Vec::new(),
        series: Vec::new(),
    };
    let Some(first) = moments.clone().min() else { return (lines, Vec::new()) };
    let last = house.clock.now().max(moments.max().unwrap_or(first));
    let seconds = (last.as_second() - first.as_second()).max(1);
    let step = (seconds / POINTS_MAX + 1).max(86_400);
    let (mut book, mut counts, mut points) = (Vec::new(), Vec::new(), Vec::new());
    let mut begins = first.as_second();
    while begins <= last.as_second() {
        let ends = (begins + step - 1).min(last.as_second());
        let at = Timestamp::from_second(ends).unwrap_or(last);
        let found = counted_within(stated, &stock, (begins, ends));
        // A count stands beside what the books said in its own moment; what moved later in the span has a place of its own.
        let counted = found.map(|(when, found)| (when, stock.on_hand_at(when), Some(found)));
        let end = (at, stock.on_hand_at(at), None);
        let whole = counted.filter(|(_, booked, _)| *booked == end.1).map(|(.., found)| (at, end.1, found));
        let places = match (whole, counted) {
            (Some(whole), _) => vec![whole],
            (None, Some(counted)) => vec![counted, end],
            (None, None) => vec![end],
        };
        for (at, on_hand, found) in places {
            let day = house.moment_of(at).date().to_string();
            points.push(Point {
                at: day.clone(),
                book: in_words(on_hand, unit),
                count: found.map_or_else(String::new, |found| in_words(found, unit)),
            });
            lines.places.push(day);
            book.push(Some(on_hand));
            counts.push(found);
        }
        begins += step;
    }
    let name = |what: &str| format!("{what}, {unit}s");
    lines.series = vec![
        Series { name: name("by the books"), mark: Mark::Steps, values: book },
        Series { name: name("counted"), mark: Mark::Squares, values: counts },
    ];
    (lines, points)
}

/// When the last count within a span of time was taken, and what it found, with the books' figure for places that were not
/// counted then.
fn counted_within(
    stated: &Stated,
    stock: &theriac_books::Stock,
    (begins, ends): (i64, i64),
) -> Option<(Timestamp, i64)> {
    let counts = stated.books.events.iter().filter_map(|(_, event)| match event {
        StockEvent::Counted { counted, .. } => Some(&counted.count),
        StockEvent::Posted { .. } => None,
    });
    let within: Vec<_> = counts.filter(|count| (begins..=ends).contains(&count.happened.as_second())).collect();
    let at = within.iter().map(|count| count.happened).max()?;
    let then: Vec<_> = within.iter().filter(|count| count.happened == at).collect();
    let others = stock
        .balances()
        .filter(|(account, _)| account.side() == Side::OnHand && !then.iter().any(|count| count.account == **account));
    let rest: i64 = others.map(|(account, _)| stock.balance_at(account, at)).sum();
    Some((at, rest + then.iter().map(|count| count.found).sum::<i64>()))
}

/// `POST /books/stock/{ndc}/act`: an act of two people is entered; a move within the pharmacy and a container's size are done.
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let ndc = ndc(&asked)?;
    let done = posted(&asked, move |house, by, typed| done(house, by, &ndc, typed)).await?;
    match done {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

fn done(house: &House, by: &Actor, ndc: &Ndc, typed: &Typed) -> Result<String, Fault> {
    match typed.get("act") {
        "container" => house.size_container(by, ndc, typed.get("container"))?,
        "move" => house.move_within(by, ndc, typed)?,
        act => {
            let mut with = typed.clone();
            with.0.retain(|(name, _)| name != "ndc");
            with.0.push(("ndc".to_owned(), ndc.to_string()));
            let id = house.propose_act(by, act, &with)?;
            return Ok(format!("/books/second/{id}"));
        }
    }
    Ok(format!("/books/stock/{ndc}"))
}

struct FigureRow {
    name: String,
    amount: String,
    entries: Vec<EntryId>,
    strong: bool,
}

struct CountChoice {
    at: String,
    words: String,
}

#[derive(Template)]
#[template(path = "books_statement.html")]
struct StatementPage {
    shell: Shell,
    ndc: String,
    name: String,
    title: &'static str,
    opening: String,
    from: String,
    to: String,
    query: String,
    figures: Vec<FigureRow>,
    variance: Option<(String, String, bool)>,
    estimated: bool,
    late: Vec<EntryId>,
    chart: String,
    bars: Vec<(String, String, String)>,
    events: Vec<EventRow>,
    counts: Vec<CountChoice>,
    disagreement: Option<String>,
    typed: Typed,
}

fn period(typed: &Typed) -> Period {
    Period { from: typed.maybe("from"), to: typed.maybe("to") }
}

/// `/books/stock/{ndc}/statement?from=...&to=...`
pub(in crate::http) async fn statement(asked: Asked) -> Answer {
    let ndc = ndc(&asked)?;
    let typed = Typed::in_address(&asked);
    let shell = Shell::new(Door::BooksStatement, &asked.visit);
    filled(&asked, None, move |house| {
        let stated = house.product_statement(&ndc, &period(&typed))?;
        let statement = &stated.statement;
        let goods = &stated.goods;
        let waterfall = crate::stockroom::waterfall(&stated);
        let mut figures = vec![figure("Opening", goods.amount(statement.opening.amount), Vec::new(), true)];
        for direction in [Direction::In, Direction::Out] {
            for row in statement.rows.iter().filter(|row| row.category.direction() == direction) {
                let sign = if direction == Direction::In { "+ " } else { "− " };
                let name = format!("{sign}{}", crate::stockroom::row_in_words(row.category.word()));
                figures.push(figure(&name, goods.amount(row.amount), row.entries.clone(), false));
            }
            if direction == Direction::In {
                figures.push(figure("Accountable for", goods.amount(statement.accountable()), Vec::new(), true));
            }
        }
        figures.push(figure("Expected", goods.amount(statement.expected()), Vec::new(), true));
        if let Some(closing) = &statement.closing {
            figures.push(figure("Counted", goods.amount(closing.found), Vec::new(), true));
        }
        let inside = |event: &StockEvent| {
            let at = match event {
                StockEvent::Posted { entry, .. } => entry.happened,
                StockEvent::Counted { counted, .. } => counted.count.happened,
            };
            at >= statement.from && at <= statement.to
        };
        let events = stated.books.events.iter().filter(|(_, event)| inside(event));
        Ok(StatementPage {
            shell,
            ndc: ndc.to_string(),
            name: goods.title(),
            title: crate::stockroom::statement_title(stated.statement.title()),
            opening: crate::stockroom::opening_in_words(&stated),
            from: crate::stockroom::from_in_words(house, statement.from),
            to: house.clock.wall(statement.to),
            query: format!("from={}&to={}", statement.from, statement.to),
            figures,
            variance: statement.variance().map(|variance| {
                let percent = statement.variance_percent().map_or_else(String::new, |percent| format!("{percent} %"));
                (goods.amount(variance), percent, variance != 0)
            }),
            estimated: statement.closing.is_some() && !statement.is_exact(),
            late: statement.late.clone(),
            chart: picture(&waterfall.draw(Length::points(640), Length::points(230))),
            bars: waterfall
                .table()
                .rows
                .into_iter()
                .map(|row| {
                    let mut cells = row.cells.into_iter();
                    let mut next = || cells.next().unwrap_or_default();
                    (next(), next(), next())
                })
                .collect(),
            events: events.map(|(seq, event)| event_row(house, &stated, *seq, event)).collect(),
            counts: stated
                .counts
                .iter()
                .rev()
                .map(|(at, occasion)| CountChoice {
                    at: at.to_string(),
                    words: format!(
                        "{}{}",
                        house.clock.wall(*at),
                        occasion.map_or_else(String::new, |occasion| format!(", {} inventory", occasion.word()))
                    ),
                })
                .collect(),
            disagreement: stated.disagreement.clone(),
            typed,
        })
    })
    .await
}

fn figure(name: &str, amount: String, entries: Vec<EntryId>, strong: bool) -> FigureRow {
    FigureRow { name: name.to_owned(), amount, entries, strong }
}

/// `/books/stock/{ndc}/statement/{format}`
pub(in crate::http) async fn statement_file(asked: Asked) -> Answer {
    let (ndc, format) = (ndc(&asked)?, asked.id("format")?);
    let typed = Typed::in_address(&asked);
    let name = format!("statement-{ndc}");
    in_format(&asked, (&name, &format), move |house, _| {
        house.statement_paper(&house.product_statement(&ndc, &period(&typed))?).map(Some)
    })
    .await
}
