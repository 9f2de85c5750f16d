//! Facts about central filling between two pharmacies.

use crate::read::block;

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
