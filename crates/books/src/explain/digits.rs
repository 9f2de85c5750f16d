//! Slips of the keyboard: two neighbouring digits exchanged, or a nought too many or too few.

/// Whether somebody who meant `meant` may have typed `typed`.
pub(super) fn slipped(typed: i64, meant: i64) -> bool {
    if typed <= 0 || meant <= 0 || typed == meant {
        return false;
    }
    typed.checked_mul(10) == Some(meant) || meant.checked_mul(10) == Some(typed) || exchanged(typed, meant)
}

fn exchanged(a: i64, b: i64) -> bool {
    let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    if a.len() != b.len() {
        return false;
    }
    let differing: Vec<usize> = (0..a.len()).filter(|n| a.get(*n) != b.get(*n)).collect();
    matches!(differing[..], [one, two] if two == one + 1 && a.get(one) == b.get(two) && a.get(two) == b.get(one))
}

/// In how many places two codes of the same length differ; `None` for other lengths.
pub(super) fn differing(a: &str, b: &str) -> Option<usize> {
    (a.len() == b.len()).then(|| a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_exchanges_two_neighbouring_digits_or_a_nought() {
        for (typed, meant, expected) in [
            (36, 63, true),
            (120, 210, true),
            (120, 102, true),
            (30, 300, true),
            (300, 30, true),
            (30, 60, false),
            (123, 321, false),
            (1234, 2143, false),
            (30, 30, false),
            (10, 1, true),
            (0, 10, false),
        ] {
            assert_eq!(slipped(typed, meant), expected, "{typed} for {meant}");
        }
        assert_eq!(differing("00406055201", "00406055205"), Some(1));
        assert_eq!(differing("004060552", "00406055205"), None);
    }
}
