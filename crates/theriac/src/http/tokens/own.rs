//! The practitioner's own page: what they hold, what waits to be bound, and the report of a loss, for which no token is
//! needed.

use super::operator::{Typed, now};
use super::{OfferLine, Spare, TokenLine, spares, token_lines};
use crate::http::answer::{page, see};
use crate::http::app::{App, Visit};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::entry::with_session;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::tokens::LossTaken;
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use theriac_pki::Password;
use theriac_prescriber::token::Timeliness;

type Answer = Result<Response, Failure>;

#[derive(Template)]
#[template(path = "own_tokens.html")]
struct OwnPage {
    shell: Shell,
    tokens: Vec<TokenLine>,
    spares: Vec<Spare>,
    offers: Vec<OfferLine>,
    /// Whether a code device is held, so that password and code open sessions.
    codes: bool,
    has_password: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

async fn show(app: &Arc<App>, visit: &Arc<Visit>, fault: Option<Failure>, typed: Typed) -> Answer {
    let by = visit.visitor.as_ref().map(|visitor| visitor.actor.clone());
    let by = by.ok_or_else(|| Failure::nobody("sign in"))?;
    let (shell, status) = (Shell::new(Door::OwnTokens, visit), fault.as_ref().map(|fault| fault.status));
    let view = app.ask(move |world| {
        act(world, |house| {
            let (signer, _) = house.signer(&by.id)?;
            Ok(OwnPage {
                shell,
                tokens: token_lines(house, &signer)?,
                spares: spares(house, &signer),
                offers: OfferLine::of(house, &by.id)?,
                codes: house.signs_with_codes(&by.id, None)?,
                has_password: house.has_password(&by.id)?,
                now: now(house),
                typed,
                fault,
            })
        })
    });
    let mut response = page(&view.await??)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// `/practice/tokens`
pub(in crate::http) async fn show_own(asked: Asked) -> Answer {
    show(&asked.app, &asked.visit, None, Typed::default()).await
}

#[derive(Template)]
#[template(path = "loss_taken.html")]
struct LossPage {
    shell: Shell,
    taken: LossTaken,
    at: String,
    late: bool,
}

/// `POST /practice/tokens/loss`: revokes at once, and ends every session of the person, this one too.
pub(in crate::http) async fn loss(asked: Asked) -> Answer {
    let (app, visit, actor) = (asked.app.clone(), asked.visit.clone(), asked.visitor()?.actor.clone());
    let typed: Typed = asked.form().await?;
    let sent = typed.clone();
    let taken = app.ask(move |world| {
        act(world, |house| {
            let discovered = house.local_instant(&sent.discovered)?;
            let channel = "the practitioner's own page";
            let taken = house.report_loss(&actor, &actor.id, sent.loss()?, discovered, channel, sent.passkeys())?;
            Ok((house.clock.wall(taken.at), taken))
        })
    });
    match taken.await? {
        Ok((at, taken)) => {
            let late = taken.timeliness == Timeliness::Late;
            let shell = Shell::outside(Some(visit.deployment.clone()));
            with_session(page(&LossPage { shell, taken, at, late })?, None)
        }
        Err(fault) => show(&app, &visit, Some(fault), typed).await,
    }
}

#[derive(Deserialize)]
struct NewPassword {
    password: String,
}

/// `POST /practice/tokens/password`
pub(in crate::http) async fn password(asked: Asked) -> Answer {
    let (app, visit, actor) = (asked.app.clone(), asked.visit.clone(), asked.visitor()?.actor.clone());
    let form: NewPassword = asked.form().await?;
    let set = app.ask(move |world| act(world, |house| house.set_password(&actor, &Password::new(form.password))));
    match set.await? {
        Ok(()) => see(Door::OwnTokens.path()),
        Err(fault) => show(&app, &visit, Some(fault), Typed::default()).await,
    }
}
