//! A product of the directory, as the tables keep it and as the rulebook judges it.

use jiff::civil::Date;
use theriac_law::Profile;
use theriac_law::listing::{self, Active, Amount, Comparison, Listing, Sold};
use theriac_law::vocab::Per;
use theriac_model::{ProductNdc, Schedule};
use theriac_wire::ndc::{self, Measure, ProductRow, Stated, Strength};

/// A product as it was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) product: ProductNdc,
    pub(crate) brand: String,
    pub(crate) generic: String,
    pub(crate) form: String,
    pub(crate) route: String,
    pub(crate) labeler: String,
    pub(crate) category: String,
    pub(crate) kind: String,
    /// Substances, strengths and units as listed, parted by semicolons.
    pub(crate) substances: String,
    pub(crate) strengths: String,
    pub(crate) units: String,
    /// The schedule that the labeler stated.
    pub(crate) stated: Option<Schedule>,
}

impl Listed {
    /// What the tables keep of a row.
    pub(crate) fn of(row: &ProductRow<'_>) -> Self {
        let names: Vec<&str> = row.actives.iter().map(|active| active.name.as_ref()).collect();
        Self {
            product: row.product.clone(),
            brand: row.brand.to_string(),
            generic: row.generic.to_string(),
            form: row.form.to_string(),
            route: row.route.to_string(),
            labeler: row.labeler.to_string(),
            category: row.category.to_string(),
            kind: row.kind.to_string(),
            substances: names.join("; "),
            strengths: row.strengths.to_string(),
            units: row.units.to_string(),
            stated: match row.stated {
                Stated::Schedule(schedule) => Some(schedule),
                Stated::Blank => None,
            },
        }
    }

    /// Compares it with the rulebook's own table on `day`.
    pub(crate) fn compare(&self, profile: &Profile, day: Date) -> Comparison {
        let actives = ndc::actives(self.substances.as_str().into(), &self.strengths, &self.units);
        let actives: Vec<Active<'_>> = actives
            .iter()
            .map(|active| Active { name: &active.name, amount: active.strength.and_then(amount) })
            .collect();
        let listing = Listing {
            brand: &self.brand,
            generic: &self.generic,
            form: &self.form,
            sold: if self.kind.contains("OTC") { Sold::OverTheCounter } else { Sold::OnPrescription },
            actives: &actives,
            stated: self.stated,
        };
        listing::compare(profile, &listing, day)
    }

    /// Names of the substances without their salts, each once, in alphabetical order.
    pub(crate) fn bases(&self, profile: &Profile, day: Date) -> Vec<String> {
        let names = self.substances.split(';').map(str::trim).filter(|name| !name.is_empty());
        let mut bases: Vec<String> =
            names.map(|name| listing::base_name(profile, name, day).to_ascii_lowercase()).collect();
        bases.sort();
        bases.dedup();
        bases
    }

    /// Brand, generic name, form and strength in one line.
    pub(crate) fn title(&self) -> String {
        let name = if self.brand.eq_ignore_ascii_case(&self.generic) || self.brand.is_empty() {
            self.generic.clone()
        } else {
            format!("{} ({})", self.brand, self.generic)
        };
        format!("{name}, {} {}", self.form.to_ascii_lowercase(), self.strength())
    }

    /// The strengths with their units, in the order of the substances: `10 mg/1; 325 mg/1`.
    pub(crate) fn strength(&self) -> String {
        let units: Vec<&str> = self.units.split(';').map(str::trim).collect();
        let amounts: Vec<&str> = self.strengths.split(';').map(str::trim).collect();
        if units.len() != amounts.len() {
            return format!("{} {}", self.strengths, self.units);
        }
        let each: Vec<String> = amounts.iter().zip(units).map(|(amount, unit)| format!("{amount} {unit}")).collect();
        each.join("; ")
    }
}

/// A strength in the measure of the rows of part 1308; a rate of release is in none of them.
fn amount(strength: Strength) -> Option<Amount> {
    let (thousandths, per) = match strength.measure {
        Measure::Unit => (1_000, Per::DosageUnit),
        Measure::Volume => (100_000, Per::HundredMillilitres),
        Measure::Weight => (100_000, Per::HundredGrams),
        Measure::Time => return None,
    };
    let as_listed = strength.micrograms_in(strength.per_thousandths)?;
    Some(Amount { micrograms: strength.micrograms_in(thousandths)?, per, as_listed })
}
