//! Warning signs (manual, appendix D; cards, "NABP Ref Flags", "Corresponding Responsibility and Red Flags").
//!
//! A sign is a warning: it never denies by itself, and quantity or frequency alone proves nothing, above all in the treatment
//! of pain. Each says what was found, with its figure. What is open is resolved by a pharmacist before the drug is handed
//! over, and the resolution is recorded. The figures are our own, since the sources name signs and no numbers; a house sets
//! them in its overlay.

pub(crate) mod combination;
pub(crate) mod figures;
pub(crate) mod pattern;
pub(crate) mod person;
pub(crate) mod presented;
pub(crate) mod resolve;

use crate::edition::Law;
use crate::facts::{Act, Prescription, Screen};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, Rule};
use crate::vocab::Flag;
use std::borrow::Cow;

/// What the signs are read from.
pub(crate) struct Seen<'a> {
    pub(crate) law: &'a Law<'a>,
    pub(crate) screen: &'a Screen,
    pub(crate) rx: Option<&'a Prescription>,
    /// What was done with it before.
    pub(crate) history: &'a [Act],
}

/// A sign: its word, its rule, and how it is read.
pub(crate) struct Sign {
    pub(crate) flag: Flag,
    pub(crate) rule: &'static Rule,
    pub(crate) read: fn(&Seen<'_>) -> Outcome,
}

/// Every sign, in the order in which they are shown.
pub(crate) static SIGNS: &[Sign] = &[
    Sign { flag: Flag::EarlyRefill, rule: &person::EARLY, read: person::early },
    Sign { flag: Flag::Distance, rule: &person::DISTANCE, read: person::distance },
    Sign { flag: Flag::MultiplePrescribers, rule: &pattern::PRESCRIBERS, read: pattern::prescribers },
    Sign { flag: Flag::MultiplePharmacies, rule: &pattern::PHARMACIES, read: pattern::pharmacies },
    Sign { flag: Flag::PillMill, rule: &pattern::ALIKE, read: pattern::alike },
    Sign { flag: Flag::Scope, rule: &pattern::SCOPE, read: pattern::scope },
    Sign { flag: Flag::Group, rule: &pattern::GROUP, read: pattern::group },
    Sign { flag: Flag::Behaviour, rule: &person::BEHAVIOUR, read: person::behaviour },
    Sign { flag: Flag::Cash, rule: &person::CASH, read: person::cash },
    Sign { flag: Flag::StreetName, rule: &person::STREET_NAME, read: person::street_name },
    Sign { flag: Flag::Cocktail, rule: &combination::COCKTAIL, read: combination::cocktail },
    Sign { flag: Flag::PendingAction, rule: &pattern::PENDING, read: pattern::pending },
    Sign { flag: Flag::FaceIrregular, rule: &presented::FACE, read: presented::face },
    Sign { flag: Flag::LargeOrStrong, rule: &presented::LARGE, read: presented::large },
    Sign { flag: Flag::PrescriberVolume, rule: &pattern::VOLUME, read: pattern::volume },
    Sign { flag: Flag::TooFrequent, rule: &person::FREQUENT, read: person::frequent },
    Sign { flag: Flag::UppersDowners, rule: &combination::OPPOSED, read: combination::opposed },
    Sign { flag: Flag::OtherNames, rule: &person::OTHER_NAMES, read: person::other_names },
    Sign { flag: Flag::Strangers, rule: &pattern::STRANGERS, read: pattern::strangers },
    Sign { flag: Flag::ForgedLook, rule: &presented::FORGED, read: presented::forged },
    Sign { flag: Flag::UnusualDose, rule: &presented::DOSE, read: presented::dose },
    Sign { flag: Flag::LatePresentation, rule: &presented::LATE, read: presented::late },
    Sign { flag: Flag::CannabisInteraction, rule: &combination::CANNABIS, read: combination::cannabis },
];

/// The sign that `rule` finds; `None` for every other rule.
pub fn flag_of(rule: &Rule) -> Option<Flag> {
    SIGNS.iter().find(|sign| sign.rule.id == rule.id).map(|sign| sign.flag)
}

impl Seen<'_> {
    /// The sign is raised, saying `what` about `field`.
    pub(crate) fn raise(
        &self,
        rule: &'static Rule,
        code: &'static str,
        field: &'static str,
        what: impl Into<Cow<'static, str>>,
    ) -> Outcome {
        let next = "resolve it before dispensing: judge, or ask the prescriber, and record it";
        let denial: Denial = self.law.deny(rule, Reason::RedFlagOpen, code, what, next);
        Outcome::Violated(Box::new(denial.about(field)))
    }
}

/// The signs that `screen` raises, resolved or not.
pub(crate) fn raised<'a>(seen: &'a Seen<'a>) -> impl Iterator<Item = (&'static Sign, Outcome)> + 'a {
    SIGNS.iter().map(|sign| (sign, (sign.read)(seen))).filter(|(_, outcome)| matches!(outcome, Outcome::Violated(_)))
}
