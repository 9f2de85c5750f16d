//! Asking the directory: by NDC, by product, by brand or generic name.

use super::Listed;
use crate::house::House;
use crate::house::event::Product;
use theriac_law::products::key;
use theriac_model::{DrugUnit, Ndc, ProductNdc, Schedule};
use theriac_store::{Row, Store, StoreError, Value};

/// Products shown for one name; more are only counted.
pub(crate) const NAMED_MAX: usize = 20;

pub(super) const COLUMNS: &str =
    "product, brand, generic, form, route, labeler, category, kind, substances, strengths, units, stated";

/// A package of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) ndc: String,
    pub(crate) description: String,
    /// What it holds, in thousandths of `unit`; 0 where the listing does not tell.
    pub(crate) thousandths: u64,
    pub(crate) unit: String,
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    let broken = |_| StoreError::Damaged("a row of ndc_products cannot be read".to_owned());
    Ok(Listed {
        product: ProductNdc::parse(row.text(0)?).map_err(broken)?,
        brand: text(1)?,
        generic: text(2)?,
        form: text(3)?,
        route: text(4)?,
        labeler: text(5)?,
        category: text(6)?,
        kind: text(7)?,
        substances: text(8)?,
        strengths: text(9)?,
        units: text(10)?,
        stated: Schedule::parse(row.text(11)?),
    })
}

fn one(store: &Store, product: &ProductNdc) -> Result<Option<Listed>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ndc_products WHERE product = $1");
    store.query(&sql, &[product.as_str().into()])?.first().map(listed).transpose()
}

impl House {
    /// The product of the directory with this code.
    pub(crate) fn listed_product(&self, product: &ProductNdc) -> Result<Option<Listed>, StoreError> {
        one(&self.store, product)
    }

    /// Packages of a product, in order of their codes.
    pub(crate) fn packages_of(&self, product: &ProductNdc) -> Result<Vec<Package>, StoreError> {
        let sql =
            "SELECT package, description, thousandths, unit FROM ndc_packages WHERE product = $1 ORDER BY package";
        let package = |row: &Row| {
            Ok(Package {
                ndc: row.text(0)?.to_owned(),
                description: row.text(1)?.to_owned(),
                thousandths: row.u64(2)?,
                unit: row.text(3)?.to_owned(),
            })
        };
        self.store.query(sql, &[product.as_str().into()])?.iter().map(package).collect()
    }

    /// Products of the directory with this brand or generic name, however it is written: at most [`NAMED_MAX`], and how
    /// many there are.
    pub(crate) fn listed_by_name(&self, name: &str) -> Result<(Vec<Listed>, u64), StoreError> {
        let key = key(name);
        if key.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let named = "FROM ndc_products WHERE brand_key = $1 OR generic_key = $1";
        let params: [Value; 1] = [key.as_str().into()];
        let rows =
            self.store.query(&format!("SELECT {COLUMNS} {named} ORDER BY product LIMIT {NAMED_MAX}"), &params)?;
        let count = self.store.query(&format!("SELECT count(*) {named}"), &params)?;
        let count = count.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0);
        Ok((rows.iter().map(listed).collect::<Result<_, _>>()?, count))
    }

    /// A product of the drug file: the deployment's own row, else the directory's, with the schedule that stands today.
    pub(crate) fn drug(&self, ndc: &Ndc) -> Result<Option<Product>, StoreError> {
        let own = {
            let directory = self.directory.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            directory.products.get(ndc).cloned()
        };
        if own.is_some() {
            return Ok(own);
        }
        let Some(listed) = self.listed_product(&ndc.product())? else { return Ok(None) };
        let stands = listed.compare(&self.profile, self.clock.moment().date()).stands;
        Ok(Some(Product {
            ndc: ndc.clone(),
            strength: listed.strength(),
            unit: unit(&listed.form),
            schedule: stands.schedule(),
            form: listed.form,
            name: listed.generic,
        }))
    }
}

/// The unit in which a product of this dosage form is counted.
fn unit(form: &str) -> DrugUnit {
    match form.split([',', ' ', '/']).next().unwrap_or_default() {
        "TABLET" => DrugUnit::Tablet,
        "CAPSULE" => DrugUnit::Capsule,
        "PATCH" => DrugUnit::Patch,
        "SUPPOSITORY" => DrugUnit::Suppository,
        "FILM" => DrugUnit::Film,
        "LOZENGE" => DrugUnit::Lozenge,
        "TROCHE" => DrugUnit::Troche,
        "KIT" => DrugUnit::Kit,
        "SOLUTION" | "SYRUP" | "LIQUID" | "ELIXIR" | "SUSPENSION" | "INJECTION" | "CONCENTRATE" | "SPRAY"
        | "TINCTURE" | "EMULSION" => DrugUnit::Millilitre,
        "GEL" | "CREAM" | "OINTMENT" | "POWDER" | "LOTION" => DrugUnit::Gram,
        _ => DrugUnit::Each,
    }
}
