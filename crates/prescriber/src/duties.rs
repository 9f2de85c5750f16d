//! What the rules ask of the practitioner in person: to acknowledge, to keep the token, to tell, to review, to determine.
//!
//! (2008: 1311.100(c), 1311.200(d)) The practitioner answers for the conformity of what is issued.
//! (2008: 1311.155(b), 1311.255(a)) The token stays in the practitioner's sole possession, the password with nobody else.
//! (2008: 1311.155(c); in force: 1311.102) A lost, stolen or compromised token is told within 12 hours (one business day)
//!     of discovery. It is revoked at once, in time or late, and no token is needed to tell it.
//! (2008: 1311.155(d)) The monthly log is reviewed: [`crate::log`].
//! (2008: 1311.155(e); in force: 1311.102) A prescription not signed, or not as signed, is told to provider and DEA
//!     within 12 hours of discovery.
//! (2008: 1311.155(f)) At first and every year the practitioner determines from the audit report whether the system meets the
//!     rules, and stops at once when it does not.
//!
//! [`Clearance`] is what all of this leaves behind: without one the practitioner's prescriptions stay unsigned.

mod clearance;
mod event;
mod page;
mod preparation;
mod record;

pub use clearance::Clearance;
pub use event::{Acknowledged, DutyEvent, Ground, Outcome};
pub use page::{Duty, DutyState, DutyStatus, page};
pub use preparation::{Preparation, preparation};
pub use record::{Dispute, Disputed, Duties, TokenReported, Use, uses};
