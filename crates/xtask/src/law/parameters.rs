//! The dated values of one number of the law: each binds on some day, no two on one, none missing between.

use jiff::civil::Date;
use std::collections::BTreeSet;
use theriac_law::Profile;
use theriac_law::edition::{By, Direction, Domain, Law, Parameter};

/// Each edition, with the profile that reads it first-hand.
const EDITIONS: [(By, fn() -> Profile); 4] = [
    (By::P08, Profile::proposed_2008),
    (By::CFR, Profile::in_force),
    (By::M10, Profile::manual_2010),
    (By::C21, Profile::cards_2021),
];

/// The days on which something may change: the first and last of each value, and the days beside them. Between two of
/// these nothing changes, so what holds on all of them holds on every day.
fn edges(parameter: &Parameter) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = [Date::constant(1970, 1, 1), Date::constant(2200, 1, 1)].into();
    for day in parameter.rows.iter().flat_map(|row| [row.since, row.until]).flatten() {
        days.insert(day);
        days.extend([day.yesterday(), day.tomorrow()].into_iter().flatten());
    }
    days
}

/// Values that an edition names and that decide on no day under the profile which reads that edition.
pub fn never_binding(parameter: &'static Parameter) -> Vec<String> {
    let days = edges(parameter);
    let mut wrong = Vec::new();
    for row in parameter.rows {
        for (edition, profile) in EDITIONS.iter().filter(|(edition, _)| row.by.meets(*edition)) {
            let profile = profile();
            let binds = days.iter().any(|day| {
                parameter.row(*edition, *day).is_some_and(|found| std::ptr::eq(found, row))
                    && Law::on(&profile, *day, None).bound(parameter).is_some_and(|bound| bound.value == row.value)
            });
            if !binds {
                wrong.push(format!("the value {} ({}) of {edition:?} binds on no day", row.value, row.cite));
            }
        }
    }
    wrong
}

/// Days on which two values of one edition bind.
pub fn contradictions(parameter: &Parameter) -> Vec<String> {
    let mut wrong = Vec::new();
    for (edition, _) in EDITIONS {
        let binding = |day: Date| parameter.rows.iter().filter(move |row| row.by.meets(edition) && row.binds(day));
        if let Some(day) = edges(parameter).into_iter().find(|day| binding(*day).count() > 1) {
            let values: Vec<String> = binding(day).map(|row| format!("{} ({})", row.value, row.cite)).collect();
            wrong.push(format!("on {day} {edition:?} says {}", values.join(" and ")));
        }
    }
    wrong
}

/// Days on which an edition that has begun to speak says nothing.
pub fn gaps(parameter: &Parameter) -> Vec<String> {
    let mut wrong = Vec::new();
    for (edition, _) in EDITIONS {
        let mut days = edges(parameter).into_iter().skip_while(|day| parameter.row(edition, *day).is_none());
        if let Some(day) = days.find(|day| parameter.row(edition, *day).is_none()) {
            wrong.push(format!("{edition:?} falls silent on {day}; say what holds from then on"));
        }
    }
    wrong
}

/// Values that are neither yes nor no, or name words that are not in the list; and sets without words.
pub fn outside_domain(parameter: &Parameter) -> Vec<String> {
    let most = match parameter.domain {
        Domain::Number(_) => u64::MAX,
        Domain::YesNo => 1,
        Domain::Words(words) => {
            1_u64.checked_shl(u32::try_from(words.len()).unwrap_or(u32::MAX)).map_or(u64::MAX, |n| n - 1)
        }
    };
    let is_set = matches!(parameter.direction, Direction::Union | Direction::Intersection);
    let mut wrong: Vec<String> = parameter
        .rows
        .iter()
        .filter(|row| row.value > most)
        .map(|row| format!("{} ({}) is outside its values", row.value, row.cite))
        .collect();
    if is_set && !matches!(parameter.domain, Domain::Words(_)) {
        wrong.push("a set needs a list of words".to_owned());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use theriac_law::edition::Row;

    const CITE: &str = "21 CFR 1306.22(a)";
    const DAY: Date = date(2016, 7, 22);
    const BEFORE: Date = date(2016, 7, 21);

    /// A number made of `rows`; leaked, as the real ones live as long as the program.
    fn number(domain: Domain, rows: Vec<Row>) -> &'static Parameter {
        let rows: &'static [Row] = rows.leak();
        Box::leak(Box::new(Parameter { id: "test", what: "a test", direction: Direction::Min, domain, rows }))
    }

    fn check(test: fn(&'static Parameter) -> Vec<String>, rows: Vec<Row>, expected: Option<&str>) {
        let found = test(number(Domain::Number("days"), rows));
        match expected {
            None => assert!(found.is_empty(), "{found:?}"),
            Some(what) => assert!(found.len() == 1 && found[0].contains(what), "{what}: {found:?}"),
        }
    }

    #[test]
    fn a_value_that_another_hides_or_that_ends_before_it_begins_never_binds() {
        let always = Row::of(By::CFR, 5, CITE);
        check(never_binding, vec![always], None);
        check(never_binding, vec![always.until(BEFORE), Row::of(By::CFR, 6, CITE).since(DAY)], None);
        check(never_binding, vec![always, Row::of(By::CFR, 6, CITE).since(DAY)], Some("value 6"));
        check(never_binding, vec![Row::of(By::CFR, 6, CITE).since(DAY).until(BEFORE)], Some("value 6"));
        check(never_binding, vec![Row::of(By::CFR, 6, CITE).since(DAY).until(DAY)], None);
        check(never_binding, vec![Row::of(By::ALL, 5, CITE), Row::of(By::M10, 6, CITE)], Some("value 6"));
    }

    #[test]
    fn two_values_of_one_edition_on_one_day_contradict() {
        let first = Row::of(By::CFR, 5, CITE);
        let second = Row::of(By::CFR, 6, CITE).since(DAY);
        check(contradictions, vec![first.until(BEFORE), second], None);
        check(contradictions, vec![first.until(DAY), second], Some("on 2016-07-22"));
        check(contradictions, vec![first.until(BEFORE), Row::of(By::P08, 6, CITE)], None);
    }

    #[test]
    fn an_edition_that_began_to_speak_goes_on() {
        let first = Row::of(By::CFR, 5, CITE);
        let second = Row::of(By::CFR, 6, CITE).since(DAY);
        check(gaps, vec![second], None);
        check(gaps, vec![first.until(BEFORE), second], None);
        check(gaps, vec![first.until(date(2016, 7, 20)), second], Some("silent on 2016-07-21"));
        check(gaps, vec![first.until(BEFORE)], Some("silent on 2016-07-22"));
    }

    #[test]
    fn a_value_is_one_of_its_domain() {
        let of = |domain, value| outside_domain(number(domain, vec![Row::of(By::CFR, value, CITE)])).len();
        assert_eq!((of(Domain::YesNo, 1), of(Domain::YesNo, 2)), (0, 1));
        assert_eq!((of(Domain::Words(&["a", "b"]), 3), of(Domain::Words(&["a", "b"]), 4)), (0, 1));
        assert_eq!(of(Domain::Number("days"), u64::MAX), 0);
    }
}
