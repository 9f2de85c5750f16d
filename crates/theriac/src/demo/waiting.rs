//! What waits at the counter when the story is told: whoever sits down as the pharmacist has something to fill.

use super::cast::{self, Product};
use super::story::{Prescribed, contents};
use super::world::{self, PIN};
use crate::house::House;
use crate::house::record::Fault;
use crate::practice::Channel;
use crate::relaying::HouseRelay;
use jiff::SignedDuration;
use theriac_model::Role;
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Agreement;

/// Each prescription: its name at the practice, whose, of what, how much, refills, directions. The last is so large that the
/// counter shows a warning sign.
const WAITING: [(&str, usize, &Product, &str, &str, &str); 3] = [
    ("R-2001", 3, &cast::OXYCODONE, "30", "0", "Take 1 tablet every 6 hours as needed for pain"),
    ("R-2002", 1, &cast::ALPRAZOLAM, "30", "2", "Take 1 tablet daily as needed for anxiety"),
    ("R-2003", 2, &cast::CODEINE_APAP, "200", "0", "Take 1 to 2 tablets every 4 hours as needed for pain"),
];

/// Prescribes, signs and sends what is to wait. The registrant data has to be of the day.
pub(crate) fn leave(house: &House) -> Result<(), Fault> {
    for (id, patient, product, quantity, refills, directions) in WAITING {
        let order = Prescribed { id, patient: &cast::PATIENTS[patient], product, quantity, refills, directions };
        prescribed(house, &order)?;
    }
    // Their practice hears of it as well.
    house.work(&HouseRelay(house))?;
    Ok(())
}

fn prescribed(house: &House, order: &Prescribed<'_>) -> Result<(), Fault> {
    let agent = world::actor(&cast::AGENT, Role::Agent);
    let doctor = world::actor(&cast::PRACTITIONER, Role::Prescriber);
    house.clock.advance(SignedDuration::from_mins(3));
    let issued = house.clock.moment().date().to_string();
    let written = contents(order, &issued, &cast::PRACTITIONER, cast::practitioner_number().as_str())?;
    let routing = Routing {
        patient: order.patient.id.to_owned(),
        practitioner: doctor.id.clone(),
        pharmacy: cast::PHARMACY_NCPDP.to_owned(),
    };
    house.draft(&agent, order.id, routing, written)?;
    house.mark_ready(&agent, order.id)?;
    house.review(&doctor, order.id, Agreement::Agreed)?;
    let token = house.soft_token(&doctor.id);
    let token = token.ok_or_else(|| Fault::Broken("the demonstration's token is not at hand".to_owned()))?;
    let (credential, registration) = (&token.credential, &token.registration);
    house.sign(&doctor, &[order.id], registration, credential, Channel::Electronic, |challenge| {
        token.answer(challenge, PIN)
    })?;
    house.work(&HouseRelay(house))?;
    Ok(())
}
