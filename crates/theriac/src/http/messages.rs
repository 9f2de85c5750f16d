//! `POST /api/v1/messages`: one message for the pharmacy. It is archived and sealed before anything is decided, and the answer says
//! what became of it; a message that is refused has been taken in all the same.

use super::answer::json;
use super::asked::Asked;
use super::failure::Failure;
use super::practice::act;
use crate::dispensary::Incoming;
use axum::response::Response;
use theriac_model::Refusal;

/// The longest message, in bytes: what is archived at most.
pub(super) const BYTES_MAX: usize = 10 * 1024 * 1024;

/// `POST /api/v1/messages`
pub(super) async fn take(asked: Asked) -> Result<Response, Failure> {
    let bytes = asked.body.clone();
    if bytes.is_empty() {
        let next = "send one SCRIPT, HL7 v2 or FHIR message as the body";
        let refusal = Refusal::new("PHARM-NO-MESSAGE", "-", "the request has no body", next).about("body");
        return Err(Failure::refused(&refusal));
    }
    let taken = asked.app.ask(move |world| {
        act(world, |house| {
            let arrival = house.receive(Incoming::whole(&bytes))?;
            Ok(house.told(&arrival, &bytes))
        })
    });
    json(&taken.await??)
}
