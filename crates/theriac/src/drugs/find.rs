//! Finding a product to prescribe while its name is typed: the deployment's own rows first, then the directory.

use super::look_up::COLUMNS;
use crate::house::House;
use crate::house::event::Product;
use std::sync::PoisonError;
use theriac_law::products::key;
use theriac_model::{Ndc, ProductNdc};
use theriac_store::{StoreError, Value};

/// Products shown at most; typing more narrows.
pub(crate) const FOUND_MAX: usize = 20;
/// Rows of the directory that are looked at for them: what is in no schedule is not shown.
const LOOKED_AT: usize = 400;
/// Letters or digits below which nothing is looked for in the directory.
const TYPED_MIN: usize = 2;

impl House {
    /// Controlled products whose name begins with, or whose NDC begins with, what was typed; at most [`FOUND_MAX`].
    pub(crate) fn find_drugs(&self, typed: &str) -> Result<Vec<Product>, StoreError> {
        let typed: String = key(typed).chars().take(80).collect();
        let mut found = self.own_drugs(&typed);
        if typed.chars().count() >= TYPED_MIN && found.len() < FOUND_MAX {
            self.directory_drugs(&typed, &mut found)?;
        }
        found.truncate(FOUND_MAX);
        Ok(found)
    }

    fn own_drugs(&self, typed: &str) -> Vec<Product> {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let meant = |product: &&Product| {
            let words = product.name.split_whitespace().map(key);
            product.schedule.is_some()
                && (key(&product.name).starts_with(typed)
                    || product.ndc.as_str().starts_with(typed)
                    || words.into_iter().any(|word| word.starts_with(typed)))
        };
        let mut own: Vec<Product> = directory.products.values().filter(meant).cloned().collect();
        own.sort_by(|a, b| (&a.name, &a.strength, &a.ndc).cmp(&(&b.name, &b.strength, &b.ndc)));
        own
    }

    fn directory_drugs(&self, typed: &str, found: &mut Vec<Product>) -> Result<(), StoreError> {
        if typed.bytes().all(|b| b.is_ascii_digit()) {
            if let Some(product) = Ndc::parse(typed).ok().map(|ndc| self.drug(&ndc)).transpose()?.flatten() {
                add(found, product);
            }
            return Ok(());
        }
        let end = format!("{typed}\u{10FFFF}");
        // Those that the labeler calls controlled come first; the rulebook, not the label, decides which are shown.
        let sql = format!(
            "SELECT {COLUMNS} FROM ndc_products WHERE (brand_key >= $1 AND brand_key < $2) OR (generic_key >= $1 AND generic_key < $2)
             ORDER BY CASE WHEN stated = '' THEN 1 ELSE 0 END, generic_key, product LIMIT {LOOKED_AT}"
        );
        let params: [Value; 2] = [typed.into(), end.into()];
        for row in self.store.query(&sql, &params)? {
            if found.len() >= FOUND_MAX {
                break;
            }
            let Ok(product) = ProductNdc::parse(row.text(0)?) else { continue };
            // A product is prescribed by its first package: which package is dispensed is the pharmacy's choice.
            let package = self.packages_of(&product)?.into_iter().find_map(|package| Ndc::parse(&package.ndc).ok());
            let Some(product) = package.map(|ndc| self.drug(&ndc)).transpose()?.flatten() else { continue };
            add(found, product);
        }
        Ok(())
    }
}

fn add(found: &mut Vec<Product>, product: Product) {
    if product.schedule.is_some() && !found.iter().any(|one| one.ndc == product.ndc) {
        found.push(product);
    }
}
