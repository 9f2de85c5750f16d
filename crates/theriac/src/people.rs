//! The people of a deployment: who is added with which role, how they get in, and how far an enrolment has come.

use crate::house::House;
use crate::house::event::{HouseEvent, Person};
use crate::house::record::Fault;
use jiff::Timestamp;
use theriac_model::{Actor, Refusal, Role};
use theriac_pki::pass::PractitionerId;
use theriac_prescriber::enrolment::Stage;

/// The longest name, and the longest word of what somebody does, in characters.
const TEXT_MOST: usize = 80;
const CITE: &str = "21 CFR 1311.125, 1311.130; 73 FR 36722, proposed 1311.105";

/// Somebody to be added, as typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewPerson {
    /// The identifier; made of the name if empty.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    /// What they do here, in a few words.
    pub(crate) what: String,
}

/// A person in the list.
#[derive(Clone, Debug)]
pub(crate) struct PersonLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) what: String,
    /// Passkeys registered.
    pub(crate) keys: usize,
    /// Until when an invitation may be used, if one is open.
    pub(crate) invited: Option<Timestamp>,
    /// How far the enrolment has come; of practitioners only.
    pub(crate) stage: Option<Stage>,
}

fn refuse(code: &'static str, field: &'static str, what: impl Into<String>, next: impl Into<String>) -> Refusal {
    Refusal::new(code, CITE, what.into(), next.into()).about(field)
}

/// An identifier made of a name: `Ada Accession` is `ada-accession`.
pub(crate) fn identifier(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-").chars().take(40).collect()
}

/// The roles people can have here.
pub(crate) fn roles() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|role| *role != Role::System)
}

fn text(field: &'static str, typed: &str) -> Result<String, Refusal> {
    let text = typed.trim();
    let count = text.chars().count();
    if count > TEXT_MOST || text.chars().any(char::is_control) {
        let what = format!("the text has {count} characters; {TEXT_MOST} fit, all on one line");
        return Err(refuse("PEOPLE-TEXT", field, what, "shorten it"));
    }
    Ok(text.to_owned())
}

impl House {
    /// Adds a person with a role; answers the identifier.
    ///
    /// # Errors
    /// Without a name or a role; with an identifier that is none, or is somebody's already.
    pub(crate) fn add_person(&self, by: &Actor, new: &NewPerson) -> Result<String, Fault> {
        let name = text("name", &new.name)?;
        if name.is_empty() {
            return Err(refuse("PEOPLE-NAME", "name", "the person has no name", "enter the full name").into());
        }
        let role = Role::parse(&new.role).filter(|role| *role != Role::System).ok_or_else(|| {
            let words = roles().map(Role::word).collect::<Vec<_>>().join(", ");
            refuse("PEOPLE-ROLE", "role", "the person has no role here", format!("give one of: {words}"))
        })?;
        let id = text("id", &new.id)?;
        let id = if id.is_empty() { identifier(&name) } else { id };
        if PractitionerId::parse(&id).is_none() {
            let next = "give one of letters, digits, hyphens and dots";
            return Err(refuse("PEOPLE-ID", "id", format!("\"{id}\" is not an identifier"), next).into());
        }
        if self.person(&id)?.is_some() {
            let what = format!("somebody here has the identifier {id}");
            return Err(refuse(
                "PEOPLE-EXISTS",
                "id",
                what,
                "choose another identifier, or invite the person who is here",
            )
            .into());
        }
        let what = text("what", &new.what)?;
        let what = if what.is_empty() { role.word().replace('-', " ") } else { what };
        self.note(by, &[HouseEvent::PersonAdded(Person { id: id.clone(), name, role, what })])?;
        Ok(id)
    }

    /// Everybody here, by name, with how they get in and how far they are enrolled.
    pub(crate) fn people_lines(&self) -> Result<Vec<PersonLine>, Fault> {
        let today = self.clock.moment().date();
        let mut lines = Vec::new();
        for row in self.store.query("SELECT id, name, role, what FROM people ORDER BY name, id", &[])? {
            let Some(role) = Role::parse(row.text(2)?) else { continue };
            let id = row.text(0)?.to_owned();
            let (keys, invited) = self.way_in(&id)?;
            let stage = if role == Role::Prescriber { Some(self.signer(&id)?.0.stage(today)) } else { None };
            lines.push(PersonLine {
                name: row.text(1)?.to_owned(),
                what: row.text(3)?.to_owned(),
                id,
                role,
                keys,
                invited,
                stage,
            });
        }
        Ok(lines)
    }

    /// Takes somebody's passkeys and open invitation away and ends their sessions; answers how many passkeys there were.
    ///
    /// # Errors
    /// For oneself: a deployment is not left without an operator by a slip.
    pub(crate) fn shut_out(&self, by: &Actor, person: &str) -> Result<usize, Fault> {
        if by.id == person {
            let next = "let another operator do it";
            return Err(refuse("PEOPLE-OWN", "person", "nobody locks themselves out", next).into());
        }
        if self.person(person)?.is_none() {
            let what = format!("there is no person {person}");
            return Err(refuse("SIGNIN-PERSON", "person", what, "choose somebody of the list").into());
        }
        self.lock_out(by, person)
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn an_identifier_is_made_of_the_words_of_a_name() {
        for (name, id) in [
            ("Ada Accession", "ada-accession"),
            ("  Dr. O'Neil-Brook ", "dr-o-neil-brook"),
            ("Ælfric", "lfric"),
            ("", ""),
            (&"long ".repeat(20), "long-long-long-long-long-long-long-long-"),
        ] {
            assert_eq!(identifier(name), id);
        }
    }
}
