//! An order made out, and its signature.

use super::{Choice, LineRow, act_of, line_rows, read, words};
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
use crate::typed::Typed;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use theriac_law::vocab::{Condition, SignatureKind};
use theriac_model::Actor;

#[derive(Template)]
#[template(path = "orders_draft.html")]
struct DraftPage {
    shell: Shell,
    /// None for one that is not kept yet.
    id: Option<String>,
    electronic: bool,
    may_act: bool,
    blank: Vec<String>,
    lines: Vec<LineRow>,
    /// What stands in the way of the visitor's signature, a well-signed form assumed.
    said: Option<Failure>,
    signs_here: bool,
    conditions: Vec<Choice>,
    signatures: Vec<Choice>,
    signing: Typed,
    typed: Typed,
    fault: Option<Failure>,
}

/// What a well-signed form would have.
fn well_signed() -> Typed {
    let pairs = [("signature", "handwritten"), ("condition", "good"), ("copy", "yes")];
    Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn draft_page(
    house: &House,
    shell: Shell,
    (id, typed, signing): (Option<String>, Typed, Typed),
    by: &Actor,
    fault: Option<Failure>,
) -> Result<DraftPage, Fault> {
    let said = match (&id, house.would_execute(by, &typed, &well_signed())) {
        (None, _) | (_, Ok(())) => None,
        (Some(_), Err(Fault::Refused(refusal))) => Some(Failure::refused(&refusal)),
        (Some(_), Err(other)) => return Err(other),
    };
    Ok(DraftPage {
        shell,
        electronic: typed.get("number-of-form").is_empty(),
        may_act: Door::OrderWrite.admits(by.role),
        blank: house.order_forms()?.register.blank().take(20).map(ToString::to_string).collect(),
        lines: line_rows(&typed),
        said,
        signs_here: house.signs_orders_here(),
        conditions: words::<Condition>(match signing.get("condition") {
            "" => "good",
            word => word,
        }),
        signatures: words::<SignatureKind>(signing.get("signature")),
        id,
        signing,
        typed,
        fault,
    })
}

async fn again(asked: Asked, draft: (Option<String>, Typed, Typed), fault: Option<Failure>) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::OrderDraft, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| act(world, |house| draft_page(house, shell, draft, &by, fault)));
    with_status(page(&found.await??), status)
}

/// `/orders/drafts/new`
pub(in crate::http) async fn fresh(asked: Asked) -> Answer {
    again(asked, (None, Typed::default(), Typed::default()), None).await
}

/// `POST /orders/drafts`
pub(in crate::http) async fn write(asked: Asked) -> Answer {
    kept(asked, None).await
}

async fn kept(asked: Asked, id: Option<String>) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let (typed, _) = read(&asked).await?;
    let (given, known) = (typed.clone(), id.clone());
    let done = asked.app.ask(move |world| act(world, |house| house.write_order(&by, known.as_deref(), &given)));
    match done.await? {
        Ok(id) => see(&format!("/orders/drafts/{id}")),
        Err(fault) => again(asked, (id, typed, Typed::default()), Some(fault)).await,
    }
}

/// What was kept of a draft.
async fn written(asked: &Asked, id: &str) -> Result<Typed, Failure> {
    let id = id.to_owned();
    asked.app.ask(move |world| act(world, |house| Ok(house.order_draft(&id)?.0))).await?
}

/// `/orders/drafts/{id}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let typed = written(&asked, &id).await?;
    again(asked, (Some(id), typed, Typed::default()), None).await
}

/// `POST /orders/drafts/{id}/{act}`: `change`, `sign`, `discard`.
pub(in crate::http) async fn acted(asked: Asked) -> Answer {
    let (id, name, by) = (asked.id("id")?, act_of(&asked)?, asked.visitor()?.actor.clone());
    match name.as_str() {
        "change" => kept(asked, Some(id)).await,
        "discard" => {
            let done = asked.app.ask(move |world| act(world, |house| house.throw_order_away(&by, &id)));
            done.await??;
            see("/orders")
        }
        "sign" => {
            let typed = written(&asked, &id).await?;
            let (signing, file) = read(&asked).await?;
            let (given, draft) = (signing.clone(), id.clone());
            let done = asked
                .app
                .ask(move |world| act(world, |house| house.execute_order(&by, &draft, &given, file.as_deref())));
            match done.await? {
                Ok(order) => see(&format!("/orders/{order}")),
                Err(fault) => again(asked, (Some(id), typed, signing), Some(fault)).await,
            }
        }
        _ => Err(Failure::no_such_page()),
    }
}

/// `/orders/drafts/{id}/to-sign`
pub(in crate::http) async fn to_sign(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let bytes = asked.app.ask(move |world| act(world, |house| house.order_to_sign(&id))).await??;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"order-to-sign.json\"")),
    ];
    Ok((headers, bytes).into_response())
}
