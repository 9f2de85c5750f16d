//! `POST /api/v1/messages`: one message for the pharmacy. It is archived and sealed before anything is decided, and the answer says
//! what became of it; a message that is refused has been taken in all the same.

use super::answer::json;
use super::asked::Asked;
use super::failure::Failure;
use super::practice::act;
use crate::dispensary::{Arrival, Format, Incoming, Verdict};
use crate::views::RefusalView;
use axum::response::Response;
use serde_json::json as object;
use theriac_model::Refusal;
use theriac_wire::hl7;

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
            let Arrival { verdict, archived } = house.receive(Incoming::whole(&bytes))?;
            let (word, number, refusals) = match verdict {
                Verdict::Accepted { number } => ("accepted", number.to_string(), Vec::new()),
                Verdict::Cancelled { number } => ("cancelled", number.to_string(), Vec::new()),
                Verdict::Noted { number } => ("noted", number.to_string(), Vec::new()),
                Verdict::Rejected { refusals } => ("rejected", String::new(), refusals),
            };
            let acknowledgement = match Format::of(&bytes) {
                Format::Hl7 => {
                    let control: String = archived.chars().take(20).collect();
                    let receiver = &house.config.pharmacy.ncpdp;
                    let answer = hl7::acknowledge(&bytes, &refusals, receiver, &control, house.clock.now());
                    String::from_utf8_lossy(&answer).into_owned()
                }
                Format::Script | Format::Fhir => String::new(),
            };
            Ok(object!({
                "verdict": word,
                "number": number,
                "archived": archived,
                "refusals": refusals.iter().map(RefusalView::from).collect::<Vec<_>>(),
                "acknowledgement": acknowledgement,
            }))
        })
    });
    json(&taken.await??)
}
