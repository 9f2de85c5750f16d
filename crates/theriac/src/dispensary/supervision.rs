//! Pharmacists who supervise interns: taken over for a day by the pharmacist's own act, before the intern verifies anything
//! (Manual 2010, appendix B, "pharmacist"; the State's law says whether an intern may).

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use crate::typed::wrong;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Refusal, Role};
use theriac_pharmacy::{Intern, Pharmacist};

const CITE: &str = "Pharmacist's Manual 2010, appendix B";

/// Who supervises an intern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SupervisionEvent {
    /// A pharmacist supervises the intern for a day.
    Taken { by: String, day: Date },
    /// That pharmacist supervises no longer.
    Ended { by: String },
}

impl Recorded for SupervisionEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "supervision.taken",
            Self::Ended { .. } => "supervision.ended",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Taken { by, day } => json!({"by": by, "day": day.to_string()}),
            Self::Ended { by } => json!({"by": by}),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        let body = Reader(body);
        let read = || {
            let by = body.text("by")?.to_owned();
            Ok::<_, BadField>(match kind {
                "supervision.taken" => {
                    Some(Self::Taken { by, day: body.parsed("day", "a day", |day| day.parse().ok())? })
                }
                "supervision.ended" => Some(Self::Ended { by }),
                _ => None,
            })
        };
        read().map_err(|error| error.to_string())?.ok_or_else(|| "no event of a supervision".to_owned())
    }
}

/// What a form of the counter says of an intern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Supervise {
    /// The pharmacist takes it over for today.
    Take,
    /// The pharmacist ends it.
    End,
}

/// An intern of the pharmacy, and who supervises today.
#[derive(Clone, Debug)]
pub(crate) struct Supervised {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The pharmacist, by identifier and name; none today.
    pub(crate) under: Option<(String, String)>,
}

/// Who verifies a filling: a pharmacist, or an intern under one; and the record on which that rests.
pub(super) struct Verifier {
    pub(super) pharmacist: Pharmacist,
    pub(super) intern: Option<Intern>,
    pub(super) rests_on: Option<(String, u64)>,
}

fn stream_of(intern: &str) -> String {
    format!("supervision/{intern}")
}

impl House {
    /// The pharmacist who supervises an intern on a day, and the version of the record.
    fn supervisor_of(&self, intern: &str, day: Date) -> Result<(Option<Actor>, u64), Fault> {
        let (events, version) = stream::<SupervisionEvent>(&self.store, &stream_of(intern))?;
        let under = events.into_iter().next_back().and_then(|event| match event {
            SupervisionEvent::Taken { by, day: of } => (of == day).then_some(by),
            SupervisionEvent::Ended { .. } => None,
        });
        let known = under.and_then(|id| self.known_person(&id)).filter(|person| person.role == Role::Pharmacist);
        Ok((known, version))
    }

    /// The interns here, by name.
    pub(crate) fn interns(&self) -> Result<Vec<Supervised>, Fault> {
        let today = self.clock.moment().date();
        let sql = "SELECT id, name FROM people WHERE role = $1 ORDER BY name, id";
        let mut found = Vec::new();
        for row in self.store.query(sql, &[Role::Intern.word().into()])? {
            let (id, name) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
            let under = self.supervisor_of(&id, today)?.0;
            let under = under.map(|person| (person.id.clone(), self.full_name(&person.id)));
            found.push(Supervised { id, name, under });
        }
        Ok(found)
    }

    /// Takes over or ends the supervision of an intern for today.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `FORM-FIELD` for somebody who is no intern, and for what is so already.
    pub(crate) fn supervise(&self, actor: &Actor, intern: &str, what: Supervise) -> Result<(), Fault> {
        Pharmacist::new(self.pharmacy_person(actor))?;
        if self.known_person(intern).is_none_or(|person| person.role != Role::Intern) {
            return Err(wrong("intern", "nobody here is an intern of that name", "choose one of the list"));
        }
        let at = self.clock.moment();
        let (under, version) = self.supervisor_of(intern, at.date())?;
        let mine = under.as_ref().is_some_and(|person| person.id == actor.id);
        let by = actor.id.clone();
        let event = match (what, mine) {
            (Supervise::Take, false) => SupervisionEvent::Taken { by, day: at.date() },
            (Supervise::End, true) => SupervisionEvent::Ended { by },
            (Supervise::Take, true) => {
                return Err(wrong("intern", "you supervise this intern today", "nothing is left to do"));
            }
            (Supervise::End, false) => {
                return Err(wrong("intern", "you do not supervise this intern today", "look at the list again"));
            }
        };
        let name = stream_of(intern);
        let desk = self.at_the_counter(actor, at);
        Change::default().decided_on(&name, version).event(&desk, &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Who verifies what `actor` fills.
    ///
    /// # Errors
    /// `PHARM-SUPERVISION` for an intern whom no pharmacist supervises today; `PHARM-NOT-A-PHARMACIST` for anybody else.
    pub(super) fn verifier(&self, actor: &Actor, at: Moment) -> Result<Result<Verifier, Refusal>, Fault> {
        let person = self.pharmacy_person(actor);
        if actor.role != Role::Intern {
            let verifier = |pharmacist| Verifier { pharmacist, intern: None, rests_on: None };
            return Ok(Pharmacist::new(person).map(verifier));
        }
        let (under, version) = self.supervisor_of(&actor.id, at.date())?;
        let Some(under) = under else {
            let what = "an intern verifies only under a pharmacist who supervises, and nobody does today";
            let next = "let a pharmacist take the supervision over under Counter, or fill it";
            return Ok(Err(Refusal::new("PHARM-SUPERVISION", CITE, what, next).about("pharmacist")));
        };
        let rests_on = Some((stream_of(&actor.id), version));
        Ok(Pharmacist::new(self.pharmacy_person(&under))
            .and_then(|pharmacist| Ok(Verifier { pharmacist, intern: Some(Intern::new(person)?), rests_on })))
    }
}
