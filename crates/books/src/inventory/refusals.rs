//! Refusals of inventories.

use crate::account::Account;
use crate::commodity::Commodity;
use theriac_model::Refusal;

/// 21 CFR 1304.11(a): an inventory holds all stock on hand on its day.
const ALL: &str = "21 CFR 1304.11(a)";
/// 21 CFR 1304.11(e): what an inventory holds and how it is counted.
const CONTENTS: &str = "21 CFR 1304.11(e)";

pub(crate) fn overfull(found: i64, capacity: i64) -> Refusal {
    Refusal::new(
        "BOOKS-COUNT-RANGE",
        CONTENTS,
        format!("{found} were found in a container that holds {capacity}"),
        "enter what was found in each container, and its size",
    )
    .about("opened")
}

pub(crate) fn left_out(commodity: &Commodity, account: &Account) -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-PLACES",
        ALL,
        format!("the sheet leaves out {account} of {commodity}, where the books have stock"),
        "put every product in every place on the sheet; count a part of them as a cycle count",
    )
    .about("places")
}

pub(crate) fn twice(commodity: &Commodity, account: &Account) -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-TWICE",
        ALL,
        format!("{account} of {commodity} is on the sheet already"),
        "count it on its own line",
    )
    .about("places")
}

pub(crate) fn not_ours(commodity: &Commodity) -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-REGISTRATION",
        ALL,
        format!("{commodity} is of another registration"),
        "take a separate inventory for each registered location",
    )
    .about("places")
}

pub(crate) fn no_such_line(line: u32) -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-LINE",
        CONTENTS,
        format!("the sheet has no line {line}"),
        "choose a line of the sheet, or add the product that was found",
    )
    .about("line")
}

pub(crate) fn closed() -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-CLOSED",
        CONTENTS,
        "the inventory is closed",
        "take another count; what was wrong is corrected in the books with a reason",
    )
    .about("inventory")
}

pub(crate) fn open_still() -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-OPEN",
        CONTENTS,
        "a variance is classified when the inventory is closed",
        "close the inventory first",
    )
    .about("inventory")
}

pub(crate) fn no_variance(line: u32) -> Refusal {
    Refusal::new(
        "BOOKS-INVENTORY-NO-VARIANCE",
        CONTENTS,
        format!("line {line} was found as the books say"),
        "classify only lines that differ",
    )
    .about("line")
}

pub(crate) fn unsigned() -> Refusal {
    Refusal::new("BOOKS-INVENTORY-UNSIGNED", CONTENTS, "nobody signs for the inventory", "let whoever counted sign")
        .about("signatures")
}

pub(crate) fn backwards() -> Refusal {
    Refusal::new(
        "BOOKS-FUTURE",
        ALL,
        "it is said to speak of a moment that has not come",
        "enter the moment of which the count speaks",
    )
    .about("as_of")
}

pub(crate) fn sheet(row: usize, what: &str) -> Refusal {
    Refusal::new(
        "BOOKS-SHEET",
        CONTENTS,
        format!("row {row} of the sheet: {what}"),
        "columns: ndc, place, sealed, capacity, found, exact or estimated; correct the row and read the sheet again",
    )
    .about("sheet")
}
