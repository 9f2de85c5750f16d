//! The morning after the story: the operator imports that day's registrant data, so that whoever opens the pages can work.

use super::cast;
use super::enrol::row;
use super::world::{ENDED, LASTS};
use crate::house::House;
use crate::house::record::Fault;
use crate::registry::NotTaken;
use std::path::Path;
use theriac_prescriber::registrants::Manifest;
use theriac_wire::registrants::print;

fn not_taken(why: NotTaken) -> Fault {
    match why {
        NotTaken::Fault(fault) => fault,
        NotTaken::Refused(refusals, _) => {
            Fault::Broken(refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        NotTaken::Unreadable(error) => Fault::Broken(error.to_string()),
    }
}

/// Writes a file with the registrations of the cast, issued on the day that the deployment's clock shows, imports it and
/// rechecks everybody who signs.
pub(crate) fn import_registrants(house: &House, dir: &Path) -> Result<(), Fault> {
    let today = house.clock.moment().date();
    let mut lines = Vec::new();
    for (number, person, expires) in [
        (cast::practitioner_number(), &cast::PRACTITIONER, LASTS),
        (cast::lapsed_number(), &cast::LAPSED, ENDED),
        (cast::controller_number(), &cast::SECOND_CONTROLLER, LASTS),
    ] {
        print(&row(number, person, expires), &mut lines);
    }
    let file = dir.join(format!("registrants-{today}.txt"));
    std::fs::write(&file, lines).map_err(|error| Fault::Broken(error.to_string()))?;
    let taken = house.import_registrants(&file, &Manifest { issued: Some(today), rows: None, digest: None });
    let taken = taken.map_err(not_taken)?;
    house.recheck(Some(taken.job))?;
    Ok(())
}
