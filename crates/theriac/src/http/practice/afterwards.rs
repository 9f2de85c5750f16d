//! After a prescription was signed: what stands beside it, withdrawing it, answering the pharmacy, and what is printed.

use super::{act, of_this_desk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{pdf, see};
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::views::{Unavailable, World};
use axum::response::Response;
use serde::Deserialize;
use std::fmt::Write as _;
use theriac_model::{Actor, Element, Refusal, Role};
use theriac_prescriber::Prescription;
use theriac_prescriber::letters::{Answering, Asking, Withdrawal};

type Answer = Result<Response, Failure>;

/// What a prescription's page shows beside its contents and steps.
#[allow(clippy::struct_excessive_bools)] // each is one part of the page, shown or not
#[derive(Default)]
pub(in crate::http) struct Beside {
    /// Requests of the pharmacy that wait for an answer.
    pub(in crate::http) requests: Vec<Asks>,
    /// The paper that replaces it, or the electronic prescription that it replaces.
    pub(in crate::http) related: String,
    /// Why it was never delivered.
    pub(in crate::http) failed: String,
    /// Whether it is a paper prescription, to be printed and signed by hand.
    pub(in crate::http) on_paper: bool,
    /// Whether it may be issued on paper instead of being signed electronically.
    pub(in crate::http) may_be_paper: bool,
    /// Whether the pharmacy could not honour the withdrawal.
    pub(in crate::http) kept: bool,
    /// Whether it can be withdrawn from the pharmacy.
    pub(in crate::http) with_pharmacy: bool,
    /// Whether a labelled copy may be printed.
    pub(in crate::http) copies: bool,
    /// The form with the same elements, for another prescription.
    pub(in crate::http) again: String,
}

/// A request of the pharmacy in words.
pub(in crate::http) struct Asks {
    pub(in crate::http) message: String,
    pub(in crate::http) what: String,
    pub(in crate::http) words: String,
}

impl Beside {
    /// What stands beside the prescription `id`; nothing where no deployment is behind the views.
    pub(in crate::http) fn of(world: &dyn World, actor: &Actor, id: &str) -> Result<Self, Unavailable> {
        let Ok(house) = world.house() else { return Ok(Self::default()) };
        let (now, _) = house.prescription_now(id)?;
        let requests = now.requests().iter().map(|open| Asks {
            message: open.message.clone(),
            what: match open.asking {
                Asking::Renewal => "a renewal".to_owned(),
                Asking::Change => format!("a change: {}", change(&open.code)),
            },
            words: open.words.clone(),
        });
        let (related, failed) = match &now {
            Prescription::Failed(failed) => (failed.replaced_by().unwrap_or_default(), failed.reason()),
            Prescription::Paper(paper) => (paper.replaces().map_or("", |old| old.prescription.as_str()), ""),
            _ => ("", ""),
        };
        let sent = matches!(now, Prescription::Transmitted(..));
        Ok(Self {
            requests: requests.collect(),
            related: related.to_owned(),
            failed: failed.to_owned(),
            on_paper: matches!(now, Prescription::Paper(_)),
            may_be_paper: matches!(now, Prescription::Ready(_) | Prescription::Reviewed(_)),
            kept: now.withdrawal() == Withdrawal::Denied,
            with_pharmacy: sent && !matches!(now.stage(), "cancel-requested" | "rejected"),
            copies: sent && now.print_copy(actor, &house.profile, house.clock.moment().date()).is_ok(),
            again: again(&now),
        })
    }
}

fn change(code: &str) -> &str {
    crate::dispensary::CHANGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, what)| what)
}

