//! 21 U.S.C. 812(b); manual, section II: what puts a substance into a schedule.

use crate::edition::By;
use crate::rule::rule;
use crate::vocab::Schedule;

rule!(CRITERIA: "812-criteria", "scheduling", "21 U.S.C. 812(b); Manual 2010, section II", By::ALL,
    "Each schedule has findings on abuse, medical use and dependence; a lower number is the stricter schedule",
    ["law-sched-ci-definition", "law-sched-cii-definition", "law-sched-ciii-definition", "law-sched-civ-definition", "law-sched-cv-definition", "law-sched-order-by-abuse"]);

/// The findings for `schedule`, in our words.
pub(crate) const fn of(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::I => {
            "high potential for abuse; no currently accepted medical use in the United States; no accepted safety for use under medical supervision"
        }
        Schedule::II => {
            "high potential for abuse; a currently accepted medical use; abuse may lead to severe psychological or physical dependence"
        }
        Schedule::III => {
            "potential for abuse less than I and II; a currently accepted medical use; moderate or low physical, or high psychological dependence"
        }
        Schedule::IV => {
            "low potential for abuse relative to schedule III; a currently accepted medical use; limited dependence relative to schedule III"
        }
        Schedule::V => {
            "low potential for abuse relative to schedule IV; a currently accepted medical use; limited dependence relative to schedule IV; mostly preparations with limited amounts of narcotics against cough, diarrhoea and pain"
        }
        Schedule::None => "not controlled: in no schedule",
    }
}
