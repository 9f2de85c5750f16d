//! The watch at a glance: what must be told, what waits for a decision, incidents, the daily audits and the gates.

use super::notices::{NoticeRow, row};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use crate::watch::papers::application_name;
use askama::Template;
use theriac_law::Moment;
use theriac_model::Actor;
use theriac_prescriber::audit::{Application, Standing};
use theriac_prescriber::incident::{Decision, FindingId, Heading};

/// Audits shown of each application.
const AUDITS: usize = 31;
/// Notices already given that are shown.
const GIVEN: usize = 50;

struct FindingRow {
    id: String,
    at: String,
    subject: String,
    person: String,
    detail: String,
    due: String,
    late: bool,
}

struct IncidentRow {
    seq: u64,
    found: String,
    heading: &'static str,
    what: String,
    state: &'static str,
}

struct AuditRow {
    seq: u64,
    begun: String,
    ended: String,
    entries: String,
    findings: usize,
}

struct Side {
    application: &'static str,
    name: &'static str,
    gate: String,
    gate_open: bool,
    overdue: bool,
    findings: Vec<FindingRow>,
    incidents: Vec<IncidentRow>,
    audits: Vec<AuditRow>,
}

#[derive(Template)]
#[template(path = "watch_desk.html")]
struct WatchPage {
    shell: Shell,
    to_do: Vec<NoticeRow>,
    given: Vec<NoticeRow>,
    sides: Vec<Side>,
    headings: Vec<(&'static str, &'static str)>,
    may_act: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

fn side(house: &House, application: Application) -> Result<Side, Fault> {
    let watching = house.watching(application)?;
    let now = house.clock.moment();
    let standing = &house.gate_today(application)?.standing;
    let audits = watching.audits();
    let began = audits.last().map_or(now.timestamp, |first| first.run.begun.timestamp);
    let undecided = house.under_terms(|terms| watching.register.undecided(terms));
    let mut incidents: Vec<_> = watching.register.incidents().collect();
    incidents.sort_by_key(|incident| (incident.closed.is_some(), std::cmp::Reverse(incident.discovered.timestamp)));
    Ok(Side {
        application: application.word(),
        name: application_name(application),
        gate: match standing {
            Standing::Open { report, until } => {
                format!("open by report {report}, until {}", house.due_in_words(until.as_ref()))
            }
            Standing::Shut(refusal) => format!("shut: {}", refusal.what),
        },
        gate_open: matches!(standing, Standing::Open { .. }),
        overdue: house
            .under_terms(|terms| watching.register.is_overdue(began, now.timestamp, &house.clock.zone(), terms)),
        findings: undecided
            .iter()
            .map(|open| FindingRow {
                id: open.finding.id.to_string(),
                at: house.clock.wall(open.finding.at),
                subject: open.finding.subject.clone(),
                person: house.full_name(&open.finding.person),
                detail: open.finding.detail.clone(),
                due: house.due_in_words(open.deadline.as_ref()),
                late: open.deadline.as_ref().is_some_and(|deadline| deadline.has_passed(now)),
            })
            .collect(),
        incidents: incidents
            .into_iter()
            .map(|incident| IncidentRow {
                seq: watching.opened_at(&incident.id),
                found: house.moment_in_words(incident.discovered),
                heading: incident.heading.words(),
                what: incident.what.clone(),
                state: if incident.closed.is_some() { "closed" } else { "open" },
            })
            .collect(),
        audits: audits
            .iter()
            .take(AUDITS)
            .map(|audited| AuditRow {
                seq: audited.seq,
                begun: house.moment_in_words(audited.run.begun),
                ended: house.moment_in_words(audited.run.ended),
                entries: format!("{} to {}", audited.run.from, audited.run.until),
                findings: audited.run.findings.len(),
            })
            .collect(),
    })
}

/// `/watch`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

pub(super) async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Watch, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let book = house.notices()?;
            let listed = |item: &theriac_prescriber::notice::Item| row(house, book.number(&item.notice.id), item);
            let mut given: Vec<_> = book.notices.iter().filter(|item| item.sent.is_some()).collect();
            given.sort_by_key(|item| std::cmp::Reverse(item.sent.as_ref().map(|sent| sent.at.timestamp)));
            Ok(WatchPage {
                shell,
                to_do: book.notices.to_do().into_iter().map(listed).collect(),
                given: given.into_iter().take(GIVEN).map(listed).collect(),
                sides: Application::ALL.iter().map(|one| side(house, *one)).collect::<Result<_, _>>()?,
                headings: Heading::ALL.iter().map(|heading| (heading.word(), heading.words())).collect(),
                may_act: Door::WatchJudge.admits(role),
                now: house.clock.wall(house.clock.now()).replace(' ', "T"),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

async fn acted(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, Application, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let application = super::application(&asked)?;
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| work(house, &by, application, &given))).await? {
        Ok(()) => see("/watch"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /watch/{application}/findings`
pub(in crate::http) async fn judge(asked: Asked) -> Answer {
    acted(asked, |house, by, application, typed| {
        let findings: Vec<FindingId> = typed.all("finding").map(FindingId::from_stored).collect();
        let decision = typed.word("decision", Decision::parse)?;
        house.judge_findings(by, application, &findings, decision, typed.get("reason"))
    })
    .await
}

/// `POST /watch/{application}/incidents`
pub(in crate::http) async fn open(asked: Asked) -> Answer {
    acted(asked, |house, by, application, typed| {
        let heading = typed.word("heading", Heading::parse)?;
        let timestamp = typed.time("discovered", house)?;
        let discovered = Moment { timestamp, offset: house.clock.zone().to_offset(timestamp) };
        if typed.get("what").chars().count() > 4_000 {
            return Err(wrong(
                "what",
                "more than 4,000 characters".to_owned(),
                "say it shorter, and keep the rest on file",
            ));
        }
        house.open_incident(by, application, heading, typed.get("what"), discovered).map(|_| ())
    })
    .await
}
