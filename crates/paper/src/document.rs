//! A paper as its author thinks of it: what stands on it, in which order. Where it stands is the layout's business.

use crate::barcode::Symbol;
use crate::drawing::Drawing;
use crate::flow;
use crate::length::Length;
use crate::pdf;
use crate::size::PageSize;
use crate::table::Table;
use jiff::Timestamp;
use std::collections::BTreeSet;
use theriac_model::Refusal;

/// Whether a deployment prints for the world or for show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// For the world.
    Production,
    /// For show: every page says DEMO, across and below, and so does the first paragraph.
    Demo,
}

/// What stands at the foot of every page, beside the title and "page n of m".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footer {
    /// The registration or the deployment the paper is from.
    pub registration: Option<String>,
    /// The period it covers.
    pub period: Option<String>,
    /// SHA-256 of the data it was made from, so that paper and record can be compared.
    pub digest: Option<[u8; 32]>,
}

impl Footer {
    pub(crate) const fn is_empty(&self) -> bool {
        self.registration.is_none() && self.period.is_none() && self.digest.is_none()
    }
}

/// Whether a box is ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// It is.
    Ticked,
    /// It is not; a person may tick it.
    Open,
}

/// A line on which a person signs by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// In which capacity: `Practitioner`.
    pub capacity: String,
    /// The name in print beside the signature; `None` leaves a line for it.
    pub name: Option<String>,
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of a section, listed in the file's outline.
    Heading(String),
    /// Running text; line feeds are kept.
    Paragraph(String),
    /// Text that must be seen, larger and bold.
    Strong(String),
    /// Text in a frame, with a bold first line.
    Notice {
        /// The first line.
        heading: String,
        /// What it says.
        text: String,
    },
    /// Names and values.
    Fields(Vec<(String, String)>),
    /// A table; its header stands on every page it runs over.
    Table(Table),
    /// A box and what it stands for.
    Checkbox(Tick, String),
    /// A line to sign on, with the date.
    Signature(SignatureLine),
    /// A barcode with its text below.
    Barcode(Symbol),
    /// A picture.
    Figure(Drawing),
    /// Empty paper.
    Space(Length),
    /// What follows begins a new page.
    NewPage,
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The sheet or label.
    pub size: PageSize,
    /// What the paper is; stands at its head and in the file's properties.
    pub title: String,
    /// Whether the title is printed at the head; labels have no room for it.
    pub head: Head,
    /// The date the file bears. Never the clock's: the same data print the same bytes.
    pub dated: Timestamp,
    /// Who issues it, for the file's properties.
    pub author: String,
    /// For the world or for show.
    pub standing: Standing,
    /// The foot of every page.
    pub footer: Footer,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// Whether the title stands at the head of the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// It does.
    Title,
    /// It is only in the file's properties.
    None,
}

/// A printed paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The PDF: tagged, PDF/A-2a and PDF/UA-1 as far as a program can tell.
    pub pdf: Vec<u8>,
    /// Pages.
    pub pages: usize,
    /// Characters that could not be shown; each stands as U+FFFD on the paper.
    pub replaced: BTreeSet<char>,
}

impl Document {
    /// A paper with its title at the head.
    pub fn new(size: PageSize, title: impl Into<String>, author: impl Into<String>, dated: Timestamp) -> Self {
        Self {
            size,
            title: title.into(),
            head: Head::Title,
            dated,
            author: author.into(),
            standing: Standing::Production,
            footer: Footer::default(),
            blocks: Vec::new(),
        }
    }

    /// A label: no title at the head.
    pub fn label(size: PageSize, title: impl Into<String>, author: impl Into<String>, dated: Timestamp) -> Self {
        Self { head: Head::None, ..Self::new(size, title, author, dated) }
    }

    /// The same paper for the world or for show.
    #[must_use]
    pub fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The same paper with this foot on every page.
    #[must_use]
    pub fn footer(mut self, footer: Footer) -> Self {
        self.footer = footer;
        self
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    /// Adds running text.
    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// Adds text that must be seen.
    pub fn strong(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Strong(text.into()));
    }

    /// Adds a text in a frame.
    pub fn notice(&mut self, heading: impl Into<String>, text: impl Into<String>) {
        self.blocks.push(Block::Notice { heading: heading.into(), text: text.into() });
    }

    /// Adds names and values.
    pub fn fields<N: Into<String>, V: Into<String>>(&mut self, fields: impl IntoIterator<Item = (N, V)>) {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.blocks.push(Block::Fields(fields));
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Adds a box and what it stands for.
    pub fn checkbox(&mut self, tick: Tick, text: impl Into<String>) {
        self.blocks.push(Block::Checkbox(tick, text.into()));
    }

    /// Adds a line to sign on.
    pub fn signature(&mut self, capacity: impl Into<String>, name: Option<String>) {
        self.blocks.push(Block::Signature(SignatureLine { capacity: capacity.into(), name }));
    }

    /// Adds a barcode.
    pub fn barcode(&mut self, symbol: Symbol) {
        self.blocks.push(Block::Barcode(symbol));
    }

    /// Adds a picture.
    pub fn figure(&mut self, drawing: Drawing) {
        self.blocks.push(Block::Figure(drawing));
    }

    /// Adds empty paper.
    pub fn space(&mut self, height: Length) {
        self.blocks.push(Block::Space(height));
    }

    /// Prints the paper. The same paper is the same bytes.
    ///
    /// # Errors
    /// `PAPER-LABEL-FULL` when a label has no room for its contents, `PAPER-PAGES` beyond [`PAGES_MAX`] pages, `PAPER-PDF`
    /// for a fault of this program.
    pub fn print(&self) -> Result<Printed, Box<Refusal>> {
        pdf::print(flow::lay_out(self)?, self)
    }
}

/// The most pages a paper has.
pub const PAGES_MAX: usize = 2_000;
