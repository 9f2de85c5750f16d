//! A run: what is not copied yet is sealed, put, read back, compared, and recorded.

use super::event::BackupEvent;
use super::site::Site;
use super::{STREAM, apart, names, open_site};
use crate::house::House;
use crate::house::record::{Change, Fault};
use jiff::{SignedDuration, Timestamp};
use theriac_model::Actor;
use theriac_pki::backup::Recipient;
use theriac_store::Segment;

/// A segment is closed once it weighs this many bytes.
pub(super) const SEGMENT_BYTES: usize = 8 * 1024 * 1024;
/// How long new records wait for a copy at least, so that a busy day makes hundreds of objects and not thousands.
const PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// A copy is made after this long even if nothing happened: it shows that the way to the second site is open.
const SIGN_OF_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// A failure is recorded at most this often.
const FAILURES: SignedDuration = SignedDuration::from_hours(1);
/// Largest file of the deployment's own that is copied, and all of them together.
const FILE_BYTES_MOST: u64 = 4 * 1024 * 1024;
const FILES_BYTES_MOST: usize = 64 * 1024 * 1024;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) segments: u64,
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
}

/// What reading the copies back found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
    /// Objects that are gone, or are not what was sent.
    pub(crate) wrong: Vec<String>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// Puts an object and reads it back. Only what came back as it was sent counts.
pub(super) fn put_and_read_back(site: &dyn Site, sealed_as: &str, sealed: &[u8]) -> Result<String, Fault> {
    let name = names::object(sealed_as, sealed);
    site.put(&name, sealed).map_err(Fault::Broken)?;
    match site.get(&name).map_err(Fault::Broken)? {
        Some(back) if back == sealed => Ok(name),
        Some(_) => Err(broken(format!("{name} came back other than it was sent"))),
        None => Err(broken(format!("{name} was put, and is not there"))),
    }
}

impl House {
    /// The second site and to whom copies are sealed, once it is seen to be another site.
    pub(crate) fn second_site(&self) -> Result<(Box<dyn Site>, Recipient), Fault> {
        let Some(config) = &self.config.backup else {
            return Err(apart::refuse(
                "BACKUP-NO-SITE",
                "no second storage site is configured",
                "add [backup] to theriac.toml, as docs/backup.md shows",
            )
            .into());
        };
        apart::check(config, &self.dir, &self.store_url, self.deployment)?;
        let recipient = Recipient::parse(&config.recipient)
            .map_err(|error| apart::refuse("BACKUP-RECIPIENT", &error.to_string(), "run `theriac backup key`"))?;
        Ok((open_site(config, self.deployment)?, recipient))
    }

    /// Copies everything that is not at the second site yet.
    ///
    /// # Errors
    /// When the second site is none, or cannot take a copy; what was copied before stays copied. A failure is recorded.
    pub(crate) fn back_up(&self) -> Result<Copied, Fault> {
        let outcome = self.second_site().and_then(|(site, recipient)| self.back_up_to(site.as_ref(), &recipient));
        if let Err(fault) = &outcome {
            let why = match fault {
                Fault::Refused(refusal) => refusal.to_string(),
                Fault::Conflict => "another process was first".to_owned(),
                Fault::Broken(why) => why.clone(),
            };
            self.note_failure(&why)?;
        }
        outcome
    }

    pub(super) fn back_up_to(&self, site: &dyn Site, recipient: &Recipient) -> Result<Copied, Fault> {
        let mut copied = Copied::default();
        self.copy_house(site, recipient)?;
        let mut from = self.copied_until()?;
        // What this run itself records is for the next one: else it would never end.
        let end = self.store.size()?;
        while let Some(segment) = self.store.segment(from, end, SEGMENT_BYTES)? {
            let (name, bytes) = Self::copy_segment(site, recipient, &segment)?;
            let record = BackupEvent::Copied { name, bytes, newest_ms: segment.at_ms.1, bodies: segment.bodies };
            self.note_backup(&record)?;
            copied.segments += 1;
            copied.entries += segment.seqs.end - from;
            copied.bytes += bytes;
            from = segment.seqs.end;
        }
        Ok(copied)
    }

    pub(super) fn copy_segment(
        site: &dyn Site,
        recipient: &Recipient,
        segment: &Segment,
    ) -> Result<(String, u64), Fault> {
        let sealed_as = names::of_segment(&segment.seqs);
        let sealed = recipient.seal(&sealed_as, &segment.bytes).map_err(broken)?;
        Ok((put_and_read_back(site, &sealed_as, &sealed)?, sealed.len() as u64))
    }

    /// Copies the deployment's own files when one has changed.
    fn copy_house(&self, site: &dyn Site, recipient: &Recipient) -> Result<(), Fault> {
        let files = self.own_files().map_err(broken)?;
        let plain = names::digest(&files);
        let last = self.store.query("SELECT body FROM backup_last WHERE kind = 'backup.house-copied'", &[])?;
        let last: Option<serde_json::Value> = last.first().and_then(|row| serde_json::from_str(row.text(0).ok()?).ok());
        if last.is_some_and(|last| last["plain"] == plain.as_str()) {
            return Ok(());
        }
        let sealed_as = names::of_house(self.clock.now());
        let sealed = recipient.seal(&sealed_as, &files).map_err(broken)?;
        let name = put_and_read_back(site, &sealed_as, &sealed)?;
        self.note_backup(&BackupEvent::HouseCopied { name, bytes: sealed.len() as u64, plain })
    }

