//! The product file: one row a product and listing.

use super::strength::Strength;
use super::table::{Fields, Limits, Record, RowRefusal, Rows, unreadable};
use jiff::civil::Date;
use std::borrow::Cow;
use theriac_model::{ProductNdc, Refusal, Schedule};

/// What the labeler said of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stated {
    /// A schedule: `CII`.
    Schedule(Schedule),
    /// The field is empty: the labeler does not say that it is controlled.
    Blank,
}

/// Whether the FDA has taken the listing out of the directory that it vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exclusion {
    /// It is listed.
    Listed,
    /// It is excluded.
    Excluded,
}

/// An active ingredient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active<'a> {
    /// As listed: `HYDROCODONE BITARTRATE`.
    pub name: Cow<'a, str>,
    /// How much; `None` when it is no weight, or when the row does not have one strength for each substance.
    pub strength: Option<Strength>,
}

/// A row of the product file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow<'a> {
    /// Labeler and product segments.
    pub product: ProductNdc,
    /// Kind of product: `HUMAN PRESCRIPTION DRUG`.
    pub kind: Cow<'a, str>,
    /// Brand, with its suffix.
    pub brand: Cow<'a, str>,
    /// Generic name.
    pub generic: Cow<'a, str>,
    /// Dosage form.
    pub form: Cow<'a, str>,
    /// Route of administration.
    pub route: Cow<'a, str>,
    /// Who labels it.
    pub labeler: Cow<'a, str>,
    /// Under what it is marketed: `NDA`, `ANDA`, `UNAPPROVED DRUG OTHER`.
    pub category: Cow<'a, str>,
    /// The application's number, or the monograph.
    pub application: Cow<'a, str>,
    /// Active ingredients in the row's order.
    pub actives: Vec<Active<'a>>,
    /// The strengths as listed: `10; 325`.
    pub strengths: Cow<'a, str>,
    /// Their units as listed: `mg/1; mg/1`.
    pub units: Cow<'a, str>,
    /// What the labeler said of the schedule.
    pub stated: Stated,
    /// First day of marketing.
    pub since: Option<Date>,
    /// Last day of marketing.
    pub until: Option<Date>,
    /// Whether the FDA excludes it.
    pub exclusion: Exclusion,
}

/// Reads a product file.
///
/// # Errors
/// `NDC-SIZE` and `NDC-HEADER` when nothing of it can be read. Rows are refused one by one, by the iterator.
pub fn products(
    file: &[u8],
    limits: Limits,
) -> Result<impl Iterator<Item = Result<ProductRow<'_>, RowRefusal>>, Refusal> {
    Rows::open(file, limits)
}

impl<'a> Record<'a> for ProductRow<'a> {
    const NEEDED: &'static [&'static str] = &[
        "PRODUCTNDC",
        "PROPRIETARYNAME",
        "NONPROPRIETARYNAME",
        "DOSAGEFORMNAME",
        "LABELERNAME",
        "SUBSTANCENAME",
        "ACTIVE_NUMERATOR_STRENGTH",
        "ACTIVE_INGRED_UNIT",
        "DEASCHEDULE",
    ];
    const FILE: &'static str = "product file";

    fn read(row: &Fields<'_, 'a>) -> Result<Self, Refusal> {
        let (strengths, units) = (row.text("ACTIVE_NUMERATOR_STRENGTH"), row.text("ACTIVE_INGRED_UNIT"));
        Ok(Self {
            product: row
                .parsed("PRODUCTNDC", "a product code as 4-4, 5-3, 5-4 or 6-4", |text| ProductNdc::parse(text).ok())?,
            kind: row.text("PRODUCTTYPENAME"),
            brand: joined(row.text("PROPRIETARYNAME"), &row.text("PROPRIETARYNAMESUFFIX")),
            generic: row.text("NONPROPRIETARYNAME"),
            form: row.text("DOSAGEFORMNAME"),
            route: row.text("ROUTENAME"),
            labeler: row.text("LABELERNAME"),
            category: row.text("MARKETINGCATEGORYNAME"),
            application: row.text("APPLICATIONNUMBER"),
            actives: actives(row.text("SUBSTANCENAME"), &strengths, &units),
            strengths,
            units,
            stated: stated(&row.text("DEASCHEDULE"))?,
            since: row.day("STARTMARKETINGDATE")?,
            until: row.day("ENDMARKETINGDATE")?,
            exclusion: row.parsed("NDC_EXCLUDE_FLAG", "N, E, U or I", |text| match text {
                "" | "N" => Some(Exclusion::Listed),
                "E" | "U" | "I" | "Y" => Some(Exclusion::Excluded),
                _ => None,
            })?,
        })
    }
}

/// A word that is no schedule is refused rather than taken for "not controlled".
fn stated(text: &str) -> Result<Stated, Refusal> {
    let schedule = match text {
        "" => return Ok(Stated::Blank),
        "CI" => Schedule::I,
        "CII" => Schedule::II,
        "CIII" => Schedule::III,
        "CIV" => Schedule::IV,
        "CV" => Schedule::V,
        _ => return Err(unreadable("DEASCHEDULE", text, "empty, CI, CII, CIII, CIV or CV")),
    };
    Ok(Stated::Schedule(schedule))
}

fn joined<'a>(brand: Cow<'a, str>, suffix: &str) -> Cow<'a, str> {
    if suffix.is_empty() { brand } else { Cow::Owned(format!("{brand} {suffix}")) }
}

/// Substances with their strengths, all three as listed and parted by semicolons. A substance has a strength only where
/// there is one strength and one unit for each of them.
pub fn actives<'a>(names: Cow<'a, str>, strengths: &str, units: &str) -> Vec<Active<'a>> {
    /// More ingredients than any listing has.
    const MOST: usize = 400;
    let parts = |text: &str| text.split(';').map(str::trim).take(MOST + 1).map(str::to_owned).collect::<Vec<_>>();
    let strengths = parts(strengths);
    let units = parts(units);
    let names: Vec<Cow<'a, str>> = match names {
        Cow::Borrowed(text) => text.split(';').map(str::trim).take(MOST).map(Cow::Borrowed).collect(),
        Cow::Owned(text) => text.split(';').map(|name| Cow::Owned(name.trim().to_owned())).take(MOST).collect(),
    };
    let matched = strengths.len() == names.len() && units.len() == names.len();
    let strength = |n: usize| match (strengths.get(n), units.get(n)) {
        (Some(amount), Some(unit)) if matched => Strength::parse(amount, unit),
        _ => None,
    };
    names
        .into_iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
        .map(|(n, name)| Active { name, strength: strength(n) })
        .collect()
}
