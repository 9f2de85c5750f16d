//! 21 U.S.C. 830(d), 844(a); 21 CFR 1314.20; manual, appendix G: how much of a listed chemical goes to one purchaser.
//!
//! 3.6 g of base a day; 9 g in 30 days, of which 7.5 g by mail, of each chemical on its own. A day is the local calendar day, thirty days are elapsed
//! time. The base in a salt is its share by weight; appendix G rounds tablets down, which comparing exactly does too:
//!
//! | chemical | salt | share |
//! |---|---|---|
//! | ephedrine, pseudoephedrine | hydrochloride | 165.23 / 201.69 |
//! | ephedrine, pseudoephedrine | sulfate | 330.46 / 428.50 |

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Act, Product};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Channel, HistoryKind, Salt};
use crate::when::When;
use jiff::civil::date;

rule!(LIMIT: "1314.20-limit", "cmea", "21 U.S.C. 830(d), 844(a); 21 CFR 1314.20", By::ALL,
    "One purchaser gets 3.6 g of base a day and 9 g in 30 days, of which 7.5 g by mail",
    ["law-cmea-per-chemical", "pharm-cmea-base-conversion", "law-cmea-daily-limit", "law-cmea-30-day-limit", "law-cmea-mail-7-5", "law-cmea-base-weight", "law-cmea-table-daily", "law-cmea-table-30-day", "law-cmea-table-mail"],
    Some(date(2006, 4, 8)),
    None
);

parameter!(DAY_MG: "cmea.day.mg", "milligrams of base to one purchaser in a day", Min, Domain::Number("mg"), [Row::of(By::ALL, 3600, "21 U.S.C. 830(d)(1)")]);
parameter!(MONTH_MG: "cmea.month.mg", "milligrams of base to one purchaser in 30 days", Min, Domain::Number("mg"), [Row::of(By::ALL, 9000, "21 U.S.C. 844(a)")]);
parameter!(MAIL_MG: "cmea.mail.mg", "milligrams of base to one purchaser by mail in 30 days", Min, Domain::Number("mg"), [Row::of(By::ALL, 7500, "21 U.S.C. 830(e)(2)(A)")]);

/// The share of base in a salt: hundredths of the molecular weights.
#[derive(Clone, Copy)]
struct Share {
    base: u128,
    salt: u128,
}

const HYDROCHLORIDE: Share = Share { base: 16_523, salt: 20_169 };
const SULFATE: Share = Share { base: 33_046, salt: 42_850 };

/// An amount of base, in milligrams times the salt's weight, so that it stays a whole number.
#[derive(Clone, Copy)]
struct Measure {
    share: Share,
    mg_per_unit: u128,
}

impl Measure {
    fn of(product: &Product) -> Self {
        let share = if product.salt == Some(Salt::Sulfate) { SULFATE } else { HYDROCHLORIDE };
        Self { share, mg_per_unit: u128::from(product.mg_per_unit.unwrap_or(0)) }
    }

    fn base(self, units: u64, base_mg: u64) -> u128 {
        u128::from(units) * self.mg_per_unit * self.share.base + u128::from(base_mg) * self.share.salt
    }

    fn limit(self, mg: u64) -> u128 {
        u128::from(mg) * self.share.salt
    }
}

/// What is asked for: units, or base.
#[derive(Clone, Copy)]
pub(crate) struct Sale {
    pub(crate) units: u64,
    pub(crate) base_mg: u64,
    pub(crate) channel: Channel,
}

/// Whether the three limits hold with this sale.
pub(crate) fn limit(law: &Law<'_>, product: &Product, sale: Sale, history: &[Act], at: When) -> Outcome {
    const THIRTY_DAYS: i64 = 30 * 24 * 3600;
    let measure = Measure::of(product);
    let sold = |counts: &dyn Fn(&Act) -> bool| {
        history
            .iter()
            .filter(|act| matches!(act.kind, HistoryKind::Sale | HistoryKind::SaleMail))
            .filter(|act| act.chemical.is_none() || act.chemical == product.chemical)
            .filter(|act| counts(act))
            .fold(measure.base(sale.units, sale.base_mg), |sum, act| {
                sum + measure.base(act.units(), act.base_mg.unwrap_or(0).saturating_mul(act.count))
            })
    };
    let recent = |act: &Act| match (act.at.moment(), at.moment()) {
        (Some(then), Some(now)) => now.seconds_since(then) <= THIRTY_DAYS,
        _ => true,
    };
    let today = |act: &Act| act.at.date() == at.date();
    let by_mail = |act: &Act| act.kind == HistoryKind::SaleMail && recent(act);
    let mailed = sale.channel == Channel::Mail;
    let totals = [
        (&DAY_MG, Some(sold(&today)), "in a day"),
        (&MONTH_MG, Some(sold(&recent)), "in 30 days"),
        (&MAIL_MG, mailed.then(|| sold(&by_mail)), "by mail in 30 days"),
    ];
    for (parameter, total, period) in totals {
        let (Some(bound), Some(total)) = (law.bound(parameter), total) else { continue };
        if total > measure.limit(bound.value) {
            let what = format!("more than {} mg of base {period}", bound.value);
            let denial =
                law.deny(&LIMIT, Reason::LimitExceeded, "LAW-1314.20-LIMIT", what, "sell less, or on a later day");
            return Outcome::Violated(Box::new(denial.by(&bound).about("request.quantity")));
        }
    }
    Outcome::Satisfied
}
