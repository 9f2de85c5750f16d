//! The registration: its profile, its certificates, the steps about it, and the papers that people file with DEA.

use super::{filled, in_format, posted};
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, file};
use crate::http::multipart::parts;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::stockroom::Cover;
use crate::stockroom::{GROUPS, PAPERS, PROFILE, Place, StepForm, Task, step_form};
use crate::typed::Typed;
use askama::Template;
use axum::http::header;

struct FieldRow {
    name: &'static str,
    label: &'static str,
    value: String,
    required: bool,
}

struct StepRow {
    at: String,
    what: String,
    said: String,
    by: String,
    seq: u64,
}

struct CertificateRow {
    seq: u64,
    number: String,
    expires: String,
    which: String,
}

#[derive(Template)]
#[template(path = "books_registration.html")]
struct RegistrationPage {
    shell: Shell,
    number: String,
    fields: Vec<FieldRow>,
    missing: Vec<&'static str>,
    tasks: Vec<Task>,
    steps: Vec<StepRow>,
    certificates: Vec<CertificateRow>,
    papers: &'static [(&'static str, &'static str)],
    groups: Vec<(&'static str, Vec<&'static StepForm>)>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/registration`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(&asked, Typed::default(), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksRegistration, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let now = house.registration()?;
        let refilled = typed.0.iter().any(|(name, _)| name == "trade-name");
        let value = |name: &str| if refilled { typed.get(name) } else { now.get(name) }.to_owned();
        Ok(RegistrationPage {
            shell,
            number: house.pharmacy.to_string(),
            fields: PROFILE
                .iter()
                .map(|(name, label, place)| FieldRow {
                    name,
                    label,
                    value: value(name),
                    required: *place == Place::Required,
                })
                .collect(),
            missing: now.missing(),
            tasks: now.tasks(),
            certificates: now
                .certificates()
                .into_iter()
                .map(|one| CertificateRow { seq: one.seq, number: one.number, expires: one.expires, which: one.which })
                .collect(),
            steps: now
                .steps
                .iter()
                .rev()
                .map(|step| {
                    let known = step_form(&step.what);
                    let said =
                        step.fields.0.iter().filter(|(name, value)| !value.is_empty() && !name.starts_with("profile."));
                    StepRow {
                        at: house.clock.wall(step.at),
                        what: known
                            .map_or_else(|| "A certificate was filed".to_owned(), |(_, what, _)| (*what).to_owned()),
                        said: said
                            .map(|(name, value)| format!("{}: {value}", name.replace('-', " ")))
                            .collect::<Vec<_>>()
                            .join("; "),
                        by: house.full_name(&step.by),
                        seq: step.seq,
                    }
                })
                .collect(),
            papers: &PAPERS,
            groups: GROUPS
                .iter()
                .map(|(heading, words)| (*heading, words.iter().filter_map(|word| step_form(word)).collect()))
                .collect(),
            may_act: Door::BooksProfile.admits(role),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/registration`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let work = |house: &crate::house::House, by: &theriac_model::Actor, typed: &Typed| {
        house.enter_profile(by, typed).map(|()| "/books/registration".to_owned())
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/registration/steps`
pub(in crate::http) async fn step(asked: Asked) -> Answer {
    let work = |house: &crate::house::House, by: &theriac_model::Actor, typed: &Typed| {
        house.registration_step(by, typed.get("what"), typed).map(|()| "/books/registration#steps".to_owned())
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/registration/certificates`
pub(in crate::http) async fn certificate(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let all = media.and_then(|media| parts(media, &asked.body)).unwrap_or_default();
    let text = |name: &str| {
        let part = all.iter().find(|part| part.name == name);
        part.and_then(|part| std::str::from_utf8(part.bytes).ok()).unwrap_or_default().to_owned()
    };
    let typed = Typed(["number", "expires", "which"].map(|name| (name.to_owned(), text(name))).to_vec());
    let image = all.iter().find(|part| part.name == "image").map(|part| part.bytes.to_vec()).unwrap_or_default();
    let media = match image.as_slice() {
        [0x25, 0x50, 0x44, 0x46, ..] => "application/pdf",
        [0x89, 0x50, 0x4e, 0x47, ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        _ => "application/octet-stream",
    };
    let given = typed.clone();
    let done = asked.app.ask(move |world| act(world, |house| house.file_certificate(&by, &given, media, image)));
    match done.await? {
        Ok(()) => see("/books/registration#certificates"),
        Err(fault) => again(&asked, typed, Some(fault)).await,
    }
}

/// `/books/registration/certificates/{seq}`: the image as it was uploaded, to be saved.
pub(in crate::http) async fn image(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    let found = asked.app.ask(move |world| act(world, |house| house.certificate_image(seq)));
    let (media, bytes) = found.await??;
    file(&format!("certificate-{seq}"), &media, bytes)
}

/// `/books/registration/papers/{id}`
pub(in crate::http) async fn paper(asked: Asked) -> Answer {
    let which = asked.id("id")?;
    let name = which.clone();
    in_format(&asked, (&name, "pdf"), move |house, _| house.registration_paper(&which).map(Cover::of_paper).map(Some))
        .await
}
