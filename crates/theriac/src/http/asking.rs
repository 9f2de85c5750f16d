//! The pharmacy's desk asks the practitioner for a renewal or a change.

use super::answer::see;
use super::asked::Asked;
use super::failure::Failure;
use super::practice::act;
use crate::dispensary::{CHANGES, Request};
use axum::response::Response;
use serde::Deserialize;
use theriac_model::Refusal;
use theriac_pharmacy::PrescriptionNumber;
use theriac_prescriber::letters::Asking;

/// The longest words that a request carries, in characters.
const WORDS_MOST: usize = 260;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    /// `renewal`, or the code of a change.
    what: String,
    #[serde(default)]
    note: String,
}

fn refuse(what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Failure {
    Failure::refused(&Refusal::new("PHARM-REQUEST", "21 CFR 1306.04(a)", what, next))
}

/// `POST /pharmacy/prescriptions/{number}/requests`
pub(super) async fn ask(asked: Asked) -> Result<Response, Failure> {
    let actor = asked.visitor()?.actor.clone();
    let number = asked.id("number")?;
    let typed: Form = asked.read_form().await?;
    let record = format!("/pharmacy/prescriptions/{number}");
    let words = typed.note.trim().to_owned();
    if words.is_empty() || words.chars().count() > WORDS_MOST || words.chars().any(char::is_control) {
        return Err(refuse(
            format!("a request has 1 to {WORDS_MOST} characters on one line"),
            "say what the practitioner needs to know to decide",
        ));
    }
    let (asking, code) = match typed.what.as_str() {
        "renewal" => (Asking::Renewal, ""),
        code => match CHANGES.iter().find(|(known, _)| *known == code) {
            Some((known, _)) => (Asking::Change, *known),
            None => return Err(refuse("it is neither a renewal nor a known change", "choose from the list")),
        },
    };
    let parsed = PrescriptionNumber::parse(&number)
        .map_err(|_| refuse("nothing can be asked about a rejected message", "the sender has been answered already"))?;
    let request = Request { asking, code: code.to_owned(), words };
    asked.app.ask(move |world| act(world, |house| house.ask_practitioner(&actor, &parsed, &request))).await??;
    see(&format!("{record}#annotations"))
}
