//! The directory's tables, made from the archived files.

use super::import::{Read, media};
use theriac_journal::{Entry, Piece};
use theriac_law::products::key;
use theriac_model::Schedule;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Products and packages of the imported files. Those that a later file does not list any more stay: their stock may still
/// lie on a shelf. `seq` is the entry of the file that listed them last.
pub(crate) struct NdcTables;

impl Projection for NdcTables {
    fn name(&self) -> &'static str {
        "ndc"
    }

    fn tables(&self) -> &[&str] {
        &["ndc_products", "ndc_packages"]
    }

    // Change the comment when the reader reads otherwise: then the tables are made again.
    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "-- reader 1
                 CREATE TABLE ndc_products (product TEXT PRIMARY KEY, brand TEXT NOT NULL, generic TEXT NOT NULL, brand_key TEXT NOT NULL, generic_key TEXT NOT NULL, form TEXT NOT NULL, route TEXT NOT NULL, labeler TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, substances TEXT NOT NULL, strengths TEXT NOT NULL, units TEXT NOT NULL, stated TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
                 CREATE INDEX ndc_products_brand ON ndc_products (brand_key);
                 CREATE INDEX ndc_products_generic ON ndc_products (generic_key);
                 CREATE TABLE ndc_packages (package TEXT PRIMARY KEY, product TEXT NOT NULL, description TEXT NOT NULL, thousandths INTEGER NOT NULL, unit TEXT NOT NULL, sample TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
                 CREATE INDEX ndc_packages_product ON ndc_packages (product);"
            }
            Engine::Postgres => {
                "-- reader 1
                 CREATE TABLE ndc_products (product TEXT COLLATE \"C\" PRIMARY KEY, brand TEXT NOT NULL, generic TEXT NOT NULL, brand_key TEXT COLLATE \"C\" NOT NULL, generic_key TEXT COLLATE \"C\" NOT NULL, form TEXT NOT NULL, route TEXT NOT NULL, labeler TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, substances TEXT NOT NULL, strengths TEXT NOT NULL, units TEXT NOT NULL, stated TEXT NOT NULL, seq BIGINT NOT NULL);
                 CREATE INDEX ndc_products_brand ON ndc_products (brand_key);
                 CREATE INDEX ndc_products_generic ON ndc_products (generic_key);
                 CREATE TABLE ndc_packages (package TEXT COLLATE \"C\" PRIMARY KEY, product TEXT COLLATE \"C\" NOT NULL, description TEXT NOT NULL, thousandths BIGINT NOT NULL, unit TEXT NOT NULL, sample TEXT NOT NULL, seq BIGINT NOT NULL);
                 CREATE INDEX ndc_packages_product ON ndc_packages (product);"
            }
        }
    }

    fn apply(&self, _tx: &mut dyn Tx, _entry: &Entry) -> Result<(), StoreError> {
        Ok(())
    }

    fn needs_pieces(&self, entry: &Entry) -> bool {
        entry.kind == "house.ndc-imported"
    }

    fn apply_with(&self, tx: &mut dyn Tx, entry: &Entry, pieces: &[Piece]) -> Result<(), StoreError> {
        let file = |name: &str| {
            let media = media(name);
            let mut parts = pieces.iter().filter(|piece| piece.media == media).peekable();
            parts.peek().is_some().then(|| parts.flat_map(|piece| piece.bytes.iter().copied()).collect::<Vec<u8>>())
        };
        let damaged = |why: String| StoreError::Damaged(format!("entry {}: {why}", entry.seq));
        let products = file("product").ok_or_else(|| damaged("the product file is not archived with it".to_owned()))?;
        let packages = file("package");
        let read = Read::files(&products, packages.as_deref()).map_err(|refusal| damaged(refusal.to_string()))?;
        for listed in read.products.into_values() {
            tx.write(
                "INSERT INTO ndc_products (product, brand, generic, brand_key, generic_key, form, route, labeler, category, kind, substances, strengths, units, stated, seq)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                 ON CONFLICT (product) DO UPDATE SET brand = excluded.brand, generic = excluded.generic, brand_key = excluded.brand_key,
                 generic_key = excluded.generic_key, form = excluded.form, route = excluded.route, labeler = excluded.labeler,
                 category = excluded.category, kind = excluded.kind, substances = excluded.substances, strengths = excluded.strengths,
                 units = excluded.units, stated = excluded.stated, seq = excluded.seq",
                vec![
                    listed.product.as_str().into(),
                    listed.brand.as_str().into(),
                    listed.generic.as_str().into(),
                    key(&listed.brand).into(),
                    key(&listed.generic).into(),
                    listed.form.into(),
                    listed.route.into(),
                    listed.labeler.into(),
                    listed.category.into(),
                    listed.kind.into(),
                    listed.substances.into(),
                    listed.strengths.into(),
                    listed.units.into(),
                    listed.stated.map_or("", Schedule::roman).into(),
                    entry.seq.into(),
                ],
            )?;
        }
        for row in read.packages {
            tx.write(
                "INSERT INTO ndc_packages (package, product, description, thousandths, unit, sample, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (package) DO UPDATE SET product = excluded.product, description = excluded.description,
                 thousandths = excluded.thousandths, unit = excluded.unit, sample = excluded.sample, seq = excluded.seq",
                vec![
                    row.package.into(),
                    row.product.into(),
                    row.description.into(),
                    row.thousandths.into(),
                    row.unit.into(),
                    row.sample.into(),
                    entry.seq.into(),
                ],
            )?;
        }
        Ok(())
    }
}
