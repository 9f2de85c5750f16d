//! One daily audit, and one incident, each with its paper.

use super::application;
use super::notices::{NoticeRow, row};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, pdf, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use crate::watch::papers::application_name;
use askama::Template;
use theriac_model::Refusal;
use theriac_paper::papers::IncidentReport;
use theriac_prescriber::audit::Application;

struct FoundRow {
    at: String,
    signal: String,
    subject: String,
    person: String,
    detail: String,
    seq: Option<u64>,
}

#[derive(Template)]
#[template(path = "watch_audit.html")]
struct AuditPage {
    shell: Shell,
    application: &'static str,
    name: &'static str,
    seq: u64,
    begun: String,
    ended: String,
    from: u64,
    until: u64,
    root: String,
    scope: Vec<(String, u64)>,
    findings: Vec<FoundRow>,
}

fn unknown(what: &'static str) -> Fault {
    Refusal::new("WATCH-UNKNOWN", "-", format!("there is no {what} with this number"), "choose one from the list")
        .into()
}

/// `/watch/{application}/audits/{seq}`
pub(in crate::http) async fn audit(asked: Asked) -> Answer {
    let (application, seq) = (application(&asked)?, asked.seq()?);
    let shell = Shell::new(Door::WatchAudit, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let audited = house.watching(application)?.audits().into_iter().find(|one| one.seq == seq);
            let run = audited.ok_or_else(|| unknown("audit"))?.run;
            Ok(AuditPage {
                shell,
                application: application.word(),
                name: application_name(application),
                seq,
                begun: house.moment_in_words(run.begun),
                ended: house.moment_in_words(run.ended),
                from: run.from,
                until: run.until,
                root: run.root,
                scope: run.scope,
                findings: run
                    .findings
                    .into_iter()
                    .map(|one| FoundRow {
                        at: house.clock.wall(one.at),
                        signal: one.signal.word().replace('-', " "),
                        subject: one.subject,
                        person: house.full_name(&one.person),
                        detail: one.detail,
                        seq: one.seq,
                    })
                    .collect(),
            })
        })
    });
    page(&found.await??)
}

/// `/watch/{application}/audits/{seq}/report.pdf`
pub(in crate::http) async fn audit_paper(asked: Asked) -> Answer {
    let (application, seq) = (application(&asked)?, asked.seq()?);
    let paper = asked.app.ask(move |world| {
        act(world, |house| {
            let audited = house.watching(application)?.audits().into_iter().find(|one| one.seq == seq);
            Ok(house.audit_run_paper(application, &audited.ok_or_else(|| unknown("audit"))?.run))
        })
    });
    pdf(&format!("daily-audit-{application}-{seq}.pdf"), &paper.await??)
}

#[derive(Template)]
#[template(path = "watch_incident.html")]
struct IncidentPage {
    shell: Shell,
    application: &'static str,
    seq: u64,
    report: IncidentReport,
    open: bool,
    notices: Vec<NoticeRow>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

fn report(house: &House, application: Application, seq: u64) -> Result<(IncidentReport, bool, Vec<NoticeRow>), Fault> {
    let watching = house.watching(application)?;
    let book = house.notices()?;
    let incident = watching.opened_by(seq).ok_or_else(|| unknown("incident"))?;
    let about = format!("incident/{application}/{}", incident.id);
    let notices = book.notices.about(&about).map(|item| row(house, book.number(&item.notice.id), item)).collect();
    Ok((house.incident_paper(application, &watching, incident, &book), incident.closed.is_none(), notices))
}

/// `/watch/{application}/incidents/{seq}`
pub(in crate::http) async fn incident(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let (application, seq) = (application(&asked)?, asked.seq()?);
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::WatchIncident, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (report, open, notices) = report(house, application, seq)?;
            let may_act = Door::WatchClose.admits(role);
            Ok(IncidentPage {
                shell,
                application: application.word(),
                seq,
                report,
                open,
                notices,
                may_act,
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// `/watch/{application}/incidents/{seq}/report.pdf`
pub(in crate::http) async fn incident_paper(asked: Asked) -> Answer {
    let (application, seq) = (application(&asked)?, asked.seq()?);
    let paper = asked.app.ask(move |world| {
        act(world, |house| {
            let (report, ..) = report(house, application, seq)?;
            Ok(report.paper(&house.issue(house.clock.now(), None)))
        })
    });
    pdf(&format!("incident-{application}-{seq}.pdf"), &paper.await??)
}

/// `POST /watch/{application}/incidents/{seq}/close`
pub(in crate::http) async fn close(asked: Asked) -> Answer {
    let (application, seq) = (application(&asked)?, asked.seq()?);
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let done = typed.get("done").to_owned();
    let closed = asked.app.ask(move |world| {
        act(world, |house| {
            let watching = house.watching(application)?;
            let id = watching.opened_by(seq).ok_or_else(|| unknown("incident"))?.id.clone();
            house.close_incident(&by, application, &id, &done)
        })
    });
    match closed.await? {
        Ok(()) => see(&format!("/watch/{application}/incidents/{seq}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
