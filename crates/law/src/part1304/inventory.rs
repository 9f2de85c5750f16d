//! 21 CFR 1304.11: inventories.
//!
//! (b) On the first day of business all stock is counted; none is recorded as zero. (c) At least every two years.
//! (d) A substance newly controlled is counted on the day its control takes effect.
//! (e)(6) A sealed container is counted by its label. An opened one of schedules I and II is counted exactly; one of
//! schedules III to V may be estimated unless it holds more than 1,000 units.

use crate::edition::{By, Domain, Law, Row, UNLIMITED, parameter};
use crate::facts::Stock;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Container, CountMethod, Schedule};

rule!(COUNT: "1304.11-count", "inventory", "21 CFR 1304.11(e)(6)", By::ALL,
    "Schedules I and II and sealed containers are counted exactly; an opened container of schedules III to V that holds at most 1,000 units may be estimated",
    ["law-inv-cii-exact", "law-inv-ciii-v-estimate-1000", "law-inv-sealed-no-open"]);
rule!(ZERO: "1304.11-zero", "inventory", "21 CFR 1304.11(b)", By::ALL,
    "Without stock on the first day of business an inventory of zero is recorded",
    ["law-inv-initial"]);
rule!(EVERY: "1304.11-biennial", "inventory", "21 CFR 1304.11(c)", By::ALL,
    "An inventory is taken at least every two years",
    ["law-inv-biennial", "law-inv-newly-scheduled"]);

parameter!(ESTIMATE_MOST: "inventory.estimate.units", "units that an opened container of schedules III to V may hold to be estimated", Min,
    Domain::Number("units"), [Row::of(By::ALL, 1000, "21 CFR 1304.11(e)(6)(ii)")]);
parameter!(YEARS: "inventory.years", "years within which the next inventory is taken", Min, Domain::Number("years"),
    [Row::of(By::ALL, 2, "21 CFR 1304.11(c)")]);

/// Whether the method suits what was counted.
pub(crate) fn count(law: &Law<'_>, stock: &Stock) -> Outcome {
    if stock.method != Some(CountMethod::Estimate) {
        return Outcome::Satisfied;
    }
    let no = |what: String| {
        law.deny(&COUNT, Reason::CountMethod, "LAW-1304.11-COUNT", what, "count it exactly").about("stock.method")
    };
    if matches!(stock.schedule, Some(Schedule::I | Schedule::II)) {
        return Outcome::Violated(Box::new(no("schedules I and II are counted exactly".to_owned())));
    }
    if stock.container == Some(Container::Sealed) {
        return Outcome::Violated(Box::new(no("a sealed container is counted by its label, exactly".to_owned())));
    }
    let most = law.value(&ESTIMATE_MOST, UNLIMITED);
    Outcome::unless(stock.capacity.is_none_or(|capacity| capacity <= most), || {
        no(format!("an opened container that holds more than {most} is counted exactly"))
    })
}
