//! 21 CFR 1306.05(f), 1306.03(b), 1306.13(b), 1306.04(a); manual, sections IX, X and XII; cards: who answers for what.
//!
//! (1306.05(f)) The practitioner answers for a prescription that does not conform; the pharmacist who fills it has a matching
//!     liability, in central filling the pharmacists of both pharmacies.
//! (Cards) For what an agent says on the telephone the practitioner answers.
//! (1306.13(b)) Pharmacist and practitioner answer together that a patient is terminally ill.
//! (Manual, section XII) Retail and central fill pharmacist both answer for legitimacy.

use crate::edition::By;
use crate::rule::{Rule, rule};
use crate::vocab::{Answerable, Matter};

rule!(CONFORMS: "1306.05-responsible", "contents", "21 CFR 1306.05(f); Manual 2010, section IX", By::ALL,
    "The practitioner answers for a prescription that does not conform, and the pharmacist who fills it as well",
    ["law-cont-responsible-person"]);
rule!(AGENTS_WORD: "1306.03-responsible", "oral", "21 CFR 1306.03(b); Cards 2021, Oral Controlled Substance Prescriptions", By::ALL,
    "The practitioner answers for what an agent says",
    ["law-oral-prescriber-liable-for-agent"]);
rule!(TERMINAL: "1306.13-responsible", "partial-fill", "21 CFR 1306.13(b); Manual 2010, section X", By::ALL,
    "Pharmacist and practitioner answer together that the patient is terminally ill",
    ["law-part-cii-ltcf-both-responsible"]);
rule!(CENTRAL: "1306.15-responsible", "central-fill", "21 CFR 1306.04(a); Manual 2010, section XII", By::ALL,
    "Retail and central fill pharmacist both answer for the legitimacy of what is filled centrally",
    ["law-cf-both-responsible"]);

/// Who answers for each matter, and which rule says so.
const ANSWERS: [(Matter, Answerable, &Rule); 5] = [
    (Matter::Nonconforming, Answerable::PractitionerAndPharmacist, &CONFORMS),
    (Matter::NonconformingCentral, Answerable::PractitionerAndBothPharmacists, &CONFORMS),
    (Matter::AgentsCall, Answerable::Practitioner, &AGENTS_WORD),
    (Matter::TerminalIllness, Answerable::PractitionerAndPharmacist, &TERMINAL),
    (Matter::CentralLegitimacy, Answerable::BothPharmacists, &CENTRAL),
];

/// Who answers for `matter`. `INVARIANT:` every matter has a row (a test goes over the list).
pub(crate) fn who(matter: Matter) -> Option<(Answerable, &'static Rule)> {
    ANSWERS.iter().find(|(asked, ..)| *asked == matter).map(|(_, who, rule)| (*who, *rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Word;

    #[test]
    fn somebody_answers_for_every_matter() {
        for (word, matter) in Matter::LIST {
            assert!(who(*matter).is_some(), "{word}");
        }
    }
}
