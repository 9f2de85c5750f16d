//! The refusals of this reader. The citation is the duty to check registrations against the data.

use super::layout::Field;
use std::borrow::Cow;
use theriac_model::{Edition, Refusal};

/// Registration status data of DEA, and the duty to look into it.
const CITE: &str = "73 FR 36722, 36742; proposed 21 CFR 1311.135(c)";
const NEXT: &str = "read the registration at DEA's own look-up, and ask DEA for a corrected file";

fn refusal(code: &'static str, what: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::new(code, CITE, what, NEXT).under(Edition::Proposed2008)
}

/// The line has another length, or another count of fields, than the layout of the file.
pub(super) fn shape(what: String) -> Refusal {
    refusal("WIRE-REGISTRANT-LINE", what)
}

/// A field does not serve.
pub(super) fn field(field: Field, what: impl Into<Cow<'static, str>>) -> Refusal {
    refusal("WIRE-REGISTRANT-FIELD", what).about(field.name())
}
