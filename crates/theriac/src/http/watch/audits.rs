//! Third parties' audit reports, published to everybody who uses the system or thinks of using it; the operator registers them.

use super::application;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, file, pdf, with_status};
use crate::http::multipart::parts;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use crate::watch::papers::application_name;
use askama::Template;
use axum::http::{StatusCode, header};
use theriac_prescriber::audit::{
    Application, Auditor, Part1311, Registered, ReportKind, Scope, Security, Standing, ThirdPartyReport,
};

/// The largest report, in bytes.
pub(in crate::http) const REPORT_BYTES_MAX: usize = 16 * 1024 * 1024;

struct ReportRow {
    id: String,
    kind: &'static str,
    auditor: String,
    period: String,
    issued: String,
    version: String,
    result: &'static str,
}

struct Side {
    application: &'static str,
    name: &'static str,
    standing: String,
    open: bool,
    refusal: Option<Failure>,
    reminder: Option<String>,
    reports: Vec<ReportRow>,
}

#[derive(Template)]
#[template(path = "watch_reports.html")]
struct ReportsPage {
    shell: Shell,
    sides: Vec<Side>,
    kinds: Vec<&'static str>,
    scopes: Vec<&'static str>,
    version: &'static str,
    may_register: bool,
    typed: Typed,
    fault: Option<Failure>,
}

fn result(report: &ThirdPartyReport) -> &'static str {
    if report.is_adverse() {
        "adverse"
    } else if report.is_favourable() {
        "favourable"
    } else {
        "undecided"
    }
}

fn side(house: &House, application: Application) -> Result<Side, Fault> {
    let (gate, _) = house.audit_gate(application)?;
    let today = house.clock.moment().date();
    let (standing, reminder) = house.under_terms(|terms| (gate.standing(today, terms), gate.reminder(today, terms)));
    let (words, refusal) = match &standing {
        Standing::Open { report, until } => (
            format!("In use, on the strength of report {report}, until the {}", house.due_in_words(until.as_ref())),
            None,
        ),
        Standing::Shut(refusal) => {
            ("Not to be used for controlled substances".to_owned(), Some(Failure::refused(refusal)))
        }
    };
    Ok(Side {
        application: application.word(),
        name: application_name(application),
        standing: words,
        open: refusal.is_none(),
        refusal,
        reminder: reminder.map(|one| format!("{} days are left for the next audit, through {}", one.days, one.last)),
        reports: gate
            .published()
            .into_iter()
            .map(|report| ReportRow {
                id: report.id.clone(),
                kind: report.kind.word(),
                auditor: report.auditor.name.clone(),
                period: format!("{} to {}", report.from, report.audited),
                issued: report.issued.to_string(),
                version: report.version.clone(),
                result: result(report),
            })
            .collect(),
    })
}

/// `/audits`: open to everybody.
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visit.visitor.as_ref().map(|visitor| visitor.actor.role);
    let shell = Shell::new(Door::AuditReports, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            Ok(ReportsPage {
                shell,
                sides: Application::ALL.iter().map(|one| side(house, *one)).collect::<Result<_, _>>()?,
                kinds: ReportKind::ALL.iter().map(|kind| kind.word()).collect(),
                scopes: Scope::ALL.iter().map(|scope| scope.word()).collect(),
                version: env!("CARGO_PKG_VERSION"),
                may_register: role.is_some_and(|role| Door::AuditRegister.admits(role)),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

#[derive(Template)]
#[template(path = "watch_report.html")]
struct ReportPage {
    shell: Shell,
    application: &'static str,
    name: &'static str,
    id: String,
    row: ReportRow,
    qualification: String,
    scope: String,
    unmet: Vec<String>,
    security: &'static str,
    digest: String,
    media: String,
    may_determine: bool,
}

fn no_such() -> Failure {
    Failure::no_such("audit report", "choose one from the list of audit reports")
}

/// `/audits/{application}/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let (application, id) = (application(&asked)?, asked.id("id")?);
    let may = asked.visit.visitor.as_ref().is_some_and(|visitor| Door::DutyDetermine.admits(visitor.actor.role));
    let shell = Shell::new(Door::AuditReport, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (gate, _) = house.audit_gate(application)?;
            let Some(report) = gate.report(&id) else { return Ok(None) };
            Ok(Some(ReportPage {
                shell,
                application: application.word(),
                name: application_name(application),
                row: ReportRow {
                    id: report.id.clone(),
                    kind: report.kind.word(),
                    auditor: report.auditor.name.clone(),
                    period: format!("{} to {}", report.from, report.audited),
                    issued: report.issued.to_string(),
                    version: report.version.clone(),
                    result: result(report),
                },
                id,
                qualification: report.auditor.qualification.clone(),
                scope: report.scope.iter().map(|scope| scope.word().replace('-', " ")).collect::<Vec<_>>().join(", "),
                unmet: match &report.part_1311 {
                    Part1311::DoNotMeet(unmet) => unmet.clone(),
                    Part1311::Meet | Part1311::NotDecided => Vec::new(),
                },
                security: report.security.word(),
                digest: report.digest.clone(),
                media: report.media.clone(),
                may_determine: may && application == Application::Prescribing,
            }))
        })
    });
    page(&found.await??.ok_or_else(no_such)?)
}