/// The form for a draft with the same elements, dated today by the desk.
fn again(now: &Prescription) -> String {
    let contents = now.contents();
    let part = |element| contents.get(element).unwrap_or_default();
    let routing = now.routing();
    let mut href = "/practice/drafts/new?".to_owned();
    for (n, (name, value)) in [
        ("patient", routing.patient.as_str()),
        ("practitioner", routing.practitioner.as_str()),
        ("registration", part(Element::Registration)),
        ("ndc", part(Element::DrugNdc)),
        ("quantity", part(Element::QuantityValue)),
        ("directions", part(Element::Directions)),
        ("refills", part(Element::Refills)),
        ("days_supply", part(Element::DaysSupply)),
        ("note", part(Element::Note)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .enumerate()
    {
        // Writing to a string cannot fail.
        let _ = write!(href, "{}{name}={}", if n == 0 { "" } else { "&" }, encoded(value));
    }
    href
}

/// A value as it stands in an address.
pub(in crate::http) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Prescriptions of one patient that are ready to be signed by a practitioner.
pub(in crate::http) struct ReadyFor {
    pub(in crate::http) patient: String,
    pub(in crate::http) count: usize,
    /// The identifiers, separated by commas.
    pub(in crate::http) ids: String,
}

/// What is ready for this practitioner, patient by patient, the longest ready first.
pub(in crate::http) fn ready_for(world: &dyn World, actor: &Actor) -> Result<Vec<ReadyFor>, Unavailable> {
    let Ok(house) = world.house() else { return Ok(Vec::new()) };
    if actor.role != Role::Prescriber {
        return Ok(Vec::new());
    }
    let mut ready: Vec<(String, ReadyFor)> = Vec::new();
    for (id, patient) in house.ready_to_sign(&actor.id)? {
        if let Some((_, found)) = ready.iter_mut().find(|(one, _)| *one == patient) {
            found.count += 1;
            found.ids.push(',');
            found.ids.push_str(&id);
            continue;
        }
        let name = house.patient(&patient)?.map_or_else(|| patient.clone(), |card| card.name.full());
        ready.push((patient, ReadyFor { patient: name, count: 1, ids: id }));
    }
    Ok(ready.into_iter().map(|(_, found)| found).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    note: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    answer: String,
}

/// Does something to a prescription of this desk.
async fn done<T: Send + 'static>(
    asked: &Asked,
    id: &str,
    work: impl FnOnce(&House, &Actor, &str) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Failure> {
    let (actor, id) = (asked.visitor()?.actor.clone(), id.to_owned());
    let acted = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &id)?;
            work(house, &actor, &id)
        })
    });
    acted.await?
}

/// `POST /practice/prescriptions/{id}/cancel`: the practitioner withdraws what was sent.
pub(in crate::http) async fn cancel(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let typed: Words = asked.read_form().await?;
    let action = format!("/practice/prescriptions/{id}/cancel");
    let note = typed.note.clone();
    let cancelled = done(&asked, &id, move |house, by, id| house.cancel(by, id, &note)).await;
    cancelled.map_err(|fault| fault.with_words(action, typed.note, "Why it is withdrawn", "Withdraw it"))?;
    see(&format!("/practice/prescriptions/{id}"))
}

/// `POST /practice/prescriptions/{id}/requests`: the practitioner answers the pharmacy.
pub(in crate::http) async fn answer(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let typed: Words = asked.read_form().await?;
    let Some(answer) = Answering::parse(&typed.answer) else {
        let refusal = Refusal::new(
            "RX-REQUEST-ANSWER",
            "21 CFR 1306.04(a)",
            "the answer is neither a denial nor a new prescription",
            "choose one of the two buttons",
        );
        return Err(Failure::refused(&refusal));
    };
    done(&asked, &id, move |house, by, id| house.answer_request(by, id, &typed.message, answer, &typed.note)).await?;
    if answer == Answering::Denied {
        return see(&format!("/practice/prescriptions/{id}"));
    }
    let form = done(&asked, &id, |house, _, id| Ok(again(&house.prescription_now(id)?.0))).await?;
    see(&form)
}

/// `POST /practice/prescriptions/{id}/paper`: a paper prescription in the place of one that was never delivered, or of the
/// practitioner's own choice.
pub(in crate::http) async fn on_paper(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let paper = done(&asked, &id, House::issue_on_paper).await?;
    see(&format!("/practice/prescriptions/{paper}"))
}

/// `POST /practice/prescriptions/{id}/print`: the paper prescription, to be signed by hand.
pub(in crate::http) async fn print(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let printed = done(&asked, &id, House::print_paper).await?;
    pdf(printed, &format!("prescription-{id}"))
}

/// `POST /practice/prescriptions/{id}/copy`: a copy that is labelled as one.
pub(in crate::http) async fn copy(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let printed = done(&asked, &id, House::print_copy).await?;
    pdf(printed, &format!("copy-{id}"))
}

/// `POST /practice/patients/{id}/medications`: the medication list, which is no prescription.
pub(in crate::http) async fn medications(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let (actor, patient) = (asked.visitor()?.actor.clone(), id.clone());
    let printed = asked.app.ask(move |world| act(world, |house| house.print_medications(&actor, &patient))).await??;
    pdf(printed, &format!("medications-{id}"))
}
