//! `theriac registrants generate`.

use super::import::manifest_path;
use crate::cli::Registrants;
use crate::output::{Outcome, Problem, closed};
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use theriac_model::hex;
use theriac_wire::registrants::{Plan, generate};

pub(crate) fn run(command: &Registrants) -> Result<Outcome, Problem> {
    let Registrants::Generate { rows, seed, issued, out } = command;
    let plan = Plan { rows: *rows, seed: *seed, issued: issued.unwrap_or_else(super::law::today) };
    if *rows > Plan::ROWS_MAX {
        let cause = format!("at most {} rows are made", Plan::ROWS_MAX);
        return Err(Problem::wrong_use("CLI-ROWS", cause, "ask for fewer rows"));
    }
    match out {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            generate(plan, &mut out).and_then(|_| out.flush()).map_err(|error| closed(&error))?;
        }
        Some(path) => to_file(plan, path).map_err(|error| Problem::unwritable(path, &error))?,
    }
    Ok(Outcome::Done)
}

/// Digests what is written.
struct Digesting<W> {
    out: W,
    context: Context,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.context.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn to_file(plan: Plan, path: &Path) -> io::Result<()> {
    let mut out = Digesting { out: BufWriter::new(File::create(path)?), context: Context::new(&SHA256) };
    let made = generate(plan, &mut out)?;
    out.flush()?;
    let digest = hex::encode(out.context.finish().as_ref());
    let manifest = json!({"issued": plan.issued.to_string(), "rows": made.rows, "sha256": digest});
    std::fs::write(manifest_path(path), format!("{manifest}\n"))
}
