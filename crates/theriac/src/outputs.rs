//! The outputs that the law, the manual and the house ask of a pharmacy, P1 to P48: every paper by its number, from one table.
//!
//! Each is printed as a paper and as a sheet, and both are of the same data: the SHA-256 at the foot of every page is that of
//! the sheet as canonical JSON, which is one of the formats. Whoever holds the paper and the file compares the two alone.

mod chosen;
mod dispensed;
mod listed;
mod ordered;
mod registered;
mod stock;
mod till;

use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use crate::typed::{Typed, wrong};
use jiff::civil::Date;
use theriac_journal::hash::sha256;
use theriac_model::json::canonical;
use theriac_model::{Actor, Refusal, Role};
use theriac_paper::Document;
use theriac_paper::document::Head;
use theriac_paper::sheet::Sheet;

/// Whose desk an output belongs to: who may read the books may not for that reason read prescriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Desk {
    /// The books.
    Books,
    /// Prescriptions, with what is known of patients.
    Pharmacy,
    /// The books about customers of the till, which fewer people may see (21 CFR 1314.45).
    Logbook,
}

impl Desk {
    /// The first part of the address of its papers.
    pub(crate) const fn address(self) -> &'static str {
        match self {
            Self::Books => "/books/papers",
            Self::Pharmacy => "/pharmacy/records/papers",
            Self::Logbook => "/till/logbook/papers",
        }
    }

    /// Whether `by` may see its papers, wherever they are asked for. What the pages' own doors decide is not asked again.
    ///
    /// # Errors
    /// `BOOKS-LOGBOOK`: the books about customers are for the pharmacist and those who look over the pharmacy.
    pub(crate) fn admits(self, by: &Actor) -> Result<(), Refusal> {
        if self != Self::Logbook || matches!(by.role, Role::Pharmacist | Role::Inspector | Role::Auditor) {
            return Ok(());
        }
        let what =
            "the record book and the logbook name customers; a pharmacist prints them, or who looks over the pharmacy";
        let next = "say who prints it: the pharmacist, an inspector or an auditor";
        Err(Refusal::new("BOOKS-LOGBOOK", "21 CFR 1314.45", what, next).about("by"))
    }
}

/// What has to be said before an output can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Nothing.
    Nothing,
    /// A period; both ends may be left out.
    Period,
    /// One thing: what it is in words.
    One(&'static str),
    /// One thing over a period.
    OneOver(&'static str),
}

/// What a paper can be printed about: identifiers and words.
type Subjects = Result<Vec<(String, String)>, Fault>;

/// One output of the table.
pub(crate) struct Output {
    /// Its name in addresses and commands: `P29`, `P34-letter`.
    pub(crate) id: &'static str,
    /// What it is.
    pub(crate) title: &'static str,
    pub(crate) desk: Desk,
    pub(crate) about: About,
    /// What it can be printed about: identifier and words, the newest first. Empty where nothing is chosen.
    pub(crate) subjects: fn(&House) -> Subjects,
    make: fn(&House, &Wanted<'_>) -> Result<Cover, Fault>,
}

/// What is asked for.
pub(crate) struct Wanted<'a> {
    /// About what.
    pub(crate) of: &'a str,
    /// The first day and the last.
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    /// Who prints it.
    pub(crate) by: &'a Actor,
}

impl Wanted<'_> {
    /// The period in words.
    fn period(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("up to {to}"),
            (None, None) => "from the beginning".to_owned(),
        }
    }

    /// Whether a day lies in the period.
    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// An output as people and programs take it.
pub(crate) struct Issued {
    /// The paper, with registration, period and digest at its foot.
    pub(crate) paper: Document,
    /// The sheet.
    pub(crate) sheet: Sheet,
    /// The sheet as canonical JSON: the bytes whose SHA-256 stands on the paper.
    pub(crate) json: Vec<u8>,
}

