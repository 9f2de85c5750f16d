//! The people who may come to sign, what was checked of each, and the grant of two.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page, see};
use crate::http::app::{App, Visit};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::practice::signer_stream;
use crate::views::{RefusalView, StepView};
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as object};
use std::sync::Arc;
use theriac_model::{Actor, Refusal, Registration, Role};
use theriac_prescriber::Signer;
use theriac_prescriber::access::{GrantStage, RecoveryStage};
use theriac_prescriber::enrolment::{ProviderKind, Review};

type Answer = Result<Response, Failure>;

/// A person in the list.
struct Line {
    id: String,
    name: String,
    stage: String,
    registrations: String,
    /// Whether a controller has something to do.
    waits: &'static str,
}

#[derive(Template)]
#[template(path = "access.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
}

/// What is to be done next, by the stage of the grant and of a recovery.
fn waits(signer: &Signer, ready: bool) -> &'static str {
    match (signer.recovery_stage(), signer.grant_stage()) {
        (RecoveryStage::Needed, _) => "recovery: a first controller recognises the person",
        (RecoveryStage::Opened, _) => "recovery: a second controller confirms",
        (_, GrantStage::First) => "a second controller approves",
        (_, GrantStage::None) if ready => "a first controller nominates",
        (_, GrantStage::Suspended) => "suspended: two grant anew once the cause is gone",
        _ => "",
    }
}

/// `/access`: practitioners, and who waits for a grant.
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let lines = asked.app.ask(move |world| {
        act(world, |house| {
            let mut lines = Vec::new();
            for row in house.store.query("SELECT id, name FROM people WHERE role = 'prescriber' ORDER BY name", &[])? {
                let id = row.text(0)?.to_owned();
                let (signer, _) = house.signer(&id)?;
                let numbers: Vec<String> =
                    signer.registrations().iter().map(|checked| checked.registration.to_string()).collect();
                let ready = signer.grant_stage() == GrantStage::None && review(house, &signer)?.ready();
                lines.push(Line {
                    name: row.text(1)?.to_owned(),
                    stage: crate::http::operator::in_words(signer.stage(house.today())),
                    registrations: numbers.join(", "),
                    waits: waits(&signer, ready),
                    id,
                });
            }
            Ok(lines)
        })
    });
    let lines = lines.await??;
    page(&ListPage { shell: Shell::new(Door::Access, &asked.visit), lines })
}

/// What is missing today; without registrant data, that.
fn review(house: &House, signer: &Signer) -> Result<Review, Fault> {
    let provider = house.provider();
    match house.data_for(signer, None) {
        Ok(data) => Ok(signer.review(&house.rules(&provider), &data)),
        Err(Fault::Refused(refusal)) => Ok(Review { general: vec![*refusal], places: Vec::new() }),
        Err(other) => Err(other),
    }
}

/// Something that was checked: what, the answer, and by whom.
struct Fact {
    what: &'static str,
    answer: String,
}

/// A registration and what stands under it.
struct Place {
    registration: String,
    standing: String,
    expires: String,
    schedules: String,
    tokens: usize,
    missing: Vec<RefusalView>,
}

/// Which acts are open to whoever looks.
#[allow(clippy::struct_excessive_bools)] // each is one form of the page, shown or not
struct Acts {
    nominate: bool,
    approve: bool,
    /// Whether the software token of a demonstration can answer for this controller.
    soft: bool,
    institution: bool,
    take_away: bool,
    recover: bool,
    confirm: bool,
}

#[derive(Template)]
#[template(path = "access_person.html")]
struct PersonPage {
    shell: Shell,
    id: String,
    name: String,
    stage: String,
    waits: &'static str,
    reason: String,
    nominated_by: String,
    facts: Vec<Fact>,
    general: Vec<RefusalView>,
    places: Vec<Place>,
    acts: Acts,
    steps: Vec<StepView>,
    typed: Typed,
    fault: Option<Failure>,
}

/// Everything that the forms of the page send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Typed {
    reason: String,
    registration: String,
    recognised: String,
    listed_a: String,
    listed_b: String,
    pin: String,
}

