//! Registrant data of a demonstration that has imported none: the rows it lists itself.

use crate::house::House;
use std::sync::PoisonError;
use theriac_model::{BusinessActivity, DeaNumber, DrugSchedules, RegistrantRow, RegistrantStatus, Schedule};
use theriac_prescriber::registrants::Snapshot;

impl House {
    /// The rows that a demonstration listed for these numbers, as of the oldest; `None` in production, and where none is
    /// listed.
    pub(crate) fn listed_data(&self, numbers: &[DeaNumber]) -> Option<Snapshot> {
        self.deployment.demo()?;
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let rows: Vec<_> = numbers.iter().filter_map(|number| directory.registrants.get(number)).collect();
        let issued = rows.iter().map(|row| row.issued).min()?;
        let address = crate::demo::cast::practice_address();
        let snapshot = rows.iter().fold(Snapshot::new(issued), |data, row| {
            let schedules: Vec<&str> = row.schedules.iter().map(|schedule| half(*schedule)).collect();
            data.with(RegistrantRow {
                number: row.number,
                activity: BusinessActivity::parse(&row.activity).unwrap_or(BusinessActivity::Practitioner),
                sub_code: None,
                schedules: DrugSchedules::parse(&schedules.join(" ")).unwrap_or(DrugSchedules::NONE),
                expires: row.expires,
                status: match row.status.as_str() {
                    "valid" | "expired" => RegistrantStatus::Active,
                    "suspended" => RegistrantStatus::Suspended,
                    _ => RegistrantStatus::Revoked,
                },
                name: row.name.to_uppercase(),
                company: String::new(),
                line_1: address.line1.clone(),
                line_2: address.line2.clone().unwrap_or_default(),
                city: address.city.clone(),
                state: address.state.clone(),
                zip: address.postal.clone(),
            })
        });
        Some(snapshot)
    }
}

/// A schedule with both of its halves, as the file writes them.
const fn half(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::I => "1",
        Schedule::II => "22N",
        Schedule::III => "33N",
        Schedule::IV => "4",
        Schedule::V => "5",
    }
}
