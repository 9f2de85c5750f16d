//! What is due at the desk: inventories, notices of loss, differences of deliveries, second signatures, the registration.

use super::shelves::Books;
use crate::house::House;
use crate::house::record::Fault;
use jiff::civil::Date;
use theriac_books::inventory::{DueState, biennial};
use theriac_books::losses::ClockState;
use theriac_law::vocab::Party as LawParty;
use theriac_model::calendar::days_after;

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) what: String,
    /// By when, in words.
    pub(crate) by: String,
    /// `overdue`, `today`, `soon` or `open`.
    pub(crate) state: &'static str,
    /// Where it is done.
    pub(crate) href: String,
}

/// How urgent a day is.
pub(crate) fn urgency(due: Date, today: Date) -> &'static str {
    if due < today {
        "overdue"
    } else if due == today {
        "today"
    } else if days_after(today, 7).is_some_and(|week| due <= week) {
        "soon"
    } else {
        "open"
    }
}

/// Days before the end of a registration on which a renewal opens online (manual, section III).
const RENEWAL_OPENS: i64 = 60;

impl House {
    /// Everything that is due in the stock room, the most urgent first.
    pub(crate) fn due_in_stockroom(&self) -> Result<Vec<Due>, Fault> {
        let today = self.clock.moment().date();
        let mut due = self.inventories_due(today)?;
        due.extend(self.losses_due(today)?);
        due.extend(self.due_at_the_till(today)?);
        for delivery in self.deliveries()? {
            let open = delivery.open();
            if !open.is_empty() {
                due.push(Due {
                    what: format!("{} of invoice {} to be settled", differences(open.len()), delivery.receipt.number()),
                    by: String::new(),
                    state: "open",
                    href: format!("/books/receipts/{}", delivery.id),
                });
            }
        }
        for act in self.waiting_acts()? {
            due.push(Due {
                what: format!("{} entered by {} waits for a second signature", act.id, self.full_name(&act.by)),
                by: String::new(),
                state: "soon",
                href: format!("/books/second/{}", act.id),
            });
        }
        due.extend(self.registration_due(today)?);
        let order = |one: &Due| ["overdue", "today", "soon", "open"].iter().position(|state| *state == one.state);
        due.sort_by_key(order);
        Ok(due)
    }

    fn inventories_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let sheets = self.inventories()?;
        let complete = sheets
            .iter()
            .filter(|sheet| sheet.inventory.closed().is_some() && sheet.inventory.plan().occasion.is_complete());
        let last = complete.map(|sheet| sheet.inventory.plan().day()).max();
        let reminder = biennial(&self.profile, last, today);
        let mut due = Vec::new();
        let by = reminder.due.map_or_else(|| "at once".to_owned(), |day| format!("by {day}"));
        let state = match reminder.state {
            DueState::NeverTaken | DueState::Overdue => "overdue",
            DueState::LastDay => "today",
            DueState::Remind => "soon",
            DueState::NotDue => "open",
        };
        let what = match (reminder.state, last) {
            (DueState::NeverTaken, _) | (_, None) => "Initial inventory: none is on file".to_owned(),
            (_, Some(last)) => format!("Biennial inventory; the last complete one is of {last}"),
        };
        due.push(Due { what, by, state, href: "/books/inventories".to_owned() });
        due.extend(self.changes_due(today)?);
        for sheet in &sheets {
            let plan = sheet.inventory.plan();
            let href = format!("/books/inventories/{}", plan.id.as_str());
            if sheet.inventory.closed().is_none() {
                let open = sheet.inventory.sheet().iter().filter(|line| line.counted.is_none()).count();
                let what = format!("Inventory {} is open; {open} lines are not counted", plan.id.as_str());
                due.push(Due { what, by: String::new(), state: "soon", href });
                continue;
            }
            let (rows, _) = self.variances(sheet)?;
            let asking = rows.iter().filter(|row| row.asks_classification()).count();
            if asking > 0 {
                let what = format!("{} of inventory {} to be looked into", variances(asking), plan.id.as_str());
                due.push(Due { what, by: String::new(), state: "soon", href });
            }
        }
        Ok(due)
    }

    /// The count of a product that the law controls from a day on, or moves to another schedule.
    fn changes_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let mut due = Vec::new();
        for one in self.uncounted_changes()? {
            let change = &one.change;
            let goods = self.goods_as_known(&change.ndc, self.unit_in(&Books::default(), &change.ndc))?;
            let schedule = change.to.roman();
            due.push(Due {
                what: format!(
                    "Count of {}, schedule {schedule} from {} ({}): nothing of it is dispensed before",
                    goods.title(),
                    change.effective,
                    one.source
                ),
                by: format!("on {}", change.effective),
                state: urgency(change.effective, today),
                href: format!("/books/inventories?occasion=newly-scheduled&taken=opening&products={}#new", change.ndc),
            });
        }
        Ok(due)
    }

    fn losses_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let mut due = Vec::new();
        for case in self.loss_cases()? {
            if case.incident.closed.is_some() {
                continue;
            }
            let href = format!("/books/losses/{}", case.id);
            let clock = case.incident.clock(&self.profile, LawParty::Pharmacy, today)?;
            if let (ClockState::Running | ClockState::LastDay | ClockState::Overdue, Some(day)) =
                (clock.state, clock.due)
            {
                due.push(Due {
                    what: format!("Notice to DEA of case {}, in writing", case.id.to_uppercase()),
                    by: format!("by {day}"),
                    state: urgency(day, today),
                    href: href.clone(),
                });
            }
            if clock.state == ClockState::NotOurs {
                let told = if case.incident.supplier_told.is_empty() { "tell the supplier, and " } else { "" };
                due.push(Due {
                    what: format!(
                        "Shipment of case {}: {told}say when it turns up; until then another reports it",
                        case.id.to_uppercase()
                    ),
                    by: String::new(),
                    state: "open",
                    href: href.clone(),
                });
                continue;
            }
            if case.incident.forms.is_empty() && case.incident.proposes_report() {
                let day = case.incident.form_due(&self.profile);
                due.push(Due {
                    what: format!(
                        "DEA Form 106 of case {}, or the letter that nothing was lost",
                        case.id.to_uppercase()
                    ),
                    by: day.map_or_else(String::new, |day| format!("by {day}")),
                    state: day.map_or("open", |day| urgency(day, today)),
                    href,
                });
            }
        }
        Ok(due)
    }

    fn registration_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let registration = self.registration()?;
        let href = || "/books/registration".to_owned();
        let mut due: Vec<Due> = registration
            .tasks()
            .into_iter()
            .map(|task| Due { what: task.what, by: format!("until {}", task.until), state: "soon", href: href() })
            .collect();
        if let Ok(expires) = registration.get("expires").parse::<Date>() {
            let opens = expires.saturating_sub(jiff::Span::new().days(RENEWAL_OPENS));
            if today >= opens {
                due.push(Due {
                    what: format!("Renewal of registration {} (DEA Form 224a)", self.pharmacy),
                    by: format!("by {expires}"),
                    state: urgency(expires, today),
                    href: href(),
                });
            }
        }
        Ok(due)
    }
}

fn differences(count: usize) -> String {
    if count == 1 { "A difference".to_owned() } else { format!("{count} differences") }
}

fn variances(count: usize) -> String {
    if count == 1 { "A variance".to_owned() } else { format!("{count} variances") }
}
