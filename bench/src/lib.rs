//! The questions that are measured: each is decided by all the rules that apply to it.

use jiff::civil::date;
use theriac_law::facts::{Act, Prescription};
use theriac_law::vocab::{Basis, Form, HistoryKind, Notation, Schedule};
use theriac_law::{Profile, Question, Request};

/// A question with its name and whether it is permitted.
pub struct Case {
    /// What it asks.
    pub name: &'static str,
    /// The question.
    pub question: Question,
    /// Whether the answer is yes, with or without duties.
    pub permitted: bool,
}

/// The profiles under which each question is asked.
pub fn profiles() -> [Profile; 2] {
    [Profile::strictest(), Profile::in_force()]
}

fn prescription(schedule: Schedule, refills: u32) -> Prescription {
    let issued = date(2026, 6, 1);
    Prescription { refills_authorized: refills, ..Prescription::new(schedule, Form::Electronic, issued, 30) }
}

/// A first filling and two refills, each of 30.
fn history() -> Vec<Act> {
    let days = [(HistoryKind::Fill, 6), (HistoryKind::Refill, 7), (HistoryKind::Refill, 8)];
    days.map(|(kind, month)| Act::of(kind, date(2026, month, 2), 30)).to_vec()
}

/// All questions.
pub fn cases() -> Vec<Case> {
    let refill = Request::Refill { quantity: 30 };
    let part = Request::PartialFill {
        quantity: 10,
        basis: Basis::Shortage,
        notation: None::<Notation>,
        remainder_available: true,
        terminal_in_doubt: false,
    };
    let iv = || prescription(Schedule::IV, 5);
    let case = |name, question, permitted| Case { name, question, permitted };
    vec![
        case("refill with history", Question::new(date(2026, 9, 1), refill.clone()).about(iv()).after(history()), true),
        case(
            "refill with history, too late",
            Question::new(date(2026, 12, 2), refill).about(iv()).after(history()),
            false,
        ),
        case(
            "first filling",
            Question::new(date(2026, 6, 2), Request::Fill { quantity: 30 }).about(prescription(Schedule::II, 0)),
            true,
        ),
        case(
            "partial filling, schedule II",
            Question::new(date(2026, 6, 2), part).about(prescription(Schedule::II, 0)),
            true,
        ),
        case(
            "receipt of an electronic prescription",
            Question::new(date(2026, 6, 2), Request::ReceiveElectronic {}).about(iv()),
            true,
        ),
    ]
}
