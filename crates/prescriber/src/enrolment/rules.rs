//! What an act of enrolment is measured by: the law on a day, and the deployment that enrols.

use crate::proofing::StateCode;
use jiff::civil::Date;
use theriac_law::edition::{Bound, Law};
use theriac_law::{Profile, parameter};

/// Which of the two ways to grant the right to sign a deployment follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Practices of individual registrants: one controller enters, another, who is a registrant, approves with two factors
    /// (21 CFR 1311.125).
    Practice,
    /// An institutional practitioner: two of its office list the person, one enters, one of a separate unit executes
    /// (21 CFR 1311.130).
    Institution,
}

/// The service provider: whoever runs the deployment and answers for enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The legal name.
    pub name: String,
    /// How it grants.
    pub kind: ProviderKind,
    /// States that want a controlled substance registration of their own beside the licence (1311.105(c)(2)). Which they
    /// are is State law, so the deployment lists them.
    pub separate_registration: Vec<StateCode>,
}

/// The law and the deployment, on a day.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The law that applies.
    pub profile: &'a Profile,
    /// The local date at the deployment.
    pub today: Date,
    /// The service provider.
    pub provider: &'a Provider,
}

impl Rules<'_> {
    /// What a parameter of the law comes to today; `None` when no edition of the profile speaks of it.
    pub fn bound(&self, id: &str) -> Option<Bound> {
        Law::on(self.profile, self.today, None).bound(parameter(id)?)
    }

    /// Whether a duty binds today.
    pub fn asks(&self, id: &str) -> bool {
        self.bound(id).is_some_and(|bound| bound.yes())
    }

    /// A number of the law today.
    pub fn number(&self, id: &str) -> Option<u64> {
        self.bound(id).map(|bound| bound.value)
    }
}
