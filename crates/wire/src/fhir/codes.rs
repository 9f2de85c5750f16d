//! Code systems that a draft reads, and the few codes it knows of each.

use theriac_model::DrugUnit;

/// RxNorm.
pub(super) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
/// National Drug Codes.
pub(super) const NDC: &str = "http://hl7.org/fhir/sid/ndc";
/// Units (UCUM).
pub(super) const UCUM: &str = "http://unitsofmeasure.org";
/// HL7's drug forms, which requests also use to count.
const DRUG_FORM: &str = "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm";
/// NCI Thesaurus, whose codes SCRIPT uses; three names of it are in use.
pub(super) const NCI: &str = "urn:oid:2.16.840.1.113883.3.26.1.1";
const NCI_OTHERS: [&str; 2] = ["http://ncimeta.nci.nih.gov", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"];
/// DEA registration numbers.
pub(super) const DEA: &str = "urn:oid:2.16.840.1.113883.4.814";
/// Types of identifiers.
pub(super) const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Elements of a prescription that FHIR has no place for, as extensions: this, and the element's tag.
pub(super) const OWN_ELEMENT: &str = "urn:theriac:prescription:1:";

/// Whether a system is the NCI Thesaurus.
pub(super) fn is_nci(system: &str) -> bool {
    system == NCI || NCI_OTHERS.contains(&system)
}

/// UCUM's units and annotations that count a drug.
const UCUM_UNITS: [(&str, DrugUnit); 22] = [
    ("mL", DrugUnit::Millilitre),
    ("ml", DrugUnit::Millilitre),
    ("g", DrugUnit::Gram),
    ("{tablet}", DrugUnit::Tablet),
    ("{Tablet}", DrugUnit::Tablet),
    ("{tbl}", DrugUnit::Tablet),
    ("{tab}", DrugUnit::Tablet),
    ("{capsule}", DrugUnit::Capsule),
    ("{Capsule}", DrugUnit::Capsule),
    ("{cap}", DrugUnit::Capsule),
    ("{patch}", DrugUnit::Patch),
    ("{Patch}", DrugUnit::Patch),
    ("{suppository}", DrugUnit::Suppository),
    ("{film}", DrugUnit::Film),
    ("{lozenge}", DrugUnit::Lozenge),
    ("{troche}", DrugUnit::Troche),
    ("{packet}", DrugUnit::Packet),
    ("{kit}", DrugUnit::Kit),
    ("{each}", DrugUnit::Each),
    ("{unit}", DrugUnit::Each),
    ("{tablets}", DrugUnit::Tablet),
    ("{capsules}", DrugUnit::Capsule),
];

/// HL7's drug forms that count a drug.
const FORM_UNITS: [(&str, DrugUnit); 5] = [
    ("TAB", DrugUnit::Tablet),
    ("CAP", DrugUnit::Capsule),
    ("PATCH", DrugUnit::Patch),
    ("SUPP", DrugUnit::Suppository),
    ("TROCHE", DrugUnit::Troche),
];

/// What a coded unit counts; `None` for a system or code not in our tables.
pub(super) fn drug_unit(system: &str, code: &str) -> Option<DrugUnit> {
    let of = |table: &[(&str, DrugUnit)]| table.iter().find(|row| row.0 == code).map(|row| row.1.clone());
    match system {
        UCUM => of(&UCUM_UNITS),
        DRUG_FORM => of(&FORM_UNITS),
        _ if is_nci(system) => known(DrugUnit::read(code)),
        _ => None,
    }
}

/// A unit of our table; `None` for any other text.
pub(super) fn known(unit: DrugUnit) -> Option<DrugUnit> {
    (!matches!(unit, DrugUnit::Other(_))).then_some(unit)
}

/// UCUM's code for what a unit counts, as we print it.
pub(super) fn ucum(unit: &DrugUnit) -> Option<&'static str> {
    UCUM_UNITS.iter().find(|row| row.1 == *unit).map(|row| row.0)
}

/// Units of a strength's numerator: UCUM's code and our name.
const STRENGTH_UNITS: [(&str, &str); 5] = [("mg", "mg"), ("ug", "mcg"), ("mcg", "mcg"), ("g", "g"), ("%", "%")];

/// Our name of a strength's unit; `None` for a code not in our table.
pub(super) fn strength_unit(code: &str) -> Option<&'static str> {
    STRENGTH_UNITS.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// States and territories: the abbreviation that a prescription bears, and the name that some systems write.
const STATES: [(&str, &str); 56] = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AS", "American Samoa"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("GU", "Guam"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("MP", "Northern Mariana Islands"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VI", "Virgin Islands"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// The abbreviation of a State written out; any other text as it is.
pub(super) fn state(text: &str) -> &str {
    STATES.iter().find(|row| row.1.eq_ignore_ascii_case(text)).map_or(text, |row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_by_system_and_code_and_printed_as_ucum() {
        for (system, code, unit) in [
            (UCUM, "{tbl}", Some(DrugUnit::Tablet)),
            (UCUM, "mL", Some(DrugUnit::Millilitre)),
            (DRUG_FORM, "CAP", Some(DrugUnit::Capsule)),
            (NCI, "C48542", Some(DrugUnit::Tablet)),
            (UCUM, "TAB", None),
            (NCI, "C00000", None),
            ("urn:other", "TAB", None),
        ] {
            assert_eq!(drug_unit(system, code), unit, "{system} {code}");
        }
        for (_, unit) in &UCUM_UNITS {
            assert_eq!(ucum(unit).and_then(|code| drug_unit(UCUM, code)).as_ref(), Some(unit));
        }
    }

    #[test]
    fn a_state_written_out_is_abbreviated() {
        assert_eq!(state("massachusetts"), "MA");
        assert_eq!(state("MA"), "MA");
        assert_eq!(state("Ontario"), "Ontario");
    }
}
