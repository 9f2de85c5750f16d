//! 21 CFR 1306.03(a), 1306.04(a), 1301.22: the practitioner's authority in detail, where it was looked up.
//!
//! (1306.03(a)(1)) Authority is the State's, schedule by schedule and State by State: licence and registration are those
//!     of the State in which the prescription is issued, and both end when the licence ends. `Chosen reading:` the day on
//!     which it ends is already without authority.
//! (Manual, section IX; cards) A mid-level practitioner prescribes what the State's table grants the discipline. Nurse
//!     practitioner, nurse midwife, nurse anesthetist and physician assistant are known in every edition; for the others
//!     the State is asked. A pharmacist and a naturopath prescribe only where the table says so. An institution
//!     dispenses and administers; it does not prescribe (1306.11(c), 1306.21(c)).
//! (Cards) A State may want an agreement with a supervising physician.
//! (1306.04(a); cards) The condition is one that such a practitioner would treat; else the pharmacist resolves the
//!     question of scope first.
//! (Cards) Prescribing for oneself or the immediate family: federal law is silent, so it is a warning; a State may forbid it.

use crate::edition::{By, Domain, Law, bit, parameter};
use crate::facts::{Practice, Prescription};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::vocab::{Agreement, Complaint, Discipline, FieldOfPractice, PatientIs, Word};

rule!(LICENCE: "1306.03-licence", "who-may-prescribe", "21 CFR 1306.03(a)(1); 21 U.S.C. 824(a)(3)", By::ALL,
    "Federal authority ends with the State licence",
    ["law-who-registration-follows-state"]);
rule!(PLACE: "1306.03-place", "who-may-prescribe", "21 CFR 1306.03(a); Manual 2010, section IX", By::ALL,
    "Licence and registration are those of the State in which the prescription is issued",
    ["law-who-individual-must-be-current-per-state"]);
rule!(TABLE: "1306.03-mid-level", "who-may-prescribe", "Manual 2010, section IX; Cards 2021, Providers Authorized to Prescribe Controlled Substances", By::ALL,
    "A mid-level practitioner prescribes what the State's table grants the discipline; a pharmacist, a naturopath and an institution nothing without it",
    ["law-who-mlp-state-table", "law-who-mlp-classes", "law-who-naturopath", "law-who-pharmacist-not-practitioner", "law-forms-institution-cii", "law-forms-institution-ciii-v"]);
rule!(AGREEMENT: "1306.03-agreement", "who-may-prescribe", "Cards 2021, Providers Authorized to Prescribe Controlled Substances", By::C21,
    "Where the State wants an agreement with a supervising physician it is in force",
    ["law-who-mlp-collaboration"]);
rule!(SCOPE: "1306.04-scope", "who-may-prescribe", "21 CFR 1306.04(a); Cards 2021, Corresponding Responsibility and Red Flags", By::ALL,
    "The condition treated is one that such a practitioner would treat, or the pharmacist has resolved the question",
    ["law-who-nonphysician-scope", "law-who-condition-expected"]);
rule!(OWN_USE: "1306.04-own-use", "who-may-prescribe", "Cards 2021, Prescribing Controlled Substances for Oneself or Immediate Family Members", By::C21,
    "Prescribing for oneself or the immediate family is a warning; a State may forbid it",
    ["law-who-self-prescribing"]);

const SCHEDULES: &[&str] = &["I", "II", "III", "IV", "V", "none"];
parameter!(OWN_USE_FORBIDDEN: "practitioner.own-use.forbidden", "schedules that nobody may prescribe for oneself or the immediate family", Union,
    Domain::Words(SCHEDULES), []);

/// What each field is expected to treat; medicine at large treats whatever a person has.
const EXPECTED: [(FieldOfPractice, &[Complaint]); 4] = [
    (FieldOfPractice::Dentistry, &[Complaint::DentalPain, Complaint::Pain]),
    (FieldOfPractice::Podiatry, &[Complaint::FootPain, Complaint::Pain]),
    (FieldOfPractice::Optometry, &[Complaint::EyeDisease]),
    (FieldOfPractice::Veterinary, &[Complaint::AnimalCare]),
];

