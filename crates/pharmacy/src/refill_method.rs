//! Which of the two systems a pharmacy keeps its refills in (21 CFR 1306.22(g)): one at a time, every change dated and logged.

use crate::codec::stored::{event_record, record};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::people::{Person, Pharmacist};
use crate::refusals as refuse;
use theriac_law::Moment;
use theriac_law::vocab::RefillSystem;
use theriac_model::Refusal;

/// `refill-method.chosen`: from this moment on refills of paper, fax and oral originals are kept so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodChosen {
    /// The system.
    pub system: RefillSystem,
    /// From when.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// Why.
    pub why: String,
}

record! {
    MethodChosen { "system" system, "at" at, "by" by, "why" why, }
}

event_record!(MethodChosen, "refill-method.chosen");

impl MethodChosen {
    /// The name of the stream.
    pub const STREAM: &'static str = "refill-method";
}

/// Every choice so far, the latest last. A pharmacy that never chose keeps them in the computer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefillMethod(Vec<MethodChosen>);

impl RefillMethod {
    /// The choices in order.
    pub fn replay(choices: impl IntoIterator<Item = MethodChosen>) -> Self {
        Self(choices.into_iter().collect())
    }

    /// The choices, in order.
    pub fn choices(&self) -> &[MethodChosen] {
        &self.0
    }

    /// The system that binds at `at`.
    pub fn at(&self, at: Moment) -> RefillSystem {
        let before = self.0.iter().rev().find(|chosen| chosen.at.timestamp <= at.timestamp);
        before.map_or(RefillSystem::Computer, |chosen| chosen.system)
    }

    /// Chooses the other system.
    ///
    /// # Errors
    /// `PHARM-METHOD` for the system that binds already, or for part 1311, which only electronic originals have;
    /// `PHARM-TIME` for a time before the last choice; `PHARM-TEXT` without a reason.
    pub fn choose(
        &self,
        system: RefillSystem,
        pharmacist: &Pharmacist,
        at: Moment,
        why: &str,
    ) -> Result<MethodChosen, Refusal> {
        if system == RefillSystem::Part1311 || self.at(at) == system {
            return Err(refuse::method(system));
        }
        if self.0.last().is_some_and(|last| at.timestamp < last.at.timestamp) {
            return Err(refuse::before_the_record("at"));
        }
        let why = refuse_empty(why, "why")?;
        Ok(MethodChosen { system, at: whole_seconds(at), by: pharmacist.person().clone(), why })
    }
}
