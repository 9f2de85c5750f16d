//! The package file: one row a package of a product.

use super::table::{Fields, Limits, Record, RowRefusal, Rows, unreadable};
use jiff::civil::Date;
use std::borrow::Cow;
use theriac_model::{Ndc, ProductNdc, Refusal};

/// Whether a package is a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sample {
    /// It is for sale.
    Trade,
    /// It is a sample.
    Sample,
}

/// What a whole package holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contained {
    /// How much, in thousandths of the unit: 100 tablets are 100,000.
    pub thousandths: u64,
    /// Of what, as listed: `TABLET`, `mL`.
    pub unit: String,
}

/// A row of the package file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRow<'a> {
    /// The package.
    pub package: Ndc,
    /// The product of which it is a package; always the first segments of `package`.
    pub product: ProductNdc,
    /// As listed: `1 BOTTLE in 1 CARTON (1234-5678-90)  > 100 TABLET in 1 BOTTLE`.
    pub description: Cow<'a, str>,
    /// The whole package's contents; `None` where the description has several parts or another form.
    pub contained: Option<Contained>,
    /// Whether it is a sample.
    pub sample: Sample,
    /// First day of marketing.
    pub since: Option<Date>,
    /// Last day of marketing.
    pub until: Option<Date>,
}

/// Reads a package file.
///
/// # Errors
/// `NDC-SIZE` and `NDC-HEADER` when nothing of it can be read. Rows are refused one by one, by the iterator.
pub fn packages(
    file: &[u8],
    limits: Limits,
) -> Result<impl Iterator<Item = Result<PackageRow<'_>, RowRefusal>>, Refusal> {
    Rows::open(file, limits)
}

impl<'a> Record<'a> for PackageRow<'a> {
    const NEEDED: &'static [&'static str] = &["PRODUCTNDC", "NDCPACKAGECODE", "PACKAGEDESCRIPTION"];
    const FILE: &'static str = "package file";

    fn read(row: &Fields<'_, 'a>) -> Result<Self, Refusal> {
        let package = row
            .parsed("NDCPACKAGECODE", "an NDC as 4-4-2, 5-3-2, 5-4-1, 5-4-2 or 6-4-2", |text| Ndc::parse(text).ok())?;
        let product =
            row.parsed("PRODUCTNDC", "a product code as 4-4, 5-3, 5-4 or 6-4", |text| ProductNdc::parse(text).ok())?;
        if package.product() != product {
            let text = row.text("NDCPACKAGECODE");
            return Err(unreadable("NDCPACKAGECODE", &text, "a package of the product that the row names"));
        }
        let description = row.text("PACKAGEDESCRIPTION");
        Ok(Self {
            contained: contained(&description),
            description,
            package,
            product,
            sample: row.parsed("SAMPLE_PACKAGE", "Y or N", |text| match text {
                "" | "N" => Some(Sample::Trade),
                "Y" => Some(Sample::Sample),
                _ => None,
            })?,
            since: row.day("STARTMARKETINGDATE")?,
            until: row.day("ENDMARKETINGDATE")?,
        })
    }
}

/// What the levels of a description come to: `3 VIAL in 1 CARTON (...)  > 10 mL in 1 VIAL` is 30 mL.
fn contained(description: &str) -> Option<Contained> {
    if description.contains('*') || description.to_ascii_uppercase().contains("KIT") {
        return None;
    }
    let mut total: u64 = 1_000;
    let mut unit = None;
    for level in description.split('>').map(str::trim).take(8) {
        // The package's own number stands in parentheses behind the first level.
        let level = level.split(" (").next()?.trim();
        let (held, holder) = level.split_once(" in ")?;
        let (count, of) = held.trim().split_once(' ')?;
        let holders = holder.trim().split_once(' ').map(|(count, _)| count)?;
        if holders != "1" || of.trim().is_empty() {
            return None;
        }
        let thousandths = thousandths(count)?;
        total = u64::try_from(u128::from(total) * u128::from(thousandths) / 1_000).ok()?;
        unit = Some(of.trim().to_owned());
    }
    unit.filter(|_| total > 0).map(|unit| Contained { thousandths: total, unit })
}

/// A decimal with at most three places, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: u64 = format!("{fraction:0<3}").parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(description: &str, expected: Option<(u64, &str)>) {
        let found = contained(description);
        let found = found.as_ref().map(|held| (held.thousandths, held.unit.as_str()));
        assert_eq!(found, expected, "{description}");
    }

    #[test]
    fn the_levels_of_a_package_are_multiplied() {
        check("100 TABLET in 1 BOTTLE, PLASTIC (0004-0058-01)", Some((100_000, "TABLET")));
        check("3 VIAL in 1 CARTON (0002-0800-01)  > 10 mL in 1 VIAL", Some((30_000, "mL")));
        check("10 BLISTER PACK in 1 CARTON (1-1-1)  > 10 TABLET, FILM COATED in 1 BLISTER PACK", {
            Some((100_000, "TABLET, FILM COATED"))
        });
        check("4 POUCH in 1 BOX (1-1-1) > .5 mL in 1 POUCH", Some((2_000, "mL")));
    }

    #[test]
    fn a_description_in_parts_is_left_open() {
        for description in [
            "",
            "100",
            "100 TABLET",
            "100 TABLET in 2 BOTTLE",
            "1 KIT in 1 CARTON (1-1-1)",
            "1 BOTTLE in 1 BOX * 5 mL in 1 BOTTLE",
            "x TABLET in 1 BOTTLE",
            "0 TABLET in 1 BOTTLE",
            "99999999999999999999 TABLET in 1 BOTTLE",
            "1.2345 mL in 1 VIAL",
        ] {
            check(description, None);
        }
        check(&"9999999999 BOX in 1 BOX > ".repeat(7), None);
    }
}
