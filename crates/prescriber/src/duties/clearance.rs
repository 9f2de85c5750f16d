//! Whether a practitioner may issue electronically today, all signatures and tokens aside.

use super::event::{Acknowledged, Outcome};
use super::record::Duties;
use crate::audit::{AuditGate, Standing};
use crate::terms::Terms;
use jiff::civil::Date;
use theriac_law::When;
use theriac_model::{Edition, Refusal};

/// The proof that provider and practitioner have done what must be done before a signature: the audit gate is open, the
/// practitioner's responsibilities are acknowledged, and the audit report was looked at in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearance {
    practitioner: String,
    on: Date,
    report: String,
}

impl Clearance {
    /// Asks for clearance on `day`.
    ///
    /// # Errors
    /// The first that does not hold: the gate's reason; a statement not acknowledged; no determination, one that is older
    /// than the profile allows or than the last adverse finding, or one that the system does not meet the rules.
    pub fn ask(duties: &Duties, gate: &AuditGate, day: Date, terms: Terms<'_>) -> Result<Self, Refusal> {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.155(f)";
        let report = match gate.standing(day, terms) {
            Standing::Open { report, .. } => report,
            Standing::Shut(refusal) => return Err(*refusal),
        };
        for what in Acknowledged::ALL {
            if duties.acknowledged(*what).is_none() {
                return Err(Refusal::new(
                    "RX-DUTY-NOT-ACKNOWLEDGED",
                    what.cite(),
                    format!("the practitioner has not acknowledged the statement on {what}"),
                    "show the practitioner the statement and have it acknowledged",
                ));
            }
        }
        let refuse = |code, what: String, next: &'static str| {
            Err(Refusal::new(code, CITE, what, next).under(Edition::Proposed2008))
        };
        let Some(determination) = duties.determination() else {
            return refuse(
                "RX-DUTY-NOT-DETERMINED",
                "the practitioner has not determined from the audit report that the system meets the rules".to_owned(),
                "open the audit report, read it and record the determination",
            );
        };
        if determination.outcome == Outcome::DoesNotMeet {
            return refuse(
                "RX-DUTY-UNFIT",
                "the practitioner determined that the system does not meet the rules".to_owned(),
                "prescribe on paper; read the next audit report and record the determination",
            );
        }
        let determined = determination.at.date();
        let ended = terms.months("audit.report-check.months", determined).map(|deadline| deadline.due);
        if let Some(When::Day(last)) = ended
            && day > last
        {
            return refuse(
                "RX-DUTY-DETERMINED-LATE",
                format!("the determination from the audit report served until {last}"),
                "open the audit report, read it and record the determination again",
            );
        }
        if gate.stopped().is_some_and(|stopped| determined <= stopped) {
            return refuse(
                "RX-DUTY-DETERMINED-BEFORE",
                "an adverse finding came after the practitioner's determination".to_owned(),
                "open the later favourable report, read it and record the determination again",
            );
        }
        Ok(Self { practitioner: duties.practitioner().to_owned(), on: day, report })
    }

    /// Whether it was given for this practitioner and this day.
    ///
    /// # Errors
    /// When it was not.
    pub fn covers(&self, practitioner: &str, day: Date) -> Result<(), Refusal> {
        if self.practitioner == practitioner && self.on == day {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-SIGN-NOT-CLEARED",
            "21 CFR 1311.300; 73 FR 36722, proposed 21 CFR 1311.150(a), 1311.155",
            format!("the clearance is of {}, or for somebody else", self.on),
            "ask for clearance on the day of signing, for the practitioner who signs",
        ))
    }

    /// The practitioner who is cleared.
    pub fn practitioner(&self) -> &str {
        &self.practitioner
    }

    /// The day.
    pub fn on(&self) -> Date {
        self.on
    }

    /// The audit report that holds the gate open.
    pub fn report(&self) -> &str {
        &self.report
    }
}
