//! Theft and loss: from the suspicion to the end of the case (21 CFR 1301.74(c), 1301.76(b); manual, section V).
//!
//! An incident has its own stream and its own account in the books of each product. The notice is due one business day
//! after discovery, Form 106 is filled from the entries, and a decision not to report answers six factors by name. The
//! small losses of a product, a place or a person are added up over time, with the entries that show them.

mod codec;
mod event;
mod figures;
mod form_106;
mod incident;
mod others;
mod patterns;
mod refusals;

pub use event::{Assessed, Custody, Discovery, FiledForm, IncidentEvent, Notice, OthersTold, SupplierTold, Transit};
pub use figures::{DiscrepancyLine, Figures, discrepancy_log};
pub use form_106::{Block, BlockValue, Details, Form106, Form106Line, PoliceReport};
pub use incident::{Authorised, Clock, ClockState, FileLine, Incident, loss_file};
pub use others::{ChemicalLoss, Crime, clerical_on_form_106};
pub use patterns::{Pattern, PatternKey, PatternRule, Shortage, ShortageSource, patterns, shortages};
