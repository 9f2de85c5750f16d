//! Code 128 (ISO/IEC 15417): sets B (printable ASCII) and C (pairs of digits), with its check symbol.

/// The most characters: beyond it a scanner's beam is shorter than the code.
pub const CODE_128_CHARACTERS_MAX: usize = 48;

/// Widths of the three bars and three gaps of each symbol value, 0 to 105; each adds up to 11.
const PATTERNS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212", b"221213",
    b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221", b"223211", b"221132",
    b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221", b"312212", b"322112", b"322211",
    b"212123", b"212321", b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121", b"313121", b"211331",
    b"231131", b"213113", b"213311", b"213131", b"311123", b"311321", b"331121", b"312113", b"312311", b"332111",
    b"314111", b"221411", b"431111", b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214",
    b"112412", b"122114", b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311", b"113141",
    b"114131", b"311141", b"411131", b"211412", b"211214", b"211232",
];
/// The last symbol has a bar more.
const STOP: &[u8; 7] = b"2331112";
const CODE_C: u8 = 99;
const CODE_B: u8 = 100;
const START_B: u8 = 104;
const START_C: u8 = 105;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    B,
    C,
}

/// The symbol values of `text`, start and check included, stop not.
fn values(text: &str) -> Result<Vec<u8>, &'static str> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > CODE_128_CHARACTERS_MAX {
        return Err("it must have 1 to 48 characters");
    }
    if !bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return Err("it has a character that is not plain ASCII");
    }
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut set =
        if digits(0) >= 4 || (digits(0) == bytes.len() && bytes.len().is_multiple_of(2)) { Set::C } else { Set::B };
    let mut out = vec![if set == Set::C { START_C } else { START_B }];
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let run = digits(at);
        match (set, bytes.get(at + 1)) {
            (Set::C, Some(next)) if run >= 2 => {
                out.push((byte - b'0') * 10 + (next - b'0'));
                at += 2;
            }
            (Set::C, _) => {
                out.push(CODE_B);
                set = Set::B;
            }
            // Changing the set costs a symbol, so it pays for four digits at an end and six inside; pairs must come out even.
            (Set::B, _) if run.is_multiple_of(2) && (run >= 6 || (run >= 4 && at + run == bytes.len())) => {
                out.push(CODE_C);
                set = Set::C;
            }
            (Set::B, _) => {
                out.push(byte - 0x20);
                at += 1;
            }
        }
    }
    let weighted = out.iter().enumerate().map(|(index, &value)| index.max(1) * usize::from(value));
    out.push(u8::try_from(weighted.sum::<usize>() % 103).unwrap_or_default());
    Ok(out)
}

/// Widths of bars and gaps in turn, a bar first, in narrow bars.
pub(super) fn widths(text: &str) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    for value in values(text)? {
        let pattern = PATTERNS.get(usize::from(value)).ok_or("a symbol is beyond the table")?;
        out.extend(pattern.iter().map(|digit| digit - b'0'));
    }
    out.extend(STOP.iter().map(|digit| digit - b'0'));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_eleven_modules_wide_and_none_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for pattern in PATTERNS {
            assert_eq!(pattern.iter().map(|digit| u32::from(digit - b'0')).sum::<u32>(), 11);
            assert!(seen.insert(pattern));
        }
    }

    #[test]
    fn symbols_and_check_symbol_are_those_of_the_standard() {
        // Set B: start 104, then each character's place after the space; check (104 + 1*48 + 2*42 + ... ) mod 103.
        assert_eq!(values("PJJ123C"), Ok(vec![104, 48, 42, 42, 17, 18, 19, 35, 55]));
        // Set C from the start: pairs of digits.
        assert_eq!(values("123456"), Ok(vec![105, 12, 34, 56, 44]));
        // An odd digit goes to set B.
        assert_eq!(values("12345").map(|values| values[..4].to_vec()), Ok(vec![105, 12, 34, 100]));
        assert_eq!(values("RX00123456").map(|values| values[..4].to_vec()), Ok(vec![104, 50, 56, 99]));
    }

    #[test]
    fn texts_at_the_bounds() {
        assert!(values("").is_err());
        assert!(values(&"1".repeat(CODE_128_CHARACTERS_MAX)).is_ok());
        assert!(values(&"1".repeat(CODE_128_CHARACTERS_MAX + 1)).is_err());
        assert!(values("é").is_err());
        assert!(values("a\u{7f}").is_err());
    }
}
