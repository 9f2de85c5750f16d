//! What the lists of the forms offer, in plain words.

/// One choice of a list.
pub(in crate::http) struct Choice {
    pub(in crate::http) word: &'static str,
    pub(in crate::http) label: &'static str,
    pub(in crate::http) chosen: bool,
}

/// The choices of a list, with the one that was made.
pub(super) fn choices(list: &[(&'static str, &'static str)], chosen: &str) -> Vec<Choice> {
    list.iter().map(|&(word, label)| Choice { word, label, chosen: word == chosen }).collect()
}

pub(super) const FORMATS: &[(&str, &str)] = &[
    ("letterhead", "On the entity's letterhead"),
    ("form", "On this program's form"),
    ("other-provider", "Made for another service provider"),
];
pub(super) const ENTITIES: &[(&str, &str)] = &[
    ("hospital", "Registered hospital's office"),
    ("state-board", "State licensing board"),
    ("state-authority", "State controlled substances authority"),
    ("police", "State or local police"),
    ("notary", "Notary (does not serve)"),
    ("credit-bureau", "Credit bureau (does not serve)"),
    ("federal-agency", "Federal agency (does not serve)"),
    ("service-provider", "Service provider (does not serve)"),
    ("other", "Somebody else (does not serve)"),
];
pub(super) const AUTHORITIES: &[(&str, &str)] = &[
    ("licence", "State licence"),
    ("veterans-employee", "Veterans Affairs employee"),
    ("veterans-contractor", "Veterans Affairs contractor"),
];
pub(super) const UNDER: &[(&str, &str)] = &[
    ("own", "The practitioner's own"),
    ("institution", "An institution's, with an internal code"),
    ("service", "None: exempt official of a Federal service"),
];
pub(super) const APPROVALS: &[(&str, &str)] = &[
    ("gsa-level-3", "GSA, assurance level 3 or above"),
    ("federal-bridge-basic", "Cross-certified with the Federal Bridge, basic or above"),
    ("neither", "Neither (does not serve)"),
];
pub(super) const CHECKS: &[(&str, &str)] = &[
    ("licence", "State licence to practise"),
    ("state-registration", "State controlled substance registration"),
    ("appointment", "Veterans Affairs appointment"),
];
pub(super) const RESULTS: &[(&str, &str)] =
    &[("good", "Current and in good standing"), ("not-good", "Not current, or not in good standing")];
pub(super) const MODES: &[(&str, &str)] =
    &[("telephone", "By telephone"), ("in-person", "In person, at the registered location")];
pub(super) const SOURCES: &[(&str, &str)] =
    &[("public", "A public source, named below"), ("application", "The application (does not serve)")];
pub(super) const ANSWERS: &[(&str, &str)] =
    &[("confirmed", "Yes, I apply"), ("denied", "No, I do not apply"), ("not-reached", "Nobody was reached")];

/// The label of a word of a list; the word itself where the list has none.
pub(super) fn label(list: &[(&'static str, &'static str)], word: &'static str) -> &'static str {
    list.iter().find(|(known, _)| *known == word).map_or(word, |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_prescriber::proofing::{
        Approval, CheckKind, CheckResult, ContactAnswer, ContactMode, EntityKind, Format, NumberSource,
    };

    #[test]
    fn every_word_of_the_core_can_be_chosen_and_no_other() {
        let words = |list: &[(&'static str, &'static str)]| list.iter().map(|(word, _)| *word).collect::<Vec<_>>();
        let check = |list: &[(&'static str, &'static str)], mut core: Vec<&'static str>| {
            let mut listed = words(list);
            listed.sort_unstable();
            core.sort_unstable();
            assert_eq!(listed, core);
        };
        check(FORMATS, Format::ALL.iter().map(|one| one.word()).collect());
        check(ENTITIES, EntityKind::ALL.iter().map(|one| one.word()).collect());
        check(APPROVALS, Approval::ALL.iter().map(|one| one.word()).collect());
        check(CHECKS, CheckKind::ALL.iter().map(|one| one.word()).collect());
        check(RESULTS, CheckResult::ALL.iter().map(|one| one.word()).collect());
        check(MODES, ContactMode::ALL.iter().map(|one| one.word()).collect());
        check(SOURCES, NumberSource::ALL.iter().map(|one| one.word()).collect());
        check(ANSWERS, ContactAnswer::ALL.iter().map(|one| one.word()).collect());
    }
}
