//! A deployment made again from its copies alone, and the drill that tries it.

use super::event::BackupEvent;
use super::names;
use super::site::Site;
use super::{KEY_PASSWORD, STREAM};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{self, Config};
use crate::house::record::{Change, Fault, read};
use crate::house::store_problem;
use crate::output::Problem;
use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::time::Instant;
use theriac_journal::{Entry, NoteVerifier};
use theriac_pki::backup::BackupKey;
use theriac_prescriber::retention::RetentionEvent;
use theriac_store::{CheckOptions, Restore, check_store};

const TAG: &[u8] = b"theriac-house-v1\n";

/// What a restore came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rebuilt {
    pub(crate) entries: u64,
    /// The tree's root, in base64.
    pub(crate) root: String,
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
    /// When the newest entry happened that came back, in milliseconds since 1970.
    pub(crate) newest_ms: i64,
    /// Entries that a believed checkpoint vouches for; more may have come back.
    pub(crate) vouched: u64,
    pub(crate) took_ms: u64,
}

/// What a drill came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drill {
    pub(crate) rebuilt: Rebuilt,
    /// What the check of the restored store found wrong; empty when nothing.
    pub(crate) wrong: Vec<String>,
}

/// Files as one: their number, then each name and its bytes behind their lengths.
pub(super) fn packed(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut out = TAG.to_vec();
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    out.extend(length(files.len()));
    for (name, bytes) in files {
        for field in [name.as_bytes(), bytes] {
            out.extend(length(field.len()));
            out.extend(field);
        }
    }
    out
}

/// The files again. Names that lead out of the directory are refused.
fn unpacked(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    fn length(rest: &mut &[u8]) -> Option<usize> {
        let (length, after) = rest.split_first_chunk::<4>()?;
        *rest = after;
        usize::try_from(u32::from_be_bytes(*length)).ok()
    }
    fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (field, after) = {
            let length = length(rest)?;
            rest.split_at_checked(length)?
        };
        *rest = after;
        Some(field)
    }
    let mut rest = bytes.strip_prefix(TAG)?;
    let mut files = BTreeMap::new();
    for _ in 0..length(&mut rest)? {
        let name = std::str::from_utf8(field(&mut rest)?).ok()?.to_owned();
        let inside = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() {
            return None;
        }
        files.insert(name, field(&mut rest)?.to_vec());
    }
    rest.is_empty().then_some(files)
}

fn failed(code: &'static str, cause: impl std::fmt::Display, next: &'static str) -> Problem {
    Problem::failed(code, cause.to_string(), next)
}

/// An object, read back, compared with the digest in its name, and opened.
fn open(site: &dyn Site, key: &BackupKey, name: &str) -> Result<Vec<u8>, Problem> {
    let damaged = |why: &dyn std::fmt::Display| {
        failed(
            "RESTORE-OBJECT",
            format!("{name}: {why}"),
            "look for another copy of this object; the ones before it are good",
        )
    };
    let sealed = site.get(name).map_err(|why| damaged(&why))?.ok_or_else(|| damaged(&"it is gone"))?;
    let (sealed_as, digest) = names::parts(name).ok_or_else(|| damaged(&"its name has no digest"))?;
    if names::digest(&sealed) != digest {
        return Err(damaged(&"it is not what was sent"));
    }
    key.unseal(sealed_as, &sealed).map_err(|error| damaged(&error))
}

/// The deployment's own files, as they were copied last.
pub(super) fn house_files(site: &dyn Site, key: &BackupKey) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
    let mut names = listed(site, names::HOUSE)?;
    names.sort();
    let newest = names.iter().rev().find(|name| names::parts(name).is_some()).ok_or_else(|| {
        failed(
            "RESTORE-NO-HOUSE",
            "no copy of the deployment's own files is there",
            "check that this is the second site",
        )
    })?;
    unpacked(&open(site, key, newest)?)
        .ok_or_else(|| failed("RESTORE-OBJECT", format!("{newest} holds no files of a deployment"), "try an older one"))
}

fn listed(site: &dyn Site, prefix: &str) -> Result<Vec<String>, Problem> {
    site.list(prefix)
        .map_err(|why| failed("RESTORE-SITE", why, "check the address of the second site, and the way to it"))
}

