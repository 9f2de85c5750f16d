//! A practitioner's logs: the list, one month with its proof and review, files, and a log on request.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, file, pdf, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use crate::watch::papers::mark_in_words;
use askama::Template;
use theriac_model::{DeaNumber, Element, Schedule};
use theriac_paper::papers::MonthlyLog as LogPaper;
use theriac_prescriber::log::{Ask, Group, Line, Month, SortKey, Standing, groups, sorted};

/// One month in the list.
struct MonthRow {
    month: String,
    lines: usize,
    made: String,
    timeliness: &'static str,
    standing: &'static str,
}

#[derive(Template)]
#[template(path = "watch_logs.html")]
struct LogsPage {
    shell: Shell,
    months: Vec<MonthRow>,
    typed: Typed,
    listing: Option<ListingView>,
    fault: Option<Failure>,
}

/// A log on request as shown.
struct ListingView {
    from: String,
    until: String,
    lines: Vec<LineView>,
    query: String,
}

/// One prescription of a log.
struct LineView {
    signed: String,
    patient: String,
    drug: String,
    schedule: String,
    quantity: String,
    directions: String,
    refills: String,
    prepared_by: String,
    fate: String,
    prescription: String,
    marks: Vec<String>,
}

fn line_view(house: &House, line: &Line, marks: Vec<String>) -> LineView {
    let text = |element| line.element(element).to_owned();
    LineView {
        signed: house.clock.wall(line.signed_at),
        patient: line.patient_name(),
        drug: line.drug(),
        schedule: text(Element::DrugSchedule),
        quantity: format!("{} {}", text(Element::QuantityValue), text(Element::QuantityUnit)),
        directions: text(Element::Directions),
        refills: text(Element::Refills),
        prepared_by: line.prepared_by.as_ref().map_or_else(String::new, |by| house.full_name(&by.id)),
        fate: line.fate.word().replace('-', " "),
        prescription: line.prescription.clone(),
        marks,
    }
}

fn standing_word(standing: Option<Standing>) -> &'static str {
    match standing {
        Some(Standing::Reviewed) => "reviewed",
        Some(Standing::Overdue) => "overdue",
        Some(Standing::Waiting) | None => "to be reviewed",
    }
}

fn months(house: &House, who: &str) -> Result<Vec<MonthRow>, Fault> {
    let (shelf, _) = house.shelf(who)?;
    let row = |month: Month| {
        let kept = shelf.get(month)?;
        Some(MonthRow {
            month: month.to_string(),
            lines: kept.log.lines.len(),
            made: house.moment_in_words(kept.log.made),
            timeliness: kept.timeliness.word(),
            standing: standing_word(shelf.standing(month)),
        })
    };
    Ok(shelf.months().into_iter().rev().filter_map(row).collect())
}

/// `/practice/logs`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let who = asked.visitor()?.actor.id.clone();
    let months = asked.app.ask(move |world| act(world, |house| months(house, &who))).await??;
    let shell = Shell::new(Door::Logs, &asked.visit);
    page(&LogsPage { shell, months, typed: Typed::default(), listing: None, fault: None })
}

/// What a practitioner asks for.
fn ask_of(typed: &Typed) -> Result<Ask, Fault> {
    let registration = typed.maybe("registration");
    let schedule = typed.maybe("schedule");
    Ok(Ask {
        from: typed.maybe_day("from")?,
        until: typed.maybe_day("until")?,
        patient: typed.maybe("patient"),
        drug: typed.maybe("drug"),
        registration: match registration {
            None => None,
            Some(_) => Some(typed.word("registration", |text| DeaNumber::parse(text).ok())?),
        },
        schedule: match schedule {
            None => None,
            Some(_) => Some(typed.word("schedule", Schedule::parse)?),
        },
        sort: if typed.get("sort").is_empty() { SortKey::Date } else { typed.word("sort", SortKey::parse)? },
    })
}

/// `/practice/log-request`: five years back or between two days; as a page, or as a file where `format` says so.
pub(in crate::http) async fn request(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let (wanted, query) = (typed.clone(), asked.head.uri.query().unwrap_or_default().to_owned());
    let format = typed.get("format").to_owned();
    let done = asked.app.ask(move |world| {
        let given = act(world, |house| {
            let listing = house.log_on_request(&by, &ask_of(&wanted)?)?;
            let paper = house.listing_paper(&by.id, &listing);
            let issue = house.issue(house.clock.now(), None);
            let lines = listing.lines.iter().map(|line| line_view(house, line, Vec::new())).collect();
            let (from, until) = (listing.from.to_string(), listing.until.to_string());
            Ok((ListingView { from, until, lines, query }, paper, issue))
        })?;
        let months = act(world, |house| months(house, &by.id))?;
        Ok((given, months))
    });
    let (given, months) = done.await?;
    let shell = Shell::new(Door::LogRequest, &asked.visit);
    match given {
        Ok((listing, paper, issue)) => match format.as_str() {
            "" | "page" => page(&LogsPage { shell, months: months?, typed, listing: Some(listing), fault: None }),
            _ => as_file("log-on-request", &format, &paper, &issue),
        },
        Err(fault) => {
            let status = Some(fault.status);
            with_status(page(&LogsPage { shell, months: months?, typed, listing: None, fault: Some(fault) }), status)
        }
    }
}

