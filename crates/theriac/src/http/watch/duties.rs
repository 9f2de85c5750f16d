//! The practitioner's duties: what was done, what is due, and the acts themselves.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, posted, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use askama::Template;
use theriac_law::When;
use theriac_model::Actor;
use theriac_prescriber::audit::Application;
use theriac_prescriber::duties::{Acknowledged, Duty, DutyState, Ground, Outcome, page as statuses, uses};

/// Uses of tokens shown.
const USES: usize = 50;

struct DutyRow {
    what: &'static str,
    cite: String,
    last: String,
    next: String,
    state: &'static str,
}

struct StatementRow {
    word: &'static str,
    text: &'static str,
    cite: &'static str,
    acknowledged: Option<String>,
}

struct UseRow {
    at: String,
    credential: String,
    place: String,
    prescription: String,
}

struct ReportRow {
    id: String,
    auditor: String,
    issued: String,
    adverse: bool,
}

#[derive(Template)]
#[template(path = "watch_duties.html")]
struct DutiesPage {
    shell: Shell,
    rows: Vec<DutyRow>,
    statements: Vec<StatementRow>,
    reports: Vec<ReportRow>,
    uses: Vec<UseRow>,
    typed: Typed,
    now: String,
    fault: Option<Failure>,
}

/// A duty in words.
pub(in crate::http) const fn duty_in_words(duty: Duty) -> &'static str {
    match duty {
        Duty::Responsibility => "Acknowledge your responsibility for what you issue",
        Duty::Custody => "Acknowledge how token and password are kept",
        Duty::TellToken => "Tell of a lost, stolen or compromised token",
        Duty::ReviewLog => "Review the monthly log",
        Duty::TellPrescription => "Tell of prescriptions you did not sign, or not so",
        Duty::Determine => "Determine from the audit report whether the system meets the rules",
    }
}

/// The duties that wait for a practitioner: what, by when, and where it is done.
pub(in crate::http) fn waiting(house: &House, who: &Actor) -> Result<Vec<(String, String, &'static str)>, Fault> {
    let found = rows(house, &who.id)?.into_iter().filter(|row| row.state != DutyState::Done.word());
    let place = |what: &str| {
        if what == duty_in_words(Duty::ReviewLog) { "/practice/logs" } else { "/practice/duties" }
    };
    Ok(found
        .map(|row| {
            let due =
                if row.state == DutyState::Overdue.word() { format!("overdue since {}", row.next) } else { row.next };
            (row.what.to_owned(), due, place(row.what))
        })
        .collect())
}

fn rows(house: &House, who: &str) -> Result<Vec<DutyRow>, Fault> {
    let (duties, _) = house.duties(who)?;
    let (shelf, _) = house.shelf(who)?;
    let book = house.notices()?;
    let now = house.clock.moment();
    let found = house.under_terms(|terms| statuses(&duties, &shelf, &book.notices, now, terms));
    Ok(found
        .into_iter()
        .map(|status| DutyRow {
            what: duty_in_words(status.duty),
            cite: status.duty.cite().to_string(),
            last: status.last_done.map_or_else(String::new, |at| house.moment_in_words(at)),
            next: match status.next_due {
                None => String::new(),
                Some(When::Day(day)) => day.to_string(),
                Some(When::Instant(at)) => house.moment_in_words(at),
            },
            state: status.state.word(),
        })
        .collect())
}

fn shown(house: &House, who: &str, shell: Shell, typed: Typed) -> Result<DutiesPage, Fault> {
    let (duties, _) = house.duties(who)?;
    let (gate, _) = house.audit_gate(Application::Prescribing)?;
    let lines = house.lines_of(who)?;
    Ok(DutiesPage {
        shell,
        rows: rows(house, who)?,
        statements: Acknowledged::ALL
            .iter()
            .map(|what| StatementRow {
                word: what.word(),
                text: what.text(),
                cite: what.cite(),
                acknowledged: duties.acknowledged(*what).map(|at| house.moment_in_words(at)),
            })
            .collect(),
        reports: gate
            .published()
            .into_iter()
            .map(|report| ReportRow {
                id: report.id.clone(),
                auditor: report.auditor.name.clone(),
                issued: report.issued.to_string(),
                adverse: report.is_adverse(),
            })
            .collect(),
        uses: uses(&lines)
            .into_iter()
            .take(USES)
            .map(|one| UseRow {
                at: house.clock.wall(one.at),
                credential: one.credential,
                place: one.place,
                prescription: one.prescription,
            })
            .collect(),
        typed,
        now: house.clock.wall(house.clock.now()).replace(' ', "T"),
        fault: None,
    })
}

/// `/practice/duties`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    again(asked, typed, None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let who = asked.visitor()?.actor.id.clone();
    let shell = Shell::new(Door::Duties, &asked.visit);
    let mut found = asked.app.ask(move |world| act(world, |house| shown(house, &who, shell, typed))).await??;
    let status = fault.as_ref().map(|fault| fault.status);
    found.fault = fault;
    with_status(page(&found), status)
}

/// Does something a practitioner does for a duty, and shows the duties again.
async fn done(asked: Asked, work: impl FnOnce(&House, &Actor, &Typed) -> Result<(), Fault> + Send + 'static) -> Answer {
    match posted(&asked, work).await? {
        Ok(()) => see("/practice/duties"),
        Err((typed, fault)) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /practice/duties/acknowledge`
pub(in crate::http) async fn acknowledge(asked: Asked) -> Answer {
    done(asked, |house, by, typed| {
        let what = typed.word("what", Acknowledged::parse)?;
        if typed.get("agreed") != "yes" {
            return Err(wrong("agreed", "the statement was not agreed to".to_owned(), "read it and tick the box"));
        }
        let now = house.clock.moment();
        house.duty(by, |duties, _| Ok(vec![duties.acknowledge(by, what, now)?]))
    })
    .await
}

/// `POST /practice/duties/determine`
pub(in crate::http) async fn determine(asked: Asked) -> Answer {
    done(asked, |house, by, typed| {
        let outcome = typed.word("outcome", Outcome::parse)?;
        let now = house.clock.moment();
        house.duty(by, |duties, gate| Ok(vec![duties.determine(by, typed.get("report"), outcome, gate, now)?]))
    })
    .await
}

/// `POST /practice/duties/dispute`
pub(in crate::http) async fn dispute(asked: Asked) -> Answer {
    done(asked, |house, by, typed| {
        let ground = typed.word("ground", Ground::parse)?;
        let discovered = typed.time("discovered", house)?;
        let lines = house.lines_of(&by.id)?;
        let line = lines.iter().find(|line| line.prescription == typed.get("prescription")).ok_or_else(|| {
            wrong(
                "prescription",
                "no prescription of yours has this number".to_owned(),
                "take the number from the log or from the list of uses",
            )
        })?;
        house.dispute(by, &by.id, line, ground, discovered)
    })
    .await
}
