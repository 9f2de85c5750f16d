//! 21 CFR 1311.100(b), 1311.115(c), 1311.165, 1311.175 (2008); 1311.100, 1311.200, 1311.205 (in force): a pharmacy accepts
//! an electronic prescription.
//!
//! (1311.100(b)) Made with an application that does not meet the rules it is not a valid prescription. Approval that is
//!     awaited is not approval: the practitioner is asked (cards).
//! (1311.170(h), 1311.175(a)) The pharmacy's own application meets the rules.
//! (1311.115(c)) It carries one DEA number, the issuer's.
//! (1306.08(d), 1311.130(f)) Changed content makes it invalid; changed format does not.
//! (1311.165(a)) The registration was valid at signing, by registrant data at most seven days old.
//! (1311.165(b), (c)) It shows that it was signed and bears everything required; see part 1306.
//! What is accepted is archived as received and signed digitally.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Electronic;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Alteration, Compliance, Form};

rule!(IS_ELECTRONIC: "1311.165-form", "electronic", "21 CFR 1306.08(b)", By::ALL,
    "The pharmacy's application receives electronic prescriptions only",
    ["epcs-1306.08-b"]);
rule!(PHARMACY: "1311.175-pharmacy", "electronic", "21 CFR 1311.200(a); 2008: 1311.170(h), 1311.175(a)", By::P08.and(By::CFR),
    "The pharmacy's application meets the rules",
    ["law-elec-pharmacy-duties", "epcs-1306.08-b"]);
rule!(SOFTWARE: "1311.100-application", "electronic", "21 CFR 1311.100; 2008: 1311.100(b)", By::ALL,
    "A prescription from an application that does not meet the rules, or awaits approval, is not valid",
    ["law-elec-software-approved", "law-elec-issuer-duties", "law-elec-allowed-all-schedules", "epcs-1311.100-b"]);
rule!(ONE_NUMBER: "1311.115-one-number", "electronic", "2008: 21 CFR 1311.115(c)", By::P08,
    "An electronic prescription carries the DEA number of the issuing practitioner only",
    ["law-cont-multiple-dea-refused", "epcs-1311.115-c-1"]);
rule!(UNALTERED: "1306.08-unaltered", "electronic", "21 CFR 1311.170(e); 2008: 1306.08(d), 1311.130(f)", By::P08.and(By::CFR),
    "Content changed in transmission makes the prescription invalid; a changed format does not",
    ["law-elec-altered-invalid", "law-amend-electronic-transmission-change", "epcs-1306.08-d"]);
rule!(FRESH: "1311.165-registry", "electronic", "2008: 21 CFR 1311.165(a)", By::P08,
    "The registrant data used to check a registration are at most seven days old",
    ["epcs-1311.165-a-2"]);

parameter!(NUMBERS: "receive.dea-numbers", "DEA numbers that an electronic prescription may carry", Min, Domain::Number("numbers"),
    [Row::of(By::P08, 1, "2008: 21 CFR 1311.115(c)")]);
parameter!(REGISTRY_DAYS: "receive.registry.days", "age in days that registrant data may have", Min, Domain::Number("days"),
    [Row::of(By::P08, 7, "2008: 21 CFR 1311.165(a)")]);
parameter!(ARCHIVE: "receive.archive", "whether what is accepted is archived as received and signed digitally", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.160").begun_later(),
    Row::of(By::CFR, 1, "21 CFR 1311.205(b), 1311.210"),
]);

/// Whether it is electronic at all.
pub(crate) fn is_electronic(law: &Law<'_>, form: Form) -> Outcome {
    Outcome::unless(form == Form::Electronic, || {
        law.deny(
            &IS_ELECTRONIC,
            Reason::FormNotAllowed,
            "LAW-1311.165-FORM",
            format!("it came as {form}"),
            "process it as what it is",
        )
        .about("prescription.form")
    })
}

/// Whether the pharmacy's application serves.
pub(crate) fn pharmacy(law: &Law<'_>, electronic: &Electronic) -> Outcome {
    Outcome::unless(electronic.pharmacy_system == Compliance::Compliant, || {
        law.deny(
            &PHARMACY,
            Reason::SystemNotCompliant,
            "LAW-1311.175-PHARMACY",
            "the pharmacy's application does not meet the rules",
            "ask for a paper prescription until the application has passed its audit",
        )
        .about("electronic.pharmacy_system")
    })
}

/// Whether the prescriber's application serves.
pub(crate) fn software(law: &Law<'_>, electronic: &Electronic) -> Outcome {
    let what = match electronic.prescriber_software {
        Compliance::Compliant => return Outcome::Satisfied,
        Compliance::NonCompliant => "the practitioner's application does not meet the rules",
        Compliance::Pending => "the practitioner's application awaits approval",
    };
    let next =
        "ask the practitioner; a fresh oral or signed paper prescription may take its place where the schedule allows";
    let denial = law.deny(&SOFTWARE, Reason::SystemNotCompliant, "LAW-1311.100-APPLICATION", what, next);
    Outcome::Violated(Box::new(denial.about("electronic.prescriber_software")))
}

/// Whether it carries one number.
pub(crate) fn one_number(law: &Law<'_>, electronic: &Electronic) -> Outcome {
    let Some(bound) = law.bound(&NUMBERS) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(electronic.dea_numbers) <= bound.value, || {
        law.deny(
            &ONE_NUMBER,
            Reason::MultipleRegistrations,
            "LAW-1311.115-NUMBERS",
            format!("it carries {} DEA numbers", electronic.dea_numbers),
            "ask for a prescription with the issuing practitioner's number only",
        )
        .by(&bound)
        .about("electronic.dea_numbers")
    })
}

/// Whether its content is as signed.
pub(crate) fn unaltered(law: &Law<'_>, electronic: &Electronic) -> Outcome {
    Outcome::unless(electronic.alteration != Alteration::Content, || {
        law.deny(
            &UNALTERED,
            Reason::Altered,
            "LAW-1306.08-ALTERED",
            "its content changed after signing",
            "do not dispense; ask the practitioner to send it again",
        )
        .about("electronic.alteration")
    })
}

/// Whether the registrant data are fresh.
pub(crate) fn fresh(law: &Law<'_>, electronic: &Electronic) -> Outcome {
    let Some(bound) = law.bound(&REGISTRY_DAYS) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(electronic.registry_age_days) <= bound.value, || {
        law.deny(
            &FRESH,
            Reason::VerificationRequired,
            "LAW-1311.165-REGISTRY",
            format!("the registrant data are {} days old", electronic.registry_age_days),
            "load current registrant data, then check again",
        )
        .by(&bound)
        .about("electronic.registry_age_days")
    })
}
