//! Signing in with a password and the code of a device.

use crate::http::answer::{page, see};
use crate::http::asked::{Asked, local};
use crate::http::doors::Door;
use crate::http::entry::{back, with_session};
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use theriac_pki::Password;

type Answer = Result<Response, Failure>;

#[derive(Deserialize)]
struct SignIn {
    person: String,
    password: String,
    code: String,
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    to: String,
    person: String,
    fault: Option<Failure>,
}

/// `POST /sign-in/code`
pub(in crate::http) async fn sign_in(asked: Asked) -> Answer {
    let (app, visit) = (asked.app.clone(), asked.visit.clone());
    let form: SignIn = asked.read_form().await?;
    let to = local(&form.to).to_owned();
    let person = form.person.clone();
    let opened = app.ask({
        let visit = visit.clone();
        move |world| {
            let locked = visit.session.as_ref().zip(visit.locked.as_ref().map(|away| away.person.id.as_str()));
            let password = Password::new(form.password);
            act(world, |house| house.sign_in_with_code(form.person.trim(), &password, &form.code, locked))
        }
    });
    match opened.await? {
        Ok((secret, kept)) => {
            let answer = match kept {
                Some(kept) => back(&asked, Some(kept), &to).await?,
                None => see(&to)?,
            };
            with_session(answer, Some(&secret))
        }
        Err(fault) => {
            let status = fault.status;
            let shell = Shell::new(Door::SignInPage, &visit);
            let person: String = person.chars().take(64).collect();
            let mut response = page(&SignInPage { shell, to, person, fault: Some(fault) })?;
            *response.status_mut() = status;
            Ok(response)
        }
    }
}
