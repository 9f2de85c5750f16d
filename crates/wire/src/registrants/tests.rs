//! Registrant files of both layouts, good lines and bad ones.

use super::{Field, Layout, Plan, Reader, generate, print};
use jiff::civil::date;
use proptest::prelude::*;
use theriac_model::{BusinessActivity, DeaNumber, DrugSchedules, RegistrantRow, RegistrantStatus};

fn sample() -> RegistrantRow {
    RegistrantRow {
        number: DeaNumber::parse("FB1234563").expect("a DEA number"),
        activity: BusinessActivity::Practitioner,
        sub_code: Some('0'),
        schedules: DrugSchedules::II_TO_V,
        expires: date(2027, 6, 30),
        status: RegistrantStatus::Active,
        name: "BROOK, ALEX (SAMPLE)".into(),
        company: "EXAMPLE PRACTICE".into(),
        line_1: "20 EXAMPLE STREET".into(),
        line_2: "SUITE 3".into(),
        city: "SAMPLETON".into(),
        state: "AZ".into(),
        zip: "00001".into(),
    }
}

fn line(row: &RegistrantRow) -> Vec<u8> {
    let mut line = Vec::new();
    print(row, &mut line);
    line
}

/// The line of the sample with `text` in the place of a field.
fn with(field: Field, text: &str) -> Vec<u8> {
    let mut line = line(&sample());
    let at = field.first() - 1;
    line[at..at + field.length()].fill(b' ');
    line[at..at + text.len()].copy_from_slice(text.as_bytes());
    line
}

/// A row, or the number of a bad line with its refusal in short.
type Read = Result<RegistrantRow, (u64, String)>;

fn read(bytes: &[u8]) -> (Vec<Read>, super::Tally) {
    let mut reader = Reader::new(bytes);
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().expect("memory can be read") {
        rows.push(row.map_err(|bad| {
            let field = bad.refusal.field.as_deref().unwrap_or("line").to_owned();
            (bad.line, format!("{} {field}", bad.refusal.code))
        }));
    }
    (rows, reader.tally())
}

fn check(line: &[u8], expected: &str) {
    let found = match read(line).0.pop() {
        None => "nothing".to_owned(),
        Some(Ok(row)) => format!("{} {}", row.number, row.status),
        Some(Err((_, refusal))) => refusal,
    };
    assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(line));
}

/// The fields the 2008 proposal counts on (names, addresses, numbers, expiration dates, status) come out of the file.
#[test]
fn a_row_is_read_as_it_was_printed_in_every_layout() {
    let row = sample();
    let printed = line(&row);
    assert_eq!(printed.len(), 245);
    assert_eq!(read(&printed).0, [Ok(row.clone())]);
    let without_end = &printed[..244];
    assert_eq!(read(without_end).0, [Ok(row.clone())]);
    let mut windows = without_end.to_vec();
    windows.extend(b"\r\n");
    assert_eq!(read(&windows).0, [Ok(row.clone())]);
    let of_2009 = &printed[..236];
    assert_eq!(read(of_2009).0, [Ok(row.clone())]);
    let fields: Vec<&[u8]> =
        Field::all().map(|field| printed[field.first() - 1..field.first() - 1 + field.length()].trim_ascii()).collect();
    let delimited = fields.join(&b'|');
    assert_eq!(read(&delimited).0, [Ok(row)]);
    let mut reader = Reader::new(&delimited[..]);
    assert!(reader.next_row().expect("memory can be read").is_some());
    assert_eq!(reader.layout(), Some(Layout::Delimited));
}

/// Each field that does not serve is named; what serves is not refused.
#[test]
fn a_line_that_cannot_be_read_names_its_field() {
    check(&with(Field::Number, "FB1234562"), "WIRE-REGISTRANT-FIELD registration-number");
    check(&with(Field::Number, "FB12345"), "WIRE-REGISTRANT-FIELD registration-number");
    check(&with(Field::Activity, "I"), "WIRE-REGISTRANT-FIELD business-activity-code");
    check(&with(Field::Schedules, "22N 6"), "WIRE-REGISTRANT-FIELD drug-schedules");
    check(&with(Field::Expires, "20270631"), "WIRE-REGISTRANT-FIELD expiration-date");
    check(&with(Field::Expires, "20270630"), "FB1234563 active");
    check(&with(Field::Expires, ""), "WIRE-REGISTRANT-FIELD expiration-date");
    check(&with(Field::Expires, "+2027063"), "WIRE-REGISTRANT-FIELD expiration-date");
    check(&with(Field::Name, ""), "WIRE-REGISTRANT-FIELD name");
    check(&with(Field::Name, "BROOK\u{7}"), "WIRE-REGISTRANT-FIELD name");
    check(&with(Field::State, "A1"), "WIRE-REGISTRANT-FIELD state");
    check(&with(Field::Zip, "1234"), "WIRE-REGISTRANT-FIELD zip");
    check(&with(Field::Zip, ""), "FB1234563 active");
    check(&with(Field::SubCode, "?"), "WIRE-REGISTRANT-FIELD business-activity-sub-code");
    check(&with(Field::Status, "X"), "WIRE-REGISTRANT-FIELD activity-status");
    check(&with(Field::Status, ""), "WIRE-REGISTRANT-FIELD activity-status");
    for (text, status) in [("I", "inactive"), ("SUSPEND", "suspended"), ("REVOKED", "revoked"), ("RETIRED", "retired")]
    {
        check(&with(Field::Status, text), &format!("FB1234563 {status}"));
    }
    check(b"FB1234563|C", "WIRE-REGISTRANT-LINE line");
    check(&line(&sample())[..243], "WIRE-REGISTRANT-LINE line");
    let short: Vec<&[u8]> = vec![b"FB1234563"; 13];
    let mut delimited = Field::all().map(|_| &b"x"[..]).collect::<Vec<_>>().join(&b'|');
    delimited.extend(b"\n");
    delimited.extend(short.join(&b'|'));
    check(&delimited, "WIRE-REGISTRANT-LINE line");
    check(b"", "nothing");
    check(b"\n\r\n", "nothing");
}

