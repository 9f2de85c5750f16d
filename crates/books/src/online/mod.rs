//! A pharmacy that dispenses by means of the Internet: its modified registration and application, its home page, its
//! monthly report. 21 U.S.C. 831; 21 CFR 1304.40 to 1304.55.

mod monthly;
mod site;
mod standing;

pub use monthly::{Dispensed, Means, MonthlyEvent, MonthlyReport, ReportKind, ReportLine, kept_until, report};
pub use site::{Block, ContractedPractitioner, HomePage, PharmacistInCharge, StateLicence, differs};
pub use standing::{Activity, BoardStanding, Exemption, ExemptionClass, OnlineEvent, OnlineRegistration, Sheet, sheet};
