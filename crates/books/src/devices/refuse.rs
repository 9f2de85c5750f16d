//! What machines and kits refuse on their own account.

use crate::commodity::StockUnit;
use theriac_model::{Ndc, Refusal};

/// 21 CFR 1301.27: automated dispensing systems at long term care facilities.
const MACHINES: &str = "21 CFR 1301.27";

pub(crate) fn no_such_bin() -> Refusal {
    Refusal::new("BOOKS-MACHINE-BIN", MACHINES, "the machine has no such bin", "choose a bin of the machine")
        .about("bin")
}

pub(crate) fn not_in_service() -> Refusal {
    let next = "record the contact with DEA's registration section and the registration, then activate it";
    Refusal::new("BOOKS-MACHINE-OFF", MACHINES, "the machine has not been put into operation", next).about("machine")
}

pub(crate) fn at_the_machine() -> Refusal {
    let what = "the change is tried at the machine";
    Refusal::new("BOOKS-MACHINE-LOCAL", MACHINES, what, "let the pharmacy change it").about("setting")
}

pub(crate) fn not_loaded(ndc: &Ndc) -> Refusal {
    let what = format!("no bin of the machine was loaded with NDC {ndc}");
    Refusal::new("BOOKS-MACHINE-DRUG", MACHINES, what, "choose a drug that the machine holds").about("ndc")
}

/// `how` is `in use` or `out of use`.
pub(crate) fn set_so(ndc: &Ndc, how: &str) -> Refusal {
    let what = format!("NDC {ndc} is {how} already");
    Refusal::new("BOOKS-MACHINE-DRUG", MACHINES, what, "leave it as it is, or choose another drug").about("ndc")
}

pub(crate) fn other_registration() -> Refusal {
    let what = "the product is in the books of another registration than the machine's pharmacy";
    Refusal::new("BOOKS-MACHINE-REGISTRATION", MACHINES, what, "load it from the pharmacy's own stock").about("product")
}

/// `what` is where the units are: `bin a1`, `the kit`.
pub(crate) fn holds_less(what: &str, unit: StockUnit, have: u64, wanted: u64) -> Refusal {
    let words = |units: u64| unit.in_words(i64::try_from(units).unwrap_or(i64::MAX));
    let what = format!("{what} holds {}, and {} are asked for", words(have), words(wanted));
    Refusal::new("BOOKS-MACHINE-EMPTY", MACHINES, what, "have it stocked").about("units")
}

pub(crate) fn nothing() -> Refusal {
    Refusal::new("BOOKS-MACHINE-NOTHING", MACHINES, "no units, or a blank entry", "write down what moved")
        .about("units")
}

pub(crate) fn not_on_list() -> Refusal {
    let what = "this person is not on the kit's list of access";
    Refusal::new("BOOKS-KIT-ACCESS", "45 FR 24128; Manual 2010, section XII", what, "let a listed person open it")
        .about("person")
}

pub(crate) fn no_breach() -> Refusal {
    let what = "the kit is not suspended, or whoever releases it is not named";
    Refusal::new("BOOKS-KIT-RELEASE", "45 FR 24128; Manual 2010, section XII", what, "choose a suspended kit")
        .about("kit")
}
