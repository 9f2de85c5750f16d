//! Coming in, being away, and coming back: the session's cookie, its lock, and what was sent while it was locked.

use super::answer::{json, page, see};
use super::asked::{Asked, SESSION_COOKIE};
use super::doors::Door;
use super::failure::Failure;
use super::shell::Shell;
use crate::sessions::{Kept, Known, Secret};
use crate::views::{DeploymentKind, PersonView};
use askama::Template;
use axum::extract::{Form, FromRequest as _, Request};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::json as object;

type Answer = Result<Response, Failure>;

/// Fields of a kept form at most; the body is bounded already.
const FIELDS_MAX: usize = 500;

/// The same answer with the cookie of a session, or with the cookie taken back.
pub(super) fn with_session(mut response: Response, secret: Option<&Secret>) -> Answer {
    let cookie = match secret {
        Some(secret) => format!("{SESSION_COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", secret.as_str()),
        None => format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
    };
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Failure::unavailable())?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A request at a locked session: a form is kept, and the way leads to the lock.
pub(super) async fn to_the_lock(asked: Asked) -> Answer {
    let path = asked.head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if asked.head.method.is_safe() {
        return see(&format!("/unlock?to={}", super::asked::local(&path).replace('&', "%26")));
    }
    // A form can be shown again and carried out later; a file cannot, and is chosen anew.
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    if media.is_some_and(|media| media.starts_with("multipart/")) {
        return see("/unlock");
    }
    let (app, visit) = (asked.app.clone(), asked.visit.clone());
    let kept = Kept { path, body: asked.body.to_vec() };
    app.ask(move |world| {
        if let Some(secret) = &visit.session {
            world.sessions().keep(secret, kept);
        }
        Ok(())
    })
    .await?;
    see("/unlock")
}

#[derive(Template)]
#[template(path = "unlock.html")]
struct UnlockPage {
    shell: Shell,
    person: Option<PersonView>,
    /// Whether a click is enough: the person was taken at their word before, in a demonstration.
    claimed: bool,
    to: String,
}

/// `/unlock`
pub(super) fn lock_page(asked: &Asked) -> Answer {
    let away = asked.visit.locked.as_ref();
    let claimed =
        away.is_some_and(|away| away.known == Known::Claimed) && asked.visit.deployment.kind == DeploymentKind::Demo;
    let person = away.map(|away| away.person.clone());
    page(&UnlockPage { shell: Shell::new(Door::LockPage, &asked.visit), person, claimed, to: asked.wanted() })
}

#[derive(Template)]
#[template(path = "kept.html")]
struct KeptPage {
    shell: Shell,
    action: String,
    fields: Vec<(String, String)>,
}

/// `POST /unlock`: in a demonstration a person who was taken at their word is so again.
pub(super) async fn unlock(asked: Asked) -> Answer {
    let visit = asked.visit.clone();
    let (Some(away), Some(secret)) = (&visit.locked, &visit.session) else { return see("/") };
    if away.known != Known::Claimed || visit.deployment.kind != DeploymentKind::Demo {
        return Err(super::gate::demonstration_only());
    }
    let (app, to, secret) = (asked.app.clone(), asked.wanted(), secret.clone());
    let opened = app.ask(move |world| Ok(world.sessions().unlock(&secret, Known::Claimed, world.now())));
    let Some((fresh, kept)) = opened.await? else { return see("/desk") };
    with_session(back(&asked, kept, &to).await?, Some(&fresh))
}

/// Back to the work: the form that was sent meanwhile, or the page that was wanted.
pub(super) async fn back(asked: &Asked, kept: Option<Kept>, to: &str) -> Answer {
    let Some(kept) = kept else { return see(to) };
    let fields = form_fields(kept.body).await;
    page(&KeptPage { shell: Shell::new(Door::Kept, &asked.visit), action: kept.path, fields })
}

/// `/kept`: the form that was sent while the session was locked.
pub(super) async fn kept(asked: Asked) -> Answer {
    let visit = asked.visit.clone();
    let found =
        asked.app.ask(move |world| Ok(visit.session.as_ref().and_then(|secret| world.sessions().take_kept(secret))));
    let kept = found.await?;
    back(&asked, kept, "/").await
}

/// The fields of a form as its browser wrote them.
async fn form_fields(body: Vec<u8>) -> Vec<(String, String)> {
    let form = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.into());
    let Ok(form) = form else { return Vec::new() };
    let fields = Form::<Vec<(String, String)>>::from_request(form, &()).await;
    fields.map_or_else(|_| Vec::new(), |Form(fields)| fields.into_iter().take(FIELDS_MAX).collect())
}

/// `POST /lock`: locks the session at once.
pub(super) async fn lock(asked: Asked) -> Answer {
    let visit = asked.visit.clone();
    asked
        .app
        .ask(move |world| {
            if let Some(secret) = &visit.session {
                world.sessions().lock(secret);
            }
            Ok(())
        })
        .await?;
    see("/unlock")
}

/// `/session`: whether the session is open, for the page that shows it. Asking does not count as use.
pub(super) async fn state(asked: Asked) -> Answer {
    let state = match (&asked.visit.locked, &asked.visit.visitor) {
        (Some(_), _) => "locked",
        (None, Some(_)) => "open",
        (None, None) => "none",
    };
    let idle = asked.app.ask(|world| Ok(world.idle().as_secs())).await?;
    json(&object!({ "state": state, "idle_seconds": idle }))
}
