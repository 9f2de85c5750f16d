//! Strengths as they are written, converted exactly: `10 mg/5 mL`, `0.2 g/100 mL`, `250 mcg`, `200 mg/100 g`.
//!
//! Amounts become micrograms in a dosage unit, in 100 mL or in 100 g. What does not divide is rounded up to the next microgram,
//! which changes no comparison with a limit in whole micrograms.

use crate::vocab::Per;

/// Micrograms, and in what.
pub(crate) fn read(text: &str) -> Option<(u64, Per)> {
    let (amount, measure) = text.split_once('/').unwrap_or((text, ""));
    let (amount, unit) = quantity(amount)?;
    let mcg = amount.times(match unit {
        "g" => 1_000_000,
        "mg" => 1_000,
        "mcg" | "ug" | "\u{b5}g" => 1,
        _ => return None,
    })?;
    if measure.trim().is_empty() {
        return Some((mcg.up_to_whole()?, Per::DosageUnit));
    }
    let (measure, unit) = quantity(measure).or_else(|| Some((Decimal { digits: 1, scale: 1 }, measure.trim())))?;
    let per = match unit.to_ascii_lowercase().as_str() {
        "ml" => Per::HundredMillilitres,
        "g" => Per::HundredGrams,
        _ => return None,
    };
    // mcg / measure * 100, over one denominator.
    let over = mcg.digits.checked_mul(100)?.checked_mul(measure.scale)?;
    let under = mcg.scale.checked_mul(measure.digits)?;
    if under == 0 {
        return None;
    }
    u64::try_from(over.div_ceil(under)).ok().map(|mcg| (mcg, per))
}

/// A decimal number: digits over a power of ten.
#[derive(Clone, Copy)]
struct Decimal {
    digits: u128,
    scale: u128,
}

impl Decimal {
    fn times(self, factor: u128) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(factor)?, ..self })
    }

    fn up_to_whole(self) -> Option<u64> {
        u64::try_from(self.digits.div_ceil(self.scale)).ok()
    }
}

/// `0.2 g` as a number and its unit.
fn quantity(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let (number, unit) = text.split_at(end);
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    if number.len() > 18 || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some((Decimal { digits, scale }, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(u64, Per)>) {
        assert_eq!(read(text), expected, "{text}");
    }

    /// Requirements: law-conc-normalise-units
    #[test]
    fn strengths_in_any_unit_come_to_the_same_micrograms() {
        for same in ["10 mg/5 mL", "30 mg/15 mL", "2 mg/mL", "0.2 g/100 mL", "2,000 mcg/mL", "200mg / 100ml"] {
            check(same, Some((200_000, Per::HundredMillilitres)));
        }
        check("30.015 mg/15 mL", Some((200_100, Per::HundredMillilitres)));
        check("10 mg/3 mL", Some((333_334, Per::HundredMillilitres)));
        check("200 mg/100 g", Some((200_000, Per::HundredGrams)));
        check("90 mg", Some((90_000, Per::DosageUnit)));
        check("0.025 mg", Some((25, Per::DosageUnit)));
    }

    #[test]
    fn what_is_no_strength_is_not_read() {
        for text in [
            "",
            "mg",
            "10",
            "10 mg/0 mL",
            "ten mg",
            "10 mg/5 drops",
            "1.2.3 mg",
            "99999999999999999999 g",
            "-1 mg",
            ".",
        ] {
            check(text, None);
        }
    }
}
