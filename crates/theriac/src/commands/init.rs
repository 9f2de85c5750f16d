//! `theriac init`.

use super::deployment::demonstration;
use crate::cli::Init;
use crate::house::clock::Clock;
use crate::house::config::Config;
use crate::house::{House, zone};
use crate::output::{Outcome, Problem, line};

/// Sets up a deployment that is kept: configuration, authority, keys, certificates, an empty store.
pub(crate) fn run(args: &Init) -> Result<Outcome, Problem> {
    let config = match &args.config {
        Some(file) => Config::read_file(file)?,
        None => demonstration(),
    };
    let clock = Clock::machine(zone(&config)?);
    let house = House::found(&args.dir, config, clock)?;
    let dir = args.dir.display();
    match house.deployment.demo() {
        Some(_) => line(format_args!(
            "A DEMO deployment was set up in {dir}: software tokens, an authority of its own, no registrants, no products."
        ))?,
        None => line(format_args!(
            "A production deployment was set up in {dir}: nobody can sign in yet, no registrants, no products."
        ))?,
    }
    line(format_args!("  configuration  {dir}/theriac.toml"))?;
    line(format_args!("  store          {}", house.store_url))?;
    line(format_args!("  checkpoints    {}", house.keys.verifier().to_text()))?;
    match house.deployment.demo() {
        Some(_) => line(format_args!("Next: theriac serve --config {dir}/theriac.toml"))?,
        None => line(format_args!("Next: theriac people invite --dir {dir} --role operator --name \"FULL NAME\""))?,
    }
    Ok(Outcome::Done)
}
