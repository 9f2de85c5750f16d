//! Tables of text: columns with their widths, and rows.

/// On which side of its column a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left, as words.
    Start,
    /// Right, as numbers.
    End,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it, on every page.
    pub header: String,
    /// Its part of the table's width; the parts of all columns together are the whole width. At least one.
    pub share: u16,
    /// The side its texts stand on.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn new(header: impl Into<String>, share: u16) -> Self {
        Self { header: header.into(), share: share.max(1), align: Align::Start }
    }

    /// A column of numbers.
    pub fn numbers(header: impl Into<String>, share: u16) -> Self {
        Self { align: Align::End, ..Self::new(header, share) }
    }
}

/// How a row is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As running text.
    Plain,
    /// Bold, as a sum.
    Strong,
}

/// A row: one text for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The texts, in the order of the columns. Missing ones are empty, more than there are columns are not printed.
    pub cells: Vec<String>,
    /// How it is set.
    pub weight: Weight,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// From left to right.
    pub columns: Vec<Column>,
    /// From top to bottom.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table without rows.
    pub const fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(Row { cells: cells.into_iter().map(Into::into).collect(), weight: Weight::Plain });
    }

    /// Adds a row that is a sum, or otherwise to be seen.
    pub fn sum<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(Row { cells: cells.into_iter().map(Into::into).collect(), weight: Weight::Strong });
    }
}
