//! Review and signature. The page shows every element and the statement; agreeing and both factors are one act.

use super::{act, of_this_desk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
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
use theriac_pki::{Assertion, Password};
use theriac_prescriber::Prescription;
use theriac_prescriber::stage::Agreement;
use theriac_prescriber::statement::{Agreeing, Covers, Statement};

type Answer = Result<Response, Failure>;

/// Prescriptions of one signing act at most.
const MOST: usize = 20;

/// One prescription under review.
struct Reviewed {
    row: PrescriptionRow,
    groups: Vec<Group>,
}

/// What may answer beside a security key.
struct Ways {
    /// Whether the demonstration's software token can answer for this practitioner.
    soft: bool,
    /// Whether a code device of the practitioner's is bound.
    codes: bool,
    /// Whether the law lets a password stand beside its code.
    code_needs_password: bool,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    shell: Shell,
    prescriptions: Vec<Reviewed>,
    /// The identifiers of all that are shown, separated by commas.
    ids: String,
    patient: String,
    statement: Statement,
    /// Whether the statement is agreed to in so many words, before the two factors.
    expressly: bool,
    /// What may answer beside a security key.
    ways: Ways,
    /// The program that sent the practitioner here.
    back: Option<Back>,
    /// What closes signing today to this practitioner: then no signature is offered.
    closed: Option<Failure>,
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
            let statement = house.statement(house.covered(&ids)?);
            let ways = Ways {
                soft: house.holds_soft_token(&actor.id),
                codes: house.signs_with_codes(&actor.id, None)?,
                code_needs_password: house.token_rule().opened.is_none(),
            };
            let closed = match house.open_for_signing(&actor.id) {
                Err(Fault::Refused(refusal)) => Some(Failure::refused(&refusal)),
                other => other.map(|()| None)?,
            };
            let back = Back::of(house, &program, &ids.join(","))?;
            Ok((ways, statement, back, closed))
        })?;
        let checked = match checked {
            Ok(checked) => checked,
            Err(failure) => return Ok(Err(failure)),
        };
        let views: Vec<PrescriptionView> =
            ids.iter().filter_map(|id| world.prescription(id).transpose()).collect::<Result<_, _>>()?;
        Ok(Ok((views, checked)))
    });
    let (views, (ways, statement, back, closed)) = found.await??;
    let patient = views.first().map_or_else(String::new, |view| view.row.patient.clone());
    let prescriptions =
        views.into_iter().map(|view| Reviewed { groups: words::groups(&view.elements), row: view.row }).collect();
    page(&ReviewPage {
        shell: Shell::new(Door::Review, &asked.visit),
        prescriptions,
        ids: which.0.ids,
        patient,
        expressly: statement.agreeing == Agreeing::Expressly,
        statement,
        ways,
        back,
        closed,
    })
}

/// The statement that was on the screen, by its name: what is wanted for these prescriptions, or the one that says more.
fn on_the_screen(house: &House, ids: &[String], shown: &str) -> Result<Statement, Fault> {
    let wanted = house.statement(house.covered(ids)?);
    let more = house.statement(Covers::Set);
    [wanted, more].into_iter().find(|one| one.id == shown).ok_or_else(|| {
        Refusal::new(
            "RX-SIGN-STATEMENT",
            "21 CFR 1311.140(a)(3); 73 FR 36722, proposed 1311.125(b)(2)",
            "the statement that was shown is not the one that stands on the review screen today",
            "open the review again, read the statement, then sign",
        )
        .into()
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
fn agreed(house: &House, by: &Actor, ids: &[String], statement: &str, agreement: Agreement) -> Result<Act, Fault> {
    if ids.is_empty() {
        return Err(Refusal::new(
            "RX-SIGN-NONE",
            "21 CFR 1311.140(a)(2); 73 FR 36722, proposed 1311.120(c)",
            "no prescription is ticked to be signed",
            "tick each prescription that you sign",
        )
        .into());
    }
    for id in ids {
        of_this_desk(house, by, id)?;
    }
    let statement = on_the_screen(house, ids, statement)?;
    let mut registration: Option<Registration> = None;
    for id in ids {
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
            house.review_under(by, id, statement.clone(), agreement)?;
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
    let agreement = if begin.agreed { Agreement::Agreed } else { Agreement::NotGiven };
    let options = app.ask(move |world| {
        act(world, |house| {
            let wanted = agreed(house, &actor, &ids, &begin.statement, agreement)?;
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

/// What the page sends: the prescriptions ticked, the statement that was shown, the answer to it, the PIN.
#[derive(Default)]
struct SoftForm {
    ids: Vec<String>,
    /// The identifier of a program's key, as the page wrote it; empty without one.
    back: String,
    statement: String,
    agreed: bool,
    pin: String,
    /// The code of a code device, and the password beside it; each empty without one.
    code: String,
    password: String,
}

impl SoftForm {
    fn read(fields: Vec<(String, String)>) -> Result<Self, Failure> {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "one" => form.ids.push(value),
                "statement" => form.statement = value,
                "agreed" => form.agreed = value == "yes",
                "pin" => form.pin = value,
                "code" => form.code = value,
                "password" => form.password = value,
                "back" => form.back = value,
                _ => {}
            }
        }
        if !form.ids.is_empty() {
            form.ids = split(&form.ids.join(","))?;
        }
        Ok(form)
    }
}

/// `POST /practice/sign`: in a demonstration, the software token answers for the PIN. Only what is ticked is signed.
pub(in crate::http) async fn soft(asked: Asked) -> Answer {
    by_form(asked, |house, by, wanted, form| house.sign_with_soft_token(by, wanted, &form.pin)).await
}

/// `POST /practice/sign/code`: the code of the practitioner's device, and the password where the law lets it stand beside.
pub(in crate::http) async fn coded(asked: Asked) -> Answer {
    by_form(asked, |house, by, wanted, form| {
        let password = (!form.password.is_empty()).then(|| Password::new(form.password.as_str()));
        house.sign_act_with_code(by, wanted, &form.code, password.as_ref())
    })
    .await
}

/// Signs what a form ticks, with the factors that the form brings.
async fn by_form(
    asked: Asked,
    factors: impl FnOnce(&House, &Actor, &Act, &SoftForm) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let form = SoftForm::read(asked.form().await?)?;
    let (listed, first) = (form.ids.join(","), form.ids.first().cloned().unwrap_or_default());
    // As the page wrote it: the identifier of a key, or nothing.
    let back = Some(form.back.clone()).filter(|key| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric()));
    let agreement = if form.agreed { Agreement::Agreed } else { Agreement::NotGiven };
    let done = app.ask(move |world| {
        act(world, |house| {
            let wanted = agreed(house, &actor, &form.ids, &form.statement, agreement)?;
            factors(house, &actor, &wanted, &form)
        })
    });
    done.await??;
    if back.is_some() {
        return see(&format!("/practice/signed?ids={listed}&back={}", back.unwrap_or_default()));
    }
    see(&format!("/practice/prescriptions/{first}"))
}
