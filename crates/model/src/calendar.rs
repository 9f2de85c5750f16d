//! Calendar arithmetic as the rules count it: months end on the same day number, business days skip week-ends and holidays.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The last day of a period of `months` calendar months after `start`: the same day number, or the last day of a month
/// that has no such number. The day itself is inside the period.
///
/// `None` beyond the calendar's range (year 9999).
pub fn months_after(start: Date, months: u16) -> Option<Date> {
    start.checked_add(i32::from(months).months()).ok()
}

/// The last day of a period of `days` days after `start`; the day itself is inside. `None` beyond the calendar's range.
pub fn days_after(start: Date, days: u32) -> Option<Date> {
    start.checked_add(i64::from(days).days()).ok()
}

/// The last day of a period of `years` years after `start`, by the rule of [`months_after`].
pub fn years_after(start: Date, years: u16) -> Option<Date> {
    start.checked_add(i32::from(years).years()).ok()
}

/// Whether `day` is a business day: Monday to Friday and not among `holidays`.
pub fn is_business_day(day: Date, holidays: &[Date]) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays.contains(&day)
}

/// The `count`-th business day after `start` (`start` itself never counts). `None` beyond the calendar's range.
pub fn business_days_after(start: Date, count: u32, holidays: &[Date]) -> Option<Date> {
    let mut day = start;
    let mut left = count;
    while left > 0 {
        day = day.tomorrow().ok()?;
        if is_business_day(day, holidays) {
            left -= 1;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn six_months_end_on_the_same_day_number_or_the_last_day_of_the_month() {
        for (start, end) in [
            (date(2026, 1, 11), date(2026, 7, 11)),
            (date(2025, 8, 31), date(2026, 2, 28)),
            (date(2027, 8, 31), date(2028, 2, 29)),
        ] {
            assert_eq!(months_after(start, 6), Some(end), "{start}");
        }
        assert_eq!(months_after(date(9999, 12, 1), 6), None);
    }

    #[test]
    fn business_days_skip_week_ends_and_holidays() {
        let labor_day = [date(2019, 9, 2)];
        assert_eq!(business_days_after(date(2019, 8, 30), 1, &labor_day), Some(date(2019, 9, 3)));
        assert_eq!(business_days_after(date(2019, 8, 29), 1, &labor_day), Some(date(2019, 8, 30)));
        assert_eq!(business_days_after(date(2019, 8, 31), 2, &labor_day), Some(date(2019, 9, 4)));
        assert_eq!(days_after(date(2024, 2, 28), 1), Some(date(2024, 2, 29)));
        assert_eq!(years_after(date(2024, 2, 29), 5), Some(date(2029, 2, 28)));
    }
}