/// `/audits/{application}/{id}/file`: the report as the auditor issued it.
pub(in crate::http) async fn report_file(asked: Asked) -> Answer {
    let (application, id) = (application(&asked)?, asked.id("id")?);
    let filed = asked.app.ask(move |world| act(world, |house| house.audit_report(application, &id)));
    let filed = filed.await??.ok_or_else(no_such)?;
    let ending = if filed.report.media == PDF { "pdf" } else { "txt" };
    file(&format!("audit-{application}-{}.{ending}", filed.report.id), &filed.report.media, filed.bytes)
}

/// `/audits/{application}/{id}/summary.pdf`
pub(in crate::http) async fn summary(asked: Asked) -> Answer {
    let (application, id) = (application(&asked)?, asked.id("id")?);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (gate, _) = house.audit_gate(application)?;
            let standing = &house.gate_today(application)?.standing;
            let Some(report) = gate.report(&id) else { return Ok(None) };
            let at = house.clock.now();
            Ok(Some((house.audit_summary(application, report, standing), house.issue(at, None))))
        })
    });
    let (summary, issue) = found.await??.ok_or_else(no_such)?;
    pdf(&format!("audit-summary-{application}.pdf"), &summary.paper(&issue))
}

const PDF: &str = "application/pdf";

/// The kind of a file, by its first bytes: nobody is served anything that a browser might run.
fn media_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        return Some(PDF);
    }
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain)).then_some("text/plain; charset=utf-8")
}

fn report_of(typed: &Typed, bytes: &[u8]) -> Result<ThirdPartyReport, Fault> {
    let id = typed.get("id");
    if id.is_empty() || id.len() > 64 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
        let what =
            "the report's name has other characters than letters, digits, hyphens and dots, or more than 64".to_owned();
        return Err(wrong("id", what, "name it shortly, such as soc2-2026"));
    }
    let unmet: Vec<String> =
        typed.get("unmet").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let part_1311 = typed.word("part-1311", |word| match word {
        "meet" => Some(Part1311::Meet),
        "do-not-meet" => Some(Part1311::DoNotMeet(unmet.clone())),
        "" | "not-decided" => Some(Part1311::NotDecided),
        _ => None,
    })?;
    let media = media_of(bytes).ok_or_else(|| {
        wrong("file", "the file is neither a PDF nor plain text".to_owned(), "choose the report as a PDF")
    })?;
    Ok(ThirdPartyReport {
        id: id.to_owned(),
        kind: typed.word("kind", ReportKind::parse)?,
        auditor: Auditor {
            name: typed.get("auditor").to_owned(),
            qualification: typed.get("qualification").to_owned(),
        },
        scope: typed.all("scope").filter_map(Scope::parse).collect(),
        from: typed.day("from")?,
        audited: typed.day("audited")?,
        issued: typed.day("issued")?,
        part_1311,
        security: typed.word("security", Security::parse)?,
        version: typed.get("version").to_owned(),
        digest: String::new(),
        media: media.to_owned(),
    })
}

/// `POST /audits/{application}`: the operator registers a report with its file.
pub(in crate::http) async fn register(asked: Asked) -> Answer {
    let application = application(&asked)?;
    let by = asked.visitor()?.actor.clone();
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(found) = parts(media, &asked.body) else {
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "HTTP-FORM",
            "the form with its file could not be read",
            "open the page again and send its form",
        ));
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let typed = Typed(
        found.iter().filter(|part| part.name != "file").map(|part| (part.name.to_owned(), text(part.bytes))).collect(),
    );
    let bytes = found.iter().find(|part| part.name == "file").map(|part| part.bytes.to_vec()).unwrap_or_default();
    let given = typed.clone();
    let done = asked.app.ask(move |world| {
        act(world, |house| house.register_audit(&by, application, report_of(&given, &bytes)?, bytes))
    });
    match done.await? {
        Ok(()) => see("/audits"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /audits/{application}/step`: the provider's own finding, what was done about one, or another version in operation.
pub(in crate::http) async fn step(asked: Asked) -> Answer {
    let application = application(&asked)?;
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let given = typed.clone();
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let (now, what) = (house.clock.moment(), given.get("what"));
            let alone = |event| Registered { event, notices: Vec::new() };
            match given.get("step") {
                "unfit" => house.under_terms(|terms| {
                    house.audit_step(&by, application, |gate, users| gate.declare_unfit(&by, what, users, now, terms))
                }),
                "fix" => house.audit_step(&by, application, |gate, _| gate.note_fix(&by, what, now.date()).map(alone)),
                "function" => house.audit_step(&by, application, |gate, _| {
                    gate.change_function(&by, given.get("version"), what, now.date()).map(alone)
                }),
                _ => Err(wrong("step", "it is not said what is recorded".to_owned(), "choose one")),
            }
        })
    });
    match done.await? {
        Ok(()) => see("/audits"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
