//! Printing a row: in the layout of December 2017, or short, with delimiters.

use super::layout::{DELIMITER, Field, LENGTH_2017};
use theriac_model::{RegistrantRow, RegistrantStatus};

/// The line of a row, 244 positions with a line feed. What does not fit into its field is cut, as the file has no more
/// room; characters beyond ISO 8859-1 become `?`.
pub fn print(row: &RegistrantRow, line: &mut Vec<u8>) {
    let start = line.len();
    line.resize(start + LENGTH_2017, b' ');
    let expires = row.expires.strftime("%Y%m%d").to_string();
    let mut put = |field: Field, text: &str| {
        let at = start + field.first() - 1;
        let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
        for (place, byte) in line[at..at + field.length()].iter_mut().zip(bytes) {
            *place = byte;
        }
    };
    put(Field::Number, row.number.as_str());
    put(Field::Activity, &row.activity.letters()[..1]);
    put(Field::Schedules, &row.schedules.to_string());
    put(Field::Expires, &expires);
    put(Field::Name, &row.name);
    put(Field::Company, &row.company);
    put(Field::Line1, &row.line_1);
    put(Field::Line2, &row.line_2);
    put(Field::City, &row.city);
    put(Field::State, &row.state);
    put(Field::Zip, &row.zip);
    put(Field::SubCode, row.sub_code.unwrap_or('0').encode_utf8(&mut [0; 4]));
    put(Field::Payment, "P");
    put(
        Field::Status,
        match row.status {
            RegistrantStatus::Active => "A",
            RegistrantStatus::Inactive => "I",
            RegistrantStatus::Retired => "RETIRED",
            RegistrantStatus::Surrendered => "SURREND",
            RegistrantStatus::Suspended => "SUSPEND",
            RegistrantStatus::Revoked => "REVOKED",
        },
    );
    line.push(b'\n');
}

/// The row in the delimited layout, which keeps no blanks. A delimiter inside a field becomes a slash.
pub fn print_short(row: &RegistrantRow) -> Vec<u8> {
    let mut line = Vec::with_capacity(LENGTH_2017 + 1);
    print(row, &mut line);
    let fields = Field::all().map(|field| {
        let at = field.first() - 1;
        let text = line.get(at..at + field.length()).unwrap_or_default().trim_ascii();
        text.iter().map(|&byte| if byte == DELIMITER { b'/' } else { byte }).collect::<Vec<u8>>()
    });
    fields.collect::<Vec<_>>().join(&DELIMITER)
}
