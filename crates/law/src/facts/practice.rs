//! Facts about a practitioner's authority, beyond registration and State in short.

use crate::read::block;
use crate::vocab::{Agreement, Complaint, Discipline, FieldOfPractice, Listing, PatientIs, PractitionerKind, Schedule};
use jiff::civil::Date;

block! {
    /// What is known of the prescriber's authority: discipline, State, scope.
    Practice
    required {}
    stated {
        /// What the prescriber is, when no physician, dentist, podiatrist or veterinarian.
        discipline: Option<Discipline> = None,
        /// The schedules that the State's table grants the discipline; absent when the table has no entry.
        state_grants: Option<Vec<Schedule>> = None,
        /// The day from which the table's entry holds.
        state_entry: Option<Date> = None,
        /// The agreement with a supervising physician.
        agreement: Agreement = Agreement::NotRequired,
        /// The day on which the State licence lapsed, was suspended or revoked.
        licence_ended: Option<Date> = None,
        /// The State in which the prescription was issued.
        issued_in: Option<String> = None,
        /// The States of the practitioner's licences.
        licensed_in: Vec<String> = Vec::new(),
        /// The States of the practitioner's registrations.
        registered_in: Vec<String> = Vec::new(),
        /// The field in which the practitioner works.
        field: Option<FieldOfPractice> = None,
        /// What the prescription treats.
        treats: Option<Complaint> = None,
        /// A pharmacist has resolved the question of scope, and it is recorded.
        scope_resolved: bool = false,
        /// How the patient stands to the prescriber.
        patient: PatientIs = PatientIs::Other,
        /// The registration number on the prescription.
        dea_number: Option<String> = None,
        /// For opioid dependence: the practitioner has the waiver of former law.
        waivered: bool = true,
        /// For opioid dependence: the patients treated at a time, this one included.
        patients: Option<u64> = None,
        /// For opioid dependence: the patients whom the waiver allows at a time.
        patient_cap: Option<u64> = None,
        /// For opioid dependence: the drug is approved for it.
        approved_for_dependence: bool = true,
    }
}

block! {
    /// What is known of the holder of a registration number.
    NumberHolder
    required {}
    stated {
        /// What the holder is recorded as.
        kind: Option<PractitionerKind> = None,
        /// The day on which the number was first issued.
        first_issued: Option<Date> = None,
        /// Whether the registrant list has the number, when it was asked.
        listing: Option<Listing> = None,
    }
}

block! {
    /// A narcotic treatment program.
    Program
    required {}
    stated {
        /// It has DEA's registration as a program.
        registered: bool = true,
        /// It has the federal certification.
        federally_certified: bool = true,
        /// The State has approved it.
        state_approved: bool = true,
    }
}
