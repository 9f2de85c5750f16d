//! Ceremonies that wait for a browser's answer: one of each kind for a person, answered once, in memory only.

use super::Offer;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use theriac_pki::assertion::Challenge;
use theriac_pki::webauthn::RegistrationRequest;

/// A grant that waits for the two factors of the one who approves it.
#[derive(Clone, Debug)]
pub(crate) struct Approval {
    /// Whose right to sign it is.
    pub(crate) person: String,
    /// Covers SHA-256 of what is granted.
    pub(crate) challenge: Challenge,
}

/// All that wait.
#[derive(Default)]
pub(crate) struct Ceremonies {
    bindings: Mutex<HashMap<String, (Offer, RegistrationRequest)>>,
    approvals: Mutex<HashMap<String, Approval>>,
}

fn locked<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ceremonies {
    /// A person's device is asked to make a key; what was asked before is forgotten.
    pub(super) fn await_key(&self, person: &str, offer: Offer, request: RegistrationRequest) {
        locked(&self.bindings).insert(person.to_owned(), (offer, request));
    }

    /// What the person's device was asked.
    pub(super) fn asked_for_key(&self, person: &str) -> Option<(Offer, RegistrationRequest)> {
        locked(&self.bindings).remove(person)
    }

    /// A controller's token is asked for a grant.
    pub(crate) fn await_approval(&self, controller: &str, approval: Approval) {
        locked(&self.approvals).insert(controller.to_owned(), approval);
    }

    /// What the controller's token was asked.
    pub(crate) fn asked_for_approval(&self, controller: &str) -> Option<Approval> {
        locked(&self.approvals).remove(controller)
    }

    /// Nothing that waits for this person may be answered any more.
    pub(super) fn forget(&self, person: &str) {
        locked(&self.bindings).remove(person);
        locked(&self.approvals).remove(person);
    }
}
