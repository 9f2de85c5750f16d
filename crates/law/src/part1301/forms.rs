//! 21 CFR 1301.13(e), 1301.35, 1301.76(b), 1305.03, 1304.21(e); cards, DEA forms: which form of DEA serves for what.
//!
//! One row a purpose.

use crate::edition::By;
use crate::rule::rule;
use crate::vocab::{FormNumber, FormPurpose};

rule!(FORMS: "1301.13-forms", "registration", "21 CFR 1301.13(e); Cards 2021, DEA Forms for Controlled Substances", By::ALL,
    "Each purpose has its form: 222 orders, 106 losses, 41 destruction, 224 dispensers, 225 others, 363 treatment programs, 510 chemicals",
    ["law-reg-form-by-activity", "law-reg-forms-index"]);

/// The form for this purpose.
pub(crate) const fn form(purpose: FormPurpose) -> FormNumber {
    match purpose {
        FormPurpose::OrderIiAndI => FormNumber::Form222,
        FormPurpose::TheftOrLoss => FormNumber::Form106,
        FormPurpose::Destruction => FormNumber::Form41,
        FormPurpose::RegisterDispenser => FormNumber::Form224,
        FormPurpose::RenewDispenser => FormNumber::Form224a,
        FormPurpose::RenewChain => FormNumber::Form224b,
        FormPurpose::RegisterManufacturer | FormPurpose::RegisterDistributor | FormPurpose::RegisterResearcher => {
            FormNumber::Form225
        }
        FormPurpose::RegisterTreatmentProgram => FormNumber::Form363,
        FormPurpose::RegisterChemicals => FormNumber::Form510,
        FormPurpose::Certificate => FormNumber::Form223,
    }
}
