//! What State law adds in general (1306.03(a)(1), 1306.12(b)(1)(iv), 1306.25(i) and others): Federal permission ends where it forbids.

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};

rule!(PERMITS: "state-permits", "state-law", "21 U.S.C. 903; 21 CFR 1306.12(b), 1306.25(i)", By::ALL,
    "A practice that State law forbids is not permitted by Federal law either",
    ["law-state-stricter-wins", "law-state-overlay-only-tightens", "pharm-rule-stricter-of-federal-and-state", "law-cont-one-form-state-limits", "law-cont-security-form-state", "law-cf-state-permits", "law-forms-electronic-is-extra", "law-part-cii-cara-state", "law-multi-state-allows", "law-xfer-state-permits", "epcs-1306.25-i"]);

/// Whether State law permits the practice asked about.
pub(crate) fn permits(law: &Law<'_>, state_permits: bool) -> Outcome {
    Outcome::unless(state_permits, || {
        law.deny(
            &PERMITS,
            Reason::StateProhibits,
            "LAW-STATE-PROHIBITS",
            "State law forbids this practice",
            "follow State law; ask its board what it allows instead",
        )
        .about("facts.state_permits")
    })
}
