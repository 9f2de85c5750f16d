//! Facts about dispensing by means of the Internet.

use crate::read::block;
use crate::vocab::{Evaluation, ExemptKind, Means, OnlineRole};
use jiff::civil::Date;

block! {
    /// What somebody does by means of the Internet.
    Website
    required {}
    stated {
        /// What the definition of an online pharmacy names.
        roles: Vec<OnlineRole> = Vec::new(),
        /// What the definition leaves out.
        exempt_as: Vec<ExemptKind> = Vec::new(),
        /// Something else is done there, too.
        other_activity: bool = false,
        /// The pharmacy dispensed the same drug to the patient before, on a prescription that did not come that way.
        dispensed_before: bool = true,
        /// The pharmacy contacted that practitioner at the patient's request.
        practitioner_contacted: bool = true,
        /// The practitioner found a legitimate medical purpose.
        purpose_found: bool = true,
        /// The automated system in the facility is registered to this pharmacy.
        system_registered_here: bool = true,
        /// The home page lists, or links to a list of, the affiliated practitioners.
        practitioners_listed: bool = true,
    }
}

block! {
    /// A State board and when it was told.
    BoardNotice
    required {
        /// The State, as two capital letters.
        state: String,
    }
    stated {
        /// The day on which its board was told; absent when it was not.
        notified: Option<Date> = None,
    }
}

block! {
    /// What goes where, and how the prescription came about.
    Shipment
    required {}
    stated {
        /// The State from which it goes.
        from: Option<String> = None,
        /// The State to which it goes.
        to: Option<String> = None,
        /// The States in which the pharmacy is licensed.
        licensed: Vec<String> = Vec::new(),
        /// The day of the application for a modified registration, which is the notice to DEA.
        applied: Option<Date> = None,
        /// The notices to State boards.
        boards: Vec<BoardNotice> = Vec::new(),
        /// How the practitioner knows the patient; where it is stated it decides.
        evaluation: Option<Evaluation> = None,
    }
}

block! {
    /// What was dispensed in a month by one means.
    ByMeans
    required {
        /// The means.
        by: Means,
    }
    stated {
        /// Prescriptions.
        prescriptions: u64 = 0,
        /// Dosage units.
        units: u64 = 0,
    }
}

block! {
    /// One line of a monthly report.
    ReportLine
    required {
        /// The National Drug Code.
        ndc: String,
        /// Dosage units dispensed.
        units: u64,
    }
    stated {}
}

block! {
    /// A month of a pharmacy with a modified registration.
    Month
    required {}
    stated {
        /// What was dispensed by each means.
        means: Vec<ByMeans> = Vec::new(),
        /// The day on which the pharmacy went back to retail only.
        reverted: Option<Date> = None,
        /// The lines of the report.
        lines: Vec<ReportLine> = Vec::new(),
        /// The codes of all products dispensed.
        dispensed: Vec<String> = Vec::new(),
    }
}
