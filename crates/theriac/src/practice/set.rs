//! Several schedule II prescriptions of one drug from one form (21 CFR 1306.12(b)): entered together, each a draft of its
//! own with the earliest date on which it may be filled; judged again as a set when they are signed.

use super::drafting::Typed;
use super::prescription_stream;
use crate::house::House;
use crate::house::record::{Change, Fault};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use theriac_model::{Actor, CanonicalContents, Element, Refusal};
use theriac_prescriber::event::{Report, Routing};
use theriac_prescriber::set::{Conclusion, may_be_issued, may_be_signed, sets, sittings};
use theriac_prescriber::stage::Reviewed;
use theriac_prescriber::statement::Covers;
use theriac_prescriber::{Draft, Prescription};

/// Prescriptions that one form makes: with one-week supplies, 90 days.
pub(crate) const MOST: u32 = 12;
/// How far back prescriptions are looked up that may count with a new one: an earliest date may lie 90 days ahead, and its
/// supply lasts 90 days more.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(24 * 370);

/// What is typed of a set besides what each prescription says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SetTyped {
    /// Each prescription; its earliest date is that of the first, or empty for at once.
    pub(crate) each: Typed,
    /// How many, 2 to 12.
    pub(crate) count: String,
    /// Days from one earliest date to the next; the days of supply where nothing is typed.
    pub(crate) interval: String,
}

fn refuse(field: &'static str, what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Fault {
    Refusal::new("RX-SET-FORM", "21 CFR 1306.12(b)(1)", what, next).about(field).into()
}

impl House {
    /// Enters the drafts of a set, all or none; answers their identifiers in the order of their dates.
    ///
    /// The rulebook judges dates and supply here. The practitioner's conclusion about the risk is drawn when they sign.
    ///
    /// # Errors
    /// What cannot be read; a drug that is not of schedule II; the rulebook's refusal.
    pub(crate) fn enter_set(&self, by: &Actor, typed: &SetTyped) -> Result<Vec<String>, Fault> {
        let (count, dates) = self.dates(typed)?;
        let mut written: Vec<CanonicalContents> = Vec::new();
        let mut routing = None;
        for date in dates {
            let each = Typed { earliest_fill: date, refills: String::new(), ..typed.each.clone() };
            let (to, contents) = self.elements(by, &each)?;
            written.push(contents);
            routing = Some(to);
        }
        let Some(routing) = routing else { return Err(refuse("count", "nothing is written", "say how many")) };
        if written.iter().any(|contents| contents.get(Element::DrugSchedule) != Some("II")) {
            let next = "choose a drug of schedule II; others are written once, with refills";
            return Err(refuse("ndc", "a set with earliest dates is for schedule II", next));
        }
        let found = sets(&written);
        let all = found.first().filter(|set| set.len() == count);
        let all = all.ok_or_else(|| refuse("count", "the prescriptions are no set", "write at least two"))?;
        may_be_issued(&self.profile, all, self.clock.moment(), Conclusion::Drawn)?;
        let mut change = Change::default();
        let mut ids = Vec::with_capacity(count);
        for contents in written {
            let id = Self::fresh_id("RX")?;
            let (_, event) = Draft::begin(&id, by, routing.clone(), contents)?;
            let name = prescription_stream(&id);
            change = change.decided_on(&name, 0).event(&self.by(by, ""), &name, &event)?;
            ids.push(id);
        }
        change.commit(&self.store)?;
        Ok(ids)
    }

    /// The earliest dates, empty for a first one that may be filled at once.
    fn dates(&self, typed: &SetTyped) -> Result<(usize, Vec<String>), Fault> {
        let next = "write how many prescriptions, from 2 to 12";
        let count: u32 = typed.count.trim().parse().map_err(|_| refuse("count", "it is not a number", next))?;
        if !(2..=MOST).contains(&count) {
            return Err(refuse("count", format!("a form makes 2 to {MOST}, not {count}"), next));
        }
        let days = match typed.interval.trim() {
            "" => typed.each.days_supply.trim(),
            typed => typed,
        };
        let next = "enter the days of supply, or the days between two earliest dates";
        let days: i64 = days.parse().map_err(|_| refuse("days_supply", "the days between are no number", next))?;
        if !(1..=90).contains(&days) {
            return Err(refuse("days_supply", "the days between are 1 to 90", next));
        }
        let first = typed.each.earliest_fill.trim();
        let next = "write a date such as 2026-04-01, or leave it empty for at once";
        let begins: Date = match first {
            "" => self.clock.moment().date(),
            date => date.parse().map_err(|_| refuse("earliest_fill", "it is not a date", next))?,
        };
        let mut dates = vec![first.to_owned()];
        for n in 1..i64::from(count) {
            let date =
                begins.checked_add((n * days).days()).map_err(|_| refuse("earliest_fill", "it is too late", next))?;
            dates.push(date.to_string());
        }
        Ok((dates.len(), dates))
    }

