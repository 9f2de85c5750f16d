//! Certificate policies along a path: RFC 5280, 6.1.2 to 6.1.5.
//!
//! What is asked of the policy tree at the end is only which policies of the anchor's domain reach the last certificate.
//! So each level keeps, for each policy valid there, the policies of the anchor's domain it came from, and the level above
//! is dropped: what RFC 9618 recommends in place of a tree that grows with the powers of its depth.

use super::PolicyId;
use super::fields::Fields;
use const_oid::ObjectIdentifier;
use std::collections::{BTreeMap, BTreeSet};

/// anyPolicy.
pub(crate) const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

type Set = BTreeSet<ObjectIdentifier>;

#[derive(Clone)]
struct Node {
    /// What the next certificate must say to stay on this branch.
    expected: Set,
    /// The policies of the anchor's domain that this node stands for; `ANY` while none has been named.
    roots: Set,
}

/// Which policies are valid so far; `None` once a certificate named none.
pub(crate) struct Policies(Option<BTreeMap<ObjectIdentifier, Node>>);

impl Policies {
    pub(crate) fn start() -> Self {
        let all = Set::from([ANY]);
        Self(Some(BTreeMap::from([(ANY, Node { expected: all.clone(), roots: all })])))
    }

    /// 6.1.3(d), (e): the policies of one certificate. `any_counts`: anyPolicy in it is looked at.
    pub(crate) fn enter(&mut self, certificate: &Fields, any_counts: bool) {
        let (Some(above), Some(policies)) = (&self.0, &certificate.policies) else {
            self.0 = None;
            return;
        };
        let mut level = BTreeMap::new();
        for policy in policies.iter().filter(|policy| **policy != ANY) {
            let mut roots = descended(above, *policy);
            if roots.is_empty() && above.contains_key(&ANY) {
                roots.insert(*policy);
            }
            if !roots.is_empty() {
                level.insert(*policy, Node { expected: Set::from([*policy]), roots });
            }
        }
        if any_counts && policies.contains(&ANY) {
            for expected in above.values().flat_map(|node| &node.expected) {
                level
                    .entry(*expected)
                    .or_insert_with(|| Node { expected: Set::from([*expected]), roots: descended(above, *expected) });
            }
        }
        self.0 = Some(level).filter(|level| !level.is_empty());
    }

    /// 6.1.4(b): the mappings of an authority. `allowed`: mapping is not inhibited here.
    pub(crate) fn map(&mut self, mappings: &[(ObjectIdentifier, ObjectIdentifier)], allowed: bool) {
        let Some(level) = &mut self.0 else { return };
        let mut to: BTreeMap<ObjectIdentifier, Set> = BTreeMap::new();
        for (from, into) in mappings {
            to.entry(*from).or_default().insert(*into);
        }
        for (policy, expected) in to {
            if !allowed {
                level.remove(&policy);
            } else if let Some(node) = level.get_mut(&policy) {
                node.expected = expected;
            } else if level.contains_key(&ANY) {
                level.insert(policy, Node { expected, roots: Set::from([policy]) });
            }
        }
        if level.is_empty() {
            self.0 = None;
        }
    }

    /// Whether any policy is valid for the path so far.
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// 6.1.5(g): the policies of the anchor's domain that hold for the whole path and are among `accepted`; `None` accepts
    /// all, and then anyPolicy may be among them.
    pub(crate) fn hold(&self, accepted: Option<&BTreeSet<PolicyId>>) -> BTreeSet<PolicyId> {
        let roots = self.0.iter().flat_map(BTreeMap::values).flat_map(|node| &node.roots).copied();
        let roots: BTreeSet<PolicyId> = roots.map(PolicyId).collect();
        match accepted {
            Some(accepted) if !roots.contains(&PolicyId(ANY)) => roots.intersection(accepted).copied().collect(),
            Some(accepted) => accepted.clone(),
            None => roots,
        }
    }
}

/// The anchor's policies from which `policy` descends through the level above; those under anyPolicy begin with it.
fn descended(above: &BTreeMap<ObjectIdentifier, Node>, policy: ObjectIdentifier) -> Set {
    let parents = above.iter().filter(|(_, node)| node.expected.contains(&policy));
    parents.flat_map(|(parent, node)| if *parent == ANY { Set::from([policy]) } else { node.roots.clone() }).collect()
}
