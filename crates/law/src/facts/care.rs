//! Facts about long term care and central filling.

use crate::read::block;

block! {
    /// A pharmacy's automated dispensing system at a long term care facility.
    LtcfMachine
    required {}
    stated {
        /// The pharmacy is registered at the facility.
        registered_there: bool = true,
        /// State law permits the system there.
        state_permits: bool = true,
        /// Doses released at once.
        doses: u32 = 1,
        /// The dose is released at the time of administration.
        at_administration: bool = true,
        /// There is a valid prescription for the resident.
        prescription: bool = true,
        /// Who takes the dose is authorised.
        authorized_person: bool = true,
    }
}

block! {
    /// An emergency kit at a long term care facility.
    EmergencyKit
    required {}
    stated {
        /// The facility is registered with DEA.
        facility_registered: bool = false,
        /// The State has approved kits in such facilities, with procedures.
        state_approved: bool = true,
        /// An individual practitioner has authorised the dose.
        practitioner_order: bool = true,
    }
}

block! {
    /// What became of prescriptions sent to a central fill pharmacy, in one pharmacy's records.
    Disposition
    required {
        /// Prescriptions sent.
        sent: u64,
        /// Received back, or delivered.
        received: u64,
    }
    stated {
        /// Lost.
        lost: u64 = 0,
        /// Returned unfilled.
        returned: u64 = 0,
    }
}

block! {
    /// What became of them in the records of both pharmacies.
    Dispositions
    required {
        /// In the retail pharmacy's records.
        retail: Disposition,
        /// In the central fill pharmacy's records.
        central: Disposition,
    }
    stated {}
}
