//! The way of a practitioner from a program to the signature and back.
//!
//! The link names the program by its key's identifier. Where the way back leads is what the operator registered with the key,
//! so nobody can make a link of ours that leads elsewhere.

use super::{Answer, key, of_this_desk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page};
use crate::http::app::Visit;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::{act, split};
use crate::http::shell::Shell;
use crate::programs::address::Address;
use crate::views::PrescriptionRow;
use askama::Template;
use axum::extract::{Query, Request};
use serde::Deserialize;
use serde_json::json as object;
use theriac_model::Refusal;

/// The longest identifier of a key.
const KEY_MOST: usize = 64;

/// The way back to a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Back {
    /// The key's identifier.
    pub(in crate::http) key: String,
    /// The program, as people know it.
    pub(in crate::http) name: String,
    /// Its registered address, with the prescriptions it asked for.
    pub(in crate::http) address: String,
}

impl Back {
    /// The way back to the program with this key, if it has one.
    pub(in crate::http) fn of(house: &House, key: &str, ids: &str) -> Result<Option<Self>, Fault> {
        if key.is_empty() || key.len() > KEY_MOST {
            return Ok(None);
        }
        let Some(key) = house.key(key)? else { return Ok(None) };
        let Some(registered) = key.return_to else { return Ok(None) };
        let address = Address::parse(&registered, house.deployment)?.with("prescriptions", ids);
        Ok(Some(Self { key: key.id, name: key.name, address }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    ids: Vec<String>,
}

/// `POST /api/v1/signing-links`: the address to which the practitioner is sent to review and sign.
pub(in crate::http) async fn to_sign(asked: Asked) -> Answer {
    let (app, actor, key) = (asked.app.clone(), asked.visitor()?.actor.clone(), key(&asked));
    let wanted: Wanted = asked.json().await?;
    let ids = wanted.ids.join(",");
    let each = split(&ids)?;
    let link = app.ask(move |world| {
        act(world, |house| {
            let mut whose: Option<(String, String)> = None;
            for id in &each {
                of_this_desk(house, &actor, id)?;
                let (now, _) = house.prescription_now(id)?;
                let routing = now.routing();
                let one = (routing.patient.clone(), routing.practitioner.clone());
                now.into_ready()?;
                if whose.get_or_insert_with(|| one.clone()) != &one {
                    let what = "the prescriptions are of several patients or practitioners";
                    let next = "ask for a link for each patient and practitioner";
                    return Err(Refusal::new("RX-SIGN-SEVERAL", "73 FR 36722, proposed 21 CFR 1311.125(c)", what, next)
                        .about("ids")
                        .into());
                }
            }
            let ids = each.join(",");
            let back = Back::of(house, key.as_deref().unwrap_or_default(), &ids)?;
            let (_, site) = house.site_of_pages();
            let end = back.as_ref().map_or_else(String::new, |back| format!("&back={}", back.key));
            Ok(object!({ "link": format!("{site}/practice/sign?ids={ids}{end}"), "back": back.map(|back| back.address) }))
        })
    });
    json(&link.await??)
}

#[derive(Deserialize)]
struct Which {
    ids: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "signed.html")]
struct SignedPage {
    shell: Shell,
    prescriptions: Vec<PrescriptionRow>,
    back: Option<Back>,
}

/// `/practice/signed?ids=A,B&back=K`: what became of the prescriptions a program asked to be signed, and the way back to it.
pub(in crate::http) async fn signed(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let Which { ids, back } =
        Query::<Which>::try_from_uri(&asked.head.uri).map(|Query(which)| which).map_err(|_| Failure::no_such_page())?;
    let each = split(&ids)?;
    let found = asked.app.ask(move |world| {
        let back = act(world, |house| {
            each.iter().try_for_each(|id| of_this_desk(house, &actor, id))?;
            Back::of(house, &back, &ids)
        })?;
        let Ok(back) = back else { return Ok(back.map(|back| (back, Vec::new()))) };
        let views = each.iter().filter_map(|id| world.prescription(id).transpose());
        let rows = views.map(|view| view.map(|view| view.row)).collect::<Result<Vec<_>, _>>()?;
        Ok(Ok((back, rows)))
    });
    let (back, prescriptions) = found.await??;
    page(&SignedPage { shell: Shell::new(Door::Signed, &asked.visit), prescriptions, back })
}

#[derive(Template)]
#[template(path = "arrived.html")]
struct ArrivedPage {
    shell: Shell,
    here: String,
}

/// Whether the browser was sent here by another site. It then keeps its session's cookie back, and sends it with the next
/// request, which is ours.
pub(in crate::http) fn from_elsewhere(request: &Request) -> bool {
    request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

fn here(request: &Request) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    crate::http::asked::local(path).to_owned()
}

/// A page that goes on to the one that was wanted.
pub(in crate::http) fn arrived(visit: &Visit, request: &Request) -> Answer {
    page(&ArrivedPage { shell: Shell::new(Door::Review, visit), here: here(request) })
}

/// Where whoever is not signed in goes before the page that was wanted.
pub(in crate::http) fn sign_in_first(request: &Request) -> String {
    format!("{}?to={}", Door::SignInPage.path(), here(request).replace('%', "%25").replace('&', "%26"))
}
