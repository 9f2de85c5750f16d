//! Who comes through a door: the one place where the table of doors is applied.

use super::app::Visit;
use super::doors::{Door, Face, Method, Who};
use super::failure::Failure;
use crate::views::DeploymentKind;
use axum::http::StatusCode;
use theriac_model::Role;

/// What happens at a door that does not refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// Come in.
    Enter,
    /// Nobody sits at the desk yet: choose a person first.
    ChooseDesk,
}

/// Whether those who visit may pass `door`.
///
/// # Errors
/// 401 if a program did not say for whom it asks; 403 for the wrong role, or in production, where nobody can sign in here.
pub(super) fn pass(door: Door, visit: &Visit) -> Result<Passage, Failure> {
    if door.who() == Who::Everyone {
        return Ok(Passage::Enter);
    }
    match (&visit.visitor, door.face()) {
        _ if visit.deployment.kind == DeploymentKind::Production => Err(sign_in_needed()),
        (Some(visitor), _) if door.admits(visitor.actor.role) => Ok(Passage::Enter),
        (Some(visitor), _) => Err(wrong_role(door, visitor.actor.role)),
        (None, Face::Api) => {
            Err(Failure::nobody("send the header Theriac-Person with the identifier of a person listed at /desk"))
        }
        (None, _) => Ok(Passage::ChooseDesk),
    }
}

/// Whether `role` reads only the prescriptions on its own list.
pub(super) fn reads_only_own(role: Role) -> bool {
    matches!(role, Role::Prescriber | Role::Agent)
}

/// In production nobody is taken at their word.
pub(super) fn sign_in_needed() -> Failure {
    Failure::new(
        StatusCode::FORBIDDEN,
        "HTTP-DEMO-ONLY",
        "people can be chosen in a demonstration only, and this deployment is in production",
        "use the command line of this deployment, as its operator has set it up",
    )
}

fn wrong_role(door: Door, role: Role) -> Failure {
    let what = match door.method() {
        Method::Get => format!("this page is not open to the role {role}; it is for: {}", door.roles()),
        Method::Post => format!("the role {role} may not do this; it is for: {}", door.roles()),
    };
    Failure::new(
        StatusCode::FORBIDDEN,
        "HTTP-ROLE",
        what,
        "ask somebody in one of these roles, or sit down at another desk if you have one",
    )
}
