//! Who buys at the counter, as the books know a person.

use crate::stored::record;
use jiff::civil::Date;

record! {
    /// A purchaser. Known again by name and date of birth at every register.
    Buyer {
        /// The name as written in the book.
        name: String,
        /// The address.
        address: String,
        /// The date of birth.
        born: Date,
    }
}

impl Buyer {
    /// What two entries of one person have in common: the name without case and spacing, and the date of birth. Two people
    /// who share both are one to the limits, which is the stricter mistake.
    pub(crate) fn key(&self) -> (String, Date) {
        (folded(&self.name), self.born)
    }

    /// The same as one text, by which a table can be asked for a person's earlier sales.
    pub fn identity(&self) -> String {
        let (name, born) = self.key();
        format!("{born} {name}")
    }

    /// Full years on `day`.
    pub(crate) fn purchaser(&self) -> theriac_law::facts::Purchaser {
        let mut purchaser = theriac_law::facts::Purchaser::new(0);
        purchaser.born = Some(self.born);
        purchaser
    }
}

/// A name as two documents are compared: without case, punctuation and spacing.
pub(crate) fn folded(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let lower: String = name.chars().map(plain).flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}
