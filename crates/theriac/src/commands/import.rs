//! `theriac import ...`: reference data from outside.

mod ndc;

use crate::cli::Import;
use crate::output::{Outcome, Problem};

pub(crate) fn run(command: &Import) -> Result<Outcome, Problem> {
    match command {
        Import::Ndc(args) => ndc::run(args),
    }
}
