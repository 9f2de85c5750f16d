//! A series of schedule II prescriptions, on paper.

use super::{Answer, number_of};
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use theriac_pharmacy::Prescription;

/// A series as rows: number, first day, status.
pub(super) fn rows(series: &[Prescription]) -> Vec<(String, String, String)> {
    let day = |one: &Prescription| one.face().earliest_fill.map(|day| day.to_string()).unwrap_or_default();
    series.iter().map(|one| (one.received().number.to_string(), day(one), one.status().to_string())).collect()
}

/// `/pharmacy/prescriptions/{number}/series.pdf`
pub(in crate::http) async fn paper(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let name = format!("series-{number}");
    let printed = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "series on paper")?;
            let series = house.series_of(&prescription)?;
            if series.is_empty() {
                return Ok(None);
            }
            let printed = house.series_paper(&series, house.clock.moment()).print();
            Ok(Some(printed.map_err(|refusal| crate::house::record::Fault::from(*refusal))?.pdf))
        })
    });
    let next = "only schedule II prescriptions of one day, of which one is not to be filled at once, make a series";
    let bytes = printed.await??.ok_or_else(|| Failure::no_such("series", next))?;
    crate::http::answer::pdf(bytes, &name)
}
