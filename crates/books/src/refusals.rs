//! The refusals of the books, each with its reason and next step.

use crate::account::Account;
use crate::commodity::{Commodity, StockUnit};
use crate::entry::{DocumentKind, EntryId};
use crate::movement::MovementKind;
use theriac_model::Refusal;

/// 21 CFR 1304.21(a): a complete and accurate record of each substance received and disposed of.
const RECORDS: &str = "21 CFR 1304.21(a)";
/// 21 CFR 1304.22(c): what a dispenser's record of each disposal holds.
const DISPENSER: &str = "21 CFR 1304.22(c)";
/// 21 CFR 1304.11: inventories.
const INVENTORY: &str = "21 CFR 1304.11(a)";
/// 21 CFR 1305.03: an order form for each distribution of schedules I and II.
const ORDER_FORMS: &str = "21 CFR 1305.03";

pub(crate) fn other_commodity(found: &Commodity, expected: &Commodity) -> Refusal {
    Refusal::new(
        "BOOKS-OTHER-COMMODITY",
        RECORDS,
        format!("these books are of {expected}, the movement is of {found}"),
        "post it to the books of its own product and registration",
    )
    .about("commodity")
}

pub(crate) fn wrong_accounts(kind: MovementKind, from: &Account, to: &Account) -> Refusal {
    Refusal::new(
        "BOOKS-ACCOUNTS",
        RECORDS,
        format!("a {} does not go from {from} to {to}", kind.word()),
        "choose the movement that really happened",
    )
    .about("accounts")
}

pub(crate) fn not_enough(account: &Account, unit: StockUnit, have: i64, wanted: i64) -> Refusal {
    let (have, wanted) = (unit.in_words(have), unit.in_words(wanted));
    Refusal::new(
        "BOOKS-NOT-ENOUGH",
        RECORDS,
        format!("{account} holds {have}, the movement takes {wanted}"),
        "take what is there, or post the receipt that is missing; a shortage found by counting is recorded as a count",
    )
    .about("amount")
}

pub(crate) fn not_then(account: &Account, unit: StockUnit, (least, second): (i64, i64), wanted: i64) -> Refusal {
    let (least, wanted) = (unit.in_words(least), unit.in_words(wanted));
    let when = jiff::Timestamp::from_second(second).map_or_else(|_| "then".to_owned(), |at| at.to_string());
    Refusal::new(
        "BOOKS-NOT-THEN",
        RECORDS,
        format!("by the books {account} held only {least} at {when}; a movement of {wanted} before that cannot be"),
        "check when it happened, or first post what came before it",
    )
    .about("happened")
}

pub(crate) fn reversed_before(id: EntryId) -> Refusal {
    Refusal::new(
        "BOOKS-REVERSAL-TIME",
        RECORDS,
        format!("entry {id} happened later than its reversal is said to"),
        "reverse it from the moment at which it is said to have happened, or a later one",
    )
    .about("happened")
}

pub(crate) fn too_large(account: &Account) -> Refusal {
    Refusal::new(
        "BOOKS-TOO-LARGE",
        RECORDS,
        format!("the balance of {account} would leave the range that is counted exactly"),
        "check the amount; nobody has so much of it",
    )
    .about("amount")
}

pub(crate) fn wrong_document(kind: MovementKind, document: DocumentKind) -> Refusal {
    let allowed: Vec<&str> = kind.rule().documents.iter().map(|kind| kind.word()).collect();
    Refusal::new(
        "BOOKS-DOCUMENT",
        RECORDS,
        format!("a {} does not stand on a document of kind {}", kind.word(), document.word()),
        format!("give its document: {}", allowed.join(", ")),
    )
    .about("document")
}

pub(crate) fn unnumbered_document() -> Refusal {
    Refusal::new(
        "BOOKS-DOCUMENT-NUMBER",
        RECORDS,
        "the document has no number, or one of more than 100 characters",
        "give the document's number or name",
    )
    .about("document.number")
}

pub(crate) fn order_form_missing(kind: MovementKind) -> Refusal {
    Refusal::new(
        "BOOKS-ORDER-FORM",
        ORDER_FORMS,
        format!(
            "a {} of schedule II stands on an order form or an electronic order, not on an invoice alone",
            kind.word()
        ),
        "link the executed DEA Form 222 or the electronic order, which the recipient issues",
    )
    .about("document")
}