/// Which entries an entry erased: what was erased after it was copied does not come back.
fn erased(entry: &Entry) -> Vec<u64> {
    if !entry.kind.starts_with("retention.") {
        return Vec::new();
    }
    match read::<RetentionEvent>(entry) {
        Ok(RetentionEvent::Erased { seq, .. }) => vec![seq],
        _ => Vec::new(),
    }
}

/// Fills an empty store from the segments at the second site.
pub(super) fn refill(
    site: &dyn Site,
    key: &BackupKey,
    url: &str,
    verifier: &NoteVerifier,
    progress: &dyn Fn(u64),
) -> Result<Rebuilt, Problem> {
    let begun = Instant::now();
    let names = listed(site, names::SEGMENTS)?;
    let chain = names::chain(&names);
    let mut restore = Restore::begin(url, verifier.name(), vec![verifier.clone()]).map_err(store_problem)?;
    let mut rebuilt =
        Rebuilt { entries: 0, root: String::new(), objects: 0, bytes: 0, newest_ms: 0, vouched: 0, took_ms: 0 };
    for (range, name) in chain {
        // Those that a restore took before it was cut off.
        if range.end <= restore.size() {
            continue;
        }
        let segment = open(site, key, name)?;
        restore.take(&segment, &erased).map_err(|error| {
            failed(
                "RESTORE-SEGMENT",
                format!("{name}: {error}"),
                "nothing of it was restored; look for another copy of it",
            )
        })?;
        rebuilt.objects += 1;
        rebuilt.bytes += segment.len() as u64;
        progress(restore.size());
    }
    (rebuilt.entries, rebuilt.vouched) = (restore.size(), restore.vouched());
    rebuilt.root = restore.root().to_base64();
    if rebuilt.entries == 0 {
        return Err(failed(
            "RESTORE-EMPTY",
            "no copy of the journal's beginning is there",
            "check that this is the second site",
        ));
    }
    restore.finish().map_err(store_problem)?;
    rebuilt.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(rebuilt)
}

/// Makes a deployment again in an empty directory, from the second site alone. `store` is another place for its store than its
/// configuration names. A restore that was cut off may be run again.
pub(crate) fn rebuild(
    site: &dyn Site,
    key: &BackupKey,
    dir: &Path,
    store: Option<&str>,
    verifier: Option<NoteVerifier>,
    progress: &dyn Fn(u64),
) -> Result<Rebuilt, Problem> {
    let files = house_files(site, key)?;
    for (name, bytes) in &files {
        let path = dir.join(name);
        match std::fs::read(&path) {
            Ok(there) if there == *bytes => continue,
            Ok(_) => {
                return Err(Problem::wrong_use(
                    "RESTORE-IN-USE",
                    format!("{} holds another file of this name", path.display()),
                    "give an empty directory",
                ));
            }
            Err(_) => {}
        }
        write_private(&path, bytes).map_err(|error| Problem::unwritable(&path, &error))?;
    }
    let config = Config::read(dir)?;
    let url = store.map_or_else(|| config.store_url(dir), str::to_owned);
    let verifier = match verifier {
        Some(verifier) => verifier,
        None => crate::commands::verifier(None, dir)?,
    };
    let rebuilt = refill(site, key, &url, &verifier, progress)?;
    let newest = reopened(dir, store, &rebuilt)?;
    Ok(Rebuilt { newest_ms: newest, ..rebuilt })
}

