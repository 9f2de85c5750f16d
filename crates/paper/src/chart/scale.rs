//! From values to heights: round numbers at the grid lines, whole numbers throughout.

use crate::length::Length;

/// A scale from `low` to `high` in steps of 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    low: i128,
    high: i128,
    step: i128,
}

impl Scale {
    /// A scale that holds all values and zero, with at most seven grid lines.
    pub(super) fn around(values: impl Iterator<Item = i64>) -> Self {
        let (mut low, mut high) = (0_i128, 0_i128);
        for value in values {
            low = low.min(i128::from(value));
            high = high.max(i128::from(value));
        }
        if low == high {
            high = low + 1;
        }
        let mut step = 1;
        for factor in [2, 5, 10].into_iter().cycle() {
            if (high - low + step - 1) / step <= 5 {
                break;
            }
            // 1, 2, 5, 10, 20, 50 ...
            step = if factor == 5 { step / 2 * 5 } else { step * 2 };
        }
        Self { low: floor(low, step) * step, high: -floor(-high, step) * step, step }
    }

    /// The values at the grid lines, from below.
    pub(super) fn ticks(self) -> Vec<i64> {
        let mut ticks = Vec::new();
        let mut tick = self.low;
        while tick <= self.high {
            if let Ok(tick) = i64::try_from(tick) {
                ticks.push(tick);
            }
            tick += self.step;
        }
        ticks
    }

    /// How high above the lowest grid line a value stands.
    pub(super) fn along(self, value: i64, height: Length) -> Length {
        // Values of any size are brought to a millionth of the scale first, so that nothing overflows.
        let part = (i128::from(value) - self.low) * 1_000_000 / (self.high - self.low);
        height.scaled(i64::try_from(part).unwrap_or(0), 1_000_000)
    }
}

fn floor(value: i128, step: i128) -> i128 {
    value.div_euclid(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(values: &[i64]) -> Vec<i64> {
        Scale::around(values.iter().copied()).ticks()
    }

    #[test]
    fn grid_lines_are_round_numbers_around_the_values_and_zero() {
        assert_eq!(ticks(&[100, 60]), [0, 20, 40, 60, 80, 100]);
        assert_eq!(ticks(&[3]), [0, 1, 2, 3]);
        assert_eq!(ticks(&[-7, 12]), [-10, -5, 0, 5, 10, 15]);
        assert_eq!(ticks(&[]), [0, 1]);
        assert_eq!(ticks(&[101]), [0, 50, 100, 150]);
        assert!(ticks(&[i64::MAX, i64::MIN]).len() >= 3);
    }
}
