//! Look-ups: what a number shows.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::part1301::dea_number;
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::Word;

/// `check-dea-number`.
pub(crate) fn dea_number(bench: &mut Bench<'_>, number: &str, last_name: Option<&str>) -> Result<Granted, Stop> {
    let (number, kind) = match dea_number::read(&bench.law, number) {
        Ok(found) => found,
        Err(denial) => {
            bench.find(&dea_number::NUMBER, Outcome::Violated(denial))?;
            return Err(bench.lacks(" without a number"));
        }
    };
    bench.find(&dea_number::NUMBER, dea_number::sound())?;
    if let Some(name) = last_name
        && !dea_number::initial_fits(number, name)
    {
        bench.duty(Duty::VerifyWithPrescriber);
    }
    Ok(Granted::Value(Answer::Word(kind.word())))
}