/// Opens what was restored, which makes its tables, and records the restore in it.
fn reopened(dir: &Path, store: Option<&str>, rebuilt: &Rebuilt) -> Result<i64, Problem> {
    let house = House::open(dir, Clock::machine, store)?;
    let newest = house.store.entry(rebuilt.entries - 1).map_err(store_problem)?.at_ms;
    let record = BackupEvent::Restored {
        entries: rebuilt.entries,
        root: rebuilt.root.clone(),
        newest_ms: newest,
        took_ms: rebuilt.took_ms,
    };
    let actor = crate::house::program();
    let noted = || -> Result<(), Fault> {
        Change::default().event(&house.by(&actor, ""), STREAM, &record)?.commit(&house.store)?;
        Ok(())
    };
    noted().map_err(Problem::from)?;
    Ok(newest)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Restores the record from the copies alone into a store that is thrown away, checks all of it, and compares its root with the
/// record's. What came of it is recorded.
pub(crate) fn drill(house: &House, site: &dyn Site, key: &BackupKey) -> Result<Drill, Problem> {
    let dir = Scratch::new()?;
    let url = format!("sqlite:{}", dir.0.join("drill.db").display());
    let verifier = house.keys.verifier();
    let rebuilt = refill(site, key, &url, &verifier, &|_| {})?;
    let report = check_store(&CheckOptions {
        url,
        origin: house.config.name.clone(),
        trusted: vec![verifier],
        exported: Vec::new(),
        projections: Vec::new(),
        clock_tolerance_ms: CheckOptions::CLOCK_TOLERANCE_MS,
    })
    .map_err(store_problem)?;
    let mut wrong: Vec<String> = report.bad.iter().map(ToString::to_string).collect();
    let own = house.store.root_at(rebuilt.entries).map_err(store_problem)?;
    if own.to_base64() != rebuilt.root {
        wrong.push("the restored record is not the beginning of this one: their roots differ".to_owned());
    }
    let copied = house.copied_until().map_err(Problem::from)?;
    if rebuilt.entries < copied {
        wrong.push(format!("{} of {copied} entries came back", rebuilt.entries));
    }
    if wrong.is_empty() {
        let record = BackupEvent::Drilled {
            entries: rebuilt.entries,
            root: rebuilt.root.clone(),
            objects: rebuilt.objects,
            took_ms: rebuilt.took_ms,
        };
        house.note_backup(&record).map_err(Problem::from)?;
    }
    Ok(Drill { rebuilt, wrong })
}

/// A directory that is gone afterwards.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self, Problem> {
        let mut random = [0; 8];
        aws_lc_rs::rand::fill(&mut random)
            .map_err(|_| failed("RESTORE-RANDOM", "the system gave no random bytes", "try again"))?;
        let path = std::env::temp_dir().join(format!("theriac-drill-{}", theriac_model::hex::encode(&random)));
        std::fs::create_dir(&path).map_err(|error| Problem::unwritable(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The password of a backup key's file, from the environment.
pub(crate) fn key_password() -> Result<theriac_pki::Password, Problem> {
    std::env::var(KEY_PASSWORD).map(theriac_pki::Password::new).map_err(|_| {
        Problem::wrong_use(
            "BACKUP-PASSWORD",
            format!("the password of the backup key is not in {KEY_PASSWORD}"),
            "set it to a password of 14 bytes or more that is kept apart from this machine",
        )
    })
}

/// Opens a backup key's file.
pub(crate) fn open_key(path: &Path) -> Result<BackupKey, Problem> {
    let file = std::fs::read(path).map_err(|error| Problem::unreadable(path, &error))?;
    BackupKey::open(&file, &key_password()?).map_err(|error| Problem::from(error.refusal()))
}

/// The configuration of a second site that lies in a file of its own, or in a deployment's.
pub(crate) fn site_of(path: &Path) -> Result<Box<dyn Site>, Problem> {
    let config = if path.is_dir() { Config::read(path)? } else { Config::read_file(path)? };
    let deployment = theriac_pki::Deployment::declared(&config.deployment)
        .map_err(|error| Problem::wrong_use("CONFIG-DEPLOYMENT", error.to_string(), "correct theriac.toml"))?;
    let backup = config.backup.ok_or_else(|| {
        Problem::wrong_use(
            "BACKUP-NO-SITE",
            format!("{} has no [backup]", config::FILE),
            "add it, as docs/backup.md shows",
        )
    })?;
    super::open_site(&backup, deployment).map_err(Problem::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_packed_and_unpacked_and_none_leads_out_of_its_directory() {
        let files =
            |name: &str| BTreeMap::from([(name.to_owned(), b"key".to_vec()), ("a.toml".to_owned(), Vec::new())]);
        let good = files("keys/checkpoint.key");
        assert_eq!(unpacked(&packed(&good)), Some(good.clone()));
        for bad in ["../x", "/etc/passwd", "keys/../../x", "./x", ""] {
            assert_eq!(unpacked(&packed(&files(bad))), None, "{bad}");
        }
        let whole = packed(&good);
        for cut in 0..whole.len() {
            assert_eq!(unpacked(&whole[..cut]), None, "{cut} bytes");
        }
    }
}