/// All outputs.
pub(crate) fn all() -> impl Iterator<Item = &'static Output> {
    registered::TABLE.iter().chain(ordered::TABLE).chain(dispensed::TABLE).chain(stock::TABLE).chain(till::TABLE)
}

/// The output of this name.
///
/// # Errors
/// `FORM-FIELD` where there is none.
pub(crate) fn named(id: &str) -> Result<&'static Output, Fault> {
    all()
        .find(|output| output.id == id)
        .ok_or_else(|| wrong("id", format!("there is no output {id:?}"), "choose one from the list of papers"))
}

/// What stands above the table of a list: its sheet says it on every row, with registration and period.
fn above(paper: &Document) -> Vec<(String, String)> {
    let mut context: Vec<(String, String)> = Vec::new();
    for (name, value) in [("Registration", &paper.footer.registration), ("Period", &paper.footer.period)] {
        context.extend(value.clone().map(|value| (name.to_owned(), value)));
    }
    let head = paper.blocks.iter().take_while(|block| !matches!(block, theriac_paper::Block::Table(_)));
    for block in head {
        if let theriac_paper::Block::Fields(fields) = block {
            context.extend(fields.iter().cloned());
        }
    }
    context
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in a table beside those that can fail")]
fn nothing(_: &House) -> Subjects {
    Ok(Vec::new())
}

/// What was typed, or stands in an address: `of`, `from`, `to`.
pub(crate) fn wanted<'a>(typed: &'a Typed, by: &'a Actor) -> Result<Wanted<'a>, Fault> {
    let (from, to) = (typed.maybe_day("from")?, typed.maybe_day("to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(wrong("to", "the period ends before it begins", "exchange the two days"));
    }
    Ok(Wanted { of: typed.get("of"), from, to, by })
}

impl House {
    /// Prints an output.
    ///
    /// # Errors
    /// What it is about is not there; what the making of it refuses; `BOOKS-LOGBOOK`.
    pub(crate) fn output(&self, output: &Output, wanted: &Wanted<'_>) -> Result<Issued, Fault> {
        output.desk.admits(wanted.by)?;
        if let About::One(what) | About::OneOver(what) = output.about
            && wanted.of.is_empty()
        {
            let next = "choose one from the list of papers";
            return Err(Refusal::new("BOOKS-PAPER-ABOUT", "-", format!("{what} was not chosen"), next)
                .about("of")
                .into());
        }
        let mut cover = (output.make)(self, wanted)?;
        if cover.paper.footer.period.is_none() {
            cover.paper.footer.period = match output.about {
                About::Period | About::OneOver(_) => Some(wanted.period()),
                About::Nothing | About::One(_) => None,
            };
        }
        self.issued(cover, wanted.by)
    }

    /// A paper as it leaves the house: with registration, period, the digest of its data, and who printed it when.
    pub(crate) fn issued(&self, cover: Cover, by: &Actor) -> Result<Issued, Fault> {
        let Cover { mut paper, sheet } = cover;
        let footer = &mut paper.footer;
        footer.registration.get_or_insert_with(|| self.pharmacy.to_string());
        footer.period.get_or_insert_with(|| format!("as of {}", self.clock.wall(self.clock.now())));
        let sheet = sheet.map_or_else(|| paper.to_sheet(), |sheet| sheet.beside(above(&paper)));
        let json = canonical(&sheet.to_json()).map_err(|error| Fault::Broken(error.to_string()))?;
        paper.footer.digest = Some(*sha256(&json).as_bytes());
        if paper.head == Head::Title {
            let registrant = self.order_party();
            paper.paragraph(format!(
                "{}, {}, DEA registration {}. Printed {} by {}; Theriac {}, rulebook {}.",
                registrant.name,
                crate::orders::address_of(&registrant),
                registrant.number,
                self.clock.wall(self.clock.now()),
                self.full_name(&by.id),
                env!("CARGO_PKG_VERSION"),
                crate::views::profile_in_words(&self.config.profile),
            ));
        }
        Ok(Issued { paper, sheet, json })
    }
}
