//! `theriac books ...`: what is due, the statement of a product, the inspection pack.

use crate::cli::Books;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use crate::outputs::{self, About};
use crate::stockroom::{Period, Stated};
use serde_json::json;
use std::path::Path;
use theriac_model::Ndc;

pub(crate) fn run(command: &Books) -> Result<Outcome, Problem> {
    match command {
        Books::Due { at, json } => due(&at.open()?, *json),
        Books::Statement { ndc, from, to, pdf, csv, json, at } => {
            let period = Period { from: from.clone(), to: to.clone() };
            statement(&at.open()?, ndc, &period, (pdf.as_deref(), csv.as_deref()), *json)
        }
        Books::OnlineReport { month, pdf, csv, at } => {
            online_report(&at.open()?, month, (pdf.as_deref(), csv.as_deref()))
        }
        Books::Pack { to, from, until, at } => pack(&at.open()?, to, *from, *until),
        Books::Paper { number: None, .. } => list(),
        Books::Paper { number: Some(number), of, from, until, to, by, at } => {
            paper(&at.open()?, number, of, (*from, *until), to.as_deref(), by.as_deref())
        }
        Books::TakeOver { file, key, by, at } => take_over(&at.open()?, file, key.as_deref(), by, &at.directory()),
    }
}

fn list() -> Result<Outcome, Problem> {
    for output in outputs::all() {
        let about = match output.about {
            About::One(what) | About::OneOver(what) => format!(" (--of: {what})"),
            About::Nothing | About::Period => String::new(),
        };
        line(format_args!("{:<18} {}{about}", output.id, output.title))?;
    }
    Ok(Outcome::Done)
}

fn person(house: &House, id: &str) -> Result<theriac_model::Actor, Problem> {
    house.known_person(id).ok_or_else(|| {
        Problem::wrong_use("BOOKS-BY", format!("nobody here is called {id}"), "see `theriac people list`")
    })
}

fn paper(
    house: &House,
    number: &str,
    of: &str,
    (from, to): (Option<jiff::civil::Date>, Option<jiff::civil::Date>),
    path: Option<&Path>,
    by: Option<&str>,
) -> Result<Outcome, Problem> {
    let by = by.map_or_else(|| Ok(crate::house::program()), |id| person(house, id))?;
    let wanted = outputs::Wanted { of, from, to, by: &by };
    let output = outputs::named(number).map_err(Problem::from)?;
    let Some(path) = path else {
        output.desk.admits(&by).map_err(Problem::from)?;
        for (id, words) in (output.subjects)(house).map_err(Problem::from)? {
            line(format_args!("{id:<30} {words}"))?;
        }
        return Err(Problem::wrong_use(
            "BOOKS-PAPER-FILE",
            "no file was named",
            "give --to with a file that ends in .pdf, .csv, .xlsx or .json",
        ));
    };
    let issued = house.output(output, &wanted).map_err(Problem::from)?;
    let refused = |refusal: Box<theriac_model::Refusal>| Problem::from(*refusal);
    let bytes = match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("pdf") => issued.paper.print().map_err(refused)?.pdf,
        Some("csv") => issued.sheet.to_csv(),
        Some("xlsx") => issued.sheet.to_xlsx().map_err(refused)?,
        Some("json") => issued.json,
        _ => {
            let next = "end the file's name in .pdf, .csv, .xlsx or .json";
            return Err(Problem::wrong_use("BOOKS-PAPER-FORMAT", "the format is not known", next));
        }
    };
    std::fs::write(path, &bytes).map_err(|error| Problem::unwritable(path, &error))?;
    line(format_args!("{}: {}, {}", path.display(), output.id, output.title))?;
    Ok(Outcome::Done)
}

fn take_over(house: &House, file: &Path, key: Option<&str>, by: &str, dir: &Path) -> Result<Outcome, Problem> {
    let key = key.map(|key| super::journal::verifier(Some(key), dir)).transpose()?;
    let text = std::fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
    let by = person(house, by)?;
    let (records, new) = house.take_records_over(&by, &text, key.as_ref()).map_err(Problem::from)?;
    line(records.says())?;
    line(format_args!("{new} of them are new here; each keeps the mark of {}", records.registrant))?;
    Ok(Outcome::Done)
}

fn due(house: &House, as_json: bool) -> Result<Outcome, Problem> {
    let mut overdue = false;
    for one in house.due_in_stockroom().map_err(Problem::from)? {
        overdue |= one.state == "overdue";
        if as_json {
            line(json!({"by": one.by, "href": one.href, "state": one.state, "what": one.what}))?;
        } else {
            let by = if one.by.is_empty() { String::new() } else { format!(", {}", one.by) };
            line(format_args!("{:>8}  {}{by}", one.state, one.what))?;
        }
    }
    Ok(if overdue { Outcome::FoundWrong } else { Outcome::Done })
}

