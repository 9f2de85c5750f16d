//! The records report: every prescription record in its class.

use super::Answer;
use crate::archive::ClassReport;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::practice::act;
use crate::http::shell::Shell;
use askama::Template;
use theriac_pharmacy::FilingScheme;

#[derive(Template)]
#[template(path = "archive_classes.html")]
struct ClassesPage {
    shell: Shell,
    report: ClassReport,
    scheme: Option<FilingScheme>,
    today: String,
}

/// `/archive/filing/classes`
pub(in crate::http) async fn classes(asked: Asked) -> Answer {
    let shell = Shell::new(Door::FilingClasses, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let scheme = house.filing_scheme()?.0.map(|chosen| chosen.scheme);
            Ok((house.records_by_class()?, scheme, house.today().to_string()))
        })
    });
    let (report, scheme, today) = found.await??;
    page(&ClassesPage { shell, report, scheme, today })
}
