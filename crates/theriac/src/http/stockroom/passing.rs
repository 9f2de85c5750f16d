//! A transfer of the business: where it stands, the records that pass, and the day itself.

use super::{Answer, file, filled, posted};
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use theriac_model::Actor;

#[derive(Template)]
#[template(path = "books_transfer.html")]
struct TransferPage {
    shell: Shell,
    announced: Option<(String, String)>,
    received: Option<String>,
    inventories: Vec<String>,
    handed: Option<(String, String)>,
    passed: Option<String>,
    asked_for: bool,
    predecessors: Vec<(String, u64)>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/transfer`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(&asked, Typed::in_address(&asked), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksTransfer, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let now = house.registration()?;
        let notice = now.last("business-notice");
        let after = |what: &str| now.last(what).filter(|step| notice.is_some_and(|notice| notice.seq < step.seq));
        Ok(TransferPage {
            shell,
            announced: notice.map(|step| {
                let to = format!("{}, {}", step.fields.get("transferee"), step.fields.get("number"));
                (to, step.fields.get("on").to_owned())
            }),
            received: after("business-notice-received")
                .map(|step| format!("{} {}", step.fields.get("how"), step.fields.get("on"))),
            inventories: house.transfer_inventories()?,
            handed: after("business-records-passed")
                .map(|step| (step.fields.get("on").to_owned(), step.fields.get("digest").to_owned())),
            passed: after("business-passed").map(|step| step.fields.get("on").to_owned()),
            asked_for: now.last("business-inventory-asked").is_some(),
            predecessors: house.predecessors()?,
            may_act: Door::BooksTransferDo.admits(role),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/transfer`
pub(in crate::http) async fn pass(asked: Asked) -> Answer {
    let work =
        |house: &House, by: &Actor, typed: &Typed| house.pass_business(by, typed).map(|_| "/books/transfer".to_owned());
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/transfer/records`: the records as a file; that they were handed over is recorded.
pub(in crate::http) async fn records(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    match asked.app.ask(move |world| act(world, |house| house.hand_records_over(&by))).await? {
        Ok(made) => file(&format!("records-{}.json", &made.digest[..12]), "application/json", made.bytes),
        Err(fault) => again(&asked, Typed::default(), Some(fault)).await,
    }
}
