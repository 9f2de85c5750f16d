//! 21 CFR 1304.11(a), 1304.04(h)(1); manual, section VII: when an inventory is closed.
//!
//! (a) It holds all stock, wherever it is kept, as it was at the opening or the close of one business day, and says which.
//!     It rests on counting, not on the books. It is written, typed or printed; what was spoken into a device is written
//!     down promptly. (1304.04(h)(1)) The inventory of schedules I and II is a document of its own. It stays at the
//!     registered location and is not sent to DEA.
//! Stock that moves while it is counted is a warning: the count may be of two moments.

use crate::edition::By;
use crate::facts::InventoryRecord;
use crate::reason::Reason;
use crate::rule::{Condition, rule};
use crate::vocab::{Binding, DayPart, Figures, Writing};

rule!(DAY_PART: "1304.11-opening-or-close", "inventory", "21 CFR 1304.11(a)", By::ALL,
    "An inventory is taken at the opening or the close of business, and says which",
    ["law-inv-open-or-close", "pharm-inventory-opening-or-close"]);
rule!(STILL: "1304.11-still", "inventory", "21 CFR 1304.11(a)", By::ALL,
    "Stock that moves while it is counted is reported",
    ["law-inv-open-or-close"]);
rule!(APART: "1304.11-ii-apart", "inventory", "21 CFR 1304.04(h)(1); Manual 2010, section VII", By::ALL,
    "The inventory of schedules I and II is a document of its own",
    ["law-inv-cii-separate", "pharm-inventory-ii-separate"]);
rule!(WRITTEN: "1304.11-written", "inventory", "21 CFR 1304.11(a); Cards 2021, DEA Controlled Substance Inventory Requirements", By::ALL,
    "An inventory spoken into a device is written down promptly",
    ["law-inv-recording-device"]);
rule!(ALL: "1304.11-all-stock", "inventory", "21 CFR 1304.11(a), (c); Manual 2010, section VII", By::ALL,
    "An inventory holds every product in every place where the registrant keeps it",
    ["pharm-inventory-definition-all-stock", "pharm-inventory-biennial-same-contents"]);
rule!(COUNTED: "1304.11-counted", "inventory", "21 CFR 1304.11(e); Manual 2010, section VII", By::ALL,
    "The figures of an inventory come from counting stock",
    ["pharm-inventory-physical-not-book"]);
rule!(NOT_SENT: "1304.11-not-sent", "inventory", "21 CFR 1304.04(a); Manual 2010, section VII", By::ALL,
    "No copy of an inventory is sent to DEA",
    ["law-inv-not-sent", "pharm-inventory-not-submitted"]);

/// What keeps an inventory from being closed.
pub(crate) const CLOSING: &[Condition<InventoryRecord>] = &[
    Condition {
        rule: &DAY_PART,
        holds: |record| record.taken != DayPart::Unmarked,
        reason: Reason::ElementMissing,
        code: "LAW-1304.11-DAY-PART",
        what: "it does not say whether it was taken at the opening or the close of business",
        next: "mark it opening or close of business",
        field: "inventory.taken",
    },
    Condition {
        rule: &APART,
        holds: |record| record.binding == Binding::Separate,
        reason: Reason::WrongFile,
        code: "LAW-1304.11-APART",
        what: "schedule II stands in one document with other schedules",
        next: "make a document of its own for schedules I and II",
        field: "inventory.binding",
    },
    Condition {
        rule: &WRITTEN,
        holds: |record| record.writing == Writing::Written,
        reason: Reason::NotInWriting,
        code: "LAW-1304.11-RECORDED",
        what: "the inventory is spoken and not yet written down",
        next: "write it down from the recording",
        field: "inventory.writing",
    },
    Condition {
        rule: &ALL,
        holds: |record| record.uncounted == 0,
        reason: Reason::ElementMissing,
        code: "LAW-1304.11-UNCOUNTED",
        what: "some products or places are not counted",
        next: "count what is left: shelves, quarantine, prescriptions not picked up, machines",
        field: "inventory.uncounted",
    },
    Condition {
        rule: &COUNTED,
        holds: |record| record.figures == Figures::Counted,
        reason: Reason::CountMethod,
        code: "LAW-1304.11-FROM-BOOKS",
        what: "the figures are those of the books",
        next: "count the stock",
        field: "inventory.figures",
    },
];

/// A warning.
pub(crate) const MOVING: Condition<InventoryRecord> = Condition {
    rule: &STILL,
    holds: |record| record.movements_during == 0,
    reason: Reason::CountMethod,
    code: "LAW-1304.11-MOVED",
    what: "stock moved between the beginning and the end of the count",
    next: "explain each movement, or count again",
    field: "inventory.movements_during",
};
