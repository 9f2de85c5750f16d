//! DEA's registration number scheme (manual, section IX; cards, "Valid DEA Numbers"): what a number shows by itself.
//!
//! Two letters and seven digits; a hyphen and a hospital's internal code may follow. The first letter tells the kind of
//! registrant; the second is the initial of the last name, or 9 for a business. The seventh digit is computed: first,
//! third and fifth, plus twice second, fourth and sixth; the last figure of the sum. A number that passes could exist;
//! whether it is registered is another question.

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::vocab::RegistrantType;
use theriac_model::{DeaNumber, NotADeaNumber};

rule!(NUMBER: "1301-dea-number", "dea-number", "DEA registration number scheme; Manual 2010, section IX", By::ALL,
    "A DEA number is two letters and seven digits, begins with a letter in use, and ends with the computed digit",
    ["law-dea-shape", "law-dea-check-digit", "law-dea-normalise-input", "law-dea-letter-practitioner", "law-dea-letter-midlevel", "law-dea-letter-x", "law-dea-unknown-letter"]);
rule!(INITIAL: "1301-dea-initial", "dea-number", "Manual 2010, section IX; Cards 2021, Valid DEA Numbers", By::GUIDES,
    "The second letter is the initial of the practitioner's last name; another letter is a reason to ask, not to refuse",
    ["law-dea-second-letter"]);

/// An internal code has whatever shape the hospital gives it; this bounds it.
const LONGEST_CODE: usize = 35;

/// Reads the number.
pub(crate) fn read(law: &Law<'_>, written: &str) -> Result<(DeaNumber, RegistrantType), Box<Denial>> {
    let deny = |reason, code, what: String, next: &'static str| {
        Box::new(law.deny(&NUMBER, reason, code, what, next).about("request.number"))
    };
    let malformed = || {
        deny(
            Reason::Malformed,
            "LAW-1301-SHAPE",
            "it is not two letters and seven digits".to_owned(),
            "read the number again from its source",
        )
    };
    let trimmed = written.trim();
    let (number, code) = trimmed.split_once('-').map_or((trimmed, None), |(number, code)| (number, Some(code)));
    let code_fits = |code: &str| (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_graphic());
    if !code.is_none_or(code_fits) {
        return Err(malformed());
    }
    let letter = number.chars().next().map(|letter| letter.to_ascii_uppercase());
    match (DeaNumber::parse(number), letter.and_then(kind)) {
        (Err(NotADeaNumber::Shape), _) => Err(malformed()),
        (_, None) => {
            let letter = letter.unwrap_or(' ');
            Err(deny(
                Reason::LetterUnknown,
                "LAW-1301-LETTER",
                format!("no registrant has a number that begins with {letter}"),
                "read the number again from its source",
            ))
        }
        (Err(NotADeaNumber::CheckDigit { computed }), _) => Err(deny(
            Reason::CheckDigit,
            "LAW-1301-CHECK-DIGIT",
            format!("the seventh digit should be {computed}"),
            "read the number again; a forged number often fails here",
        )),
        (Ok(number), Some(kind)) => Ok((number, kind)),
    }
}

/// The kind of registrant by the first letter.
fn kind(letter: char) -> Option<RegistrantType> {
    match letter {
        'A' | 'B' | 'F' | 'G' => Some(RegistrantType::PractitionerOrFacility),
        'M' => Some(RegistrantType::MidLevel),
        'P' | 'R' => Some(RegistrantType::DistributorOrResearcher),
        'X' => Some(RegistrantType::DataWaived),
        _ => None,
    }
}

/// Whether the second letter fits the last name; a 9 fits every name.
pub(crate) fn initial(law: &Law<'_>, number: DeaNumber, last_name: &str) -> Outcome {
    let initial = last_name.trim().chars().next().map(|initial| initial.to_ascii_uppercase());
    let fits = number.second() == '9' || initial.is_none_or(|initial| initial == number.second());
    Outcome::unless(fits, || {
        law.deny(
            &INITIAL,
            Reason::VerificationRequired,
            "LAW-1301-INITIAL",
            "the second letter is not the initial of the last name",
            "verify the number with the practitioner",
        )
        .about("request.last_name")
    })
}

/// The finding about the shape, for the grounds of a look-up that succeeded.
pub(crate) const fn sound() -> Outcome {
    Outcome::Satisfied
}
