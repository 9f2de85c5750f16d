//! `theriac import otp FILE`.

use crate::cli::{ImportOtp, SeedWriting};
use crate::house::program;
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use theriac_journal::hash::sha256;
use theriac_pki::otp::csv::{self, Assumed, Writing};
use theriac_pki::otp::pskc::{self, PreSharedKey};
use theriac_pki::otp::{Digits, Hash, ImportedFile, Moving, Scheme};

/// How devices make codes where a file does not say it: what nearly all do.
const USUAL: Scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Clock { period: 30 } };

pub(super) fn run(args: &ImportOtp) -> Result<Outcome, Problem> {
    let bytes = std::fs::read(&args.file).map_err(|error| Problem::unreadable(&args.file, &error))?;
    let read = read(args, &bytes)?;
    let house = args.at.open()?;
    let left_out = read.left_out.clone();
    let done = house.import_otp(&program(), read, &sha256(&bytes).to_hex()).map_err(Problem::from)?;
    for one in &left_out {
        eprintln!("{}: {}: {}", args.file.display(), one.place, one.refusal);
    }
    if args.json {
        line(json!({"taken": done.taken, "known": done.known, "left_out": left_out.len()}))?;
    } else {
        line(format_args!(
            "{} code devices were taken in, their seeds sealed; {} were here already; {} were left out",
            done.taken,
            done.known,
            left_out.len()
        ))?;
        line(format_args!("Next: destroy the file, which holds the seeds, then bind a device at /operator/tokens"))?;
    }
    Ok(if left_out.is_empty() { Outcome::Done } else { Outcome::FoundWrong })
}

fn read(args: &ImportOtp, bytes: &[u8]) -> Result<ImportedFile, Problem> {
    let xml = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace() && byte.is_ascii()) == Some(b'<');
    if xml {
        let key = match &args.key_file {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| Problem::unreadable(path, &error))?;
                Some(PreSharedKey::parse(text.trim()).ok_or_else(|| {
                    let what = format!("{} does not hold 32 hexadecimal digits", path.display());
                    Problem::wrong_use("OTP-KEY", what, "write the key that the maker sent, and nothing else")
                })?)
            }
        };
        return pskc::read(bytes, key.as_ref()).map_err(Problem::from);
    }
    let writing = match args.seeds {
        Some(SeedWriting::Hex) => Writing::Hex,
        Some(SeedWriting::Base32) => Writing::Base32,
        None => {
            let what = "a CSV file does not say how its seeds are written";
            return Err(Problem::wrong_use("OTP-SEEDS", what, "give --seeds hex or --seeds base32"));
        }
    };
    let assumed = Assumed { maker: args.maker.clone(), model: args.model.clone(), writing, scheme: USUAL };
    csv::read(bytes, &assumed).map_err(Problem::from)
}
