//! 21 CFR 1301.76(b); manual, appendix I: how a DEA Form 106 is filled in; 18 U.S.C. 2118: when a theft is a Federal case.
//!
//! Each theft or loss has a form of its own. Pilferage over time: the day of discovery, and the estimated first and last
//!     day with an explanation. Of a combination the other ingredient's strength is given, of a liquid the millilitres or
//!     the code. A loss on the way found after delivery was accepted: the supplier and its number. An amended form says
//!     "Amended" and the date of the theft in its upper margin. The date beside the signature is the day of signing.
//! Block 9 counts the thefts and losses of the last 24 months, block 14f those with the same carrier, neither the one at
//!     hand. Block 12 is what the pharmacy paid, not the retail value.
//! (88 FR 40707) Since 24 July 2023 the form is completed online, within 45 days of discovery; the 45th day counts.
//! (18 U.S.C. 2118) Replacement cost of 500 dollars or more, interstate or foreign commerce, or somebody killed or
//!     significantly injured.

use crate::edition::{Bound, By, Domain, Law, Row, parameter};
use crate::facts::{Crime, Form106, PastLosses};
use crate::obligations::FORM_106_DAYS;
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{EarlierLosses, FederalOffence, LineKind, Medium, TheftType};
use jiff::civil::date;
use theriac_model::calendar::{days_after, months_after};

rule!(ONE_EVENT: "1301.76-one-event", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "Each theft or loss has a Form 106 of its own",
    ["law-loss-per-event", "pharm-106-one-form-per-event"]);
rule!(PILFERAGE: "1301.76-pilferage", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "Pilferage over time is reported with its estimated beginning and end, explained",
    ["law-loss-pilferage-dates", "pharm-106-pilferage-dates"]);
rule!(LINES: "1301.76-lines", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "A line of Form 106 gives the other ingredient of a combination, and the millilitres or code of a liquid",
    ["law-loss-combination-strength", "pharm-106-combination-strength"]);
rule!(SUPPLIER: "1301.76-transit-supplier", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "A transit loss found after delivery was accepted names the supplier and its registration number",
    ["pharm-106-block-14-supplier"]);
rule!(AMENDED: "1301.76-amended", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "An amended form bears \"Amended\" and the date of the theft in its upper margin",
    ["law-loss-amended", "pharm-106-amendment"]);
rule!(DATED: "1301.76-dated", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "The date beside the signature is the day on which the form is completed and signed",
    ["pharm-106-signature-date"]);
rule!(EARLIER: "1301.76-earlier", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "Form 106 counts the losses of the last 24 months and those with the same carrier, without the one at hand",
    ["law-loss-count-24-months", "pharm-106-block-9-count", "pharm-106-block-14f-carrier-history"]);
rule!(COST: "1301.76-cost", "theft-loss", "Manual 2010, appendix I", By::ALL,
    "Form 106 states what the pharmacy paid, not the retail value",
    ["law-loss-cost-not-retail", "pharm-106-block-12-cost"]);
rule!(FEDERAL: "1301.76-federal-offence", "theft-loss", "Manual 2010, section V; 18 U.S.C. 2118", By::ALL,
    "A theft of 500 dollars or more, in interstate commerce, or with somebody killed or badly hurt may be a Federal offence",
    ["law-loss-csrpa-threshold", "pharm-loss-federal-crime-flags"]);

rule!(ONLINE: "1301.76-online", "theft-loss", "21 CFR 1301.76(b); 88 FR 40707", By::CFR,
    "Since 24 July 2023 Form 106 is completed online",
    ["law-loss-form106"], Some(date(2023, 7, 24)), None);
rule!(FORTY_FIVE: "1301.76-forty-five-days", "theft-loss", "21 CFR 1301.76(b); 88 FR 40707", By::CFR,
    "Since 24 July 2023 Form 106 is completed within 45 days of discovery",
    ["law-loss-form106"], Some(date(2023, 7, 24)), None);

parameter!(ONLINE_ONLY: "loss.form-106.online", "whether Form 106 is completed online only", Required, Domain::YesNo, [
    Row::of(By::CFR, 0, "21 CFR 1301.76(b)").until(date(2023, 7, 23)),
    Row::of(By::CFR, 1, "21 CFR 1301.76(b); 88 FR 40707").since(date(2023, 7, 24)),
]);
parameter!(MONTHS: "loss.earlier.months", "months of earlier losses that Form 106 counts", Max, Domain::Number("months"),
    [Row::of(By::ALL, 24, "Manual 2010, appendix I")]);
parameter!(CENTS: "loss.federal-offence.cents", "replacement cost from which a theft may be a Federal offence", Min, Domain::Number("cents"),
    [Row::of(By::ALL, 50_000, "18 U.S.C. 2118")]);

