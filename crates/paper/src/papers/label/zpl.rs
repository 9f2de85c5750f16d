//! A label in ZPL II, the language of label printers.

use super::Weight;
use crate::refusals;
use crate::size::PageSize;
use std::fmt::Write as _;
use theriac_model::Refusal;

/// Points to an inch, and millimetres to an inch in tenths.
const POINTS: i64 = 72;
const TENTH_MILLIMETRES: i64 = 254;
/// The widest usual character of the printer's scalable font, in hundredths of its height.
const WIDEST: u32 = 60;

pub(super) fn print(
    lines: &[(Weight, String)],
    number: &str,
    size: PageSize,
    dots: u32,
) -> Result<String, Box<Refusal>> {
    let in_dots = |points: i64| {
        u32::try_from(points * TENTH_MILLIMETRES * i64::from(dots) / (POINTS * 10 * 1_000)).unwrap_or(u32::MAX)
    };
    let (width, height) = (in_dots(size.width.in_thousandths()), in_dots(size.height.in_thousandths()));
    let (margin, text) = (in_dots(size.margin.in_thousandths()), in_dots(size.text.in_thousandths()));
    let mut label = format!("^XA^CI28^PW{width}^LL{height}^LH0,0\n");
    let mut top = margin;
    for (weight, line) in lines {
        let high = if *weight == Weight::Bold { text * 5 / 4 } else { text };
        let room = usize::try_from((width - margin * 2) * 100 / (high * WIDEST).max(1)).unwrap_or(1).max(1);
        for part in wrapped(line, room) {
            if top + high > height - margin {
                return Err(refusals::label_full(&format!("Label {number}")));
            }
            let _ = writeln!(label, "^FO{margin},{top}^A0N,{high},{}^FH^FD{}^FS", high * 9 / 10, escaped(&part));
            top += high * 6 / 5;
        }
    }
    label.push_str("^XZ\n");
    Ok(label)
}

/// A line in parts of at most `room` characters, broken at blanks where there are any.
fn wrapped(line: &str, room: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        for (at, piece) in letters.chunks(room).enumerate() {
            let blank = usize::from(at == 0 && used > 0);
            if used + blank + piece.len() > room {
                parts.push(String::new());
                used = 0;
            }
            if let Some(last) = parts.last_mut() {
                if used > 0 && at == 0 {
                    last.push(' ');
                    used += 1;
                }
                last.extend(piece);
                used += piece.len();
            }
        }
    }
    parts
}

/// A field's text: the characters that command a printer, and controls, as their codes.
fn escaped(text: &str) -> String {
    let mut field = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '^' | '~' | '_' => {
                let _ = write!(field, "_{:02X}", u32::from(c));
            }
            c if c.is_control() => field.push(' '),
            c => field.push(c),
        }
    }
    field
}
