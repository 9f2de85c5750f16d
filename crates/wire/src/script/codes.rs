//! Codes of the standard that bear on controlled substances.
//!
//! NCIt codes of schedules: NCPDP subset C89507 of the NCI Thesaurus. The others are those the Veterans Affairs system uses.

use theriac_model::{Branch, Schedule};

/// Schedules by NCIt code.
const SCHEDULES: [(&str, Schedule); 5] = [
    ("C48672", Schedule::I),
    ("C48675", Schedule::II),
    ("C48676", Schedule::III),
    ("C48677", Schedule::IV),
    ("C48679", Schedule::V),
];

/// What stands before the branch of an official without a registration number, in the identifier that the parties define.
const SERVICE: &str = "exempt-";

/// The identifier that the parties define, for an official of `branch` (21 CFR 1301.23(a)): `exempt-army/1234567890`.
pub fn service(branch: Branch, number: Option<&str>) -> String {
    number.map_or_else(|| format!("{SERVICE}{branch}"), |number| format!("{SERVICE}{branch}/{number}"))
}

/// Reads what [`service`] writes; `None` for an identifier of other parties.
pub fn service_of(text: &str) -> Option<(Branch, Option<&str>)> {
    let rest = text.trim().strip_prefix(SERVICE)?;
    let (branch, number) = rest.split_once('/').map_or((rest, None), |(branch, number)| (branch, Some(number)));
    Some((Branch::parse(branch)?, number))
}

/// "Unspecified": the sender says nothing about the schedule.
pub const SCHEDULE_UNSPECIFIED: &str = "C38046";

/// The NCIt code of a schedule.
pub fn schedule_code(schedule: Schedule) -> &'static str {
    SCHEDULES.iter().find(|row| row.1 == schedule).map_or(SCHEDULE_UNSPECIFIED, |row| row.0)
}

/// What a schedule's code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleCode {
    /// A schedule.
    Known(Schedule),
    /// Nothing is claimed.
    Unspecified,
    /// Not a code of the list.
    Unknown,
}

/// Reads an NCIt code, or a schedule in the form people write it.
pub fn read_schedule(text: &str) -> ScheduleCode {
    let text = text.trim();
    if text.eq_ignore_ascii_case(SCHEDULE_UNSPECIFIED) {
        return ScheduleCode::Unspecified;
    }
    let coded = SCHEDULES.iter().find(|row| row.0.eq_ignore_ascii_case(text)).map(|row| row.1);
    coded.or_else(|| Schedule::parse(text)).map_or(ScheduleCode::Unknown, ScheduleCode::Known)
}

/// Product code qualifier of an NDC.
pub const PRODUCT_NDC: &str = "ND";

/// `Quantity/CodeListQualifier`: the quantity as originally prescribed.
pub const QUANTITY_ORIGINAL: &str = "38";

/// `Quantity/CodeListQualifier`: the quantity that was dispensed.
pub const QUANTITY_RECEIVED: &str = "87";

/// `OtherMedicationDateQualifier` of the earliest date of filling, 21 CFR 1306.12(b).
pub const EFFECTIVE_DATE: &str = "EffectiveDate";

/// `DrugCoverageStatusCode` by which version 10.6 said that a prescription was signed.
pub const LEGACY_SIGNED: &str = "SI";

/// `DigestMethod` of the signature that travels with our messages.
pub const DIGEST_SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// `DigitalSignature/@Version` of our messages.
pub const SIGNATURE_VERSION: &str = "1.1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_by_code_or_by_name() {
        for schedule in Schedule::ALL {
            assert_eq!(read_schedule(schedule_code(schedule)), ScheduleCode::Known(schedule));
            assert_eq!(read_schedule(&format!(" c{schedule} ")), ScheduleCode::Known(schedule));
        }
        assert_eq!(read_schedule("C38046"), ScheduleCode::Unspecified);
        for text in ["", "C48674", "C48678", "48675", "VI", "none"] {
            assert_eq!(read_schedule(text), ScheduleCode::Unknown, "{text:?}");
        }
    }
}
