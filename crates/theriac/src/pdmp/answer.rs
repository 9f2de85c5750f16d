//! A programme's answer to a report, read back.
//!
//! Programmes answer in files of their own making, or by mail. What they say is brought into one plain form: a table with a
//! line for the whole file, or one for each record that was not taken.
//!
//! ```text
//! control,result,prescription,fill,part,element,reason
//! 20260302-01,accepted,,,,,
//! 20260303-01,rejected,RX100002,0,0,PAT18,date of birth is after the dispensing
//! 20260304-01,rejected,,,,,the sender is not registered
//! ```

use super::event::{Answered, NotTaken, PdmpEvent};
use super::refuse;
use crate::house::House;
use crate::house::record::{Change, Fault};
use theriac_model::{Actor, Refusal};
use theriac_store::NewPiece;

/// The first line of an answer.
const COLUMNS: &str = "control,result,prescription,fill,part,element,reason";
/// Bytes of an answer at most.
const BYTES_MOST: usize = 4 * 1024 * 1024;
/// The longest reason, in characters.
const REASON_MOST: usize = 300;

/// What an answer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) control: String,
    pub(crate) refused: Option<String>,
    pub(crate) not_taken: usize,
}

/// A line of an answer.
struct Line {
    ordinal: usize,
    record: Option<(String, u16, u8)>,
    element: String,
    reason: String,
}

fn bad(ordinal: usize, what: &str) -> Refusal {
    let what = format!("line {ordinal} {what}");
    refuse("PDMP-ANSWER", what, "bring the programme's answer into the form that docs/walkthrough-pdmp.md shows")
        .about(format!("line {ordinal}"))
}

/// The report that is answered, and the lines that say something was not taken.
fn read(bytes: &[u8]) -> Result<(String, Vec<Line>), Refusal> {
    if bytes.len() > BYTES_MOST {
        return Err(bad(1, "begins a file that is too long"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| bad(1, "begins a file that is no UTF-8 text"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    if lines.next().is_none_or(|(_, first)| first.trim() != COLUMNS) {
        return Err(bad(1, "does not name the columns"));
    }
    let (mut control, mut found, mut any) = (None, Vec::new(), false);
    for (at, line) in lines {
        let ordinal = at + 1;
        any = true;
        let cells: Vec<&str> = line.splitn(7, ',').map(|cell| cell.trim().trim_matches('"')).collect();
        let [report, result, number, fill, part, element, reason] = cells.as_slice() else {
            return Err(bad(ordinal, "has fewer than seven columns"));
        };
        let own = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if report.is_empty() || report.len() > 40 || !report.chars().all(own) {
            return Err(bad(ordinal, "names no report"));
        }
        if *control.get_or_insert((*report).to_owned()) != **report {
            return Err(bad(ordinal, "is about another report; each answer is read by itself"));
        }
        let record = if number.is_empty() {
            None
        } else {
            let fill = fill.parse().map_err(|_| bad(ordinal, "counts no filling; 0 is the first"))?;
            let part = if part.is_empty() { Ok(0) } else { part.parse() };
            Some(((*number).to_owned(), fill, part.map_err(|_| bad(ordinal, "counts no part; 0 is a whole filling"))?))
        };
        match *result {
            "accepted" => {}
            "rejected" if reason.is_empty() => return Err(bad(ordinal, "gives no reason")),
            "rejected" => {
                let plain = |text: &str| text.chars().filter(|c| !c.is_control()).take(REASON_MOST).collect::<String>();
                found.push(Line { ordinal, record, element: plain(element), reason: plain(reason) });
            }
            _ => return Err(bad(ordinal, "says neither accepted nor rejected")),
        }
    }
    match control.filter(|_| any) {
        Some(control) => Ok((control, found)),
        None => Err(bad(2, "is not there: the answer says nothing")),
    }
}

impl House {
    /// Reads a programme's answer to a report; it is archived as it came.
    ///
    /// # Errors
    /// `PDMP-ANSWER` with the line that cannot be used, `PDMP-NO-REPORT`, or `PDMP-ANSWERED` for a second answer.
    pub(crate) fn read_answer(&self, by: &Actor, state: &str, bytes: &[u8]) -> Result<Outcome, Fault> {
        self.programme(state)?;
        let (control, lines) = read(bytes)?;
        let (row, report, _) = self.report(state, &control)?;
        if row.answered_ms.is_some() {
            let what = "an answer to this report has been read";
            return Err(refuse("PDMP-ANSWERED", what, "a programme answers a report once; look at the register").into());
        }
        let mut answer = Answered { control: control.clone(), refused: None, not_taken: Vec::new() };
        for line in lines {
            let Some((number, fill, part)) = line.record else {
                answer.refused = Some(line.reason);
                continue;
            };
            let told =
                report.records.iter().rev().find(|told| (&told.number, told.fill, told.part) == (&number, fill, part));
            let told = told.ok_or_else(|| bad(line.ordinal, "names a record that the report does not have"))?;
            answer.not_taken.push(NotTaken { number, no: told.no, element: line.element, reason: line.reason });
        }
        let outcome = Outcome { control, refused: answer.refused.clone(), not_taken: answer.not_taken.len() };
        let event = PdmpEvent::Answered { state: state.to_owned(), answer: Box::new(answer) };
        let name = event.stream();
        let version = self.store.stream(&name)?.last().map_or(0, |entry| entry.version);
        let piece = NewPiece { media: "text/csv".to_owned(), bytes: bytes.to_vec(), seal: Vec::new() };
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.at_the_pharmacy(by), &name, &event, vec![piece])?
            .commit(&self.store)?;
        Ok(outcome)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        let check = |lines: &str, expected: &str| {
            let refusal = read(format!("{COLUMNS}\n{lines}").as_bytes()).err().unwrap();
            assert_eq!((refusal.code.0, refusal.field.as_deref()), ("PDMP-ANSWER", Some(expected)), "{lines}");
        };
        check("", "line 2");
        check("c,accepted", "line 2");
        check("c,perhaps,,,,,", "line 2");
        check(",accepted,,,,,", "line 2");
        check("../c,accepted,,,,,", "line 2");
        check("c,accepted,,,,,\nd,accepted,,,,,", "line 3");
        check("c,rejected,RX1,x,0,,why", "line 2");
        check("c,rejected,RX1,0,x,,why", "line 2");
        check("c,rejected,RX1,0,0,,", "line 2");
        for bytes in [&b"\xff\xfe"[..], b"nothing", b""] {
            assert_eq!(read(bytes).err().unwrap().field.as_deref(), Some("line 1"));
        }
        let (control, lines) =
            read(format!("\u{feff}{COLUMNS}\r\nc,rejected,RX1,0,,PAT18,\"a, b\"\r\n").as_bytes()).unwrap();
        assert_eq!((control.as_str(), lines.len()), ("c", 1));
        assert_eq!(lines[0].reason, "a, b");
    }
}