pub(crate) fn signers_missing(kind: MovementKind, wanted: usize) -> Refusal {
    let people = if wanted == 1 { "one person" } else { "two different people" };
    Refusal::new(
        "BOOKS-SIGNERS",
        DISPENSER,
        format!("a {} is signed by {people}", kind.word()),
        format!("have it signed by {people}"),
    )
    .about("signers")
}

pub(crate) fn future() -> Refusal {
    Refusal::new(
        "BOOKS-FUTURE",
        RECORDS,
        "it is said to happen after it is written down",
        "enter the time at which it happened",
    )
    .about("happened")
}

pub(crate) fn opened_already() -> Refusal {
    Refusal::new(
        "BOOKS-OPENED",
        INVENTORY,
        "the books of this product have begun, so there is no initial inventory any more",
        "record a receipt, or a count",
    )
    .about("kind")
}

pub(crate) fn reason_missing() -> Refusal {
    Refusal::new("BOOKS-REASON", RECORDS, "a correction says why", "write the reason in words (at most 500 characters)")
        .about("reason")
}

pub(crate) fn no_such_entry(id: EntryId) -> Refusal {
    Refusal::new(
        "BOOKS-NO-SUCH-ENTRY",
        RECORDS,
        format!("these books have no entry {id}"),
        "name an entry of this product",
    )
    .about("reverses")
}

pub(crate) fn reversed_already(id: EntryId) -> Refusal {
    Refusal::new(
        "BOOKS-REVERSED",
        RECORDS,
        format!("entry {id} has been reversed"),
        "post what really happened as a new entry",
    )
    .about("reverses")
}

pub(crate) fn a_reversal(id: EntryId) -> Refusal {
    Refusal::new(
        "BOOKS-REVERSAL",
        RECORDS,
        format!("entry {id} is a reversal itself"),
        "post what really happened as a new entry",
    )
    .about("reverses")
}

pub(crate) fn not_countable(account: &Account) -> Refusal {
    Refusal::new(
        "BOOKS-COUNT-ACCOUNT",
        INVENTORY,
        format!("{account} is not on hand and cannot be counted"),
        "count what is on hand",
    )
    .about("account")
}

pub(crate) fn count_out_of_range() -> Refusal {
    Refusal::new(
        "BOOKS-COUNT-RANGE",
        INVENTORY,
        "a count is zero or more, and no more than can be counted exactly",
        "enter what was found",
    )
    .about("found")
}

pub(crate) fn explains_nothing(kind: MovementKind) -> Refusal {
    Refusal::new(
        "BOOKS-EXPLAINS",
        INVENTORY,
        format!("a {} cannot explain a variance", kind.word()),
        "explain a variance by a clerical correction, a spill, a theft or loss, or a reversal",
    )
    .about("explains")
}

pub(crate) fn no_open_variance() -> Refusal {
    Refusal::new(
        "BOOKS-NO-VARIANCE",
        INVENTORY,
        "that count has no open variance of this direction and size",
        "name the count whose variance the entry explains, and at most that amount",
    )
    .about("explains")
}

/// 21 CFR 1304.25: what a compounder's records of bulk and finished forms hold.
const BATCHES: &str = "21 CFR 1304.25";

pub(crate) fn empty_batch() -> Refusal {
    Refusal::new(
        "BOOKS-BATCH-EMPTY",
        BATCHES,
        "a batch uses something and makes something",
        "enter what was used and what was made",
    )
    .about("batch")
}

pub(crate) fn batch_loss(what: &'static str) -> Refusal {
    Refusal::new("BOOKS-BATCH-LOSS", BATCHES, what, "enter the loss with the product that was used").about("batch.lost")
}

pub(crate) fn batch_balance(over: i128, under: i128) -> Refusal {
    let side = if over > 0 { "unaccounted for" } else { "more than was used" };
    let (whole, rest) = (over.abs() / under, over.abs() % under);
    let fraction = if rest == 0 { String::new() } else { format!(" and {rest}/{under}") };
    Refusal::new(
        "BOOKS-BATCH-BALANCE",
        BATCHES,
        format!("{whole}{fraction} micrograms are {side}"),
        "correct the amounts, or enter what was lost in making it",
    )
    .about("batch")
}

pub(crate) fn batch_range() -> Refusal {
    Refusal::new("BOOKS-BATCH-RANGE", BATCHES, "the batch is too large to be computed exactly", "split the batch")
        .about("batch")
}
