//! `theriac law schedule NAME|NDC`.

use crate::cli::At;
use crate::drugs::{Listed, NAMED_MAX};
use crate::house::{House, config, store_problem};
use crate::output::{Outcome, Problem};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::io::Write;
use theriac_law::Profile;
use theriac_law::cli::{self, Output};
use theriac_law::listing::{Judged, Relation};
use theriac_model::{Ndc, NotAnNdc, ProductNdc};

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) profile: Profile,
    pub(super) day: Date,
    pub(super) form: Output,
}

pub(super) fn run(asked: &Asked<'_>, at: &At, out: &mut dyn Write) -> Result<Outcome, Problem> {
    match code(asked.name)? {
        Some(code) => by_code(asked, &code, &directory(at)?.ok_or_else(no_directory)?, out),
        None => by_name(asked, directory(at)?.as_ref(), out),
    }
}

/// What an NDC names.
enum Code {
    Product(ProductNdc),
    Package(Ndc),
}

/// The code, if the text is one. A text of digits and hyphens that is none is wrong use: no drug is called so.
fn code(text: &str) -> Result<Option<Code>, Problem> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Ok(None);
    }
    let wrong = |error: NotAnNdc| {
        let next = "write it with its hyphens, as on the package, or as 11 digits";
        Problem::wrong_use("LAW-NDC", format!("{text}: {error}"), next)
    };
    match Ndc::parse(text) {
        Ok(package) => Ok(Some(Code::Package(package))),
        // Ten digits are a package in one of three layouts, never taken as a product of the layout to come.
        Err(NotAnNdc::Ambiguous) => Err(wrong(NotAnNdc::Ambiguous)),
        Err(error) => ProductNdc::parse(text).map(|product| Some(Code::Product(product))).map_err(|_| wrong(error)),
    }
}

/// The deployment that holds a directory: the one that was named, or the one that lies in the usual place.
fn directory(at: &At) -> Result<Option<House>, Problem> {
    let named = at.dir.is_some() || at.store.is_some();
    if named || at.directory().join(config::FILE).exists() { at.open().map(Some) } else { Ok(None) }
}

fn no_directory() -> Problem {
    Problem::wrong_use(
        "LAW-NDC-DIRECTORY",
        "NDCs are looked up in the directory of a deployment, and there is none here",
        "import one with `theriac import ndc PRODUCT_FILE PACKAGE_FILE`, or give --dir",
    )
}

fn by_code(asked: &Asked<'_>, code: &Code, house: &House, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let (product, package) = match code {
        Code::Product(product) => (product.clone(), None),
        Code::Package(package) => (package.product(), Some(package.as_str())),
    };
    let pipe = |error: std::io::Error| super::pipe(&error);
    let Some(listed) = house.listed_product(&product).map_err(store_problem)? else {
        if asked.form == Output::Json {
            let answer = json!({"name": asked.name, "day": asked.day.to_string(), "profile": asked.profile.name(), "status": "unknown", "certain": false, "entries": [], "listings": []});
            writeln!(out, "{answer}").map_err(pipe)?;
        }
        return Ok(unknown(asked.name, "is not in the imported directory"));
    };
    let packages = house.packages_of(&product).map_err(store_problem)?;
    let comparison = listed.compare(&asked.profile, asked.day);
    if asked.form == Output::Json {
        let mut listing = as_json(asked, &listed);
        listing["packages"] = packages
            .iter()
            .map(|package| {
                json!({"ndc": package.ndc, "description": package.description, "thousandths": package.thousandths, "unit": package.unit})
            })
            .collect();
        let answer = json!({
            "name": asked.name, "day": asked.day.to_string(), "profile": asked.profile.name(),
            "status": comparison.stands.word(), "certain": comparison.relation == Relation::Agrees,
            "entries": [], "listings": [listing],
        });
        writeln!(out, "{answer}").map_err(pipe)?;
    } else {
        writeln!(out, "{}: {}", asked.name, comparison.stands.word()).map_err(pipe)?;
        writeln!(out, "{}", as_text(asked, &listed)).map_err(pipe)?;
        for row in &packages {
            let mark = if package == Some(row.ndc.as_str()) { "*" } else { " " };
            writeln!(out, "  {mark} {} {}", row.ndc, row.description).map_err(pipe)?;
        }
    }
    if let Some(package) = package.filter(|package| packages.iter().all(|row| row.ndc != **package)) {
        eprintln!(
            "LAW-PACKAGE-UNKNOWN: the directory lists the product, but not its package {package}\n\
             Next: compare the NDC with the label; the answer above is the product's"
        );
        return Ok(Outcome::FoundWrong);
    }
    Ok(Outcome::Done)
}

fn by_name(asked: &Asked<'_>, house: Option<&House>, out: &mut dyn Write) -> Result<Outcome, Problem> {
    let (listings, count) = match house {
        Some(house) => house.listed_by_name(asked.name).map_err(store_problem)?,
        None => (Vec::new(), 0),
    };
    let pipe = |error: std::io::Error| super::pipe(&error);
    let in_json: Vec<Value> = listings.iter().map(|listed| as_json(asked, listed)).collect();
    let extra = cli::Listings { count, shown: in_json };
    let known = cli::schedule(out, &asked.profile, asked.name, asked.day, asked.form, &extra).map_err(pipe)?;
    if asked.form == Output::Text {
        for listed in &listings {
            writeln!(out, "{}", as_text(asked, listed)).map_err(pipe)?;
        }
        if count > listings.len() as u64 {
            writeln!(out, "  and {} more; ask by NDC for one of them", count - NAMED_MAX as u64).map_err(pipe)?;
        }
    }
    if known || count > 0 {
        return Ok(Outcome::Done);
    }
    Ok(unknown(asked.name, "is not in the table of drugs"))
}

fn unknown(name: &str, what: &str) -> Outcome {
    eprintln!(
        "LAW-DRUG-UNKNOWN: {name} {what}; that does not make it uncontrolled\n\
         Next: try the generic name, or look the product up in 21 CFR part 1308"
    );
    Outcome::FoundWrong
}

fn ours(judged: &Judged) -> String {
    crate::drugs::judged(judged)
}

fn stated(listed: &Listed) -> String {
    listed.stated.map_or_else(|| "no schedule".to_owned(), |schedule| format!("C{schedule}"))
}

fn as_text(asked: &Asked<'_>, listed: &Listed) -> String {
    let comparison = listed.compare(&asked.profile, asked.day);
    format!(
        "  {:<16} {} {}, {}; directory: {}, rulebook: {}",
        comparison.stands.word(),
        listed.product,
        listed.title(),
        listed.labeler,
        stated(listed),
        ours(&comparison.judged),
    )
}

fn as_json(asked: &Asked<'_>, listed: &Listed) -> Value {
    let comparison = listed.compare(&asked.profile, asked.day);
    json!({
        "product": listed.product.as_str(), "brand": listed.brand, "generic": listed.generic, "form": listed.form,
        "route": listed.route, "labeler": listed.labeler, "category": listed.category, "kind": listed.kind,
        "substances": listed.substances, "strength": listed.strength(),
        "stated": listed.stated.map(theriac_model::Schedule::roman), "rulebook": ours(&comparison.judged),
        "relation": comparison.relation.word(), "status": comparison.stands.word(),
    })
}