/// What the form itself must get right.
pub(crate) const FORM: &[Condition<Form106>] = &[
    Condition {
        rule: &ONE_EVENT,
        holds: |form| form.events == 1,
        reason: Reason::WrongForm,
        code: "LAW-1301.76-ONE-EVENT",
        what: "the form reports several thefts or losses",
        next: "file a form for each",
        field: "form106.events",
    },
    Condition {
        rule: &PILFERAGE,
        holds: |form| form.kind != TheftType::EmployeePilferage || (form.began.is_some() && form.ended.is_some()),
        reason: Reason::ElementMissing,
        code: "LAW-1301.76-PILFERAGE",
        what: "the estimated beginning or end of the pilferage is missing",
        next: "give the estimated first and last date beside the date of discovery",
        field: "form106.began",
    },
    Condition {
        rule: &PILFERAGE,
        holds: |form| form.kind != TheftType::EmployeePilferage || form.explained,
        reason: Reason::ElementMissing,
        code: "LAW-1301.76-PILFERAGE",
        what: "the period of the pilferage is not explained",
        next: "explain how the period was estimated",
        field: "form106.explained",
    },
    Condition {
        rule: &LINES,
        holds: |form| form.line != LineKind::Combination || form.line_complete,
        reason: Reason::ElementMissing,
        code: "LAW-1301.76-COMBINATION",
        what: "the strength of the combination's other ingredient is missing",
        next: "give the strength of both ingredients",
        field: "form106.line_complete",
    },
    Condition {
        rule: &LINES,
        holds: |form| form.line != LineKind::Liquid || form.line_complete,
        reason: Reason::ElementMissing,
        code: "LAW-1301.76-LIQUID",
        what: "a liquid is given without millilitres or code",
        next: "give the millilitres, or the code of the product",
        field: "form106.line_complete",
    },
    Condition {
        rule: &SUPPLIER,
        holds: |form| form.kind != TheftType::LostInTransit || !form.delivery_accepted || form.supplier_given,
        reason: Reason::ElementMissing,
        code: "LAW-1301.76-TRANSIT-SUPPLIER",
        what: "the supplier of the accepted delivery is not named",
        next: "give the supplier's name and registration number",
        field: "form106.supplier_given",
    },
    Condition {
        rule: &AMENDED,
        holds: |form| !form.amends || form.marked_amended,
        reason: Reason::NotationMissing,
        code: "LAW-1301.76-AMENDED",
        what: "the amended form does not say \"Amended\" and the date of the theft in its upper margin",
        next: "write both in the upper margin and keep the earlier form",
        field: "form106.marked_amended",
    },
    Condition {
        rule: &DATED,
        holds: |form| form.dated.is_none() || form.completed.is_none() || form.dated == form.completed,
        reason: Reason::Misdated,
        code: "LAW-1301.76-DATED",
        what: "the date beside the signature is not the day on which the form was completed and signed",
        next: "date it on the day of signing",
        field: "form106.dated",
    },
];

/// Whether the form is on the medium that the day asks for.
pub(crate) fn online(law: &Law<'_>, form: &Form106) -> Outcome {
    let Some(bound) = law.bound(&ONLINE_ONLY).filter(Bound::yes) else { return Outcome::NotApplicable };
    Outcome::unless(form.medium == Medium::Electronic, || {
        law.deny(&ONLINE, Reason::FormNotAllowed, "LAW-1301.76-ONLINE", "the form is on paper", "complete it online")
            .by(&bound)
            .about("form106.medium")
    })
}

/// Whether the form is in time.
pub(crate) fn forty_five(law: &Law<'_>, form: &Form106) -> Outcome {
    let (Some(discovered), Some(bound)) = (form.discovered, law.bound(&FORM_106_DAYS)) else {
        return Outcome::NotApplicable;
    };
    let last = u32::try_from(bound.value).ok().and_then(|days| days_after(discovered, days));
    let Some(last) = last else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &FORTY_FIVE,
            Reason::Expired,
            "LAW-1301.76-FORM-106-LATE",
            format!("the form was due on {last}"),
            "complete it now and say why it is late",
        )
        .by(&bound)
        .about("form106.discovered")
    })
}

/// How many earlier losses the form counts. A loss exactly 24 months before is counted.
pub(crate) fn earlier(law: &Law<'_>, which: EarlierLosses, past: &PastLosses) -> u64 {
    let months = law.bound(&MONTHS).and_then(|bound| u16::try_from(bound.value).ok()).unwrap_or(u16::MAX);
    let counted = past.days.iter().filter(|day| {
        **day <= law.day
            && (which == EarlierLosses::SameCarrier || months_after(**day, months).is_none_or(|last| law.day <= last))
    });
    counted.count() as u64
}

/// Whether the theft may be a Federal offence.
pub(crate) fn federal(law: &Law<'_>, crime: &Crime) -> FederalOffence {
    let costly = law.bound(&CENTS).is_some_and(|bound| crime.replacement_cents >= bound.value);
    if costly || crime.interstate_commerce || crime.killed_or_injured {
        FederalOffence::Possible
    } else {
        FederalOffence::None
    }
}
