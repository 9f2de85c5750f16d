//! Where the fields stand in a line: DEA's registration record layout, revised December 2017.

/// A field of the record, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Registration number.
    Number,
    /// Business activity code.
    Activity,
    /// Drug schedules.
    Schedules,
    /// Expiration date.
    Expires,
    /// Name.
    Name,
    /// Additional company information.
    Company,
    /// First address line.
    Line1,
    /// Second address line.
    Line2,
    /// City.
    City,
    /// State.
    State,
    /// ZIP.
    Zip,
    /// Business activity sub-code.
    SubCode,
    /// Payment indicator: exempt or paid. Read and not kept.
    Payment,
    /// Activity status.
    Status,
}

/// Each field with its name in refusals, its first position (from 1) and its length.
const FIELDS: [(Field, &str, usize, usize); 14] = [
    (Field::Number, "registration-number", 1, 9),
    (Field::Activity, "business-activity-code", 10, 1),
    (Field::Schedules, "drug-schedules", 11, 16),
    (Field::Expires, "expiration-date", 27, 8),
    (Field::Name, "name", 35, 40),
    (Field::Company, "additional-company-info", 75, 40),
    (Field::Line1, "address-1", 115, 40),
    (Field::Line2, "address-2", 155, 40),
    (Field::City, "city", 195, 33),
    (Field::State, "state", 228, 2),
    (Field::Zip, "zip", 230, 5),
    (Field::SubCode, "business-activity-sub-code", 235, 1),
    (Field::Payment, "payment-indicator", 236, 1),
    (Field::Status, "activity-status", 237, 8),
];

/// Positions of a line of December 2017.
pub(super) const LENGTH_2017: usize = 244;
/// Positions of a line of June 2009, which ends before the activity status.
pub(super) const LENGTH_2009: usize = 236;
/// A line longer than this is not read to its end: twice the longest record, so that delimited lines fit.
pub(super) const LINE_BYTES_MAX: usize = 512;
/// What stands between the fields of a delimited line.
pub(super) const DELIMITER: u8 = b'|';

impl Field {
    /// All fields, in the record's order.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|row| row.0)
    }

    fn row(self) -> (&'static str, usize, usize) {
        // INVARIANT: the table has a row for each field, in the order of the enum (a test goes over all).
        let (_, name, first, length) = FIELDS[self as usize];
        (name, first, length)
    }

    /// The name used in refusals.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The first position, counted from 1.
    pub fn first(self) -> usize {
        self.row().1
    }

    /// The number of positions.
    pub fn length(self) -> usize {
        self.row().2
    }
}

/// How the lines of a file are laid out; the first line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// 244 positions.
    Fixed2017,
    /// 236 positions, no activity status: every registration counts as active until it expires.
    Fixed2009,
    /// Fields in the same order with `|` between them.
    Delimited,
}

impl Layout {
    /// The layout of a line, without its line end; `None` for a line of another length.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        match line.len() {
            _ if line.split(|&byte| byte == DELIMITER).count() == FIELDS.len() => Some(Self::Delimited),
            LENGTH_2017 => Some(Self::Fixed2017),
            LENGTH_2009 => Some(Self::Fixed2009),
            _ => None,
        }
    }

    /// What is written of it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Fixed2017 => "244 positions (December 2017)",
            Self::Fixed2009 => "236 positions (June 2009)",
            Self::Delimited => "fields between |",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_follow_each_other_without_gap_and_fill_the_line() {
        let mut next = 1;
        for (n, field) in Field::all().enumerate() {
            assert_eq!((field as usize, field.first()), (n, next), "{}", field.name());
            next += field.length();
        }
        assert_eq!(next - 1, LENGTH_2017);
        assert_eq!(Field::Status.first() - 1, LENGTH_2009);
    }
}
