//! Every explanation of a variance, ranked.

use super::digits::{differing, slipped};
use super::evidence::{Case, Cause, Evidence, Explanation, Filled, Neighbour};
use crate::account::Account;
use crate::commodity::Commodity;
use crate::entry::{Entry, EntryId};
use crate::movement::MovementKind;
use std::collections::BTreeMap;

/// The most explanations that are answered.
const MOST: usize = 20;
/// Seconds within which an entry of the same amount is looked at as a second writing: a week.
const NEAR: i64 = 7 * 86_400;

/// The explanations of a case, the best supported first; equal ones in a fixed order. Empty for no variance.
pub fn explain(case: &Case<'_>) -> Vec<Explanation> {
    let view = View::of(case);
    let mut found = match case.variance {
        0 => Vec::new(),
        short if short < 0 => view.shortage(short.saturating_neg()),
        over => view.overage(over),
    };
    for explanation in &mut found {
        let evidence: u32 = explanation.evidence.iter().map(Evidence::weight).sum();
        explanation.score = prior(explanation.cause) + evidence;
    }
    let mut found = grouped(found);
    found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| (a.cause, &a.entries).cmp(&(b.cause, &b.entries))));
    found.truncate(MOST);
    found
}

/// Explanations that differ only in the entry, with the same evidence for each, become one that names all of them.
fn grouped(found: Vec<Explanation>) -> Vec<Explanation> {
    let mut groups: Vec<Explanation> = Vec::new();
    for explanation in found {
        let commodity = |e: &Explanation| e.other.as_ref().map(|(commodity, _)| commodity.clone());
        let same = groups.iter_mut().find(|group| {
            group.cause == explanation.cause
                && group.evidence == explanation.evidence
                && commodity(group) == commodity(&explanation)
        });
        let Some(group) = same else {
            groups.push(explanation);
            continue;
        };
        group.entries.extend(explanation.entries);
        if group.document != explanation.document {
            group.document = None;
        }
        if let (Some((_, entries)), Some((_, more))) = (&mut group.other, explanation.other) {
            entries.extend(more);
        }
    }
    groups
}

/// What a cause weighs before anything is known: a choice of the house, from how often each happens.
const fn prior(cause: Cause) -> u32 {
    match cause {
        Cause::MissedFill => 12,
        Cause::DoubleFill | Cause::UnloggedReceipt => 10,
        Cause::WrongQuantity | Cause::TransposedDigits => 9,
        Cause::SwappedProduct | Cause::DoubleReceipt => 7,
        Cause::ReturnNotLogged => 6,
    }
}

/// What the dispensing record says of a filling that may belong to another product.
#[derive(PartialEq, Eq)]
enum Said {
    /// It does not know the filling.
    Nothing,
    /// It names that product.
    This(Evidence),
    /// It names another.
    Another,
}

/// The case with what is asked of it again and again.
struct View<'a> {
    case: &'a Case<'a>,
    /// Standing entries of the period: no reversals and nothing reversed.
    entries: Vec<&'a Entry>,
    /// Fillings that the record knows, by document.
    records: BTreeMap<&'a str, &'a Filled>,
}

impl<'a> View<'a> {
    fn of(case: &'a Case<'a>) -> Self {
        let records = case.fillings.iter().map(|filled| (filled.document.as_str(), filled)).collect();
        Self { case, entries: standing(case.entries, case), records }
    }

