//! Finding prescriptions and dispensings, and taking them away (1304.04(h)(5), 1311.165(f), (g) of 2008).

use super::Answer;
use crate::archive::{ArchiveEvent, Ask, Format, Group, Line, PAGE_LINES, Sort, Which};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{file, pdf, with_status};
use crate::http::pages::open_record;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::http::words;
use crate::typed::{Typed, wrong};
use crate::views::RecordView;
use askama::Template;
use serde_json::json as object;
use theriac_model::Actor;
use theriac_paper::{Column, Document, Footer, PageSize, Table};

/// Pages of a listing at most: whoever needs more takes a file.
pub(super) const PAGES_MAX: u32 = 1_000;

#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    shell: Shell,
    typed: Typed,
    fault: Option<Failure>,
    found: Option<FoundView>,
    may_take: bool,
    may_note: bool,
}

/// What was found.
struct FoundView {
    total: u64,
    from: u64,
    until: u64,
    lines: Vec<Line>,
    asked: String,
    /// The question as the address has it, without the page.
    query: String,
    older: Option<u32>,
    newer: Option<u32>,
}

impl ArchivePage {
    fn sorts() -> &'static [Sort] {
        Sort::ALL
    }

    fn groups() -> &'static [Group] {
        Group::ALL
    }

    fn whiches() -> &'static [Which] {
        Which::ALL
    }

    fn formats() -> [&'static str; 4] {
        Format::ALL.map(Format::word)
    }
}

/// A word of a list; the ordinary one where nothing was chosen.
fn chosen<T: Default>(typed: &Typed, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    if typed.get(name).is_empty() { Ok(T::default()) } else { typed.word(name, parse) }
}

/// What the fields ask for.
pub(super) fn ask_of(typed: &Typed) -> Result<Ask, Fault> {
    let ask = Ask {
        prescriber: typed.maybe("prescriber"),
        patient: typed.maybe("patient"),
        drug: typed.maybe("drug"),
        number: typed.maybe("number"),
        from: typed.maybe_day("from")?,
        until: typed.maybe_day("until")?,
        group: chosen(typed, "schedules", Group::parse)?,
        which: chosen(typed, "which", Which::parse)?,
        sort: chosen(typed, "sort", Sort::parse)?,
    };
    Ok(ask.checked()?)
}

/// Digits of a page's number at most.
const PAGE_DIGITS_MAX: usize = 8;

/// Which page is asked for, counted from 0; none stated is the first.
pub(super) fn page_of(typed: &Typed) -> Result<u32, Fault> {
    match typed.get("page") {
        "" => Ok(0),
        text if text.len() > PAGE_DIGITS_MAX => typed.word("page", |_| None),
        _ => typed.word("page", |text| text.parse().ok().filter(|page| *page < PAGES_MAX)),
    }
}

/// The question as an address writes it, without the page.
fn query_of(typed: &Typed) -> String {
    const NAMES: [&str; 9] = ["prescriber", "patient", "drug", "number", "from", "until", "schedules", "which", "sort"];
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    for name in NAMES {
        if !typed.get(name).is_empty() {
            written.append_pair(name, typed.get(name));
        }
    }
    written.finish()
}

fn look(house: &House, by: &Actor, typed: &Typed) -> Result<FoundView, Fault> {
    let (ask, number) = (ask_of(typed)?, page_of(typed)?);
    let skip = number * PAGE_LINES;
    let found = house.find_lines(&ask, skip)?;
    house.note_retrieval(by, &ArchiveEvent::Searched { ask: ask.body(), lines: found.total })?;
    let shown = found.lines.len() as u64;
    let more = u64::from(skip) + shown < found.total && number + 1 < PAGES_MAX;
    Ok(FoundView {
        total: found.total,
        from: if shown == 0 { 0 } else { u64::from(skip) + 1 },
        until: u64::from(skip) + shown,
        lines: found.lines,
        asked: ask.in_words(),
        query: query_of(typed),
        older: more.then_some(number + 1),
        newer: number.checked_sub(1),
    })
}

/// `/archive`: the form, and what was found once something was asked.
pub(in crate::http) async fn find(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let shell = Shell::new(Door::Archive, &asked.visit);
    let may_take = Door::ArchiveFile.admits(by.role);
    let may_note = Door::PatternNew.admits(by.role);
    let mut shown = ArchivePage { shell, typed: typed.clone(), fault: None, found: None, may_take, may_note };
    if asked.head.uri.query().is_some_and(|query| !query.is_empty()) {
        match asked.app.ask(move |world| act(world, |house| look(house, &by, &typed))).await? {
            Ok(found) => shown.found = Some(found),
            Err(fault) => shown.fault = Some(fault),
        }
    }
    let status = shown.fault.as_ref().map(|fault| fault.status);
    with_status(page(&shown), status)
}

