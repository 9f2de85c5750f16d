//! What is prescribed: the drug with its strength, form, code and schedule.

use crate::schedule::Schedule;
use std::fmt;

/// A National Drug Code in the 11-digit form of messages and claims (5-4-2 without hyphens).
///
/// From 2033 a 12-digit form exists (21 CFR 207.33 as amended); both lengths are read, and never converted into each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ndc(String);

/// Why a text is not an NDC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnNdc {
    /// Not 11 or 12 digits, nor a hyphenated form that pads to 11.
    #[error("an NDC is 11 digits, or labeler-product-package as 4-4-2, 5-3-2, 5-4-1 or 5-4-2 (6-4-2 from 2033)")]
    Shape,
    /// Ten digits without hyphens: three numbers could be meant.
    #[error("ten digits without hyphens can mean three different NDCs")]
    Ambiguous,
}

impl Ndc {
    /// Reads 11 or 12 digits, or a hyphenated form: those of 10 digits are padded to 5-4-2, and 6-4-2 keeps its 12.
    ///
    /// # Errors
    /// [`NotAnNdc::Shape`]; [`NotAnNdc::Ambiguous`] for ten digits without hyphens.
    pub fn parse(text: &str) -> Result<Self, NotAnNdc> {
        let text = text.trim();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if text.contains('-') {
            let parts: Vec<&str> = text.split('-').take(4).collect();
            let [labeler, product, package] = parts[..] else { return Err(NotAnNdc::Shape) };
            let lengths = (labeler.len(), product.len(), package.len());
            let known = matches!(lengths, (4 | 6, 4, 2) | (5, 3, 2) | (5, 4, 1 | 2));
            if !known || ![labeler, product, package].into_iter().all(digits) {
                return Err(NotAnNdc::Shape);
            }
            return Ok(Self(format!("{labeler:0>5}{product:0>4}{package:0>2}")));
        }
        match text.len() {
            11 | 12 if digits(text) => Ok(Self(text.to_owned())),
            10 if digits(text) => Err(NotAnNdc::Ambiguous),
            _ => Err(NotAnNdc::Shape),
        }
    }

    /// The digits, without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The product of which this is a package: all but the two digits of the package.
    pub fn product(&self) -> ProductNdc {
        ProductNdc(self.0[..self.0.len() - 2].to_owned())
    }
}

impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The labeler and product segments of an NDC, as the FDA's directory lists products: 9 digits (5-4), or 10 (6-4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductNdc(String);

impl ProductNdc {
    /// Reads `labeler-product` as 4-4, 5-3, 5-4 or 6-4, padding to 5-4; or 9 or 10 digits without hyphens.
    ///
    /// # Errors
    /// [`NotAnNdc::Shape`].
    pub fn parse(text: &str) -> Result<Self, NotAnNdc> {
        let text = text.trim();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let Some((labeler, product)) = text.split_once('-') else {
            return if matches!(text.len(), 9 | 10) && digits(text) {
                Ok(Self(text.to_owned()))
            } else {
                Err(NotAnNdc::Shape)
            };
        };
        let known = matches!((labeler.len(), product.len()), (4 | 6, 4) | (5, 3 | 4));
        if !known || !digits(labeler) || !digits(product) {
            return Err(NotAnNdc::Shape);
        }
        Ok(Self(format!("{labeler:0>5}{product:0>4}")))
    }

    /// The digits, without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProductNdc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The drug of a prescription (21 CFR 1306.05(a)): name, strength, dosage form; code and schedule where known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drug {
    /// As the practitioner chose it: `Oxycodone hydrochloride`.
    pub name: String,
    /// `10 mg`, `5-325 mg`, `20 mg/mL`.
    pub strength: String,
    /// `Tablet`, `Oral Solution`.
    pub form: String,
    /// The product that was chosen, where one was.
    pub ndc: Option<Ndc>,
    /// The schedule on the day of issue; `None` if the prescriber's system did not say.
    pub schedule: Option<Schedule>,
}

/// Strength forms by NCIt code: NCPDP subset C89508 (StrengthForm) of the NCI Thesaurus, the forms controlled drugs come in.
const FORMS: [(&str, &str); 28] = [
    ("C42998", "Tablet"),
    ("C25158", "Capsule"),
    ("C42893", "Chewable Tablet"),
    ("C69071", "Disintegrating Tablet"),
    ("C42912", "Elixir"),
    ("C42916", "Extended Release Capsule"),
    ("C42927", "Extended Release Tablet"),
    ("C42932", "Film"),
    ("C42931", "Film Coated Tablet"),
    ("C42930", "Film Coated Extended Release Tablet"),
    ("C42934", "Gel"),
    ("C42945", "Injectable Solution"),
    ("C42953", "Liquid"),
    ("C42955", "Lozenge"),
    ("C91157", "Nasal Spray"),
    ("C91165", "Oral Capsule"),
    ("C68996", "Oral Solution"),
    ("C68992", "Oral Suspension"),
    ("C43243", "Oral Tablet"),
    ("C42999", "Orally Disintegrating Tablet"),
    ("C42968", "Patch"),
    ("C42986", "Solution"),
    ("C42989", "Spray"),
    ("C42751", "Sublingual Tablet"),
    ("C42993", "Suppository"),
    ("C42994", "Suspension"),
    ("C42996", "Syrup"),
    ("C43001", "Troche"),
];

