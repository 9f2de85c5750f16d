//! 21 CFR 1304.40, 1304.45, 1304.55; 21 U.S.C. 827(d)(2), 831(a), (c); manual, section XI: the site and the monthly report of an online pharmacy.
//!
//! (1304.45) The home page shows six groups of facts and a statement; from the application on the declaration that the
//!     notices were made, after approval the declaration of compliance, which names the pharmacy as registered.
//! (831(a)) A change of its address is told 30 days before. (1304.55) The report counts what was dispensed by any means, has
//!     one line with the total of units for each National Drug Code, and is sent electronically; also for the month in
//!     which a pharmacy goes back to retail only, and for no month after it.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Month;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Approval, Medium, SiteElement, Word};
use jiff::civil::{Date, date};
use theriac_model::calendar::days_after;

rule!(PAGE: "1304.45-page", "online", "21 CFR 1304.45; 21 U.S.C. 831(c)", By::ALL,
    "The home page shows who the pharmacy is, who is in charge, where it is licensed, its certification and its practitioners",
    ["law-online-site-facts", "pharm-online-site-disclosure"],
    Some(date(2009, 4, 13)),
    None
);
rule!(STATEMENTS: "1304.45-statements", "online", "21 CFR 1304.45; 21 U.S.C. 831(a), (c)", By::ALL,
    "The home page has the declaration of notice from the application on, that of compliance after approval, and the fixed statement",
    ["law-online-site-statements", "pharm-online-site-application-notice", "pharm-online-site-compliance-declaration", "pharm-online-site-statement"],
    Some(date(2009, 4, 13)),
    None
);
rule!(ADDRESS: "831-address", "online", "21 U.S.C. 831(a)", By::ALL,
    "A change of the site's address is told to DEA 30 days before",
    ["law-online-url-change", "pharm-online-url-change"],
    Some(date(2009, 4, 13)),
    None
);
rule!(LINES: "1304.55-lines", "online", "21 CFR 1304.55(c), (d)", By::ALL,
    "The report has one total for each National Drug Code dispensed",
    ["law-online-report-by-code", "pharm-online-report-contents"],
    Some(date(2009, 4, 13)),
    None
);
rule!(SENT: "1304.55-sent", "online", "21 CFR 1304.55(d)", By::ALL,
    "The report is sent electronically",
    ["law-online-report-by-code", "pharm-online-report-due-15th"],
    Some(date(2009, 4, 13)),
    None
);
rule!(OWED: "1304.55-owed", "online", "21 CFR 1304.55", By::ALL,
    "A report is owed for every month, by all means together, until and with the one of going back to retail",
    ["law-online-report-all-means", "law-online-report-reverting", "law-online-report-two-years", "pharm-online-report-reversion-month"],
    Some(date(2009, 4, 13)),
    None
);

parameter!(URL_DAYS: "online.url.days", "days between the notice and a change of the site's address", Max, Domain::Number("days"), [
    Row::of(By::ALL, 30, "21 U.S.C. 831(a)"),
]);

/// The declaration shown from the application on, prescribed word for word (manual, section XI; 21 CFR 1304.45).
pub const NOTICE_DECLARATION: &str = "In accordance with the Controlled Substances Act and the DEA regulations, this online \
pharmacy has made the notifications to the DEA Administrator required by 21 U.S.C. § 831 and 21 C.F.R. § 1304.40.";

/// The statement shown at all times, prescribed word for word (manual, section XI, item 7; 21 CFR 1304.45(c)).
pub const OBLIGATION_STATEMENT: &str = "This online pharmacy is obligated to comply fully with the Controlled Substances Act \
and DEA regulations. As part of this obligation, this online pharmacy has obtained a modified DEA registration authorizing it \
to operate as an online pharmacy. In addition, this online pharmacy will only dispense a controlled substance to a person who \
has a valid prescription issued for a legitimate medical purpose based upon a medical relationship with a prescribing \
practitioner. This includes at least one prior in-person medical evaluation in accordance with section 309 of the Controlled \
Substances Act (21 U.S.C. § 829), or a medical evaluation via telemedicine in accordance with section 102(54) of the \
Controlled Substances Act (21 U.S.C. § 802(54)).";

