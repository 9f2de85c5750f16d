//! Refusals of what leaves.

use crate::commodity::Commodity;
use theriac_model::Refusal;

/// 21 CFR 1304.22(c): the record of what is distributed.
const RECORD: &str = "21 CFR 1304.22(c)";
/// 21 CFR 1317.05: how a registrant disposes of stock.
const DISPOSAL: &str = "21 CFR 1317.05(a)";
/// 21 CFR 1317.95: destruction and its witnesses.
const DESTRUCTION: &str = "21 CFR 1317.95(d)";
/// 21 CFR 1301.52: a business passes on.
const TRANSFER: &str = "21 CFR 1301.52(d), (e)";

pub(crate) fn empty() -> Refusal {
    Refusal::new("BOOKS-OUT-EMPTY", RECORD, "nothing is listed", "list each product with its quantity").about("lines")
}

pub(crate) fn elsewhere(commodity: &Commodity) -> Refusal {
    Refusal::new(
        "BOOKS-OTHER-COMMODITY",
        RECORD,
        format!("{commodity} is not stock of the sender"),
        "list what the sender has",
    )
    .about("lines")
}

pub(crate) fn unlisted() -> Refusal {
    Refusal::new(
        "BOOKS-REVERSE-LIST",
        DISPOSAL,
        "it is not recorded from which list of reverse distributors the recipient is taken, and of which day that is",
        "ask the local DEA field office for the current list, and record source and date",
    )
    .about("recipient.listing")
}

pub(crate) fn stale_list(day: jiff::civil::Date) -> Refusal {
    Refusal::new(
        "BOOKS-REVERSE-LIST-OLD",
        DISPOSAL,
        format!("the list of reverse distributors is of {day}"),
        "ask the field office whether the recipient is still registered",
    )
    .about("recipient.listing")
}

pub(crate) fn not_disposal() -> Refusal {
    Refusal::new(
        "BOOKS-NOT-DISPOSAL",
        DISPOSAL,
        "a destruction is confirmed for stock that went to a reverse distributor",
        "attach the confirmation to the transfer to the reverse distributor",
    )
    .about("way")
}

pub(crate) fn incomplete(field: &'static str) -> Refusal {
    Refusal::new(
        "BOOKS-FORM-41",
        DESTRUCTION,
        format!("{field} is missing from Form 41"),
        "enter it before it is signed",
    )
    .about(field)
}

pub(crate) fn not_destroyed() -> Refusal {
    Refusal::new(
        "BOOKS-FORM-41-ENTRIES",
        DESTRUCTION,
        "no entry of the books records a destruction on this form",
        "post the destruction with the form's number, then print the form",
    )
    .about("form")
}

pub(crate) fn witnesses() -> Refusal {
    Refusal::new(
        "BOOKS-FORM-41-WITNESSES",
        DESTRUCTION,
        "two different people witness a destruction",
        "let a second person who saw it sign",
    )
    .about("witnesses")
}

pub(crate) fn circumstances() -> Refusal {
    Refusal::new(
        "BOOKS-SPILL-RECORD",
        "21 CFR 1304.21(e)",
        "the record of a breakage or spill says what happened",
        "describe the circumstances (at most 1000 characters)",
    )
    .about("circumstances")
}

pub(crate) fn nothing_spilled() -> Refusal {
    Refusal::new(
        "BOOKS-SPILL-AMOUNT",
        "21 CFR 1304.21(e)",
        "neither a recovered nor a lost amount is given",
        "enter what was recovered and what was not",
    )
    .about("amount")
}

pub(crate) fn not_a_transfer() -> Refusal {
    Refusal::new(
        "BOOKS-TRANSFER-INVENTORY",
        TRANSFER,
        "the inventory is not a closed inventory of a transfer of business",
        "take and close a complete inventory of the occasion on the day of the transfer",
    )
    .about("inventory")
}

pub(crate) fn variance_left(line: u32) -> Refusal {
    Refusal::new(
        "BOOKS-TRANSFER-VARIANCE",
        TRANSFER,
        format!("line {line} of the inventory differs from the books"),
        "explain the variance with an entry before the stock passes; the transferor answers for it",
    )
    .about("inventory")
}

pub(crate) fn transfer_document(schedules: &'static str) -> Refusal {
    Refusal::new(
        "BOOKS-TRANSFER-DOCUMENT",
        TRANSFER,
        format!("no document is given for the stock of schedules {schedules}"),
        "give the order form that the transferee issues for schedule II, and the transfer document for III to V",
    )
    .about("document")
}
