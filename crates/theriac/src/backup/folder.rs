//! A second site that is mounted as a directory. An object appears under its name whole, or not at all.

use super::site::{OBJECT_BYTES_MOST, Site};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A directory.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn path(&self, name: &str) -> Result<PathBuf, String> {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
        };
        if name.split('/').all(plain) { Ok(self.0.join(name)) } else { Err(format!("{name} is no name of an object")) }
    }

    fn failed(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.0.display())
    }
}

impl Site for Folder {
    fn words(&self) -> String {
        format!("directory {}", self.0.display())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.path(name)?;
        // A mount that is gone must not become a directory of this machine.
        if !self.0.is_dir() {
            return Err(format!("{} is not there: mount the second site", self.0.display()));
        }
        let parent = path.parent().unwrap_or(&self.0);
        let part = path.with_extension("part");
        let written = || -> std::io::Result<()> {
            fs::create_dir_all(parent)?;
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            File::open(parent)?.sync_all()
        };
        written().map_err(|error| self.failed(&error))
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let file = match File::open(self.path(name)?) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(&error)),
        };
        let mut bytes = Vec::new();
        let read = file.take(OBJECT_BYTES_MOST + 1).read_to_end(&mut bytes);
        read.map_err(|error| self.failed(&error))?;
        Ok(Some(bytes))
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, String> {
        let entries = match fs::read_dir(self.0.join(prefix)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound && self.0.is_dir() => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(&error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| self.failed(&error))?.file_name();
            let Some(name) = name.to_str() else { continue };
            names.push(format!("{prefix}{name}"));
        }
        Ok(names)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        match fs::remove_file(self.path(name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }
}
