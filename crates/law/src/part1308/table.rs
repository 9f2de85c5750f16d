//! 21 CFR 1308.11 to 1308.15; 21 U.S.C. 802(45); cards, "Common Schedule ... Drugs": in which schedule a product of a name is, on a day.
//!
//! (a) Every product is in exactly one of schedules I to V, in none, or a scheduled listed chemical product; a brand and its
//! generic of the same formulation are in the same. (b) Where formulation decides and is not known, the strictest stands
//! until it is. (c) A product that is not in the table is unknown, not uncontrolled. (d) A move takes effect on its day.
//! (e) A listed chemical product is one that is lawfully sold without prescription, with any salt or isomer of the chemical.
//! (f) A State may put a product into a stricter schedule. A house may record that DEA exempted a product of which the
//! sources tell only that some are exempted.

use super::products::{self, Found, Product, Status};
use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Denial, rule};
use crate::vocab::{Market, Schedule};

rule!(TABLE: "1308-table", "scheduling", "21 CFR 1308.11 to 1308.15; 21 U.S.C. 802(45)", By::ALL,
    "A product is in one schedule, in none, or a listed chemical product; formulation and day decide",
    ["law-sched-one-schedule-per-product", "law-sched-ci-list", "law-sched-cii-opioid-list", "law-sched-cii-stimulant-list", "law-sched-cii-other-list", "law-sched-ciii-list", "law-sched-civ-benzodiazepines", "law-sched-civ-hypnotics", "law-sched-civ-weight-loss", "law-sched-civ-other", "law-sched-cv-list", "law-sched-brand-equals-generic", "law-sched-date-effective", "law-sched-hydrocodone-combination-edition", "law-sched-newly-controlled-by-edition", "law-sched-slcp-is-not-a-schedule", "law-sched-slcp-otc-only", "law-sched-slcp-salts-and-isomers", "law-sched-reports-source", "law-form-ask-when-ambiguous", "law-form-butalbital-apap", "law-state-schedule", "pharm-drug-schedule-per-product", "pharm-drug-slcp-definition"]);
rule!(KNOWN: "1308-known", "scheduling", "21 CFR 1308.11 to 1308.15", By::ALL,
    "A product that is not in the table is unknown and classified by a person; it is never taken as uncontrolled",
    ["law-sched-unknown-is-not-uncontrolled"]);

/// What the table, the State and the house come to.
pub(crate) struct Placed {
    pub(crate) status: Status,
    /// What to tell the reader.
    pub(crate) notes: Vec<String>,
}

/// (a) to (f).
pub(crate) fn status(law: &Law<'_>, name: &str, market: Market) -> Result<Placed, Box<Denial>> {
    let (found, entries, certain) = match products::lookup(law.profile, name, law.day) {
        Found::Certain(status, entries) => (status, entries, true),
        Found::Depends(status, entries) => (status, entries, false),
        Found::Unknown => match by_overlay(law, name) {
            Some((schedule, note)) => {
                return Ok(Placed { status: Status::Scheduled(schedule), notes: vec![note] });
            }
            None => return Err(Box::new(unknown(law, name))),
        },
    };
    let mut notes: Vec<String> = entries.iter().map(|entry| told(entry)).collect();
    let mut status = found;
    if !certain {
        let open: Vec<&str> = entries.iter().filter_map(|entry| entry.when.as_deref()).collect();
        notes.insert(0, format!("pending formulation: {} until it is known ({})", status.word(), open.join("; ")));
    }
    if status == Status::ListedChemical && market == Market::Prescription {
        status = Status::Scheduled(Schedule::None);
        notes.insert(0, "not a listed chemical product: it is sold on prescription only".to_owned());
    }
    if let Some(cite) = exempted(law, name, &entries) {
        status = Status::Scheduled(Schedule::None);
        notes.insert(0, format!("exempted by DEA ({cite}), as the house recorded"));
    }
    if let Some((schedule, note)) = by_overlay(law, name) {
        let own = Status::Scheduled(schedule);
        if own.stricter(status) == own && own != status {
            (status, notes) = (own, vec![note]);
        }
    }
    Ok(Placed { status, notes })
}

/// One entry as the reader sees it: what it means, the editions that say it, and where.
fn told(entry: &Product) -> String {
    let editions: Vec<String> = entry.editions().map(|edition| edition.to_string()).collect();
    let when = entry.when.as_deref().unwrap_or("every formulation");
    format!("{}: {} ({when}), {}: {}", entry.name, entry.status.word(), editions.join(" "), entry.source)
}

/// (f): the strictest schedule into which a State or a house puts it.
fn by_overlay(law: &Law<'_>, name: &str) -> Option<(Schedule, String)> {
    let found = law.overlays().filter_map(|overlay| {
        let product = overlay.product(name, law.day)?;
        let schedule = product.schedule?;
        Some((
            schedule,
            format!("{name} is in schedule {schedule} here ({}: {})", overlay.edition().name(), product.cite),
        ))
    });
    found.min_by_key(|(schedule, _)| *schedule)
}

/// (f): the citation of an exemption that a house recorded, for a product of which the table says that it may be exempted.
fn exempted(law: &Law<'_>, name: &str, entries: &[&Product]) -> Option<String> {
    if !entries.iter().any(|entry| entry.exemptible) {
        return None;
    }
    let product =
        law.overlays().find_map(|overlay| overlay.product(name, law.day).filter(|product| product.exempted))?;
    Some(product.cite.clone().into_owned())
}

/// (c).
fn unknown(law: &Law<'_>, name: &str) -> Denial {
    law.deny(
        &KNOWN,
        Reason::UnknownProduct,
        "LAW-1308-UNKNOWN",
        format!("\"{}\" is in no table of ours: unknown, not uncontrolled", crate::read::short(name)),
        "classify it by hand; until then do not dispense it as if it were not controlled",
    )
    .about("request.name")
}
