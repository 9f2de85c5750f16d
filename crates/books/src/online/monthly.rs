//! The monthly report of what was dispensed, by product and by all means together: 21 CFR 1304.55.

use crate::ask;
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::{Month, Online};
use theriac_law::vocab::{Event, Record};
use theriac_law::{Answer, Moment, Profile, Question, Request, Verdict};
use theriac_model::{Actor, Ndc, Refusal};

words! {
    /// By what means something was dispensed. The report does not say it.
    Means {
        /// By means of the Internet.
        Internet "internet",
        /// By mail.
        Mail "mail",
        /// Face to face.
        FaceToFace "face-to-face",
        /// In any other way.
        Other "other",
    }

    /// What is owed for a month.
    ReportKind {
        /// A report with its lines.
        Full "full",
        /// A report that nothing has to be listed.
        Negative "negative",
        /// Nothing.
        None "none",
    }
}

stored_words!(Means, ReportKind);

/// One dispensing of the month.
#[derive(Clone, Debug)]
pub struct Dispensed {
    /// The product.
    pub ndc: Ndc,
    /// Dosage units.
    pub units: u64,
    /// By what means.
    pub by: Means,
    /// The prescription.
    pub prescription: String,
    /// The day.
    pub on: Date,
}

record! {
    /// One line of the report: a product and its total.
    ReportLine {
        /// The product.
        ndc: Ndc,
        /// Dosage units dispensed by all means.
        units: u64,
    }

    /// A monthly report.
    MonthlyReport {
        /// The first day of its month.
        month: Date,
        /// What kind it is.
        kind: ReportKind,
        /// One line a product; none in a negative report.
        lines: Vec<ReportLine>,
        /// The last day on which it may be sent.
        due: Option<Date>,
    }
}

events! {
    /// One event of the file of monthly reports.
    MonthlyEvent {
        /// It was sent.
        Submitted "online.report-submitted" {
            /// The report.
            report: MonthlyReport,
            /// DEA's confirmation.
            confirmation: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// Makes the report of the month that begins on `month` from everything that was dispensed in it, by any means. `reverted`
/// is the day on which the pharmacy went back to retail only.
///
/// # Errors
/// When the rulebook cannot be asked.
pub fn report(
    profile: &Profile,
    month: Date,
    dispensed: &[Dispensed],
    reverted: Option<Date>,
) -> Result<MonthlyReport, Refusal> {
    let first = month.first_of_month();
    let mut sums: BTreeMap<&Ndc, u64> = BTreeMap::new();
    let mut prescriptions: Vec<&str> = Vec::new();
    for one in dispensed.iter().filter(|one| one.on.first_of_month() == first) {
        let sum = sums.entry(&one.ndc).or_default();
        *sum = sum.saturating_add(one.units);
        prescriptions.push(&one.prescription);
    }
    prescriptions.sort_unstable();
    prescriptions.dedup();
    let mut facts = Online::new();
    facts.modified_registration = true;
    facts.prescriptions = u64::try_from(prescriptions.len()).ok();
    facts.units = Some(sums.values().fold(0, |sum: u64, units| sum.saturating_add(*units)));
    let mut told = Month::new();
    told.reverted = reverted;
    let question = Question::new(first, Request::MonthlyReport {}).with(|all| {
        all.online = facts;
        all.month = Some(Box::new(told));
    });
    let kind = ReportKind::parse(ask::word(profile, &question)?).unwrap_or(ReportKind::Full);
    let lines = match kind {
        ReportKind::Full => sums.into_iter().map(|(ndc, units)| ReportLine { ndc: ndc.clone(), units }).collect(),
        ReportKind::Negative | ReportKind::None => Vec::new(),
    };
    Ok(MonthlyReport { month: first, kind, lines, due: ask::last_day(profile, Event::OnlineMonth, first) })
}

/// The day until which a report sent on `sent` is kept, by the rulebook.
pub fn kept_until(profile: &Profile, sent: Date) -> Option<Date> {
    let question = Question::new(sent, Request::Retain { record: Record::MonthlyReport });
    match ask::decided(profile, &question).ok()?.verdict {
        Verdict::Value(Answer::Date(day)) => Some(day),
        _ => None,
    }
}
