//! The stock room: the desk of whoever keeps the books of controlled substances.
//!
//! The books' core decides; here it meets the clock, the journal, the drug file and the people. Nothing here sets a balance:
//! a delivery, a count, a spill, a loss and a correction each become an event with its document and its signers, and what
//! needs two people waits until the second has signed in a session of their own.

mod arcos;
mod counting;
mod due;
mod goods;
mod handover;
mod index;
mod leaving;
mod losing;
mod pack;
mod pack_check;
mod papers;
mod passing;
mod proven;
mod receiving;
mod record;
mod registrant;
mod scheduling;
mod second;
mod shelves;
mod statements;
mod steps;

pub(crate) use counting::{Explained, Sheet};
pub(crate) use due::{Due, urgency};
pub(crate) use goods::{Goods, in_words};
pub(crate) use handover::{are_records, verify as verify_records};
pub(crate) use index::StockRoom;
pub(crate) use losing::Case;
pub(crate) use pack_check::{is_pack, verify as verify_pack};
pub(crate) use papers::{Cover, from_in_words, opening_in_words, row_in_words, statement_title, waterfall};
pub(crate) use registrant::{PAPERS, PROFILE, Place, Step, StepForm, Task};
pub(crate) use second::ACTS;
pub(crate) use shelves::Books;
pub(crate) use statements::{Period, Stated};
pub(crate) use steps::{GROUPS, QUESTIONS, step_form};

use crate::house::House;
use crate::house::record::By;
use theriac_law::Moment;
use theriac_model::Actor;

impl House {
    /// Who does something in the stock room: at the pharmacy's registration, under the deployment's law.
    pub(crate) fn in_stockroom<'a>(&'a self, actor: &'a Actor, at: Moment) -> By<'a> {
        By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp }
    }

    /// An instant with the offset of the place.
    pub(crate) fn moment_of(&self, at: jiff::Timestamp) -> Moment {
        Moment { timestamp: at, offset: self.clock.zone().to_offset(at) }
    }
}
