//! `theriac books ...`: what is due, the statement of a product, the inspection pack.

use crate::cli::Books;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use crate::outputs::{self, About};
use crate::stockroom::{Cover, Period, Stated};
use serde_json::json;
use std::path::Path;
use theriac_model::{Actor, Ndc};

pub(crate) fn run(command: &Books) -> Result<Outcome, Problem> {
    match command {
        Books::Due { at, json } => due(&at.open()?, *json),
        Books::Statement { ndc, from, to, pdf, csv, by, json, at } => {
            let (house, period) = (at.open()?, Period { from: from.clone(), to: to.clone() });
            let by = printer(&house, by.as_deref())?;
            statement(&house, ndc, &period, Files { pdf: pdf.as_deref(), csv: csv.as_deref(), by: &by }, *json)
        }
        Books::OnlineReport { month, pdf, csv, by, at } => {
            let house = at.open()?;
            let by = printer(&house, by.as_deref())?;
            online_report(&house, month, Files { pdf: pdf.as_deref(), csv: csv.as_deref(), by: &by })
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

fn person(house: &House, id: &str) -> Result<Actor, Problem> {
    house.known_person(id).ok_or_else(|| {
        Problem::wrong_use("BOOKS-BY", format!("nobody here is called {id}"), "see `theriac people list`")
    })
}

/// Who prints: the person named, else the program.
fn printer(house: &House, by: Option<&str>) -> Result<Actor, Problem> {
    by.map_or_else(|| Ok(crate::house::program()), |id| person(house, id))
}

/// The files that a paper is written to, and who has it printed.
#[derive(Clone, Copy)]
struct Files<'a> {
    pdf: Option<&'a Path>,
    csv: Option<&'a Path>,
    by: &'a Actor,
}

impl Files<'_> {
    /// Writes the paper as it leaves the house: with registration, period, digest, and who printed it when.
    fn write(&self, house: &House, cover: Cover) -> Result<(), Problem> {
        let issued = house.issued(cover, self.by).map_err(Problem::from)?;
        if let Some(path) = self.pdf {
            let printed = issued.paper.print().map_err(|refusal| Problem::from(*refusal))?;
            std::fs::write(path, printed.pdf).map_err(|error| Problem::unwritable(path, &error))?;
        }
        if let Some(path) = self.csv {
            std::fs::write(path, issued.sheet.to_csv()).map_err(|error| Problem::unwritable(path, &error))?;
        }
        Ok(())
    }
}

fn paper(
    house: &House,
    number: &str,
    of: &str,
    (from, to): (Option<jiff::civil::Date>, Option<jiff::civil::Date>),
    path: Option<&Path>,
    by: Option<&str>,
) -> Result<Outcome, Problem> {
    let by = printer(house, by)?;
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

fn statement(house: &House, ndc: &str, period: &Period, files: Files<'_>, as_json: bool) -> Result<Outcome, Problem> {
    let ndc = Ndc::parse(ndc)
        .map_err(|error| Problem::wrong_use("BOOKS-NDC", error.to_string(), "give the NDC with eleven digits"))?;
    let stated = house.product_statement(&ndc, period).map_err(Problem::from)?;
    let cover = house.statement_paper(&stated).map_err(Problem::from)?;
    files.write(house, cover)?;
    if as_json {
        line(stated.statement.to_json())?;
    } else {
        tell(house, &stated)?;
    }
    let wrong = stated.disagreement.is_some() || stated.statement.variance().is_some_and(|variance| variance != 0);
    Ok(if wrong { Outcome::FoundWrong } else { Outcome::Done })
}

fn online_report(house: &House, month: &str, files: Files<'_>) -> Result<Outcome, Problem> {
    let first = crate::till::read_month(month).ok_or_else(|| {
        let next = "give year and month, such as 2026-03";
        Problem::wrong_use("BOOKS-MONTH", format!("{month:?} is no month"), next)
    })?;
    let reverted = house.online().map_err(Problem::from)?.reverted;
    let report = house.monthly_report(first, reverted).map_err(Problem::from)?;
    let cover = house.monthly_paper(&report).map_err(Problem::from)?;
    files.write(house, cover)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::deployment::demonstration;
    use crate::demo::world;
    use crate::house::clock::Clock;

    /// The words of a PDF without its spaces: its reader breaks lines where the paper does.
    fn words_of(path: &Path) -> String {
        let read = lopdf::Document::load(path).expect("a PDF");
        let pages: Vec<u32> = read.get_pages().into_keys().collect();
        read.extract_text(&pages).expect("text").chars().filter(|c| !c.is_whitespace()).collect()
    }

    #[test]
    fn a_statement_and_a_report_of_the_month_name_who_printed_them_and_without_a_person_the_program() {
        let dir = tempfile::tempdir().expect("a directory");
        let config = demonstration();
        let clock =
            Clock::told(crate::house::zone(&config).expect("zone"), "2026-03-02T16:00:00Z".parse().expect("now"));
        let house = House::found(&dir.path().join("house"), config, clock).expect("a deployment");
        world::populate(&house).expect("a world");
        let (pdf, csv) = (dir.path().join("paper.pdf"), dir.path().join("paper.csv"));
        let printed = |by: Option<&str>, of: &str| {
            let by = printer(&house, by).expect("known");
            let files = Files { pdf: Some(&pdf), csv: Some(&csv), by: &by };
            let (from, to) = (None, None);
            match of {
                "statement" => statement(&house, "99999010101", &Period { from, to }, files, false),
                _ => online_report(&house, "2026-02", files),
            }
            .expect("printed");
            let whole = words_of(&pdf);
            assert!(whole.contains(&format!("DEAregistration{}", house.pharmacy)), "{of}: {whole}");
            assert!(!std::fs::read(&csv).expect("a sheet").is_empty());
            whole
        };
        for of in ["statement", "report"] {
            let name: String = house.full_name("fern").chars().filter(|c| !c.is_whitespace()).collect();
            assert!(printed(Some("fern"), of).contains(&format!("by{name};Theriac")), "{of}");
            assert!(!printed(None, of).contains(&name), "{of}");
        }
        assert_eq!(printer(&house, Some("nobody")).expect_err("unknown").code, "BOOKS-BY");
    }
}
