//! Prescription drug monitoring programmes (manual, section IX; cards, "Prescription Drug Monitoring Programs"): State law that Federal law only recommends.
//!
//! (a) The States run them; DEA endorses and does not regulate them: asking the programme is recommended. A State may require
//!     it, always, for a new drug, or for a patient or prescriber from outside the area. (b) A State chooses what is
//!     collected: schedules, and named products that are not controlled. (c) It sets how often: at once, by the end of the
//!     next day, in 72 hours, in seven days. (d) It may want the number of the identification. (e) Data go to prescribers and
//!     pharmacists, of other States where the State allows it, and to investigators who need to know.

use crate::decision::Answer;
use crate::edition::{By, Domain, Law, parameter};
use crate::facts::Monitoring;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{CheckDuty, NeedToKnow, Reader, Residence, Schedule};
use crate::when::When;
use theriac_model::calendar::days_after;

rule!(CHECK: "pdmp-check", "pdmp", "Manual 2010, section IX; Cards 2021, Prescription Drug Monitoring Programs", By::ALL,
    "Asking the monitoring programme is recommended; a State may require it, for all, new drugs, or strangers to the area",
    ["law-pdmp-not-federal", "law-pdmp-check-conditions", "pharm-pdmp-query-recorded"]);
rule!(COLLECTED: "pdmp-collected", "pdmp", "Cards 2021, Prescription Drug Monitoring Programs; State law", By::ALL,
    "A State chooses which schedules and which products beside them are reported, and how soon",
    ["law-pdmp-collected-scope", "law-pdmp-frequency", "pharm-pdmp-report-per-state"]);
rule!(NUMBER: "pdmp-identification", "identification", "Cards 2021, Dispensing Controlled Substances- Patient Identification Prior to Dispensing; State law", By::ALL,
    "Where a State wants it, the report has the number of the identification shown",
    ["law-id-pdmp-number"]);
rule!(ACCESS: "pdmp-access", "pdmp", "Cards 2021, Prescription Drug Monitoring Programs; Manual 2010, section IX", By::ALL,
    "Data go to authorised persons, of other States where allowed, and to investigators who need to know",
    ["law-pdmp-access"]);

/// When a State requires the programme to be asked.
const WHEN: &[&str] = &["always", "new-drug", "outside-area"];
/// What a State collects: the words of [`Schedule`], in its order; `none` stands for everything that is not controlled.
const SCHEDULES: &[&str] = &["I", "II", "III", "IV", "V", "none"];

parameter!(REQUIRED: "pdmp.check", "when the monitoring programme must be asked before dispensing", Union, Domain::Words(WHEN), []);
parameter!(COLLECTS: "pdmp.collected", "schedules that are reported to the monitoring programme", Union, Domain::Words(SCHEDULES), []);
parameter!(HOURS: "pdmp.report.hours", "hours in which a dispensing is reported; 24 ends with the next day", Min, Domain::Number("hours"), []);
parameter!(WITH_NUMBER: "pdmp.identification", "whether the report has the number of the identification shown", Required, Domain::YesNo, []);
parameter!(OTHER_STATES: "pdmp.out-of-state", "whether professionals of other States see the data", Permitted, Domain::YesNo, []);

const ALWAYS: u64 = 1;
const NEW_DRUG: u64 = 2;
const OUTSIDE: u64 = 4;

/// (a): what the law asks in this case.
pub(crate) fn duty(law: &Law<'_>, monitoring: &Monitoring) -> CheckDuty {
    let when = law.value(&REQUIRED, 0);
    let required = when & ALWAYS != 0
        || (when & NEW_DRUG != 0 && monitoring.new_drug)
        || (when & OUTSIDE != 0 && monitoring.outside_area);
    if required { CheckDuty::Required } else { CheckDuty::Recommended }
}

/// (a): whether a required look was had.
pub(crate) fn checked(law: &Law<'_>, monitoring: &Monitoring) -> Outcome {
    Outcome::unless(monitoring.checked || duty(law, monitoring) == CheckDuty::Recommended, || {
        let what = "the State requires the monitoring programme to be asked first";
        let denial = law.deny(
            &CHECK,
            Reason::MonitoringCheckMissing,
            "LAW-PDMP-CHECK",
            what,
            "ask the programme, record who asked, when and what came of it",
        );
        match law.bound(&REQUIRED) {
            Some(bound) => denial.by(&bound),
            None => denial,
        }
        .about("monitoring.checked")
    })
}

/// (b): whether the State collects this dispensing: by schedule, or because it names the product.
pub(crate) fn collected(law: &Law<'_>, schedule: Schedule, drug: Option<&str>) -> bool {
    law.value(&COLLECTS, 0) & crate::edition::bit(schedule) != 0 || drug.is_some_and(|drug| law.monitors(drug))
}

/// (c): until when it is reported; `None` where the State sets no time.
pub(crate) fn due(law: &Law<'_>, at: When) -> Option<Answer> {
    let hours = law.bound(&HOURS)?.value;
    match (hours, at) {
        (24, at) => days_after(at.date(), 1).map(Answer::Date),
        (hours, When::Instant(moment)) => moment.hours_later(u32::try_from(hours).ok()?).map(Answer::Instant),
        (hours, When::Day(day)) => days_after(day, u32::try_from(hours.div_ceil(24)).ok()?).map(Answer::Date),
    }
}

/// (d): whether the report has the number that the State wants.
pub(crate) fn numbered(law: &Law<'_>, number: Option<&str>) -> Outcome {
    let Some(bound) = law.bound(&WITH_NUMBER) else { return Outcome::NotApplicable };
    Outcome::unless(!bound.yes() || number.is_some_and(|number| !number.trim().is_empty()), || {
        let what = "the report lacks the number of the identification";
        let next = "ask for identification and add its number";
        law.deny(&NUMBER, Reason::ElementMissing, "LAW-PDMP-NUMBER", what, next)
            .by(&bound)
            .about("request.identification")
    })
}

/// (e): whether the data may be seen.
pub(crate) fn access(law: &Law<'_>, reader: Reader, from: Residence, need: NeedToKnow) -> Outcome {
    let (holds, what) = match reader {
        Reader::Prescriber | Reader::Pharmacist => (
            from == Residence::InState || law.says(&OTHER_STATES),
            "this State does not show its data to professionals of other States",
        ),
        Reader::Investigator => (need == NeedToKnow::Shown, "the investigator has not shown a need to know"),
        Reader::Unauthorized => (false, "the data go to prescribers, pharmacists and investigators only"),
    };
    Outcome::unless(holds, || {
        law.deny(&ACCESS, Reason::DisclosureNotAllowed, "LAW-PDMP-ACCESS", what, "do not show the data")
            .about("request.reader")
    })
}
