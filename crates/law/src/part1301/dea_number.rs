//! DEA's registration number scheme (manual, section IX; cards, "Valid DEA Numbers"): what a number shows by itself.
//!
//! Two letters and seven digits; a hyphen and a hospital's internal code may follow. The first letter tells the kind of
//! registrant; the second is the initial of the last name, or 9 for a business. The seventh digit is computed: first,
//! third and fifth, plus twice second, fourth and sixth; the last figure of the sum. A number that passes could exist;
//! whether it is registered is another question.

use crate::edition::{By, Law};
use crate::facts::{NumberHolder, Practice};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::vocab::{Listing, PractitionerKind, RegistrantType};
use jiff::civil::{Date, date};
use theriac_model::{DeaNumber, NotADeaNumber};

rule!(NUMBER: "1301-dea-number", "dea-number", "DEA registration number scheme; Manual 2010, section IX", By::ALL,
    "A DEA number is two letters and seven digits, begins with a letter in use, and ends with the computed digit",
    ["law-dea-shape", "law-dea-check-digit", "law-dea-normalise-input", "law-dea-letter-practitioner", "law-dea-letter-midlevel", "law-dea-letter-x", "law-dea-unknown-letter"]);
rule!(INITIAL: "1301-dea-initial", "dea-number", "Manual 2010, section IX; Cards 2021, Valid DEA Numbers", By::GUIDES,
    "The second letter is the initial of the practitioner's last name; another letter is a reason to ask, not to refuse",
    ["law-dea-second-letter"]);
rule!(LISTED: "1301-dea-listed", "dea-number", "Manual 2010, section IX", By::ALL,
    "A number that could exist is not yet a registration: it must be in the registrant list",
    ["law-dea-pass-is-not-proof"]);
rule!(LETTER_A: "1301-dea-letter-a", "dea-number", "Manual 2010, section IX", By::M10,
    "Numbers of practitioners first issued from 1 October 1985 begin with B or F; an A is a reason to ask",
    ["law-dea-letter-a-date"]);
rule!(LETTER_M: "1301-dea-letter-m", "dea-number", "Manual 2010, section IX; Cards 2021, DEA Number- Letter for Each Registrant Type", By::GUIDES,
    "A number that begins with M is a mid-level practitioner's; another holder is a reason to ask",
    ["law-dea-letter-midlevel"]);
rule!(PRESCRIBES: "1301-dea-prescribes", "dea-number", "Cards 2021, DEA Number- Letter for Each Registrant Type", By::C21,
    "Registrants whose numbers begin with P or R do not prescribe",
    ["law-dea-letter-nonprescriber"]);

/// An internal code has whatever shape the hospital gives it, letters of any script and spaces inside it too; this bounds
/// it, in characters.
const LONGEST_CODE: usize = 35;

/// Hyphens and dashes that people and programs write before an internal code.
const HYPHENS: [char; 5] = ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'];

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
    let (number, code) = trimmed
        .split_once(HYPHENS)
        .map_or((trimmed, None), |(number, code)| (number.trim_end(), Some(code.trim_start())));
    let code_fits =
        |code: &str| (1..=LONGEST_CODE).contains(&code.chars().count()) && !code.chars().any(char::is_control);
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

/// Whether the registrant list has the number; not asked where nobody looked.
pub(crate) fn listed(law: &Law<'_>, holder: &NumberHolder) -> Outcome {
    let Some(listing) = holder.listing else { return Outcome::NotApplicable };
    Outcome::unless(listing == Listing::Listed, || {
        law.deny(
            &LISTED,
            Reason::RegistrationInvalid,
            "LAW-1301-LISTED",
            "the number is well formed, and the registrant list does not have it",
            "do not rely on it; ask the practitioner, and DEA in case of doubt",
        )
        .about("holder.listing")
    })
}

/// Whether the number begins with `letter`.
fn begins(number: DeaNumber, letter: char) -> bool {
    number.to_string().starts_with(letter)
}

/// The first day on which practitioners' numbers no longer began with A.
const B_SINCE: Date = date(1985, 10, 1);

/// Whether an A fits the day of first issue.
pub(crate) fn letter_a(law: &Law<'_>, number: DeaNumber, holder: &NumberHolder) -> Outcome {
    let Some(issued) = holder.first_issued.filter(|_| begins(number, 'A')) else { return Outcome::NotApplicable };
    Outcome::unless(issued < B_SINCE, || {
        law.deny(
            &LETTER_A,
            Reason::VerificationRequired,
            "LAW-1301-LETTER-A",
            format!("it begins with A, and was first issued on {issued}"),
            "verify the number with the practitioner",
        )
        .about("holder.first_issued")
    })
}

/// Whether an M fits the holder.
pub(crate) fn letter_m(law: &Law<'_>, number: DeaNumber, holder: &NumberHolder) -> Outcome {
    let Some(kind) = holder.kind.filter(|_| begins(number, 'M')) else { return Outcome::NotApplicable };
    Outcome::unless(kind == PractitionerKind::MidLevel, || {
        law.deny(
            &LETTER_M,
            Reason::VerificationRequired,
            "LAW-1301-LETTER-M",
            format!("it begins with M, and the holder is recorded as {kind}"),
            "verify the number with the practitioner",
        )
        .about("holder.kind")
    })
}

/// Whether the number on a prescription is of a class that prescribes. Its shape is `check-dea-number`'s question.
pub(crate) fn prescribes(law: &Law<'_>, practice: &Practice) -> Outcome {
    let letter = practice.dea_number.as_deref().and_then(|number| number.trim().chars().next());
    let Some(letter) = letter.map(|letter| letter.to_ascii_uppercase()) else { return Outcome::NotApplicable };
    Outcome::unless(kind(letter) != Some(RegistrantType::DistributorOrResearcher), || {
        law.deny(
            &PRESCRIBES,
            Reason::NotAuthorized,
            "LAW-1301-NO-PRESCRIBER",
            format!("a number that begins with {letter} belongs to a registrant who does not prescribe"),
            "do not dispense; ask the practitioner for the number of a practitioner's registration",
        )
        .about("practice.dea_number")
    })
}

/// The finding about the shape, for the grounds of a look-up that succeeded.
pub(crate) const fn sound() -> Outcome {
    Outcome::Satisfied
}
