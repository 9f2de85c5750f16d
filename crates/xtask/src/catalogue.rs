//! The requirement catalogue: `requirements/*.toml`, one row for each obligation.

use crate::files;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One obligation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its name, which tests cite.
    pub id: String,
    /// Where it comes from.
    pub cite: String,
    /// Who it binds.
    pub actor: String,
    /// The subject it is filed under.
    pub area: String,
    /// Behaviour, record, report, interface or process.
    pub kind: String,
    /// What it asks.
    pub text: String,
    /// What an outside observer does and sees.
    pub check: String,
    /// The catalogue file it stands in, without its extension.
    #[serde(skip)]
    pub file: String,
}

#[derive(Deserialize)]
struct CatalogueFile {
    requirement: Vec<Requirement>,
}

/// All rows by id.
pub type Catalogue = BTreeMap<String, Requirement>;

/// Reads `requirements/*.toml` under the project's root.
///
/// # Errors
/// When a file cannot be read, a row is not of the expected form, or two rows have the same id.
pub fn read(root: &Path) -> Result<Catalogue> {
    let mut catalogue = Catalogue::new();
    for file in files::below(root, "requirements", &["toml"])? {
        let parsed: CatalogueFile =
            toml::from_str(&file.text).with_context(|| format!("reading {}", file.path.display()))?;
        let name = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for mut row in parsed.requirement {
            row.file.clone_from(&name);
            let id = row.id.clone();
            if catalogue.insert(id.clone(), row).is_some() {
                bail!("{}: the id {id} stands in the catalogue twice", file.path.display());
            }
        }
    }
    Ok(catalogue)
}