/// Whether the State licence was in force on the day of signing.
pub(crate) fn licence(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> Outcome {
    let Some(ended) = practice.licence_ended else { return Outcome::NotApplicable };
    Outcome::unless(rx.signed() < ended, || {
        law.deny(
            &LICENCE,
            Reason::NotAuthorized,
            "LAW-1306.03-LICENCE",
            format!("the State licence ended on {ended}; it was signed on {}", rx.signed()),
            "do not dispense; federal authority ended with the licence",
        )
        .about("practice.licence_ended")
    })
}

/// Whether licence and registration are those of the State of issue.
pub(crate) fn place(law: &Law<'_>, practice: &Practice) -> Outcome {
    let Some(state) = &practice.issued_in else { return Outcome::NotApplicable };
    let (what, field) = match (practice.licensed_in.contains(state), practice.registered_in.contains(state)) {
        (true, true) => return Outcome::Satisfied,
        (false, _) => ("no licence there", "practice.licensed_in"),
        (true, false) => ("no registration there", "practice.registered_in"),
    };
    let denial = law
        .deny(
            &PLACE,
            Reason::NotAuthorized,
            "LAW-1306.03-PLACE",
            format!("it was issued in {state}, and the practitioner has {what}"),
            "return the prescription; a practitioner licensed and registered there may issue one",
        )
        .about(field);
    Outcome::Violated(Box::new(denial))
}

/// Whether the State's table grants the discipline this schedule.
pub(crate) fn table(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> Outcome {
    let Some(discipline) = practice.discipline else { return Outcome::NotApplicable };
    let deny = |reason, code, what: String, next: &'static str| {
        Outcome::Violated(Box::new(law.deny(&TABLE, reason, code, what, next).about("practice.state_grants")))
    };
    let refused = |what| {
        deny(
            Reason::NotAuthorized,
            "LAW-1306.03-DISCIPLINE",
            what,
            "return the prescription; a practitioner with authority may issue a new one",
        )
    };
    match (discipline, &practice.state_grants) {
        (Discipline::Institution, _) => {
            refused("an institution administers and dispenses, and does not prescribe".to_owned())
        }
        (_, Some(granted)) if granted.contains(&rx.schedule) => Outcome::Satisfied,
        (_, Some(granted)) => {
            let since = practice.state_entry.map(|day| format!(" of {day}")).unwrap_or_default();
            let granted: Vec<_> = granted.iter().map(|schedule| schedule.word()).collect();
            let granted =
                if granted.is_empty() { "nothing".to_owned() } else { format!("schedules {}", granted.join(", ")) };
            refused(format!(
                "the State's table{since} grants {} {granted}, not schedule {}",
                article(discipline),
                rx.schedule
            ))
        }
        (Discipline::Pharmacist | Discipline::Naturopath, None) => {
            refused(format!("{} prescribes only where the State's table says so", article(discipline)))
        }
        (
            Discipline::NursePractitioner
            | Discipline::NurseMidwife
            | Discipline::NurseAnesthetist
            | Discipline::PhysicianAssistant,
            None,
        ) => Outcome::Satisfied,
        (_, None) => deny(
            Reason::VerificationRequired,
            "LAW-1306.03-ASK-STATE",
            format!("the State's table has no entry for {}", article(discipline)),
            "ask the State what this discipline may prescribe, and record the answer in the table",
        ),
    }
}

/// The discipline's word with its article, for a sentence.
fn article(discipline: Discipline) -> String {
    let word = discipline.word().replace('-', " ");
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {word}") } else { format!("a {word}") }
}

/// Whether the agreement that the State wants is in force.
pub(crate) fn agreement(law: &Law<'_>, practice: &Practice) -> Outcome {
    let denial = || {
        law.deny(
            &AGREEMENT,
            Reason::NotAuthorized,
            "LAW-1306.03-AGREEMENT",
            "the State wants an agreement with a supervising physician, and none is recorded",
            "ask for the agreement, and record it before dispensing",
        )
        .about("practice.agreement")
    };
    match practice.agreement {
        Agreement::NotRequired => Outcome::NotApplicable,
        Agreement::InForce => Outcome::Satisfied,
        Agreement::Missing => Outcome::Violated(Box::new(denial())),
    }
}

/// Whether the condition is within the practitioner's scope, or the question has been resolved.
pub(crate) fn scope(law: &Law<'_>, practice: &Practice) -> Outcome {
    let (Some(field), Some(treats)) = (practice.field, practice.treats) else { return Outcome::NotApplicable };
    let row = EXPECTED.iter().find(|(listed, _)| *listed == field);
    let expected = row.map_or(treats != Complaint::AnimalCare, |(_, complaints)| complaints.contains(&treats));
    Outcome::unless(expected || practice.scope_resolved, || {
        law.deny(
            &SCOPE,
            Reason::VerificationRequired,
            "LAW-1306.04-SCOPE",
            format!("{treats} is nothing that {field} is expected to treat: scope, the pharmacist must resolve it"),
            "ask the practitioner, judge whether it is within scope, and record the resolution",
        )
        .about("practice.treats")
    })
}

/// What a State makes of prescribing for oneself: the bar where it forbids this schedule, else the warning.
pub(crate) enum OwnUse {
    /// It is for somebody else.
    No(Outcome),
    /// A warning; the decision goes on.
    Warned(Outcome),
    /// The State forbids it.
    Forbidden(Outcome),
}

/// Whether the patient is the prescriber or of the immediate family.
pub(crate) fn own_use(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> OwnUse {
    let whom = match practice.patient {
        PatientIs::Other => return OwnUse::No(Outcome::Satisfied),
        PatientIs::Prescriber => "the prescriber's own use",
        PatientIs::Family => "the prescriber's immediate family",
    };
    let denial = |reason, what: String, next: &'static str| -> Denial {
        law.deny(&OWN_USE, reason, "LAW-1306.04-OWN-USE", what, next).about("practice.patient")
    };
    match law.bound(&OWN_USE_FORBIDDEN).filter(|bound| bound.value & bit(rx.schedule) != 0) {
        Some(bound) => OwnUse::Forbidden(Outcome::Violated(Box::new(
            denial(
                Reason::StateProhibits,
                format!("the State forbids schedule {} for {whom}", rx.schedule),
                "return the prescription; another practitioner may issue one",
            )
            .by(&bound),
        ))),
        None => OwnUse::Warned(Outcome::Violated(Box::new(denial(
            Reason::VerificationRequired,
            format!("it is for {whom}"),
            "judge with care whether it serves a legitimate medical purpose, and record the judgement",
        )))),
    }
}