fn facts(house: &House, signer: &Signer) -> Vec<Fact> {
    let enrolment = signer.enrolment();
    let mut facts = Vec::new();
    let mut fact = |what, answer: String| facts.push(Fact { what, answer });
    let wall = |at| house.clock.wall(at);
    if let Some(application) = enrolment.application() {
        let by = house.full_name(&application.by.id);
        fact("Application", format!("{}, entered by {by}, {}", application.name, wall(application.at)));
    }
    if let Some(document) = enrolment.document() {
        let on = document.proofed_on.map_or_else(|| "on no day".to_owned(), |day| format!("on {day}"));
        let file = document.upload.as_ref().map_or("no file", |_| "the file is archived");
        let answer = format!("{} for {}, {on}; {file}", document.proofer, document.entity.name);
        fact("Identity proofed by", answer);
    }
    if let Some(by) = enrolment.accepted_by() {
        fact("Document accepted by", house.full_name(&by.id));
    }
    if enrolment.record().is_some() {
        fact("Credential provider", "the record of the law in force is on file".to_owned());
    }
    if let Some(application) = enrolment.application() {
        for intended in &application.intends {
            for kind in theriac_prescriber::proofing::CheckKind::ALL {
                if let Some(check) = enrolment.check(*kind, intended.state) {
                    let by = house.full_name(&check.by.id);
                    let answer = format!(
                        "{kind} in {}: {}, {} ({by}, {})",
                        intended.state,
                        check.result,
                        check.source,
                        wall(check.at)
                    );
                    fact("Checked with the State", answer);
                }
            }
            if let Some(contact) = enrolment.contact(intended.registration.key()) {
                let by = house.full_name(&contact.by.id);
                let answer = format!(
                    "{}: {}, {} from {} ({by}, {})",
                    contact.registration,
                    contact.answer,
                    contact.place,
                    contact.named,
                    wall(contact.at)
                );
                fact("Called back", answer);
            }
        }
    }
    facts
}

fn places(house: &House, signer: &Signer, review: &Review) -> Vec<Place> {
    let today = house.today();
    let views = |missing: &[Refusal]| missing.iter().map(RefusalView::from).collect();
    let line = |registration: &Registration, missing| {
        let checked = signer.registration(registration.key());
        let both = checked.map(|one| one.schedules.iter().filter(|schedule| one.state_schedules.contains(schedule)));
        let schedules = both.map(|both| both.map(|schedule| schedule.roman()).collect::<Vec<_>>().join(", "));
        Place {
            registration: registration.to_string(),
            standing: checked.map_or_else(String::new, |one| one.standing.word().to_owned()),
            expires: checked.map_or_else(String::new, |one| one.expires.to_string()),
            schedules: schedules.unwrap_or_default(),
            tokens: signer.usable_tokens(registration, today),
            missing,
        }
    };
    if review.places.is_empty() {
        return House::registrations_of(signer).iter().map(|one| line(one, Vec::new())).collect();
    }
    review.places.iter().map(|place| line(&place.intended.registration, views(&place.missing))).collect()
}

fn acts(house: &House, by: &Actor, signer: &Signer) -> Acts {
    let controls = by.role == Role::AccessController;
    let stage = signer.grant_stage();
    let open = matches!(stage, GrantStage::None | GrantStage::Suspended | GrantStage::Revoked);
    Acts {
        nominate: controls && open,
        approve: controls && stage == GrantStage::First,
        soft: house.holds_soft_token(&by.id),
        institution: house.provider().kind == ProviderKind::Institution,
        take_away: Door::AccessRevoke.admits(by.role)
            && matches!(stage, GrantStage::First | GrantStage::InForce | GrantStage::Suspended),
        recover: controls && signer.recovery_stage() == RecoveryStage::Needed,
        confirm: controls && signer.recovery_stage() == RecoveryStage::Opened,
    }
}

