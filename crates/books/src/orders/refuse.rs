//! What orders refuse on their own account: numbers, states and files. What is law is asked of the rulebook.

use super::number::{FormNumber, OrderNumber};
use super::power::PowerSigner;
use super::register::FormState;
use theriac_model::Refusal;

/// 21 CFR 1305.05: powers of attorney.
const POWER: &str = "21 CFR 1305.05";
/// 21 CFR 1305.17: preservation of order forms.
const KEPT: &str = "21 CFR 1305.17";
/// 21 CFR 1305.16: lost and stolen forms.
const LOST: &str = "21 CFR 1305.16";
/// 21 CFR 1305.13: filling of forms.
const FILLED: &str = "21 CFR 1305.13";

pub(crate) fn power_exists() -> Refusal {
    Refusal::new("BOOKS-POWER-EXISTS", POWER, "a power of attorney of that name is in the file", "give it another name")
        .about("paper.id")
}

pub(crate) fn power_of_another() -> Refusal {
    let next = "file it with the registrant who grants it";
    Refusal::new("BOOKS-POWER-REGISTRANT", POWER, "the power of attorney is another registrant's", next)
        .about("paper.registrant")
}

pub(crate) fn power_blank(field: &'static str) -> Refusal {
    let what = "an entry of the power of attorney is blank";
    Refusal::new("BOOKS-POWER-BLANK", POWER, what, "fill it in before anybody signs").about(field)
}

pub(crate) fn power_unknown() -> Refusal {
    let what = "no power of attorney of that name is in the file, or it has been revoked";
    Refusal::new("BOOKS-POWER-UNKNOWN", POWER, what, "choose one of the file").about("id")
}

pub(crate) fn power_signer(capacity: PowerSigner) -> Refusal {
    let what = match capacity {
        PowerSigner::Grantor => "the paper names another grantor",
        PowerSigner::Attorney => "the paper authorises somebody else",
        PowerSigner::Witness => "a witness is neither party to the paper, and signs once",
    };
    Refusal::new("BOOKS-POWER-SIGNER", POWER, what, "let the person sign whom the paper names").about("signer")
}

pub(crate) fn power_revoker() -> Refusal {
    let what = "neither the grantor nor the signer of the latest application revokes it";
    Refusal::new("BOOKS-POWER-REVOKER", POWER, what, "let one of the two revoke it").about("grantor")
}

pub(crate) fn power_witnesses() -> Refusal {
    let next = "let two people witness the revocation";
    Refusal::new("BOOKS-POWER-WITNESSES", POWER, "fewer than two witnesses sign the revocation", next)
        .about("witnesses")
}

pub(crate) fn no_such_form(serial: &FormNumber) -> Refusal {
    let what = format!("no form {serial} came in");
    Refusal::new("BOOKS-FORM-UNKNOWN", KEPT, what, "take the forms in by their serial numbers first").about("serial")
}

pub(crate) fn form_is_used(serial: &FormNumber, state: FormState) -> Refusal {
    let what = format!("form {serial} is {state}");
    Refusal::new("BOOKS-FORM-USED", KEPT, what, "use a form that is blank").about("serial")
}

pub(crate) fn form_serial(serial: &FormNumber) -> Refusal {
    let what = format!("serial number {serial} is there already, twice, or begins no book");
    Refusal::new("BOOKS-FORMS-SERIAL", KEPT, what, "read the numbers again").about("serials")
}

pub(crate) fn forms_request() -> Refusal {
    let what = "a request names the registrant's own number, a telephone number and what it is about";
    Refusal::new("BOOKS-FORMS-REQUEST", "21 CFR 1305.11", what, "complete it").about("request")
}

pub(crate) fn no_open_report(of: u64) -> Refusal {
    let what = format!("no report is owed for event {of}");
    Refusal::new("BOOKS-FORMS-REPORT", LOST, what, "choose one of the reports that are owed").about("of")
}

pub(crate) fn reason_missing() -> Refusal {
    Refusal::new("BOOKS-ORDER-REASON", KEPT, "no reason is given", "say why").about("reason")
}

pub(crate) fn unsigned_file() -> Refusal {
    let what = "an electronic order is executed by its signed file, a form without one";
    Refusal::new("BOOKS-ORDER-UNSIGNED-FILE", "21 CFR 1305.22", what, "sign the electronic order first").about("digest")
}

pub(crate) fn no_such_line(line: u32) -> Refusal {
    let what = format!("the order has no line {line}");
    Refusal::new("BOOKS-ORDER-LINE", FILLED, what, "choose a line of the order").about("line")
}

pub(crate) fn line_is_closed(line: u32) -> Refusal {
    let what = if line == 0 {
        "nothing is outstanding on any line".to_owned()
    } else {
        format!("nothing is outstanding on line {line}")
    };
    Refusal::new("BOOKS-ORDER-CLOSED", "21 CFR 1305.19", what, "choose a line that is open").about("lines")
}

pub(crate) fn order_is_over(number: &OrderNumber) -> Refusal {
    let what = format!("order {number} was not accepted, or was declared lost");
    let next = "find the order that replaces it; return what belongs to none";
    Refusal::new("BOOKS-ORDER-OVER", LOST, what, next).about("order")
}

pub(crate) fn received_already(number: &OrderNumber) -> Refusal {
    let what = format!("something of order {number} has been received, so it reached the supplier");
    Refusal::new("BOOKS-ORDER-RECEIVED", LOST, what, "cancel or void what is outstanding").about("order")
}

pub(crate) fn no_replacement() -> Refusal {
    let what = "a replacement is another order of the same purchaser";
    Refusal::new("BOOKS-ORDER-REPLACEMENT", LOST, what, "execute the replacement first").about("replacement")
}

pub(crate) fn nothing_arrived() -> Refusal {
    Refusal::new("BOOKS-ORDER-EMPTY", FILLED, "a receipt of nothing", "record what came").about("packages")
}

pub(crate) fn too_many() -> Refusal {
    let what = "the packages hold more than is counted exactly";
    Refusal::new("BOOKS-TOO-LARGE", "21 CFR 1304.21(a)", what, "check the number of packages").about("packages")
}

pub(crate) fn reported_order(order: &str) -> Refusal {
    let short: String = order.chars().take(20).collect();
    let what = format!("{short:?} is the number of no order");
    Refusal::new("BOOKS-REPORTED-ORDER", "21 CFR 1305.03", what, "find the order").about("order")
}

pub(crate) fn reported_size(ndc: &theriac_model::Ndc) -> Refusal {
    let what = format!("neither the units nor the package of {} are known", ndc.as_str());
    Refusal::new("BOOKS-REPORTED-SIZE", "21 CFR 1304.22(c)", what, "import the drug file").about("ndc")
}
