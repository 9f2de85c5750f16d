//! Reading the table, line by line.

use super::{Action, Kind, Measure, Transaction};
use jiff::civil::Date;
use theriac_model::{DeaNumber, Ndc, Refusal};

/// The longest line that is read, in bytes.
const LINE_LONGEST: usize = 16 * 1024;
/// The most columns that are read.
const COLUMNS_MOST: usize = 100;
/// 21 CFR 1304.33: what is reported of each transaction.
const REPORTS: &str = "21 CFR 1304.33";

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// Which column does not serve, and why.
    pub refusal: Refusal,
}

const NAMES: [&str; 14] = [
    "REPORTER_DEA_NO",
    "REPORTER_NAME",
    "BUYER_DEA_NO",
    "BUYER_NAME",
    "TRANSACTION_CODE",
    "NDC_NO",
    "QUANTITY",
    "ACTION_INDICATOR",
    "ORDER_FORM_NO",
    "TRANSACTION_DATE",
    "DOSAGE_UNIT",
    "TRANSACTION_ID",
    "Product_Name",
    "Measure",
];

/// Goes through a file once.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    line: u64,
    /// Where each of `NAMES` stands.
    columns: [usize; NAMES.len()],
}

fn refuse(field: &'static str, what: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new("WIRE-ARCOS", REPORTS, what, "correct the line, or ask the source for the file again").about(field)
}

impl<'a> Reader<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// `WIRE-ARCOS` naming the first column that is absent, or that the header is no text of bounded length.
    pub fn open(file: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Self { rest: file, line: 0, columns: [0; NAMES.len()] };
        let header = reader.next_line().ok_or_else(|| refuse("header", "the file is empty"))?;
        let header = text(header).ok_or_else(|| refuse("header", "the header is no line of text"))?;
        let names: Vec<&str> = header.split('\t').take(COLUMNS_MOST).map(|name| name.trim_matches('"')).collect();
        for (column, name) in reader.columns.iter_mut().zip(NAMES) {
            let found = names.iter().position(|known| *known == name);
            *column = found.ok_or_else(|| refuse("header", format!("the column {name} is absent")))?;
        }
        Ok(reader)
    }

    fn next_line(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn transaction(&self, line: &[u8]) -> Result<Transaction, Refusal> {
        let line = text(line).ok_or_else(|| refuse("line", "the line is no text, or longer than 16 KiB"))?;
        let values: Vec<&str> =
            line.split('\t').take(COLUMNS_MOST).map(|value| value.trim_matches('"').trim()).collect();
        let mut fields = [""; NAMES.len()];
        for ((field, column), name) in fields.iter_mut().zip(self.columns).zip(NAMES) {
            *field = values.get(column).ok_or_else(|| refuse(name, "the line ends before this column"))?;
        }
        let [
            reporter,
            reporter_name,
            other,
            other_name,
            code,
            ndc,
            quantity,
            action,
            order,
            on,
            units,
            id,
            product,
            measure,
        ] = fields;
        let number = |field, text| DeaNumber::parse(text).map_err(|error| refuse(field, error.to_string()));
        Ok(Transaction {
            line: self.line,
            reporter: number("REPORTER_DEA_NO", reporter)?,
            reporter_name: reporter_name.to_owned(),
            other: number("BUYER_DEA_NO", other)?,
            other_name: other_name.to_owned(),
            kind: one_letter(code).map(Kind::of).ok_or_else(|| refuse("TRANSACTION_CODE", "one letter is expected"))?,
            action: match action {
                "" => Action::First,
                "I" => Action::Late,
                "A" => Action::Adjusted,
                "D" => Action::Deleted,
                _ => return Err(refuse("ACTION_INDICATOR", "I, A, D or nothing is expected")),
            },
            ndc: Ndc::parse(ndc).map_err(|error| refuse("NDC_NO", error.to_string()))?,
            product: product.to_owned(),
            packages: whole(quantity).ok_or_else(|| refuse("QUANTITY", "a whole number of packages is expected"))?,
            dosage_units: match units {
                "" => None,
                text => Some(whole(text).ok_or_else(|| refuse("DOSAGE_UNIT", "a whole number of units is expected"))?),
            },
            measure: match measure {
                "TAB" => Measure::Tablet,
                "ML" => Measure::Millilitre,
                "GM" => Measure::Gram,
                _ => return Err(refuse("Measure", "TAB, ML or GM is expected")),
            },
            order: order_number(order).ok_or_else(|| refuse("ORDER_FORM_NO", "9 digits or letters are expected"))?,
            on: date(on).ok_or_else(|| refuse("TRANSACTION_DATE", "a date as MMDDYYYY is expected"))?,
            id: id.to_owned(),
        })
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Transaction, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line()?;
            if !line.is_empty() {
                let line_number = self.line;
                return Some(self.transaction(line).map_err(|refusal| BadLine { line: line_number, refusal }));
            }
        }
    }
}

fn text(line: &[u8]) -> Option<&str> {
    if line.len() > LINE_LONGEST { None } else { std::str::from_utf8(line).ok() }
}

fn one_letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|letter| letters.next().is_none() && letter.is_ascii_uppercase())
}

/// A whole number, also when it is written with a fraction of zeros.
fn whole(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let zeros = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    (digits && zeros).then(|| whole.parse().ok()).flatten()
}

fn order_number(text: &str) -> Option<String> {
    let fits = text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    fits.then(|| text.to_owned())
}

fn date(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to).filter(|_| digits)?.parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(0, 2)?).ok()?, i8::try_from(part(2, 4)?).ok()?);
    Date::new(part(4, 8)?, month, day).ok()
}
