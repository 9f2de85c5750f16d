//! Where stock is kept, and how it is kept safe (21 CFR 1301.75(b)).

use crate::account::{Account, Side};
use crate::commodity::Commodity;
use crate::stock::Stock;
use crate::words::words;

words! {
    /// How stock in a place is kept safe.
    Safekeeping {
        /// In a locked cabinet of substantial construction.
        Locked "locked",
        /// Dispersed among stock that is not controlled, so that theft is obstructed.
        Dispersed "dispersed",
    }
}

/// A place of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoragePlace {
    /// Its account.
    pub account: Account,
    /// How it is kept safe.
    pub safekeeping: Safekeeping,
}

/// Where a product lies: every account on hand that holds some of it, with what it holds and how that place is kept safe;
/// `None` for a place of which nobody has said how.
pub fn where_is<'a>(
    stocks: impl IntoIterator<Item = &'a Stock>,
    commodity: &Commodity,
    places: &[StoragePlace],
) -> Vec<(Account, i64, Option<Safekeeping>)> {
    let ours = stocks.into_iter().filter(|stock| stock.commodity() == commodity);
    let held = ours.flat_map(Stock::balances).filter(|(account, held)| account.side() == Side::OnHand && *held > 0);
    held.map(|(account, held)| {
        let place = places.iter().find(|place| place.account == *account);
        (account.clone(), held, place.map(|place| place.safekeeping))
    })
    .collect()
}
