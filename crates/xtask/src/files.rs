//! The project's own text files.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 3] = ["target", ".git", "proptest-regressions"];

/// One text file.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Its path, relative to the project's root.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

impl TextFile {
    /// Whether the file's name ends in `.extension`.
    pub fn is(&self, extension: &str) -> bool {
        self.path.extension().is_some_and(|found| found == extension)
    }
}

/// Every file below `root/folder` whose name has one of the `extensions`, sorted by path.
///
/// # Errors
/// When a folder or file cannot be read, or a file is not UTF-8.
pub fn below(root: &Path, folder: &str, extensions: &[&str]) -> Result<Vec<TextFile>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() && !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|e| extensions.iter().any(|known| e == *known)) {
                let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                found.push(TextFile { path: path.strip_prefix(root).unwrap_or(&path).to_owned(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
