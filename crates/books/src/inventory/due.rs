//! When the next inventory is due (21 CFR 1304.11(c), (d)).

use crate::ask;
use crate::ledger::Ledger;
use crate::words::words;
use jiff::civil::Date;
use theriac_law::vocab::Event;
use theriac_law::{Moment, Profile};
use theriac_model::calendar::days_after;
use theriac_model::{Ndc, Schedule};

words! {
    /// Where a registration stands with its inventories.
    DueState {
        /// No inventory is on file.
        NeverTaken "never-taken",
        /// Not due yet.
        NotDue "not-due",
        /// Due soon: reminders run.
        Remind "remind",
        /// The last day on which it is in time.
        LastDay "last-day",
        /// Too late.
        Overdue "overdue",
    }
}

/// The days before the last one on which reminders begin: a choice of the house.
const REMIND_DAYS: i32 = 60;

/// When the next complete inventory is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The day of the last complete inventory.
    pub last: Option<Date>,
    /// The last day on which the next is in time.
    pub due: Option<Date>,
    /// Where that stands today.
    pub state: DueState,
}

/// The next inventory of a registration whose last complete one was on `last`.
pub fn biennial(profile: &Profile, last: Option<Date>, today: Date) -> Reminder {
    let due = last.and_then(|last| ask::last_day(profile, Event::InventoryTaken, last));
    let state = match due {
        None => DueState::NeverTaken,
        Some(due) if today > due => DueState::Overdue,
        Some(due) if today == due => DueState::LastDay,
        Some(due) if due.since(today).is_ok_and(|left| left.get_days() <= REMIND_DAYS) => DueState::Remind,
        Some(_) => DueState::NotDue,
    };
    Reminder { last, due, state }
}

/// A product that the law moved to another schedule, or controlled for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleChange {
    /// The product.
    pub ndc: Ndc,
    /// The schedule until then; `None` for a substance that was not controlled, of which the books know nothing.
    pub from: Option<Schedule>,
    /// The schedule from then on.
    pub to: Schedule,
    /// The day on which it takes effect.
    pub effective: Date,
}

/// The changes whose product is on hand, or is in no books because it was not controlled, and was not counted on the day of the change or since: each is a count to be
/// taken, dated on the effective date, and until then the rulebook refuses to handle the product. `counted` answers with
/// the last day on which a product was counted for such a change.
pub fn newly_scheduled<'a>(
    changes: &'a [ScheduleChange],
    ledger: &Ledger,
    counted: impl Fn(&Ndc) -> Option<Date>,
    now: Moment,
) -> Vec<&'a ScheduleChange> {
    let on_hand = |ndc: &Ndc| {
        let ours = ledger.stocks().filter(|stock| stock.commodity().ndc == *ndc);
        ours.map(crate::Stock::on_hand).any(|held| held > 0)
    };
    let soon = days_after(now.date(), 30).unwrap_or(now.date());
    changes
        .iter()
        .filter(|change| change.effective <= soon && (change.from.is_none() || on_hand(&change.ndc)))
        .filter(|change| counted(&change.ndc).is_none_or(|day| day < change.effective))
        .collect()
}
