//! `theriac init`.

use super::deployment::demonstration;
use crate::cli::Init;
use crate::house::clock::Clock;
use crate::house::{House, zone};
use crate::output::{Outcome, Problem};

/// Sets up a demonstration deployment that is kept: configuration, authority, keys, certificates, an empty store.
pub(crate) fn run(args: &Init) -> Result<Outcome, Problem> {
    let config = demonstration();
    let clock = Clock::machine(zone(&config)?);
    let house = House::found(&args.dir, config, clock)?;
    let dir = args.dir.display();
    println!(
        "A DEMO deployment was set up in {dir}: software tokens, an authority of its own, no registrants, no products."
    );
    println!("  configuration  {dir}/theriac.toml");
    println!("  store          {}", house.store_url);
    println!("  checkpoints    {}", house.keys.verifier().to_text());
    println!("Next: theriac serve --config {dir}/theriac.toml");
    Ok(Outcome::Done)
}
