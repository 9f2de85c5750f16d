//! The morning after the story: the operator imports that day's registrant data, so that whoever opens the pages can work.

use super::cast;
use super::enrol::row;
use super::world::{ENDED, LASTS};
use crate::house::House;
use crate::house::record::Fault;
use crate::registry::NotTaken;
use std::path::Path;
use theriac_model::{BusinessActivity, RegistrantRow};
use theriac_prescriber::registrants::Manifest;
use theriac_wire::registrants::{Plan, generate, print};

fn not_taken(why: NotTaken) -> Fault {
    match why {
        NotTaken::Fault(fault) => fault,
        NotTaken::Refused(refusals, _) => {
            Fault::Broken(refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        NotTaken::Unreadable(error) => Fault::Broken(error.to_string()),
    }
}

/// Invented registrants around those of the cast.
const OTHERS: u32 = 500;

/// Writes a file of invented registrants with the registrations of the cast among them, issued on the day that the deployment's clock shows, imports it and
/// rechecks everybody who signs.
pub(crate) fn import_registrants(house: &House, dir: &Path) -> Result<(), Fault> {
    let today = house.clock.moment().date();
    let broken = |error: std::io::Error| Fault::Broken(error.to_string());
    let mut lines = Vec::new();
    generate(Plan { rows: OTHERS, seed: 4_711, issued: today }, &mut lines).map_err(broken)?;
    for (number, person, expires) in [
        (cast::practitioner_number(), &cast::PRACTITIONER, LASTS),
        (cast::lapsed_number(), &cast::LAPSED, ENDED),
        (cast::controller_number(), &cast::SECOND_CONTROLLER, LASTS),
        (cast::newcomer_number(), &cast::NEWCOMER, LASTS),
    ] {
        print(&row(number, person, expires), &mut lines);
    }
    let hospital = row(cast::hospital_number(), &cast::NEWCOMER, LASTS);
    let name = "EXAMPLE VALLEY HOSPITAL".to_owned();
    print(&RegistrantRow { activity: BusinessActivity::Institution, name, ..hospital }, &mut lines);
    let file = dir.join(format!("registrants-{today}.txt"));
    std::fs::write(&file, lines).map_err(broken)?;
    let taken = house.import_registrants(&file, &Manifest { issued: Some(today), rows: None, digest: None });
    let taken = taken.map_err(not_taken)?;
    house.recheck(Some(taken.job))?;
    Ok(())
}