/// Strength units by NCIt code: NCPDP subset C89509 (StrengthUnitOfMeasure), the ones controlled drugs use.
const STRENGTH_UNITS: [(&str, &str); 10] = [
    ("C28253", "mg"),
    ("C48152", "mcg"),
    ("C48155", "g"),
    ("C42576", "mg/mL"),
    ("C64572", "mcg/mL"),
    ("C91131", "mg/5 mL"),
    ("C67394", "mcg/h"),
    ("C25613", "%"),
    ("C44278", "unit"),
    ("C28254", "mL"),
];

fn by_code(table: &'static [(&str, &str)], text: &str) -> Option<&'static str> {
    let text = text.trim();
    table
        .iter()
        .find(|(code, name)| text.eq_ignore_ascii_case(code) || text.eq_ignore_ascii_case(name))
        .map(|row| row.1)
}

fn by_name(table: &'static [(&str, &str)], text: &str) -> Option<&'static str> {
    table.iter().find(|(_, name)| text.eq_ignore_ascii_case(name)).map(|row| row.0)
}

/// The dosage form a code or name stands for; `None` for one not in our table.
pub fn form_name(code_or_name: &str) -> Option<&'static str> {
    by_code(&FORMS, code_or_name)
}

/// The NCIt code of a dosage form's name; `None` for one not in our table.
pub fn form_code(name: &str) -> Option<&'static str> {
    by_name(&FORMS, name)
}

/// The strength unit a code or name stands for; `None` for one not in our table.
pub fn strength_unit_name(code_or_name: &str) -> Option<&'static str> {
    by_code(&STRENGTH_UNITS, code_or_name)
}

/// The NCIt code of a strength unit's name; `None` for one not in our table.
pub fn strength_unit_code(name: &str) -> Option<&'static str> {
    by_name(&STRENGTH_UNITS, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, NotAnNdc>) {
        let found = Ndc::parse(text);
        assert_eq!(found.as_ref().map(Ndc::as_str), expected.as_ref().copied(), "{text}");
    }

    #[test]
    fn hyphenated_ndcs_are_padded_and_bare_ten_digits_are_ambiguous() {
        check("0406-0552-01", Ok("00406055201"));
        check("50111-434-01", Ok("50111043401"));
        check("12345-6789-1", Ok("12345678901"));
        check("12345-6789-01", Ok("12345678901"));
        check("62135012230", Ok("62135012230"));
        check("123456789012", Ok("123456789012"));
        check("1234567890", Err(NotAnNdc::Ambiguous));
        for text in ["", "123", "1234-56-7", "12345-678-9", "1234A-678-90", "12345-6789-01-2", "1234567890123"] {
            check(text, Err(NotAnNdc::Shape));
        }
    }

    #[test]
    fn a_package_belongs_to_the_product_of_its_first_two_segments_in_each_layout() {
        for (package, product, digits) in [
            ("0406-0552-01", "0406-0552", "004060552"),
            ("50111-434-01", "50111-434", "501110434"),
            ("12345-6789-1", "12345-6789", "123456789"),
            ("123456-7890-12", "123456-7890", "1234567890"),
        ] {
            let of_package = Ndc::parse(package).expect("a package").product();
            assert_eq!(Ok(&of_package), ProductNdc::parse(product).as_ref(), "{package}");
            assert_eq!(of_package.as_str(), digits);
            assert_eq!(ProductNdc::parse(digits).as_ref(), Ok(&of_package));
        }
        for text in ["", "12345", "123-4567", "1234-567", "12345-67", "1234567-8901", "12345-67890", "1234a-678"] {
            assert_eq!(ProductNdc::parse(text), Err(NotAnNdc::Shape), "{text}");
        }
    }

    #[test]
    fn forms_and_strength_units_are_read_by_code_or_name() {
        assert_eq!(form_name("C42998"), Some("Tablet"));
        assert_eq!(form_name("tablet"), Some("Tablet"));
        assert_eq!(form_code("Tablet"), Some("C42998"));
        assert_eq!(strength_unit_name("C28253"), Some("mg"));
        assert_eq!(strength_unit_code("mg"), Some("C28253"));
        assert_eq!(form_name("C99999"), None);
    }
}