/// The page of a person, with a refusal and what was typed if an act was refused.
async fn show(app: &Arc<App>, visit: &Arc<Visit>, id: String, fault: Option<Failure>, typed: Typed) -> Answer {
    let by = visit.visitor.as_ref().map(|visitor| visitor.actor.clone()).ok_or_else(no_such)?;
    let (shell, status) = (Shell::new(Door::AccessPerson, visit), fault.as_ref().map(|fault| fault.status));
    let found = app.ask(move |world| {
        act(world, |house| {
            if house.person(&id)?.is_none_or(|person| person.role != Role::Prescriber) {
                return Ok(None);
            }
            let (signer, _) = house.signer(&id)?;
            let review = review(house, &signer)?;
            let entries = house.store.stream(&signer_stream(&id))?;
            Ok(Some(PersonPage {
                shell,
                name: house.full_name(&id),
                stage: crate::http::operator::in_words(signer.stage(house.today())),
                waits: waits(&signer, review.ready()),
                reason: signer.grant_reason().unwrap_or_default().to_owned(),
                nominated_by: signer.nominated_by().map_or_else(String::new, |by| house.full_name(&by.id)),
                facts: facts(house, &signer),
                general: review.general.iter().map(RefusalView::from).collect(),
                places: places(house, &signer, &review),
                acts: acts(house, &by, &signer),
                steps: entries.iter().map(|entry| house.step(entry)).collect(),
                typed,
                fault,
                id,
            }))
        })
    });
    let mut response = page(&found.await??.ok_or_else(no_such)?)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

fn no_such() -> Failure {
    Failure::no_such("practitioner", "choose one from the list of access control")
}

/// `/access/people/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    show(&asked.app, &asked.visit, id, None, Typed::default()).await
}

/// An act on a person: done, and back to the page; or refused, on the page.
async fn done(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, &str, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let id = asked.id("id")?;
    let (app, visit, actor) = (asked.app.clone(), asked.visit.clone(), asked.visitor()?.actor.clone());
    let mut typed: Typed = asked.form().await?;
    let (whose, sent) = (id.clone(), typed.clone());
    match app.ask(move |world| act(world, |house| work(house, &actor, &whose, &sent))).await? {
        Ok(()) => see(&format!("/access/people/{id}")),
        Err(fault) => {
            typed.pin = String::new();
            show(&app, &visit, id, Some(fault), typed).await
        }
    }
}

/// `POST /access/people/{id}/nominate`
pub(in crate::http) async fn nominate(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| {
        let listed = [typed.listed_a.trim().to_owned(), typed.listed_b.trim().to_owned()];
        let listed: Vec<String> = listed.into_iter().filter(|name| !name.is_empty()).collect();
        house.nominate(by, id, &listed)
    })
    .await
}

/// `POST /access/people/{id}/approve`: an institution's separate unit, or the software token of a demonstration.
pub(in crate::http) async fn approve(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| match house.provider().kind {
        ProviderKind::Institution => house.execute_grant(by, id),
        ProviderKind::Practice => house.approve_softly(by, id, &typed.pin),
    })
    .await
}

/// `POST /access/people/{id}/suspend`
pub(in crate::http) async fn suspend(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| house.suspend_signing(by, id, &typed.reason)).await
}

/// `POST /access/people/{id}/revoke`
pub(in crate::http) async fn revoke(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| house.revoke_signing(by, id, &typed.reason)).await
}

/// `POST /access/people/{id}/withdraw`
pub(in crate::http) async fn withdraw(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| {
        let registration = Registration::parse(&typed.registration).map_err(|_| {
            let next = "choose one of the registrations on the page";
            Refusal::new("RX-TOKEN-REGISTRATION", "21 CFR 1311.125", "no registration is named", next)
                .about("registration")
        })?;
        house.withdraw_registration(by, id, &registration, &typed.reason)
    })
    .await
}

/// `POST /access/people/{id}/recovery`
pub(in crate::http) async fn recover(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| house.open_recovery(by, id, &typed.recognised)).await
}

/// `POST /access/people/{id}/recovery/confirm`
pub(in crate::http) async fn confirm(asked: Asked) -> Answer {
    done(asked, |house, by, id, _| house.confirm_recovery(by, id)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    person: String,
}

/// `POST /api/v1/grants`: what the controller's key is asked.
pub(in crate::http) async fn begin(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let begin: Begin = asked.json().await?;
    let options = app.ask(move |world| act(world, |house| house.begin_approval(&actor, &begin.person)));
    json(&object!({ "publicKey": options.await?? }))
}

/// `POST /api/v1/grants/answer`: the key's answer puts the grant in force.
pub(in crate::http) async fn finish(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let answer: Value = asked.json().await?;
    let bytes = serde_json::to_vec(&answer).map_err(|_| Failure::unavailable())?;
    let person = app.ask(move |world| act(world, |house| house.finish_approval(&actor, &bytes))).await??;
    json(&object!({ "to": format!("/access/people/{person}") }))
}
