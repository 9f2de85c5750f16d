//! What the logbooks refuse on their own account.

use theriac_model::Refusal;

/// 21 CFR 1304.21(a): complete and accurate records.
const RECORDS: &str = "21 CFR 1304.21(a)";

pub(crate) fn no_such_entry(number: u64) -> Refusal {
    let what = format!("there is no entry {number}");
    Refusal::new("BOOKS-BOOK-LINE", RECORDS, what, "choose an entry of the book").about("number")
}

pub(crate) fn no_words() -> Refusal {
    Refusal::new("BOOKS-BOOK-TEXT", RECORDS, "an entry is left blank", "write down what is asked for").about("text")
}

pub(crate) fn not_signed() -> Refusal {
    let next = "capture the purchaser's signature after the warning";
    Refusal::new("BOOKS-BOOK-SIGNATURE", "21 CFR 1314.30", "the purchaser has not signed", next).about("signature")
}

pub(crate) fn malformed(what: &str) -> Refusal {
    let next = "correct the entry";
    Refusal::new("BOOKS-BOOK-MALFORMED", RECORDS, what.to_owned(), next)
}
