//! Who comes through a door: the one place where the table of doors is applied.

use super::app::{Means, Visit};
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
    /// Nobody is signed in yet.
    SignIn,
    /// Whoever was here has been away.
    Unlock,
}

/// Whether those who visit may pass `door`.
///
/// # Errors
/// 401 if nobody is known to ask, or whoever asks has been away; 403 for the wrong role.
pub(super) fn pass(door: Door, visit: &Visit) -> Result<Passage, Failure> {
    if door.who() == Who::Everyone {
        return Ok(Passage::Enter);
    }
    match (&visit.visitor, door.face()) {
        (Some(visitor), _) if door.admits(visitor.actor.role) => {
            if visit.means == Means::Session || door.for_programs() { Ok(Passage::Enter) } else { Err(session_only()) }
        }
        (Some(visitor), _) => Err(wrong_role(door, visitor.actor.role)),
        (None, Face::Api) if visit.locked.is_some() => Err(locked()),
        (None, Face::Api) => Err(Failure::nobody(match visit.deployment.kind {
            DeploymentKind::Demo => "send the header Theriac-Person with the identifier of a person listed at /desk",
            DeploymentKind::Production => "sign in, or send Authorization: Bearer with a key that the operator issued",
        })),
        (None, _) if visit.locked.is_some() => Ok(Passage::Unlock),
        (None, _) => Ok(match visit.deployment.kind {
            DeploymentKind::Demo => Passage::ChooseDesk,
            DeploymentKind::Production => Passage::SignIn,
        }),
    }
}

/// A program does not act where a person must be at the browser: it never signs, grants or agrees.
fn session_only() -> Failure {
    Failure::new(
        StatusCode::FORBIDDEN,
        "HTTP-SESSION-ONLY",
        "this is done by a person at their own browser, and never by a program with a key",
        "send the person to the page; POST /api/v1/signing-links gives the address for signing",
    )
}

/// Whether `role` reads only the prescriptions on its own list.
pub(super) fn reads_only_own(role: Role) -> bool {
    matches!(role, Role::Prescriber | Role::Agent)
}

/// In production nobody is taken at their word.
pub(super) fn demonstration_only() -> Failure {
    Failure::new(
        StatusCode::FORBIDDEN,
        "HTTP-DEMO-ONLY",
        "people can be chosen in a demonstration only, and this deployment is in production",
        "sign in at /sign-in",
    )
}

/// The session is there, and its person has to show that they are.
fn locked() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        "HTTP-LOCKED",
        "nobody used this session for so long that it was locked; its work is kept",
        "unlock it at /unlock",
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
