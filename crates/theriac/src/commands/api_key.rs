//! `theriac api-key ...`: keys of programs that work in a person's name.

use crate::cli::ApiKeys;
use crate::house::program;
use crate::output::{Outcome, Problem, line};
use crate::programs::Wanted;
use serde_json::json;

pub(crate) fn run(command: &ApiKeys) -> Result<Outcome, Problem> {
    match command {
        ApiKeys::Issue { acts_as, name, return_to, json: as_json, at } => {
            let house = at.open()?;
            let wanted = Wanted { acts_as, name, return_to: return_to.as_deref() };
            let (id, key) = house.issue_key(&program(), &wanted).map_err(Problem::from)?;
            if *as_json {
                line(json!({"id": id, "key": key, "acts_as": acts_as, "name": name}))?;
            } else {
                line(format_args!("{name} may ask in the name of {acts_as}:"))?;
                line(format_args!("  id     {id}"))?;
                line(format_args!("  key    {key}"))?;
                line(format_args!("The key is shown this once. The program sends it as Authorization: Bearer KEY."))?;
            }
        }
        ApiKeys::List { json: as_json, at } => {
            for key in at.open()?.keys_in_force().map_err(Problem::from)? {
                let back = key.return_to.unwrap_or_default();
                if *as_json {
                    line(json!({"id": key.id, "name": key.name, "acts_as": key.acts_as, "return_to": back}))?;
                } else {
                    line(format_args!("{:<12} {:<24} {:<24} {back}", key.id, key.acts_as, key.name))?;
                }
            }
        }
        ApiKeys::End { id, at } => {
            at.open()?.end_key(&program(), id).map_err(Problem::from)?;
            line(format_args!("{id} was ended; whoever shows it is refused from now on"))?;
        }
    }
    Ok(Outcome::Done)
}