fn statement(
    house: &House,
    ndc: &str,
    period: &Period,
    (pdf, csv): (Option<&Path>, Option<&Path>),
    as_json: bool,
) -> Result<Outcome, Problem> {
    let ndc = Ndc::parse(ndc)
        .map_err(|error| Problem::wrong_use("BOOKS-NDC", error.to_string(), "give the NDC with eleven digits"))?;
    let stated = house.product_statement(&ndc, period).map_err(Problem::from)?;
    let cover = house.statement_paper(&stated).map_err(Problem::from)?;
    if let Some(path) = pdf {
        let printed = cover.paper.print().map_err(|refusal| Problem::from(*refusal))?;
        std::fs::write(path, printed.pdf).map_err(|error| Problem::unwritable(path, &error))?;
    }
    if let (Some(path), Some(sheet)) = (csv, &cover.sheet) {
        std::fs::write(path, sheet.to_csv()).map_err(|error| Problem::unwritable(path, &error))?;
    }
    if as_json {
        line(stated.statement.to_json())?;
    } else {
        tell(house, &stated)?;
    }
    let wrong = stated.disagreement.is_some() || stated.statement.variance().is_some_and(|variance| variance != 0);
    Ok(if wrong { Outcome::FoundWrong } else { Outcome::Done })
}

fn online_report(house: &House, month: &str, (pdf, csv): (Option<&Path>, Option<&Path>)) -> Result<Outcome, Problem> {
    let first = crate::till::read_month(month).ok_or_else(|| {
        let next = "give year and month, such as 2026-03";
        Problem::wrong_use("BOOKS-MONTH", format!("{month:?} is no month"), next)
    })?;
    let reverted = house.online().map_err(Problem::from)?.reverted;
    let report = house.monthly_report(first, reverted).map_err(Problem::from)?;
    let cover = house.monthly_paper(&report).map_err(Problem::from)?;
    if let Some(path) = pdf {
        let printed = cover.paper.print().map_err(|refusal| Problem::from(*refusal))?;
        std::fs::write(path, printed.pdf).map_err(|error| Problem::unwritable(path, &error))?;
    }
    if let (Some(path), Some(sheet)) = (csv, &cover.sheet) {
        std::fs::write(path, sheet.to_csv()).map_err(|error| Problem::unwritable(path, &error))?;
    }
    let due = report.due.map_or_else(String::new, |day| format!(", due by {day}"));
    line(format_args!("{month}: {} report{due}", report.kind.word()))?;
    for one in &report.lines {
        line(format_args!("{}  {:>12} dosage units", one.ndc, one.units))?;
    }
    Ok(Outcome::Done)
}

fn tell(house: &House, stated: &Stated) -> Result<(), Problem> {
    let (statement, goods) = (&stated.statement, &stated.goods);
    line(format_args!("{}: {}", crate::stockroom::statement_title(stated.statement.title()), goods.title()))?;
    let (from, to) = (crate::stockroom::from_in_words(house, statement.from), house.clock.wall(statement.to));
    line(format_args!("after {from} up to {to}; opening rests on {}", crate::stockroom::opening_in_words(stated)))?;
    let row = |name: &str, units: i64| line(format_args!("{name:<24}{:>16}", goods.amount(units)));
    row("opening", statement.opening.amount)?;
    for one in &statement.rows {
        let sign = if one.category.direction() == theriac_books::accountability::Direction::In { "+" } else { "-" };
        row(&format!("{sign} {}", crate::stockroom::row_in_words(one.category.word())), one.amount)?;
    }
    row("accountable for", statement.accountable())?;
    row("expected", statement.expected())?;
    if let Some(closing) = &statement.closing {
        row("counted", closing.found)?;
        row("variance", statement.variance().unwrap_or_default())?;
    }
    match &stated.disagreement {
        None => line("computed twice from the entries: both agree"),
        Some(disagreement) => line(format_args!("COMPUTED TWICE, AND IT DIFFERS: {disagreement}")),
    }
}

fn pack(
    house: &House,
    to: &Path,
    from: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
) -> Result<Outcome, Problem> {
    let pack = house.inspection_pack(&crate::house::program(), from, until).map_err(Problem::from)?;
    std::fs::write(to, &pack.bytes).map_err(|error| Problem::unwritable(to, &error))?;
    line(format_args!(
        "{}: {} products, {} to {}, {} bytes, sha256 {}",
        to.display(),
        pack.products,
        pack.period.0,
        pack.period.1,
        pack.bytes.len(),
        pack.digest
    ))?;
    line("check it anywhere with theriac verify; it needs no store")?;
    Ok(Outcome::Done)
}
