//! `theriac backup ...` and `theriac backup-verify`: copies at the second storage site.

use crate::backup::{Standing, drill, key_password, open_key};
use crate::cli::{Backup, BackupStep, BackupVerify};
use crate::house::{House, store_problem};
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use theriac_pki::backup::BackupKey;

pub(crate) fn run(command: &Backup) -> Result<Outcome, Problem> {
    match &command.step {
        None => {
            let copied = command.at.open()?.back_up().map_err(Problem::from)?;
            line(format_args!(
                "{} entries were copied in {} segments of {} bytes; each was read back",
                copied.entries, copied.segments, copied.bytes
            ))?;
            Ok(Outcome::Done)
        }
        Some(BackupStep::Key { file }) => make_key(file),
        Some(BackupStep::Status { at, json }) => status(&at.open()?, *json),
        Some(BackupStep::List { at }) => {
            let house = at.open()?;
            let sql = "SELECT name, bytes, at_ms FROM backup_copies ORDER BY first_seq, end_seq";
            for row in house.store.query(sql, &[]).map_err(store_problem)? {
                let (name, bytes) = (row.text(0).map_err(store_problem)?, row.int(1).map_err(store_problem)?);
                line(format_args!("{bytes:>12}  {name}"))?;
            }
            Ok(Outcome::Done)
        }
        Some(BackupStep::Tidy { at }) => {
            let tidied = at.open()?.tidy_backup().map_err(Problem::from)?;
            line(format_args!("{} copies were made anew, {} were removed", tidied.made, tidied.removed))?;
            Ok(Outcome::Done)
        }
        Some(BackupStep::Remove { name, by, at }) => {
            let house = at.open()?;
            let operator = house.person(by).map_err(Problem::from)?;
            let operator = operator.filter(|one| one.role == theriac_model::Role::Operator).ok_or_else(|| {
                Problem::wrong_use(
                    "PEOPLE-WHO",
                    format!("{by} is no operator here"),
                    "name an operator of this deployment",
                )
            })?;
            house.remove_copy(&operator, name).map_err(Problem::from)?;
            line("it was removed; other copies hold what it held")?;
            Ok(Outcome::Done)
        }
    }
}

fn make_key(path: &Path) -> Result<Outcome, Problem> {
    let key = BackupKey::generate().map_err(|error| Problem::failed("BACKUP-KEY", error.to_string(), "try again"))?;
    let file = key.to_file(&key_password()?).map_err(|error| Problem::from(error.refusal()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut to| to.write_all(&file).and_then(|()| to.sync_all()));
    written.map_err(|error| Problem::unwritable(path, &error))?;
    line(format_args!("recipient = \"{}\"", key.recipient().to_text()))?;
    eprintln!(
        "Next: write that line under [backup] in theriac.toml; take {} and its password away from this machine, each to a \
         place of its own. Without both no copy can ever be read.",
        path.display()
    );
    Ok(Outcome::Done)
}

fn status(house: &House, as_json: bool) -> Result<Outcome, Problem> {
    let standing = house.backup_standing().map_err(Problem::from)?;
    let Standing { configured, size, copied, waiting_since, last_good, due, late, hours, failed, drilled, checked } =
        &standing;
    if as_json {
        line(json!({
            "checked": checked.as_ref().map(|(at, objects, wrong)| json!({"at": at.to_string(), "objects": objects, "wrong": wrong})),
            "configured": configured,
            "copied": copied,
            "drilled": drilled.as_ref().map(|(at, entries, ms)| json!({"at": at.to_string(), "entries": entries, "took_ms": ms})),
            "due": due.to_string(),
            "entries": size,
            "failed": failed.as_ref().map(|(at, why)| json!({"at": at.to_string(), "why": why})),
            "hours": hours,
            "last_good": last_good.map(|at| at.to_string()),
            "late": late,
            "waiting_since": waiting_since.map(|at| at.to_string()),
        }))?;
    } else {
        let wall = |at| house.clock.wall(at);
        let or_never = |at: &Option<jiff::Timestamp>| at.map_or_else(|| "never".to_owned(), wall);
        match house.second_site() {
            Ok((site, _)) => line(format_args!("second site   {}", site.words()))?,
            Err(_) if !*configured => line("second site   none; add [backup] to theriac.toml")?,
            Err(fault) => line(format_args!("second site   {}", Problem::from(fault)))?,
        }
        line(format_args!("copied        {copied} of {size} entries"))?;
        line(format_args!("last good     {}", or_never(last_good)))?;
        line(format_args!("oldest waits  {}", waiting_since.map_or_else(|| "nothing".to_owned(), wall)))?;
        line(format_args!("next is due   {} (every {hours} hours){}", wall(*due), if *late { ": LATE" } else { "" }))?;
        if let Some((at, why)) = failed {
            line(format_args!("failed        {}: {why}", wall(*at)))?;
        }
        match drilled {
            Some((at, entries, ms)) => line(format_args!("drill         {}: {entries} entries in {ms} ms", wall(*at)))?,
            None => line("drill         never; run `theriac backup-verify --key FILE`")?,
        }
        if let Some((at, objects, wrong)) = checked {
            line(format_args!("read back     {}: {objects} copies, {} wrong", wall(*at), wrong.len()))?;
        }
    }
    Ok(if *late { Outcome::FoundWrong } else { Outcome::Done })
}

/// `theriac backup-verify`
pub(crate) fn verify(args: &BackupVerify) -> Result<Outcome, Problem> {
    let house = args.at.open()?;
    let checked = house.check_backup().map_err(Problem::from)?;
    let drilled = match &args.key {
        Some(path) => {
            let (site, _) = house.second_site().map_err(Problem::from)?;
            Some(drill(&house, site.as_ref(), &open_key(path)?)?)
        }
        None => None,
    };
    let wrong: Vec<&String> = checked.wrong.iter().chain(drilled.iter().flat_map(|one| &one.wrong)).collect();
    if args.json {
        line(json!({
            "bytes": checked.bytes,
            "drill": drilled.as_ref().map(|one| json!({
                "entries": one.rebuilt.entries, "root": one.rebuilt.root, "took_ms": one.rebuilt.took_ms,
                "vouched": one.rebuilt.vouched,
            })),
            "objects": checked.objects,
            "wrong": wrong,
        }))?;
    } else {
        line(format_args!("{} copies of {} bytes were read back and compared", checked.objects, checked.bytes))?;
        if let Some(one) = &drilled {
            line(format_args!(
                "drill: {} entries restored in {} ms and checked; root {}",
                one.rebuilt.entries, one.rebuilt.took_ms, one.rebuilt.root
            ))?;
        }
        for one in &wrong {
            line(one)?;
        }
    }
    if wrong.is_empty() {
        return Ok(Outcome::Done);
    }
    eprintln!(
        "BACKUP-WRONG: copies are gone or are not what was sent\nNext: run `theriac backup`, which makes them again, and look into the second site"
    );
    Ok(Outcome::FoundWrong)
}
