//! `theriac import ...`: reference data from outside.

mod arcos;
mod ndc;
mod otp;
mod registrants;

pub(crate) use registrants::manifest_path;

use crate::cli::Import;
use crate::output::{Outcome, Problem};

pub(crate) fn run(command: &Import) -> Result<Outcome, Problem> {
    match command {
        Import::Ndc(args) => ndc::run(args),
        Import::Otp(args) => otp::run(args),
        Import::Arcos(args) => arcos::run(args),
        Import::Registrants(args) => registrants::run(args),
    }
}
