//! Registrants who do not exist, as many as wanted: for tests, measurements and demonstrations.
//!
//! Names are made of syllables, streets are invented, and the ZIPs begin with 000, which no place has. The numbers have
//! right check digits; one may by chance be a real registrant's, as every sound number may.

use super::print::print;
use jiff::ToSpan;
use jiff::civil::Date;
use std::io::{self, Write};
use theriac_model::{BusinessActivity, DeaNumber, DrugSchedules, RegistrantRow, RegistrantStatus};

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many rows; at most [`Plan::ROWS_MAX`].
    pub rows: u32,
    /// The same seed makes the same file.
    pub seed: u64,
    /// The day as of which the data is issued: expiration dates lie around it.
    pub issued: Date,
}

impl Plan {
    /// As many as have a number of their own: six digits and one of twenty second letters.
    pub const ROWS_MAX: u32 = 20_000_000;
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Rows.
    pub rows: u32,
    /// Rows whose status is active and whose expiration date is not before the issue date.
    pub in_force: u32,
    /// Bytes.
    pub bytes: u64,
}

/// Writes the file of `plan`.
///
/// # Errors
/// When `out` cannot be written; `InvalidInput` for more rows than [`Plan::ROWS_MAX`].
pub fn generate(plan: Plan, out: &mut impl Write) -> io::Result<Generated> {
    if plan.rows > Plan::ROWS_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("at most {} rows are made", Plan::ROWS_MAX)));
    }
    let mut made = Generated { rows: 0, in_force: 0, bytes: 0 };
    let mut lines = Vec::with_capacity(64 * 1024);
    for index in 0..plan.rows {
        // INVARIANT: two letters and six digits always make a number, so every index has a row.
        let Some(row) = row(plan, index) else { continue };
        if row.status == RegistrantStatus::Active && row.expires >= plan.issued {
            made.in_force += 1;
        }
        print(&row, &mut lines);
        made.rows += 1;
        if lines.len() > 60 * 1024 {
            made.bytes += lines.len() as u64;
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    made.bytes += lines.len() as u64;
    out.write_all(&lines)?;
    Ok(made)
}

/// A sequence of numbers that looks random and is the same everywhere (SplitMix64, by Sebastiano Vigna, public domain).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `below` - 1.
    fn below(&mut self, below: u32) -> u32 {
        u32::try_from(self.roll() % u64::from(below.max(1))).unwrap_or_default()
    }

    fn of<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let place = self.below(u32::try_from(choices.len()).unwrap_or(u32::MAX));
        usize::try_from(place).ok().and_then(|place| choices.get(place)).copied().unwrap_or(otherwise)
    }
}

const MILLION: u64 = 1_000_000;
const SYLLABLES: [&str; 24] = [
    "BA", "DO", "FEN", "GAR", "HIM", "JOR", "KEL", "LUN", "MOR", "NAK", "OST", "PEL", "QUI", "RAN", "SOL", "TEV",
    "UMB", "VAN", "WEX", "YAR", "ZIN", "ALT", "ERB", "INK",
];
const GIVEN: [&str; 8] = ["ALEX", "BLAIR", "CASEY", "DREW", "EMERY", "FINLEY", "GRAY", "HARPER"];
const STREETS: [&str; 6] = ["INVENTED WAY", "SAMPLE ST", "EXAMPLE AVE", "FICTION RD", "MADE UP LN", "NOWHERE BLVD"];
const CITIES: [&str; 6] = ["SAMPLETON", "EXAMPLE CITY", "FICTION FALLS", "NOWHERE", "TESTBURY", "MOCKVILLE"];
const STATES: [&str; 12] = ["AZ", "CA", "NM", "NV", "UT", "CO", "TX", "NY", "OH", "FL", "WA", "WV"];

