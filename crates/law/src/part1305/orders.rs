//! 21 CFR 1305.03 to 1305.13, 1305.21 to 1305.22, 1311.30: a purchaser executes an order.
//!
//! (1305.03) Schedules I and II move on DEA Form 222 or its electronic equivalent; schedules III to V on any record. The
//!     form itself is for I and II (cards); where a State asks for it, the manual lets it serve for others.
//! (1305.11, 1305.13, 84 FR 51368) The triplicate form has ten lines and ended with 31 October 2021; the single sheet
//!     has twenty and began on 30 October 2019. The electronic order has no limit of lines.
//! (1305.05) The registrant signs, or a person with power of attorney. (1305.12) The number of lines used is written
//!     down. (1305.15(b), cards) A mistake voids the form. (1311.30) A certificate is valid, DEA's, and personal.
//! (1301.23(b)) An exempt officer registers before purchasing.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Order, OrderDetails};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Certificate, Condition, Document, OrderMethod, OrderSigner, Schedule, Word};
use jiff::civil::date;

rule!(METHOD: "1305.03-method", "ordering", "21 CFR 1305.03, 1305.11", By::ALL,
    "Schedules I and II are ordered on the Form 222 in use or electronically; the triplicate form ended with 31 October 2021",
    ["law-ord-222-schedules", "law-ord-222-single-only-after", "law-ord-ciii-v-route", "law-ord-csos-schedules", "law-ord-csos-optional", "pharm-csos-only-electronic-route"]);
rule!(REGISTERED: "1305.04-registered", "ordering", "21 CFR 1305.04, 1301.23(b)", By::ALL,
    "Only a registrant orders; an exempt officer who purchases must register",
    ["law-fed-no-procurement"]);
rule!(LINES: "1305.12-lines", "ordering", "21 CFR 1305.12(b)", By::ALL,
    "A triplicate form has ten lines, a single sheet twenty; an electronic order has no limit",
    ["law-ord-222-lines-triplicate", "law-ord-222-lines-single", "law-ord-csos-no-line-limit"]);
rule!(SIGNER: "1305.05-signer", "ordering", "21 CFR 1305.04, 1305.05", By::ALL,
    "The registrant signs an order, or a person with power of attorney",
    ["law-ord-222-signer", "law-poa-who"]);
rule!(SIGNED: "1305.12-signed", "ordering", "21 CFR 1305.12(d)", By::ALL,
    "An order is signed and dated",
    ["law-ord-222-signer", "pharm-222-signer-authorised"]);
rule!(LAST_LINE: "1305.12-last-line", "ordering", "21 CFR 1305.12(b)", By::ALL,
    "The number of the last line used is written on the form",
    ["law-ord-222-last-line"]);
rule!(SOUND: "1305.15-sound", "ordering", "21 CFR 1305.15(a)", By::ALL,
    "An order is complete, legible and unaltered; a mistake on a form voids it",
    ["law-ord-222-mistake-void", "law-ord-222-incomplete-refuse", "law-ord-csos-no-correction", "law-ord-222-minor-errors", "pharm-222-no-edit-after-execution", "pharm-csos-defective-not-corrected"]);
rule!(CERTIFICATE: "1305.25-certificate", "ordering", "21 CFR 1305.25(a), 1311.30", By::ALL,
    "An electronic order is signed with the signer's own valid certificate issued by DEA",
    ["law-ord-csos-certificate", "law-ord-csos-cert-life", "law-ord-csos-invalid"]);

parameter!(SINGLE: "order.single-sheet", "whether the single-sheet form is in use", Window, Domain::YesNo, [
    Row::of(By::M10, 0, "Manual 2010, section VIII"),
    Row::of(By::C21, 1, "Cards 2021, DEA Form 222- Overview").begun_later(),
    Row::of(By::CFR, 0, "21 CFR 1305.11").until(date(2019, 10, 29)),
    Row::of(By::CFR, 1, "21 CFR 1305.11; 84 FR 51368").since(date(2019, 10, 30)),
]);
parameter!(TRIPLICATE: "order.triplicate", "whether the triplicate form is in use", Window, Domain::YesNo, [
    Row::of(By::M10, 1, "Manual 2010, section VIII"),
    Row::of(By::C21.and(By::CFR), 1, "21 CFR 1305.11; 84 FR 51368").until(date(2021, 10, 31)),
    Row::of(By::C21.and(By::CFR), 0, "21 CFR 1305.11; 84 FR 51368").since(date(2021, 11, 1)),
]);
parameter!(TRIPLICATE_LINES: "order.triplicate.lines", "lines of the triplicate form", Min, Domain::Number("lines"),
    [Row::of(By::ALL, 10, "21 CFR 1305.12(b), triplicate form")]);
