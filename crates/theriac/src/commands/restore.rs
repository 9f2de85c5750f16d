//! `theriac restore`: a deployment made again from the second storage site alone.

use crate::backup::{Rebuilt, folder, open_key, rebuild, site_of};
use crate::cli::Restore;
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use std::io::IsTerminal as _;

pub(crate) fn run(args: &Restore) -> Result<Outcome, Problem> {
    let key = open_key(&args.key)?;
    let site = match (&args.from, &args.config) {
        (Some(from), _) => folder(from),
        (None, Some(config)) => site_of(config)?,
        (None, None) => {
            return Err(Problem::wrong_use("RESTORE-FROM", "no second site is named", "give --from or --config"));
        }
    };
    let verifier = args.verifier.as_deref().map(|text| super::verifier(Some(text), &args.dir)).transpose()?;
    let shows = std::io::stderr().is_terminal();
    let progress = |entries: u64| {
        if shows {
            eprint!("\r{entries} entries");
        }
    };
    let believed = verifier.is_some();
    let rebuilt = rebuild(site.as_ref(), &key, &args.dir, args.store.as_deref(), verifier, &progress)?;
    let Rebuilt { entries, root, objects, bytes, newest_ms, vouched, took_ms } = rebuilt;
    let newest = jiff::Timestamp::from_millisecond(newest_ms).map(|at| at.to_string()).unwrap_or_default();
    if args.json {
        line(json!({
            "bytes": bytes, "entries": entries, "newest": newest, "objects": objects, "root": root, "took_ms": took_ms,
            "vouched": vouched,
        }))?;
    } else {
        line(format_args!("restored {entries} entries from {objects} copies ({bytes} bytes) in {took_ms} ms"))?;
        line(format_args!("newest entry {newest}: what was recorded after it, up to the loss, is not here"))?;
        line(format_args!("root {root}; signed checkpoints vouch for {vouched} entries"))?;
    }
    if !believed {
        eprintln!(
            "note: the checkpoint key came from the copies themselves; give --verifier to compare with the published one"
        );
    }
    eprintln!("Next: theriac journal check --dir {}, against a checkpoint that was kept elsewhere", args.dir.display());
    Ok(Outcome::Done)
}
