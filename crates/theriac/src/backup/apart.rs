//! Whether the second site is another site: another postal address, another machine, another device.
//!
//! How far is far enough away is for people to judge; they write down both addresses. What a program can see is refused: the
//! same address in other letters, this machine by whatever name, the machine of the database, a disk of this machine. In
//! production a directory has to be mounted over the network, because a disk in the same case shares every hazard.

use super::CITE;
use crate::house::config::BackupConfig;
use crate::outside::is_this_machine;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::path::Path;
use theriac_model::{Edition, Refusal};
use theriac_pki::Deployment;

/// A refusal of the second site.
pub(super) fn refuse(code: &'static str, what: &str, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what.to_owned(), next).under(Edition::House("second-site".into())).about("backup")
}

/// File systems that stand on another machine.
const OVER_THE_NETWORK: [&str; 10] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "ceph", "fuse.glusterfs", "afs", "fuse.s3fs"];

/// Where a directory is mounted from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    kind: String,
    source: String,
}

impl Mount {
    /// The machine that a network mount comes from; `None` for a disk of this machine.
    fn host(&self) -> Option<&str> {
        if !OVER_THE_NETWORK.contains(&self.kind.as_str()) {
            return None;
        }
        let source = self.source.trim_start_matches('/');
        let source = source.split_once('@').map_or(source, |(_, host)| host);
        if let Some(v6) = source.strip_prefix('[') {
            return v6.split(']').next();
        }
        source.split([':', '/', ',']).next().filter(|host| !host.is_empty())
    }
}

/// The mount on which `path` lies, by the text of `/proc/self/mountinfo` (proc(5)): the longest mount point that it begins with,
/// of several equal ones the last.
fn mount_of(mountinfo: &str, path: &Path) -> Option<Mount> {
    let mounts = mountinfo.lines().filter_map(|line| {
        let (fields, rest) = line.split_once(" - ")?;
        let point = fields.split(' ').nth(4)?.replace("\\040", " ");
        let mut rest = rest.split(' ');
        let mount = Mount { kind: rest.next()?.to_owned(), source: rest.next()?.replace("\\040", " ") };
        path.starts_with(&point).then_some((point.len(), mount))
    });
    mounts.max_by_key(|(length, _)| *length).map(|(_, mount)| mount)
}

/// An address in words, so that two spellings of one are the same.
fn plain(address: &str) -> String {
    let letters = address.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    let letters: String = letters.collect();
    let word = |word: &'_ str| match word {
        "street" => "st".to_owned(),
        "road" => "rd".to_owned(),
        "avenue" => "ave".to_owned(),
        "boulevard" => "blvd".to_owned(),
        "suite" => "ste".to_owned(),
        other => other.to_owned(),
    };
    letters.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn addresses(host: &str) -> Vec<IpAddr> {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (host, 443).to_socket_addrs().map(|found| found.map(|one| one.ip().to_canonical()).collect()).unwrap_or_default()
}

/// The host of a PostgreSQL address; `None` for SQLite.
fn host_of_store(store_url: &str) -> Option<String> {
    let url = url::Url::parse(store_url).ok().filter(|url| url.scheme().starts_with("postgres"))?;
    Some(url.host_str().unwrap_or("localhost").to_owned())
}

fn another_host(host: &str, store_url: &str) -> Result<(), Refusal> {
    let found = addresses(host);
    let next = "name a machine at another place";
    if host.is_empty() || found.iter().any(|one| is_this_machine(*one)) {
        return Err(refuse("BACKUP-SAME-HOST", "the second storage site is this machine", next));
    }
    let Some(store) = host_of_store(store_url) else { return Ok(()) };
    if store.eq_ignore_ascii_case(host) || addresses(&store).iter().any(|one| found.contains(one)) {
        return Err(refuse("BACKUP-SAME-HOST", "the second storage site is the machine of the database", next));
    }
    Ok(())
}

#[cfg(unix)]
fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|found| found.dev())
}

#[cfg(not(unix))]
fn device(_: &Path) -> Option<u64> {
    None
}

