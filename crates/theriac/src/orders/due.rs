//! What waits at the order desk, and until when.

use super::purchase::Purchase;
use crate::house::House;
use crate::house::record::Fault;
use jiff::ToSpan as _;
use jiff::civil::Date;
use theriac_law::edition::Law;
use theriac_law::vocab::Word as _;

/// How many days before its last day an order that is not complete is shown.
const AHEAD_DAYS: i32 = 14;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// What.
    pub(crate) what: String,
    /// The paragraph that asks for it.
    pub(crate) cite: &'static str,
    /// The last day; none for what is due at once.
    pub(crate) by: Option<Date>,
    /// Whether the day is over.
    pub(crate) late: bool,
    /// The page where it is done.
    pub(crate) at: String,
}

impl House {
    /// The last day on which an order may be filled (21 CFR 1305.13(b)).
    pub(crate) fn order_runs_until(&self, signed: Date) -> Option<Date> {
        let days = theriac_law::parameter("order.days")?;
        let bound = Law::on(&self.profile, signed, None).bound(days)?;
        signed.checked_add(i32::try_from(bound.value).ok()?.days()).ok()
    }

    fn due_of_order(&self, purchase: &Purchase, today: Date, due: &mut Vec<Due>) {
        let (order, at) = (&purchase.order, format!("/orders/{}", purchase.id));
        let number = &order.executed().number;
        let excess: u32 = order.excess().map(|(_, packages)| packages).sum();
        if excess > 0 {
            due.push(Due {
                what: format!("{excess} packages came on order {number} that it does not cover: send them back"),
                cite: "21 CFR 1305.13(b)",
                by: None,
                late: false,
                at: at.clone(),
            });
        }
        let over = order.not_accepted().is_some() || order.lost().is_some();
        let outstanding: u32 = order.lines().map(theriac_books::orders::LineState::outstanding).sum();
        let Some(last) = self.order_runs_until(order.executed().signed.date()) else { return };
        if over || outstanding == 0 || today < last.saturating_sub(AHEAD_DAYS.days()) {
            return;
        }
        let late = today > last;
        let what = if late {
            format!(
                "Order {number} ran out with {outstanding} packages outstanding: cancel what is left, or have it voided"
            )
        } else {
            format!("Order {number} runs out with {outstanding} packages outstanding")
        };
        due.push(Due { what, cite: "21 CFR 1305.13(b)", by: Some(last), late, at });
    }

    /// What waits, most pressing first: what is late, what is due at once, then by day.
    pub(crate) fn orders_due(&self) -> Result<Vec<Due>, Fault> {
        let today = self.clock.moment().date();
        let mut due = Vec::new();
        let forms = self.order_forms()?;
        if let Some(request) = forms.register.open_request() {
            due.push(Due {
                what: format!("Order forms were asked for ({}): take them in when they come", request.channel.word()),
                cite: "21 CFR 1305.11",
                by: None,
                late: false,
                at: "/orders/forms".to_owned(),
            });
        }
        for report in forms.register.open_reports() {
            due.push(Due {
                what: format!(
                    "Report {} order forms to DEA, discovered {}",
                    report.event.word(),
                    self.moment_in_words(report.since)
                ),
                cite: "21 CFR 1305.16",
                by: None,
                late: today > report.since.date(),
                at: "/orders/forms".to_owned(),
            });
        }
        let outdated = forms.register.outdated(&self.order_party()).count();
        if outdated > 0 {
            due.push(Due {
                what: format!("{outdated} blank forms bear another name or address: have them replaced"),
                cite: "Manual 2010, section III",
                by: None,
                late: false,
                at: "/orders/forms".to_owned(),
            });
        }
        for (id, typed) in self.order_drafts()? {
            due.push(Due {
                what: format!("An order to {} waits for its signature", typed.get("name")),
                cite: "21 CFR 1305.12",
                by: None,
                late: false,
                at: format!("/orders/drafts/{id}"),
            });
        }
        for purchase in self.purchases()? {
            self.due_of_order(&purchase, today, &mut due);
        }
        for supplied in self.all_supplied()? {
            let Some(state) = &supplied.state else { continue };
            for by in state.reports_due() {
                due.push(Due {
                    what: format!("Report what was shipped on order {} to DEA", state.order().number),
                    cite: "21 CFR 1305.13(d), 1305.29",
                    by: Some(by),
                    late: today > by,
                    at: format!("/orders/supply/{}", supplied.id),
                });
            }
        }
        due.sort_by_key(|one| (!one.late, one.by.is_some(), one.by));
        Ok(due)
    }
}
