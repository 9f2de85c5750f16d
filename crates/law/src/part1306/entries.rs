//! 21 CFR 1306.08, 1306.11, 1306.13, 1306.15, 1306.22, 1306.23, 1306.25, 1306.27: what is noted on a prescription and in its
//! records, entry by entry. The tables stand beside: `refills`, `parts`, `transfers`, `central`, `others`.
//!
//! Each row is one entry: the rule that asks for it, what it holds in the order in which an absent thing is named, and on
//! what it may stand. A thing that is missing and that the entry does not need is no fault.

mod central;
mod others;
mod parts;
mod refills;
mod transfers;

pub(crate) use central::*;
pub(crate) use others::*;
pub(crate) use parts::*;
pub(crate) use refills::*;
pub(crate) use transfers::*;

use crate::edition::Law;
use crate::facts::{Entered, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, Rule};
use crate::vocab::{Carrier, Form, Particular, RecordEntry, Word};

/// One entry: which rule asks for it, and for what.
pub(crate) struct Required {
    entry: RecordEntry,
    rule: &'static Rule,
    code: &'static str,
    holds: &'static [Particular],
    on: On,
}

/// On what an entry may stand.
enum On {
    /// Nothing is said.
    Anything,
    /// One of these; where the pharmacy has chosen one of them, on that one.
    OneOf(&'static [Carrier]),
    /// The face of the paper, the written record of the oral order, or the electronic record, as the prescription came.
    AsItCame,
}

/// The row of `entry` and its rule. `INVARIANT:` every entry has a row (a test goes over the list).
pub(crate) fn required(entry: RecordEntry) -> Option<&'static Required> {
    let tables: [&'static [Required]; 5] =
        [&refills::ENTRIES, &parts::ENTRIES, &transfers::ENTRIES, &central::ENTRIES, &others::ENTRIES];
    tables.into_iter().flatten().find(|row| row.entry == entry)
}

impl Required {
    /// The rule that asks for it.
    pub(crate) fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Whether the entry holds everything and stands where it may.
    pub(crate) fn complete(&self, law: &Law<'_>, rx: Option<&Prescription>, entered: &Entered) -> Outcome {
        if let Some(lacking) = self.holds.iter().find(|needed| entered.missing.contains(needed)) {
            let what = format!("{} is missing in the entry {}", lacking.word(), self.entry);
            let denial = law
                .deny(self.rule, Reason::ElementMissing, self.code, what, "complete the entry, then go on")
                .about(format!("entry.missing: {}", lacking.word()));
            return Outcome::Violated(Box::new(denial));
        }
        self.stands(law, rx, entered)
    }

    fn stands(&self, law: &Law<'_>, rx: Option<&Prescription>, entered: &Entered) -> Outcome {
        let Some(carrier) = entered.carrier else { return Outcome::Satisfied };
        let right = match self.on {
            On::Anything => true,
            On::OneOf(carriers) => carriers.contains(&carrier) && entered.chosen.is_none_or(|chosen| chosen == carrier),
            On::AsItCame => rx.is_none_or(|rx| carrier == face(rx.form)),
        };
        Outcome::unless(right, || {
            let what = format!("the entry {} stands on {carrier}", self.entry);
            law.deny(self.rule, Reason::FormNotAllowed, self.code, what, "enter it on the carrier that the law names")
                .about("entry.carrier")
        })
    }
}

/// Where a note on the prescription itself goes.
const fn face(form: Form) -> Carrier {
    match form {
        Form::Paper | Form::Fax => Carrier::PaperFace,
        Form::Oral => Carrier::OralRecord,
        Form::Electronic => Carrier::ElectronicRecord,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_one_row_and_every_row_its_own_code() {
        let mut codes = Vec::new();
        for (word, entry) in RecordEntry::LIST {
            let row = required(*entry).unwrap_or_else(|| panic!("{word} has no row"));
            assert!(!row.holds.is_empty() && !codes.contains(&row.code), "{word}");
            codes.push(row.code);
        }
    }
}
