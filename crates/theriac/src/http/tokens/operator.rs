//! The operator's desk of tokens: who holds what, handing devices over, code devices, and losses that somebody reports.

use super::{OfferLine, Spare, TokenLine, spares, token_lines};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::app::{App, Visit};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::tokens::codes::DeviceLine;
use crate::tokens::{Passkeys, Serves};
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use theriac_model::{Actor, Refusal, Registration, Role};
use theriac_prescriber::access::RecoveryStage;
use theriac_prescriber::token_event::LossKind;

type Answer = Result<Response, Failure>;

/// A practitioner in the list.
struct Line {
    id: String,
    name: String,
    stage: String,
    tokens: usize,
    offers: usize,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    lines: Vec<Line>,
    devices: Vec<DeviceLine>,
}

/// `/operator/tokens`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let shell = Shell::new(Door::Tokens, &asked.visit);
    let view = asked.app.ask(move |world| {
        act(world, |house| {
            let mut lines = Vec::new();
            for row in house.store.query("SELECT id, name FROM people WHERE role = 'prescriber' ORDER BY name", &[])? {
                let id = row.text(0)?.to_owned();
                let (signer, _) = house.signer(&id)?;
                lines.push(Line {
                    name: row.text(1)?.to_owned(),
                    stage: crate::http::operator::in_words(signer.stage(house.today())),
                    tokens: spares(house, &signer).iter().map(|spare| spare.usable).sum(),
                    offers: house.offers(&id)?.0.len(),
                    id,
                });
            }
            Ok(TokensPage { shell, lines, devices: house.code_devices()? })
        })
    });
    page(&view.await??)
}

#[derive(Template)]
#[template(path = "tokens_person.html")]
struct PersonPage {
    shell: Shell,
    id: String,
    name: String,
    stage: String,
    tokens: Vec<TokenLine>,
    spares: Vec<Spare>,
    offers: Vec<OfferLine>,
    /// Whether two must recognise the person before a token is bound.
    recovery: bool,
    /// Whether whoever looks may act here.
    acts: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// Everything that the forms of the page send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Typed {
    pub(super) registration: String,
    pub(super) serial: String,
    pub(super) code: String,
    pub(super) offer: String,
    pub(super) kind: String,
    pub(super) discovered: String,
    pub(super) channel: String,
    pub(super) passkeys: String,
}

impl Typed {
    /// What the form says of a loss.
    pub(super) fn loss(&self) -> Result<(LossKind, Option<String>), Refusal> {
        let kind = LossKind::parse(&self.kind).ok_or_else(|| {
            let next = "choose what happened to the token";
            Refusal::new(
                "TOKEN-LOSS-KIND",
                "73 FR 36722, proposed 21 CFR 1311.135(a)",
                "it is not said what happened",
                next,
            )
            .about("kind")
        })?;
        let serial = self.serial.trim();
        Ok((kind, (!serial.is_empty()).then(|| serial.to_owned())))
    }

    pub(super) fn passkeys(&self) -> Passkeys {
        if self.passkeys == "yes" { Passkeys::TakeAway } else { Passkeys::Keep }
    }
}

async fn show(app: &Arc<App>, visit: &Arc<Visit>, id: String, fault: Option<Failure>, typed: Typed) -> Answer {
    let (shell, status) = (Shell::new(Door::TokenPerson, visit), fault.as_ref().map(|fault| fault.status));
    let acts = visit.visitor.as_ref().is_some_and(|visitor| Door::TokenOffer.admits(visitor.actor.role));
    let view = app.ask(move |world| {
        act(world, |house| {
            if house.person(&id)?.is_none_or(|person| person.role != Role::Prescriber) {
                return Ok(None);
            }
            let (signer, _) = house.signer(&id)?;
            Ok(Some(PersonPage {
                shell,
                name: house.full_name(&id),
                stage: crate::http::operator::in_words(signer.stage(house.today())),
                tokens: token_lines(house, &signer)?,
                spares: spares(house, &signer),
                offers: OfferLine::of(house, &id)?,
                recovery: matches!(signer.recovery_stage(), RecoveryStage::Needed | RecoveryStage::Opened),
                acts,
                now: now(house),
                typed,
                fault,
                id,
            }))
        })
    });
    let view = view.await??.ok_or_else(|| Failure::no_such("practitioner", "choose one from the list of tokens"))?;
    let mut response = page(&view)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// The local time as a form states it.
pub(super) fn now(house: &House) -> String {
    house.clock.wall(house.clock.now()).replace(' ', "T")
}

/// `/operator/tokens/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    show(&asked.app, &asked.visit, id, None, Typed::default()).await
}

async fn done(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, &str, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let id = asked.id("id")?;
    let (app, visit, actor) = (asked.app.clone(), asked.visit.clone(), asked.visitor()?.actor.clone());
    let mut typed: Typed = asked.form().await?;
    let (whose, sent) = (id.clone(), typed.clone());
    match app.ask(move |world| act(world, |house| work(house, &actor, &whose, &sent))).await? {
        Ok(()) => see(&format!("/operator/tokens/{id}")),
        Err(fault) => {
            typed.code = String::new();
            show(&app, &visit, id, Some(fault), typed).await
        }
    }
}

fn registration(typed: &Typed) -> Result<Registration, Refusal> {
    Registration::parse(&typed.registration).map_err(|_| {
        let next = "choose one of the person's registrations; they are checked in the enrolment";
        Refusal::new(
            "RX-TOKEN-REGISTRATION",
            "73 FR 36722, proposed 21 CFR 1311.110(d)",
            "no registration is named",
            next,
        )
        .about("registration")
    })
}

/// `POST /operator/tokens/{id}/offer`: hands a device over.
pub(in crate::http) async fn hand_over(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| {
        house.offer_token(by, id, Serves::Signing, &registration(typed)?, &typed.serial).map(|_| ())
    })
    .await
}

/// `POST /operator/tokens/{id}/offer/withdraw`
pub(in crate::http) async fn take_back(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| house.withdraw_offer(by, id, &typed.offer)).await
}

/// `POST /operator/tokens/{id}/code`: binds a code device.
pub(in crate::http) async fn bind_code(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| {
        house.bind_code_device(by, id, &registration(typed)?, &typed.serial, &typed.code)
    })
    .await
}

/// `POST /operator/tokens/{id}/loss`: somebody reported a loss.
pub(in crate::http) async fn loss(asked: Asked) -> Answer {
    done(asked, |house, by, id, typed| {
        let discovered = house.local_instant(&typed.discovered)?;
        let channel = House::reason(&typed.channel)?;
        house.report_loss(by, id, typed.loss()?, discovered, &channel, typed.passkeys()).map(|_| ())
    })
    .await
}
