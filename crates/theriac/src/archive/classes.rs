//! The records report: every prescription record of the pharmacy in the class in which the law wants it filed, and none in
//! no class (21 CFR 1304.04(h); 2008: 1306.28(a)).

use super::paper::{is_paper_of_transfer, scheme_in_words};
use crate::house::House;
use crate::house::record::Fault;
use theriac_pharmacy::{FilingScheme, PrescriptionNumber};

/// One class, with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClassLine {
    pub(crate) class: FilingClass,
    /// Prescriptions in it.
    pub(crate) records: u64,
    /// Of them, paper that nobody has put into its file yet.
    pub(crate) waiting: u64,
}

/// In which class a prescription record is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FilingClass {
    /// Paper of schedule II.
    PaperTwo,
    /// Paper of schedules III to V.
    PaperThreeToFive,
    /// What came electronically, of any schedule.
    Electronic,
    /// What came electronically and was refused, kept as it came.
    Refused,
}

impl FilingClass {
    pub(crate) const ALL: [Self; 4] = [Self::PaperTwo, Self::PaperThreeToFive, Self::Electronic, Self::Refused];

    /// In plain words.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::PaperTwo => "on paper, schedule II",
            Self::PaperThreeToFive => "on paper, schedules III to V",
            Self::Electronic => "electronic",
            Self::Refused => "arrived and refused",
        }
    }

    /// The paragraph of the class.
    pub(crate) const fn cite(self) -> &'static str {
        match self {
            Self::PaperTwo => "21 CFR 1304.04(h)(2)",
            Self::PaperThreeToFive => "21 CFR 1304.04(h)(4)",
            Self::Electronic | Self::Refused => "21 CFR 1304.04(h)(5)",
        }
    }

    /// How it is kept under a scheme of paper files.
    pub(crate) fn kept(self, scheme: Option<&FilingScheme>) -> String {
        match self {
            Self::PaperTwo => "at this place, in the file of schedule II alone".to_owned(),
            Self::PaperThreeToFive => format!("at this place; {}", scheme_in_words(scheme.copied())),
            Self::Electronic => "in this system, with its seal; found by prescriber, patient, drug and date".to_owned(),
            Self::Refused => "in this system, as it came, with the reason".to_owned(),
        }
    }
}

/// The report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClassReport {
    pub(crate) lines: Vec<ClassLine>,
    /// Prescription records in the journal, counted apart from the classes.
    pub(crate) in_all: u64,
    /// Numbers of records that are in no class.
    pub(crate) unclassified: Vec<String>,
}

impl ClassReport {
    fn put(&mut self, class: FilingClass, records: u64, waiting: u64) {
        match self.lines.iter_mut().find(|line| line.class == class) {
            Some(line) => {
                line.records += records;
                line.waiting += waiting;
            }
            None => self.lines.push(ClassLine { class, records, waiting }),
        }
    }
}

/// The class of a record by how it came and its schedule; none for a transfer, whose original decides, and for what is not
/// known here.
fn class_of(came: &str, schedule: i64) -> Option<FilingClass> {
    match (came, schedule) {
        ("electronic", 2..=5) => Some(FilingClass::Electronic),
        ("paper" | "fax" | "telephone", 2) => Some(FilingClass::PaperTwo),
        ("paper" | "fax" | "telephone", 3..=5) => Some(FilingClass::PaperThreeToFive),
        _ => None,
    }
}

impl House {
    /// Every prescription record of the pharmacy by its class.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn records_by_class(&self) -> Result<ClassReport, Fault> {
        let mut report = ClassReport::default();
        for class in FilingClass::ALL {
            report.put(class, 0, 0);
        }
        let sql = "SELECT coalesce(a.came, ''), coalesce(a.schedule, 0), count(DISTINCT e.stream), \
                   count(DISTINCT CASE WHEN a.filed = '' THEN e.stream END) \
                   FROM entries e LEFT JOIN archive_lines a ON a.stream = e.stream \
                   WHERE e.kind = 'rx.received' AND e.salt IS NOT NULL GROUP BY a.came, a.schedule";
        for row in self.store.query(sql, &[])? {
            let (came, schedule, records) = (row.text(0)?, row.int(1)?, row.u64(2)?);
            report.in_all += records;
            match class_of(came, schedule) {
                Some(FilingClass::Electronic) => report.put(FilingClass::Electronic, records, 0),
                Some(class) => report.put(class, records, row.u64(3)?),
                None => self.one_by_one(came, schedule, &mut report)?,
            }
        }
        let sql = "SELECT count(*) FROM entries WHERE kind = 'rx.rejected' AND salt IS NOT NULL";
        let refused = self.store.query(sql, &[])?.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0);
        report.in_all += refused;
        report.put(FilingClass::Refused, refused, 0);
        Ok(report)
    }

    /// Records whose way of coming does not say the class: a transfer is filed as its original was written.
    fn one_by_one(&self, came: &str, schedule: i64, report: &mut ClassReport) -> Result<(), Fault> {
        let sql = "SELECT DISTINCT e.stream FROM entries e LEFT JOIN archive_lines a ON a.stream = e.stream \
                   WHERE e.kind = 'rx.received' AND e.salt IS NOT NULL AND coalesce(a.came, '') = $1 \
                   AND coalesce(a.schedule, 0) = $2 ORDER BY e.stream";
        for row in self.store.query(sql, &[came.into(), schedule.into()])? {
            let number = row.text(0)?.strip_prefix("rx/").unwrap_or_default().to_owned();
            let original = match PrescriptionNumber::parse(&number) {
                Ok(parsed) if came == "transfer" => {
                    let (prescription, _) = self.dispensing_now(&parsed)?;
                    Some(if is_paper_of_transfer(&prescription) { "paper" } else { "electronic" })
                }
                _ => None,
            };
            match original.and_then(|original| class_of(original, schedule)) {
                Some(class) => report.put(class, 1, 0),
                None => report.unclassified.push(number),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_came_and_its_schedule_say_the_class_and_nothing_else_does() {
        for (came, schedule, class) in [
            ("electronic", 2, Some(FilingClass::Electronic)),
            ("electronic", 5, Some(FilingClass::Electronic)),
            ("paper", 2, Some(FilingClass::PaperTwo)),
            ("fax", 2, Some(FilingClass::PaperTwo)),
            ("telephone", 3, Some(FilingClass::PaperThreeToFive)),
            ("paper", 5, Some(FilingClass::PaperThreeToFive)),
            ("paper", 0, None),
            ("electronic", 6, None),
            ("transfer", 3, None),
            ("", 2, None),
        ] {
            assert_eq!(class_of(came, schedule), class, "{came} {schedule}");
        }
    }
}