fn another_disk(directory: &Path, house: &Path, store_url: &str) -> Result<(), Refusal> {
    let Ok(directory) = directory.canonicalize() else {
        return Err(refuse(
            "BACKUP-NOT-THERE",
            &format!("{} is not there", directory.display()),
            "mount the second site, and make the directory on it",
        ));
    };
    let own = device(&directory);
    let store = store_url.strip_prefix("sqlite:").map(Path::new).and_then(Path::parent);
    let of_ours = |path: &Path| own.is_some() && device(path) == own;
    if own.is_none() || of_ours(house) || store.is_some_and(of_ours) {
        return Err(refuse(
            "BACKUP-SAME-DEVICE",
            "the directory of the second storage site lies on the same device as the record",
            "name a directory that is mounted from a machine at another place",
        ));
    }
    let mount = std::fs::read_to_string("/proc/self/mountinfo").ok().and_then(|text| mount_of(&text, &directory));
    match mount.as_ref().and_then(Mount::host) {
        Some(host) => another_host(host, store_url),
        None => Err(refuse(
            "BACKUP-SAME-HOST",
            "the directory of the second storage site lies on a disk of this machine, which shares its hazards",
            "name a directory that is mounted over the network from a machine at another place",
        )),
    }
}

/// Refuses a second site that is this one, as far as a program can see. `same_machine` lets a demonstration try it out on one
/// machine; the addresses have to differ even then.
pub(super) fn check(
    config: &BackupConfig,
    house: &Path,
    store_url: &str,
    deployment: Deployment,
) -> Result<(), Refusal> {
    let (here, there) = (plain(&config.here), plain(&config.there));
    if here.is_empty() || there.is_empty() {
        return Err(refuse(
            "BACKUP-ADDRESS",
            "the postal address of this site or of the second one is not written down",
            "give `here` and `there` under [backup] in theriac.toml, street and place",
        ));
    }
    if here == there {
        return Err(refuse(
            "BACKUP-SAME-ADDRESS",
            "the second storage site has the address of this one",
            "keep the copies at another place, far enough away not to share a fire or a flood, and write its address down",
        ));
    }
    if config.same_machine {
        return match deployment {
            Deployment::Demo(_) => Ok(()),
            Deployment::Production => Err(refuse(
                "BACKUP-DEMO-ONLY",
                "`same_machine` lets a demonstration keep its copies on one machine, and this is a production deployment",
                "take the line out of theriac.toml, and name a second site",
            )),
        };
    }
    match (&config.directory, &config.bucket) {
        (Some(directory), _) => another_disk(directory, house, store_url),
        (None, Some(bucket)) => {
            let host = url::Url::parse(&bucket.url).ok().and_then(|url| url.host_str().map(str::to_owned));
            another_host(&host.unwrap_or_default(), store_url)
        }
        (None, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::config::BucketConfig;

    fn config(here: &str, there: &str) -> BackupConfig {
        BackupConfig { here: here.to_owned(), there: there.to_owned(), ..BackupConfig::default() }
    }

    fn bucket(url: &str) -> BackupConfig {
        let bucket = BucketConfig { url: url.to_owned(), ..BucketConfig::default() };
        BackupConfig { bucket: Some(bucket), ..config("1 Main Street, Phoenix AZ", "8 Canyon Road, Flagstaff AZ") }
    }

    fn code(config: &BackupConfig, store: &str, deployment: Deployment) -> String {
        match check(config, Path::new("."), store, deployment) {
            Ok(()) => "another site".to_owned(),
            Err(refusal) => refusal.code.to_string(),
        }
    }

    /// Requirements: epcs-1311.170-a-1
    #[test]
    fn the_same_address_in_other_letters_is_refused_and_two_are_wanted() {
        let production = Deployment::Production;
        let check = |here: &str, there: &str, expected: &str| {
            assert_eq!(code(&config(here, there), "sqlite:x.db", production), expected, "{here} / {there}");
        };
        check("1 Main Street, Phoenix AZ 85001", "1 main St., Phoenix, AZ 85001", "BACKUP-SAME-ADDRESS");
        check("1 Main Street, Phoenix AZ 85001", "1  MAIN STREET PHOENIX AZ 85001", "BACKUP-SAME-ADDRESS");
        check("1 Main Street, Phoenix AZ 85001", "8 Canyon Road, Flagstaff AZ 86001", "another site");
        check("", "8 Canyon Road, Flagstaff AZ 86001", "BACKUP-ADDRESS");
        check("1 Main Street, Phoenix AZ 85001", " - ", "BACKUP-ADDRESS");
    }

    /// Requirements: epcs-1311.170-a-1
    #[test]
    fn this_machine_and_the_machine_of_the_database_are_refused_by_whatever_name() {
        let production = Deployment::Production;
        let sqlite = "sqlite:/var/theriac/theriac.db";
        for here in
            ["https://localhost:9000", "https://127.0.0.1", "https://[::1]:9000", "https://0.0.0.0/", "nonsense"]
        {
            assert_eq!(code(&bucket(here), sqlite, production), "BACKUP-SAME-HOST", "{here}");
        }
        // An address of the documentation's range: no machine of ours has it.
        assert_eq!(code(&bucket("https://192.0.2.7"), sqlite, production), "another site");
        let on = |host: &str| format!("postgres://theriac:secret@{host}:5432/theriac");
        assert_eq!(code(&bucket("https://192.0.2.7"), &on("192.0.2.7"), production), "BACKUP-SAME-HOST");
        assert_eq!(code(&bucket("https://192.0.2.7"), &on("192.0.2.8"), production), "another site");
    }

    /// Requirements: epcs-1311.170-a-1
    #[test]
    fn a_directory_on_the_same_device_or_on_a_disk_of_this_machine_is_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = config("1 Main Street", "8 Canyon Road");
        config.directory = Some(dir.path().to_owned());
        let check = |config: &BackupConfig, deployment| {
            super::check(config, dir.path(), "sqlite:/nowhere/theriac.db", deployment)
                .map_err(|refusal| refusal.code.to_string())
        };
        assert_eq!(check(&config, Deployment::Production), Err("BACKUP-SAME-DEVICE".to_owned()));
        let demo = Deployment::declared("DEMO").expect("the word");
        assert_eq!(
            check(&config, demo),
            Err("BACKUP-SAME-DEVICE".to_owned()),
            "a demonstration, too, unless it says so"
        );
        config.same_machine = true;
        assert_eq!(check(&config, demo), Ok(()));
        assert_eq!(check(&config, Deployment::Production), Err("BACKUP-DEMO-ONLY".to_owned()));
        config.same_machine = false;
        config.directory = Some("/proc".into());
        assert_eq!(check(&config, Deployment::Production), Err("BACKUP-SAME-HOST".to_owned()), "another device here");
        config.directory = Some(dir.path().join("not-there"));
        assert_eq!(check(&config, Deployment::Production), Err("BACKUP-NOT-THERE".to_owned()));
    }

    #[test]
    fn the_machine_behind_a_mounted_directory_is_read_from_the_table_of_mounts() {
        let table = "22 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw\n\
                     30 22 0:44 / /mnt/far rw shared:9 - nfs4 vault.example.org:/theriac rw,vers=4.2\n\
                     31 30 0:45 / /mnt/far\\040away rw - cifs //files.example.org/share rw\n\
                     32 22 0:46 / /mnt/ssh rw - fuse.sshfs keeper@192.0.2.9:/copies rw\n\
                     33 22 0:47 / /mnt/six rw - nfs [2001:db8::7]:/x rw\n\
                     34 22 8:16 / /mnt/usb rw - ext4 /dev/sdb1 rw\n";
        let check = |path: &str, expected: Option<&str>| {
            let mount = mount_of(table, Path::new(path)).expect("a mount");
            assert_eq!(mount.host(), expected, "{path}");
        };
        check("/mnt/far/copies", Some("vault.example.org"));
        check("/mnt/far away/copies", Some("files.example.org"));
        check("/mnt/ssh", Some("192.0.2.9"));
        check("/mnt/six", Some("2001:db8::7"));
        check("/mnt/usb/copies", None);
        check("/mnt/farther", None);
        check("/var/lib", None);
    }
}