    /// Whether the sets among prescriptions that are signed in one act may be issued, beside what the practitioner signed
    /// before for the same patients.
    ///
    /// # Errors
    /// The rulebook's refusal, also where the practitioner has not concluded 1306.12(b)(1)(iii).
    pub(super) fn sets_may_be_issued<'a>(
        &self,
        reviewed: impl Iterator<Item = &'a Reviewed> + Clone,
    ) -> Result<(), Fault> {
        let drawn = reviewed.clone().all(|one| one.conclusion() == Conclusion::Drawn);
        let conclusion = if drawn { Conclusion::Drawn } else { Conclusion::Open };
        let now = reviewed.map(|one| (one.draft().routing(), one.draft().contents()));
        let before = self.signed_before(now.clone())?;
        let moment = self.clock.moment();
        for sitting in sittings(now.map(|(_, contents)| contents), &before, moment.date()) {
            may_be_signed(&self.profile, &sitting, moment, conclusion)?;
        }
        Ok(())
    }

    /// Whether a statement about a set belongs on the review of these prescriptions: they make one, alone or with what was
    /// signed before.
    ///
    /// # Errors
    /// A prescription that does not exist.
    pub(crate) fn covered(&self, ids: &[String]) -> Result<Covers, Fault> {
        let now = ids.iter().map(|id| self.prescription_now(id).map(|(now, _)| now)).collect::<Result<Vec<_>, _>>()?;
        let now = now.iter().map(|one| (one.routing(), one.contents()));
        let before = self.signed_before(now.clone())?;
        let found = sittings(now.map(|(_, contents)| contents), &before, self.clock.moment().date());
        Ok(if found.is_empty() { Covers::Single } else { Covers::Set })
    }

    /// The schedule II prescriptions that the practitioners of these signed before for the same patients, and that stand: not
    /// those withdrawn, void or refused by the pharmacy. What was drafted longer ago than [`LOOKED_BACK`] counts no more.
    fn signed_before<'a>(
        &self,
        now: impl Iterator<Item = (&'a Routing, &'a CanonicalContents)>,
    ) -> Result<Vec<CanonicalContents>, Fault> {
        let of_two = now.filter(|(_, contents)| contents.get(Element::DrugSchedule) == Some("II"));
        let mut whom: Vec<(&str, &str)> =
            of_two.map(|(to, _)| (to.practitioner.as_str(), to.patient.as_str())).collect();
        whom.sort_unstable();
        whom.dedup();
        let since = self.clock.now().as_millisecond() - i64::try_from(LOOKED_BACK.as_millis()).unwrap_or(i64::MAX);
        let sql = "SELECT p.id FROM prescriptions p JOIN entries e ON e.seq = p.drafted_seq \
                   WHERE p.practitioner = $1 AND p.patient = $2 AND e.at_ms >= $3 ORDER BY p.drafted_seq";
        let mut found = Vec::new();
        for (practitioner, patient) in whom {
            for row in self.store.query(sql, &[practitioner.into(), patient.into(), since.into()])? {
                let (one, _) = self.prescription_now(row.text(0)?)?;
                let stands = match &one {
                    Prescription::Signed(_) | Prescription::Printed(_) | Prescription::Paper(_) => true,
                    Prescription::Transmitted(..) => one.stage() != Report::Rejected.word(),
                    _ => false,
                };
                if stands && one.contents().get(Element::DrugSchedule) == Some("II") {
                    found.push(one.contents().clone());
                }
            }
        }
        Ok(found)
    }
}
