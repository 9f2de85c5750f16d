//! Who works in the pharmacy, and the proof that somebody is a pharmacist.

use crate::refusals as refuse;
use theriac_model::{Actor, Refusal, Role};

/// A person as the pharmacy's records name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identifier and role in this deployment.
    pub actor: Actor,
    /// Full name.
    pub full_name: String,
}

impl Person {
    /// A person.
    pub fn new(actor: Actor, full_name: impl Into<String>) -> Self {
        Self { actor, full_name: full_name.into() }
    }

    /// The initials of the full name.
    pub fn initials(&self) -> String {
        self.full_name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic())).collect()
    }
}

/// A person who has shown to be a pharmacist; dispensing demands one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pharmacist(Person);

impl Pharmacist {
    /// The person as a pharmacist.
    ///
    /// # Errors
    /// `PHARM-NOT-A-PHARMACIST` for any other role; `PHARM-FULL-NAME` when the name is missing or only initials.
    pub fn new(person: Person) -> Result<Self, Refusal> {
        if person.actor.role != Role::Pharmacist {
            return Err(refuse::not_a_pharmacist(person.actor.role));
        }
        if !is_full(&person.full_name) {
            return Err(refuse::initials_only());
        }
        Ok(Self(person))
    }

    /// Who it is.
    pub const fn person(&self) -> &Person {
        &self.0
    }
}

/// A person who has shown to be a pharmacy intern. An intern verifies in the pharmacist's place where the State lets one, and only
/// under a pharmacist who supervises (Manual 2010, appendix B).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intern(Person);

impl Intern {
    /// The person as an intern.
    ///
    /// # Errors
    /// `PHARM-NOT-A-PHARMACIST` for any other role; `PHARM-FULL-NAME` when the name is missing or only initials.
    pub fn new(person: Person) -> Result<Self, Refusal> {
        if person.actor.role != Role::Intern {
            return Err(refuse::not_a_pharmacist(person.actor.role));
        }
        if !is_full(&person.full_name) {
            return Err(refuse::initials_only());
        }
        Ok(Self(person))
    }

    /// Who it is.
    pub const fn person(&self) -> &Person {
        &self.0
    }
}

/// Two words at least, of which the last is more than an initial.
fn is_full(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    words.len() >= 2 && words.last().is_some_and(|word| letters(word) >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(role: Role, name: &str, expected: &str) {
        let found = Pharmacist::new(Person::new(Actor::new("p1", role), name));
        let found = found.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned());
        assert_eq!(found, expected, "{role} {name:?}");
    }

    #[test]
    fn only_a_pharmacist_with_a_full_name_dispenses() {
        check(Role::Pharmacist, "Ana Rivera", "ok");
        for &role in Role::ALL {
            if role != Role::Pharmacist {
                check(role, "Ana Rivera", "PHARM-NOT-A-PHARMACIST");
            }
        }
        for name in ["", "AR", "A. R.", "A R", "Rivera"] {
            check(Role::Pharmacist, name, "PHARM-FULL-NAME");
        }
        assert_eq!(Person::new(Actor::new("p1", Role::Pharmacist), "Ana Maria Rivera").initials(), "AMR");
    }
}
