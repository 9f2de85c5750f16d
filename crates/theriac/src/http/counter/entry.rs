//! A refill entered by a technician, and the pharmacist's verification.

use super::{Answer, Head, number_of, typed};
use crate::dispensary::{HandTyped, wrong};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::with_status;
use crate::http::practice::act;
use crate::http::shell::Shell;
use askama::Template;
use theriac_model::{Actor, Refusal};
use theriac_pharmacy::PrescriptionNumber;

struct Waits {
    by: String,
    at: String,
    product: String,
    counted: String,
}

#[derive(Template)]
#[template(path = "counter_entry.html")]
struct EntryPage {
    shell: Shell,
    head: Head,
    unit: String,
    waits: Option<Waits>,
    may_verify: bool,
    fault: Option<Failure>,
    typed: HandTyped,
}

/// `/pharmacy/prescriptions/{number}/refill-entry`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, HandTyped::default(), None).await
}

async fn again(asked: Asked, typed: HandTyped, fault: Option<Failure>) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::RefillEntry, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "refill entry")?;
            let unit = prescription.face().quantity.unit().clone();
            let waits = match house.entered_refill(&number)?.0 {
                None => None,
                Some(waiting) => Some(Waits {
                    by: waiting.entered.by.clone(),
                    at: house.clock.wall(waiting.at),
                    product: house
                        .drug(&waiting.entered.ndc)?
                        .map_or_else(String::new, |one| format!("{} {} {}", one.name, one.strength, one.form)),
                    counted: super::fill::counted_in(waiting.entered.counted, &unit),
                }),
            };
            Ok(EntryPage {
                shell,
                head: Head::of(house, &prescription),
                unit: unit.to_string(),
                waits,
                may_verify: Door::RefillConfirm.admits(actor.role),
                fault,
                typed,
            })
        })
    });
    with_status(page(&found.await??), status)
}

fn entered(house: &House, actor: &Actor, number: &PrescriptionNumber, typed: &HandTyped) -> Result<(), Fault> {
    let (prescription, _) = house.dispensing_now(number)?;
    let ndc = house.scanned(&prescription, typed.get("scan"))?;
    let counted = typed.stock("counted", prescription.face().quantity.unit())?;
    let counted = counted.ok_or_else(|| {
        let what = "what lies on the shelf after taking the drug out was not counted";
        Refusal::new("PHARM-COUNT-MISSING", "-", what, "count it, and type the count").about("counted")
    })?;
    house.enter_refill(actor, number, (ndc, counted))
}

/// `POST /pharmacy/prescriptions/{number}/refill-entry`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    let (given, at) = (typed.clone(), number.clone());
    match asked.app.ask(move |world| act(world, |house| entered(house, &actor, &at, &given))).await? {
        Ok(()) => see(&format!("/pharmacy/prescriptions/{number}/refill-entry")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /pharmacy/prescriptions/{number}/refill-entry/{act}`
pub(in crate::http) async fn decide(asked: Asked) -> Answer {
    let (number, which) = (number_of(&asked)?, asked.id("act")?);
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    let (given, at) = (typed.clone(), number.clone());
    let done = asked.app.ask(move |world| {
        act(world, |house| match which.as_str() {
            "verify" => house.confirm_refill(&actor, &at).map(|done| Some(done.filling.no)),
            "put-aside" => house.drop_refill(&actor, &at, given.get("why")).map(|()| None),
            _ => Err(wrong("act", "there is no such act", "choose one of the page").into()),
        })
    });
    match done.await? {
        Ok(Some(no)) => see(&format!("/pharmacy/prescriptions/{number}/fillings/{no}")),
        Ok(None) => see("/pharmacy/counter"),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
