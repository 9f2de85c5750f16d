//! DEA's registrant data: reading the file, and making one of invented registrants.
//!
//! The layout is DEA's registration record of December 2017 (244 positions a line) or of June 2009 (236 positions, without
//! the activity status), or the same fields in the same order with `|` between them. Since 17 November 2020 DEA gives the
//! file to approved applicants only, who may not pass it on: nothing here holds a real row, and [`generate`] makes files
//! of any length whose registrants do not exist.
//!
//! The reader goes through the file once, keeps one line in memory, and answers every line it cannot read with a refusal
//! that names line and field; the lines after it are read all the same. Whether the file as a whole may be used is not its
//! question: it counts ([`Tally`]), and the application decides.

mod generate;
mod layout;
mod print;
mod read;
mod refusals;

pub use generate::{Generated, Plan, generate};
pub use layout::{Field, Layout};
pub use print::{print, print_short};
pub use read::{BadLine, Reader, Tally};

#[cfg(test)]
mod tests;
