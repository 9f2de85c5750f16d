//! What a scanner reads from a container: an NDC in any of its shapes, and the expiration date where the code holds one.
//!
//! Shapes: the NDC itself with or without hyphens; UPC-A, whose ten middle digits are the NDC after a leading 3; EAN-13 and
//! GTIN-14 around the same ten digits; GS1 element strings, with parentheses or as scanned (21 CFR 201.25; GS1 General
//! Specifications, identifiers 01, 10, 17 and 21). Ten digits do not say where their segments end, so a scan may stand
//! for up to three codes: the caller takes the one it knows.

use jiff::civil::Date;
use theriac_model::Ndc;

/// Bytes of a scan at most.
const SCAN_MAX: usize = 200;
/// The group separator that ends an element of variable length.
const SEPARATOR: char = '\u{1d}';

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The codes for which it may stand; never empty.
    pub(crate) codes: Vec<Ndc>,
    /// The last day of use, where the code says it.
    pub(crate) expires: Option<Date>,
    /// The lot, where the code says it.
    pub(crate) lot: Option<String>,
}

/// Reads a scan; `None` for what holds no NDC.
pub(crate) fn read(text: &str) -> Option<Scan> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if text.len() > SCAN_MAX || !text.is_ascii() {
        return None;
    }
    // The symbology that some scanners put before the data: `]d2` for GS1 DataMatrix, `]C1` for GS1-128.
    let text = match text.strip_prefix(']') {
        Some(rest) => rest.get(2..)?,
        None => text,
    };
    if let Some(scan) = elements(text) {
        return Some(scan);
    }
    let mut codes: Vec<Ndc> = Ndc::parse(text).into_iter().collect();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        codes.extend(match text.len() {
            10 => of_ten(text),
            12..=14 => of_trade_item(text),
            _ => Vec::new(),
        });
    }
    codes.dedup();
    (!codes.is_empty()).then_some(Scan { codes, expires: None, lot: None })
}

/// Ten digits divided in each of the three ways: 4-4-2, 5-3-2, 5-4-1.
fn of_ten(ten: &str) -> Vec<Ndc> {
    let part = |from: usize, to: usize| ten.get(from..to).unwrap_or_default();
    let divided = [
        format!("{}-{}-{}", part(0, 4), part(4, 8), part(8, 10)),
        format!("{}-{}-{}", part(0, 5), part(5, 8), part(8, 10)),
        format!("{}-{}-{}", part(0, 5), part(5, 9), part(9, 10)),
    ];
    divided.iter().filter_map(|code| Ndc::parse(code).ok()).collect()
}

/// UPC-A, EAN-13 or GTIN-14 of a drug of the United States: after filling up to 14 digits, packaging level, 03, ten digits
/// of the NDC, check digit.
fn of_trade_item(digits: &str) -> Vec<Ndc> {
    let filled = format!("{digits:0>14}");
    let drug = filled.get(1..3) == Some("03") && checks(&filled);
    filled.get(3..13).filter(|_| drug).map_or_else(Vec::new, of_ten)
}

/// Whether the last digit is the check digit of those before it: weights 3 and 1 from the right.
fn checks(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 1 { 3 } else { 1 })
        .sum();
    sum.is_multiple_of(10)
}

/// GS1 elements, which begin with the trade item.
fn elements(text: &str) -> Option<Scan> {
    let mut scan = Scan { codes: Vec::new(), expires: None, lot: None };
    let mut rest = text.strip_prefix(SEPARATOR).unwrap_or(text);
    let written_out = rest.starts_with('(');
    while !rest.is_empty() {
        let (identifier, after) =
            if written_out { rest.strip_prefix('(')?.split_once(')')? } else { (rest.get(..2)?, rest.get(2..)?) };
        let fixed = match identifier {
            "01" => Some(14),
            "11" | "15" | "17" => Some(6),
            "10" | "21" => None,
            _ => return None,
        };
        let end = match fixed {
            Some(length) => length,
            None if written_out => after.find('(').unwrap_or(after.len()),
            None => after.find(SEPARATOR).unwrap_or(after.len()),
        };
        let (value, next) = (after.get(..end)?, after.get(end..)?);
        if fixed.is_some() && !value.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match identifier {
            "01" => scan.codes = of_trade_item(value),
            "17" => scan.expires = Some(last_day(value)?),
            "10" => scan.lot = Some(value.to_owned()),
            _ => {}
        }
        rest = next.strip_prefix(SEPARATOR).unwrap_or(next);
    }
    (!scan.codes.is_empty()).then_some(scan)
}

/// The date of six digits, year first; day 00 stands for the last of the month.
fn last_day(value: &str) -> Option<Date> {
    let two = |from: usize| value.get(from..from + 2)?.parse::<i8>().ok();
    let (year, month, day) = (two(0)?, two(2)?, two(4)?);
    let first = Date::new(2000 + i16::from(year), month, 1).ok()?;
    if day == 0 { Some(first.last_of_month()) } else { Date::new(first.year(), month, day).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn check(text: &str, code: &str, expires: Option<Date>) {
        let scan = read(text).unwrap_or_else(|| panic!("{text}"));
        assert!(scan.codes.contains(&Ndc::parse(code).expect("an NDC")), "{text}: {:?}", scan.codes);
        assert_eq!(scan.expires, expires, "{text}");
    }

    #[test]
    fn an_ndc_is_read_from_every_shape_that_stands_on_containers() {
        check("99999010101", "99999010101", None);
        check("99999-0101-01", "99999010101", None);
        check(" 99999-101-01\r\n", "99999010101", None);
        check("9999910101", "99999010101", None);
        // UPC-A, EAN-13 and GTIN-14 of 99999-101-01: the check digit is 1.
        check("399999101011", "99999010101", None);
        check("0399999101011", "99999010101", None);
        check("00399999101011", "99999010101", None);
        check("0100399999101011172609301012AB\u{1d}21S-1", "99999010101", Some(date(2026, 9, 30)));
        check("]d20100399999101011172609001012AB", "99999010101", Some(date(2026, 9, 30)));
        check("(01)00399999101011(17)280229(10)12AB(21)S", "99999010101", Some(date(2028, 2, 29)));
        assert_eq!(read("(01)00399999101011(10)L-7").and_then(|scan| scan.lot), Some("L-7".to_owned()));
    }

    #[test]
    fn what_is_no_drug_or_was_misread_stands_for_nothing() {
        let long = "9".repeat(201);
        for text in [
            "",
            "abc",
            "]",
            "]d",
            "12345",
            "00399999101012",
            "0100399999101012",
            "01003999991010",
            "0100399999101011171313011",
            "(01)00399999101011(17)269901",
            "(99)1",
            "00512345678900",
            long.as_str(),
            "９９９９９０１０１０１",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_scan_breaks_the_reader(text in "[]()0-9a-z\u{1d}é]{0,60}") {
            let _ = read(&text);
        }
    }
}
