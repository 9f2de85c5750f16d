//! The lines of the two books as pages and papers show them.

use crate::house::House;
use crate::house::record::{Fault, read};
use theriac_books::logbook::{BookEntry, ChemicalEvent, CounterEvent, LINES_ON_A_PAGE, LogEntry};
use theriac_model::Refusal;

/// A line of the record book.
#[derive(Clone, Debug)]
pub(crate) enum BookLine {
    /// A sale, with the journal's entry.
    Sale(Box<BookEntry>, u64),
    /// A correction of an earlier line: its number, the line, what is right, by whom and when.
    Correction { number: u64, of: u64, text: String, by: String, at: theriac_law::Moment },
}

impl BookLine {
    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Sale(entry, _) => entry.number,
            Self::Correction { number, .. } => *number,
        }
    }

    /// Page and line in the book.
    pub(crate) fn place(&self) -> (u64, u64) {
        let before = self.number().saturating_sub(1);
        (before / LINES_ON_A_PAGE + 1, before % LINES_ON_A_PAGE + 1)
    }
}

/// An entry of the logbook of listed chemicals.
#[derive(Clone, Debug)]
pub(crate) struct LogLine {
    pub(crate) entry: LogEntry,
}

impl LogLine {
    /// Milligrams of base, rounded up.
    pub(crate) fn base_mg(&self) -> u64 {
        self.entry.product.base_mg(self.entry.units)
    }
}

impl House {
    /// The stream of the record book.
    pub(super) fn record_book(&self) -> String {
        format!("logbook/{}/counter", self.pharmacy)
    }

    /// The stream of the logbook of listed chemicals.
    pub(super) fn chemical_logbook(&self) -> String {
        format!("logbook/{}/chemical", self.pharmacy)
    }

    /// The pages that the record book has.
    pub(crate) fn book_pages(&self) -> Result<u64, Fault> {
        let (_, numbers) = self.book_now(&self.record_book())?;
        Ok(numbers.div_ceil(LINES_ON_A_PAGE).max(1))
    }

    /// The lines of one page of the record book, from 1.
    pub(crate) fn book_page(&self, page: u64) -> Result<Vec<BookLine>, Fault> {
        let before = page.saturating_sub(1).saturating_mul(LINES_ON_A_PAGE);
        self.book_lines((before.saturating_add(1), before.saturating_add(LINES_ON_A_PAGE)))
    }

    /// The lines of the record book between two numbers.
    pub(crate) fn book_lines(&self, between: (u64, u64)) -> Result<Vec<BookLine>, Fault> {
        let entries = self.lines_between(&self.record_book(), between)?;
        let line = |entry: &theriac_journal::Entry| {
            Ok(match read::<CounterEvent>(entry)? {
                CounterEvent::Sold { entry: sold } => BookLine::Sale(Box::new(sold), entry.seq),
                CounterEvent::Corrected { number, of, text, by, at } => {
                    BookLine::Correction { number, of, text, by: by.id, at }
                }
            })
        };
        entries.iter().map(line).collect()
    }

    /// One sale of the record book.
    pub(crate) fn book_sale(&self, number: u64) -> Result<(BookEntry, u64), Fault> {
        match self.book_lines((number, number))?.into_iter().next() {
            Some(BookLine::Sale(entry, seq)) => Ok((*entry, seq)),
            _ => Err(no_such_line(number)),
        }
    }

    /// How many entries the logbook of listed chemicals has.
    pub(crate) fn log_size(&self) -> Result<u64, Fault> {
        Ok(self.book_now(&self.chemical_logbook())?.1)
    }

    /// The entries of the logbook between two numbers.
    pub(crate) fn log_lines(&self, between: (u64, u64)) -> Result<Vec<LogLine>, Fault> {
        let entries = self.lines_between(&self.chemical_logbook(), between)?;
        let mut lines = Vec::with_capacity(entries.len());
        for entry in &entries {
            if let ChemicalEvent::Sold { entry: sold } = read::<ChemicalEvent>(entry)? {
                lines.push(LogLine { entry: sold });
            }
        }
        Ok(lines)
    }
}

/// No line of a book has this number.
pub(super) fn no_such_line(number: u64) -> Fault {
    let what = format!("there is no entry {number}");
    Refusal::new("BOOKS-BOOK-LINE", "21 CFR 1304.21(a)", what, "choose an entry of the book").about("number").into()
}