parameter!(SINGLE_LINES: "order.single-sheet.lines", "lines of the single-sheet form", Min, Domain::Number("lines"),
    [Row::of(By::ALL, 20, "21 CFR 1305.12(b)")]);
parameter!(FORM_III_V: "order.form-for-iii-v", "whether the form may be used for schedules III to V", Permitted, Domain::YesNo, [
    Row::of(By::M10, 1, "Manual 2010, section VIII"),
    Row::of(By::C21, 0, "Cards 2021, Ordering CI and CII Medications"),
]);

/// Whether `method` is an order without form or certificate, for schedules III to V.
pub(crate) fn is_plain(method: OrderMethod) -> bool {
    matches!(method, OrderMethod::PurchaseOrder | OrderMethod::UnsignedElectronic)
}

/// Whether `method` is a Form 222 on paper.
pub(crate) fn on_form(method: OrderMethod) -> bool {
    matches!(method, OrderMethod::Form222Triplicate | OrderMethod::Form222Single)
}

fn holds_i_ii(order: &Order) -> bool {
    order.schedules.iter().any(|schedule| matches!(schedule, Schedule::I | Schedule::II))
}

/// Whether `document` is an order form, or its electronic equivalent, in use on the day.
pub(crate) fn form_in_use(law: &Law<'_>, document: Document) -> bool {
    match document {
        Document::Form222Triplicate => law.says(&TRIPLICATE),
        Document::Form222Single => law.says(&SINGLE),
        Document::Csos => true,
        Document::Invoice | Document::Form41 | Document::None => false,
    }
}

/// Whether the method serves for these schedules on this day. A drug that the State holds in schedule II may be ordered as
/// one.
pub(crate) fn method(law: &Law<'_>, order: &Order, details: Option<&OrderDetails>) -> Outcome {
    let no = |what: &'static str| {
        law.deny(
            &METHOD,
            Reason::WrongForm,
            "LAW-1305.03-METHOD",
            what,
            "order on the Form 222 in use or electronically",
        )
        .about("order.method")
    };
    let in_use = match order.method {
        OrderMethod::Form222Triplicate => Some(&TRIPLICATE),
        OrderMethod::Form222Single => Some(&SINGLE),
        OrderMethod::Csos => return Outcome::Satisfied,
        OrderMethod::PurchaseOrder => {
            return Outcome::unless(!holds_i_ii(order), || {
                no("schedules I and II are not ordered on a purchase order")
            });
        }
        OrderMethod::UnsignedElectronic => {
            return Outcome::unless(!holds_i_ii(order), || {
                no(
                    "an electronic order for schedules I and II is signed under the standards of CSOS; e-mail, data interchange and web orders are not",
                )
            });
        }
    };
    let bound = in_use.and_then(|parameter| law.bound(parameter));
    if let Some(bound) = bound.filter(|bound| !bound.yes()) {
        return Outcome::Violated(Box::new(no("this form is not in use on that day").by(&bound)));
    }
    let only_i_ii = order.schedules.iter().all(|schedule| matches!(schedule, Schedule::I | Schedule::II));
    let state_ii = details.is_some_and(|details| details.state_schedule_ii);
    Outcome::unless(only_i_ii || state_ii || law.value(&FORM_III_V, 1) != 0, || {
        no("the form is for schedules I and II only")
    })
}

