//! A second site that is a bucket of an S3-compatible object store. The keys come from the environment.

use super::apart::refuse;
use super::site::{OBJECT_BYTES_MOST, Site};
use crate::house::config::BucketConfig;
use crate::house::record::Fault;
use crate::outside::{Manner, Reach, client, in_words, machine_roots};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Credentials, S3Action as _, UrlStyle};
use std::time::Duration;
use ureq::Agent;
use ureq::tls::Certificate;
use url::Url;

/// The environment's names of the bucket's keys.
const ACCESS: &str = "THERIAC_BACKUP_ACCESS_KEY";
const SECRET: &str = "THERIAC_BACKUP_SECRET_KEY";
/// How long one call may take: a segment of some megabytes over a slow line.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a signed address is good.
const SIGNED_FOR: Duration = Duration::from_mins(10);
/// Bytes of a page of a listing at most.
const LISTING_BYTES_MOST: u64 = 16 * 1024 * 1024;

/// A bucket.
pub(super) struct Bucket {
    at: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    agent: Agent,
}

impl Bucket {
    /// The bucket of a configuration; on this machine only in a demonstration that says so.
    pub(super) fn open(config: &BucketConfig, may_be_here: bool) -> Result<Self, Fault> {
        let wrong = |what: String, next: &'static str| Fault::from(refuse("BACKUP-WHERE", &what, next));
        let url: Url = config.url.parse().map_err(|_| {
            wrong(format!("{} is no address", config.url), "give the https address of the object store")
        })?;
        if url.scheme() != "https" && !may_be_here {
            return Err(wrong("the object store is not called by https".to_owned(), "give its https address"));
        }
        let bucket = rusty_s3::Bucket::new(url, UrlStyle::Path, config.name.clone(), config.region.clone())
            .map_err(|error| wrong(error.to_string(), "correct [backup.bucket] in theriac.toml"))?;
        let (Ok(access), Ok(secret)) = (std::env::var(ACCESS), std::env::var(SECRET)) else {
            return Err(wrong(
                format!("the keys of the bucket are not in {ACCESS} and {SECRET}"),
                "set both in the environment of the server, with the right to put, get and list",
            ));
        };
        Ok(Self::with(bucket, Credentials::new(access, secret), &config.prefix, may_be_here, machine_roots()))
    }

    pub(super) fn with(
        bucket: rusty_s3::Bucket,
        credentials: Credentials,
        prefix: &str,
        may_be_here: bool,
        roots: Vec<Certificate<'static>>,
    ) -> Self {
        let reach = if may_be_here { Reach::Anywhere } else { Reach::Elsewhere };
        let prefix = if prefix.is_empty() || prefix.ends_with('/') { prefix.to_owned() } else { format!("{prefix}/") };
        Self {
            at: bucket,
            credentials,
            prefix,
            agent: client(Manner { reach, roots, shows: None, patience: PATIENCE }),
        }
    }

    fn failed(error: &ureq::Error) -> String {
        in_words("the object store", PATIENCE, error)
    }

    fn status(status: u16, doing: &str) -> String {
        format!("the object store answered {status} to {doing}")
    }
}

impl Site for Bucket {
    fn words(&self) -> String {
        format!("bucket {} at {}", self.at.name(), self.at.base_url().host_str().unwrap_or_default())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let key = format!("{}{name}", self.prefix);
        let url = self.at.put_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
        let answer = self.agent.put(url.as_str()).send(bytes).map_err(|error| Self::failed(&error))?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(Self::status(answer.status().as_u16(), "putting an object"))
        }
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let key = format!("{}{name}", self.prefix);
        let url = self.at.get_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
        let mut answer = self.agent.get(url.as_str()).call().map_err(|error| Self::failed(&error))?;
        match answer.status().as_u16() {
            200 => {
                let body = answer.body_mut().with_config().limit(OBJECT_BYTES_MOST).read_to_vec();
                body.map(Some).map_err(|error| Self::failed(&error))
            }
            404 => Ok(None),
            status => Err(Self::status(status, "getting an object")),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, String> {
        let wanted = format!("{}{prefix}", self.prefix);
        let (mut names, mut next) = (Vec::new(), None::<String>);
        loop {
            let mut action = self.at.list_objects_v2(Some(&self.credentials));
            action.with_prefix(wanted.clone());
            if let Some(token) = next.take() {
                action.with_continuation_token(token);
            }
            let mut answer =
                self.agent.get(action.sign(SIGNED_FOR).as_str()).call().map_err(|error| Self::failed(&error))?;
            if answer.status().as_u16() != 200 {
                return Err(Self::status(answer.status().as_u16(), "listing objects"));
            }
            let text = answer.body_mut().with_config().limit(LISTING_BYTES_MOST).read_to_vec();
            let text = text.map_err(|error| Self::failed(&error))?;
            let page = ListObjectsV2::parse_response(&String::from_utf8_lossy(&text))
                .map_err(|error| format!("the object store's listing cannot be read: {error}"))?;
            let found = page.contents.into_iter();
            names.extend(found.filter_map(|one| one.key.strip_prefix(&self.prefix).map(str::to_owned)));
            match page.next_continuation_token {
                Some(token) => next = Some(token),
                None => return Ok(names),
            }
        }
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        let key = format!("{}{name}", self.prefix);
        let url = self.at.delete_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
        let answer = self.agent.delete(url.as_str()).call().map_err(|error| Self::failed(&error))?;
        match answer.status().as_u16() {
            200..=299 | 404 => Ok(()),
            status => Err(Self::status(status, "removing an object")),
        }
    }
}
