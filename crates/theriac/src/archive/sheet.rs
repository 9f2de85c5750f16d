//! Lines as files that open anywhere: CSV, a workbook, JSON, and paper; each with plain headings and nothing but what the law
//! wants on a prescription and of its dispensing (73 FR 36752: no insurance, no diagnosis, no notes).

use super::ask::Ask;
use super::event::ArchiveEvent;
use super::find::Line;
use super::{Group, RETRIEVALS};
use crate::house::House;
use crate::house::record::{Change, Fault};
use jiff::civil::Date;
use std::io::Write;
use theriac_model::{Actor, Decimal, Refusal};
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet, Workbook};
use theriac_paper::{Column, Document, Footer, PageSize, Table};

/// Lines that are written at a time.
const AT_A_TIME: usize = 5_000;
/// Sheets of so many lines that may wait to be written into a workbook.
const SHEETS_AHEAD: usize = 2;
/// Lines of a listing on paper: what the most pages hold.
const PAPER_LINES_MAX: u64 = 40_000;

/// In what form lines are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook (OOXML).
    Xlsx,
    /// JSON.
    Json,
    /// Paper.
    Pdf,
}

impl Format {
    pub(crate) const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Pdf];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Pdf => "pdf",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As the web calls it.
    pub(crate) const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
        }
    }
}

/// A file that was made, after its making was recorded.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) bytes: Vec<u8>,
    pub(crate) lines: u64,
    /// `prescriptions-ii-2026-03-02.csv`.
    pub(crate) name: String,
}

const HEADINGS: [(&str, Kind); 26] = [
    ("Prescription number", Kind::Text),
    ("Prescriber", Kind::Text),
    ("Patient", Kind::Text),
    ("Drug", Kind::Text),
    ("Date filled", Kind::Date),
    ("Schedule", Kind::Text),
    ("Prescriber's DEA number", Kind::Text),
    ("Service identification number", Kind::Text),
    ("Treatment identification number", Kind::Text),
    ("Prescriber's address", Kind::Text),
    ("Patient's address", Kind::Text),
    ("Date issued", Kind::Date),
    ("Date received", Kind::Date),
    ("How it came", Kind::Text),
    ("Signature", Kind::Text),
    ("Quantity prescribed", Kind::Decimal),
    ("Unit", Kind::Text),
    ("Directions", Kind::Text),
    ("Refills authorised", Kind::Whole),
    ("Medical need", Kind::Text),
    ("Filling", Kind::Text),
    ("Quantity dispensed", Kind::Decimal),
    ("NDC dispensed", Kind::Text),
    ("Dispensed by", Kind::Text),
    ("Refills allowed at filling", Kind::Whole),
    ("What became of it", Kind::Text),
];

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

fn day(text: &str) -> Cell {
    text.parse::<Date>().map_or(Cell::Empty, Cell::Date)
}

fn decimal(text: &str) -> Cell {
    Decimal::parse(text).map_or(Cell::Empty, Cell::Decimal)
}

fn whole(text: &str) -> Cell {
    text.parse().map_or(Cell::Empty, Cell::Whole)
}

fn cells(line: Line) -> Vec<Cell> {
    vec![
        text(line.number),
        text(line.practitioner),
        text(line.patient),
        text(line.drug),
        day(&line.filled),
        text(line.schedule.to_owned()),
        text(line.registration),
        text(line.service_id),
        text(line.treatment_id),
        text(line.practitioner_address),
        text(line.patient_address),
        day(&line.issued),
        day(&line.received),
        text(line.came),
        text(line.signature),
        decimal(&line.written),
        text(line.written_unit),
        text(line.directions),
        whole(&line.refills),
        text(line.need),
        text(line.filling),
        decimal(&line.quantity),
        text(line.ndc),
        text(line.pharmacist),
        whole(&line.refills_allowed),
        text(line.state),
    ]
}