    fn kind(&self, kind: MovementKind) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().copied().filter(move |entry| entry.kind == kind)
    }

    fn documented(&self, document: &str) -> bool {
        self.case.entries.iter().any(|entry| entry.document.number == document)
    }

    /// What is missing: more went, or less came, than the books say.
    fn shortage(&self, missing: i64) -> Vec<Explanation> {
        let mut found = self.missed(missing);
        found.extend(self.written_elsewhere(missing));
        found.extend(self.wrong_amounts(-missing));
        found.extend(self.twice(MovementKind::Receipt, Cause::DoubleReceipt, missing));
        found
    }

    /// What is there too much: less went, or more came, than the books say.
    fn overage(&self, over: i64) -> Vec<Explanation> {
        let mut found = self.unlogged(over);
        found.extend(self.twice(MovementKind::Fill, Cause::DoubleFill, over));
        found.extend(self.written_here(over));
        found.extend(self.wrong_amounts(over));
        found.extend(self.not_put_back(over));
        found
    }

    /// A filling that the record has and the books do not; or, where no record names one, any filling of that amount.
    fn missed(&self, amount: i64) -> Vec<Explanation> {
        let ndc = &self.case.product.commodity.ndc;
        let of_case = self.case.fillings.iter().filter(|filled| {
            filled.ndc == *ndc && filled.amount == amount && filled.at > self.case.since && filled.at <= self.case.until
        });
        let elsewhere = |document: &str| {
            let mut others = self.case.neighbours.iter().flat_map(|neighbour| neighbour.entries);
            others.any(|entry| entry.document.number == document)
        };
        let known = of_case.filter(|filled| !self.documented(&filled.document) && !elsewhere(&filled.document));
        let mut found: Vec<Explanation> = known
            .map(|filled| {
                let mut found = begin(Cause::MissedFill, "post the filling late, with its own time and document");
                found.document = Some(filled.document.clone());
                found.evidence.push(Evidence::RecordWithoutEntry(filled.document.clone()));
                found
            })
            .collect();
        let usual = self.usual(amount);
        if found.is_empty() && usual > 0 {
            let mut any = begin(Cause::MissedFill, "look for a filling of this amount that was not written down");
            any.evidence.push(Evidence::UsualAmount(usual));
            found.push(any);
        }
        found
    }

    /// A shipment that is known and was not received; or, where none is known, whole containers.
    fn unlogged(&self, amount: i64) -> Vec<Explanation> {
        let ndc = &self.case.product.commodity.ndc;
        let of_case = self
            .case
            .shipments
            .iter()
            .filter(|shipped| shipped.ndc == *ndc && shipped.amount == amount && shipped.at <= self.case.until);
        let mut found: Vec<Explanation> = of_case
            .filter(|shipped| !self.documented(&shipped.document))
            .map(|shipped| {
                let mut found = begin(Cause::UnloggedReceipt, "post the receipt late, with its document and date");
                found.document = Some(shipped.document.clone());
                found.evidence.push(Evidence::ShipmentWithoutReceipt(shipped.document.clone()));
                found
            })
            .collect();
        let per = self.case.product.per_container.units();
        if found.is_empty() && amount % per == 0 {
            let mut any = begin(Cause::UnloggedReceipt, "ask suppliers for deliveries of this amount");
            any.evidence.push(Evidence::WholeContainers(amount / per));
            found.push(any);
        }
        found
    }

    /// A filling of this product that was written to a neighbour.
    fn written_elsewhere(&self, amount: i64) -> Vec<Explanation> {
        let mut found = Vec::new();
        for neighbour in self.case.neighbours.iter().filter(|other| other.variance.is_none_or(|left| left == amount)) {
            let entries = standing(neighbour.entries, self.case);
            for entry in entries.into_iter().filter(|entry| is_fill(entry, amount)) {
                let named = self.named(entry, &self.case.product.commodity);
                if named == Said::Another {
                    continue;
                }
                let next = "reverse the filling of the other product and post it to this one";
                found.push(self.swapped(neighbour, (None, Some(entry.id)), named, next));
            }
        }
        found
    }

    /// A filling of a neighbour that was written to this product.
    fn written_here(&self, amount: i64) -> Vec<Explanation> {
        let mut found = Vec::new();
        for entry in self.entries.iter().copied().filter(|entry| is_fill(entry, amount)) {
            for neighbour in self.case.neighbours.iter().filter(|o| o.variance.is_none_or(|left| left == -amount)) {
                let named = self.named(entry, &neighbour.product.commodity);
                if named == Said::Another {
                    continue;
                }
                let next = "reverse the filling of this product and post it to the other one";
                found.push(self.swapped(neighbour, (Some(entry.id), None), named, next));
            }
        }
        found
    }

    /// What the record says of an entry that may belong to `truth`.
    fn named(&self, entry: &Entry, truth: &Commodity) -> Said {
        match self.records.get(entry.document.number.as_str()) {
            None => Said::Nothing,
            Some(filled) if filled.ndc == truth.ndc => Said::This(Evidence::RecordNames(filled.ndc.clone())),
            Some(_) => Said::Another,
        }
    }

    fn swapped(
        &self,
        neighbour: &Neighbour<'_>,
        (ours, theirs): (Option<EntryId>, Option<EntryId>),
        named: Said,
        next: &'static str,
    ) -> Explanation {
        let mut found = begin(Cause::SwappedProduct, next);
        found.entries.extend(ours);
        found.other = Some((neighbour.product.commodity.clone(), theirs.into_iter().collect()));
        if let Said::This(evidence) = named {
            found.evidence.push(evidence);
        }
        if neighbour.variance.is_some() {
            found.evidence.push(Evidence::OppositeVariance(neighbour.product.commodity.clone()));
        }
        let codes = (self.case.product.commodity.ndc.as_str(), neighbour.product.commodity.ndc.as_str());
        found.evidence.extend(differing(codes.0, codes.1).map(Evidence::SimilarCode));
        if neighbour.product.name.eq_ignore_ascii_case(&self.case.product.name) {
            found.evidence.push(Evidence::SameDrug);
        }
        found
    }

    /// Entries whose amount, put right, accounts for `variance`.
    fn wrong_amounts(&self, variance: i64) -> Vec<Explanation> {
        let mut found = Vec::new();
        for entry in &self.entries {
            let written = match entry.kind {
                MovementKind::Fill | MovementKind::Receipt => moved(entry),
                _ => continue,
            };
            // What went was written too small when something is missing, and too large when there is too much.
            let meant = match entry.kind {
                MovementKind::Fill => written.checked_sub(variance),
                _ => written.checked_add(variance),
            };
            let Some(meant) = meant.filter(|meant| *meant > 0) else { continue };
            let recorded = self.recorded(entry);
            // Where the document gives the amount that was written, the amount is not the mistake.
            if recorded.is_some_and(|recorded| recorded != meant) {
                continue;
            }
            let slip = slipped(written, meant);
            if recorded.is_none() && !slip {
                continue;
            }
            let cause = if slip { Cause::TransposedDigits } else { Cause::WrongQuantity };
            let mut explanation = begin(cause, "reverse the entry and post it with the amount of its document");
            explanation.entries.push(entry.id);
            explanation.document = Some(entry.document.number.clone());
            explanation.evidence.extend(recorded.map(Evidence::RecordGives));
            if slip {
                explanation.evidence.push(Evidence::Slip(written, meant));
            }
            found.push(explanation);
        }
        found
    }

    /// The amount that the record or the shipment gives for an entry's document.
    fn recorded(&self, entry: &Entry) -> Option<i64> {
        let document = entry.document.number.as_str();
        let ndc = &self.case.product.commodity.ndc;
        if entry.kind == MovementKind::Fill {
            return self.records.get(document).filter(|filled| filled.ndc == *ndc).map(|filled| filled.amount);
        }
        let mut shipments = self.case.shipments.iter();
        shipments.find(|shipped| shipped.document == document && shipped.ndc == *ndc).map(|shipped| shipped.amount)
    }

    /// Entries of one kind and amount that were written twice.
    fn twice(&self, kind: MovementKind, cause: Cause, amount: i64) -> Vec<Explanation> {
        let same: Vec<&Entry> = self.kind(kind).filter(|entry| moved(entry) == amount).collect();
        let mut found = Vec::new();
        for (n, entry) in same.iter().enumerate() {
            let earlier = same.iter().take(n).rev();
            let twin = earlier.clone().find(|twin| twin.document == entry.document);
            let near = earlier.clone().find(|twin| seconds(twin, entry) <= NEAR);
            let unknown = kind == MovementKind::Fill
                && !self.records.is_empty()
                && !self.records.contains_key(entry.document.number.as_str());
            // A document that the record knows, and that no other entry has, was written down once.
            if twin.is_none() && (!unknown && !self.records.is_empty() || near.is_none()) {
                continue;
            }
            let mut explanation = begin(cause, "reverse the second entry");
            explanation.entries.push(entry.id);
            explanation.document = Some(entry.document.number.clone());
            explanation.evidence.extend(twin.map(|twin| Evidence::SameDocument(twin.id)));
            explanation.evidence.extend(near.map(|near| Evidence::SoonAfter(near.id, seconds(near, entry))));
            if unknown {
                explanation.evidence.push(Evidence::EntryWithoutRecord(entry.id));
            }
            found.push(explanation);
        }
        found
    }

    /// Fillings that wait by the books, and may lie on the shelf again.
    fn not_put_back(&self, amount: i64) -> Vec<Explanation> {
        let left: Vec<&Entry> = self.entries.iter().copied().filter(|entry| leaves_will_call(entry)).collect();
        let waiting = self.kind(MovementKind::Fill).filter(|entry| moved(entry) == amount).filter(|entry| {
            !left.iter().any(|other| other.document.number == entry.document.number && moved(other) == amount)
        });
        waiting
            .map(|entry| {
                let mut found = begin(Cause::ReturnNotLogged, "look in will-call; post the return to stock");
                let waited = (self.case.until.as_second() - entry.happened.as_second()) / 86_400;
                found.entries.push(entry.id);
                found.document = Some(entry.document.number.clone());
                found.evidence.push(Evidence::StillWaiting(waited));
                found
            })
            .collect()
    }

    /// How many fillings had this amount.
    fn usual(&self, amount: i64) -> usize {
        self.kind(MovementKind::Fill).filter(|entry| moved(entry) == amount).count()
    }
}

fn begin(cause: Cause, next: &'static str) -> Explanation {
    let (entries, evidence) = (Vec::new(), Vec::new());
    Explanation { cause, entries, other: None, document: None, evidence, score: 0, next }
}

/// The entries of the period that stand.
fn standing<'a>(entries: &'a [Entry], case: &Case<'_>) -> Vec<&'a Entry> {
    let reversed: Vec<EntryId> = entries.iter().filter_map(|entry| entry.reverses).collect();
    let inside = |entry: &&Entry| entry.happened > case.since && entry.happened <= case.until;
    entries.iter().filter(inside).filter(|entry| entry.reverses.is_none() && !reversed.contains(&entry.id)).collect()
}

/// How much an entry moves.
fn moved(entry: &Entry) -> i64 {
    entry.lines.iter().map(|line| line.change).filter(|change| *change > 0).sum()
}

fn is_fill(entry: &Entry, amount: i64) -> bool {
    entry.kind == MovementKind::Fill && moved(entry) == amount
}

fn leaves_will_call(entry: &Entry) -> bool {
    entry.change_of(&Account::WillCall) < 0
}

fn seconds(earlier: &Entry, later: &Entry) -> i64 {
    (later.happened.as_second() - earlier.happened.as_second()).abs()
}
