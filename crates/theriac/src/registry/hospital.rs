//! An institution's internal codes, kept current by enrolment and shown to whoever verifies one (21 CFR 1301.22(c)(6);
//! manual, section IX): whose code it is, since when, and whether it stands. No prescription is named.

use crate::house::House;
use crate::house::record::Fault;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_model::{DeaNumber, Registration};
use theriac_prescriber::access::GrantStage;

/// Whose an internal code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeHolder {
    pub(crate) practitioner: String,
    /// The number with its code, as prescriptions bear it.
    pub(crate) registration: String,
    /// The day on which the practitioner was entered with it.
    pub(crate) since: Date,
    /// `may sign`, `not granted`, `suspended` or `revoked`.
    pub(crate) status: &'static str,
    /// The day of the last change of that status, where one is recorded.
    pub(crate) changed: Option<Date>,
    /// The last day of the institution's registration, by its last check.
    pub(crate) expires: Option<Date>,
}

const fn says(stage: GrantStage) -> &'static str {
    match stage {
        GrantStage::None | GrantStage::First => "not granted",
        GrantStage::InForce => "may sign",
        GrantStage::Suspended => "suspended",
        GrantStage::Revoked => "revoked",
    }
}

impl House {
    /// Who holds a code of this institution: everybody whose enrolment bears it, the one who may sign first. A code is compared
    /// as it is written, in upper or lower case.
    pub(crate) fn code_holders(&self, institution: DeaNumber, code: &str) -> Result<Vec<CodeHolder>, Fault> {
        let rows = self.store.query("SELECT id FROM people WHERE role = 'prescriber' ORDER BY id", &[])?;
        let mut holders = Vec::new();
        for row in &rows {
            let person = row.text(0)?;
            let (signer, _) = self.signer(person)?;
            let Some(application) = signer.enrolment().application() else { continue };
            let wanted = |held: &Registration| match held {
                Registration::Institutional { number, internal_code } => {
                    *number == institution && internal_code.eq_ignore_ascii_case(code)
                }
                _ => false,
            };
            let Some(intended) = application.intends.iter().find(|intended| wanted(&intended.registration)) else {
                continue;
            };
            let stage = signer.grant_stage();
            holders.push(CodeHolder {
                practitioner: application.name.clone(),
                registration: intended.registration.to_string(),
                since: self.day_at(application.at),
                status: says(stage),
                changed: self.grant_changed(person)?,
                expires: signer.registration(institution).map(|checked| checked.expires),
            });
        }
        holders.sort_by_key(|holder| holder.status != "may sign");
        Ok(holders)
    }

    fn day_at(&self, at: Timestamp) -> Date {
        self.clock.zone().to_datetime(at).date()
    }

    /// The day of the last record that gave, rested or took the right.
    fn grant_changed(&self, person: &str) -> Result<Option<Date>, Fault> {
        let entries = self.store.stream(&crate::practice::signer_stream(person))?;
        let last = entries.iter().rev().find(|entry| {
            ["granted", "executed", "suspended", "restored", "revoked"].iter().any(|end| entry.kind.ends_with(end))
        });
        let at = last.and_then(|entry| Timestamp::from_millisecond(entry.at_ms).ok());
        Ok(at.map(|at| self.day_at(at)))
    }
}
