//! `theriac import ndc PRODUCT_FILE [PACKAGE_FILE]`.

use crate::cli::ImportNdc;
use crate::drugs::{Disagreements, Files, Import, Read};
use crate::house::House;
use crate::output::{Outcome, Problem, line};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use theriac_law::Profile;
use theriac_wire::ndc::{Limits, RowRefusal};

/// Refused rows told one by one; more are only counted.
const REFUSALS_SHOWN: usize = 100;

pub(super) fn run(args: &ImportNdc) -> Result<Outcome, Problem> {
    let files = Files { products: bytes(&args.products)?, packages: args.packages.as_deref().map(bytes).transpose()? };
    let read = Read::files(&files.products, files.packages.as_deref())?;
    let house = if args.check { None } else { Some(args.at.open()?) };
    let today = crate::commands::law::today();
    let profile = profile(args, house.as_ref())?;
    let disagreements = (args.disagreements || args.check).then(|| {
        let mut found = Disagreements::default();
        for listed in read.products.values() {
            found.note(listed, &profile, args.on.unwrap_or(today));
        }
        found
    });
    let import = match &house {
        None => None,
        Some(house) => Some(house.import_ndc(&files, &read, args.issued.unwrap_or(today)).map_err(Problem::from)?),
    };
    if args.json {
        line(as_json(&read, import.as_ref(), disagreements.as_ref()))?;
    } else {
        tell(args.issued.unwrap_or(today), &read, import.as_ref(), disagreements.as_ref())?;
    }
    refusals(args, &read);
    Ok(if read.refused() == 0 { Outcome::Done } else { Outcome::FoundWrong })
}

/// A file's bytes, at most one more than are read, so that a file that is too long is refused and not taken in part.
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::unreadable(path, &error);
    let mut bytes = Vec::new();
    let most = Limits::DEFAULT.file_bytes as u64 + 1;
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}

/// The profile that was named, else the deployment's, else the strictest.
fn profile(args: &ImportNdc, house: Option<&House>) -> Result<Profile, Problem> {
    match (&args.profile, house) {
        (Some(name), _) => crate::commands::law::named(name),
        (None, Some(house)) => Ok(house.profile.clone()),
        (None, None) => Ok(Profile::strictest()),
    }
}

fn tell(
    issued: Date,
    read: &Read,
    import: Option<&Import>,
    disagreements: Option<&Disagreements>,
) -> Result<(), Problem> {
    let counts = format!(
        "{} products ({} rows) and {} packages; {} rows refused",
        read.products.len(),
        read.product_rows,
        read.packages.len(),
        read.refused()
    );
    match import {
        None => line(format_args!("read, not recorded: {counts}"))?,
        Some(import) => {
            line(format_args!("imported as of {issued}: {counts}; entry {}", import.seq))?;
            line(format_args!("product file {}", import.event.products.digest))?;
            if let Some(packages) = &import.event.packages {
                line(format_args!("package file {}", packages.digest))?;
            }
        }
    }
    if read.orphans > 0 {
        line(format_args!("{} packages are of products that the product file does not list", read.orphans))?;
    }
    disagreements.map_or(Ok(()), line)
}

fn refusals(args: &ImportNdc, read: &Read) {
    let packages = args.packages.as_deref().unwrap_or(Path::new("-"));
    let all = read.refused_products.iter().map(|refused| (args.products.as_path(), refused));
    let all = all.chain(read.refused_packages.iter().map(|refused| (packages, refused)));
    for (path, refused) in all.take(REFUSALS_SHOWN) {
        eprintln!("{}: {refused}", path.display());
    }
    if read.refused() > REFUSALS_SHOWN {
        eprintln!("and {} more rows refused", read.refused() - REFUSALS_SHOWN);
    }
    if read.refused() > 0 {
        eprintln!("Next: the other rows are usable; list the refused products by hand, or import a corrected file");
    }
}

fn as_json(read: &Read, import: Option<&Import>, disagreements: Option<&Disagreements>) -> Value {
    let refusal = |refused: &RowRefusal| {
        json!({
            "line": refused.line, "code": refused.refusal.code.0, "field": refused.refusal.field,
            "what": refused.refusal.what, "next": refused.refusal.next,
        })
    };
    let refused = |rows: &[RowRefusal]| rows.iter().take(REFUSALS_SHOWN).map(refusal).collect::<Vec<_>>();
    json!({
        "products": read.products.len(),
        "product_rows": read.product_rows,
        "packages": read.packages.len(),
        "orphans": read.orphans,
        "refused": read.refused(),
        "refused_products": refused(&read.refused_products),
        "refused_packages": refused(&read.refused_packages),
        "entry": import.map(|import| import.seq),
        "product_digest": import.map(|import| import.event.products.digest.clone()),
        "package_digest": import.and_then(|import| import.event.packages.as_ref()).map(|file| file.digest.clone()),
        "disagreements": disagreements.map(Disagreements::as_json),
    })
}
