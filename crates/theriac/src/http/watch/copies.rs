//! How the copies at the second storage site stand: what is copied, its age against the law's hours, when copies were last read
//! back, and how long the last restore took.

use crate::backup::Standing;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::practice::act;
use crate::http::shell::Shell;
use askama::Template;
use jiff::Timestamp;

/// Copies that are listed, the newest.
const COPIES: usize = 50;

struct CopyRow {
    name: String,
    entries: String,
    bytes: u64,
    made: String,
}

#[derive(Template)]
#[template(path = "watch_copies.html")]
struct CopiesPage {
    shell: Shell,
    configured: bool,
    late: bool,
    /// Where this place and the second site are, and how the site is reached.
    here: String,
    there: String,
    site: String,
    copied: u64,
    size: u64,
    waiting: String,
    last_good: String,
    age: String,
    hours: u64,
    due: String,
    failed: Option<(String, String)>,
    checked: Option<(String, u64)>,
    wrong: Vec<String>,
    drilled: Option<(String, u64, String)>,
    copies: Vec<CopyRow>,
}

/// Hours and minutes of an age.
fn age(from: Timestamp, to: Timestamp) -> String {
    let minutes = to.duration_since(from).as_secs().max(0) / 60;
    match (minutes / 60, minutes % 60) {
        (0, 1) => "1 minute".to_owned(),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Milliseconds as people read them.
fn took(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

fn shown(house: &House, shell: Shell) -> Result<CopiesPage, Fault> {
    let standing = house.backup_standing()?;
    let Standing { configured, size, copied, waiting_since, last_good, due, late, hours, failed, drilled, checked } =
        standing;
    let wall = |at: Timestamp| house.clock.wall(at);
    let config = house.config.backup.clone().unwrap_or_default();
    let site = match (&config.directory, &config.bucket) {
        (Some(directory), _) => format!("the folder {}", directory.display()),
        (None, Some(bucket)) => format!("the bucket {} at {}", bucket.name, bucket.url),
        (None, None) => String::new(),
    };
    let sql = format!(
        "SELECT name, first_seq, end_seq, bytes, at_ms FROM backup_copies ORDER BY end_seq DESC, first_seq LIMIT {COPIES}"
    );
    let mut copies = Vec::new();
    for row in house.store.query(&sql, &[])? {
        let made = Timestamp::from_millisecond(row.int(4)?).map_err(|error| Fault::Broken(error.to_string()))?;
        let (first, end) = (row.u64(1)?, row.u64(2)?);
        copies.push(CopyRow {
            name: row.text(0)?.to_owned(),
            entries: format!("{first} to {}", end.saturating_sub(1)),
            bytes: row.u64(3)?,
            made: wall(made),
        });
    }
    let now = house.clock.now();
    Ok(CopiesPage {
        shell,
        configured,
        // A demonstration without a second site has nothing to keep.
        late: late && (configured || house.deployment.demo().is_none()),
        here: config.here,
        there: config.there,
        site,
        copied,
        size,
        waiting: waiting_since.map(wall).unwrap_or_default(),
        last_good: last_good.map(wall).unwrap_or_default(),
        age: last_good.map(|at| age(at, now)).unwrap_or_default(),
        hours,
        due: wall(due),
        failed: failed.map(|(at, why)| (wall(at), why)),
        wrong: checked.as_ref().map(|(_, _, wrong)| wrong.clone()).unwrap_or_default(),
        checked: checked.map(|(at, objects, _)| (wall(at), objects)),
        drilled: drilled.map(|(at, entries, ms)| (wall(at), entries, took(ms))),
        copies,
    })
}

/// `/watch/copies`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let shell = Shell::new(Door::Copies, &asked.visit);
    let found = asked.app.ask(move |world| act(world, |house| shown(house, shell)));
    page(&found.await??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_times_are_said_as_people_say_them() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let from = at("2026-03-02T16:00:00Z");
        assert_eq!(age(from, at("2026-03-02T16:01:59Z")), "1 minute");
        assert_eq!(age(from, at("2026-03-03T16:05:00Z")), "24 h 5 min");
        assert_eq!(age(from, at("2026-03-02T15:00:00Z")), "0 minutes");
        assert_eq!([took(999), took(1_250), took(61_000)], ["999 ms", "1.2 s", "1 min 1 s"]);
    }
}
