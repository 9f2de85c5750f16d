//! Names of objects at the second site.

use std::ops::Range;

/// Where segments lie.
pub(super) const SEGMENTS: &str = "segments/";
/// Where the deployment's own files lie.
pub(super) const HOUSE: &str = "house/";
/// Digits of an entry's number, so that names sort as numbers do.
const DIGITS: usize = 12;

/// The SHA-256 of bytes, in hex.
pub(super) fn digest(bytes: &[u8]) -> String {
    theriac_journal::hash::sha256(bytes).to_hex()
}

/// What a segment is sealed as.
pub(super) fn of_segment(seqs: &Range<u64>) -> String {
    format!("{SEGMENTS}{:0DIGITS$}-{:0DIGITS$}", seqs.start, seqs.end)
}

/// What the deployment's files are sealed as.
pub(super) fn of_house(at: jiff::Timestamp) -> String {
    format!("{HOUSE}{}", at.strftime("%Y%m%dT%H%M%SZ"))
}

/// The object's name: what it is sealed as, and the digest of the sealed bytes.
pub(super) fn object(sealed_as: &str, sealed: &[u8]) -> String {
    format!("{sealed_as}.{}", digest(sealed))
}

/// What an object is sealed as, and the digest that its bytes must have.
pub(super) fn parts(name: &str) -> Option<(&str, &str)> {
    let (sealed_as, digest) = name.rsplit_once('.')?;
    (digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some((sealed_as, digest))
}

/// The entries of a segment by its name.
pub(super) fn range(name: &str) -> Option<Range<u64>> {
    let (from, until) = parts(name)?.0.strip_prefix(SEGMENTS)?.split_once('-')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let range = number(from)?..number(until)?;
    (range.start < range.end).then_some(range)
}

/// Segments from which a journal can be made again, in order: at each entry the one that reaches furthest.
pub(super) fn chain(names: &[String]) -> Vec<(Range<u64>, &str)> {
    let mut found: Vec<(Range<u64>, &str)> =
        names.iter().filter_map(|name| Some((range(name)?, name.as_str()))).collect();
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let (mut next, mut chain) = (0, Vec::new());
    while let Some(one) = found.iter().find(|(range, _)| range.start == next) {
        next = one.0.end;
        chain.push(one.clone());
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_an_object_holds_and_which_digest_it_has() {
        let name = object(&of_segment(&(7..900)), b"sealed");
        assert_eq!(range(&name), Some(7..900));
        assert_eq!(parts(&name).map(|(name, _)| name), Some("segments/000000000007-000000000900"));
        for wrong in ["", "segments/1-2", "segments/2-1.00", "house/x.y", &name.replace("0007", "0999"), &name[..60]] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_chain_takes_the_longest_segment_at_each_entry_and_ends_at_a_gap() {
        let name = |range: Range<u64>| object(&of_segment(&range), b"x");
        let names = [name(20..30), name(0..5), name(5..10), name(0..10), name(10..12), name(13..20), name(10..13)];
        let chain: Vec<_> = chain(&names).into_iter().map(|(range, _)| range).collect();
        assert_eq!(chain, [0..10, 10..13, 13..20, 20..30]);
        let gap = [name(0..5), name(6..9)];
        assert_eq!(super::chain(&gap).len(), 1);
        assert!(super::chain(&gap[1..]).is_empty());
    }
}
