//! What the service provider checks itself (1311.105(c) of the proposal), each with source, time, person and result.

use crate::proofing::StateCode;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_model::{Actor, RegistrationKey, Schedule};

words! {
    /// What was checked.
    CheckKind {
        /// (c)(1) The licence to practise, with the State, whatever the profession.
        Licence = "licence",
        /// (c)(1) The appointment at a Veterans Affairs facility, or a contractor's eligibility and use of its registration.
        Appointment = "appointment",
        /// (c)(2) The State's separate controlled substance registration.
        StateRegistration = "state-registration",
    }
}

words! {
    /// What the authority answered.
    CheckResult {
        /// Current and in good standing.
        Good = "good",
        /// Not current, or not in good standing.
        NotGood = "not-good",
    }
}

/// One check with an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub kind: CheckKind,
    /// In which State.
    pub state: StateCode,
    /// The answer.
    pub result: CheckResult,
    /// The schedules that the State lets the practitioner prescribe, as the authority states them.
    pub schedules: Vec<Schedule>,
    /// The last day on which the licence or registration is valid, if the authority states one.
    pub valid_until: Option<Date>,
    /// Where the answer comes from: the board's look-up, a letter.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub by: Actor,
}

words! {
    /// How the practitioner was reached.
    ContactMode {
        /// By telephone at the registered location.
        Telephone = "telephone",
        /// In person at the registered location.
        InPerson = "in-person",
    }
}

words! {
    /// Where the telephone number comes from.
    NumberSource {
        /// A public source, which is named.
        Public = "public",
        /// The practitioner's own application; does not serve.
        Application = "application",
    }
}

words! {
    /// What the practitioner answered.
    ContactAnswer {
        /// Yes, I apply.
        Confirmed = "confirmed",
        /// No, I do not.
        Denied = "denied",
        /// Nobody was reached.
        NotReached = "not-reached",
    }
}

/// (c)(5) A call or visit at the registered location of one registration, to confirm the intent to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The registration whose registered location it was; for an exempt official the branch, called at the duty station.
    pub registration: RegistrationKey,
    /// How.
    pub mode: ContactMode,
    /// The number dialled, or the address visited.
    pub place: String,
    /// For a call: where the number comes from.
    pub source: NumberSource,
    /// For a call: the public source by name.
    pub named: String,
    /// The answer.
    pub answer: ContactAnswer,
    /// When.
    pub at: Timestamp,
    /// Who called or went.
    pub by: Actor,
}
