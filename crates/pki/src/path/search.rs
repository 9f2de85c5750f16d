//! Finding a path: from a certificate up to an anchor, and the first one that holds.

use super::fields::Fields;
use super::walk::Held;
use super::{Directory, PathSettings};
use crate::trust::PathError;
use jiff::Timestamp;

/// The longest path that is looked for, anchor not counted.
const LONGEST: usize = 12;
/// How many signatures one search checks at most, over all the branches it tries.
const SIGNATURES_MOST: usize = 400;

struct Search<'a, 'd> {
    directory: &'d Directory,
    /// Only this anchor; `None` means any.
    anchor: Option<&'d Fields>,
    at: Timestamp,
    settings: &'a PathSettings,
    visiting: &'a [[u8; 32]],
    budget: usize,
    /// The first complete path's fault; else that a signature was wrong.
    fault: Option<PathError>,
    forged: bool,
}

impl Directory {
    /// The first path from an anchor to `leaf` that holds, with its authorities from the top.
    pub(crate) fn search<'d>(
        &'d self,
        leaf: &'d Fields,
        anchor: Option<&'d Fields>,
        at: Timestamp,
        settings: &PathSettings,
        visiting: &[[u8; 32]],
    ) -> Result<(Held, Vec<&'d Fields>), PathError> {
        let mut search = Search {
            directory: self,
            anchor,
            at,
            settings,
            visiting,
            budget: SIGNATURES_MOST,
            fault: None,
            forged: false,
        };
        let mut path = vec![leaf];
        if let Some(held) = search.up(&mut path) {
            path.pop();
            path.reverse();
            // The leaf came first and the path was turned around: it is last again, and was taken off above.
            return Ok((held, path));
        }
        Err(match search.fault {
            Some(fault) => fault,
            None if search.forged => {
                PathError::Invalid("the signature on a certificate is not its issuer's".to_owned())
            }
            None => PathError::UnknownIssuer(leaf.certificate.subject().to_owned()),
        })
    }
}

impl<'d> Search<'_, 'd> {
    /// Extends `path`, which runs from the leaf upwards, until an anchor is reached and the whole of it holds.
    fn up(&mut self, path: &mut Vec<&'d Fields>) -> Option<Held> {
        let lowest = *path.last()?;
        let anchors: Vec<&'d Fields> = match self.anchor {
            Some(one) => vec![one],
            None => self.directory.anchors.iter().collect(),
        };
        for anchor in anchors.into_iter().filter(|anchor| anchor.subject == lowest.issuer) {
            if !self.is_signed(lowest, anchor) {
                continue;
            }
            let downwards: Vec<&Fields> = path.iter().rev().copied().collect();
            match self.directory.walk(anchor, &downwards, self.at, self.settings, self.visiting) {
                Ok(held) => return Some(held),
                Err(fault) => self.fault = self.fault.take().or(Some(fault)),
            }
        }
        if path.len() >= LONGEST {
            return None;
        }
        let mut issuers: Vec<&'d Fields> =
            self.directory.certificates.iter().filter(|known| known.subject == lowest.issuer).collect();
        // Those whose key identifier is the one named come first; a wrong one is no reason to leave somebody out.
        issuers.sort_by_key(|known| known.key_id.is_none() || known.key_id != lowest.issuer_key_id);
        for issuer in issuers {
            let digest = issuer.certificate.digest();
            if path.iter().any(|used| used.certificate.digest() == digest) || !self.is_signed(lowest, issuer) {
                continue;
            }
            path.push(issuer);
            if let Some(held) = self.up(path) {
                return Some(held);
            }
            path.pop();
        }
        None
    }

    fn is_signed(&mut self, lower: &Fields, upper: &Fields) -> bool {
        let Some(left) = self.budget.checked_sub(1) else { return false };
        self.budget = left;
        let signed = lower.signed.is_by(&upper.key);
        self.forged |= !signed;
        signed
    }
}
