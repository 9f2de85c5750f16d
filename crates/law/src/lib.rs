//! The rulebook: federal controlled-substance law as code that answers with the paragraph.
//!
//! Ask with a [`Question`] under a [`Profile`]; [`decide`] answers with a [`Decision`] that names every rule it asked.
//! No clock, no input or output: time is part of the question.
//!
//! ```
//! use theriac_law::{Profile, Question, Request, decide};
//! use theriac_law::facts::{Act, Prescription};
//! use theriac_law::vocab::{Form, HistoryKind, Schedule};
//! use jiff::civil::date;
//!
//! let prescription = Prescription { refills_authorized: 5, ..Prescription::new(Schedule::IV, Form::Paper, date(2019, 5, 5), 30) };
//! let question = Question::new(date(2019, 11, 6), Request::Refill { quantity: 30 })
//!     .about(prescription)
//!     .after(vec![Act::of(HistoryKind::Fill, date(2019, 5, 5), 30)]);
//! let decision = decide(&Profile::strictest(), &question).expect("refills are built");
//! assert_eq!(decision.reason.map(|reason| reason.to_string()).as_deref(), Some("expired"));
//! ```

mod cannabis;
pub mod cli;
mod deadlines;
mod decide;
mod decision;
pub mod edition;
pub mod facts;
mod flags;
mod monitoring;
pub mod obligations;
mod once;
mod params;
mod part1301;
mod part1304;
mod part1305;
mod part1306;
mod part1307;
mod part1308;
mod part1311;
mod part1314;
mod question;
mod read;
mod reason;
mod registry;
mod remedy;
pub mod render;
mod request;
mod rule;
mod state;
mod supply;
mod tally;
pub mod texts;
pub mod vocab;
mod when;

pub use decide::decide;
pub use decision::{Answer, Decision, Ground, NotBuilt, Standing, Verdict};
pub use edition::{Overlay, Profile, UnknownProfile};
pub use flags::flag_of;
pub use params::{all as parameters, parameter};
pub use part1308::{attributes, listing, products};
pub use question::{Line, Question, read_line, read_question};
pub use read::Malformed;
pub use reason::{Duties, Duty, Reason};
pub use registry::{registry, rule};
pub use remedy::{Remedy, Whose, remedies};
pub use request::Request;
pub use rule::Rule;
pub use when::{Moment, When};

/// Whether treating opioid dependence needs the practitioner's waiver, with its identification number on the records, under
/// `profile` on `day` (Manual 2010, section XII; the statute ended it on 29 December 2022).
pub fn dependence_needs_waiver(profile: &Profile, day: jiff::civil::Date) -> bool {
    edition::Law::on(profile, day, None).value(&part1306::dependence::WAIVER_NEEDED, 0) == 1
}

/// Seconds without use after which a practitioner's session asks for authentication again, under `profile` on `day`; 120
/// where no edition of the profile gives a number.
pub fn idle_seconds(profile: &Profile, day: jiff::civil::Date) -> u64 {
    edition::Law::on(profile, day, None).value(&part1311::sign::IDLE_SECONDS, 120)
}