fn is_statement(element: SiteElement) -> bool {
    use SiteElement as S;
    matches!(element, S::ObligationStatement | S::NotificationStatement | S::ComplianceStatement)
}

fn names(elements: impl Iterator<Item = SiteElement>) -> String {
    elements.map(SiteElement::word).collect::<Vec<_>>().join(", ")
}

/// (1304.45): whether the page has every fact.
pub(crate) fn page(law: &Law<'_>, missing: &[SiteElement]) -> Outcome {
    let lacks = names(missing.iter().copied().filter(|element| !is_statement(*element)));
    Outcome::unless(lacks.is_empty(), || {
        let what = format!("the home page lacks {lacks}");
        law.deny(&PAGE, Reason::ElementMissing, "LAW-1304.45-PAGE", what, "show it on the home page")
            .about("request.missing")
    })
}

/// (1304.45): whether the page has the statements that its standing asks for.
pub(crate) fn statements(law: &Law<'_>, approval: Approval, missing: &[SiteElement]) -> Outcome {
    let needed = |element: &SiteElement| match element {
        SiteElement::ObligationStatement => true,
        SiteElement::NotificationStatement => approval == Approval::Applied,
        SiteElement::ComplianceStatement => approval == Approval::Approved,
        _ => false,
    };
    let lacks = names(missing.iter().copied().filter(needed));
    Outcome::unless(lacks.is_empty(), || {
        let what = format!("the home page lacks {lacks}");
        law.deny(&STATEMENTS, Reason::NotationMissing, "LAW-1304.45-STATEMENT", what, "show it on the home page")
            .about("request.missing")
    })
}

/// (831(a)): whether the address may change on the day.
pub(crate) fn address(law: &Law<'_>, notified: Option<Date>) -> Outcome {
    let days = u32::try_from(law.value(&URL_DAYS, 30)).unwrap_or(u32::MAX);
    let from = notified.and_then(|notified| days_after(notified, days));
    Outcome::unless(from.is_some_and(|from| from <= law.day), || {
        let what = from.map_or("DEA was not told of the change".to_owned(), |from| {
            format!("the notice allows the change from {from}")
        });
        law.deny(&ADDRESS, Reason::ApprovalMissing, "LAW-831-ADDRESS", what, format!("tell DEA {days} days before"))
            .about("request.notified")
    })
}

/// (1304.55): whether each code has one line.
pub(crate) fn lines(law: &Law<'_>, month: &Month) -> Outcome {
    let count = |code: &str| month.lines.iter().filter(|line| line.ndc == code).count();
    let twice = month.lines.iter().find(|line| count(&line.ndc) > 1).map(|line| format!("{} has two lines", line.ndc));
    let none = month.dispensed.iter().find(|code| count(code) == 0).map(|code| format!("{code} has no line"));
    let Some(what) = twice.or(none) else { return Outcome::Satisfied };
    let next = "give one total of dosage units for each code";
    let denial = law.deny(&LINES, Reason::ElementMissing, "LAW-1304.55-LINES", what, next);
    Outcome::Violated(Box::new(denial.about("month.lines")))
}

/// (1304.55): whether it goes electronically.
pub(crate) fn sent(law: &Law<'_>, medium: Medium) -> Outcome {
    Outcome::unless(medium == Medium::Electronic, || {
        let next = "send it through DEA's online reporting";
        law.deny(&SENT, Reason::FormNotAllowed, "LAW-1304.55-MEDIUM", "the report is on paper", next)
            .about("request.medium")
    })
}

/// (1304.55): whether the month of `law.day` still has a report: the one of going back does, those after it do not.
pub(crate) fn owed(law: &Law<'_>, month: &Month) -> bool {
    month.reverted.is_none_or(|reverted| law.day.first_of_month() <= reverted)
}

/// Prescriptions and units dispensed by all means together; `None` when the month is not told by means.
pub(crate) fn totals(month: &Month) -> Option<(u64, u64)> {
    (!month.means.is_empty()).then(|| {
        month.means.iter().fold((0_u64, 0_u64), |(prescriptions, units), by| {
            (prescriptions.saturating_add(by.prescriptions), units.saturating_add(by.units))
        })
    })
}
