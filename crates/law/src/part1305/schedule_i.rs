//! 21 U.S.C. 823(a), (g), 829; 21 CFR 1301.13(e)(1), 1301.18; cards, "Ordering CI and CII Medications": who orders schedule I, and for what.
//!
//! Stock of schedule I is ordered for research, for analysis, or to make other drugs, by one registered for it; never to be
//! dispensed.

use crate::edition::{By, Law};
use crate::facts::{Buyer, Order};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{BuyerActivity, Schedule, StockPurpose};

rule!(RESEARCH: "1301.18-schedule-i", "scheduling", "21 CFR 1301.18, 1301.13(e)(1); Cards 2021, Ordering CI and CII Medications", By::ALL,
    "Schedule I is ordered for research, analysis or making other drugs, never for dispensing",
    ["law-sched-ci-research-order-only"]);

/// Whether schedule I is ordered by one who may, for what it may be.
pub(crate) fn for_research(law: &Law<'_>, order: &Order, buyer: &Buyer) -> Outcome {
    use BuyerActivity as A;
    if !order.schedules.contains(&Schedule::I) {
        return Outcome::NotApplicable;
    }
    let (holds, field, what) = match (buyer.activity, buyer.purpose) {
        (_, StockPurpose::Dispensing) => (false, "buyer.purpose", "schedule I is ordered to be dispensed".to_owned()),
        (A::Researcher | A::Laboratory | A::Manufacturer, _) => (true, "buyer", String::new()),
        (activity, _) => {
            (false, "buyer.activity", format!("a {activity} is not registered to do research with schedule I"))
        }
    };
    Outcome::unless(holds, || {
        let next = "strike the line; schedule I goes to registered researchers, laboratories and manufacturers";
        law.deny(&RESEARCH, Reason::NotAuthorized, "LAW-1301.18-RESEARCH", what, next).about(field)
    })
}