/// The reader goes on after a bad line, tells its number, and whose registration it was when that can be read.
#[test]
fn one_bad_line_costs_one_row() {
    let mut file = line(&sample());
    file.extend(with(Field::Expires, "SOON"));
    file.extend(b"\n");
    file.extend(vec![b'x'; 2_000]);
    file.extend(b"\n");
    file.extend(&line(&sample())[..200]);
    file.extend(b"\n");
    file.extend(line(&sample()));
    let (rows, tally) = read(&file);
    let lines: Vec<u64> = rows.iter().filter_map(|row| row.as_ref().err()).map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5]);
    assert_eq!((tally.lines, tally.rows, tally.refused, tally.cut_off), (5, 2, 3, false));
    assert_eq!(tally.bytes, file.len() as u64);
    let bad = Reader::new(&file[245..]).find_map(|row| row.expect("memory can be read").err()).expect("a bad line");
    assert_eq!(bad.number, Some(sample().number));
}

/// A line that is cut off is no row, and the tally says that the file was cut off.
#[test]
fn a_file_that_was_cut_off_shows_it() {
    let mut file = line(&sample());
    file.extend(&line(&sample())[..100]);
    let (rows, tally) = read(&file);
    assert_eq!(rows.iter().filter(|row| row.is_err()).count(), 1);
    assert!(tally.cut_off);
    assert!(!read(&file[..244]).1.cut_off, "a last line without its end is whole all the same");
}

/// Chemical handlers' numbers begin with a 0; they prescribe nothing and are counted apart.
#[test]
fn handlers_of_listed_chemicals_are_passed_over() {
    let mut file = with(Field::Number, "001234ABC");
    file.extend(line(&sample()));
    let (rows, tally) = read(&file);
    assert_eq!((rows.len(), tally.rows, tally.chemical), (1, 1, 1));
}

/// The same seed makes the same file; each of its rows is read, none has another's number.
#[test]
fn a_made_file_is_read_whole() {
    let plan = Plan { rows: 5_000, seed: 42, issued: date(2026, 11, 20) };
    let mut file = Vec::new();
    let made = generate(plan, &mut file).expect("memory can be written");
    assert_eq!((made.rows, made.bytes), (5_000, file.len() as u64));
    let mut again = Vec::new();
    generate(plan, &mut again).expect("memory can be written");
    assert_eq!(file, again);
    let (rows, tally) = read(&file);
    assert_eq!((tally.rows, tally.refused), (5_000, 0));
    let numbers: std::collections::HashSet<_> = rows.iter().flatten().map(|row| row.number).collect();
    assert_eq!(numbers.len(), 5_000);
    let in_force =
        rows.iter().flatten().filter(|row| row.status == RegistrantStatus::Active && row.expires >= plan.issued);
    assert_eq!(in_force.count(), made.in_force as usize);
    let too_many = Plan { rows: Plan::ROWS_MAX + 1, ..plan };
    assert!(generate(too_many, &mut Vec::new()).is_err());
}

proptest! {
    /// Bytes of any kind are answered, never a panic, and every line once.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let (rows, tally) = read(&bytes);
        prop_assert_eq!(rows.len() as u64, tally.rows + tally.refused);
        prop_assert_eq!(tally.bytes, bytes.len() as u64);
        prop_assert_eq!(tally.lines, tally.rows + tally.refused + tally.chemical);
    }

    /// A good line with one byte changed is a row or a refusal of that line only.
    #[test]
    fn one_changed_byte_costs_at_most_its_line(place in 0_usize..244, byte in any::<u8>()) {
        let mut file = line(&sample());
        file[place] = byte;
        file.extend(line(&sample()));
        let (rows, _) = read(&file);
        prop_assert_eq!(rows.last(), Some(&Ok(sample())));
        for row in rows.into_iter().flatten() {
            let short = super::print_short(&row);
            for printed in [line(&row), short] {
                let (again, _) = read(&printed);
                let numbers: Vec<_> = again.into_iter().flatten().map(|row| (row.number, row.expires)).collect();
                prop_assert_eq!(numbers, [(row.number, row.expires)]);
            }
        }
    }
}