/// `/api/v1/archive`: the same question as JSON.
pub(in crate::http) async fn find_json(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let found = asked.app.ask(move |world| act(world, |house| look(house, &by, &typed))).await??;
    let line = |line: &Line| {
        object!({
            "entry": line.seq, "number": line.number, "schedule": line.schedule, "prescriber": line.practitioner,
            "registration": line.registration, "patient": line.patient, "drug": line.drug, "issued": line.issued,
            "received": line.received, "came": line.came, "prescribed": line.written, "unit": line.written_unit,
            "directions": line.directions, "refills": line.refills, "filled": line.filled, "filling": line.filling,
            "dispensed": line.quantity, "ndc": line.ndc, "pharmacist": line.pharmacist, "state": line.state,
        })
    };
    let lines: Vec<_> = found.lines.iter().map(line).collect();
    json(&object!({ "total": found.total, "lines": lines }))
}

/// `/archive/file/{format}`: the same question as a file.
pub(in crate::http) async fn take_away(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let format = Format::parse(&asked.id("format")?).ok_or_else(Failure::no_such_page)?;
    let typed = Typed::in_address(&asked);
    let made = asked.app.ask(move |world| act(world, |house| house.export_lines(&by, &ask_of(&typed)?, format)));
    let made = made.await??;
    file(&made.name, format.media(), made.bytes)
}

/// `/archive/package`: the same question with proofs, for an authority.
pub(in crate::http) async fn package(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let made = asked.app.ask(move |world| {
        act(world, |house| {
            let to = typed.get("to");
            if to.is_empty() {
                return Err(wrong("to", "it is not said who asks".to_owned(), "name the authority and the person"));
            }
            house.pack(&by, &ask_of(&typed)?, to)
        })
    });
    let made = made.await??;
    file(&made.name, "application/zip", made.bytes)
}

/// `/archive/records/{number}/record.pdf`: one whole record, printed at once.
pub(in crate::http) async fn print_record(asked: Asked) -> Answer {
    let record = open_record(&asked).await?;
    let number = record.row.number.clone();
    let paper = asked.app.ask(move |world| Ok(record_paper(world.house()?, &record))).await?;
    pdf(&format!("record-{number}.pdf"), &paper)
}

/// A whole record on paper, every field with its name.
pub(crate) fn record_paper(house: &House, record: &RecordView) -> Document {
    let issue = house.issue(house.clock.now(), None);
    let row = &record.row;
    // The day stands first in every time.
    let days = record.dispensings.iter().filter_map(|one| one.at.get(..10)?.parse().ok());
    let registered = house.registered_on(days);
    let mut paper = Document::new(
        PageSize::LETTER,
        format!("Prescription record {}", row.number),
        house.config.pharmacy.name.clone(),
        issue.dated,
    )
    .standing(issue.standing)
    .footer(Footer { registration: Some(registered.clone()), period: None, digest: None });
    paper.fields([
        ("Pharmacy", format!("{}, {registered}", house.config.pharmacy.name)),
        ("Prescription number", row.number.clone()),
        ("Received", row.received.clone()),
        ("Status", row.status.clone()),
        ("May still be dispensed", row.remaining.clone()),
        ("Signature", record.signature.clone()),
        ("Archived message, SHA-256", record.archived.clone()),
        ("Printed", house.clock.wall(issue.dated)),
    ]);
    for refusal in &record.refusals {
        paper.notice(
            format!("Rejected: {}", refusal.what),
            format!("{}. {} ({})", refusal.next, refusal.code, refusal.cite),
        );
    }
    for group in words::groups(&record.elements) {
        paper.heading(group.name);
        paper.fields(
            group.elements.into_iter().map(|one| (one.label, one.value.unwrap_or_else(|| "missing".to_owned()))),
        );
    }
    paper.heading("Dispensings");
    if record.dispensings.is_empty() {
        paper.paragraph("Nothing has been dispensed.");
    } else {
        let mut table = Table::new(vec![
            Column::new("When", 4),
            Column::new("Kind", 4),
            Column::new("Quantity", 4),
            Column::new("Dispensed by", 5),
            Column::numbers("Journal entry", 3),
        ]);
        for one in &record.dispensings {
            let texts = [&one.at, &one.kind, &one.quantity, &one.pharmacist].map(Clone::clone);
            table.row(texts.into_iter().chain([one.entry.to_string()]));
        }
        paper.table(table);
    }
    for (heading, steps) in [
        ("Annotations", &record.annotations),
        ("Who opened this record", &record.opened),
        ("Everything that happened", &record.steps),
    ] {
        paper.heading(heading);
        if steps.is_empty() {
            paper.paragraph("None.");
            continue;
        }
        let mut table = Table::new(vec![
            Column::new("When", 4),
            Column::new("Who", 6),
            Column::new("What", 8),
            Column::numbers("Entry", 2),
        ]);
        for step in steps {
            table.row([step.at.clone(), step.who.clone(), step.what.clone(), step.entry.to_string()]);
        }
        paper.table(table);
    }
    paper
}
