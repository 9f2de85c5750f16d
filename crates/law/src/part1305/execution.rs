//! 21 CFR 1305.04, 1305.11 to 1305.13, 1305.21: what a purchaser writes on an order, and on which form.
//!
//! (1305.04(a)) Only a registrant orders, and only schedules of the registration. (1305.11) DEA prints number, name,
//!     address and schedules on a form; a form lost or stolen before serves no more, one found again only after DEA has
//!     been told. (1305.12(a), (b)) One item a line, none skipped; packages, size, name and strength of each; the number
//!     of the last line; the supplier's name and address. (d) Signed by hand.
//! (1305.13(a)) The purchaser keeps a copy of the single sheet, as an image too. (1305.21(b)) An electronic order bears
//!     the tracking number, both registration numbers, the supplier's name and address, the date and the items.
//! State law may hold a drug in schedule II that the Federal lists hold elsewhere: then the form is accepted, and where
//!     the State asks for it, demanded.

use super::orders::{is_plain, on_form};
use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Order, OrderDetails, covers};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{FormStatus, Layout, OrderEntry, OrderMethod, Preprinted, SignatureKind, Standing};

rule!(PURCHASER: "1305.04-purchaser", "ordering", "21 CFR 1305.04(a), 1301.11", By::ALL,
    "Orders come from a site whose registration is in force and covers the schedules ordered",
    ["law-ord-registration-first", "pharm-222-registered-for-schedule"]);
rule!(STATE_II: "1305.03-state-ii", "ordering", "Manual 2010, section VIII; State law", By::ALL,
    "A drug in schedule II under State law may be ordered on the form, and must be where the State says so",
    ["law-ord-222-state-cii", "law-ord-222-schedules"]);
rule!(FORM_AT_HAND: "1305.16-serial", "ordering", "21 CFR 1305.16", By::ALL,
    "A form reported lost or stolen is not executed, nor one found again before DEA has been told",
    ["pharm-222-lost-report-immediately", "pharm-222-recovered-form"]);
rule!(PRINTED: "1305.11-preprinted", "ordering", "21 CFR 1305.11(c)", By::ALL,
    "What DEA printed on a form agrees with the registration",
    ["law-ord-222-preprinted", "pharm-reg-move-certificates-kept"]);
rule!(ONE_A_LINE: "1305.12-one-a-line", "ordering", "21 CFR 1305.12(a)", By::ALL,
    "Each item of a form has its own line and no line is skipped",
    ["law-ord-222-one-item-per-line"]);
rule!(NUMBERED: "1305.12-line-number", "ordering", "21 CFR 1305.12(b)", By::ALL,
    "The number written as that of the last line is the number of lines used",
    ["law-ord-222-last-line"]);
rule!(WRITTEN: "1305.12-entries", "ordering", "21 CFR 1305.12(a), (b), 1305.21(b)", By::ALL,
    "An order names the supplier and, on each line, packages, size, item and strength; an electronic one bears tracking and registration numbers",
    ["law-ord-222-line-fields", "law-ord-222-supplier-name", "pharm-222-purchaser-fields", "pharm-csos-order-fields"]);
rule!(TRACKED: "1305.21-tracking", "ordering", "21 CFR 1305.21(b)(1)", By::ALL,
    "The tracking number of an electronic order is two digits of the year, X, and six letters or digits",
    ["pharm-csos-order-fields"]);
rule!(BY_HAND: "1305.12-by-hand", "ordering", "21 CFR 1305.12(d)", By::ALL,
    "A form is signed by hand",
    ["law-ord-222-handwritten"]);
rule!(COPY: "1305.13-copy-kept", "ordering", "21 CFR 1305.13(a)", By::C21.and(By::CFR),
    "The purchaser keeps a copy of a single-sheet form before the original goes to the supplier",
    ["law-ord-222-single-copy"]);

parameter!(STATE_FORM: "order.state-ii.form", "whether a State demands the form for a drug that it alone holds in schedule II", Required,
    Domain::YesNo, [Row::of(By::ALL, 0, "21 CFR 1305.03")]);

/// Whether the purchaser's registration is in force and covers what is ordered.
pub(crate) fn purchaser(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let no = |what: String, field: &'static str| {
        let next = "register, or have the registration extended, before ordering";
        let denial = law.deny(&PURCHASER, Reason::RegistrationInvalid, "LAW-1305.04-PURCHASER", what, next);
        Outcome::Violated(Box::new(denial.about(field)))
    };
    if details.registration != Standing::Valid {
        return no(standing(details.registration).to_owned(), "details.registration");
    }
    if !covers(details.purchaser_schedules.as_deref(), &order.schedules) {
        return no("the registration does not cover every schedule ordered".to_owned(), "details.purchaser_schedules");
    }
    Outcome::Satisfied
}

/// A registration that does not serve, in words.
pub(crate) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Valid => "the registration is in force",
        Standing::Pending => "the registration is only applied for",
        Standing::None => "there is no registration",
        Standing::Expired => "the registration has expired",
        Standing::Suspended => "the registration is suspended",
        Standing::Revoked => "the registration is revoked",
        Standing::Surrendered => "the registration has been surrendered",
    }
}

/// Whether a State's schedule II goes on the form where the State asks for it.
pub(crate) fn state_ii(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    if !details.state_schedule_ii {
        return Outcome::NotApplicable;
    }
    let Some(bound) = law.bound(&STATE_FORM).filter(|_| is_plain(order.method)) else {
        return Outcome::Satisfied;
    };
    Outcome::unless(!bound.yes(), || {
        law.deny(
            &STATE_II,
            Reason::WrongForm,
            "LAW-1305.03-STATE-II",
            "the State holds the drug in schedule II and asks for the order form",
            "order it on a Form 222 or electronically",
        )
        .by(&bound)
        .about("order.method")
    })
}