    /// The deployment's own files as one: all but the store's.
    fn own_files(&self) -> std::io::Result<Vec<u8>> {
        let store = self.store_url.strip_prefix("sqlite:").and_then(|path| std::path::Path::new(path).file_name());
        let store = store.map(|name| name.to_string_lossy().into_owned());
        let mut files = std::collections::BTreeMap::new();
        let mut open = vec![self.dir.clone()];
        let mut weight = 0;
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(&dir)? {
                let entry = entry?;
                let (path, kind) = (entry.path(), entry.file_type()?);
                let name = entry.file_name().to_string_lossy().into_owned();
                if store.as_ref().is_some_and(|store| name.starts_with(store.as_str())) {
                    continue;
                }
                if kind.is_dir() {
                    open.push(path);
                } else if kind.is_file() && entry.metadata()?.len() <= FILE_BYTES_MOST {
                    let bytes = std::fs::read(&path)?;
                    weight += bytes.len();
                    if weight > FILES_BYTES_MOST {
                        return Err(std::io::Error::other("the deployment's directory holds more than its own files"));
                    }
                    let name = path.strip_prefix(&self.dir).unwrap_or(&path).to_string_lossy().into_owned();
                    files.insert(name, bytes);
                }
            }
        }
        Ok(super::restore::packed(&files))
    }

    pub(super) fn note_backup(&self, record: &BackupEvent) -> Result<(), Fault> {
        let actor = crate::house::program();
        Change::default().event(&self.by(&actor, ""), STREAM, record)?.commit(&self.store)?;
        Ok(())
    }

    /// Records a failure, unless one was recorded within the hour.
    fn note_failure(&self, why: &str) -> Result<(), Fault> {
        let rows = self.store.query("SELECT at_ms FROM backup_last WHERE kind = 'backup.failed'", &[])?;
        let last = rows.first().map(|row| row.int(0)).transpose()?.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        if last.is_some_and(|last| self.clock.now().duration_since(last) < FAILURES) {
            return Ok(());
        }
        let why = why.chars().filter(|c| !c.is_control()).take(500).collect();
        self.note_backup(&BackupEvent::Failed { why })
    }

    /// Makes a copy if one is due, and raises the alarm if it is late. A server asks this every half minute.
    pub(crate) fn keep_the_backup(&self) -> Result<Option<Copied>, Fault> {
        let standing = self.backup_standing()?;
        let now = self.clock.now();
        let due = standing.waiting_since.is_some_and(|since| now.duration_since(since) >= PAUSE)
            || standing.last_good.is_none_or(|good| now.duration_since(good) >= SIGN_OF_LIFE);
        let outcome = if standing.configured && due { self.back_up().map(Some) } else { Ok(None) };
        if matches!(outcome, Ok(Some(_))) && self.wants_tidying()? {
            let (site, recipient) = self.second_site()?;
            self.tidy_backup_at(site.as_ref(), &recipient)?;
        }
        self.watch_the_backup()?;
        outcome
    }

    /// Reads every copy back and compares its digest; a copy that is gone or wrong is made again at the next run.
    pub(crate) fn check_backup(&self) -> Result<Checked, Fault> {
        let (site, _) = self.second_site()?;
        self.check_backup_at(site.as_ref())
    }

    pub(super) fn check_backup_at(&self, site: &dyn Site) -> Result<Checked, Fault> {
        let mut checked = Checked::default();
        for row in self.store.query("SELECT name FROM backup_copies ORDER BY first_seq", &[])? {
            let name = row.text(0)?;
            let back = site.get(name).map_err(Fault::Broken)?;
            checked.objects += 1;
            match back {
                Some(bytes) if names::parts(name).is_some_and(|(_, digest)| names::digest(&bytes) == digest) => {
                    checked.bytes += bytes.len() as u64;
                }
                _ => checked.wrong.push(name.to_owned()),
            }
        }
        let Checked { objects, bytes, wrong } = checked.clone();
        self.note_backup(&BackupEvent::Checked { objects, bytes, wrong })?;
        for name in &checked.wrong {
            let why = "it was gone or other than it was sent when it was read back".to_owned();
            self.note_backup(&BackupEvent::Removed { name: name.clone(), why })?;
        }
        Ok(checked)
    }

    /// The operator in whose name copies are removed.
    pub(super) fn note_removed(&self, by: &Actor, name: &str, why: &str) -> Result<(), Fault> {
        let record = BackupEvent::Removed { name: name.to_owned(), why: why.to_owned() };
        Change::default().event(&self.by(by, ""), STREAM, &record)?.commit(&self.store)?;
        Ok(())
    }
}
