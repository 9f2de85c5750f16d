//! Taking the directory's files in: read, counted, archived with one entry.

use super::Listed;
use crate::house::event::{HouseEvent, NdcFile, NdcImport};
use crate::house::record::{By, Change, Fault};
use crate::house::{House, program};
use aws_lc_rs::digest::{SHA256, digest};
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_model::{ProductNdc, Refusal, hex};
use theriac_store::NewPiece;
use theriac_wire::ndc::{self, Limits, PackageRow, RowRefusal};

/// The files as they were given.
pub(crate) struct Files {
    pub(crate) products: Vec<u8>,
    pub(crate) packages: Option<Vec<u8>>,
}

/// What was read of a product file and a package file.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Each product once: of several listings the one with the strictest schedule.
    pub(crate) products: BTreeMap<ProductNdc, Listed>,
    /// Packages in the file's order.
    pub(crate) packages: Vec<Packaged>,
    /// Product rows that were read, with repeated listings.
    pub(crate) product_rows: u64,
    /// Rows that were not taken, of each file.
    pub(crate) refused_products: Vec<RowRefusal>,
    pub(crate) refused_packages: Vec<RowRefusal>,
    /// Packages of products that the product file does not have.
    pub(crate) orphans: u64,
}

/// A package as the tables keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packaged {
    pub(crate) package: String,
    pub(crate) product: String,
    pub(crate) description: String,
    /// What it holds, in thousandths of `unit`; 0 where the listing does not tell.
    pub(crate) thousandths: u64,
    pub(crate) unit: String,
    pub(crate) sample: &'static str,
}

impl Packaged {
    fn of(row: &PackageRow<'_>) -> Self {
        let held = row.contained.as_ref();
        Self {
            package: row.package.to_string(),
            product: row.product.to_string(),
            description: row.description.to_string(),
            thousandths: held.map_or(0, |held| held.thousandths),
            unit: held.map(|held| held.unit.clone()).unwrap_or_default(),
            sample: match row.sample {
                ndc::Sample::Trade => "trade",
                ndc::Sample::Sample => "sample",
            },
        }
    }
}

impl Read {
    /// Reads both files.
    ///
    /// # Errors
    /// When nothing of a file can be read; rows are refused one by one.
    pub(crate) fn files(products: &[u8], packages: Option<&[u8]>) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for row in ndc::products(products, Limits::DEFAULT)? {
            match row {
                Ok(row) => read.product(Listed::of(&row)),
                Err(refused) => read.refused_products.push(refused),
            }
        }
        if let Some(packages) = packages {
            for row in ndc::packages(packages, Limits::DEFAULT)? {
                match row {
                    Ok(row) => {
                        read.orphans += u64::from(!read.products.contains_key(&row.product));
                        read.packages.push(Packaged::of(&row));
                    }
                    Err(refused) => read.refused_packages.push(refused),
                }
            }
        }
        Ok(read)
    }

    /// The directory lists some products more than once; the strictest schedule of them stands.
    fn product(&mut self, listed: Listed) {
        self.product_rows += 1;
        let strictness = |listed: &Listed| listed.stated.map_or(u8::MAX, |schedule| schedule as u8);
        match self.products.get_mut(&listed.product) {
            None => drop(self.products.insert(listed.product.clone(), listed)),
            Some(known) if strictness(&listed) < strictness(known) => *known = listed,
            Some(_) => {}
        }
    }

    /// Rows that were not taken.
    pub(crate) fn refused(&self) -> usize {
        self.refused_products.len() + self.refused_packages.len()
    }
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The journal's entry.
    pub(crate) seq: u64,
    pub(crate) event: NdcImport,
}

/// The name of a file among the pieces of an entry.
pub(super) fn media(file: &str) -> String {
    format!("text/tab-separated-values; file={file}")
}

fn pieces(file: &str, bytes: &[u8]) -> impl Iterator<Item = NewPiece> {
    let media = media(file);
    let parts = bytes.chunks(theriac_journal::entry::BODY_BYTES_MAX);
    let parts: Vec<NewPiece> =
        parts.map(|part| NewPiece { media: media.clone(), bytes: part.to_vec(), seal: Vec::new() }).collect();
    parts.into_iter()
}

fn described(bytes: &[u8], rows: u64, refused: usize) -> NdcFile {
    NdcFile {
        digest: hex::encode(digest(&SHA256, bytes).as_ref()),
        bytes: bytes.len() as u64,
        rows,
        refused: refused as u64,
    }
}

impl House {
    /// Records the files: one entry with the files archived, and the tables made from them, in one transaction.
    pub(crate) fn import_ndc(&self, files: &Files, read: &Read, issued: Date) -> Result<Import, Fault> {
        let event = NdcImport {
            issued,
            products: described(&files.products, read.product_rows, read.refused_products.len()),
            packages: files
                .packages
                .as_deref()
                .map(|bytes| described(bytes, read.packages.len() as u64, read.refused_packages.len())),
        };
        let archive: Vec<NewPiece> = pieces("product", &files.products)
            .chain(files.packages.iter().flat_map(|bytes| pieces("package", bytes)))
            .collect();
        let actor = program();
        let by = By { actor: &actor, location: "", law: "", at: self.clock.now() };
        let record = HouseEvent::NdcImported(event.clone());
        let change = Change::default().with_pieces(&by, &record.stream(), &record, archive)?;
        let appended = change.commit(&self.store)?;
        Ok(Import { seq: appended.seqs.start, event })
    }
}
