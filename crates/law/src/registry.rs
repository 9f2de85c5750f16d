//! Every rule, in one list: the printed rulebook, `explain`, and the requirement catalogue read it.

use crate::rule::Rule;

/// All rules, by part of the law.
static ALL: &[&Rule] = &[
    &crate::state::PERMITS,
    &crate::part1301::dea_number::NUMBER,
    &crate::part1301::dea_number::INITIAL,
    &crate::part1306::contents::CONTENTS,
    &crate::part1306::emergency::DEFINITION,
    &crate::part1306::emergency::NEEDED,
    &crate::part1306::emergency::KNOWN,
    &crate::part1306::emergency::RETAIL,
    &crate::part1306::emergency::FACE,
    &crate::part1306::emergency::SEVEN_DAYS,
    &crate::part1306::expiry::LAST_DAY,
    &crate::part1306::expiry::FIRST_DAY,
    &crate::part1306::fax::ORIGINAL_II,
    &crate::part1306::fax::SENT_BY,
    &crate::part1306::form::WRITTEN_II,
    &crate::part1306::form::ORAL_BY,
    &crate::part1306::form::MEDIUM,
    &crate::part1306::oral_refills::ADDED_COUNT,
    &crate::part1306::oral_refills::ADDED_QUANTITY,
    &crate::part1306::partial_ii::BASIS,
    &crate::part1306::partial_ii::NOTATION,
    &crate::part1306::partial_ii::DOUBT,
    &crate::part1306::partial_ii::WINDOW,
    &crate::part1306::partial_iii_v::SIX_MONTHS,
    &crate::part1306::practitioner::STATE,
    &crate::part1306::practitioner::REGISTERED,
    &crate::part1306::practitioner::SCHEDULES,
    &crate::part1306::purpose::PURPOSE,
    &crate::part1306::quantity::WITHIN,
    &crate::part1306::quantity::ONCE,
    &crate::part1306::refills::NEVER_II,
    &crate::part1306::refills::COUNT,
    &crate::part1306::replacement::ONE_OF_TWO,
    &crate::part1306::replacement::SAYS_SO,
    &crate::part1306::series::SUPPLY,
    &crate::part1306::series::SEPARATE,
    &crate::part1306::series::DATES,
    &crate::part1306::series::ISSUED,
    &crate::part1306::signature::SIGNED,
    &crate::part1306::signature::SAME_DAY,
    &crate::part1311::receive::IS_ELECTRONIC,
    &crate::part1311::receive::PHARMACY,
    &crate::part1311::receive::SOFTWARE,
    &crate::part1311::receive::ONE_NUMBER,
    &crate::part1311::receive::UNALTERED,
    &crate::part1311::receive::FRESH,
    &crate::part1311::sign::FACTORS,
    &crate::part1311::sign::IDLE,
    &crate::part1311::sign::TOKEN,
    &crate::part1311::sign::REGISTRATION,
    &crate::part1311::sign::SIGNER,
    &crate::part1311::sign::REVIEWED,
    &crate::part1311::sign::ONE_PATIENT,
    &crate::part1311::transmit::SIGNED,
    &crate::part1311::transmit::NOT_PRINTED,
    &crate::part1311::transmit::NOT_TRANSMITTED,
    &crate::part1311::transmit::AS_ELECTRONIC,
];

/// All rules, by part of the law.
pub fn registry() -> &'static [&'static Rule] {
    ALL
}

/// The rule with this identifier.
pub fn rule(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
