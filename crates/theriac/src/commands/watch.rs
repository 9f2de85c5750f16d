//! `theriac watch ...`: the daily round, and the notices that people have to give.

use crate::cli::Watch;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use std::path::Path;
use theriac_prescriber::notice::Progress;

pub(crate) fn run(command: &Watch) -> Result<Outcome, Problem> {
    match command {
        Watch::Run { at } => round(&at.open()?),
        Watch::Notices { at, json } => notices(&at.open()?, *json),
        Watch::Letter { number, to, at } => letter(&at.open()?, *number, to),
    }
}

fn round(house: &House) -> Result<Outcome, Problem> {
    let done = house.round(None).map_err(Problem::from)?;
    line(format_args!("logs made: {}", done.logs.len()))?;
    let mut found = false;
    for (application, audited) in &done.audits {
        let run = &audited.run;
        line(format_args!(
            "{application}: entries {} to {} audited, {} findings, recorded as entry {}",
            run.from,
            run.until,
            run.findings.len(),
            audited.seq
        ))?;
        for one in run.findings.iter().filter(|one| one.signal.heading().is_some()) {
            found = true;
            line(format_args!("  {}: {}: {}", one.signal, one.subject, one.detail))?;
        }
    }
    Ok(if found { Outcome::FoundWrong } else { Outcome::Done })
}

fn notices(house: &House, as_json: bool) -> Result<Outcome, Problem> {
    let book = house.notices().map_err(Problem::from)?;
    let now = house.clock.moment();
    for item in book.notices.to_do() {
        let number = book.number(&item.notice.id);
        let due = house.due_in_words(item.notice.deadline.as_ref());
        let overdue = item.progress(now) == Progress::Overdue;
        let (subject, to) = (item.notice.subject.heading(), item.notice.to.name());
        if as_json {
            line(json!({"due": due, "notice": number, "overdue": overdue, "subject": subject, "to": to}))?;
        } else {
            let mark = if overdue { "OVERDUE " } else { "" };
            line(format_args!("{number:>6}  {mark}by {due}: {subject}, to {to}"))?;
        }
    }
    Ok(Outcome::Done)
}

fn letter(house: &House, number: u64, to: &Path) -> Result<Outcome, Problem> {
    let book = house.notices().map_err(Problem::from)?;
    let item = book.item(number).map_err(Problem::from)?;
    let paper = house.notice_paper(number, item).paper(&house.issue(item.notice.raised.timestamp, None));
    let printed = paper.print().map_err(|refusal| Problem::from(*refusal))?;
    std::fs::write(to, printed.pdf).map_err(|error| Problem::unwritable(to, &error))?;
    line(format_args!("{} written; give it, then record that at /watch/notices/{number}", to.display()))?;
    Ok(Outcome::Done)
}