fn empty_sheet() -> Result<Sheet, Fault> {
    let headings = HEADINGS.iter().map(|&(name, kind)| Heading::new(name, kind)).collect();
    Sheet::new("Prescriptions and dispensings", headings).map_err(refused)
}

fn refused(refusal: Box<Refusal>) -> Fault {
    Fault::Refused(refusal)
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// Lines as a file. What was asked, by whom, and the file's digest are recorded before the file is handed out.
    ///
    /// # Errors
    /// `ARCHIVE-PAPER` for more lines than paper holds, `PAPER-SHEET` for more than a worksheet holds.
    pub(crate) fn export_lines(&self, by: &Actor, ask: &Ask, format: Format) -> Result<Exported, Fault> {
        let (bytes, lines) = self.lines_as(ask, format)?;
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        let event = ArchiveEvent::Exported { ask: ask.body(), format: format.word().to_owned(), lines, digest };
        self.note_retrieval(by, &event)?;
        let group = match ask.group {
            Group::All => "",
            Group::Two => "-ii",
            Group::ThreeToFive => "-iii-v",
        };
        let name = format!("prescriptions{group}-{}.{}", self.clock.moment().date(), format.word());
        Ok(Exported { bytes, lines, name })
    }

    /// Lines in a form, and how many. Nothing is recorded.
    pub(super) fn lines_as(&self, ask: &Ask, format: Format) -> Result<(Vec<u8>, u64), Fault> {
        match format {
            Format::Csv => self.as_csv(ask),
            Format::Json => self.as_json(ask),
            Format::Xlsx => self.as_workbook(ask),
            Format::Pdf => self.as_paper(ask),
        }
    }

    /// Records that somebody looked or took something away.
    pub(crate) fn note_retrieval(&self, by: &Actor, event: &ArchiveEvent) -> Result<(), Fault> {
        let desk = self.by(by, self.pharmacy.as_str());
        Change::default().event(&desk, RETRIEVALS, event)?.commit(&self.store)?;
        Ok(())
    }

    /// Hands over the lines in sheets of bounded size; answers how many lines there were.
    fn in_sheets(&self, ask: &Ask, take: &mut dyn FnMut(Sheet) -> Result<(), Fault>) -> Result<u64, Fault> {
        let (mut sheet, mut lines) = (empty_sheet()?, 0);
        self.each_line(ask, &mut |line| {
            sheet.push(cells(line)).map_err(refused)?;
            lines += 1;
            if sheet.rows().len() == AT_A_TIME {
                take(std::mem::replace(&mut sheet, empty_sheet()?))?;
            }
            Ok(())
        })?;
        if !sheet.rows().is_empty() || lines == 0 {
            take(sheet)?;
        }
        Ok(lines)
    }

    fn as_csv(&self, ask: &Ask) -> Result<(Vec<u8>, u64), Fault> {
        let mut bytes = empty_sheet()?.to_csv();
        let lines = self.in_sheets(ask, &mut |sheet| {
            bytes.extend(sheet.csv_rows());
            Ok(())
        })?;
        Ok((bytes, lines))
    }

    fn as_json(&self, ask: &Ask) -> Result<(Vec<u8>, u64), Fault> {
        let head = empty_sheet()?.to_json();
        let mut bytes = Vec::new();
        write!(bytes, "{{\"name\":{},\"columns\":{},\"rows\":[", head["name"], head["columns"]).map_err(broken)?;
        let mut first = true;
        let lines = self.in_sheets(ask, &mut |sheet| {
            bytes.extend_from_slice(if std::mem::take(&mut first) { b"\n" } else { b",\n" });
            bytes.extend_from_slice(sheet.json_rows().as_bytes());
            Ok(())
        })?;
        bytes.extend_from_slice(b"\n]}\n");
        Ok((bytes, lines))
    }

    /// Rows are read here while those before them are written and compressed beside.
    fn as_workbook(&self, ask: &Ask) -> Result<(Vec<u8>, u64), Fault> {
        let mut book = Workbook::begin(&empty_sheet()?).map_err(refused)?;
        let (hand_over, sheets) = std::sync::mpsc::sync_channel::<Sheet>(SHEETS_AHEAD);
        std::thread::scope(|scope| {
            let writing = scope.spawn(move || {
                for sheet in sheets {
                    book.add(&sheet)?;
                }
                book.finish()
            });
            // The other side is gone only when it failed, and then it tells why.
            let lines = self.in_sheets(ask, &mut |sheet| hand_over.send(sheet).map_err(broken));
            drop(hand_over);
            let bytes = writing.join().map_err(|_| broken("the workbook's writer ended early"))?.map_err(refused)?;
            Ok((bytes, lines?))
        })
    }

    fn as_paper(&self, ask: &Ask) -> Result<(Vec<u8>, u64), Fault> {
        let total = self.archive_total(ask)?;
        if total > PAPER_LINES_MAX {
            return Err(Refusal::new(
                "ARCHIVE-PAPER",
                "21 CFR 1311.205(b)(12); 73 FR 36722, proposed 21 CFR 1311.165(g)",
                format!("{total} lines do not fit on paper, {PAPER_LINES_MAX} do"),
                "ask for a shorter period, or take them as CSV or as a workbook",
            )
            .into());
        }
        let mut table = Table::new(vec![
            Column::new("Number", 4),
            Column::new("Filled", 3),
            Column::new("Patient", 7),
            Column::new("Prescriber", 7),
            Column::new("Drug", 6),
            Column::new("Prescribed", 5),
            Column::new("Dispensed", 5),
            Column::new("By", 4),
        ]);
        let mut lines = 0;
        let mut days = std::collections::BTreeSet::new();
        self.each_line(ask, &mut |line| {
            lines += 1;
            days.extend(line.filled.parse::<Date>().ok());
            table.row(paper_row(line));
            Ok(())
        })?;
        let issue = self.issue(self.clock.now(), None);
        let registered = self.registered_on(days);
        let mut paper = Document::new(
            PageSize::LETTER_WIDE,
            "Prescriptions and dispensings",
            self.config.pharmacy.name.clone(),
            issue.dated,
        )
        .standing(issue.standing)
        .footer(Footer { registration: Some(registered.clone()), period: Some(ask.in_words()), digest: None });
        paper.fields([
            ("Pharmacy", format!("{}, {registered}", self.config.pharmacy.name)),
            ("Asked for", ask.in_words()),
            ("Lines", lines.to_string()),
            ("Printed", self.clock.wall(issue.dated)),
        ]);
        if lines == 0 {
            paper.paragraph("There is no such record.");
        } else {
            paper.table(table);
        }
        Ok((paper.print().map_err(refused)?.pdf, lines))
    }
}

fn paper_row(line: Line) -> [String; 8] {
    let (prescribed, supplied) = (line.prescribed(), line.dispensed());
    let came = format!("issued {}\nreceived {}, {}", line.issued, line.received, line.came);
    let refills = if line.refills.is_empty() { String::new() } else { format!("\nrefills {}", line.refills) };
    let need = if line.need.is_empty() { String::new() } else { format!("\n{}", line.need) };
    let numbers = [line.registration, line.service_id, line.treatment_id];
    let identified = numbers.into_iter().filter(|number| !number.is_empty()).collect::<Vec<_>>().join(", ");
    let dispensed = if line.filled.is_empty() {
        line.state
    } else {
        format!(
            "{}\n{}, {}\nNDC {}\nrefills allowed {}",
            supplied, line.filling, line.state, line.ndc, line.refills_allowed
        )
    };
    [
        format!("{}\nC-{}", line.number, line.schedule),
        line.filled,
        format!("{}\n{}", line.patient, line.patient_address),
        format!("{}\n{identified}\n{}", line.practitioner, line.practitioner_address),
        format!("{}\n{}{need}", line.drug, line.directions),
        format!("{prescribed}{refills}\n{came}"),
        dispensed,
        line.pharmacist,
    ]
}
