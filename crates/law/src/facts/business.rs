//! Facts about registered places, their staff, their end, machines and kits.

use crate::read::block;
use crate::vocab::{
    Access, AddressStatus, CodeHolder, Licence, PatientKind, Schedule, Screening, Service, Source, Standing, Waiver,
};
use jiff::civil::Date;

block! {
    /// A place where controlled substances are to be handled.
    Place
    required {}
    stated {
        /// Where it stands with DEA.
        registration: Standing = Standing::Valid,
        /// The last day of the registration.
        expires: Option<Date> = None,
        /// DEA has received the renewal.
        renewal_received: bool = false,
        /// The State's pharmacy licence.
        licence: Licence = Licence::Valid,
        /// The address.
        address: AddressStatus = AddressStatus::Registered,
        /// The schedules of the registration; absent means all.
        schedules: Option<Vec<Schedule>> = None,
        /// The schedule that is handled.
        schedule: Schedule = Schedule::II,
        /// The initial inventory was taken.
        initial_inventory: bool = true,
        /// The substance was newly controlled or moved, and has not been counted since.
        uncounted_since_change: bool = false,
    }
}

block! {
    /// A move to another address.
    Move
    required {}
    stated {
        /// It crosses a State line.
        other_state: bool = false,
        /// The new State's licence, and its registration where it has one, exist.
        licensed_there: bool = true,
    }
}

block! {
    /// A registration that ends.
    Closing
    required {}
    stated {
        /// The certificate went back to DEA.
        certificate_returned: bool = true,
        /// Unused order forms that have not gone back.
        forms_left: u32 = 0,
        /// Units of stock that are left.
        stock_left: u64 = 0,
        /// Where the records will be kept is on record.
        records_place_given: bool = true,
    }
}

block! {
    /// A business that passes to another registrant.
    BusinessTransfer
    required {}
    stated {
        /// The day on which the Special Agent in Charge received the notice.
        notice_received: Option<Date> = None,
        /// That officer waived the period.
        waived: bool = false,
        /// The day of the complete inventory.
        inventory_taken: Option<Date> = None,
        /// Both registrants hold it: final for one, initial for the other.
        inventory_with_both: bool = true,
        /// The records pass to the buyer with it.
        records_passed: bool = true,
        /// The buyer was registered before the transfer.
        early_registration: bool = false,
        /// The buyer owns another pharmacy licensed in the same State.
        other_pharmacy_in_state: bool = true,
    }
}

block! {
    /// An employee who is to get access.
    Employee
    required {
        /// What the screening found.
        screening: Screening,
    }
    stated {
        /// The access.
        access: Access = Access::Physical,
        /// The waiver.
        waiver: Waiver = Waiver::None,
        /// The day from which it is approved.
        waiver_from: Option<Date> = None,
    }
}

block! {
    /// An automated dispensing system at a long term care facility.
    Machine
    required {}
    stated {
        /// The pharmacy's registration at the facility.
        registration: Standing = Standing::Valid,
        /// DEA's registration section was contacted.
        contacted: bool = true,
        /// Each product has a bin of its own.
        own_bins: bool = true,
        /// Whoever takes the dose is authorised by the facility.
        user_authorized: bool = true,
        /// Doses released at once.
        doses: u32 = 1,
        /// The dose is released at the time of administration.
        at_administration: bool = true,
        /// There is a valid prescription.
        prescription_valid: bool = true,
        /// The pharmacy has disabled the drug.
        disabled: bool = false,
        /// The change is made by the pharmacy, from afar.
        by_pharmacy: bool = true,
    }
}

block! {
    /// An emergency kit in a facility that is not registered.
    Kit
    required {}
    stated {
        /// The State agency has approved it.
        approved: bool = true,
        /// Its source is a registered hospital, clinic, pharmacy or practitioner.
        source: Source = Source::Registered,
        /// The drug and the quantity are on the kit's list.
        within_list: bool = true,
        /// It is suspended for a breach.
        suspended: bool = false,
        /// A practitioner authorised the use.
        authorised_use: bool = true,
        /// Authorised personnel give it, in an emergency as defined.
        defined_emergency: bool = true,
        /// The periodic count is overdue.
        count_overdue: bool = false,
    }
}

block! {
    /// An official of a Federal service who prescribes.
    Official
    required {
        /// The branch of service or agency.
        service: Service,
    }
    stated {
        /// The official is also an officer of the Public Health Service.
        also_public_health: bool = false,
        /// For whom.
        patient: PatientKind = PatientKind::OfficialDuty,
        /// The service identification number.
        identification: Option<String> = None,
        /// A paper prescription shows the name stamped, typed or printed by hand.
        name_printed: bool = true,
    }
}

block! {
    /// A practitioner's use of a hospital's registration.
    Assignment
    required {}
    stated {
        /// The act is in the usual course of professional practice.
        usual_course: bool = true,
        /// The hospital has verified what the State permits the practitioner.
        verified: bool = true,
        /// The act is within the employment at that hospital.
        within_employment: bool = true,
        /// The last day of the assignment.
        ended: Option<Date> = None,
        /// Whose code it is, on the hospital's list.
        code_holder: CodeHolder = CodeHolder::ThisPractitioner,
        /// The institution was asked and confirmed it.
        confirmed: bool = false,
        /// The patient is under the institution's care.
        patient_of_institution: bool = true,
        /// A paper prescription shows the name stamped, typed or printed by hand.
        name_printed: bool = true,
    }
}

block! {
    /// A parcel in the mail, in more detail than [`super::Parcel`] tells.
    Mailing
    required {}
    stated {
        /// Who mails it.
        mailer: Source = Source::Registered,
        /// To whom it is addressed.
        addressee: Source = Source::Unregistered,
        /// The inner container is marked.
        inner_marked: bool = true,
        /// The outside bears a mark of what is inside.
        outside_mark: bool = false,
        /// The inner label names the dispenser.
        dispenser_name: bool = true,
        /// The inner label gives the dispenser's address.
        dispenser_address: bool = true,
        /// It is outwardly dangerous or harmful to life or health.
        dangerous: bool = false,
        /// The sender is registered as an exporter.
        exporter: bool = false,
        /// There is an export permit or declaration.
        export_paper: bool = false,
    }
}
