//! Every parameter of the law, in one list: overlays, property tests and the printed rulebook read it.

use crate::edition::Parameter;

/// All parameters, by part of the law.
static ALL: &[&Parameter] = &[
    &crate::part1306::contents::TREATMENT_ID,
    &crate::part1306::contents::TIME_SIGNED,
    &crate::part1306::emergency::NO_WRITTEN,
    &crate::part1306::emergency::DAYS,
    &crate::part1306::expiry::MONTHS_III_IV,
    &crate::part1306::expiry::DAYS_II,
    &crate::part1306::expiry::MONTHS_V,
    &crate::part1306::fax::INFUSION_NARCOTIC,
    &crate::part1306::fax::HOSPICE_NARCOTIC,
    &crate::part1306::form::ORAL_AGENT,
    &crate::part1306::partial_ii::REQUESTED,
    &crate::part1306::partial_ii::SHORTAGE_HOURS,
    &crate::part1306::partial_ii::REQUESTED_DAYS,
    &crate::part1306::partial_ii::LTCF_DAYS,
    &crate::part1306::partial_iii_v::MONTHS_III_IV,
    &crate::part1306::partial_iii_v::MONTHS_V,
    &crate::part1306::refills::MOST_III_IV,
    &crate::part1306::refills::MOST_V,
    &crate::part1306::series::DAYS,
    &crate::part1311::receive::NUMBERS,
    &crate::part1311::receive::REGISTRY_DAYS,
    &crate::part1311::receive::ARCHIVE,
    &crate::part1311::sign::HARD_TOKEN,
    &crate::part1311::sign::IDLE_SECONDS,
    &crate::part1311::sign::AGREEMENT,
    &crate::part1311::sign::PATIENTS,
    &crate::part1311::sign::IMMEDIATELY,
];

/// All parameters.
pub fn all() -> &'static [&'static Parameter] {
    ALL
}
