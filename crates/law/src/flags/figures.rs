//! The figures of the warning signs. They are our own: the sources name the signs and give no numbers, so no edition sets
//! them, and a house overlay does.

use crate::edition::{Domain, Law, Parameter, parameter};

parameter!(EARLY: "flags.early-requests", "early refills asked for in the window from which the sign is raised", Min, Domain::Number("requests"), []);
parameter!(MILES: "flags.distance.miles", "miles to prescriber or home beyond which the sign is raised", Min, Domain::Number("miles"), []);
parameter!(PRESCRIBERS: "flags.prescribers", "prescribers of one class in a period from which the sign is raised", Min, Domain::Number("prescribers"), []);
parameter!(PHARMACIES: "flags.pharmacies", "pharmacies of one class in a period from which the sign is raised", Min, Domain::Number("pharmacies"), []);
parameter!(ALIKE: "flags.alike-a-day", "same prescriptions of one prescriber in a day from which the sign is raised", Min, Domain::Number("prescriptions"), []);
parameter!(GROUP: "flags.group", "similar prescriptions of one prescriber within the minutes from which the sign is raised", Min, Domain::Number("prescriptions"), []);
parameter!(GROUP_MINUTES: "flags.group.minutes", "minutes within which similar prescriptions make a group", Max, Domain::Number("minutes"), []);
parameter!(LARGE: "flags.large.units", "units beyond which a quantity is large", Min, Domain::Number("units"), []);
parameter!(PERCENTILE: "flags.volume.percentile", "percentile of the area beyond which a prescriber's volume is large", Min, Domain::Number("percentile"), []);
parameter!(RETURN_PERCENT: "flags.return.percent", "percent of the last supply's days before which a return is too early", Max, Domain::Number("percent"), []);
parameter!(OTHER_NAMES: "flags.other-names", "prescriptions in other people's names from which the sign is raised", Min, Domain::Number("prescriptions"), []);
parameter!(STRANGERS: "flags.new-patients", "new patients of one prescriber in a day from which the sign is raised", Min, Domain::Number("patients"), []);
parameter!(LATE_DAYS: "flags.late.days", "days after issue beyond which a presentation is late", Min, Domain::Number("days"), []);

/// The figure when no overlay says another.
fn own(parameter: &'static Parameter) -> u64 {
    match parameter.id {
        "flags.prescribers" | "flags.other-names" => 2,
        "flags.early-requests" | "flags.pharmacies" | "flags.group" | "flags.new-patients" => 3,
        "flags.alike-a-day" => 5,
        "flags.group.minutes" | "flags.late.days" => 30,
        "flags.distance.miles" => 50,
        "flags.return.percent" => 75,
        "flags.volume.percentile" => 95,
        "flags.large.units" => 180,
        _ => u64::MAX,
    }
}

/// The figure that binds.
pub(crate) fn figure(law: &Law<'_>, parameter: &'static Parameter) -> u64 {
    law.value(parameter, own(parameter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_value_of_our_own() {
        for parameter in crate::parameters().iter().filter(|parameter| parameter.id.starts_with("flags.")) {
            assert_ne!(own(parameter), u64::MAX, "{}", parameter.id);
        }
    }
}
