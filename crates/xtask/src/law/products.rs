//! The dated table of drugs: each entry is met by somebody, and no two say different things of one formulation on one day.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use theriac_law::Profile;
use theriac_law::products::{self, Found, Product, key};

/// Makes the profile that reads an edition first-hand.
type Reader = fn() -> Profile;

/// Each edition with its reader.
const EDITIONS: [(&str, Reader); 4] = [
    ("proposed-2008", Profile::proposed_2008),
    ("cfr", Profile::in_force),
    ("manual-2010", Profile::manual_2010),
    ("cards-2021", Profile::cards_2021),
];

const EARLIEST: Date = Date::constant(1970, 1, 1);
const LATEST: Date = Date::constant(2200, 1, 1);

/// What is wrong with the table of this build.
pub fn faults() -> Vec<String> {
    let all: Vec<&Product> = products::all().iter().collect();
    let mut wrong = ended_before(&all);
    wrong.extend(contradictions(&all));
    wrong.extend(gaps(&all));
    wrong.extend(never_met(&all));
    wrong
}

fn days(product: &Product) -> (Date, Date) {
    (product.since.unwrap_or(EARLIEST), product.until.unwrap_or(LATEST))
}

fn ended_before(all: &[&Product]) -> Vec<String> {
    let ended = all.iter().filter(|product| days(product).1 < days(product).0);
    ended.map(|product| format!("{} ({}) ends before it begins", product.name, product.source)).collect()
}

/// Two entries of one name and one formulation that bind on one day in one edition and differ.
fn contradictions(all: &[&Product]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (n, one) in all.iter().enumerate() {
        for other in all.iter().skip(n + 1).filter(|other| key(&other.name) == key(&one.name)) {
            let meet = days(one).0 <= days(other).1 && days(other).0 <= days(one).1;
            let share = one.editions().any(|edition| other.editions().any(|said| said == edition));
            if meet && share && one.when == other.when && one.status != other.status {
                wrong.push(format!("{} is {} and {} on one day", one.name, one.status.word(), other.status.word()));
            }
        }
    }
    wrong
}

/// A name of which an edition falls silent and speaks again, without an entry for the days between.
fn gaps(all: &[&Product]) -> Vec<String> {
    let mut by_name: BTreeMap<(String, String), Vec<&Product>> = BTreeMap::new();
    for product in all {
        for edition in product.editions() {
            by_name.entry((key(&product.name), edition.to_string())).or_default().push(product);
        }
    }
    let mut wrong = Vec::new();
    for ((_, edition), entries) in by_name {
        for entry in &entries {
            let Some(next) = entry.until.and_then(|until| until.tomorrow().ok()) else { continue };
            let speaks = |day: Date| entries.iter().any(|other| days(other).0 <= day && day <= days(other).1);
            let later = entries.iter().any(|other| days(other).0 > next);
            if !speaks(next) && later {
                wrong.push(format!("{edition} falls silent on {} on {next} and speaks again later", entry.name));
            }
        }
    }
    wrong
}

/// Entries that no profile which reads their edition finds by their own name on any of their days.
fn never_met(all: &[&Product]) -> Vec<String> {
    let mut wrong = Vec::new();
    for product in all {
        let (since, until) = days(product);
        let edges: BTreeSet<Date> = [since, until].into();
        let met = EDITIONS.iter().filter(|(edition, _)| product.editions().any(|said| said.name() == *edition)).any(
            |(_, profile)| {
                edges.iter().any(|day| match products::lookup(&profile(), &product.name, *day) {
                    Found::Certain(_, entries) | Found::Depends(_, entries) => {
                        entries.iter().any(|entry| std::ptr::eq(*entry, *product))
                    }
                    Found::Unknown => false,
                })
            },
        );
        if !met {
            wrong.push(format!("the entry {} ({}) is found by nobody", product.name, product.source));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use theriac_law::products::Status;
    use theriac_law::vocab::Schedule;

    /// An entry of the Code beside the others of its name; leaked, as the real ones live as long as the program.
    fn entry(status: Schedule, since: Option<Date>, until: Option<Date>) -> Product {
        let code =
            products::all().iter().find(|product| product.editions().map(|edition| edition.to_string()).eq(["cfr"]));
        let mut product = code.expect("an entry of the Code alone").clone();
        (product.name, product.status, product.when) = ("test".to_owned(), Status::Scheduled(status), None);
        (product.since, product.until) = (since, until);
        product
    }

    const DAY: Date = date(2014, 10, 6);
    const BEFORE: Date = date(2014, 10, 5);

    #[test]
    fn entries_that_overlap_leave_a_gap_or_end_before_they_begin_are_found() {
        let old = entry(Schedule::III, None, Some(BEFORE));
        let new = entry(Schedule::II, Some(DAY), None);
        assert_eq!(contradictions(&[&old, &new]), [""; 0]);
        assert_eq!(gaps(&[&old, &new]), [""; 0]);
        let overlapping = entry(Schedule::II, Some(BEFORE), None);
        assert_eq!(contradictions(&[&old, &overlapping]).len(), 1);
        let late = entry(Schedule::II, DAY.tomorrow().ok(), None);
        assert_eq!(gaps(&[&old, &late]), ["cfr falls silent on test on 2014-10-06 and speaks again later"]);
        assert_eq!(gaps(&[&old]), [""; 0], "what was released stays released");
        assert_eq!(ended_before(&[&entry(Schedule::II, Some(DAY), Some(BEFORE))]).len(), 1);
        assert_eq!(ended_before(&[&entry(Schedule::II, Some(DAY), Some(DAY))]).len(), 0);
    }

    #[test]
    fn an_entry_that_is_not_in_the_table_is_found_by_nobody() {
        assert_eq!(never_met(&[&entry(Schedule::II, None, None)]).len(), 1);
    }
}
