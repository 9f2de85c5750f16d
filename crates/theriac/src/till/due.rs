//! What is due at the till: the seller's certificate, losses of listed chemicals, counts of kits, registrations of machines, monthly
//! reports of an online pharmacy.

use super::devices::PlaceOfStock;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::{Due, urgency};
use jiff::civil::Date;
use theriac_model::calendar::days_after;

/// Days before the end of a certificate or a registration on which it is spoken of: as the rulebook's own reminder.
const REMINDER_DAYS: u32 = 30;

impl House {
    /// Everything that is due at the till.
    pub(crate) fn due_at_the_till(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let mut due = self.seller_due(today)?;
        due.extend(self.devices_due(today)?);
        let online = self.online()?;
        for (month, last) in self.months_owed(&online, today) {
            due.push(Due {
                what: format!("Report to DEA of what was dispensed in {}", month.strftime("%Y-%m")),
                by: last.map_or_else(String::new, |day| format!("by {day}")),
                state: last.map_or("open", |day| urgency(day, today)),
                href: "/till/online".to_owned(),
            });
        }
        if let Ok((_, differ)) = self.home_blocks(&online)
            && !differ.is_empty()
        {
            due.push(Due {
                what: format!("The home page differs from the records: {}", differ.join(", ").replace('-', " ")),
                by: String::new(),
                state: "overdue",
                href: "/till/online".to_owned(),
            });
        }
        Ok(due)
    }

    fn seller_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let (file, _) = self.seller_file()?;
        let href = || "/till/seller".to_owned();
        let mut due = Vec::new();
        if let Some(until) = file.certified_until()
            && days_after(today, REMINDER_DAYS).is_none_or(|soon| until <= soon)
        {
            due.push(Due {
                what: "Self-certification for listed chemicals to be renewed".to_owned(),
                by: format!("by {until}"),
                state: urgency(until, today),
                href: href(),
            });
        }
        for number in file.calls_owed() {
            due.push(Due {
                what: format!("Call to DEA about loss {number} of listed chemicals"),
                by: "at once".to_owned(),
                state: "today",
                href: href(),
            });
        }
        for (number, loss) in (1_u64..).zip(file.losses()) {
            if loss.reported.is_some() {
                continue;
            }
            due.push(Due {
                what: format!("Written report to DEA about loss {number} of listed chemicals"),
                by: loss.written_due.map_or_else(String::new, |day| format!("by {day}")),
                state: loss.written_due.map_or("open", |day| urgency(day, today)),
                href: href(),
            });
        }
        Ok(due)
    }

    fn devices_due(&self, today: Date) -> Result<Vec<Due>, Fault> {
        let mut due = Vec::new();
        for id in self.devices(PlaceOfStock::Machine)? {
            let now = self.machine(&id)?;
            if let Some(until) = now.machine.setup().until
                && days_after(today, REMINDER_DAYS).is_none_or(|soon| until <= soon)
            {
                due.push(Due {
                    what: format!("Registration of the machine {id} to be renewed"),
                    by: format!("by {until}"),
                    state: urgency(until, today),
                    href: format!("/till/devices/machine-{id}"),
                });
            }
        }
        for id in self.devices(PlaceOfStock::Kit)? {
            let now = self.kit(&id)?;
            let href = format!("/till/devices/kit-{id}");
            let late = now.kit.overdue(today).len();
            if late > 0 {
                let what = format!("Count of the kit {id}: {late} of its products");
                due.push(Due { what, by: "overdue".to_owned(), state: "overdue", href: href.clone() });
            }
            if now.kit.is_suspended() {
                let what = format!("The kit {id} is suspended after a breach");
                due.push(Due { what, by: String::new(), state: "today", href });
            }
        }
        Ok(due)
    }
}
