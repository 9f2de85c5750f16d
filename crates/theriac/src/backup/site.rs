//! A second storage site: objects by name. Nothing there is trusted; digests are compared here.

use super::bucket::Bucket;
use super::folder::Folder;
use crate::house::config::BackupConfig;
use crate::house::record::Fault;
use theriac_pki::Deployment;

/// Longest object that is read back, in bytes (inclusive).
pub(super) const OBJECT_BYTES_MOST: u64 = 512 * 1024 * 1024;

/// Where copies lie. What fails is told in words for the operator.
pub(crate) trait Site: Send + Sync {
    /// Where it is, for people.
    fn words(&self) -> String;

    /// Puts an object; durable when it answers. An object of the same name has the same bytes.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String>;

    /// An object's bytes; `None` when there is none.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String>;

    /// The names that begin with `prefix`, in any order.
    fn list(&self, prefix: &str) -> Result<Vec<String>, String>;

    /// Removes an object; one that is not there is removed already.
    fn remove(&self, name: &str) -> Result<(), String>;
}

/// A directory as a site, to restore from.
pub(crate) fn folder(path: &std::path::Path) -> Box<dyn Site> {
    Box::new(Folder::at(path))
}

/// The site of a configuration, as it stands; whether it is another site is for [`super::apart`] to say.
pub(crate) fn open_site(config: &BackupConfig, deployment: Deployment) -> Result<Box<dyn Site>, Fault> {
    match (&config.directory, &config.bucket) {
        (Some(directory), None) => Ok(Box::new(Folder::at(directory))),
        (None, Some(bucket)) => {
            let here = config.same_machine && deployment.demo().is_some();
            Ok(Box::new(Bucket::open(bucket, here)?))
        }
        _ => Err(super::apart::refuse(
            "BACKUP-WHERE",
            "the configuration names no second storage site, or two",
            "give [backup] either `directory` or a table [backup.bucket] in theriac.toml",
        )
        .into()),
    }
}
