//! The legal public holidays of the Federal Government, which are no business days (5 U.S.C. 6103).
//!
//! A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after (5 U.S.C. 6103(b);
//! Executive Order 11582). Days that only one State or one agency keeps are added by the deployment.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// How the day of a holiday is found in a year.
#[derive(Clone, Copy)]
enum Falls {
    /// The same day each year.
    On(i8),
    /// The `nth` such weekday of the month; -1 for the last.
    Nth(i8, Weekday),
}

/// Month, day, and the first year in which it was kept.
const HOLIDAYS: [(i8, Falls, i16); 11] = [
    (1, Falls::On(1), 1971),
    (1, Falls::Nth(3, Weekday::Monday), 1986),
    (2, Falls::Nth(3, Weekday::Monday), 1971),
    (5, Falls::Nth(-1, Weekday::Monday), 1971),
    // Public Law 117-17 of 17 June 2021 made it a holiday from that year on.
    (6, Falls::On(19), 2021),
    (7, Falls::On(4), 1971),
    (9, Falls::Nth(1, Weekday::Monday), 1971),
    (10, Falls::Nth(2, Weekday::Monday), 1971),
    (11, Falls::On(11), 1978),
    (11, Falls::Nth(4, Weekday::Thursday), 1971),
    (12, Falls::On(25), 1971),
];

/// The days on which the Federal Government's holidays are kept in `year`, in order. The eve of a year whose first day
/// is a Saturday is among them. Years before 1978 are not described exactly; empty for years beyond the calendar.
pub fn federal_holidays(year: i16) -> Vec<Date> {
    let mut kept: Vec<Date> = HOLIDAYS
        .iter()
        .filter(|(_, _, first)| year >= *first)
        .filter_map(|(month, falls, _)| {
            let first = Date::new(year, *month, 1).ok()?;
            match falls {
                Falls::On(day) => Date::new(year, *month, *day).ok().and_then(observed),
                Falls::Nth(nth, weekday) => first.nth_weekday_of_month(*nth, *weekday).ok(),
            }
        })
        .filter(|day| day.year() == year)
        .collect();
    let next_new_year = year.checked_add(1).and_then(|next| Date::new(next, 1, 1).ok()).and_then(observed);
    kept.extend(next_new_year.filter(|day| day.year() == year));
    kept
}

fn observed(day: Date) -> Option<Date> {
    match day.weekday() {
        Weekday::Saturday => day.yesterday().ok(),
        Weekday::Sunday => day.tomorrow().ok(),
        _ => Some(day),
    }
}

/// The federal holidays from the year of `day` to the year `years` later: enough for any deadline that begins on `day`.
pub fn federal_holidays_from(day: Date, years: i16) -> Vec<Date> {
    let last = day.checked_add(i32::from(years).years()).unwrap_or(date(9999, 12, 31)).year();
    (day.year()..=last).flat_map(federal_holidays).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(year: i16, expected: &[(i8, i8)]) {
        let expected: Vec<Date> = expected.iter().map(|(month, day)| date(year, *month, *day)).collect();
        assert_eq!(federal_holidays(year), expected, "{year}");
    }

    #[test]
    fn a_holiday_on_a_week_end_is_kept_on_the_nearest_business_day() {
        // 4 July 2026 is a Saturday.
        check(
            2026,
            &[(1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (9, 7), (10, 12), (11, 11), (11, 26), (12, 25)],
        );
        // 1 January 2022 was a Saturday: its holiday was the eve, in 2021.
        assert_eq!(federal_holidays(2021).last(), Some(&date(2021, 12, 31)));
        assert_eq!(federal_holidays(2022).first(), Some(&date(2022, 1, 17)));
        // 1 January 2023 was a Sunday.
        assert_eq!(federal_holidays(2023).first(), Some(&date(2023, 1, 2)));
    }

    #[test]
    fn juneteenth_is_a_holiday_from_2021() {
        assert!(!federal_holidays(2020).contains(&date(2020, 6, 19)));
        // 19 June 2021 was a Saturday.
        assert!(federal_holidays(2021).contains(&date(2021, 6, 18)));
    }

    #[test]
    fn a_deadline_at_the_end_of_a_year_sees_the_next_years_holidays() {
        let days = federal_holidays_from(date(2025, 12, 31), 1);
        assert!(days.contains(&date(2025, 12, 25)) && days.contains(&date(2026, 1, 1)));
        assert_eq!(federal_holidays_from(date(9999, 12, 31), 1).len(), federal_holidays(9999).len());
    }
}