/// Whether the blank form may be used at all, and is this registrant's.
pub(crate) fn form_at_hand(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let what = match details.form_status {
        _ if !on_form(order.method) => return Outcome::NotApplicable,
        FormStatus::AtHand | FormStatus::FoundNotified => return Outcome::Satisfied,
        FormStatus::ReportedLost => "this form was reported lost or stolen",
        FormStatus::Found => "this form was reported lost or stolen, and DEA does not know yet that it was found",
    };
    let next = "use another form; notify the field office at once of a form that was found";
    let denial = law.deny(&FORM_AT_HAND, Reason::WrongForm, "LAW-1305.16-SERIAL", what, next);
    Outcome::Violated(Box::new(denial.about("details.form_status")))
}

/// Whether what is printed agrees with the registration.
pub(crate) fn printed(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let what = match details.preprinted {
        _ if !on_form(order.method) => return Outcome::NotApplicable,
        Preprinted::Agrees => return Outcome::Satisfied,
        Preprinted::OtherNumber => "the number printed on the form is not the purchaser's",
        Preprinted::OtherSchedules => "the schedules printed on the form are not those of the registration",
        Preprinted::OtherAddress => "the name or address printed on the form is not that of the registration",
    };
    let next = "use a form issued for this registration as it stands";
    let denial = law.deny(&PRINTED, Reason::DefectiveOrder, "LAW-1305.11-PREPRINTED", what, next);
    Outcome::Violated(Box::new(denial.about("details.preprinted")))
}

/// Whether the lines are used one by one.
pub(crate) fn one_a_line(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let what = match details.layout {
        _ if !on_form(order.method) => return Outcome::NotApplicable,
        Layout::OneAnItem => return Outcome::Satisfied,
        Layout::LineSkipped => "a line of the form is skipped",
        Layout::TwoOnALine => "a line of the form holds two items",
    };
    let next = "void this form and write one item on each line of a new one";
    let denial = law.deny(&ONE_A_LINE, Reason::DefectiveOrder, "LAW-1305.12-ONE-A-LINE", what, next);
    Outcome::Violated(Box::new(denial.about("details.layout")))
}

/// Whether the number of the last line is the right one. Absent from the details it is judged by the order.
pub(crate) fn numbered(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let Some(written) = details.last_line.filter(|_| on_form(order.method)) else { return Outcome::NotApplicable };
    Outcome::unless(written == order.lines, || {
        law.deny(
            &NUMBERED,
            Reason::DefectiveOrder,
            "LAW-1305.12-LINE-NUMBER",
            format!("line {written} is written as the last, and {} are used", order.lines),
            "void this form and write the right number on a new one",
        )
        .about("details.last_line")
    })
}

fn required(order: &Order, entry: OrderEntry) -> bool {
    match (order.method, entry) {
        (method, _) if is_plain(method) => false,
        (_, OrderEntry::TrackingNumber | OrderEntry::PurchaserNumber | OrderEntry::SupplierNumber) => {
            order.method == OrderMethod::Csos
        }
        _ => true,
    }
}

/// Whether everything is written down; the first entry that is not is named.
pub(crate) fn written(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let missing = details.missing.iter().copied().find(|entry| required(order, *entry));
    let Some(entry) = missing else { return Outcome::Satisfied };
    let denial = law.deny(
        &WRITTEN,
        Reason::ElementMissing,
        "LAW-1305.12-ENTRY",
        format!("{entry} is missing from the order"),
        format!("make out a new order with {entry}; a defective one is never corrected"),
    );
    Outcome::Violated(Box::new(denial.about(format!("details.missing: {entry}"))))
}

/// Whether the tracking number of an electronic order has its shape.
pub(crate) fn tracked(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    let written = details.tracking_number.as_deref().filter(|_| order.method == OrderMethod::Csos);
    let Some(number) = written else { return Outcome::NotApplicable };
    let shaped = number.len() == 9
        && number.bytes().enumerate().all(|(n, byte)| match n {
            0 | 1 => byte.is_ascii_digit(),
            2 => byte == b'X',
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        });
    Outcome::unless(shaped, || {
        law.deny(
            &TRACKED,
            Reason::Malformed,
            "LAW-1305.21-TRACKING",
            "the tracking number is not two digits, X and six letters or digits",
            "give the order a new tracking number",
        )
        .about("details.tracking_number")
    })
}

/// Whether a paper form bears a signature by hand.
pub(crate) fn by_hand(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    if !on_form(order.method) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(details.signature == SignatureKind::Handwritten, || {
        law.deny(
            &BY_HAND,
            Reason::NotSigned,
            "LAW-1305.12-BY-HAND",
            format!("the form bears a {} signature", details.signature),
            "sign and date it by hand",
        )
        .about("details.signature")
    })
}

/// Whether a copy of the single sheet stays with the purchaser.
pub(crate) fn copy(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    if order.method != OrderMethod::Form222Single {
        return Outcome::NotApplicable;
    }
    Outcome::unless(details.copy_kept, || {
        law.deny(
            &COPY,
            Reason::ElementMissing,
            "LAW-1305.13-COPY-KEPT",
            "the purchaser has kept no copy of the form",
            "copy the form, on paper or as an image, before it is sent",
        )
        .about("details.copy_kept")
    })
}
