//! The practitioner's desk: patients, drafts with the rulebook's answer beside them, review, and the signature.

mod afterwards;
mod concerns;
mod drafts;
mod drugs;
mod patients;
mod set;
mod signing;

pub(super) use afterwards::{Beside, ReadyFor, answer, cancel, copy, medications, on_paper, print, ready_for};
pub(super) use concerns::concerns;
pub(super) use drafts::{change, check, discard, edit, enter, fresh, ready};
pub(super) use drugs::drugs;
pub(super) use patients::{list, new, one};
pub(super) use set::{enter as enter_set, fresh as fresh_set};
pub(super) use signing::{begin, coded, review, sign, soft, split};

use super::failure::Failure;
use crate::house::House;
use crate::house::record::Fault;
use crate::views::{Unavailable, World};
use axum::http::StatusCode;
use theriac_model::{Actor, Role};

/// What an act came to: done, or refused by the rules.
type Acted<T> = Result<Result<T, Failure>, Unavailable>;

/// Does something at the deployment. A refusal is an answer; a fault goes to the log.
pub(super) fn act<T>(world: &dyn World, work: impl FnOnce(&House) -> Result<T, Fault>) -> Acted<T> {
    match work(world.house()?) {
        Ok(done) => Ok(Ok(done)),
        Err(Fault::Refused(refusal)) => Ok(Err(Failure::refused(&refusal))),
        Err(Fault::Conflict) => Ok(Err(Failure::new(
            StatusCode::CONFLICT,
            "HTTP-CONFLICT",
            "somebody changed the same record meanwhile",
            "look at it again, then decide again",
        ))),
        Err(Fault::Broken(cause)) => Err(Unavailable(cause)),
    }
}

/// Nobody reads or changes a prescription of another practitioner by guessing numbers; an agent works for all of them.
pub(super) fn of_this_desk(house: &House, by: &Actor, id: &str) -> Result<(), Fault> {
    let (now, _) = house.prescription_now(id)?;
    if by.role == Role::Prescriber && now.routing().practitioner != by.id {
        let next = "look it up in your own list";
        return Err(
            theriac_model::Refusal::new("RX-UNKNOWN", "-", format!("there is no prescription {id}"), next).into()
        );
    }
    Ok(())
}