/// A log in one of the formats that people can open without us.
fn as_file(name: &str, format: &str, paper: &LogPaper, issue: &theriac_paper::papers::Issue) -> Answer {
    let refused = |refusal: Box<theriac_model::Refusal>| Failure::refused(&refusal);
    match format {
        "csv" => file(&format!("{name}.csv"), "text/csv; charset=utf-8", paper.sheet().map_err(refused)?.to_csv()),
        "xlsx" => {
            const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            let sheet = paper.sheet().map_err(refused)?;
            file(&format!("{name}.xlsx"), MEDIA, sheet.to_xlsx().map_err(refused)?)
        }
        "pdf" => pdf(&format!("{name}.pdf"), &paper.paper(issue)),
        _ => Err(Failure::no_such_page()),
    }
}

#[derive(Template)]
#[template(path = "watch_log.html")]
struct LogPage {
    shell: Shell,
    month: String,
    zone: String,
    made: String,
    timeliness: &'static str,
    standing: &'static str,
    review: Option<String>,
    signings: u64,
    size: u64,
    root: String,
    holds: bool,
    differences: Vec<String>,
    now: String,
    lines: Vec<LineView>,
    patients: Vec<Group>,
    drugs: Vec<Group>,
}

fn month_of(asked: &Asked) -> Result<Month, Failure> {
    Month::parse(&asked.id("month")?)
        .ok_or_else(|| Failure::no_such("log", "choose a month from the list of your logs"))
}

/// `/practice/logs/{month}`: opens the log, which is recorded, compares it with the journal, and lets it be reviewed.
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let month = month_of(&asked)?;
    let sort = SortKey::parse(Typed::in_address(&asked).get("sort")).unwrap_or(SortKey::Date);
    let shell = Shell::new(Door::Log, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let shelf = house.open_log(&by, month)?;
            let Some(kept) = shelf.get(month) else { return Ok(None) };
            let proof = house.prove_log(&kept.log)?;
            let marks = shelf.marks(month);
            let marks_of = |line: &Line| {
                let place = kept.log.lines.iter().position(|one| one.seq == line.seq);
                let found = place.and_then(|place| marks.get(place));
                found.map(|marks| marks.iter().map(mark_in_words).collect()).unwrap_or_default()
            };
            let mut differences: Vec<String> =
                proof.differences.iter().map(crate::watch::difference_in_words).collect();
            differences.extend(proof.begins.as_ref().err().cloned());
            let lines = sorted(kept.log.lines.clone(), sort);
            Ok(Some(LogPage {
                shell,
                month: month.to_string(),
                zone: kept.log.period.zone.clone(),
                made: house.moment_in_words(kept.log.made),
                timeliness: kept.timeliness.word(),
                standing: standing_word(shelf.standing(month)),
                review: kept.review.as_ref().map(|review| {
                    format!("{} on {}", house.full_name(&review.by.id), house.moment_in_words(review.at))
                }),
                signings: kept.log.extent.signings,
                size: kept.log.extent.size,
                root: kept.log.extent.root.clone(),
                holds: proof.holds(),
                differences,
                now: format!("{} entries, root {}", proof.size, proof.root),
                patients: groups(&lines, SortKey::Patient),
                drugs: groups(&lines, SortKey::Drug),
                lines: lines.iter().map(|line| line_view(house, line, marks_of(line))).collect(),
            }))
        })
    });
    let found = found.await??;
    page(&found.ok_or_else(|| Failure::no_such("log", "choose a month from the list of your logs"))?)
}

/// `POST /practice/logs/{month}/review`
pub(in crate::http) async fn review(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let month = month_of(&asked)?;
    asked.app.ask(move |world| act(world, |house| house.review_log(&by, month))).await??;
    see(&format!("/practice/logs/{month}"))
}

/// `/practice/logs/{month}/file/{format}`
pub(in crate::http) async fn export(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let (month, format) = (month_of(&asked)?, asked.id("format")?);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let shelf = house.open_log(&by, month)?;
            let Some(kept) = shelf.get(month) else { return Ok(None) };
            let proof = house.prove_log(&kept.log)?;
            let paper = house.log_paper(kept, &shelf.marks(month), &proof);
            let registration = paper.registrations.first().cloned();
            Ok(Some((paper, house.issue(kept.log.made.timestamp, registration))))
        })
    });
    let (paper, issue) =
        found.await??.ok_or_else(|| Failure::no_such("log", "choose a month from the list of your logs"))?;
    as_file(&format!("log-{month}"), &format, &paper, &issue)
}
