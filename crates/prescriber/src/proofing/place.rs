//! Where the practitioner wants to prescribe, and by which authority: one place for each registration.

use crate::proofing::Said;
use jiff::civil::Date;
use std::fmt;
use theriac_model::{Branch, DeaNumber, NotADeaNumber, Registration};

/// The States, the District and the territories whose practitioners DEA registers.
const STATES: &str = "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM \
    NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY";

/// A State, the District of Columbia or a territory, by its two letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateCode([u8; 2]);

impl StateCode {
    /// Reads two letters in any case; `None` for letters that no State has.
    pub fn parse(text: &str) -> Option<Self> {
        let mut raw: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
        raw.make_ascii_uppercase();
        let found = STATES.split(' ').any(|state| state.as_bytes() == raw);
        found.then_some(Self(raw))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        // INVARIANT: `parse` admits the letters of the list only.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateCode({self})")
    }
}

/// By what the State, or the Department of Veterans Affairs in its place, lets the practitioner practise (1311.105(a)(4)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// (i) A State licence.
    Licence {
        /// The licensing authority's name.
        authority: String,
        /// The licence number.
        number: String,
    },
    /// (ii) An employee of a Veterans Affairs facility, duly appointed (38 U.S.C. 7401-7408).
    VeteransEmployee {
        /// The facility.
        facility: String,
        /// Whether the document confirms the appointment.
        appointed: Said,
    },
    /// (iii) A contractor at such a facility (38 U.S.C. 8153).
    VeteransContractor {
        /// The facility.
        facility: String,
        /// Whether the document confirms that the criteria for appointment are met.
        eligible: Said,
        /// Whether it confirms prescribing under the facility's registration.
        under_facility: Said,
    },
}

impl Authority {
    /// Whether a Veterans Affairs appointment stands in the place of a State licence.
    pub const fn is_appointment(&self) -> bool {
        matches!(self, Self::VeteransEmployee { .. } | Self::VeteransContractor { .. })
    }
}

/// Under which registration the practitioner prescribes there (1311.105(a)(5), (6)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Under {
    /// The practitioner's own.
    Own {
        /// The registration number as written.
        number: String,
        /// Its last day.
        expires: Option<Date>,
    },
    /// An institution's, with the internal code it assigned.
    Institution {
        /// The institution's registration number as written.
        number: String,
        /// The internal code.
        internal_code: String,
        /// Whether the institution states that the practitioner may use its registration.
        acknowledged: Said,
    },
    /// None: an official of a service or agency, exempt in official duty (21 CFR 1301.23(a)). The service identification
    /// number does not stand here: it is kept sealed.
    Service {
        /// The branch of service or agency as written.
        branch: String,
        /// Whether the service confirms that the practitioner prescribes for it.
        confirmed: Said,
        /// The last day for which it confirms that.
        until: Option<Date>,
    },
}

/// One place of intended prescribing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The State's two letters as written.
    pub state: String,
    /// By what authority.
    pub authority: Authority,
    /// Under which registration.
    pub under: Under,
}

impl Place {
    /// The State; `None` for letters that no State has.
    pub fn state_code(&self) -> Option<StateCode> {
        StateCode::parse(&self.state)
    }

    /// The registration as it will stand on prescriptions.
    ///
    /// # Errors
    /// When the number, or the internal code, is not one.
    pub fn registration(&self) -> Result<Registration, NotADeaNumber> {
        match &self.under {
            Under::Own { number, .. } => DeaNumber::parse(number.trim()).map(Registration::Own),
            Under::Institution { number, internal_code, .. } => {
                Registration::parse(&format!("{}-{}", number.trim(), internal_code.trim()))
            }
            Under::Service { branch, .. } => {
                Branch::parse(branch).map(Registration::Exempt).ok_or(NotADeaNumber::Shape)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_one_that_has_registrants() {
        assert_eq!(StateCode::parse(" az ").map(|state| state.to_string()), Some("AZ".to_owned()));
        for text in ["", "A", "XX", "AZ1", "ÄZ"] {
            assert_eq!(StateCode::parse(text), None, "{text}");
        }
    }
}
