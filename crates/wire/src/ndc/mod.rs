//! The FDA's National Drug Code directory: its product file and its package file, read row by row.
//!
//! Both are text, one row a line, columns parted by tabs and named in the first line. Columns are found by their names, so
//! that a file with more or fewer of them is read as long as the necessary ones are there. A row that cannot be read is
//! refused with its line and column, and the next one follows. Bytes that are not UTF-8 are read as Windows-1252, in which
//! the directory has been published.
//!
//! Nothing here decides a schedule: [`ProductRow::stated`] is what the labeler told the FDA.

mod package;
mod product;
mod strength;
mod table;

pub use package::{Contained, PackageRow, Sample, packages};
pub use product::{Active, Exclusion, ProductRow, Stated, actives, products};
pub use strength::{Measure, Strength};
pub use table::{Limits, RowRefusal};
