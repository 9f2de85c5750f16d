//! Refusals of incidents.

use theriac_model::Refusal;

/// 21 CFR 1301.76(b): the notice and the form.
const LOSS: &str = "21 CFR 1301.76(b)";

pub(crate) fn told(field: &'static str) -> Refusal {
    Refusal::new("BOOKS-INCIDENT-FIELD", LOSS, format!("{field} is missing"), "enter it, then record the step")
        .about(field)
}

pub(crate) fn closed() -> Refusal {
    Refusal::new("BOOKS-INCIDENT-CLOSED", LOSS, "the case is closed", "open a new case, or file an amended form")
        .about("incident")
}

pub(crate) fn not_ours(reporter: &str) -> Refusal {
    Refusal::new(
        "BOOKS-INCIDENT-REPORTER",
        "21 CFR 1301.74(e), 1301.76(d)",
        format!("this loss is for the {reporter} to report"),
        "tell the supplier, and record that it was told",
    )
    .about("incident")
}

pub(crate) fn not_authorised() -> Refusal {
    Refusal::new(
        "BOOKS-INCIDENT-SIGNER",
        LOSS,
        "whoever signs is not among those whom the registrant has authorised",
        "let an authorised individual sign, or have the authority recorded",
    )
    .about("signer")
}

pub(crate) fn no_lines() -> Refusal {
    Refusal::new(
        "BOOKS-106-LINES",
        LOSS,
        "the books hold no entry of this incident",
        "post what is missing to the incident, then fill the form",
    )
    .about("lines")
}

pub(crate) fn another_event() -> Refusal {
    Refusal::new(
        "BOOKS-106-ONE-EVENT",
        LOSS,
        "a form reports one theft or loss, this one has entries of another",
        "file a form for each incident",
    )
    .about("lines")
}
