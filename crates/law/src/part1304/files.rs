//! 21 CFR 1304.04(h): the files of prescriptions.
//!
//! (h)(1) Schedule II has a file of its own. (h)(3), (4) Schedules III to V have one of their own, or lie with other
//! prescriptions if a red C at least one inch high is stamped in the lower right corner; an application that finds them
//! by number, practitioner, patient, drug and date makes the stamp unnecessary. The regulation lets them lie in the file
//! of schedule II with the red C as well; manual and cards do not.
//! (1311.305) What came electronically is kept electronically, and paper on paper.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Pharmacy, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{File, Form, Medium, Schedule};

rule!(MEDIUM: "1304.04-medium", "records", "21 CFR 1311.305(b), 1304.04(h)", By::ALL,
    "A prescription received electronically is kept electronically, one on paper on paper",
    ["law-elec-kept-electronically"]);
rule!(FILE: "1304.04-file", "records", "21 CFR 1304.04(h)", By::ALL,
    "Schedule II has a file of its own; schedules III to V have theirs, or lie with others under a red C",
    ["law-rec-three-files", "law-rec-two-files", "law-rec-cii-separate"]);
rule!(RED_C: "1304.04-red-c", "records", "21 CFR 1304.04(h)(4)", By::ALL,
    "In a shared file schedules III to V bear a red C at least one inch high, unless an application finds them",
    ["law-rec-red-c", "law-rec-red-c-waiver"]);

parameter!(TENTHS: "files.red-c.tenths", "tenths of an inch that the red C must be high", Max, Domain::Number("tenths of an inch"),
    [Row::of(By::ALL, 10, "21 CFR 1304.04(h)(4)")]);
parameter!(WITH_II: "files.iii-v-with-ii", "whether schedules III to V may lie in the file of schedule II under a red C", Permitted, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1304.04(h)(4)"),
    Row::of(By::CFR, 1, "21 CFR 1304.04(h)(4)"),
    Row::of(By::GUIDES, 0, "Manual 2010, section VI; Cards 2021, Paper CS Prescription Recordkeeping"),
]);

parameter!(WITH_ALL: "files.iii-v-with-others", "whether schedules III to V may lie with all other prescriptions under a red C", Permitted, Domain::YesNo,
    [Row::of(By::ALL, 1, "21 CFR 1304.04(h)(4)")]);

/// Whether the medium is the one it came on.
pub(crate) fn medium(law: &Law<'_>, rx: &Prescription, medium: Medium) -> Outcome {
    let own = if rx.form == Form::Electronic { Medium::Electronic } else { Medium::Paper };
    Outcome::unless(medium == own, || {
        law.deny(
            &MEDIUM,
            Reason::FormNotAllowed,
            "LAW-1304.04-MEDIUM",
            format!("it came as {} and would be kept on {medium}", rx.form),
            format!("keep it on {own} records"),
        )
        .about("request.medium")
    })
}

/// Whether the file is one of those allowed.
pub(crate) fn file(law: &Law<'_>, rx: &Prescription, file: File) -> Outcome {
    let allowed = match (rx.schedule, file) {
        (Schedule::I | Schedule::II, file) => file == File::ScheduleIi,
        (Schedule::None, file) => file == File::General,
        (_, File::ScheduleIi) => law.says(&WITH_II),
        (_, File::General) => law.says(&WITH_ALL),
        _ => true,
    };
    Outcome::unless(allowed, || {
        law.deny(
            &FILE,
            Reason::WrongFile,
            "LAW-1304.04-FILE",
            format!("schedule {} does not lie in the file {file}", rx.schedule),
            "put it in the file of its schedule",
        )
        .about("request.file")
    })
}

/// Whether the red C is there where it must be.
pub(crate) fn red_c(law: &Law<'_>, rx: &Prescription, file: File, tenths: u32, pharmacy: &Pharmacy) -> Outcome {
    let shared = matches!(rx.schedule, Schedule::III | Schedule::IV | Schedule::V)
        && file != File::ScheduleIiiV
        && rx.form != Form::Electronic;
    if !shared {
        return Outcome::NotApplicable;
    }
    let needed = law.value(&TENTHS, 10);
    Outcome::unless(u64::from(tenths) >= needed || pharmacy.retrieval_system, || {
        law.deny(
            &RED_C,
            Reason::NotationMissing,
            "LAW-1304.04-RED-C",
            "a red C one inch high is missing",
            "stamp it in the lower right corner",
        )
        .about("request.red_c_tenths_inch")
    })
}
