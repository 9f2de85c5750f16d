//! Signing in with a passkey, and joining with an invitation's code.

use super::answer::{json, page};
use super::asked::Asked;
use super::doors::Door;
use super::entry::with_session;
use super::failure::Failure;
use super::filters;
use super::practice::act;
use super::shell::Shell;
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as object};

type Answer = Result<Response, Failure>;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    to: String,
    /// Who is locked out of their own session, if anybody.
    person: String,
    fault: Option<Failure>,
}

/// `/sign-in`
pub(super) fn sign_in_page(asked: &Asked) -> Answer {
    let person = asked.visit.locked.as_ref().map_or_else(String::new, |away| away.person.id.clone());
    page(&SignInPage { shell: Shell::new(Door::SignInPage, &asked.visit), to: asked.wanted(), person, fault: None })
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    shell: Shell,
}

/// `/join`
pub(super) fn join_page(asked: &Asked) -> Answer {
    page(&JoinPage { shell: Shell::new(Door::JoinPage, &asked.visit) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeginJoin {
    person: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    person: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    ticket: String,
    credential: Value,
}

fn asked_of_browser((ticket, options): (String, Value)) -> Answer {
    json(&object!({ "ticket": ticket, "publicKey": options }))
}

/// `POST /api/v1/join`
pub(super) async fn begin_join(asked: Asked) -> Answer {
    let app = asked.app.clone();
    let begin: BeginJoin = asked.json().await?;
    asked_of_browser(app.ask(move |world| act(world, |house| house.begin_join(&begin.person, &begin.code))).await??)
}

/// `POST /api/v1/join/answer`
pub(super) async fn join(asked: Asked) -> Answer {
    let app = asked.app.clone();
    let answered: Answered = asked.json().await?;
    let answer = answered.credential.to_string();
    let secret = app.ask(move |world| act(world, |house| house.join(&answered.ticket, answer.as_bytes()))).await??;
    with_session(json(&object!({ "to": "/" }))?, Some(&secret))
}

/// `POST /api/v1/sign-in`
pub(super) async fn begin(asked: Asked) -> Answer {
    let app = asked.app.clone();
    let begin: Begin = asked.json().await?;
    asked_of_browser(app.ask(move |world| act(world, |house| house.begin_sign_in(&begin.person))).await??)
}

/// `POST /api/v1/sign-in/answer`: opens a session, or the person's own locked one.
pub(super) async fn sign_in(asked: Asked) -> Answer {
    let (app, visit) = (asked.app.clone(), asked.visit.clone());
    let answered: Answered = asked.json().await?;
    let answer = answered.credential.to_string();
    let opened = app.ask(move |world| {
        let locked = visit.session.as_ref().zip(visit.locked.as_ref().map(|away| away.person.id.as_str()));
        act(world, |house| house.sign_in(&answered.ticket, answer.as_bytes(), locked))
    });
    let (secret, kept) = opened.await??;
    if let Some(kept) = kept {
        // The form is kept for the page that asks whether to carry it out.
        app.ask({
            let secret = secret.clone();
            move |world| {
                world.sessions().keep(&secret, kept);
                Ok(())
            }
        })
        .await?;
        return with_session(json(&object!({ "to": "/kept" }))?, Some(&secret));
    }
    with_session(json(&object!({ "to": "" }))?, Some(&secret))
}

/// `POST /sign-out`
pub(super) async fn sign_out(asked: Asked) -> Answer {
    let visit = asked.visit.clone();
    asked
        .app
        .ask(move |world| {
            if let Some(secret) = &visit.session {
                world.sessions().end(secret);
            }
            Ok(())
        })
        .await?;
    with_session(super::answer::see("/sign-in")?, None)
}
