//! What a practitioner should look at twice: patients and drugs seen for the first time, more than usual.
//!
//! The review of the proposal (73 FR 36722, 36749; 1311.155(d)) looks for what is unusual for the practitioner; no chart is
//! needed for it. Usual is what the practitioner's own earlier logs show.

use super::{Line, MonthlyLog};
use std::collections::{BTreeMap, BTreeSet};
use theriac_model::Element;

/// Why a line is worth a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No earlier log has this patient.
    FirstTimePatient,
    /// No earlier log has this drug.
    FirstTimeDrug,
    /// The patient has more prescriptions in this month than in any of the earlier logs.
    AboveUsual {
        /// In this month.
        count: u64,
        /// The largest number in an earlier month; at least 1.
        usual: u64,
    },
}

/// Who the patient is for the purpose of counting: the practice's identifier, else name and date of birth as signed.
pub(crate) fn patient_key(line: &Line) -> String {
    if line.patient.is_empty() {
        format!("{}|{}", line.patient_name().to_lowercase(), line.element(Element::PatientBorn))
    } else {
        line.patient.clone()
    }
}

pub(crate) fn drug_key(line: &Line) -> String {
    line.element(Element::DrugName).to_lowercase()
}

fn per_patient(log: &MonthlyLog) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in &log.lines {
        *counts.entry(patient_key(line)).or_default() += 1;
    }
    counts
}

/// The marks of each line of `log`, in the order of its lines, against the logs of earlier months in any order. Logs of the
/// same month or of later ones are left aside.
pub fn marks(log: &MonthlyLog, earlier: &[&MonthlyLog]) -> Vec<Vec<Mark>> {
    let earlier: Vec<&MonthlyLog> = earlier.iter().copied().filter(|one| one.period.month < log.period.month).collect();
    let drugs: BTreeSet<String> = earlier.iter().flat_map(|one| &one.lines).map(drug_key).collect();
    let mut usual: BTreeMap<String, u64> = BTreeMap::new();
    for (patient, count) in earlier.iter().flat_map(|one| per_patient(one)) {
        let most = usual.entry(patient).or_default();
        *most = (*most).max(count);
    }
    let now = per_patient(log);
    log.lines
        .iter()
        .map(|line| {
            let patient = patient_key(line);
            let (count, before) = (now.get(&patient).copied().unwrap_or(0), usual.get(&patient).copied());
            let mut marks = Vec::new();
            if before.is_none() {
                marks.push(Mark::FirstTimePatient);
            }
            if !drugs.contains(&drug_key(line)) {
                marks.push(Mark::FirstTimeDrug);
            }
            let usual = before.unwrap_or(1).max(1);
            if count > usual {
                marks.push(Mark::AboveUsual { count, usual });
            }
            marks
        })
        .collect()
}