fn row(plan: Plan, index: u32) -> Option<RegistrantRow> {
    let mut dice = Dice(plan.seed ^ (u64::from(index) << 20) ^ 0x7468_6572_6961_6300);
    let initial = initial(plan, index);
    let activity = match dice.below(100) {
        0..=69 => BusinessActivity::Practitioner,
        70..=89 => BusinessActivity::MidLevel,
        90..=95 => BusinessActivity::Pharmacy,
        96..=97 => BusinessActivity::Institution,
        98 => BusinessActivity::Distributor,
        _ => BusinessActivity::TreatmentProgram,
    };
    let syllables: String = (0..=dice.below(2)).map(|_| dice.of(&SYLLABLES, "BA")).collect();
    let surname = format!("{}{}{syllables}", char::from(initial), dice.of(&["A", "E", "I", "O", "U"], "A"));
    let first = match activity {
        BusinessActivity::MidLevel => b'M',
        BusinessActivity::Distributor | BusinessActivity::TreatmentProgram => b'R',
        _ => dice.of(b"ABFG", b'F'),
    };
    let number = number(plan, index, first, initial)?;
    let person = activity.prescribes();
    Some(RegistrantRow {
        number,
        activity,
        sub_code: Some('0'),
        schedules: if dice.below(10) == 0 { DrugSchedules::parse("33N 4 5") } else { None }
            .unwrap_or(DrugSchedules::II_TO_V),
        expires: plan.issued.saturating_add(i64::from(dice.below(1_110)).days()).saturating_sub(15.days()),
        status: match dice.below(200) {
            0 => RegistrantStatus::Suspended,
            1 => RegistrantStatus::Revoked,
            2 => RegistrantStatus::Retired,
            3 => RegistrantStatus::Surrendered,
            4..=7 => RegistrantStatus::Inactive,
            _ => RegistrantStatus::Active,
        },
        name: if person {
            format!("{surname}, {} (SAMPLE)", dice.of(&GIVEN, "ALEX"))
        } else {
            format!("{surname} SAMPLE {}", activity.word().to_ascii_uppercase())
        },
        company: String::new(),
        line_1: format!("{} {}", 1 + dice.below(9_999), dice.of(&STREETS, "SAMPLE ST")),
        line_2: if dice.below(4) == 0 { format!("SUITE {}", 1 + dice.below(900)) } else { String::new() },
        city: dice.of(&CITIES, "SAMPLETON").to_owned(),
        state: dice.of(&STATES, "AZ").to_owned(),
        zip: format!("000{:02}", dice.below(100)),
    })
}

/// A number of its own for each row. Within a million rows the six digits differ; the rows of one place in each million
/// have the same six digits and another second letter, of which there are 26.
fn number(plan: Plan, index: u32, first: u8, second: u8) -> Option<DeaNumber> {
    let seed = plan.seed % MILLION;
    // 611,953 has no factor in common with a million, so stepping by it visits each of the million once.
    let six = (u64::from(index) % MILLION * 611_953 + seed) % MILLION;
    DeaNumber::compose([first, second], u32::try_from(six).ok()?)
}

/// The initial of the name, which is the number's second letter.
fn initial(plan: Plan, index: u32) -> u8 {
    let place = u64::from(index) % MILLION;
    let millions = u64::from(index) / MILLION;
    let start = Dice(plan.seed ^ place.rotate_left(32)).roll() % 26;
    b'A' + u8::try_from((start + millions) % 26).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::collections::HashSet;

    #[test]
    fn no_two_rows_have_one_number_not_even_a_million_rows_apart() {
        let plan = Plan { rows: 0, seed: 7, issued: date(2026, 11, 20) };
        let mut seen = HashSet::new();
        let near = 0..3_000;
        let far = (1..20).flat_map(|millions| (0..150).map(move |n| millions * 1_000_000 + n));
        for index in near.chain(far) {
            let row = row(plan, index).expect("a row");
            assert!(seen.insert(row.number), "{} at {index}", row.number);
            assert_eq!(row.name.chars().next(), Some(row.number.second()), "{}", row.name);
        }
    }
}
