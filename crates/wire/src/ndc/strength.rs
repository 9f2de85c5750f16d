//! How much of a substance is in how much of a product: `5` with `mg/5mL`, `2.5` with `mg/1`, `25` with `ug/h`.

/// What a strength is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// A counted dosage unit: tablet, capsule, suppository, patch.
    Unit,
    /// Volume, in thousandths of a millilitre.
    Volume,
    /// Weight, in thousandths of a gram.
    Weight,
    /// A rate of release, in thousandths of an hour.
    Time,
}

/// An amount of a substance in an amount of product, exactly as listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength {
    /// Nanograms of the substance, in the salt that is named.
    pub nanograms: u64,
    /// In how much of the product, in thousandths of the measure's unit; never 0.
    pub per_thousandths: u64,
    /// In what.
    pub measure: Measure,
}

impl Strength {
    /// Reads the numerator and its unit. `None` for what is no weight in a measure, such as homeopathic dilutions,
    /// international units or percentages.
    pub fn parse(amount: &str, unit: &str) -> Option<Self> {
        let (weight, of) = unit.trim().split_once('/')?;
        let nanograms_each: u64 = match weight.trim() {
            "kg" => 1_000_000_000_000,
            "g" => 1_000_000_000,
            "mg" => 1_000_000,
            "ug" => 1_000,
            "ng" => 1,
            _ => return None,
        };
        let nanograms = scaled(amount.trim(), nanograms_each)?;
        let of = of.trim();
        let letters = of.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(of.len());
        let (count, of) = of.split_at(letters);
        let (thousandths_each, measure) = match of {
            "" => (1_000, Measure::Unit),
            "mL" => (1_000, Measure::Volume),
            "L" => (1_000_000, Measure::Volume),
            "g" => (1_000, Measure::Weight),
            "kg" => (1_000_000, Measure::Weight),
            "mg" => (1, Measure::Weight),
            "h" => (1_000, Measure::Time),
            "d" => (24_000, Measure::Time),
            _ => return None,
        };
        let per_thousandths = if count.is_empty() { thousandths_each } else { scaled(count, thousandths_each)? };
        (per_thousandths > 0).then_some(Self { nanograms, per_thousandths, measure })
    }

    /// Micrograms in `thousandths` of the measure, rounded up, as a limit of the law is compared; `None` when it is too much
    /// to count.
    pub fn micrograms_in(self, thousandths: u64) -> Option<u64> {
        let product = u128::from(self.nanograms).checked_mul(u128::from(thousandths))?;
        let divisor = u128::from(self.per_thousandths).checked_mul(1_000)?;
        u64::try_from(product.div_ceil(divisor)).ok()
    }
}

/// `text`, a decimal without sign, times `factor`. `None` when it is no decimal, or does not come out whole or in range.
fn scaled(text: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut total = u128::from(whole).checked_mul(u128::from(factor))?;
    if !fraction.is_empty() {
        let part = u128::from(fraction.parse::<u64>().ok()?).checked_mul(u128::from(factor))?;
        let unit = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        if part % unit != 0 {
            return None;
        }
        total = total.checked_add(part / unit)?;
    }
    u64::try_from(total).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(amount: &str, unit: &str, expected: Option<(u64, u64, Measure)>) {
        let found = Strength::parse(amount, unit).map(|s| (s.nanograms, s.per_thousandths, s.measure));
        assert_eq!(found, expected, "{amount} {unit}");
    }

    #[test]
    fn strengths_are_read_exactly_as_listed() {
        check("5", "mg/1", Some((5_000_000, 1_000, Measure::Unit)));
        check(".0194", "mg/5mL", Some((19_400, 5_000, Measure::Volume)));
        check("2.5", "g/1", Some((2_500_000_000, 1_000, Measure::Unit)));
        check("12.5", "ug/h", Some((12_500, 1_000, Measure::Time)));
        check("2", "mg/d", Some((2_000_000, 24_000, Measure::Time)));
        check("10", "mg/.5mL", Some((10_000_000, 500, Measure::Volume)));
        check("75", "g/1000g", Some((75_000_000_000, 1_000_000, Measure::Weight)));
        check("50", "mg/mL", Some((50_000_000, 1_000, Measure::Volume)));
    }

    #[test]
    fn what_is_no_weight_in_a_measure_is_left_open() {
        for (amount, unit) in [
            ("3", "[hp_X]/1"),
            ("100", "[iU]/1"),
            ("1", "1/1"),
            ("", "mg/1"),
            (".", "mg/1"),
            ("-5", "mg/1"),
            ("5", "mg"),
            ("5", "mg/0mL"),
            ("5", "mg/furlong"),
            ("1e9", "mg/1"),
            ("0.0000000001", "mg/1"),
            ("99999999999999999999", "mg/1"),
        ] {
            check(amount, unit, None);
        }
    }

    #[test]
    fn amounts_in_a_hundred_millilitres_are_rounded_up() {
        let strength = Strength::parse("14.7", "mg/5mL").expect("a strength");
        assert_eq!(strength.micrograms_in(100_000), Some(294_000));
        let third = Strength::parse("1", "mg/3mL").expect("a strength");
        assert_eq!(third.micrograms_in(100_000), Some(33_334));
        let huge = Strength { nanograms: u64::MAX, per_thousandths: 1, measure: Measure::Unit };
        assert_eq!(huge.micrograms_in(u64::MAX), None);
    }
}
