//! Review and signature. The page shows every element and the statement; agreeing and both factors are one act.

use super::{act, of_this_desk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::programs::Back;
use crate::http::shell::Shell;
use crate::http::words::{self, Group};
use crate::practice::Channel;
use crate::practice::signing::{Act, Page};
use crate::views::{PrescriptionRow, PrescriptionView, World};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as object};
use theriac_model::{Actor, Element, Refusal, Registration};
use theriac_pki::Assertion;
use theriac_prescriber::Prescription;
use theriac_prescriber::stage::Agreement;
use theriac_prescriber::statement::{PROPOSED_2008, Statement};

type Answer = Result<Response, Failure>;

/// Prescriptions of one signing act at most.
const MOST: usize = 20;

/// One prescription under review.
struct Reviewed {
    row: PrescriptionRow,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    shell: Shell,
    prescriptions: Vec<Reviewed>,
    /// The identifiers, separated by commas.
    ids: String,
    patient: String,
    statement: Statement,
    /// Whether the demonstration's software token can answer for this practitioner.
    soft: bool,
    /// The program that sent the practitioner here.
    back: Option<Back>,
}

#[derive(Deserialize)]
struct Which {
    ids: String,
    #[serde(default)]
    back: String,
}

/// The identifiers of an address or a form.
pub(in crate::http) fn split(ids: &str) -> Result<Vec<String>, Failure> {
    let ids: Vec<String> = ids.split(',').map(str::to_owned).collect();
    let plain =
        |id: &String| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if ids.len() <= MOST && ids.iter().all(plain) {
        return Ok(ids);
    }
    Err(Failure::new(
        StatusCode::BAD_REQUEST,
        "HTTP-ID",
        "the prescriptions to sign could not be read from the address",
        "choose them in the list",
    ))
}

/// `/practice/sign?ids=A,B`: every element of ready prescriptions of one patient, and the statement.
pub(in crate::http) async fn review(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let which = Query::<Which>::try_from_uri(&asked.head.uri).map_err(|_| Failure::no_such_page())?;
    let ids = split(&which.0.ids)?;
    let program = which.0.back;
    let found = asked.app.ask(move |world| {
        let checked = act(world, |house| {
            for id in &ids {
                of_this_desk(house, &actor, id)?;
                house.prescription_now(id)?.0.into_ready()?;
            }
            Ok((house.holds_soft_token(&actor.id), Back::of(house, &program, &ids.join(","))?))
        })?;
        let (soft, back) = match checked {
            Ok(checked) => checked,
            Err(failure) => return Ok(Err(failure)),
        };
        let views: Vec<PrescriptionView> =
            ids.iter().filter_map(|id| world.prescription(id).transpose()).collect::<Result<_, _>>()?;
        Ok(Ok((views, soft, back)))
    });
    let (views, soft, back) = found.await??;
    let patient = views.first().map_or_else(String::new, |view| view.row.patient.clone());
    let prescriptions =
        views.into_iter().map(|view| Reviewed { groups: words::groups(&view.elements), row: view.row }).collect();
    page(&ReviewPage {
        shell: Shell::new(Door::Review, &asked.visit),
        prescriptions,
        ids: which.0.ids,
        patient,
        statement: PROPOSED_2008,
        soft,
        back,
    })
}

/// What a page sends to begin a signature: the prescriptions, and that the practitioner agrees to the statement shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    ids: String,
    statement: String,
    agreed: bool,
}

/// Reviews and agrees, then begins the act. The registration is the one on the prescriptions.
fn agreed(house: &House, by: &Actor, ids: &[String], agreement: Agreement) -> Result<Act, Fault> {
    let mut registration: Option<Registration> = None;
    for id in ids {
        of_this_desk(house, by, id)?;
        let (now, _) = house.prescription_now(id)?;
        let on_it = now.contents().get(Element::Registration).and_then(|text| Registration::parse(text).ok());
        if registration.is_some() && registration != on_it {
            return Err(Refusal::new(
                "RX-SIGN-REGISTRATIONS",
                "73 FR 36722, proposed 21 CFR 1311.110(d)",
                "the prescriptions are under different registrations",
                "sign those of one registration, then the others with their own token",
            )
            .into());
        }
        registration = on_it;
        if matches!(now, Prescription::Ready(_) | Prescription::Reviewed(_)) {
            house.review(by, id, agreement)?;
        }
    }
    let registration = registration.ok_or_else(|| {
        Refusal::new("RX-DRAFT-INCOMPLETE", "21 CFR 1306.05(a)", "no registration is on the prescription", "enter it")
    })?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    house.begin_to_sign(&ids, &registration, Channel::Electronic)
}

/// `POST /api/v1/signing`: the practitioner agrees; answers what the token is asked.
pub(in crate::http) async fn begin(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let begin: Begin = asked.json().await?;
    let ids = split(&begin.ids)?;
    let agreement =
        if begin.agreed && begin.statement == PROPOSED_2008.id { Agreement::Agreed } else { Agreement::NotGiven };
    let options = app.ask(move |world| {
        act(world, |house| {
            let wanted = agreed(house, &actor, &ids, agreement)?;
            let options = house.token_options(&actor, &wanted)?;
            house.await_answer(&actor, wanted);
            Ok(options)
        })
    });
    json(&object!({ "publicKey": options.await?? }))
}

/// `POST /api/v1/signing/answer`: the token's answer; signs.
pub(in crate::http) async fn sign(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let answer: Value = asked.json().await?;
    let bytes = serde_json::to_vec(&answer).map_err(|_| Failure::unavailable())?;
    let signed = app.ask(move |world| act(world, |house| signed(world, house, &actor, &bytes)));
    json(&object!({ "signed": signed.await?? }))
}

fn signed(_: &dyn World, house: &House, by: &Actor, answer: &[u8]) -> Result<Vec<String>, Fault> {
    let wanted = house.awaited(by)?;
    let assertion = Assertion::from_browser(answer)?;
    let (host, origin) = house.site_of_pages();
    house.sign_act(by, &wanted, &assertion.credential.clone(), &assertion, Page { host: &host, origin: &origin })?;
    Ok(wanted.ids)
}

#[derive(Deserialize)]
struct SoftForm {
    ids: String,
    #[serde(default)]
    back: String,
    statement: String,
    #[serde(default)]
    agreed: String,
    pin: String,
}

/// `POST /practice/sign`: in a demonstration, the software token answers for the PIN.
pub(in crate::http) async fn soft(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let form: SoftForm = asked.form().await?;
    let ids = split(&form.ids)?;
    let (listed, first) = (ids.join(","), ids.first().cloned().unwrap_or_default());
    // As the page wrote it: the identifier of a key, or nothing.
    let back = Some(form.back.clone()).filter(|key| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric()));
    let agreement = if form.agreed == "yes" && form.statement == PROPOSED_2008.id {
        Agreement::Agreed
    } else {
        Agreement::NotGiven
    };
    let done = app.ask(move |world| {
        act(world, |house| {
            let wanted = agreed(house, &actor, &ids, agreement)?;
            house.sign_with_soft_token(&actor, &wanted, &form.pin)
        })
    });
    done.await??;
    if back.is_some() {
        return see(&format!("/practice/signed?ids={listed}&back={}", back.unwrap_or_default()));
    }
    see(&format!("/practice/prescriptions/{first}"))
}
