//! Every paper by its number: the list, and each as PDF, CSV, XLSX and JSON.

use super::{Answer, file, filled};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::outputs::{About, Desk, Issued, all, named, wanted};
use crate::typed::Typed;
use askama::Template;
use std::sync::Arc;
use theriac_model::Refusal;

struct PaperRow {
    id: &'static str,
    title: &'static str,
    action: String,
    about: Option<&'static str>,
    period: bool,
    subjects: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "books_papers.html")]
struct PapersPage {
    shell: Shell,
    groups: Vec<(&'static str, Vec<PaperRow>)>,
    formats: [(&'static str, &'static str); 4],
}

const FORMATS: [(&str, &str); 4] = [("pdf", "PDF"), ("xlsx", "XLSX"), ("csv", "CSV"), ("json", "JSON")];

/// `/books/papers`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksPapers, &asked.visit);
    filled(&asked, None, move |house| {
        let mut groups = Vec::new();
        for (heading, desk, door) in [
            ("The books", Desk::Books, Door::BooksPaper),
            ("Prescriptions", Desk::Pharmacy, Door::PharmacyPaper),
            ("The till’s books about customers", Desk::Logbook, Door::TillPaper),
        ] {
            if !door.admits(role) {
                continue;
            }
            let mut rows = Vec::new();
            for output in all().filter(|output| output.desk == desk) {
                rows.push(PaperRow {
                    id: output.id,
                    title: output.title,
                    action: format!("{}/{}", desk.address(), output.id),
                    about: match output.about {
                        About::One(what) | About::OneOver(what) => Some(what),
                        About::Nothing | About::Period => None,
                    },
                    period: matches!(output.about, About::Period | About::OneOver(_)),
                    subjects: (output.subjects)(house)?,
                });
            }
            groups.push((heading, rows));
        }
        Ok(PapersPage { shell, groups, formats: FORMATS })
    })
    .await
}

/// `/books/papers/{id}/{format}?of=...&from=...&to=...`
pub(in crate::http) async fn of_books(asked: Asked) -> Answer {
    printed(asked, Desk::Books).await
}

/// `/pharmacy/records/papers/{id}/{format}?of=...&from=...&to=...`
pub(in crate::http) async fn of_pharmacy(asked: Asked) -> Answer {
    printed(asked, Desk::Pharmacy).await
}

/// `/till/logbook/papers/{id}/{format}?of=...&from=...&to=...`
pub(in crate::http) async fn of_logbook(asked: Asked) -> Answer {
    printed(asked, Desk::Logbook).await
}

async fn printed(asked: Asked, desk: Desk) -> Answer {
    let (id, format) = (asked.id("id")?, asked.id("format")?);
    if !FORMATS.iter().any(|(known, _)| *known == format) {
        return Err(Failure::no_such_page());
    }
    let output = named(&id).ok().filter(|output| output.desk == desk).ok_or_else(Failure::no_such_page)?;
    let typed = Typed::in_address(&asked);
    let by = asked.visitor()?.actor.clone();
    let name = match typed.get("of") {
        "" => id,
        of => format!("{id}-{of}"),
    };
    let issued =
        asked.app.ask(move |world| act(world, |house| house.output(output, &wanted(&typed, &by)?).map(Arc::new)));
    as_file(&name, &format, &*issued.await??)
}

/// An output in one of its formats.
pub(super) fn as_file(name: &str, format: &str, issued: &Issued) -> Answer {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let refused = |refusal: Box<Refusal>| Failure::refused(&refusal);
    match format {
        "pdf" => super::pdf(name, &issued.paper),
        "csv" => file(&format!("{name}.csv"), "text/csv; charset=utf-8", issued.sheet.to_csv()),
        "xlsx" => file(&format!("{name}.xlsx"), XLSX, issued.sheet.to_xlsx().map_err(refused)?),
        "json" => file(&format!("{name}.json"), "application/json", issued.json.clone()),
        _ => Err(Failure::no_such_page()),
    }
}