/// Whether the purchaser is registered.
pub(crate) fn registered(law: &Law<'_>, order: &Order) -> Outcome {
    Outcome::unless(!order.purchaser_exempt, || {
        law.deny(
            &REGISTERED,
            Reason::RegistrationInvalid,
            "LAW-1305.04-REGISTERED",
            "the purchaser is exempt and not registered",
            "register before purchasing",
        )
        .about("order.purchaser_exempt")
    })
}

/// Whether the lines fit the form.
pub(crate) fn lines(law: &Law<'_>, order: &Order) -> Outcome {
    let parameter = match order.method {
        OrderMethod::Form222Triplicate => &TRIPLICATE_LINES,
        OrderMethod::Form222Single => &SINGLE_LINES,
        _ => return Outcome::NotApplicable,
    };
    let Some(bound) = law.bound(parameter) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(order.lines) <= bound.value, || {
        law.deny(
            &LINES,
            Reason::LimitExceeded,
            "LAW-1305.12-LINES",
            format!("{} lines, and the form has {}", order.lines, bound.value),
            "use another form for the rest",
        )
        .by(&bound)
        .about("order.lines")
    })
}

/// Whether somebody with authority signs.
pub(crate) fn signer(law: &Law<'_>, order: &Order) -> Outcome {
    if is_plain(order.method) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.signer != OrderSigner::Other, || {
        law.deny(
            &SIGNER,
            Reason::NotAuthorized,
            "LAW-1305.05-SIGNER",
            "the signer is neither the registrant nor holds a power of attorney",
            "let the registrant sign, or grant a power of attorney",
        )
        .about("order.signer")
    })
}

/// Whether it is signed.
pub(crate) fn signed(law: &Law<'_>, order: &Order) -> Outcome {
    if is_plain(order.method) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.signed, || {
        law.deny(&SIGNED, Reason::NotSigned, "LAW-1305.12-UNSIGNED", "the order is not signed", "sign and date it")
            .about("order.signed")
    })
}

/// Whether the number of lines is written down.
pub(crate) fn last_line(law: &Law<'_>, order: &Order) -> Outcome {
    if !on_form(order.method) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.last_line_completed, || {
        law.deny(
            &LAST_LINE,
            Reason::ElementMissing,
            "LAW-1305.12-LAST-LINE",
            "the number of the last line is not filled in",
            "write it on the form",
        )
        .about("order.last_line_completed")
    })
}

parameter!(MINOR: "order.minor-errors", "whether a supplier may correct a minor error on an order form", Permitted, Domain::YesNo, [
    Row::of(By::M10, 0, "Manual 2010, section VIII"),
    Row::of(By::C21, 1, "Cards 2021, Steps to Order CII Drugs with the DEA Form 222"),
    Row::of(By::CFR, 0, "21 CFR 1305.15(a)(2)"),
]);

/// Whether the order is in good condition. The cards let a supplier correct a minor error on a form.
pub(crate) fn sound(law: &Law<'_>, order: &Order) -> Outcome {
    if is_plain(order.method) {
        return Outcome::NotApplicable;
    }
    let sound = match order.condition {
        Condition::Good => true,
        Condition::MinorErrorCorrected => on_form(order.method) && law.says(&MINOR),
        _ => false,
    };
    Outcome::unless(sound, || {
        law.deny(
            &SOUND,
            Reason::DefectiveOrder,
            "LAW-1305.15-DEFECT",
            match order.condition {
                Condition::MinorErrorCorrected => "an error on the order has been corrected".to_owned(),
                condition => format!("the order is {}", condition.word().replace('-', " ")),
            },
            "make out a new order; a defective one is never corrected",
        )
        .about("order.condition")
    })
}

/// Whether the certificate serves.
pub(crate) fn certificate(law: &Law<'_>, order: &Order) -> Outcome {
    if order.method != OrderMethod::Csos {
        return Outcome::NotApplicable;
    }
    Outcome::unless(order.certificate == Certificate::Valid, || {
        law.deny(
            &CERTIFICATE,
            Reason::CertificateInvalid,
            "LAW-1305.25-CERTIFICATE",
            format!("the certificate is {}", order.certificate),
            "sign a new order with the signer's own valid certificate",
        )
        .about("order.certificate")
    })
}
