//! The stock room of the demonstration: the registration's profile, how much a container of each product holds, and the
//! inventory before the first patient comes.

use super::cast;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::in_words;
use crate::typed::Typed;
use theriac_model::{Actor, Ndc};

/// The profile of the pharmacy. The place and the people are invented.
const PROFILE: [(&str, &str); 21] = [
    ("name", "Example Pharmacy LLC"),
    ("trade-name", "Example Pharmacy"),
    ("line1", "40 Example Avenue"),
    ("city", "Tucson"),
    ("state", "AZ"),
    ("postal", "85701"),
    ("county", "Pima"),
    ("mailing", "40 Example Avenue, Tucson, AZ 85701"),
    ("telephone", "520-555-0140"),
    ("activity", "retail pharmacy"),
    ("schedules", "II III IV V"),
    ("issued", "2025-06-01"),
    ("expires", "2028-05-31"),
    ("licence", "Y00123"),
    ("board", "Arizona State Board of Pharmacy"),
    ("licence-issued", "2024-11-01"),
    ("licence-expires", "2026-10-31"),
    ("applicant", "Fern Farmer"),
    ("applicant-title", "Owner"),
    ("entity", "Example Pharmacy LLC"),
    ("authorised", "fern"),
];

/// Enters profile and containers in the name of the pharmacist.
pub(super) fn furnish(house: &House, pharmacist: &Actor) -> Result<(), Fault> {
    let fields = PROFILE.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    house.enter_profile(pharmacist, &Typed(fields.collect()))?;
    let coordinator =
        [("name", "Fern Farmer"), ("contact", "520-555-0140, fern@example.invalid"), ("on", "2026-02-02")];
    let coordinator = coordinator.map(|(name, value)| (name.to_owned(), value.to_owned()));
    house.registration_step(pharmacist, "coordinator", &Typed(coordinator.to_vec()))?;
    for product in cast::DRUG_FILE {
        let ndc = Ndc::parse(product.ndc).map_err(|error| Fault::Broken(error.to_string()))?;
        let unit = house.commodity(&ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
        house.size_container(pharmacist, &ndc, &in_words(product.stock.1, unit))?;
    }
    Ok(())
}

/// Counts the full containers that the books were opened with, and closes the sheet.
pub(super) fn take_initial_inventory(house: &House, pharmacist: &Actor) -> Result<(), Fault> {
    let typed =
        |fields: &[(&str, &str)]| Typed(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let id = house.open_inventory(pharmacist, &typed(&[("occasion", "initial"), ("taken", "close")]))?;
    let mut found = Vec::new();
    for line in house.sheet(&id)?.inventory.sheet() {
        let ndc = line.place.product.commodity.ndc.to_string();
        let packages = cast::DRUG_FILE.iter().find(|product| product.ndc == ndc).map_or(0, |product| product.stock.0);
        found.push((format!("sealed-{}", line.line), packages.to_string()));
    }
    house.count_lines(pharmacist, &id, &Typed(found))?;
    house.close_inventory(pharmacist, &id)?;
    Ok(())
}
