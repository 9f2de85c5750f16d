//! `theriac retention ...`: how long records are kept, and the erasure of those whose term is over.

use crate::cli::Retention;
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use crate::watch::Keeping;
use serde_json::json;
use theriac_prescriber::retention::{RecordKind, Release};

pub(crate) fn run(command: &Retention) -> Result<Outcome, Problem> {
    match command {
        Retention::Schedule { at } => {
            for row in at.open()?.retention_schedule() {
                let (kind, owner) = (row.kind.name(), row.owner.word());
                line(format_args!(
                    "{kind:<26} {owner:<17} {} years from {} ({}, {})",
                    row.years, row.start, row.cite, row.edition
                ))?;
            }
            Ok(Outcome::Done)
        }
        Retention::List { record, kind, at, json } => list(&at.open()?, record.as_deref(), kind.as_deref(), *json),
        Retention::Erase { entry, reason, by, at } => {
            let house = at.open()?;
            let operator = house.person(by).map_err(Problem::from)?.ok_or_else(|| {
                Problem::wrong_use(
                    "PEOPLE-WHO",
                    format!("there is no person {by}"),
                    "name an operator of this deployment",
                )
            })?;
            let erased = house.erase_record(&operator, *entry, reason).map_err(Problem::from)?;
            line(format_args!("{erased} entries were erased; their leaves stay"))?;
            Ok(Outcome::Done)
        }
    }
}

fn list(house: &House, record: Option<&str>, kind: Option<&str>, as_json: bool) -> Result<Outcome, Problem> {
    if let Some(record) = record {
        for one in house.kept_in(record).map_err(Problem::from)?.records {
            print(&one, as_json)?;
        }
        return Ok(Outcome::Done);
    }
    let kind = kind
        .map(|word| {
            RecordKind::parse(word).ok_or_else(|| {
                let kinds = RecordKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
                let what = format!("{word} is no kind of record");
                Problem::wrong_use("RETENTION-KIND", what, format!("give one of: {kinds}"))
            })
        })
        .transpose()?;
    let mut from = Some(0);
    while let Some(start) = from {
        let page = match kind {
            Some(kind) => house.kept_of_kind(kind, start),
            None => house.releasable(start),
        };
        let page = page.map_err(Problem::from)?;
        for one in &page.records {
            print(one, as_json)?;
        }
        from = page.next;
    }
    Ok(Outcome::Done)
}

fn print(one: &Keeping, as_json: bool) -> Result<(), Problem> {
    let (release, why) = match &one.release {
        Release::NotYet(why) => (None, why.clone()),
        Release::After(clock) => {
            let day = one.release.first_day().map(|day| day.to_string());
            (day, format!("{} years from {} ({})", clock.years, clock.start, clock.cite))
        }
    };
    let (entry, kind, stream) = (one.held.seq, one.held.kind.name(), &one.held.stream);
    if as_json {
        return line(json!({
            "because": why, "entry": entry, "held": one.hold, "kind": kind, "record": stream, "release": release,
        }));
    }
    let release = release.unwrap_or_else(|| "not yet".to_owned());
    line(format_args!("{entry:>8}  {release:<10}  {kind:<26} {stream}  {why}"))
}
